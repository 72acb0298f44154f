"""Workbooks out: text cells only, the same bytes for the same content.

A cell that begins with = + - or @ would be a formula in somebody's spreadsheet; here every cell is written as text, and
such a cell is also marked with the quote prefix, so that it stays text when a person edits it.
"""

import io
import re
import textwrap
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")
LONGEST = 32_000
_STAMP = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")
_PLAIN, _WRAPPED = Font(name="Arial"), Alignment(wrap_text=True, vertical="top")
# Points: a line of 11 point, and the highest row a workbook may have.
_LINE, _HIGHEST = 14.5, 409
EPOCH = (1980, 1, 1, 0, 0, 0)


def make_workbook(title: str, headings: Sequence[tuple[str, int]], rows: Iterable[Sequence[str | date]], at: datetime,
                  marking: str = "") -> bytes:
    """One sheet: a heading row that repeats on every printed page, then text rows. ``headings`` are (words, width)."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = title[:31]
    book.properties.title = title
    book.properties.language = "en-GB"
    book.properties.creator = "mailflow"
    for column, (words, width) in enumerate(headings, 1):
        cell = _write(sheet, 1, column, words)
        cell.font = Font(name="Arial", bold=True)
        cell.fill = PatternFill("solid", fgColor="E7EBF0")
        sheet.column_dimensions[get_column_letter(column)].width = width
    _make_room(sheet, 1, [words for words, _ in headings], headings)
    for number, row in enumerate(rows, 2):
        for column, text in enumerate(row, 1):
            if isinstance(text, date):
                _write_day(sheet, number, column, text)
            else:
                _write(sheet, number, column, text)
        _make_room(sheet, number, row, headings)
    _lay_out(sheet, marking)
    return _same_bytes(book, at)


def _write(sheet: Worksheet, row: int, column: int, text: str) -> Cell:
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell)
    clean = ILLEGAL_CHARACTERS_RE.sub("", text)[:LONGEST]
    cell.value = clean
    # openpyxl takes a text that begins with "=" for a formula, and "#N/A" for a fault.
    cell.data_type = "s"
    cell.font, cell.alignment = _PLAIN, _WRAPPED
    if clean.startswith(DANGEROUS):
        cell.quotePrefix = True
    return cell


def _make_room(sheet: Worksheet, number: int, row: Sequence[str | date], headings: Sequence[tuple[str, int]]) -> None:
    lines = max((count_lines(text, width) for text, (_, width) in zip(row, headings, strict=True)
                 if isinstance(text, str)), default=1)
    if lines > 1:
        sheet.row_dimensions[number].height = height_of(lines)


def count_lines(text: str, width: int) -> int:
    """Lines of a text in a column of that width in characters, with a little to spare for wide letters."""
    room = width - 2
    if len(text) <= room and "\n" not in text:
        return 1
    return sum(1 if len(line) <= room else len(textwrap.wrap(line, room)) for line in text.split("\n"))


def height_of(lines: int) -> float:
    """A row's height in points: not every program works it out where a text wraps, and lines would lie on each other."""
    return min(lines * _LINE + 2, _HIGHEST)


def _write_day(sheet: Worksheet, row: int, column: int, day: date) -> None:
    """A real date, so that a manager can sort by it; shown day first."""
    cell = sheet.cell(row, column, day)
    cell.number_format = "dd/mm/yyyy"
    cell.font = _PLAIN
    cell.alignment = Alignment(horizontal="left", vertical="top")


def _lay_out(sheet: Worksheet, marking: str) -> None:
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    # An ampersand opens a command in a printed header.
    for part, text in ((sheet.oddHeader, marking.replace("&", "&&")), (sheet.oddFooter, "Page &P of &N")):
        assert part is not None
        part.center.text = text or None


def _same_bytes(book: Workbook, at: datetime) -> bytes:
    """openpyxl writes the clock into the package: put ``at`` there instead."""
    raw, out = io.BytesIO(), io.BytesIO()
    book.save(raw)
    stamp = at.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    with zipfile.ZipFile(raw) as made, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as fixed:
        for name in made.namelist():
            data = made.read(name)
            if name == "docProps/core.xml":
                data = _STAMP.sub(rb"\g<1>" + stamp, data)
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            fixed.writestr(entry, data)
    return out.getvalue()
