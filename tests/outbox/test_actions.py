"""The action list (DOC-38): a sheet a manager can sort, in which nothing an auditor typed is ever a formula."""

import io

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from outbox.sheets.actions import compose_actions
from tests.outbox.document_scene import ROW, make_scene


def sheet_of(*rows: dict[str, str], marking: str = "") -> Worksheet:
    book = openpyxl.load_workbook(io.BytesIO(compose_actions(make_scene(rows=rows, marking=marking)).data))
    assert len(book.worksheets) == 1
    return book.worksheets[0]


def column(sheet: Worksheet, head: str) -> list[object]:
    place = [c.value for c in sheet[1]].index(head)
    return [row[place].value for row in sheet.iter_rows(min_row=2)]


def test_the_name_carries_the_reference_alone() -> None:
    made = compose_actions(make_scene())
    assert made.name == "actions-2606-001C.xlsx"
    assert made.kind == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def test_each_action_stands_with_its_audit_and_owner() -> None:
    sheet = sheet_of(ROW, {"text": "Visit the father", "owner": "", "due": "soon"})
    assert column(sheet, "Reference") == ["2606-001C"] * 2
    assert column(sheet, "Case number") == ["N-40117"] * 2
    assert column(sheet, "Action") == ["Bring the chronology up to date", "Visit the father"]
    assert column(sheet, "Owner") == ["Social worker", "Not given"]
    assert column(sheet, "Due")[1] == "soon"


@pytest.mark.parametrize("words", [
    "=1+1", "=HYPERLINK(\"http://bad.example\",\"x\")", "+44 1632", "-1", "@SUM(A1)", "\t=1", "#N/A", "=cmd|' /C calc'!A0"])
def test_nothing_typed_is_a_formula(words: str) -> None:
    sheet = sheet_of({"text": words, "owner": words, "due": words})
    typed = [c for row in sheet.iter_rows(min_row=2) for c in row if str(c.value).strip() == words.strip()]
    assert len(typed) == 3
    for cell in typed:
        assert cell.data_type == "s"
        if words[0] != "#":
            assert cell.quotePrefix


def test_no_cell_of_any_sheet_holds_a_formula() -> None:
    sheet = sheet_of(*({"text": f"{start}x", "owner": "A", "due": "2026-07-20"} for start in "=+-@"))
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


def test_control_characters_cost_nothing() -> None:
    assert column(sheet_of({"text": "ring\x07 him\x00", "owner": "A", "due": "soon"}), "Action") == ["ring him"]


def test_an_endless_answer_fits_a_cell() -> None:
    [found] = column(sheet_of({"text": "x" * 40_000, "owner": "A", "due": "soon"}), "Action")
    assert 0 < len(str(found)) <= 32_767


def test_the_heading_row_is_bold_stays_in_sight_and_repeats_in_print() -> None:
    sheet = sheet_of(ROW)
    assert sheet.freeze_panes == "A2" and sheet.print_title_rows in ("1:1", "$1:$1")
    assert all(cell.font.b for cell in sheet[1])
    assert all(dimension.width >= 9 for dimension in sheet.column_dimensions.values())


def test_the_document_says_its_title_and_language() -> None:
    book = openpyxl.load_workbook(io.BytesIO(compose_actions(make_scene()).data))
    assert book.properties.title and book.properties.language == "en-GB"


def test_the_marking_is_in_the_printed_header_where_set() -> None:
    assert sheet_of(ROW, marking="OFFICIAL").oddHeader.center.text == "OFFICIAL"


def test_no_actions_makes_a_sheet_with_headings_alone() -> None:
    assert sheet_of().max_row == 1


def test_the_same_actions_make_the_same_bytes() -> None:
    assert compose_actions(make_scene()).data == compose_actions(make_scene()).data


def test_a_settled_day_is_a_real_date_and_anything_else_is_text() -> None:
    sheet = sheet_of(ROW, {"text": "Visit", "owner": "A", "due": "soon"})
    place = [c.value for c in sheet[1]].index("Due")
    day, words = sheet[2][place], sheet[3][place]
    assert day.is_date and day.value.date().isoformat() == "2026-07-20" and day.number_format == "dd/mm/yyyy"
    assert (words.value, words.data_type) == ("soon", "s")
