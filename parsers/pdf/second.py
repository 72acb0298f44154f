"""A second opinion on a page's tables, from a reader that is thorough and slow; loaded only when it is asked."""

import logging
from bisect import bisect_right
from io import BytesIO
from typing import Any

from parsers.pdf.shape import Rect, Ruled, merge_places

# What that library and the one below it raise for a page they do not understand; our own reading then stands.
_FAILURES = (ValueError, TypeError, KeyError, IndexError, AttributeError, AssertionError, ArithmeticError, RecursionError)


def second_opinion(data: bytes, page: int, rect: Rect) -> list[Ruled]:
    """The tables of page ``page`` from 0, the smallest first; none where the other reader finds none or fails."""
    import pdfplumber
    from pdfminer.psexceptions import PSException
    from pdfplumber.utils.exceptions import PdfminerException

    # It writes pieces of broken documents into the log, where no document's words may stand.
    logging.getLogger("pdfminer").setLevel(logging.CRITICAL + 1)
    try:
        with pdfplumber.open(BytesIO(data)) as document:
            found = document.pages[page].find_tables()
            tables = [made for t in found if (made := _make(t.cells, rect)) is not None]
    except (*_FAILURES, PSException, PdfminerException):
        return []
    return sorted(tables, key=lambda t: t.rect.area)


def _make(cells: list[Any], page: Rect) -> Ruled | None:
    """``cells`` are (left, top, right, bottom), from the page's upper left corner. None where two cover one place."""
    rects = [Rect(page.x0 + x0, page.y1 - bottom, page.x0 + x1, page.y1 - top) for x0, top, x1, bottom in cells]
    xs = merge_places([x for r in rects for x in (r.x0, r.x1)])
    ys = merge_places([-y for r in rects for y in (r.y0, r.y1)])
    if len(xs) < 2 or len(ys) < 2:
        return None
    faces = [[-1] * (len(xs) - 1) for _ in ys[1:]]
    corners: list[tuple[int, int]] = []
    for rect in sorted(rects, key=lambda r: (-r.y1, r.x0)):
        left, right = _index(xs, rect.x0), _index(xs, rect.x1)
        top, bottom = _index(ys, -rect.y1), _index(ys, -rect.y0)
        if right <= left or bottom <= top or any(faces[r][c] >= 0 for r in range(top, bottom) for c in range(left, right)):
            return None
        for r in range(top, bottom):
            faces[r][left:right] = [len(corners)] * (right - left)
        corners.append((top, left))
    return _filled(xs, ys, faces, corners)


def _filled(xs: list[float], ys: list[float], faces: list[list[int]], corners: list[tuple[int, int]]) -> Ruled:
    """Places inside the table that no cell covers become cells, so that no word is lost."""
    for r, row in enumerate(faces):
        for c, cell in enumerate(row):
            if cell < 0:
                row[c] = len(corners)
                corners.append((r, c))
    order = sorted(range(len(corners)), key=lambda n: corners[n])
    names = {old: new for new, old in enumerate(order)}
    named = tuple(tuple(names[cell] for cell in row) for row in faces)
    return Ruled(tuple(xs), tuple(-y for y in ys), named, tuple(corners[n] for n in order))


def _index(places: list[float], value: float) -> int:
    return bisect_right(places, value + 0.01) - 1
