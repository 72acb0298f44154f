"""An auditor who completes any form there is, from its definition, in the document that was sent: Word or Excel."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from mailflow.demo.writer import Hand, complete_any, type_in
from mailflow.form.actions import action_columns
from mailflow.form.definition import FormDefinition, FormTable, Kind
from mailflow.form.grades import by_practitioner
from tests.world import World


def complete_form(form: FormDefinition, opened: date, *, grade: str = "Good", score: int = 7, own: int = 6,
                  letters: Sequence[str] = ("B",)) -> tuple[dict[str, str], dict[str, list[dict[str, str]]]]:
    """Answers by field id and rows by table: everything asked of a careful auditor. ``own`` is the practitioner's score."""
    hand = Hand("sharp", opened + timedelta(days=1), opened + timedelta(days=7), opened + timedelta(days=70))
    answers, _ = complete_any(form, hand)
    for n, f in enumerate(form.fields):
        if f.id in answers and f.kind is Kind.GRADE:
            answers[f.id] = grade
        elif f.id in answers and f.kind is Kind.SCORE and not f.feedback:
            number = own if by_practitioner(f) else score
            answers[f.id] = str(number if f.scale[-1] == 10 else min(4 + n % 2, f.scale[-1]))
    return answers, {t.id: [_row(t, n, letter, opened) for n, letter in enumerate(letters)] for t in form.tables if action_columns(t)}


_DEEDS = ("Share the words and pictures story with the school before the next review",
          "Ring the grandmother and offer her a place at the family meeting",
          "Bring the chronology up to date with the events since the spring")


def _row(table: FormTable, n: int, letter: str, opened: date) -> dict[str, str]:
    """An action: its time by a letter where the table has letters, else by a day."""
    columns = action_columns(table)
    cells = {"text": _DEEDS[n % 3], "owner": "Social worker", "priority": letter,
             "due": "" if "priority" in columns else f"{opened + timedelta(days=70):%d/%m/%Y}"}
    return {column: cells[name] for name, column in columns.items() if name in cells}


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
