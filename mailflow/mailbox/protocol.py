"""What the house asks of a mailbox, whatever stands behind it.

A mailbox is an inbox people may look into, two folders beside it ("filed" for handled mail, "held" for mail that waits
for a person) and a place where sent letters can be found again. Nothing in it is ever deleted, and no flag or
category of anybody's is changed.
"""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Literal, Protocol

from mailflow.errors import PermanentError

Target = Literal["filed", "held"]


class MessageGone(PermanentError):  # noqa: N818  (the house's word)
    """What was listed is not in the inbox (any more): somebody moved it, it changed, or the place is another mailbox's.
    """


class Evidence(StrEnum):
    """Whether a letter with this Message-ID has been sent. UNKNOWN means nobody could look."""

    FOUND = "found"
    ABSENT = "absent"
    UNKNOWN = "unknown"


class Sent(StrEnum):
    """How an attempt to send ended, where it did not raise. UNKNOWN must never be tried again without evidence."""

    ACCEPTED = "accepted"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Ref:
    """A message in the inbox: ``place`` is one line of printable ASCII that only its own mailbox understands;
    ``size`` is in bytes, as the mailbox says (a hint: servers round).
    """

    place: str
    size: int


class Mailbox(Protocol):
    """The seven things mailflow does with a mailbox. Every one may be done twice with the same effect.

    All of them raise TemporaryError when the mailbox does not answer, and ConfigError when it refuses the sign-in.
    """

    @property
    def address(self) -> str:
        """The mailbox's own address, lower case."""
        ...

    def list_new(self) -> Iterator[Ref]:
        """Everything in the inbox now, oldest first, read or unread. Own envelope copies are left out once
        ``file_own_copies`` has said which they are.
        """
        ...

    def fetch(self, ref: Ref, target: Path) -> None:
        """Write the message's bytes to ``target``, a piece at a time. Raises MessageGone, and PermanentError when this
        one message can't be read while the others can.
        """
        ...

    def file(self, ref_place: str, folder: Target) -> None:
        """Move a message out of the inbox. A message that is not there any more is no trouble."""
        ...

    def find_sent(self, message_id: str) -> Evidence:
        """Whether a letter with this Message-ID (brackets or not) was sent. Raises only Broken, for a senseless id."""
        ...

    def send(self, raw: bytes, recipient: str, message_id: str) -> Sent:
        """Send one letter to one address. TemporaryError: surely not sent, try again. PermanentError: refused."""
        ...

    def file_own_copies(self, is_ours: Callable[[str], bool]) -> int:
        """Move copies of our own letters from the inbox to where sent letters are kept; how many were moved.

        ``is_ours`` is given a Message-ID with its angle brackets.
        """
        ...

    def wait(self, seconds: float, stop: threading.Event) -> None:
        """Return after ``seconds``, or sooner when something arrived or ``stop`` is set."""
        ...

    def close(self) -> None:
        """Let go of connections. The mailbox can be used again afterwards."""
        ...
