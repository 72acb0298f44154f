"""Two auditors send the same words about two children: the QA team is told, and neither learns of the other's case."""

from collections.abc import Callable

from tests.world import World

Found = Callable[..., World]


def test_the_same_text_for_two_children_is_pointed_out_without_naming_the_other(northmoor: Found) -> None:
    world = northmoor(auditors=2)
    first, second = world.refs
    world.return_form(first)
    world.run("2026-09-15 15:00")
    world.return_form(second)
    world.run("2026-09-16 15:00")
    found = {ref: [f for f in world.house.store.load_submissions(ref)[0].findings if f.check == "CHK-089"] for ref in (first, second)}
    assert found[first] == [], "nobody had said it before"
    assert [(f.severity.value, f.detail) for f in found[second]] == [("warn", "")]
    about_second = [letter for letter in world.sent() if second in letter.subject]
    assert any("matches another audit" in letter.text for letter in about_second)
    assert not [letter.code for letter in about_second if first in letter.text]


def test_a_form_sent_again_is_not_compared_with_itself(northmoor: Found) -> None:
    world = northmoor(auditors=1)
    ref = world.refs[0]
    world.return_form(ref)
    world.run("2026-09-15 15:00")
    world.return_form(ref, later="A word more.")
    world.run("2026-09-15 16:00")
    both = world.house.store.load_submissions(ref)
    assert len(both) == 2 and not [f for s in both for f in s.findings if f.check == "CHK-089"]
