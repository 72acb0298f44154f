"""Text that is neither ours nor any answer: counted and shown, never dropped."""

import re

from mailflow.model import Leftover
from parsers.grid import Cell, Grid
from parsers.locate.around import HEADERS, is_reference_line
from parsers.locate.page import Page, Spot
from parsers.locate.printed import look_up
from parsers.locate.text import ROW_NUMBERS, content_words, flat, without_letter
from parsers.locate.wording import Wording, is_printed, without_prompts
from parsers.settle.said import slips

# A page header prints a council's name, a marking, a reference; a sentence there was typed by somebody.
_FURNITURE_WORDS = 12
_SLIP_LENGTH = 4
_MOST_LINES = 20
_NUMBER = re.compile(r"\s*q?\s*\d{1,3}(?:\.\d{1,2})*[a-z]?\s*[.):]?\s*", re.IGNORECASE)


def collect_leftovers(page: Page) -> list[Leftover]:
    """What the body holds, in page order."""
    found: list[Leftover] = []
    broken = _printed_lines(page)
    for r, row in enumerate(page.rows):
        if r in broken:
            continue
        if page.parents and page.held_by_answer(r):
            continue
        for c, cell in enumerate(row.cells):
            if cell.text and (r, c) not in page.claimed:
                if not _is_known(page, cell.text) and not is_printed(cell.text, page.wording):
                    found += _in_cell(page, (r, c), cell)
            elif len(cell.controls) > 1 or cell.outside:
                found += _beside_answers(page, (r, c), cell)
    return found


def _printed_lines(page: Page) -> set[int]:
    """Rows of a printed page that are together one text of ours: print breaks a paragraph where the line ends, and a
    bullet before it may look like a column."""
    found: set[int] = set()
    if not (page.rows and page.rows[-1].page):
        return found
    for r, row in enumerate(page.rows):
        if row.page and r not in found:
            found.update(_one_text(page, r))
    return found


def _one_text(page: Page, first: int) -> range:
    words = ""
    for r in range(first, min(first + _MOST_LINES, len(page.rows))):
        spots = [(r, c) for c in range(len(page.rows[r].cells))]
        if any(spot in page.claimed or spot in page.label_spots for spot in spots):
            break
        words = " ".join([words, *(page.cell(spot).text for spot in spots)]).strip()
        if r > first and is_printed(words, page.wording):
            return range(first, r + 1)
    return range(0)


def leftovers_around(grid: Grid, wording: Wording) -> list[Leftover]:
    """Sentences in headers and footers, then notes, then comments."""
    found = [Leftover(text, place) for place, text in grid.around
             if (place not in HEADERS or (len(text.split()) >= _FURNITURE_WORDS and not _is_ours(text, wording)))
             and not is_printed(text, wording) and not _is_list(place, text, wording)]
    # A remark that stands in the blank comes back with every return.
    return found + [Leftover(text, f"comment by {who}" if who else "comment") for who, text in grid.remarks
                    if text and content_words(text) not in wording.own_words]


def _is_list(place: str, text: str, wording: Wording) -> bool:
    """A hidden sheet that holds what a cell's list offers, and nothing else."""
    return place.startswith("hidden sheet") and all(flat(word) in wording.choices for word in re.split(r"[\n\t]", text))


def _is_ours(text: str, wording: Wording) -> bool:
    """A head row that is printed again on the next page."""
    return all(is_printed(piece, wording) or look_up(piece, wording) for piece in text.split("\t"))


def _in_cell(page: Page, spot: Spot, cell: Cell) -> list[Leftover]:
    """What was typed in a cell that is nobody's answer, whole lines at a time."""
    text = cell.own if cell.inner else cell.text
    if not page.rows[spot[0]].table and is_reference_line(text):
        return []
    is_head = _is_head(page, spot[0], cell)
    lines = []
    for n, line in enumerate(text.split("\n")):
        typed = without_prompts(line.strip(), page.wording)[0]
        if is_head and (not n or flat(typed) in page.wording.choices):
            continue
        if not _prints(page, typed) and flat(typed) not in page.furniture:
            lines.append(typed)
    left = "\n".join(lines)
    if len(lines) > 1 and is_printed(" ".join(lines), page.wording):
        # Print breaks our own words into lines where the column ends.
        return []
    # Where the label's own line was taken off, what is left is none of it, whatever words they share ("0 to 10", and 10).
    is_whole = len(lines) == text.count("\n") + 1
    if not left or (is_whole and (_is_known_label(page, spot, left) or _is_numbering(page, spot, left))):
        return []
    return [Leftover(left, page.place(spot))]


def _prints(page: Page, line: str) -> bool:
    """Whether the form prints this line, with or without a part's letter before it."""
    if is_printed(line, page.wording):
        return True
    bare = without_letter(line)
    return bare != line and flat(bare) in page.wording.own


def _is_known_label(page: Page, spot: Spot, text: str) -> bool:
    """A label that lost a word or two, or has a slip in one: nothing in it is new."""
    items = page.wording.items.get(page.label_spots.get(spot, ""))
    if items is None:
        return False
    known = set(flat(items[0].label).split()) | set(items[0].words.split())
    return all(any(_is_slip(word, other) for other in known) for word in set(flat(text).split()) - known)


def _is_slip(word: str, other: str) -> bool:
    """A word of the label that was retyped with a letter wrong."""
    return len(other) >= _SLIP_LENGTH and slips(word, other, 1)


def _is_known(page: Page, text: str) -> bool:
    """Met before as ours; a choice by itself is what an answer looks like, and under a heading anything may be typed."""
    return "\n" not in text and text in page.wording.known and flat(text) not in page.wording.choices


def _is_head(page: Page, r: int, cell: Cell) -> bool:
    """A column's heading where it stands over its column, even one that elsewhere would be an answer ("Yes", "No.")."""
    first = cell.text.split("\n", 1)[0]
    if r in page.headers:
        # A heading typed anew heads its column all the same, and is shown; one with a slip is not.
        is_near = any(_is_slip(flat(first), flat(c.label)) for c in page.headers[r][0].columns)
        if is_near or flat(first) in ROW_NUMBERS or look_up(first, page.wording) is not None:
            return True
    return r in page.heads and any(column == cell.column for column, _ in page.heads[r])


def _is_numbering(page: Page, spot: Spot, text: str) -> bool:
    """A question's number in a cell of its own before the label, or all that is left of the label."""
    is_label = spot in page.label_spots or (spot[0], spot[1] + 1) in page.label_spots
    return is_label and bool(_NUMBER.fullmatch(text))


def _beside_answers(page: Page, spot: Spot, cell: Cell) -> list[Leftover]:
    """Text beside two boxes of one cell belongs to neither."""
    known = [c for c in cell.controls if c.tag in page.wording.tags]
    if len(known) < 2:
        return []
    lines = [line for line in cell.outside.split("\n") if not is_printed(line, page.wording)]
    return [Leftover("\n".join(lines), page.place(spot))] if lines else []
