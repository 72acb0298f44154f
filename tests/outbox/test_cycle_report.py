"""The report of a cycle and the list of audits not completed (DOC-20, DOC-21): numbers, and nothing of any case."""

import io
from dataclasses import replace
from datetime import UTC, date, datetime

import openpyxl

from mailflow.framework import framework_folders
from mailflow.model import Cycle, Missing
from outbox.pages.cycle_report import Page, compose_figures, compose_missing, compose_report
from tests.outbox.document_scene import elements, pages_of, text_of

NOW = datetime(2026, 10, 15, 9, 0, tzinfo=UTC)
CYCLE = Cycle("2609", "audit", date(2026, 9, 1), date(2026, 9, 30), date(2026, 9, 30), theme="=Neglect #[1]")
PAGE = Page(CYCLE, "case-file audits", "Northmoor Council", "OFFICIAL", (("allocated", "12"), ("accepted", "10")),
            (("Safeguarding", "good", "8"), ("SEND", "requires_improvement", "fewer than 5")), 5, ("01/09/2026 10:00 to 12:00",))
FOLDERS = framework_folders("framework-2023")


def test_the_pdf_shows_the_figures_the_theme_and_the_outages() -> None:
    made = compose_report(PAGE, NOW, FOLDERS)
    text = " ".join(text_of(made).split())
    assert made.name == "cycle-report-2609.pdf" and "Audits in September 2026" in text
    for words in ("Allocated 12", "Safeguarding Good 8", "SEND Requires improvement fewer than 5", "=Neglect #[1]",
                  "Counts from 1 to 4 are not shown", "01/09/2026 10:00 to 12:00", "OFFICIAL", "Page 1 of 1"):
        assert words in text, words
    assert len(pages_of(made)) == 1 and compose_report(PAGE, NOW, FOLDERS).data == made.data


def test_tables_are_tables_and_an_empty_cycle_says_so() -> None:
    assert [tag for tag, _ in elements(compose_report(PAGE, NOW, FOLDERS)) if tag == "Table"] == ["Table", "Table"]
    empty = replace(PAGE, grades=(), below=0, outages=(), heads=(("allocated", "0"),))
    text = text_of(compose_report(empty, NOW, FOLDERS))
    assert "No accepted audit has a grade" in text and "not shown" not in text and "stood still" not in text


def test_the_sheet_says_the_same_numbers() -> None:
    book = openpyxl.load_workbook(io.BytesIO(compose_figures(PAGE, NOW).data))
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    assert rows == [("What", "Service", "Number"), ("Allocated", "All", "12"), ("Accepted", "All", "10"),
                    ("Accepted, graded Good", "Safeguarding", "8"),
                    ("Accepted, graded Requires improvement", "SEND", "fewer than 5")]


def test_the_list_names_the_auditor_the_days_and_why() -> None:
    missing = (Missing("a@x.example", "=Asha", "Quality", 12, "not returned"),)
    book = openpyxl.load_workbook(io.BytesIO(compose_missing(missing, CYCLE, NOW).data))
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    assert rows[1] == ("=Asha", "Quality", "12", "not returned") and book.worksheets[0]["A2"].data_type == "s"
