"""Scored questions: the score and the notes of one question belong together by ``FormField.item`` (domain section 4, "item").

A form without scores has no items, and every check that asks for them stays silent.
"""

import re
from dataclasses import dataclass

from mailflow.form.definition import FormField, FormSection, Part
from mailflow.process.checks.grades import by_practitioner
from mailflow.process.checks.look import Look, is_na
from mailflow.process.checks.text import clip, has_reason, listed

_NUMBER = re.compile(r"q\d{1,3}[a-z]?")
# A question with a condition in it says itself when it does not apply.
_CONDITION = re.compile(r"\b(?:if|where|when)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Item:
    """One question: its score fields (three where it has parts A, B and C) and the notes beside them."""

    id: str
    section: str
    scores: tuple[FormField, ...]
    notes: tuple[FormField, ...]


def items(look: Look) -> tuple[Item, ...]:
    """Every scored question in page order; what the practitioner scored is not the auditor's item."""
    scored: dict[str, list[FormField]] = {}
    for f in look.typed_fields:
        if f.part == Part.SCORE and not by_practitioner(f):
            scored.setdefault(f.item or f.id, []).append(f)
    notes = [f for f in look.typed_fields if f.part == Part.NOTES and f.item]
    return tuple(Item(i, fields[0].section, tuple(fields), tuple(n for n in notes if n.item == i)) for i, fields in scored.items())


def domain_scores(look: Look) -> tuple[FormField, ...]:
    """The scores of the judged sections: what the share of "Not applicable" is counted of."""
    judged = {s.id for s in look.form.domains}
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
    said = [look.answer(f.id) for f in item.scores]
    fields = (*item.scores, *item.notes)
    reason = any(has_reason(look.text(f.id)) for f in fields)
    return all(is_na(a) for a in said) and not reason and not any(_CONDITION.search(f"{f.label} {f.hint}") for f in fields)


def question(look: Look, f: FormField) -> str:
    """The question's number as printed ("Q5A"), else its first words."""
    number = next((part for part in (*f.id.split("."), f.item) if _NUMBER.fullmatch(part)), "")
    return number.upper() or look.label(f)


def questions(look: Look, fields: tuple[FormField, ...]) -> str:
    """"Q1, Q2 and 5 more": short enough for a point of 25 words."""
    return clip(listed(list(dict.fromkeys(question(look, f) for f in fields)), 7), 10, 80)
