"""Councils that send workbooks."""

from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.worksheet.datavalidation import DataValidation

from tests.parsers.councils.pen import Pen, Way


class SheetPen(Pen):
    """Draws on worksheets; rows and columns from 1. What is written goes to the sheet that was begun last."""

    sheet: Any = None

    @classmethod
    def begin(cls, way: Way) -> "SheetPen":
        pen = cls(way, Workbook())
        pen.document.remove(pen.document.active)
        return pen

    def page(self, title: str) -> Any:
        self.sheet = self.document.create_sheet(title)
        return self.sheet

    def put(self, row: int, column: int, *texts: Any) -> None:
        for n, text in enumerate(texts):
            if text != "":
                self.sheet.cell(row, column + n, text)

    def choose(self, cells: str, *choices: str) -> None:
        """A drop-down over some cells."""
        rule = DataValidation(type="list", formula1='"' + ",".join(choices) + '"')
        self.sheet.add_data_validation(rule)
        rule.add(cells)

    def ask_rows(self, row: int, column: int, rows: Sequence[tuple[str, str]], kind: str = "") -> int:
        """Label beside box, one a row; gives the next row."""
        for label, answer in rows:
            self.put(row, column, self.label(label), self.say(label, answer, kind=kind))
            row += 1
        return row

    def ask_matrix(self, row: int, column: int, headings: Sequence[str], rows: Sequence[Sequence[str]], kinds: Sequence[str] = ()) -> int:
        self.put(row, column, *headings)
        for label, *answers in self.ordered(rows):
            row += 1
            self.put(row, column, self.label(label))
            for n, answer in enumerate(answers):
                self.put(row, column + 1 + n, self.say(label, answer, headings[n + 1], kinds[n] if kinds else ""))
        return row + 1

    def ask_actions(self, row: int, column: int, headings: Sequence[str], rows: Sequence[Sequence[str]], blank: int = 3, start: int = 0) -> None:
        self.put(row, column, *headings)
        filled = [] if self.way is Way.BLANK else list(rows) + ([tuple(f"{a} again" for a in rows[0])] * (blank + 2) if self.way is Way.ROWS else [])
        for n in range(max(len(rows) + blank, len(filled))):
            if start:
                self.put(row + 1 + n, column, n + 1)
            if n < len(filled):
                self.put(row + 1 + n, column + start, *filled[n])
                self.rows.append(dict(zip(headings[start:], filled[n], strict=True)))


def draw_book_of_sheets(pen: SheetPen) -> None:
    """Instructions on a sheet of their own, details, one sheet a theme, actions, and lists on a hidden sheet."""
    pen.page("Read me")
    for n, line in enumerate(("How to use this workbook", "Fill in the yellow cells only and do not add any columns.", "Send it back by the last Friday of the month."), 1):
        pen.put(n, 1, line)
    pen.page("Details")
    pen.put(1, 1, "Monthly case audit")
    pen.ask_rows(3, 1, [("Case ID", "4410"), ("Auditor", "Rae Holt"), ("Date of audit", "12/06/2026"), ("Team", "Dale")])
    for title, asked in (("Voice", ("Is the child seen?", "Are wishes recorded?")), ("Planning", ("Is the plan current?", "Are actions timely?", "Is there drift?"))):
        pen.page(title)
        pen.put(1, 1, title)
        pen.ask_matrix(3, 1, ("Question", "Grade", "Evidence"), [(q, ("Good", "Inadequate", "Outstanding")[n], f"Seen on the file in {n + 2} places.") for n, q in enumerate(asked)],
                       ("grade", "notes"))
        pen.choose("B4:B8", "Outstanding", "Good", "Requires improvement", "Inadequate")
    pen.page("Actions")
    pen.ask_actions(1, 1, ("Action", "Owner", "Due date", "Done"), [("Write the chronology", "Jo Bell", "01/07/2026", "No"), ("Book the review", "Al Finch", "02/07/2026", "Yes")])
    hidden = pen.page("Lists")
    hidden.sheet_state = "hidden"
    for n, word in enumerate(("Outstanding", "Good", "Requires improvement", "Inadequate"), 1):
        pen.put(n, 1, word)


def draw_book_from_b(pen: SheetPen) -> None:
    """Labels begin in column B, headings stand in row 8, scores by number, merged title and label cells, a total."""
    sheet = pen.page("Audit")
    sheet.merge_cells("B1:F1")
    pen.put(1, 2, "Placement audit")
    pen.ask_rows(3, 2, [("Child reference", "PL-3"), ("Placement name", "The Elms"), ("Completed by", "Ash Bird")])
    row = pen.ask_matrix(8, 2, ("Standard", "Score (0-4)", "Comments"), [(q, str(n + 1), f"On the visit of June we saw {n}.") for n, q in enumerate(
        ("The home is clean and safe", "The child has a named adult", "Health needs are met", "School is going well"))], ("score", "notes"))
    pen.put(row, 2, "Total")
    sheet.cell(row, 3, f"=SUM(C9:C{row - 1})")
    pen.truth += [("Total", "Score (0-4)", "", "text"), ("Total", "Comments", "", "notes")]
    pen.put(row + 2, 2, "Overall comments", pen.say("Overall comments", "A settled home for her so far."))


def draw_book_one_page(pen: SheetPen) -> None:
    """Everything on one sheet: pairs side by side, a block of Yes/No questions, a block of actions with numbers."""
    pen.page("Form")
    pen.put(1, 1, "Missing from care audit")
    for n, pairs in enumerate(((("Child", "K.B."), ("Worker", "Di Row")), (("Case no", "81"), ("Date", "09/06/2026")))):
        for m, (label, answer) in enumerate(pairs):
            pen.put(3 + n, 1 + 3 * m, label, pen.say(label, answer))
    pen.put(6, 1, "Practice")
    pen.ask_matrix(7, 1, ("Question", "Yes / No / N/A", "Comments"), [(q, ("Yes", "No", "N/A")[n], f"Remark on matter {n} of the three.") for n, q in enumerate(
        ("Was a return interview held?", "Was the police log obtained?", "Was the plan changed?"))], ("choice", "notes"))
    pen.put(12, 1, "Action plan")
    pen.ask_actions(13, 1, ("No", "Action", "By whom", "By when"), [("Call the police", "Di Row", "10/06/2026")], start=1)


def draw_book_marks(pen: SheetPen) -> None:
    """Crosses under Yes, No, Partly; two areas merged down in the first column."""
    sheet = pen.page("Checklist")
    pen.put(1, 1, "File checklist")
    pen.ask_rows(2, 1, [("File number", "FN 20"), ("Checked by", "Nell Fox")])
    pen.put(5, 1, "Area", "Check", "Yes", "No", "Partly", "Notes")
    row = 6
    for area, asked in (("Front sheet", (("Photo on file", "Yes"), ("Contacts up to date", "No"))), ("Plans", (("Care plan on file", "Partly"), ("Signed by parents", "Yes"), ("Dated", "No")))):
        sheet.merge_cells(start_row=row, end_row=row + len(asked) - 1, start_column=1, end_column=1)
        pen.put(row, 1, area)
        for label, chosen in asked:
            said = pen.say(label, chosen, "Yes / No / Partly", "choice")
            pen.put(row, 2, pen.label(label), *["x" if said == h else "" for h in ("Yes", "No", "Partly")], pen.say(label, f"A note about the {label.lower()} here.", "Notes", "notes"))
            row += 1
