"""CHK-072: words of danger are found however they are written, and a plain denial is no alarm."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailflow.form.load import load_form
from mailflow.framework import load_framework, templates_root
from mailflow.process.checks import find_danger

FORM = load_form(templates_root() / "base" / "form.toml")
SAFETY = load_framework("framework-2023", {"send": {"allowed_domains": ["northmoor.example"]}}).safety
OWN = (*FORM.wording, SAFETY.note)

ALARMS = [
    "I think she is at immediate risk.",
    "IMMEDIATE   RISK",
    "He is in immediate\nrisk of being hurt.",
    "> she is at\n> immediate risk",
    "It is an immediate–risk case; also im\u00admediate risk.",
    "It’s unsafe tonight.",
    "He is not safe to go home.",
    "Not seen since Monday and at immediate risk.",
    "I cannot say that she is not at immediate risk.",
    "We can't be sure there is no immediate risk.",
    "It is unclear whether there is no immediate danger.",
    "No one has acted on the immediate risk.",
    "There is no doubt she is in immediate danger.",
    "We cannot rule out immediate risk.",
    "Not only at immediate risk but alone.",
    "No visit since May; immediate risk.",
    "There was no immediate risk in May, but now there is immediate danger.",
    "Any concerns? No\nImmediate risk from the new partner.",
    "Immediate risk? No visit has been made.",
    "There is no plan to manage the immediate risk.",
    "If you think a child may be in danger now, ring me: he is in danger now.",
    "The children are immediate risks to each other.",
]

DENIALS = [
    "There is no immediate risk.",
    "She is not at immediate risk.",
    "There was no evidence of immediate danger.",
    "There was no evidence that the boys were in immediate danger.",
    "I found no sign that she is at immediate risk, then or since.",
    "He isn’t at immediate risk.",
    "They were not considered to be at immediate risk.",
    "No immediate risk or immediate danger was found.",
    "Immediate risk: none.",
    "Immediate danger - no.",
    "Immediate risk was ruled out.",
    "The child is no longer in immediate danger.",
    "The visit did not identify any immediate risk.",
    "We do not think that the children are in immediate danger.",
    "Police confirmed there was no further action and no immediate risk identified.",
]

PLAIN = [
    "Risk was assessed immediately and the plan was changed.",
    "The chair asked for a strategy discussion in March.",
    "He said that school is dangerous on icy days.",
    "Is a child at risk now?",
    "Do you have an immediate concern for a child's safety? No",
    "",
]


@pytest.mark.parametrize("text", ALARMS)
def test_danger_is_found(text: str) -> None:
    assert find_danger([text], SAFETY.words, OWN)


@pytest.mark.parametrize("text", DENIALS + PLAIN)
def test_denials_and_plain_words_are_no_alarm(text: str) -> None:
    assert find_danger([text], SAFETY.words, OWN) == ()


def test_everything_the_form_prints_is_no_alarm_whole_or_quoted() -> None:
    printed = "\n".join(OWN)
    assert find_danger([printed], SAFETY.words, OWN) == ()
    assert find_danger(["> " + printed.replace("\n", "\n> ")], SAFETY.words, OWN) == ()
    assert find_danger(list(OWN), SAFETY.words, OWN) == ()


def test_without_its_own_wording_the_guidance_would_be_an_alarm() -> None:
    """So the sentence is really taken out, and not just missed."""
    assert find_danger([FORM.section("concern").guidance], SAFETY.words) == ("in danger now",)


def test_guidance_broken_over_lines_is_still_ours() -> None:
    wrapped = FORM.section("concern").guidance.replace(" may be ", "\nmay  be ")
    assert find_danger([wrapped], SAFETY.words, OWN) == ()


def test_a_label_that_is_only_the_phrase_does_not_hide_it() -> None:
    assert find_danger(["She is at immediate risk"], SAFETY.words, ("Immediate risk",)) == ("immediate risk",)


def test_a_council_s_own_words_count() -> None:
    words = (*SAFETY.words, "sofa-surfing tonight")
    assert find_danger(["He is sofa surfing tonight."], words) == ("sofa-surfing tonight",)


def test_each_phrase_is_named_once_in_the_order_met() -> None:
    texts = ["Unsafe tonight. At immediate risk.", "immediate risk again"]
    assert find_danger(texts, SAFETY.words) == ("unsafe tonight", "immediate risk")


@given(st.text(max_size=80), st.sampled_from(SAFETY.words), st.text(max_size=80))
def test_a_phrase_on_a_line_of_its_own_is_always_found(before: str, phrase: str, after: str) -> None:
    assert phrase in find_danger([f"{before}\n\n- {phrase.upper()} and more\n\n{after}"], SAFETY.words)
