"""What changed between two forms of one audit, item by item (T-17): plain values for the letter and the command line."""

from dataclasses import dataclass
from enum import StrEnum


class Turn(StrEnum):
    """How an item changed."""

    ANSWER = "answer"  # a short answer, or one place in a text: before → after
    WORDS = "words"  # a text: words put in, words taken out
    ROW_ADDED = "row_added"
    ROW_REMOVED = "row_removed"


@dataclass(frozen=True)
class Difference:
    """One item. ``question`` is its heading and label.

    ``before`` and ``after`` are the whole answers ("" = blank); for ``WORDS`` the words taken out and put in, where there
    are several places with an ellipsis between them, and ``removed`` and ``added`` how many.
    """

    kind: Turn
    question: str
    before: str = ""
    after: str = ""
    removed: int = 0
    added: int = 0


@dataclass(frozen=True)
class Differences:
    """``items`` in page order; ``unchanged`` counts the answers (a table's row as one) that are as they were."""

    items: tuple[Difference, ...] = ()
    unchanged: int = 0
