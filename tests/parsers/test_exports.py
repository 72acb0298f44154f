"""The three-tab workbook told as exports: what a council's own copy holds, values settled, due days worked out."""

import json

from mailflow.form.shelf import list_forms
from mailflow.model import Answer, Reading, Status
from parsers.exports import make_exports
from parsers.read import read_document
from tests.parsers.pages import ROOT
from tests.parsers.test_samples import sample

FORMS = list_forms(ROOT / "templates")
TOOL = next(f for f in FORMS if f.id == "one-page")


def test_the_council_s_own_workbook_is_told_as_its_truth_has_it() -> None:
    truth = json.loads(sample("x1_completed.xlsx.truth.json").read_text())
    reading = read_document(sample("x1_completed.xlsx").read_bytes(), "x1.xlsx", FORMS)
    assert reading.form == TOOL.id and reading.leftovers == ()
    told = make_exports(TOOL, reading)
    assert {k: told[k] for k in ("audit", "areas", "actions", "feedback")} == {
        k: truth[k] for k in ("audit", "areas", "actions", "feedback")}


def row(**cells: tuple[str, str | None]) -> dict[str, Answer]:
    return {name: Answer(f"actions.1.{name}", text, value=value) for name, (text, value) in cells.items()}


def due(start: str | None, letter: tuple[str, str | None], cell: str = "") -> object:
    answers = {"audit.audit_date": Answer("audit.audit_date", start or "", value=start)}
    rows = {"actions": (row(action=("Ring", "Ring"), t=letter, due=(cell, cell or None)),)}
    return make_exports(TOOL, Reading(Status.READABLE, answers=answers, rows=rows))["actions"][0].get("due")


def test_the_due_day_is_counted_from_the_letter_whatever_the_formula_s_cell_says() -> None:
    assert due("2026-06-12", ("A", "a")) == "2026-06-13"
    assert due("2026-06-12", ("b", "b"), "2020-01-01") == "2026-06-19"
    assert due("2026-06-12", ("C", "c")) == "2026-07-03"


def test_without_a_sure_letter_or_day_the_cell_stands_as_it_is() -> None:
    assert due(None, ("A", "a"), "2026-06-30") == "2026-06-30"
    assert due("2026-06-12", ("D", None)) is None
