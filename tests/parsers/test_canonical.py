"""What ``mailflow read --json`` says an answer means: settled, for a person to say, or left out."""

import json

import pytest

from mailflow.form.definition import FormField, Kind, Part
from mailflow.model import Answer
from parsers.settle.canonical import canonical
from parsers.settle.normalise import judge
from tests.parsers.pages import ROOT

SHARED = ROOT.parent / "shared" / "forms"


def a_field(kind: Kind, choices: tuple[str, ...] = (), scale: tuple[int, ...] = (), whole: bool = True) -> FormField:
    return FormField("a.b", "Question", kind, Part.OTHER, "a", choices=choices, scale=scale, whole=whole)


def read(field: FormField, text: str) -> dict[str, str | int | None] | None:
    value, trouble, candidates = judge(field, text)
    return canonical(field, Answer(field.id, text, value=value, trouble=trouble, candidates=candidates))


GRADE, DATE = a_field(Kind.GRADE), a_field(Kind.DATE)
SCORE, HALVES = a_field(Kind.SCORE, scale=(1, 5)), a_field(Kind.SCORE, scale=(1, 5), whole=False)
USE = a_field(Kind.CHOICE, ("Yes", "With some work", "No"))


@pytest.mark.parametrize(("field", "text", "meaning"), [
    (GRADE, "o", {"grade": "Outstanding"}), (GRADE, "good", {"grade": "Good"}), (GRADE, "RI", {"grade": "Requires Improvement"}),
    (GRADE, "inad", {"grade": "Inadequate"}), (GRADE, "N/A", {"grade": "Not applicable"}), (GRADE, "Good/RI", {"grade": None}),
    (DATE, "4th June 2018", {"date": "2018-06-04"}), (DATE, "06/13/2018", {"date": "2018-06-13"}), (DATE, "June 2018", {"date": None}),
    (SCORE, "4/5", {"score": 4}), (SCORE, "3-4", {"score": None}), (SCORE, "n/a", {"score": "Not applicable"}),
    (HALVES, "3.5", {"score": "3.5"}), (USE, "with some WORK", {"choice": "With some work"}), (USE, "perhaps", {"choice": None}),
    (GRADE, "  ", None), (SCORE, "", None), (a_field(Kind.TEXT), "Good", None), (a_field(Kind.NOTES), "4", None),
])
def test_the_meaning_of_an_answer(field: FormField, text: str, meaning: dict[str, str | int | None] | None) -> None:
    assert read(field, text) == meaning


@pytest.mark.parametrize("name", [
    "a1_word_filled.docx", "b1_typed_no_controls.docx", "e1_tracked_changes.docx", "h1_actions_rows_added.docx", "d3_printed.pdf",
])
def test_a_council_s_own_answers_mean_what_a_careful_person_recorded(name: str) -> None:
    path = SHARED / f"{name}.truth.json"
    if not path.is_file():
        pytest.skip(f"the sample forms are not on this machine ({name})")
    truth = json.loads(path.read_text(encoding="utf-8"))
    kinds = {"grade": GRADE, "date": DATE, "score": SCORE}
    assert truth["canonical"]
    for field_id, meaning in truth["canonical"].items():
        (kind,) = meaning
        assert read(kinds[kind], truth["answers"][field_id]) == meaning, field_id
