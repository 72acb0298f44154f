"""Scores → the number on the field's scale, as text (CHK-015, CHK-016). Half marks and ranges are for a person to decide."""

import re
from decimal import Decimal

from parsers.settle.said import Settled, bare, doubts, unlabelled

_WORDS = {word: str(n) for n, word in enumerate(
    ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"))} | {"nought": "0"}
_NUMBER = r"(?<![\w.])-?[0-9]{1,3}(?:\.[0-9]{1,2})?(?![\w%])"
_NUMBERS = re.compile(_NUMBER)
_HALVES = {"½": ".5", "¼": ".25", "¾": ".75"}
_OUT_OF = re.compile(rf"({_NUMBER})\s*(?:/|out of|of)\s*([0-9]{{1,3}})(?![\w.])", re.IGNORECASE)
# "Three (3)" says one thing twice.
_TWICE = re.compile(rf"({_NUMBER})[\s(=]+\1\)?")
_HALF = re.compile(rf"({_NUMBER})\s+and (?:a )?(half|quarter)", re.IGNORECASE)
_BETWEEN = re.compile(
    rf"(?:between\s+|either\s+)?({_NUMBER})\s*(?:-+|/|,|&|\+|\bto\b|\bor\b|\band\b)\s*({_NUMBER})", re.IGNORECASE)
_FIRST = re.compile(rf"({_NUMBER})(?P<sep>\s*[:;,.(=\n]\s*|\s+-+\s*|-+\s+|\s+)", re.IGNORECASE)
# What counts, measures or shades the number before it, so that it is no score.
_NO_SCORE = re.compile(
    r"[^a-z]|(?:hours?|days?|weeks?|months?|years?|visits?|times|points?|stars?|out|of|per|children|siblings?|ish|plus|minus|half|if|or|to"
    r"|depend\w*|nearly|almost|bordering|borderline)\b", re.IGNORECASE)
# Another score behind it: "4, was 3", "4 (3 for recording)", "4 but nearer 5".
_ANOTHER = re.compile(
    r"(?:^|\b(?:or|to|was|now|but|maybe|perhaps|nearer|nearly|almost|rather|like|than|towards|possibly|also)\s+(?:a\s+|to\s+)?)[0-9]"
    r"|[0-9]\s*(?:for\b|/\s*[0-9]|out of)", re.IGNORECASE)
_LEGEND = re.compile(r"\s*([0-9]{1,2})\W*(.*)", re.DOTALL)


def settle_score(scale: tuple[int, ...], whole: bool, legend: tuple[str, ...], text: str) -> Settled:
    """The score as text ("4"). ``scale`` is (lowest, highest), () where the form prints none; ``legend`` its printed words
    ("1 No, not at all"). ``text`` is cleaned and neither blank nor "not applicable"."""
    return _Judge(scale, whole, legend).typed(text)


def open_score(scale: tuple[int, ...], whole: bool, text: str) -> Settled:
    """No score, and the scores named in the text as candidates."""
    return _Judge(scale, whole, ()).undecided(text)


class _Judge:
    """One field's scale and legend; every method takes text in which number words are figures."""

    def __init__(self, scale: tuple[int, ...], whole: bool, legend: tuple[str, ...]) -> None:
        self.low: int | None = scale[0] if scale else None
        self.high: int | None = scale[-1] if scale else None
        self.whole = whole
        found = [hit for words in legend if (hit := _LEGEND.match(words))]
        self.legend = {_key(hit[2]): hit[1] for hit in found if _key(hit[2])}

    def typed(self, text: str) -> Settled:
        flat = bare(unlabelled(bare(text)))
        if number := self.legend.get(_key(flat)):
            return self.number(number)
        flat = _figures(flat)
        if _NUMBERS.fullmatch(flat):
            return self.number(flat)
        if part := _HALF.match(flat):
            return self.number(part[1] + (".5" if part[2].lower() == "half" else ".25"))
        if of := _OUT_OF.match(flat):
            return self.out_of(of[1], of[2], flat[of.end():])
        if twice := _TWICE.fullmatch(flat):
            return self.number(twice[1])
        if _BETWEEN.match(flat):
            return self.undecided(flat)
        return self.with_reason(flat)

    def number(self, number: str) -> Settled:
        value = Decimal(number)
        if self.low is not None and self.high is not None and not self.low <= value <= self.high:
            return Settled(None, "out_of_scale")
        if value == int(value):
            return Settled(str(int(value)))
        if not self.whole:
            return Settled(f"{value.normalize():f}")
        return Settled(None, "not_whole", (str(int(value)), str(int(value) + 1)))

    def out_of(self, number: str, top: str, reason: str) -> Settled:
        """"4/5": a score only where the lower figure is the top of the scale; else two scores, or another scale."""
        if self.high is None or int(top) == self.high:
            settled = self.number(number)
            counts = reason[:1] == " " and reason[1:2].isalpha() and _NO_SCORE.match(reason[1:])
            return self.undecided(number) if settled.value and (counts or _takes_back(bare(reason))) else settled
        two = self.undecided(f"{number} {top}")
        return two if len(two.candidates) == 2 else Settled(None, "out_of_scale")

    def with_reason(self, flat: str) -> Settled:
        """"4 - mostly" and "4 Mostly", unless the words count something, name another score or are another's legend."""
        first = _FIRST.match(flat)
        if not first:
            return self.undecided(flat)
        reason = flat[first.end():]
        meant = self.legend.get(_key(reason), first[1])
        if meant != first[1]:
            return self.undecided(f"{first[1]} {meant}")
        if (not first["sep"].strip() and _NO_SCORE.match(reason)) or _takes_back(reason):
            return self.undecided(flat)
        return self.number(first[1])

    def undecided(self, flat: str) -> Settled:
        """No score; the candidates are the scores the text names."""
        settled = [self.number(n.lstrip("-")) for n in _NUMBERS.findall(re.sub(r"(?<=[0-9])-", " ", _figures(flat)))]
        named = {value for s in settled for value in ((s.value,) if s.value else s.candidates)}
        candidates = tuple(sorted(named, key=Decimal))
        return Settled(None, "between_scores" if len(candidates) > 1 else "unknown_score", candidates)


def _takes_back(reason: str) -> bool:
    return doubts(reason) or bool(_ANOTHER.search(reason))


def _figures(text: str) -> str:
    """Number words and halves as figures: "Four and a half" → "4 and a half", "3½" → "3.5"."""
    for half, decimal in _HALVES.items():
        text = re.sub(rf"(?<=[0-9])\s?{half}", decimal, text)
    return re.sub(r"[A-Za-z]+", lambda word: _WORDS.get(word[0].lower(), word[0]), text)


def _key(words: str) -> str:
    return " ".join(re.findall(r"\w+", words.casefold()))
