"""Who besides the auditor is told that an audit has been given out: one letter a person, their own cases only."""

from dataclasses import replace

from mailflow.model import State
from mailflow.steps.month.opening import open_month
from mailflow.steps.month.telling import tell_cycles
from tests.stories.conftest import Found
from tests.stories.telling import confirm, told
from tests.world import IRO, QA, SM, TMS, World, case_number, make_cases, practitioner

EVERYBODY = ('[profile.allocation]\ntell = ["auditor", "practitioner", "tm", "iro", "sm"]\ntell_practitioner = "case"\n')
EARLY = ('tell_when = "selection"\n[profile.calendar]\nstarts = "by_itself"\n'
         'draw = "last_working_day_previous_month"\n')


def own_cases(world: World, tm: str) -> set[str]:
    return {world.house.get_case(world.audit(r)).number for r in world.refs if world.house.get_case(world.audit(r)).tm == tm}


def test_a_manager_with_three_cases_gets_one_letter_about_their_own(northmoor: Found) -> None:
    """T-61, G-58: six audits, two managers: one letter each, naming three cases each and no other."""
    world = northmoor(auditors=6)
    for tm in TMS.values():
        (letter,) = world.sent("OUT-06", to=tm)
        named = {n for n in map(case_number, range(6)) if n in letter.text}
        assert named == own_cases(world, tm) and len(named) == 3
        assert letter.subject.startswith("[AUDIT CYCLE 2609]")
    assert len(world.sent("OUT-05")) == 6


def test_nobody_hears_twice_when_the_month_is_opened_again_or_days_go_by(northmoor: Found) -> None:
    world = northmoor(auditors=4)
    before = len(world.sent())
    open_month(world.house, "2026-09", world.now)
    assert tell_cycles(world.house, world.now) == 0
    world.run("2026-09-02 09:05")
    assert [x.code for x in world.sent()[before:] if x.code in ("OUT-05", "OUT-06", "OUT-07")] == []


def test_in_sefton_chairs_and_service_managers_hear_too(northmoor: Found) -> None:
    """F3-ALL-01: one letter about all of their children; neither names the practitioner or a child of somebody else."""
    world = northmoor(auditors=4, profile=EVERYBODY)
    for person in (IRO, SM):
        (letter,) = world.sent("OUT-07", to=person)
        assert all(case_number(n) in letter.text for n in range(4)) and "4 children" in letter.subject
        assert "Roper" not in letter.text


def test_who_is_told_at_the_selection_hears_before_the_opening_and_not_again_at_it(northmoor: Found) -> None:
    """F3-ALL-01: accepted on Friday, the letters to everybody but the auditors are made at once and leave the next morning."""
    world = northmoor(auditors=4, opened=False, profile=EVERYBODY + EARLY)
    world.run("2026-08-28 09:05")
    asked, others = world.sent("OUT-01", to=QA)[-1], ("OUT-05", "OUT-06", "OUT-07")
    world.write(QA, "ACCEPT", answers=asked)
    world.run("2026-08-28 09:40")
    world.run("2026-08-28 09:41")
    made = [x for x in world.letters() if x.code in others]
    assert {a.state for a in world.house.store.find_audits()} == {State.SELECTED} and not world.letters("OUT-04")
    assert sorted(x.to for x in made) == sorted([IRO, SM, *TMS.values(), *(practitioner(n) for n in range(4))])
    world.run("2026-09-01 09:05")
    world.run("2026-09-02 09:05")
    assert len(world.sent("OUT-04")) == 4
    assert sorted(x.to for x in world.sent() if x.code in others) == sorted(x.to for x in made)


def test_where_nobody_hears_at_the_selection_they_hear_at_the_opening(northmoor: Found) -> None:
    world = northmoor(auditors=2, opened=False, profile=EVERYBODY + EARLY.replace("selection", "opening"))
    world.run("2026-08-28 09:05")
    world.write(QA, "ACCEPT", answers=world.sent("OUT-01", to=QA)[-1])
    world.run("2026-08-28 09:40")
    world.run("2026-08-28 11:00")
    assert world.letters("OUT-06") == []
    world.run("2026-09-01 09:05")
    assert len(world.letters("OUT-06")) == 2


def test_a_practitioner_may_be_told_the_reference_alone(northmoor: Found) -> None:
    """G-08: ``tell_practitioner = "ref"``: no case number; "none": no letter at all."""
    world = northmoor(profile='[profile.allocation]\ntell_practitioner = "ref"\n')
    (letter,) = world.sent("OUT-05")
    assert world.refs[0] in letter.text and case_number(0) not in letter.text
    assert northmoor(profile='[profile.allocation]\ntell_practitioner = "none"\n').sent("OUT-05") == []


def test_a_case_that_gets_another_practitioner_is_told_to_the_new_one(northmoor: Found) -> None:
    """The next working morning; the manager, for whom nothing changed, hears nothing more."""
    world = northmoor(auditors=2)
    ref = world.refs[0]
    case = world.house.get_case(world.audit(ref))
    other = next(practitioner(n) for n in range(2) if practitioner(n) != case.practitioner)
    with world.house.store.tx():
        world.house.store.save_cases([replace(case, practitioner=other)])
    world.run("2026-09-02 09:05")
    assert sorted(told(world, "OUT-05", ref)) == sorted([case.practitioner])
    added = world.sent("OUT-05", to=other)
    assert len(added) == 2 and ref in added[-1].text and "1 case has been added" in added[-1].text
    assert len(world.sent("OUT-06", to=case.tm)) == 1


def test_a_case_withdrawn_before_the_letters_leave_is_in_none_of_them(northmoor: Found) -> None:
    """Opened on Friday evening, withdrawn at once: on Monday the manager's letter names the other two cases only."""
    world = northmoor(auditors=6, opened=False)
    open_month(world.house, "2026-09", world.now, seed="northmoor")
    ref = next(r for r in world.refs if world.house.get_case(world.audit(r)).tm == TMS["Harbour"])
    world.write(QA, "WITHDRAW the case has moved", subject=f"[AUDIT {ref}] stop")
    world.run()
    confirm(world, ref)
    world.run("2026-09-01 09:05")
    (letter,) = world.sent("OUT-06", to=TMS["Harbour"])
    assert world.house.get_case(world.audit(ref)).number not in letter.text
    assert sum(n in letter.text for n in own_cases(world, TMS["Harbour"])) == 2


def test_a_question_about_a_letter_with_several_cases_goes_to_a_person(northmoor: Found) -> None:
    """A reply to a letter about three cases is about none in particular: QA reads it."""
    world = northmoor(auditors=6)
    (letter,) = world.sent("OUT-06", to=TMS["Harbour"])
    mail = world.write(TMS["Harbour"], "Which of them is the urgent one?", answers=letter)
    world.run("2026-09-01 10:00")
    assert world.inbound(mail).disposition == "hold" and "more than one audit" in world.inbound(mail).reason


def test_a_case_that_changes_hands_in_the_night_is_in_the_right_managers_letter(northmoor: Found) -> None:
    """The letter that waited for the morning is not sent; each manager gets one about the cases that are theirs today."""
    world = northmoor(auditors=4, opened=False)
    open_month(world.house, "2026-09", world.now, seed="northmoor")
    case = next(c for c in make_cases(4) if c.tm == TMS["Harbour"])
    with world.house.store.tx():
        world.house.store.save_cases([replace(case, tm=TMS["Meadow"])])
    world.run("2026-09-01 09:05")
    (harbour,), meadow = world.sent("OUT-06", to=TMS["Harbour"]), world.sent("OUT-06", to=TMS["Meadow"])
    assert case.number not in harbour.text and case.number in meadow[-1].text
