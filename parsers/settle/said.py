"""What people put round an answer: quotation marks, labels, ticks, reasons and doubts. Shared by every kind of answer."""

import re
import unicodedata
from typing import NamedTuple

NOT_APPLICABLE = "not_applicable"


class Settled(NamedTuple):
    """``value`` and ``trouble`` as on :class:`mailflow.model.Answer`; ``candidates`` are what a person may choose from."""

    value: str | None
    trouble: str = ""
    candidates: tuple[str, ...] = ()


# The ``a`` of "n/a" and the like; matched after case and outer full stops are gone.
_NOT_APPLICABLE = frozenset((
    "na", "n/a", "n.a", "n\\a", "not applicable", "notapplicable", "not relevant", "does not apply", "non applicable",
))
# "Not applicable" with its reason behind it.
_WITH_REASON = re.compile(
    r"(?:n\s?[./\\]\s?a\b|na\b(?=\s*[-–—:,;.(])|not applicable\b|does not apply\b)"
    r"\s*(?:[-–—:,;.(\n]|(?:because|as|since|for|to|in|here)\b)",
    re.IGNORECASE,
)
# A dash may be a hyphen, so it parts only beside a space; a full stop or comma may stand inside a number.
_PARTED = re.compile(r"\s*(?:\s[-=]{1,4}\s*|[-=]{1,4}\s|[:;(\n]|[,.](?!\d))\s*|\s+(?:because|as|since|with|due to)\s+(?=\w)", re.I)
_DOUBT = re.compile(
    r"\?|\b(?:tb[cad]|to be (?:confirmed|agreed|decided|discussed|determined)|not (?:really |so |too )?(?:sure|certain|clear yet)"
    r"|unsure|undecided|provisional\w*|pending|subject to|awaiting)\b", re.IGNORECASE)
_LABEL = re.compile(
    r"(?:(?:the|my|our|section|overall|final|auditor(?:'?s)?|practitioner(?:'?s)?)\s+)*"
    r"(?:grad(?:e|ed|ing)|rat(?:e|ed|ing)|scor(?:e|ed)|judge?ment|mark|overall|answer|response|choice|priority|level|option)"
    r"(?:\s+(?:is|of|as|at|given|awarded))*\s*(?:[:=,-]\s*|\s)(?=\S)", re.IGNORECASE)
# Signs of praise say no other grade than the word beside them.
_STRAY = " \t\n\"'`.,;:!*_~|•·⭐🌟★👍👏🎉🙂😊😀"
_DASHES = str.maketrans({"‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "−": "-", "’": "'", "‘": "'", "“": '"', "”": '"',
                         "\u2044": "/", "\u2215": "/", "√": "✓"})
_TICKED, _UNTICKED = "☒☑✓✔⊠🗹✅🗸", "☐□▢⬜"
# Unseen: joiners and the like (category Cf), and the two marks that choose how an emoji is drawn.
_UNSEEN = "\ufe0e\ufe0f"
_BRACKETED = re.compile(r"[\[(]\s*([xX✓✔])\s*[\])]|([\[(])[\s_]*[\])]")
_TICK_PIECES = re.compile(f"([{_TICKED}{_UNTICKED}])")
_BREAKS = re.compile(r" ?\n[ \n]*")
_SPACE = re.compile(r"[^\S\n]+")


def clean(text: str) -> str:
    """One kind of dash and quotation mark, plain letters and digits, single spaces; line breaks stay.

    Raised figures, circled figures and fractions are left as they are: unfolded they would be other numbers.
    """
    kept = (c if unicodedata.category(c) == "No" or c in "…" else unicodedata.normalize("NFKC", c)
            for c in text if unicodedata.category(c) != "Cf" and c not in _UNSEEN)
    return _BREAKS.sub("\n", _SPACE.sub(" ", "".join(kept).translate(_DASHES))).strip()


def bare(text: str) -> str:
    """Without what strays round an answer: quotation marks, full stops, bullets, one pair of brackets round all of it."""
    flat = re.sub(r"^(?:-+ |…)|…$", "", text.strip(_STRAY)).strip(_STRAY)
    if len(flat) > 1 and flat[0] + flat[-1] in ("()", "[]") and not re.search(r"[()\[\]]", flat[1:-1]):
        return flat[1:-1].strip(_STRAY)
    return flat


def unlabelled(text: str) -> str:
    """"Grade: Good" → "Good"; a text that is only a label stays as it is."""
    return _LABEL.sub("", text, count=1) if _LABEL.match(text) else text


def part(text: str) -> tuple[str, str]:
    """(the answer, the reason behind it): split at the first separator, ("Good", "strong direct work")."""
    found = _PARTED.search(text)
    if not found or not found.start():
        return text, ""
    return text[:found.start()], text[found.end():].rstrip(" )")


def doubts(text: str) -> bool:
    """Does the writer take it back or leave it open: a question mark, "TBC", "provisional"?"""
    return bool(_DOUBT.search(text))


def says_not_applicable(text: str) -> bool:
    """"N/A", "Not applicable: the child is two" and the like. ``text`` is stripped and not empty."""
    # Every long answer passes here: its first letter usually settles it.
    if text[0] not in "nNdD":
        return False
    return text.casefold().strip(" .") in _NOT_APPLICABLE or bool(_WITH_REASON.match(text))


def ticked(text: str) -> tuple[str, ...] | None:
    """The words beside every ticked box of a printed list; None for a text without boxes.

    The words stand behind their box, or before it where the text begins with words and ends with a box. A list where
    neither is so says nothing sure, and all its words come back.
    """
    options = _boxed(text)
    if options is None:
        return None
    return tuple(words for mark, words in options if not mark or mark in _TICKED)


def ticked_or_not(text: str) -> tuple[str, ...]:
    """The words beside all boxes; () for a text without any."""
    return tuple(words for _, words in _boxed(text) or ())


def lone_tick(text: str) -> str:
    """The one ticked box a text begins or ends with, or is; "" where there is none or more than one box."""
    marks, bare_text = [c for c in text if c in _TICKED or c in _UNTICKED], text.strip()
    is_one = len(marks) == 1 and marks[0] in _TICKED and marks[0] in (bare_text[0], bare_text[-1])
    return marks[0] if is_one else ""


def _boxed(text: str) -> tuple[tuple[str, str], ...] | None:
    """(box, words) of each option; a box of "" where nobody can say which words are whose."""
    pieces = _TICK_PIECES.split(_BRACKETED.sub(lambda m: "☒" if m.group(1) else "☐", text))
    if len(pieces) < 3:
        return None
    marks, words = pieces[1::2], [_option(w) for w in pieces[0::2]]
    if not bare(words[0]) or words[0].endswith(":"):
        return tuple(zip(marks, words[1:], strict=True))
    if not bare(words[-1]):
        return tuple(zip(marks, words[:-1], strict=True))
    return tuple(("", w) for w in words)


def _option(words: str) -> str:
    return words.strip(" \t\n/|,;")


def slips(word: str, wanted: str, most: int) -> bool:
    """Is one word the other with at most so many slips (a letter wrong, left out, doubled, or two swapped)?

    The first letter must be right: "adequate" is no slip of "inadequate".
    """
    if not word or word[0] != wanted[0] or abs(len(word) - len(wanted)) > most:
        return False
    before: list[int] = []
    row = list(range(len(wanted) + 1))
    for i, letter in enumerate(word, 1):
        older, before, row = before, row, [i]
        for j, other in enumerate(wanted, 1):
            row.append(min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other)))
            if i > 1 and j > 1 and letter == wanted[j - 2] and word[i - 2] == other:
                row[j] = min(row[j], older[j - 2] + 1)
    return row[-1] <= most
