"""Inbound mail as values: message, attachments, commands, disposition (domain 2.5, 3.2, 3.4)."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


@dataclass(frozen=True)
class Attachment:
    """One attached thing that may be a document. Signature pictures never get here.

    ``name`` is the sender's words: data, never a path. ``kind`` is the declared content type in lower case.
    """

    name: str
    kind: str
    data: bytes
    sha: str


@dataclass(frozen=True)
class Bounce:
    """A delivery-status report (T-43). ``original`` is the Message-ID of our letter, "" when not found."""

    address: str
    permanent: bool
    original: str = ""
    status: str = ""


@dataclass(frozen=True)
class Command:
    """The first line a person wrote, when it opens with a word we know (domain 2.5).

    ``word`` is upper case ("NO CONCERN" is one word). ``on``/``at`` are read day first where the word takes a date.
    ``check`` is for OVERRIDE, ``target`` an address or audit reference, ``code`` a one-time code.
    ``trouble`` is one sentence when the argument could not be read ("" when all is well).
    """

    word: str
    rest: str = ""
    on: date | None = None
    at: datetime | None = None
    check: str = ""
    target: str = ""
    code: str = ""
    trouble: str = ""


class Automatic(StrEnum):
    """Why a mail counts as automatic (domain 3.4)."""

    NO = "no"
    AUTO_REPLY = "auto_reply"
    BOUNCE = "bounce"
    BULK = "bulk"
    RECEIPT = "receipt"
    CALENDAR = "calendar"


class Trust(StrEnum):
    """What the receiving server said of the sender (``inbound.require_auth``)."""

    PASS = "pass"  # noqa: S105  (a verdict, not a secret)
    FAIL = "fail"
    NONE = "none"


@dataclass(frozen=True)
class Message:
    """One inbound mail.

    ``id`` is the Message-ID with its angle brackets; where a mail has none, one derived from its content.
    ``text`` is what the writer wrote (quotes and signature removed), ``full_text`` everything readable.
    ``references`` are Message-IDs from In-Reply-To and References, nearest first.
    ``no_reply`` is True where headers forbid an automatic answer although a person may have written.
    ``refs`` are audit references found in the subject, with a right check letter, in order.
    """

    id: str
    sender: str
    sender_name: str
    to: tuple[str, ...]
    subject: str
    sent_at: datetime | None
    references: tuple[str, ...]
    text: str
    full_text: str
    attachments: tuple[Attachment, ...] = ()
    automatic: Automatic = Automatic.NO
    no_reply: bool = False
    bounce: Bounce | None = None
    away_until_on: date | None = None
    trust: Trust = Trust.NONE
    refs: tuple[str, ...] = ()
    # A "Sender:" that differs from "From:" (a PA writing for a manager), "" otherwise.
    on_behalf_by: str = ""
    # Calendar reply (IN-05): the meeting's start where the invitation was accepted.
    meeting_at: datetime | None = None
    # Shared-drive links found where a form was promised (T-30).
    drive_links: tuple[str, ...] = ()
    # What was odd about the packing: "charset guessed", "nesting cut at 20" … for QA.
    oddities: tuple[str, ...] = ()


class Disposition(StrEnum):
    """Intake's verdict on one message; IGNORE is for mail that needs nothing (a bounce handled, thanks)."""

    ACCEPT = "accept"
    HOLD = "hold"
    REPLY = "reply"
    IGNORE = "ignore"
