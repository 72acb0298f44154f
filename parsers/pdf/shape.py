"""What a page of a PDF is while it is being read. Places are points (1/72 inch) from the page's lower left corner."""

from dataclasses import dataclass, field
from typing import NamedTuple

from parsers.grid import Control

# The part of a word's height that lies below the line it stands on.
BELOW = 0.22
# How far two lines may miss each other and still meet; two lines nearer than this are one.
TOUCH = 3.0


class Word(NamedTuple):
    """Letters without a space between them; or, with a control, what stands in a form's box; or a drawn box.

    ``is_box`` says that it is an answer's own space, so that it is a cell of its own in a line of text.
    """

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    control: Control | None = None
    is_box: bool = False

    @property
    def middle(self) -> float:
        return (self.y0 + self.y1) / 2

    @property
    def height(self) -> float:
        return self.y1 - self.y0


class Rect(NamedTuple):
    """A rectangle with its sides in order."""

    x0: float
    y0: float
    x1: float
    y1: float

    def holds(self, x: float, y: float) -> bool:
        return self.x0 <= x <= self.x1 and self.y0 <= y <= self.y1

    @property
    def area(self) -> float:
        return (self.x1 - self.x0) * (self.y1 - self.y0)


class Ruled(NamedTuple):
    """A table's lines: distinct vertical places from the left, distinct horizontal ones from the top, and its cells.

    ``faces`` gives for each row of the finest grid, from the top, the cell each of its columns belongs to.
    ``cells`` are (row, column) of each cell's upper left corner. ``is_whole`` says that every cell is a rectangle;
    ``open_top`` that no line closes the table above.
    """

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    faces: tuple[tuple[int, ...], ...]
    cells: tuple[tuple[int, int], ...]
    is_whole: bool = True
    open_top: bool = False

    @property
    def rect(self) -> Rect:
        return Rect(self.xs[0], self.ys[-1], self.xs[-1], self.ys[0])


class Line:
    """Words of one height, from the left. A form has thousands, so this is no dataclass."""

    __slots__ = ("base", "height", "middle", "words")

    def __init__(self, words: list[Word]) -> None:
        self.words = words
        first = words[0]
        self.middle = (first.y0 + first.y1) / 2
        self.base = first.y0 + BELOW * (first.y1 - first.y0)
        self.height = first.y1 - first.y0 if len(words) == 1 else max([w.y1 - w.y0 for w in words])

    @property
    def x0(self) -> float:
        return min(w.x0 for w in self.words)

    @property
    def x1(self) -> float:
        return max(w.x1 for w in self.words)

    @property
    def text(self) -> str:
        return " ".join([w.text for w in self.words if w.text])


@dataclass
class Part:
    """A cell while pages are put together: ``x`` is its left edge, ``right`` its right one."""

    x: float
    right: float
    lines: list[Line] = field(default_factory=list)


@dataclass
class Band:
    """A row while pages are put together; ``top`` and ``bottom`` are its edges."""

    parts: list[Part]
    top: float
    bottom: float
    open_top: bool = False


@dataclass
class Block:
    """A table, or one line of text (``table`` False: a single band with one part), on one page.

    ``order`` is the height by which it is read: its top, but in a second column no higher than the end of the first.
    """

    bands: list[Band]
    xs: tuple[float, ...]
    top: float
    bottom: float
    table: bool
    ruled: bool = False
    order: float = 0.0

    def __post_init__(self) -> None:
        self.order = self.top


@dataclass
class Sheet:
    """One page: its number from 1, its rectangle, and what stands on it from top to bottom."""

    number: int
    rect: Rect
    blocks: list[Block]
    furniture: list[tuple[str, str]] = field(default_factory=list)


def merge_places(values: list[float]) -> list[float]:
    """Distinct places, from the lowest; what lies closer together than a letter is one."""
    places: list[float] = []
    for value in sorted(values):
        if not places or value - places[-1] > TOUCH:
            places.append(value)
    return places
