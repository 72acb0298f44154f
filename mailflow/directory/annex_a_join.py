"""What Annex A does not say: who chairs a child's reviews, and a worker's address (ANX-09b).

The council's own sheet says it, case by case or worker by worker; so do the directory and the cases imported before.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from mailflow.directory.sheets import BadRow, Sheet, squeeze
from mailflow.directory.values import CASE_COLUMNS, one_line, parse_number, read_address, read_date, read_family, read_yes_no
from mailflow.model import Person

# The columns of the cases sheet, and two that stand together: a worker as Annex A writes them, and their address.
JOIN_COLUMNS = (*CASE_COLUMNS, "worker", "worker email")
_ADDRESSES = ("practitioner email", "TM email", "IRO email", "nominated auditor", "worker email")
_NAME = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True)
class CaseJoin:
    """One row about a case; "" and None say nothing."""

    practitioner: str = ""
    tm: str = ""
    iro: str = ""
    service: str = ""
    nominated_auditor: str = ""
    theme: str = ""
    family: str = ""
    last_audited_on: date | None = None
    restricted: bool = False
    qa_contacts_family: bool = False


@dataclass(frozen=True)
class Join:
    """Case number → what its row says; a worker's name in ``name_key`` form → their address ("" = several have it)."""

    cases: Mapping[str, CaseJoin] = field(default_factory=dict)
    workers: Mapping[str, str] = field(default_factory=dict)
    # Cases whose row could not be used: they are not taken either, since the row may have said that they are restricted.
    spoiled: frozenset[str] = frozenset()


def name_key(name: str) -> str:
    """A person's name without case, order and punctuation: "Fern, Will" is "Will Fern"."""
    plain = name.casefold().replace("'", "").replace("\u2019", "").replace("\u2018", "")
    return " ".join(sorted(_NAME.findall(plain)))


def parse_join(sheet: Sheet, family_values: tuple[str, ...], people: frozenset[str]) -> tuple[Join, tuple[BadRow, ...]]:
    """A row has a case number, or a worker with an address, or both. Bad rows come back with the reason."""
    cases: dict[str, CaseJoin] = {}
    workers: dict[str, str] = {}
    bad: list[BadRow] = []
    spoiled: set[str] = set()
    family = frozenset(squeeze(v) for v in family_values)
    for number, row in sheet.rows:
        try:
            _take(row, cases, workers, family, people)
        except ValueError as e:
            bad.append(BadRow(number, str(e)))
            spoiled.add(row.get("case number", "").strip())
    return Join(cases, workers, frozenset(spoiled)), tuple(bad)


def _take(row: dict[str, str], cases: dict[str, CaseJoin], workers: dict[str, str], family: frozenset[str],
          people: frozenset[str]) -> None:
    found = {column: read_address(row, column) for column in _ADDRESSES}
    for column, address in found.items():
        if address and address not in people:
            raise ValueError(f"{column}: {address} is not in the directory")
    worker, case = name_key(row.get("worker", "")), row.get("case number", "").strip()
    if worker and found["worker email"]:
        if workers.setdefault(worker, found["worker email"]) != found["worker email"]:
            raise ValueError("the worker stands above with another address")
    elif not case:
        raise ValueError("the row has neither a case number nor a worker with an address")
    if not case:
        return
    number = parse_number(case)
    if number in cases:
        raise ValueError(f"the case number {number} stands twice")
    cases[number] = CaseJoin(
        practitioner=found["practitioner email"], tm=found["TM email"], iro=found["IRO email"],
        service=one_line(row.get("service", "")), nominated_auditor=found["nominated auditor"],
        theme=one_line(row.get("theme", "")), family=one_line(row.get("family", "")),
        last_audited_on=read_date(row, "last audited"), restricted=read_yes_no(row, "restricted"),
        qa_contacts_family=read_family(row, family))


def workers_of(people: Iterable[Person]) -> dict[str, str]:
    """The directory's names → addresses; "" where two people have one name."""
    found: dict[str, str] = {}
    for person in people:
        key = name_key(person.name)
        found[key] = person.address if found.get(key, person.address) == person.address else ""
    return found
