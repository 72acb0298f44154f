"""A moderation form: who may send it, and what it must say. Nothing of the daemon yet: a reading and a person."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from mailflow.form.load import load_form
from mailflow.framework import templates_root
from mailflow.model import Finding, Person
from mailflow.process.checks import MODERATION, check_moderation
from tests.process.checks.conftest import RECEIVED, WORDS, Return

FORM = load_form(templates_root() / "base" / "forms" / "moderation.toml")
GOOD = {"header.moderator": "Grace Hale, head of service", "header.moderated": "20 July 2026", "concern.now": "No", "quality.quality": "4",
        "quality.why": "Every part is covered and each grade has its evidence.", "decision.agree": "Agree", "decision.grade": "Good"}


@dataclass
class Moderated:
    """A moderation that can be changed before it is checked."""

    answers: dict[str, str] = field(default_factory=lambda: dict(GOOD))
    moderator: Person | None = field(default_factory=lambda: Person("grace.hale@northmoor.example", "Grace Hale"))
    audit: dict[str, Any] = field(default_factory=dict)

    def find(self, check: str = "") -> list[Finding]:
        form = Return(self.answers, [], form=FORM, audit=self.audit)
        scene = replace(form.scene(), form=FORM)
        found = check_moderation(scene, form.submission(), self.moderator, "", RECEIVED, WORDS)
        return [f for f in found if check in ("", f.check)]


def put(**answers: str) -> Callable[[Moderated], None]:
    return lambda m: m.answers.update({k.replace("__", "."): v for k, v in answers.items()})


def by(address: str) -> Callable[[Moderated], None]:
    return lambda m: setattr(m, "moderator", Person(address, "Somebody"))


CASES: dict[str, tuple[Callable[[Moderated], None], Callable[[Moderated], None]]] = {
    "CHK-113": (by("ruth.addo@northmoor.example"), by("sam.hill@northmoor.example")),
    "CHK-114": (put(decision__agree=""), put(decision__agree="Differ", decision__grade="Good", decision__talked="We agreed on Good.")),
    "CHK-115": (put(quality__quality=""), put(quality__quality="1")),
}


def make(check: str, which: int) -> Moderated:
    """A whole moderation with that case's change: 0 makes it fire, 1 keeps it silent."""
    form = Moderated()
    CASES[check][which](form)
    return form


def test_a_whole_moderation_has_no_findings() -> None:
    assert Moderated().find() == []


@pytest.mark.parametrize(("who", "audit"), [
    ("ines.holt@northmoor.example", {}), ("RUTH.ADDO@northmoor.example", {}),
    ("grace.hale@northmoor.example", {"cover": ("grace.hale@northmoor.example",)}),
])
def test_manager_auditor_and_cover_may_not_moderate(who: str, audit: dict[str, Any]) -> None:
    form = Moderated(audit=audit)
    by(who)(form)
    assert len(form.find("CHK-113")) == 1


def test_who_differs_gives_a_grade_and_says_why() -> None:
    form = Moderated()
    form.answers |= {"decision.agree": "Differ", "decision.grade": "", "decision.talked": ""}
    assert [(f.fields, f.words) for f in form.find("CHK-114")] == [
        (("decision.grade", "decision.talked"), "You differ from the grade. Please give your own grade, and say why.")]


def test_danger_is_looked_for_first() -> None:
    form = Moderated(moderator=None)
    form.answers |= {"quality.why": "Reading it I think she is at immediate risk.", "quality.quality": ""}
    assert [f.check for f in form.find()] == ["CHK-072", "CHK-115"]
    assert MODERATION[0].id == "CHK-072"
