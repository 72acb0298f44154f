"""The request for a self-selected audit (DOC-36): what the head of service decides on."""

from collections.abc import Mapping
from typing import Any

from mailflow.model import Document
from outbox import words
from outbox.desk import Desk
from outbox.forms.printed import print_document
from outbox.forms.values import clean
from outbox.forms.word import KIND


def compose_request(facts: Mapping[str, Any], desk: Desk) -> Document:
    """From the facts of OUT-82. The case number stands inside, never in the document's name (HR-01)."""
    texts = {name: clean(str(facts[name])) for name in ("by_name", "case_number", "category", "team", "reason", "month")}
    values = {**texts, "asked_on": words.day(desk.now), "due_on": words.day(facts["due_on"]),
              "marking": clean(desk.framework.send.marking)}
    return Document("Self-selected audit.docx", KIND, print_document("self-selection.docx", values, desk.folders))
