"""What a reading says, asked by part and never by field id: grades, strengths, actions, concern."""

import re
from dataclasses import dataclass

from mailflow.form.definition import FormDefinition, FormField, FormSection, Kind, Part
from mailflow.framework import Facts
from mailflow.model import Answer, Audit, Case, Reading

RANKS = {"inadequate": 1, "requires_improvement": 2, "good": 3, "outstanding": 4}
# A telephone number in what people write: at least eight digits, spaces and brackets between them.
_PHONE = re.compile(r"(?:\+|00)?\(?\d[\d\s().-]{6,18}\d")
_STAGES = ("pre", "", "post")
_TICKED = ("yes", "y", "true", "☒", "☑", "✓", "✔", "x")
_NOT_TICKED = ("no", "n", "none", "not", "nil", "false", "☐", "-", "n/a")


def _graded(section: FormSection) -> tuple[FormField, ...]:
    """The section's grades, first stage first."""
    fields = [f for f in section.by_part(Part.GRADE) if f.kind is Kind.GRADE]
    return tuple(sorted(fields, key=lambda f: _STAGES.index(f.stage) if f.stage in _STAGES else 1))


def _settled(answer: Answer | None) -> str:
    return "" if answer is None else answer.value or answer.text


def overall_grade(form: FormDefinition, reading: Reading) -> str:
    """The canonical overall grade after the last stage; "" where there is none or it was not settled."""
    for section in form.sections:
        if not section.domain and _graded(section):
            answer = reading.answers.get(_graded(section)[-1].id)
            return answer.value if answer and answer.value in RANKS else ""
    return ""


def grade_rows(form: FormDefinition, reading: Reading) -> tuple[tuple[str, str, str], ...]:
    """(title, grade before, grade after) of every graded section; the one grade of a one-stage form stands last."""
    rows = []
    for section in form.sections:
        fields = _graded(section)
        if fields:
            values = [_settled(reading.answers.get(f.id)) for f in fields]
            rows.append((section.title, values[0] if len(values) > 1 else "", values[-1]))
    return tuple(rows)


def strengths(form: FormDefinition, reading: Reading, most: int = 3) -> tuple[tuple[str, str], ...]:
    """(section title, what was done well), the best-graded sections first."""
    found = []
    for place, section in enumerate(form.sections):
        text = " ".join(reading.answer(f.id) for f in section.by_part(Part.STRENGTHS)).strip()
        if text and text.lower() not in ("not applicable", "n/a", "none"):
            grades = [RANKS.get(_settled(reading.answers.get(f.id)), 0) for f in _graded(section)]
            found.append((-(grades[-1] if grades else 0), place, section.title, text))
    return tuple((title, text) for _, _, title, text in sorted(found)[:most])


def actions(reading: Reading) -> tuple[tuple[str, str, str], ...]:
    """(action, by whom, by when) of every row that has any text; a settled date is ISO, anything else as written."""
    rows = []
    for row in reading.rows.get("actions", ()):
        cells = tuple(_settled(row.get(c) or row.get(f"actions.{c}")) for c in ("text", "owner", "due"))
        if any(cells):
            rows.append((cells[0], cells[1], cells[2]))
    return tuple(rows)


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


def when_facts(audit: Audit, case: Case, grade: str) -> Facts:
    """What the profile's conditions may ask about this audit."""
    poor = grade == "inadequate"
    return Facts(grade, RANKS.get(grade, 0), audit.level, audit.type, case.service, case.category,
                 needs_second_reaudit=poor and audit.level == 1, outcomes_not_achieved=poor and audit.level == 2)
