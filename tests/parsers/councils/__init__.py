"""Invented councils' forms that never heard of mailflow, each drawn blank and filled in all the ways people fill forms."""

from collections.abc import Callable
from inspect import getmembers, isfunction

from tests.parsers.councils import first, harder, layouts, matrices, prose
from tests.parsers.councils.pen import FILLED, Pen, Way

__all__ = ["COUNCILS", "FILLED", "Pen", "Way", "make"]
COUNCILS: dict[str, Callable[[Pen], None]] = {
    name.removeprefix("draw_").replace("_", " "): draw
    for module in (first, matrices, layouts, prose, harder) for name, draw in getmembers(module, isfunction) if name.startswith("draw_")
}


def make(name: str, way: Way) -> Pen:
    """The named council's form, drawn."""
    pen = Pen(way)
    COUNCILS[name](pen)
    return pen
