"""The council's sheets by mail (IN-20, IN-21): taken in as the command line does, and what they change is told."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from mailflow.directory import (
    CASE_COLUMNS,
    PEOPLE_COLUMNS,
    BadRow,
    Sheet,
    SheetChange,
    compare_cases,
    compare_people,
    parse_cases,
    parse_people,
    read_sheet_bytes,
    why_ask_first,
    why_never_apply,
)
from mailflow.directory.values import CASE_REQUIRED, PEOPLE_REQUIRED
from mailflow.errors import PermanentError
from mailflow.model import Case, Disposition, Pending, Person, Role, Wish
from mailflow.steps.effects import Handling
from mailflow.steps.house import House
from mailflow.steps.mail.extract import Extract, find_extract
from mailflow.steps.practitioners import changed_hands
from mailflow.steps.question import Question
from mailflow.store import StoredCode, StoredReading

# Who may send one (domain 3.2).
_SENDERS = frozenset({Role.QA.value, Role.QA_MANAGER.value, Role.PERFORMANCE.value})
_KINDS = (("people", PEOPLE_COLUMNS, PEOPLE_REQUIRED), ("cases", CASE_COLUMNS, CASE_REQUIRED))
# What a one-time code for a directory stands for, and how long it lasts (T-72).
WORD, CODE_LIFE = "SHEET", timedelta(hours=24)
# Lines of a kind that the letter itself prints; the list beside it has them all.
MOST_SHOWN = 6


@dataclass(frozen=True)
class Taken:
    """What one sheet comes to. ``why`` says why it is not taken in, "" when it is; ``may_confirm`` that a code would do."""

    change: SheetChange
    people: tuple[Person, ...] | None = None
    cases: tuple[Case, ...] = ()
    why: str = ""
    may_confirm: bool = False
    about: Mapping[str, Any] | None = None


def sheet_by_mail(q: Question) -> Handling | None:
    """A directory or a list of cases, known by its headers, from somebody who keeps them; other senders: as ever."""
    if q.writer is None or q.forms or q.forced or not _SENDERS & set(q.writer.roles):
        return None
    extract = find_extract(q.house, q.others, q.now, f"{q.message.subject}\n{q.message.text}")
    found = _sheets(q.house, extract.beside if extract else q.others)
    if not found and extract is None:
        return None
    taken = _take(q.house, found, extract)
    handling = Handling(Disposition.ACCEPT, f"sheets: {', '.join(t.change.kind for t in taken)}",
                        loose=tuple(_wish(q, t) for t in taken))
    return _applied(q, handling, taken)


def confirmed_sheet(q: Question, found: StoredCode) -> Handling:
    """The code of a directory that lacks many people came back: it is taken in, as it was sent (T-72)."""
    readings = q.house.store.load_readings(int(found.pending.rest))
    sheet = _sheets(q.house, readings).get("people")
    if sheet is None:
        return Handling(Disposition.HOLD, "the sheet that was confirmed is not with us any more", used_code=found.id)
    taken = [_people(q.house, sheet, confirmed=True)]
    handling = Handling(Disposition.ACCEPT, "a directory was confirmed", loose=(_wish(q, taken[0]),), used_code=found.id)
    return _applied(q, handling, taken)


def _sheets(house: House, documents: tuple[StoredReading, ...]) -> dict[str, Sheet]:
    """Kind → sheet, the first of each kind."""
    found: dict[str, Sheet] = {}
    for stored in documents:
        raw = house.store.blob(stored.sha)
        for kind, columns, required in _KINDS:
            try:
                found.setdefault(kind, read_sheet_bytes(raw, stored.name, columns, required))
                break
            except PermanentError:
                continue  # not a sheet of that kind; what is none at all is answered as any other document
    return found


def _take(house: House, found: dict[str, Sheet], extract: Extract | None) -> list[Taken]:
    """People first: cases name people, and may name those who have only just come. Beside an extract, a cases sheet says
    what that lacks (ANX-09b)."""
    taken: list[Taken] = []
    directory: tuple[Person, ...] = house.people
    if "people" in found:
        taken.append(_people(house, found["people"]))
        if not taken[0].why and taken[0].people is not None:
            directory = taken[0].people
    if extract is not None:
        lists = extract.take(house, directory)
        taken.append(Taken(lists.change, None, lists.cases, lists.why, about=lists.about))
    elif "cases" in found:
        taken.append(_cases(house, found["cases"], directory))
    return taken


def _people(house: House, sheet: Sheet, confirmed: bool = False) -> Taken:
    people, bad = parse_people(sheet)
    change = compare_people(house.people, people, sheet, bad)
    never = why_never_apply(people)
    first = "" if confirmed else why_ask_first(house.people, people, house.policy.framework.inbound.most_gone)
    return Taken(change, None if never or first else people, why=never or first, may_confirm=not never and bool(first))


def _cases(house: House, sheet: Sheet, directory: tuple[Person, ...]) -> Taken:
    rules = house.policy.framework
    cases, bad = parse_cases(sheet, rules.form.categories, rules.allocation.qa_contacts_family_values,
                             frozenset(p.address for p in directory))
    kept: tuple[BadRow, ...] = bad
    return Taken(compare_cases(house.store.load_cases(), cases, sheet, kept), None, cases,
                 "" if cases else "no row could be used")


def _wish(q: Question, taken: Taken) -> Wish:
    assert q.writer is not None
    change = taken.change
    facts = {"kind": change.kind, "taken": not taken.why, "why": taken.why, "total": change.total, "unknown": change.unknown,
             "lines": change.lines, "notes": change.notes, "may_confirm": taken.may_confirm}
    for name in ("added", "changed", "gone", "bad", "gaps"):
        rows = getattr(change, name)
        facts |= {name: rows[:MOST_SHOWN], f"{name}_count": len(rows)}
    return Wish("OUT-94", Role.WRITER, f"IN-2{1 if change.kind == 'people' else 0}", f"inbound-{q.mark}.{change.kind}",
                q.writer.address, facts, ("differences",) if change.lines else (), q.message.id)


def _applied(q: Question, handling: Handling, taken: list[Taken]) -> Handling:
    people = next((t.people for t in taken if t.people is not None), None)
    cases = tuple(c for t in taken if not t.why for c in t.cases)
    refused = [t for t in taken if t.why]
    disposition = Disposition.HOLD if refused else handling.disposition
    assert q.writer is not None
    pending = Pending(q.writer.address, WORD, str(q.inbound.id), q.now + CODE_LIFE) if any(
        t.may_confirm for t in refused) else None
    reason = "; ".join([handling.reason, *(f"{t.change.kind} not taken in: {t.why}" for t in refused)])
    return replace(handling, disposition=disposition, reason=reason, people=people, cases=cases,
                   about_cases=next((t.about for t in taken if t.about), None),
                   pending=pending, changes=changed_hands(q.house, cases, q.now))
