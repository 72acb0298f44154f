"""A blank form's cells, each told apart: printed words, a place to write, both in one, or a part of a merged cell."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from mailflow.form.definition import COMMON_PROMPTS
from parsers.compile.general import GENERAL
from parsers.compile.worksheet import is_bare_head, tell_widths
from parsers.grid import Cell, Control, Grid, Row
from parsers.locate.text import flat

_FILLERS = re.compile(r"[\s_.…‥·\-–—:/\\|]*")
_RUN_OF_FILLERS = re.compile(r"_{3,}|\.{4,}|…{2,}|[ \u2002\u2003]{8,}")
_PROMPT = re.compile(
    r"[\[<(]?\s*(?:please\s+)?(?:click|tap|type|enter|choose|select|insert|write|pick|add)\b[^.?]{0,60}"
    r"(?:\bhere\b[^?]{0,30}|\bitem\b\.?|\btext\b\.?|\bdate\b\.?|\boption\b\.?|\]|>)\s*\.?\s*[\]>)]?", re.IGNORECASE)
# How guidance begins that stands where people are to write.
_GUIDANCE = re.compile(
    r"\s*[(\[<]?\s*(?:guidance|consider|think about|please|describe|include|notes?|prompts?|hint|tip|example|for example|eg|e\.g\.?"
    r"|you may|you might|use this|state|list|outline|give|provide|summarise|explain|record|identify|comment on|add)\b",
    re.IGNORECASE)
_CHOOSE = re.compile(r"\W*(?:please\s+)?(?:select|choose|pick|click)\b", re.IGNORECASE)
_EXAMPLE = re.compile(r"\s*[(\[<]?\s*(?:e\.g\.|eg[:. ]|for example|example\s*\d?\s*:)", re.IGNORECASE)
_BETWEEN = re.compile(r"_{3,}|\.{4,}|…{2,}|[ \u2002\u2003]{8,}|\t|\n")
_BRACKETED = re.compile(r"[\[<][^\]>]{2,60}[\]>]")
TICKED, UNTICKED = "☒☑✓✔⊠🗹", "☐□▢⬜"
_COMMON = frozenset(p.casefold() for p in COMMON_PROMPTS)


class Is(StrEnum):
    """What a cell of a blank form is."""

    PRINTED = "printed"
    BLANK = "blank"  # empty, or nothing but dots to write on
    BOX = "box"  # a control that holds nothing yet
    BOTH = "both"  # printed words with a place to write among them
    TICKS = "ticks"  # choices with a tick box each
    MERGED = "merged"  # goes on from the cell above or beside


@dataclass(frozen=True)
class Place:
    """One cell of the blank: where it is, what it is, and its words without prompts."""

    row: int
    cell: int
    column: int
    kind: Is
    text: str
    source: Cell
    # A question's number that stands in a cell of its own before this one.
    number: str = ""

    @property
    def is_open(self) -> bool:
        return self.kind in (Is.BLANK, Is.BOX, Is.TICKS)

    @property
    def control(self) -> Control | None:
        return next(iter(self.source.controls), None)

    @property
    def first_line(self) -> str:
        return self.text.split("\n")[0].strip()


@dataclass(frozen=True)
class Line:
    """A row of the blank, told apart. ``table`` is 0 for a paragraph; ``number`` is the row's in its table."""

    row: int
    table: int
    number: int
    places: tuple[Place, ...]
    sheet: str = ""

    def follows(self, before: "Line") -> bool:
        """Whether it goes on with the table of the line before; an empty row parts what stands on a worksheet."""
        return self.table == before.table and (not self.sheet or self.number == before.number + 1)

    @property
    def printed(self) -> tuple[Place, ...]:
        return tuple(p for p in self.places if p.kind is Is.PRINTED)

    @property
    def open(self) -> tuple[Place, ...]:
        return tuple(p for p in self.places if p.is_open)


def is_prompt(text: str) -> bool:
    """Words that only say where to write: "Click here to enter text.", "[type here]"."""
    plain = text.strip()
    return plain.casefold() in _COMMON or bool(_PROMPT.fullmatch(plain) or _BRACKETED.fullmatch(plain))


def is_no_choice(shown: str) -> bool:
    """An entry of a drop-down that chooses nothing: "Select …", "Choose an item."."""
    return is_prompt(shown) or is_filler(shown) or bool(_CHOOSE.match(shown))


def is_filler(text: str) -> bool:
    """Nothing, or nothing but dots and lines to write on."""
    return bool(_FILLERS.fullmatch(text))


def flatten_rows(rows: tuple[Row, ...]) -> list[Row]:
    """Tables inside cells come behind the row that holds them, as everywhere in ``parsers``."""
    found: list[Row] = []
    for row in rows:
        found.append(row)
        for cell in row.cells:
            found += flatten_rows(cell.inner)
    return found


def read_lines(grid: Grid) -> list[Line]:
    """Every row of the blank, in page order."""
    rows = flatten_rows(grid.rows)
    widths = tell_widths(rows)
    lines = []
    for r, row in enumerate(rows):
        lines.append(_line(r, row, widths.get(r, 0)))
        if row.sheet and is_bare_head(row, rows[r + 1:r + 2] if _goes_on(row, rows[r + 1:r + 2]) else []):
            lines += [_line(r, Row((), row.table, row.number + n, sheet=row.sheet), widths[r]) for n in (1, 2)]
    return _settle_guidance(lines)


def _goes_on(row: Row, after: list[Row]) -> bool:
    return any(other.sheet == row.sheet and other.number == row.number + 1 for other in after)


def _settle_guidance(lines: list[Line]) -> list[Line]:
    """Guidance that stands in an answer's cell, for people to type over: its column is for answers in other rows."""
    open_at = Counter((line.table, p.column) for line in lines for p in line.open)
    words_at = Counter((line.table, p.column) for line in lines for p in line.printed)

    def settle(line: Line) -> Line:
        if not line.table or line.open or len(line.printed) != 2:
            return line
        first, last = line.printed
        key = (line.table, last.column)
        if not _GUIDANCE.match(last.text) or (not open_at[key] and words_at[key] > 1):
            return line
        if line.number == 1 and (not first.text or flat(first.first_line) in GENERAL):
            return line
        box = replace(last, kind=Is.BOX, text="")
        return replace(line, places=tuple(box if p is last else p for p in line.places))

    return [settle(line) for line in lines]


def colon_labels(text: str) -> tuple[str, ...]:
    """The labels of a text that is nothing but labels with colons, one a line or with room between: "Grade:  Date:"."""
    pieces = [piece.strip() for piece in re.split(r"\t+|\n|\s{3,}", text) if piece.strip()]
    return tuple(piece.rstrip(" :") for piece in pieces) if all(piece.endswith(":") for piece in pieces) else ()


def labels_inside(text: str) -> Iterator[str]:
    """"Name: ____  Date: ____": the label in front of each run of dots."""
    for piece in _BETWEEN.split(text):
        label = piece.strip(" \u2002\u2003:.-–")
        if any(ch.isalpha() for ch in label):
            yield label


def _line(r: int, row: Row, width: int) -> Line:
    places = [_place(r, c, cell) for c, cell in enumerate(row.cells)]
    last = row.cells[-1].column if row.cells else -1
    places += [Place(r, len(places) + n, column, Is.BLANK, "", Cell("", column))
               for n, column in enumerate(range(last + 1, width))]
    return Line(r, row.table, row.number, tuple(places), row.sheet)


def _place(r: int, c: int, cell: Cell) -> Place:
    kind, text = _tell(cell)
    return Place(r, c, cell.column, kind, text, cell)


def _tell(cell: Cell) -> tuple[Is, str]:
    own = (cell.own or ("" if cell.inner else cell.text)).strip()
    if cell.merged:
        return Is.MERGED, ""
    if _tick_choices(own):
        return Is.TICKS, own
    if _EXAMPLE.match(own) and not cell.controls:
        return Is.BOX, ""
    boxed = [c for c in cell.controls if c.kind or not c.text or c.prompt or is_prompt(c.text) or is_filler(c.text)]
    text = cell.outside if boxed and len(boxed) == len(cell.controls) else own
    text = "\n".join(line.strip() for line in text.split("\n") if not is_prompt(line)).strip()
    if is_filler(text):
        if boxed:
            return Is.BOX, ""
        # A prompt without a control is a place to write; a cell that holds a table is not.
        return (Is.PRINTED, "") if cell.inner else (Is.BOX if own and not is_filler(own) else Is.BLANK, "")
    return (Is.BOTH if boxed or _RUN_OF_FILLERS.search(text) else Is.PRINTED), text


def _tick_choices(text: str) -> tuple[str, ...]:
    """The words beside each of several tick boxes; () where there are fewer than two."""
    pieces = re.split(f"([{TICKED}{UNTICKED}])", text)
    if len(pieces) < 5:
        return ()
    words = pieces[0::2]
    beside = words[1:] if not words[0].strip() else words[:-1]
    return tuple(w for w in (word.strip(" \t\n/|,;") for word in beside) if w)


def tick_choices(text: str) -> tuple[str, ...]:
    return _tick_choices(text)
