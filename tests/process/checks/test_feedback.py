"""CHK-010, 039, 075 … 085: what is said, and not said, of the family's views; red cases; what a profile makes of it."""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import pytest

from mailflow.errors import ConfigError
from mailflow.form.definition import Part
from mailflow.form.load import read_form
from mailflow.framework import templates_root
from mailflow.model import Attempt, Feedback, Finding, Severity
from mailflow.process.checks import CHECKS, FAMILY, check_family
from mailflow.process.checks.feedback import minutes_of
from mailflow.scene import Scene
from tests.process.checks.conftest import WORDS, Return, load_good

VIEWS = """
[[sections]]
id = "family"
title = "What the family say"
columns = [{id = "one", label = "Parent 1", feedback = "parent"}, {id = "two", label = "Parent 2", feedback = "parent2"}]
[[sections.items]]
id = "first"
label = "Did you ask the practitioner first?"
kind = "choice"
choices = ["Yes", "No"]
feedback = "parent.asked_first"
required = false
"""
QUESTIONS = (("who", "Who answered?", "notes", "who"), ("on", "When?", "date", "on"), ("try1", "First try", "date", "attempt"),
             ("try2", "Second try", "date", "attempt"), ("posted", "Form posted on", "date", "posted"),
             ("why_not", "Why nobody was asked", "notes", "reason"), ("no", "Did they say no?", "choice", "declined"),
             ("respect", "Were you treated with respect?", "notes", "answer"), ("score", "From 0 to 10?", "score", "score"))
ITEM = """
[[sections.items]]
id = "{0}"
label = "{1}"
kind = "{2}"
feedback = "{3}"
columns = ["one", "two"]
required = {4}
scale = [0, 10]
choices = ["Yes", "No"]
"""
F0 = {"feedback": {"sources": ["parent"], "same_day_as_meeting": True, "ask_worker_first": True},
      "return": {"items": ["form", "feedback"]}}
MOTHER, FATHER = "They listen to us.", "She rings when she says she will."


def with_views(required: str = "false") -> Any:
    plain = tomllib.loads((templates_root() / "base" / "form.toml").read_text(encoding="utf-8"))
    plain["sections"] += tomllib.loads(VIEWS + "".join(ITEM.format(*q, required) for q in QUESTIONS))["sections"]
    return read_form(plain, "family")


FORM = with_views()


@dataclass
class Family(Return):
    """A good form with a part about both parents. ``apart`` is what came on a feedback form; ``red``: QA asks the family."""

    apart: tuple[Feedback, ...] = ()
    red: bool = False
    base: Return = field(default_factory=lambda: load_good(1))

    def scene(self) -> Scene:
        scene = super().scene()
        return replace(scene, feedback=self.apart, case=replace(scene.case, qa_contacts_family=self.red))


def family(**views: str) -> Family:
    """one_who="mother" is Parent 1's "who"; the good form's meeting is on 11 June 2026."""
    good = load_good(1)
    met = {"header.met": "11/06/2026"}
    told = {"family.first" if k == "first" else "{1}.{0}".format(*k.split("_", 1)): v for k, v in views.items()}
    return Family(good.answers | met | told, good.rows, good.category, form=FORM, profile=F0)


ANSWERED = {"one_who": "Mother", "one_on": "11/06/2026", "one_respect": MOTHER, "one_score": "8", "first": "Yes"}


def answered(**views: str) -> Family:
    return family(**(ANSWERED | views))


def apart(*attempts: Attempt, source: str = "parent", **more: Any) -> Feedback:
    return Feedback("2606-018D", source, "apart", attempts=attempts, **more)


def profiled(form: Family, **feedback: Any) -> Family:
    form.profile = {**form.profile, "feedback": {**form.profile["feedback"], **feedback}}
    return form


def but(made: Family, **more: Any) -> Family:
    for name, value in more.items():
        setattr(made, name, value)
    return made


TRY = Attempt(date(2026, 6, 11), "10:00", "phone", "No answer")
AGAIN = Attempt(date(2026, 6, 12), "10:00", "phone", "No answer")
TWO_TRIES = {"one_try1": "11/06/2026", "one_try2": "12/06/2026", "first": "Yes"}

# check → (fires, stays silent)
CASES: dict[str, tuple[Callable[[], Family], Callable[[], Family]]] = {
    "CHK-010": (family, lambda: family(one_why_not="The mother asked not to be rung.")),
    "CHK-039": (lambda: answered(one_on="12/06/2026"), answered),
    "CHK-075": (lambda: family(one_try1="11/06/2026", first="Yes"), lambda: family(**TWO_TRIES)),
    "CHK-076": (lambda: profiled(family(**TWO_TRIES), post_by="auditor"),
                lambda: profiled(family(**TWO_TRIES, one_posted="13/06/2026"), post_by="auditor")),
    "CHK-077": (lambda: but(family(), apart=(apart(TRY, replace(TRY, at="10.40am")),)),
                lambda: but(family(), apart=(apart(TRY, replace(TRY, at="11.15am")),))),
    "CHK-078": (lambda: but(answered(), red=True), lambda: but(family(), red=True)),
    "CHK-079": (lambda: answered(first="No"), answered),
    "CHK-080": (lambda: answered(one_why_not="She would not come to the phone."),
                lambda: answered(two_why_not="He lives abroad.")),
    "CHK-081": (lambda: answered(one_who=""), answered),
    "CHK-082": (lambda: answered(one_score="11"), lambda: answered(one_score="10")),
    "CHK-083": (lambda: but(answered(), profile={"feedback": {"sources": ["parent", "carer"]}}),
                lambda: but(answered(), profile={"feedback": {"sources": ["parent"]}})),
    "CHK-084": (lambda: answered(one_no="Yes"), lambda: answered(one_no="No")),
    "CHK-085": (lambda: answered(two_who="Father", two_respect=f"  {MOTHER.upper()}"),
                lambda: answered(two_who="Father", two_respect=FATHER)),
}


def slipped() -> Family:
    """A red case whose feedback form, filled in by the QA team, contradicts itself."""
    came = apart(who="Mother", score_said="11", answers=(("Respect?", "Yes"),), reason="Asked not to be rung", by="qa@northmoor.example")
    return but(family(), apart=(came,), red=True)


def test_every_check_of_the_family_is_tried_here() -> None:
    assert set(CASES) == FAMILY == {c.id for c in CHECKS if c.ask.__module__.endswith(".feedback")}


def make(check: str, which: int) -> Family:
    """That case's form: 0 fires, 1 is silent."""
    return CASES[check][which]()


def test_what_is_said_of_the_family_stands_under_a_section() -> None:
    assert all(f.section for check in CASES for f in make(check, 0).find(check))


def about_family(form: Family) -> list[Finding]:
    return [f for f in form.check() if f.check in FAMILY]


def test_views_on_the_day_of_the_meeting_are_all_right_in_every_way() -> None:
    assert about_family(answered()) == []


@pytest.mark.parametrize("check", ["CHK-010", "CHK-075", "CHK-076"])
@pytest.mark.parametrize("blocks, severity", [("attempt", Severity.BLOCK), ("none", Severity.WARN)])
def test_the_profile_says_whether_it_blocks(check: str, blocks: str, severity: Severity) -> None:
    assert [f.severity for f in profiled(CASES[check][0](), blocks_acceptance=blocks).find(check)] == [severity]


def test_only_the_missing_item_is_asked_for() -> None:
    """Nothing came: one point, not one for each question nobody answered (SCN-13)."""
    assert [f.check for f in about_family(family())] == ["CHK-010"]
    required = but(family(), form=with_views("true"))
    assert [f.check for f in required.check() if f.severity == Severity.BLOCK] == ["CHK-010"]


def test_what_came_on_a_form_of_its_own_counts() -> None:
    came = apart(TRY, AGAIN, who="Mother", asked_first=True)
    assert about_family(but(family(), apart=(came,))) == []
    assert [f.check for f in about_family(but(family(), apart=(apart(TRY, asked_first=True),)))] == ["CHK-075"]


def test_a_try_without_an_outcome_is_none_where_the_form_asks_for_it() -> None:
    blank = replace(AGAIN, outcome=" ")
    assert [f.check for f in about_family(but(family(), apart=(apart(TRY, blank, asked_first=True),)))] == ["CHK-075"]


def test_a_reply_is_wanted_where_the_profile_says_so_and_a_posted_form_is_enough() -> None:
    """G-03: blocks_acceptance = "reply", but "posted, awaiting reply" satisfies it. The QA team posts by itself after two tries."""
    def tried(**more: Any) -> list[str]:
        return [f.check for f in about_family(profiled(family(**TWO_TRIES), blocks_acceptance="reply", **more))]

    assert tried() == [] and tried(post_after_attempts=False) == ["CHK-075"]
    short = profiled(family(**TWO_TRIES), blocks_acceptance="reply", post_after_attempts=False).find("CHK-075")
    assert "reply" in short[0].words
    posted = profiled(family(**TWO_TRIES, one_posted="13/06/2026"), blocks_acceptance="reply", post_after_attempts=False)
    assert about_family(posted) == []


def test_nobody_chases_the_auditor_for_what_the_qa_team_owes() -> None:
    """G-84: a red case, whatever the auditor's form leaves out."""
    for views in ({}, {"one_try1": "11/06/2026"}, TWO_TRIES):
        form = profiled(but(family(**views), red=True), post_by="auditor")
        assert not {"CHK-010", "CHK-075", "CHK-076", "CHK-079", "CHK-083"} & {f.check for f in form.check()}
    required = but(family(), red=True, form=with_views("true"))
    assert not [f for f in required.check() if f.check == "CHK-013" and f.fields[0].startswith(("who", "respect"))]


def test_a_slip_on_the_qa_team_s_own_form_does_not_go_back_to_the_auditor() -> None:
    found = {(f.check, f.severity) for f in about_family(slipped())}
    assert found == {("CHK-080", Severity.WARN), ("CHK-082", Severity.WARN)}
    assert found <= {(c.id, severity) for c in CHECKS for severity in c.also}


def test_a_red_case_rung_on_a_feedback_form_of_the_auditor_s_is_seen_and_qa_s_own_is_not() -> None:
    """SCN-12."""
    def found(by: str) -> list[str]:
        came = apart(TRY, by=by)
        return [f.check for f in about_family(but(family(), apart=(came,), red=True))]

    assert found("ruth.addo@northmoor.example") == ["CHK-078"] and found("qa@northmoor.example") == []


@pytest.mark.parametrize(("score", "planned", "reply", "asked"), [
    (3, False, "", True), (3, True, "", False), (3, False, "The manager rings on Monday.", False), (4, False, "", False),
    (None, False, "", False)])
def test_a_low_score_on_a_form_of_the_family_s_own_wants_an_answer(score: int | None, planned: bool, reply: str,
                                                                   asked: bool) -> None:
    """CHK-069: their words stand beside the score; what we will do about it stands in the auditor's plan."""
    form = but(family(), apart=(apart(score=score, score_said=str(score or ""), answers=(("Why?", "Nobody rang."),), reply=reply),))
    if not planned:
        form.rows.clear()
        form.answers |= {f.id: "" for f in FORM.fields if f.part is Part.IMPROVEMENTS}
    found = form.find("CHK-069")
    assert bool(found) is asked
    assert all(f.fields and "gave 3 out of 10" in f.words for f in found)


def test_a_second_parent_nobody_spoke_of_is_not_asked_for() -> None:
    """G-85: CHK-013 skips them; the first parent's questions are asked one by one, or answered by a reason."""
    form = but(family(one_who="Mother"), form=with_views("true"), profile={"feedback": {"sources": ["parent"]}})
    asked = {f.fields[0] for f in form.find("CHK-013")} | {x for f in form.find("CHK-013") for x in f.fields}
    assert "respect.one" in asked and not any(x.endswith(".two") for x in asked)
    reason = but(family(one_why_not="She lives abroad"), form=with_views("true"), profile={"feedback": {"sources": ["parent"]}})
    assert reason.find("CHK-013") == []


def test_the_family_s_score_is_told_once() -> None:
    assert [f.check for f in answered(one_score="11").check() if f.check in ("CHK-015", "CHK-016", "CHK-082")] == ["CHK-082"]
    assert [f.check for f in answered(one_score="7.5").check() if f.check in ("CHK-015", "CHK-016", "CHK-082")] == ["CHK-082"]


def test_views_before_the_meeting_are_odd_in_every_framework() -> None:
    early = profiled(answered(one_on="09/06/2026"), same_day_as_meeting=False)
    assert "before the meeting" in early.find("CHK-039")[0].words
    later = profiled(answered(one_on="15/06/2026"), same_day_as_meeting=False)
    assert later.find("CHK-039") == []


def test_a_reply_by_post_need_not_be_of_that_day() -> None:
    came = apart(TRY, AGAIN, posted=True, posted_on=date(2026, 6, 13), given_on=date(2026, 6, 22), who="Mother",
                 answers=(("Respect?", "Yes"),), asked_first=True)
    assert but(family(), apart=(came,)).find("CHK-039") == []


def test_findings_of_a_form_that_stands_are_asked_again_and_the_others_kept() -> None:
    form = family()
    form.answers["overall.themes"] = ""
    submission = replace(form.submission(), findings=form.check())
    kept = [f for f in submission.findings if f.check not in FAMILY]
    assert {"CHK-010", "CHK-030"} <= {f.check for f in submission.findings}
    scene = replace(form.scene(), feedback=(apart(TRY, AGAIN, asked_first=True),))
    assert list(check_family(scene, submission, WORDS)) == kept
    order = [c.id for c in CHECKS]
    again = [order.index(f.check) for f in check_family(form.scene(), submission, WORDS)]
    assert again == sorted(again) and len(again) == len(submission.findings)


@pytest.mark.parametrize("text, minutes", [("10:05", 605), ("10.30am", 630), ("2pm", 840), ("12.15 p.m.", 735), ("morning", None),
                                           ("25:10", None), ("at 9", None)])
def test_times_as_people_write_them(text: str, minutes: int | None) -> None:
    assert minutes_of(text) == minutes


@pytest.mark.parametrize("wrong", ['feedback = "uncle.score"', 'feedback = "parent.mood"', 'feedback = "source"\nsources = ["parent"]'])
def test_a_form_that_asks_for_nobody_s_views_says_so_when_it_is_read(wrong: str) -> None:
    text = f'id = "x"\nedition = "1"\ntitle = "X"\n[[sections]]\nid = "s"\ntitle = "S"\n[[sections.items]]\nid = "i"\nlabel = "I"\nkind = "text"\n{wrong}'
    with pytest.raises(ConfigError, match=r"s\.i\.(feedback|sources)"):
        read_form(tomllib.loads(text), "x.toml")
