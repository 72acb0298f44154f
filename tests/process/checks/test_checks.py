"""The run as a whole: order, severity, stopping, and the near misses that must not send a good form back."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from mailflow.framework import framework_folders
from mailflow.framework.words import PLACEHOLDERS, load_words
from mailflow.grading import overall_grade
from mailflow.model import Leftover, Point, Severity
from mailflow.model.ref import make_ref
from mailflow.process.checks import (
    CASENOTE,
    CHECKS,
    FIXED,
    MODERATION,
    check_casenote,
    check_form,
    concern_raised,
)

WORDS = load_words(framework_folders("framework-2023"))
# The domain's order of running (section 4); a module may hold part of a group, and a check may stand in another's.
GROUPS = ("safety", "integrity", "completeness", "selfassessment", "dates", "feedback", "actions", "consistency", "evidence", "privacy", "revision",
          "reaudit")
PART_OF = {"scores": "consistency", "wording": "evidence"}
ELSEWHERE = {"CHK-010": "integrity", "CHK-039": "dates"}


def test_the_order_is_the_domain_s() -> None:
    modules = [ELSEWHERE.get(c.id, c.ask.__module__.rpartition(".")[2]) for c in CHECKS]
    groups = [PART_OF.get(m, m) for m in modules]
    assert groups == sorted(groups, key=GROUPS.index)
    assert [c.id for c in CHECKS if c.id == "CHK-106"] == ["CHK-106"]
    assert MODERATION[0].id == "CHK-072"


def test_every_check_has_words_and_no_words_are_idle() -> None:
    asked = {c.id for c in (*CHECKS, *MODERATION)} | {c for c, _, _ in CASENOTE}
    assert {key.partition(".")[0] for key in PLACEHOLDERS} == asked


def test_every_row_names_its_rule_and_says_what_it_does() -> None:
    assert all(c.source and c.ask.__doc__ for c in CHECKS)


def test_findings_come_in_the_table_s_order(good: Callable) -> None:
    form = good(1)
    form.answers |= {"impact.evidence": "She is at immediate risk.", "voice.post": "", "header.started": "31/06/2026"}
    form.rows[0]["owner"] = ""
    order = [c.id for c in CHECKS]
    found = [order.index(f.check) for f in form.check()]
    assert found == sorted(found) and order[found[0]] == "CHK-072" and len(set(found)) >= 4


def test_safety_is_asked_of_a_form_for_another_audit(good: Callable) -> None:
    form = good(1)
    form.answers |= {"header.case_number": "999", "impact.evidence": "She is at immediate risk."}
    assert [f.check for f in form.check() if f.check in ("CHK-072", "CHK-004")] == ["CHK-072", "CHK-004"]


def test_a_form_for_another_audit_is_asked_nothing_further(good: Callable) -> None:
    form = good(1)
    form.answers |= {"header.case_number": "999", "voice.evidence": "", "overall.post": ""}
    assert {f.check for f in form.check()} == {"CHK-004"}


def test_the_blank_form_is_one_finding_not_fifty(good: Callable) -> None:
    form = good(1)
    form.answers.clear()
    form.rows.clear()
    assert [f.check for f in form.check() if f.severity == Severity.BLOCK] == ["CHK-009"]


def test_text_outside_every_answer_is_not_a_blank_form(good: Callable) -> None:
    form = good(1)
    form.answers.clear()
    form.rows.clear()
    form.reading["leftovers"] = (Leftover("All my evidence stands here."),)
    assert form.find("CHK-009") == []


def test_the_profile_sets_severity_and_switches_off(good: Callable) -> None:
    form = good(1)
    form.answers["overall.themes"] = ""
    form.profile = {"checks": {"severity": {"CHK-030": "block", "CHK-031": "off"}}}
    found = {f.check: f.severity for f in form.check()}
    assert found["CHK-030"] == Severity.BLOCK and "CHK-031" not in found
    assert sorted(FIXED) == ["CHK-002", "CHK-004", "CHK-072", "CHK-104"]


def test_inadequate_without_a_reason_blocks_in_this_framework(good: Callable) -> None:
    form = good(1)
    form.answers |= {"overall.post": "Inadequate", "overall.summary": "The work is weak.", "conversation.notes": "We met."}
    assert [f.severity for f in form.find("CHK-058")] == [Severity.BLOCK]


def test_findings_name_the_fields_and_the_heading(good: Callable) -> None:
    form = good(1)
    form.answers["voice.evidence"] = ""
    form.rows[1]["due"] = "ongoing"
    first, second = form.find("CHK-013")[0], form.find("CHK-044")[0]
    assert (first.fields, first.section) == (("voice.evidence",), "The child's voice and daily life")
    assert (second.fields, second.section) == (("actions.2.due",), "Improvement plan")
    assert second.words == 'Action 2 says "ongoing". Please give a date.'


def test_a_blank_is_told_once(good: Callable) -> None:
    form = good(1)
    form.answers |= {"voice.evidence": "", "voice.pre": "", "voice.post": "", "header.met": "", "header.started": ""}
    told = [field for f in form.check() if f.severity == Severity.BLOCK for field in f.fields]
    assert sorted(told) == ["header.met", "header.started", "voice.evidence", "voice.post", "voice.pre"]


def test_row_numbers_are_those_printed_even_after_a_blank_row(good: Callable) -> None:
    form = good(1)
    form.rows.insert(1, {})
    form.rows[2]["owner"] = ""
    assert form.find("CHK-041")[0].fields == ("actions.3.owner",)


@pytest.mark.parametrize(("field", "text"), [
    ("header.met", "15/06/2026 and 17/06/2026"), ("header.met", "Practitioner on long-term sick leave"),
    ("header.started", "Wed 3rd June 2026"), ("voice.post", "requires improvement to be good"),
    ("partners.evidence", "N/A – no other agency was involved in the period"), ("concern.told", "N/A"),
    ("header.auditor", ""), ("header.team", ""), ("header.category", "cp"), ("plan.improvements", "None"),
    ("overall.summary", "Mum's number for this case is on file: 2026 visits, 4,102,739 words."),
    ("late.reason", "not late"), ("family.strengths", "Full name: not needed here, initials will do."),
    ("family.strengths", "Full name of the practitioner's manager is Ines Holt."),
])
def test_what_people_ordinarily_write_does_not_block(field: str, text: str, good: Callable) -> None:
    form = good(1)
    form.answers[field] = text
    assert [f for f in form.check() if f.severity == Severity.BLOCK] == []


@pytest.mark.parametrize(("due", "check"), [
    ("31/06/2026", "CHK-032"), ("within 6 weeks", "CHK-044"), ("end of June", "CHK-044"), ("next supervision", "CHK-044"),
])
def test_a_due_date_that_is_none_is_told_in_the_fitting_words(due: str, check: str, good: Callable) -> None:
    form = good(1)
    form.rows[0]["due"] = due
    assert [f.check for f in form.check() if f.severity == Severity.BLOCK] == [check]


def test_an_action_due_between_meeting_and_an_amended_return_does_not_block(good: Callable) -> None:
    form = good(1)
    form.rows[0]["due"] = "24 June 2026"
    assert [f.severity for f in form.find("CHK-045")] == [Severity.WARN]


@pytest.mark.parametrize(("text", "fires"), [
    ("Her sister's case 4102811 is linked.", True), ("See Mosaic number: 4102811.", True), ("(case no. 4102811)", True),
    ("Case 4102738 was opened in May.", False), ("The benefit was 4102811 in all.", False), ("Case 41028111 is long.", False),
    ("See audit 2601-004R of another child.", None),
])
def test_another_case_number(text: str, fires: bool | None, good: Callable) -> None:
    form = good(1)
    form.answers["voice.evidence"] = text.replace("2601-004R", make_ref("2601", 4))
    found = form.find("CHK-104")
    assert bool(found) == (fires is not False)
    assert not any("4102811" in f.words or "2601-004" in f.words for f in found)


def test_a_number_the_council_knows_needs_no_introduction(good: Callable) -> None:
    form = good(1)
    form.answers["voice.evidence"] = "The benefit was 4102811 in all."
    form.more["is_case"] = lambda number: number == "4102811"
    assert [f.severity for f in form.find("CHK-104")] == [Severity.BLOCK]


def test_an_earlier_audit_of_the_same_case_may_be_named(good: Callable) -> None:
    form = good(1)
    form.answers["voice.evidence"] = f"The last audit, {make_ref('2601', 4)}, asked for this."
    form.more["own_refs"] = frozenset({make_ref("2601", 4)})
    assert form.find("CHK-104") == []


@pytest.mark.parametrize(("text", "kind"), [
    ("Gran lives at ZE1 0AB.", "postcode"), ("Ring 01632 960 123.", "phone number"), ("Ring 07700 900123", "phone number"),
    ("NHS 943 476 5919", "NHS number"), ("QQ 12 34 56 C is none; AB 12 34 56 C is.", "National Insurance number"),
    ("mum@mail.example", "email address"), ("They live at 14 Sorrel Lane now.", "street address"),
])
def test_private_details_are_named_by_kind(text: str, kind: str, good: Callable) -> None:
    form = good(1)
    form.answers["voice.evidence"] = text
    assert [kind in f.words for f in form.find("CHK-105")] == [True]


@pytest.mark.parametrize("text", [
    "943 476 5918 is no NHS number", "Seen 12 times in 26 weeks, £1,234.50 paid", "ref 2606-018D", "12/06/2026, 10.30am to 11.15",
    "ruth.addo@northmoor.example", "He is in Y6 and 3B", "1 December 2025 to 1 June 2026", "QQ 12 34 56 C",
])
def test_figures_that_are_nobody_s_number(text: str, good: Callable) -> None:
    form = good(1)
    form.answers["voice.evidence"] = text
    assert form.find("CHK-105") == []


@pytest.mark.parametrize("name", [
    "2606-018D.docx", "2606-018D audit (1).docx", "Copy of 2606-018D_CP_audit_v2.docx", "Case File Audit - June 2026 final.docx",
    "RE_ audit form signed RA.docx", "Audit Ruth Addo 25.06.26.docx",
])
def test_ordinary_names_of_documents_are_left_alone(name: str, good: Callable) -> None:
    form = good(1)
    form.name = name
    assert form.find("CHK-106") == []


def test_somebody_s_name_in_the_document_s_name_is_asked_about(good: Callable) -> None:
    form = good(1)
    form.name = "Tobias_Fennimore_audit.docx"
    assert [(f.severity, "Tobias Fennimore" in f.words) for f in form.find("CHK-106")] == [(Severity.WARN, True)]


def test_told_somebody_but_forgot_to_tick(good: Callable) -> None:
    form = good(1)
    form.answers |= {"concern.now": "No", "concern.told": "Ines Holt on 01632 960123"}
    assert len(form.find("CHK-072")) == 1


@pytest.mark.parametrize("answer", ["Yes", "yes", "Yes - rang the manager at 2pm"])
def test_a_ticked_box_is_a_concern_and_asks_no_second_question(answer: str, good: Callable) -> None:
    form = good(1)
    form.answers |= {"concern.now": answer, "impact.evidence": "She is at immediate risk."}
    assert concern_raised(form.submission().reading, form.scene().form)
    assert form.find("CHK-072") == []


def test_danger_in_the_mail_and_in_the_margin_is_seen(good: Callable) -> None:
    form = good(1)
    form.mail_text = "Attached. I am worried: she is not safe to go home."
    form.reading["leftovers"] = (Leftover("in danger now"),)
    found = form.find("CHK-072")[0]
    assert "mail: not safe to go home" in found.detail and "elsewhere in the document: in danger now" in found.detail


def test_the_grade_is_the_one_after_the_conversation(good: Callable) -> None:
    form = good(7)
    scene = form.scene()
    assert overall_grade(scene.framework, scene.form, form.submission().reading) == "requires_improvement"
    form.answers["overall.post"] = ""
    assert overall_grade(scene.framework, scene.form, form.submission().reading) == ""


def test_frameworks_with_one_grade_do_not_ask_for_two(good: Callable) -> None:
    form = good(1)
    form.answers |= {k: "" for k in form.answers if k.endswith(".pre")}
    assert form.find("CHK-022")
    form.profile = {"audit": {"grading_stages": ["final"]}}
    assert form.find("CHK-022") == []


def test_points_stay_short_whatever_a_council_prints_in_its_form(good: Callable) -> None:
    """Titles and questions of thirty words, nearly every check provoked."""
    long = " ".join(["enormously"] * 30)
    form = good(8)
    form.category = long
    keep = ("oversight", "voice")
    form.answers = {k: v for k, v in form.answers.items() if k.startswith(keep)}
    form.answers |= {"header.started": long + " 31/06/2026", "voice.post": long, "planning.evidence": "Not applicable",
                     "header.auditor": long, "voice.evidence": f"Mrs Fennimore. {'Tobias Fennimore, ' * 9} 07700 900123"}
    form.reading = {"missing": ("family.evidence",), "oddities": (long, long, long, long), "prompts_left": ("review.evidence",)}
    form.rows = [{"text": long, "owner": "", "due": long}, {"text": long, "owner": long, "due": "31/02/2026"}]
    scene = form.scene()

    def stretched(part):  # type: ignore[no-untyped-def]
        return replace(part, label=long)

    sections = tuple(replace(s, title=long, fields=tuple(map(stretched, s.fields)), tables=tuple(map(stretched, s.tables)))
                     for s in scene.form.sections)
    found = check_form(replace(scene, form=replace(scene.form, sections=sections)), form.submission(), None, "", form.received_at,
                       WORDS)
    assert len({f.check for f in found}) >= 15
    assert [f.words for f in found if len(f.words.split()) > 25] == []


def test_a_late_amended_form_is_not_asked_why_it_is_late(good: Callable) -> None:
    form = good(1).amended()
    form.received_at = datetime(2026, 7, 2, 9, tzinfo=UTC)
    assert form.find("CHK-120") == []


def test_a_late_reason_in_the_mail_will_do(good: Callable) -> None:
    form = good(1)
    form.received_at = datetime(2026, 7, 2, 9, tzinfo=UTC)
    form.mail_text = "Sorry this is late, I was on leave."
    assert form.find("CHK-120") == []


def test_a_point_may_be_answered_in_the_mail(good: Callable) -> None:
    form = good(1)
    form.audit["points"] = (Point(1, "Please say more.", "", ("voice.evidence",)),)
    form = form.amended()
    form.answers["family.evidence"] += " Dad was rung."
    assert len(form.find("CHK-109")) == 1
    form.mail_text = "Point 1: nothing to add, she was not seen again."
    assert form.find("CHK-109") == []


def test_the_case_note(good: Callable) -> None:
    told = ("team manager", "practitioner")
    assert check_casenote("June Audit", "15:30", "30/06/2026", told, WORDS) == ()
    assert check_casenote("June 2026 Audit", "09:05", "01/06/2026", told, WORDS) == ()
    bad = check_casenote("Audit of Tobias Fennimore " + "x" * 80, "3:30pm", "2026-06-30", (), WORDS)
    assert [f.check for f in bad] == ["CHK-118", "CHK-118", "CHK-119", "CHK-119", "CHK-119"]
    assert all(f.severity == Severity.BLOCK for f in bad)
    worse = check_casenote("x" * 101, "24:00", "31/06/2026", ("tm",), WORDS)
    assert [f.check for f in worse] == ["CHK-118", "CHK-119", "CHK-119"]


def test_a_deleted_question_blocks_only_where_an_answer_is_due(good: Callable) -> None:
    form = good(1)
    form.reading["missing"] = ("late.reason", "planning.evidence", "actions.text", "actions.owner", "actions.due")
    form.rows.clear()
    found = {f.fields[0]: f.severity for f in form.find("CHK-006")}
    assert found == {"planning.evidence": Severity.BLOCK, "late.reason": Severity.WARN, "actions.text": Severity.WARN}
    form.answers["overall.post"] = "Inadequate"
    assert {f.fields[0]: f.severity for f in form.find("CHK-006")}["actions.text"] == Severity.BLOCK
