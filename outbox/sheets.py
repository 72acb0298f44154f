"""The allocation sheet (DOC-25): who audits what, for the QA team."""

from collections.abc import Iterable
from datetime import datetime

from mailflow.model import Audit, Case, Document, Person
from outbox import words
from outbox.actions import XLSX
from outbox.workbook import make_workbook

_HEADINGS = (("Auditor", 28), ("Address", 36), ("Reference", 14), ("Case number", 16), ("Category", 12), ("Team", 28),
             ("Due", 28), ("QA contacts family", 14))


def compose_allocation(lines: Iterable[tuple[Audit, Case, Person | None]], cycle: str, at: datetime,
                       marking: str = "") -> Document:
    """One row an audit, by auditor and reference; the flag for the family is a word, never only a colour (HR-05)."""
    ordered = sorted(lines, key=lambda line: (line[2].name if line[2] else "", line[0].ref))
    rows = [(person.name if person else "Not in the directory", audit.auditor, audit.ref, case.number, case.category,
             case.team, words.day(audit.due_on), "Yes" if case.qa_contacts_family else "No")
            for audit, case, person in ordered]
    data = make_workbook(f"Allocations {words.month_of(cycle)}", _HEADINGS, rows, at, marking)
    return Document(f"allocation-{cycle}.xlsx", XLSX, data)
