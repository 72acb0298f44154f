"""The family's views beside an audit: who is asked for them, what is posted, and how an audit goes on when they come."""

import tomllib
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from mailflow.form.definition import FormDefinition
from mailflow.form.load import load_form
from mailflow.framework import templates_root
from mailflow.model import (
    Answer,
    Attempt,
    Cycle,
    Feedback,
    FeedbackState,
    Flag,
    Outcome,
    Reading,
    Route,
    Severity,
    State,
    Status,
)
from mailflow.model.feedback import combined, merged
from mailflow.process.checks.family import read_feedback
from mailflow.process.cycle.carry import decide_carry
from mailflow.process.family.feedback import add_apart, feedback_lines
from mailflow.process.family.returned import Came, decide_feedback, may_file
from mailflow.process.opening import decide_allocation, given_documents
from mailflow.process.returns.decide import decide_return
from mailflow.scene import Scene
from parsers.settle.normalise import judge
from tests.process.builders import (
    AUDITOR,
    CASE,
    QA,
    QA2,
    REF,
    at,
    audit,
    block,
    codes,
    framework,
    kinds,
    letters,
    one,
    say,
    scene,
    submission,
    then,
    timers,
    to,
    with_rules,
)

F0 = with_rules(framework(), feedback={"sources": ("parent",)}, back={"items": ("form", "feedback")})
RED = replace(CASE, qa_contacts_family=True)
TRY = Attempt(date(2026, 6, 10), "10:00", "phone", "No answer")
AGAIN = Attempt(date(2026, 6, 12), "15:00", "phone", "No answer")
NO_FEEDBACK = block("CHK-010", "We have your audit but not the feedback form.")
MAIL = "<views@northmoor.example>"


def shipped(name: str) -> FormDefinition:
    root = templates_root()
    return load_form(root / "base" / "forms" / "feedback.toml" if name == "feedback" else root / name / "form.toml")


def filled(form: FormDefinition, answers: dict[str, str], tries: tuple[dict[str, str], ...] = ()) -> Reading:
    def answer(field_id: str, text: str) -> Answer:
        found = form.find_field(field_id)
        assert found is not None, field_id
        return Answer(field_id, text, value=judge(found, text).value)

    rows = {"attempts": tuple({c: answer(f"attempts.{c}", t) for c, t in row.items()} for row in tries)} if tries else {}
    return Reading(Status.READABLE, form.id, form.edition, answers={k: answer(k, v) for k, v in answers.items()}, rows=rows)


def read(name: str, answers: dict[str, str], tries: tuple[dict[str, str], ...] = (), whose: str = "") -> dict[str, Feedback]:
    form = shipped(name)
    return {f.source: f for f in read_feedback(form, filled(form, answers, tries), REF, "form", whose=whose)}


def views(*attempts: Attempt, source: str = "parent", **more: Any) -> Feedback:
    return Feedback(REF, source, "apart", attempts=attempts, **more)


ANSWERED = views(TRY, answers=(("Respect?", "Yes, always."),), score=8, score_said="8")


def came(now: Scene, *brought: Feedback, by: str = AUDITOR.address, findings: Any = (), readings: Any = ()) -> Came:
    known, kept = now.feedback, []
    for f in brought:
        known, row = add_apart(known, f)
        kept.append(row)
    return Came(tuple(kept), known, readings, findings, by, now.parties.roles_of(by), MAIL)


def allocated_as(rules: Any = F0, case: Any = CASE) -> tuple[Scene, Outcome]:
    before = scene(at("2026-06-01", "09:00"), audit(), rules=rules, case=case)
    return before, decide_allocation(before)


def sent_back(*findings: Any, when: datetime | None = None) -> Scene:
    """An audit whose form came without a feedback form on 18 June, and went back for it."""
    before, out = allocated_as()
    now = then(before, out, when or at("2026-06-18", "11:00"))
    form = submission(1, now.now, findings=findings or (NO_FEEDBACK,))
    out = decide_return(now, form, form.findings, None, "", "<m1@northmoor.example>")
    assert out.audit.state is State.REVISION
    return then(now, out, at("2026-06-19", "10:00"), form)


# --- what a form says ---


def test_the_one_page_workbook_s_sheet_is_read_by_its_keys() -> None:
    found = read("one-page", {
        "feedback.who": "Mother", "feedback.first_attempt": "10/06/2026", "feedback.second_attempt": "11/06/2026",
        "feedback.posted": "No", "feedback.know_why": "To keep us safe", "feedback.listened": "N/A", "feedback.rating": "7"})
    (parent,) = found.values()
    assert parent.source == "parent" and parent.who == "Mother" and parent.score == 7 and parent.state is FeedbackState.RECEIVED
    assert [a.on for a in parent.attempts] == [date(2026, 6, 10), date(2026, 6, 11)] and parent.logged == 2
    assert parent.answers == (("What is our work with your family about, as you see it?", "To keep us safe"),)
    assert parent.given_on == date(2026, 6, 11), "nobody says when: the last try"
    posted = read("one-page", {"feedback.first_attempt": "10/06/2026", "feedback.posted": "Yes"})["parent"]
    assert posted.state is FeedbackState.POSTED and posted.route is Route.POST


def test_wokingham_s_two_parents_are_two_sources() -> None:
    found = read("wokingham-3.2", {
        "family_feedback_date": "03/06/2026", "q43.parent1": "Mother", "q44.parent1": "04/06/2026", "q46.parent1": "Yes",
        "q48.parent1": "11", "q45.parent2": "He is in prison"})
    assert found["parent"].given_on == date(2026, 6, 4), "her own date counts before the head's"
    assert found["parent"].score is None and found["parent"].score_said == "11" and found["parent"].reason == ""
    assert found["parent2"].state is FeedbackState.NOT_POSSIBLE and found["parent2"].reason == "He is in prison"


def test_bexley_s_one_reason_is_for_whoever_did_not_answer() -> None:
    found = read("bexley-2017", {"family.child": "They are nice", "family.why_not": "Rang 3 and 4 June, no answer", "family.who": "child"})
    assert found["child"].state is FeedbackState.RECEIVED and found["child"].reason == ""
    assert found["parent"].state is FeedbackState.NOT_POSSIBLE
    both = read("bexley-2017", {"family.child": "Nice", "family.parents": "Good", "family.why_not": "Rang in vain"})
    assert both["parent"].reason and both["parent"].is_answered, "that is a contradiction, and CHK-080's to ask about"


def test_sefton_s_asked_and_said_are_one() -> None:
    found = read("sefton", {
        "feedback.child.asked": "Yes", "feedback.child.said": "She listens", "feedback.family.asked": "No",
        "feedback.family.said": "They are abroad", "feedback.carers.asked": "Not applicable", "feedback.iro.asked": "No"})
    states = {s: f.state for s, f in found.items()}
    assert states == {"child": FeedbackState.RECEIVED, "parent": FeedbackState.NOT_POSSIBLE,
                      "carer": FeedbackState.NOT_POSSIBLE, "iro": FeedbackState.WANTED}
    assert found["child"].answers[0][1] == "She listens" and found["parent"].reason == "They are abroad"


def test_a_feedback_form_says_itself_whose_views_it_holds() -> None:
    tries = ({"on": "10/06/2026", "at": "10:00", "how": "Phone", "outcome": "No answer"}, {"on": "12/06/2026", "outcome": ""})
    found = read("feedback", {"header.who": "Reviewing officer or conference chair", "views.chair": "The plan moves"}, tries)
    assert list(found) == ["iro"] and found["iro"].logged == 1 and found["iro"].attempts[0].how == "Phone"
    assert not [f for f in read("feedback", {"views.why": "Safety"}).values() if f.state is not FeedbackState.WANTED]
    assert read("feedback", {"views.why": "Safety"}, whose="parent")["parent"].answers[0][1] == "Safety"
    young = read("feedback", {"header.who": "Young person", "outcome.declined": "Yes", "header.asked_first": "No"})["young_person"]
    assert young.state is FeedbackState.DECLINED and young.asked_first is False


def test_every_key_of_the_shipped_forms_is_one_the_program_takes() -> None:
    for path in templates_root().glob("**/*.toml"):
        if path.name not in ("profile.toml", "checks.toml"):
            load_form(path)  # raises for a key nobody knows
            assert "sections" in tomllib.loads(path.read_text(encoding="utf-8"))


# --- what is known of one source ---


def test_tries_add_up_and_an_answer_makes_a_reason_moot() -> None:
    first = views(TRY, reason="Nobody answers", who="Mother")
    both = merged(first, views(TRY, AGAIN, answers=(("Respect?", "Yes"),), score_said="0", score=0))
    assert both.attempts == (TRY, AGAIN) and both.reason == "" and both.who == "Mother" and both.score == 0
    assert both.state is FeedbackState.RECEIVED
    assert merged(both, views(source="parent")).answers == both.answers


def test_the_form_s_part_is_beside_what_came_apart() -> None:
    part = replace(views(TRY), origin="form")
    assert combined((views(AGAIN), part))["parent"].attempts == (TRY, AGAIN)


def test_a_second_parent_is_known_by_another_word() -> None:
    mother, father = (replace(ANSWERED, who=w) for w in ("Mother", "Father"))
    known, _ = add_apart((), mother)
    known, kept = add_apart(known, father)
    assert kept.source == "parent2" and {f.source for f in known} == {"parent", "parent2"}
    known, again = add_apart(known, replace(father, score=3, score_said="3"))
    assert again.source == "parent2" and again.score == 3 and len(known) == 2


# --- the allocation ---


def test_the_auditor_gets_the_feedback_form_where_it_is_theirs_to_bring_back() -> None:
    _, out = allocated_as()
    assert one(out, "OUT-04").documents == ("DOC-02", "DOC-03", "DOC-04", "DOC-37") and letters(out, "OUT-78") == ()
    assert [(f.source, f.state) for f in out.feedback] == [("parent", FeedbackState.WANTED)]


def test_the_qa_team_is_asked_to_ring_a_red_case_and_the_auditor_is_not() -> None:
    """F0-FBK-03, T-63: whatever their own letter brings, nobody gives the auditor a form for the family."""
    _, out = allocated_as(case=RED)
    assert to(out, "OUT-78") == sorted([QA.address, QA2.address]) and "T-63" in kinds(out)
    assert all(w.documents == ("DOC-03",) for w in letters(out, "OUT-78"))
    assert one(out, "OUT-04").documents == ("DOC-02", "DOC-37")


def test_an_audit_form_that_asks_itself_comes_with_the_guide_alone() -> None:
    """DOC-03 goes only where the views come on a form of their own, DOC-04 wherever the auditor rings (F0-ALL-02, G-07)."""
    now = scene(at("2026-06-01", "09:00"), rules=with_rules(F0, back={"items": ("form",)}))
    assert given_documents(now) == ("DOC-02", "DOC-03", "DOC-04", "DOC-37"), "this form has no questions for them"
    assert given_documents(replace(now, form=shipped("bexley-2017"))) == ("DOC-02", "DOC-04", "DOC-37")


def test_nobody_is_asked_where_the_profile_wants_no_views() -> None:
    _, out = allocated_as(rules=framework(), case=RED)
    assert letters(out, "OUT-78") == () and out.feedback == () and "DOC-03" not in one(out, "OUT-04").documents


# --- IN-03 ---


def test_the_missing_item_comes_and_the_audit_goes_on_by_itself() -> None:
    """SCN-13, T-11."""
    now = sent_back()
    out = decide_feedback(now, came(now, ANSWERED))
    assert out.audit.state is State.UNDER_QA and out.audit.points == () and out.findings == ()
    assert out.audit.submission == 1 and {"IN-03", "T-11"} <= set(kinds(out))
    assert to(out, "OUT-12") == [AUDITOR.address] and one(out, "OUT-12").facts["views"] and one(out, "OUT-12").in_reply_to == MAIL
    assert to(out, "OUT-14") == sorted([QA.address, QA2.address])
    assert all(w.round.endswith("·1") and w.facts["family"] == ("Parent: views given, 8 out of 10",) for w in letters(out, "OUT-14"))
    assert letters(out, "OUT-88") == (), "one mail in, one letter out"
    assert set(out.clear_timers) >= {"soft", "hard"} and "qa" in timers(out) and "OUT-13" in out.cancel
    assert now.submission is not None
    after = then(now, out, now.now, replace(now.submission, findings=out.findings or ()))
    accepted, _ = say(after, QA, "ACCEPT")
    assert accepted.audit.state is State.ACCEPTED


def test_the_other_points_stay_open() -> None:
    now = sent_back(NO_FEEDBACK, block())
    left = (block(),)
    out = decide_feedback(now, came(now, ANSWERED, findings=left))
    assert out.audit.state is State.REVISION and [p.check for p in out.audit.points] == ["CHK-013"] and out.findings == left
    answer = one(out, "OUT-88")
    assert answer.address == AUDITOR.address and answer.facts["done"] and "other points" in str(answer.facts["words"])


def test_a_point_the_views_themselves_raise_is_added() -> None:
    now = sent_back()
    bad = replace(NO_FEEDBACK, check="CHK-082", words="Please give a whole number.")
    out = decide_feedback(now, came(now, ANSWERED, findings=(bad,)))
    assert out.audit.state is State.REVISION and [p.check for p in out.audit.points] == ["CHK-082"]


def test_what_the_qa_team_asked_for_in_its_own_words_is_not_met_by_a_feedback_form() -> None:
    before, out = allocated_as()
    now = then(before, out, at("2026-06-18", "11:00"))
    form = submission(1, now.now)
    now = then(now, decide_return(now, form, (), None, "", "<m1@northmoor.example>"), at("2026-06-18", "12:00"), form)
    now, _ = say(now, QA, "RETURN\nPlease say more about school")
    out = decide_feedback(now, came(now, ANSWERED))
    assert out.audit.state is State.REVISION and len(out.audit.points) == 1


def test_it_may_come_before_the_audit_form() -> None:
    before, out = allocated_as()
    now = then(before, out, at("2026-06-10"))
    out = decide_feedback(now, came(now, ANSWERED, findings=None))
    assert out.audit.state is State.UNDERWAY and out.findings is None and "T-03" in kinds(out)
    assert "Tuesday 30 June 2026" in str(one(out, "OUT-88").facts["words"]) and "a parent" in str(one(out, "OUT-88").facts["words"])


def test_the_qa_team_s_own_form_for_a_red_case_is_filed_and_asks_nobody_anything() -> None:
    before, out = allocated_as(case=RED)
    now = then(before, out, at("2026-06-10"))
    out = decide_feedback(now, came(now, ANSWERED, by=QA.address, findings=None))
    assert out.audit.state is State.ALLOCATED, "no sign of life of the auditor"
    assert [(w.code, w.address) for w in out.wishes] == [("OUT-88", QA.address)]


def test_while_qa_decides_they_are_shown_what_changed_and_only_then() -> None:
    before, out = allocated_as()
    now = then(before, out, at("2026-06-18", "11:00"))
    form = submission(1, now.now, findings=(replace(NO_FEEDBACK, severity=Severity.WARN),))
    now = then(now, decide_return(now, form, form.findings, None, "", "<m1@northmoor.example>"), at("2026-06-19"), form)
    assert now.audit.state is State.UNDER_QA
    out = decide_feedback(now, came(now, ANSWERED))
    assert "OUT-14" in codes(out) and out.audit.state is State.UNDER_QA and out.audit.qa_due_at == now.audit.qa_due_at
    same = decide_feedback(now, came(now, ANSWERED, findings=form.findings))
    assert "OUT-14" not in codes(same)


def test_a_concern_ticked_on_a_feedback_form_is_raised() -> None:
    now = sent_back()
    form = shipped("feedback")
    reading = filled(form, {"concern.now": "Yes", "concern.told": "01632 960 222", "header.who": "Parent"})
    out = decide_feedback(now, came(now, ANSWERED, readings=((form, reading),)))
    assert out.audit.has(Flag.CONCERN_OPEN) and "OUT-47" in codes(out) and out.audit.concern.phone == "01632 960 222"


# --- the post ---


def test_two_tries_in_vain_lead_to_the_post_and_that_is_enough() -> None:
    """T-64, G-03: asked once, due back after twenty working days."""
    now = sent_back()
    out = decide_feedback(now, came(now, views(TRY, AGAIN)))
    letter = letters(out, "OUT-77")[0]
    assert to(out, "OUT-77") == sorted([QA.address, QA2.address]) and letter.documents == ("DOC-27", "DOC-03")
    assert letter.facts["due_back_on"] == date(2026, 7, 17), "twenty working days after Friday 19 June"
    assert "T-64" in kinds(out) and out.audit.state is State.UNDER_QA
    (kept,) = out.feedback
    assert kept.state is FeedbackState.POSTED and kept.attempts == (TRY, AGAIN) and kept.due_back_on == date(2026, 7, 17)
    after = replace(then(now, out, at("2026-06-22")), feedback=out.feedback)
    assert letters(decide_feedback(after, came(after, views(TRY, AGAIN))), "OUT-77") == ()


def test_the_audit_form_s_own_sheet_leads_to_the_post_too() -> None:
    form = shipped("one-page")
    before, out = allocated_as()
    now = replace(then(before, out, at("2026-06-18")), form=form)
    sheet = filled(form, {"feedback.first_attempt": "10/06/2026", "feedback.second_attempt": "12/06/2026"})
    out = decide_return(now, submission(1, now.now, of=sheet), (), None, "", MAIL)
    assert "OUT-77" in codes(out)
    rows = {(f.source, f.origin): f.state for f in out.feedback}
    assert rows == {("parent", "form"): FeedbackState.ATTEMPTED, ("parent", "apart"): FeedbackState.POSTED}
    lines = letters(out, "OUT-14")[0].facts["family"]
    assert lines == ("Parent: form posted, due back by Thursday 16 July 2026",)


def test_nothing_is_posted_where_the_profile_says_otherwise_or_nobody_was_tried_twice() -> None:
    now = sent_back()
    for change, brought in (({"post_after_attempts": False}, views(TRY, AGAIN)), ({"post_by": "auditor"}, views(TRY, AGAIN)),
                            ({"post_to": ("carer",)}, views(TRY, AGAIN)), ({"attempts": 3}, views(TRY, AGAIN)),
                            ({}, views(TRY)), ({}, views(TRY, AGAIN, reason="They asked us not to"))):
        rules = with_rules(now.framework, feedback=change) if change else now.framework
        other = replace(now, framework=rules)
        assert letters(decide_feedback(other, came(other, brought)), "OUT-77") == (), (change, brought)


def test_a_reply_by_post_is_taken_for_twenty_working_days_whatever_became_of_the_audit() -> None:
    posted = views(TRY, AGAIN, posted=True, posted_on=date(2026, 6, 19), due_back_on=date(2026, 7, 17))
    for state in (State.UNDER_QA, State.ISSUED, State.RECORDED):
        for day, words in (("2026-07-17", ""), ("2026-07-20", "20 working days")):
            reason = may_file(scene(at(day), audit(state), rules=F0), (posted,), ("parent",))
            assert (words in reason) if words else reason == "", (state, day)
    late = scene(at("2026-07-20"), audit(State.ISSUED), rules=F0)
    assert may_file(late, (posted,), ("parent",), forced=True) == ""
    by_auditor = replace(posted, due_back_on=None)
    assert may_file(scene(at("2026-07-17"), audit(State.ISSUED), rules=F0), (by_auditor,), ("parent",)) == ""
    assert "20 working days" in may_file(late, (by_auditor,), ("parent",))
    red = scene(at("2026-07-20"), audit(State.ISSUED), rules=F0, case=RED)
    assert may_file(red, (), ("parent",)) == "", "the QA team rings when it gets to it"
    assert "accepted" in may_file(late, (), ("parent",)) and may_file(scene(at("2026-06-20"), audit(State.UNDER_QA), rules=F0), (), ("parent",)) == ""
    for state in (State.SELECTED, State.WITHDRAWN, State.NOT_ACCEPTED):
        assert may_file(scene(at("2026-06-20"), audit(state), rules=F0), (posted,), ("parent",), forced=True)
    held = scene(at("2026-06-20"), audit(State.UNDERWAY, flags=frozenset({Flag.ON_HOLD})), rules=F0)
    assert "on hold" in may_file(held, (), ("parent",))


def test_a_late_reply_after_the_issue_is_filed_and_changes_nothing_else() -> None:
    now = replace(scene(at("2026-07-10"), audit(State.ISSUED, submission=1), rules=F0, submission=submission(1, findings=(block("CHK-030"),))),
                  feedback=(views(TRY, AGAIN, posted=True, posted_on=date(2026, 6, 19), due_back_on=date(2026, 7, 17)),))
    out = decide_feedback(now, came(now, replace(ANSWERED, attempts=()), by=QA.address))
    assert out.audit.state is State.ISSUED and out.findings is None and [w.code for w in out.wishes] == ["OUT-88"]
    assert out.feedback[0].state is FeedbackState.RECEIVED and out.feedback[0].posted


def test_lines_for_the_qa_team_name_what_is_still_wanted() -> None:
    part = replace(views(TRY), origin="form")
    rules = with_rules(F0, feedback={"sources": ("parent", "iro")})
    assert feedback_lines((part, views(source="iro")), rules) == (
        "Parent: tried, nobody reached", "Reviewing officer: not asked yet")
    assert feedback_lines((views(source="carer"),), F0) == ()
    by_auditor = views(TRY, posted=True, posted_on=date(2026, 6, 19))
    assert feedback_lines((by_auditor,), F0) == ("Parent: form posted, due back by Friday 17 July 2026",)


def test_a_form_of_its_own_is_sent_where_the_audit_form_asks_nobody() -> None:
    """Whoever is wanted has a place to be written down: on the audit form, or on a feedback form."""
    for name, sources, wanted in (("wokingham-3.2", ("parent",), False), ("wokingham-3.2", ("parent", "carer"), True),
                                  ("one-page", (), False)):
        rules = with_rules(framework(), feedback={"sources": sources})
        before = replace(scene(at("2026-06-01", "09:00"), audit(), rules=rules), form=shipped(name))
        assert ("DOC-03" in one(decide_allocation(before), "OUT-04").documents) is wanted, (name, sources)


def test_work_that_is_carried_over_takes_the_views_with_it() -> None:
    """T-20: the next cycle neither asks the family again nor the QA team."""
    old = replace(scene(at("2026-07-01"), audit(State.NOT_ACCEPTED, submission=1), rules=F0, case=RED),
                  feedback=(replace(ANSWERED, origin="form"), views(source="carer")))
    new, out = decide_carry(old, "2607-009K", Cycle("2607", "audit", date(2026, 7, 1), date(2026, 7, 31), date(2026, 7, 31)))
    (kept,) = out.feedback
    assert (kept.ref, kept.origin, kept.score) == ("2607-009K", "apart", 8)
    out = decide_allocation(replace(old, audit=new, feedback=out.feedback))
    assert letters(out, "OUT-78") == () and out.feedback == ()
    again = decide_allocation(replace(old, audit=new, feedback=()))
    assert to(again, "OUT-78") == sorted([QA.address, QA2.address])


def test_whatever_the_state_what_may_be_filed_is_filed_and_never_breaks() -> None:
    """Every state, with and without a person's word, tries and answers: no step that the table does not allow."""
    posted = views(TRY, AGAIN, posted=True, posted_on=date(2026, 6, 19), due_back_on=date(2026, 7, 17))
    for state in State:
        for known in ((), (posted,)):
            for brought in (ANSWERED, views(TRY, AGAIN)):
                now = replace(scene(at("2026-07-10"), audit(state, submission=1), rules=F0, submission=submission(1)), feedback=known)
                for forced in (False, True):
                    if may_file(now, now.feedback, ("parent",), forced=forced) == "":
                        out = decide_feedback(now, came(now, brought))
                        assert "IN-03" in kinds(out) and out.feedback
                        assert letters(out, "OUT-77") == () or not known
