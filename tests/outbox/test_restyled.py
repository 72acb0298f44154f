"""The inside of a restyled workbook: names, lists, merged cells, hidden sheets."""

import io

import pytest
from openpyxl import load_workbook

from mailflow.errors import PermanentError
from outbox.blank.workbook import build_workbook
from outbox.restyled.check import find_faults
from tests.outbox.forms_scene import SHIPPED

FORM = SHIPPED["one-page"]
BLANK = build_workbook(FORM)


def _changed(change) -> list[str]:
    book = load_workbook(io.BytesIO(BLANK))
    change(book)
    out = io.BytesIO()
    book.save(out)
    return [f"{f.place}: {f.words}" for f in find_faults(out.getvalue(), FORM)
            if "document property" not in f.words]


def test_the_blank_has_no_fault_and_keeps_its_property() -> None:
    assert find_faults(BLANK, FORM) == ()


def test_a_moved_column_is_no_fault() -> None:
    def move(book) -> None:
        for sheet in book:
            for column in sheet.column_dimensions.values():
                column.width = 20

    assert _changed(move) == []


def test_a_lost_name_is_told_once_for_all() -> None:
    def lose(book) -> None:
        for name in ("mf_audit_overall", "mf_audit_reason", "mf_areas_1_evidence", "mf_areas_1_rating"):
            del book.defined_names[name]

    said, = _changed(lose)
    assert said.startswith(": The cell for the answer has lost its name for “Referral and assessment, Evidence”, ")
    assert "and 1 more" in said


@pytest.mark.parametrize(("change", "words"), [
    (lambda book: book["Audit"].merge_cells("B4:C4"), "is merged with others"),
    (lambda book: setattr(book["Audit"].data_validations, "dataValidation", []), "has no list to choose from any more"),
    (lambda book: [setattr(v, "formula1", '"Good,Inadequate"') for v in book["Audit"].data_validations.dataValidation
                   if "Outstanding" in (v.formula1 or "")], "no longer offers Outstanding, Requires improvement, Not applicable"),
    (lambda book: book["Feedback"].delete_rows(1, 30), "“Who are you speaking to?” is not there"),
    (lambda book: setattr(book["Feedback"], "sheet_state", "hidden"), "sheet Feedback: Sheets that are hidden"),
    (lambda book: book.remove(book["Feedback"]), "“Date you first rang” is not there"),
])
def test_what_is_gone_is_said(change, words: str) -> None:
    assert any(words in said for said in _changed(change))


def test_a_list_kept_in_cells_is_the_councils_own_business() -> None:
    def point(book) -> None:
        for rule in book["Audit"].data_validations.dataValidation:
            if "Outstanding" in (rule.formula1 or ""):
                rule.formula1 = "=Lists!$A$1:$A$4"

    assert _changed(point) == []


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 cut off", BLANK[:5000]])
def test_a_damaged_workbook_is_refused(data: bytes) -> None:
    with pytest.raises(PermanentError):
        find_faults(data, FORM)
