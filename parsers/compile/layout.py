"""Lines of a blank → what it asks: questions with their places, and tables people add rows to.

A table is read from the top. A row of headings governs the rows below it; a row of labels over a row of boxes is a row of
questions; a label beside a box is one; a number before boxes is a row of a table people may add to.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from parsers.compile.blank import Is, Line, Place
from parsers.text import flat, question_number

_TITLE_WORDS = 12
_HEADING_WORDS = 16
# Heads of a first column that name what stands below them, and no section.
_GENERAL = frozenset(("area", "areas", "question", "questions", "criteria", "standard", "standards", "item", "items", "domain",
                      "domains", "no", "number", "ref", "theme", "indicator", "indicators", "aspect", "key question", "what"))
_ACTION = re.compile(r"\bactions?\b|\brecommendations?\b", re.IGNORECASE)
_WHO_OR_WHEN = re.compile(
    r"\b(?:who|whom|when|owner|responsible|responsibility|timescale|target|deadline|due|lead|completed)\b", re.IGNORECASE)
_ONLY_NUMBER = re.compile(r"\s*q?\s*\d{1,3}(?:\.\d{1,2})*[a-z]?\s*[.):]?\s*", re.IGNORECASE)
_ROW_NUMBER = re.compile(r"\s*(?:no\.?\s*)?\d{1,2}\s*[.):]?\s*", re.IGNORECASE)


@dataclass(frozen=True)
class Box:
    """A place for one answer. ``heading`` is the column's heading with its legend; ``how`` is where the box stands."""

    place: Place
    heading: str = ""
    how: str = "right"  # "right" "below" "column" "inside" "after"


@dataclass(frozen=True)
class Asked:
    """One question as the blank prints it, with its boxes in page order."""

    label: str
    spot: tuple[int, int]
    boxes: tuple[Box, ...]
    # The number where it stands in a cell of its own, else it is in the label.
    number: str = ""


@dataclass(frozen=True)
class OpenTable:
    """A table of rows to fill: its headings with their places, and the places to write of each row the blank has."""

    heads: tuple[Place, ...]
    fill: tuple[tuple[Place, ...], ...]


@dataclass
class Part:
    """What stands under one title."""

    title: str
    guidance: list[str] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    tables: list[OpenTable] = field(default_factory=list)
    # Every heading met, as printed.
    heads: list[Place] = field(default_factory=list)
    # The worksheet it stands on, "" elsewhere.
    sheet: str = ""


def lay_out(lines: list[Line]) -> list[Part]:
    """The blank's parts in page order; text that asks nothing is guidance of the part it stands in."""
    reader = _Reader(lines)
    reader.read()
    return [p for p in reader.parts if p.asked or p.tables or p.guidance or p.title]


class _Reader:
    def __init__(self, lines: list[Line]) -> None:
        self.lines = lines
        self.parts: list[Part] = [Part("")]
        self.heads: tuple[Place, ...] = ()
        self.fresh = False
        # In a form with boxes, an empty cell without one is only a place to write where its row has no other.
        self.has_boxes = any(p.kind is Is.BOX for line in lines for p in line.places)

    @property
    def part(self) -> Part:
        return self.parts[-1]

    def read(self) -> None:
        at = 0
        while at < len(self.lines):
            line = self.lines[at]
            if not line.table:
                at += self._paragraph(at)
                continue
            end = at + 1
            while end < len(self.lines) and self.lines[end].follows(self.lines[end - 1]):
                end += 1
            if line.sheet != self.part.sheet:
                self._open("")
                self.part.sheet = line.sheet
            self._table(at, end)
            at = end

    # ---- paragraphs

    def _paragraph(self, at: int) -> int:
        """Takes a paragraph outside tables; gives how many lines were taken."""
        place = self.lines[at].places[0] if self.lines[at].places else None
        if place is None or place.kind is Is.BLANK:
            return 1
        if place.kind is Is.BOTH:
            self._inside(place)
            return 1
        if place.is_open:
            # A box alone in its paragraph answers what is printed above it.
            self._answer_above(place)
            return 1
        after = self.lines[at + 1] if at + 1 < len(self.lines) else None
        if after is not None and not after.table and after.places and after.places[0].kind in (Is.BOX, Is.TICKS):
            self._ask(place, (Box(after.places[0], how="after"),))
            return 2
        if place.text.rstrip().endswith(":") and (after is None or not after.table) and self._is_short(place.text):
            self._ask(place, (Box(place, how="inside"),))
            return 1
        if self._is_title(place.text) and self._leads_somewhere(at):
            self._open(place.text)
        else:
            self.part.guidance.append(place.text)
        return 1

    def _leads_somewhere(self, at: int) -> bool:
        """Whether a table or a question follows before the next text of this kind."""
        for line in self.lines[at + 1:at + 6]:
            if line.table:
                return True
            if line.places and line.places[0].kind not in (Is.BLANK, Is.PRINTED):
                return True
        return False

    def _answer_above(self, place: Place) -> None:
        if self.part.guidance:
            label = self.part.guidance.pop()
            self.part.asked.append(Asked(label, (place.row, place.cell), (Box(place, how="after"),)))
        elif self.part.title and not self.part.asked and not self.part.tables:
            self.part.asked.append(Asked(self.part.title, (place.row, place.cell), (Box(place, how="after"),)))
        else:
            self.part.asked.append(Asked("", (place.row, place.cell), (Box(place, how="after"),)))

    def _inside(self, place: Place) -> None:
        """"Name: ____  Date: ____": a label in front of each run of dots or box."""
        for label in _labels_inside(place.text):
            self.part.asked.append(Asked(label, (place.row, place.cell), (Box(place, how="inside"),)))

    # ---- tables

    def _table(self, start: int, end: int) -> None:
        self.heads = ()
        self.fresh = bool(self.part.asked or self.part.tables)
        at = start
        while at < end:
            at += self._row(at, start, end)
        self.heads = ()

    def _row(self, at: int, start: int, end: int) -> int:
        """Takes one row, or more that belong together; gives how many."""
        line = self.lines[at]
        for place in line.places:
            if place.kind is Is.BOTH:
                self._inside(place)
        if not line.printed and not line.open:
            return 1
        if self._is_head(at, end):
            return self._head(at, start, end)
        if not line.open:
            return self._only_printed(at, start, end)
        if not line.printed or _is_row_number(line):
            return self._rows_to_fill(at, end)
        self._questions(at, end)
        return 1

    def _is_head(self, at: int, end: int) -> bool:
        """Headings: words over every column but perhaps the first, and boxes below them before the next headings."""
        line = self.lines[at]
        others = [p for p in line.places[1:] if p.kind is not Is.MERGED]
        if not others or any(p.kind is not Is.PRINTED for p in others) or any(p.kind is Is.BOX for p in line.places):
            return False
        if any(len(p.first_line.split()) > _TITLE_WORDS for p in others):
            return False
        columns = {p.column for p in others}
        if at + 1 >= end:
            return False
        following = self.lines[at + 1]
        if columns & {p.column for p in following.open}:
            return True
        # A second row of headings ("Practitioner's score", "Auditor's score") may stand between.
        return all(p.kind is Is.PRINTED for p in following.places[1:]) and len(following.places) > 1 \
            and at + 2 < end and self._is_head(at + 1, end)

    def _head(self, at: int, start: int, end: int) -> int:
        line, following = self.lines[at], self.lines[at + 1]
        first = line.places[0]
        if following.open and not following.printed and not _is_row_number(following):
            fill = 1
            while at + 1 + fill < end and self.lines[at + 1 + fill].open and not self.lines[at + 1 + fill].printed:
                fill += 1
            same = [p.column for p in following.open] == [p.column for p in line.printed]
            if fill == 1 and same and not self._is_action_head(line):
                for label, box in zip(line.printed, following.open, strict=True):
                    self._ask(label, (Box(box, how="below"),))
                return 2
        if first.kind is Is.PRINTED and flat(first.first_line) not in _GENERAL and not self._is_fill(at + 1) \
                and self._is_title(first.first_line):
            self._open(first.text)
        self.part.heads += [p for p in line.places if p.text]
        self.heads = self._merge_heads(line.places)
        return 1

    def _is_fill(self, at: int) -> bool:
        line = self.lines[at]
        return bool(line.open) and (not line.printed or _is_row_number(line))

    def _merge_heads(self, places: tuple[Place, ...]) -> tuple[Place, ...]:
        """Headings under headings: what the upper one says of the scale holds for those below it."""
        printed = [p for p in places if p.kind is Is.PRINTED]
        merged = []
        for p in printed:
            over = [h for h in self.heads if h.column <= p.column]
            legend = "\n".join(over[-1].text.split("\n")[1:]) if over else ""
            merged.append(replace(p, text=f"{p.text}\n{legend}") if legend and legend not in p.text else p)
        return tuple(merged)

    def _is_action_head(self, line: Line) -> bool:
        told = [bool(_WHO_OR_WHEN.search(p.first_line)) for p in line.printed]
        return sum(told) >= 2 or (any(told) and any(_ACTION.search(p.first_line) for p in line.printed))

    def _only_printed(self, at: int, start: int, end: int) -> int:
        """Words alone in a row: the label of the box below, a title, or guidance."""
        line = self.lines[at]
        following = self.lines[at + 1] if at + 1 < end else None
        words = line.printed
        if following is not None and len(words) == 1 and len(following.open) == 1 and not following.printed:
            self._ask(words[0], (Box(following.open[0], how="below"),))
            return 2
        if following is not None and len(words) > 1 and following.open and not following.printed \
                and [p.column for p in words] == [p.column for p in following.open]:
            for label, box in zip(words, following.open, strict=True):
                self._ask(label, (Box(box, how="below"),))
            return 2
        if len(words) == 1 and words[0].text.rstrip().endswith(":"):
            # Room to write is left under the words, in their own cell.
            self._ask(words[0], (Box(words[0], how="inside"),))
            return 1
        if len(words) == 1 and self._is_title(words[0].first_line) and following is not None \
                and not question_number(words[0].text):
            self._open(words[0].text)
            self.heads = ()
        else:
            self.part.guidance += [p.text for p in words]
        return 1

    def _rows_to_fill(self, at: int, end: int) -> int:
        """Rows without words of their own, under the headings: a table people may add to."""
        count = 0
        while at + count < end and self._is_fill(at + count):
            count += 1
        line = self.lines[at]
        if self.heads:
            self._settle_part()
            columns = {p.column for p in line.open}
            heads = tuple(h for h in self.heads if h.column in columns)
            self.part.tables.append(OpenTable(heads, tuple(self.lines[at + n].open for n in range(count))))
        else:
            for n in range(count):
                for place in self.lines[at + n].open:
                    self._answer_above(place)
        return count

    def _questions(self, at: int, end: int) -> None:
        """A row with labels and boxes: one question with a box under each heading, or several side by side."""
        line = self.lines[at]
        first = line.printed[0]
        if not self.heads or self._is_side_by_side(line):
            self._side_by_side(line)
            return
        if _ONLY_NUMBER.fullmatch(first.text) and len(line.printed) > 1 and line.printed[1].column < (line.open[0].column):
            first = replace(line.printed[1], number=first.text.strip())
        boxes = tuple(Box(p, self._heading(p), "column") for p in self._real_open(at, end))
        if not boxes:
            self.part.guidance += [p.text for p in line.printed]
            return
        cells = [p for p in line.places if p.kind is not Is.MERGED or self._goes_on(at, p)]
        if len(cells) < len(self.heads) and len(boxes) == 1:
            # One box over what the headings part in two: the question has one answer.
            boxes = (replace(boxes[0], heading="", how="right"),)
        self._ask(first, boxes)
        self.part.guidance += [p.text for p in line.printed if p.cell > first.cell]

    def _goes_on(self, at: int, merged: Place) -> bool:
        """Whether a merged cell goes on from the one above, and not from the one beside it."""
        above = self.lines[at - 1] if at else None
        return above is not None and self.lines[at].follows(above) and any(
            p.column == merged.column and (p.is_open or p.kind is Is.MERGED) for p in above.places)

    def _is_side_by_side(self, line: Line) -> bool:
        """Label, box, label, box, whatever headings stand above."""
        kinds = [p.kind is Is.PRINTED for p in line.places if p.kind is not Is.MERGED]
        return len(kinds) >= 4 and len(kinds) % 2 == 0 and all(k is (n % 2 == 0) for n, k in enumerate(kinds))

    def _real_open(self, at: int, end: int) -> list[Place]:
        """The boxes of a question's row. Of a stem whose parts stand below, only true boxes count."""
        line = self.lines[at]
        boxes = [p for p in line.open if p.kind is not Is.BLANK]
        if not self.has_boxes:
            return list(line.open)
        if self._is_stem(at, end):
            return boxes
        beside_words = any(p.kind is Is.PRINTED for p in line.places[1:] if p.column > line.open[0].column)
        return boxes if beside_words else list(line.open)

    def _is_stem(self, at: int, end: int) -> bool:
        if at + 1 >= end or not self.lines[at + 1].printed:
            return False
        own, following = (question_number(self.lines[n].printed[0].text) for n in (at, at + 1))
        return following in ("a", "i") and own not in ("", following)

    def _heading(self, place: Place) -> str:
        over = [h for h in self.heads if h.column == place.column] or \
            [h for h in self.heads if h.column <= place.column and h.column > 0][-1:]
        return over[0].text if over else ""

    def _side_by_side(self, line: Line) -> None:
        """Label, box, label, box …: each box answers the words before it."""
        label: Place | None = None
        for place in line.places:
            if place.kind is Is.PRINTED:
                label = place
            elif place.is_open and label is not None:
                self._ask(label, (Box(place),))
                label = None

    # ---- shared

    def _settle_part(self) -> None:
        """A table without a title of its own, behind a part that has asked already, is a part of its own."""
        if self.fresh:
            self._open("")
        self.fresh = False

    def _ask(self, label: Place, boxes: tuple[Box, ...]) -> None:
        self._settle_part()
        self.part.asked.append(Asked(label.text, (label.row, label.cell), boxes, label.number))

    def _open(self, text: str) -> None:
        self.fresh = False
        title, _, more = text.partition("\n")
        if self.part.title == "" and not self.part.asked and not self.part.tables and not self.part.guidance:
            self.parts.pop()
        sheet = self.parts[-1].sheet if self.parts else ""
        self.parts.append(Part(title.strip(), [more.strip()] if more.strip() else [], sheet=sheet))

    def _is_title(self, text: str) -> bool:
        words = text.split()
        return 0 < len(words) <= _TITLE_WORDS and not text.rstrip().endswith((".", ";", ","))

    def _is_short(self, text: str) -> bool:
        return len(text.split()) <= _HEADING_WORDS


def _is_row_number(line: Line) -> bool:
    """Nothing printed but a number in front of the boxes."""
    return len(line.printed) == 1 and bool(_ROW_NUMBER.fullmatch(line.printed[0].text)) and len(line.open) > 0


_BETWEEN = re.compile(r"_{3,}|\.{4,}|…{2,}|[ \u2002\u2003]{8,}|\t|\n")


def _labels_inside(text: str) -> Iterator[str]:
    for piece in _BETWEEN.split(text):
        label = piece.strip(" \u2002\u2003:.-–")
        if label and any(ch.isalpha() for ch in label):
            yield label
