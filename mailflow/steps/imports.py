"""The council's sheets into the store, in one transaction each, with a line in the journal."""

from datetime import UTC, datetime

from mailflow.model import Case, Person
from mailflow.steps.house import House

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
    with house.store.tx():
        house.store.save_cases(cases)
        house.store.save_meta(IMPORTED_AT, datetime.now(UTC).isoformat())
        house.store.journal("IN-20", datetime.now(UTC), data={"cases": len(cases)})
