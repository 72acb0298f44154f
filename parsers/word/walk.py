"""The careful walk: any nesting of tables, rows, cells and controls → rows of cells, by going through every child.

``scan`` reads ordinary tables three times as fast and hands the odd ones to this walk; a test holds the two equal.
"""

from lxml import etree

from parsers.grid import Cell, Row
from parsers.guard import check_depth
from parsers.word.cell import Box, Inside, describe, make_cell, whole_number
from parsers.word.names import Names


class Walker:
    """Walks tables. It counts them, for the places told to people; ``careful`` marks merged cells as such."""

    def __init__(self, names: Names, careful: bool = False) -> None:
        self.n = names
        self.careful = careful
        self.tables = 0
        # Bookmarks that began between cells belong to the next one.
        self.marks: list[str] = []

    def table(self, tbl: etree._Element, depth: int = 0) -> list[Row]:
        """The rows of one table. Raises UnreadableError when it is nested too deep."""
        self.tables += 1
        found: list[Row] = []
        self._rows(tbl, self.tables, (), depth, found)
        return found

    def _rows(
        self, parent: etree._Element, table: int, tags: tuple[str, ...], depth: int, found: list[Row]
    ) -> None:
        n = self.n
        check_depth(depth)
        for child in parent:
            tag = child.tag
            if tag in (n.tr, n.p):
                cells: list[Cell] = []
                if tag == n.tr:
                    self._cells(child, (), depth, cells, _skipped(child, n))
                else:
                    self._cell(child, (), depth, cells, 0)
                if cells:
                    found.append(Row(tuple(cells), table, len(found) + 1, tags))
            elif tag == n.bookmark:
                self.marks.append(child.get(n.name) or "")
            elif tag == n.sdt:
                box = describe_control(child, n)
                for content in child.iterchildren(n.content):
                    self._rows(content, table, (*tags, box.tag) if box.tag else tags, depth + 1, found)
            else:
                self._rows(child, table, tags, depth + 1, found)

    def _cells(
        self, parent: etree._Element, outer: tuple[Box, ...], depth: int, cells: list[Cell], column: int
    ) -> int:
        """Appends the cells and gives the grid column after the last one."""
        n = self.n
        check_depth(depth)
        for child in parent:
            tag = child.tag
            # A paragraph between cells is no Word document's, but its words are kept.
            if tag in (n.tc, n.p):
                column += self._cell(child, outer, depth, cells, column)
            elif tag == n.bookmark:
                self.marks.append(child.get(n.name) or "")
            elif tag == n.sdt:
                for content in child.iterchildren(n.content):
                    column = self._cells(content, (*outer, describe_control(child, n)), depth + 1, cells, column)
            else:
                column = self._cells(child, outer, depth + 1, cells, column)
        return column

    def _cell(
        self, tc: etree._Element, outer: tuple[Box, ...], depth: int, cells: list[Cell], column: int
    ) -> int:
        """Appends one cell with its inner tables and gives how many grid columns it spans."""
        inside = Inside(self.n, tc)
        inside.marks, inside.outer, self.marks = tuple(self.marks), outer, []
        inside.careful = self.careful
        inside.read(tc.iter(*self.n.wanted))
        cell = make_cell(inside, column)
        if self.careful and _continues(tc, self.n):
            cell = cell._replace(merged=True)
        cells.append(cell._replace(inner=tuple(self.inner(tc, depth + 1))) if inside.tables else cell)
        return inside.span

    def inner(self, holder: etree._Element, depth: int) -> list[Row]:
        """Rows of the tables inside a cell or block control; its paragraphs are its text already."""
        n = self.n
        check_depth(depth)
        found: list[Row] = []
        for child in holder:
            if child.tag == n.tbl:
                found += self.table(child, depth + 1)
            elif child.tag != n.p:
                found += self.inner(child, depth + 1)
        return found


def _skipped(tr: etree._Element, n: Names) -> int:
    """How many grid columns a row leaves out before its first cell."""
    before = tr.find(f"{n.w('trPr')}/{n.before}")
    return whole_number(before.get(n.val), 0) if before is not None else 0


def _continues(tc: etree._Element, n: Names) -> bool:
    """Whether the cell is merged into the one above (or, in old documents, the one before)."""
    for look in tc.iterchildren(n.w("tcPr")):
        for e in look.iterchildren(n.w("vMerge"), n.w("hMerge")):
            if e.get(n.val) in (None, "continue"):
                return True
        for e in look.iterchildren(n.w("cellMerge")):
            if e.get(n.w("vMerge")) == "cont":
                return True
    return False


def describe_control(sdt: etree._Element, n: Names) -> Box:
    """The description of a control that holds blocks, rows or cells."""
    box = Box(sdt)
    for properties in sdt.iterchildren(n.properties):
        for e in properties.iter(*n.wanted):
            describe(box, n.pieces[str(e.tag)], e, n)
    return box
