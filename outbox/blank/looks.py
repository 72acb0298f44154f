"""How the cells of a blank workbook look: the Word form's colours, Arial of 11 point, text wrapped."""

import math
from enum import Enum, auto
from typing import NamedTuple

from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

from outbox.blank.parts import ACCENT, INK, LINE, TINT

_EDGE = Side(style="thin", color=LINE)
# Points a line of 11 point text takes.
_LINE_HEIGHT = 15


class _Style(NamedTuple):
    size: int = 11
    bold: bool = False
    ink: str = INK
    paper: str = ""
    boxed: bool = False
    across: str = "left"


class Look(Enum):
    """What a cell is for."""

    TITLE = auto()
    REFERENCE = auto()
    HEADING = auto()
    URGENT = auto()
    TOLD = auto()
    PLAIN = auto()
    HEAD = auto()
    LABEL = auto()
    HINT = auto()
    ANSWER = auto()


_STYLES = {
    Look.TITLE: _Style(size=18, bold=True, ink=ACCENT), Look.REFERENCE: _Style(across="right"),
    Look.HEADING: _Style(size=14, bold=True, ink=ACCENT), Look.URGENT: _Style(size=14, bold=True, ink="FFFFFF", paper=ACCENT),
    Look.TOLD: _Style(bold=True, paper=TINT), Look.PLAIN: _Style(), Look.HEAD: _Style(bold=True, paper=TINT, boxed=True),
    Look.LABEL: _Style(bold=True, paper=TINT, boxed=True), Look.HINT: _Style(boxed=True), Look.ANSWER: _Style(boxed=True),
}
_BIG = (Look.TITLE, Look.HEADING, Look.URGENT)


def paint(cell: Cell, look: Look) -> None:
    style = _STYLES[look]
    cell.font = Font(name="Arial", size=style.size, bold=style.bold, color=style.ink)
    upright = "bottom" if look in _BIG else "center" if look is Look.REFERENCE else "top"
    cell.alignment = Alignment(wrap_text=True, vertical=upright, horizontal=style.across, indent=int(style.boxed))
    if style.paper:
        cell.fill = PatternFill("solid", fgColor=style.paper)
    if style.boxed:
        cell.border = Border(_EDGE, _EDGE, _EDGE, _EDGE)


def height_of(text: str, width: int, look: Look) -> float:
    """The height of a row in points that shows the whole text in a column of that width in characters.

    Said in the file because no program works it out for cells that are merged, and not every one for the others.
    """
    style = _STYLES[look]
    letters = max(width - 3 * style.boxed, 1) * 11 / style.size / (1.12 if style.bold else 1)
    lines = sum(max(math.ceil(len(line) / letters), 1) for line in text.split("\n"))
    space = 18 if look is Look.HEADING else 5
    return lines * _LINE_HEIGHT * style.size / 11 + space
