"""A child may be at risk now: who is told, how fast, and that nothing whatever stands in the way."""

from dataclasses import replace

import pytest

from mailflow.model import ConcernState, Flag, Person, State
from tests.stories.conftest import Found
from tests.stories.telling import codes, confirm, decide, happened, latest, say, told
from tests.world import AD, HOS, QA, SM, TMS, World, auditor, practitioner

BEA, BEA_WORKER, TM = auditor(0), practitioner(0), TMS["Harbour"]
PHONE = "01632 960 777"
TICKED = {"concern.now": "Yes", "concern.told": f"I ring the team manager; I am on {PHONE}", "concern.when": "Today"}
DANGER = "I looked at the last visit and the child is not safe to go home today."


def concern(world: World, ref: str) -> ConcernState:
    return world.audit(ref).concern.state


def raised(world: World, at: str = "2026-09-14 10:00") -> str:
    """The auditor says CONCERN; the reference."""
    ref = world.refs[0]
    say(world, BEA, f"CONCERN {PHONE}", ref, code="OUT-04", at=at)
    assert concern(world, ref) is ConcernState.TOLD
    return ref


@pytest.mark.parametrize("at", ["2026-09-14 10:00", "2026-09-13 03:10", "2026-08-31 23:58"], ids=["in hours", "Sunday night", "holiday"])
def test_the_box_on_page_one_reaches_the_managers_within_one_pass(northmoor: Found, at: str) -> None:
    """SCN-26. The auditor ticks the concern box in an otherwise blank form. Team manager, service manager and QA are told in
    the same pass, on any day and at any hour, although the form itself is blocked; the auditor has one letter, which says
    whom to ring and what the form lacks."""
    from mailflow.demo.pen import fill_in

    world = northmoor(month="2026-07" if at.startswith("2026-08") else "2026-09")
    ref = world.refs[0]
    mail = world.write(BEA, "Please see page one.", answers=world.carrier(ref),
                       documents=[("Audit.docx", fill_in(world.form_of(ref), TICKED))])
    world.run(at)
    assert told(world, "OUT-47", ref) == sorted([TM, SM, QA]) and concern(world, ref) is ConcernState.TOLD
    assert codes(world.answers_to(mail), BEA) == ["OUT-46"]
    words = latest(world, ref, BEA, "OUT-46")
    assert "01632 960 131" in words.text, "the team manager's number"
    if world.audit(ref).state is State.REVISION:
        assert world.audit(ref).points[0].words in " ".join(words.text.split()) and words.forms
    for who in (TM, SM):
        letter = latest(world, ref, who, "OUT-47")
        assert PHONE in letter.text and letter.forms == ()
        assert world.house.get_case(world.audit(ref)).number not in letter.text + letter.subject


def test_anybody_in_the_directory_can_raise_a_concern_by_mail(northmoor: Found) -> None:
    """CONCERN with a number, from the auditor, the practitioner or a manager: the managers of the team ring. What else was
    written stays out of the letters."""
    world = northmoor()
    ref = world.refs[0]
    say(world, BEA_WORKER, f"CONCERN {PHONE}\nHis stepfather is back in the flat.", ref, code="OUT-05", at="2026-09-14 10:00")
    assert told(world, "OUT-47", ref) == sorted([TM, SM, QA])
    assert all(PHONE in x.text and "stepfather" not in x.text for x in world.sent("OUT-47"))


def test_a_concern_written_above_the_returned_form_is_heard(northmoor: Found) -> None:
    """CONCERN as the first line of the mail that brings a good form: the form is filed and the managers are told."""
    world = northmoor()
    ref = world.refs[0]
    mail = world.return_form(ref, text=f"CONCERN {PHONE}")
    world.run("2026-09-14 10:00")
    assert world.audit(ref).state is State.UNDER_QA and told(world, "OUT-47", ref) == sorted([TM, SM, QA])
    assert codes(world.answers_to(mail), BEA) == ["OUT-46"]


def test_words_that_may_mean_danger_are_asked_about_and_no_concern_ends_it(northmoor: Found) -> None:
    """Suspect words in the mail: the auditor is asked, QA knows at once, the managers are not troubled; NO CONCERN is noted."""
    world = northmoor()
    ref = world.refs[0]
    world.return_form(ref, text=DANGER)
    world.run("2026-09-14 10:00")
    assert concern(world, ref) is ConcernState.SUSPECTED and world.audit(ref).has(Flag.CONCERN_OPEN)
    assert told(world, "OUT-47", ref) == [QA] and told(world, "OUT-46", ref) == [BEA]
    say(world, BEA, "NO CONCERN", ref, code="OUT-46", at="2026-09-14 10:20")
    assert concern(world, ref) is ConcernState.CLEARED and not world.audit(ref).has(Flag.CONCERN_OPEN)
    for at in ("2026-09-14 10:31", "2026-09-14 12:00", "2026-09-15 10:00"):
        world.run(at)
    assert told(world, "OUT-47", ref) == [QA]
    assert "T-11" in happened(world, ref), "the form was looked at all the same"


def test_when_nobody_answers_for_half_an_hour_the_managers_are_told(northmoor: Found) -> None:
    """Thirty minutes of office hours after the question the managers are told as if CONCERN had been said."""
    world = northmoor()
    ref = world.refs[0]
    world.return_form(ref, text=DANGER)
    world.run("2026-09-14 10:00")
    world.run("2026-09-14 10:29")
    assert TM not in told(world, "OUT-47", ref)
    world.run("2026-09-14 10:30")
    assert concern(world, ref) is ConcernState.TOLD
    assert {TM, SM, QA} <= set(told(world, "OUT-47", ref))


def test_half_an_hour_means_office_hours(northmoor: Found) -> None:
    """Asked on Friday at 4:50pm, the managers are told on Monday at 9:20am if nobody has answered."""
    world = northmoor()
    ref = world.refs[0]
    world.return_form(ref, text=DANGER)
    world.run("2026-09-11 16:50")
    for at in ("2026-09-11 17:30", "2026-09-12 10:00", "2026-09-14 09:19"):
        world.run(at)
        assert TM not in told(world, "OUT-47", ref), at
    world.run("2026-09-14 09:20")
    assert TM in told(world, "OUT-47", ref)


def test_our_own_printed_words_are_no_suspicion(northmoor: Found) -> None:
    """The form and our letters speak of danger themselves; quoted back, they mean nothing."""
    world = northmoor()
    ref = world.refs[0]
    letter = world.carrier(ref)
    quoted = "\n".join(f"> {line}" for line in (letter.text + "\nIf a child is in immediate danger, ring 999.").splitlines())
    world.write(BEA, f"Here is my audit.\n\nOn Tuesday the audit team wrote:\n{quoted}", answers=letter,
                documents=[("Audit.docx", world.filled(ref))])
    world.run("2026-09-14 10:00")
    assert concern(world, ref) is ConcernState.NONE and world.sent("OUT-47") == []


def test_two_managers_acknowledge_and_the_first_has_it(northmoor: Found) -> None:
    """The team manager says ACKCONCERN; auditor and QA hear who has it. The service manager, a minute later, is told who
    was first. Nobody further up is told."""
    world = northmoor()
    ref = raised(world)
    say(world, TM, "ACKCONCERN", ref, code="OUT-47", at="2026-09-14 10:20")
    assert concern(world, ref) is ConcernState.ACKED and told(world, "OUT-48", ref) == sorted([BEA, QA])
    assert "Tom Hartley" in latest(world, ref, BEA, "OUT-48").text
    assert codes(say(world, SM, "ACKCONCERN", ref, code="OUT-47", at="2026-09-14 10:21")) == ["OUT-88"]
    answer = latest(world, ref, SM, "OUT-88").text
    assert TM in answer or "Tom Hartley" in answer
    for at in ("2026-09-14 11:01", "2026-09-14 12:01", "2026-09-15 10:00"):
        world.run(at)
    assert world.sent("OUT-49") == [] and len(world.sent("OUT-48")) == 2


def test_a_concern_nobody_acknowledges_climbs_to_the_head_of_service_and_on(northmoor: Found) -> None:
    """An hour of office hours: the head of service; another: the assistant director; then both, every hour, until somebody
    acknowledges it. Their acknowledgement counts."""
    world = northmoor()
    ref = raised(world)
    world.run("2026-09-14 10:59")
    assert world.sent("OUT-49") == []
    world.run("2026-09-14 11:00")
    assert told(world, "OUT-49", ref) == [HOS]
    world.run("2026-09-14 12:00")
    assert told(world, "OUT-49", ref) == sorted([HOS, AD])
    world.run("2026-09-14 13:00")
    assert told(world, "OUT-49", ref) == sorted([HOS, AD, HOS, AD])
    say(world, AD, "ACKCONCERN", ref, code="OUT-49", at="2026-09-14 13:10")
    assert concern(world, ref) is ConcernState.ACKED
    world.run("2026-09-14 14:10")
    assert len(world.sent("OUT-49")) == 4


def test_a_concern_ends_when_quality_closes_it_with_what_came_of_it(northmoor: Found) -> None:
    """CLOSE needs an acknowledgement before it and an outcome in it; auditor and QA then hear how it ended."""
    world = northmoor()
    ref = raised(world)
    assert codes(say(world, QA, "CLOSE all is well", ref, code="OUT-47", at="2026-09-14 10:10")) == ["OUT-88"]
    say(world, TM, "ACKCONCERN", ref, code="OUT-47", at="2026-09-14 10:20")
    say(world, QA, "CLOSE The child was seen the same day; strategy discussion held. Note CN-0918.", ref, code="OUT-47",
        at="2026-09-15 10:00")
    assert concern(world, ref) is ConcernState.CLOSED and told(world, "OUT-50", ref) == sorted([BEA, QA])
    assert "CN-0918" in latest(world, ref, BEA, "OUT-50").text
    assert not world.audit(ref).has(Flag.CONCERN_OPEN)


def test_a_second_concern_on_the_same_audit_is_told_again(northmoor: Found) -> None:
    """The first was closed; a new one two days later is a new one."""
    world = northmoor()
    ref = raised(world)
    say(world, TM, "ACKCONCERN", ref, code="OUT-47", at="2026-09-14 10:20")
    say(world, QA, "CLOSE seen and safe", ref, code="OUT-47", at="2026-09-14 15:00")
    say(world, BEA, f"CONCERN {PHONE}", ref, code="OUT-04", at="2026-09-16 10:00")
    assert concern(world, ref) is ConcernState.TOLD and told(world, "OUT-47", ref).count(TM) == 2


@pytest.mark.parametrize("how", ["on hold", "withdrawn", "issued"])
def test_no_state_of_the_audit_stands_in_the_way(northmoor: Found, how: str) -> None:
    """On hold, withdrawn, or issued already: the managers are told just the same."""
    world = northmoor()
    ref = world.refs[0]
    world.return_form(ref)
    world.run("2026-09-14 10:00")
    decide(world, ref, {"on hold": "HOLD", "withdrawn": "WITHDRAW the family moved away", "issued": "ACCEPT"}[how])
    if how == "withdrawn":
        confirm(world, ref)
    world.wait(minutes=20)
    say(world, BEA, f"CONCERN {PHONE}", ref, code="OUT-04", at="2026-09-15 10:00")
    assert told(world, "OUT-47", ref) == sorted([TM, SM, QA])


def test_a_form_with_a_ticked_box_that_can_not_be_filed_is_heard_all_the_same(northmoor: Found) -> None:
    """A colleague's form with the box ticked, in the wrong thread, from somebody who may not send it, or in an automatic mail:
    the form is held, and QA is told at once that there are words of danger in it."""
    world = northmoor(auditors=2)
    mine = next(r for r in world.refs if world.audit(r).auditor == BEA)
    other = next(r for r in world.refs if r != mine)
    form = world.filled(other, TICKED)
    for number, headers in enumerate(({}, {"Auto-Submitted": "auto-replied"})):
        mail = world.write(BEA, "My audit.", answers=world.carrier(mine), documents=[("Audit.docx", form)], headers=headers,
                           subject=f"Audit {number}")
        world.run(f"2026-09-14 1{number}:00")
        assert world.inbound(mail).disposition == "hold"
        assert any(x.code in ("OUT-91", "OUT-47") and x.to == QA for x in world.answers_to(mail)), codes(world.answers_to(mail))


def test_danger_from_a_stranger_reaches_quality_at_once(northmoor: Found) -> None:
    """A neighbour writes to the mailbox: held, never answered, and QA is told at once, at any hour."""
    world = northmoor()
    mail = world.write("neighbour@post.example", "The child next door is in immediate danger, please help.", subject="Help")
    world.run("2026-09-13 03:10")
    assert world.inbound(mail).disposition == "hold" and "OUT-91" in codes(world.answers_to(mail), QA)
    assert [x for x in world.sent("OUT-91", to=QA)]
    assert not [x for x in world.letters() if x.to.endswith("post.example")]


def test_a_manager_outside_the_allowed_domains_is_an_alarm_at_once(northmoor: Found) -> None:
    """The team manager's address is not allowed: the safety letter is refused, and QA hears of that in the same pass, so that
    somebody rings."""
    manager = Person("tom.hartley@agency.example", "Tom Hartley", ("tm",), "Harbour", "Safeguarding", SM, phone="01632 960 131")
    world = northmoor()
    from mailflow.steps.imports import save_cases, save_people

    people = tuple(p for p in world.house.people if p.address != TM)
    save_people(world.house, (*people, manager))
    save_cases(world.house, tuple(replace(c, tm=manager.address) for c in world.house.store.load_cases()))
    ref = world.refs[0]
    say(world, BEA, f"CONCERN {PHONE}", ref, code="OUT-04", at="2026-09-13 22:00")
    assert told(world, "OUT-47", ref) == sorted([SM, QA])
    alarm = latest(world, ref, QA, "OUT-90")
    assert manager.address in alarm.text or "OUT-47" in alarm.text


def test_a_safety_letter_that_bounces_does_not_wait_for_an_answer_that_can_not_come(northmoor: Found) -> None:
    """The team manager's mailbox is gone: QA is told, and the head of service hears of the concern in the next pass."""
    world = northmoor()
    ref = raised(world)
    world.bounce(latest(world, ref, TM, "OUT-47"))
    world.run("2026-09-14 10:05")
    world.run("2026-09-14 10:06")
    assert told(world, "OUT-90", ref) == [QA] and told(world, "OUT-49", ref) == [HOS]


def test_in_a_pilot_a_safety_letter_is_held_like_every_other_and_stands_on_top(northmoor: Found) -> None:
    """`pilot = true` holds every letter. The concern is in the store all the same, and the held letters say that they are
    about safety."""
    world = northmoor()
    world.house.pilot = True
    ref = world.refs[0]
    say(world, BEA, f"CONCERN {PHONE}", ref, code="OUT-04", at="2026-09-14 10:00")
    assert concern(world, ref) is ConcernState.TOLD
    held = [x for x in world.letters() if x.state.value == "held"]
    assert held and any(x.safety for x in held)


@pytest.mark.parametrize("subject", ["Help", "[AUDIT {0}] and [AUDIT {1}]"], ids=["no audit named", "two audits named"])
def test_a_concern_nobody_can_place_reaches_quality_at_once(northmoor: Found, subject: str) -> None:
    """CONCERN from somebody in the directory, in a new mail that names no audit, or two: QA is told at once in a safety
    letter, whatever the writer is answered."""
    world = northmoor(auditors=2)
    mail = world.write(BEA_WORKER, f"CONCERN {PHONE}", subject=subject.format(*world.refs))
    world.run("2026-09-13 03:10")
    assert [x for x in world.answers_to(mail) if x.safety and x.to == QA], codes(world.answers_to(mail))
    assert "ring the team manager now" in world.sent("OUT-88", to=BEA_WORKER)[-1].text
    assert world.inbound(mail).disposition == "hold" and len(world.in_folder("held")) == 1, "where the letter says it is"


def test_a_concern_from_an_unknown_address_reaches_quality_as_one(northmoor: Found) -> None:
    """The auditor writes CONCERN from home: held like all mail of strangers, and QA hears that it is about danger."""
    world = northmoor()
    letter = world.carrier(world.refs[0])
    mail = world.write("bea.at.home@post.example", f"CONCERN {PHONE}", answers=letter)
    world.run("2026-09-13 03:10")
    assert world.inbound(mail).disposition == "hold"
    assert [x for x in world.answers_to(mail) if x.safety and x.to == QA], codes(world.answers_to(mail))
