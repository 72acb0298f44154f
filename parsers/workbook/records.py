"""The records of an old Excel stream: how far each sheet reaches, and what the library does not tell of it."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from mailflow.model import Unreadable
from parsers.guard import damaged, refuse, too_large
from parsers.workbook.extras import plain_margin
from parsers.workbook.formats import Shown, built_in, parse_format
from parsers.workbook.guard import WORKBOOK_LIMITS, Extent, check_extent

_EOF, _BOF, _CONTINUE, _FILEPASS, _SHEET, _FORMAT, _XF, _SUPBOOK = 0x0A, 0x809, 0x3C, 0x2F, 0x85, 0x41E, 0xE0, 0x1AE
_FORMULA, _NUMBER, _RK, _MANY_RK, _ERROR, _DIMENSIONS = 0x06, 0x203, 0x27E, 0xBD, 0x205, 0x200
_HEADER, _FOOTER, _NOTE, _OBJECT, _DRAWN_TEXT = 0x14, 0x15, 0x1C, 0x5D, 0x1B6
# Records that begin with a row and a column.
_CELLS = frozenset({_FORMULA, _NUMBER, _RK, _ERROR, 0xFD, 0x204, 0xD6})
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
_MOST = 1_000_000  # records in a stream
_NOTE_OBJECT = 0x19
_EXCEL_97 = b"\x00\x06"
_OWN = (b"\x01\x04", b"\x01\x3a")  # a SUPBOOK that stands for the workbook itself, or for its add-ins


@dataclass
class Leaf:
    """One worksheet's records. Places are (row, column) from 0; ``styles`` name the XF of each number."""

    rows: int = 0
    columns: int = 0
    filled: int = 0
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    styles: dict[tuple[int, int], int] = field(default_factory=dict)
    # Where a formula's last value is nought.
    noughts: set[tuple[int, int]] = field(default_factory=set)
    around: list[tuple[str, str]] = field(default_factory=list)
    # Object number → text of a comment, and → who wrote it.
    notes: dict[int, str] = field(default_factory=dict)
    writers: dict[int, str] = field(default_factory=dict)
    dimensions: list[tuple[int, int]] = field(default_factory=list)

    def extent(self) -> Extent:
        return Extent(self.rows, self.columns)

    def reach(self, row: int, column: int) -> None:
        self.rows, self.columns = max(self.rows, row + 1), max(self.columns, column + 1)
        self.filled += 1
        if self.filled > WORKBOOK_LIMITS.filled:
            raise too_large("a sheet holds more cells than any form")

    def remarks(self) -> list[tuple[str, str]]:
        return [(self.writers.get(number, ""), text) for number, text in self.notes.items()]


@dataclass
class Records:
    """The whole stream: sheets in order, number formats, and whether other workbooks are drawn upon."""

    leaves: list[Leaf] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    formats: dict[int, Shown | None] = field(default_factory=dict)
    xfs: list[int] = field(default_factory=list)
    external: bool = False
    # Excel 95 and before wrote texts in another way; of those the library's values are all that is read.
    modern: bool = True

    def shown(self, style: int) -> Shown | None:
        number = self.xfs[style] if style < len(self.xfs) else 0
        return self.formats[number] if number in self.formats else built_in(number)

    def settled(self, stream: bytes) -> bytes:
        """The stream with true dimensions: the library makes room for whatever they claim."""
        patched = bytearray(stream)
        for leaf in self.leaves:
            for at, size in leaf.dimensions:
                form = "<IIHHH" if size == 14 else "<HHHHH"
                patched[at:at + size] = struct.pack(form, 0, leaf.rows, 0, leaf.columns, 0)
        return bytes(patched)


def walk_book(stream: bytes) -> Records:
    """Raises UnreadableError for a stream that is protected, broken or too large."""
    try:
        return _walk(stream)
    except (struct.error, IndexError, UnicodeDecodeError) as e:
        raise damaged("its records can't be read") from e


def _walk(stream: bytes) -> Records:
    book = Records()
    for kind, at, body in _records(stream, 0):
        if kind == _FILEPASS:
            raise refuse(Unreadable.ENCRYPTED, "This document is protected with a password.")
        if kind == _SHEET and body[5] == 0:
            book.starts.append(struct.unpack_from("<I", body)[0])
        elif kind == _BOF:
            book.modern = body[:2] == _EXCEL_97
        elif kind == _FORMAT and book.modern and len(body) > 5:
            book.formats[struct.unpack_from("<H", body)[0]] = parse_format(_text(body, 2))
        elif kind == _XF and book.modern:
            book.xfs.append(struct.unpack_from("<H", body, 2)[0])
        elif kind == _SUPBOOK and body[2:4] not in _OWN:
            book.external = True
        del at
    if len(book.starts) > WORKBOOK_LIMITS.sheets:
        raise too_large(f"it has {len(book.starts)} sheets")
    # From where the library will begin, and not from where the sheet before ended: the two may be made to differ.
    book.leaves = [_leaf(stream, start, book.modern) for start in book.starts]
    return book


def _records(stream: bytes, at: int) -> Iterator[tuple[int, int, bytes]]:
    """(kind, where its body begins, body) up to the end of what begins here; a chart inside a sheet ends on its own."""
    depth = 0
    for _ in range(_MOST):
        if at + 4 > len(stream):
            raise damaged("it was cut off")
        kind, size = struct.unpack_from("<HH", stream, at)
        depth += (kind == _BOF) - (kind == _EOF)
        if kind == _EOF and depth <= 0:
            return
        yield kind, at + 4, stream[at + 4:at + 4 + size]
        at += 4 + size
    raise too_large("it has more records than any form")


def _leaf(stream: bytes, start: int, modern: bool) -> Leaf:
    leaf = Leaf()
    drawn = (0, 0)
    awaited = 0
    for kind, at, body in _records(stream, start):
        if kind in _CELLS:
            _take_cell(leaf, kind, body)
        elif kind == _MANY_RK:
            row, first = struct.unpack_from("<HH", body)
            for n in range((len(body) - 6) // 6):
                leaf.reach(row, first + n)
                leaf.styles[row, first + n] = struct.unpack_from("<H", body, 4 + 6 * n)[0]
        elif kind == _DIMENSIONS and len(body) in (10, 14):
            leaf.dimensions.append((at, len(body)))
        elif not modern:
            continue
        elif kind == _OBJECT and body[:2] == b"\x15\x00":
            drawn = struct.unpack_from("<HH", body, 4)
        elif kind == _DRAWN_TEXT and len(body) >= 12:
            awaited = struct.unpack_from("<H", body, 10)[0]
        elif kind == _CONTINUE and awaited:
            _take_drawn(leaf, drawn, _letters(body, 0, awaited))
            awaited = 0
        else:
            _take_rarer(leaf, kind, body)
    check_extent(leaf.extent())
    return leaf


def _take_cell(leaf: Leaf, kind: int, body: bytes) -> None:
    row, column, style = struct.unpack_from("<HHH", body)
    leaf.reach(row, column)
    if kind in (_NUMBER, _RK, _FORMULA):
        leaf.styles[row, column] = style
    if kind == _ERROR and body[7] == 1:
        leaf.errors[row, column] = _ERRORS.get(body[6], "#ERROR")
    elif kind == _FORMULA and body[12:14] == b"\xff\xff" and body[6] == 2:
        leaf.errors[row, column] = _ERRORS.get(body[8], "#ERROR")
    elif kind == _FORMULA and not any(body[6:14]):
        leaf.noughts.add((row, column))


def _take_drawn(leaf: Leaf, drawn: tuple[int, int], text: str) -> None:
    kind, number = drawn
    if kind == _NOTE_OBJECT:
        leaf.notes[number] = text
    else:
        leaf.around.append(("text box", text))


def _take_rarer(leaf: Leaf, kind: int, body: bytes) -> None:
    if kind in (_HEADER, _FOOTER) and len(body) > 3:
        leaf.around.append(("page header" if kind == _HEADER else "page footer", plain_margin(_text(body, 0))))
    elif kind == _NOTE and len(body) > 10:
        leaf.writers[struct.unpack_from("<H", body, 6)[0]] = _text(body, 8)


def _text(body: bytes, at: int) -> str:
    """A text with its length in two bytes before it."""
    return _letters(body, at + 2, struct.unpack_from("<H", body, at)[0])


def _letters(body: bytes, at: int, count: int) -> str:
    """One byte says whether a letter has two bytes or one."""
    if body[at] & 1:
        return body[at + 1:at + 1 + 2 * count].decode("utf-16-le", "replace").replace("\r\n", "\n").strip()
    return body[at + 1:at + 1 + count].decode("latin-1").replace("\r\n", "\n").strip()
