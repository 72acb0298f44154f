"""An auditor who completes any form there is, from its definition, in the document that was sent: Word or Excel."""

import io
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from openpyxl import load_workbook

from mailflow.demo.pen import fill_in
from mailflow.form.actions import action_columns, name_of
from mailflow.form.definition import FormDefinition, FormField, FormTable, Kind, Part
from mailflow.form.grades import by_practitioner
from tests.world import World

_SAID = (
    "The visits of 3 and 14 July are written up within two days, and the child's words about bedtime changed the plan of 30 July.",
    "Supervision on 5 June asks why school attendance fell. The July note says what was done about it and that it worked.",
    "The assessment of 22 May weighs the father's history with the grandmother's help, and says what would raise the risk again.",
    "At the core group on 7 July the health visitor disagreed; the reasons are in the minutes and were settled a week later.",
    "The chronology ends with the move on 2 August. Only what mattered stands in it, in words the family could follow.",
    "A letter to the school on 12 June asked for a quiet room. It was given, and the child chose the colour of the wall.",
)
# Questions nobody answers who has nothing to say, and those of people who come later.
_LATER = ("moderation",)


def complete_form(form: FormDefinition, opened: date, *, grade: str = "Good", score: int = 7, own: int = 6,
                  letters: Sequence[str] = ("B",)) -> tuple[dict[str, str], dict[str, list[dict[str, str]]]]:
    """Answers by field id and rows by table: everything asked of a careful auditor. ``own`` is the practitioner's score."""
    answers = {f.id: text for n, f in enumerate(form.fields) if not f.prefilled and f.section not in _LATER
               and (text := _answer(f, n, opened, grade, score, own))}
    return answers, {t.id: [_row(t, n, letter, opened) for n, letter in enumerate(letters)] for t in form.tables}


_DEEDS = ("Share the words and pictures story with the school before the next review",
          "Ring the grandmother and offer her a place at the family meeting",
          "Bring the chronology up to date with the events since the spring")


def _row(table: FormTable, n: int, letter: str, opened: date) -> dict[str, str]:
    """An action: its time by a letter where the table has letters, else by a day."""
    columns = action_columns(table)
    cells = {"text": _DEEDS[n % 3], "owner": "Social worker", "priority": letter,
             "due": "" if "priority" in columns else f"{opened + timedelta(days=70):%d/%m/%Y}"}
    return {column: cells[name] for name, column in columns.items() if name in cells}


def _answer(f: FormField, n: int, opened: date, grade: str, score: int, own: int) -> str:
    if f.part is Part.CONCERN:
        return "No" if f.kind is Kind.CHOICE else ""
    if f.kind is Kind.GRADE:
        return grade
    if f.kind is Kind.SCORE:
        number = own if by_practitioner(f) else score
        return str(number if f.scale[-1] == 10 else min(4 + n % 2, f.scale[-1]))
    if f.kind is Kind.DATE:
        return f"{opened + timedelta(days=1 if name_of(f) == 'started' else 7):%d/%m/%Y}" if f.required or f.part is Part.HEADER else ""
    if f.kind is Kind.CHOICE:
        return f.choices[1] if len(f.choices) == 3 else f.choices[0]
    if f.part is Part.HEADER:
        return "K." if f.required else ""
    if f.kind is Kind.TEXT:
        return ""
    return f"{_SAID[n % 6]} ({f.label[:30]}, {f.column or 'notes'} {n})"


def type_in(document: bytes, answers: Mapping[str, str], rows: Mapping[str, Sequence[Mapping[str, str]]]) -> bytes:
    """The document with the answers in it, as the program it is made for would write them."""
    if b"xl/workbook.xml" not in document:
        return fill_in(document, answers, rows)
    book = load_workbook(io.BytesIO(document))
    cells = {"mf_" + "".join(c if c.isalnum() else "_" for c in name): text for name, text in answers.items()}
    cells |= {f"mf_{t}_{n}_{c}": text for t, of in rows.items() for n, row in enumerate(of, 1) for c, text in row.items()}
    for name, text in cells.items():
        (sheet, at), = book.defined_names[name].destinations
        book[sheet][at.replace("$", "")].value = text or None
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def send_back(world: World, ref: str, changes: Mapping[str, str] | None = None,
              rows: Mapping[str, Sequence[Mapping[str, str]]] | None = None, **how: object) -> str:
    """The auditor returns the form they were sent, completed; ``changes`` by field id on top."""
    letter = world.carrier(ref)
    audit = world.audit(ref)
    form = world.house.policy.form.for_category(world.house.get_case(audit).category)
    answers, table = complete_form(form, audit.opens_on, **how)  # type: ignore[arg-type]
    filled = type_in(letter.forms[0], {**answers, **(changes or {})}, rows or table)
    suffix = "xlsx" if b"xl/workbook.xml" in filled else "docx"
    return world.write(audit.auditor, "Here is my audit.", answers=letter,
                       documents=[(f"Audit {ref}.{suffix}", filled)])
