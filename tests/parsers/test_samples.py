"""A council's own form, filled in several ways: every true answer stands, whole, in some cell."""

import json
from pathlib import Path

import pytest

from parsers.guard import open_package
from parsers.read import read_document
from parsers.word import read_word
from tests.parsers.pages import FORM, ROOT

SAMPLES = ROOT.parent / "shared" / "forms"


def sample(name: str) -> Path:
    path = SAMPLES / name
    if not path.is_file():
        pytest.skip(f"the sample forms are not on this machine ({name})")
    return path


def squeeze(text: str) -> str:
    return " ".join(text.replace("\u2011", "-").split())


@pytest.mark.parametrize("name", ["a1_word_filled", "b1_typed_no_controls", "e1_tracked_changes", "h1_actions_rows_added"])
def test_every_true_answer_is_one_cell_s_text(name: str) -> None:
    grid = read_word(open_package(sample(f"{name}.docx").read_bytes()))
    truth = json.loads(sample(f"{name}.docx.truth.json").read_text())
    cells = {squeeze(cell.text) for row in grid.rows for cell in row.cells}
    assert len(truth["answers"]) > 100
    assert {k: v for k, v in truth["answers"].items() if v and squeeze(v) not in cells} == {}
    assert bool(grid.tracked_changes) == (name == "e1_tracked_changes")


def test_the_truncated_one_is_damaged_and_the_others_are_not_our_form() -> None:
    assert read_document(sample("k1_truncated.docx").read_bytes(), "k1.docx", (FORM,)).reason == "damaged"
    for name in ("d3_printed.pdf", "x1_completed.xlsx"):
        assert read_document(sample(name).read_bytes(), name, (FORM,)).reason == "unsupported"
