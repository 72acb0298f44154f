"""What an answer is, told from the words round its box: a grade, a score on a scale, a choice, a date, or text."""

import re
from dataclasses import dataclass

from mailflow.form.definition import Kind, Part
from parsers.compile.blank import Is, Place, is_no_choice, tick_choices
from parsers.settle.grades import settle_grade

_GRADE_WORDS = re.compile(r"\b(?:inadequate|requires?\s+improvement|good|outstanding)\b", re.IGNORECASE)
_NUMBERED = re.compile(r"^\s*\(?(\d{1,2})\)?\s*[=:.)\-–]?\s+(\D.*)$", re.MULTILINE)
_RANGE = re.compile(
    r"(?<![\d/])(\d{1,2})\s*(?:\([^)]{1,30}\)\s*)?(?:-|–|—|to)\s*(\d{1,3})"
    r"(?!\d|\s*(?:weeks?|days?|months?|years?|hours?|minutes?))", re.IGNORECASE)
_YES_NO = re.compile(r"\byes\s*[/|,]\s*no\b|\(\s*y\s*/\s*n\s*\)|\by/n\b", re.IGNORECASE)
_NOT_APPLICABLE = re.compile(r"\bn/?a\b|not applicable", re.IGNORECASE)
_RAG = re.compile(r"\brag\b(?: rat(?:ed|ing)| status)?|\br/a/g\b", re.IGNORECASE)
_QUOTED = re.compile(r"[“\"‘']([^“”\"‘’']{1,30})[”\"’']")
_LETTERED = re.compile(r"\b([A-E])\s*[=:]\s*\w")
_DATE = re.compile(
    r"^(?:the\s+)?dates?\b|\bdate(?:\s+of|\s+family|\s+sent|\s+due)?\b|^by when\b|^when\b|\bdue\b|\bd\.?o\.?b\b",
    re.IGNORECASE)
# A figure or word without a scale.
_FIGURE = re.compile(r"(?:\w+['’]?s?:? )?(?:scor(?:e|es|ing)|marks?|rag|status|number|ref(?:erence)?)", re.IGNORECASE)
_GRADED = re.compile(r"\b(?:grades?|grading|rating|judge?ment)\b", re.IGNORECASE)
_ABOUT_A_GRADE = re.compile(r"\b(?:reasons?|why|change|rationale)\b", re.IGNORECASE)
_NOTES = re.compile(r"\b(?:notes?|comments?|commentary|evidence|summary|analysis|strengths?|improvements?|views?|reasons?|why|"
                    r"details?|findings?|themes?|learning|actions?|examples?|describe|explain|rationale)\b|\?", re.IGNORECASE)


_CHOICES = frozenset((
    "yes", "no", "y", "n", "n/a", "na", "not applicable", "not known", "unknown", "partly", "partially", "in part", "some",
    "met", "not met", "partly met", "partially met", "fully met", "unmet", "always", "often", "sometimes", "rarely", "never",
    "red", "amber", "green", "strongly agree", "agree", "neutral", "disagree", "strongly disagree", "high", "medium", "low",
    "poor", "fair", "satisfactory", "excellent", "very good", "weak", "strong", "evident", "not evident", "partially evident",
    "done", "not done", "partial", "partially evidenced", "evidenced", "not evidenced", "don't know", "not sure", "exceeded",
    "completed", "not completed", "in progress", "ongoing", "outstanding", "to some extent", "fully", "not at all", "mostly",
    "true", "false", "limited", "r", "a", "g",
))


@dataclass(frozen=True)
class Meaning:
    """A field's kind with its scale or choices, and what the answer is for."""

    kind: Kind
    choices: tuple[str, ...] = ()
    scale: tuple[int, ...] = ()
    # The words that said so stand with the box or its heading, not only in the label's sound.
    sure: bool = True


def tell_meaning(label: str, legend: str, place: Place) -> Meaning:
    """From the box itself, then the heading's legend, then the label."""
    return _of_control(place) or _of_legend(legend) or _of_legend(label) or _of_words(label, legend)


def tell_column(heading: str, under: list[tuple[str, Place]]) -> Meaning | None:
    """What a column's heading and its boxes say of all its answers; None where each question says it for itself.

    ``under`` are the questions' labels with their boxes below the heading.
    """
    boxes = {_of_control(place) for _, place in under}
    if len(boxes) == 1 and (found := boxes.pop()) is not None:
        return found
    if len(boxes) > 1:
        return None
    found = _of_legend(heading)
    if found is None and re.search(r"\b(?:notes?|comments?|commentary|evidence)\b", heading.split("\n")[0], re.IGNORECASE):
        return Meaning(Kind.NOTES)
    if found is None and not any(_of_legend(label) for label, _ in under):
        said = _of_words("", heading)
        return said if said.kind in (Kind.DATE, Kind.GRADE) or (said.kind is Kind.NOTES and _NOTES.search(heading)) else None
    return found


def is_choice(heading: str) -> bool:
    """Whether a heading is one choice of several, for people to put a cross under."""
    plain = " ".join(heading.casefold().split()).strip(" .:?")
    return plain in _CHOICES or settle_grade(plain).value is not None or bool(re.fullmatch(r"\d{1,2}", plain))


def tell_marks(marks: tuple[str, ...]) -> Meaning:
    """What a cross under one of these headings says."""
    return _of_choices(marks) or Meaning(Kind.CHOICE, marks)


def _of_control(place: Place) -> Meaning | None:
    if place.kind is Is.TICKS:
        return _of_choices(tick_choices(place.text))
    control = place.control
    if control is None:
        return None
    if control.kind == "date":
        return Meaning(Kind.DATE)
    if control.kind == "tick":
        return Meaning(Kind.CHOICE, ("Yes", "No"))
    shown = tuple(s for s, _ in control.items if not is_no_choice(s))
    if control.kind == "choice" and shown:
        return _of_choices(shown)
    return None


def _of_choices(choices: tuple[str, ...]) -> Meaning | None:
    if len(choices) < 2:
        return None
    grades = [c for c in choices if settle_grade(c).value is not None]
    if len(grades) >= 3:
        return Meaning(Kind.GRADE, choices)
    if all(c.strip().isdecimal() for c in choices):
        numbers = [int(c) for c in choices]
        return Meaning(Kind.SCORE, scale=(min(numbers), max(numbers)))
    return Meaning(Kind.CHOICE, choices)


def _of_legend(text: str) -> Meaning | None:
    """A scale, choices or grades spelled out in words."""
    if len({" ".join(w.casefold().split()) for w in _GRADE_WORDS.findall(text)}) >= 3:
        return Meaning(Kind.GRADE)
    numbered = [(int(n), words.strip()) for n, words in _NUMBERED.findall(text)]
    if len(numbered) >= 2:
        numbers = [n for n, _ in numbered]
        if len(numbers) == 3 and numbers == list(range(numbers[0], numbers[0] + 3)):
            return Meaning(Kind.CHOICE, tuple(f"{n} {words}" for n, words in numbered))
        if numbers == sorted(set(numbers)):
            return Meaning(Kind.SCORE, tuple(f"{n} {words}" for n, words in numbered), (numbers[0], numbers[-1]))
    quoted = tuple(dict.fromkeys(_QUOTED.findall(text)))
    if len(quoted) >= 2 and any(q.casefold() in ("yes", "no") for q in quoted):
        return Meaning(Kind.CHOICE, quoted)
    if _YES_NO.search(text):
        return Meaning(Kind.CHOICE, ("Yes", "No", "Not applicable") if _NOT_APPLICABLE.search(text) else ("Yes", "No"))
    lettered = tuple(dict.fromkeys(_LETTERED.findall(text)))
    if len(lettered) >= 2:
        return Meaning(Kind.CHOICE, lettered)
    if listed := _listed(text):
        return listed
    found = _RANGE.search(text)
    if found and int(found[1]) in (0, 1) and int(found[2]) in (3, 4, 5, 6, 7, 10, 100):
        return Meaning(Kind.SCORE, scale=(int(found[1]), int(found[2])))
    ends = re.search(r"\b([01])\s+means\b.*\b(\d{1,2})\s+means\b", text, re.IGNORECASE | re.DOTALL) or re.search(
        r"\(\s*([01])\s+means\b.*?\band\s+(\d{1,2})\s+means\b", text, re.IGNORECASE | re.DOTALL)
    if ends:
        return Meaning(Kind.SCORE, scale=(int(ends[1]), int(ends[2])))
    return None


def _listed(text: str) -> Meaning | None:
    """Choices printed side by side, a line or a bracket to themselves: "Met / Partly met / Not met", "(R/A/G)"."""
    if _RAG.search(text.split("\n")[0]):
        return Meaning(Kind.CHOICE, ("Red", "Amber", "Green"))
    for piece in (*text.split("\n"), *re.findall(r"[(\[]([^()\[\]]+)[)\]]", text)):
        words = tuple(w.strip(" .?*") for w in re.split(r"\s*[/|,;]\s*|\s+or\s+", piece.partition(":")[2] or piece))
        if 2 <= len(words) <= 7 and all(w and (is_choice(w) or w.isdecimal()) for w in words):
            return _of_choices(words)
    return None


def _of_words(label: str, legend: str) -> Meaning:
    first = label.split("\n")[0]
    heading = legend.split("\n")[0]
    if _DATE.search(heading) or (not heading and _DATE.search(first) and len(first.split()) <= 8):
        return Meaning(Kind.DATE, sure=False)
    if heading and _NOTES.search(heading):
        return Meaning(Kind.NOTES, sure=False)
    if _DATE.search(first) and len(first.split()) <= 8:
        return Meaning(Kind.DATE, sure=False)
    said = heading or first
    if _GRADED.search(said) and len(said.split()) <= 8 and not _ABOUT_A_GRADE.search(first):
        return Meaning(Kind.GRADE, sure=False)
    if _FIGURE.fullmatch(said.strip(" ?*:")):
        return Meaning(Kind.TEXT, sure=False)
    if heading or _NOTES.search(first) or len(label.split()) > 5:
        return Meaning(Kind.NOTES, sure=False)
    return Meaning(Kind.TEXT, sure=False)


_PARTS = (
    (re.compile(r"\b(?:immediate|urgent)\b.*\b(?:concern|risk)|child at risk now", re.I), Part.CONCERN),
    (re.compile(r"\bthemes?\b|\blearning\b", re.I), Part.THEMES),
    (re.compile(r"\bstrengths?\b|done well|good practice|what (?:is )?work(?:s|ing|ed) well", re.I), Part.STRENGTHS),
    (re.compile(r"\bimprovements?\b|areas? for development|to get to good|worried about", re.I), Part.IMPROVEMENTS),
)


def tell_part(label: str, heading: str, kind: Kind, is_header: bool) -> Part:
    """What the answer is for, as the checks ask for it."""
    if kind is Kind.GRADE:
        return Part.GRADE
    if kind is Kind.SCORE:
        return Part.SCORE
    if is_header:
        return Part.HEADER
    for pattern, part in _PARTS:
        if pattern.search(heading or label):
            return part
    return Part.NOTES if heading and kind is Kind.NOTES else Part.OTHER
