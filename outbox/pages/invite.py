"""The invitation to the practice discussion (DOC-05), by hand: nothing about the case stands in it (HR-02, F0-PRV-01)."""

import hashlib
import hmac
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from mailflow.errors import Broken
from mailflow.model import Document

TITLE = "Practice discussion"
LENGTH = timedelta(minutes=60)
_FOLD = 75


def compose_invite(meeting_at: datetime, *, secret: bytes, ref: str, organiser: str, attendee: str, now: datetime,
                   sequence: int = 0) -> Document:
    """One person's invitation. Times stand in UTC, so every calendar shows them right whatever its zone rules.

    The UID is the same whenever this audit's meeting is moved, and a keyed digest: it tells nobody the reference.
    ``sequence`` must grow with every change. Raises Broken for a time without a zone.
    """
    uid = hmac.new(secret, b"meeting;" + ref.encode(), hashlib.sha256).hexdigest()[:40]
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//mailflow//practice discussion//EN", "CALSCALE:GREGORIAN",
        "METHOD:REQUEST", "BEGIN:VEVENT", f"UID:{uid}@{organiser.rpartition('@')[2]}", f"SEQUENCE:{sequence}",
        f"DTSTAMP:{_stamp(now)}", f"DTSTART:{_stamp(meeting_at)}", f"DTEND:{_stamp(meeting_at + LENGTH)}",
        f"SUMMARY:{TITLE}", "CLASS:PRIVATE", "STATUS:CONFIRMED", "TRANSP:OPAQUE", f"ORGANIZER:mailto:{organiser}",
        f"ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=FALSE:mailto:{attendee}",
        "END:VEVENT", "END:VCALENDAR",
    ]
    text = "\r\n".join(_folded(line) for line in lines) + "\r\n"
    return Document("practice-discussion.ics", "text/calendar", text.encode())


def _stamp(at: datetime) -> str:
    if at.tzinfo is None:
        raise Broken("a meeting without a zone")
    return at.astimezone(ZoneInfo("UTC")).strftime("%Y%m%dT%H%M%SZ")


def _folded(line: str) -> str:
    """Lines of at most 75 bytes, continued after a space (RFC 5545 3.1). Addresses are ASCII, so bytes are characters."""
    if any(ord(c) < 32 or ord(c) > 126 for c in line):
        raise Broken("a character an invitation can't carry")
    pieces = [line[:_FOLD]]
    rest = line[_FOLD:]
    while rest:
        pieces.append(" " + rest[:_FOLD - 1])
        rest = rest[_FOLD - 1:]
    return "\r\n".join(pieces)
