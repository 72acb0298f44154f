"""How far a sheet really reaches, found before any foreign library sees it: one far cell would end the whole process.

The library makes room for every place between the first and the last cell, so the caps are on that rectangle. What it is
handed is a package of our own making that holds nothing but the parts that were looked at here.
"""

import re
import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from parsers.guard import damaged, hostile, too_large


@dataclass(frozen=True)
class WorkbookLimits:
    """Caps on one workbook. The largest real tool seen has 12 sheets, 400 rows and 40 columns."""

    sheets: int = 100
    rows: int = 20_000  # the last used row of a sheet
    columns: int = 500  # the last used column of a sheet
    area: int = 2_000_000  # places from the first to the last cell, all sheets together
    filled: int = 300_000  # places that hold something, all sheets together
    strings: int = 16 * 1024 * 1024  # bytes of the shared strings
    text: int = 64 * 1024 * 1024  # bytes of them once each cell has its own copy
    expanded: int = 20_000  # cells we mark one by one for a merged range or a list of choices


WORKBOOK_LIMITS = WorkbookLimits()


class Extent(NamedTuple):
    """The last row and column that can hold anything, each counted from 1; 0 for none."""

    rows: int
    columns: int


# Every row and cell without a prefix, and its reference where that stands first, as every usual writer puts it.
_USUAL = re.compile(rb'<(?:c|row)\b(?: r="([A-Z]{0,3}[0-9]{1,7})")?')
_PREFIXED = re.compile(rb":(?:c|row)[\s/>]")
_LETTERS, _DIGITS = bytes(range(65, 91)), bytes(range(48, 58))
# Anything that could be taken for a reference.
_ANY = re.compile(rb"""(?<![\w:.-])r\s*=\s*["']([^"']*)["']""")
_REFERENCE = re.compile(rb"\s*([A-Za-z]{0,3})([0-9]{1,7})\s*")
_ROW = re.compile(rb"<(?:[^\s<>/:]+:)?row[\s/>]")
_CELL = re.compile(rb"<(?:[^\s<>/:]+:)?c[\s/>]")
# A cell with a format and no content: a formatted column reaches the last row of the sheet and means nothing.
_ATTRIBUTES = rb"""(?:\s+[\w:.-]+\s*=\s*(?:"[^"<>]*"|'[^'<>]*'))*\s*"""
_BARE = re.compile(rb"<(?:c|row)" + _ATTRIBUTES + rb"(?:/>|>\s*</(?:c|row)>)")
_START = 256  # bytes in which every other encoding of "<" has shown itself
_FAR = Extent(1_048_576, 16_384)


def check_sheet(part: bytes, limits: WorkbookLimits = WORKBOOK_LIMITS) -> Extent:
    """The extent of one sheet's XML. Raises UnreadableError beyond the limits."""
    check_plain(part)
    extent = measure_sheet(part)
    if extent.rows > limits.rows or extent.columns > limits.columns:
        # Twice, since a row is bare only once its bare cells are gone.
        extent = measure_sheet(_BARE.sub(b"", _BARE.sub(b"", part)))
    check_extent(extent, limits)
    return extent


def check_extent(extent: Extent, limits: WorkbookLimits = WORKBOOK_LIMITS) -> None:
    if extent.rows > limits.rows:
        raise too_large(f"a sheet has something in row {extent.rows}")
    if extent.columns > limits.columns:
        raise too_large(f"a sheet has something in column {extent.columns}")


def check_area(extents: list[Extent], limits: WorkbookLimits = WORKBOOK_LIMITS) -> None:
    """All sheets together."""
    if len(extents) > limits.sheets:
        raise too_large(f"it has {len(extents)} sheets")
    area = sum(rows * columns for rows, columns in extents)
    if area > limits.area:
        raise too_large(f"its sheets have room for {area} cells")


def check_plain(part: bytes) -> None:
    """No DOCTYPE anywhere, and an encoding in which "<" is one byte. Raises UnreadableError.

    Looked for in the whole part and not only before the root: a comment of any length may stand in between.
    """
    if b"<!DOCTYPE" in part:
        raise hostile("it declares entities, which a form never needs")
    if b"\0" in part[:_START]:
        raise damaged("a sheet is written in a way no spreadsheet program writes")


def measure_sheet(part: bytes) -> Extent:
    """An upper bound of what the sheet uses; exact where every cell says where it stands."""
    found = _USUAL.findall(part)
    if not found and not _PREFIXED.search(part):
        return Extent(0, 0)
    # Taken apart all at once: a loop over the references would take as long as the library's whole reading.
    text = b" ".join(found)
    # Two spaces: a row or cell between them did not say where it stands.
    if b"  " in b" %b " % text or _PREFIXED.search(part):
        return _guess(part)
    rows, columns = set(text.translate(None, _LETTERS).split()), set(text.translate(None, _DIGITS).split())
    return Extent(max(map(int, rows), default=0), max(map(column_number, columns), default=0))


def _guess(part: bytes) -> Extent:
    """Cells that don't say where they stand go after the one before: at most so many more rows and columns."""
    largest = Extent(0, 0)
    for text in set(_ANY.findall(part)):
        found = _REFERENCE.fullmatch(text)
        if found:
            largest = Extent(max(largest.rows, int(found[2])), max(largest.columns, column_number(found[1])))
        elif any(48 <= letter <= 57 for letter in text):
            return _FAR
    starts = [m.start() for m in _ROW.finditer(part)]
    stretches = zip([0, *starts], [*starts, len(part)], strict=True)
    widest = max(sum(1 for _ in _CELL.finditer(part, a, b)) for a, b in stretches)
    return Extent(largest.rows + len(starts), largest.columns + widest)


def column_number(letters: bytes) -> int:
    """b"A" → 1, b"AA" → 27, b"" → 0."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def pack(parts: Mapping[str, bytes]) -> bytes:
    """A zip of these parts, stored: name → bytes. ``zipfile`` would take longer than the library's whole reading."""
    members: list[bytes] = []
    directory: list[bytes] = []
    at = 0
    for name, part in parts.items():
        label = name.encode()
        common = struct.pack("<HHHHHIIIHH", 20, 0, 0, 0, 33, zlib.crc32(part), len(part), len(part), len(label), 0)
        members += (b"PK\x03\x04", common, label, part)
        directory += (b"PK\x01\x02\x14\x00", common, struct.pack("<HHHII", 0, 0, 0, 0, at), label)
        at += 30 + len(label) + len(part)
    listed = b"".join(directory)
    end = struct.pack("<HHHHIIH", 0, 0, len(parts), len(parts), len(listed), at, 0)
    return b"".join((*members, listed, b"PK\x05\x06", end))
