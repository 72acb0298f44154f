"""winmail.dat (TNEF, MS-OXTNEF): what was attached to a message that Outlook sent in its own packing.

Only attachments are looked at; the text of the mail stands beside winmail.dat in plain words. Checksums are not
verified: writers differ in them, and a document inside has its own.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from parsers.guard import LIMITS, damaged, hostile
from parsers.wrapped.packed import Packed, within_limits

MAGIC = struct.pack("<I", 0x223E9F78)
# Attributes: the code page of 8-bit text; then an attachment's beginning, short name, bytes and MAPI properties.
_CODE_PAGE, _BEGIN, _TITLE, _BYTES, _PROPERTIES = 0x9007, 0x9002, 0x8010, 0x800F, 0x9005
_LONG_NAME, _DATA, _CONTENT_ID, _METHOD, _HIDDEN = 0x3707, 0x3701, 0x3712, 0x3705, 0x7FFE
_OLE_METHOD = 6
# MAPI types: bytes of one value, padded to four; the others carry their own length.
_FIXED = {1: 0, 2: 4, 3: 4, 4: 4, 5: 8, 6: 8, 7: 8, 0xA: 4, 0xB: 4, 0x14: 8, 0x40: 8, 0x48: 16}
_TEXT_8, _TEXT_16, _BINARY, _OBJECT, _MANY = 0x1E, 0x1F, 0x102, 0x0D, 0x1000
# An object is an identity of sixteen bytes, then what it is; this one is a message, in TNEF again.
_MESSAGE = bytes.fromhex("0703020000000000C000000000000046")
LEFT_CLOSED = "A message inside a message inside a message is not opened."


@dataclass
class _Attachment:
    """One attachment while its attributes go by."""

    title: str = ""
    long_name: str = ""
    data: bytes = b""
    message: bytes = b""
    shown: bool = False
    drawn: bool = False


def unwrap_tnef(data: bytes) -> tuple[Packed, ...]:
    """The attachments, and those of messages attached to it, one level. Raises UnreadableError where it ends too soon.

    Objects drawn into the text (method OLE) are left out: they are Outlook's pictures, and nobody attached them.
    """
    return within_limits(list(_packed(data, outermost=True)))


def _packed(data: bytes, outermost: bool) -> Iterator[Packed]:
    for one in _attachments(data):
        if one.message and outermost:
            yield from _packed(one.message, outermost=False)
        elif one.message:
            yield Packed(one.long_name or one.title, b"", closed=LEFT_CLOSED)
        elif not one.drawn:
            yield Packed(one.long_name or one.title, one.data, one.shown)


def _attachments(data: bytes) -> list[_Attachment]:
    found: list[_Attachment] = []
    code = "cp1252"
    for attribute, value in _attributes(data):
        if attribute == _CODE_PAGE and len(value) >= 4:
            code = _codec(struct.unpack_from("<I", value)[0])
        elif attribute == _BEGIN:
            if len(found) == LIMITS.members:
                raise hostile(f"it has more than {LIMITS.members} parts inside")
            found.append(_Attachment(drawn=value[:2] == b"\2\0"))
        elif found and attribute == _TITLE:
            found[-1].title = value.decode(code, "replace").rstrip("\0")
        elif found and attribute == _BYTES:
            found[-1].data = value
        elif found and attribute == _PROPERTIES:
            _take_properties(found[-1], value, code)
    return found


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    """(identity, value) of each attribute: level, identity, type, length, the value, a checksum.

    There are two levels. Anything else is what a gateway added behind the end, mostly an empty line.
    """
    if not data.startswith(MAGIC):
        raise damaged("its beginning is missing")
    at = 6
    while at < len(data) and data[at] in (1, 2):
        if at + 9 > len(data):
            raise damaged("it ends too soon")
        identity, length = struct.unpack_from("<HxxI", data, at + 1)
        value = data[at + 9:at + 9 + length]
        if len(value) < length:
            raise damaged("it ends too soon")
        yield identity, value
        at += 9 + length + 2


def _take_properties(into: _Attachment, raw: bytes, code: str) -> None:
    for tag, kind, value in _properties(raw):
        if tag == _LONG_NAME and kind in (_TEXT_8, _TEXT_16):
            into.long_name = value.decode("utf-16-le" if kind == _TEXT_16 else code, "replace").rstrip("\0")
        elif (tag == _CONTENT_ID and value.strip(b"\0")) or (tag == _HIDDEN and value[:1] == b"\1"):
            into.shown = True
        elif tag == _METHOD and value[:1] == bytes([_OLE_METHOD]):
            into.drawn = True
        elif tag == _DATA and kind == _BINARY:
            into.data = into.data or value
        elif tag == _DATA and kind == _OBJECT and value.startswith(_MESSAGE):
            into.message = value[16:]


def _properties(raw: bytes) -> Iterator[tuple[int, int, bytes]]:
    """(tag, type, value) of each MAPI property; of one with many values, the first. Raises UnreadableError."""
    reader = _Reader(raw)
    for _ in range(reader.number()):
        kind, tag = struct.unpack("<HH", reader.take(4))
        if tag >= 0x8000:
            reader.skip_name()
        base = kind & ~_MANY
        carries_length = base in (_TEXT_8, _TEXT_16, _BINARY, _OBJECT)
        if not carries_length and base not in _FIXED:
            raise damaged("it holds a property of a kind that does not exist")
        count = reader.number() if carries_length or kind & _MANY else 1
        values = [reader.take(reader.number() if carries_length else _FIXED[base]) for _ in range(reader.bounded(count))]
        yield tag, base, values[0] if values else b""


@dataclass
class _Reader:
    """Reads forward; every piece is padded to four bytes."""

    raw: bytes
    at: int = 0

    def take(self, size: int) -> bytes:
        piece = self.raw[self.at:self.at + size]
        if len(piece) < size:
            raise damaged("it ends too soon")
        self.at += -(-size // 4) * 4
        return piece

    def number(self) -> int:
        return int.from_bytes(self.take(4), "little")

    def bounded(self, count: int) -> int:
        """A count of values, each of which takes some bytes: no more of them than there are bytes left."""
        if count > len(self.raw) - self.at:
            raise damaged("it ends too soon")
        return count

    def skip_name(self) -> None:
        """The name of a property that has no number of its own: a namespace, then a number or words."""
        self.take(16)
        if self.number() == 0:
            self.take(4)
        else:
            self.take(self.number())


def _codec(code_page: int) -> str:
    try:
        "".encode(f"cp{code_page}")
    except LookupError:
        return "cp1252"
    return f"cp{code_page}"
