"""Where the five shipped forms keep their grades, and what those mean under their framework."""

from dataclasses import replace

import pytest

from mailflow.form.definition import Part
from mailflow.form.grades import areas_of, grade_rows, overall_row, rows_of, stage_of
from mailflow.form.load import load_form
from mailflow.framework import Framework, load_framework, templates_root
from mailflow.grading import grade_table, overall_grade, say_overall
from mailflow.model import Answer, Reading, Status

FORMS = {name: load_form(templates_root() / (name if name != "framework-2023" else "base") / "form.toml")
         for name in ("one-page", "framework-2023", "bexley-2017", "sefton", "wokingham-3.2")}


def rules(name: str) -> Framework:
    return load_framework(name, {"send": {"allowed_domains": ["northmoor.example"]}})


def read(**answers: str) -> Reading:
    named = {k.replace("__", "."): v for k, v in answers.items()}
    return Reading(Status.READABLE, answers={k: Answer(k, v, value=v or None) for k, v in named.items()})


@pytest.mark.parametrize(("name", "rows", "overall", "stages"), [
    ("one-page", 9, "audit.overall", {""}), ("framework-2023", 11, "overall.post", {"pre", "post"}),
    ("bexley-2017", 7, "overall.grade", {"", "practitioner"}), ("sefton", 12, "overall.grade", {""}),
    ("wokingham-3.2", 10, "overall.auditor", {"", "practitioner"})])
def test_each_shipped_form_has_a_row_a_judged_thing_and_one_overall(name: str, rows: int, overall: str, stages: set[str]) -> None:
    found = grade_rows(FORMS[name])
    row = overall_row(FORMS[name])
    assert len(found) == rows and sum(not r.domain for r in found) == 1
    assert row and row.last[-1].id == overall
    assert {stage_of(f) for r in found for f in r.fields} == stages
    assert len({r.title for r in found}) == rows, "each row has a heading of its own"


@pytest.mark.parametrize(("name", "areas"), [("one-page", 8), ("framework-2023", 10), ("bexley-2017", 6), ("sefton", 11), ("wokingham-3.2", 9)])
def test_each_judged_area_has_its_own_grade(name: str, areas: int) -> None:
    """The one section of the workbook is an area a question; everywhere else a section is one."""
    found = areas_of(FORMS[name])
    assert len(found) == areas and all(len(rows_of(area)) == 1 for area in found)
    assert [r for area in found for r in rows_of(area)] == [r for r in grade_rows(FORMS[name]) if r.domain]


def test_a_section_with_a_grade_that_has_no_evidence_of_its_own_stays_whole() -> None:
    form = FORMS["one-page"]
    section = next(iter(form.domains))
    evidence = section.by_part(Part.EVIDENCE)[0]
    bare = replace(section, fields=tuple(f for f in section.fields if f is not evidence))
    found = areas_of(replace(form, sections=(bare,)))
    assert found == (bare,) and len(rows_of(bare)) == 8


def test_the_practitioner_s_grade_is_never_the_audit_s() -> None:
    """F4-GRD-01."""
    form, framework = FORMS["wokingham-3.2"], rules("wokingham-3.2")
    both = read(overall__practitioner="outstanding", overall__auditor="requires_improvement", narrative__overall="good")
    assert overall_grade(framework, form, both) == "requires_improvement"
    assert overall_grade(framework, form, read(overall__practitioner="outstanding", narrative__overall="good")) == ""
    heads, *lines = grade_table(framework, form, both)
    assert heads == ("Area", "Practitioner", "Auditor")
    assert lines[-1] == ("Overall grade", "Outstanding", "Requires improvement")
    assert lines[0] == ("Narrative and history", "–", "Good")


@pytest.mark.parametrize(("grade", "score", "said"), [
    ("good", "7", "Good (7 of 10)"), ("outstanding", "10", "Outstanding (10 of 10)"), ("inadequate", "0", "Inadequate (0 of 10)"),
    ("good", "", "Good"), ("good", "seven", "Good")])
def test_a_score_beside_the_grade_is_said_with_it(grade: str, score: str, said: str) -> None:
    form, framework = FORMS["bexley-2017"], rules("bexley-2017")
    answers = read(overall__grade=grade, overall__score=score)
    assert say_overall(framework, form, answers, overall_grade(framework, form, answers)) == said


def test_a_section_s_score_is_its_grade() -> None:
    """F2-GRD-01."""
    form, framework = FORMS["bexley-2017"], rules("bexley-2017")
    answers = read(referral__own="9", referral__score="2", review__score="not_applicable", planning__score="11")
    lines = dict((line[0], line[1:]) for line in grade_table(framework, form, answers)[1:])
    assert lines["Referral"] == ("Outstanding (9 of 10)", "Inadequate (2 of 10)")
    assert lines["Review"] == ("Not given", "Not applicable")
    assert lines["Planning"] == ("Not given", "11"), "what no scale knows is told as it stands"
    assert lines["Overall judgement"] == ("–", "Not given")


def test_a_grade_that_was_moderated_is_said_without_the_auditor_s_number() -> None:
    form, framework = FORMS["bexley-2017"], rules("bexley-2017")
    answers = read(overall__grade="good", overall__score="7")
    assert say_overall(framework, form, answers, "requires_improvement") == "Requires improvement"
    assert say_overall(framework, form, None, "good") == "Good"


def test_an_overall_that_is_only_scored_has_a_grade_by_its_band() -> None:
    """A council may drop the words and score the whole as well."""
    form = FORMS["bexley-2017"]
    sections = tuple(replace(s, fields=tuple(
        replace(f, part=s.fields[1].part) if f.id == "overall.score" else f for f in s.fields if f.id != "overall.grade"))
        if s.id == "overall" else s for s in form.sections)
    form, framework = replace(form, sections=sections), rules("bexley-2017")
    framework = replace(framework, grades=replace(framework.grades, scale="sos10"))
    answers = read(overall__score="4")
    assert overall_grade(framework, form, answers) == "requires_improvement"
    assert say_overall(framework, form, answers, "requires_improvement") == "Requires improvement (4 of 10)"


def test_a_form_without_grades_has_no_table() -> None:
    form = FORMS["sefton"]
    bare = replace(form, sections=tuple(s for s in form.sections if not s.domain and s.id != "overall"))
    assert grade_table(rules("sefton"), bare, read()) == () and overall_row(bare) is None
    assert overall_grade(rules("sefton"), bare, read()) == ""
