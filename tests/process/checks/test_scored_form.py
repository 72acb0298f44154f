"""The checks of scored questions, practitioners' columns and actions with letters, on a small invented form."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from mailflow.form.definition import FormDefinition, FormField, FormSection, FormTable, Kind, Part
from mailflow.model import Severity
from tests.process.checks.conftest import FORM, RECEIVED, Return


def a_field(field_id: str, label: str, kind: Kind, part: Part, section: str, **more: object) -> FormField:
    return FormField(field_id, label, kind, part, section, **more)  # type: ignore[arg-type]


def question(n: str, label: str, section: str, parts: str = "", **more: object) -> tuple[FormField, ...]:
    """Notes, and one score from 1 to 5 or one for each part."""
    names = [f"q{n}{p}" for p in parts] or [f"q{n}"]
    scores = [a_field(f"{x}.response", label, Kind.SCORE, Part.SCORE, section, scale=(1, 5), item=f"q{n}", **more) for x in names]
    return (a_field(f"q{n}.notes", label, Kind.NOTES, Part.NOTES, section, required=False, item=f"q{n}"), *scores)


def twice(name: str, label: str, kind: Kind, part: Part, section: str, **more: object) -> tuple[FormField, ...]:
    """The practitioner's column and the auditor's."""
    return tuple(a_field(f"{name}.{who}", label, kind, part, section, required=who == "auditor", **more)
                 for who in ("practitioner", "auditor"))


def graded(section: str) -> FormField:
    return a_field(f"{section}.overall", "Grade of this section", Kind.GRADE, Part.GRADE, section)


SCORED = FormDefinition("base-10", "1", "A scored audit", (
    *(s for s in FORM.sections if s.id in ("concern", "header")),
    FormSection("story", "The story so far", (
        *question("1", "The file tells the story", "story"), *question("2", "The summary is up to date", "story"),
        graded("story")), domain=True),
    FormSection("visits", "Visits", (
        *question("3", "Visits have a purpose, and say", "visits", "abc"), *question("4", "If over four: seen alone", "visits"),
        *question("5", "Visits are on time", "visits"), graded("visits")), domain=True),
    FormSection("scaling", "Scaling", twice("q6", "Recording", Kind.SCORE, Part.SCORE, "scaling", scale=(1, 5), item="q6")),
    FormSection("family", "The family", (
        a_field("q7.parent", "How was it, 0 to 10?", Kind.SCORE, Part.OTHER, "family", scale=(0, 10), required=False),)),
    FormSection("plan", "Actions", tables=(FormTable("actions", "Actions", "plan", (
        a_field("actions.action", "Action", Kind.TEXT, Part.OTHER, "plan"), a_field("actions.who", "Who", Kind.TEXT, Part.OTHER, "plan"),
        a_field("actions.t", "T", Kind.CHOICE, Part.OTHER, "plan", choices=("A", "B", "C")),
        a_field("actions.due", "By", Kind.DATE, Part.OTHER, "plan")),
        due_days=(("A", 1), ("B", 7), ("C", 21))),)),
    FormSection("overall", "Overall", twice("overall", "Quality of practice", Kind.GRADE, Part.GRADE, "overall")),
))
NOTES = {
    "q1": "The summary of 3 June says in plain words what changed for him and why it did so in spring.",
    "q2": "I read the case notes of 4 May beside it, and each of the four moves stands in both.",
    "q3": "Visits on 2, 9 and 16 March each name a purpose, and the next one says what came of it.",
    "q4": "He was seen by himself in the garden on 9 March, and drew the house where he wants to live.",
    "q5": "Every ten working days, as the plan of January asks, and once more when his gran was ill.",
}


def good_scored() -> Return:
    """A scored form with nothing wrong in it."""
    answers = {"header.started": "3 June 2026", "header.met": "17 June 2026", "concern.now": "No"}
    for f in SCORED.fields:
        if f.kind == Kind.SCORE:
            answers[f.id] = "5" if f.id.startswith("q2") else "4"
        elif f.kind == Kind.GRADE:
            answers[f.id] = "Good"
        elif f.part == Part.NOTES:
            answers[f.id] = NOTES[f.item]
    rows = [{"action": "Write the summary again with the child's own words in it.", "who": "Dev Marsh", "t": "B", "due": ""}]
    return Return(answers, rows, form=SCORED, profile={"audit": {"grading_stages": ["final"]}})


def put(**answers: str) -> Callable[[Return], None]:
    """q1__response="6" is the field q1.response."""
    return lambda r: r.answers.update({k.replace("__", "."): v for k, v in answers.items()})


def row(**cells: str) -> Callable[[Return], None]:
    return lambda r: r.rows[0].update(cells)


def section_na(r: Return) -> None:
    r.answers.update({k: "N/A" for k in r.answers if k.startswith(("q1.", "q2.", "story."))})


# Check → what makes it fire on the good scored form, what comes near and keeps it silent.
CASES: dict[str, tuple[Callable[[Return], None], Callable[[Return], None]]] = {
    "CHK-013": (put(q1__response=""), put(q1__response="N/A", q1__notes="Not applicable: the case opened last week", q7__parent="")),
    "CHK-015": (put(q3b__response="6"), put(q3b__response="5 - always", q7__parent="8/10")),
    "CHK-016": (put(q3b__response="3.5"), put(q3b__response="3.0")),
    "CHK-017": (put(q1__notes=""), put(q1__notes="", q1__response="N/A - no summary is asked for yet", q6__auditor="1")),
    "CHK-018": (put(q5__response="N/A", q5__notes=""), put(q4__response="N/A", q4__notes="")),
    "CHK-019": (put(story__overall="Good/Outstanding"), put(story__overall="Good - a clear story", overall__practitioner="g")),
    "CHK-020": (put(story__overall=""), put(story__overall="", q1__response="", q2__response="")),
    "CHK-021": (put(overall__auditor=""), put(overall__practitioner="")),
    "CHK-023": (put(q6__practitioner="", overall__practitioner=""), put(q6__practitioner="", q6__auditor="N/A")),
    "CHK-024": (put(**{f"q{n}__response": "N/A" for n in ("1", "2", "4")}), put(q1__response="N/A", q2__response="n/a")),
    "CHK-033": (put(header__met="06/17/2026"), put(header__met="17/06/2026")),
    "CHK-042": (row(t=""), row(t="", due="10 July 2026")),
    "CHK-047": (row(t="A", due="1 July 2026"), row(t="B", due="6 July 2026")),
    "CHK-043": (row(t="D"), row(t="b - a week")),
}


def make(check: str, which: int) -> Return:
    """The good scored form with that case's change: 0 makes it fire, 1 keeps it silent."""
    form = good_scored()
    CASES[check][which](form)
    return form


@pytest.mark.parametrize(("due", "fires"), [("13 July 2026", False), ("14 July 2026", True)])
def test_where_the_profile_counts_the_letters_its_times_are_what_a_date_is_held_against(due: str, fires: bool) -> None:
    """B is a week in the form and a fortnight in the profile, which is what the issue counts."""
    form = good_scored()
    form.profile["actions"] = {"priority": "abc", "abc": {"B": "14d"}}
    row(t="B", due=due)(form)
    assert bool(form.find("CHK-047")) == fires


def test_a_good_scored_form_has_no_findings() -> None:
    assert [f.words for f in good_scored().check()] == []


@pytest.mark.parametrize(("text", "words"), [
    ("6", 'Q3B: "6" is not between 1 and 5. Please give one number.'), ("yes", 'Q3B: "yes" is not between 1 and 5. Please give one number.'),
    ("3-4", 'Q3B: "3-4" could be 3 or 4. Please give one number.'), ("4?", 'Q3B: "4?" could be 4. Please give one number.'),
])
def test_a_score_that_is_none_is_told_with_what_it_could_be(text: str, words: str) -> None:
    form = good_scored()
    form.answers["q3b.response"] = text
    assert [(f.words, f.fields, f.severity) for f in form.find("CHK-015")] == [(words, ("q3b.response",), Severity.BLOCK)]
    assert form.find("CHK-013") == []


def test_a_score_without_a_scale_is_asked_for_as_a_number() -> None:
    form = good_scored()
    fields = tuple(replace(f, scale=()) for f in form.form.section("family").fields)
    sections = tuple(replace(s, fields=fields) if s.id == "family" else s for s in form.form.sections)
    form.form = replace(form.form, sections=sections)
    form.answers["q7.parent"] = "lovely"
    assert [f.words for f in form.find("CHK-015")] == ['Q7: "lovely" is not a number. Please give one.']


@pytest.mark.parametrize(("integer_only", "severity"), [(True, Severity.BLOCK), (False, Severity.WARN)])
def test_half_marks_block_where_the_profile_says_so(integer_only: bool, severity: Severity) -> None:
    form = good_scored()
    form.profile["grades"] = {"integer_only": integer_only}
    form.answers["q5.response"] = "3.5"
    assert [f.severity for f in form.find("CHK-016")] == [severity]


def test_a_form_that_takes_half_marks_is_not_asked_for_whole_ones() -> None:
    form = good_scored()
    sections = tuple(replace(s, fields=tuple(replace(f, whole=False) for f in s.fields)) for s in form.form.sections)
    form.form = replace(form.form, sections=sections)
    form.answers["q5.response"] = "3.5"
    assert form.find("CHK-016") == [] == form.find("CHK-015")


def test_a_low_score_without_notes_blocks_and_the_others_are_one_warning_a_section() -> None:
    form = good_scored()
    form.answers |= {"q1.notes": "", "q2.notes": "", "q3.notes": "", "q3b.response": "2", "q5.notes": ""}
    assert [(f.severity, f.fields, f.words) for f in form.find("CHK-017")] == [
        (Severity.BLOCK, ("q3.notes",), "Q3 scores 2 but has no notes. Please say why."),
        (Severity.WARN, ("q1.notes", "q2.notes"), 'In "The story so far", please add notes to the scores of Q1, Q2.'),
        (Severity.WARN, ("q5.notes",), 'In "Visits", please add notes to the scores of Q5.'),
    ]


def test_notes_that_were_not_found_are_no_blank_notes() -> None:
    form = good_scored()
    form.answers["q1.notes"] = ""
    form.reading["missing"] = ("q1.notes",)
    assert form.find("CHK-017") == []


def test_blank_scores_are_one_point_a_section() -> None:
    form = good_scored()
    form.answers |= {"q3a.response": "", "q3b.response": "", "q5.response": "", "q1.response": "", "q6.practitioner": ""}
    assert [f.words for f in form.find("CHK-013")] == [
        'Still blank in "The story so far": Q1. Please give a number, or write "Not applicable".',
        'Still blank in "Visits": Q3A, Q3B, Q5. Please give a number, or write "Not applicable".']


def test_a_scored_section_that_does_not_apply_is_asked_why_once() -> None:
    form = good_scored()
    section_na(form)
    assert [f.words for f in form.find("CHK-018")] == ['"The story so far" is marked not applicable for this CP case. Please say why.']
    assert form.find("CHK-013") == form.find("CHK-020") == []
    form.answers["q1.notes"] = "N/A: the case came to us two days before the audit"
    assert form.find("CHK-018") == []


def test_a_section_with_only_its_scores_marked_does_not_apply_and_counts_in_the_share() -> None:
    form = good_scored()
    form.answers |= {"q1.response": "n/a", "q2.response": "n/a", "story.overall": "", "q4.response": "n/a"}
    assert form.find("CHK-020") == []
    assert [f.words for f in form.find("CHK-024")] == ["43% of the questions are not applicable. Please check this is right."]


def test_the_grade_that_could_be_two_is_told_with_both() -> None:
    form = good_scored()
    form.answers |= {"story.overall": "RI/Good", "visits.overall": "Satisfactory", "overall.auditor": "N/A, Good"}
    assert [f.words for f in form.find("CHK-019")] == [
        'In "The story so far", the grade "RI/Good" could mean Requires improvement or Good. Please choose one.',
        'We do not recognise the grade "Satisfactory" in "Visits". Please use Outstanding, Good, Requires improvement or Inadequate.',
        'In "Overall", the grade "N/A, Good" could mean Good. Please choose one.']


def test_the_practitioner_s_grade_is_not_the_audit_s() -> None:
    form = good_scored()
    form.answers |= {"overall.practitioner": "Outstanding", "overall.auditor": ""}
    assert form.find("CHK-021") and form.find("CHK-023") == []
    form.answers["overall.auditor"] = "Good"
    assert form.find("CHK-054") == []


def test_what_a_date_lacks_is_said() -> None:
    form = good_scored()
    form.answers |= {"header.started": "June 2026", "header.met": "17 June"}
    assert [f.words for f in form.find("CHK-032")] == [
        'The date "June 2026" has no day. Use day/month/year, for example 17/06/2026.',
        'The date "17 June" has no year. Use day/month/year, for example 17/06/2026.']


def test_one_date_month_first_puts_the_others_in_doubt() -> None:
    form = good_scored()
    form.answers |= {"header.started": "06/03/2026", "header.met": "06/17/2026"}
    form.rows[0]["due"] = "17/07/2026"
    form.audit["allocated_at"] = RECEIVED.replace(month=2)
    assert [f.fields for f in form.find("CHK-033")] == [("header.started",), ("header.met",)]
    form.answers["header.met"] = "17/06/2026"
    assert form.find("CHK-033") == []


def test_a_council_s_own_names_for_dates_and_columns() -> None:
    """audit_start, meeting_date, action, by_who and by_when are the start, the meeting and an action's cells."""
    form = good_scored()
    header = FormSection("header", "Header", (
        a_field("audit_start", "Audit start date", Kind.DATE, Part.HEADER, "header"),
        a_field("meeting_date", "Date met", Kind.DATE, Part.HEADER, "header")))
    columns = tuple(a_field(f"actions.{name}", name, kind, Part.OTHER, "plan")
                    for name, kind in (("action", Kind.TEXT), ("by_who", Kind.TEXT), ("by_when", Kind.DATE)))
    plan = FormSection("plan", "Actions", tables=(FormTable("actions", "Actions", "plan", columns),))
    kept = tuple(s for s in FORM.sections if s.id == "header")
    printed = tuple(replace(s, fields=tuple(f for f in s.fields if f.prefilled)) for s in kept)
    form.form = FormDefinition("base-10", "1", "Own", (*printed, replace(header, id="dates"), plan))
    form.answers = {"audit_start": "17 June 2026", "meeting_date": "3 June 2026"}
    form.rows = [{"action": "Write the summary again in plain words.", "by_who": "", "by_when": "ASAP"}]
    found = {f.check: f.fields for f in form.check()}
    assert found["CHK-034"] == ("audit_start", "meeting_date")
    assert found["CHK-041"] == ("actions.1.by_who",) and found["CHK-044"] == ("actions.1.by_when",)
