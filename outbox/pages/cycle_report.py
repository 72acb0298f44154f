"""The report of a cycle as PDF and as a sheet (DOC-20), and the list of audits not completed (DOC-21)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from mailflow.model import Cycle, Document, Missing
from outbox import words
from outbox.pages.report import print_layout
from outbox.sheets.actions import XLSX
from outbox.sheets.workbook import make_workbook

_FIGURES = (("What", 44), ("Service", 34), ("Number", 16))
_MISSING = (("Auditor", 34), ("Service", 30), ("Days overdue", 16), ("Why", 40))


@dataclass(frozen=True)
class Page:
    """What one version of the report shows. ``below``: counts under it are hidden, 0 hides none."""

    cycle: Cycle
    kind: str
    council: str
    marking: str
    heads: tuple[tuple[str, str], ...]
    grades: tuple[tuple[str, str, str], ...]
    below: int
    outages: tuple[str, ...] = ()


def compose_report(page: Page, at: datetime, folders: tuple[Path, ...]) -> Document:
    """The PDF. Raises ConfigError where the layout is wrong."""
    data = print_layout(folders, "cycle-report.typ", gather(page, at))
    return Document(f"cycle-report-{page.cycle.id}.pdf", "application/pdf", data)


def gather(page: Page, at: datetime) -> dict[str, Any]:
    """What the layout prints, as plain JSON values."""
    on, cycle = words.local(at), page.cycle
    about = [["Month", words.month_of(cycle.id)], ["Kind", _capital(page.kind)],
             ["Opened", words.day(cycle.opens_on)], ["Due", words.day(cycle.due_on)]]
    return {
        "title": f"Audits in {words.month_of(cycle.id)}", "council": page.council, "marking": page.marking,
        "date": [on.year, on.month, on.day], "about": [*about, *([["Theme", cycle.theme]] if cycle.theme else [])],
        "heads": [[_capital(name), number] for name, number in page.heads],
        "grades": [[service, words.grade(grade), number] for service, grade, number in page.grades],
        "small": f"Counts from 1 to {page.below - 1} are not shown, nor others from which they could be worked out."
                 if page.below else "", "outages": list(page.outages), "note": "",
    }


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def compose_figures(page: Page, at: datetime) -> Document:
    """The same numbers as a sheet, for the council's own charts."""
    rows = [(_capital(name), "All", number) for name, number in page.heads]
    rows += [(f"Accepted, graded {words.grade(grade)}", service, number) for service, grade, number in page.grades]
    data = make_workbook(f"Audits {words.month_of(page.cycle.id)}", _FIGURES, rows, at, page.marking)
    return Document(f"cycle-figures-{page.cycle.id}.xlsx", XLSX, data)


def compose_missing(missing: Sequence[Missing], cycle: Cycle, at: datetime, marking: str = "") -> Document:
    """One row an audit that was not completed; nothing of the case."""
    rows = [(m.name, m.service or "Not in the directory", str(m.days), m.reason) for m in missing]
    data = make_workbook(f"Not completed {words.month_of(cycle.id)}", _MISSING, rows, at, marking)
    return Document(f"not-completed-{cycle.id}.xlsx", XLSX, data)
