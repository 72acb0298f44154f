"""[feedback] and [return]: what a council may say of the family's views, and what is refused with file and key."""

from pathlib import Path
from typing import Any

import pytest

from mailflow.errors import ConfigError
from mailflow.framework import load_framework
from tests.world import load_world_policy, make_council

DOMAINS = {"send": {"allowed_domains": ["northmoor.example"]}}


@pytest.mark.parametrize("table, wrong, key", [
    ("feedback", {"sources": ["uncle"]}, "feedback.sources: 'uncle'"),
    ("feedback", {"either": ["parent", "aunt"]}, "feedback.either: 'aunt'"),
    ("feedback", {"post_to": ["school"]}, "feedback.post_to: 'school'"),
    ("feedback", {"attempts": 0}, "feedback.attempts: at least one"),
    ("feedback", {"blocks_acceptance": "always"}, "feedback.blocks_acceptance: 'always'"),
    ("feedback", {"post_by": "family"}, "feedback.post_by: 'family'"),
    ("feedback", {"tries": 3}, "feedback.tries: unknown key"),
    ("return", {"items": ["form", "photo"]}, "return.items: 'photo'"),
    ("return", {"items": ["feedback"]}, "return.items: the form itself"),
])
def test_what_makes_no_sense_is_said_with_file_and_key(table: str, wrong: dict[str, Any], key: str) -> None:
    with pytest.raises(ConfigError) as refused:
        load_framework("one-page", {**DOMAINS, table: wrong})
    assert any(key in p and "mailflow.toml" in p for p in refused.value.problems), refused.value.problems


def test_a_form_nobody_has_cannot_be_sent_to_families(tmp_path: Path) -> None:
    make_council(tmp_path, '[profile.feedback]\nsources = ["parent"]\nform = "our-views"')
    with pytest.raises(ConfigError, match=r"feedback\.form: there is no form 'our-views'"):
        load_world_policy(tmp_path)


def test_a_council_s_own_feedback_form_takes_the_shipped_one_s_place(tmp_path: Path) -> None:
    own = ('id = "our-views"\nedition = "3"\ntitle = "How are we doing?"\n[[sections]]\nid = "views"\ntitle = "Views"\n'
           '[[sections.items]]\nid = "said"\nlabel = "What would you like to tell us?"\nkind = "notes"\nfeedback = "carer.answer"')
    make_council(tmp_path, '[profile.feedback]\nsources = ["carer"]\nform = "our-views"', own={"forms/our-views.toml": own})
    policy = load_world_policy(tmp_path)
    assert policy.feedback_form and (policy.feedback_form.title, policy.feedback_form.edition) == ("How are we doing?", "3")


def test_the_five_frameworks_say_what_their_documents_say() -> None:
    """F0: parents, both items, the day of the meeting. F1: nobody (G-79). F2 to F4: on the form itself."""
    said = {name: load_framework(name, DOMAINS) for name in ("one-page", "framework-2023", "bexley-2017", "sefton", "wokingham-3.2")}
    items = {name: fw.back.items for name, fw in said.items()}
    assert items.pop("one-page") == ("form", "feedback") and set(items.values()) == {("form",)}
    assert {name: fw.feedback.sources for name, fw in said.items()} == {
        "one-page": ("parent",), "framework-2023": (), "bexley-2017": ("parent", "child"),
        "sefton": ("child", "parent", "carer", "iro"), "wokingham-3.2": ("parent",)}
    first = said["one-page"].feedback
    assert first.same_day_as_meeting and first.ask_worker_first and first.attempts == 2 and first.post_reply_window_wd == 20
    assert first.blocks_acceptance == "attempt" and first.either == ("parent", "carer")
