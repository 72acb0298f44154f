"""Words → lines and cells; lines outside tables → rows, parted where gaps line up."""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from operator import itemgetter
from statistics import median

from parsers.grid import Cell, Control
from parsers.pdf.shape import BELOW, Line, Part, Word
from parsers.word.symbols import TICKED, UNTICKED

# Gaps in heights of a line (a space is about a quarter of one): a gap that may part two cells when another line has
# it in the same place, and one that parts them by itself.
_GAP, _WIDE = 0.55, 3.0
# How far edges in one column may miss each other, in points.
_ALIGNED = 2.5
# A line of this many words has a usual space; and how wide that may be made where text is set to both margins.
_MANY, _STRETCHED = 5, 1.6
# How many lines above and below are looked at for a gap in the same place.
_NEAR = 3
_NEVER = float("-inf")
# Lines further apart than this many heights belong to different tables.
_APART = 2.6
# A line that goes on with the cell above follows closer than this.
_CLOSE = 1.45
_TICKS = frozenset((TICKED, UNTICKED))
_HYPHENS = ("-\n", "‐\n", "\u2011\n", "\u00ad\n")
# A hyphen that says itself that only the line's end made it goes; any other may be the writer's, and stays.
_HYPHEN = re.compile(r"(?:((?<=\w)[-‐\u2011])| ?\u00ad)\n(?=[a-z])")


def make_lines(words: Iterable[Word]) -> list[Line]:
    """Words by their height on the page, from the top; each line from the left. Order of drawing does not matter."""
    lines: list[Line] = []
    for word in words:
        height = word.y1 - word.y0
        base = word.y0 + BELOW * height
        for line in reversed(lines):
            small, large = (height, line.height) if height < line.height else (line.height, height)
            near = 0.45 * (large if large < 2 * small else 2 * small)
            if -near < line.base - base < near:
                line.words.append(word)
                if height > line.height:
                    line.height = height
                break
        else:
            lines.append(Line([word]))
    if len(lines) > 1:
        lines.sort(key=_from_top)
    for line in lines:
        if len(line.words) > 1:
            line.words.sort(key=_from_left)
    return lines


_from_left = itemgetter(Word._fields.index("x0"))


def _from_top(line: Line) -> float:
    return -line.base


def split_lines(lines: Sequence[Line]) -> list[list[Line]]:
    """Each line as the cells it consists of, one where nothing parts it."""
    edges = [_gap_edges(line) for line in lines]
    parted = []
    for n, line in enumerate(lines):
        others = [m for m in range(max(0, n - _NEAR), min(len(lines), n + _NEAR + 1)) if m != n]
        near = [edge for m in others for edge in edges[m]] + [(_NEVER, lines[m].x0) for m in others]
        parted.append(_split(line, near) if edges[n] or any(word.is_box for word in line.words) else [line])
    return parted


def _gap_edges(line: Line) -> list[tuple[float, float]]:
    """(end of the words before, start of the words behind) for each gap that may part two cells."""
    least = _least_gap(line)
    return [(a.x1, b.x0) for a, b in pairwise(line.words) if b.x0 - a.x1 > least]


def _least_gap(line: Line) -> float:
    """What a gap must be wider than to part cells: where text is set to both margins, all spaces of a line are wide."""
    if len(line.words) < _MANY:
        return _GAP * line.height
    usual = median(b.x0 - a.x1 for a, b in pairwise(line.words))
    return max(_GAP, min(1.7 * usual / line.height, _STRETCHED)) * line.height


def _split(line: Line, near: list[tuple[float, float]]) -> list[Line]:
    cells = [[line.words[0]]]
    least = _least_gap(line)
    for before, word in pairwise(line.words):
        gap = word.x0 - before.x1
        is_box = word.is_box or before.is_box
        is_aligned = gap > least and any(
            abs(start - word.x0) < _ALIGNED or abs(end - before.x1) < _ALIGNED for end, start in near
        )
        if is_box or is_aligned or gap > _WIDE * line.height:
            cells.append([])
        cells[-1].append(word)
    return [Line(words) for words in _with_choices(cells)]


def _with_choices(cells: list[list[Word]]) -> list[list[Word]]:
    """Boxes to tick, each with its words behind it, are the choices of one question, so they are one cell."""
    joined = cells[:1]
    for cell in cells[1:]:
        if all(len(words) > 1 and words[0].text in _TICKS for words in (joined[-1], cell)):
            joined[-1] += cell
        else:
            joined.append(cell)
    return joined


def follows(line: Line, above: Line, times: float) -> bool:
    """Whether a line stands less than ``times`` its height under another."""
    return above.middle - line.middle < times * max(line.height, above.height)


def tables_of_lines(parted: Sequence[list[Line]]) -> list[tuple[bool, list[list[Line]]]]:
    """Runs of lines: (is it a table, its lines as cells). A single line that nothing parts is a run of its own."""
    runs: list[tuple[bool, list[list[Line]]]] = []
    for cells in parted:
        open_run = bool(runs) and runs[-1][0] and follows(cells[0], runs[-1][1][-1][0], _APART)
        if len(cells) > 1 or (open_run and _goes_on(cells[0], runs[-1][1])):
            if open_run:
                runs[-1][1].append(cells)
            else:
                runs.append((True, [cells]))
        else:
            runs.append((False, [cells]))
    return runs


def _goes_on(line: Line, run: list[list[Line]]) -> bool:
    """A lone piece under a cell that is not a row's first: the rest of that cell's text."""
    return any(abs(line.x0 - cell.x0) < _ALIGNED for cells in run for cell in cells[1:]) and follows(line, run[-1][0], _CLOSE)


def join_rows(rows: list[list[Line]]) -> list[list[Part]]:
    """Rows of a table without rules: a line with nothing in the first column goes on with the cells above it."""
    made: list[list[Part]] = []
    last: Line | None = None
    for cells in rows:
        if made and last is not None and _continues(cells, made[-1], last):
            for cell in cells:
                part = next(p for p in made[-1] if abs(p.x - cell.x0) < _ALIGNED)
                part.lines.append(cell)
        else:
            made.append([Part(cell.x0, cell.x1, [cell]) for cell in cells])
        last = cells[0]
    return made


def _continues(cells: list[Line], above: list[Part], last: Line) -> bool:
    if any(w.is_box for cell in cells for w in cell.words) or not follows(cells[0], last, _CLOSE):
        return False
    later = [part.x for part in above[1:]]
    return all(any(abs(x - cell.x0) < _ALIGNED for x in later) for cell in cells)


def make_cell(lines: Sequence[Line], column: int) -> Cell:
    """The finished cell: lines parted by newlines; what stands in a form's box is told from what stands beside it."""
    if not lines:
        return Cell("", column)
    text = text_of(lines)
    controls = controls_of(lines)
    if not controls:
        return Cell(text, column, own=text, outside=text)
    beside = [" ".join([w.text for w in line.words if w.control is None]) for line in lines]
    return Cell(text, column, controls, own=text, outside="\n".join([b for b in beside if b]))


def text_of(lines: Sequence[Line]) -> str:
    """Lines parted by newlines, except after a hyphen inside a word: it stays, and the word is whole again."""
    if len(lines) == 1:
        return lines[0].text.strip()
    text = "\n".join([line.text for line in lines]).strip()
    return _HYPHEN.sub(lambda m: m[1] or "", text) if any(h in text for h in _HYPHENS) else text


def controls_of(lines: Sequence[Line]) -> tuple[Control, ...]:
    """Controls in page order; the buttons of one group are one control."""
    found = [w.control for line in lines for w in line.words if w.control is not None]
    return tuple(dict.fromkeys(found))
