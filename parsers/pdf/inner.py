"""A table without lines of its own inside a ruled cell: its rows become the cell's inner rows, as Word's reader has them."""

from collections.abc import Sequence
from itertools import pairwise

from parsers.grid import Cell, Row
from parsers.pdf.shape import Line, Part
from parsers.pdf.text import join_rows, make_cell, split_lines, tables_of_lines, text_of

# A gap wider than this many heights parts two cells where another line has one in the same place.
_WIDE = 1.2
_ALIGNED = 2.5


def with_inner(cell: Cell, lines: Sequence[Line], table: int, page: int) -> Cell:
    """The cell with inner rows, numbered as those of ``table``, where at least two of its lines have cells in common."""
    if len(lines) < 2 or cell.controls or not _has_columns(lines):
        return cell
    own: list[Line] = []
    rows: list[list[Part]] = []
    for is_table, run in tables_of_lines(split_lines(lines)):
        if is_table and len(run) > 1:
            rows += join_rows(run)
        else:
            own += [Line([word for piece in pieces for word in piece.words]) for pieces in run]
    if len(rows) < 2:
        return cell
    said = text_of(own) if own else ""
    return cell._replace(own=said, outside=said, inner=tuple(_rows(rows, table, page)))


def _has_columns(lines: Sequence[Line]) -> bool:
    """Whether a wide gap ends at the same place in two lines."""
    starts: list[float] = []
    for line in lines:
        least = _WIDE * line.height
        found = [b.x0 for a, b in pairwise(line.words) if b.x0 - a.x1 > least]
        if found and any(abs(x - y) < _ALIGNED for x in found for y in starts):
            return True
        starts += found
    return False


def _rows(rows: list[list[Part]], table: int, page: int) -> list[Row]:
    starts = sorted(part.x for parts in rows for part in parts)
    columns = [x for n, x in enumerate(starts) if not n or x - starts[n - 1] > _ALIGNED]
    found = []
    for number, parts in enumerate(rows, 1):
        at = [max(n for n, x in enumerate(columns) if x <= part.x) for part in parts]
        cells = tuple([make_cell(part.lines, column) for part, column in zip(parts, at, strict=True)])
        found.append(Row(cells, table, number, page=page))
    return found
