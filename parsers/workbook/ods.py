"""OpenDocument workbooks → Grid, read from what the file itself says is shown in each cell.

No library is needed here, and the guard stands in the walk: a cell or a row may say that it is repeated a million
times, and only those that hold something are ever made.
"""

import re
from dataclasses import dataclass, field

from lxml import etree

from mailflow.model import Unreadable
from parsers.grid import Cell, Control, Grid, Row
from parsers.guard import Package, damaged, refuse, too_large
from parsers.workbook.guard import WORKBOOK_LIMITS, Extent, check_extent
from parsers.workbook.ods_text import OFFICE, TABLE, Inside, read_cell, read_margins
from parsers.workbook.rows import blank_cell
from parsers.workbook.xlsx import HIDDEN, UNCALCULATED

_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_CELLS = (f"{TABLE}table-cell", f"{TABLE}covered-table-cell")
_LIST = re.compile(r"cell-content-is-in-list\((.*)\)", re.DOTALL)
_ITEM = re.compile(r'"((?:[^"]|"")*)"')


@dataclass
class _Walk:
    """Working state of one workbook. ``room`` counts down the places that may still be made, ``filled`` those that hold
    something, ``letters`` their text.
    """

    choices: dict[str, Control]
    room: int = WORKBOOK_LIMITS.area
    filled: int = WORKBOOK_LIMITS.filled
    letters: int = WORKBOOK_LIMITS.text
    around: list[tuple[str, str]] = field(default_factory=list)
    remarks: list[tuple[str, str]] = field(default_factory=list)
    uncalculated: bool = False


def read_ods(package: Package, *, careful: bool = False) -> Grid:
    """Every visible sheet as a table. Raises UnreadableError, also for a text document."""
    if b"encryption-data" in package.read("META-INF/manifest.xml"):
        raise refuse(Unreadable.ENCRYPTED, "This document is protected with a password.")
    root = package.tree("content.xml")
    book = root.find(f"{OFFICE}body/{OFFICE}spreadsheet") if root is not None else None
    if root is None or book is None:
        raise damaged("it has no sheets")
    walk = _Walk(_choices(book) if careful else {})
    hidden = _hidden_styles(root)
    tables = book.findall(f"{TABLE}table")
    if len(tables) > WORKBOOK_LIMITS.sheets:
        raise too_large(f"it has {len(tables)} sheets")
    rows: list[Row] = []
    number = 0
    for table in tables:
        if table.get(f"{TABLE}style-name") in hidden:
            walk.around.append((f"hidden sheet {table.get(f'{TABLE}name')}", _plain(_rows(walk, table, 0))))
        else:
            number += 1
            rows += _rows(walk, table, number)
    around = [*walk.around, *read_margins(package.tree("styles.xml"))]
    meta = package.read("meta.xml").decode("utf-8", "replace")
    return Grid(
        rows=tuple(rows), around=tuple((place, text) for place, text in around if text), remarks=tuple(walk.remarks),
        passports=(meta,) if meta else (), comments=len(walk.remarks),
        oddities=_oddities(package, root, len(tables) > number, walk.uncalculated),
    )


def _rows(walk: _Walk, table: etree._Element, number: int) -> list[Row]:
    """The sheet's rows from its first used column on."""
    name = table.get(f"{TABLE}name") or ""
    found: list[tuple[int, list[Cell]]] = []
    at = 0
    for line in table.iter(f"{TABLE}table-row"):
        times = _times(line, "number-rows-repeated")
        cells = _line(walk, line)
        if cells:
            check_extent(Extent(at + times, len(cells)))
            walk.room -= times * len(cells)
            walk.filled -= times * sum(1 for cell in cells if cell.text)
            walk.letters -= times * sum(len(cell.text) for cell in cells)
            if walk.room < 0 or walk.filled < 0 or walk.letters < 0:
                raise too_large("its sheets hold more than any form")
            found += [(at + n, cells) for n in range(times)]
        at += times
    for shapes in table.iterfind(f"{TABLE}shapes"):
        walk.around += Inside(shapes).boxes
    left = min((next(n for n, c in enumerate(cells) if c.text or c.controls) for _, cells in found), default=0)
    return [Row(tuple(cells[left:]), number, row + 1, sheet=name) for row, cells in found]


def _line(walk: _Walk, line: etree._Element) -> list[Cell]:
    """One row's cells up to the last that holds something."""
    cells: list[Cell] = []
    # Empty ones wait until something stands behind them: (column, how many, whether a merged range goes on there).
    waiting: list[tuple[int, int, bool]] = []
    column = 0
    for e in line.iterchildren(*_CELLS):
        times = _times(e, "number-columns-repeated")
        covered = e.tag == _CELLS[1]
        cell = blank_cell(0) if covered or not (len(e) or len(e.attrib)) else _cell(walk, e)
        if cell.text or cell.controls:
            check_extent(Extent(1, column + times))
            for first, many, merged in waiting:
                cells += [blank_cell(n)._replace(merged=True) if merged else blank_cell(n) for n in range(first, first + many)]
            waiting = []
            cells += [cell._replace(column=n) for n in range(column, column + times)]
        else:
            waiting.append((column, times, covered))
        column += times
    return cells


def _cell(walk: _Walk, e: etree._Element) -> Cell:
    inside = Inside(e)
    walk.remarks += inside.remarks
    walk.around += inside.boxes
    text, day = read_cell(e, inside)
    if not text and e.get(f"{TABLE}formula") and not e.get(f"{OFFICE}value-type"):
        walk.uncalculated = True
    controls: tuple[Control, ...] = (Control(kind="date", text=text, day=day),) if day else ()
    choice = walk.choices.get(e.get(f"{TABLE}content-validation-name") or "")
    if choice:
        controls += (choice._replace(text=text),)
    return Cell(text, 0, controls, (), text, "" if controls else text)


def _times(e: etree._Element, name: str) -> int:
    text = e.get(f"{TABLE}{name}") or "1"
    # A longer number than any sheet has places is as good as too many.
    return max(int(text), 1) if text.isdecimal() and len(text) < 9 else 10**9


def _plain(rows: list[Row]) -> str:
    return "\n".join("\t".join(cell.text for cell in row.cells if cell.text) for row in rows)


def _hidden_styles(root: etree._Element) -> set[str]:
    return {
        style.get(f"{_STYLE}name") or "" for style in root.iterfind(f"{OFFICE}automatic-styles/{_STYLE}style")
        if any(p.get(f"{TABLE}display") == "false" for p in style.iterfind(f"{_STYLE}table-properties"))
    }


def _choices(book: etree._Element) -> dict[str, Control]:
    """The lists that stand in the file word for word."""
    found: dict[str, Control] = {}
    for rule in book.iterfind(f"{TABLE}content-validations/{TABLE}content-validation"):
        listed = _LIST.search(rule.get(f"{TABLE}condition") or "")
        items = [item.replace('""', '"').strip() for item in _ITEM.findall(listed[1])] if listed else []
        if items:
            found[rule.get(f"{TABLE}name") or ""] = Control(kind="choice", items=tuple((i, i) for i in items if i))
    return found


def _oddities(package: Package, root: etree._Element, hidden: bool, uncalculated: bool) -> tuple[str, ...]:
    lower = [m.lower() for m in package.members]
    linked = root.iter(f"{TABLE}table-source", f"{TABLE}cell-range-source", f"{OFFICE}dde-source")
    # A chart is an object of the office's own and no more than a drawing; these are other programs' files.
    objects = root.iter(f"{_DRAW}object-ole", f"{_DRAW}plugin")
    there = (
        ("macros", any(m.startswith(("basic/", "scripts/")) for m in lower)),
        ("external links", next(linked, None) is not None),
        ("embedded objects", next(objects, None) is not None),
        (HIDDEN, hidden),
        (UNCALCULATED, uncalculated),
    )
    return tuple(words for words, is_there in there if is_there)
