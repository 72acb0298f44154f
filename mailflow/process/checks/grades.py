"""Grades: their rank (domain 2.3) and where a form keeps the overall one."""

from mailflow.form.definition import FormDefinition, FormField, Kind, Part
from mailflow.model import Reading

RANKS = {"inadequate": 1, "requires_improvement": 2, "good": 3, "outstanding": 4}


def grade_of(reading: Reading, form: FormDefinition) -> str:
    """The canonical overall grade after the conversation ("requires_improvement"), "" where there is none."""
    for f in overall_fields(form):
        answer = reading.answers.get(f.id)
        if answer and answer.value in RANKS:
            return answer.value
    return ""


def overall_fields(form: FormDefinition, stage: str = "") -> tuple[FormField, ...]:
    """Grade fields outside the judged sections: those of the stage, or without one every field but "pre".

    Where the practitioner grades too, theirs is not the audit's grade.
    """
    fields = tuple(f for s in form.sections if not s.domain for f in s.by_part(Part.GRADE) if not by_practitioner(f))
    return tuple(f for f in fields if (f.stage == stage if stage else f.stage != "pre"))


def by_practitioner(f: FormField) -> bool:
    """Is this the practitioner's column of a grade or score that is given twice (F4-GRD-01)?"""
    return f.kind in (Kind.GRADE, Kind.SCORE) and "practitioner" in (f.stage, f.id.rpartition(".")[2])


def grade_words(grade: str) -> str:
    """requires_improvement → Requires improvement."""
    return grade.replace("_", " ").capitalize()
