"""The elements of a Word document in the order of its grid's rows, so that a place in the grid can be marked in the page."""

from lxml import etree

from parsers.word.names import Names
from parsers.word.scan import is_answer_box

Rows = list[list[etree._Element]]


def find_elements(body: etree._Element, n: Names) -> Rows:
    """For each row of the flattened grid its cells (``w:tc``), or the one paragraph outside tables."""
    found: Rows = []
    _blocks(body, n, found)
    return found


def _blocks(parent: etree._Element, n: Names, found: Rows) -> None:
    for child in parent:
        if child.tag == n.p or (child.tag == n.sdt and is_answer_box(child, n)):
            found.append([child])
        elif child.tag == n.tbl:
            _table(child, n, found)
        elif child.tag != n.properties:
            _blocks(child, n, found)


def _table(table: etree._Element, n: Names, found: Rows) -> None:
    for row in _next(table, n.tr, n):
        cells = _next(row, n.tc, n)
        found.append(cells)
        for cell in cells:
            _inner(cell, n, found)


def _inner(parent: etree._Element, n: Names, found: Rows) -> None:
    """Tables inside a cell; its paragraphs are its own."""
    for child in parent:
        if child.tag == n.tbl:
            _table(child, n, found)
        elif child.tag != n.p:
            _inner(child, n, found)


def _next(parent: etree._Element, tag: str, n: Names) -> list[etree._Element]:
    """Rows of a table or cells of a row, through the controls and marks round them."""
    found: list[etree._Element] = []
    for child in parent:
        if child.tag == tag:
            found.append(child)
        elif child.tag not in (n.tbl, n.properties):
            found += _next(child, tag, n)
    return found
