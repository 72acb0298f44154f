"""The allocation sheet (DOC-25): who audits what, for the QA team."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from mailflow.model import Audit, Case, Document, Person
from outbox import words
from outbox.sheets.actions import XLSX
from outbox.sheets.leaves import Leaf, make_leaves
from outbox.sheets.workbook import make_workbook

_HEADINGS = (("Auditor", 28), ("Address", 40), ("Reference", 14), ("Case number", 16), ("Category", 12), ("Team", 28),
             ("Due", 32), ("QA contacts family", 22), ("Told", 34))
_RED = "RED: QA team rings"
# What stands in the column of those who were told, by the letter they had.
_TOLD_AS = {"OUT-05": "practitioner", "OUT-06": "team manager", "OUT-07": "chair or service manager"}


def compose_allocation(lines: Iterable[tuple[Audit, Case, Person | None]], cycle: str, at: datetime, marking: str = "",
                       told: Mapping[str, tuple[str, ...]] | None = None) -> Document:
    """One row an audit, by auditor and reference. Where QA contacts the family, a word says so and a colour too (G-07).

    ``told`` are the letters that told others of each audit, by reference, as "OUT-06 address".
    """
    ordered = sorted(lines, key=lambda line: (line[2].name if line[2] else "", line[0].ref))
    rows = [(person.name if person else "Not in the directory", audit.auditor, audit.ref, case.number, case.category,
             case.team, words.day(audit.due_on), _RED if case.qa_contacts_family else "No",
             _told_words((told or {}).get(audit.ref, ())))
            for audit, case, person in ordered]
    title = f"Allocations {words.month_of(cycle)}"
    data = make_leaves(title, [Leaf(title, _HEADINGS, rows, frozenset({_RED}))], at, marking)
    return Document(f"allocation-{cycle}.xlsx", XLSX, data)


def compose_differences(kind: str, lines: Iterable[tuple[str, int, str]], at: datetime) -> Document:
    """Everything a sheet of the council's changed, a row each; ``kind`` is "people" or "cases"."""
    rows = [(what, str(row) if row else "", said) for what, row, said in lines]
    headings = (("What", 14), ("Row", 8), ("Who or which, and what changed", 90))
    return Document(f"differences-{kind}.xlsx", XLSX, make_workbook(f"Differences in {kind}", headings, rows, at))


def _told_words(letters: tuple[str, ...]) -> str:
    """"practitioner, team manager", in the order of the letters; who was not told is not named."""
    parts = dict.fromkeys(as_ for code, as_ in _TOLD_AS.items() if any(x.startswith(code) for x in letters))
    return ", ".join(parts).capitalize() or "Nobody besides the auditor"
