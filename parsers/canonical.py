"""A settled answer in the spelling other programs are told: a grade, a day or a choice under its own name."""

from mailflow.form.definition import FormField, Kind
from mailflow.model import Answer

_NAMES = {Kind.GRADE: "grade", Kind.DATE: "date", Kind.CHOICE: "choice"}


def canonical(field: FormField, answer: Answer) -> dict[str, str | int | None] | None:
    """{"grade": "Requires Improvement"}, {"date": "2026-06-17"}, {"choice": "yes"}; a value of None is for a person to say.

    None for a blank, and for text, which means what it says.
    """
    name = _NAMES.get(field.kind)
    if name is None or not answer.text:
        return None
    value = answer.value
    return {name: value.replace("_", " ").title() if value and field.kind is Kind.GRADE else value}
