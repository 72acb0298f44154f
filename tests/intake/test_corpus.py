"""Every sample mail in tests/corpus/mail is read as the expectation beside it says."""

import json
from pathlib import Path
from typing import Any

import pytest

from mailflow.intake.commands import parse_command
from mailflow.intake.courtesy import is_thanks, promises_form
from mailflow.intake.message import read_message
from mailflow.model import Message
from mailflow.model.codec import to_plain

CORPUS = Path(__file__).parents[1] / "corpus" / "mail"
SAMPLES = sorted(CORPUS.glob("*.eml"))
OWN = frozenset({"audits@northmoor.example"})


def _plain(message: Message) -> dict[str, Any]:
    """The message as an expectation would put it."""
    fields = {name: to_plain(value) for name, value in vars(message).items() if name != "attachments"}
    return fields | {
        "attachments": [a.name for a in message.attachments],
        "command": getattr(parse_command(message.text), "word", None),
        "thanks": is_thanks(message), "promises": promises_form(message)}


@pytest.mark.parametrize("path", SAMPLES, ids=lambda p: p.stem)
def test_sample_is_read_as_expected(path: Path) -> None:
    message = read_message(path.read_bytes(), OWN, "off", "")
    wanted = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    wanted.pop("oddity_in_words")
    oddity = wanted.pop("oddity", "")
    assert not oddity or any(oddity in noted for noted in message.oddities)
    found = _plain(message)
    assert {key: found[key] for key in wanted} == wanted


def test_every_sample_has_its_expectation_and_its_line_in_the_readme() -> None:
    readme = (CORPUS / "README.md").read_text(encoding="utf-8")
    assert len(SAMPLES) > 60
    assert [p.stem for p in SAMPLES if not p.with_suffix(".json").exists() or f"`{p.name}`" not in readme] == []


def test_automatic_mail_is_marked_as_not_to_be_answered() -> None:
    """Domain 3.4: never reply to any of it."""
    messages = [read_message(p.read_bytes(), OWN, "off", "") for p in SAMPLES]
    automatic = [m for m in messages if m.automatic.value != "no"]
    assert len(automatic) > 10
    assert all(m.no_reply for m in automatic)
