"""T-37 and T-51: a withdrawn case is replaced in the first half of the cycle; a form for an allocation that is over."""

from datetime import date
from typing import Any

import pytest

from mailflow.model import Flag, State
from mailflow.process.cycle.replacing import may_replace
from mailflow.process.ending import end_withdrawn
from mailflow.process.plan import start
from mailflow.process.returns.superseded import decide_superseded
from tests.process.builders import (
    AUDITOR,
    IRO,
    OTHER,
    QA,
    SM,
    TM,
    WORKER,
    at,
    audit,
    framework,
    kinds,
    one,
    scene,
    to,
    with_rules,
)


@pytest.mark.parametrize("day, wanted", [("2026-06-01", True), ("2026-06-15", True), ("2026-06-16", False), ("2026-06-29", False)])
def test_until_half_of_the_working_days_are_gone(day: str, wanted: bool) -> None:
    """June 2026 has 22 working days: the eleventh is Monday the 15th."""
    assert may_replace(audit(State.ALLOCATED), framework(), at(day)) is wanted


@pytest.mark.parametrize("more", [{"state": State.UNDER_QA, "submission": 1}, {"state": State.REVISION, "submission": 1},
                                  {"state": State.ALLOCATED, "flags": frozenset({Flag.CARRIED_OVER})}])
def test_work_that_came_back_or_was_carried_over_is_not_replaced(more: dict[str, Any]) -> None:
    assert not may_replace(audit(**more), framework(), at("2026-06-03"))


def test_a_council_may_say_never() -> None:
    never = with_rules(framework(), selection={"replace_withdrawn_until": "never"})
    assert not may_replace(audit(State.ALLOCATED), never, at("2026-06-03"))


def test_everybody_who_was_told_hears_of_the_withdrawal_chairs_and_service_managers_too() -> None:
    everybody = with_rules(framework(), allocation={"tell": ("auditor", "practitioner", "tm", "iro", "sm")})
    before = scene(at("2026-06-03"), audit(State.ALLOCATED, allocated_at=at("2026-06-01")), rules=everybody)
    out = end_withdrawn(start(before), before, "moved", QA.address)
    assert to(out, "OUT-35") == sorted(p.address for p in (AUDITOR, TM, WORKER, IRO, SM))


def test_before_the_opening_only_those_hear_who_were_told_at_the_selection() -> None:
    early = with_rules(framework(), allocation={"tell_when": "selection"})
    for rules, wanted in ((framework(), []), (early, sorted([TM.address, WORKER.address]))):
        before = scene(at("2026-05-29"), rules=rules)
        assert to(end_withdrawn(start(before), before, "moved", QA.address), "OUT-35") == wanted


def test_a_form_from_an_earlier_auditor_changes_nothing_but_is_answered() -> None:
    now = scene(at("2026-06-10"), audit(State.UNDERWAY, auditor=OTHER.address, former_auditors=(AUDITOR.address,)))
    out = decide_superseded(now, AUDITOR.address, "<m@northmoor.example>")
    assert kinds(out) == ["T-51"] and out.audit == now.audit
    assert one(out, "OUT-88").address == AUDITOR.address and not out.set_timers and not out.cancel


def test_a_form_for_an_audit_that_was_carried_over_is_pointed_to_where_it_goes_on() -> None:
    now = scene(at("2026-07-10"), audit(State.NOT_ACCEPTED, carried_to="2607-003Q", due_on=date(2026, 6, 30)))
    facts = one(decide_superseded(now, AUDITOR.address, "<m@northmoor.example>"), "OUT-88").facts
    assert "2607-003Q" in facts["words"] and "2607-003Q" in facts["todo"]
