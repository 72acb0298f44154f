"""Where a form keeps its grades: one row a judged area or question, one cell a stage or a person who grades.

A grade is whatever has ``part = "grade"``: words, a choice of a council's own words, or a score. A judged section that has
none and that is scored once is graded by that score.
"""

from dataclasses import dataclass, replace

from mailflow.form.definition import FormDefinition, FormField, FormSection, Kind, Part

_ORDER = ("pre", "practitioner", "", "post")


@dataclass(frozen=True)
class GradeRow:
    """The grade fields of one judged thing, the one that counts last. ``title`` is its heading, ``domain`` that of a section."""

    title: str
    section: str
    domain: bool
    fields: tuple[FormField, ...]

    @property
    def own(self) -> tuple[FormField, ...]:
        """The auditor's, without those of the practitioner."""
        return tuple(f for f in self.fields if not by_practitioner(f))

    @property
    def last(self) -> tuple[FormField, ...]:
        """What the audit's grade may stand in: the auditor's, of the last stage."""
        return tuple(f for f in self.own if f.stage != "pre")


def by_practitioner(f: FormField) -> bool:
    """Is this the practitioner's column of a grade or score that is given twice (F4-GRD-01)?"""
    graded = f.part is Part.GRADE or f.kind in (Kind.GRADE, Kind.SCORE)
    return graded and "practitioner" in (f.stage, f.id.rpartition(".")[2])


def stage_of(f: FormField) -> str:
    """"pre", "practitioner", "post", or "" for the only grade there is, or the auditor's."""
    return "practitioner" if by_practitioner(f) else f.stage


def grade_rows(form: FormDefinition) -> tuple[GradeRow, ...]:
    """Every judged thing of the form in page order. A section that grades each of its questions has a row for each."""
    return tuple(row for s in form.sections for row in rows_of(s))


def areas_of(form: FormDefinition) -> tuple[FormSection, ...]:
    """What is judged, each with its own evidence and grade: a section, or each question of one whose questions have both."""
    return tuple(area for s in form.domains for area in _areas(s))


def _areas(section: FormSection) -> tuple[FormSection, ...]:
    labels = {f.item: f.label for f in section.by_part(Part.EVIDENCE) if f.item}
    if len(labels) < 2 or set(labels) != {f.item for f in section.by_part(Part.GRADE)}:
        return (section,)
    return tuple(replace(section, title=label, tables=(), fields=tuple(f for f in section.fields if f.item == item))
                 for item, label in labels.items())


def rows_of(section: FormSection) -> tuple[GradeRow, ...]:
    fields = sorted(section.by_part(Part.GRADE) or _one_score(section), key=_place)
    if not fields:
        return ()
    items: dict[str, list[FormField]] = {}
    for f in fields:
        items.setdefault(f.item or f.id, []).append(f)
    stages = [stage_of(f) for f in fields]
    if len(items) == 1 or len(stages) == len(set(stages)):
        return (GradeRow(section.title, section.id, section.domain, tuple(fields)),)
    labels = {f.item or f.id: f.label for f in section.fields if f in fields}
    return tuple(GradeRow(label, section.id, section.domain, tuple(items[item])) for item, label in labels.items())


def _one_score(section: FormSection) -> tuple[FormField, ...]:
    """The section's only score, with the practitioner's own beside it."""
    scores = section.by_part(Part.SCORE)
    return scores if section.domain and len([f for f in scores if not by_practitioner(f)]) == 1 else ()


def _place(f: FormField) -> int:
    return _ORDER.index(stage_of(f)) if stage_of(f) in _ORDER else _ORDER.index("")


def overall_row(form: FormDefinition) -> GradeRow | None:
    """The first grade outside the judged sections; None in a form that has none."""
    return next((row for row in grade_rows(form) if not row.domain and row.own), None)
