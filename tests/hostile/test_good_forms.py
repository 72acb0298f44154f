"""The other way round: thirty ordinary returns need nobody before the QA decision."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from mailflow.demo.pen import Shape, fill_in
from mailflow.model import State
from tests.world import QA, World, build_world, case_number, moment

FOLDER = Path(__file__).parents[1] / "corpus" / "forms" / "good"
FORMS = [tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.toml"))]
# Three hands: the boxes used as they are, the boxes deleted and typed over, everything pasted into a new document.
HANDS: tuple[Shape, ...] = ("controls", "controls", "typed", "controls", "plain")
# The forms suit June 2026; this framework's own calendar has no June.
JUNE = '[profile.calendar.months]\n"06" = {type = "audit"}\n'


@pytest.fixture(scope="module")
def northmoor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Thirty auditors, each with a case of the category of one good form; each fills in the form they were sent."""
    categories = [form["category"] for form in FORMS]
    with build_world(tmp_path_factory.mktemp("good"), auditors=len(FORMS), month="2026-06", categories=categories,
                     profile=JUNE) as world:
        world.now = moment("2026-06-26 14:50")
        for ref, form in zip(in_order(world), FORMS, strict=True):
            number = FORMS.index(form)
            rows = [{key: str(value) for key, value in row.items()} for row in form.get("actions", [])]
            filled = fill_in(world.form_of(ref), form["answers"], {"actions": rows}, HANDS[number % len(HANDS)])
            world.write(world.audit(ref).auditor, "Please find my audit attached.", answers=world.carrier(ref),
                        documents=[(f"{ref} audit.docx", filled)])
        world.run("2026-06-26 15:00")
        yield world


def in_order(world: World) -> list[str]:
    """The audits, in the order of the forms written for their cases."""
    by_case = {world.audit(ref).case_number: ref for ref in world.refs}
    return [by_case[case_number(n)] for n in range(len(FORMS))]


def test_at_least_ninety_five_in_a_hundred_need_no_person(northmoor: World) -> None:
    """Under QA after one pass, with one receipt and one summary for the QA officer, and nothing held."""
    stopped = {}
    for number, ref in enumerate(in_order(northmoor), 1):
        letters = [x.code for x in northmoor.sent(audit=ref) if x.code not in ("OUT-04", "OUT-05", "OUT-06", "OUT-08", "OUT-10")]
        concern = ["OUT-46"] if FORMS[number - 1]["answers"].get("concern.now") == "Yes" else ["OUT-12"]
        if northmoor.audit(ref).state is not State.UNDER_QA or letters.count("OUT-14") != 1 or not set(concern) <= set(letters):
            stopped[number] = (northmoor.audit(ref).state, letters, northmoor.audit(ref).points)
    assert len(stopped) <= 0.05 * len(FORMS), stopped


def test_each_auditor_has_one_answer(northmoor: World) -> None:
    for inbound in northmoor.house.store.load_inbound():
        assert len([x for x in northmoor.house.store.letters_of(inbound.id) if x.to == inbound.sender]) == 1


def test_what_was_typed_is_what_was_read(northmoor: World) -> None:
    """No answer is lost on the way, whatever the hand: every word typed stands under its own question or is shown as left over."""
    lost = []
    for ref, form in zip(in_order(northmoor), FORMS, strict=True):
        submission = northmoor.house.store.find_submission(ref, 1)
        assert submission is not None
        over = " ".join(x.text for x in submission.reading.leftovers)
        for field, typed in form["answers"].items():
            read = " ".join(submission.reading.answer(field).split())
            if " ".join(typed.split()) != read and " ".join(typed.split()) not in " ".join(over.split()):
                lost.append((ref, field, typed[:60], read[:60]))
    assert lost == []


def test_no_alarm_is_raised_but_by_the_box(northmoor: World) -> None:
    """Only the form with the box ticked tells anybody of a concern."""
    ticked = {ref for ref, form in zip(in_order(northmoor), FORMS, strict=True) if form["answers"].get("concern.now") == "Yes"}
    assert {x.audit for x in northmoor.sent("OUT-47")} == ticked
    assert not northmoor.sent("OUT-91", to=QA)
