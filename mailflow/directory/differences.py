"""What a new sheet changes: rows added, changed and gone, in words a person can check (IN-20, IN-21).

Of a case only the number is named, and which column changed: a letter carries no more of it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

from mailflow.directory.sheets import BadRow, Sheet
from mailflow.model import Case, Person, Role

if TYPE_CHECKING:
    from mailflow.directory.annex_a import AnnexCases

# Field of a person or a case → the sheet's own word for its column.
_COLUMNS = {
    "name": "name", "roles": "roles", "team": "team", "service": "service", "manager": "manager email",
    "delegates": "delegates", "absences": "absences", "auditor_level": "auditor level", "external": "external",
    "phone": "phone", "second_address": "second email", "category": "category", "practitioner": "practitioner email",
    "tm": "TM email", "iro": "IRO email", "open_since_on": "open since", "last_audited_on": "last audited",
    "restricted": "restricted", "qa_contacts_family": "QA contacts family", "nominated_auditor": "nominated auditor",
    "theme": "theme", "family": "family",
}


@dataclass(frozen=True)
class SheetChange:
    """``kind`` is "people" or "cases"; each line is (row as the sheet shows it, 0 where it has none, words)."""

    kind: str
    total: int
    added: tuple[tuple[int, str], ...] = ()
    changed: tuple[tuple[int, str], ...] = ()
    gone: tuple[tuple[int, str], ...] = ()
    bad: tuple[tuple[int, str], ...] = ()
    unknown: tuple[str, ...] = ()
    # Rows that were taken and lack something; sentences about the whole of it.
    gaps: tuple[tuple[int, str], ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def lines(self) -> tuple[tuple[str, int, str], ...]:
        """Everything as (what, row, words), for a list of all of it."""
        parts = (("Added", self.added), ("Changed", self.changed), ("Gone", self.gone), ("Not taken", self.bad),
                 ("Can't be drawn yet", self.gaps))
        return tuple((what, row, words) for what, rows in parts for row, words in rows)


def compare_people(before: Iterable[Person], after: Iterable[Person], sheet: Sheet, bad: tuple[BadRow, ...]) -> SheetChange:
    """A directory takes the place of the one before: who is not in it is gone."""
    old, new = {p.address: _plain(p) for p in before}, {p.address: _plain(p) for p in after}
    rows = _rows(sheet, "email", str.lower)
    gone = tuple((0, f"{old[a].name} ({a})") for a in old if a not in new)
    added = tuple((rows.get(a, 0), f"{p.name} ({a})") for a, p in new.items() if a not in old)
    changed = tuple((rows.get(a, 0), f"{p.name} ({a}): {what}") for a, p in new.items()
                    if a in old and (what := _what(old[a], p)))
    return SheetChange("people", len(new), added, changed, gone, _bad(bad), sheet.unknown)


def compare_cases(before: Iterable[Case], after: Iterable[Case], sheet: Sheet, bad: tuple[BadRow, ...]) -> SheetChange:
    """Cases are added and renewed; one that the sheet does not name stays, so that none is ever gone."""
    old, new = {c.number: c for c in before}, {c.number: c for c in after}
    rows = _rows(sheet, "case number", str)
    added = tuple((rows.get(n, 0), f"case {n}") for n in new if n not in old)
    changed = tuple((rows.get(n, 0), f"case {n}: {what}") for n, c in new.items() if n in old and (what := _what(old[n], c)))
    return SheetChange("cases", len(new), added, changed, (), _bad(bad), sheet.unknown)


def compare_extract(before: Iterable[Case], found: "AnnexCases") -> SheetChange:
    """The same for an Annex A workbook. A case may stand on several lists, so rows are given only of those with a fault."""
    change = compare_cases(before, found.cases, Sheet((), ()), ())
    return replace(change, bad=_by_sheet(found.bad), gaps=_by_sheet(found.gaps), notes=tuple(_notes(found)))


def _by_sheet(rows: tuple[BadRow, ...]) -> tuple[tuple[int, str], ...]:
    return tuple((b.number, f"sheet {b.sheet}: {b.why}" if b.sheet else b.why) for b in rows)


def _notes(found: "AnnexCases") -> Iterable[str]:
    yield f"The extract is of {found.extract_on:%d/%m/%Y}; {found.rows} rows were read."
    if found.closed:
        yield f"Rows of cases that are over: {found.closed}. They were left out."
    if found.ineligible:
        yield f"Cases that can't be drawn, since no worker or team is known for them: {found.ineligible}."
    for number in found.absent:
        yield f"List {number} is not in the workbook, so none of its cases can be drawn."


def why_never_apply(after: Iterable[Person]) -> str:
    """Why a directory is not taken by mail whoever confirms it, "" when it may be."""
    people = tuple(after)
    if not people:
        return "no row could be used"
    if not any(Role.QA.value in p.roles for p in people):
        return "it names nobody with the role qa, so nobody would see what comes back"
    return ""


def why_ask_first(before: Iterable[Person], after: Iterable[Person], most_gone: float) -> str:
    """Why a directory takes the place of the present one only with a one-time code, "" when it needs none.

    ``most_gone`` is the share of the people of today who may be missing from it.
    """
    old, new = tuple(before), {p.address: p for p in after}
    gone = sum(p.address not in new for p in old)
    if old and gone > most_gone * len(old):
        return f"{gone} of the {len(old)} people of today are not in it"
    return ""


def _plain(person: Person) -> Person:
    """Without the absences that people told us of by mail: those are not the sheet's."""
    return replace(person, absences=tuple(a for a in person.absences if a.source == "directory"))


def _what(before: Person | Case, after: Person | Case) -> str:
    """The columns that differ, "" for none."""
    names = [_COLUMNS[f.name] for f in fields(after)
             if f.name in _COLUMNS and getattr(before, f.name) != getattr(after, f.name)]
    return ", ".join(names)


def _rows(sheet: Sheet, column: str, plain: Callable[[str], str]) -> Mapping[str, int]:
    return {plain(row.get(column, "").strip()): number for number, row in reversed(sheet.rows)}


def _bad(bad: tuple[BadRow, ...]) -> tuple[tuple[int, str], ...]:
    return tuple((b.number, b.why) for b in bad)
