"""What QA is shown of an amended form: every change, none that is not one, and short enough to read."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailflow.model import Answer, Difference, Differences, Reading, Turn
from mailflow.process.returns.differences import find_differences
from mailflow.process.returns.summary import MOST_CHANGES, summarise
from tests.process.builders import at, form, reading, scene, submission

LONG = ("Visits on 3, 14 and 28 July record the child seen alone each time. The notes quote what they said about bedtime and about "
        "missing their grandmother, and the plan of 30 July adds weekly calls because of it.")
FIELD = "voice.evidence"
NAME = "The child's voice and daily life: What you saw, and what it shows"


def said(of: Reading, field: str, text: str, value: str | None = None) -> Reading:
    return replace(of, answers={**of.answers, field: Answer(field, text, value=value)})


def turned(before: str, after: str) -> Difference:
    found = find_differences(form(), said(reading(), FIELD, before), said(reading(), FIELD, after))
    assert len(found.items) == 1 and found.items[0].question == NAME
    return found.items[0]


def plan(*rows: tuple[str, str, str]) -> Reading:
    return replace(reading(), rows={"actions": tuple(
        {c: Answer("", t) for c, t in zip(("text", "owner", "due"), row, strict=True)} for row in rows)})


def test_the_same_form_has_no_differences_and_all_its_answers_are_counted() -> None:
    found = find_differences(form(), reading(actions=2), reading(actions=2))
    typed = [f for f in form().fields if not f.prefilled]
    filled = [f for f in typed if reading().answer(f.id)]
    assert found == Differences((), len(filled) + 2)


def test_spaces_and_another_spelling_of_a_date_or_a_grade_are_no_change() -> None:
    one = said(said(reading(), "header.met", "3/6/26", "2026-06-03"), FIELD, "Seen  on\n3 June. ")
    two = said(said(reading(), "header.met", "03 June 2026", "2026-06-03"), FIELD, "Seen on 3 June.")
    assert find_differences(form(), one, two).items == ()


def test_a_grade_is_before_and_after() -> None:
    found = find_differences(form(), said(reading(), "voice.post", "Good", "good"), said(reading(), "voice.post", "RI", "requires_improvement"))
    assert found.items == (Difference(Turn.ANSWER, "The child's voice and daily life: Grade after the conversation", "Good", "RI"),)


@pytest.mark.parametrize(("before", "after", "wanted"), [
    (LONG, LONG.replace("28 July", "29 July"), Difference(Turn.ANSWER, NAME, LONG, LONG.replace("28 July", "29 July"))),
    (LONG, f"{LONG} The aunt was seen as well.", Difference(Turn.WORDS, NAME, "", "The aunt was seen as well.", 0, 6)),
    (LONG, LONG.replace("each time", "").replace("weekly ", "daily telephone "), Difference(
        Turn.WORDS, NAME, "each time. … weekly", ". … daily telephone", 3, 3)),
    ("", "Seen on 3 June.", Difference(Turn.WORDS, NAME, "", "Seen on 3 June.", 0, 4)),
    ("Seen on 3 June.", "", Difference(Turn.WORDS, NAME, "Seen on 3 June.", "", 4, 0)),
])
def test_a_text_says_which_words_came_and_which_went(before: str, after: str, wanted: Difference) -> None:
    assert turned(before, after) == wanted


def test_rows_are_known_again_when_one_is_put_above_them() -> None:
    ring, write = ("Ring the school about the bruises", "Social worker", "ASAP"), ("Write to the father", "Manager", "15/07/2026")
    fresh = ("Visit the grandmother at home", "Family worker", "20/07/2026")
    found = find_differences(form(), plan(ring, write), plan(fresh, (*ring[:2], "10/07/2026"), write))
    assert found.items == (
        Difference(Turn.ROW_ADDED, "Actions, row 1", after="Visit the grandmother at home; Family worker; 20/07/2026"),
        Difference(Turn.ANSWER, "Actions, row 2: By when", "ASAP", "10/07/2026"))
    gone = find_differences(form(), plan(ring, write), plan(write))
    assert gone.items == (Difference(Turn.ROW_REMOVED, "Actions, row 1", before="Ring the school about the bruises; Social worker; ASAP"),)


@given(st.lists(st.sampled_from(["seen", "alone", "June", "the", "plan", "and", "not", "a"]), max_size=30),
       st.lists(st.sampled_from(["seen", "alone", "June", "the", "plan", "and", "not", "a"]), max_size=30))
def test_the_counts_tell_how_long_the_text_has_become(old: list[str], new: list[str]) -> None:
    """Words before, less those taken out, plus those put in, are the words after; equal texts are no item."""
    found = find_differences(form(), said(reading(), FIELD, " ".join(old)), said(reading(), FIELD, " ".join(new))).items
    assert bool(found) == (old != new)
    for item in found:
        if item.kind is Turn.WORDS:
            assert len(old) - item.removed + item.added == len(new)
        else:
            assert (item.before.split(), item.after.split()) == (old, new)


def test_qa_is_shown_so_many_and_told_how_many_more() -> None:
    """Everything changed: the letter lists forty and counts the rest."""
    one, two = reading(text="Before."), reading(text="After.", grade="inadequate", actions=20)
    facts = summarise(scene(at("2026-06-20")), submission(2, of=two), (), submission(1, of=one), "")
    every = find_differences(form(), one, two).items
    assert len(facts["changes"]) == MOST_CHANGES and facts["more_changes"] == len(every) - MOST_CHANGES > 0
    assert summarise(scene(at("2026-06-20")), submission(1), (), None, "")["since"] == 0
