"""Grade words, dates, scores, choices → values, settling only what a careful person would settle (domain 2.3, 4.2, 4.3)."""

from functools import lru_cache

from mailflow.form.definition import FormField, Kind
from parsers.settle.choices import open_choice, settle_choice
from parsers.settle.dates import settle_date
from parsers.settle.grades import grade_pieces, named_grades, open_grade, settle_grade
from parsers.settle.said import NOT_APPLICABLE, Settled, clean, says_not_applicable, ticked
from parsers.settle.scores import open_score, settle_score

__all__ = ["NOT_APPLICABLE", "Settled", "judge", "settle"]

_Rules = tuple[Kind, tuple[str, ...], tuple[int, ...], bool]


def settle(field: FormField, text: str) -> tuple[str | None, str]:
    """(value, trouble) of :func:`judge`."""
    found = judge(field, text)
    return found.value, found.trouble


def judge(field: FormField, text: str) -> Settled:
    """(value, trouble, candidates) as on :class:`mailflow.model.Answer`; (None, "", ()) for a blank.

    Grades: inadequate, requires_improvement, good, outstanding, not_applicable. Dates: ISO. Scores: the number as text.
    Choices: as the form lists them, in lower case. Text: as it stands, or not_applicable.
    """
    stripped = text.strip()
    if not stripped:
        return Settled(None)
    if field.kind in (Kind.TEXT, Kind.NOTES):
        return Settled(NOT_APPLICABLE if says_not_applicable(stripped) else stripped)
    settle_it = _settle_kept if len(stripped) <= _SHORT else _settle_short
    return settle_it((field.kind, field.choices, field.scale, field.whole), stripped)


def _settle_short(rules: _Rules, text: str) -> Settled:
    flat = clean(text)
    chosen = ticked(flat)
    if chosen is not None:
        flat = chosen[0] if len(chosen) == 1 else ""
    if not flat:
        return _leave_open(rules, " or ".join(chosen or ()))
    if says_not_applicable(flat) and not (rules[0] == Kind.GRADE and _grades_too(flat)):
        return Settled(NOT_APPLICABLE)
    return _settle_said(rules, flat)


def _grades_too(text: str) -> bool:
    """Does "N/A" stand beside a grade ("N/A, Good"), so that one of the two was meant?"""
    return bool(grade_pieces(text)) or len(named_grades(text)) > 1


def _settle_said(rules: _Rules, text: str) -> Settled:
    kind, choices, scale, whole = rules
    if kind == Kind.DATE:
        return settle_date(text)
    if kind == Kind.GRADE:
        return settle_grade(text)
    if kind == Kind.SCORE:
        return settle_score(scale, whole, choices, text)
    return settle_choice(choices, text)


def _leave_open(rules: _Rules, text: str) -> Settled:
    """No box ticked, or several: nothing is settled, whatever the words beside them."""
    kind, choices, scale, whole = rules
    if kind == Kind.DATE:
        return Settled(None, "bad_date")
    if kind == Kind.GRADE:
        return open_grade(text)
    if kind == Kind.SCORE:
        return open_score(scale, whole, text)
    return open_choice(choices, text)


# The same few words come back in every form, so they are settled once.
_SHORT = 40
_settle_kept = lru_cache(maxsize=4096)(_settle_short)
