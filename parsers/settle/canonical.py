"""An answer's settled meaning for ``mailflow read --json``: {"grade": "Good"}, {"date": "2018-06-04"}, {"score": 4}."""

from mailflow.form.definition import FormField, Kind
from mailflow.model import Answer
from parsers.settle.said import NOT_APPLICABLE

_KEYS = {Kind.GRADE: "grade", Kind.DATE: "date", Kind.SCORE: "score", Kind.CHOICE: "choice"}
# Spelled as a council's own record of grades has them.
_GRADES = {
    "outstanding": "Outstanding", "good": "Good", "requires_improvement": "Requires Improvement", "inadequate": "Inadequate",
}
_NOT_APPLICABLE = "Not applicable"


def canonical(field: FormField, answer: Answer) -> dict[str, str | int | None] | None:
    """One key, named after the kind of answer; null under it where text stands there and a person must decide.

    None for a blank, and for free text, which has no other meaning than its words. A choice is spelled as the form
    prints it, a score is a number (text only where half marks are allowed and given).
    """
    key = _KEYS.get(field.kind)
    if key is None or not answer.text.strip():
        return None
    return {key: None if answer.value is None else _spelled(field, answer.value)}


def _spelled(field: FormField, value: str) -> str | int:
    if value == NOT_APPLICABLE:
        return _NOT_APPLICABLE
    if field.kind == Kind.GRADE:
        return _GRADES.get(value, value)
    if field.kind == Kind.CHOICE:
        return next((choice for choice in field.choices if choice.casefold() == value), value)
    return int(value) if field.kind == Kind.SCORE and value.isdigit() else value
