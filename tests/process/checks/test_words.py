"""checks.toml: a council may reword a check, and a slip is named with file and key before anything is sent."""

from pathlib import Path

import pytest

from mailflow.errors import ConfigError
from mailflow.framework import framework_folders, templates_root
from mailflow.framework.words import MOST_WORDS, PLACEHOLDERS, load_words

BASE = templates_root() / "base"


def council(tmp_path: Path, text: str) -> tuple[Path, ...]:
    (tmp_path / "checks.toml").write_text(text, encoding="utf-8")
    return (tmp_path, BASE)


def test_base_has_every_word() -> None:
    words = load_words(framework_folders("framework-2023"))
    assert set(words) == set(PLACEHOLDERS)
    assert all(len(w.split()) <= MOST_WORDS for w in words.values())


def test_words_cannot_be_changed_afterwards() -> None:
    with pytest.raises(TypeError):
        load_words((BASE,))["CHK-001"] = "x"  # type: ignore[index]


def test_the_nearest_folder_wins_and_base_fills_the_rest(tmp_path: Path) -> None:
    words = load_words(council(tmp_path, '"CHK-030" = "What should we all learn?"'))
    assert words["CHK-030"] == "What should we all learn?"
    assert words["CHK-041"] == load_words((BASE,))["CHK-041"]


@pytest.mark.parametrize(("text", "told"), [
    ('"CHK-041" = "Action {number} has no owner."', "CHK-041: unknown placeholder {number}"),
    ('"CHK-041" = "Action {n.__class__} has no owner."', "CHK-041: unknown placeholder {n.__class__}"),
    ('"CHK-041" = "Action {n!r:>9} has no owner."', "CHK-041: unknown placeholder {n!r:>9}"),
    ('"CHK-041" = "Action {} has no owner."', "CHK-041: unknown placeholder {}"),
    ('"CHK-041" = "Action {n has no owner."', "CHK-041: "),
    ('"CHK-999" = "Hello."', "CHK-999: there is no such check"),
    ('"CHK-041" = ""', "CHK-041: give a text"),
    ('"CHK-041" = 5', "CHK-041: give a text"),
    ('"CHK-041" = "' + "word " * 26 + '"', "CHK-041: 26 words; 25 is the most"),
    ("not toml", "checks.toml"),
])
def test_a_slip_is_named(text: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load_words(council(tmp_path, text))
    assert len(caught.value.problems) == 1
    assert told in caught.value.problems[0] and str(tmp_path) in caught.value.problems[0]


def test_every_slip_is_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load_words(council(tmp_path, '"CHK-999" = "x"\n"CHK-041" = ""'))
    assert len(caught.value.problems) == 2


def test_a_check_without_words_is_named(tmp_path: Path) -> None:
    (tmp_path / "checks.toml").write_text('"CHK-001" = "Read it."', encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_words((tmp_path,))
    assert f"{tmp_path / 'checks.toml'}: CHK-002: missing" in caught.value.problems
