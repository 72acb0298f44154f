"""The blank sheets `mailflow init` makes: our headers, one example row each, nothing else (domain 5.1.1)."""

from pathlib import Path

from mailflow.directory.values import CASE_COLUMNS, CASE_REQUIRED, PEOPLE_COLUMNS, PEOPLE_REQUIRED
from mailflow.errors import PermanentError

_NOTES = {
    "email": "the address they write from", "roles": "several, comma-separated: auditor, practitioner, tm, sm, hos, iro, "
    "psw, ad, director, slt, service_leader, deputy_director, safeguarding_review_sm, piam, smt, qa, qa_manager",
    "delegates": "addresses that may send for them", "absent from": "01/09/2026",
    "absent to": "14/09/2026", "external": "yes: outside the council's own domains and still allowed",
    "second email": "tried once when the first address fails", "case number": "the number in your record system; no names",
    "category": "EH, MASH, CIN, CP, LAC, CL or CARER", "open since": "01/02/2026", "restricted": "yes or no",
    "family": "any word brothers and sisters share; no names",
    "QA contacts family": "yes where the QA team rings the family", "nominated auditor": "an address, where one is named",
}


def make_blanks(folder: Path) -> list[Path]:
    """people.xlsx and cases.xlsx; a sheet that stands there already is never overwritten."""
    return [
        _blank(folder / "people.xlsx", "People", PEOPLE_COLUMNS, PEOPLE_REQUIRED),
        _blank(folder / "cases.xlsx", "Cases", CASE_COLUMNS, CASE_REQUIRED),
    ]


def _blank(path: Path, title: str, columns: tuple[str, ...], required: tuple[str, ...]) -> Path:
    import openpyxl
    from openpyxl.comments import Comment
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    if path.exists():
        raise PermanentError(f"{path} is there already and stays as it is")
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for n, column in enumerate(columns, 1):
        cell = sheet.cell(1, n, column)
        cell.font = Font(name="Arial", size=11, bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", fgColor="1F4E5F")
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        words = ("Required. " if column in required else "") + _NOTES.get(column, "")
        if words.strip():
            cell.comment = Comment(words.strip(), "mailflow", width=260, height=80)
        sheet.column_dimensions[get_column_letter(n)].width = 26 if "email" in column else 18
    sheet.freeze_panes = "A2"
    book.save(path)
    return path
