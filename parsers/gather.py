"""What one cell or paragraph holds, gathered piece by piece in page order: text, answer boxes, bookmarks, inner tables.

The readers of older formats share this; Word's own reader has a faster way. Each piece remembers whether it stands in an
answer box, so that a finished cell can tell its own text from what was typed into the form's boxes.
"""

from collections.abc import Iterable

from parsers.grid import Cell, Control, Row


class Gathered:
    """One holder while it is read. ``say`` adds text, ``line`` begins a new line, ``cell`` gives the finished cell."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        # Pieces by number that stand in a box; most holders have none.
        self.boxed: set[int] = set()
        self.open_boxes = 0
        self.controls: list[Control] = []
        self.marks: list[str] = []
        # (pieces before it, its rows): what a table inside says is no text of the holder's own.
        self.tables: list[tuple[int, int]] = []
        self.inner: list[Row] = []

    def say(self, text: str) -> None:
        if self.open_boxes:
            self.boxed.add(len(self.pieces))
        self.pieces.append(text)

    def line(self) -> None:
        """A paragraph begins: a new line where something stands already."""
        if self.pieces:
            self.say("\n")

    def begin_box(self) -> int:
        """An answer box begins; give the number back to ``end_box``."""
        self.open_boxes += 1
        return len(self.pieces)

    def end_box(self, start: int, control: Control) -> None:
        """The box ends; its text is what was said since."""
        self.open_boxes -= 1
        self.controls.append(control._replace(text="".join(self.pieces[start:]).strip()))

    def add_table(self, rows: Iterable[Row]) -> None:
        """A table inside: its words belong to the holder's text, after the words before it."""
        start = len(self.pieces)
        for row in rows:
            self.inner.append(row)
            for cell in row.cells:
                if cell.text:
                    self.line()
                    self.pieces.append(cell.text)
        self.tables.append((start, len(self.pieces)))

    def text(self) -> str:
        return "".join(self.pieces).strip()

    def cell(self, column: int = 0) -> Cell:
        """The finished cell."""
        text = self.text()
        controls, marks = tuple(self.controls), tuple(dict.fromkeys(self.marks))
        if not self.tables and not controls:
            return Cell(text, column, (), marks, text, text)
        hidden = {n for start, end in self.tables for n in range(start, end)}
        own = self._without(hidden) if hidden else text
        return Cell(text, column, controls, marks, own, self._without(hidden | self.boxed), tuple(self.inner))

    def _without(self, skipped: set[int]) -> str:
        return "".join([piece for n, piece in enumerate(self.pieces) if n not in skipped]).strip()
