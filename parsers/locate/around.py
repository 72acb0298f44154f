"""What stands round the answers of a form and is nobody's: page headers, the council's name, the line with the reference."""

from mailflow.model.ref import is_ref
from parsers.grid import Grid
from parsers.locate.text import flat

# What stands before the reference on a stamped form.
REFERENCE = "Reference:"
HEADERS = ("page header", "page footer")


def is_reference_line(text: str) -> bool:
    """The line with the audit's reference that stamping puts last on a council's own form."""
    return text.startswith(REFERENCE) and (is_ref(text[len(REFERENCE):]) or text.endswith("}}"))


def find_furniture(grid: Grid) -> frozenset[str]:
    """What page headers and footers print, flat: the same line in the body (a council's name) is furniture too."""
    return frozenset(flat(piece) for place, text in grid.around if place in HEADERS for piece in _pieces(text))


def _pieces(text: str) -> list[str]:
    return [piece for line in text.split("\n") for piece in (line, *line.split("\t"))]
