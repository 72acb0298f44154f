"""Grades: their rank (domain 2.3), which parts of a form are judged, and where a form keeps the overall grade."""

from bisect import bisect_right
from dataclasses import replace

from mailflow.form.definition import FormDefinition, FormField, FormSection, Kind, Part
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
    fields = tuple(f for s in form.sections if not is_judged(s) for f in s.by_part(Part.GRADE) if not by_practitioner(f))
    return tuple(f for f in fields if (f.stage == stage if stage else f.stage != "pre"))


def by_practitioner(f: FormField) -> bool:
    """Is this the practitioner's column of a grade or score that is given twice (F4-GRD-01)?"""
    return f.kind in (Kind.GRADE, Kind.SCORE) and "practitioner" in (f.stage, f.id.rpartition(".")[2])


def is_judged(section: FormSection) -> bool:
    """A ``domain`` section, or one whose questions are scored with notes beside them and that has a grade of its own."""
    if section.domain:
        return True
    noted = {f.item for f in section.by_part(Part.NOTES)}
    scored = any(f.item in noted for f in section.by_part(Part.SCORE))
    return scored and bool(section.by_part(Part.GRADE))


def areas_of(form: FormDefinition) -> tuple[FormSection, ...]:
    """What is judged, each with its own evidence and grade. A section in which every question has both is one area a
    question, under the question's words."""
    return tuple(area for s in form.sections if is_judged(s) for area in _areas(s))


def _areas(section: FormSection) -> tuple[FormSection, ...]:
    evidence = [f for f in section.by_part(Part.EVIDENCE) if f.item]
    graded = {f.item for f in section.by_part(Part.GRADE)}
    if len(evidence) < 2 or not all(f.item in graded for f in evidence):
        return (section,)
    return tuple(replace(section, title=f.label, tables=(), fields=tuple(x for x in section.fields if x.item == f.item))
                 for f in evidence)


def band(value: float, begins: tuple[float, ...]) -> int:
    """The rank 1-4 of a number: ``begins`` are the least numbers of ranks 2, 3 and 4 (domain 2.3)."""
    return bisect_right(begins, value) + 1


def grade_at(rank: int) -> str:
    """1 → "inadequate"; "" for a rank there is not."""
    return next((grade for grade, r in RANKS.items() if r == rank), "")


def grade_words(grade: str) -> str:
    """requires_improvement → Requires improvement."""
    return grade.replace("_", " ").capitalize()
