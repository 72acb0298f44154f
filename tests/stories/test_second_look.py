"""Stories a black-box judge and a security review asked for: each was wrong once."""

from mailflow.model import State
from tests.stories.conftest import Found
from tests.stories.telling import codes, decide, latest, say
from tests.stories.test_wrong_post import BEA, KWAME, TWO_EACH
from tests.world import QA, TMS, make_cases, make_people


def test_two_forms_in_the_thread_of_one_of_them_are_two_returns(northmoor: Found) -> None:
    """Bea answers one allocation letter and attaches both of her audits: the thread speaks against neither."""
    world = northmoor(**TWO_EACH)
    one, two = world.refs
    world.write(BEA, "Both of my audits.", answers=latest(world, one, BEA, "OUT-04"),
                documents=[("one.docx", world.filled(one)), ("two.docx", world.filled(two))])
    world.run("2026-09-14 10:00")
    assert {world.audit(r).state for r in world.refs} == {State.UNDER_QA}


def test_the_letter_about_a_form_in_the_wrong_thread_names_the_audit_the_form_is_for(northmoor: Found) -> None:
    """YES files it where the document itself says it belongs."""
    world = northmoor(**TWO_EACH)
    one, two = world.refs
    world.write(BEA, "My audit.", answers=latest(world, one, BEA, "OUT-04"), documents=[("a.docx", world.filled(two))])
    world.run("2026-09-14 10:00")
    letter = world.sent("OUT-29", to=BEA)[-1]
    assert f"YES {two}" in letter.text and f"YES {one}" not in letter.text
    world.write(BEA, f"yes {two}", answers=letter)
    world.run("2026-09-14 10:30")
    assert world.audit(two).submission == 1 and world.audit(one).submission == 0


def test_why_says_nothing_of_a_concern(northmoor: Found) -> None:
    """A manager who asks why they had a letter learns the audit's steps, not who raised what with whom."""
    world = northmoor()
    ref = world.refs[0]
    auditor, practitioner = world.audit(ref).auditor, world.house.get_case(world.audit(ref)).practitioner
    say(world, auditor, "CONCERN 01632 960141", ref, at="2026-09-02 10:00")
    say(world, auditor, "BOOKED 09/09/2026 14:00", ref, at="2026-09-02 11:00")
    say(world, practitioner, "WHY", ref, at="2026-09-02 12:00")
    answer = world.sent("OUT-87", to=practitioner)[-1].text
    assert not [w for w in ("OUT-46", "OUT-47", "TC-", "concern", auditor, *TMS.values()) if w in answer], answer


def test_a_decision_in_small_letters_is_carried_out_or_answered(northmoor: Found) -> None:
    """"accept, nice work" is a decision; "return the form when you can" is a note, and the writer learns how to decide."""
    world = northmoor(auditors=2)
    first, second = world.refs
    for ref in (first, second):
        world.return_form(ref)
    world.run("2026-09-14 10:00")
    decide(world, first, "accept, nice work", at="2026-09-14 11:00")
    assert world.audit(first).state is State.ACCEPTED
    letters = decide(world, second, "return the child's voice needs more", at="2026-09-14 11:10")
    assert world.audit(second).state is State.UNDER_QA and "OUT-88" in codes(letters, QA)


def test_a_message_that_cannot_be_moved_stops_nothing_else(northmoor: Found) -> None:
    """The folder for handled mail is not there: reminders and letters go out all the same, and the move is tried again."""
    world = northmoor()
    ref = world.refs[0]
    filed = world.root / "mail" / "filed"
    kept = filed.rename(filed.with_name("filed-away"))
    filed.write_text("a file stands where the folder should be", encoding="utf-8")
    world.return_form(ref)
    world.run("2026-09-14 10:00")
    assert world.audit(ref).state is State.UNDER_QA and world.sent("OUT-14", to=QA, audit=ref)
    assert len(list(world.in_folder("inbox"))) == 1
    filed.unlink()
    kept.rename(filed)
    world.run("2026-09-14 10:01")
    assert not list(world.in_folder("inbox")) and world.audit(ref).submission == 1


def test_a_manager_who_sends_the_auditors_form_is_told_who_sends_it_and_nothing_is_filed(northmoor: Found) -> None:
    """T-33: kept for the QA team, who hear of it as well."""
    world = northmoor()
    ref = world.refs[0]
    manager = world.house.get_case(world.audit(ref)).tm
    mail = world.write(manager, "The audit of my team.", subject=f"[AUDIT {ref}]", documents=[("a.docx", world.filled(ref))])
    world.run("2026-09-14 10:00")
    assert world.inbound(mail).disposition == "hold" and world.audit(ref).submission == 0
    assert codes(world.answers_to(mail), manager) == ["OUT-31"] and codes(world.answers_to(mail), QA) == ["OUT-89"]
    assert "only the auditor can send this form" in world.sent("OUT-31", to=manager)[-1].text


def test_yes_counts_only_from_the_person_who_was_asked(northmoor: Found) -> None:
    """Bea passes our question on to Kwame; his YES with an audit of his own does not file her form there."""
    four = [p for p in make_people(4) if "practitioner" in p.roles]
    world = northmoor(auditors=2, profile=TWO_EACH["profile"], cases=make_cases(4), people=four)
    one, two = (r for r in world.refs if world.audit(r).auditor == BEA)
    his = next(r for r in world.refs if world.audit(r).auditor == KWAME)
    world.write(BEA, "My audit.", answers=latest(world, one, BEA, "OUT-04"), documents=[("a.docx", world.filled(two))])
    world.run("2026-09-14 10:00")
    asked = world.sent("OUT-29", to=BEA)[-1]
    mail = world.write(KWAME, f"YES {his}", answers=asked)
    world.run("2026-09-14 10:30")
    assert world.audit(his).submission == 0 and codes(world.answers_to(mail), KWAME) == ["OUT-88"]
    assert {world.audit(r).submission for r in world.refs} == {0}


def test_the_same_form_again_while_changes_are_owed_is_answered_with_what_is_owed(northmoor: Found) -> None:
    world = northmoor()
    ref = world.refs[0]
    form = world.filled(ref, {"review.post": ""})
    for hour in ("10:00", "11:00"):
        world.write(world.audit(ref).auditor, "My audit.", answers=world.carrier(ref), documents=[("a.docx", form)])
        world.run(f"2026-09-14 {hour}")
    last = world.sent("OUT-12", audit=ref)[-1]
    assert "We still need the changes" in last.text and "nothing for you to do" not in last.text
