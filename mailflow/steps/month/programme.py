"""The programme's reminders (OUT-93): one letter a person and morning, about nothing of any case (F2-ROL-01 … 04)."""

from datetime import date, datetime
from functools import partial

from mailflow.model import Wish
from mailflow.process.calendar import local
from mailflow.process.cycle.programme import due_reminders, share_out
from mailflow.steps.effects import enqueue
from mailflow.steps.guard import attempt
from mailflow.steps.house import House
from mailflow.steps.month.letters import write_about

_LAST = "programme_on"


def remind_of_programme(house: House, now: datetime) -> None:
    """Once a working day, at the hour letters leave; nothing where the framework has no programme."""
    if not house.policy.framework.programme.activities:
        return
    attempt("the programme", partial(_remind, house, now), partial(_failed, house, now))


def _remind(house: House, now: datetime) -> None:
    calendar, today = house.policy.calendar, local(now).date()
    last = house.store.find_meta(_LAST)
    if not calendar.is_working_day(today) or now < calendar.morning_of(today) or (last or "") >= today.isoformat():
        return
    events = due_reminders(house.policy.framework, now, date.fromisoformat(last) if last else None)
    wishes = [
        Wish("OUT-93", part, "DOC-32", today.isoformat(), person.address,
             {"items": tuple((e.title, e.on, e.until) for e in mine)})
        for person, part, mine in share_out(events, house.people, today)]
    letters = write_about(house, wishes, now)
    with house.store.tx():
        house.store.save_meta(_LAST, today.isoformat())
        enqueue(house, letters, now)
        if events:
            house.store.journal("programme", now, data={"events": [e.id for e in events], "letters": len(letters)})


def _failed(house: House, now: datetime, reason: str) -> None:
    with house.store.tx():
        house.store.journal("failed", now, data={"programme": reason})
