"""What a control knows beside the text in it, and how an answer carries its candidates."""

import pytest

from mailflow.form.definition import FormField, Kind, Part
from parsers.grid import Control
from parsers.locate.answers import make_answer
from parsers.locate.wording import compile_wording
from tests.parsers.pages import FORM

WORDING = compile_wording(FORM)
DATE = FormField("a.d", "Date", Kind.DATE, Part.HEADER, "a")
SCORE = FormField("a.s", "Score", Kind.SCORE, Part.SCORE, "a", scale=(1, 5))
GRADE = FormField("a.g", "Grade", Kind.GRADE, Part.GRADE, "a")


@pytest.mark.parametrize(("text", "picked", "value", "trouble"), [
    ("43263", "2018-06-12", "2018-06-12", ""), ("43263", "2018-06-13", None, "bad_date"), ("43263", "", None, "bad_date"),
    ("12 June", "2018-06-12", "2018-06-12", ""), ("12 June", "2018-06-13", None, "no_year"), ("12 June", "", None, "no_year"),
    ("06/13/2018", "2018-06-13", "2018-06-13", ""), ("06/07/2018", "2018-07-06", "2018-07-06", ""),
    ("06/07/2018", "2018-06-07", "2018-07-06", "ambiguous_date"), ("ASAP", "2018-06-12", None, "bad_date"),
    ("17/06/26", "2026-06-17", "2026-06-17", "short_year"),
])
def test_a_picker_settles_only_the_day_it_holds(text: str, picked: str, value: str | None, trouble: str) -> None:
    answer, _ = make_answer(DATE, "a.d", text, "", WORDING, control=Control(kind="date", day=picked))
    assert (answer.value, answer.trouble) == (value, trouble)


@pytest.mark.parametrize(("field", "text", "items", "value"), [
    (SCORE, "Mostly", (("Mostly", "4"), ("Partly", "3")), "4"), (SCORE, "Mostly", (("Mostly", "m"),), None),
    (GRADE, "Level two", (("Level two", "requires_improvement"),), "requires_improvement"), (GRADE, "lv2", (("Good", "lv2"),), "good"),
])
def test_the_value_behind_what_a_drop_down_shows(
    field: FormField, text: str, items: tuple[tuple[str, str], ...], value: str | None
) -> None:
    answer, _ = make_answer(field, field.id, text, "", WORDING, control=Control(kind="choice", items=items))
    assert answer.value == value and answer.text == text


def test_an_open_answer_carries_what_a_person_may_choose_between() -> None:
    answer, _ = make_answer(GRADE, "a.g", "Good/RI", "table 1", WORDING)
    assert (answer.value, answer.trouble, answer.candidates) == (None, "unknown_grade", ("requires_improvement", "good"))
