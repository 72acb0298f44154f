"""The practitioner leaves, or the case gets another one, while it is audited (T-44, T-45, T-66, F1-AUD-06)."""

from dataclasses import replace

from mailflow.model import State
from mailflow.steps.imports import save_cases
from tests.stories.conftest import Found
from tests.stories.telling import accept_and_issue, codes, happened, latest, say, told
from tests.world import World, auditor, make_people, practitioner

BEA, OLD, NEW = auditor(0), practitioner(0), practitioner(1)


def changed(northmoor: Found) -> World:
    """Bea's only case goes from its first practitioner to another in the second week."""
    world = northmoor(people=[p for p in make_people(2) if p.address == NEW])
    world.run("2026-09-08 10:00")
    save_cases(world.house, (replace(world.house.get_case(world.audit(world.refs[0])), practitioner=NEW),), world.now)
    return world


def test_after_a_change_of_practitioner_the_auditor_tells_both(northmoor: Found) -> None:
    """The report goes to the practitioner of today; the auditor is asked to tell the one before, and DONE is noted."""
    world = changed(northmoor)
    ref = world.refs[0]
    world.run("2026-09-09 09:05")
    assert told(world, "OUT-05", ref) == sorted([OLD, NEW])
    world.return_form(ref)
    world.run("2026-09-15 15:00")
    accept_and_issue(world, ref)
    assert NEW in told(world, "OUT-23", ref) and OLD not in told(world, "OUT-23", ref)
    letter = latest(world, ref, BEA, "OUT-85")
    assert "Bea Roper worked on this case before" in letter.text
    say(world, BEA, "DONE", ref, code="OUT-85", at="2026-09-16 10:00")
    assert world.audit(ref).previous_told == "done" and "T-66.noted" in happened(world, ref)


def test_it_may_not_be_possible(northmoor: Found) -> None:
    world = changed(northmoor)
    ref = world.refs[0]
    world.return_form(ref)
    world.run("2026-09-15 15:00")
    accept_and_issue(world, ref)
    assert codes(say(world, BEA, "NOT POSSIBLE she works in Wales now", ref, code="OUT-85", at="2026-09-16 10:00")) == ["OUT-88"]
    entry = next(e for e in world.house.store.load_journal(ref) if e.kind == "T-66.noted")
    assert entry.data["outcome"] == "not possible" and entry.data["reason"] == "she works in Wales now"


def test_a_practitioner_who_has_left_need_not_have_been_met(northmoor: Found) -> None:
    """LEFT: CHK-026 asks no more for the meeting, and the report goes to the manager alone."""
    world = northmoor()
    ref = world.refs[0]
    say(world, BEA, "LEFT she has moved to another council", ref, at="2026-09-02 10:00")
    world.return_form(ref, {"header.met": ""})
    world.run("2026-09-15 15:00")
    assert world.audit(ref).state is State.UNDER_QA
    accept_and_issue(world, ref)
    assert OLD not in told(world, "OUT-23", ref) and told(world, "OUT-23", ref)
