"""Rows of headings in a blank's tables, and which columns of a table hold what."""

import re
from collections import Counter
from dataclasses import replace

from parsers.compile.blank import Is, Line, Place
from parsers.compile.general import is_heading
from parsers.compile.shapes import TITLE_WORDS
from parsers.locate.text import flat

_ACTION = re.compile(r"\bactions?\b|\brecommendations?\b", re.IGNORECASE)
_WHO_OR_WHEN = re.compile(
    r"\b(?:who|whom|when|owner|responsible|responsibility|timescale|target|deadline|due|lead|completed)\b", re.IGNORECASE)
_ROW_NUMBER = re.compile(r"\s*(?:no\.?\s*)?\d{1,2}\s*[.):]?\s*", re.IGNORECASE)


def is_head(lines: list[Line], at: int, end: int) -> bool:
    """Headings: words over every column but perhaps the first, and boxes below them before the next headings.

    An empty cell among them is the head of a spacer, where boxes stand below all the other headings.
    """
    line = lines[at]
    others = [p for p in line.places[1:] if p.kind is not Is.MERGED]
    printed = [p for p in others if p.kind is Is.PRINTED and p.text]
    if not printed or any(p.kind is Is.BOX for p in line.places) or at + 1 >= end:
        return False
    if any(p.kind is not Is.PRINTED for p in others) and not _has_spacers(lines, at, printed, others):
        return False
    if any(len(p.first_line.split()) > TITLE_WORDS for p in printed):
        return False
    if len(line.places) == 2 and not is_heading(line.places[0].text, printed[0].text):
        return False
    following = lines[at + 1]
    columns = {p.column for p in printed}
    if columns & {p.column for p in following.open}:
        return True
    # A title, or the stem of a question with parts, may stand between.
    under = next((line for line in lines[at + 1:end] if len(line.places) > 1 or line.open), None)
    if under is not None and under is not following and len(printed) > 1 and columns <= {p.column for p in under.open}:
        return True
    # A second row of headings ("Practitioner's score", "Auditor's score") may stand between.
    return all(p.kind is Is.PRINTED for p in following.places[1:]) and len(following.places) > 1 \
        and at + 2 < end and is_head(lines, at + 1, end)


def _has_spacers(lines: list[Line], at: int, printed: list[Place], others: list[Place]) -> bool:
    if len(printed) < 2 or any(p.kind not in (Is.PRINTED, Is.BLANK) for p in others):
        return False
    return {p.column for p in printed} <= {p.column for p in lines[at + 1].open}


def spacers(line: Line) -> frozenset[int]:
    """Columns of a row of headings that have none."""
    return frozenset(p.column for p in line.places[1:] if p.kind is Is.BLANK)


def merge_heads(places: tuple[Place, ...], above: tuple[Place, ...]) -> tuple[Place, ...]:
    """Headings under headings: what the upper one says of the scale holds for those below it, and where two are the same,
    the upper one tells them apart ("Auditor: Score", "Moderator: Score")."""
    printed = [p for p in places if p.kind is Is.PRINTED and p.text]
    firsts = [flat(p.first_line) for p in printed]
    merged = []
    for p, first in zip(printed, firsts, strict=True):
        over = [h for h in above if h.column <= p.column]
        text = p.text
        if over and firsts.count(first) > 1:
            text = f"{over[-1].first_line.rstrip(' :')}: {text}"
        legend = "\n".join(over[-1].text.split("\n")[1:]) if over else ""
        merged.append(replace(p, text=f"{text}\n{legend}" if legend and legend not in text else text))
    # A heading merged down over both rows governs its column still.
    columns = {p.column for p in merged}
    kept = [h for h in above if any(q.column == h.column and q.kind is Is.MERGED for q in places) and h.column not in columns]
    return tuple(sorted((*kept, *merged), key=lambda h: h.column))


def heading_over(heads: tuple[Place, ...], place: Place) -> str:
    """The heading a box stands under: that of its column, else the nearest to the left."""
    over = [h for h in heads if h.column == place.column] or [h for h in heads if 0 < h.column <= place.column][-1:]
    return over[0].text if over else ""


def is_action_head(line: Line) -> bool:
    """Headings of a table of actions, whoever is to fill it."""
    told = [bool(_WHO_OR_WHEN.search(p.first_line)) for p in line.printed]
    return sum(told) >= 2 or (any(told) and any(_ACTION.search(p.first_line) for p in line.printed))


def is_row_number(line: Line) -> bool:
    """Nothing printed but a number in front of the boxes."""
    return len(line.printed) == 1 and bool(_ROW_NUMBER.fullmatch(line.printed[0].text)) and len(line.open) > 0


def is_fill(line: Line) -> bool:
    """A row without words of its own, for people to fill."""
    return bool(line.open) and (not line.printed or is_row_number(line))


def fixed_columns(lines: list[Line]) -> frozenset[int]:
    """Columns behind the first in which most rows that are to be filled have printed words: criteria, weights."""
    rows = [line for line in lines if line.open and line.printed]
    printed = Counter(p.column for line in rows for p in line.printed[1:])
    opened = Counter(p.column for line in rows for p in line.open)
    return frozenset(c for c, many in printed.items() if many >= 2 and many >= 2 * opened[c])


def area_columns(lines: list[Line]) -> frozenset[int]:
    """Columns where one name is merged down over several questions, with each question beside it."""
    found = set()
    for line in lines:
        for place, beside in zip(line.places, line.places[1:], strict=False):
            # On a worksheet a merged cell may go on from the one beside it, but a row's first one has none.
            down = not line.sheet or place is line.places[0]
            if place.kind is Is.MERGED and beside.kind is Is.PRINTED and down:
                found.add(place.column)
    return frozenset(found)
