"""Grades as the checks ask for them; what they mean stands in ``mailflow.grading``."""

from typing import TYPE_CHECKING

from mailflow.form.definition import FormField
from mailflow.form.grades import by_practitioner
from mailflow.grading import scales_of

if TYPE_CHECKING:
    from mailflow.process.checks.look import Look

__all__ = ["by_practitioner", "is_low", "offered", "target"]


def offered(look: "Look", f: FormField) -> str:
    """The grades there are, the best first."""
    scales = scales_of(look.scene.framework, any(s.id == f.section and s.domain for s in look.form.sections))
    words = [b.printed for b in reversed(scales[0].bands)] if scales else []
    return " or ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def is_low(look: "Look", grade: str) -> bool:
    """Is it a grade that needs improvement (``grades.improvement_max_rank``)?"""
    return 0 < look.rank(grade) <= look.scene.framework.grades.improvement_max_rank


def target(look: "Look") -> str:
    """What the work should get to: the first grade that needs no improvement, in words."""
    bands = [b for s in scales_of(look.scene.framework, domain=False)[:1] for b in s.bands]
    most = look.scene.framework.grades.improvement_max_rank
    return next((b.printed for b in bands if b.rank > most), bands[-1].printed if bands else "")
