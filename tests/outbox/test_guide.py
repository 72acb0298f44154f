"""DOC-03 and DOC-04: what an auditor rings a family with."""

import io
from dataclasses import replace
from pathlib import Path

import docx
import pytest

from mailflow.config import Council
from mailflow.errors import ConfigError
from mailflow.form.load import load_form
from mailflow.framework import templates_root
from outbox.forms.controls import find_controls
from outbox.forms.word import fill_form
from outbox.pages.guide import compose_guide
from tests.outbox.letters_scene import FOLDERS, REF, make_scene
from tests.outbox.word_scene import read_tree, text_of

FEEDBACK = load_form(templates_root() / "base" / "forms" / "feedback.toml")


def words_of(data: bytes) -> str:
    page = docx.Document(io.BytesIO(data))
    cells = [c.text for t in page.tables for row in t.rows for c in row.cells]
    return "\n".join([*(p.text for p in page.paragraphs), *cells])


def test_the_guide_says_what_a_caller_must_say() -> None:
    """DOC-04: not involved in the case, about five minutes, may say no, and what to do with a worry."""
    text = words_of(compose_guide(make_scene(), FEEDBACK, FOLDERS).data)
    for words in ("not involved in your case", "five minutes", "You can say no", "I must pass it on", "CONCERN", "Ring 999",
                  "Try twice", "Northmoor Council", "01632 960000"):
        assert words in text, words


def test_the_guide_asks_the_forms_own_questions() -> None:
    text = words_of(compose_guide(make_scene(), FEEDBACK, FOLDERS).data)
    asked = [f.label for s in FEEDBACK.sections if s.id == "views" for f in s.fields]
    assert len(asked) >= 7 and all(label in text for label in asked)


def test_the_guide_carries_the_reference_and_nothing_else_of_the_case() -> None:
    guide = compose_guide(make_scene(), FEEDBACK, FOLDERS)
    text = words_of(guide.data)
    assert guide.name == f"Telephone guide {REF}.docx" and REF in text
    assert "4410072" not in text and "Pat" not in text and "Assessment Team" not in text


def test_the_same_guide_is_the_same_bytes_and_text_from_outside_is_data() -> None:
    scene = make_scene()
    assert compose_guide(scene, FEEDBACK, FOLDERS).data == compose_guide(scene, FEEDBACK, FOLDERS).data
    odd = replace(scene, council=Council("Moor & {{ 7*7 }} <b>", "QA", "1", "2", "c"))
    assert "Moor & {{ 7*7 }} <b>" in words_of(compose_guide(odd, FEEDBACK, FOLDERS).data)


def test_a_council_without_a_guide_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="telephone-guide"):
        compose_guide(make_scene(), FEEDBACK, (tmp_path,))


def test_the_feedback_form_has_the_reference_and_no_other_word_of_the_case() -> None:
    form = fill_form(make_scene(), FEEDBACK, FOLDERS, b"s" * 32, "Feedback form", frozenset({"reference"}))
    root = read_tree(form.data)
    controls = find_controls(root)
    assert form.name == f"Feedback form {REF}.docx"
    assert text_of(controls["mf:header.reference"]).strip() == REF
    assert "4410072" not in text_of(root) and "Asha" not in text_of(root)
