"""The year as a calendar people can subscribe to and as a sheet (DOC-32): cycles, due days, moderation months, activities.

The calendar is written by hand: whole days, so no zone can move them; nothing of any case stands in it (HR-01).
"""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from mailflow.model import Document, Event
from outbox import words
from outbox.sheets.actions import XLSX
from outbox.sheets.workbook import make_workbook

_HEADINGS = (("Day", 16), ("Until", 16), ("What", 60), ("Kind", 20), ("Who", 60))
_FOLD = 75
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def compose_calendar(events: Sequence[Event], year: int, council: str, domain: str, at: datetime) -> Document:
    """programme-YEAR.ics (RFC 5545). Every event has the same UID whenever it is made again, so calendars update it."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//mailflow//programme//EN", "CALSCALE:GREGORIAN", "METHOD:PUBLISH",
             f"X-WR-CALNAME:{_text(f'{council} audit programme {year}')}"]
    stamp = at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    for event in events:
        if event.on is not None:
            lines += _event(event, event.on, domain, stamp)
    lines.append("END:VCALENDAR")
    data = "".join(_folded(line) + "\r\n" for line in lines).encode()
    return Document(f"programme-{year}.ics", "text/calendar", data)


def _event(event: Event, on: date, domain: str, stamp: str) -> list[str]:
    # An all-day event ends, for a calendar, on the morning after its last day.
    after = (event.until or on) + timedelta(days=1)
    who = ", ".join(_who(event.roles))
    return ["BEGIN:VEVENT", f"UID:programme-{event.id}@{domain}", f"DTSTAMP:{stamp}", f"DTSTART;VALUE=DATE:{on:%Y%m%d}",
            f"DTEND;VALUE=DATE:{after:%Y%m%d}", f"SUMMARY:{_text(event.title)}", f"DESCRIPTION:{_text(f'For: {who}')}",
            f"CATEGORIES:{_text(event.kind)}", "CLASS:PUBLIC", "TRANSP:TRANSPARENT", "END:VEVENT"]


def _who(roles: Sequence[str]) -> list[str]:
    return [words.ROLES.get(role, role.replace("_", " ")) for role in roles]


def _text(value: str) -> str:
    """A value of kind TEXT (RFC 5545 3.3.11), on one line."""
    clean = " ".join(_CONTROL.sub(" ", value).split())
    return re.sub(r"([\\;,])", r"\\\1", clean)


def _folded(line: str) -> str:
    """Lines of at most 75 bytes, continued after a space; no character is cut in two (RFC 5545 3.1)."""
    pieces, size = [""], 0
    for character in line:
        width = len(character.encode())
        if size + width > _FOLD:
            pieces.append(" ")
            size = 1
        pieces[-1] += character
        size += width
    return "\r\n".join(pieces)


def compose_programme_sheet(events: Sequence[Event], year: int, at: datetime, marking: str = "") -> Document:
    """programme-YEAR.xlsx: one row an event, by day; what is done every week or day stands at the end."""
    rows: list[tuple[str | date, ...]] = [
        (e.on or e.kind, "" if e.on is None or e.until in (None, e.on) else e.until or "", e.title, e.kind,
         ", ".join(_who(e.roles))) for e in events]
    data = make_workbook(f"Programme {year}", _HEADINGS, rows, at, marking)
    return Document(f"programme-{year}.xlsx", XLSX, data)
