"""Settling only what a careful person would settle."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailflow.form.definition import FormField, Kind, Part
from parsers.normalise import settle

GRADE = FormField("a.b", "Grade", Kind.GRADE, Part.GRADE, "a")
DATE = FormField("a.d", "Date", Kind.DATE, Part.HEADER, "a")
YESNO = FormField("a.c", "Concern?", Kind.CHOICE, Part.CONCERN, "a", choices=("No", "Yes"))
LEVEL = FormField("a.e", "Level", Kind.CHOICE, Part.OTHER, "a", choices=("Low", "Medium", "High"))
NOTES = FormField("a.n", "Notes", Kind.NOTES, Part.EVIDENCE, "a")


@pytest.mark.parametrize(("text", "value"), [
    ("Outstanding", "outstanding"), ("O", "outstanding"), ("OS", "outstanding"), ("good", "good"), ("G.", "good"),
    ("RI", "requires_improvement"), ("R.I.", "requires_improvement"), ("r i", "requires_improvement"),
    ("RIG", "requires_improvement"), ("Requires  Improvement", "requires_improvement"),
    ("requires improvement to be good", "requires_improvement"), ("Inad", "inadequate"), ("IA", "inadequate"),
    ("I", "inadequate"), ("does not meet", "inadequate"), ("Not applicable", "not_applicable"), ("N/A", "not_applicable"),
    ("n.a.", "not_applicable"), ("☐ Outstanding ☒ Good ☐ Inadequate", "good"), ("Good\u00a0", "good"),
])
def test_grade_words_and_their_short_forms(text: str, value: str) -> None:
    assert settle(GRADE, text) == (value, "")


@pytest.mark.parametrize("text", [
    "Good/Outstanding", "Good / RI", "4", "Adequate", "Satisfactory", "Requires", "Good to outstanding", "RI?", "7/10",
    "Requires Improvment", "☒ Good ☒ Outstanding", "Not good",
])
def test_a_grade_nobody_could_be_sure_of_goes_to_a_person(text: str) -> None:
    assert settle(GRADE, text) == (None, "unknown_grade")


@pytest.mark.parametrize(("text", "day", "trouble"), [
    ("17/06/2026", "2026-06-17", ""), ("17.6.2026", "2026-06-17", ""), ("17-06-2026", "2026-06-17", ""),
    ("17 06 2026", "2026-06-17", ""), ("17 June 2026", "2026-06-17", ""), ("17th June, 2026", "2026-06-17", ""),
    ("17th of June 2026", "2026-06-17", ""), ("June 17 2026", "2026-06-17", ""), ("June 17th, 2026", "2026-06-17", ""),
    ("Wed 17 June 2026", "2026-06-17", ""), ("Wednesday, 17/06/2026", "2026-06-17", ""), ("17-Jun-2026", "2026-06-17", ""),
    ("17JUN2026", "2026-06-17", ""), ("2026-06-17", "2026-06-17", ""), ("17/06/2026 14:30", "2026-06-17", ""),
    ("17 June 2026 at 2pm", "2026-06-17", ""), ("17\u201106\u20112026", "2026-06-17", ""), 
    ("17/6/26", "2026-06-17", "short_year"),
    ("17.6.26", "2026-06-17", "short_year"), ("17 Jun '26", "2026-06-17", "short_year"),
    ("06/07/2026", "2026-07-06", "ambiguous_date"), ("6.7.26", "2026-07-06", "ambiguous_date"), ("06/06/2026", "2026-06-06", ""),
    ("Mon 06/07/2026", "2026-07-06", ""), ("Monday 17 June 2026", "2026-06-17", "ambiguous_date"),
    ("2026-07-06", "2026-07-06", ""), ("29/02/2028", "2028-02-29", ""),
])
def test_dates_are_read_day_first_in_many_spellings(text: str, day: str, trouble: str) -> None:
    assert settle(DATE, text) == (day, trouble)


@pytest.mark.parametrize("text", [
    "31/02/2026", "06/17/2026", "29/02/2026", "0/1/2026", "June 2026", "17 June", "ASAP", "Next core group", "17/06/206",
    "17/06/2026 and 18/06/2026", "17/06/1066", "tomorrow", "17/06", "1/1/1", "1706/2026",
])
def test_what_is_no_day_is_not_guessed(text: str) -> None:
    assert settle(DATE, text) == (None, "bad_date")


@given(st.dates(date(1950, 1, 1), date(2099, 12, 31)))
def test_every_day_written_out_comes_back(day: date) -> None:
    for text in (day.strftime("%d %B %Y"), day.strftime("%A %d/%m/%Y"), day.isoformat(), f"{day:%B} {day.day}, {day.year}"):
        assert settle(DATE, text) == (day.isoformat(), "")


@pytest.mark.parametrize(("text", "value"), [
    ("Yes", "yes"), ("Y", "yes"), ("YES.", "yes"), ("Yes – rang the manager at 3pm", "yes"), ("No", "no"), ("n", "no"),
    ("None", "no"), ("No concerns", "no"), ("No, none at all", "no"), ("☐ No ☒ Yes", "yes"), ("No ☒ Yes ☐", "no"),
    ("N/A", "not_applicable"),
])
def test_yes_and_no(text: str, value: str) -> None:
    assert settle(YESNO, text) == (value, "")


@pytest.mark.parametrize("text", [
    "Yes / No", "Yes/No", "Maybe", "No, but she seemed afraid", "Not sure", "No - I am worried", "Yesterday",
])
def test_an_unclear_answer_about_danger_is_never_settled(text: str) -> None:
    assert settle(YESNO, text) == (None, "unknown_choice")


def test_other_choices_are_in_lower_case() -> None:
    assert settle(LEVEL, "HIGH") == ("high", "")
    assert settle(LEVEL, "Extreme") == (None, "unknown_choice")


def test_text_stands_as_it_is() -> None:
    assert settle(NOTES, "Nadia said so.\nTwice.") == ("Nadia said so.\nTwice.", "")
    assert settle(NOTES, "Not applicable: the child is two") == ("not_applicable", "")
    assert settle(NOTES, "   ") == (None, "")


@pytest.mark.parametrize("field", [GRADE, DATE, YESNO, LEVEL, NOTES])
@given(text=st.text(max_size=60))
def test_nothing_typed_makes_it_fail(field: FormField, text: str) -> None:
    value, trouble = settle(field, text)
    assert (value is None) == bool(trouble or not text.strip()) or trouble in ("ambiguous_date", "short_year")
