"""The lines drawn on a page → tables with cells. Knows geometry only; the text comes later."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from parsers.pdf.shape import TOUCH, Rect, Ruled, merge_places

# No pen of a form's table is thicker, in points.
THIN = 2.5
# The gaps of a dotted line.
_DOTS = 4.5
# The part of a page, at its top, where a row that the page before began goes on.
_HEAD = 0.15
# A drawing of more lines than this is a picture, not a table.
_MOST_LINES = 1_500
_MOST_FACES = 40_000


class Rule(NamedTuple):
    """A straight line: at ``at``, from ``start`` to ``end`` along the other direction."""

    at: float
    start: float
    end: float


Rules = list[Rule]


def sort_rules(rects: Iterable[Rect]) -> tuple[Rules, Rules]:
    """(horizontal, vertical) lines of thin rectangles; collinear pieces are joined. Dots may belong to either."""
    across: Rules = []
    down: Rules = []
    for x0, y0, x1, y1 in rects:
        wide, high = x1 - x0, y1 - y0
        if high <= THIN:
            across.append(Rule((y0 + y1) / 2, x0, x1))
        if wide <= THIN:
            down.append(Rule((x0 + x1) / 2, y0, y1))
    return _join(across), _join(down)


def _join(rules: Rules) -> Rules:
    """Pieces of one line become one; what is left of dots that made no line is dropped."""
    joined: Rules = []
    for group in _groups(sorted(rules), 1.0):
        pieces = sorted(group, key=lambda r: r.start)
        at, start, end = pieces[0]
        for piece in pieces[1:]:
            if piece.start <= end + _DOTS:
                end = max(end, piece.end)
            else:
                joined.append(Rule(at, start, end))
                at, start, end = piece
        joined.append(Rule(at, start, end))
    return [r for r in joined if r.end - r.start > 2 * THIN]


def _groups(rules: Rules, near: float) -> Iterable[Rules]:
    """Sorted lines in groups none of which is wider than ``near``."""
    group: Rules = []
    for rule in rules:
        if group and rule.at - group[0].at > near:
            yield group
            group = []
        group.append(rule)
    if group:
        yield group


def find_tables(rects: Iterable[Rect], page: Rect) -> list[Ruled]:
    """Every table whose lines were drawn, the smallest first, so that a table inside a cell is met before its holder."""
    across, down = sort_rules(rects)
    if len(across) + len(down) > _MOST_LINES:
        return []
    groups = [(h, v) for h, v in _touching(across, down) if len(v) > 1 and (len(h) > 1 or _is_cut_row(h, v, page))]
    tables = [t for h, v in groups if (t := make_table(h, v)) is not None]
    tables.sort(key=lambda t: t.rect.area)
    return [t for n, t in enumerate(tables) if not _is_frame(t, tables[:n], page)]


def _is_cut_row(across: Rules, down: Rules, page: Rect) -> bool:
    """Whether these are the sides and the bottom of a row that began on the page before: nothing closes it at its top."""
    if not across:
        return False
    (bottom, left, right), top = across[0], max(r.end for r in down)
    ends = sorted(r.at for r in down)
    return (
        top > page.y1 - _HEAD * (page.y1 - page.y0) and abs(ends[0] - left) < TOUCH and abs(ends[-1] - right) < TOUCH
        and all(abs(r.start - bottom) < TOUCH and abs(r.end - top) < TOUCH for r in down)
    )


def _is_frame(table: Ruled, smaller: Sequence[Ruled], page: Rect) -> bool:
    """A border round a page, or round other tables, is decoration."""
    if len(table.cells) > 1:
        return False
    rect = table.rect
    inside = any(rect.holds(t.rect.x0, t.rect.y0) and rect.holds(t.rect.x1, t.rect.y1) for t in smaller)
    return inside or rect.area > 0.7 * page.area


def _touching(across: Rules, down: Rules) -> list[tuple[Rules, Rules]]:
    """Lines in groups that hang together."""
    owner = list(range(len(across) + len(down)))

    def root(n: int) -> int:
        while owner[n] != n:
            owner[n] = owner[owner[n]]
            n = owner[n]
        return n

    for n, (x, low, high) in enumerate(down, len(across)):
        first = bisect_right(across, Rule(low - TOUCH, 0.0, 0.0))
        for m in range(first, len(across)):
            y, left, right = across[m]
            if y > high + TOUCH:
                break
            if left - TOUCH <= x <= right + TOUCH:
                owner[root(m)] = root(n)
    groups: dict[int, tuple[Rules, Rules]] = {}
    for n in range(len(owner)):
        h, v = groups.setdefault(root(n), ([], []))
        (h if n < len(across) else v).append(across[n] if n < len(across) else down[n - len(across)])
    return list(groups.values())


def make_table(across: Rules, down: Rules) -> Ruled | None:
    """The cells between lines that hang together. A side without a line is closed where the lines across it end."""
    lefts, rights = min(r.start for r in across), max(r.end for r in across)
    lows, highs = min(r.start for r in down), max(r.end for r in down)
    xs = merge_places([*(r.at for r in down), lefts, rights])
    ys = merge_places([*(r.at for r in across), lows, highs])
    if len(xs) < 2 or len(ys) < 2 or (len(xs) - 1) * (len(ys) - 1) > _MOST_FACES:
        return None
    walls = _walls(down, xs, ys)
    floors = [list(column) for column in zip(*_walls(across, ys, xs), strict=True)]
    ys = ys[::-1]
    # From the top, and for each row the line below it.
    walls, floors = walls[::-1], floors[::-1][1:]
    open_top = not any(r.at > ys[0] - TOUCH for r in across)
    return _make_cells(tuple(xs), tuple(ys), walls, floors, open_top)


def _walls(rules: Rules, at: list[float], along: list[float]) -> list[list[bool]]:
    """For each stretch of ``along``, whether a line stands at each of ``at``."""
    stretches = [(a + b) / 2 for a, b in pairwise(along)]
    walls = [[False] * len(at) for _ in stretches]
    for place, start, end in rules:
        n = max(0, bisect_right(at, place + 0.01) - 1)
        for m, middle in enumerate(stretches):
            if start <= middle <= end:
                walls[m][n] = True
    return walls


def _make_cells(
    xs: tuple[float, ...], ys: tuple[float, ...], walls: list[list[bool]], floors: list[list[bool]], open_top: bool
) -> Ruled:
    """Neighbouring faces with no line between them are one cell. ``walls[row][x]``; ``floors[row][column]`` below a row."""
    rows, columns = len(ys) - 1, len(xs) - 1
    faces = [[-1] * columns for _ in range(rows)]
    cells: list[tuple[int, int]] = []
    is_whole = True
    for row in range(rows):
        for column in range(columns):
            if faces[row][column] >= 0:
                continue
            if walls[row][column] and walls[row][column + 1] and floors[row][column] and (row == 0 or floors[row - 1][column]):
                # Closed on all sides, as nearly every cell is.
                faces[row][column] = len(cells)
            else:
                is_whole = _fill(faces, walls, floors, row, column, len(cells)) and is_whole
            cells.append((row, column))
    return Ruled(xs, ys, tuple(map(tuple, faces)), tuple(cells), is_whole, open_top)


def _fill(
    faces: list[list[int]], walls: list[list[bool]], floors: list[list[bool]], row: int, column: int, name: int
) -> bool:
    """Gives every face of one cell its name; True when together they are a rectangle."""
    rows, columns = len(faces), len(faces[0])
    waiting, found = [(row, column)], []
    faces[row][column] = name
    while waiting:
        r, c = waiting.pop()
        found.append((r, c))
        near = (
            (r, c + 1, c + 1 < columns and not walls[r][c + 1]), (r, c - 1, c > 0 and not walls[r][c]),
            (r + 1, c, r + 1 < rows and not floors[r][c]), (r - 1, c, r > 0 and not floors[r - 1][c]),
        )
        for r2, c2, is_open in near:
            if is_open and faces[r2][c2] < 0:
                faces[r2][c2] = name
                waiting.append((r2, c2))
    high = max(r for r, _ in found) - min(r for r, _ in found) + 1
    wide = max(c for _, c in found) - min(c for _, c in found) + 1
    return len(found) == high * wide
