"""Worksheets whose labels somebody changed, as a whole: label by label they are found where they stood."""

import io
import struct

import openpyxl
import pytest

from mailflow.form.definition import FormDefinition
from mailflow.form.load import read_form
from mailflow.model import Reading
from parsers.compile.worksheet import tell_widths
from parsers.read import read_document
from parsers.workbook.document import read_workbook
from tests.parsers.workbooks import book, record, sheet, text_cell, xls

FORM: FormDefinition = read_form({
    "id": "sheet", "edition": "1", "title": "Dip sample", "printed": ["asked her known views", "looked plan", "others shared told"], "sections": [
        {"id": "head", "title": "Dip sample", "items": [
            {"id": "child", "label": "Name of the child", "kind": "text"}, {"id": "ref", "label": "Case ID", "kind": "text"},
            {"id": "team", "label": "Team", "kind": "text"}, {"id": "by", "label": "Auditor", "kind": "text"}]},
        {"id": "areas", "title": "Areas", "columns": [
            {"id": "seen", "label": "What you saw", "kind": "notes"}, {"id": "rating", "label": "Rating", "kind": "grade"}],
         "items": [{"id": i, "label": label, "columns": ["seen", "rating"]} for i, label in (
             ("plan", "Planning"), ("voice", "Her own voice"), ("agencies", "Other agencies"))]},
    ]}, "sheet")
ROWS: list[list[str]] = [
    ["Dip sample"], ["Name of the child", "Ella", "Case ID", "N42"], ["Team", "North", "Auditor", "Bo"], [],
    ["Areas", "", "What you saw", "Rating"], ["Planning", "Was the plan looked at?", "Clear", "Good"],
    ["Her own voice", "Are her views asked and known?", "Often", "Outstanding"],
    ["Other agencies", "Were others told, was it shared?", "School only", "Good"],
]


def read(rows: list[list[str]]) -> Reading:
    made = openpyxl.Workbook()
    for line in rows:
        made.active.append(line)  # type: ignore[union-attr]
    out = io.BytesIO()
    made.save(out)
    return read_document(out.getvalue(), "sheet.xlsx", (FORM,))


def texts(reading: Reading) -> dict[str, str]:
    return {k: a.text for k, a in reading.answers.items()}


@pytest.mark.parametrize(("row", "column", "label"), [(1, 2, "Number in our system"), (2, 2, "Who looked"), (6, 0, "Wishes and feelings")])
def test_one_label_changed_altogether_is_found_where_it_stood(row: int, column: int, label: str) -> None:
    rows = [list(line) for line in ROWS]
    rows[row][column] = label
    assert texts(read(rows)) == texts(read(ROWS)) and "" not in texts(read(ROWS)).values()


def test_a_row_taken_out_gives_its_answer_to_nobody() -> None:
    wanted = {k: v for k, v in texts(read(ROWS)).items() if not k.startswith("agencies")}
    assert {k: v for k, v in texts(read(ROWS[:-1])).items() if v} == wanted


def test_a_hidden_list_of_choices_is_nothing_anybody_typed() -> None:
    made = openpyxl.Workbook()
    for line in ROWS:
        made.active.append(line)  # type: ignore[union-attr]
    hidden = made.create_sheet("Lists")
    hidden.sheet_state = "hidden"
    for n, word in enumerate(("Outstanding", "Good", "Inadequate"), 1):
        hidden.cell(n, 1, word)
    out = io.BytesIO()
    made.save(out)
    assert read_document(out.getvalue(), "sheet.xlsx", (FORM,)).leftovers == ()
    hidden.cell(4, 1, "Ring me")
    made.save(out := io.BytesIO())
    assert len(read_document(out.getvalue(), "sheet.xlsx", (FORM,)).leftovers) == 1


@pytest.mark.parametrize(("result", "shown"), [(0.0, []), (43263.0, ["2018-06-12"])])
def test_a_day_made_of_an_empty_one_is_blank_in_an_old_workbook(result: float, shown: list[str]) -> None:
    formula = record(0x06, struct.pack("<HHHdHIH", 0, 0, 0, result, 0, 0, 3) + b"\x1e\x01\x00")
    days = record(0xE0, struct.pack("<HH", 0, 14) + bytes(16))
    assert [c.text for row in read_workbook(xls(formula, head=days)).rows for c in row.cells] == shown


def test_letters_explained_at_the_top_of_a_sheet_are_no_question() -> None:
    def line(n: int, *cells: str) -> str:
        return f'<row r="{n}">' + "".join(text_cell(f"{'ABC'[c]}{n}", text) for c, text in enumerate(cells)) + "</row>"

    rows = read_workbook(book(sheet(line(1, "What was agreed") + line(2, "P: A = in a day, B = in a week")
                                    + line(4, "No.", "Task", "P") + line(5, "1")))).rows
    assert [tell_widths(list(rows))[n] for n in (0, 1)] == [0, 0]
