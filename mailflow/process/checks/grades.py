"""Grades as the checks ask for them; what they mean stands in ``mailflow.grading``."""

from typing import TYPE_CHECKING

from mailflow.form.definition import FormField, Part
from mailflow.form.grades import GradeRow, by_practitioner
from mailflow.grading import scales_of

if TYPE_CHECKING:
    from mailflow.process.checks.look import Look

__all__ = ["by_practitioner", "is_low", "offered", "own_improvements", "target"]


def offered(look: "Look", f: FormField) -> str:
    """The grades there are, the best first."""
    scales = scales_of(look.scene.framework, any(s.id == f.section and s.domain for s in look.form.sections))
    words = [b.printed for b in reversed(scales[0].bands)] if scales else []
    return " or ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def own_improvements(look: "Look", row: GradeRow) -> tuple[FormField, ...]:
    """The boxes of a judged section for what needs to change there."""
    return look.form.section(row.section).by_part(Part.IMPROVEMENTS)


def is_low(look: "Look", row: GradeRow) -> bool:
    """Is its rank one that needs improvement (``grades.improvement_max_rank``)?"""
    return 0 < look.rank(look.row_grade(row)) <= look.scene.framework.grades.improvement_max_rank


def target(look: "Look") -> str:
    """What the work should get to: the first grade that needs no improvement, in words."""
    bands = [b for s in scales_of(look.scene.framework, domain=False)[:1] for b in s.bands]
    most = look.scene.framework.grades.improvement_max_rank
    return next((b.printed for b in bands if b.rank > most), bands[-1].printed if bands else "")
