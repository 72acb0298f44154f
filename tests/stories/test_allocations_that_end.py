"""An audit is carried over, replaced, or sent back too late by somebody who no longer has it (T-20, T-37, T-51)."""

from dataclasses import replace
from datetime import date

from mailflow.model import Absence, Flag, State
from mailflow.steps.imports import save_people
from tests.stories.conftest import Found
from tests.stories.telling import codes, confirm, happened, latest, open_next, say, told
from tests.world import QA, World, auditor, case_number, make_cases, make_people

BEA, KWAME = auditor(0), auditor(1)
SERVICES = '[profile.types.audit]\ngraded = true\nauditors = ["psw"]\n[profile.services.Safeguarding]\nauditors = ["auditor"]\n'


def beas(world: World) -> str:
    return next(r for r in world.refs if world.audit(r).auditor == BEA)


def test_work_not_amended_in_july_goes_on_in_september_beside_a_new_audit(northmoor: Found) -> None:
    """SCN-04: no cycle in August; the carried audit has the answers so far, and the auditor a new case too."""
    more = [p for p in make_people(3) if "practitioner" in p.roles]
    world = northmoor(month="2026-07", people=more, cases=make_cases(3)[1:])
    ref = world.refs[0]
    world.return_form(ref, {"voice.evidence": "I read all of March.", "review.post": ""})
    world.run("2026-07-27 10:00")
    assert world.audit(ref).state is State.REVISION
    for at in ("2026-07-30 09:05", "2026-08-03 09:05"):
        world.run(at)
    assert world.audit(ref).state is State.NOT_ACCEPTED and "September 2026" in latest(world, ref, BEA, "OUT-21").text
    open_next(world, "2026-09", "2026-09-01 08:30")
    world.run("2026-09-01 09:05")
    audits = world.house.store.find_audits(cycle="2609")
    assert len(audits) == 2 and all(a.auditor == BEA and a.state is State.ALLOCATED for a in audits)
    carried = next(a for a in audits if a.has(Flag.CARRIED_OVER))
    assert latest(world, carried.ref, BEA, "OUT-22").forms and {a.due_on.month for a in audits} == {9}


def test_a_form_for_an_audit_that_waits_to_be_carried_over_is_kept_and_pointed_on(northmoor: Found) -> None:
    """T-51: September's draw has taken the audit over and its auditor is away, so nothing is open under the case's number;
    the old form is kept beside the old audit, and its sender hears where it goes on."""
    bea = next(p for p in make_people(1) if p.address == BEA)
    world = northmoor(month="2026-07")
    ref = world.refs[0]
    world.return_form(ref, {"review.post": ""})
    world.run("2026-07-27 10:00")
    for at in ("2026-07-30 09:05", "2026-08-03 09:05"):
        world.run(at)
    finished = world.filled(ref)
    away = replace(bea, absences=(Absence(date(2026, 9, 1), date(2026, 9, 18)),))
    save_people(world.house, tuple(away if p.address == BEA else p for p in world.house.people))
    open_next(world, "2026-09", "2026-09-01 08:30")
    (carried,) = world.house.store.find_audits(cycle="2609")
    assert carried.state is State.SELECTED and world.audit(ref).carried_to == carried.ref
    mail = world.write(BEA, "Here it is.", answers=latest(world, ref, BEA, "OUT-13"), documents=[("Audit.docx", finished)])
    world.run("2026-09-02 10:00")
    assert codes(world.answers_to(mail)) == ["OUT-88", "OUT-89"] and "T-51" in happened(world, ref)
    assert carried.ref in latest(world, ref, BEA, "OUT-88").text
    assert world.house.store.load_beside(ref)[0].kind == "superseded"


def withdraw(world: World, ref: str, at: str) -> None:
    world.run(at)
    world.write(QA, "WITHDRAW the family has moved away", subject=f"[AUDIT {ref}] withdraw")
    world.run()
    confirm(world, ref)


def test_a_case_withdrawn_early_in_the_month_is_replaced(northmoor: Found) -> None:
    """T-37: the draw is made once more for that auditor; a new audit with a form of its own, told to its own people."""
    spare = make_cases(3)[2]
    people = [p for p in make_people(3) if p.address == spare.practitioner]
    world = northmoor(auditors=2, people=people, cases=[spare])
    first = set(world.refs)
    ref, unused = beas(world), {case_number(n) for n in range(3)} - {world.audit(r).case_number for r in world.refs}
    withdraw(world, ref, "2026-09-03 10:00")
    (new,) = set(world.refs) - first
    audit = world.audit(new)
    assert (audit.auditor, audit.state, {audit.case_number}) == (BEA, State.ALLOCATED, unused)
    assert audit.due_on == world.audit(ref).due_on
    assert new in " ".join(latest(world, ref, QA, "OUT-88").text.split())
    world.run("2026-09-04 09:05")
    assert told(world, "OUT-04", new) == [BEA] and world.carrier(new).forms
    assert told(world, "OUT-05", new) == [world.house.get_case(audit).practitioner]


def test_a_case_withdrawn_late_in_the_month_is_not(northmoor: Found) -> None:
    spare = make_cases(3)[2]
    people = [p for p in make_people(3) if p.address == spare.practitioner]
    world = northmoor(auditors=2, people=people, cases=[spare])
    count = len(world.refs)
    withdraw(world, beas(world), "2026-09-21 10:00")
    assert len(world.refs) == count


def test_where_no_case_is_left_the_withdrawal_stands_alone(northmoor: Found) -> None:
    """The withdrawn case itself is never drawn again, nor a case of somebody who is audited already."""
    spare = replace(make_cases(3)[2], practitioner=make_cases(2)[0].practitioner)
    world = northmoor(auditors=2, cases=[spare])
    ref = next(r for r in world.refs if world.house.get_case(world.audit(r)).practitioner != spare.practitioner)
    count = len(world.refs)
    withdraw(world, ref, "2026-09-03 10:00")
    assert len(world.refs) == count and world.audit(ref).state is State.WITHDRAWN


def test_a_reference_that_was_dropped_from_the_sample_is_not_given_to_the_case_that_replaces_another(northmoor: Found) -> None:
    """QA drops the last of the sample; the audit made later in the month gets a number of its own, and another case."""
    more = make_cases(4)[3:]
    people = [p for p in make_people(4) if p.address == more[0].practitioner]
    world = northmoor(auditors=3, opened=False, people=people, cases=more, profile='[profile.calendar]\nstarts = "by_itself"\n')
    world.run("2026-09-01 09:05")
    cycle = world.house.store.find_cycle("2609")
    assert cycle is not None
    dropped, kept = cycle.proposals[-1], cycle.proposals[0]
    for word in (f"DROP {dropped.ref}", "ACCEPT"):
        world.write(QA, word, answers=world.sent("OUT-01", to=QA)[-1])
        world.run()
    first = set(world.refs)
    withdraw(world, kept.ref, "2026-09-03 10:00")
    (new,) = set(world.refs) - first
    assert len(first) == 2 and new != dropped.ref and world.audit(new).case_number != dropped.case_number


def test_a_case_of_a_service_the_auditor_does_not_audit_takes_no_place(northmoor: Found) -> None:
    """Here auditors do Safeguarding alone (F1-ROL-01), and the one case that is left is SEND's."""
    spare = replace(make_cases(3)[2], service="SEND")
    people = [p for p in make_people(3) if p.address == spare.practitioner]
    world = northmoor(auditors=2, people=people, cases=[spare], profile=SERVICES)
    count = len(world.refs)
    withdraw(world, beas(world), "2026-09-03 10:00")
    assert count == 2 and len(world.refs) == count


def test_a_form_from_the_auditor_before_is_kept_aside(northmoor: Found) -> None:
    """SCN-25: the earlier auditor hears that it does not count; the new one is not affected, until QA files it."""
    world = northmoor(auditors=2)
    ref = beas(world)
    finished = world.filled(ref)
    say(world, BEA, "CANNOT I am off sick", ref, at="2026-09-03 10:00")
    say(world, QA, f"REASSIGN {KWAME}", ref, code="OUT-89", at="2026-09-03 11:00")
    before = world.audit(ref)
    mail = world.write(BEA, "I had finished it after all.", answers=latest(world, ref, BEA, "OUT-04"),
                       documents=[("Audit.docx", finished)])
    world.run("2026-09-10 10:00")
    assert codes(world.answers_to(mail)) == ["OUT-88", "OUT-89"]
    after = world.audit(ref)
    assert (after.auditor, after.submission, after.due_on) == (KWAME, 0, before.due_on) and after.state is State.ALLOCATED
    assert "Kwame Boateng now" in " ".join(latest(world, ref, BEA, "OUT-88").text.split())
    (kept,) = world.house.store.load_beside(ref)
    assert (kept.kind, kept.sender) == ("superseded", BEA)
    again = world.write(BEA, "Did you get it?", answers=latest(world, ref, BEA, "OUT-04"), documents=[("Audit.docx", finished)])
    world.run("2026-09-10 12:00")
    assert world.answers_to(again) == []
    notice = next(x for x in world.sent("OUT-89", to=QA) if any(y.message_id == x.message_id for y in world.answers_to(mail)))
    world.write(QA, f"FILE {ref}", answers=notice)
    world.run("2026-09-10 13:00")
    assert world.audit(ref).state is State.UNDER_QA
