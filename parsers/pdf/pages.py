"""Pages → one run of rows: page headers and footers set aside, tables that a page's end cut put together again."""

import re
from collections import defaultdict
from collections.abc import Iterable

from parsers.grid import Row
from parsers.pdf.inner import with_inner
from parsers.pdf.shape import Band, Block, Part, Sheet
from parsers.pdf.text import make_cell, text_of

_NEAR = 3.0
_OF = r"(?:\s*(?:of|/|von|sur)\s*\d+)?"
_PAGE_NUMBER = re.compile(rf"(?:page\s*)?[-–|]?\s*\d+{_OF}\s*[-–|]?|.*\bpage\s+\d+{_OF}\W*", re.IGNORECASE)
_DIGITS = re.compile(r"\d+")
# The part of a page, at its top and at its bottom, where a page number may stand.
_MARGIN = 0.12
# Blocks of a page, and rows of a table, that a header may have.
_MOST_FURNITURE = 5
_LONGEST_NUMBER = 80
_BULLETS = frozenset("•▪●○·‣◦")
_ENDED = (".", "!", "?", ":", ";")


def set_aside_furniture(sheets: list[Sheet]) -> None:
    """Moves what is printed on several pages at the same height from the blocks to ``furniture``."""
    for from_top in (True, False):
        found = [_outermost(sheet, from_top) for sheet in sheets]
        seen: defaultdict[tuple[str, int], set[int]] = defaultdict(set)
        for n, blocks in enumerate(found):
            for block, text in blocks:
                for step in (-1, 0, 1):
                    seen[_mask(text), round(block.top / _NEAR) + step].add(n)
        place = "page header" if from_top else "page footer"
        for sheet, blocks in zip(sheets, found, strict=True):
            for block, text in blocks:
                count = len(seen[_mask(text), round(block.top / _NEAR)])
                if not (count >= 2 and 2 * count >= len(sheets)) and not _is_page_number(block, text, sheet):
                    break
                sheet.blocks.remove(block)
                sheet.furniture.append((place, text))


def _outermost(sheet: Sheet, from_top: bool) -> list[tuple[Block, str]]:
    """The few blocks that may be a header, with their text, up to the first that can't be one."""
    found = []
    for block in (sheet.blocks if from_top else sheet.blocks[::-1])[:_MOST_FURNITURE]:
        text = _text(block) if len(block.bands) < _MOST_FURNITURE else ""
        if not text:
            break
        found.append((block, text))
    return found


def _is_page_number(block: Block, text: str, sheet: Sheet) -> bool:
    margin = _MARGIN * (sheet.rect.y1 - sheet.rect.y0)
    in_margin = block.bottom > sheet.rect.y1 - margin or block.top < sheet.rect.y0 + margin
    return in_margin and not block.table and bool(_PAGE_NUMBER.fullmatch(text))


def _mask(text: str) -> str:
    """The text that must be the same on every page: numbers may differ where a page number stands."""
    return _DIGITS.sub("#", text) if len(text) < _LONGEST_NUMBER and _PAGE_NUMBER.fullmatch(text) else text


def _text(block: Block) -> str:
    return "\n".join(["\t".join([_words(part) for part in band.parts]) for band in block.bands]).strip()


def _words(part: Part) -> str:
    return text_of(part.lines)


def join_pages(sheets: list[Sheet]) -> tuple[Row, ...]:
    """All rows of the document, tables numbered from 1. A table's head printed again goes to the page's furniture."""
    rows: list[Row] = []
    table: list[tuple[Band, int]] = []
    numbers, ruled = 0, False
    for sheet in sheets:
        lines = 0
        for n, block in enumerate(sheet.blocks):
            if n == 0 and table and ruled and block.ruled and _goes_on(table, block):
                table += _without_repeats(table, block, sheet)
                continue
            numbers, table, ruled = _close(rows, table, numbers, ruled), [], block.ruled
            if block.table:
                table = [(band, sheet.number) for band in block.bands]
            else:
                lines += 1
                rows.append(Row((make_cell(block.bands[0].parts[0].lines, 0),), 0, lines, page=sheet.number))
    _close(rows, table, numbers, ruled)
    return tuple(rows)


def _close(rows: list[Row], table: list[tuple[Band, int]], numbers: int, ruled: bool) -> int:
    """Turns a finished table into rows; gives the number of tables so far."""
    if not table:
        return numbers
    bands = [band for band, _ in table]
    columns = _ruled_columns(bands) if ruled else _columns(bands)
    count = numbers + 1
    for number, (band, page) in enumerate(table, 1):
        cells = [make_cell(part.lines, n) for part, n in zip(band.parts, columns[number - 1], strict=True)]
        for n, part in enumerate(band.parts) if ruled else ():
            cells[n] = with_inner(cells[n], part.lines, count + 1, page)
            count += bool(cells[n].inner)
        rows.append(Row(tuple(cells), numbers + 1, number, page=page))
    return count


def _ruled_columns(bands: list[Band]) -> list[list[int]]:
    """The column of each part of each band, by the lines the parts begin at."""
    numbers = {x: n for n, group in enumerate(_places(part.x for band in bands for part in band.parts)) for x in group}
    return [[numbers[part.x] for part in band.parts] for band in bands]


def _columns(bands: list[Band]) -> list[list[int]]:
    """The same where no line says it: the rows with most cells make the columns, the others fall in."""
    most = max(len(band.parts) for band in bands)
    full = [band.parts for band in bands if len(band.parts) == most]
    starts = [min(parts[n].x for parts in full) for n in range(most)]
    ends = [max(parts[n].right for parts in full) for n in range(most)]
    return [
        list(range(most)) if len(band.parts) == most else
        [next((n for n in range(most) if part.x < ends[n] and part.right > starts[n]), most - 1) for part in band.parts]
        for band in bands
    ]


def _places(values: Iterable[float]) -> list[list[float]]:
    groups: list[list[float]] = []
    for value in sorted(set(values)):
        if groups and value - groups[-1][0] <= _NEAR:
            groups[-1].append(value)
        else:
            groups.append([value])
    return groups


def _goes_on(table: list[tuple[Band, int]], block: Block) -> bool:
    """Whether a table at the top of a page has the lines of the one at the end of the page before."""
    page = table[-1][1]
    before = _edges([band for band, p in table if p == page])
    after = _edges(block.bands)
    few, many = sorted((before, after), key=len)
    return _same(before[0], after[0]) and _same(before[-1], after[-1]) and all(any(_same(x, y) for y in many) for x in few)


def _edges(bands: list[Band]) -> list[float]:
    return sorted({x for band in bands for part in band.parts for x in (part.x, part.right)})


def _same(a: float, b: float) -> bool:
    return abs(a - b) <= _NEAR


def _without_repeats(table: list[tuple[Band, int]], block: Block, sheet: Sheet) -> list[tuple[Band, int]]:
    """The rows a new page adds: no head printed again, and the rest of a cut row joined to its beginning."""
    bands, heads = block.bands, [band for band, _ in table]
    repeated = 0
    while repeated < min(len(bands), len(heads)) and _is_repeat(heads[repeated], bands[repeated]):
        sheet.furniture.append(("page header", "\t".join(_words(part) for part in bands[repeated].parts)))
        repeated += 1
    bands = bands[repeated:]
    if bands and _is_cut(heads[-1], bands[0], any(_is_unlabelled(band) for band in (*heads, *bands[1:]))):
        _join(heads[-1], bands[0])
        bands = bands[1:]
    return [(band, sheet.number) for band in bands]


def _is_repeat(head: Band, band: Band) -> bool:
    if len(head.parts) != len(band.parts) or not any(part.lines for part in band.parts):
        return False
    return all(_words(a) == _words(b) for a, b in zip(head.parts, band.parts, strict=True))


def _is_unlabelled(band: Band) -> bool:
    return len(band.parts) > 1 and not band.parts[0].lines and any(part.lines for part in band.parts)


def _is_cut(last: Band, band: Band, unlabelled: bool) -> bool:
    """Whether the first row of a page is the rest of the row that the page before ended with.

    A genuine row with an empty label looks much the same. So where the table has others of those (``unlabelled``), or
    more than a label and an answer, the text itself must say that it was broken off.
    """
    if band.open_top and _pairs(last, band) and any(part.lines for part in band.parts):
        return True
    pairs = list(zip(last.parts, band.parts, strict=False))
    if len(last.parts) != len(band.parts) or not all(_same(a.x, b.x) for a, b in pairs):
        return False
    pairs = [(a, b) for a, b in pairs if b.lines]
    if not pairs or not all(a.lines for a, _ in pairs):
        return False
    if _is_unlabelled(band) and last.parts[0].lines:
        return (len(band.parts) == 2 and not unlabelled) or all(_is_broken(a, b) for a, b in pairs)
    return all(_is_unended(a) and _words(b)[:1].islower() for a, b in pairs)


def _is_broken(before: Part, after: Part) -> bool:
    """The text goes on in small letters or with the next point of a list, or its next word would not have fitted before."""
    line, word = before.lines[-1], after.lines[0].words[0]
    if word.text[:1] in _BULLETS and any(line.words[0].text[:1] == word.text[:1] for line in before.lines):
        return True
    is_full = line.x1 + 0.25 * line.height + (word.x1 - word.x0) > before.right - 1
    return _words(after)[:1].islower() or (is_full and _is_unended(before))


def _is_unended(part: Part) -> bool:
    return not _words(part).endswith(_ENDED)


def _join(last: Band, band: Band) -> None:
    for a, b in _pairs(last, band):
        a.lines.extend(b.lines)


def _pairs(last: Band, band: Band) -> list[tuple[Part, Part]]:
    """Each part that holds words with the one it goes on with; none where one of them stands under no part.

    A cell merged over rows stands in the first of them only, so that its place may be empty in either band.
    """
    found = [(a, b) for b in band.parts if b.lines for a in last.parts if _same(a.x, b.x)]
    return found if len(found) == sum(bool(part.lines) for part in band.parts) else []
