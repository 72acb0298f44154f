"""A reading's answers as documents print them: graded sections, and the rows of the improvement plan."""

from dataclasses import dataclass

from mailflow.form.definition import FormDefinition, FormField, FormSection, Kind, Part
from mailflow.model import Answer, Reading

_STAGES = ("pre", "", "post")


def find_grades(section: FormSection) -> tuple[FormField, ...]:
    """The section's grade questions, the first stage first."""
    fields = [f for f in section.by_part(Part.GRADE) if f.kind is Kind.GRADE]
    return tuple(sorted(fields, key=lambda f: _STAGES.index(f.stage) if f.stage in _STAGES else 1))


def settled(answer: Answer | None) -> str:
    """The settled value, else the words as they stand; "" where there is nothing."""
    return "" if answer is None else answer.value or answer.text


def find_actions(form: FormDefinition, reading: Reading) -> tuple["Action", ...]:
    """Every row of the form's tables that holds an action; rows without any text are left out."""
    found = []
    for table in form.tables:
        if "text" not in {c.id.split(".")[-1] for c in table.columns}:
            continue
        for row in reading.rows.get(table.id, ()):
            cells = {name: settled(row.get(f"{table.id}.{name}") or row.get(name))
                     for name in ("text", "owner", "due", "priority")}
            if any(cells.values()):
                found.append(Action(**cells))
    return tuple(found)


@dataclass(frozen=True)
class Action:
    """One row of the improvement plan; ``due`` is ISO where it was a date, else as written."""

    text: str
    owner: str = ""
    due: str = ""
    priority: str = ""
