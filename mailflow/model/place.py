"""The words for a place in a Word document, and the way back: what reading says to people, annotating finds again."""

import re
from typing import NamedTuple

_WORDS = re.compile(
    r"paragraph (?P<paragraph>\d{1,6})|table (?P<table>\d{1,6}), row (?P<row>\d{1,6}), column (?P<column>\d{1,6})")


class Place(NamedTuple):
    """All count from 1; ``table`` counts tables inside cells too. A paragraph outside tables: table 0, column 1."""

    table: int
    row: int
    column: int


def say_place(table: int, row: int, column: int) -> str:
    """"table 3, row 2, column 2", or "paragraph 5" where ``table`` is 0."""
    return f"table {table}, row {row}, column {column}" if table else f"paragraph {row}"


def parse_place(words: str) -> Place | None:
    """The place in a Word document; None for other words ("page 2, line 7", "sheet Audit, cell B4")."""
    found = _WORDS.fullmatch(words)
    if found is None:
        return None
    if found["paragraph"]:
        return Place(0, int(found["paragraph"]), 1)
    return Place(int(found["table"]), int(found["row"]), int(found["column"]))
