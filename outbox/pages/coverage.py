"""What the report's fonts can show. PDF/A and PDF/UA refuse a document for one character that no font has.

So every unusual character is tried once, alone, in a document of its own (about two milliseconds), and remembered;
one that fails is replaced by a box before the report is laid out.
"""

import re
import unicodedata
from collections.abc import Callable
from typing import Any

BOX = "□"
# Latin, the punctuation of every day, and the line breaks JSON writes as an escape: known to be there.
_PLAIN = "\x20-\x7e\xa0-\xac\xae-\u017f\u2010-\u2015\u2018-\u201d\u2022\u2026\u20ac\u25a1"
_UNUSUAL = re.compile(f"[^{_PLAIN}]")
_NEVER = frozenset(("Cc", "Cs", "Co", "Cn"))
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff\ufffe\uffff\u202a-\u202e\u2066-\u2069]")
_LONG = re.compile(r"(\S{40})(?=\S)")
# Typed text has a few hundred characters; a document with more is not worth trying each.
_MOST_TRIES = 600


def tidy(value: Any) -> Any:
    """Every text in a JSON value without control characters; a word too long for a line may be broken."""
    if isinstance(value, str):
        text = _CONTROL.sub("", value.replace("\t", " "))
        return _LONG.sub("\\1\u200b", text) if len(text) > 40 else text
    if isinstance(value, list | tuple):
        return [tidy(v) for v in value]
    if isinstance(value, dict):
        return {k: tidy(v) for k, v in value.items()}
    return value


class Coverage:
    """Remembers which characters ``shows`` said yes and no to."""

    def __init__(self, shows: Callable[[str], bool]) -> None:
        self._shows = shows
        self._known: dict[str, bool] = {"\u200b": True}

    def fit(self, text: str) -> tuple[str, int]:
        """The text with a box for each character the fonts lack, and how many there were."""
        tries = 0
        missing = set()
        for char in sorted(set(_UNUSUAL.findall(text))):
            if char not in self._known and tries < _MOST_TRIES:
                tries += 1
                self._known[char] = unicodedata.category(char) not in _NEVER and self._shows(char)
            if not self._known.get(char, False):
                missing.add(char)
        if not missing:
            return text, 0
        lost = sum(text.count(char) for char in missing)
        return text.translate({ord(char): BOX for char in missing}), lost

    def fit_plainly(self, text: str) -> tuple[str, int]:
        """The text with a box for every unusual character."""
        return _UNUSUAL.subn(BOX, text)
