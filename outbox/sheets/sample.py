"""The sample that waits for the QA team, and the list of what stands in its way (OUT-01, OUT-02)."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from mailflow.model import Case, Cycle, Document, Person, Proposal
from outbox import words
from outbox.sheets.actions import XLSX
from outbox.sheets.workbook import make_workbook

_HEADINGS = (("Reference", 14), ("Case number", 16), ("Category", 12), ("Service", 24), ("Team", 28), ("Auditor", 28),
             ("Address", 36))
_PROBLEMS = (("What", 70), ("What to change", 70))


def compose_sample(lines: Iterable[tuple[Proposal, Case, Person | None]], cycle: Cycle, at: datetime,
                   marking: str = "") -> Document:
    """One row an audit that would be, by reference."""
    rows = [(p.ref, case.number, case.category, case.service, case.team,
             person.name if person else "Not in the directory", p.auditor)
            for p, case, person in sorted(lines, key=lambda line: line[0].ref)]
    data = make_workbook(f"Sample {words.month_of(cycle.id)}", _HEADINGS, rows, at, marking)
    return Document(f"sample-{cycle.id}.xlsx", XLSX, data)


def compose_problems(problems: Sequence[tuple[str, str]], cycle: str, at: datetime, marking: str = "") -> Document:
    """One row a problem, with what to do about it."""
    data = make_workbook(f"Problems {words.month_of(cycle)}", _PROBLEMS, problems, at, marking)
    return Document(f"sample-problems-{cycle}.xlsx", XLSX, data)
