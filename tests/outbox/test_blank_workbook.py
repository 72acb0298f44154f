"""The blank workbook: what is chosen, named, printed and kept; and that it is read back as it was filled in."""

import io
from datetime import date

from openpyxl import load_workbook

from mailflow.form.definition import Kind, Part
from mailflow.model import Status
from outbox.blank.workbook import build_workbook, group_sections
from outbox.forms.packing import read_members
from parsers.read import read_document
from tests.outbox.forms_scene import MATRIX, SHIPPED, answers_for
from tests.outbox.word_scene import write_form_toml

FORM = SHIPPED["one-page"]
BLANK = build_workbook(FORM)


def _open(data: bytes = BLANK):
    return load_workbook(io.BytesIO(data))


def _cell(book, name: str):
    (title, at), = book.defined_names[name].destinations
    return book[title][at.replace("$", "")]


def _names(form=FORM) -> dict[str, object]:
    """Every answer cell's name → its field."""
    found = {f.bookmark: f for f in form.fields}
    for t in form.tables:
        found |= {f"mf_{t.id}_{n}_{c.id.rpartition('.')[2]}": c for n in range(1, t.rows + 1) for c in t.columns}
    return found


def test_its_sheets_are_audit_actions_and_feedback() -> None:
    assert _open().sheetnames == ["Audit", "Actions", "Feedback"]
    assert [[s.id for s in sections] for _, sections in group_sections(FORM)] == [
        ["concern", "audit", "areas", "overall"], ["actions"], ["feedback"]]


def test_every_answer_has_a_cell_with_a_name_of_its_own_and_nothing_else_has_one() -> None:
    book = _open()
    assert set(book.defined_names) == set(_names())
    cells = [(c.parent.title, c.coordinate) for c in (_cell(book, n) for n in _names())]
    assert len(cells) == len(set(cells))


def test_nobody_types_in_a_merged_cell() -> None:
    book = _open()
    for name in _names():
        cell = _cell(book, name)
        assert not any(cell.coordinate in merged for merged in cell.parent.merged_cells.ranges)


def test_grades_choices_and_scores_are_chosen_from_lists_and_dates_are_dates() -> None:
    book = _open()
    for name, field in _names().items():
        cell = _cell(book, name)
        rules = [v for v in cell.parent.data_validations.dataValidation if cell.coordinate in v.sqref]
        if field.prefilled or field.kind in (Kind.TEXT, Kind.NOTES):
            assert rules == []
        elif field.kind is Kind.DATE:
            assert [r.type for r in rules] == ["date"]
            assert cell.number_format == "dd/mm/yyyy"
        else:
            assert [r.type for r in rules] == ["list"]
            wanted = {Kind.GRADE: "Outstanding,Good,Requires improvement,Inadequate,Not applicable",
                      Kind.SCORE: "0,1,2,3,4,5,6,7,8,9,10", Kind.CHOICE: ",".join(field.choices)}[field.kind]
            assert rules[0].formula1 == f'"{wanted}"'
            assert rules[0].error


def test_a_list_that_excel_cannot_hold_is_said_instead_of_cut(tmp_path) -> None:
    form = write_form_toml(tmp_path, """
id = "f"
edition = "1"
title = "F"
[[sections]]
id = "s"
title = "S"
[[sections.items]]
id = "x"
label = "Which?"
kind = "choice"
choices = ["Yes, all of it", "No"]
""")
    cell = _cell(_open(build_workbook(form)), "mf_s_x")
    rule, = cell.parent.data_validations.dataValidation
    assert rule.type is None
    assert rule.prompt == "Please choose one of: Yes, all of it, No"


def test_each_sheet_is_printed_one_page_wide_with_its_heads_repeated_and_kept_in_view() -> None:
    for sheet in _open():
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
        assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
        row = int(sheet.print_title_rows.rpartition("$")[2])
        assert sheet.freeze_panes == f"A{row + 1}"
        assert sheet.oddFooter.left.text == "Reference {{ ref }}"
    actions = _open()["Actions"]
    row = int(actions.print_title_rows.rpartition("$")[2])
    assert [c.value for c in actions[row]] == ["Action", "Who", "T", "Due", "Completed"]


def test_every_text_is_wrapped_readable_and_never_a_formula() -> None:
    for sheet in _open():
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f"
                if cell.value is not None:
                    assert cell.font.name == "Arial"
                    assert cell.font.sz >= 11
                    assert cell.alignment.wrap_text or cell.row == 1


def test_rows_grow_with_what_is_typed() -> None:
    for member in read_members(BLANK):
        if member.name.startswith("xl/worksheets/"):
            assert b"customHeight" not in member.unpack()


def test_the_passport_has_its_places_and_the_same_form_gives_the_same_bytes() -> None:
    parts = {m.name: m.unpack().decode("utf-8", "replace") for m in read_members(BLANK)}
    assert "{{ passport }}" in parts["docProps/custom.xml"]
    assert parts["docProps/core.xml"].count("{{ passport }}") == 2
    assert build_workbook(FORM) == BLANK


def test_the_concern_box_stands_before_the_instructions() -> None:
    audit = _open()["Audit"]
    texts = [row[0] for row in audit.iter_rows(values_only=True, max_col=1)]
    assert texts.index("Is a child at risk now?") < texts.index("How to fill in this form") < texts.index("About this audit")


def test_questions_in_columns_stand_under_their_headings(tmp_path) -> None:
    form = write_form_toml(tmp_path, MATRIX)
    book = _open(build_workbook(form))
    score, notes = _cell(book, "mf_q1_score"), _cell(book, "mf_q1_notes")
    sheet = score.parent
    assert (score.row, sheet.cell(score.row, 1).value) == (notes.row, "Q1. Can a reader follow what happened?")
    head = score.row - 1
    assert [sheet.cell(head, c).value for c in (1, score.column, notes.column)] == ["Question", "Score\n1 no, 5 yes", "Notes"]
    assert sheet.cell(_cell(book, "mf_who_one").row, sheet.max_column).value == "Mother, father, carer"


def test_a_filled_workbook_is_read_back_word_for_word() -> None:
    book = _open()
    texts, rows = answers_for(FORM)
    for f in FORM.fields:
        if not f.prefilled:
            _type(_cell(book, f.bookmark), f, texts[f.id])
    table = FORM.tables[0]
    for n, row in enumerate(rows[table.id], 1):
        for c in table.columns:
            name = c.id.rpartition(".")[2]
            _type(_cell(book, f"mf_{table.id}_{n}_{name}"), c, row[name])
    out = io.BytesIO()
    book.save(out)
    reading = read_document(out.getvalue(), "filled.xlsx", (FORM,))
    assert reading.status is Status.READABLE
    assert {i: _seen(FORM.find_field(i), reading.answer(i)) for i in texts} == texts
    assert [{c: _seen(FORM.find_field(f"{table.id}.1.{c}"), a.text) for c, a in row.items()}
            for row in reading.rows[table.id]] == rows[table.id]
    assert (reading.missing, reading.leftovers) == ((), ())
    assert {f.id for f in FORM.fields if f.part is Part.CONCERN} <= set(reading.answers)


def _type(cell, field, text: str) -> None:
    if field.kind is Kind.DATE:
        cell.value = date(2026, 6, int(text[:2]))
    else:
        cell.value = int(text) if field.kind is Kind.SCORE else text


def _seen(field, text: str) -> str:
    """A date as the sample has it, whichever way the reader prints it."""
    return f"{text[8:]}/06/2026" if field.kind is Kind.DATE and text.startswith("2026-06-") else text
