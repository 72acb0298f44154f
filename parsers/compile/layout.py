"""Lines of a blank → what it asks: questions with their places, and tables people add rows to.

Tables are ``tables``'s; here the paragraphs between them are told apart: titles, guidance, labels with room behind them or below.
"""

from parsers.compile.blank import Is, Line, Place, labels_inside
from parsers.compile.shapes import Box, Draft, Part, is_title
from parsers.compile.tables import TableReader

_LABEL_WORDS = 16
# A question may be longer than a title, and has no need of so much room below it.
_QUESTION_WORDS = 40


def lay_out(lines: list[Line]) -> list[Part]:
    """The blank's parts in page order; text that asks nothing is guidance of the part it stands in."""
    draft = Draft()
    reader = _Reader(draft, lines)
    at = 0
    while at < len(lines):
        line = lines[at]
        if not line.table:
            at += reader.paragraph(at)
            continue
        end = at + 1
        while end < len(lines) and lines[end].follows(lines[end - 1]):
            end += 1
        if line.sheet != draft.part.sheet:
            draft.open("")
            draft.part.sheet = line.sheet
        TableReader(draft, lines, at, end, reader.has_boxes).read()
        at = end
    return [p for p in draft.parts if p.asks or p.guidance or p.title]


class _Reader:
    """Paragraphs outside tables."""

    def __init__(self, draft: Draft, lines: list[Line]) -> None:
        self.draft = draft
        self.lines = lines
        self.has_boxes = any(p.kind is Is.BOX and p.source.controls for line in lines for p in line.places)

    def paragraph(self, at: int) -> int:
        """Takes a paragraph; gives how many lines were taken."""
        place = self.lines[at].places[0] if self.lines[at].places else None
        if place is None or place.kind is Is.BLANK:
            return 1
        if place.kind is Is.BOTH:
            for label in labels_inside(place.text):
                self.draft.ask_here(label, place)
            return 1
        if place.is_open:
            # A box alone in its paragraph answers what is printed above it.
            self.draft.answer_above(place)
            return 1
        return self._printed(at, place)

    def _printed(self, at: int, place: Place) -> int:
        after = self.lines[at + 1] if at + 1 < len(self.lines) else None
        beside_table = after is not None and after.table > 0
        if after is not None and not beside_table and after.places and after.places[0].kind in (Is.BOX, Is.TICKS):
            self.draft.ask(place, (Box(after.places[0], how="after"),))
            return 2
        if place.text.rstrip().endswith(":") and not beside_table and len(place.text.split()) <= _LABEL_WORDS:
            self.draft.ask_inside(place)
        elif self._has_room_below(at, place):
            self._ask_below(at, place)
        elif is_title(place.text) and self._leads_somewhere(at):
            self.draft.open(place.text)
        else:
            self.draft.tell(place.text)
        return 1

    def _has_room_below(self, at: int, place: Place) -> bool:
        """Whether empty paragraphs to write in follow: two below a title, one below a question; behind them no table."""
        n = at + 1
        while n < len(self.lines) and self._is_empty(n):
            n += 1
        room = n - at - 1
        if not room or (n < len(self.lines) and self.lines[n].table) or not any(self._is_words(m) for m in range(at)):
            return False
        asks = place.text.rstrip().endswith("?") and len(place.text.split()) <= _QUESTION_WORDS
        return asks or (room >= 2 and n < len(self.lines) and is_title(place.text))

    def _ask_below(self, at: int, place: Place) -> None:
        if any(b.how != "after" for a in self.draft.part.asked for b in a.boxes):
            self.draft.open("")
        self.draft.ask(place, (Box(self.lines[at + 1].places[0], how="after"),))

    def _is_empty(self, n: int) -> bool:
        line = self.lines[n]
        return not line.table and all(p.kind is Is.BLANK for p in line.places)

    def _is_words(self, n: int) -> bool:
        return any(p.text for p in self.lines[n].places)

    def _leads_somewhere(self, at: int) -> bool:
        """Whether a table or a question follows before the next text of this kind."""
        for line in self.lines[at + 1:at + 6]:
            if line.table:
                return True
            if line.places and line.places[0].kind not in (Is.BLANK, Is.PRINTED):
                return True
        return False
