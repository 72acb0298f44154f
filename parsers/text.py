"""Texts as they are compared: as labels (``mailflow.form.labels``), and question numbers. Knows no form."""

import re

from mailflow.form.labels import LONGEST_LABEL, SMALL_WORDS, content_words, flat, likeness

__all__ = ["LONGEST_LABEL", "SMALL_WORDS", "content_words", "flat", "likeness", "question_number"]

_NUMBER = re.compile(
    r"\s*(?P<q>question|q)?\s*\(?(?P<digits>\d{1,3}(?:\.\d{1,2})*)(?P<letter>[a-z](?![a-z])|\s?\([a-z]\))?\)?"
    r"(?P<end>\s*[.):\-–]|\s+|$)",
    re.IGNORECASE,
)
_LETTER = re.compile(r"\s*\(?(?P<letter>[a-z]|[ivx]{1,4})\s*[.):](?=\s|$)", re.IGNORECASE)


def question_number(text: str) -> str:
    """"5" for "Q5. Does …", "5a" for "5 (a)", "a" for "A. Past …", "" where none is printed."""
    found = _NUMBER.match(text)
    if found and (found["q"] or found["end"].strip() or found["letter"]):
        return found["digits"] + (found["letter"] or "").strip(" ()").lower()
    found = _LETTER.match(text)
    return found["letter"].lower() if found else ""
