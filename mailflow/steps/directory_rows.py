"""People and cases into the store, with a line in the journal; the caller's transaction is open."""

from datetime import datetime

from mailflow.model import Case, Person
from mailflow.steps.house import House


def write_people(house: House, people: tuple[Person, ...], now: datetime, by: str = "") -> None:
    """Replace the directory. Absences learnt from mail are kept."""
    before = {p.address: p for p in house.people}
    house.store.save_people(people)
    for person in people:
        old = before.get(person.address)
        for absence in old.absences if old else ():
            if absence.source != "directory" and absence not in person.absences:
                house.store.save_absence(person.address, absence)
    house.store.journal("IN-21", now, "", by, {"people": len(people), "gone": len(set(before) - {p.address for p in people})})


def write_cases(house: House, cases: tuple[Case, ...], now: datetime, by: str = "") -> None:
    """Add or renew cases; those not named stay."""
    house.store.save_cases(cases)
    house.store.journal("IN-20", now, "", by, {"cases": len(cases)})
