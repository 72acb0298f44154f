"""T-67, F1-SEL-02: what an auditor may ask for, and what they may not."""

from dataclasses import replace
from datetime import date

import pytest

from mailflow.framework.schema import AuditKind, ServiceRules
from mailflow.model import Cycle, CycleState, State
from mailflow.process.people.selfselect import find_open_cycle, parse_request, why_not
from tests.process.builders import AUDITOR, CASE, TM, WORKER, audit, framework, with_rules

JUNE = Cycle("2606", "audit", date(2026, 6, 1), date(2026, 6, 30), date(2026, 6, 30), CycleState.OPEN)


@pytest.mark.parametrize("text, number, reason", [
    ("4100017 it went so well", "4100017", "it went so well"),
    ("case 4100017: it went so well", "4100017", "it went so well"),
    ("N-40117\nit went so well,\nand we learnt", "N-40117", "it went so well, and we learnt"),
    ("case number 4100017", "4100017", ""), ("the one about school", "", ""), ("", "", "")])
def test_the_case_number_stands_first_and_the_reason_after_it(text: str, number: str, reason: str) -> None:
    assert parse_request(text) == (number, reason)


def test_the_month_that_is_open_today() -> None:
    july = replace(JUNE, id="2607", opens_on=date(2026, 7, 1), due_on=date(2026, 7, 31))
    assert find_open_cycle([JUNE, july], date(2026, 6, 30)) == JUNE
    assert find_open_cycle([JUNE, july], date(2026, 7, 1)) == july
    assert find_open_cycle([JUNE], date(2026, 7, 1)) is None
    assert find_open_cycle([replace(JUNE, state=CycleState.CANCELLED)], date(2026, 6, 30)) is None


def test_a_legal_wish_may_be_put_to_the_head_of_service() -> None:
    assert why_not(framework(), AUDITOR, CASE, WORKER, JUNE, ()) == ""


def test_nobody_asks_for_a_case_of_a_service_they_do_not_audit() -> None:
    """F1-ROL-01: the type of audit and the service say whose it is."""
    rules = replace(framework(), types={"audit": AuditKind(True, ("psw",))}, services={CASE.service: ServiceRules(("auditor",))})
    assert why_not(rules, AUDITOR, CASE, WORKER, JUNE, ()) == ""
    assert "has no part that does this audit" in why_not(rules, AUDITOR, replace(CASE, service="SEND"), WORKER, JUNE, ())


def test_what_may_not_be_asked_for_and_why() -> None:
    never = with_rules(framework(), selection={"self_select": "never"})
    rows = (
        ("by the draw", why_not(never, AUDITOR, CASE, WORKER, JUNE, ())),
        ("No month is open", why_not(framework(), AUDITOR, CASE, WORKER, None, ())),
        ("who audits", why_not(framework(), TM, CASE, WORKER, JUNE, ())),
        ("no case of that number", why_not(framework(), AUDITOR, None, None, JUNE, ())),
        ("not open to audit", why_not(framework(), AUDITOR, replace(CASE, restricted=True), WORKER, JUNE, ())),
        ("this month already", why_not(framework(), AUDITOR, CASE, WORKER, JUNE, (audit(State.ALLOCATED),))),
        ("same team", why_not(framework(), replace(AUDITOR, team=CASE.team), CASE, WORKER, JUNE, ())),
        ("manages the practitioner", why_not(framework(), AUDITOR, CASE, replace(WORKER, manager=AUDITOR.address), JUNE, ())),
    )
    for words, said in rows:
        assert words in said, (words, said)
    assert why_not(framework(), AUDITOR, CASE, WORKER, JUNE, (audit(State.WITHDRAWN),)) == ""
