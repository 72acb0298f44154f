"""Somebody is away, and another auditor is found (F1-ABS-01, T-38, T-39, SCN-22)."""

from dataclasses import replace
from datetime import date

from mailflow.model import Absence, Flag, Person, State
from tests.outbox.word_scene import read_tree, text_of
from tests.stories.conftest import Found
from tests.stories.telling import codes, happened, latest, say, told
from tests.world import QA, World, auditor, make_people

BEA, KWAME = auditor(0), auditor(1)
DOMAIN = "northmoor.example"
HEAD = Person(f"lena.wright@{DOMAIN}", "Lena Wright", ("hos",), service="Quality")


def with_leave(world_people: int, first: date, last: date) -> list[Person]:
    bea = next(p for p in make_people(world_people) if p.address == BEA)
    return [replace(bea, absences=(Absence(first, last),)), HEAD]


def beas(world: World) -> str:
    return next(r for r in world.refs if world.audit(r).auditor == BEA)


def test_leave_known_beforehand_is_covered_by_a_colleague_the_head_of_service_names(northmoor: Found) -> None:
    """Bea is away from the 7th to the 18th: no form goes to her. Her head of service names Kwame, who gets it."""
    world = northmoor(auditors=2, people=with_leave(2, date(2026, 9, 7), date(2026, 9, 18)))
    ref = beas(world)
    assert world.audit(ref).state is State.SELECTED and world.sent("OUT-04", audit=ref) == []
    assert told(world, "OUT-99", ref) == sorted([BEA, HEAD.address]) and world.sent("OUT-89", to=QA, audit=ref) == []
    letter = latest(world, ref, HEAD.address, "OUT-99")
    assert "Somebody in Quality" in letter.text and world.house.get_case(world.audit(ref)).number not in letter.text
    reply = say(world, HEAD.address, f"REASSIGN {KWAME}", ref, code="OUT-99", at="2026-09-01 14:00")
    assert codes(reply) == ["OUT-36", "OUT-36", "OUT-36", "OUT-36", "OUT-88"]
    assert world.audit(ref).auditor == KWAME and world.audit(ref).state is State.ALLOCATED
    assert latest(world, ref, KWAME, "OUT-36").forms
    world.run("2026-09-03 09:05")
    assert "T-38.qa" not in happened(world, ref)


def test_nobody_names_anybody_and_the_qa_team_is_asked_the_day_after(northmoor: Found) -> None:
    world = northmoor(auditors=2, people=with_leave(2, date(2026, 9, 7), date(2026, 9, 18)))
    ref = beas(world)
    world.run("2026-09-03 09:05")
    assert "nobody has named somebody" in " ".join(latest(world, ref, QA, "OUT-89").text.split())
    say(world, QA, f"REASSIGN {KWAME}", ref, code="OUT-89", at="2026-09-03 10:00")
    assert world.audit(ref).auditor == KWAME


def test_what_was_begun_goes_to_the_one_who_takes_over(northmoor: Found) -> None:
    """T-39: the form had come back once with an answer missing; the colleague gets it with the answers so far in it."""
    world = northmoor(auditors=2)
    ref = beas(world)
    world.return_form(ref, {"voice.evidence": "I saw the chronology of March, and it is whole.", "review.post": ""})
    world.run("2026-09-10 10:00")
    assert world.audit(ref).state is State.REVISION
    say(world, BEA, "CANNOT I am off sick from tomorrow", ref, at="2026-09-10 12:00")
    say(world, QA, f"REASSIGN {KWAME}", ref, code="OUT-89", at="2026-09-10 13:00")
    letter = latest(world, ref, KWAME, "OUT-36")
    assert "holds the answers that Bea Lindqvist had given" in " ".join(letter.text.split())
    assert "I saw the chronology of March, and it is whole." in text_of(read_tree(letter.forms[0]))
    world.return_form(ref)
    world.run("2026-09-14 10:00")
    assert world.audit(ref).state is State.UNDER_QA and world.audit(ref).submission == 2


def test_an_out_of_office_on_the_due_day_is_an_absence_and_no_command(northmoor: Found) -> None:
    """SCN-22: recorded, QA and the head of service told, nobody answered; the same again an hour later tells nobody twice."""
    world = northmoor(people=[HEAD])
    ref = world.refs[0]
    say(world, BEA, "ACK", ref, at="2026-09-01 10:00")
    world.run("2026-09-30 09:05")
    letter = latest(world, ref, BEA, "OUT-11")
    away = {"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All"}
    mail = world.write(BEA, "ACCEPT\nI am out of the office until 9 October 2026.", answers=letter,
                       subject="Automatic reply: Audit due today", headers=away)
    world.run("2026-09-30 09:20")
    assert world.inbound(mail).disposition == "ignore" and codes(world.answers_to(mail), BEA) == []
    assert codes(world.answers_to(mail)) == ["OUT-89", "OUT-99"]
    person = world.house.store.find_person(BEA)
    assert person is not None and person.is_away(date(2026, 10, 9)) and not person.is_away(date(2026, 10, 10))
    assert world.audit(ref).has(Flag.COVER_WANTED) and world.audit(ref).state is State.UNDERWAY
    again = world.write(BEA, "I am out of the office until 9 October 2026.", answers=letter,
                        subject="Automatic reply: Audit due today", headers=away)
    world.run("2026-09-30 10:20")
    assert world.answers_to(again) == []
