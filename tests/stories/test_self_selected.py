"""An auditor asks for a case of their own choice (T-67, F1-SEL-02): nothing begins before a head of service agrees."""

from mailflow.model import Flag, LetterState, State
from tests.outbox.word_scene import read_tree, text_of
from tests.stories.conftest import Found
from tests.stories.telling import codes, told
from tests.world import HOS, QA, World, auditor, case_number, make_cases, make_people

BEA = auditor(0)
CASE = case_number(1)


def asked(northmoor: Found, text: str = f"SELFSELECT {CASE} it went so well that we should learn from it",
          profile: str = "") -> tuple[World, str]:
    people = [p for p in make_people(2) if p.address == make_cases(2)[1].practitioner]
    world = northmoor(people=people, cases=[make_cases(2)[1]], profile=profile)
    free = ({CASE, case_number(0)} - {world.audit(r).case_number for r in world.refs}).pop()
    mail = world.write(BEA, text.replace(CASE, free), subject="A case of mine")
    world.run("2026-09-03 10:00")
    return world, mail




def test_a_head_of_service_approves_and_the_auditor_gets_the_form(northmoor: Found) -> None:
    """Before the approval there is no audit; after it there is one in the open month, told to its own people."""
    world, mail = asked(northmoor)
    before = world.refs
    assert codes(world.answers_to(mail)) == ["OUT-82", "OUT-88"] and len(before) == 1
    (letter,) = world.sent("OUT-82", to=HOS)
    assert letter.documents == ("Self-selected audit.docx",) and "it went so well that we should learn from it" in letter.text
    page = text_of(read_tree(letter.forms[0]))
    assert "Bea Lindqvist" in page and "it went so well" in page
    approval = world.write(HOS, "APPROVE", answers=letter)
    world.run("2026-09-03 14:00")
    (ref,) = set(world.refs) - set(before)
    audit = world.audit(ref)
    assert audit.has(Flag.SELF_SELECTED) and (audit.state, audit.auditor) == (State.ALLOCATED, BEA)
    assert codes(world.answers_to(approval)) == ["OUT-88"] and audit.due_on == world.audit(before[0]).due_on
    world.run("2026-09-04 09:05")
    assert told(world, "OUT-04", ref) == [BEA] and told(world, "OUT-05", ref) == [world.house.get_case(audit).practitioner]
    again = world.write(HOS, "APPROVE", answers=letter)
    world.run("2026-09-04 10:00")
    assert len(world.refs) == 2 and "approved already" in world.letters("OUT-88", to=HOS)[-1].raw.decode().replace("=\r\n", "")
    assert codes(world.answers_to(again)) == ["OUT-88"]


def test_a_refusal_is_told_with_its_reason_and_nothing_is_made(northmoor: Found) -> None:
    world, _ = asked(northmoor)
    (letter,) = world.sent("OUT-82", to=HOS)
    world.write(HOS, "REFUSE the draw is enough this month", answers=letter)
    world.run("2026-09-03 14:00")
    (refused,) = world.sent("OUT-82", to=BEA)
    assert "the draw is enough this month" in refused.text and len(world.refs) == 1


def test_where_the_profile_says_never_it_is_refused_at_once(northmoor: Found) -> None:
    world, mail = asked(northmoor, profile='[profile.selection]\nself_select = "never"\n')
    assert codes(world.answers_to(mail)) == ["OUT-88"] and world.sent("OUT-82") == []
    assert "nobody chooses their own" in " ".join(world.sent("OUT-88", to=BEA)[-1].text.split())


def test_without_a_reason_or_a_number_the_auditor_is_told_what_to_write(northmoor: Found) -> None:
    for text in (f"SELFSELECT {CASE}", "SELFSELECT the one about the school"):
        world, mail = asked(northmoor, text)
        assert codes(world.answers_to(mail)) == ["OUT-88"] and world.sent("OUT-82") == []


def test_nobody_else_can_approve_it(northmoor: Found) -> None:
    """QA answers the head of service's letter, which they were sent a copy of: nothing begins."""
    world, _ = asked(northmoor)
    (letter,) = world.sent("OUT-82", to=HOS)
    mail = world.write(QA, "APPROVE", answers=letter)
    world.run("2026-09-03 14:00")
    assert codes(world.answers_to(mail)) == ["OUT-88"] and len(world.refs) == 1
    assert all(x.state is LetterState.SENT for x in world.letters("OUT-82"))
