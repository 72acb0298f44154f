"""One audit under each of the five frameworks: sent, completed, returned, accepted, issued, in the framework's own words."""

import email
import email.policy
import io
from email.message import EmailMessage
from typing import Any

import pypdf
import pytest
from openpyxl import load_workbook

from mailflow.form.load import load_form
from mailflow.framework import framework_folders, templates_root
from mailflow.model import State
from outbox.forms.word import fill_form
from parsers.read import read_document
from tests.stories.conftest import Found
from tests.stories.hand import complete_form, send_back, type_in
from tests.stories.telling import accept_and_issue, decide, told
from tests.world import HOS, QA, SM, TMS, World, auditor, practitioner

BEA, BEA_WORKER, TM = auditor(0), practitioner(0), TMS["Harbour"]
# Framework → what the form is sent as, how an action says when, the grade in words, and lines of the report.
FIVE: dict[str, tuple[str, dict[str, Any], str, tuple[str, ...]]] = {
    "one-page": ("xlsx", {"letters": ("A", "B")}, "Good", ("Planning Good", "Voice of the child Good", "A: within 24 hours")),
    "framework-2023": ("docx", {}, "Good",
                       ("Before the conversation After the conversation", "Planning Good Good")),
    "bexley-2017": ("docx", {}, "Good (7 of 10)",
                    ("Area Practitioner Auditor", "Referral Good (6 of 10) Good (7 of 10)", "Grade: Good (7 of 10)",
                     "Overall judgement – Good (7 of 10)")),
    "sefton": ("docx", {}, "Good", ("Area Grade", "Direct work and relationships Good", "What others say")),
    "wokingham-3.2": ("docx", {}, "Good",
                      ("Area Practitioner Auditor", "Outcomes – Good", "Overall grade Good Good", "Q1. Does the file tell",
                       "Question Score Notes", "Q41. Signs of Safety")),
}


# Northmoor's cases are its own sheet's, whatever the framework draws from.
FROM_A_SHEET = '[profile.selection]\nsource = "sheet"\n'


def report_of(world: World, code: str, to: str) -> str:
    """The text of the report that came with a letter, every run of white space one space."""
    for message in messages(world):
        if message["X-Mailflow-Letter"] == code and message["To"].addresses[0].addr_spec == to:
            document = next(p for p in message.iter_attachments() if (p.get_filename() or "").endswith(".pdf"))
            pages = pypdf.PdfReader(io.BytesIO(document.get_content())).pages
            return " ".join(" ".join(page.extract_text() for page in pages).split())
    raise AssertionError(f"{to} never had a report with {code}")


def messages(world: World) -> list[EmailMessage]:
    found = [email.message_from_bytes(p.read_bytes(), policy=email.policy.default) for p in world.in_folder("sent")]
    return [m for m in found if isinstance(m, EmailMessage)]


@pytest.mark.parametrize("framework", FIVE)
def test_an_audit_goes_the_whole_way(northmoor: Found, framework: str) -> None:
    """The auditor gets the framework's own form, filled in as far as we know it. The completed form needs no correction. QA
    is told the grade in the framework's words, and so are the team manager and the practitioner, with the report."""
    kind, how, grade, lines = FIVE[framework]
    world = northmoor(framework=framework, profile=FROM_A_SHEET)
    ref = world.refs[0]
    sent = [p.get_filename() for m in messages(world) if m["X-Mailflow-Letter"] == "OUT-04" for p in m.iter_attachments()]
    assert sent[0] == f"Audit form {ref}.{kind}"
    send_back(world, ref, **how)
    world.run("2026-09-15 15:00")
    assert world.audit(ref).state is State.UNDER_QA, [x.text for x in world.sent("OUT-13")]
    assert world.sent("OUT-14")[-1].subject.startswith(f"[AUDIT {ref}] Returned: {grade} – 0 blocks, ")
    accept_and_issue(world, ref)
    assert world.audit(ref).grade == "good"
    for to, whose in ((TM, "your team's work"), (BEA_WORKER, "your work")):
        assert world.sent("OUT-23", to=to)[-1].subject == f"[AUDIT {ref}] Audit of {whose}: {grade}"
        report = report_of(world, "OUT-23", to)
        assert f"Overall grade {grade}" in report
        assert [line for line in lines if line not in report] == []
    assert report_of(world, "OUT-16", BEA) == report_of(world, "OUT-23", TM)
    note = next(x for x in world.sent("OUT-16") if x.audit == ref).text
    assert f"Overall grade: {grade}." in note


def test_the_workbook_s_mistakes_are_told_by_sheet_and_cell(northmoor: Found) -> None:
    """A letter that is none, and no overall grade: the auditor and QA are told where, as no comment can be put into Excel.
    The workbook corrected, nothing stops it."""
    world = northmoor(framework="one-page")
    ref = world.refs[0]
    rows = {"actions": [{"action": "Bring the chronology up to date with the spring", "who": "Social worker", "t": "D"}]}
    send_back(world, ref, {"audit.overall": ""}, rows)
    world.run("2026-09-15 15:00")
    assert world.audit(ref).state is State.REVISION
    for code, to in (("OUT-13", BEA), ("OUT-14", QA)):
        text = " ".join(world.sent(code, to=to)[-1].text.split())
        assert "use A (24 hours), B (1 week) or C (3 weeks)" in text
        assert "Where: sheet Actions, cell C5" in text and "Where: sheet Audit, cell A35" in text, "a blank is named by its question"
    world.now = world.now.replace(day=16)
    send_back(world, ref, letters=("C",))
    world.run("2026-09-16 11:00")
    assert world.audit(ref).state is State.UNDER_QA


def test_the_wrong_form_is_answered_with_the_workbook_and_what_could_be_carried(northmoor: Found) -> None:
    """T-28: somebody sends the Word form of another framework. The workbook goes back with the actions, which both
    forms have, and the letter lists every other answer. The workbook filled in is taken."""
    world = northmoor(framework="one-page")
    ref = world.refs[0]
    house, audit = world.house, world.audit(ref)
    other = load_form(templates_root() / "sefton" / "form.toml")
    word = fill_form(house.scene(audit, world.now), other, framework_folders("sefton"), house.secret).data
    answers, rows = complete_form(other.for_category("CP"), audit.opens_on)
    world.write(BEA, "Here is my audit.", answers=world.carrier(ref), documents=[("Audit.docx", type_in(word, answers, rows))])
    world.run("2026-09-15 15:00")
    letter, = world.sent("OUT-30")
    back = read_document(letter.forms[0], "back.xlsx", (house.policy.form,))
    assert b"xl/workbook.xml" in letter.forms[0] and back.passport and back.passport.ref == ref
    assert "with 1 answer of yours already in it" in letter.text and "Planning: Grade:" in letter.text
    assert [r["action"].text for r in back.rows["actions"]] == [r["text"] for r in rows["actions"]]
    world.now = world.now.replace(day=16)
    send_back(world, ref)
    world.run("2026-09-16 11:00")
    assert world.audit(ref).state is State.UNDER_QA, world.sent("OUT-13")[-1].text


def test_a_24_hour_action_reaches_the_team_manager_before_any_check(northmoor: Found) -> None:
    """SCN-11: returned on Friday at 3pm with no grade at all. The form goes back, and the team manager knows at once: by
    Saturday 3pm. Owners nobody named are the team manager. The corrected form does not tell it twice; the list of actions
    that comes with the report shows letters and days, and the 24 hours still count from Friday."""
    world = northmoor(framework="one-page")
    ref = world.refs[0]
    rows = {"actions": [{"action": "Agree with the mother where the child sleeps tonight", "who": "", "t": "A"},
                        {"action": "Bring the chronology up to date with the spring", "who": "Social worker", "t": "b"}]}
    send_back(world, ref, {"audit.overall": ""}, rows)
    world.run("2026-09-18 15:00")
    assert world.audit(ref).state is State.REVISION
    letter, = world.sent("OUT-76")
    assert letter.to == TM and letter.subject == f"[AUDIT {ref}] Action needed within 24 hours (before quality check)"
    assert "Due by Saturday 19 September 2026, 3pm" in letter.text and "Agree with the mother" in letter.text
    assert "chronology" not in letter.text
    send_back(world, ref, rows=rows)
    world.run("2026-09-21 10:00")
    decide(world, ref, "ACCEPT", at="2026-09-21 12:00")
    world.run("2026-09-21 12:20")
    assert len(world.sent("OUT-76")) == 1
    sheet = next(p for m in messages(world) if m["X-Mailflow-Letter"] == "OUT-23" for p in m.iter_attachments()
                 if (p.get_filename() or "").startswith("actions-"))
    first, second = load_workbook(io.BytesIO(sheet.get_content())).worksheets[0].iter_rows(min_row=2, values_only=True)
    assert first[4:] == ("Tom Hartley (team manager)", "19/09/2026, 3pm", "A")
    assert (second[4], f"{second[5]:%d/%m/%Y}", second[6]) == ("Social worker", "28/09/2026", "B")


PEER = """
[profile.types.peer]
graded = false
[profile.calendar.months]
"06" = {type = "peer"}
[profile.followup]
rules = [{when = {type = "peer"}, wd = 10}]
"""


def test_a_peer_audit_is_not_graded(northmoor: Found) -> None:
    """SCN-05: practitioners audit each other (F1-ROL-04). A grade on a peer audit is sent back. Without grades and with a plan
    it is accepted, its follow-up is ten working days, and neither letters, report nor case note speak of a grade."""
    world = northmoor(framework="framework-2023", month="2026-06", profile=PEER, auditors=2)
    ref = world.refs[0]
    assert world.audit(ref).type == "peer"
    send_back(world, ref)
    world.run("2026-06-16 15:00")
    assert world.audit(ref).state is State.REVISION
    assert "(CHK-071)" in world.sent("OUT-13")[-1].text
    form = world.house.policy.form
    world.now = world.now.replace(day=17)
    send_back(world, ref, {f.id: "" for f in form.fields if f.kind == "grade"})
    world.run("2026-06-17 10:00")
    assert world.audit(ref).state is State.UNDER_QA, world.sent("OUT-13")[-1].text
    assert "not graded" in world.sent("OUT-14")[-1].subject
    accept_and_issue(world, ref)
    assert world.audit(ref).grade == ""
    letter = world.sent("OUT-23", to=TM)[-1]
    assert letter.subject == f"[AUDIT {ref}] Audit of your team's work"
    assert "By Wednesday 1 July 2026" in letter.text
    for x in (letter, world.sent("OUT-16")[-1], world.sent("OUT-25")[-1]):
        assert "grade" not in x.text.casefold().replace("graded", ""), x.text
    report = report_of(world, "OUT-23", TM)
    assert "This kind of audit is not graded." in report and "Overall grade" not in report and "Grades at a glance" not in report


SCORES = dict(zip(("referral", "information", "assessment", "planning", "review", "oversight"), (6, 6, 2, 7, 8, 6), strict=True))


def test_one_inadequate_area_beside_a_good_overall_has_to_be_explained(northmoor: Found) -> None:
    """SCN-15: 6, 6, 2, 7, 8, 6 and Good overall. Without reasons the form comes back; a half mark does too. With reasons in
    twenty words or more it is taken."""
    world = northmoor(framework="bexley-2017")
    ref = world.refs[0]
    scores = {f"{area}.score": str(n) for area, n in SCORES.items()}
    send_back(world, ref, {**scores, "overall.summary": "Good work.", "review.score": "2.5"})
    world.run("2026-09-15 15:00")
    text = " ".join(world.sent("OUT-13")[-1].text.split())
    assert "(CHK-053)" in text and '"Assessment" is Inadequate' in text
    assert "(CHK-016)" in text and '"2.5"' in text
    world.now = world.now.replace(day=16)
    send_back(world, ref, scores)
    world.run("2026-09-16 10:00")
    assert world.audit(ref).state is State.UNDER_QA, world.sent("OUT-13")[-1].text
    assert "Assessment; Practitioner: Good (6 of 10); Auditor: Inadequate (2 of 10)" in world.sent("OUT-14")[-1].text


@pytest.mark.parametrize(("score", "grade", "told_too"), [("5", "Requires improvement", []), ("2", "Inadequate", sorted([QA, SM]))])
def test_five_of_ten_needs_areas_for_improvement_and_only_inadequate_is_told_on(
        northmoor: Found, score: str, grade: str, told_too: list[str]) -> None:
    """SCN-16: 5 is Requires improvement, so the form says what would get the work to good. Service manager and QA are told
    of an Inadequate audit and of no other."""
    world = northmoor(framework="bexley-2017")
    ref = world.refs[0]
    low = {**{f"{area}.score": score for area in SCORES}, "overall.grade": grade, "overall.score": score}
    if score == "2":
        low["overall.summary"] = "The child was not seen alone for months and nobody asked why, so that her safety cannot be shown."
    send_back(world, ref, {**low, **{f"{area}.better": "" for area in SCORES}}, {"actions": []})
    world.run("2026-09-15 15:00")
    text = " ".join(world.sent("OUT-13")[-1].text.split())
    assert "Please add to the improvement plan what needs to happen for this to reach Good. (CHK-029)" in text
    world.now = world.now.replace(day=16)
    send_back(world, ref, low)
    world.run("2026-09-16 10:00")
    accept_and_issue(world, ref)
    assert told(world, "OUT-24", ref) == told_too
    for letter in world.sent("OUT-24"):
        assert letter.subject == f"[AUDIT {ref}] Audit for your attention: {grade} ({score} of 10)"
        assert f"the overall grade is {grade} ({score} of 10)." in letter.text
    assert HOS not in told(world, "OUT-24", ref)


def test_the_auditor_s_grade_is_the_audit_s_and_the_practitioner_s_stands_beside_it(northmoor: Found) -> None:
    """F4-GRD-01: the worker says Outstanding and the auditor Requires improvement. Both are in the report; the letters, the
    case note and the rules go by the auditor's."""
    world = northmoor(framework="wokingham-3.2")
    ref = world.refs[0]
    send_back(world, ref, {"overall.practitioner": "Outstanding", "overall.auditor": "Requires improvement"})
    world.run("2026-09-15 15:00")
    assert world.audit(ref).state is State.UNDER_QA, world.sent("OUT-13")[-1].text
    accept_and_issue(world, ref)
    assert world.audit(ref).grade == "requires_improvement"
    report = report_of(world, "OUT-23", TM)
    assert "Overall grade Requires improvement" in report and "Overall grade Outstanding Requires improvement" in report
    assert all("Requires improvement" in x.subject for x in world.sent("OUT-23"))
    assert "Overall grade: Requires improvement." in world.sent("OUT-16")[-1].text
