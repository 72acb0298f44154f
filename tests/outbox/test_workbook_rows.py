"""Rows of a sheet that goes out are high enough for what stands in them, in programs that do not work it out themselves."""

import io
from datetime import UTC, date, datetime

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from outbox.sheets.leaves import Leaf, make_leaves
from outbox.sheets.workbook import make_workbook

AT = datetime(2026, 9, 1, tzinfo=UTC)
LINE = 14  # points of a line of 11 point, at least


def sheet_of(*rows: tuple[str | date, ...]) -> Worksheet:
    sheet = load_workbook(io.BytesIO(make_workbook("Sheet", (("Short", 12), ("Long", 34)), rows, AT))).active
    assert isinstance(sheet, Worksheet)
    return sheet


def test_a_row_has_room_for_its_longest_text() -> None:
    told = "Practitioner, team manager, chair or service manager"
    sheet = sheet_of((date(2026, 9, 30), told), ("one\ntwo\nthree", "x"), ("-", "word " * 60))
    heights = [sheet.row_dimensions[n].height for n in (2, 3, 4)]
    for height, lines in zip(heights, (2, 3, 10), strict=True):
        assert height is not None and height >= lines * LINE


def test_a_row_of_one_line_is_left_alone_and_none_is_higher_than_a_workbook_allows() -> None:
    sheet = sheet_of(("CP", "Harbour"), ("", "word " * 6000))
    assert sheet.row_dimensions[2].height is None and sheet.row_dimensions[3].height == 409


def test_a_heading_that_wraps_has_room_too() -> None:
    short, long = (("Cases", 12),), (("Away on the opening day", 14),)
    for headings, lines in ((short, 0), (long, 2)):
        for data in (make_workbook("Sheet", headings, [("x",)], AT), make_leaves("Sheet", [Leaf("Sheet", headings, [("x",)])], AT)):
            sheet = load_workbook(io.BytesIO(data)).active
            assert isinstance(sheet, Worksheet)
            assert (sheet.row_dimensions[1].height or 0) >= lines * LINE


def test_a_long_sheet_gives_its_rows_room_as_a_short_one_does() -> None:
    rows = (("CP", "word " * 60), ("CP", "Harbour"), ("CP", "one\ntwo\nthree"))
    headings = (("Short", 12), ("Long", 34))
    long = load_workbook(io.BytesIO(make_leaves("Sheet", [Leaf("Sheet", headings, rows)], AT))).active
    assert isinstance(long, Worksheet)
    short = sheet_of(*rows)
    assert [long.row_dimensions[n].height for n in range(2, 5)] == [short.row_dimensions[n].height for n in range(2, 5)]
