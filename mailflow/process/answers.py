"""What a reading says, asked by part and never by field id: strengths, concern."""

import re
from dataclasses import dataclass

from mailflow.form.definition import FormDefinition, Kind, Part
from mailflow.form.grades import rows_of
from mailflow.grading import rank_of, row_grade
from mailflow.model import Answer, Reading
from mailflow.scene import Scene

# A telephone number in what people write: at least eight digits, spaces and brackets between them.
_PHONE = re.compile(r"(?:\+|00)?\(?\d[\d\s().-]{6,18}\d")
_TICKED = ("yes", "y", "true", "☒", "☑", "✓", "✔", "x")
_NOT_TICKED = ("no", "n", "none", "not", "nil", "false", "☐", "-", "n/a")


def strengths(scene: Scene, reading: Reading, most: int = 3) -> tuple[tuple[str, str], ...]:
    """(section title, what was done well), the best-graded sections first."""
    found = []
    for place, section in enumerate(scene.form.sections):
        text = " ".join(reading.answer(f.id) for f in section.by_part(Part.STRENGTHS)).strip()
        if text and text.lower() not in ("not applicable", "n/a", "none"):
            ranks = [rank_of(scene.framework, row_grade(scene.framework, row, reading)) for row in rows_of(section)]
            found.append((-max(ranks, default=0), place, section.title, text))
    return tuple((title, text) for _, _, title, text in sorted(found)[:most])


@dataclass(frozen=True)
class Box:
    """The concern box: ``state`` is "yes", "no", "" (blank) or "unclear"; ``text`` is all that was written there.

    ``phone`` is the telephone number in it, and nothing else: it is printed in letters that name no case detail.
    """

    state: str
    phone: str = ""
    text: str = ""


def concern_box(form: FormDefinition, reading: Reading) -> Box:
    """What the form's own question about an immediate concern says. Anything we can't take for a no is unclear."""
    fields = [f for s in form.sections for f in s.by_part(Part.CONCERN)]
    ticks = [reading.answers.get(f.id) for f in fields if f.kind is Kind.CHOICE]
    texts = [reading.answer(f.id) for f in fields if f.kind is not Kind.CHOICE]
    states = [_tick(a) for a in ticks if a is not None]
    state = next((s for s in ("yes", "unclear", "no") if s in states), "")
    written = " | ".join([a.text for a in ticks if a] + texts)
    phone = _PHONE.search(" ".join(texts))
    return Box(state, phone.group() if phone else "", written)


def _tick(answer: Answer) -> str:
    if answer.value in ("yes", "no", "not_applicable"):
        return "yes" if answer.value == "yes" else "no"
    first = answer.text.strip().lower().replace(",", " ").replace(".", " ").split()
    if not first:
        return ""
    if first[0] in _TICKED:
        return "yes"
    return "no" if first[0] in _NOT_TICKED else "unclear"
