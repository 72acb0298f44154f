"""Grades as the checks ask for them; what they mean stands in ``mailflow.grading``."""

from mailflow.form.definition import FormDefinition, FormField
from mailflow.form.grades import by_practitioner, grade_rows

__all__ = ["by_practitioner", "grade_words", "overall_fields"]


def overall_fields(form: FormDefinition, stage: str = "") -> tuple[FormField, ...]:
    """Grade fields outside the judged sections: those of the stage, or without one every field but "pre".

    Where the practitioner grades too, theirs is not the audit's grade.
    """
    fields = tuple(f for row in grade_rows(form) if not row.domain for f in row.own)
    return tuple(f for f in fields if (f.stage == stage if stage else f.stage != "pre"))


def grade_words(grade: str) -> str:
    """requires_improvement → Requires improvement."""
    return grade.replace("_", " ").capitalize()
