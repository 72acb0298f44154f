"""The thirty good forms typed into the real Word form, read back by the real reader: still no block and no alarm."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from mailflow.demo.pen import Shape, fill_in
from mailflow.form.load import load_form
from mailflow.framework import framework_folders, templates_root
from mailflow.framework.words import load_words
from mailflow.model import Severity
from mailflow.process.checks import check_form
from outbox.forms.word import fill_form
from parsers.read import read_document

FOLDERS = framework_folders("framework-2023")
FORM = load_form(templates_root() / "base" / "form.toml")
WORDS = load_words(FOLDERS)


@pytest.mark.parametrize("shape", ["controls", "typed", "plain"])
@pytest.mark.parametrize("number", range(1, 31))
def test_no_block_and_no_alarm(number: int, shape: Shape, good: Callable) -> None:
    form = good(number)
    scene = form.scene()
    blank = fill_form(scene, FORM, FOLDERS, b"secret of the tests").data
    reading = read_document(fill_in(blank, form.answers, {"actions": form.rows}, shape), "form.docx", (FORM,))
    submission = replace(form.submission(), reading=reading)
    found = check_form(scene, submission, None, form.mail_text, form.received_at, WORDS)
    assert [f for f in found if f.severity == Severity.BLOCK or f.check == "CHK-072"] == []
    # Nothing new either: what is said of the Word document is what is said of the same answers without one.
    assert {f.check for f in found} == {f.check for f in form.check()}


def test_the_blank_form_sent_straight_back_is_known_as_blank_and_raises_no_alarm(good: Callable) -> None:
    form = good(1)
    scene = form.scene()
    reading = read_document(fill_form(scene, FORM, FOLDERS, b"secret of the tests").data, "form.docx", (FORM,))
    found = check_form(scene, replace(form.submission(), reading=reading), None, "", form.received_at, WORDS)
    assert [f.check for f in found] == ["CHK-009"]
