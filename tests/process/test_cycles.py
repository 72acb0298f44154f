"""The states of a cycle, its sample, its figures and its year: pure choices (TS-01 … TS-08, F2-ROL, DOC-20, DOC-32)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailflow.errors import Broken, PermanentError
from mailflow.framework import load_framework
from mailflow.model import Absence, Case, Command, Cycle, CycleState, Flag, Person, Proposal, State
from mailflow.process.cycle import carry, figures, sample
from mailflow.process.cycle.cycles import STEPS, archive_day, find_clock_step, make_cycle, move_cycle, parse_month, table
from mailflow.process.cycle.orders import ORDERS, Ask, Ordered, decide_order
from mailflow.process.cycle.programme import due_reminders, find_activities, find_events, share_out
from mailflow.process.cycle.sample import Frame
from tests.process.builders import at, audit, framework, scene, with_rules

F1 = framework()
BEXLEY = framework("bexley-2017")
SEPTEMBER = make_cycle(F1, 2026, 9, "seed")
C = CycleState


# --- the table ---

@pytest.mark.parametrize("state", CycleState)
@pytest.mark.parametrize("row", STEPS, ids=lambda s: s.id)
def test_a_step_happens_where_the_table_says_and_nowhere_else(row, state) -> None:  # type: ignore[no-untyped-def]
    cycle = replace(SEPTEMBER, state=state)
    if state in row.froms:
        assert move_cycle(cycle, row.id).state is (row.to or state)
    else:
        with pytest.raises(Broken, match=row.id):
            move_cycle(cycle, row.id)


def test_every_state_can_be_reached_and_two_are_ends() -> None:
    reached = {C.PLANNED}
    while more := {s.to for s in STEPS if s.to and set(s.froms) & reached} - reached:
        reached |= more
    assert reached == set(C)
    assert {c for c in C if not any(c in s.froms and s.to for s in STEPS)} == {C.ARCHIVED, C.CANCELLED}
    assert "| selected | open | TS-04 |" in table()


@pytest.mark.parametrize(("state", "now", "counts", "step"), [
    (C.SELECTED, "2026-09-01 08:59", {}, ""), (C.SELECTED, "2026-09-01 09:00", {}, "TS-04"),
    (C.SELECTED, "2026-09-30 23:59", {}, "TS-04"), (C.SELECTED, "2026-10-01 00:00", {}, "TS-08.lapsed"),
    (C.DRAWING, "2026-09-30 12:00", {}, ""), (C.DRAWING, "2026-10-01 00:00", {}, "TS-08.lapsed"),
    (C.OPEN, "2026-09-30 23:59", {}, ""), (C.OPEN, "2026-10-01 00:00", {}, "TS-05"),
    (C.CLOSING, "2026-10-01 00:00", {"underway": 1, "issued": 3}, ""),
    (C.CLOSING, "2026-10-01 00:00", {"accepted": 1, "not_accepted": 1, "withdrawn": 1}, "TS-06"),
    (C.CLOSING, "2026-10-14 23:59", {"underway": 1}, ""), (C.CLOSING, "2026-10-15 00:00", {"underway": 1}, "TS-06"),
    (C.REPORTED, "2032-12-31 12:00", {"closed": 4}, ""), (C.REPORTED, "2033-01-01 00:00", {"closed": 4}, "TS-07"),
    (C.REPORTED, "2033-01-01 00:00", {"follow_up": 1}, ""), (C.REPORTED, "2040-01-01 00:00", {"issued": 1}, ""),
    (C.ARCHIVED, "2040-01-01 00:00", {}, ""), (C.CANCELLED, "2040-01-01 00:00", {}, ""),
])
def test_the_clock_takes_a_cycle_on(state: CycleState, now: str, counts: Mapping[str, int], step: str) -> None:
    assert find_clock_step(replace(SEPTEMBER, state=state), F1, at(*now.split()), lambda: counts) == step


def test_a_sample_nobody_is_asked_about_is_taken_by_the_clock() -> None:
    """``selection.approval = "none"``, also where the daemon was cut short between the draw and this step."""
    alone = with_rules(F1, selection={"approval": "none"})
    assert find_clock_step(drawn(), alone, at("2026-09-01", "09:00"), dict) == "TS-03"
    assert find_clock_step(replace(drawn(), proposals=()), alone, at("2026-09-01", "09:00"), dict) == ""
    assert find_clock_step(drawn(), F1, at("2026-09-01", "09:00"), dict) == ""


def test_months_are_read_and_closed_ones_refused() -> None:
    assert parse_month("2026-11") == parse_month("11/2026") == (2026, 11)
    for odd in ("2026-13", "November", "26-11", ""):
        with pytest.raises(PermanentError, match="write 2026-11"):
            parse_month(odd)
    with pytest.raises(PermanentError, match="August is closed"):
        make_cycle(F1, 2026, 8)
    assert (SEPTEMBER.type, SEPTEMBER.second) == ("audit", "reaudit")
    assert make_cycle(F1, 2026, 10).type == "themed" and make_cycle(F1, 2026, 10).second == "moderation"
    assert archive_day(SEPTEMBER, F1) == date(2033, 1, 1)


# --- the sample ---

PEOPLE = tuple(Person(f"a{n}@x.example", f"A{n}", ("auditor",), "Audit") for n in range(4))
CASES = tuple(Case(f"C{n}", "CP", "North", f"w{n % 9}@x.example", "Safeguarding") for n in range(12))
FRAME = Frame(CASES, PEOPLE, {}, PEOPLE)


def drawn() -> Cycle:
    cycle = move_cycle(SEPTEMBER, "TS-01")
    return sample.propose(cycle, sample.draw(cycle, FRAME, F1)[0], 1)


def ask(cycle: Cycle, word: str, target: str = "", *, rest: str = "", about: int | None = None, frame: Frame = FRAME) -> Ordered:
    return decide_order(Ask(cycle, Command(word, rest, target=target), "q@x.example", about, at("2026-09-01"), lambda: frame,
                            F1))


def test_swap_and_drop_name_a_case_or_a_reference_and_count_the_samples() -> None:
    cycle = drawn()
    assert len(cycle.proposals) == 4
    old = cycle.proposals[1]
    swapped = ask(cycle, "SWAP", old.case_number.lower())
    new = swapped.cycle.proposals[1]
    assert swapped.resend and (new.ref, new.auditor) == (old.ref, old.auditor) and new.case_number != old.case_number
    dropped = ask(swapped.cycle, "DROP", new.ref)
    assert len(dropped.cycle.proposals) == 3 and dropped.cycle.sample == 2
    assert dropped.cycle.passed_over == (old.case_number, new.case_number)
    assert not ask(cycle, "DROP", "C99").done


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 3), min_size=1, max_size=8))
def test_however_often_cases_are_swapped_no_case_or_practitioner_stands_twice(places: list[int]) -> None:
    cycle, seen = drawn(), {p.case_number for p in drawn().proposals}
    for place in places:
        done = ask(cycle, "SWAP", cycle.proposals[place].ref)
        if not done.done:
            assert "No other case" in done.words
            continue
        cycle = done.cycle
        assert cycle.proposals[place].case_number not in seen, "a case the team swapped away never comes back"
        seen.add(cycle.proposals[place].case_number)
        workers = [next(c.practitioner for c in CASES if c.number == p.case_number) for p in cycle.proposals]
        assert len(set(workers)) == len(workers) == 4


def test_a_reply_to_an_older_sample_changes_nothing() -> None:
    cycle = replace(drawn(), sample=2)
    for word in ("ACCEPT", "SWAP", "DROP"):
        assert "changed since" in ask(cycle, word, cycle.proposals[0].ref, about=1).words
    assert ask(cycle, "ACCEPT", about=2).selects and ask(cycle, "ACCEPT").selects


@pytest.mark.parametrize("order", ORDERS, ids=lambda o: o.word)
@pytest.mark.parametrize("state", CycleState)
def test_a_command_out_of_time_says_where_the_cycle_stands(order, state) -> None:  # type: ignore[no-untyped-def]
    cycle = replace(drawn(), state=state, decided_by="p@x.example")
    done = ask(cycle, order.word, cycle.proposals[0].ref, rest="Neglect")
    assert done.done is (state in order.states)
    if not done.done:
        assert done.cycle == cycle and done.words.startswith("September 2026 ")


def test_accept_needs_a_sample_and_a_theme_some_words() -> None:
    assert not ask(replace(drawn(), proposals=()), "ACCEPT").done
    assert ask(drawn(), "THEME", rest="  Neglect\nand thresholds ").cycle.theme == "Neglect and thresholds"
    assert not ask(drawn(), "THEME", rest=" ").done and not ask(drawn(), "THEME", rest="x" * 200).done


def test_what_is_missing_is_named_with_what_helps() -> None:
    assert [do for _, do in sample.why_no_frame(Frame((), (), {}, ()), qa=False)] == [
        "give people the role auditor and run `mailflow people import`", "run `mailflow cases import`",
        "give somebody the role qa and run `mailflow people import`"]
    assert sample.why_no_frame(FRAME, qa=True) == ()


def test_an_auditor_who_is_away_does_not_stop_a_month_and_one_without_a_case_does() -> None:
    away = replace(PEOPLE[0], absences=(Absence(date(2026, 9, 1), date(2026, 9, 9)),))
    frame = Frame(CASES[:2], (away, *PEOPLE[1:]), {}, (away, *PEOPLE[1:]))
    found = sample.unserved(sample.draw(move_cycle(SEPTEMBER, "TS-01"), frame, F1)[0])
    assert len(found) == 1 and found[0][0] != away.address


def test_reasons_are_counted_without_what_they_say_of_one_case() -> None:
    assert sample.count_reasons([("C1", "audited within 12 months (on 2026-01-02)"), ("C2", "restricted"),
                                 ("C3", "audited within 12 months (on 2026-03-04)")]) == (
        ("audited within 12 months", 2), ("restricted", 1))


def test_the_sample_becomes_audits_and_is_forgotten() -> None:
    cycle, audits = sample.select(drawn(), "q@x.example", at("2026-09-01"))
    assert cycle.state is C.SELECTED and cycle.proposals == () and cycle.decided_by == "q@x.example"
    assert [a.state for a in audits] == [State.SELECTED] * 4 and {a.due_on for a in audits} == {date(2026, 9, 30)}
    assert sample.find_proposal(drawn(), audits[0].ref) == Proposal(audits[0].ref, audits[0].case_number, audits[0].auditor)


def test_a_cancelled_cycle_takes_its_audits_with_it_and_lets_carried_work_go() -> None:
    """TS-08: the audit ends as withdrawn, by whoever cancelled; the one it was carried from is free for a later cycle."""
    gone = carry.decide_fall_away(scene(at("2026-09-01"), audit(State.SELECTED, carried_from="2607-001X")), "q@x.example")
    assert gone.audit.state is State.WITHDRAWN and gone.cancel == ("*",) and not gone.wishes
    assert [(e.kind, e.by) for e in gone.entries] == [("T-37", "q@x.example")]
    back = carry.decide_back(scene(at("2026-09-01"), audit(State.NOT_ACCEPTED, carried_to="2609-002X")))
    assert back.audit.carried_to == "" and back.audit.state is State.NOT_ACCEPTED
    assert [e.kind for e in back.entries] == ["T-20.back"]


# --- the figures ---

def test_every_audit_is_counted_in_one_end_and_withdrawn_ones_in_none() -> None:
    lines = [(audit(State.ISSUED, submission=1, grade="good"), "North"), (audit(State.CLOSED, submission=1, grade="good"), ""),
             (audit(State.NOT_ACCEPTED, submission=1), "North"), (audit(State.UNDERWAY), "North"),
             (audit(State.UNDER_QA, submission=2, flags=frozenset({Flag.LATE, Flag.CARRIED_OVER})), "North"),
             (audit(State.WITHDRAWN, submission=1, grade="good"), "North")]
    found = figures.count(lines)
    assert found.allocated == 5 == sum(found.ends.values())
    assert found.ends == {"accepted": 2, "not accepted": 1, "still open": 2}
    assert found.others == {"returned": 4, "returned late": 1, "carried over from earlier": 1, "withdrawn": 1}
    assert found.grades == {("North", "good"): 1, ("No service named", "good"): 1}
    assert ("accepted", "2") in figures.show(found, 0)[0], "the QA team sees everything"


@given(st.dictionaries(st.text("abcdef", min_size=1, max_size=3), st.integers(0, 30), max_size=8), st.integers(2, 10))
def test_no_small_count_is_shown_or_can_be_worked_out(counts: dict[str, int], below: int) -> None:
    hidden = figures.hide_small(counts, below)
    assert all(k in hidden for k, n in counts.items() if 0 < n < below)
    left_to_hide = [k for k, n in counts.items() if n >= below and k not in hidden]
    if hidden and left_to_hide:
        assert len(hidden) >= 2 and sum(counts[k] for k in hidden) >= below, "what is missing to the total says nothing"


def test_a_small_cycle_shows_outside_the_team_no_number_from_one_to_four() -> None:
    lines = [(audit(State.ISSUED, submission=1, grade=g), s) for s, g in (("North", "good"), ("North", "inadequate"))]
    heads, rows = figures.show(figures.count(lines), 5)
    assert not {n for _, n in heads} & {"1", "2", "3", "4"} and {n for _, _, n in rows} == {"fewer than 5"}


# --- the year ---

def test_the_year_of_framework_2023_has_ten_cycles_and_three_moderation_months() -> None:
    """F1-CAL-01, F1-CAL-05, F1-MOD-01."""
    events = find_events(F1, 2027)
    assert len([e for e in events if e.id.endswith("-due")]) == 10
    assert [e.id[2:4] for e in events if e.kind == "moderation"] == ["02", "06", "10"]
    assert len([e for e in events if e.kind == "reaudit"]) == 7
    assert not [e for e in events if e.on and e.on.month in (8, 12) and e.kind != "cycle"]
    assert all(a.on <= b.on for a, b in pairwise(e for e in events if e.on) if a.on and b.on)


def test_a_council_with_four_quarters_says_so_in_its_settings_alone() -> None:
    quarters = {m: {"type": "audit"} for m in ("01", "04", "07", "10")}
    council = load_framework("framework-2023", {
        "send": {"allowed_domains": ["x.example"]}, "calendar": {"replace_months": True, "length_months": 3, "months": quarters}})
    days = [(e.id, e.on) for e in find_events(council, 2027) if e.id.endswith(("-open", "-due"))]
    assert days == [("2701-open", date(2027, 1, 4)), ("2701-due", date(2027, 3, 31)), ("2704-open", date(2027, 4, 1)),
                    ("2704-due", date(2027, 6, 30)), ("2707-open", date(2027, 7, 1)), ("2707-due", date(2027, 9, 30)),
                    ("2710-open", date(2027, 10, 1)), ("2710-due", date(2027, 12, 31))]


def test_bexleys_year_holds_what_its_roles_do() -> None:
    """F2-ROL-01 … F2-ROL-04: observations every month, two weeks twice a year, daily and weekly duties only listed."""
    events = find_events(BEXLEY, 2027)
    assert len([e for e in events if e.id.startswith("tm-observations-")]) == 12
    weeks = [e for e in events if e.id.startswith(("practice-week", "inspection-readiness"))]
    assert len(weeks) == 4 and all("director" in e.roles for e in weeks)
    assert all(e.on and e.until and 4 <= (e.until - e.on).days <= 8 for e in weeks)
    assert {e.kind for e in events if e.on is None} == {"every week", "every working day"}


def test_each_activity_is_reminded_of_once_and_after_an_outage_only_if_it_is_still_ahead() -> None:
    last, told = None, []
    day = date(2027, 1, 1)
    while day < date(2028, 1, 1):
        for event in due_reminders(BEXLEY, at(day.isoformat(), "09:05"), last):
            assert event.on and event.on > day
            told.append(event.id)
        last, day = day, date.fromordinal(day.toordinal() + 1)
    wanted = {e.id for e in find_activities(BEXLEY, 2027) if e.on and e.on > date(2027, 1, 15)}
    assert len(told) == len(set(told)) and wanted <= set(told)
    late = due_reminders(BEXLEY, at("2027-03-20", "09:05"), date(2027, 2, 1))
    assert all(e.on and e.on > date(2027, 3, 20) for e in late)


def test_a_reminder_goes_to_the_part_and_not_to_who_is_away() -> None:
    people = (Person("t@x.example", "T", ("tm",)), Person("s@x.example", "S", ("sm", "tm")), Person("q@x.example", "Q", ("qa",)),
              Person("u@x.example", "U", ("tm",), absences=(Absence(date(2027, 1, 1), date(2027, 12, 31)),)))
    events = [e for e in find_activities(BEXLEY, 2027) if e.id in ("tm-observations-2027-05", "senior-moderation-2027-05")]
    rows = share_out(events, people, date(2027, 5, 5))
    assert [(p.address, len(mine)) for p, _, mine in rows] == [("t@x.example", 1), ("s@x.example", 2)]


def test_a_framework_without_a_programme_is_quiet() -> None:
    assert due_reminders(F1, at("2027-05-05", "09:05"), None) == ()
    assert find_activities(with_rules(BEXLEY, programme={"activities": ()}), 2027) == ()
