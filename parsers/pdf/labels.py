"""What is printed beside a form's box: its label, for whoever compiles a blank form."""

from parsers.pdf.places import Places, Spot
from parsers.pdf.shape import Rect, Ruled, Word
from parsers.pdf.text import make_lines, text_of

# Words further from each other than this many heights belong to different labels.
_APART = 2.5
_LINE = 12.0


class Labels:
    """The printed words of one page, to be asked for the ones nearest to a place."""

    def __init__(self, tables: list[Ruled], cells: dict[Spot, list[Word]]) -> None:
        self._tables, self._places, self._cells = tables, Places(tables), cells

    def find(self, rect: Rect) -> str:
        """In a table: the words before the box in its own cell, else of the cell to the left, else of the one above.

        Elsewhere: the words to the left on the box's first line, else those close above it. "" where there are none.
        """
        spot = self._places.find((rect.x0 + rect.x1) / 2, (rect.y0 + rect.y1) / 2)
        return self._in_table(*spot, rect) if spot is not None else _beside(rect, self._cells.get(None, []))

    def _in_table(self, table: int, cell: int, rect: Rect) -> str:
        own = self._cells.get((table, cell), [])
        if beside := _beside(rect, own):
            return beside
        shape = self._tables[table]
        row, column = shape.cells[cell]
        left = [shape.faces[row][c] for c in range(column - 1, -1, -1)]
        above = [shape.faces[r][column] for r in range(row - 1, -1, -1)]
        found = next((words for n in (*left, *above) if (words := self._cells.get((table, n)))), own)
        return text_of(make_lines(found)) if found else ""


def _beside(rect: Rect, words: list[Word]) -> str:
    first = max(rect.y0, rect.y1 - 2 * _LINE)
    left = sorted((w for w in words if w.y1 > first and w.y0 < rect.y1 and w.x1 <= rect.x0 + 1), key=lambda w: -w.x1)
    label: list[Word] = []
    for word in left:
        if label and label[-1].x0 - word.x1 > _APART * word.height:
            break
        label.append(word)
    if not label:
        label = [w for w in words if w.x1 > rect.x0 - 2 and w.x0 < rect.x1 and 0 <= w.middle - rect.y1 < 2 * w.height]
    return text_of(make_lines(label)) if label else ""
