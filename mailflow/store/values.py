"""Values ↔ text in the store: UTC ISO times, ISO days, JSON by the house's codec.

:func:`to_text` writes the very text ``json.dumps(to_plain(value))`` would (a test holds the two together), letting the
C encoder walk the value: it stands inside the atomic step, where every microsecond is paid for each mail.
"""

import dataclasses
import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any, TypeVar

from mailflow.errors import Broken
from mailflow.model.codec import from_plain, to_plain

T = TypeVar("T")


def to_moment(at: datetime) -> str:
    """An aware time as UTC ISO text of one width, so that text order is time order. A naive time raises Broken."""
    if at.tzinfo is UTC:
        return at.isoformat(timespec="microseconds")
    if at.tzinfo is None:
        raise Broken("a time without its zone cannot be stored")
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def to_moment_or_none(at: datetime | None) -> str | None:
    return None if at is None else to_moment(at)


def from_moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def from_moment_or_none(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def to_column(text: str) -> str:
    """Text from outside, fit for a column: half characters and NUL (PostgreSQL refuses it) become U+FFFD."""
    if text.isascii() and "\0" not in text:
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "\ufffd")


def to_address(text: str) -> str:
    """Addresses are compared in lower case."""
    return to_column(text.strip().lower())


def to_text(value: Any) -> str:
    """A frozen value as JSON text (ASCII, no spaces). What the codec does not know raises Broken."""
    return _ENCODER.encode(value)


def from_text(kind: type[T], text: str) -> T:
    """The inverse of :func:`to_text`. Text that does not fit ``kind`` raises Broken."""
    try:
        return from_plain(kind, json.loads(text))
    except (ValueError, TypeError, KeyError, AttributeError) as e:
        raise Broken(f"a stored {kind.__name__} cannot be read back: {e}") from e


def from_texts(kind: type[T], texts: Sequence[str]) -> tuple[T, ...]:
    """:func:`from_text` of each, read as one piece of JSON."""
    try:
        found = tuple(from_plain(kind, plain) for plain in json.loads(f"[{','.join(texts)}]"))
    except (ValueError, TypeError, KeyError, AttributeError):
        found = ()
    # Where one of them is broken, reading it by itself says what is wrong.
    return found if len(found) == len(texts) else tuple(from_text(kind, text) for text in texts)


def _plain(value: Any) -> Any:
    """What the JSON encoder asks for when it meets something that is not JSON: one layer of the codec's ``to_plain``."""
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        # Frozen values without slots hold their fields here and nothing else, in order.
        return vars(value)
    if isinstance(value, (set, frozenset)):
        return sorted(to_plain(v) for v in value)
    if isinstance(value, Enum):
        return value.value
    raise Broken(f"no plain form for {type(value).__name__}")


# The values are trees, so looking for circles would only cost time.
_ENCODER = json.JSONEncoder(default=_plain, separators=(",", ":"), check_circular=False)
