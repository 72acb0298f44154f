"""The council's sheets into the store, in one transaction each, with a line in the journal."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from mailflow.errors import PermanentError
from mailflow.model import Case, Person
from mailflow.steps.house import House

if TYPE_CHECKING:
    from mailflow.directory.annex_a import AnnexCases
    from mailflow.directory.annex_a_join import Join
    from mailflow.directory.annex_a_sheets import Table
# When sheets were last taken in: a draw that failed is tried again then.
IMPORTED_AT = "imported_at"


def save_people(house: House, people: tuple[Person, ...]) -> tuple[int, int]:
    """Replace the directory: (people now in it, people no longer in it). Absences learnt from mail are kept."""
    before = {p.address: p for p in house.people}
    with house.store.tx():
        house.store.save_people(people)
        for person in people:
            old = before.get(person.address)
            for absence in old.absences if old else ():
                if absence.source != "directory" and absence not in person.absences:
                    house.store.save_absence(person.address, absence)
        house.store.save_meta(IMPORTED_AT, datetime.now(UTC).isoformat())
        house.store.journal("IN-21", datetime.now(UTC), data={"people": len(people)})
    house.forget_people()
    return len(people), len(set(before) - {p.address for p in people})


def save_cases(house: House, cases: tuple[Case, ...]) -> None:
    """Add or renew cases of the council's own sheet. What an Annex A extract said of one stays with it."""
    known = {c.number: c for c in house.store.load_cases() if c.extract_on}
    with house.store.tx():
        house.store.save_cases(_with_extract(case, known.get(case.number)) for case in cases)
        house.store.save_meta(IMPORTED_AT, datetime.now(UTC).isoformat())
        house.store.journal("IN-20", datetime.now(UTC), data={"cases": len(cases)})


def _with_extract(case: Case, old: Case | None) -> Case:
    if old is None or case.extract_on is not None:
        return case
    return replace(case, lists=old.lists, extract_on=old.extract_on, age_band=old.age_band, gender=old.gender,
                   ethnicity=old.ethnicity, disability=old.disability)


def import_annex_a(house: House, tables: list["Table"], name: str, today: date, extract_on: date | None,
                   join: "Join") -> "AnnexCases":
    """Take in the cases of an Annex A workbook. Raises PermanentError for another workbook, an old extract, or a
    framework that does not draw from Annex A; then nothing is taken in."""
    from mailflow.directory.annex_a import make_rules, parse_annex_a

    framework = house.policy.framework
    rules = framework.selection
    if rules.source != "annex_a":
        raise PermanentError(f"{framework.id} draws from the council's own cases sheet; to draw from Annex A, say "
                             'source = "annex_a" under [profile.selection] in mailflow.toml')
    if not house.people:
        raise PermanentError("the directory is empty; import your people first: `mailflow people import`")
    before = {c.number: c for c in house.store.load_cases()}
    newest = max((c.extract_on for c in before.values() if c.extract_on), default=None)
    found = parse_annex_a(tables, name, make_rules(rules.lists, rules.stratify_by, rules.extract_max_days,
                                                   framework.form.categories), today, extract_on, house.people, join, before)
    if newest is not None and found.extract_on < newest:
        raise PermanentError(f"{name} was taken on {found.extract_on:%d/%m/%Y}; one of {newest:%d/%m/%Y} is in already")
    if not found.cases:
        raise PermanentError(f"{name}: no row could be used, so the cases stay as they are")
    with house.store.tx():
        house.store.save_cases(found.cases)
        house.store.journal("IN-20", datetime.now(UTC), data={
            "cases": len(found.cases), "source": "annex_a", "extract": found.extract_on.isoformat(),
            "ineligible": found.ineligible, "closed": found.closed, "bad_rows": len(found.bad)})
    return found
