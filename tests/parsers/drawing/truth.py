"""What a careful person reads from a drawn form: every answer by field, and each table's rows in page order."""

from mailflow.form.definition import FormDefinition, FormField
from mailflow.model import Reading
from parsers.read import read_document
from tests.parsers.drawing.look import Look
from tests.parsers.drawing.sheet import Values, draw, last_row
from tests.parsers.pages import make_docx

TICKS = ("☒", "☑", "✓", "✔", "⊠", "🗹", "✅", "🗸", "√")
Truth = tuple[dict[str, str], dict[str, list[dict[str, str]]]]


def truth(form: FormDefinition, values: Values, look: Look) -> Truth:
    """Blank rows are left out; a section that was not drawn has no answers and no rows."""
    prompts = {p for p in (*form.prompts, *(f.prompt for f in form.fields)) if p}
    prompts |= {c.prompt for t in form.tables for c in t.columns if c.prompt}
    drawn = [form.section(name) for name in look.sections]

    def said(field_id: str) -> str:
        text = values.get(field_id, "").strip()
        return "" if text in prompts else text

    answers = {f.id: _ticked(f, said(f.id)) for s in drawn for f in s.fields}
    rows: dict[str, list[dict[str, str]]] = {t.id: [] for t in form.tables}
    for t in (t for s in drawn for t in s.tables):
        names = [c.id.rpartition(".")[2] for c in t.columns]
        all_rows = [{name: said(f"{t.id}.{n}.{name}") for name in names} for n in range(1, last_row(t, values) + 1)]
        rows[t.id] = [r for r in all_rows if any(r.values())]
    return answers, rows


def _ticked(f: FormField, text: str) -> str:
    """A tick alone where a choice is asked for says yes."""
    return next((c for c in f.choices if c.casefold() == "yes"), text) if text in TICKS else text


def read_as(reading: Reading) -> Truth:
    """A reading in the same shape; a question that was not located has no answer."""
    rows = {name: [{k: a.text for k, a in r.items()} for r in found] for name, found in reading.rows.items()}
    return {k: a.text for k, a in reading.answers.items()}, rows


def check_reading(form: FormDefinition, look: Look, values: Values) -> None:
    """Draws the form, reads it and holds the two together: every answer, every row, nothing left over but edited labels."""
    reading = read_document(make_docx(draw(form, values, look)), "form.docx", (form,))
    (wanted, wanted_rows), (found, found_rows) = truth(form, values, look), read_as(reading)
    wrong = {k: (text, found.get(k)) for k, text in wanted.items() if found.get(k) != text}
    wrong |= {k: ("", text) for k, text in found.items() if text and k not in wanted}
    assert wrong == {}
    assert found_rows == wanted_rows
    edited = tuple(look.relabel.values())
    assert [left for left in reading.leftovers if not left.text.endswith(edited)] == []
