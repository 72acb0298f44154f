"""The data of a form field of Word 97 in a binary document: whether it is ticked, which entry was chosen."""

import struct

from parsers.word.symbols import TICKED, UNTICKED

_TICK, _LIST = 1, 2
_FROM_DEFAULT = 25
_MOST_ENTRIES = 100


def read_field(data: bytes, at: int) -> str | None:
    """What the field at this offset of the stream Data shows; None where there is no field of a kind we know.

    Raises struct.error for one that is cut off.
    """
    if not 0 <= at < len(data):
        return None
    size, header = struct.unpack_from("<IH", data, at)
    field = data[at + header:at + size]
    if len(field) < 10 or not field.startswith(b"\xff\xff\xff\xff"):
        return None
    (bits,) = struct.unpack_from("<H", field, 4)
    kind, state = bits & 3, bits >> 2 & 31
    if kind not in (_TICK, _LIST):
        return None
    position = _after_text(field, 10)
    (default,) = struct.unpack_from("<H", field, position)
    chosen = default if state == _FROM_DEFAULT else state
    if kind == _TICK:
        return TICKED if chosen else UNTICKED
    position += 2
    for _ in range(5):
        position = _after_text(field, position)
    entries = _entries(field, position)
    return entries[chosen] if chosen < len(entries) else ""


def _after_text(field: bytes, at: int) -> int:
    """Where a text ends that begins with its length and ends with a zero."""
    return int(at + 2 + 2 * struct.unpack_from("<H", field, at)[0] + 2)


def _entries(field: bytes, at: int) -> list[str]:
    _, count, extra = struct.unpack_from("<HHH", field, at)
    at, found = at + 6, []
    for _ in range(min(count, _MOST_ENTRIES)):
        (length,) = struct.unpack_from("<H", field, at)
        found.append(field[at + 2:at + 2 + 2 * length].decode("utf-16-le", "replace"))
        at += 2 + 2 * length + extra
    return found
