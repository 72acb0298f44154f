"""Old Excel workbooks (xls) → Grid. The records are walked here; the library sees only the stream that was walked."""

from datetime import time

from parsers.compound import Compound, open_compound
from parsers.grid import Grid, Row
from parsers.guard import damaged
from parsers.workbook.formats import show_number
from parsers.workbook.guard import check_area
from parsers.workbook.ole import pack_stream
from parsers.workbook.records import Leaf, Records, walk_book
from parsers.workbook.rows import make_rows, plain_text
from parsers.workbook.values import Sheet, read_values
from parsers.workbook.xlsx import HIDDEN

_MOST_ENTRIES = 4_000
_PASSPORTS = ("\x05DocumentSummaryInformation", "\x05SummaryInformation")


def read_xls(data: bytes) -> Grid:
    """Every visible sheet as a table, numbered from 1. Raises UnreadableError."""
    file = _open(data)
    name = "Workbook" if "Workbook" in file.named else "Book"
    stream = file.read_named(name)
    book = walk_book(stream)
    check_area([leaf.extent() for leaf in book.leaves])
    sheets = read_values(pack_stream(name, book.settled(stream)))
    if len(sheets) != len(book.leaves):
        raise damaged("its sheets can't be told apart")
    rows: list[Row] = []
    around: list[tuple[str, str]] = []
    table = 0
    for leaf, sheet in zip(book.leaves, sheets, strict=True):
        _settle_values(leaf, sheet, book)
        if not sheet.visible:
            around.append((f"hidden sheet {sheet.name}", plain_text(sheet)))
            continue
        table += 1
        rows += make_rows(sheet, table, {})
        around += leaf.around
    remarks = tuple(remark for leaf in book.leaves for remark in leaf.remarks())
    return Grid(
        rows=tuple(rows), around=tuple((place, text) for place, text in around if text), remarks=remarks,
        passports=tuple(part.decode("latin-1") for s in _PASSPORTS if (part := file.read_named(s))), comments=len(remarks),
        oddities=_oddities(file, book, any(not sheet.visible for sheet in sheets)),
    )


def _open(data: bytes) -> Compound:
    file = open_compound(data)
    if file.count > _MOST_ENTRIES:
        raise damaged("its directory has too many entries")
    return file


def _settle_values(leaf: Leaf, sheet: Sheet, book: Records) -> None:
    """Puts in what the library leaves out: errors as they are shown, numbers in their format."""
    top, left = sheet.first
    for (row, column), text in leaf.errors.items():
        if _is_inside(sheet, row - top, column - left):
            sheet.values[row - top][column - left] = text
    for row, column in leaf.noughts:
        if _is_inside(sheet, row - top, column - left) and sheet.values[row - top][column - left] == time():
            # A day that is made of an empty one: some programs write nought for a formula's empty text.
            sheet.values[row - top][column - left] = ""
    for (row, column), style in leaf.styles.items():
        shown = book.shown(style)
        if shown and _is_inside(sheet, row - top, column - left):
            value = sheet.values[row - top][column - left]
            if isinstance(value, int | float) and not isinstance(value, bool):
                sheet.values[row - top][column - left] = show_number(value, shown)


def _is_inside(sheet: Sheet, row: int, column: int) -> bool:
    return 0 <= row < len(sheet.values) and 0 <= column < len(sheet.values[row])


def _oddities(file: Compound, book: Records, hidden: bool) -> tuple[str, ...]:
    there = (
        ("macros", any(name in file.named for name in ("VBA", "_VBA_PROJECT_CUR", "_VBA_PROJECT"))),
        ("external links", book.external),
        ("embedded objects", any(name.startswith("MBD") for name in file.named)),
        (HIDDEN, hidden),
    )
    return tuple(words for words, is_there in there if is_there)
