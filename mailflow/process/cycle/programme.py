"""The year of a framework (F2-CAL-02, F2-ROL-01 … 04, DOC-32): cycles with their days, and activities by role.

Pure dates from the profile. Activities are reminded of once each, ``remind_wd`` working days before; after an outage only
those still ahead (CLK-09).
"""

from collections.abc import Iterable
from datetime import date, datetime

from mailflow.framework import Framework
from mailflow.framework.schema_year import Activity
from mailflow.model import Event, Person
from mailflow.process.calendar import local, make_calendar
from mailflow.process.cycle.cycles import draw_day, make_cycle
from mailflow.process.wording import month_words

_EVERY_MONTH = tuple(f"{n:02d}" for n in range(1, 13))
# Where an activity names no months of its own.
MONTHS: dict[str, tuple[str, ...]] = {
    "month": _EVERY_MONTH, "quarter": ("01", "04", "07", "10"), "half_year": ("04", "10"), "listed": (),
}
STANDING: dict[str, str] = {"week": "every week", "day": "every working day"}
SECOND: dict[str, str] = {"moderation": "Moderation month", "reaudit": "Re-audits this month"}


def find_events(framework: Framework, year: int) -> tuple[Event, ...]:
    """Everything of that year, by day; standing duties last."""
    found = [*_cycles(framework, year), *find_activities(framework, year), *_standing(framework)]
    return tuple(sorted(found, key=lambda e: (e.on or date.max, e.kind, e.id)))


def _cycles(framework: Framework, year: int) -> Iterable[Event]:
    for written in sorted(framework.calendar.months):
        cycle = make_cycle(framework, year, int(written))
        month, kind = month_words(cycle.id), cycle.type
        auditors = framework.types[cycle.type].auditors
        days = (("draw", f"{month}: sample drawn", ("qa",), draw_day(framework, year, int(written))),
                ("open", f"{month}: audits open ({kind})", auditors, cycle.opens_on),
                ("due", f"{month}: audits due", auditors, cycle.due_on),
                ("close", f"{month}: cycle closes", ("qa",), cycle.closes_on))
        for name, title, roles, on in days:
            yield Event(f"{cycle.id}-{name}", title, "cycle", tuple(roles), on, on)
        if cycle.second:
            title = SECOND.get(cycle.second, f"Also this month: {cycle.second}")
            yield Event(f"{cycle.id}-second", f"{month}: {title}", cycle.second, ("qa",), cycle.opens_on, cycle.due_on)


def find_activities(framework: Framework, year: int) -> tuple[Event, ...]:
    """The activities with a day of their own, in the order of the profile."""
    return tuple(_event(framework, a, year, int(m)) for a in framework.programme.activities if a.every in MONTHS
                 for m in a.months or MONTHS[a.every])


def _event(framework: Framework, activity: Activity, year: int, month: int) -> Event:
    calendar = make_calendar(framework)
    on = calendar.day_of_month(year, month, activity.day)
    until = calendar.add_working_days(on, activity.length_wd - 1) if activity.length_wd > 1 else on
    return Event(f"{activity.id}-{year}-{month:02d}", activity.title, "activity", activity.roles, on, until)


def _standing(framework: Framework) -> Iterable[Event]:
    for activity in framework.programme.activities:
        if activity.every in STANDING:
            yield Event(activity.id, activity.title, STANDING[activity.every], activity.roles)


def due_reminders(framework: Framework, now: datetime, last: date | None) -> tuple[Event, ...]:
    """The activities whose reminder has come due after ``last`` (the day of the last look, None: never) and whose own day
    has not come yet, by day."""
    calendar, today = make_calendar(framework), local(now).date()
    ahead = {a.id: a.remind_wd for a in framework.programme.activities if a.remind_wd}
    found = []
    for event in (e for year in (today.year, today.year + 1) for e in find_activities(framework, year)):
        wd = ahead.get(event.id.rsplit("-", 2)[0])
        if wd and event.on is not None and today < event.on:
            remind_on = calendar.add_working_days(event.on, -wd)
            if remind_on <= today and (last is None or remind_on > last):
                found.append(event)
    return tuple(sorted(found, key=lambda e: (e.on or date.max, e.id)))


def share_out(events: Iterable[Event], people: Iterable[Person], today: date) -> tuple[tuple[Person, str, tuple[Event, ...]], ...]:
    """(person, the part they hear of it in, their events), one row a person; who is away today is left out."""
    events, rows = tuple(events), []
    for person in people:
        mine = tuple(e for e in events if set(e.roles) & set(person.roles))
        if mine and not person.is_away(today):
            part = next(r for e in mine for r in e.roles if r in person.roles)
            rows.append((person, part, mine))
    return tuple(rows)
