"""A re-audit beside the audit it repeats: what became of its actions, and why a grade fell."""

from collections.abc import Callable

from mailflow.model import Severity
from tests.process.checks.conftest import Return, load_good
from tests.process.checks.test_each_check import overall

ANSWERED = (" The plan actions 3 and 6 now say who, what and when: done. Action 2 is partly done, since the plan says what happens but not"
            " when attendance falls.")


def repeating(*changes: Callable[[Return], None], level: int = 1) -> Callable[[Return], None]:
    """The form is that of a re-audit, and the same form as it stood is the audit before."""
    def change(r: Return) -> None:
        r.more["parent"] = r.submission()
        r.audit["level"] = level
        for c in changes:
            c(r)
    return change


def say(text: str) -> Callable[[Return], None]:
    return lambda r: r.answers.update({"conversation.notes": f"{r.answers['conversation.notes']}\n{text}"})


def other_actions(r: Return) -> None:
    r.rows[:] = [{"text": "Ask gran what she would change in the week.", "owner": "Social worker", "due": "10/07/2026"}]


CASES: dict[str, tuple[Callable[[Return], None], Callable[[Return], None]]] = {
    "CHK-116": (repeating(other_actions), repeating(other_actions, say(ANSWERED))),
    "CHK-117": (repeating(overall("RI")), repeating(overall("RI"), say("Since the last audit two visits were missed."))),
}


def make(check: str, which: int) -> Return:
    """A good form with that case's change: 0 makes it fire, 1 keeps it silent."""
    form = load_good(1)
    CASES[check][which](form)
    return form


def test_each_action_left_without_an_answer_is_a_point_of_its_own() -> None:
    form = load_good(1)
    repeating(other_actions, say("Action 2: not done."))(form)
    assert [(f.severity, f.fields, f.words) for f in form.find("CHK-116")] == [
        (Severity.BLOCK, ("conversation.notes",),
         'Please say what happened to action 1 of the last audit: done, partly or not ("Rewrite plan actions 3 and 6 so…").')]


def test_a_first_audit_has_nothing_to_answer() -> None:
    form = load_good(1)
    repeating(other_actions, overall("Inadequate"), level=0)(form)
    assert form.find("CHK-116") == form.find("CHK-117") == []


def test_a_better_grade_needs_no_reason() -> None:
    form = load_good(1)
    repeating(overall("Outstanding"))(form)
    assert form.find("CHK-117") == []
