"""T-44, T-45, T-66, F1-AUD-06: the practitioner has left, or changed while the case is audited."""

from dataclasses import replace

from mailflow.model import Answer, Flag
from mailflow.process.issuing import decide_issue
from mailflow.process.people.practitioners import decide_changed, previous_workers
from mailflow.scene import Scene
from tests.process.builders import (
    AUDITOR,
    QA,
    WORKER,
    accepted,
    allocated,
    at,
    codes,
    kinds,
    one,
    person,
    say,
    then,
    to,
)

BEFORE = person("Vera Vane", "practitioner", team="North")


def with_change(scene: Scene) -> Scene:
    people = {**scene.parties.people, "former_practitioner": (BEFORE,)}
    return replace(scene, audit=replace(scene.audit, former_practitioners=(BEFORE.address,)),
                   parties=replace(scene.parties, people=people))


def issued(scene: Scene) -> tuple[Scene, object]:
    now = replace(scene, now=at("2026-06-18", "12:30"))
    out = decide_issue(now)
    return replace(with_change(now), audit=out.audit), out


def test_a_case_that_changes_hands_keeps_who_had_it() -> None:
    before, out = allocated()
    now = then(before, out, before.now)
    out = decide_changed(now, BEFORE.address, WORKER.address)
    assert kinds(out) == ["T-45"] and out.audit.former_practitioners == (BEFORE.address,) and not out.wishes
    back = decide_changed(replace(now, audit=out.audit), WORKER.address, BEFORE.address)
    assert back.audit.former_practitioners == (WORKER.address,)


def test_somebody_new_on_the_case_ends_that_the_practitioner_has_left() -> None:
    before, out = allocated(flags=frozenset({Flag.PRACTITIONER_LEFT}))
    assert not decide_changed(then(before, out, before.now), BEFORE.address, WORKER.address).audit.has(Flag.PRACTITIONER_LEFT)


def test_at_the_issue_the_auditor_is_asked_to_tell_the_one_before() -> None:
    _, out = issued(with_change(accepted()))
    assert to(out, "OUT-85") == [AUDITOR.address] and one(out, "OUT-85").facts["who"] == ("Vera Vane",)  # type: ignore[arg-type]
    assert "T-66" in kinds(out)  # type: ignore[arg-type]


def test_nobody_is_asked_where_nothing_changed() -> None:
    _, out = issued(accepted())
    assert "OUT-85" not in codes(out) and "T-66" not in kinds(out)  # type: ignore[arg-type]


def test_the_form_itself_may_name_another() -> None:
    scene = accepted()
    assert scene.submission is not None
    for name, wanted in (("Vera Vane", ("Vera Vane",)), (WORKER.name.upper(), ()), ("", ())):
        answers = {**scene.submission.reading.answers, "header.practitioner": Answer("header.practitioner", name)}
        named = replace(scene, submission=replace(scene.submission, reading=replace(scene.submission.reading, answers=answers)))
        assert previous_workers(named) == wanted
        assert previous_workers(with_change(named)) == ("Vera Vane",)


def test_done_and_not_possible_are_noted_once() -> None:
    now, _ = issued(with_change(accepted()))
    after, out = say(now, AUDITOR, "DONE")
    assert kinds(out) == ["T-66.noted"] and out.audit.previous_told == "done" and codes(out) == ["OUT-88"]
    _, again = say(with_change(after), AUDITOR, "NOT POSSIBLE she has moved to Wales")
    assert "already" in one(again, "OUT-88").facts["words"] and again.audit.previous_told == "done"
    _, out = say(now, AUDITOR, "NOT POSSIBLE she has moved to Wales")
    entry = next(e for e in out.entries if e.kind == "T-66.noted")
    assert out.audit.previous_told == "not possible" and entry.data["reason"] == "she has moved to Wales"


def test_done_where_nobody_changed_says_so() -> None:
    now = replace(accepted(), now=at("2026-06-18", "12:30"))
    out = decide_issue(now)
    _, out = say(replace(now, audit=out.audit), AUDITOR, "DONE")
    assert codes(out) == ["OUT-88"] and not one(out, "OUT-88").facts["done"]


def test_a_practitioner_who_left_is_written_to_no_more() -> None:
    """T-44: letters that wait for them are cancelled, and they are not among those told of the end."""
    before, out = allocated()
    now, out = say(then(before, out, before.now), AUDITOR, "LEFT she has gone to another council")
    assert {"OUT-05", "OUT-80"} <= set(out.cancel)
    _, out = say(now, QA, "WITHDRAW the case has closed", confirmed=True)
    assert WORKER.address not in to(out, "OUT-35")


def test_a_list_that_names_nobody_does_not_say_that_somebody_has_the_case() -> None:
    """T-44, T-45: who worked on it is kept, and the practitioner is still known to have left."""
    before, out = allocated()
    now = then(before, replace(out, audit=replace(out.audit, flags=frozenset({Flag.PRACTITIONER_LEFT}))), at("2026-06-10"))
    out = decide_changed(now, WORKER.address, "")
    assert out.audit.former_practitioners == (WORKER.address,) and out.audit.has(Flag.PRACTITIONER_LEFT)
    assert not decide_changed(now, WORKER.address, BEFORE.address).audit.has(Flag.PRACTITIONER_LEFT)
