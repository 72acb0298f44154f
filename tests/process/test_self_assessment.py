"""T-62, IN-09, F2-AUD-02: the practitioner's own view before the audit."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from mailflow.model import Finding, Flag, Outcome, Severity, State
from mailflow.process.opening import decide_allocation
from mailflow.process.people.selfassessment import decide_assessment
from mailflow.scene import Scene
from tests.process.builders import (
    AUDITOR,
    WORKER,
    allocated,
    at,
    audit,
    codes,
    framework,
    kinds,
    one,
    returned,
    say,
    scene,
    then,
    tick,
    timers,
    to,
    with_rules,
)

RULES = with_rules(framework(), audit={"self_assessment": "before_meeting"})


def given_out(**more: Any) -> tuple[Scene, Outcome]:
    before = scene(at("2026-06-01", "09:00"), audit(**more), rules=RULES)
    out = decide_allocation(before)
    return then(before, out, before.now), out


def test_it_is_asked_for_five_working_days_after_the_allocation() -> None:
    after, out = given_out()
    assert timers(out)["self"] == at("2026-06-08", "09:00") and "self:missed" not in timers(out)
    after, out = tick(after, "self", when=at("2026-06-08", "09:00"))
    assert to(out, "OUT-80") == [WORKER.address] and one(out, "OUT-80").documents == ("DOC-28",)
    assert "T-62" in kinds(out) and timers(out) == {"self:missed": at("2026-06-16", "00:00")}


def test_a_booked_meeting_moves_the_question_before_it() -> None:
    after, _ = given_out()
    after, out = say(after, AUDITOR, "BOOKED 23/06/2026 14:00", at("2026-06-02"))
    assert timers(out)["self"] == at("2026-06-16", "09:00")
    assert timers(out)["self:missed"] == at("2026-06-23", "00:00")


def test_a_meeting_in_three_days_asks_at_once() -> None:
    after, _ = given_out()
    _, out = say(after, AUDITOR, "BOOKED 05/06/2026 14:00", at("2026-06-02"))
    assert timers(out)["self"] == at("2026-06-02") and timers(out)["self:missed"] == at("2026-06-05", "00:00")


def test_when_none_comes_practitioner_and_auditor_are_told_once() -> None:
    after, _ = given_out()
    after, _ = tick(after, "self", when=at("2026-06-08", "09:00"))
    after, out = tick(after, "self:missed", when=at("2026-06-16", "00:01"))
    assert to(out, "OUT-81") == sorted([AUDITOR.address, WORKER.address]) and "T-62.missed" in kinds(out)
    assert not out.set_timers


def test_nobody_is_asked_who_has_left_and_nobody_where_the_framework_asks_for_none() -> None:
    _, out = allocated()
    assert "self" not in timers(out)
    _, out = given_out(flags=frozenset({Flag.PRACTITIONER_LEFT}))
    assert "self" not in timers(out)


def received(before: Scene, when: datetime) -> tuple[Scene, Outcome]:
    now = replace(before, now=when)
    out = decide_assessment(now, when, WORKER.address, "<self@northmoor.example>", True)
    return then(now, out, when), out


def test_one_that_comes_is_thanked_for_and_passed_on_and_asked_for_no_more() -> None:
    after, _ = given_out()
    after, out = received(after, at("2026-06-05"))
    assert codes(out) == ["OUT-88", "OUT-97"] and to(out, "OUT-97") == [AUDITOR.address]
    assert one(out, "OUT-97").documents == ("original",) and "T-62.received" in kinds(out)
    assert out.clear_timers == ("self", "self:") and out.audit.assessed_at == at("2026-06-05")
    _, out = say(after, AUDITOR, "BOOKED 23/06/2026 14:00")
    assert "self" not in timers(out)
    _, out = tick(after, "self", when=at("2026-06-08", "09:00"))
    assert codes(out) == []


def test_one_that_comes_after_the_conversation_is_kept_and_called_late() -> None:
    after, _ = given_out()
    after, _ = say(after, AUDITOR, "BOOKED 05/06/2026 14:00", at("2026-06-02"))
    _, out = received(after, at("2026-06-08"))
    entry = next(e for e in out.entries if e.kind == "T-62.received")
    assert entry.data["late"] is True and one(out, "OUT-97").facts["late"] is True


def test_an_audit_that_waits_for_it_alone_goes_on_when_it_comes() -> None:
    """CHK-027 blocks by profile: the auditor cannot mend it, the practitioner can."""
    missing = Finding("CHK-027", Severity.BLOCK, "We do not have the practitioner's self-assessment.")
    before, out = returned(findings=(missing,), rules=RULES)
    assert before.audit.state is State.REVISION
    after, out = received(before, at("2026-06-19"))
    assert after.audit.state is State.UNDER_QA and "T-13.again" in kinds(out) and after.audit.qa_due_at is not None


def test_an_audit_that_waits_for_more_stays_with_its_auditor() -> None:
    missing = Finding("CHK-027", Severity.BLOCK, "We do not have the practitioner's self-assessment.")
    other = Finding("CHK-013", Severity.BLOCK, "An answer is missing.", ("voice.evidence",))
    before, _ = returned(findings=(missing, other), rules=RULES)
    after, _ = received(before, at("2026-06-19"))
    assert after.audit.state is State.REVISION and [p.check for p in after.audit.points] == ["CHK-013"]


def test_self_without_a_form_is_told_what_is_missing() -> None:
    after, _ = given_out()
    _, out = say(after, WORKER, "SELF")
    assert codes(out) == ["OUT-88"] and "attached" in one(out, "OUT-88").facts["words"]
