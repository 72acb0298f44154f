"""Formulas that no program ever calculated: a tool wrote the workbook, and nobody opened it. Their values are put in."""

from collections.abc import Sequence
from contextlib import suppress

from parsers.guard import parse_xml
from parsers.workbook.book import Page
from parsers.workbook.formats import Value
from parsers.workbook.formulas import NoValue, Place, calculate
from parsers.workbook.guard import WORKBOOK_LIMITS, column_number
from parsers.workbook.values import Sheet

# Sheet, row and column from 0.
Spot = tuple[int, int, int]
# Formulas that ask for formulas, so deep at most: with the brackets inside each of them it stays well within the stack.
_MOST_FORMULAS, _MOST_ASKED = 5000, 6


class _Workbook:
    """The formulas without a value, each worked out once, when it is first asked for."""

    def __init__(self, pages: Sequence[Page], sheets: Sequence[Sheet]) -> None:
        self.names = {page.name.casefold(): n for n, page in enumerate(pages)}
        self.sheets = sheets
        self.formulas: dict[Spot, tuple[str, Place]] = {}
        self.known: dict[Spot, Value | None] = {}
        self.asked = 0
        for n, page in enumerate(pages):
            self.formulas |= {(n, *place): formula for place, formula in _formulas(page.part).items()}

    def value(self, spot: Spot) -> Value | None:
        """None for a formula that is not followed, or asks for itself in the end."""
        if spot not in self.known:
            self.known[spot] = None
            formula, moved = self.formulas[spot]
            self.asked += 1
            with suppress(NoValue):
                self.known[spot] = calculate(formula, lambda name, row, column: self.look(spot[0], name, row, column), moved)
            self.asked -= 1
        return self.known[spot]

    def look(self, own: int, name: str, row: int, column: int) -> Value:
        n = self.names.get(name.casefold()) if name else own
        if n is None or self.asked > _MOST_ASKED:
            raise NoValue
        if (n, row, column) in self.formulas:
            value = self.value((n, row, column))
            if value is None:
                raise NoValue
            return value
        (top, left), values = self.sheets[n].first, self.sheets[n].values
        is_inside = 0 <= row - top < len(values) and 0 <= column - left < len(values[row - top])
        return values[row - top][column - left] if is_inside else ""


def fill_uncalculated(pages: Sequence[Page], sheets: Sequence[Sheet]) -> None:
    """Puts the values of formulas without one into the sheets, where they can be followed."""
    book = _Workbook(pages, sheets)
    for n, row, column in book.formulas:
        value = book.value((n, row, column))
        (top, left), values = sheets[n].first, sheets[n].values
        if value in (None, "") or not 0 <= row - top < len(values) or column < left:
            continue
        line = values[row - top]
        line += [""] * (column - left + 1 - len(line))
        line[column - left] = value if value is not None else ""


def _formulas(part: bytes) -> dict[Place, tuple[str, Place]]:
    """Place → the formula there and how far it stands from where it was written, for formulas without a value."""
    found: dict[Place, tuple[str, Place]] = {}
    shared: dict[str, tuple[str, Place]] = {}
    for cell in parse_xml(part).iter("{*}c"):
        formula = cell.find("{*}f")
        place = _place(cell.get("r") or "") if formula is not None else None
        if formula is None or place is None or len(found) == _MOST_FORMULAS:
            continue
        text, group = formula.text or "", formula.get("si") if formula.get("t") == "shared" else None
        if text and group:
            shared[group] = (text, place)
        if cell.get("t") == "str" or cell.findtext("{*}v") or formula.get("t") in ("array", "dataTable"):
            continue
        written = (text, place) if text else shared.get(group or "")
        if written is not None:
            found[place] = (written[0], (place[0] - written[1][0], place[1] - written[1][1]))
    return found


def _place(reference: str) -> Place | None:
    letters = reference.rstrip("0123456789")
    number = reference[len(letters):]
    if not letters.isascii() or not letters.isalpha() or len(letters) > 3 or not number or len(number) > 7:
        return None
    row, column = int(number) - 1, column_number(letters.encode()) - 1
    return (row, column) if row >= 0 and column < WORKBOOK_LIMITS.columns else None
