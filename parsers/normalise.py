"""Grade words, dates, choices → values, settling only what a careful person would settle (domain 2.3, 4.2, 4.3)."""

import re
from functools import lru_cache

from mailflow.form.definition import FormField, Kind
from parsers.dates import parse_date

NOT_APPLICABLE = "not_applicable"
# Keys are in lower case without spaces and dots (domain 2.3). Anything else is not guessed (CHK-019).
GRADES = {
    "o": "outstanding", "os": "outstanding", "outstanding": "outstanding",
    "g": "good", "good": "good",
    "ri": "requires_improvement", "rig": "requires_improvement", "requiresimprovement": "requires_improvement",
    "requiresimprovementtobegood": "requires_improvement",
    "i": "inadequate", "ia": "inadequate", "inad": "inadequate", "inadequate": "inadequate",
    "doesnotmeet": "inadequate",
}
_NOT_APPLICABLE = frozenset((
    "na", "n/a", "n.a", "n\\a", "not applicable", "notapplicable", "not relevant", "does not apply", "non applicable",
))
# "Not applicable" with its reason behind it.
_WITH_REASON = re.compile(
    r"(?:n\s?[./\\]\s?a\b|na\b(?=\s*[-–—:,;.(])|not applicable\b|does not apply\b)"
    r"\s*(?:[-–—:,;.(\n]|(?:because|as|since|for|to|in|here)\b)",
    re.IGNORECASE,
)
_YES = frozenset(("yes", "y", "yeah", "yep", "true", "☒ yes", "yes ☒", "yes x", "x yes"))
_NO = frozenset(("no", "n", "nope", "none", "nil", "no concern", "no concerns", "no immediate concern", "false",
                 "no immediate concerns", "☒ no", "no ☒", "no x", "x no"))
# A word with which somebody takes back the "no" they began with.
_BUT = re.compile(r"\b(?:but|however|although|though|except|unless|yet|worr\w*|risk\w*|unsafe|unsure|not sure)\b", re.I)
_SEPARATOR = re.compile(r"\s*[-–—:,;.(\n]\s*")
_TICKED, _UNTICKED = "☒☑✓✔⊠🗹", "☐□▢⬜"
_TICK_PIECES = re.compile(f"([{_TICKED}{_UNTICKED}])")


def settle(field: FormField, text: str) -> tuple[str | None, str]:
    """(value, trouble) as on :class:`mailflow.model.Answer`; (None, "") for a blank.

    Grades: inadequate, requires_improvement, good, outstanding, not_applicable. Dates: ISO. Choices: as the form lists
    them, in lower case. Text: as it stands, or not_applicable.
    """
    stripped = text.strip()
    if not stripped:
        return None, ""
    if field.kind in (Kind.TEXT, Kind.NOTES):
        return (NOT_APPLICABLE if _says_not_applicable(stripped) else stripped), ""
    settle_it = _settle_kept if len(stripped) <= _SHORT else _settle_short
    return settle_it(field.kind, field.choices, stripped)


def _settle_short(kind: Kind, choices: tuple[str, ...], text: str) -> tuple[str | None, str]:
    if _says_not_applicable(text):
        return NOT_APPLICABLE, ""
    if kind == Kind.DATE:
        return parse_date(text)
    chosen = _ticked(text)
    if kind == Kind.GRADE:
        grade = GRADES.get(re.sub(r"[\s.]", "", chosen).casefold())
        return (grade, "") if grade else (None, "unknown_grade")
    choice = _find_choice(choices, chosen)
    return (choice, "") if choice else (None, "unknown_choice")


# The same few words come back in every form, so they are settled once.
_SHORT = 40
_settle_kept = lru_cache(maxsize=4096)(_settle_short)


def _says_not_applicable(text: str) -> bool:
    # Every long answer passes here: its first letter usually settles it.
    if text[0] not in "nNdD":
        return False
    return text.casefold().strip(" .") in _NOT_APPLICABLE or bool(_WITH_REASON.match(text))


def _ticked(text: str) -> str:
    """Of printed choices with boxes, the words beside the one box that is ticked; any other text as it is."""
    pieces = _TICK_PIECES.split(text)
    if len(pieces) < 3:
        return text
    marks, words = pieces[1::2], pieces[0::2]
    # The words stand behind their box, or before it where the line starts with words.
    beside = words[1:] if not words[0].strip() else words[:-1]
    chosen = [word.strip(" \t\n/|") for mark, word in zip(marks, beside, strict=False) if mark in _TICKED]
    return chosen[0] if len(chosen) == 1 else text


def _find_choice(choices: tuple[str, ...], text: str) -> str:
    """The choice in lower case; "" where nobody could be sure."""
    flat = " ".join(text.casefold().split()).strip(" .!")
    known = {c.casefold(): c.casefold() for c in choices}
    if flat in known:
        return known[flat]
    if "yes" in known and flat in _YES:
        return "yes"
    if "no" in known and flat in _NO:
        return "no"
    return _leading_choice(known, flat)


def _leading_choice(known: dict[str, str], flat: str) -> str:
    """"Yes - rang the manager" is a yes; "No, but she seemed afraid" and "Yes / No" are for a person."""
    for choice in known:
        rest = flat[len(choice):]
        separator = _SEPARATOR.match(rest)
        if flat.startswith(choice) and separator:
            after = rest[separator.end():]
            others = any(re.match(rf"{re.escape(o)}\b", after) for o in known if o != choice)
            takes_back = choice == "no" and _BUT.search(after)
            return "" if others or takes_back else choice
    return ""
