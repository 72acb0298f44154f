"""Scored questions: the score and the notes of one question belong together by ``FormField.item`` (domain section 4, "item").

A form without scores has no items, and every check that asks for them stays silent.
"""

import re
from bisect import bisect_right

from mailflow.form.definition import FormField, FormSection, Kind
from mailflow.form.grades import by_practitioner
from mailflow.grading import scales_of
from mailflow.process.checks.look import Look, is_na
from mailflow.process.checks.seen import Item
from mailflow.process.checks.text import clip, has_reason, listed

_NUMBER = re.compile(r"q\d{1,3}[a-z]?")
# A question with a condition in it says itself when it does not apply.
_CONDITION = re.compile(r"\b(?:if|where|when)\b", re.IGNORECASE)


def items(look: Look) -> tuple[Item, ...]:
    """Every scored question in page order; what the practitioner, the family or the panel scored is not the auditor's item."""
    return look.items


def domain_scores(look: Look) -> tuple[FormField, ...]:
    """The scores of the judged sections: what the share of "Not applicable" is counted of."""
    judged = {s.id for s in look.areas}
    return tuple(f for item in items(look) if item.section in judged for f in item.scores)


def lowest(look: Look, item: Item) -> int | None:
    """The lowest score given, None where there is none."""
    values = [look.answer(f.id).value for f in item.scores]
    numbers = [float(v) for v in values if v and v[0].isdigit()]
    return int(min(numbers)) if numbers else None


def without_notes(look: Look, item: Item) -> bool:
    """Are there boxes for notes, all of them found and all of them blank?"""
    return bool(item.notes) and all(look.is_blank(f) for f in item.notes)


def unexplained(look: Look, section: FormSection) -> tuple[Item, ...]:
    """Questions of a section that are marked "Not applicable" with no reason, though nothing in their words allows for it."""
    return tuple(item for item in items(look) if item.section == section.id and _left_out(look, item))


def _left_out(look: Look, item: Item) -> bool:
    fields = (*item.scores, *item.notes)
    if not all(is_na(look.answer(f.id)) for f in item.scores) or any(has_reason(look.text(f.id)) for f in fields):
        return False
    return not any(f.when is not None or _CONDITION.search(f"{f.label} {f.hint}") for f in fields)


def question(look: Look, f: FormField) -> str:
    """The question's number as printed ("Q5A"), else its first words."""
    number = next((part for part in (*f.id.split("."), f.item) if _NUMBER.fullmatch(part)), "")
    return number.upper() or look.label(f)


def questions(look: Look, fields: tuple[FormField, ...]) -> str:
    """"Q1, Q2 and 5 more": short enough for a point of 25 words."""
    return clip(listed(list(dict.fromkeys(question(look, f) for f in fields)), 7), 10, 80)


def numbered(f: FormField) -> bool:
    """Is the question known by a number ("Q5")?"""
    return any(_NUMBER.fullmatch(part) for part in (*f.id.split("."), f.item))


def pairs(look: Look) -> tuple[tuple[FormField, FormField], ...]:
    """Each grade or score the practitioner gives, and the auditor's beside it: the same question in another column, or the
    other score of the section."""
    ours = [f for f in look.typed_fields if not by_practitioner(f)]
    found = []
    for theirs in (f for f in look.typed_fields if by_practitioner(f)):
        stem = theirs.id.rpartition(".")[0]
        match = next((f for f in ours if f.kind == theirs.kind and f.id.rpartition(".")[0] == stem), None)
        found += [(theirs, match)] if match else []
    return tuple(found)


def rank_of(look: Look, f: FormField) -> int:
    """The rank of a grade or score, on the profile's scales or as a mean of 1-5 (``resp5``); 0 where there is none."""
    value = look.answer(f.id).value or ""
    if f.kind is Kind.SCORE and f.scale == (1, 5) and not _on_scale(look, f):
        return mean_rank(look, float(value)) if value[:1].isdigit() else 0
    return scale_rank(look, f)


def scale_rank(look: Look, f: FormField) -> int:
    """The rank on a scale of the profile (``[grades.scales]``); of a score only where a scale counts as far."""
    band = look.band(f) if f.kind is not Kind.SCORE or _on_scale(look, f) else None
    return band.rank if band else 0


def _on_scale(look: Look, f: FormField) -> bool:
    tops = {s.out_of for s in scales_of(look.scene.framework, look.form.section(f.section).domain)}
    return bool(f.scale) and f.scale[-1] in tops


def mean_rank(look: Look, mean: float) -> int:
    """The rank 1-4 of a mean of scores 1-5: ``grades.resp5_bands`` are the least means of ranks 2, 3 and 4 (domain 2.3)."""
    return bisect_right(look.scene.framework.grades.resp5_bands, mean) + 1


def overall_score_rank(look: Look) -> int:
    """The lowest rank of a score on a scale of the profile that stands outside the judged sections, 0 where there is none
    (F2-GRD-02)."""
    judged = {s.id for s in look.areas}
    ours = [f for item in items(look) if item.section not in judged for f in item.scores]
    return min((r for f in ours if (r := scale_rank(look, f))), default=0)
