"""Scores beside grades and beside one another, on the form of forty-two questions."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from mailflow.form.definition import Part
from mailflow.form.load import load_form
from mailflow.framework import templates_root
from mailflow.model import Severity
from tests.process.checks.conftest import WOKINGHAM, Return, wokingham


def put(**answers: str) -> Callable[[Return], None]:
    """q1__response="2" is the field q1.response."""
    return lambda r: r.answers.update({k.replace("__", "."): v for k, v in answers.items()})


def section(name: str, score: str) -> Callable[[Return], None]:
    """Every score of that section."""
    return lambda r: r.answers.update({f.id: score for f in WOKINGHAM.section(name).by_part(Part.SCORE)})


def every(score: str) -> Callable[[Return], None]:
    fields = [f.id for s in WOKINGHAM.sections for f in s.by_part(Part.SCORE) if f.id.endswith((".response", ".auditor"))]
    return lambda r: r.answers.update(dict.fromkeys(fields, score))


def both(*changes: Callable[[Return], None]) -> Callable[[Return], None]:
    def change(r: Return) -> None:
        for c in changes:
            c(r)
    return change


def aged(r: Return, years: str) -> None:
    """The council's header has a line for the age."""
    header = r.form.section("header")
    line = replace(r.form.fields[3], id="age", label="Age", part=Part.HEADER, section="header", prefilled=False, required=False)
    r.form = replace(r.form, sections=tuple(replace(s, fields=(*s.fields, line)) if s is header else s for s in r.form.sections))
    r.answers["age"] = years


def of_age(years: str, **answers: str) -> Callable[[Return], None]:
    return lambda r: (aged(r, years), put(**answers)(r))[1]


SAID = "We talked about this for an hour and she changed her mind about the plan."
# Check → what makes it fire on the good form, what comes near and keeps it silent.
CASES: dict[str, tuple[Callable[[Return], None], Callable[[Return], None]]] = {
    "CHK-052": (put(q41__practitioner="1", q41__auditor="5", commentary__practitioner=""),
                put(q41__practitioner="1", q41__auditor="5", commentary__practitioner="", commentary__auditor=SAID)),
    "CHK-056": (section("narrative", "1"), section("narrative", "2")),
    "CHK-057": (both(put(q16__response="2"), lambda r: r.rows.clear()), put(q16__response="2")),
    "CHK-062": (put(q39__response="No"), both(put(q39__response="No", q40__response="1 Too high", overall__auditor="Requires improvement"))),
    "CHK-063": (put(q22__response="2"), both(put(q22__response="2", overall__auditor="Inadequate"))),
    "CHK-064": (put(q42__auditor="2", q1__response="4", q2__response="5"), put(q42__auditor="2", q1__response="3", q2__response="5")),
    "CHK-065": (put(q17__response="1", q36__response="4", q37__response="4", q38__response="4"),
                put(q17__response="2", q36__response="4", q37__response="4", q38__response="4")),
    "CHK-066": (put(q18__response="N/A", q18__notes=""), put(q18__response="N/A", q18__notes="Not applicable: no conference was due yet",
                                                              q19__response="N/A", q19__notes="")),
    "CHK-067": (every("4"), both(every("4"), put(q9__response="3"))),
    "CHK-068": (put(q2__response="5", q2__notes="There was no summary of 3 May that I could use, and what there is was unclear to me and to her manager."),
                put(q2__response="5", q2__notes="The case notes hold no evidence of drift since the review of 3 May, nor of a gap in what the school was told.")),
    "CHK-069": (put(q48__parent1="2"), put(q48__parent1="2", q48why__parent1="Nobody rang back.", q48__parent2="4")),
    "CHK-070": (put(good_practice__response="Yes", good_practice__notes="A lovely piece that others should look at when they can."),
                put(good_practice__response="Yes", good_practice__notes="The life story book.")),
}


def make(check: str, which: int) -> Return:
    """The good form of forty-two questions with that case's change: 0 makes it fire, 1 keeps it silent."""
    form = wokingham()
    CASES[check][which](form)
    return form


def test_a_good_form_of_forty_two_questions_is_asked_for_practice_and_themes_only() -> None:
    assert {f.check for f in wokingham().check()} == {"CHK-025", "CHK-030"}


def test_the_sections_of_a_scored_form_are_judged_by_their_own_grades() -> None:
    """A section's grade is not the overall one, and a missing one is asked for."""
    form = wokingham()
    form.answers |= {"narrative.overall": "Inadequate", "plan.overall": ""}
    found = {f.check: f for f in form.check()}
    assert "CHK-053" in found and found["CHK-020"].fields == ("plan.overall",)
    assert found["CHK-053"].words == 'Overall Good, but "Narrative and history" is Inadequate. Please explain, or change a grade.'


def test_which_section_and_mean_is_said() -> None:
    form = wokingham()
    section("narrative", "1")(form)
    assert [f.words for f in form.find("CHK-056")] == ['"Narrative and history": its scores average 1.0, and its grade is Good. Please check.']


THREE = {"grades": {"scale": "three", "section_scale": "three", "scales": {"three": {"bands": [
    {"grade": "weak", "rank": 1, "words": "Not there yet", "values": ["inadequate", "requires_improvement"]},
    {"grade": "sound", "rank": 2, "words": "Sound", "values": ["good"]},
    {"grade": "strong", "rank": 3, "words": "Strong", "values": ["outstanding"]}]}}}}


def test_a_council_s_three_words_are_ranked_and_said_as_its_profile_has_them() -> None:
    """Good is the second of three: the mean of scores may stand one rank below it, not two below Outstanding."""
    form = wokingham()
    form.profile = THREE
    section("narrative", "1")(form)
    assert form.find("CHK-056") == []
    form.answers |= {"narrative.overall": "Outstanding", "overall.practitioner": "Inadequate", "overall.auditor": "Outstanding",
                     "commentary.practitioner": ""}
    assert [f.words for f in form.find("CHK-056")] == ['"Narrative and history": its scores average 1.0, and its grade is Strong. Please check.']
    assert [f.words for f in form.find("CHK-052")] == [
        "Overall grade: the worker gave Not there yet, you gave Strong. Please say what was discussed."]


def test_all_scores_the_same_is_one_remark_over_all_of_them() -> None:
    """SCN-21: forty-two scores of 4."""
    form = wokingham()
    every("4")(form)
    found = form.find("CHK-067")
    assert [f.words for f in found] == ["Every answer is 4. Please check each one."] and len(found[0].fields) >= 42


def test_several_questions_two_bands_apart_are_one_remark() -> None:
    form = wokingham()
    form.answers |= {"commentary.practitioner": "", "q41.practitioner": "1", "q41.auditor": "5", "overall.practitioner": "Inadequate"}
    assert [f.words for f in form.find("CHK-052")] == [
        "You and the worker are two bands or more apart (Q41, Overall grade). Please say what was discussed."]


@pytest.mark.parametrize(("years", "fires"), [("16", True), ("15", False), ("", False)])
def test_a_question_for_an_age_is_due_only_where_the_age_is_known(years: str, fires: bool) -> None:
    form = wokingham()
    aged(form, years)
    form.answers |= {"q20.response": "", "q20.notes": ""}
    assert bool(form.find("CHK-066")) == fires


def test_a_blank_question_of_another_category_is_not_missed() -> None:
    form = wokingham()
    form.answers |= {"q19.response": "", "q19.notes": ""}
    assert form.find("CHK-066") == form.find("CHK-013") == []
    form.category = form.answers["category"] = "LAC"
    assert [f.words for f in form.find("CHK-066")] == ["Q19 should apply to this LAC case. Please answer it, or say why not."]


def test_the_question_without_a_box_in_the_council_s_document_only_warns_when_blank() -> None:
    """SCN-20: Q15 of edition 3.2 has no entry controls; the others of its section are sent back as ever."""
    form = wokingham()
    form.answers |= {"q15.response": "", "q15.notes": ""}
    assert [(f.severity, f.fields) for f in form.find("CHK-013")] == [(Severity.WARN, ("q15.response",))]
    form.answers["q14.response"] = ""
    assert [(f.severity, f.fields) for f in form.find("CHK-013")] == [
        (Severity.BLOCK, ("q14.response",)), (Severity.WARN, ("q15.response",))]
    form.reading["missing"] = ("q15.response",)
    assert [f.severity for f in form.find("CHK-006")] == [Severity.WARN]


def bexley(scores: str, overall: str, **answers: str) -> Return:
    form = load_form(templates_root() / "bexley-2017" / "form.toml")
    filled = {"header.started": "3 June 2026", "header.met": "17 June 2026", "concern.now": "No", "overall.grade": overall,
              "overall.score": "6", "overall.summary": "Sound work on the whole, as the reviews of May show."}
    for s, score in zip((s for s in form.sections if s.domain), scores.split(), strict=True):
        filled |= {f"{s.id}.score": score, f"{s.id}.evidence": f"The case notes of May on {s.title} were read from end to end."}
    rows = [{"text": "Write the plan again with dates a family could keep.", "owner": "Dev Marsh", "due": "17 July 2026"}]
    return Return(filled | {k.replace("__", "."): v for k, v in answers.items()}, rows, form=form, framework="bexley-2017")


def test_a_section_scored_two_of_ten_is_inadequate_and_good_overall_is_explained() -> None:
    """SCN-15: 6, 6, 2, 7, 8, 6 and overall Good; with the reasons written out it may stand. Half marks are sent back."""
    short = bexley("6 6 2 7 8 6", "Good")
    assert [(f.severity, f.fields[0]) for f in short.find("CHK-053")] == [(Severity.BLOCK, "assessment.score")]
    why = ("The assessment is the one weak part and was written by somebody who has left; everything since then, in the plan, "
           "the reviews and the supervision, has made up for it.")
    assert bexley("6 6 2 7 8 6", "Good", overall__summary=why).find("CHK-053") == []
    assert bexley("6 6 2.5 7 8 6", "Good").find("CHK-016")


def test_a_score_of_five_without_areas_for_improvement_goes_back() -> None:
    """SCN-16, F2-GRD-02: overall 5, nothing under "to get to good" and no action."""
    form = bexley("5 5 5 5 5 5", "Requires improvement", overall__score="5")
    form.rows.clear()
    assert [f.severity for f in form.find("CHK-029")] == [Severity.BLOCK]
    form.answers["overall.grade"] = "Good"
    assert form.find("CHK-029"), "the score alone says that a plan is due"
    form.answers["review.better"] = "Hold the reviews in time."
    assert form.find("CHK-029") == [] and len(form.find("CHK-057")) == 5


def test_the_practitioner_s_own_score_is_asked_for_and_compared() -> None:
    form = bexley("6 6 6 7 8 6", "Good", assessment__own="1")
    assert len(form.find("CHK-023")) == 1
    assert [f.words for f in form.find("CHK-052")] == ["Assessment: the worker gave 1, you gave 6. Please say what was discussed."]


def test_each_area_of_a_workbook_is_judged_by_itself() -> None:
    form = load_form(templates_root() / "one-page" / "form.toml")
    answers = {f.id: "Good" for f in form.fields if f.part is Part.GRADE} | {"areas.3.rating": "Inadequate", "audit.overall": "Outstanding"}
    answers |= {f.id: f"In the case notes of 3 May on {f.label.lower()} it is plain what was done." for f in form.fields
                if f.part is Part.EVIDENCE}
    answers |= {"areas.5.rating": "", "audit.reason": "Sound work on the whole, as the plan of May shows."}
    found = Return(answers, [], form=form, framework="one-page").check()
    assert [f.words for f in found if f.check == "CHK-020"] == ['"Multi-agency working" has no grade. Please choose one, or "Not applicable".']
    assert [f.words for f in found if f.check == "CHK-053"] == [
        'Overall Outstanding, but "Voice of the child" is Inadequate. Please explain, or change a grade.']
    assert "CHK-022" not in {f.check for f in found}
