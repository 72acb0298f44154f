"""One table of a blank, read from the top. A row of headings governs the rows below it; a row of labels over a row of boxes is
a row of questions; a label beside a box is one; a number before boxes is a row of a table people may add to.
"""

import re
from dataclasses import replace

from parsers.compile.blank import Is, Line, Place, labels_inside
from parsers.compile.general import GENERAL
from parsers.compile.heads import area_columns, fixed_columns, heading_over, is_action_head, is_fill, is_head, merge_heads, spacers
from parsers.compile.shapes import Box, Draft, OpenTable, is_title
from parsers.locate.text import flat, question_number

_ONLY_NUMBER = re.compile(r"\s*q?\s*\d{1,3}(?:\.\d{1,2})*[a-z]?\s*[.):]?\s*", re.IGNORECASE)


class TableReader:
    """Takes the lines ``start`` to ``end``, which are one table, into the draft."""

    def __init__(self, draft: Draft, lines: list[Line], start: int, end: int, has_boxes: bool) -> None:
        self.draft = draft
        self.lines = lines
        self.start = start
        self.end = end
        # In a form with boxes, an empty cell without one is only a place to write where its row has no other.
        self.has_boxes = has_boxes
        self.heads: tuple[Place, ...] = ()
        self.spacers: frozenset[int] = frozenset()
        self.areas = area_columns(lines[start:end])
        self.fixed = fixed_columns(lines[start:end])

    def read(self) -> None:
        self.draft.begin_table()
        at = self.start
        while at < self.end:
            at += self._row(at)

    def _row(self, at: int) -> int:
        """Takes one row, or more that belong together; gives how many."""
        line = self.lines[at]
        for place in line.places:
            if place.kind is Is.BOTH:
                for label in labels_inside(place.text):
                    self.draft.ask_here(label, place)
        if not line.printed and not line.open:
            return 1
        if is_head(self.lines, at, self.end):
            return self._head(at)
        if not line.open:
            return self._only_printed(at)
        if is_fill(line):
            return self._rows_to_fill(at)
        self._questions(at)
        return 1

    def _head(self, at: int) -> int:
        line, following = self.lines[at], self.lines[at + 1]
        first = line.places[0]
        if following.open and not following.printed:
            fill = 1
            while at + 1 + fill < self.end and self.lines[at + 1 + fill].open and not self.lines[at + 1 + fill].printed:
                fill += 1
            same = [p.column for p in following.open] == [p.column for p in line.printed]
            if fill == 1 and same and not is_action_head(line):
                self._ask_below(line, following)
                return 2
        if first.kind is Is.PRINTED and flat(first.first_line) not in GENERAL and not is_fill(following) \
                and is_title(first.first_line):
            self.draft.name_or_tell(first.text)
        self.draft.part.heads += [p for p in line.places if p.text]
        self.heads = merge_heads(line.places, self.heads)
        self.spacers = spacers(line)
        return 1

    def _ask_below(self, line: Line, following: Line) -> None:
        for label, box in zip(line.printed, following.open, strict=True):
            self.draft.ask(label, (Box(box, how="below"),))

    def _only_printed(self, at: int) -> int:
        """Words alone in a row: the label of the box below, a title, or guidance."""
        line = self.lines[at]
        following = self.lines[at + 1] if at + 1 < self.end else None
        words = line.printed
        if following is not None and following.open and not following.printed:
            one = len(words) == 1 and len(following.open) == 1
            if one or (len(words) > 1 and [p.column for p in words] == [p.column for p in following.open]):
                self._ask_below(line, following)
                return 2
        goes_on = following is not None and len(line.places) == 1 and self._is_headed(following)
        if all(p.text.rstrip().endswith(":") for p in words) and not goes_on:
            # Room to write is left under the words, in their own cell.
            for place in words:
                self.draft.ask_inside(place)
        elif len(words) == 1 and is_title(words[0].first_line) and following is not None and not question_number(words[0].text):
            self.draft.open(words[0].text)
            if not goes_on:
                self.heads, self.spacers = (), frozenset()
        else:
            self.draft.tell(*(p.text for p in words))
        return 1

    def _is_headed(self, line: Line) -> bool:
        """Whether a row goes on under the headings above: it has a cell in each of their columns."""
        columns = {h.column for h in self.heads}
        return len(columns) > 1 and columns <= {p.column for p in line.places}

    def _rows_to_fill(self, at: int) -> int:
        """Rows without words of their own, under the headings: a table people may add to."""
        rows = [self.lines[at].open]
        while at + len(rows) < self.end and is_fill(self.lines[at + len(rows)]):
            rows.append(self.lines[at + len(rows)].open)
        columns = {p.column for p in rows[0]}
        heads = tuple(h for h in self.heads if h.column in columns)
        if heads:
            self.draft.settle()
            self.draft.part.tables.append(OpenTable(heads, tuple(rows)))
        else:
            for row in rows:
                for place in row:
                    self.draft.answer_above(place)
        return len(rows)

    def _questions(self, at: int) -> None:
        """A row with labels and boxes: one question with a box under each heading, or several side by side."""
        line = self.lines[at]
        if not self.heads or self._is_side_by_side(line):
            self._side_by_side(line)
            return
        first = self._label(line)
        boxes = tuple(Box(p, heading_over(self.heads, p), "column") for p in self._real_open(at)
                      if p.column not in self.spacers | self.fixed and p.column > first.column)
        if not boxes:
            self.draft.tell(*(p.text for p in line.printed))
            return
        cells = [p for p in line.places if p.kind is not Is.MERGED or self._goes_on(at, p)]
        if len(cells) < len(self.heads) and len(boxes) == 1:
            # One box over what the headings part in two: the question has one answer.
            boxes = (replace(boxes[0], heading="", how="right"),)
        self.draft.ask(first, boxes)
        others = [p for p in line.printed if p.cell != first.cell and p.text != first.number]
        self.draft.tell(*(p.text for p in others))
        self.draft.part.fixed += [p.text for p in others if p.column in self.fixed]

    def _label(self, line: Line) -> Place:
        """The question's words: behind an area's name and behind a number that stands alone."""
        words = [p for p in line.printed if p.column not in self.areas] or list(line.printed)
        beside = words[1] if len(words) > 1 and words[1].column < line.open[0].column else None
        if _ONLY_NUMBER.fullmatch(words[0].text) and beside is not None:
            return replace(beside, number=words[0].text.strip())
        return words[0]

    def _goes_on(self, at: int, merged: Place) -> bool:
        """Whether a merged cell goes on from the one above, and not from the one beside it."""
        above = self.lines[at - 1] if at else None
        return above is not None and self.lines[at].follows(above) and any(
            p.column == merged.column and (p.is_open or p.kind is Is.MERGED) for p in above.places)

    def _is_side_by_side(self, line: Line) -> bool:
        """Label, box, label, box, whatever headings stand above."""
        kinds = [p.kind is Is.PRINTED for p in line.places if p.kind is not Is.MERGED]
        return len(kinds) >= 4 and len(kinds) % 2 == 0 and all(k is (n % 2 == 0) for n, k in enumerate(kinds))

    def _real_open(self, at: int) -> list[Place]:
        """The boxes of a question's row. Of a stem whose parts stand below, only true boxes count."""
        line = self.lines[at]
        boxes = [p for p in line.open if p.kind is not Is.BLANK]
        if not self.has_boxes:
            return list(line.open)
        if self._is_stem(at):
            return boxes
        beside_words = any(p.kind is Is.PRINTED for p in line.places[1:] if p.column > line.open[0].column)
        return boxes if beside_words else list(line.open)

    def _is_stem(self, at: int) -> bool:
        if at + 1 >= self.end or not self.lines[at + 1].printed:
            return False
        own, following = (question_number(self.lines[n].printed[0].text) for n in (at, at + 1))
        return following in ("a", "i") and own not in ("", following)

    def _side_by_side(self, line: Line) -> None:
        """Label, box, label, box …: each box answers the words before it."""
        label: Place | None = None
        for place in line.places:
            if place.kind is Is.PRINTED:
                label = place
            elif place.is_open and label is not None:
                self.draft.ask(label, (Box(place),))
                label = None
