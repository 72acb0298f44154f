"""Clocks that come due: only who owes the next step is chased, and no tick does anything twice."""

from dataclasses import replace as changed
from datetime import date

import pytest

from mailflow.model import Flag, State, Timer
from mailflow.process.deadlines import CLOCKS, decide_timers, describe, find_clock
from mailflow.process.plan import after_clearing
from tests.process.builders import (
    AUDITOR,
    HOS,
    PARTS,
    QA,
    QA2,
    QA_MANAGER,
    accepted,
    allocated,
    at,
    audit,
    block,
    codes,
    framework,
    issued,
    kinds,
    one,
    returned,
    say,
    scene,
    then,
    tick,
    timers,
    to,
    warning,
    with_rules,
)


def started(when: str = "2026-06-04"):  # type: ignore[no-untyped-def]
    before, out = allocated()
    return then(before, out, at(when, "00:00"))


def test_a_missed_acknowledgement_is_a_nudge_and_the_second_one_tells_qa() -> None:
    now, out = tick(started(), "ack")
    assert kinds(out) == ["T-04"] and codes(out) == ["OUT-08"] and out.audit.has(Flag.ACK_MISSED)
    assert one(out, "OUT-08").facts == {"miss": 1} and timers(out) == {"ack:2": at("2026-06-09", "00:00")}
    now, out = tick(now, "ack:2", when=at("2026-06-09", "00:00"))
    assert codes(out) == ["OUT-08", "OUT-89", "OUT-89"] and not out.set_timers
    assert one(out, "OUT-08").round == "2026-06-30.2"
    now, out = say(now, AUDITOR, "ACK")
    assert not out.audit.has(Flag.ACK_MISSED)


def test_reminders_count_the_days_left() -> None:
    _, out = tick(started(), "reminder:2", when=at("2026-06-23", "09:00"))
    assert kinds(out) == ["T-06"] and one(out, "OUT-10").facts == {"number": 2, "days_left": 7}
    assert to(out, "OUT-10") == [AUDITOR.address]


def test_the_due_day() -> None:
    _, out = tick(started(), "due", when=at("2026-06-30", "09:00"))
    assert kinds(out) == ["T-07"] and codes(out) == ["OUT-11"]


def test_overdue_tells_the_auditor_and_a_working_day_later_the_head_of_service() -> None:
    now, out = tick(started(), "overdue", when=at("2026-07-01", "00:00"))
    assert kinds(out) == ["T-12"] and out.audit.state is State.UNDERWAY and out.audit.has(Flag.OVERDUE)
    assert to(out, "OUT-15") == [AUDITOR.address] and one(out, "OUT-15").facts == {"days": 1, "to_hos": False}
    assert {"OUT-10", "OUT-11"} <= set(out.cancel) and timers(out) == {"overdue:hos": at("2026-07-02", "00:00")}
    _, out = tick(now, "overdue:hos", when=at("2026-07-02", "00:00"))
    assert kinds(out) == ["T-12.hos"] and to(out, "OUT-15") == [HOS.address]
    assert one(out, "OUT-15").facts == {"days": 2, "to_hos": True} and not out.set_timers


def test_after_an_outage_only_the_latest_reminder_is_sent() -> None:
    """T-52, CLK-09: down from 5 June to 26 June 9:05am."""
    _, out = tick(started(), "reminder:1", "reminder:2", "reminder:3", when=at("2026-06-26", "09:05"))
    assert kinds(out) == ["T-52", "T-06"] and one(out, "OUT-10").facts["number"] == 3
    assert out.entries[0].data["skipped"] == ["reminder:1", "reminder:2"]
    assert {"reminder:1", "reminder:2", "reminder:3"} <= set(out.clear_timers)


def test_after_a_long_outage_the_overdue_notice_speaks_for_all() -> None:
    _, out = tick(started(), "ack", "reminder:1", "reminder:2", "reminder:3", "due", "overdue", when=at("2026-07-02"))
    assert codes(out) == ["OUT-15"] and one(out, "OUT-15").facts["days"] == 2
    assert out.audit.state is State.UNDERWAY
    assert timers(out) == {"overdue:hos": at("2026-07-03", "00:00")}


def test_the_due_day_reminder_is_not_sent_after_the_due_day() -> None:
    _, out = tick(started(), "due", when=at("2026-07-01", "09:00"))
    assert not out.wishes and "due" in out.clear_timers


def test_soft_and_hard_limits_of_a_revision() -> None:
    before, sent_back = returned(findings=(block(),))
    now, out = tick(before, "soft", when=at("2026-06-23", "00:00"))
    assert kinds(out) == ["T-18"] and one(out, "OUT-20").facts["points"] == sent_back.audit.points
    now, out = tick(now, "hard", when=at("2026-07-01", "00:00"))
    assert kinds(out) == ["T-19"] and out.audit.state is State.NOT_ACCEPTED
    assert to(out, "OUT-21") == sorted([AUDITOR.address, HOS.address])
    facts = out.wishes[0].facts
    assert facts["reasons"][0] == "No amended form came by Tuesday 30 June 2026, 11:59pm."
    assert facts["reasons"][1:] == ("2 questions have no answer.",) and facts["next_month"] == "July 2026"


def test_july_is_carried_to_september() -> None:
    """SCN-04: no August in this framework."""
    before = scene(at("2026-08-05", "00:00"), audit(State.REVISION, cycle="2607", due_on=date(2026, 7, 31),
                                                    hard_at=at("2026-08-04", "23:59")))
    _, out = tick(before, "hard")
    assert out.wishes[0].facts["next_month"] == "September 2026"
    off = with_rules(framework(), carryover={"enabled": False})
    _, out = tick(changed(before, framework=off), "hard")
    assert out.wishes[0].facts["next_month"] == ""


def test_no_decision_in_time_tells_the_qa_manager() -> None:
    before, _ = returned()
    now, out = tick(before, "qa", when=at("2026-06-20", "00:00"))
    assert kinds(out) == ["T-16"] and to(out, "OUT-19") == [QA_MANAGER.address]
    assert one(out, "OUT-19").facts == {"waiting_since_at": at("2026-06-18", "11:00")}
    assert out.audit.has(Flag.QA_OVERDUE) and out.audit.state is State.UNDER_QA
    now, out = say(now, QA, "ACCEPT", at("2026-06-20", "10:00"))
    assert not out.audit.has(Flag.QA_OVERDUE) and "OUT-19" in out.cancel


def test_without_a_qa_manager_the_qa_officers_are_told() -> None:
    before, _ = returned()
    parts = {k: v for k, v in PARTS.items() if k != "qa_manager"}
    from mailflow.model import Parties

    _, out = tick(changed(before, parties=Parties(parts)), "qa", when=at("2026-06-20", "00:00"))
    assert to(out, "OUT-89") == sorted([QA.address, QA2.address])


def test_a_profile_may_send_the_points_instead() -> None:
    rules = with_rules(framework(), qa={"on_timeout": "send_points"})
    before, _ = returned(findings=(warning(),), rules=rules)
    _, out = tick(before, "qa", when=at("2026-06-20", "00:00"))
    assert kinds(out) == ["T-14"] and out.audit.state is State.REVISION and codes(out) == ["OUT-17"]
    letter = one(out, "OUT-17")
    assert [p.check for p in letter.facts["points"]] == ["CHK-030"]
    assert letter.facts["by_name"] == "Quality Assurance team" and out.audit.qa_returns == 1
    clean, _ = returned(rules=rules)
    _, out = tick(clean, "qa", when=at("2026-06-20", "00:00"))
    assert kinds(out) == ["T-16"], "with nothing to send the manager is told"


def test_the_issue_comes_with_its_clock() -> None:
    _, out = tick(accepted(), "issue", when=at("2026-06-18", "12:15"))
    assert kinds(out)[0] == "T-21" and out.audit.state is State.ISSUED and out.audit.issue_at is None


def test_the_upload_is_asked_of_the_auditor_then_of_qa() -> None:
    now, out = issued()
    assert timers(out) == {"upload:1": at("2026-06-23", "00:00")}
    now, out = tick(now, "upload:1", when=at("2026-06-23", "00:00"))
    assert kinds(out) == ["T-23"] and to(out, "OUT-27") == [AUDITOR.address]
    assert one(out, "OUT-27").documents == ("DOC-07",) and timers(out) == {"upload:2": at("2026-06-26", "00:00")}
    now, out = tick(now, "upload:2", when=at("2026-06-26", "00:00"))
    assert to(out, "OUT-27") == sorted([QA.address, QA2.address]) and not out.set_timers


@pytest.mark.parametrize("clock", CLOCKS, ids=lambda c: c.name)
def test_only_who_owes_the_next_step_is_chased(clock) -> None:  # type: ignore[no-untyped-def]
    """In every other state the timer is used up in silence."""
    name = clock.name + ("1" if clock.name.endswith(":") else "")
    for state in State:
        if clock.states and state not in clock.states:
            now = scene(at("2026-07-02"), audit(state))
            _, out = tick(now, name)
            assert not out.wishes and out.audit == now.audit and name in out.clear_timers, state


@pytest.mark.parametrize("names", [("ack",), ("reminder:1",), ("due",), ("overdue",), ("ack", "reminder:1", "overdue")])
def test_a_second_tick_does_nothing(names: tuple[str, ...]) -> None:
    """CLK-10: what is due once is used up, and nothing that is set again is due at once."""
    before, opened = allocated()
    when = at("2026-06-30", "09:10") if "overdue" not in names else at("2026-07-01", "00:05")
    kept = after_clearing((), opened)
    now = then(before, opened, when)
    due = tuple(Timer(n, when) for n in names)
    out = decide_timers(now, due)
    assert out.wishes
    left = after_clearing((*kept, *due), out)
    assert not [t for t in left if t.name in names and t.due_at <= when]
    assert all(t.due_at > when for t in out.set_timers)


def test_on_hold_clocks_wait_for_the_next_morning_and_safety_does_not() -> None:
    now = scene(at("2026-06-23", "09:00"), audit(State.UNDERWAY, flags=frozenset({Flag.ON_HOLD})))
    now, _ = say(now, AUDITOR, "CONCERN 01632 960222")
    _, out = tick(now, "reminder:2", "concern:ack", when=at("2026-06-23", "10:00"))
    assert codes(out) == ["OUT-49"]
    assert timers(out)["reminder:2"] == at("2026-06-24", "09:00")


def test_an_unknown_timer_is_used_up_and_journalled() -> None:
    _, out = tick(started(), "polish")
    assert out.clear_timers == ("polish",) and out.entries[0].data["timers"] == ["polish"] and not out.wishes


def test_the_table_of_clocks_can_be_printed() -> None:
    assert find_clock("upload:2") is find_clock("upload:1")
    assert find_clock("overdue:hos") is not find_clock("overdue")
    assert describe(Timer("due", at("2026-06-30", "09:00"))) == "Tuesday 30 June 2026: the due day (T-07)"
