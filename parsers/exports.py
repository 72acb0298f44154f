"""A reading told as exports of plain values, for forms that say how (``[[exports]]`` in form.toml).

A grade or a choice is told twice: ``rating_raw`` as it stands there, ``rating`` as it is settled.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from mailflow.form.definition import FormDefinition, FormExport, FormField, FormTable, Kind
from mailflow.model import Answer, Reading
from parsers.settle.canonical import canonical

_YES_NO = {"yes": True, "no": False}
Plain = dict[str, Any]


def make_exports(form: FormDefinition, reading: Reading) -> dict[str, Any]:
    """Record name → its values; nothing for a form that has no exports."""
    return {r.name: _SHAPES[r.shape](form, reading, r) for r in form.exports}


def _fields(form: FormDefinition, reading: Reading, export: FormExport) -> Plain:
    found: Plain = {}
    for f in _of(form, export):
        # What we would have printed stands only in a form we sent.
        if not f.prefilled or f.id in reading.answers:
            found |= _told(f.id.rpartition(".")[2], f, reading.answers.get(f.id))
    return found


def _rows(form: FormDefinition, reading: Reading, export: FormExport) -> list[Plain]:
    rows: dict[str, Plain] = {}
    for f in _of(form, export):
        row = rows.setdefault(f.item, {export.label: _label(f, reading)} if export.label else {})
        row |= _told(f.id.rpartition(".")[2], f, reading.answers.get(f.id))
    return list(rows.values())


def _questions(form: FormDefinition, reading: Reading, export: FormExport) -> Plain:
    return {_label(f, reading): _value(f, reading.answers.get(f.id)) for f in _of(form, export)}


def _table(form: FormDefinition, reading: Reading, export: FormExport) -> list[Plain]:
    table = next(t for t in form.tables if t.id == export.of)
    found = []
    for row in reading.rows.get(table.id, ()):
        told: Plain = {}
        for column in table.columns:
            name = column.id.rpartition(".")[2]
            if column.required or (name in row and row[name].text):
                told |= _told(name, column, row.get(name))
        found.append(told | _due(table, reading, told))
    return found


_SHAPES: dict[str, Callable[[FormDefinition, Reading, FormExport], Any]] = {
    "fields": _fields, "rows": _rows, "table": _table, "questions": _questions,
}


def _of(form: FormDefinition, export: FormExport) -> list[FormField]:
    return [f for f in form.fields if f.id.startswith(f"{export.of}.")]


def _label(f: FormField, reading: Reading) -> str:
    return reading.labels.get(f.item, f.label)


def _told(name: str, f: FormField, answer: Answer | None) -> Plain:
    if f.kind in (Kind.GRADE, Kind.CHOICE) and not _is_yes_no(f):
        return {f"{name}_raw": (answer.text if answer else "") or None, name: _settled(f, answer)}
    if _is_yes_no(f):
        return {name: _YES_NO.get((answer.value or "") if answer else "", _value(f, answer))}
    return {name: _value(f, answer)}


def _is_yes_no(f: FormField) -> bool:
    return f.kind is Kind.CHOICE and {c.casefold() for c in f.choices} == {"yes", "no"}


def _value(f: FormField, answer: Answer | None) -> str | int | None:
    """The day or the number where one was settled, else the text; None for a blank."""
    settled = _settled(f, answer) if f.kind in (Kind.DATE, Kind.SCORE) else None
    return settled if settled is not None else (answer.text if answer else "") or None


def _settled(f: FormField, answer: Answer | None) -> str | int | None:
    found = canonical(f, answer) if answer is not None else None
    return next(iter(found.values())) if found else None


def _due(table: FormTable, reading: Reading, row: Plain) -> Plain:
    """The due day counted from its letter; an empty table where the letter or the day is not sure."""
    start = reading.answers.get(table.due_from)
    letter = next((str(row[name]) for name in row if row[name] in dict(table.due_days)), "")
    due = next((c.id.rpartition(".")[2] for c in table.columns if c.kind is Kind.DATE), "")
    if not letter or not due or start is None or not start.value:
        return {}
    return {due: (date.fromisoformat(start.value) + timedelta(days=dict(table.due_days)[letter])).isoformat()}
