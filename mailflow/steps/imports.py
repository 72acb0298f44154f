"""The council's sheets into the store, in one transaction each (the command line; by mail: ``sheets``)."""

from datetime import UTC, datetime

from mailflow.model import Case, Disposition, Person
from mailflow.steps.effects import Handling, Prepared, apply
from mailflow.steps.house import House
from mailflow.steps.practitioners import changed_hands


def save_people(house: House, people: tuple[Person, ...], now: datetime | None = None) -> tuple[int, int]:
    """Replace the directory: (people now in it, people no longer in it). Absences learnt from mail are kept."""
    before = {p.address for p in house.people}
    apply(house, Handling(Disposition.ACCEPT, "", people=people), Prepared(), now or datetime.now(UTC))
    return len(people), len(before - {p.address for p in people})


def save_cases(house: House, cases: tuple[Case, ...], now: datetime | None = None) -> None:
    """Add or renew cases; an audit that goes on is told of another practitioner (T-45)."""
    at = now or datetime.now(UTC)
    apply(house, Handling(Disposition.ACCEPT, "", cases=cases, changes=changed_hands(house, cases, at)), Prepared(), at)
