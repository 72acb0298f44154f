"""Decisions about people and time: not accepted, withdrawn, given to somebody else, put on hold, more time."""

from dataclasses import replace
from datetime import date

from mailflow.model import Absence, Flag, Person, State
from tests.stories.conftest import Found
from tests.stories.telling import accept_and_issue, codes, confirm, decide, happened, latest, open_next, say, told
from tests.world import HOS, QA, QA_MANAGER, TMS, auditor, make_cases, make_people, practitioner

BEA, KWAME, TM, BEA_WORKER = auditor(0), auditor(1), TMS["Harbour"], practitioner(0)
DOMAIN = "northmoor.example"


def people_with(*changed: Person) -> list[Person]:
    return [next((c for c in changed if c.address == p.address), p) for p in make_people(2)]


def test_an_audit_that_is_not_accepted_is_carried_into_the_next_month(northmoor: Found) -> None:
    """NOTACCEPTED is echoed with a code. When the code is back, auditor and head of service hear the reason. When September's
    audit is not accepted, October's opening gives it to the same auditor beside a new one, with a fresh form."""
    more = [p for p in make_people(3) if "practitioner" in p.roles]
    world = northmoor(people=more, cases=make_cases(3)[1:])
    ref = world.refs[0]
    world.return_form(ref)
    world.run("2026-09-28 10:00")
    assert codes(decide(world, ref, "NOTACCEPTED\nThe wrong child's record was audited.", at="2026-09-28 11:00")) == ["OUT-79"]
    assert world.audit(ref).state is State.UNDER_QA
    confirm(world, ref)
    assert world.audit(ref).state is State.NOT_ACCEPTED
    assert told(world, "OUT-21", ref) == sorted([BEA, HOS])
    text = latest(world, ref, BEA, "OUT-21").text
    assert "The wrong child's record was audited." in " ".join(text.split()) and "October 2026" in text
    open_next(world, "2026-10", "2026-10-01 08:30")
    world.run("2026-10-01 09:05")
    audits = world.house.store.find_audits(cycle="2610")
    assert len(audits) == 2 and all(a.auditor == BEA and a.state is State.ALLOCATED for a in audits)
    carried = next(a for a in audits if a.has(Flag.CARRIED_OVER))
    assert carried.carried_from == ref and world.form_of(carried.ref) != world.form_of(ref)
    open_next(world, "2026-10", "2026-10-01 10:00")
    assert len(world.house.store.find_audits(cycle="2610")) == 2, "opening again carries nothing twice"


def test_a_withdrawn_case_is_told_to_everybody_who_knew_of_it_without_the_reason(northmoor: Found) -> None:
    """WITHDRAW with a reason and the code: auditor, practitioner and team manager hear that the audit is over, not why.
    Nobody is reminded any more, and a form that still comes waits for a person."""
    world = northmoor()
    ref = world.refs[0]
    world.return_form(ref, {"review.post": ""})
    world.run("2026-09-14 15:00")
    assert codes(decide(world, ref, "WITHDRAW the family has asked a solicitor", at="2026-09-14 16:00")) == ["OUT-79"]
    confirm(world, ref)
    assert world.audit(ref).state is State.WITHDRAWN
    assert told(world, "OUT-35", ref) == sorted([BEA, BEA_WORKER, TM])
    assert all("solicitor" not in x.text for x in world.sent("OUT-35"))
    count = len(world.sent(audit=ref))
    for at in ("2026-09-17 09:05", "2026-09-30 09:05", "2026-10-01 09:05", "2026-10-02 09:05"):
        world.run(at)
    assert len(world.sent(audit=ref)) == count
    mail = world.return_form(ref)
    world.run("2026-10-02 10:00")
    assert world.inbound(mail).disposition == "hold" and world.audit(ref).submission == 1


def test_an_audit_is_given_to_somebody_else(northmoor: Found) -> None:
    """CANNOT from the auditor changes nothing but QA hears of it; REASSIGN by QA gives the audit with a new form to the
    colleague, thanks the old auditor, and tells practitioner and manager. The day it is due does not move. A form the old
    auditor still sends is held; the new auditor's is filed."""
    world = northmoor(auditors=2)
    ref = next(r for r in world.refs if world.audit(r).auditor == BEA)
    old_form = world.filled(ref)
    reply = say(world, BEA, "CANNOT I am off sick from tomorrow", ref, at="2026-09-03 10:00")
    assert codes(reply) == ["OUT-88", "OUT-89"] and world.audit(ref).auditor == BEA
    say(world, QA, f"REASSIGN {KWAME}", ref, code="OUT-89", at="2026-09-03 11:00")
    audit = world.audit(ref)
    assert (audit.auditor, audit.state, audit.due_on) == (KWAME, State.ALLOCATED, date(2026, 9, 30))
    worker, manager = world.house.get_case(audit).practitioner, world.house.get_case(audit).tm
    assert told(world, "OUT-36", ref) == sorted([BEA, KWAME, worker, manager])
    assert latest(world, ref, KWAME, "OUT-36").forms and not latest(world, ref, BEA, "OUT-36").forms
    mail = world.write(BEA, "I had finished it after all.", answers=latest(world, ref, BEA, "OUT-04"),
                       documents=[("Audit.docx", old_form)])
    world.run("2026-09-10 10:00")
    assert world.inbound(mail).disposition == "hold" and world.audit(ref).submission == 0
    assert codes(world.answers_to(mail)) == ["OUT-88", "OUT-89"] and "T-51" in happened(world, ref)
    world.return_form(ref)
    world.run("2026-09-14 10:00")
    assert world.audit(ref).state is State.UNDER_QA and world.audit(ref).submission == 1


def test_an_audit_is_not_given_to_somebody_who_may_not_have_it(northmoor: Found) -> None:
    """To nobody in the directory, to somebody who does not audit, to the auditor who has it, to somebody who is away: QA is
    told why each time, and the audit stays where it is."""
    away = next(p for p in make_people(2) if p.address == KWAME)
    away = replace(away, absences=(Absence(date(2026, 9, 1), date(2026, 9, 20)),))
    world = northmoor(auditors=2, people=people_with(away))
    ref = next(r for r in world.refs if world.audit(r).auditor == BEA)
    say(world, BEA, "CANNOT I am off sick", ref, at="2026-09-03 10:00")
    for address in (f"nobody@{DOMAIN}", practitioner(1), BEA, KWAME):
        assert codes(say(world, QA, f"REASSIGN {address}", ref, code="OUT-89")) == ["OUT-88"], address
        assert world.audit(ref).auditor == BEA
    assert told(world, "OUT-36", ref) == []


def test_a_conflict_of_interest_takes_the_audit_away_at_once(northmoor: Found) -> None:
    """CONFLICT: the auditor knows the family. The audit waits for QA, who give it to somebody else; the auditor's form is not
    taken any more."""
    world = northmoor(auditors=2)
    ref = next(r for r in world.refs if world.audit(r).auditor == BEA)
    say(world, BEA, "CONFLICT I know the family", ref, at="2026-09-03 10:00")
    assert world.audit(ref).state is State.SELECTED
    mail = world.return_form(ref)
    world.run("2026-09-04 10:00")
    assert world.inbound(mail).disposition == "hold" and world.audit(ref).submission == 0
    say(world, QA, f"REASSIGN {KWAME}", ref, code="OUT-89", at="2026-09-04 11:00")
    assert world.audit(ref).auditor == KWAME and world.audit(ref).state is State.ALLOCATED


def test_on_hold_nobody_is_written_to_and_a_form_waits(northmoor: Found) -> None:
    """HOLD for two weeks: no reminder leaves, the form that comes is kept for QA. RELEASE: the form is filed by QA, and the
    reminders of the meantime are not sent afterwards."""
    world = northmoor()
    ref = world.refs[0]
    say(world, BEA, "ACK", ref, at="2026-09-01 10:00")
    say(world, BEA, "A question: may I see the old record too?", ref, at="2026-09-02 10:00")
    say(world, QA, "HOLD a subject access request has come in", ref, code="OUT-89", at="2026-09-07 10:00")
    assert world.audit(ref).has(Flag.ON_HOLD)
    count = len(world.sent(to=BEA))
    for at in ("2026-09-08 09:05", "2026-09-16 09:05", "2026-09-23 09:05"):
        world.run(at)
    assert len(world.sent(to=BEA)) == count
    mail = world.return_form(ref)
    world.run("2026-09-24 10:00")
    assert world.inbound(mail).disposition == "hold" and world.audit(ref).submission == 0
    say(world, QA, "RELEASE", ref, code="OUT-89", at="2026-09-25 10:00")
    assert not world.audit(ref).has(Flag.ON_HOLD)
    notice = next(x for x in world.sent("OUT-89", to=QA) if any(y.message_id == x.message_id for y in world.answers_to(mail)))
    world.write(QA, f"FILE {ref}", answers=notice)
    world.run("2026-09-25 10:30")
    assert world.audit(ref).state is State.UNDER_QA and world.audit(ref).submission == 1
    world.run("2026-09-28 09:05")
    assert world.sent("OUT-10") == []


def test_more_time_is_asked_for_and_given(northmoor: Found) -> None:
    """T-46: five working days are for the line manager to give; the QA officers hear nothing. APPROVE moves the day, the
    auditor hears the new one and is reminded of that. Reason and granter stand in the journal."""
    world = northmoor()
    ref = world.refs[0]
    say(world, BEA, "ACK", ref, at="2026-09-01 10:00")
    reply = say(world, BEA, "EXTEND 07/10/2026 two weeks of leave", ref, at="2026-09-21 10:00")
    assert codes(reply) == ["OUT-88", "OUT-98"] and world.sent("OUT-89", to=QA, audit=ref) == []
    assert world.audit(ref).due_on == date(2026, 9, 30)
    asked = latest(world, ref, QA_MANAGER, "OUT-98")
    assert "two weeks of leave" in asked.text and "5 working days more" in asked.text
    assert world.house.get_case(world.audit(ref)).number not in asked.text
    say(world, QA_MANAGER, "APPROVE", ref, code="OUT-98", at="2026-09-21 12:00")
    assert world.audit(ref).due_on == date(2026, 10, 7)
    entry = next(e for e in world.house.store.load_journal(ref) if e.kind == "T-46")
    assert entry.by == QA_MANAGER and entry.data["reason"] == "two weeks of leave"
    world.run("2026-09-22 09:05")
    assert "7 October 2026" in latest(world, ref, BEA, "OUT-10").text
    for at in ("2026-09-30 09:05", "2026-10-01 09:05", "2026-10-07 09:05"):
        world.run(at)
    assert len(world.sent("OUT-11", to=BEA)) == 1 and world.sent("OUT-15") == []
    world.return_form(ref)
    world.run("2026-10-07 22:00")
    assert world.audit(ref).state is State.UNDER_QA and not world.audit(ref).has(Flag.LATE)


def test_more_than_a_week_is_not_for_the_line_manager_to_give(northmoor: Found) -> None:
    """EXT-08: the line manager is not even asked; the QA manager is, refuses, and the auditor hears why."""
    manager = Person(f"lena.wright@{DOMAIN}", "Lena Wright", ("hos",), service="Quality")
    bea = replace(next(p for p in make_people(1) if p.address == BEA), manager=manager.address)
    world = northmoor(people=[bea, manager])
    ref = world.refs[0]
    say(world, BEA, "EXTEND 23/10/2026 I have three court cases", ref, at="2026-09-21 10:00")
    assert world.sent("OUT-98", to=manager.address) == [] and latest(world, ref, QA_MANAGER, "OUT-98")
    reply = say(world, QA_MANAGER, "REFUSE please hand it on instead", ref, code="OUT-98", at="2026-09-21 12:00")
    assert codes(reply, BEA) == ["OUT-98"] and world.audit(ref).due_on == date(2026, 9, 30)
    assert "please hand it on instead" in latest(world, ref, BEA, "OUT-98").text
    say(world, BEA, "EXTEND 02/10/2026 two days then", ref, code="OUT-98", at="2026-09-22 10:00")
    assert codes(say(world, QA_MANAGER, "APPROVE", ref, code="OUT-98")) == ["OUT-10", "OUT-88"]
    assert world.audit(ref).due_on == date(2026, 10, 2)
    again = say(world, manager.address, "APPROVE", ref, code="OUT-98", at="2026-09-22 12:00")
    assert codes(again) == ["OUT-88"] and "answered already" in latest(world, ref, manager.address, "OUT-88").text


def test_a_colleague_named_as_cover_by_the_directory_may_send_the_form(northmoor: Found) -> None:
    """The directory names a delegate for the auditor: the delegate's mail counts as the auditor's."""
    bea = next(p for p in make_people(2) if p.address == BEA)
    office = Person(f"pa.office@{DOMAIN}", "Petra Office", ("performance",))
    world = northmoor(auditors=2, people=[*people_with(replace(bea, delegates=(office.address,))), office])
    ref = next(r for r in world.refs if world.audit(r).auditor == BEA)
    mail = world.return_form(ref, sender=f"pa.office@{DOMAIN}", text="On behalf of Bea.")
    world.run("2026-09-14 10:00")
    assert world.inbound(mail).disposition == "accept" and world.audit(ref).state is State.UNDER_QA


def test_a_word_that_is_for_somebody_else_does_nothing(northmoor: Found) -> None:
    """The auditor says ACCEPT about their own audit; the practitioner says UPLOADED; the team manager says WITHDRAW: each is
    told whose word it is, and nothing changes."""
    world = northmoor()
    ref = world.refs[0]
    world.return_form(ref)
    world.run("2026-09-15 15:00")
    for by, text in ((BEA, "ACCEPT"), (BEA_WORKER, "UPLOADED 14/09/2026 10:00"), (TM, "WITHDRAW please")):
        assert codes(say(world, by, text, ref)) == ["OUT-88"], text
        assert world.audit(ref).state is State.UNDER_QA
    wanted = {"T-13", "T-22", "T-37", "T-72"}
    assert not wanted & set(happened(world, ref))


def test_a_shouted_word_nobody_knows_is_answered_three_times_a_day_and_not_oftener(northmoor: Found) -> None:
    """An unknown command gets the list of known ones; the fourth of the day gets nothing (a loop between machines would
    end here) but is kept for a person; a day later there are answers again."""
    world = northmoor()
    ref = world.refs[0]
    answered = [codes(say(world, BEA, word, ref, code="OUT-04", at=f"2026-09-02 1{n}:00"))
                for n, word in enumerate(("APPROVED", "FINISHED", "SUBMIT", "DELIVER", "SEND"))]
    assert answered == [["OUT-33"], ["OUT-33"], ["OUT-33"], [], []]
    assert len(world.house.store.load_inbound("hold")) == 2
    assert codes(say(world, BEA, "SUBMIT", ref, code="OUT-04", at="2026-09-03 13:00")) == ["OUT-33"]


def test_an_ordinary_sentence_never_acts(northmoor: Found) -> None:
    """"I accept that this took long" is a note for QA, not a decision; so is "return to me on Monday"."""
    world = northmoor()
    ref = world.refs[0]
    world.return_form(ref)
    world.run("2026-09-15 15:00")
    for text in ("I accept that this took long, but please look at page two.", "Return to me on Monday, I am out today.",
                 "Accept?", "ACCEPT if the father was asked"):
        decide(world, ref, text)
        assert world.audit(ref).state is State.UNDER_QA, text
    accept_and_issue(world, ref)
