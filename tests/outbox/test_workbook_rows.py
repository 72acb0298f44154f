"""Rows of a sheet that goes out are high enough for what stands in them, in programs that do not work it out themselves."""

import io
from datetime import UTC, date, datetime

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

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
