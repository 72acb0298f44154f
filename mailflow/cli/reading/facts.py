"""A reading as plain values for other programs: one JSON object a document, its keys always the same and in this order."""

import json
from typing import Any

from mailflow.cli.reading.findings import Fields, column_id, every_answer, list_findings
from mailflow.form.definition import FormDefinition, FormTable
from mailflow.model import Answer, Reading, Status
from parsers.exports import make_exports
from parsers.settle.canonical import canonical

ACTIONS = "actions"
# Some programs take these for the end of a line, which JSON Lines must not have inside one.
_LINE_ENDS = str.maketrans({"\u0085": "\\u0085", "\u2028": "\\u2028", "\u2029": "\\u2029"})


class Teller:
    """Tells readings of these forms. Looks the questions up once and not for every document."""

    def __init__(self, forms: tuple[FormDefinition, ...]) -> None:
        self._forms = {(f.id, f.edition): f for f in reversed(forms)}
        self._by_id = {f.id: f for f in reversed(forms)}
        self._fields: dict[int, Fields] = {
            id(f): {x.id: x for x in (*f.fields, *(c for t in f.tables for c in t.columns))} for f in forms
        }

    def find_form(self, form_id: str | None, edition: str | None) -> FormDefinition | None:
        """The form a document was read by; a passport may name an edition we do not have."""
        return self._forms.get((form_id or "", edition or "")) or self._by_id.get(form_id or "")

    def tell(self, name: str, digest: str | None, reading: Reading) -> dict[str, Any]:
        """Everything one document was read as. ``digest``: of its bytes and of what they were read by, for going on."""
        readable = reading.status is Status.READABLE
        form = self.find_form(reading.form, reading.edition) if readable else None
        fields = self._fields[id(form)] if form is not None else {}
        columns = {t.id: _column_names(t) for t in form.tables} if form is not None else {}
        rows = {table: _plain_rows(found, columns.get(table, ())) for table, found in reading.rows.items()}
        return {
            "file": name, "status": reading.status.value,
            "reason": None if readable else reading.reason or reading.status.value,
            "words": None if readable else reading.words,
            "form": reading.form or None, "edition": reading.edition or None,
            "answers": _answers(reading, form), "canonical": _canonical(reading, fields),
            "actions": rows.pop(ACTIONS, []), "tables": rows,
            "tracked_changes": reading.tracked_changes, "comments": reading.comments,
            "leftover": [{"place": x.place, "text": x.text} for x in reading.leftovers],
            "findings": list_findings(reading, form, fields),
            "places": {a.field: {"place": a.place, "found_by": a.found_by.value, "sure": a.sure}
                       for a in every_answer(reading)},
            "reference": reading.passport.ref if reading.passport else reading.printed_ref or None,
            "digest": digest,
        } | (make_exports(form, reading) if form is not None else {})


def as_json(facts: Any, indent: int | None = None) -> str:
    """JSON that any terminal or file can hold: half a character from a damaged document is written as its escape."""
    text = json.dumps(facts, ensure_ascii=False, indent=indent)
    try:
        text.encode()
    except UnicodeEncodeError:
        text = json.dumps(facts, indent=indent)
    return text.translate(_LINE_ENDS) if not text.isascii() else text


def _column_names(table: FormTable) -> tuple[str, ...]:
    return tuple(c.id.rpartition(".")[2] for c in table.columns)


def _plain_rows(rows: tuple[dict[str, Answer], ...], columns: tuple[str, ...]) -> list[dict[str, str | None]]:
    """Column id → text, None where blank or not located; wholly blank rows are left out."""
    plain = [{c: (row[c].text if c in row else "") or None for c in dict.fromkeys((*columns, *row))} for row in rows]
    return [row for row in plain if any(row.values())]


def _answers(reading: Reading, form: FormDefinition | None) -> dict[str, str | None]:
    """Every question of the form and every cell printed in its tables; None where blank or not located."""
    found: dict[str, str | None] = {}
    if form is not None:
        found = {f.id: None for f in form.fields}
        for table in form.tables:
            typed = {a.field.split(".")[1] for row in reading.rows.get(table.id, ()) for a in row.values()}
            numbers = dict.fromkeys((*(str(n) for n in range(1, table.rows + 1)), *sorted(typed, key=_as_number)))
            found |= {f"{table.id}.{n}.{column}": None for n in numbers for column in _column_names(table)}
    return found | {a.field: a.text or None for a in every_answer(reading)}


def _as_number(text: str) -> int:
    return int(text) if text.isdecimal() else 0


def _canonical(reading: Reading, fields: Fields) -> dict[str, dict[str, str | int | None]]:
    """Field or cell id → what it is settled to, in page order; blanks and plain text have no entry."""
    found = {}
    for answer in every_answer(reading):
        f = fields.get(column_id(answer.field))
        settled = canonical(f, answer) if f is not None else None
        if settled is not None:
            found[answer.field] = settled
    return found
