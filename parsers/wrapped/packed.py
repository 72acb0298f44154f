"""What a wrapper holds, as a value; its readers (TNEF, Outlook's .msg, zip) are modules of their own."""

from collections.abc import Sequence
from dataclasses import dataclass

from parsers.guard import LIMITS, too_large

# More documents than this nobody sends in one wrapper: a year of audits is far fewer.
MOST_DOCUMENTS = 100


@dataclass(frozen=True)
class Packed:
    """One thing inside a wrapper. ``name`` is the sender's words: data, never a path; "" where there is none.

    ``shown`` is True for what the wrapped message shows in its text (an inline logo), which nobody attached.
    ``closed`` says in one sentence why it was not opened, "" for everything else; then ``data`` may be empty.
    """

    name: str
    data: bytes
    shown: bool = False
    closed: str = ""


def within_limits(packed: Sequence[Packed]) -> tuple[Packed, ...]:
    """The same, unless it is more than any wrapper should hold: then UnreadableError (too large)."""
    if len(packed) > MOST_DOCUMENTS:
        raise too_large(f"it holds {len(packed)} documents")
    if sum(len(p.data) for p in packed) > LIMITS.whole:
        raise too_large("what it holds is larger than any form")
    return tuple(packed)
