"""T-03, T-08 … T-11, T-17, T-27 … T-35: a form comes back."""

from datetime import date, timedelta

import pytest

from mailflow.errors import Broken
from mailflow.model import Difference, Flag, Role, State, Turn
from mailflow.process.returns.decide import (
    decide_duplicate,
    decide_return,
    decide_unusable,
    decide_wrong_audit,
    is_late,
    may_take,
)
from tests.process.builders import (
    AUDITOR,
    PARTS,
    QA,
    QA2,
    again,
    allocated,
    at,
    audit,
    block,
    codes,
    framework,
    kinds,
    one,
    reading,
    replace,
    returned,
    say,
    scene,
    submission,
    then,
    tick,
    timers,
    to,
    warning,
    with_rules,
)


def test_a_good_form_goes_to_qa_with_a_receipt_and_one_summary_each() -> None:
    _, out = returned(at("2026-06-18", "11:00"), (warning(),), text="Sorry it took a while.")
    assert out.audit.state is State.UNDER_QA
    assert kinds(out) == ["T-03", "T-08", "T-11"]
    assert codes(out) == ["OUT-12", "OUT-14", "OUT-14"] and to(out, "OUT-14") == sorted([QA.address, QA2.address])
    receipt = one(out, "OUT-12")
    assert receipt.address == AUDITOR.address and receipt.in_reply_to == "<mail-1@northmoor.example>"
    assert receipt.facts == {"on_time": True, "duplicate_of_at": None, "superseded": False,
                             "qa_due_at": at("2026-06-19", "23:59")}
    summary = next(w for w in out.wishes if w.code == "OUT-14")
    assert summary.documents == ("original",) and summary.facts["note"] == "Sorry it took a while."
    assert summary.facts["findings"] == (warning(),) and not summary.facts["sent_back"]
    assert ("Overall judgement", "Good", "Good") in summary.facts["grades"]
    assert timers(out) == {"qa": at("2026-06-20", "00:00")}
    assert "reminder:" in out.clear_timers and "OUT-10" in out.cancel and "OUT-11" in out.cancel
    assert out.audit.submission == 1


def test_qa_target_of_a_return_in_the_last_minute_of_the_office_and_after() -> None:
    """SCN-02 and CLK-04: Thursday 2 April 2026, 4:59pm and 5:00pm."""
    april = {"cycle": "2604", "opens_on": date(2026, 4, 1), "due_on": date(2026, 4, 30)}
    for clock, due in (("16:59", "2026-04-07"), ("17:00", "2026-04-08")):
        now = at("2026-04-02", clock)
        before = scene(now, audit(State.UNDERWAY, **april))
        out = decide_return(before, submission(1, now), (), None, "", "<m@x>")
        assert out.audit.qa_due_at == at(due, "23:59")


def test_a_block_before_the_due_day_goes_back_and_the_limit_waits_for_the_due_day() -> None:
    _, out = returned(at("2026-06-18", "11:00"), (block(), block("CHK-021", "The overall grade is missing.")))
    assert out.audit.state is State.REVISION and kinds(out) == ["T-03", "T-08", "T-09"]
    assert codes(out) == ["OUT-13", "OUT-14", "OUT-14"], "OUT-13 is the receipt as well"
    request = one(out, "OUT-13")
    assert [p.check for p in request.facts["points"]] == ["CHK-013", "CHK-021"]
    assert request.facts["limit_at"] == at("2026-06-30", "23:59") == out.audit.hard_at
    assert request.facts["soft_at"] == at("2026-06-22", "23:59")
    assert request.documents == ("annotated",) and request.facts["more"] == 0 and request.facts["on_time"]
    assert timers(out) == {"soft": at("2026-06-23", "00:00"), "hard": at("2026-07-01", "00:00")}
    told = next(w for w in out.wishes if w.code == "OUT-14")
    assert told.facts["sent_back"] and told.facts["qa_due_at"] is None
    assert (out.audit.auto_returns, out.audit.returned_by, out.audit.returned_submission) == (1, "auto", 1)


def test_a_block_after_the_due_day_has_the_plain_limits() -> None:
    """SCN-03's days: sent back Wednesday 1 April at 11am."""
    before = scene(at("2026-04-01", "11:00"), audit(State.UNDERWAY, due_on=date(2026, 3, 31), cycle="2603"))
    out = decide_return(before, submission(1, at("2026-04-01", "11:00")), (block(),), None, "", "<m@x>")
    assert "T-10" in kinds(out) and "T-27" in kinds(out)
    assert out.audit.soft_at == at("2026-04-07", "23:59") and out.audit.hard_at == at("2026-04-08", "23:59")
    assert out.audit.has(Flag.LATE) and not one(out, "OUT-13").facts["on_time"]


def test_twenty_points_are_shown_and_the_rest_counted() -> None:
    _, out = returned(findings=tuple(block(f"CHK-{n:03d}") for n in range(1, 25)))
    facts = one(out, "OUT-13").facts
    assert len(facts["points"]) == 20 and facts["more"] == 4 and len(out.audit.points) == 24


def test_warnings_never_send_a_form_back() -> None:
    _, out = returned(findings=(warning(), warning("CHK-025")))
    assert out.audit.state is State.UNDER_QA


def test_an_amended_form_is_compared_and_passed_on() -> None:
    before, _ = returned(findings=(block(),))
    changed = reading(text="Seen on 3 June, and alone on 10 June.", actions=2)
    _, out = again(before, at("2026-06-22", "15:00"), of=changed)
    assert kinds(out) == ["T-17", "T-11"] and out.audit.state is State.UNDER_QA
    assert out.audit.submission == 2 and out.audit.points == () and out.audit.hard_at is None
    facts = next(w for w in out.wishes if w.code == "OUT-14").facts
    assert Difference(Turn.ROW_ADDED, "Actions, row 2", after="Update the plan 2; Team manager; 2026-07-15") in facts["changes"]
    assert Difference(Turn.WORDS, "Overall judgement: Why you reached this overall grade", "", "June, and alone on 10",
                      added=5) in facts["changes"]
    assert facts["since"] == 1 and facts["unchanged"] == 26 and facts["more_changes"] == 0
    assert {"soft", "hard"} <= set(out.clear_timers) and {"OUT-13", "OUT-20"} <= set(out.cancel)


def test_after_two_automatic_returns_qa_decides() -> None:
    now, _ = returned(findings=(block(),))
    now, second = again(now, at("2026-06-19"), (block("CHK-108", "This is the same as before."),))
    assert second.audit.state is State.REVISION and second.audit.auto_returns == 2
    now, third = again(now, at("2026-06-22"), (block(),))
    assert third.audit.state is State.UNDER_QA and third.audit.auto_returns == 2
    facts = next(w for w in third.wishes if w.code == "OUT-14").facts
    assert facts["why_qa_decides"] == "two automatic returns are used up" and facts["findings"] == (block(),)
    assert codes(third) == ["OUT-12", "OUT-14", "OUT-14"]
    assert timers(third) == {"qa": at("2026-06-24", "00:00")}


def test_a_profile_without_automatic_returns_leaves_every_block_to_qa() -> None:
    never = with_rules(framework(), revision={"auto_returns": 0})
    _, out = returned(findings=(block(),), rules=never)
    assert out.audit.state is State.UNDER_QA


def test_the_acknowledged_auditor_is_not_moved_twice() -> None:
    before, out = allocated()
    now, _ = say(then(before, out, at("2026-06-02")), AUDITOR, "ACK")
    sent = submission(1, at("2026-06-18"))
    assert kinds(decide_return(replace(now, now=at("2026-06-18")), sent, (), None, "", "<m@x>")) == ["T-08", "T-11"]


def test_a_late_form_is_taken_and_marked() -> None:
    before, out = allocated()
    now, _ = tick(then(before, out, at("2026-07-01", "00:00")), "overdue")
    sent = submission(1, at("2026-07-03"))
    out = decide_return(replace(now, now=at("2026-07-03")), sent, (), None, "", "<m@x>")
    assert "T-27" in kinds(out) and out.audit.has(Flag.LATE) and not out.audit.has(Flag.OVERDUE)
    assert not one(out, "OUT-12").facts["on_time"]
    assert "overdue:hos" in out.clear_timers and "OUT-15" in out.cancel


@pytest.mark.parametrize("case", ["reject", "closed"])
def test_a_late_form_that_may_not_be_taken_by_itself_is_for_qa_to_say(case: str) -> None:
    rules = with_rules(framework(), back={"late": "reject"}) if case == "reject" else framework()
    when = at("2026-07-02") if case == "reject" else at("2026-07-16", "09:00")
    before = scene(when, audit(State.UNDERWAY), rules=rules)
    out = decide_return(before, submission(1, when), (block(),), None, "", "<m@x>")
    assert out.audit.state is State.UNDER_QA and out.audit.has(Flag.LATE)
    assert "for you to say" in next(w for w in out.wishes if w.code == "OUT-14").facts["why_qa_decides"]


def test_an_amended_form_after_the_limit_is_for_qa_to_say() -> None:
    before, _ = returned(findings=(block(),))
    when = at("2026-07-02")
    assert is_late(replace(before, now=when), when) and not is_late(before, at("2026-06-30", "23:59"))
    _, out = again(before, when, (block(),))
    assert out.audit.state is State.UNDER_QA and not one(out, "OUT-12").facts["on_time"]
    assert "limit" in next(w for w in out.wishes if w.code == "OUT-14").facts["why_qa_decides"]


def test_a_different_form_before_a_decision_supersedes_and_keeps_the_clock() -> None:
    before, first = returned(at("2026-06-18", "11:00"))
    _, out = again(before, at("2026-06-19", "10:00"), of=reading("outstanding"))
    assert kinds(out) == ["T-35", "T-11"] and out.audit.submission == 2
    assert one(out, "OUT-12").facts["superseded"]
    assert out.audit.qa_due_at == first.audit.qa_due_at and "qa" not in timers(out)


def test_the_clock_restarts_when_the_newer_form_clears_earlier_blocks() -> None:
    never = with_rules(framework(), revision={"auto_returns": 0})
    before, _ = returned(at("2026-06-18", "11:00"), (block(),), rules=never)
    _, out = again(before, at("2026-06-19", "10:00"))
    assert out.audit.qa_due_at == at("2026-06-22", "23:59") and timers(out) == {"qa": at("2026-06-23", "00:00")}


def test_a_newer_form_that_blocks_goes_back_at_once() -> None:
    before, _ = returned()
    _, out = again(before, at("2026-06-19", "10:00"), (block(),))
    assert kinds(out) == ["T-35", "T-09"] and out.audit.state is State.REVISION
    assert "qa" in out.clear_timers and out.audit.qa_due_at is None


def test_after_an_outage_the_qa_team_still_has_its_day() -> None:
    before, out = allocated()
    now = then(before, out, at("2026-06-25", "08:00"))
    out = decide_return(now, submission(1, at("2026-06-18", "11:00")), (), None, "", "<m@x>")
    assert out.audit.qa_due_at == at("2026-06-26", "23:59")


@pytest.mark.parametrize("state", [State.SELECTED, State.ACCEPTED, State.ISSUED, State.RECORDED, State.FOLLOW_UP,
                                   State.CLOSED, State.NOT_ACCEPTED, State.WITHDRAWN])
def test_a_form_that_comes_at_the_wrong_time_is_held_with_the_reason(state: State) -> None:
    of = audit(state)
    assert may_take(of)
    with pytest.raises(Broken):
        decide_return(scene(at("2026-06-20"), of), submission(), (), None, "", "<m@x>")


def test_forms_may_be_taken_before_the_decision_and_not_on_hold_or_once_carried_over() -> None:
    for state in (State.ALLOCATED, State.UNDERWAY, State.UNDER_QA, State.REVISION):
        assert may_take(audit(state)) == ""
    assert "hold" in may_take(audit(State.UNDERWAY, flags=frozenset({Flag.ON_HOLD})))
    assert "2609-001B" in may_take(audit(State.NOT_ACCEPTED, carried_to="2609-001B"))


def test_a_submission_out_of_turn_is_our_bug() -> None:
    with pytest.raises(Broken, match="submission 3"):
        decide_return(scene(at("2026-06-20"), audit(State.UNDERWAY)), submission(3), (), None, "", "<m@x>")


def test_the_same_form_again_is_one_line_and_no_second_task() -> None:
    before, _ = returned()
    out = decide_duplicate(before, before.submission, "<twice@x>")  # type: ignore[arg-type]
    assert kinds(out) == ["T-34"] and codes(out) == ["OUT-12"] and out.audit == before.audit
    facts = one(out, "OUT-12").facts
    assert facts["duplicate_of_at"] == at("2026-06-18", "11:00") and facts["qa_due_at"] == before.audit.qa_due_at
    assert one(out, "OUT-12").round == "<twice@x>" and not out.set_timers


@pytest.mark.parametrize(("reason", "rule"), [
    ("unknown_form", "T-28"), ("no_attachment", "T-30"), ("drive_link", "T-30"), ("encrypted", "T-31"),
    ("damaged", "T-31"), ("too_big", "T-31")])
def test_something_that_is_no_readable_form_gets_the_exact_reason(reason: str, rule: str) -> None:
    before, out = allocated()
    now = then(before, out, at("2026-06-18"))
    out = decide_unusable(now, reason, ("scan.pdf",), "<bad@x>", AUDITOR.address, frozenset({"auditor"}))
    assert kinds(out) == ["T-03", rule] and codes(out) == ["OUT-31"]
    wish = one(out, "OUT-31")
    assert wish.facts == {"reason": reason, "names": ("scan.pdf",)}
    assert (wish.role, wish.address, wish.in_reply_to) == (Role.WRITER, AUDITOR.address, "<bad@x>")
    assert out.audit.submission == 0


def test_a_form_from_the_wrong_person_says_nothing_about_the_auditor() -> None:
    before, out = allocated()
    out = decide_unusable(then(before, out, at("2026-06-18")), "wrong_role", ("form.docx",), "<w@x>")
    assert kinds(out) == ["T-33"] and out.audit.state is State.ALLOCATED
    assert (one(out, "OUT-31").role, one(out, "OUT-31").address) == (Role.WRITER, ""), "whoever wrote"


def test_a_form_for_another_audit_is_answered_only_to_the_owner_of_both() -> None:
    before, out = allocated()
    now = then(before, out, at("2026-06-18"))
    ours = decide_wrong_audit(now, "2606-018D", True, "<x@x>")
    assert kinds(ours) == ["T-24"] and codes(ours) == ["OUT-29"]
    assert one(ours, "OUT-29").facts == {"refs": ("2606-001C", "2606-018D"), "owns_both": True,
                                         "other_ref": "2606-018D"}
    others = decide_wrong_audit(now, "2606-018D", False, "<x@x>")
    assert codes(others) == ["OUT-89", "OUT-89"] and others.audit == now.audit


def test_the_auditor_does_not_get_the_summary_of_their_own_form_where_somebody_else_decides() -> None:
    both = replace(AUDITOR, roles=("auditor", "qa"))
    for qa, wanted in (((both, QA), [QA.address]), ((both,), [AUDITOR.address])):
        parts = dict(PARTS) | {"auditor": (both,), "qa": qa}
        now = scene(at("2026-06-18"), audit(State.UNDERWAY), parts=parts)
        assert to(decide_return(now, submission(1, now.now), (), None, "", "<m@x>"), "OUT-14") == wanted


def test_the_first_form_counts_from_when_it_was_received_not_read() -> None:
    before, out = allocated()
    now = then(before, out, at("2026-07-01", "00:20"))
    received = at("2026-06-30", "23:59") + timedelta(seconds=40)
    out = decide_return(now, submission(1, received), (), None, "", "<m@x>")
    assert one(out, "OUT-12").facts["on_time"] and not out.audit.has(Flag.LATE)
