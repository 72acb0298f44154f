"""One open PDF page → the thin lines drawn on it, and where its pictures are."""

import ctypes
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from parsers.guard import hostile
from parsers.pdf.guard import PDF_LIMITS
from parsers.pdf.rules import THIN
from parsers.pdf.shape import Rect

_TEXT, _PATH, _IMAGE, _FORM = (
    raw.FPDF_PAGEOBJ_TEXT, raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_FORM,
)
_FORM_DEPTH = 6
_MOST_SEGMENTS = 2_000
Matrix = tuple[float, float, float, float, float, float]
Points = list[tuple[float, float]]
_SAME: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


class Drawing(NamedTuple):
    """``rules`` are the thin rectangles drawn; ``pictures`` the places of pictures."""

    rules: list[Rect]
    pictures: list[Rect]


def _plain(function: Any, gives: Any, *takes: Any) -> Any:
    """A function of the library that takes and gives plain addresses: the binding's own objects cost more than the call."""
    return ctypes.CFUNCTYPE(gives, *takes)(ctypes.cast(function, ctypes.c_void_p).value or 0)


_on_page = _plain(raw.FPDFPage_GetObject, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int)
_inside_form = _plain(raw.FPDFFormObj_GetObject, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_ulong)
_kind_of = _plain(raw.FPDFPageObj_GetType, ctypes.c_int, ctypes.c_void_p)
_bounds_of = _plain(raw.FPDFPageObj_GetBounds, ctypes.c_int, *[ctypes.c_void_p] * 5)


def read_drawing(page: pdfium.PdfPage) -> Drawing:
    """The lines and pictures on a page. Raises UnreadableError for a page with more on it than any form has."""
    drawing = Drawing([], [])
    _walk(page.raw, raw.FPDFPage_CountObjects(page), _on_page, _SAME, drawing, 0)
    return drawing


def _walk(holder: Any, count: int, get: Any, matrix: Matrix, drawing: Drawing, depth: int) -> None:
    if count + len(drawing.rules) > PDF_LIMITS.shapes:
        raise hostile("a page is made of more pieces than any form has")
    place = ctypes.cast(holder, ctypes.c_void_p).value
    sides = (ctypes.c_float * 4)()
    at = ctypes.addressof(sides)
    for n in range(count):
        item = get(place, n)
        kind = _kind_of(item)
        if kind == _TEXT:
            continue
        _bounds_of(item, at, at + 4, at + 8, at + 12)
        rect = _moved(matrix, *sides)
        if kind == _PATH:
            if rect.x1 - rect.x0 <= THIN or rect.y1 - rect.y0 <= THIN:
                drawing.rules.append(rect)
            else:
                _take_path(ctypes.cast(item, raw.FPDF_PAGEOBJECT), matrix, drawing)
        elif kind == _IMAGE:
            drawing.pictures.append(rect)
        elif kind == _FORM and depth < _FORM_DEPTH:
            form = ctypes.cast(item, raw.FPDF_PAGEOBJECT)
            inner = _times(_matrix_of(form), matrix)
            _walk(form, raw.FPDFFormObj_CountObjects(form), _inside_form, inner, drawing, depth + 1)


def _moved(m: Matrix, x0: float, y0: float, x1: float, y1: float) -> Rect:
    if m is _SAME:
        return Rect(x0, y0, x1, y1)
    (ax, ay), (bx, by) = _point(m, x0, y0), _point(m, x1, y1)
    return Rect(min(ax, bx), min(ay, by), max(ax, bx), max(ay, by))


def _point(m: Matrix, x: float, y: float) -> tuple[float, float]:
    return m[0] * x + m[2] * y + m[4], m[1] * x + m[3] * y + m[5]


def _times(a: Matrix, b: Matrix) -> Matrix:
    """First ``a``, then ``b``."""
    return (
        a[0] * b[0] + a[1] * b[2], a[0] * b[1] + a[1] * b[3], a[2] * b[0] + a[3] * b[2], a[2] * b[1] + a[3] * b[3],
        a[4] * b[0] + a[5] * b[2] + b[4], a[4] * b[1] + a[5] * b[3] + b[5],
    )


def _matrix_of(item: Any) -> Matrix:
    m = raw.FS_MATRIX()
    raw.FPDFPageObj_GetMatrix(item, m)
    return (m.a, m.b, m.c, m.d, m.e, m.f)


def _take_path(item: Any, matrix: Matrix, drawing: Drawing) -> None:
    """The thin pieces of one larger path: separate bars, the sides of rectangles, the four sides of a frame."""
    count = raw.FPDFPath_CountSegments(item)
    if not 2 <= count <= _MOST_SEGMENTS:
        return
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(item, fill, stroke)
    if not stroke.value and count < 8:
        # One filled area: a coloured background, no line.
        return
    whole = _times(_matrix_of(item), matrix)
    outlines = list(_outlines(item, count, whole))
    if stroke.value:
        for points in outlines:
            drawing.rules.extend(_sides(points))
    else:
        drawing.rules.extend(_bars([_around(points) for points in outlines]))


def _outlines(item: Any, count: int, matrix: Matrix) -> Iterator[Points]:
    """The corner points of each stroke of the pen."""
    points: Points = []
    x, y = ctypes.c_float(), ctypes.c_float()
    for n in range(count):
        segment = raw.FPDFPath_GetPathSegment(item, n)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        if raw.FPDFPathSegment_GetType(segment) == raw.FPDF_SEGMENT_MOVETO and points:
            yield points
            points = []
        points.append(_point(matrix, x.value, y.value))
        if raw.FPDFPathSegment_GetClose(segment) and points[0] != points[-1]:
            points.append(points[0])
    if points:
        yield points


def _sides(points: Points) -> Iterator[Rect]:
    """The level and upright stretches between corner points."""
    for (ax, ay), (bx, by) in pairwise(points):
        if abs(ax - bx) < 0.5 or abs(ay - by) < 0.5:
            yield Rect(min(ax, bx), min(ay, by), max(ax, bx), max(ay, by))


def _around(points: Points) -> Rect:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return Rect(min(xs), min(ys), max(xs), max(ys))


def _bars(rects: list[Rect]) -> Iterator[Rect]:
    """Thin areas, and the four bars left between a rectangle and a slightly smaller one inside it."""
    for n, rect in enumerate(rects):
        if rect.x1 - rect.x0 <= THIN or rect.y1 - rect.y0 <= THIN:
            yield rect
        for other in rects[n + 1:n + 2]:
            outer, inner = (rect, other) if rect.area > other.area else (other, rect)
            margins = (inner.x0 - outer.x0, inner.y0 - outer.y0, outer.x1 - inner.x1, outer.y1 - inner.y1)
            if all(0 <= m <= THIN for m in margins):
                yield Rect(outer.x0, outer.y0, outer.x1, inner.y0)
                yield Rect(outer.x0, inner.y1, outer.x1, outer.y1)
                yield Rect(outer.x0, outer.y0, inner.x0, outer.y1)
                yield Rect(inner.x1, outer.y0, outer.x1, outer.y1)
