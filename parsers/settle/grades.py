"""Grade words → the four grades (domain 2.3, CHK-019). Nothing that names two, or leaves one open, is settled."""

import re

from parsers.settle.said import Settled, bare, doubts, part, slips, unlabelled

# Keys are in lower case without spaces, dots and hyphens (domain 2.3). Anything else is not guessed.
GRADES = {
    "o": "outstanding", "os": "outstanding", "outstanding": "outstanding",
    "g": "good", "good": "good",
    "ri": "requires_improvement", "r/i": "requires_improvement", "rig": "requires_improvement",
    "requiresimprovement": "requires_improvement", "requiresimprovementtobegood": "requires_improvement",
    "ritobegood": "requires_improvement",
    "i": "inadequate", "ia": "inadequate", "inad": "inadequate", "inadequate": "inadequate",
    "doesnotmeet": "inadequate",
}
# The order in which candidates are named.
ORDER = ("inadequate", "requires_improvement", "good", "outstanding")
# Words long enough that one or two wrong letters leave no doubt which was meant, as they are written.
_LONG = {
    ("outstanding",): "outstanding", ("inadequate",): "inadequate", ("requires", "improvement"): "requires_improvement",
    ("requiresimprovement",): "requires_improvement",
    ("requires", "improvement", "to", "be", "good"): "requires_improvement",
}
_SLIP_LENGTH, _MOST_SLIPS = 6, 2
# A grade named in passing. "Not good" names none; the short forms of one or two letters may be initials there.
_NAMED = re.compile(
    r"\b(?P<no>(?:not|isn't|wasn't) )?(?:(?P<outstanding>outstanding)|(?P<good>good)|(?P<inadequate>inad(?:equate)?)"
    r"|(?P<requires_improvement>r[./]? ?i\.?(?: to be good)?(?!\w)|rig|requir\w{0,3}[ -]improv\w*(?: to be good)?"
    r"|requiresimprov\w*))\b(?![ -]practice)", re.IGNORECASE)
_PIECES = re.compile(
    r"\s*(?:[,;:/&+()\n]|\s-+\s|\.\s|\b(?:and|or|to|with|but|moving|towards?|between|nearly|now|was)\b)\s*", re.IGNORECASE)
_SIDES = re.compile(r"\s*[/|,;\n]\s*")
_WORDS = re.compile(r"[A-Za-z]+(?:[ \n-][A-Za-z]+)*")
_AFTER = re.compile(r"\s+(?:overall|grade|rating|judge?ment)$", re.IGNORECASE)


def settle_grade(text: str) -> Settled:
    """The one grade the text gives. ``text`` is cleaned and neither blank nor "not applicable"."""
    if grade := exact_grade(text):
        return Settled(grade)
    head, reason = part(unlabelled(bare(text)))
    grade = exact_grade(head)
    if grade and reason and not doubts(reason) and not set(named_grades(reason, denied=True)) - {grade}:
        return Settled(grade)
    alike = [exact_grade(piece) for piece in _SIDES.split(bare(text)) if piece]
    if len(alike) > 1 and len(set(alike)) == 1 and alike[0]:
        # "RI / Requires improvement" says one thing twice.
        return Settled(alike[0])
    return open_grade(text)


def open_grade(text: str) -> Settled:
    return Settled(None, "unknown_grade", named_grades(text))


def exact_grade(text: str) -> str:
    """The grade where the text is a grade word and nothing else but a label round it; "" otherwise."""
    flat = _AFTER.sub("", bare(unlabelled(bare(text))))
    pieces = {GRADES.get(piece, "") for piece in re.split(r"[\s.-]+", flat.casefold())}
    if len(pieces) > 1 and all(pieces):
        # "RI. G" is not RIG.
        return ""
    return GRADES.get(_key(flat), "") or _slipped(flat)


def _key(words: str) -> str:
    # A hyphen at the end is a minus ("Good-"), so only those between letters go.
    return re.sub(r"[\s.]|(?<=\w)-(?=\w)", "", words).casefold()


def _slipped(words: str) -> str:
    """The grade that was misspelt: each word as near as :func:`slips` allows, to one grade only."""
    if not _WORDS.fullmatch(words):
        return ""
    typed = tuple(re.split(r"[\s-]+", words.casefold()))
    found = {grade for wanted, grade in _LONG.items() if _near(typed, wanted)}
    return found.pop() if len(found) == 1 else ""


def _near(typed: tuple[str, ...], wanted: tuple[str, ...]) -> bool:
    def near(a: str, b: str) -> bool:
        return a == b or (len(b) >= _SLIP_LENGTH and slips(a, b, _MOST_SLIPS))
    return len(typed) == len(wanted) and all(map(near, typed, wanted))


def named_grades(text: str, *, denied: bool = False) -> tuple[str, ...]:
    """Every grade the text names, in the order of the scale: as a word anywhere, or as a piece of its own ("G/O").

    ``denied`` counts "not good" too.
    """
    found = {grade for hit in _NAMED.finditer(text) if denied or not hit["no"] for grade in ORDER if hit[grade]}
    found |= set(grade_pieces(text))
    found |= {grade for word in re.findall(r"\w{6,}", text) if (grade := _slipped(word))}
    return tuple(grade for grade in ORDER if grade in found)


def grade_pieces(text: str) -> tuple[str, ...]:
    """The grades that stand between separators or joining words, with nothing else beside them."""
    return tuple(grade for piece in _PIECES.split(text) if piece and (grade := exact_grade(piece)))
