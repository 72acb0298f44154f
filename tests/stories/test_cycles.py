"""Months that run by themselves: drawn, accepted, opened, closed and reported, with nobody at the terminal (TS-01 … TS-08)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from mailflow.errors import Lost
from mailflow.model import CycleState, Letter, State, Wish
from mailflow.process.calendar import local
from mailflow.steps.effects import desk_for, enqueue
from mailflow.steps.imports import save_cases
from mailflow.steps.month.draw import AT_ONCE
from mailflow.steps.month.opening import open_month
from outbox.compose import compose
from tests.stories.conftest import Found
from tests.stories.telling import accept_and_issue
from tests.world import AD, HOS, QA, QA_MANAGER, World, make_cases, make_people, moment

ALONE = '[profile.calendar]\nstarts = "by_itself"\n'


def state(world: World, cycle: str) -> CycleState:
    found = world.house.store.find_cycle(cycle)
    assert found is not None
    return found.state


def reply(world: World, text: str, at: str, *, by: str = QA, code: str = "OUT-01", number: int = -1) -> list[Letter]:
    """Somebody of the QA team answers the latest letter of that code; what it led to."""
    letter = world.sent(code, to=by)[number]
    message_id = world.write(by, text, answers=letter)
    world.run(at)
    return world.answers_to(message_id)


def every_morning(world: World, first: date, last: date) -> None:
    day = first
    while day <= last:
        for hour in ("09:05", "17:30"):
            world.run(f"{day} {hour}")
        day += timedelta(days=1)


def text_of(world: World, letter: Letter) -> str:
    return " ".join(next(x.text for x in world.sent(letter.code) if x.message_id == letter.message_id).split())


def test_a_month_runs_from_the_draw_to_its_report_by_itself(northmoor: Found) -> None:
    """SCN-01's calendar for September 2026. On the first working day at nine the sample goes to the QA officer and to nobody
    else. ACCEPT makes the audits, and the same pass allocates them. One form comes back and is accepted, one never comes.
    On 1 October the cycle is closing; ten working days later it is reported: to QA with every number, to the head of service
    without the small ones. Each pass is made twice, and nothing is sent twice."""
    world = northmoor(auditors=2, profile=ALONE, opened=False)
    world.run("2026-08-31 09:05")
    assert not world.letters(), "the day before is a bank holiday, and nothing is due"
    world.run("2026-09-01 08:55")
    assert not world.letters()
    world.run("2026-09-01 09:05")
    world.run("2026-09-01 09:05")
    assert [(x.code, x.to) for x in world.letters()] == [("OUT-01", QA)]
    asked = world.sent("OUT-01")[0]
    assert asked.subject.startswith("[AUDIT CYCLE 2609] Sample for September 2026") and "Safeguarding: 2" in asked.text
    assert state(world, "2609") is CycleState.DRAWING and not world.house.store.find_audits()

    answers = reply(world, "ACCEPT", "2026-09-01 09:40")
    assert [x.code for x in answers] == ["OUT-88"] and "accepted, with 2 audits" in text_of(world, answers[0])
    assert state(world, "2609") is CycleState.OPEN
    assert {a.state for a in world.house.store.find_audits()} == {State.ALLOCATED}
    assert len(world.sent("OUT-04")) == 2 and [x.to for x in world.sent("OUT-92")] == [QA]

    done = world.refs[0]
    world.return_form(done)
    world.run("2026-09-21 10:00")
    accept_and_issue(world, done)
    every_morning(world, date(2026, 9, 30), date(2026, 9, 30))
    assert state(world, "2609") is CycleState.OPEN
    every_morning(world, date(2026, 10, 1), date(2026, 10, 1))
    assert state(world, "2609") is CycleState.CLOSING and not world.letters("OUT-69")
    every_morning(world, date(2026, 10, 2), date(2026, 10, 16))
    assert state(world, "2609") is CycleState.REPORTED
    told = {x.to: x.text for x in world.sent("OUT-69")}
    assert sorted(told) == sorted([QA, QA_MANAGER, HOS]) and len(world.sent("OUT-69")) == 3
    assert "- Accepted: 1" in told[QA] and "- Still open: 1" in told[QA]
    assert "fewer than 5" in told[HOS] and "fewer than 5" not in told[QA]
    kinds = [(e.kind, e.data["to"]) for e in world.house.store.load_journal("") if e.data.get("cycle") == "2609"]
    assert kinds == [("TS-01", "drawing"), ("TS-01.drawn", "drawing"), ("TS-03", "selected"), ("TS-04", "open"),
                     ("TS-05", "closing"), ("TS-06", "reported")]


def test_the_head_of_service_has_the_names_of_their_own_service_only(northmoor: Found) -> None:
    """OUT-72: an auditor of Safeguarding and one of Quality never answer; the head of Safeguarding reads of the first one
    alone, and the letter names no case."""
    people = make_people(2)
    first = next(p for p in people if "auditor" in p.roles)
    world = northmoor(auditors=2, people=[replace(first, service="Safeguarding")])
    every_morning(world, date(2026, 10, 14), date(2026, 10, 16))
    letters = world.sent("OUT-72")
    other = next(p for p in people if "auditor" in p.roles and p.address != first.address)
    assert [x.to for x in letters] == [HOS]
    assert first.name in letters[0].text and other.name not in letters[0].text
    assert all(case.number not in letters[0].text for case in world.house.store.load_cases())
    assert all(ref not in letters[0].text for ref in world.refs)


def test_the_qa_team_changes_the_sample_and_the_first_decision_wins(northmoor: Found) -> None:
    """SWAP gives the same auditor another case, DROP leaves one out; each time the whole team has the new sample. A reply to
    an older sample does nothing. The manager's ACCEPT after the officer's is told so, and changes nothing."""
    officer = next(p for p in make_people(1) if p.address == QA_MANAGER)
    world = northmoor(auditors=3, profile=ALONE, opened=False, cases=make_cases(5)[3:],
                      people=[replace(officer, roles=("qa", "qa_manager"))])
    world.run("2026-09-01 09:05")
    cycle = world.house.store.find_cycle("2609")
    assert cycle is not None and len(cycle.proposals) == 3
    first, second, _ = cycle.proposals
    answers = reply(world, f"SWAP {first.case_number}", "2026-09-01 10:00")
    assert [(x.code, x.to, x.in_reply_to != "") for x in answers if x.to == QA] == [("OUT-01", QA, True)]
    assert len(world.sent("OUT-01", to=QA_MANAGER)) == 2
    swapped = world.house.store.find_cycle("2609")
    assert swapped is not None
    new = swapped.proposals[0]
    assert new.ref == first.ref and new.auditor == first.auditor and new.case_number != first.case_number

    answers = reply(world, "ACCEPT", "2026-09-01 10:05", by=QA_MANAGER, number=0)
    assert [x.code for x in answers] == ["OUT-88"] and "changed since" in text_of(world, answers[0])
    assert state(world, "2609") is CycleState.DRAWING

    reply(world, f"drop {second.ref}", "2026-09-01 10:10")
    reply(world, "ACCEPT", "2026-09-01 10:20")
    audits = world.house.store.find_audits()
    assert [a.case_number for a in audits] == [p.case_number for p in (new, cycle.proposals[2])]
    answers = reply(world, "ACCEPT", "2026-09-01 10:30", by=QA_MANAGER)
    assert f"is open already (decided by {QA})" in text_of(world, answers[0]) and len(world.house.store.find_audits()) == 2


def test_without_cases_the_qa_team_is_asked_once_a_day_and_the_draw_follows_the_import(northmoor: Found) -> None:
    """TS-02: no cases on the day of the draw. One letter a working day says so; no audit is made. Once the sheet is in, the
    sample comes with the next pass."""
    world = northmoor(auditors=2, profile=ALONE, opened=False)
    with world.house.store.tx():
        world.house.store._write("delete from council_case")
    every_morning(world, date(2026, 9, 1), date(2026, 9, 6))
    assert [local(x.sent_at).date() for x in world.letters("OUT-02") if x.sent_at] == [date(2026, 9, n) for n in (1, 2, 3, 4)]
    assert not world.house.store.find_audits() and not world.letters("OUT-01")
    world.run("2026-09-07 09:05")
    save_cases(world.house, make_cases(2))
    world.run("2026-09-08 11:00")
    assert len(world.letters("OUT-01")) == 1 and len(world.letters("OUT-02")) == 5


def test_an_auditor_nobody_has_a_case_for_stops_the_month(northmoor: Found) -> None:
    """T-40: two auditors, one case. QA hears who has none and what helps; nothing is made. Opened by hand it goes ahead."""
    world = northmoor(auditors=2, profile=ALONE, opened=False)
    with world.house.store.tx():
        world.house.store._write("delete from council_case where number <> ?", (make_cases(1)[0].number,))
    world.run("2026-09-01 09:05")
    assert [x.code for x in world.letters()] == ["OUT-02"]
    assert "no legal case is left" in world.sent("OUT-02")[0].text and state(world, "2609") is CycleState.DRAWING
    from mailflow.steps.month.opening import open_month

    open_month(world.house, "2026-09", world.now)
    assert state(world, "2609") is CycleState.OPEN and len(world.house.store.find_audits()) == 1


def test_a_month_is_cancelled_before_anybody_knew_of_it(northmoor: Found) -> None:
    """TS-08: the QA officer replies CANCEL to the sample. Nobody else hears of the month, and it is not drawn again. Work
    carried into it would be free for the next month."""
    world = northmoor(auditors=2, profile=ALONE, opened=False)
    world.run("2026-09-01 09:05")
    answers = reply(world, "CANCEL", "2026-09-01 10:00")
    assert [x.code for x in answers] == ["OUT-88"] and state(world, "2609") is CycleState.CANCELLED
    every_morning(world, date(2026, 9, 2), date(2026, 9, 8))
    assert {x.to for x in world.letters()} == {QA} and not world.house.store.find_audits()


def test_a_cancelled_month_gives_back_the_work_that_was_carried_into_it(northmoor: Found) -> None:
    """TS-08 after ACCEPT: samples are drawn on the last working day before the month. September is accepted on 28 August,
    with July's audit in it, and cancelled the same day: nobody was told, its audits are withdrawn, and October takes July's
    audit instead."""
    world = northmoor(auditors=1, cases=make_cases(3), people=[p for p in make_people(3) if "practitioner" in p.roles],
                      month="2026-07", profile=ALONE + 'draw = "last_working_day_previous_month"\n')
    (ref,) = world.refs
    world.return_form(ref, {"review.post": ""})
    world.run("2026-07-31 10:00")
    world.run("2026-08-10 09:05")
    assert world.audit(ref).state is State.NOT_ACCEPTED
    world.run("2026-08-28 09:05")
    reply(world, "ACCEPT", "2026-08-28 10:00")
    assert state(world, "2609") is CycleState.SELECTED and world.audit(ref).carried_to.startswith("2609-")
    reply(world, "CANCEL", "2026-08-28 11:00", code="OUT-88")
    assert state(world, "2609") is CycleState.CANCELLED and world.audit(ref).carried_to == ""
    assert {a.state for a in world.house.store.find_audits(cycle="2609")} == {State.WITHDRAWN}
    assert not world.letters("OUT-03") and not world.letters("OUT-35")
    every_morning(world, date(2026, 8, 29), date(2026, 9, 2))
    assert not [x for x in world.sent("OUT-04") if x.audit.startswith("2609")]
    world.run("2026-09-30 09:05")
    reply(world, "ACCEPT", "2026-09-30 10:00")
    world.run("2026-10-01 09:05")
    assert world.audit(ref).carried_to.startswith("2610-") and world.sent("OUT-22", audit=world.audit(ref).carried_to)


def test_work_carried_over_is_numbered_after_the_sample_whatever_was_dropped(northmoor: Found) -> None:
    """July's audit waits. Of September's sample of two the first is dropped: two audits are made, each with a reference of
    its own, the carried one after the gap."""
    world = northmoor(auditors=2, cases=make_cases(6), people=[p for p in make_people(6) if "practitioner" in p.roles],
                      month="2026-07", profile=ALONE)
    ref = world.refs[0]
    world.return_form(ref, {"review.post": ""})
    world.run("2026-07-31 10:00")
    world.run("2026-08-10 09:05")
    world.run("2026-09-01 09:05")
    cycle = world.house.store.find_cycle("2609")
    assert cycle is not None and world.audit(ref).state is State.NOT_ACCEPTED
    reply(world, f"DROP {cycle.proposals[0].ref}", "2026-09-01 09:30")
    reply(world, "ACCEPT", "2026-09-01 09:40")
    refs = [a.ref for a in world.house.store.find_audits(cycle="2609")]
    assert [r[5:8] for r in refs] == ["002", "003"] and world.audit(ref).carried_to == refs[1]
    assert len(world.sent("OUT-22")) == 1 and state(world, "2609") is CycleState.OPEN


def test_who_was_told_of_a_month_hears_that_it_is_cancelled_and_nobody_else(northmoor: Found) -> None:
    """TS-08, F3-ALL-01: the sample is accepted in August, and one practitioner has been told of their case already. CANCEL:
    that practitioner has OUT-03, with nothing of the case in it; the auditor and everybody else hear nothing."""
    world = northmoor(auditors=2, opened=False, profile=ALONE + 'draw = "last_working_day_previous_month"\n')
    world.run("2026-08-28 09:05")
    reply(world, "ACCEPT", "2026-08-28 09:20")
    told = world.audit(world.refs[0])
    scene = world.house.scene(told, world.now)
    wish = Wish("OUT-05", "practitioner", "T-61.practitioner", "early", audit=told.ref)
    letters = compose(wish, desk_for(world.house, world.now, scene=scene))
    with world.house.store.tx():
        enqueue(world.house, letters, world.now)
    world.run("2026-08-28 09:30")
    (heard,) = world.sent("OUT-05")
    reply(world, "CANCEL", "2026-08-28 10:00", code="OUT-01")
    world.run("2026-08-28 10:05")
    assert [x.to for x in world.letters("OUT-03")] == [heard.to] == [x.to for x in world.sent("OUT-03")]
    text = world.sent("OUT-03")[0].text
    assert told.case_number not in text and told.ref not in text and "not going ahead" in text
    assert {x.to for x in world.letters() if x.code not in ("OUT-03", "OUT-05")} == {QA}


def test_a_sample_nobody_accepts_lapses_on_the_due_day(northmoor: Found) -> None:
    """Nobody replies in September: on 1 October nothing is allocated any more, and nobody is told of the month."""
    world = northmoor(auditors=1, profile=ALONE + 'months = {"09" = {type = "audit"}}\nreplace_months = true\n', opened=False)
    world.run("2026-09-01 09:05")
    world.run("2026-09-02 09:05")
    assert "cycle 2609: the sample waits for ACCEPT" in world.sent("OUT-75")[0].text
    every_morning(world, date(2026, 9, 30), date(2026, 10, 1))
    assert state(world, "2609") is CycleState.CANCELLED
    assert {x.code for x in world.letters()} <= {"OUT-01", "OUT-75"}


def test_no_letters_in_august_and_december_and_july_comes_back_in_september(northmoor: Found) -> None:
    """SCN-04, F1-CAL-01: a year at Northmoor by its own calendar, the QA team accepting every sample. August and December
    bring nothing. July's audit is never amended, so it comes back in September beside a new one."""
    world = northmoor(auditors=1, opened=False, cases=make_cases(26)[1:], profile=(
        ALONE + '[profile.selection]\napproval = "none"\nexclude_audited_within_months = 0\none_per_practitioner = false\n'))
    world.run("2026-07-01 09:05")
    (ref,) = world.refs
    world.return_form(ref, {"review.post": ""})
    world.run("2026-07-31 10:00")
    assert world.audit(ref).state is State.REVISION
    every_morning(world, date(2026, 8, 3), date(2026, 8, 31))
    assert world.audit(ref).state is State.NOT_ACCEPTED and world.house.store.find_cycle("2608") is None
    world.run("2026-09-01 09:05")
    september = world.house.store.find_audits(cycle="2609")
    assert len(september) == 2 and {a.auditor for a in september} == {world.audit(ref).auditor}
    carried = next(a for a in september if a.carried_from == ref)
    assert world.audit(ref).carried_to == carried.ref and world.sent("OUT-22", audit=carried.ref)
    day = date(2026, 9, 2)
    while day < date(2027, 1, 8):
        world.run(f"{day} 09:05")
        day += timedelta(days=1)
    assert [c.id for c in world.house.store.load_cycles()] == ["2607", "2609", "2610", "2611", "2701"]
    opened = {(local(x.sent_at).year, local(x.sent_at).month) for x in world.letters() if x.sent_at and x.code == "OUT-04"}
    assert not opened & {(2026, 8), (2026, 12)} and {(2026, 7), (2026, 9), (2026, 10), (2026, 11), (2027, 1)} <= opened


def test_after_an_outage_over_the_draw_the_month_is_still_drawn_but_not_when_it_is_half_over(northmoor: Found) -> None:
    """CLK-09: the server comes back on the 8th working day: the sample is drawn. It comes back on the 12th: it is not."""
    world = northmoor(auditors=1, profile=ALONE, opened=False)
    world.run("2026-09-10 14:00")
    assert len(world.letters("OUT-01")) == 1
    late = northmoor(auditors=1, profile=ALONE, opened=False)
    late.run("2026-09-16 14:00")
    assert not late.letters("OUT-01")


def test_the_theme_stands_in_the_allocation_and_the_report(northmoor: Found) -> None:
    """F1-CAL-06: THEME in reply to the sample; the auditor reads it in the allocation, everybody in the report."""
    world = northmoor(auditors=1, profile=ALONE, opened=False)
    world.run("2026-09-01 09:05")
    answers = reply(world, "THEME Neglect {{ 1+1 }} and thresholds", "2026-09-01 09:20")
    assert [x.code for x in answers] == ["OUT-88"]
    reply(world, "ACCEPT", "2026-09-01 09:30")
    assert "Theme of this month: Neglect {{ 1+1 }} and thresholds" in world.sent("OUT-04")[0].text
    every_morning(world, date(2026, 10, 14), date(2026, 10, 16))
    assert "Neglect {{ 1+1 }} and thresholds" in world.sent("OUT-69", to=QA)[0].text


def test_words_of_danger_in_a_decision_about_a_month_touch_no_audit(northmoor: Found) -> None:
    """The officer's ACCEPT also says that a child is not safe tonight. The sample is accepted, and the whole QA team is asked
    to look at the mail; the audit that was carried into the month has no concern put on it."""
    world = northmoor(auditors=1, cases=make_cases(3), people=[p for p in make_people(3) if "practitioner" in p.roles],
                      month="2026-07", profile=ALONE)
    (ref,) = world.refs
    world.return_form(ref, {"review.post": ""})
    world.run("2026-07-31 10:00")
    world.run("2026-08-10 09:05")
    world.run("2026-09-01 09:05")
    reply(world, "ACCEPT\n\nPlease ring me about another child who is not safe tonight.", "2026-09-01 10:00")
    assert state(world, "2609") is CycleState.OPEN and len(world.letters("OUT-91")) == 1
    assert "is accepted, with 1 audit" in " ".join(world.sent("OUT-91")[0].text.split()), "one mail in, one letter out"
    assert {a.concern.state.value for a in world.house.store.find_audits()} == {"none"}


def test_only_the_qa_team_decides_on_a_cycle(northmoor: Found) -> None:
    """An assistant director writes ACCEPT with the cycle in the subject: nothing happens but a kept message."""
    world = northmoor(auditors=1, profile=ALONE, opened=False)
    world.run("2026-09-01 09:05")
    world.write(AD, "ACCEPT", subject="Re: [AUDIT CYCLE 2609] Sample for September 2026")
    world.run("2026-09-01 10:00")
    assert state(world, "2609") is CycleState.DRAWING
    world.write(QA, "ACCEPT", subject="Re: [AUDIT CYCLE 2609] Sample for September 2026")
    world.run("2026-09-01 10:10")
    assert state(world, "2609") is CycleState.OPEN, "the subject alone says which cycle"


def test_the_programme_reminds_those_with_the_part_and_nobody_else(northmoor: Found) -> None:
    """F2-ROL-01 … 04, at Bexley: in the week before, each service manager, team manager and practitioner has one letter of
    what comes up for them, without a word of any case. One who is away has none. A second pass sends nothing."""
    from mailflow.model import Absence

    people = make_people(1)
    away = next(p for p in people if p.roles == ("tm",))
    world = northmoor(auditors=1, framework="bexley-2017", opened=False,
                      people=[replace(away, absences=(Absence(date(2026, 9, 1), date(2026, 9, 30)),))])
    every_morning(world, date(2026, 9, 1), date(2026, 9, 14))
    letters = world.letters("OUT-93")
    roles = {p.address: p.roles for p in people}
    assert letters and {roles[x.to][0] for x in letters} <= {"sm", "hos", "iro", "tm", "practitioner", "director"}
    assert away.address not in {x.to for x in letters}
    assert len({(x.to, local(x.sent_at).date()) for x in letters if x.sent_at}) == len(letters), "one a person and morning"
    texts = [x.text for x in world.sent("OUT-93")]
    numbers = [c.number for c in world.house.store.load_cases()]
    assert not any(n in text for n in numbers for text in texts)
    quiet = northmoor(auditors=1, opened=False)
    every_morning(quiet, date(2026, 9, 1), date(2026, 9, 4))
    assert not quiet.letters("OUT-93")


WORDED = """Subject: Your audit

{% set work = {"CIN": "child in need", "CP": "child protection"} %}
This is about {{ work[category] }} work. Please send the form by {{ due_on|day }}.
"""


def test_one_audit_that_can_not_be_given_out_does_not_hold_up_the_others(northmoor: Found) -> None:
    """The council's own letter knows no word for a looked-after child. Every other auditor has theirs on the first morning; the
    QA officer is told of the one, once, and it is tried again each hour. With the letter put right it goes out."""
    cases = tuple(replace(c, category="LAC" if n == 2 else "CP") for n, c in enumerate(make_cases(6)))
    world = northmoor(auditors=6, cases=cases, own={"letters/OUT-04.md": WORDED})
    (stuck,) = world.house.store.find_audits(states=(State.SELECTED,))
    assert stuck.case_number == cases[2].number and state(world, "2609") is CycleState.OPEN
    assert len(world.sent("OUT-04")) == 5
    (told,) = world.sent("OUT-90", to=QA)
    assert stuck.ref in told.text and "OUT-04 could not be written" in told.text
    world.run("2026-09-01 12:00")
    assert world.audit(stuck.ref).state is State.SELECTED and len(world.sent("OUT-90")) == 1
    letter = world.root / "texts" / "letters" / "OUT-04.md"
    letter.write_text(WORDED.replace('"CP"', '"LAC": "looked-after", "CP"'), encoding="utf-8")
    world.run("2026-09-01 13:10")
    world.run("2026-09-02 09:05")
    assert world.audit(stuck.ref).state is State.ALLOCATED
    assert "looked-after" in world.sent("OUT-04", to=stuck.auditor)[0].text


def test_an_audit_that_changes_while_the_month_is_opened_is_given_out_in_the_next_pass(northmoor: Found) -> None:
    """Somebody else saves the last audit between two batches: its batch is not given out, the month is not called open, and the
    next go gives out the rest. Nobody gets two."""
    world = northmoor(auditors=AT_ONCE + 2, opened=False)

    def meddle(done: int, of: int) -> None:
        if done < of:
            with world.house.store.tx():
                world.house.store.save_audit(world.audit(world.refs[-1]))

    with pytest.raises(Lost):
        open_month(world.house, "2026-09", moment("2026-09-01 08:30"), progress=meddle)
    assert state(world, "2609") is CycleState.SELECTED
    assert len(world.house.store.find_audits(states=(State.SELECTED,))) == 2
    done = open_month(world.house, "2026-09", moment("2026-09-01 08:40"))
    assert state(world, "2609") is CycleState.OPEN and done.waiting == ()
    letters = [x.to for x in world.letters("OUT-04")]
    assert len(letters) == len(set(letters)) == AT_ONCE + 2
