"""One sheet of a blank workbook: questions down column A, answers beside them, what to look at in the last column."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from mailflow.form.definition import (
    HINT_HEADING,
    INSTRUCTIONS_HEADING,
    QUESTION_HEADING,
    FormDefinition,
    FormField,
    FormSection,
    FormTable,
    Kind,
    Part,
)
from outbox.blank.controls import menu_of, number_before, value_name
from outbox.blank.lists import Lists
from outbox.blank.looks import Look, height_of, paint
from outbox.blank.matrix import column_hints, find_columns, find_items, find_runs, item_hint

# Widths in characters. A sheet is printed one page wide on A4 lying down, so the sum decides how small the print is.
_LABEL, _HINT = 31, 34
_WIDTHS = {Kind.NOTES: 58, Kind.TEXT: 26, Kind.GRADE: 23, Kind.DATE: 15}
# The height of a row in a table of questions, in points: there are many of these below each other.
_MATRIX_ROW = 48


class Answer(NamedTuple):
    """Where an answer is typed: the name of its cell, the column's letter, the row from 1."""

    name: str
    column: str
    row: int


def write_sheet(sheet: Worksheet, form: FormDefinition, sections: Sequence[FormSection], first: bool) -> list[Answer]:
    """Fills an empty sheet and gives its answers' places. The ``first`` one carries title and instructions."""
    return _Writer(sheet, form, sections).write(first)


class _Writer:
    """Writes row after row; ``row`` is the last one written."""

    def __init__(self, sheet: Worksheet, form: FormDefinition, sections: Sequence[FormSection]) -> None:
        self.sheet, self.form, self.sections = sheet, form, sections
        self.row = 0
        self.places: list[Answer] = []
        self.widths = self._column_widths()
        self.lists = Lists(sheet)

    def write(self, first: bool) -> list[Answer]:
        self._title(first)
        urgent = [s for s in self.sections if s.by_part(Part.CONCERN)]
        for section in urgent:
            self._section(section, urgent=True)
        if first and self.form.instructions:
            self._line(INSTRUCTIONS_HEADING, Look.HEADING)
            for line in self.form.instructions:
                self._line(line, Look.PLAIN)
        for section in self.sections:
            if section not in urgent:
                self._section(section)
        self._lay_out()
        return self.places

    def _column_widths(self) -> list[int]:
        """Column A holds questions or a table's first column, the last what to look at where the sheet has such."""
        fields = [f for s in self.sections for f in s.fields]
        runs = [r for s in self.sections for r in find_runs(s.fields)]
        widths = [_LABEL] if fields else []
        for number in range(max((len(find_columns(r)) if r[0].column else 1 for r in runs), default=0)):
            here = [f for r in runs for f in _column(r, number)]
            widths.append(max(_width(f) for f in here))
        if any(f.hint for f in fields):
            widths.append(_HINT)
        for table in (t for s in self.sections for t in s.tables):
            for number, column in enumerate(table.columns):
                widths += [0] * (number + 1 - len(widths))
                widths[number] = max(widths[number], _width(column))
        return widths or [_LABEL]

    def _title(self, first: bool) -> None:
        title = self.form.title if first else self.sections[0].title
        cell = self._put(1, title, Look.TITLE)
        cell.alignment = Alignment(vertical="center")
        self.sheet.row_dimensions[1].height = 32
        if len(self.widths) > 1:
            self.sheet.cell(1, len(self.widths)).value = "Reference {{ ref }}"
            paint(self._cell(1, len(self.widths)), Look.REFERENCE)

    def _section(self, section: FormSection, urgent: bool = False) -> None:
        if section.domain and self.row > 1 and not self.sheet.row_breaks.brk:
            self.sheet.row_breaks.append(Break(id=self.row))
        if section.title != self._cell(1, 1).value:
            self._line(section.title, Look.URGENT if urgent else Look.HEADING)
        for line in (section.guidance, *section.lines):
            if line:
                self._line(line, Look.TOLD if urgent else Look.PLAIN)
        for number, fields in enumerate(find_runs(section.fields)):
            if number:
                self._next(10)
            if fields[0].column:
                self._matrix(fields)
            else:
                for f in fields:
                    self._question(f)
        for table in section.tables:
            self._table(table)

    def _question(self, field: FormField) -> None:
        self._next(_height(field))
        self._label(1, field)
        self._answer(2, field, field.bookmark)
        if field.hint:
            self._put_at(len(self.widths), field.hint, Look.HINT)

    def _matrix(self, fields: tuple[FormField, ...]) -> None:
        columns, hints = find_columns(fields), column_hints(fields)
        items = find_items(fields)
        heads = [QUESTION_HEADING, *(_told(f.column, hints.get(n, "")) for n, f in columns.items())]
        if any(item_hint(i, hints) for i in items):
            heads += [""] * (len(self.widths) - 1 - len(heads)) + [HINT_HEADING]
        self._heads(heads)
        for of_item in items:
            self._next(min(max(_height(f) for f in of_item.values()), _MATRIX_ROW))
            self._label(1, next(iter(of_item.values())))
            for number, name in enumerate(columns, 2):
                if name in of_item:
                    self._answer(number, of_item[name], of_item[name].bookmark)
                else:
                    self._put_at(number, "", Look.LABEL)
            if hint := item_hint(of_item, hints):
                self._put_at(len(self.widths), hint, Look.HINT)

    def _table(self, table: FormTable) -> None:
        self._line(table.label, Look.HEADING)
        self._heads([c.label for c in table.columns])
        for number in range(1, table.rows + 1):
            self._next(30)
            for place, column in enumerate(table.columns, 1):
                bits = column.id.rpartition(".")
                self._answer(place, column, f"mf_{bits[0]}_{number}_{bits[2]}")

    def _heads(self, heads: Iterable[str]) -> None:
        self._next(0)
        for number, head in enumerate(heads, 1):
            if head:
                self._put_at(number, head, Look.HEAD)
        if not self.sheet.freeze_panes and self.sections[0].tables:
            # A sheet that is a table keeps its heads in view and prints them on every page.
            self.sheet.freeze_panes = f"A{self.row + 1}"
            self.sheet.print_title_rows = f"{self.row}:{self.row}"

    def _label(self, column: int, field: FormField) -> None:
        self._put_at(column, number_before(field) + field.label, Look.LABEL)

    def _answer(self, column: int, field: FormField, name: str) -> None:
        cell = self._put_at(column, "", Look.ANSWER)
        if field.prefilled:
            cell.value = f"{{{{ values.{value_name(field.id)} }}}}"
        if field.kind is Kind.DATE:
            cell.number_format = "dd/mm/yyyy"
        self.lists.offer(cell, field)
        self.places.append(Answer(name, get_column_letter(column), self.row))

    def _line(self, text: str, look: Look) -> None:
        """A line over the whole width; nobody types in it, so its cells may be merged."""
        cell = self._put(self._next(0), text, look)
        if len(self.widths) > 1:
            self.sheet.merge_cells(start_row=self.row, end_row=self.row, start_column=1, end_column=len(self.widths))
        self.sheet.row_dimensions[self.row].height = height_of(text, sum(self.widths), look)
        paint(cell, look)

    def _next(self, height: float) -> int:
        self.row += 1
        if height:
            self.sheet.row_dimensions[self.row].height = height
        return self.row

    def _put(self, row: int, text: str, look: Look) -> Cell:
        self.row = row
        return self._put_at(1, text, look)

    def _put_at(self, column: int, text: str, look: Look) -> Cell:
        cell = self._cell(self.row, column)
        if text:
            needed = height_of(text, self.widths[column - 1], look)
            self.sheet.row_dimensions[self.row].height = max(self.sheet.row_dimensions[self.row].height or 0, needed)
            cell.value = text
            # A question that begins with "=" would be a formula.
            cell.data_type = "s"
        paint(cell, look)
        return cell

    def _cell(self, row: int, column: int) -> Cell:
        cell = self.sheet.cell(row, column)
        assert isinstance(cell, Cell)
        return cell

    def _lay_out(self) -> None:
        sheet = self.sheet
        for number, width in enumerate(self.widths, 1):
            sheet.column_dimensions[get_column_letter(number)].width = width
        if not sheet.freeze_panes:
            sheet.freeze_panes, sheet.print_title_rows = "A2", "1:1"
        sheet.sheet_view.showGridLines = False
        sheet.page_setup.orientation = "landscape"
        sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        sheet.print_area = f"A1:{get_column_letter(len(self.widths))}{self.row}"
        sheet.page_margins.left = sheet.page_margins.right = 0.5
        # An ampersand opens a command in a printed margin.
        for margin, left, right in ((sheet.oddHeader, "{{ council }}", self.form.title.replace("&", "&&")),
                                    (sheet.oddFooter, "Reference {{ ref }}", "Page &P of &N")):
            assert margin is not None
            margin.left.text, margin.center.text, margin.right.text = left, "{{ marking }}", right


def _column(run: tuple[FormField, ...], number: int) -> list[FormField]:
    """The fields of a run that stand in its answer column of that number, from 0."""
    if not run[0].column:
        return list(run) if number == 0 else []
    names = list(find_columns(run))
    return [of[names[number]] for of in find_items(run) if number < len(names) and names[number] in of]


def _width(field: FormField) -> int:
    """In characters; what is chosen takes the longest choice and the button beside it."""
    longest = max((len(shown) for shown, _ in menu_of(field)), default=0)
    return _WIDTHS.get(field.kind) or min(max(longest, len(field.column), 6) + 5, _WIDTHS[Kind.TEXT])


def _told(heading: str, hint: str) -> str:
    return f"{heading}\n{hint}" if hint else heading


def _height(field: FormField) -> float:
    """Room to write, in points; Excel lets the row grow with the text."""
    if field.kind is not Kind.NOTES:
        return 20
    return 75
