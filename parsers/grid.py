"""The one neutral shape every kind of document is turned into: rows of cells with text, controls and marks.

A paragraph outside any table is a row with one cell and ``table`` 0, so that everything downstream knows one shape.
These are named tuples and not dataclasses because a form has hundreds of them and they are made for every document;
they are as frozen, and cost a fifth.
"""

from dataclasses import dataclass
from typing import NamedTuple

from mailflow.model.place import say_place


class Control(NamedTuple):
    """A box the form gave for an answer (a Word content control; later a PDF form field).

    ``prompt`` is the document's own claim that only the prompt stands there; ``day`` is the ISO day a date picker holds.
    ``items`` are the (shown, value) pairs of a drop-down whose text may be one of the values, else empty.
    """

    tag: str = ""
    kind: str = ""  # "", "choice", "date", "tick"
    text: str = ""
    prompt: bool = False
    items: tuple[tuple[str, str], ...] = ()
    day: str = ""


class Cell(NamedTuple):
    """``text`` is everything readable, inner tables included, lines parted by newlines, stripped at both ends.

    ``own`` is the text without inner tables, ``outside`` the own text that stands in no control. ``marks`` are the
    names of bookmarks that begin here; ``column`` is where the cell starts in the table's grid, from 0: cells of one
    table that stand under each other have the same, whatever was merged. ``merged`` cells continue the one above; only
    ``read_word(..., careful=True)`` and the readers of other formats say so.
    """

    text: str
    column: int = 0
    controls: tuple[Control, ...] = ()
    marks: tuple[str, ...] = ()
    own: str = ""
    outside: str = ""
    inner: "tuple[Row, ...]" = ()
    merged: bool = False


class Row(NamedTuple):
    """``table`` and ``number`` count from 1 for people. A worksheet is one table: its row numbers are the sheet's own.

    ``sheet`` is a worksheet's name and ``page`` a PDF's page from 1, for the place told to people; else "" and 0.
    """

    cells: tuple[Cell, ...]
    table: int = 0
    number: int = 0
    # Tags of controls that hold the whole row.
    tags: tuple[str, ...] = ()
    sheet: str = ""
    page: int = 0

    def place(self, cell: int) -> str:
        """Words a person can follow: "table 3, row 2, column 2", "sheet Audit, cell B4", "page 2, line 7"."""
        if self.sheet:
            return f"sheet {self.sheet}, cell {_letters(self.cells[cell].column)}{self.number}"
        if self.page:
            inside = say_place(self.table, self.number, cell + 1) if self.table else f"line {self.number}"
            return f"page {self.page}, {inside}"
        return say_place(self.table, self.number, cell + 1)


def _letters(column: int) -> str:
    """A worksheet column as people call it: 0 → A, 26 → AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


@dataclass(frozen=True)
class Grid:
    """A whole document. ``around`` is text of headers, footers and notes as (place, text); ``remarks`` the comments.

    ``passports`` are the places where a form carries its passport, strongest first, as raw text.
    """

    rows: tuple[Row, ...]
    around: tuple[tuple[str, str], ...] = ()
    remarks: tuple[tuple[str, str], ...] = ()
    passports: tuple[str, ...] = ()
    tracked_changes: int = 0
    comments: int = 0
    oddities: tuple[str, ...] = ()
    edit_minutes: int | None = None
