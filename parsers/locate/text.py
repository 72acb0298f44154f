"""Texts as they are compared: as labels (``mailflow.form.labels``), and question numbers. Knows no form."""

import re
import unicodedata

from mailflow.form.labels import LONGEST_LABEL, SMALL_WORDS, content_words, flat, likeness

__all__ = ["LONGEST_LABEL", "SMALL_WORDS", "content_words", "flat", "likeness", "question_number"]

# What stands over the numbers of a table's rows.
ROW_NUMBERS = frozenset(("no", "nr", "num", "number", "row", "item", "ref"))
_NUMBER = re.compile(
    r"\s*(?P<q>(?:question|q)\.?)?\s*\(?(?P<digits>\d{1,3}(?:\.\d{1,2})*)(?P<letter>[a-z](?![a-z])|\s?\([a-z]\))?\)?"
    r"(?P<end>\s*[.):\-–]|\s+|$)",
    re.IGNORECASE,
)
_LETTER = re.compile(r"\s*\(?(?P<letter>[a-z]|[ivx]{1,4})\s*[.):](?=\s|$)", re.IGNORECASE)
# A part's letter before its words: "B. What danger lies ahead".
_LETTERED = re.compile(r"\s*\(?[a-z]\s*[.):]+\s+", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"\([^()]*\)")


def without_letter(text: str) -> str:
    """A label without the letter of the part it asks about ("B. What …"); any other text as it is."""
    found = _LETTERED.match(text)
    return text[found.end():] if found else text


def without_brackets(text: str) -> str:
    """A label without what it says in brackets: "Category (EH, CIN)" → "Category "."""
    return _IN_BRACKETS.sub("", text)


def says_something(text: str) -> bool:
    """Whether somebody may have meant it: a letter, a number, a picture or a tick. Rules, dots and boxes are for writing on."""
    return any(c.isalnum() or (unicodedata.category(c) in ("So", "Sc", "Mn", "Lo") and c not in "☐☒□" and not "─" <= c <= "◿")
               for c in text)


def question_number(text: str) -> str:
    """"5" for "Q5. Does …", "5a" for "5 (a)", "a" for "A. Past …", "" where none is printed."""
    found = _NUMBER.match(text)
    if found and (found["q"] or found["end"].strip() or found["letter"]):
        return found["digits"] + (found["letter"] or "").strip(" ()").lower()
    found = _LETTER.match(text)
    return found["letter"].lower() if found else ""
