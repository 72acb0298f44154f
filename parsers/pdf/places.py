"""Which cell of which table a place on the page belongs to."""

from bisect import bisect_left, bisect_right

from parsers.pdf.shape import Rect, Ruled

# (table, cell), None outside all tables.
Spot = tuple[int, int] | None
_NOWHERE = Rect(0, 0, 0, 0)


class Places:
    """The cells of one page's tables; the smallest tables stand first and are asked first."""

    def __init__(self, tables: list[Ruled]) -> None:
        self._shapes = [(*t.rect, t.xs, [-y for y in t.ys], t.faces) for t in tables]
        self._cells = [_rects(t) for t in tables] if not _overlap(tables) else []

    def find(self, x: float, y: float) -> Spot:
        for n, (x0, y0, x1, y1, xs, ys, faces) in enumerate(self._shapes):
            if x0 <= x < x1 and y0 < y < y1:
                return n, faces[bisect_left(ys, -y) - 1][bisect_right(xs, x) - 1]
        return None

    def cell(self, spot: Spot) -> Rect:
        """Where every place belongs to ``spot``; empty where that is not one simple rectangle."""
        return self._cells[spot[0]][spot[1]] if spot is not None and self._cells else _NOWHERE


def _overlap(tables: list[Ruled]) -> bool:
    rects = [t.rect for t in tables]
    return any(
        a.x0 < b.x1 and b.x0 < a.x1 and a.y0 < b.y1 and b.y0 < a.y1 for n, a in enumerate(rects) for b in rects[n + 1:]
    )


def _rects(table: Ruled) -> list[Rect]:
    """Each cell's rectangle, its upper left face where the cell is larger in a way that makes it none."""
    found = []
    xs, ys, faces = table.xs, table.ys, table.faces
    for n, (row, column) in enumerate(table.cells):
        right, bottom = column + 1, row + 1
        if table.is_whole:
            while right < len(xs) - 1 and faces[row][right] == n:
                right += 1
            while bottom < len(ys) - 1 and faces[bottom][column] == n:
                bottom += 1
        found.append(Rect(xs[column], ys[bottom], xs[right], ys[row]))
    return found
