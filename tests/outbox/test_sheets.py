"""The allocation sheet for the QA team (DOC-25): who audits what, with nothing a spreadsheet would run."""

import io
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from mailflow.model import Audit, Case, Person
from outbox.sheets.allocation import compose_allocation
from tests.process import builders

NOW = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
Line = tuple[Audit, Case, Person | None]


def line(ref: str = builders.REF, person: Person | None = builders.AUDITOR, **case: object) -> Line:
    return builders.audit(ref=ref), replace(builders.CASE, **case), person  # type: ignore[arg-type]


def sheet_of(lines: Iterable[Line], marking: str = "") -> Worksheet:
    return openpyxl.load_workbook(io.BytesIO(compose_allocation(lines, "2606", NOW, marking).data)).worksheets[0]


def rows_of(lines: Iterable[Line]) -> list[dict[str, object]]:
    head, *rows = sheet_of(lines).iter_rows(values_only=True)
    return [dict(zip(map(str, head), row, strict=True)) for row in rows]


def test_the_name_carries_the_cycle_alone() -> None:
    assert compose_allocation([line()], "2606", NOW).name == "allocation-2606.xlsx"


def test_each_audit_is_a_row_with_everything_qa_asks_for() -> None:
    [row] = rows_of([line()])
    assert row == {
        "Auditor": "Ada Lowe", "Address": "ada.lowe@northmoor.example", "Reference": "2606-001C", "Case number": "N-40117",
        "Category": "CIN", "Team": "North", "Due": "Tuesday 30 June 2026", "QA contacts family": "No",
        "Told": "Nobody besides the auditor"}


def test_the_flag_for_the_family_is_a_word_and_a_colour() -> None:
    """G-07: red, and it says so."""
    lines = [line(), line("2606-002A", qa_contacts_family=True)]
    assert [r["QA contacts family"] for r in rows_of(lines)] == ["No", "RED: QA team rings"]
    plain, flagged = (sheet_of(lines).cell(row, 8) for row in (2, 3))
    assert flagged.fill.fgColor.rgb != plain.fill.fgColor.rgb and flagged.font.color.rgb[2:] == "8B1A1A"


def test_the_sheet_says_who_was_told() -> None:
    sheet = compose_allocation([line(), line("2606-002A")], "2606", NOW, "", {
        "2606-001C": ("OUT-06 tm@northmoor.example", "OUT-05 worker@northmoor.example")})
    book = openpyxl.load_workbook(io.BytesIO(sheet.data))
    column = [row[-1] for row in book.worksheets[0].iter_rows(values_only=True, min_row=2)]
    assert column == ["Practitioner, team manager", "Nobody besides the auditor"]


def test_an_auditors_audits_stand_together() -> None:
    found = rows_of([line("2606-003H"), line("2606-001C", builders.OTHER), line("2606-002A")])
    assert [(r["Auditor"], r["Reference"]) for r in found] == [
        ("Ada Lowe", "2606-002A"), ("Ada Lowe", "2606-003H"), ("Ben Marsh", "2606-001C")]


def test_an_auditor_who_left_the_directory_is_still_listed() -> None:
    [row] = rows_of([line(person=None)])
    assert row["Auditor"] == "Not in the directory" and row["Address"] == "ada.lowe@northmoor.example"


def test_nothing_from_the_councils_sheets_becomes_a_formula() -> None:
    sheet = sheet_of([line(team="=1+1", category="@x", number="+1"), line(person=replace(builders.AUDITOR, name="-1"))])
    assert all(cell.data_type == "s" for row in sheet.iter_rows() for cell in row)
    assert {c.value for row in sheet.iter_rows() for c in row if c.quotePrefix} == {"=1+1", "@x", "+1", "-1"}


def test_the_marking_is_in_the_printed_header_where_set() -> None:
    assert sheet_of([line()], "OFFICIAL").oddHeader.center.text == "OFFICIAL"


def test_a_month_without_audits_has_headings_alone() -> None:
    assert sheet_of([]).max_row == 1
