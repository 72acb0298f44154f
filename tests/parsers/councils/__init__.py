"""Invented councils' forms that never heard of mailflow, each drawn blank and filled in all the ways people fill forms."""

from collections.abc import Callable
from inspect import getmembers, isfunction
from typing import Any

from tests.parsers.councils import first, harder, layouts, matrices, prose, sheets
from tests.parsers.councils.pen import FILLED, Pen, Way
from tests.parsers.councils.sheets import SheetPen

__all__ = ["COUNCILS", "FILLED", "Pen", "Way", "make"]
COUNCILS: dict[str, Callable[[Any], None]] = {
    name.removeprefix("draw_").replace("_", " "): draw
    for module in (first, matrices, layouts, prose, harder, sheets) for name, draw in getmembers(module, isfunction) if name.startswith("draw_")
}


def make(name: str, way: Way) -> Pen:
    """The named council's form, drawn."""
    pen = SheetPen.begin(way) if name.startswith("book") else Pen(way)
    COUNCILS[name](pen)
    return pen
