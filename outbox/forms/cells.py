"""An Excel package's answer cells, found by their defined names and written as text: never a formula, whatever was typed."""

import copy
import posixpath
import re
from collections.abc import Mapping
from datetime import date

from lxml import etree

from outbox.forms.stamp import parse_part, to_bytes

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_BOOK, _STYLES = "xl/workbook.xml", "xl/styles.xml"
_PLACE = re.compile(r"(?:'((?:[^']|'')+)'|([^'!]+))!\$?([A-Z]{1,3})\$?([0-9]{1,7})")
_ONE = re.compile(r"([A-Z]+)([0-9]+)")
# Excel's first day; a day is the number of days since.
_FIRST_DAY = date(1899, 12, 30)
_LONGEST = 32_000
# What a spreadsheet would work out, were the cell ever edited.
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")


class Cells:
    """The cells of one package that is being filled. ``parts`` are its members' bytes by name."""

    def __init__(self, parts: Mapping[str, bytes]) -> None:
        """Raises KeyError, ValueError or lxml's XMLSyntaxError for a package Excel would not open."""
        self._parts = parts
        self._book = parse_part(parts[_BOOK])
        self._places = _find_places(self._book)
        self._sheets = _find_sheets(self._book, parse_part(parts["xl/_rels/workbook.xml.rels"]))
        self._trees: dict[str, etree._Element] = {}
        self._styles: etree._Element | None = None
        self._quoted: dict[str, str] = {}

    def has(self, name: str) -> bool:
        return name in self._places

    def write(self, name: str, value: str | date) -> None:
        """Put a text or a day into the cell of that name, in its own look. Raises KeyError where there is none."""
        sheet, column, row = self._places[name]
        self._put(self._cell(sheet, column, row), value)

    def add_row(self, last: Mapping[str, str], values: Mapping[str, str | date]) -> None:
        """One more row at the end of a sheet, dressed like the cells named in ``last``; the keys of both are columns."""
        places = {key: self._places[name] for key, name in last.items() if name in self._places}
        sheet = next(iter(places.values()))[0]
        root = self._tree(sheet)
        data = _child(root, "sheetData")
        number = max(int(r.get("r") or 0) for r in data) + 1
        row = etree.SubElement(data, f"{{{_MAIN}}}row", r=str(number))
        for key, (_, column, at) in sorted(places.items(), key=lambda p: _order(p[1][1])):
            cell = etree.SubElement(row, f"{{{_MAIN}}}c", r=f"{column}{number}")
            if style := self._cell(sheet, column, at).get("s"):
                cell.set("s", style)
            if key in values:
                self._put(cell, values[key])
        for dimension in root.findall(f"{{{_MAIN}}}dimension"):
            root.remove(dimension)

    def finish(self) -> dict[str, bytes]:
        """The members that changed."""
        changed = {self._sheets[name]: to_bytes(tree) for name, tree in self._trees.items()}
        return changed | ({_STYLES: to_bytes(self._styles)} if self._styles is not None else {})

    def _tree(self, sheet: str) -> etree._Element:
        if sheet not in self._trees:
            self._trees[sheet] = parse_part(self._parts[self._sheets[sheet]])
        return self._trees[sheet]

    def _cell(self, sheet: str, column: str, row: int) -> etree._Element:
        """The cell, made where the sheet has left it out because nothing stands in it."""
        data = _child(self._tree(sheet), "sheetData")
        line = _find_or_make(data, f"{{{_MAIN}}}row", str(row), lambda r: int(r))
        return _find_or_make(line, f"{{{_MAIN}}}c", f"{column}{row}", _order)

    def _put(self, cell: etree._Element, value: str | date) -> None:
        for old in list(cell):
            cell.remove(old)
        cell.attrib.pop("t", "")
        if isinstance(value, date):
            etree.SubElement(cell, f"{{{_MAIN}}}v").text = str((value - _FIRST_DAY).days)
            return
        cell.set("t", "inlineStr")
        text = etree.SubElement(etree.SubElement(cell, f"{{{_MAIN}}}is"), f"{{{_MAIN}}}t")
        text.text = value[:_LONGEST]
        text.set(_SPACE, "preserve")
        if value.startswith(_DANGEROUS):
            cell.set("s", self._quote(cell.get("s") or "0"))

    def _quote(self, style: str) -> str:
        """The same style with Excel's mark that what stands there stays text when somebody edits it."""
        if style not in self._quoted:
            if self._styles is None:
                self._styles = parse_part(self._parts[_STYLES])
            looks = _child(self._styles, "cellXfs")
            fresh = copy.deepcopy(looks[int(style)])
            fresh.set("quotePrefix", "1")
            looks.append(fresh)
            looks.set("count", str(len(looks)))
            self._quoted[style] = str(len(looks) - 1)
        return self._quoted[style]


def _find_places(book: etree._Element) -> dict[str, tuple[str, str, int]]:
    """Defined name → (sheet, column, row), of names that stand for one cell."""
    found = {}
    for name in book.iter(f"{{{_MAIN}}}definedName"):
        place = _PLACE.fullmatch((name.text or "").strip())
        if place:
            sheet = (place[1] or place[2]).replace("''", "'")
            found[name.get("name") or ""] = (sheet, place[3], int(place[4]))
    return found


def _find_sheets(book: etree._Element, rels: etree._Element) -> dict[str, str]:
    """Sheet → its member."""
    targets = {r.get("Id"): r.get("Target") or "" for r in rels}
    return {s.get("name") or "": posixpath.normpath(posixpath.join("/xl", targets.get(s.get(f"{{{_RELS}}}id"), ""))).lstrip("/")
            for s in book.iter(f"{{{_MAIN}}}sheet")}


def _child(root: etree._Element, name: str) -> etree._Element:
    found = root.find(f"{{{_MAIN}}}{name}")
    if found is None:
        raise ValueError(f"it has no {name}")
    return found


def _find_or_make(home: etree._Element, tag: str, ref: str, order: object) -> etree._Element:
    assert callable(order)
    after = None
    for child in home:
        if child.get("r") == ref:
            return child
        if order(child.get("r") or "") < order(ref):
            after = child
    fresh = etree.Element(tag, r=ref)
    home.insert(0 if after is None else home.index(after) + 1, fresh)
    return fresh


def _order(ref: str) -> tuple[int, str]:
    """Columns as Excel orders them: A … Z, AA …; of a cell's name or a column's."""
    column = (_ONE.fullmatch(ref) or [ref, ref])[1]
    return len(column), column
