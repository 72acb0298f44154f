"""Bounces and out-of-office (T-42, T-43), the worklist, and work carried over (T-20)."""

from datetime import date

import pytest

from mailflow.errors import Broken
from mailflow.model import Bounce, Cycle, Flag, Letter, State
from mailflow.process.cycle.carry import decide_carry, next_cycle
from mailflow.process.mailevents import decide_away, decide_bounce
from mailflow.process.worklist import facts, has_work
from tests.process.builders import (
    AUDITOR,
    QA,
    QA2,
    TM,
    allocated,
    at,
    audit,
    block,
    codes,
    framework,
    issued,
    kinds,
    one,
    replace,
    returned,
    say,
    scene,
    then,
    timers,
    to,
    with_rules,
)

SECOND = "ada.lowe@second.northmoor.example"


def sent(code: str, role: str = "auditor", address: str = AUDITOR.address, safety: bool = False) -> Letter:
    return Letter(f"2606-001C·{code}·{address}", code, "2606-001C", role, address, "s", f"<{code}@x>", b"",
                  at("2026-06-01"), safety=safety)


def hard(address: str = AUDITOR.address) -> Bounce:
    return Bounce(address, True, "<OUT-04@x>", "5.1.1")


def opened():  # type: ignore[no-untyped-def]
    before, out = allocated()
    return then(before, out, at("2026-06-01", "09:05"))


def test_a_bounced_allocation_is_told_and_tried_once_at_the_second_address() -> None:
    out = decide_bounce(opened(), sent("OUT-04"), hard(), SECOND)
    assert kinds(out) == ["T-43"] and out.audit.state is State.ALLOCATED and out.audit.has(Flag.BOUNCED)
    again = one(out, "OUT-04")
    assert (again.role, again.address, again.documents) == ("auditor", SECOND, ("DOC-02", "DOC-37"))
    assert to(out, "OUT-90") == sorted([QA.address, QA2.address])
    assert next(w for w in out.wishes if w.code == "OUT-90").facts == {
        "address": AUDITOR.address, "letter_code": "OUT-04", "permanent": True,
        "reason": "delivery report, status 5.1.1"}


def test_without_a_second_address_only_qa_is_told() -> None:
    assert set(codes(decide_bounce(opened(), sent("OUT-04"), hard(), ""))) == {"OUT-90"}


def test_a_soft_failure_is_the_mail_servers_to_retry() -> None:
    out = decide_bounce(opened(), sent("OUT-04"), Bounce(AUDITOR.address, False, "", "4.2.2"), SECOND)
    assert not out.wishes and not out.audit.has(Flag.BOUNCED)


def test_a_notice_about_a_notice_never_ends_up_in_a_ring() -> None:
    assert not decide_bounce(opened(), sent("OUT-90", "qa", QA.address), hard(QA.address), "").wishes
    out = decide_bounce(opened(), sent("OUT-14", "qa", QA.address), hard(QA.address), "")
    assert to(out, "OUT-90") == [QA2.address], "not to the address that bounces"


def test_a_letter_whose_reason_is_gone_is_not_sent_again() -> None:
    before, _ = returned()
    assert "OUT-13" not in codes(decide_bounce(before, sent("OUT-13"), hard(), SECOND))
    back, _ = returned(findings=(block(),))
    again = one(decide_bounce(back, sent("OUT-13"), hard(), SECOND), "OUT-13")
    assert again.facts["points"] == back.audit.points and again.documents == ("annotated",)


def test_a_bounced_report_is_rebuilt_for_the_second_address() -> None:
    now, out = issued()
    letter = replace(sent("OUT-23", "tm", TM.address))
    again = one(decide_bounce(now, letter, hard(TM.address), "tess@second.northmoor.example"), "OUT-23")
    first = next(w for w in out.wishes if w.address == TM.address)
    assert again.facts == first.facts and again.documents == first.documents


def test_a_bounced_urgent_letter_to_a_manager_does_not_wait_for_the_clock() -> None:
    now, _ = say(opened(), AUDITOR, "CONCERN 01632 960222")
    out = decide_bounce(now, sent("OUT-47", "tm", TM.address, safety=True), hard(TM.address), "")
    assert timers(out) == {"concern:ack": now.now}


@pytest.mark.parametrize(("until", "told"), [("2026-07-03", True), ("2026-06-30", True), ("2026-06-29", False)])
def test_an_absence_over_the_due_day_is_told_to_qa(until: str, told: bool) -> None:
    """SCN-22."""
    now = replace(opened(), now=at("2026-06-24"))
    out = decide_away(now, date.fromisoformat(until))
    assert kinds(out) == ["T-42"] and replace(out.audit, flags=now.audit.flags) == now.audit
    assert out.audit.has(Flag.COVER_WANTED) is told
    assert to(out, "OUT-89") == (sorted([QA.address, QA2.address]) if told else [])
    assert all(w.facts["kind"] == "automatic" for w in out.wishes)


def test_an_absence_is_nobodys_worry_while_qa_owes_the_next_step() -> None:
    before, _ = returned()
    assert not decide_away(before, date(2026, 8, 1)).wishes
    assert not decide_away(opened(), None).wishes
    back, _ = returned(findings=(block(),))
    assert decide_away(back, date(2026, 7, 3)).wishes, "in a revision the limit counts"


def test_the_worklist_shows_what_waits_and_for_whom() -> None:
    now, _ = returned(ref="2606-001C")
    waiting = now.audit
    overdue = audit(State.UNDERWAY, ref="2606-002D", flags=frozenset({Flag.OVERDUE}))
    back = audit(State.REVISION, ref="2606-003E", hard_at=at("2026-07-03", "23:59"))
    held = audit(State.UNDER_QA, ref="2606-004F", flags=frozenset({Flag.ON_HOLD}), qa_due_at=at("2026-07-03"))
    alarm, _ = say(scene(at("2026-07-01", "10:00"), audit(State.UNDERWAY, ref="2606-005G")), AUDITOR, "CONCERN 01632 1")
    found = facts((back, overdue, alarm.audit, held, waiting), at("2026-07-02", "09:00"), held=(("2606-009K", "x"),),
                  journal_head="abc")
    assert found["to_check"] == (("2606-001C", "form 1, to decide by Friday 19 June 2026"),)
    assert found["overdue"] == (("2606-002D", f"{AUDITOR.address}, 2 days overdue since Tuesday 30 June 2026"),)
    assert found["revisions"] == (("2606-003E", f"{AUDITOR.address}, amended form due by Friday 3 July 2026"),)
    assert [ref for ref, _ in found["concerns"]] == ["2606-005G"]
    assert found["held"] == (("2606-009K", "x"),) and found["journal_head"] == "abc"
    assert has_work(found) and not has_work(facts((), at("2026-07-02"), journal_head="abc"))


SEPTEMBER = Cycle("2609", "audit", date(2026, 9, 1), date(2026, 9, 30), date(2026, 9, 30))


def test_work_not_accepted_goes_on_in_the_next_cycle() -> None:
    old = audit(State.NOT_ACCEPTED, submission=2, auto_returns=2, cover=("c@northmoor.example",),
                flags=frozenset({Flag.LATE, Flag.PRACTITIONER_LEFT}), form="base-10", edition="1")
    new, out = decide_carry(scene(at("2026-09-01"), old), "2609-004B", SEPTEMBER)
    assert kinds(out) == ["T-20"] and out.audit.carried_to == "2609-004B" and out.audit.state is State.NOT_ACCEPTED
    assert (new.ref, new.state, new.carried_from) == ("2609-004B", State.SELECTED, old.ref)
    assert new.flags == {Flag.CARRIED_OVER, Flag.PRACTITIONER_LEFT} and new.submission == 0 and new.auto_returns == 0
    assert (new.due_on, new.opens_on, new.cycle) == (date(2026, 9, 30), date(2026, 9, 1), "2609")
    assert new.cover == old.cover and not out.wishes


def test_only_not_accepted_work_is_carried_over() -> None:
    with pytest.raises(Broken):
        decide_carry(scene(at("2026-09-01"), audit(State.WITHDRAWN)), "2609-004B", SEPTEMBER)


def test_the_next_open_cycle_skips_closed_months() -> None:
    assert [next_cycle(framework(), c) for c in ("2606", "2607", "2611", "2602")] == ["2607", "2609", "2701", "2603"]
    closed = with_rules(framework(), calendar={"months": {}})
    assert next_cycle(closed, "2606") == ""
