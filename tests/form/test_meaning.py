"""What a form may say of its questions besides their words: what they ask, which answer is right, for whom they are."""

from pathlib import Path

import pytest

from mailflow.errors import ConfigError
from mailflow.form.definition import Applies
from mailflow.form.load import load_form

FORM = """
id = "small"
edition = "1"
title = "Small"
[[sections]]
id = "voice"
title = "Voice"
asks = "voice"
[[sections.items]]
id = "said"
label = "What the child said"
kind = "notes"
[[sections.items]]
id = "alone"
label = "Seen alone"
kind = "choice"
choices = ["Yes", "No"]
"""


def load(tmp_path: Path, more: str) -> dict[str, object]:
    path = tmp_path / "form.toml"
    path.write_text(FORM + more, encoding="utf-8")
    return {f.id: (f.asks, f.right, f.when) for f in load_form(path).fields}


def test_a_section_s_word_is_its_questions_and_a_question_s_own_comes_first(tmp_path: Path) -> None:
    found = load(tmp_path, 'asks = "seen_alone"\nright = "Yes"\nwhen = {category = ["CP"], age_from = "4y1m"}\n')
    assert found == {"voice.said": ("voice", "", None), "voice.alone": ("seen_alone", "Yes", Applies(("CP",), 49))}


@pytest.mark.parametrize(("more", "words"), [
    ('asks = "anything"\n', "voice.alone.asks is one of story"), ('right = "Perhaps"\n', "voice.alone.right is one of its choices"),
    ('when = {age_from = "young"}\n', "age_from is an age such as 15y9m"), ('when = {weather = "fine"}\n', "unknown key sections.voice.alone.when.weather"),
])
def test_a_mistake_is_named(tmp_path: Path, more: str, words: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, more)
    assert any(words in p for p in caught.value.problems), caught.value.problems


@pytest.mark.parametrize(("applies", "category", "months", "holding"), [
    (Applies(("LAC",)), "LAC", None, True), (Applies(("LAC",)), "CIN", 200, False),
    (Applies(from_months=189), "CIN", 189, True), (Applies(from_months=189), "CIN", 188, False),
    (Applies(from_months=189), "CIN", None, False),
])
def test_for_whom_a_question_is(applies: Applies, category: str, months: int | None, holding: bool) -> None:
    assert applies.holds(category, months) == holding
