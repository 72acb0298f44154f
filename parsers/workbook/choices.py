"""Lists a cell may be chosen from (data validation), for whoever makes a form out of a council's workbook."""

import re
from collections.abc import Iterator

from lxml import etree

from parsers.grid import Control
from parsers.guard import parse_xml
from parsers.workbook.book import Book, Page
from parsers.workbook.formats import show_value
from parsers.workbook.guard import WORKBOOK_LIMITS, column_number
from parsers.workbook.rows import Place
from parsers.workbook.values import Sheet

_AREA = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})(?::\$?([A-Z]{1,3})\$?([0-9]{1,7}))?")
_ELSEWHERE = re.compile(r"(?:'((?:[^']|'')+)'|([^'!\s]+))!(.+)")
_LONGEST = 200  # items of a list; a longer one is a register of people or places and no scale

# First and last place, from 0, both inside.
_Box = tuple[int, int, int, int]


def find_choices(book: Book, page: Page, sheets: list[Sheet]) -> dict[Place, Control]:
    """Place → the list there. Lists that would have to be worked out are left out."""
    if b"ataValidation" not in page.part:
        return {}
    sheet = sheets[book.pages.index(page)]
    found: dict[Place, Control] = {}
    for rule in parse_xml(page.part).iter("{*}dataValidation"):
        items = _items(_formula(rule), book, page.name, sheets) if rule.get("type") == "list" else ()
        if not items:
            continue
        control = Control(kind="choice", items=tuple((item, item) for item in items))
        for place in _places(rule, sheet):
            if len(found) >= WORKBOOK_LIMITS.expanded:
                return found
            found[place] = control
    return found


def _formula(rule: etree._Element) -> str:
    """The list's source; the newer kind of rule holds it a level deeper."""
    formula = rule.find("{*}formula1")
    return "".join(str(text) for text in formula.itertext()).strip() if formula is not None else ""


def _places(rule: etree._Element, sheet: Sheet) -> Iterator[Place]:
    """The rule's places. A rule for a whole column ends where the sheet does."""
    last = sheet.first[0] + len(sheet.values) - 1
    for area in (rule.get("sqref") or rule.findtext("{*}sqref") or "").split():
        box = _box(area)
        if box:
            top, left, bottom, right = box
            for row in range(top, min(bottom, max(last, top), WORKBOOK_LIMITS.rows - 1) + 1):
                for column in range(left, min(right, WORKBOOK_LIMITS.columns - 1) + 1):
                    yield row, column


def _box(area: str) -> _Box | None:
    found = _AREA.fullmatch(area)
    if found is None:
        return None
    left, top = column_number(found[1].encode()) - 1, int(found[2]) - 1
    right = column_number(found[3].encode()) - 1 if found[3] else left
    return top, left, int(found[4]) - 1 if found[4] else top, right


def _items(formula: str, book: Book, own: str, sheets: list[Sheet]) -> tuple[str, ...]:
    if formula.startswith('"'):
        items = formula.strip('"').replace('""', '"').split(",")
    else:
        items = _listed(book.names.get(formula, formula), own, sheets)
    return tuple(text for item in items if (text := item.strip()))[:_LONGEST]


def _listed(formula: str, own: str, sheets: list[Sheet]) -> list[str]:
    """The cells a reference stands for."""
    elsewhere = _ELSEWHERE.fullmatch(formula)
    name = (elsewhere[1] or elsewhere[2]).replace("''", "'") if elsewhere else own
    box = _box(elsewhere[3] if elsewhere else formula)
    sheet = next((s for s in sheets if s.name == name), None)
    if box is None or sheet is None:
        return []
    (first, aside), (top, left, bottom, right) = sheet.first, box
    lines = sheet.values[max(top - first, 0):max(bottom - first + 1, 0)]
    return [show_value(value) for line in lines for value in line[max(left - aside, 0):max(right - aside + 1, 0)]]
