"""A grid being searched for one form's questions: who claimed which cell, where the labels stand."""

from dataclasses import dataclass, field
from typing import NamedTuple

from mailflow.form.definition import FormField, FormTable
from mailflow.model import FoundBy
from parsers.grid import Cell, Control, Row
from parsers.locate.around import is_reference_line
from parsers.locate.text import LONGEST_LABEL, content_words, flat
from parsers.locate.wording import Wording

# (row, cell), both from 0.
Spot = tuple[int, int]


class Label(NamedTuple):
    """Where a question's label stands and how it was known."""

    spot: Spot
    found_by: FoundBy
    sure: int


class Tagged(NamedTuple):
    """One control with a tag of the form, in the cell it stands in."""

    spot: Spot
    control: Control


class TableCell(NamedTuple):
    """One tagged cell of a table people may add rows to; ``number`` is the row its tag was printed with."""

    table: FormTable
    number: int
    column: str
    cell: int


@dataclass
class Page:
    """Working state of one search; never leaves ``parsers``."""

    wording: Wording
    rows: list[Row] = field(default_factory=list)
    # Rows of tables inside cells → the cell that holds them.
    parents: dict[int, Spot] = field(default_factory=dict)
    tagged: dict[str, list[Tagged]] = field(default_factory=dict)
    table_cells: dict[int, list[TableCell]] = field(default_factory=dict)
    # Row → table and the columns its cells name: (cell, grid column, column id).
    headers: dict[int, tuple[FormTable, list[tuple[int, int, str]]]] = field(default_factory=dict)
    # Word table → the row of the head it goes on from: people cut tables in two.
    continued: dict[int, int] = field(default_factory=dict)
    # Row → (grid column, the headings it may be) of columns that questions are answered in.
    heads: dict[int, list[tuple[int, tuple[str, ...]]]] = field(default_factory=dict)
    # By item: see ``Wording``.
    labels: dict[str, Label] = field(default_factory=dict)
    label_spots: dict[Spot, str] = field(default_factory=dict)
    # Answers that stand in a text with other labels, by item; see ``inline``.
    inline: dict[str, str] = field(default_factory=dict)
    # Labels that several questions share, met where no section says which.
    unsettled: list[tuple[Spot, tuple[FormField, ...]]] = field(default_factory=list)
    headings: set[int] = field(default_factory=set)
    sections: dict[int, str] = field(default_factory=dict)
    # Rows of which all but the first cell are answers, and those of tables people add rows to: nobody's label is there.
    answered: set[int] = field(default_factory=set)
    claimed: dict[Spot, str] = field(default_factory=dict)
    furniture: frozenset[str] = frozenset()

    def cell(self, spot: Spot) -> Cell:
        return self.rows[spot[0]].cells[spot[1]]

    def place(self, spot: Spot) -> str:
        return self.rows[spot[0]].place(spot[1])

    def is_free(self, spot: Spot) -> bool:
        """Whether a cell may hold an answer: nobody's yet, no label, no heading, nothing we printed."""
        r, _ = spot
        if spot in self.claimed or spot in self.label_spots:
            return False
        if r in self.headings or r in self.headers or r in self.heads or r in self.table_cells:
            return False
        text = self.cell(spot).text
        if not text or text in self.wording.prompts:
            return True
        if not self.rows[r].table and is_reference_line(text):
            return False
        return flat_label(text) not in self.wording.own and not self._is_printed(text)

    def _is_printed(self, text: str) -> bool:
        """Whether another wording of the form prints this, as far as a few words can tell."""
        own = self.wording.own_words
        return bool(own) and " " in text and len(text) <= LONGEST_LABEL and content_words(text) in own

    def held_by_answer(self, row: int) -> bool:
        """Whether the row belongs to a table that somebody put into an answer. What was written behind a label is its
        cell's own text and no table."""
        spot = self.parents.get(row)
        while spot is not None:
            if spot in self.claimed and spot not in self.label_spots:
                return True
            spot = self.parents.get(spot[0])
        return False


def flat_label(text: str) -> str:
    """The flat text of something short enough to be a label, else ""."""
    return flat(text) if len(text) <= LONGEST_LABEL else ""
