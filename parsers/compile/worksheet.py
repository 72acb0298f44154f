"""How far the rows of a worksheet reach: it keeps no empty cells at the end of a row, and no empty rows at all.

A worksheet is looked at block by block (rows without an empty one between). Under a row of headings each row has a cell for each
heading; elsewhere a label has one cell beside it to write in. A text alone in its block is a title, and sentences are guidance.
"""

import re

from parsers.compile.general import is_heading
from parsers.grid import Row

_MOST_WORDS = 14
_WIDE_TITLE = 3
_FORM = re.compile(r"\b(?:audit|tool|form|template|checklist|check list|review|workbook|dip sample)s?$", re.IGNORECASE)
# One of a row of letters or numbers with its meaning.
_LEGEND = re.compile(r"\b(?:[A-Z]|\d{1,2})\s*=\s*\w")


def tell_widths(rows: list[Row]) -> dict[int, int]:
    """Row → how many columns people may write in, 0 for a row that asks nothing; and, for the last row of headings over
    nothing, see :func:`is_bare_head`."""
    widths: dict[int, int] = {}
    blocks = _blocks(rows)
    last = {rows[block[0]].sheet: block for block in blocks}
    first = {rows[block[0]].sheet: block for block in reversed(blocks)}
    for block in blocks:
        head = 0
        for at, r in enumerate(block):
            row = rows[r]
            below = [rows[n] for n in block[at + 1:]]
            if is_sheet_head(row, below):
                head = row.cells[-1].column + 1
            elif head and _texts(row) and row.cells[-1].column >= head + 1:
                head = 0
            alone = (len(block) == 1 and (block is first[row.sheet] or block is not last[row.sheet])) or _is_wide_title(row) \
                or (at == 0 and (_heads_follow(below) or (block is first[row.sheet] and (_is_form_name(row) or _is_told(below)))))
            widths[r] = head or _room(row, alone, _is_prose([rows[n] for n in block]) or _is_told([row]))
    return widths


def is_sheet_head(row: Row, below: list[Row]) -> bool:
    """Headings side by side: three or more, or two that are the usual words, over rows that begin with a label, a number or
    nothing."""
    texts = [c for c in row.cells if c.text]
    gaps = any(not c.text and not c.merged for c in row.cells[row.cells.index(texts[0]):]) if texts else True
    if gaps or len(texts) < 2 or any(len(c.text.split("\n")[0].split()) > _MOST_WORDS for c in texts):
        return False
    if len(texts) == 2 and not (below and is_heading(texts[0].text, texts[1].text)):
        return False
    # Where the next row is as full, this one is a row of labels and values.
    return all(len(_texts(other)) < len(texts) for other in below[:1])


def is_bare_head(row: Row, below: list[Row]) -> bool:
    """Headings over nothing: what people write there begins in the next row."""
    return len(_texts(row)) > 2 and not below and is_sheet_head(row, below)


def _blocks(rows: list[Row]) -> list[list[int]]:
    blocks: list[list[int]] = []
    for r, row in enumerate(rows):
        if not row.sheet:
            continue
        before = rows[r - 1] if r else None
        if blocks and before is not None and before.sheet == row.sheet and before.number + 1 == row.number:
            blocks[-1].append(r)
        else:
            blocks.append([r])
    return blocks


def _texts(row: Row) -> list[str]:
    return [c.text for c in row.cells if c.text]


def _heads_follow(below: list[Row]) -> bool:
    return bool(below) and is_sheet_head(below[0], below[1:])


def _is_wide_title(row: Row) -> bool:
    """A text merged over several columns with nothing beside it."""
    return len(_texts(row)) == 1 and sum(c.merged for c in row.cells) >= _WIDE_TITLE - 1 and not row.cells[0].merged


def _is_form_name(row: Row) -> bool:
    """What a sheet is called at its top, with its labels right below."""
    texts = _texts(row)
    return len(texts) == 1 and bool(_FORM.search(texts[0]))


def _is_told(rows: list[Row]) -> bool:
    """Whether rows explain letters or numbers people are to use ("A = in a day, B = in a week") and ask nothing."""
    return bool(rows) and all(len(texts := _texts(row)) == 1 and len(_LEGEND.findall(texts[0])) > 1 for row in rows)


def _is_prose(block: list[Row]) -> bool:
    """Whether a block is sentences: instructions, and no labels."""
    told = [texts[0] for row in block if len(texts := _texts(row)) == 1]
    sentences = [t for t in told if t.rstrip().endswith(".") or len(t.split()) > _MOST_WORDS]
    return len(told) == len(block) and 2 * len(sentences) > len(told)


def _room(row: Row, alone: bool, prose: bool) -> int:
    texts = _texts(row)
    if not texts or (len(texts) == 1 and (alone or prose)):
        return 0
    last = row.cells[-1]
    return last.column + 1 if not last.text and not last.merged else last.column + 2
