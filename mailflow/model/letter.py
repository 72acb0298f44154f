"""Wishes for letters, and letters (domain 3.1). A wish becomes a letter in ``outbox``."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


@dataclass(frozen=True)
class Wish:
    """Somebody should be told something: what ``process`` asks for and ``outbox`` makes.

    ``role`` is the part the recipient plays (a Role); ``address`` names one person in that part, "" = everybody in it.
    ``transition`` (T-09, TC-02 …) and ``round`` make the letter's identity together with audit and recipient:
    the same wish asked twice is one letter. ``round`` is a submission number, a reminder's number, or a date.
    ``facts`` are plain values (str, int, date, datetime, tuple of these, Point, Finding): what the text may print.
    ``documents`` are DOC codes, or "original" (the document as it was returned), "annotated" (with our comments).
    """

    code: str
    role: str
    transition: str
    round: str = ""
    address: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    documents: tuple[str, ...] = ()
    # Answers to somebody's own mail are threaded under it.
    in_reply_to: str = ""
    audit: str = ""
    # The cycle (YYMM) a letter about no audit, or about several, is about; it stands in its subject and in its key.
    cycle: str = ""
    # Every audit a letter about a cycle tells of (T-61); the firewall judges the recipient for each of them.
    audits: tuple[str, ...] = ()


class LetterState(StrEnum):
    """ready → sending → sent | deferred | held | unknown | cancelled (house rules, section 3)."""

    READY = "ready"
    SENDING = "sending"
    SENT = "sent"
    DEFERRED = "deferred"
    HELD = "held"
    UNKNOWN = "unknown"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Document:
    """A file in a letter. ``name`` carries a reference at most, never a name of a person (HR-01)."""

    name: str
    kind: str
    data: bytes


@dataclass(frozen=True)
class Letter:
    """One outgoing mail to one recipient (HR-03).

    ``key`` is audit · transition · recipient · round (invariant 4); ``message_id`` derives from it and the
    installation's secret. ``raw`` is RFC 5322 without Date and journal headers; these are put on at the door.
    ``reason`` says why it is held, deferred, unknown or cancelled.
    """

    key: str
    code: str
    audit: str
    role: str
    to: str
    subject: str
    message_id: str
    raw: bytes
    leave_at: datetime
    state: LetterState = LetterState.READY
    reason: str = ""
    private: str = "P1"
    safety: bool = False
    attempts: int = 0
    id: int = 0
    made_at: datetime | None = None
    sent_at: datetime | None = None
    # The Message-ID this letter answers, "" for a letter nobody asked for.
    in_reply_to: str = ""
    # The audits a letter about a cycle tells of; ``audit`` is "" where they are several.
    audits: tuple[str, ...] = ()
