"""Where a form keeps its actions, whatever its columns are called: what, by whom, by when, and how soon as a letter."""

from collections.abc import Iterator, Mapping

from mailflow.form.definition import FormDefinition, FormField, FormTable, Kind
from mailflow.model import Action, Answer, Reading

# Other spellings of the names that columns and header fields are asked for by.
NAMES = {
    "audit_start": "started", "meeting_date": "met", "action": "text", "who": "owner", "by_who": "owner", "by_whom": "owner",
    "when": "due", "by_when": "due", "case_id": "case_number",
}


def name_of(f: FormField) -> str:
    """The name a field is asked for by: "header.started" and "audit_start" are both "started"."""
    name = f.id.rpartition(".")[2]
    return NAMES.get(name, name)


def column_name(column: FormField) -> str:
    """The same for a column; one whose choices are single letters says how soon."""
    letters = column.kind == Kind.CHOICE and bool(column.choices) and all(len(c) == 1 for c in column.choices)
    return "priority" if letters else name_of(column)


def action_columns(table: FormTable) -> dict[str, str]:
    """Name → the column's id within the table; empty for a table that holds no actions."""
    columns = {column_name(c): c.id.rpartition(".")[2] for c in table.columns}
    return columns if "text" in columns and {"due", "priority"} & set(columns) else {}


def row_number(row: Mapping[str, Answer], place: int) -> int:
    """The row as printed: blank rows are left out of a reading, but each answer still names its own."""
    for answer in row.values():
        bits = answer.field.split(".")
        if len(bits) == 3 and bits[1].isdigit():
            return int(bits[1])
    return place


def find_actions(form: FormDefinition, reading: Reading) -> tuple[Action, ...]:
    """Every row of the form's action tables that says anything, numbered as they come."""
    return tuple(Action(n, c["text"], c["owner"], c["due"], c["priority"]) for n, c in enumerate(_cells(form, reading), 1))


def _cells(form: FormDefinition, reading: Reading) -> Iterator[dict[str, str]]:
    for table in form.tables:
        columns = action_columns(table)
        for row in reading.rows.get(table.id, ()) if columns else ():
            answers = {name: row.get(c) or row.get(f"{table.id}.{c}") for name, c in columns.items()}
            cells = {name: _said(answers.get(name)) for name in ("text", "owner", "due", "priority")}
            if any(cells.values()):
                yield cells | {"priority": cells["priority"].upper() if len(cells["priority"]) == 1 else cells["priority"]}


def _said(answer: Answer | None) -> str:
    return "" if answer is None else (answer.value or answer.text).strip()
