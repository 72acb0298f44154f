"""A sheet's values → rows of cells, with what its file says about single places: choices, ticks, merged ranges."""

from collections.abc import Iterable
from datetime import date

from parsers.grid import Cell, Control, Row
from parsers.workbook.formats import Value, day_of, show_value
from parsers.workbook.guard import WORKBOOK_LIMITS
from parsers.workbook.values import Sheet, Span

# Row and column, both from 0, as the library counts.
Place = tuple[int, int]
Controls = dict[Place, tuple[Control, ...]]


# Blank cells are shared: most of a sheet is blank, and nothing tells two of a column apart.
_BLANKS = tuple(Cell("", column) for column in range(WORKBOOK_LIMITS.columns + 1))


def blank_cell(column: int) -> Cell:
    return _BLANKS[column]


def make_rows(sheet: Sheet, table: int, controls: Controls) -> list[Row]:
    """The sheet's rows that hold something, each up to its last cell that does."""
    values = sheet.values
    if not values and not controls:
        return []
    top, left = sheet.first
    marked = _marked(controls, sheet.merged, top + len(values)) if controls or sheet.merged else {}
    rows: list[Row] = []
    for number, line in enumerate(values, top):
        cells = _make_cells(line, left)
        if number in marked:
            _mark(cells, left, marked[number])
        while cells and not cells[-1].text and not cells[-1].controls:
            del cells[-1]
        if cells:
            rows.append(tuple.__new__(Row, (tuple(cells), table, number + 1, (), sheet.name, 0)))
    return rows


def _make_cells(line: list[Value], left: int) -> list[Cell]:
    """A row's cells up to the last value. Most places are blank and most others hold text, so these come first."""
    end = len(line)
    while end and line[end - 1] == "":
        end -= 1
    cells: list[Cell] = []
    new, add = tuple.__new__, cells.append
    for column, value in enumerate(line[:end], left):
        if value.__class__ is not str:
            add(_other_cell(value, column))
        elif text := value.strip():
            text = show_value(text) if "\r" in text else text
            add(new(Cell, (text, column, (), (), text, text, (), False)))
        else:
            add(_BLANKS[column])
    return cells


def _other_cell(value: Value, column: int) -> Cell:
    text = show_value(value)
    if isinstance(value, date):
        # The file holds the day itself, so nobody need ask which part is the month.
        return Cell(text, column, (Control(kind="date", text=text, day=day_of(value)),), (), text, "")
    return Cell(text, column, (), (), text, text)


Marks = dict[int, dict[int, tuple[Control, ...] | None]]


def _marked(controls: Controls, merged: Iterable[Span], end: int) -> Marks:
    """Row → column → the controls there, None where a merged range goes on. No row from ``end`` on is looked at."""
    marked: Marks = {}
    room = WORKBOOK_LIMITS.expanded
    for (top, left), (bottom, right) in merged:
        for row in range(top, min(bottom + 1, end)):
            columns = range(left + (row == top), min(right + 1, WORKBOOK_LIMITS.columns))
            room -= len(columns)
            if room < 0:
                break
            marked.setdefault(row, {}).update(dict.fromkeys(columns))
    for (row, column), found in controls.items():
        marked.setdefault(row, {})[column] = found
    return marked


def _mark(cells: list[Cell], left: int, marks: dict[int, tuple[Control, ...] | None]) -> None:
    for column, controls in sorted(marks.items()):
        at = column - left
        if at < 0:
            continue
        if controls is not None:
            cells += [blank_cell(n) for n in range(left + len(cells), column + 1)]
            cells[at] = _with_controls(cells[at], controls)
        elif at < len(cells):
            cells[at] = cells[at]._replace(merged=True)


def _with_controls(cell: Cell, controls: tuple[Control, ...]) -> Cell:
    """Ticks are printed before the cell's own text; a list of choices holds what is chosen."""
    ticks = [c.text for c in controls if c.kind == "tick"]
    text = " ".join([*ticks, cell.text]).strip()
    held = tuple(c if c.kind == "tick" else c._replace(text=cell.text) for c in controls)
    return cell._replace(text=text, controls=(*cell.controls, *held), own=text, outside=cell.outside if ticks else "")


def make_room(sheet: Sheet, controls: Controls) -> Sheet:
    """The sheet with a place for every control, wherever its values begin and end."""
    places = [place for place in controls if place[0] < WORKBOOK_LIMITS.rows and place[1] < WORKBOOK_LIMITS.columns]
    if not places:
        return sheet
    (top, left), values = sheet.first, sheet.values
    if not values:
        top, left = min(row for row, _ in places), min(column for _, column in places)
    up, aside = min(top, *(row for row, _ in places)), min(left, *(column for _, column in places))
    empty: list[Value] = [""] * (left - aside)
    lines: list[list[Value]] = [[] for _ in range(top - up)]
    lines += [[*empty, *line] for line in values] if empty else values
    lines += [[] for _ in range(max(row for row, _ in places) + 1 - up - len(lines))]
    return sheet._replace(first=(up, aside), values=lines)


def plain_text(sheet: Sheet) -> str:
    """A hidden sheet's text: a line a row, tabs between its cells."""
    lines = ("\t".join(text for value in line if (text := show_value(value))) for line in sheet.values)
    return "\n".join(line for line in lines if line)
