"""Walks OpenDocument text into rows of cells: paragraphs, lists, sections, tables inside tables, text boxes."""

import re
from collections.abc import Mapping

from lxml import etree

from parsers.gather import Gathered
from parsers.grid import Cell, Control, Row
from parsers.guard import LIMITS, check_depth, hostile
from parsers.opendocument import boxes
from parsers.opendocument import names as n
from parsers.opendocument.boxes import Shown

# Word stops at 63 columns; nobody fills in a tenth of these cells. A cell may say "repeat me a million times".
_MOST_COLUMNS = 1_000
_MOST_CELLS = 100_000
_MOST_SPACES = 100
_SPACES = re.compile(r"[ \t\r\n]+")
_ODD_SPACES = re.compile(r"[\t\r\n]|  ")


class Walker:
    """Walks one document. It counts tables and paragraphs for the places told to people, and keeps what stands around.

    ``around`` are the notes as (place, text), ``remarks`` the comments as (who, text, initials).
    """

    def __init__(self, drawn: Mapping[str, Shown]) -> None:
        self.drawn = drawn
        self.tables = self.paragraphs = self.cells = self.letters = 0
        self.around: list[tuple[str, str]] = []
        self.remarks: list[tuple[str, str, str]] = []
        # Text boxes met in the paragraph being read.
        self.hanging: list[etree._Element] = []

    def blocks(self, parent: etree._Element, depth: int = 0) -> list[Row]:
        """Every row of what stands in no table, in page order. Raises UnreadableError when it is nested too deep."""
        check_depth(depth)
        found: list[Row] = []
        for child in parent:
            tag = child.tag
            if tag in n.PARAGRAPHS:
                found += self._paragraph(child, depth)
            elif tag in n.TABLES:
                found += self.table(child, depth)
            elif tag == n.DRAWN:
                found.append(self._row(self._drawn(child, Gathered())))
            elif tag not in n.SILENT:
                found += self.blocks(child, depth + 1)
        return found

    def _paragraph(self, e: etree._Element, depth: int) -> list[Row]:
        outer, self.hanging = self.hanging, []
        gathered = Gathered()
        self._inline(e, gathered, depth)
        found = [self._row(gathered)]
        hanging, self.hanging = self.hanging, outer
        for box in hanging:
            found += self.blocks(box, depth + 1)
        return found

    def _row(self, gathered: Gathered) -> Row:
        self.paragraphs += 1
        return Row((gathered.cell(),), 0, self.paragraphs)

    def fill(self, parent: etree._Element, into: Gathered, depth: int) -> Gathered:
        """The blocks of a cell, note or header as lines of one text."""
        check_depth(depth)
        for child in parent:
            tag = child.tag
            if tag in n.PARAGRAPHS:
                into.line()
                outer, self.hanging = self.hanging, []
                self._inline(child, into, depth)
                hanging, self.hanging = self.hanging, outer
                for box in hanging:
                    self.fill(box, into, depth + 1)
            elif tag in n.TABLES:
                into.add_table(self.table(child, depth + 1))
            elif tag == n.DRAWN:
                into.line()
                self._drawn(child, into)
            elif tag not in n.SILENT:
                self.fill(child, into, depth + 1)
        return into

    def _inline(self, e: etree._Element, into: Gathered, depth: int) -> None:
        """The text of an element and what stands in it; the text after each child belongs to the element."""
        check_depth(depth)
        if e.text:
            into.say(_plain(e.text))
        for child in e:
            self._piece(child, into, depth)
            if child.tail:
                into.say(_plain(child.tail))

    def _piece(self, e: etree._Element, into: Gathered, depth: int) -> None:
        tag = e.tag
        if tag in n.RUNS:
            self._inline(e, into, depth + 1)
        elif tag == n.SPACES:
            into.say(" " * min(_count(e.get(n.SPACE_COUNT)), _MOST_SPACES))
        elif tag == n.BREAK:
            into.say("\n")
        elif tag == n.TAB:
            into.say("\t")
        elif tag in n.MARKS:
            into.marks.append(e.get(n.TEXT + "name") or "")
        elif tag not in n.SILENT:
            self._rarer(tag, e, into, depth)

    def _rarer(self, tag: str, e: etree._Element, into: Gathered, depth: int) -> None:
        if tag == n.CONTROL:
            self._control(e, into, depth)
        elif tag == n.TEXT + "note":
            self._note(e, depth)
        elif tag == n.OFFICE + "annotation":
            self._remark(e, depth)
        elif tag in n.BOXES:
            self.hanging.append(e)
        elif tag == n.DRAWN:
            self._drawn(e, into)
        elif tag == n.FIELD_MARK:
            into.say(boxes.field_mark(e))
        elif box := boxes.describe_field(e):
            self._boxed(e, box, into, depth)
        elif tag in n.PARAGRAPHS or tag in n.TABLES:
            # Only a damaged document has blocks inside a line; nothing of them may be lost.
            holder = etree.Element("x")
            holder.append(e)
            self.fill(holder, into, depth + 1)
        else:
            self._inline(e, into, depth + 1)

    def _boxed(self, e: etree._Element, box: Control, into: Gathered, depth: int) -> None:
        start = into.begin_box()
        self._inline(e, into, depth + 1)
        into.end_box(start, box)

    def _control(self, e: etree._Element, into: Gathered, depth: int) -> None:
        box = boxes.describe(e)
        start = into.begin_box()
        if box.kind == "tick":
            into.say(boxes.tick_of(e))
        else:
            self._inline(e, into, depth + 1)
        text = "".join(into.pieces[start:]).strip()
        # A drop-down shows words; only what has no capital may be the value behind them.
        into.end_box(start, box if text and not text[0].isupper() else box._replace(items=()))

    def _drawn(self, e: etree._Element, into: Gathered) -> Gathered:
        shown = self.drawn.get(boxes.drawn_name(e))
        if shown:
            start = into.begin_box()
            into.say(shown.text)
            into.end_box(start, shown.control)
        return into

    def _note(self, e: etree._Element, depth: int) -> None:
        for body in e.iterchildren(n.TEXT + "note-body"):
            kind = "endnote" if e.get(n.TEXT + "note-class") == "endnote" else "footnote"
            self.around.append((kind, self.fill(body, Gathered(), depth + 1).text()))

    def _remark(self, e: etree._Element, depth: int) -> None:
        gathered = Gathered()
        for child in e.iterchildren(*n.PARAGRAPHS, n.TEXT + "list"):
            holder = [child] if child.tag in n.PARAGRAPHS else list(child.iter(*n.PARAGRAPHS))
            for p in holder:
                gathered.line()
                self._inline(p, gathered, depth + 1)
        initials = e.findtext(n.META + "creator-initials") or e.findtext(n.LOEXT + "sender-initials") or ""
        self.remarks.append((e.findtext(n.DC + "creator") or "", gathered.text(), initials))

    def table(self, e: etree._Element, depth: int) -> list[Row]:
        """The rows of one table. Raises UnreadableError for one that repeats itself beyond any form."""
        self.tables += 1
        return _Table(self, self.tables).rows(e, depth)


class _Table:
    """One table being read. ``down`` are merged ranges that reach into the next rows: column → rows left."""

    def __init__(self, walker: Walker, number: int) -> None:
        self.walker = walker
        self.number = number
        self.found: list[Row] = []
        self.down: dict[int, int] = {}

    def rows(self, parent: etree._Element, depth: int) -> list[Row]:
        check_depth(depth)
        for child in parent:
            if child.tag == n.ROW:
                self._row(child, depth)
            elif child.tag not in n.SILENT:
                # Header rows and groups of rows.
                self.rows(child, depth + 1)
        return self.found

    def _row(self, e: etree._Element, depth: int) -> None:
        cells = self._cells(e, depth)
        times = _count(e.get(n.ROWS_REPEATED))
        if times > 1:
            self._allow(times, cells)
        for _ in range(times):
            self.found.append(Row(cells, self.number, len(self.found) + 1))

    def _cells(self, e: etree._Element, depth: int) -> tuple[Cell, ...]:
        found: list[Cell] = []
        column = owed = 0
        for child in e.iterchildren(n.CELL, n.COVERED):
            times = _count(child.get(n.COLUMNS_REPEATED))
            if column + times > _MOST_COLUMNS:
                raise hostile("a table in it is wider than any form's")
            if child.tag == n.COVERED:
                found += self._covered(column, times)
                owed = max(0, owed - times)
            else:
                # A writer that leaves the covered cells out still means the columns.
                column, owed = column + owed, _count(child.get(n.COLUMNS_SPANNED)) - 1
                cell = self.walker.fill(child, Gathered(), depth + 1).cell(column)
                found += self._repeated(cell, times) if times > 1 else [cell]
                if (rows := _count(child.get(n.ROWS_SPANNED))) > 1:
                    self.down[column] = rows - 1
            column += times
        return tuple(found)

    def _repeated(self, cell: Cell, times: int) -> list[Cell]:
        self._allow(times, (cell,))
        return [cell._replace(column=cell.column + t) for t in range(times)]

    def _covered(self, column: int, times: int) -> list[Cell]:
        """A cell under a merged one says so where the merged range begins; beside it there is no cell at all."""
        found = []
        for at in range(column, column + times):
            if left := self.down.pop(at, 0):
                found.append(Cell("", at, merged=True))
                if left > 1:
                    self.down[at] = left - 1
        return found

    def _allow(self, times: int, cells: tuple[Cell, ...]) -> None:
        walker = self.walker
        walker.cells += times * max(1, len(cells))
        walker.letters += times * sum(len(cell.text) for cell in cells)
        if walker.cells > _MOST_CELLS or walker.letters > LIMITS.part:
            raise hostile("a table in it repeats itself more often than any form's")


def _count(text: str | None) -> int:
    """A number of repetitions; 1 where none is said, and beyond every cap where it is absurdly long."""
    if not text or not text.isdecimal():
        return 1
    return max(1, int(text)) if len(text) < 10 else 10**9


def _plain(text: str) -> str:
    """White space in the file is one space on the page."""
    # Not str.split(): a non-breaking space is a letter here.
    return _SPACES.sub(" ", text) if _ODD_SPACES.search(text) else text
