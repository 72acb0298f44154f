"""One page's words and lines → its blocks from top to bottom: tables with bands of cells, and single lines."""

from bisect import bisect_left

from parsers.pdf.broken import Mender
from parsers.pdf.columns import by_columns
from parsers.pdf.places import Spot
from parsers.pdf.shape import Band, Block, Line, Part, Rect, Ruled, Word
from parsers.pdf.text import follows, join_rows, make_lines, split_lines, tables_of_lines

# A drawn box no higher than this, with words beside it, is an answer's space in a line of text.
_SMALL_BOX = 42.0
_LABEL_ABOVE = 1.8


def make_blocks(tables: list[Ruled], cells: dict[Spot, list[Word]], mender: Mender) -> list[Block]:
    """Every word in exactly one cell or line; ``mender`` puts together those that a narrow cell broke."""
    outside = list(cells.get(None, ()))
    blocks = []
    for n, table in enumerate(tables):
        if _is_answer_box(table, outside):
            outside.append(_as_word(table, cells.get((n, 0), [])))
        else:
            blocks.append(_ruled_block(n, table, cells, mender))
    blocks += _line_blocks(outside, sorted(b.top for b in blocks))
    blocks.sort(key=lambda b: -b.order)
    return blocks


def _is_answer_box(table: Ruled, outside: list[Word]) -> bool:
    rect = table.rect
    if len(table.cells) > 1 or rect.y1 - rect.y0 > _SMALL_BOX:
        return False
    return any(rect.y0 < w.middle < rect.y1 for w in outside)


def _as_word(table: Ruled, words: list[Word]) -> Word:
    lines = make_lines(words)
    control = next((w.control for w in words if w.control is not None), None)
    top = lines[0].words[0] if lines else None
    x0, y0, x1, y1 = table.rect
    if top is not None and y1 - y0 > 2 * top.height:
        y0, y1 = top.y0, top.y1
    return Word("\n".join(line.text for line in lines), x0, y0, x1, y1, control, True)


def _ruled_block(n: int, table: Ruled, cells: dict[Spot, list[Word]], mender: Mender) -> Block:
    bands: list[Band] = []
    row = -1
    for m, (r, c) in enumerate(table.cells):
        if r != row:
            row = r
            bands.append(Band([], table.ys[r], table.ys[r + 1], table.open_top and r == 0))
        right = c + 1
        while right < len(table.xs) - 1 and table.faces[r][right] == m:
            right += 1
        words = cells.get((n, m))
        lines = make_lines(words) if words else []
        if len(lines) > 1:
            lines = mender.mend(lines, Rect(table.xs[c], 0.0, table.xs[right], 0.0))
        bands[-1].parts.append(Part(table.xs[c], table.xs[right], lines))
    return Block(bands, table.xs, table.ys[0], table.ys[-1], True, True)


def _line_blocks(words: list[Word], tops: list[float]) -> list[Block]:
    """Lines outside tables; a table between two of them parts them."""
    lines = make_lines(words)
    groups: dict[int, list[Line]] = {}
    for line in lines:
        groups.setdefault(len(tops) - bisect_left(tops, line.middle), []).append(line)
    blocks: list[Block] = []
    for group in groups.values():
        for piece in by_columns(group):
            found = [_run_block(is_table, rows) for is_table, rows in tables_of_lines(_with_labels(split_lines(piece)))]
            # What is read later stands lower, also where its column begins as high as the one before.
            for block in found:
                block.order = min(block.top, blocks[-1].order if blocks else block.top)
                blocks.append(block)
    return blocks


def _with_labels(parted: list[list[Line]]) -> list[list[Line]]:
    """A form's box that stands alone on its line gets the line close above it as its label, in one row."""
    joined: list[list[Line]] = []
    for cells in parted:
        alone = len(cells) == 1 and len(cells[0].words) == 1 and cells[0].words[0].is_box
        above = joined[-1] if joined else []
        if alone and len(above) == 1 and not above[0].words[-1].is_box and follows(cells[0], above[0], _LABEL_ABOVE):
            above.append(cells[0])
        else:
            joined.append(cells)
    return joined


def _run_block(is_table: bool, rows: list[list[Line]]) -> Block:
    parts = join_rows(rows) if is_table else [[Part(line.x0, line.x1, [line]) for line in cells] for cells in rows]
    bands = [_band(cells) for cells in parts]
    xs = sorted({part.x for cells in parts for part in cells})
    return Block(bands, tuple(xs), bands[0].top, bands[-1].bottom, is_table)


def _band(parts: list[Part]) -> Band:
    words = [w for part in parts for line in part.lines for w in line.words]
    return Band(parts, max(w.y1 for w in words), min(w.y0 for w in words))
