"""Excel's own packages (xlsx, xlsm, strict) → Grid."""

import re
from collections.abc import Mapping
from itertools import chain

from parsers.grid import Grid, Row
from parsers.guard import Package
from parsers.workbook.book import Book, Page, open_book, repack
from parsers.workbook.choices import find_choices
from parsers.workbook.extras import find_around, find_margins, find_oddities, find_passports, find_remarks
from parsers.workbook.formats import Shown, Value, find_formats, show_number
from parsers.workbook.guard import column_number
from parsers.workbook.rows import Controls, make_room, make_rows, plain_text
from parsers.workbook.ticks import find_ticks
from parsers.workbook.values import Sheet, read_values

UNCALCULATED = "formulas that were never calculated"
HIDDEN = "hidden sheets"
_REFERENCE = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"')
_ERROR = re.compile(rb'<(?:[^\s<>/:]+:)?c\s([^>]*\bt="e"[^>]*)>.*?<(?:[^\s<>/:]+:)?v>([^<]*)<', re.DOTALL)
_STYLED = re.compile(rb'<(?:[^\s<>/:]+:)?c\s([^>]*\bs="([0-9]+)"[^>]*)>')
# The end of a formula behind which no value stands. Begins with letters, so that most of a sheet is skipped at once.
_BEHIND = rb"\s*<(?:/(?:[^\s<>/:]+:)?c>|(?:[^\s<>/:]+:)?v(?:\s*/>|>\s*</))"
_NO_VALUE = re.compile(rb"f>" + _BEHIND)
_NO_VALUE_SHARED = re.compile(rb"<(?:[^\s<>/:]+:)?f\b[^>]*/>" + _BEHIND)


def read_xlsx(package: Package, *, careful: bool = False) -> Grid:
    """Every visible sheet as a table, numbered from 1. Raises UnreadableError."""
    book = open_book(package)
    sheets = [sheet._replace(name=page.name) for page, sheet in zip(book.pages, read_values(repack(book)), strict=True)]
    formats = find_formats(book.styles)
    # One text of all names: most workbooks have none of the rarer parts, and are not asked for each of them.
    names = "\n".join(package.members).lower()
    rows: list[Row] = []
    around: list[tuple[str, str]] = []
    table = 0
    for page, sheet in zip(book.pages, sheets, strict=True):
        _settle_values(page.part, sheet, formats)
        if not page.visible:
            around.append((f"hidden sheet {page.name}", plain_text(sheet)))
            continue
        table += 1
        controls = find_ticks(package, page) if "/ctrlprops/" in names else {}
        if careful:
            _add_choices(controls, book, page, sheets)
        rows += make_rows(make_room(sheet, controls) if controls else sheet, table, controls)
        around += find_margins(page.part)
    around += find_around(package, book.folder) if "/drawing" in names else ()
    remarks = find_remarks(package, book.folder) if "comment" in names else ()
    return Grid(
        rows=tuple(rows), around=tuple([pair for pair in around if pair[1]]), remarks=remarks,
        passports=find_passports(package), comments=len(remarks), oddities=_oddities(package, book, names),
    )


def _add_choices(controls: Controls, book: Book, page: Page, sheets: list[Sheet]) -> None:
    for place, control in find_choices(book, page, sheets).items():
        controls[place] = (*controls.get(place, ()), control)


def _oddities(package: Package, book: Book, names: str) -> tuple[str, ...]:
    found = list(find_oddities(package, book, names))
    if not all(page.visible for page in book.pages):
        found.append(HIDDEN)
    if any(_is_uncalculated(page.part) for page in book.pages):
        found.append(UNCALCULATED)
    return tuple(found)


def _is_uncalculated(part: bytes) -> bool:
    """Whether some formula has no value. A calculated text that is empty says so with its type, "str"."""
    shared = b"<f " in part or b":f " in part
    if not shared and b"f>" not in part:
        return False
    for end in chain(_NO_VALUE.finditer(part), _NO_VALUE_SHARED.finditer(part) if shared else ()):
        start = max(part.rfind(b"<c ", 0, end.start()), part.rfind(b":c ", 0, end.start()))
        if b't="str"' not in part[start:part.find(b">", start)]:
            return True
    return False


def _settle_values(part: bytes, sheet: Sheet, formats: Mapping[bytes, Shown]) -> None:
    """Puts in what the library leaves out: errors as they are shown, numbers in their format."""
    if b't="e"' in part:
        for attributes, shown in _ERROR.findall(part):
            _put(sheet, attributes, shown.decode("utf-8", "replace"))
    if formats and any(b's="%b"' % style in part for style in formats):
        for attributes, style in _STYLED.findall(part):
            if style in formats:
                value = _get(sheet, attributes)
                if isinstance(value, int | float) and not isinstance(value, bool):
                    _put(sheet, attributes, show_number(value, formats[style]))


def _at(sheet: Sheet, attributes: bytes) -> tuple[int, int] | None:
    """Where in the sheet's values a cell with these attributes stands; None outside or where it doesn't say."""
    found = _REFERENCE.search(attributes)
    if found is None:
        return None
    row, column = int(found[2]) - 1 - sheet.first[0], column_number(found[1]) - 1 - sheet.first[1]
    return (row, column) if 0 <= row < len(sheet.values) and 0 <= column < len(sheet.values[row]) else None


def _get(sheet: Sheet, attributes: bytes) -> Value:
    at = _at(sheet, attributes)
    return sheet.values[at[0]][at[1]] if at else ""


def _put(sheet: Sheet, attributes: bytes, text: str) -> None:
    at = _at(sheet, attributes)
    if at:
        sheet.values[at[0]][at[1]] = text
