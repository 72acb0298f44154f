"""The one clock module: working days, deadlines, and when scheduled mail may leave (domain 2.4, CLK-01…12).

Pure: no clock is read here. Days are London dates; moments are aware datetimes, returned in UTC.
"""

import functools
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from mailflow.errors import ConfigError
from mailflow.framework import Framework
from mailflow.framework.schema_year import CalendarRules

LONDON = ZoneInfo("Europe/London")
DAY = timedelta(days=1)
# Plain "GB" leaves out Easter Monday and the August holiday (CLK-02).
SUBDIVISIONS = {"england-and-wales": "ENG", "scotland": "SCT", "northern-ireland": "NIR"}


@functools.lru_cache(maxsize=256)
def _bank_holidays(division: str, year: int) -> frozenset[date]:
    # Loaded on first use: looking commands must not pay for it.
    import holidays

    return frozenset(holidays.country_holidays("GB", subdiv=SUBDIVISIONS[division], years=year))


def holidays_known_until(division: str) -> date:
    """The last day up to which bank holidays of that division are known (CLK-12): the end of the library's own table."""
    import holidays

    return date(holidays.country_holidays("GB", subdiv=SUBDIVISIONS[division]).end_year, 12, 31)


@functools.lru_cache(maxsize=32)
def _closed_days(written: tuple[str, ...]) -> frozenset[date]:
    """Raises ConfigError for a day that is not YYYY-MM-DD."""
    try:
        return frozenset(date.fromisoformat(day) for day in written)
    except ValueError as e:
        raise ConfigError(f"profile.toml: calendar.closure_days or calendar.extra_holidays: {e}") from e


def local(moment: datetime) -> datetime:
    """The same moment on London clocks (CLK-01)."""
    return moment.astimezone(LONDON)


def at_london(day: date, hour: int, minute: int = 0) -> datetime:
    """London wall time on that day as aware UTC (CLK-11)."""
    return datetime.combine(day, time(hour, minute), LONDON).astimezone(UTC)


def make_calendar(framework: Framework) -> "Calendar":
    return Calendar(framework.calendar, framework.office.close, framework.send.hour)


class Calendar:
    """Working time of one council. ``office_close`` is "HH:MM" London time, ``send_hour`` 0-23."""

    def __init__(self, rules: CalendarRules, office_close: str, send_hour: int) -> None:
        hour, minute = office_close.split(":")
        self._close = time(int(hour), int(minute))
        self._send_hour = send_hour
        self._division = rules.division
        self._closed = _closed_days(rules.closure_days + rules.extra_holidays)

    def local_day(self, moment: datetime) -> date:
        """The London day of a moment (CLK-01)."""
        return local(moment).date()

    def is_working_day(self, day: date) -> bool:
        """Monday to Friday, no bank holiday of the division or proclaimed since, no closure day (CLK-02)."""
        return day.weekday() < 5 and day not in self._closed and day not in _bank_holidays(self._division, day.year)

    def roll(self, day: date) -> date:
        """That day, or the next working day when it is none (CLK-06)."""
        while not self.is_working_day(day):
            day += DAY
        return day

    def event_day(self, event: datetime) -> date:
        """The day an event counts from for limits on staff: after office close, the next working day (CLK-04)."""
        there = local(event)
        day = there.date()
        if self.is_working_day(day) and there.time() < self._close:
            return day
        return self.roll(day + DAY)

    def add_working_days(self, event: datetime | date, count: int) -> date:
        """The ``count``-th working day after an event (CLK-03), before it where negative.

        A moment is moved by CLK-04 first; a plain date is taken as it stands, and rolled forward when count is 0.
        """
        day = self.event_day(event) if isinstance(event, datetime) else event
        if count == 0:
            return self.roll(day)
        step = DAY if count > 0 else -DAY
        for _ in range(abs(count)):
            day += step
            while not self.is_working_day(day):
                day += step
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """How many working days lie after ``start`` up to and including ``end``; 0 when end is not later."""
        return sum(self.is_working_day(start + DAY * n) for n in range(1, (end - start).days + 1))

    def deadline(self, day: date) -> datetime:
        """11:59pm London on that day, as aware UTC (CLK-03)."""
        return at_london(day, 23, 59)

    def expiry(self, day: date) -> datetime:
        """The first moment after that day's deadline has passed: 11:59pm counts to its last second."""
        return at_london(day + DAY, 0)

    def first_working_day(self, year: int, month: int) -> date:
        return self.roll(date(year, month, 1))

    def last_working_day(self, year: int, month: int) -> date:
        """CLK-05: computed, never typed."""
        day = date(year + month // 12, month % 12 + 1, 1) - DAY
        while not self.is_working_day(day):
            day -= DAY
        return day

    def day_of_month(self, year: int, month: int, written: str) -> date:
        """"first_working_day", "last_working_day", or "5wd", the fifth working day of the month (its last, where it has
        not so many)."""
        if written == "last_working_day":
            return self.last_working_day(year, month)
        first = self.first_working_day(year, month)
        count = int(written.removesuffix("wd")) - 1 if written != "first_working_day" else 0
        return min(self.add_working_days(first, count), self.last_working_day(year, month))

    def warn_of_holidays(self, today: date) -> str:
        """A sentence when bank holidays are known for less than six months more (CLK-12), else ""."""
        until = holidays_known_until(self._division)
        if today + timedelta(days=183) <= until:
            return ""
        return f"bank holidays are known up to {until:%d/%m/%Y} only; renew mailflow, or list later ones in calendar.extra_holidays"

    def morning_of(self, day: date) -> datetime:
        """The moment scheduled mail leaves on that day, as aware UTC."""
        return at_london(day, self._send_hour)

    def next_morning(self, now: datetime) -> datetime:
        """When scheduled mail decided now may leave (CLK-07), as aware UTC.

        That is ``now`` itself within the sending hour of a working day (a tick is rarely on the stroke), else the next
        working day's sending hour.
        """
        there = local(now)
        today = there.date()
        if self.is_working_day(today) and there.hour == self._send_hour:
            return now.astimezone(UTC)
        if self.is_working_day(today) and there.hour < self._send_hour:
            return self.morning_of(today)
        return self.morning_of(self.roll(today + DAY))

    def working_minutes_later(self, now: datetime, minutes: int) -> datetime:
        """The moment when so many minutes of office hours (sending hour to office close) have gone by, aware UTC."""
        day, left = local(now).date(), timedelta(minutes=minutes)
        # A sending hour in the evening still leaves an hour of office a day, so that the count always ends.
        opening = min(self._send_hour, self._close.hour - 1)
        while True:
            opens, closes = at_london(day, opening), at_london(day, self._close.hour, self._close.minute)
            start = max(opens, now.astimezone(UTC))
            if self.is_working_day(day) and start < closes:
                if start + left <= closes:
                    return start + left
                left -= closes - start
            day += DAY

    def on_time(self, received_at: datetime, due_on: date) -> bool:
        """The true receipt time against 11:59pm on the due day, the whole minute counting (CLK-04)."""
        return local(received_at).date() <= due_on
