"""What a form's grades mean under a framework: the band, the rank, and the words that letters and reports print.

A layer of its own, below the rooms: process decides by it and outbox prints it, and both must say the same.
"""

from collections.abc import Iterator, Sequence

from mailflow.form.definition import FormDefinition, FormField, Kind, Part
from mailflow.form.grades import GradeRow, by_practitioner, grade_rows, overall_row, stage_of
from mailflow.framework import Facts, Framework
from mailflow.framework.scales import Band, Scale, find_band
from mailflow.model import Answer, Audit, Case, Reading

NOT_APPLICABLE, NOT_GIVEN, NO_CELL = "Not applicable", "Not given", "–"
_STAGES = {"pre": "Before", "post": "After", "practitioner": "Practitioner"}


def is_graded(framework: Framework, type_: str) -> bool:
    """Has this kind of audit grades (``types.<t>.graded``)? One the profile does not name has."""
    kind = framework.types.get(type_)
    return kind is None or kind.graded


def scales_of(framework: Framework, domain: bool) -> tuple[Scale, ...]:
    """The scales a grade may be on, nearest first: ``section_scale`` in judged sections, ``scale`` elsewhere."""
    rules = framework.grades
    names = (rules.section_scale, rules.scale) if domain else (rules.scale, rules.section_scale)
    return tuple(rules.scales[name] for name in dict.fromkeys(names) if name in rules.scales)


def band_of(framework: Framework, value: str, domain: bool = False) -> Band | None:
    """The band of a settled answer or of a grade's name; None where no scale of the profile knows it."""
    return next((b for s in scales_of(framework, domain) if value and (b := find_band(s, value))), None)


def rank_of(framework: Framework, grade: str) -> int:
    """1 is the lowest; 0 where there is no grade."""
    band = band_of(framework, grade)
    return band.rank if band else 0


def overall_grade(framework: Framework, form: FormDefinition, reading: Reading) -> str:
    """The audit's grade by its name ("requires_improvement"): the auditor's, after the last stage; "" where there is none.

    What the practitioner gave is never the audit's grade (F4-GRD-01).
    """
    row = overall_row(form)
    return row_grade(framework, row, reading) if row else ""


def row_grade(framework: Framework, row: GradeRow, reading: Reading, stage: str = "") -> str:
    """One row's grade by its name, of that stage, or without one the last that counts; "" where there is none."""
    fields = [f for f in row.own if f.stage == stage] if stage else row.last
    for f in reversed(fields):
        answer = reading.answers.get(f.id)
        band = band_of(framework, answer.value or "", row.domain) if answer else None
        if band:
            return band.grade
    return ""


def say_band(framework: Framework, grade: str) -> str:
    """A grade's name in the framework's words, "" for none; what no scale knows is said as it stands."""
    band = band_of(framework, grade)
    return band.printed if band else grade


def say_overall(framework: Framework, form: FormDefinition, reading: Reading | None, grade: str) -> str:
    """``grade`` in words, with the number where the form gave one for it: "Good (7 of 10)"."""
    row = overall_row(form) if reading and grade else None
    if row and reading and row_grade(framework, row, reading) == grade:
        return _say_row(framework, form, row, reading)
    return say_band(framework, grade)


def _say_row(framework: Framework, form: FormDefinition, row: GradeRow, reading: Reading) -> str:
    said = [words for f in reversed(row.last) if (words := say_cell(framework, form, row, f, reading)) != NOT_GIVEN]
    return said[0] if said else ""


def say_cell(framework: Framework, form: FormDefinition, row: GradeRow, f: FormField, reading: Reading) -> str:
    """What one cell of the grades says; what was not settled is told as it was written."""
    answer = reading.answers.get(f.id)
    if answer is None or not (answer.value or answer.text).strip():
        return NOT_GIVEN
    if answer.value == "not_applicable":
        return NOT_APPLICABLE
    band = band_of(framework, answer.value or "", row.domain)
    if band is None:
        return answer.value or answer.text
    number = answer if f.kind is Kind.SCORE else _beside(framework, form, row, reading)
    return f"{band.printed} ({_out_of(framework, number, row)})" if number else band.printed


def _beside(framework: Framework, form: FormDefinition, row: GradeRow, reading: Reading) -> Answer | None:
    """The one score that stands beside the words of a grade in its section, on the same scale as the sections'."""
    tops = {s.out_of for s in scales_of(framework, row.domain) if s.out_of}
    if len(row.own) > 1:
        return None
    fields = [f for s in form.sections if s.id == row.section for f in s.by_part(Part.SCORE)
              if f.scale and f.scale[-1] in tops and not by_practitioner(f)]
    answer = reading.answers.get(fields[0].id) if len(fields) == 1 else None
    return answer if answer and answer.value and answer.value.isdigit() else None


def _out_of(framework: Framework, answer: Answer, row: GradeRow) -> str:
    tops = [s.out_of for s in scales_of(framework, row.domain) if s.out_of and find_band(s, answer.value or "")]
    return f"{answer.value} of {tops[0]}" if tops else str(answer.value)


def stages_of(rows: Sequence[GradeRow]) -> tuple[str, ...]:
    """Every stage the rows have, in the order they are given."""
    order = ("pre", "practitioner", "", "post")
    found = {stage_of(f) for row in rows for f in row.fields}
    return tuple(s for s in order if s in found) + tuple(sorted(found - set(order)))


def grade_table(framework: Framework, form: FormDefinition, reading: Reading) -> tuple[tuple[str, ...], ...]:
    """The grades as a table in words, headings first; empty in a form without grades. A stage that a row has not is "–"."""
    rows = grade_rows(form)
    stages = stages_of(rows)
    one = "Auditor" if "practitioner" in stages else "Grade"
    heads = ("Area", *(_STAGES.get(s, s.capitalize() or one) for s in stages))
    return (heads, *(tuple(_line(framework, form, row, stages, reading)) for row in rows)) if rows else ()


def _line(framework: Framework, form: FormDefinition, row: GradeRow, stages: Sequence[str], reading: Reading) -> Iterator[str]:
    fields = {stage_of(f): f for f in row.fields}
    yield row.title
    for stage in stages:
        yield say_cell(framework, form, row, fields[stage], reading) if stage in fields else NO_CELL


def when_facts(framework: Framework, audit: Audit, case: Case, grade: str) -> Facts:
    """What the profile's conditions may ask about this audit."""
    rank = rank_of(framework, grade)
    return Facts(grade, rank, audit.level, audit.type, case.service, case.category,
                 needs_second_reaudit=rank == 1 and audit.level == 1, outcomes_not_achieved=rank == 1 and audit.level == 2)
