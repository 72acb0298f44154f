"""Days and times as people write them, day first: 30/06/2026, 30.06.2026, 30-6-26, 30 June 2026, June 30 2026."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
          r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)")
_WEEKDAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?"
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = re.compile(
    rf"(?:\b{_WEEKDAY}\b,?\s+(?:the\s+)?)?(?<![\d/.-])(?:"
    r"(?P<y1>\d{4})-(?P<m1>\d{1,2})-(?P<d1>\d{1,2})"
    r"|(?P<d2>\d{1,2})\s?[/.\-]\s?(?P<m2>\d{1,2})(?:\s?[/.\-]\s?(?P<y2>\d{4}|\d{2}))?"
    rf"|(?P<d3>\d{{1,2}})(?:st|nd|rd|th)?\s*(?:of\s+)?(?P<m3>{_MONTH})\b\.?,?(?:\s+(?P<y3>\d{{4}})\b)?"
    rf"|\b(?P<m4>{_MONTH})\b\.?\s+(?P<d4>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s+(?P<y4>\d{{4}})\b)?"
    r")(?!\d)", re.I)
_TIME = re.compile(
    r"(?:at\s+)?(?:(?P<h1>\d{1,2})(?:\s?[:.h]\s?(?P<m1>\d{2}))?\s?(?P<half>[ap])\.?m\b\.?"
    r"|(?P<h2>\d{1,2})[:.h](?P<m2>\d{2})(?!\d)|(?P<h3>[01]\d|2[0-3])(?P<m3>[0-5]\d)(?:\s?(?:hrs?|hours))?\b"
    r"|(?P<noon>noon|midday)\b)", re.I)


@dataclass(frozen=True)
class FoundDay:
    """A day somewhere in a text. ``on`` is None for a day that does not exist; ``year`` is False where none stood."""

    on: date | None
    year: bool
    start: int
    end: int
    day: int
    month: int


def find_days(text: str) -> Iterator[FoundDay]:
    """Every day written in the text, in order; the year 2000 stands in where none was written."""
    for found in _DAY.finditer(text):
        for n in "1234":
            if found.group(f"d{n}"):
                yield _found_day(found, found.group(f"y{n}"), found.group(f"m{n}"), int(found.group(f"d{n}")))
                break


def _found_day(found: re.Match[str], year: str | None, month: str, day: int) -> FoundDay:
    number = int(month) if month.isdigit() else _MONTHS.index(month[:3].lower()) + 1
    whole = 2000 if year is None else int(year) + (2000 if len(year) == 2 else 0)
    return FoundDay(make_day(whole, number, day), year is not None, found.start(), found.end(), day, number)


def make_day(year: int, month: int, day: int) -> date | None:
    """That day, None where the calendar has no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def take_day(text: str) -> tuple[date | None, str, str]:
    """(day, what stands after it, trouble) for a text that should open with a day; small words before it are skipped."""
    opening = re.match(r"\W*(?:(?:for|on|to|until|till|by|the|from)\b\s*)*", text, re.I)
    start = opening.end() if opening else 0
    found = next(find_days(text[start:]), None)
    if found is None or found.start > 0:
        return None, text.strip(), "No date could be read; write it as 30/06/2026."
    words, rest = text[start + found.start:start + found.end].strip(), text[start + found.end:]
    if not found.year:
        return None, rest.strip(), f"The date {words} has no year; write it as 30/06/2026."
    if found.on is None:
        return None, rest.strip(), f"There is no such day as {words}; write the day first, as in 30/06/2026."
    return found.on, rest.strip(" \t,;:-–—"), ""


def take_time(text: str) -> tuple[time | None, str]:
    """(time of day, what stands after it) for a text that may open with a time; (None, text) where it does not."""
    found = _TIME.match(text)
    if found is None:
        return None, text
    if found.group("noon"):
        hour, minute = 12, 0
    else:
        n = next(n for n in "123" if found.group(f"h{n}"))
        hour, minute = int(found.group(f"h{n}")), int(found.group(f"m{n}") or 0)
    half = (found.group("half") or "").lower()
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    if hour > 23 or minute > 59:
        return None, text
    return time(hour, minute), text[found.end():].strip(" \t,;:-–—")


def in_london(on: date, at: time) -> datetime:
    """That London time as an aware UTC time."""
    return datetime.combine(on, at, LONDON).astimezone(UTC)
