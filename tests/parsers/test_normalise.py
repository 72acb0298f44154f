"""Settling only what a careful person would settle."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailflow.form.definition import FormField, Kind, Part
from parsers.settle.grades import GRADES
from parsers.settle.normalise import judge, settle

GRADE = FormField("a.b", "Grade", Kind.GRADE, Part.GRADE, "a")
DATE = FormField("a.d", "Date", Kind.DATE, Part.HEADER, "a")
YESNO = FormField("a.c", "Concern?", Kind.CHOICE, Part.CONCERN, "a", choices=("No", "Yes"))
LEVEL = FormField("a.e", "Level", Kind.CHOICE, Part.OTHER, "a", choices=("Low", "Medium", "High"))
NOTES = FormField("a.n", "Notes", Kind.NOTES, Part.EVIDENCE, "a")
FIVE = FormField("a.s", "Score", Kind.SCORE, Part.SCORE, "a", scale=(1, 5), choices=("1 No, not at all", "5 Yes, completely"))
TEN = FormField("a.t", "Score", Kind.SCORE, Part.SCORE, "a", scale=(0, 10))
HALVES = FormField("a.h", "Score", Kind.SCORE, Part.SCORE, "a", scale=(1, 5), whole=False)
THREE = FormField("a.w", "Load", Kind.CHOICE, Part.OTHER, "a", choices=("1 Too heavy", "2 Fitting", "3 Too light"))
USE = FormField("a.u", "Use it?", Kind.CHOICE, Part.OTHER, "a", choices=("Yes", "With some work", "No"))
ABC = FormField("a.p", "Timescale", Kind.CHOICE, Part.OTHER, "a", choices=("A", "B", "C"))
SETTLED_KINDS = (GRADE, DATE, YESNO, LEVEL, FIVE, TEN, HALVES, THREE, USE, ABC)


@pytest.mark.parametrize(("text", "value"), [
    ("Outstanding", "outstanding"), ("O", "outstanding"), ("OS", "outstanding"), ("good", "good"), ("G.", "good"),
    ("RI", "requires_improvement"), ("R.I.", "requires_improvement"), ("r i", "requires_improvement"),
    ("RIG", "requires_improvement"), ("Requires  Improvement", "requires_improvement"),
    ("requires improvement to be good", "requires_improvement"), ("Inad", "inadequate"), ("IA", "inadequate"),
    ("I", "inadequate"), ("does not meet", "inadequate"), ("Not applicable", "not_applicable"), ("N/A", "not_applicable"),
    ("n.a.", "not_applicable"), ("☐ Outstanding ☒ Good ☐ Inadequate", "good"), ("Good\u00a0", "good"),
    ("Outstanding \u2b50", "outstanding"), ("Good \U0001f44d", "good"),
])
def test_grade_words_and_their_short_forms(text: str, value: str) -> None:
    assert settle(GRADE, text) == (value, "")


@pytest.mark.parametrize("text", [
    "Good/Outstanding", "Good / RI", "4", "Adequate", "Satisfactory", "Requires", "Good to outstanding", "RI?", "7/10",
    "☒ Good ☒ Outstanding", "Not good",
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
    "31/02/2026", "29/02/2026", "0/1/2026", "ASAP", "Next core group", "17/06/206",
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
    ("N/A", "not_applicable"), ("No - no immediate concerns", "no"), ("Yes - TBC", "yes"), ("Yes (not sure)", "yes"), ("[x] Yes [ ] No", "yes"),
])
def test_yes_and_no(text: str, value: str) -> None:
    assert settle(YESNO, text) == (value, "")


@pytest.mark.parametrize("text", [
    "Yes / No", "Yes/No", "Maybe", "No, but she seemed afraid", "Not sure", "No - I am worried", "Yesterday",
    "No with some concerns", "No since mum left", "No - some concerns about dad", "No\nConcerns: not seen", "\u2612", "No?", "No (TBC)", "Answer: no since mum left",
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


@pytest.mark.parametrize("field", [*SETTLED_KINDS, NOTES])
@given(text=st.text(max_size=60))
def test_nothing_typed_makes_it_fail(field: FormField, text: str) -> None:
    value, trouble = settle(field, text)
    assert (value is None) == bool(trouble or not text.strip()) or trouble in ("ambiguous_date", "short_year", "month_first")


@pytest.mark.parametrize(("text", "value"), [
    ("Grade: Good", "good"), ("Overall grade - RI", "requires_improvement"), ("Overall good", "good"), ("Good overall", "good"),
    ("Graded as RI", "requires_improvement"), ("\u201cGood\u201d", "good"), ("(Good)", "good"), ("- Good", "good"), ("**GOOD!**", "good"),
    ("requires-improvement", "requires_improvement"), ("R/I", "requires_improvement"), ("RI to be good", "requires_improvement"),
    ("Requires improvement to be good - the plan has no dates", "requires_improvement"),
    ("good (see notes)", "good"), ("Good - strong direct work", "good"), ("Good \u2013 good direct work", "good"),
    ("Good\nThe plan is clear", "good"), ("Good because the plan is clear", "good"), ("Good with clear plans", "good"),
    ("Good: IA finished in time", "good"), ("Good, I saw this myself", "good"), ("RI, on balance", "requires_improvement"),
    ("RI / Requires improvement", "requires_improvement"), ("Requires improvement (RI)", "requires_improvement"), ("Good/good", "good"),
])
def test_a_grade_with_its_label_or_its_reason(text: str, value: str) -> None:
    assert judge(GRADE, text) == (value, "", ())


@pytest.mark.parametrize(("text", "value"), [
    ("Requires improvment", "requires_improvement"), ("Requries Improvement", "requires_improvement"),
    ("requires improvemnt - no plan", "requires_improvement"), ("Oustanding", "outstanding"), ("Outsatnding", "outstanding"),
    ("Inadequte", "inadequate"), ("inadaquate", "inadequate"), ("RequiresImprovment", "requires_improvement"),
])
def test_a_slip_in_a_long_grade_word(text: str, value: str) -> None:
    assert settle(GRADE, text) == (value, "")


@pytest.mark.parametrize("text", [
    "Adequate", "Gud", "Goood", "RIO", "Inda", "requires no improvement", "no improvement", "Understanding", "Outstanding?", "Improvement",
    "Outstanding+", "Requires",
])
def test_no_slip_is_seen_in_short_words_or_in_words_of_another_meaning(text: str) -> None:
    assert settle(GRADE, text) == (None, "unknown_grade")


@pytest.mark.parametrize(("text", "candidates"), [
    ("Good/Outstanding", ("good", "outstanding")), ("RI/Good", ("requires_improvement", "good")),
    ("Good to outstanding", ("good", "outstanding")), ("between RI and Good", ("requires_improvement", "good")),
    ("RI moving towards Good", ("requires_improvement", "good")), ("Good with RI elements", ("requires_improvement", "good")),
    ("Good - not outstanding", ("good", "outstanding")), ("Good (RI last time)", ("requires_improvement", "good")),
    ("Good, IA", ("inadequate", "good")), ("G/O", ("good", "outstanding")), ("RI. G", ("requires_improvement", "good")), ("Good, inadequte recording", ("inadequate", "good")),
    ("N/A, Good", ("good",)), ("Good?", ("good",)), ("Good (?)", ("good",)), ("Good - TBC", ("good",)), ("probably Good", ("good",)),
    ("Good-", ("good",)), ("Good-ish", ("good",)), ("Good +", ("good",)),
    ("not good", ()), ("4", ()), ("3/5", ()), ("Adequate", ()), ("Satisfactory", ()), ("Met", ()), ("B", ()), ("?", ()), ("-", ()),
])
def test_the_grades_a_person_may_choose_between_are_named(text: str, candidates: tuple[str, ...]) -> None:
    assert judge(GRADE, text) == (None, "unknown_grade", candidates)


@pytest.mark.parametrize(("text", "value"), [
    ("[x] Good [ ] Inadequate", "good"), ("( ) Good  (x) RI", "requires_improvement"), ("\u2713 Good", "good"), ("Good \u2714", "good"),
    ("\u2611\ufe0f Good", "good"), ("Grade: \u2610 Good \u2612 RI", "requires_improvement"), ("Outstanding \u2610\nGood \u2612\nRI \u2610", "good"),
    ("\u2610 Good \u2612 N/A", "not_applicable"), ("\u2612 Good (see notes) \u2610 RI", "good"),
])
def test_the_ticked_one_of_a_printed_list(text: str, value: str) -> None:
    assert settle(GRADE, text) == (value, "")


@pytest.mark.parametrize(("text", "candidates"), [
    ("\u2612 Good \u2612 RI", ("requires_improvement", "good")), ("\u2610 Good \u2610 RI", ()),
    ("Outstanding Good \u2612 RI", ("requires_improvement", "good", "outstanding")), ("\u2612", ()),
])
def test_no_tick_two_ticks_or_a_tick_between_two_words_settle_nothing(text: str, candidates: tuple[str, ...]) -> None:
    assert judge(GRADE, text) == (None, "unknown_grade", candidates)


@pytest.mark.parametrize(("field", "text", "value"), [
    *((FIVE, text, "4") for text in (
        "4", " 4 ", "4.", "(4)", "04", "4.0", "4/5", "4 / 5", "4 out of 5", "Four out of five", "Score: 4", "score 4", "four", "FOUR",
        "4 - mostly", "4 (yes mostly)", "4 Mostly", "4: mostly", "4, mostly", "4/5 mostly", "Four (4)", "4 (four)", "4\nThe plan is clear",
        "4 - seen on 3 of 6 visits", "\u26101 \u26102 \u26103 \u26124 \u26105", "\uff14")),
    (FIVE, "Yes, completely", "5"), (FIVE, "no not at all", "1"), (FIVE, "5 - Yes, completely", "5"), (FIVE, "1 No, not at all", "1"),
    (FIVE, "N/A", "not_applicable"), (FIVE, "n/a (she is two)", "not_applicable"),
    (TEN, "8/10", "8"), (TEN, "0", "0"), (TEN, "ten", "10"), (TEN, "8 - a great help", "8"), (HALVES, "3.5", "3.5"), (HALVES, "3\u00bd", "3.5"),
    (HALVES, "3.0", "3"),
])
def test_scores(field: FormField, text: str, value: str) -> None:
    assert judge(field, text) == (value, "", ())


@pytest.mark.parametrize(("field", "text", "trouble", "candidates"), [
    (FIVE, "3.5", "not_whole", ("3", "4")), (FIVE, "3\u00bd", "not_whole", ("3", "4")), (FIVE, "four and a half", "not_whole", ("4", "5")),
    (FIVE, "3.5/5", "not_whole", ("3", "4")),
    *((FIVE, text, "between_scores", ("3", "4")) for text in (
        "3-4", "3 \u2013 4", "3/4", "3 or 4", "3 to 4", "3,4", "3 4", "between 3 and 4", "4, was 3", "4 (3 for recording)", "3 but nearer 4",
        "\u26123 \u26124")),
    (FIVE, "5 No, not at all", "between_scores", ("1", "5")), (TEN, "7/5", "between_scores", ("5", "7")),
    (FIVE, "6", "out_of_scale", ()), (FIVE, "0", "out_of_scale", ()), (FIVE, "-1", "out_of_scale", ()), (FIVE, "8/10", "out_of_scale", ()),
    (FIVE, "6/5", "out_of_scale", ()), (FIVE, "6 - very good", "out_of_scale", ()), (HALVES, "5.5", "out_of_scale", ()),
    (TEN, "11", "out_of_scale", ()), (TEN, "8/100", "out_of_scale", ()),
    *((FIVE, text, "unknown_score", ()) for text in ("yes", "?", "Good", "4%", "4\u00b2", "\u2463", "ok", "\u2713", "4ish", "4 \u2610")),
    *((FIVE, text, "unknown_score", ("4",)) for text in (
        "4?", "4+", "4-", "about 4", "4 visits", "4 weeks", "4 of 5 visits", "4 - TBC", "4 if the plan counts")),
])
def test_a_score_nobody_could_be_sure_of(field: FormField, text: str, trouble: str, candidates: tuple[str, ...]) -> None:
    assert judge(field, text) == (None, trouble, candidates)


@pytest.mark.parametrize(("field", "text", "value"), [
    *((THREE, text, "2 fitting") for text in (
        "2 Fitting", "2", "Fitting", "2. fitting", "(2)", "2) Fitting", "2 - Fitting", "2=fitting", "FITTING.", "Level 2", "2 Fiting", "fittting",
        "2 - about right", "Fitting (threshold met)", "\u26101 Too heavy \u26122 Fitting \u26103 Too light")),
    (THREE, "too heavy", "1 too heavy"), (USE, "Yes", "yes"), (USE, "with some work", "with some work"), (USE, "N", "no"),
    (USE, "With some work - take the name out", "with some work"), (USE, "No - too thin", "no"), (USE, "Yes: the genogram", "yes"),
    *((ABC, text, "a") for text in ("A", "a", "A.", "(a)", "A - within 24 hours", "A (24 hours)", "Priority: A", "Priority A")),
    (ABC, "B, one week", "b"),
])
def test_choices_by_number_by_words_and_with_a_reason(field: FormField, text: str, value: str) -> None:
    assert judge(field, text) == (value, "", ())


@pytest.mark.parametrize(("field", "text", "candidates"), [
    (THREE, "2 Too heavy", ("1 too heavy", "2 fitting")), (THREE, "1/2", ("1 too heavy", "2 fitting")), (THREE, "4", ()), (THREE, "2?", ("2 fitting",)),
    (THREE, "Fitting but too light at first", ("2 fitting", "3 too light")), (THREE, "Unfitting", ()),
    (THREE, "1 too heavy / 2 fitting / 3 too light", ("1 too heavy", "2 fitting", "3 too light")),
    (USE, "Yes, with some work", ("yes", "with some work")), (USE, "Yes with some work", ("yes", "with some work")),
    (USE, "Yes/No", ("yes", "no")), (USE, "No, but with some work", ("with some work", "no")), (USE, "perhaps", ()),
    (ABC, "A/B", ("a", "b")), (ABC, "D", ()), (ABC, "A new plan", ()), (ABC, "within 24 hours", ()), (ABC, "ASAP", ()),
])
def test_choices_that_contradict_or_say_nothing(field: FormField, text: str, candidates: tuple[str, ...]) -> None:
    assert judge(field, text) == (None, "unknown_choice", candidates)


@pytest.mark.parametrize(("text", "day", "trouble"), [
    ("12.06.18", "2018-06-12", "ambiguous_date"), ("13.06.18", "2018-06-13", "short_year"), ("Tues 12 June 2018", "2018-06-12", ""),
    ("the 12th of June 2018", "2018-06-12", ""), ("2018-06-12 00:00:00", "2018-06-12", ""), ("2018-06-12T09:30:00", "2018-06-12", ""),
    ("2018-06-12T00:00:00.000Z", "2018-06-12", ""), ("06/13/2018", "2018-06-13", "month_first"), ("6.13.18", "2018-06-13", "month_first"),
    ("12 Febuary 2018", "2018-02-12", ""), ("3 Septemeber 2018", "2018-09-03", ""), ("Met on 13/06/2018", "2018-06-13", ""),
    ("Date: 13/06/2018", "2018-06-13", ""), ("13/06/2018 (by phone)", "2018-06-13", ""), ("13 June 2018 - a joint visit", "2018-06-13", ""),
    ("12 June", None, "no_year"), ("Tues 12 June", None, "no_year"), ("June 12th", None, "no_year"), ("31 June", None, "bad_date"),
    ("June 2018", None, "no_day"), ("06/2018", None, "no_day"), ("end of June 2018", None, "no_day"), ("13/2018", None, "bad_date"),
    ("31/02/2026", None, "bad_date"), ("13/25/2026", None, "bad_date"), ("02/30/2026", None, "bad_date"), ("43263", None, "bad_date"),
    ("June 18", None, "bad_date"), ("13/06/2018?", None, "bad_date"), ("13/06/2018 (cancelled)", None, "bad_date"),
    ("13/06/2018 (and the 15th)", None, "bad_date"), ("13/06/2018 - didn't meet", None, "bad_date"), ("2018-13-06", None, "bad_date"),
])
def test_dates_with_a_label_a_slip_or_a_remark(text: str, day: str | None, trouble: str) -> None:
    assert settle(DATE, text) == (day, trouble)


def test_a_doubtful_day_names_the_days_it_may_be() -> None:
    assert judge(DATE, "06/07/2026").candidates == ("2026-07-06", "2026-06-07")
    assert judge(DATE, "06/13/2026").candidates == ("2026-06-13",)
    assert judge(DATE, "17/06/2026").candidates == ()


_GRADE_WORDS = st.sampled_from(sorted(k for k in GRADES if k not in ("ritobegood", "requiresimprovementtobegood")))
_JOINTS = st.sampled_from(("/", " / ", " or ", " and ", " to ", ", ", " - ", "; ", ": ", " (", "\n", " with ", " but ", ". ", " moving to ", " & "))
_LETTERS = st.text(alphabet="abcdefg ABC.,;:()-/0123456789?!\u2013\u2612\u2610[]x\n", max_size=30)


@given(first=_GRADE_WORDS, joint=_JOINTS, second=_GRADE_WORDS, round_it=st.sampled_from(("", "grade: ", "overall ", "(", "\u2013 ")))
def test_two_different_grades_never_settle(first: str, joint: str, second: str, round_it: str) -> None:
    found = judge(GRADE, round_it + first + joint + second)
    if GRADES[first] != GRADES[second]:
        assert found.value is None and found.trouble == "unknown_grade"
        assert {GRADES[first], GRADES[second]} <= set(found.candidates)


def _allowed(field: FormField, value: str) -> bool:
    if value == "not_applicable":
        return True
    if field.kind == Kind.GRADE:
        return value in GRADES.values()
    if field.kind == Kind.DATE:
        return date.fromisoformat(value).isoformat() == value
    if field.kind == Kind.SCORE:
        return field.scale[0] <= float(value) <= field.scale[1] and (value.isdigit() or not field.whole)
    return value in {c.casefold() for c in field.choices}


_WRITTEN = st.lists(st.sampled_from((
    "Good", "RI", "outstanding", "Inadequate", "4", "3.5", "2", "10", "yes", "no", "A", "Fitting", "with some work", "12/06/2026", "June", "N/A",
    "not", "or", "-", "/", "(", ")", ",", ".", ":", "?", "\u2612", "\u2610", "[x]", "[ ]", "half", "\n", "overall", "grade")), max_size=7).map(" ".join)


@pytest.mark.parametrize("field", SETTLED_KINDS, ids=lambda f: f.id)
@given(text=st.one_of(st.text(max_size=50), _LETTERS, _WRITTEN))
def test_what_is_settled_is_always_one_of_the_allowed_values(field: FormField, text: str) -> None:
    value, trouble, candidates = judge(field, text)
    assert value is None or _allowed(field, value)
    assert all(_allowed(field, c) for c in candidates)
    assert value is None or not candidates or trouble in ("ambiguous_date", "month_first")
