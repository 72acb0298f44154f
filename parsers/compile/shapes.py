"""What a blank asks, as its layout is read: questions with their places, tables of rows, and the parts they stand in."""

from dataclasses import dataclass, field, replace

from parsers.compile.blank import Place, colon_labels

TITLE_WORDS = 12
Spot = tuple[int, int]
# Where a label stands that is known only as words.
NOWHERE: Spot = (-1, -1)
_FEW = 3


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
    spot: Spot
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
    # Short words that stand in cells of their own: an area's name, a weight.
    words: list[str] = field(default_factory=list)
    # What is printed in columns where nobody answers, be it a choice by itself.
    fixed: list[str] = field(default_factory=list)
    # The worksheet it stands on, "" elsewhere.
    sheet: str = ""

    @property
    def asks(self) -> bool:
        return bool(self.asked or self.tables)


class Draft:
    """The parts as they are being found, the last one open."""

    def __init__(self) -> None:
        self.parts: list[Part] = [Part("")]
        # A table without a title of its own, behind a part that has asked already, is a part of its own.
        self.fresh = False

    @property
    def part(self) -> Part:
        return self.parts[-1]

    def begin_table(self) -> None:
        self.fresh = self.part.asks

    def settle(self) -> None:
        if self.fresh:
            self.open("")
        self.fresh = False

    def ask(self, label: Place, boxes: tuple[Box, ...]) -> None:
        self.settle()
        self.part.asked.append(Asked(label.text, (label.row, label.cell), boxes, label.number))

    def ask_inside(self, place: Place) -> None:
        """Labels with room behind or under them in their own cell or paragraph."""
        labels = colon_labels(place.text)
        for label in labels if len(labels) > 1 else (place.text,):
            self.ask(replace(place, text=label), (Box(place, how="inside"),))

    def ask_here(self, label: str, place: Place) -> None:
        """A label in the same cell as its box; it goes to the part that is open, whatever table begins."""
        self.part.asked.append(Asked(label, (place.row, place.cell), (Box(place, how="inside"),)))

    def answer_above(self, place: Place) -> None:
        """A box without words beside it answers what is printed above: the last guidance, or the part's title."""
        if self.part.guidance:
            label = self.part.guidance.pop()
        else:
            label = "" if self.part.asks else self.part.title
        self.part.asked.append(Asked(label, NOWHERE, (Box(place, how="after"),)))

    def tell(self, *texts: str) -> None:
        """Words that ask nothing. Few of them may be an answer elsewhere, so they are guidance to nobody."""
        for text in texts:
            if text:
                (self.part.guidance if len(text.split()) > _FEW or "\n" in text else self.part.words).append(text)

    def name_or_tell(self, text: str) -> None:
        """The head of a first column: the part's title, unless the part has one and nothing stands in it yet."""
        if self.part.title and not self.part.asks:
            self.tell(text)
        else:
            self.open(text)

    def open(self, text: str) -> None:
        """Begins a part; what stands under its title's first line is its guidance."""
        self.fresh = False
        title, _, more = text.partition("\n")
        sheet = self.part.sheet
        if self.part.title == "" and not self.part.asks and not self.part.guidance:
            self.parts.pop()
        self.parts.append(Part(title.strip(), [more.strip()] if more.strip() else [], sheet=sheet))


def is_title(text: str) -> bool:
    """Whether words may stand over a part: few, and no sentence."""
    return 0 < len(text.split()) <= TITLE_WORDS and not text.rstrip().endswith((".", ";", ","))
