"""The practitioner looks at their own work before the auditor does (F2-AUD-02, T-62)."""

from mailflow.demo.pen import fill_in
from mailflow.model import State
from tests.stories.conftest import Found
from tests.stories.telling import codes, latest, say
from tests.world import World, auditor, practitioner

ASKED = '[profile.audit]\nself_assessment = "before_meeting"\n'
BLOCKS = f"{ASKED}self_assessment_blocks = true\n"
BEA, WORKER = auditor(0), practitioner(0)
ANSWERS = {"voice.evidence": "I saw him alone on each of my six visits.", "voice.grade": "Good", "overall.grade": "Good",
           "header.filled": "04/09/2026", "concern.now": "No"}


def send_assessment(world: World, *, code: str = "OUT-05", text: str = "Here is mine.", form: bytes = b"", **changes: str) -> str:
    """``form`` is a document saved before; without it, what the letter brought is filled in."""
    ref = world.refs[0]
    letter = latest(world, ref, WORKER, code)
    form = form or fill_in(letter.forms[0], {**ANSWERS, **changes})
    return world.write(WORKER, text, answers=letter, documents=[("My view.docx", form)])


def test_a_self_assessment_is_kept_beside_the_audit_and_passed_on(northmoor: Found) -> None:
    """It came with the letter that told the practitioner; it is never taken for the auditor's return."""
    world = northmoor(profile=ASKED)
    ref = world.refs[0]
    mail = send_assessment(world)
    world.run("2026-09-04 10:00")
    assert world.inbound(mail).disposition == "accept"
    assert codes(world.answers_to(mail)) == ["OUT-88", "OUT-97"]
    audit = world.audit(ref)
    assert audit.state is State.ALLOCATED and audit.submission == 0 and audit.assessed_at is not None
    (kept,) = world.house.store.load_beside(ref)
    assert kept.kind == "self_assessment" and kept.reading.answer("voice.evidence").startswith("I saw him alone")
    passed = latest(world, ref, BEA, "OUT-97")
    assert fill_in(passed.forms[0], {}) and "attached, for you to read before you meet" in passed.text


def test_it_is_asked_for_and_then_the_meeting_goes_ahead_without(northmoor: Found) -> None:
    """Five working days after the allocation, then five more: OUT-81 to both, and nobody is asked again."""
    world = northmoor(profile=ASKED)
    ref = world.refs[0]
    say(world, BEA, "ACK", ref, at="2026-09-01 10:00")
    world.run("2026-09-08 09:05")
    assert [x.to for x in world.sent("OUT-80")] == [WORKER] and world.sent("OUT-80")[0].documents == (f"Self-assessment {ref}.docx",)
    world.run("2026-09-16 09:05")
    assert sorted(x.to for x in world.sent("OUT-81")) == sorted([BEA, WORKER])
    for at in ("2026-09-17 09:05", "2026-09-25 09:05"):
        world.run(at)
    assert len(world.sent("OUT-80")) == 1 and len(world.sent("OUT-81")) == 2


def test_the_second_copy_of_the_same_document_changes_nothing(northmoor: Found) -> None:
    world = northmoor(profile=ASKED)
    form = fill_in(latest(world, world.refs[0], WORKER, "OUT-05").forms[0], ANSWERS)
    send_assessment(world, form=form)
    world.run("2026-09-04 10:00")
    mail = send_assessment(world, text="In case it was lost.", form=form)
    world.run("2026-09-04 11:00")
    assert world.answers_to(mail) == [] and len(world.house.store.load_beside(world.refs[0])) == 1


def test_without_it_the_audit_is_pointed_at_or_waits_as_the_profile_says(northmoor: Found) -> None:
    """CHK-027: a warning for QA in one council; in another the audit waits, and goes on when it comes."""
    world = northmoor(profile=ASKED)
    world.return_form(world.refs[0])
    world.run("2026-09-15 15:00")
    assert world.audit(world.refs[0]).state is State.UNDER_QA
    assert "self-assessment" in latest(world, world.refs[0], "priya.nair@northmoor.example", "OUT-14").text
    strict = northmoor(profile=BLOCKS)
    ref = strict.refs[0]
    strict.return_form(ref)
    strict.run("2026-09-15 15:00")
    assert strict.audit(ref).state is State.REVISION and "self-assessment" in latest(strict, ref, BEA, "OUT-13").text
    send_assessment(strict)
    strict.run("2026-09-16 10:00")
    assert strict.audit(ref).state is State.UNDER_QA


def test_a_worry_in_a_self_assessment_is_heard_at_once(northmoor: Found) -> None:
    """The box on the first page counts in every form of ours (T-50)."""
    world = northmoor(profile=ASKED)
    ref = world.refs[0]
    send_assessment(world, **{"concern.now": "Yes", "concern.told": "Tom Hartley, 01632 960 131"})
    world.run("2026-09-04 10:00")
    assert world.audit(ref).concern.state != "none" and world.sent("OUT-47", audit=ref)


def test_a_self_assessment_from_somebody_who_is_no_party_waits_for_a_person(northmoor: Found) -> None:
    world = northmoor(auditors=2, profile=ASKED)
    ref = world.refs[0]
    worker = world.house.get_case(world.audit(ref)).practitioner
    letter = latest(world, ref, worker, "OUT-05")
    other = next(practitioner(n) for n in range(2) if practitioner(n) != worker)
    mail = world.write(other, "Hers.", subject="Self-assessment", documents=[("x.docx", fill_in(letter.forms[0], ANSWERS))])
    world.run("2026-09-04 10:00")
    assert world.inbound(mail).disposition == "hold" and world.house.store.load_beside(ref) == ()
