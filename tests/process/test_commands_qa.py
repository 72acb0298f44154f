"""The QA team's decisions: the first wins, high effects need a code, the auditor hears what to do."""

from datetime import date, timedelta

import pytest

from mailflow.model import Flag, Pending, State
from mailflow.process.commands.ask import points_in
from tests.process.builders import (
    AUDITOR,
    HOS,
    OTHER,
    PARTS,
    QA,
    QA2,
    TM,
    WORKER,
    accepted,
    again,
    allocated,
    at,
    audit,
    block,
    codes,
    framework,
    kinds,
    one,
    person,
    replace,
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

NOON = at("2026-06-18", "12:00")
never = with_rules(framework(), revision={"auto_returns": 0})


def test_accept_waits_fifteen_minutes_and_says_so() -> None:
    before, _ = returned()
    _, out = say(before, QA, "ACCEPT", NOON)
    assert kinds(out) == ["T-13"] and out.audit.state is State.ACCEPTED and out.audit.grade == "good"
    assert timers(out) == {"issue": at("2026-06-18", "12:15")} and "qa" in out.clear_timers
    answer = one(out, "OUT-88")
    assert answer.address == QA.address and answer.facts["done"]
    assert "Thursday 18 June 2026, 12:15pm" in answer.facts["words"] and "UNDO" in answer.facts["words"]
    assert codes(out) == ["OUT-88"], "nobody else hears before the issue"
    assert (out.audit.accepted_by, out.audit.accepted_at) == (QA.address, NOON)


def test_undo_takes_it_back_and_the_clock_of_the_qa_team_goes_on() -> None:
    before, first = returned()
    now, _ = say(before, QA, "ACCEPT", NOON)
    now, out = say(now, QA2, "UNDO", at("2026-06-18", "12:10"))
    assert kinds(out) == ["T-13.undo"] and out.audit.state is State.UNDER_QA
    assert "issue" in out.clear_timers and timers(out) == {"qa": at("2026-06-20", "00:00")}
    assert (out.audit.grade, out.audit.accepted_by, out.audit.issue_at) == ("", "", None)
    assert out.audit.qa_due_at == first.audit.qa_due_at
    now, again_ = say(now, QA2, "ACCEPT", at("2026-06-18", "12:11"))
    assert again_.audit.state is State.ACCEPTED


def test_undo_after_the_issue_is_too_late() -> None:
    now, _ = tick(accepted(), "issue", when=at("2026-06-18", "12:15"))
    _, out = say(now, QA, "UNDO", at("2026-06-18", "12:16"))
    assert out.audit == now.audit and not one(out, "OUT-88").facts["done"]
    assert "issued on Thursday 18 June 2026" in one(out, "OUT-88").facts["words"]


def test_the_first_decision_wins_and_the_later_one_is_told_whose_it_was_and_when() -> None:
    before, _ = returned()
    now, _ = say(before, QA, "RETURN the dates are missing", NOON)
    after, out = say(now, QA2, "ACCEPT", at("2026-06-18", "12:03"))
    assert after.audit == now.audit
    words = one(out, "OUT-88").facts["words"]
    assert "Quinn Ash decided RETURN on Thursday 18 June 2026, 12:00pm" in words
    now = accepted()
    _, out = say(now, QA2, "RETURN more please", at("2026-06-18", "12:05"))
    assert out.audit.state is State.ACCEPTED and "Quinn Ash decided ACCEPT" in one(out, "OUT-88").facts["words"]


def test_a_decision_about_an_earlier_form_is_not_taken_for_the_newer_one() -> None:
    before, _ = returned()
    now, _ = again(before, at("2026-06-18", "11:30"))
    _, out = say(now, QA, "ACCEPT", NOON, about=1)
    assert out.audit.state is State.UNDER_QA and "newer form (number 2)" in one(out, "OUT-88").facts["words"]
    _, out = say(now, QA, "ACCEPT", NOON, about=2)
    assert out.audit.state is State.ACCEPTED


def test_return_sends_the_points_with_the_form_as_it_was() -> None:
    before, _ = returned(findings=(warning("CHK-030"),))
    _, out = say(before, QA, "RETURN\n1. Say what the child wanted\n   in her words\n2. CHK-030 please", NOON)
    assert kinds(out) == ["T-14"] and out.audit.state is State.REVISION and out.audit.qa_returns == 1
    letter = one(out, "OUT-17")
    assert letter.address == AUDITOR.address and letter.documents == ("annotated",)
    points = letter.facts["points"]
    assert [p.words for p in points] == ["Say what the child wanted in her words", "CHK-030 please"]
    assert (points[1].check, points[1].fields) == ("CHK-030", ("overall.themes",))
    assert letter.facts["by_name"] == "Quinn Ash"
    assert letter.facts["soft_at"] == at("2026-06-22", "23:59") and letter.facts["hard_at"] == at("2026-06-30", "23:59")
    assert one(out, "OUT-88").facts["done"] and timers(out).keys() == {"soft", "hard"} and "qa" in out.clear_timers


def test_limits_of_scn_03() -> None:
    """Wednesday 1 April 2026 at 11am: soft Tue 7, hard Wed 8; with a discussion Wed 8 and Thu 9."""
    for words, soft, hard in (("RETURN the dates", "07", "08"), ("DISCUSS the dates", "08", "09")):
        before = scene(at("2026-04-01", "11:00"), audit(State.UNDERWAY, due_on=date(2026, 3, 31), cycle="2603"))
        now, _ = again(before, at("2026-04-01", "11:00"))
        _, out = say(now, QA, words)
        assert out.audit.soft_at == at(f"2026-04-{soft}", "23:59"), words
        assert out.audit.hard_at == at(f"2026-04-{hard}", "23:59"), words


def test_discuss_offers_a_conversation() -> None:
    before, _ = returned()
    _, out = say(before, QA, "DISCUSS the grade for voice", NOON)
    assert kinds(out) == ["T-15"] and codes(out) == ["OUT-18", "OUT-88"] and out.audit.returned_by == "discuss"


def test_return_without_points_asks_for_them() -> None:
    before, _ = returned()
    now, out = say(before, QA, "RETURN", NOON)
    assert now.audit == before.audit and codes(out) == ["OUT-88"] and not one(out, "OUT-88").facts["done"]


def test_blocks_nobody_mentioned_go_with_the_points() -> None:
    before, _ = returned(findings=(block(),), rules=never)
    _, out = say(before, QA, "RETURN say who was met", NOON)
    assert [(p.number, p.check) for p in one(out, "OUT-17").facts["points"]] == [(1, ""), (2, "CHK-013")]


def test_after_the_last_round_only_accept_or_not_accepted_is_left() -> None:
    one_round = with_rules(framework(), revision={"max_rounds": 1})
    before, _ = returned(rules=one_round)
    now, _ = say(before, QA, "RETURN the dates", NOON)
    now, _ = again(now, at("2026-06-19"))
    after, out = say(now, QA, "RETURN still the dates")
    assert after.audit == now.audit
    assert "once already" in one(out, "OUT-88").facts["words"] and "NOTACCEPTED" in one(out, "OUT-88").facts["words"]


def test_the_second_request_for_one_form_is_a_letter_of_its_own() -> None:
    before, _ = returned(findings=(block(),))
    assert before.audit.state is State.REVISION
    now, _ = say(before, QA, "OVERRIDE CHK-013 the record is sealed", NOON, confirmed=True)
    now, first = say(now, QA, "RETURN the dates", NOON)
    assert one(first, "OUT-17").round == "1.2", "form 1, sent back the second time"


def test_a_block_stands_in_the_way_of_accept_until_it_is_overridden() -> None:
    before, _ = returned(findings=(block(), block("CHK-021")), rules=never)
    after, out = say(before, QA, "ACCEPT", NOON)
    assert after.audit == before.audit and "CHK-013 and CHK-021" in one(out, "OUT-88").facts["words"]
    now, first = say(before, QA, "OVERRIDE CHK-013 sealed record", NOON, confirmed=True)
    assert "CHK-021 still block" in one(first, "OUT-88").facts["words"]
    now, _ = say(now, QA, "OVERRIDE CHK-021 graded by phone", NOON, confirmed=True)
    _, out = say(now, QA, "ACCEPT", NOON)
    assert out.audit.state is State.ACCEPTED
    assert [(o.check, o.reason, o.by) for o in out.audit.overrides] == [
        ("CHK-013", "sealed record", QA.address), ("CHK-021", "graded by phone", QA.address)]


def test_an_override_asks_for_a_code_first() -> None:
    before, _ = returned(findings=(block(),))
    after, out = say(before, QA, "OVERRIDE CHK-013 the record is sealed", NOON)
    assert after.audit == before.audit and kinds(out) == ["T-72"] and codes(out) == ["OUT-79"]
    assert out.pending == Pending(QA.address, "OVERRIDE", "CHK-013 the record is sealed", NOON + timedelta(hours=24))
    facts = one(out, "OUT-79").facts
    assert facts["word"] == "OVERRIDE" and facts["expires_at"] == NOON + timedelta(hours=24) and "CHK-013" in facts["effect"]


def test_an_override_in_revision_brings_the_audit_to_qa_and_calls_the_request_off() -> None:
    before, _ = returned(findings=(block(),))
    now, out = say(before, QA, "OVERRIDE CHK-013 the record is sealed", NOON, confirmed=True)
    assert kinds(out) == ["T-13.override", "T-13.again"] and out.audit.state is State.UNDER_QA
    assert {"OUT-13", "OUT-17", "OUT-18", "OUT-20"} <= set(out.cancel)
    assert {"soft", "hard"} <= set(out.clear_timers) and timers(out) == {"qa": at("2026-06-20", "00:00")}
    assert to(out, "OUT-12") == [AUDITOR.address] and to(out, "OUT-88") == [QA.address]
    assert out.audit.points == () and not one(out, "OUT-12").facts["superseded"]
    _, out = say(now, QA, "ACCEPT", NOON)
    assert out.audit.state is State.ACCEPTED


def test_an_override_of_one_of_two_blocks_leaves_the_other_with_the_auditor() -> None:
    before, _ = returned(findings=(block(), block("CHK-021")))
    _, out = say(before, QA, "OVERRIDE CHK-013 sealed", NOON, confirmed=True)
    assert out.audit.state is State.REVISION and [p.check for p in out.audit.points] == ["CHK-021"]
    assert codes(out) == ["OUT-88"] and not out.set_timers


def test_an_override_stays_for_the_next_form() -> None:
    before, _ = returned(findings=(block(), block("CHK-021")))
    now, _ = say(before, QA, "OVERRIDE CHK-013 sealed", NOON, confirmed=True)
    _, out = again(now, at("2026-06-19"), (block(),))
    assert out.audit.state is State.UNDER_QA


@pytest.mark.parametrize("words", ["OVERRIDE CHK-013", "OVERRIDE CHK-999 why not", "OVERRIDE CHK-030 only a warning"])
def test_an_override_of_nothing_or_without_a_reason_is_refused_without_a_code(words: str) -> None:
    before, _ = returned(findings=(block(), warning("CHK-030")))
    after, out = say(before, QA, words, NOON)
    assert after.audit == before.audit and codes(out) == ["OUT-88"] and out.pending is None


def test_a_second_override_of_one_check_names_the_first() -> None:
    before, _ = returned(findings=(block(), block("CHK-021")), rules=never)
    now, _ = say(before, QA, "OVERRIDE CHK-013 sealed", NOON, confirmed=True)
    _, out = say(now, QA2, "OVERRIDE CHK-013 sealed too", NOON)
    assert QA.address in one(out, "OUT-88").facts["words"]


def test_not_accepted_needs_the_code_and_tells_auditor_and_head_of_service() -> None:
    before, _ = returned()
    _, asked = say(before, QA, "NOTACCEPTED", NOON)
    assert asked.pending is not None and asked.audit == before.audit
    _, out = say(before, QA, "NOTACCEPTED the evidence is about another year", NOON, confirmed=True)
    assert kinds(out) == ["T-19"] and out.audit.state is State.NOT_ACCEPTED
    assert to(out, "OUT-21") == sorted([AUDITOR.address, HOS.address])
    facts = next(w for w in out.wishes if w.code == "OUT-21").facts
    assert facts == {"reasons": ("the evidence is about another year",), "next_month": "July 2026"}
    assert "qa" in out.clear_timers and not out.set_timers


def test_withdraw_needs_the_code_and_tells_everybody_who_was_told_without_the_reason() -> None:
    before, out = allocated()
    now = then(before, out, at("2026-06-02"))
    _, asked = say(now, QA, "WITHDRAW the family asked", NOON)
    assert asked.pending is not None and asked.pending.rest == "the family asked" and asked.audit == now.audit
    _, out = say(now, QA, "WITHDRAW the family asked", NOON, confirmed=True)
    assert kinds(out) == ["T-37"] and out.audit.state is State.WITHDRAWN
    assert to(out, "OUT-35") == sorted([AUDITOR.address, TM.address, WORKER.address])
    assert all("family" not in str(w.facts) for w in out.wishes if w.code == "OUT-35")
    assert out.cancel == ("*",) and {"due", "overdue", "issue", "upload:"} <= set(out.clear_timers)
    assert not any(c.startswith("concern") or c == "suspect" for c in out.clear_timers), "a concern goes on"


def test_withdrawing_before_anybody_was_told_tells_nobody() -> None:
    _, out = say(scene(at("2026-06-01")), QA, "WITHDRAW duplicate", confirmed=True)
    assert out.audit.state is State.WITHDRAWN and codes(out) == ["OUT-88"]


def test_hold_stops_the_letters_and_release_moves_the_limits_on() -> None:
    before, _ = returned(at("2026-06-29", "10:00"), (block(),))
    now, out = say(before, QA, "HOLD", at("2026-06-29", "12:00"))
    assert kinds(out) == ["T-53"] and out.audit.has(Flag.ON_HOLD) and out.audit.held_on == date(2026, 6, 29)
    hard = before.audit.hard_at
    now, waited = tick(now, "soft", "hard", when=at("2026-07-03", "00:00"))
    assert not waited.wishes and waited.audit.state is State.REVISION
    assert timers(waited) == {"hard": at("2026-07-03", "09:00")}
    now, out = say(now, QA, "RELEASE", at("2026-07-03", "12:00"))
    assert kinds(out) == ["T-53.release"] and not out.audit.has(Flag.ON_HOLD)
    assert hard == at("2026-07-02", "23:59") and out.audit.hard_at == at("2026-07-08", "23:59")
    assert timers(out) == {"soft": at("2026-07-08", "00:00"), "hard": at("2026-07-09", "00:00")}
    assert "4 working days" in one(out, "OUT-88").facts["words"]


def test_on_hold_decisions_wait_but_withdraw_and_release_work() -> None:
    before, _ = returned()
    now, _ = say(before, QA, "HOLD", NOON)
    _, out = say(now, QA, "ACCEPT", NOON)
    assert out.audit.state is State.UNDER_QA and "RELEASE" in one(out, "OUT-88").facts["words"]
    _, out = say(now, QA, "WITHDRAW legal hold", NOON, confirmed=True)
    assert out.audit.state is State.WITHDRAWN and not out.audit.has(Flag.ON_HOLD)
    _, out = say(before, QA, "RELEASE", NOON)
    assert "not on hold" in one(out, "OUT-88").facts["words"]


def test_a_hold_between_accept_and_issue_keeps_the_report_back() -> None:
    now, _ = say(accepted(), QA, "HOLD", at("2026-06-18", "12:05"))
    now, out = tick(now, "issue", when=at("2026-06-18", "12:15"))
    assert out.audit.state is State.ACCEPTED and not out.wishes
    now, out = say(now, QA, "RELEASE", at("2026-06-18", "13:00"))
    assert timers(out) == {"issue": at("2026-06-18", "13:15")}


def test_reassign_tells_four_people_and_starts_the_new_auditors_clocks() -> None:
    before, out = allocated()
    now = then(before, out, at("2026-06-10"))
    after, out = say(now, QA, f"REASSIGN {OTHER.address} Ada is ill")
    assert kinds(out) == ["T-39"] and out.audit.state is State.ALLOCATED and out.audit.auditor == OTHER.address
    assert out.audit.former_auditors == (AUDITOR.address,) and out.audit.due_on == date(2026, 6, 30)
    parts = {w.address: w.facts["part"] for w in out.wishes if w.code == "OUT-36"}
    assert parts == {AUDITOR.address: "old", OTHER.address: "new", TM.address: "told", WORKER.address: "told"}
    new = next(w for w in out.wishes if w.address == OTHER.address)
    assert new.documents == ("DOC-02", "DOC-37") and new.facts["old_name"] == "Ada Lowe"
    assert next(w for w in out.wishes if w.address == AUDITOR.address).role == "former_auditor"
    assert set(timers(out)) == {"ack", "reminder:2", "reminder:3", "due", "overdue"}
    assert {"OUT-04", "OUT-10", "OUT-13"} <= set(out.cancel)
    _, ack = say(after, OTHER, "ACK")
    assert ack.audit.state is State.UNDERWAY
    _, old = say(after, AUDITOR, "ACK")
    assert old.audit.state is State.ALLOCATED and not one(old, "OUT-88").facts["done"]


def test_an_auditor_who_gets_the_audit_back_is_reminded_afresh() -> None:
    before, out = allocated()
    now = then(before, out, at("2026-06-04", "00:00"))
    now, first = tick(now, "ack")
    now, _ = say(now, QA, f"REASSIGN {OTHER.address}", at("2026-06-05"))
    now, back = say(now, QA, f"REASSIGN {AUDITOR.address}", at("2026-06-08"))
    assert back.audit.former_auditors == (OTHER.address,)
    now, second = tick(now, "ack", when=at("2026-06-11", "00:00"))
    assert one(first, "OUT-08").address == one(second, "OUT-08").address == AUDITOR.address
    assert one(first, "OUT-08").round != one(second, "OUT-08").round


def test_the_head_of_service_may_reassign_too() -> None:
    before, out = allocated()
    _, out = say(then(before, out, at("2026-06-10")), HOS, f"REASSIGN {OTHER.address}")
    assert out.audit.auditor == OTHER.address and to(out, "OUT-88") == [HOS.address]


def test_reassign_in_a_revision_after_the_due_day_asks_for_a_new_day() -> None:
    before, _ = returned(at("2026-07-02"), (block(),))
    now, out = say(before, QA, f"REASSIGN {OTHER.address}", at("2026-07-03"))
    assert out.audit.state is State.ALLOCATED and out.audit.points == () and out.audit.hard_at is None
    assert {"soft", "hard"} <= set(out.clear_timers) and set(timers(out)) == {"ack", "overdue"}
    # Where nobody gives a new day, the new auditor is chased all the same, from the end of the next working day.
    assert timers(out)["overdue"] == at("2026-07-07", "00:00")
    assert "EXTEND" in one(out, "OUT-88").facts["words"]
    _, out = say(now, QA, "EXTEND 14/07/2026")
    assert {"due", "overdue"} <= set(timers(out))


@pytest.mark.parametrize(("address", "why"), [
    ("nobody@northmoor.example", "not in the directory"), (TM.address, "has no part that does this audit"),
    (AUDITOR.address, "has this audit already"), (QA.address, "has no part that does this audit")])
def test_reassign_to_somebody_who_may_not_is_refused(address: str, why: str) -> None:
    before, out = allocated()
    now = then(before, out, at("2026-06-10"))
    after, out = say(now, QA, f"REASSIGN {address}")
    assert after.audit == now.audit and why in one(out, "OUT-88").facts["words"]


def test_reassign_asks_the_rules_of_the_draw() -> None:
    before, out = allocated()
    now = then(before, out, at("2026-06-10"))
    from mailflow.model import Command
    from mailflow.process.commands.table import decide_command

    for bad, why in ((person("Nora Peel", "auditor", team="North"), "same team"),
                     (replace(person("Iris Rowe", "auditor")), "reviewing officer"),
                     (person("Tess Moor", "auditor"), "team manager")):
        out = decide_command(now, QA, frozenset({"qa"}), Command("REASSIGN", target=bad.address), confirmed=False,
                             find_person=lambda _, p=bad: p, in_reply_to="<r@x>", mail_text="")  # type: ignore[misc]
        assert out.audit.auditor == AUDITOR.address and why in one(out, "OUT-88").facts["words"]


def test_extend_gives_a_later_day_new_clocks_and_tells_the_auditor() -> None:
    before, out = allocated()
    now, _ = tick(then(before, out, at("2026-07-01", "00:00")), "overdue")
    now, out = say(now, QA, "EXTEND 11/07/2026", at("2026-07-02"))
    assert kinds(out) == ["T-46"] and out.audit.due_on == date(2026, 7, 13), "Saturday rolls to Monday"
    assert not out.audit.has(Flag.OVERDUE) and {"overdue", "overdue:hos", "reminder:"} <= set(out.clear_timers)
    assert timers(out)["overdue"] == at("2026-07-14", "00:00") and "due" in timers(out)
    assert "ack" not in timers(out) and "OUT-15" in out.cancel
    told = one(out, "OUT-10")
    assert told.address == AUDITOR.address and told.facts["extended"] and told.facts["days_left"] == 11
    assert "Monday 13 July 2026" in one(out, "OUT-88").facts["words"]


def test_extend_in_a_revision_moves_the_limit_not_the_due_day() -> None:
    before, _ = returned(findings=(block(),))
    _, out = say(before, QA, "EXTEND 06/07/2026", NOON)
    assert out.audit.hard_at == at("2026-07-06", "23:59") and out.audit.due_on == date(2026, 6, 30)
    assert timers(out)["hard"] == at("2026-07-07", "00:00") and codes(out) == ["OUT-20", "OUT-88"]


def test_one_person_as_auditor_and_qa_gets_one_letter_to_one_mail() -> None:
    both = replace(AUDITOR, roles=("auditor", "qa"))
    parts = dict(PARTS) | {"auditor": (both,), "qa": (both, QA)}
    now = scene(at("2026-06-02"), audit(State.UNDERWAY), parts=parts)
    _, out = say(now, both, "CANNOT no time")
    assert [w.code for w in out.wishes if w.address == both.address] == ["OUT-88"]


@pytest.mark.parametrize(("text", "points"), [
    ("the dates are missing", ("the dates are missing",)),
    ("1. dates\n2) grades\n\n- plan", ("dates", "grades", "plan")),
    ("please see below\n- dates\n  and times\n- grades", ("please see below", "dates and times", "grades")),
    ("two lines\nno bullets", ("two lines", "no bullets")),
    ("", ()), (" \n ", ())])
def test_points_are_read_one_a_line(text: str, points: tuple[str, ...]) -> None:
    assert points_in(text) == points
