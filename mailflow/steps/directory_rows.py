"""People and cases into the store, with a line in the journal; the caller's transaction is open."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from mailflow.model import Case, Person
from mailflow.steps.house import House

# When sheets were last taken in: a draw that failed is tried again then.
IMPORTED_AT = "imported_at"


def write_people(house: House, people: tuple[Person, ...], now: datetime, by: str = "") -> None:
    """Replace the directory. Absences learnt from mail are kept."""
    before = {p.address: p for p in house.people}
    house.store.save_people(people)
    for person in people:
        old = before.get(person.address)
        for absence in old.absences if old else ():
            if absence.source != "directory" and absence not in person.absences:
                house.store.save_absence(person.address, absence)
    house.store.save_meta(IMPORTED_AT, now.isoformat())
    house.store.journal("IN-21", now, "", by, {"people": len(people), "gone": len(set(before) - {p.address for p in people})})


def write_cases(house: House, cases: tuple[Case, ...], now: datetime, by: str = "",
                data: Mapping[str, Any] | None = None) -> None:
    """Add or renew cases; those not named stay, and so does what an Annex A extract said of one. ``data``: for the journal."""
    # An extract says itself what an older one said.
    from_extract = all(c.extract_on for c in cases)
    known = {} if from_extract else {c.number: c for c in house.store.load_cases() if c.extract_on}
    house.store.save_cases(_with_extract(case, known.get(case.number)) for case in cases)
    house.store.save_meta(IMPORTED_AT, now.isoformat())
    house.store.journal("IN-20", now, "", by, {"cases": len(cases), **(data or {})})


def _with_extract(case: Case, old: Case | None) -> Case:
    if old is None or case.extract_on is not None:
        return case
    return replace(case, lists=old.lists, extract_on=old.extract_on, age_band=old.age_band, gender=old.gender,
                   ethnicity=old.ethnicity, disability=old.disability)
