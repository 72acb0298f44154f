"""How labels are compared: flattened, and as content words. Reading and carrying over must agree on it."""

import re
import unicodedata
from functools import lru_cache

# Texts longer than this are nobody's label; the longest label we know has about 300 characters.
LONGEST_LABEL = 400
_NOT_WORDS = re.compile(r"[\W_]+")
# A bare number needs its full stop; behind "Q" or "Question" a dash or a space will do: "Q.5 Is", "Question 5 Is".
_NUMBERING = re.compile(
    r"^\s*(?:q(?:uestion)?[\s.]*\d{1,2}(?:\.\d{1,2})*(?:\s*[.):\-–]+\s+|\s+)|\d{1,2}(?:\.\d{1,2})*\s*[.):]\s+)", re.IGNORECASE)
# Words that carry no meaning of their own in a label.
SMALL_WORDS = frozenset("""
    a an and any are as at be been by can could did do does for from had has have how i if in is it its may of on or our please s
    should so t than that the their them there these they this to was we were what when where which who why will with would you your
""".split())  # noqa: SIM905  (a list of single words reads worse)


def flat(text: str) -> str:
    """Text as labels are compared: no case, no punctuation, no numbering, single spaces."""
    return _flat_kept(text) if len(text) <= LONGEST_LABEL else _flatten(text)


def _flatten(text: str) -> str:
    plain = _NUMBERING.sub("", unicodedata.normalize("NFKC", text))
    return _NOT_WORDS.sub(" ", plain.casefold()).strip()


# Labels come back in every form, so the short texts met are kept; nobody's long evidence is.
_flat_kept = lru_cache(maxsize=8192)(_flatten)


@lru_cache(maxsize=8192)
def content_words(text: str) -> str:
    """The words that carry meaning, each once, in alphabetical order: "date start" for "The start date"."""
    words = set(flat(text).split())
    return " ".join(sorted((words - SMALL_WORDS) or words))


def likeness(a: frozenset[str], b: frozenset[str]) -> float:
    """How much two sets of content words agree, 0 to 1 (Dice)."""
    return 2 * len(a & b) / (len(a) + len(b)) if a and b else 0.0
