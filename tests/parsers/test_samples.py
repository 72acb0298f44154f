"""A council's own form, filled in several ways: every true answer stands, whole, in some cell."""

import json
from pathlib import Path

import pytest

from mailflow.form.shelf import list_forms
from mailflow.model import Status
from parsers.guard import open_package
from parsers.read import read_document
from parsers.settle.canonical import canonical
from parsers.word.document import read_word
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


def test_the_truncated_one_is_damaged() -> None:
    assert read_document(sample("k1_truncated.docx").read_bytes(), "k1.docx", (FORM,)).reason == "damaged"


@pytest.mark.parametrize("name", [
    "a1_word_filled.docx", "b1_typed_no_controls.docx", "d3_printed.pdf", "e1_tracked_changes.docx", "h1_actions_rows_added.docx",
])
def test_the_council_s_own_document_is_read_exactly_by_the_shipped_form(name: str) -> None:
    """Our wording, their document: every answer under its own id, settled as the truth says, nothing left over."""
    truth = json.loads(sample(f"{name}.truth.json").read_text())
    forms = list_forms(ROOT / "templates")
    reading = read_document(sample(name).read_bytes(), name, forms)
    assert (reading.status, reading.form) == (Status.READABLE, "wokingham-3.2")
    found = {k: a for k, a in reading.answers.items()}
    found |= {a.field: a for rows in reading.rows.values() for r in rows for a in r.values()}
    wrong = {k: (v, found[k].text if k in found else None) for k, v in truth["answers"].items()
             if squeeze(v or "") != squeeze(found[k].text if k in found else "")}
    assert wrong == {}
    form = next(f for f in forms if f.id == "wokingham-3.2")
    settled = {k: canonical(form.find_field(k), found[k]) for k in truth["canonical"]}
    assert settled == truth["canonical"]
    rows = [{c: squeeze(a.text) for c, a in row.items()} for row in reading.rows["actions"]]
    assert rows == [{c: squeeze(v or "") for c, v in row.items()} for row in truth["actions"]]
    assert [x for x in reading.leftovers if not x.place.startswith("comment")] == []


def test_no_other_form_is_taken_for_the_council_s_own(tmp_path: Path) -> None:
    reading = read_document(sample("a1_word_filled.docx").read_bytes(), "a1.docx", (FORM,))
    assert reading.status is Status.NOT_THE_FORM
