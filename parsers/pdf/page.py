"""One open PDF page → its words, each with its place."""

import ctypes
import math
import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import accumulate
from typing import Any, NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from parsers.guard import hostile
from parsers.pdf.guard import PDF_LIMITS
from parsers.pdf.letters import AFTER_HYPHEN, HALVES, HYPHENS, PLAIN, SHOWN_AS_OTHERS, UNKNOWN, join_halves
from parsers.pdf.places import Places, Spot
from parsers.pdf.shape import BELOW, Rect, Word

_GAP = re.compile(r"(\s+)")
# Letters of one word are nearer to each other than this, in points.
_TOUCHING = 1.5
# The same where pieces of one letter each are put together, in heights; and how many of those a page must have.
_TOUCHING_SHARE, _FEW, _SINGLE = 0.12, 8, 0.6
# Words of one line that ran over its cell's edge follow each other with less than this between them, in heights.
_SPACE = 0.45
# Letters higher than this may be a watermark's, which stands at an angle.
_LARGE = 16.0
_RECT_SIZE = ctypes.sizeof(raw.FS_RECTF)
_RIGHT_ANGLE, _LEVEL = math.pi / 2, 0.1
_NOWHERE = Rect(0, 0, 0, 0)
# The part of a letter's height that lies above the line it stands on.
_ABOVE = 1 - BELOW
# The library's own binding builds objects for every call; a word needs two calls and a page has hundreds of words.
_box_at = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)(
    ctypes.cast(raw.FPDFText_GetLooseCharBox, ctypes.c_void_p).value or 0
)
_origin_at = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)(
    ctypes.cast(raw.FPDFText_GetCharOrigin, ctypes.c_void_p).value or 0
)




class PageText(NamedTuple):
    """``cells`` has the words of each cell in the order they were drawn. ``slanted`` are those of a watermark.

    ``letters`` is how many there are, ``unknown`` how many no font explains; ``crossed`` how many words run over a line.
    ``ends`` are (left, right, bottom) of words with a line's end and no space behind them; ``spaced`` says that other
    lines do end with a space.
    """

    cells: dict[Spot, list[Word]]
    slanted: list[str]
    letters: int
    unknown: int
    crossed: int
    ends: frozenset[tuple[float, float, float]] = frozenset()
    spaced: bool = False


@contextmanager
def _text_page(page: pdfium.PdfPage) -> Iterator[Any]:
    handle = raw.FPDFText_LoadPage(page)
    try:
        yield handle
    finally:
        raw.FPDFText_ClosePage(handle)


def read_words(page: pdfium.PdfPage, places: Places) -> PageText:
    """Every letter of the page in exactly one word. Raises UnreadableError for more letters than a page can show."""
    with _text_page(page) as handle:
        count = raw.FPDFText_CountChars(handle)
        if count > PDF_LIMITS.letters:
            raise hostile("a page holds more letters than anyone could read")
        text = _letters(handle, count) if count > 0 else ""
        return _Words(handle, text, places).read()


def _letters(handle: Any, count: int) -> str:
    """One character for each of the library's, so that places in the text are places on the page."""
    buffer = (ctypes.c_ushort * (count + 1))()
    raw.FPDFText_GetText(handle, 0, count, buffer)
    text = bytes(buffer)[:2 * count].decode("utf-16-le", "surrogatepass")
    if len(text) == count and "\0" not in text:
        return text
    codes = [raw.FPDFText_GetUnicode(handle, n) for n in range(count)]
    return "".join([chr(c) if 0 < c < 0x110000 else "\ufffd" for c in codes])


class _Spans(NamedTuple):
    """Words, where each begins in the page's text, and where it ends."""

    texts: list[str]
    starts: list[int]
    ends: list[int]


def _split(text: str) -> _Spans:
    """The words. A hyphen at a line's end has no space behind it, but what follows goes on a line below."""
    pieces = _GAP.split(text)
    places = list(accumulate(map(len, pieces), initial=0))
    spans = _Spans(pieces[::2], places[:-1:2], places[1::2])
    for end in (0, -1):
        if spans.texts and not spans.texts[end]:
            for part in spans:
                del part[end]
    return spans if not any(h in text for h in HYPHENS) else _part(spans)


def _part(spans: _Spans) -> _Spans:
    parted = _Spans([], [], [])
    for text, start, _ in zip(*spans, strict=True):
        for piece in AFTER_HYPHEN.split(text):
            if piece:
                parted.texts.append(piece)
                parted.starts.append(start)
                start += len(piece)
                parted.ends.append(start)
    return parted


def _whole(spans: _Spans, points: list[float], boxes: list[float]) -> _Spans:
    """Words of pieces that stand on one line and touch."""
    whole = _Spans([], [], [])
    for n, (text, start, end) in enumerate(zip(*spans, strict=True)):
        _, top, right, bottom = boxes[4 * n - 4:4 * n] if n else (0.0, 0.0, 0.0, 0.0)
        near = _TOUCHING_SHARE * (top - bottom)
        if n and abs(points[2 * n] - right) < near and abs(points[2 * n + 1] - points[2 * n - 1]) < near:
            whole.texts[-1] += text
            whole.ends[-1] = end
        else:
            whole.texts.append(text)
            whole.starts.append(start)
            whole.ends.append(end)
    return whole


def _tight_box(handle: Any, n: int) -> Rect:
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    raw.FPDFText_GetCharBox(handle, n, left, right, bottom, top)
    return Rect(left.value, bottom.value, right.value, top.value)


def _loose_box(handle: Any, n: int) -> Rect:
    """With the room around a letter, so that letters of one word touch."""
    box = raw.FS_RECTF()
    raw.FPDFText_GetLooseCharBox(handle, n, box)
    return Rect(box.left, box.bottom, box.right, box.top)


class _Words:
    """The words of one page while they are read."""

    def __init__(self, handle: Any, text: str, places: Places) -> None:
        self.handle, self.text, self.places = handle, text, places
        # Most pages have no letter that is shown as another.
        self.letters = set(text)
        self.is_plain = self.letters.isdisjoint(SHOWN_AS_OTHERS)
        self.cells: defaultdict[Spot, list[Word]] = defaultdict(list)
        self.slanted: list[str] = []
        self.crossed = 0
        # The word before, where it ran over its cell's edge: the rest of its line did so too.
        self.over: tuple[Word, Spot] | None = None

    def read(self) -> PageText:
        spans = _split(self.text)
        texts, starts, _ = spans
        points, numbers = self._boxes(spans)
        if sum([len(t) == 1 for t in texts]) > max(_FEW, _SINGLE * len(texts)):
            # The library takes a page with little on it for upright writing, and parts every letter from the next.
            texts, starts, _ = spans = _whole(spans, points, numbers)
            points, numbers = self._boxes(spans)
        lefts, bases, boxes = iter(points[::2]), iter(points[1::2]), iter(numbers)
        # A page has hundreds of words: they are made without the call in between that a named tuple makes.
        cells, plain, new = self.cells, self.is_plain, tuple.__new__
        # Most words stand in the cell of the word before, so that its sides are kept at hand.
        x0, y0, x1, y1, here = *_NOWHERE, cells[None]
        for text, start, left, base, last, top, right, bottom in zip(
            texts, starts, lefts, bases, boxes, boxes, boxes, boxes, strict=True
        ):
            high = top - bottom
            upper = base + _ABOVE * high
            if right - last < 0.01 or not 0.01 < high <= _LARGE or not -0.9 * high < bottom - base < 0.6 * high:
                x0, y0, x1, y1 = self._take_odd(text, start, Rect(min(left, last), upper - high, right, upper))
            elif x0 <= left <= last and right < x1 and y0 < upper - high / 2 <= y1:
                here.append(new(Word, (text if plain else text.translate(PLAIN), left, upper - high, right, upper, None, False)))
            else:
                spot = self._take(text, start, Rect(min(left, last), upper - high, max(left, right), upper))
                x0, y0, x1, y1 = self.places.cell(spot)
                here = cells[spot]
        if not self.letters.isdisjoint(HALVES):
            for words in cells.values():
                words[:] = [word._replace(text=join_halves(word.text)) for word in words]
            self.slanted = [join_halves(text) for text in self.slanted]
        unknown = len(UNKNOWN.findall(self.text)) if UNKNOWN.search("".join(self.letters)) else 0
        ends = self._ends(spans, points, numbers)
        return PageText(cells, self.slanted, sum(map(len, texts)), unknown, self.crossed, ends, " \r\n" in self.text)

    def _ends(self, spans: _Spans, points: list[float], boxes: list[float]) -> frozenset[tuple[float, float, float]]:
        """Where the words are that a line ends with, no space behind them; only words that lie level."""
        found = []
        for n, end in enumerate(spans.ends):
            if self.text.startswith("\r\n", end):
                _, top, right, bottom = boxes[4 * n:4 * n + 4]
                high = top - bottom
                found.append((points[2 * n], right, points[2 * n + 1] + _ABOVE * high - high))
        return frozenset(found)

    def _take(self, text: str, start: int, rect: Rect) -> Spot:
        """Takes a word that is not simply in the cell of the one before; gives the cell it stands in."""
        middle = (rect.y0 + rect.y1) / 2
        edge = 0.25 * min(rect.y1 - rect.y0, rect.x1 - rect.x0)
        spot = self.places.find(rect.x0 + edge, middle)
        if self.over is not None and self._goes_on(rect):
            spot = self.over[1]
        elif len(text) > 1 and spot != self.places.find(rect.x1 - edge, middle):
            self._take_crossing(text, start)
            return None
        else:
            self.over = None
        word = Word(text.translate(PLAIN), *rect)
        self.cells[spot].append(word)
        if self.over is not None:
            self.over = (word, spot)
            return None
        return spot

    def _boxes(self, spans: _Spans) -> tuple[list[float], list[float]]:
        """(where each word's pen was set down: x, y; left, top, right, bottom of its last letter)."""
        count = len(spans.texts)
        points, boxes = (ctypes.c_double * (2 * count))(), (ctypes.c_float * (4 * count))()
        place, point, at = ctypes.cast(self.handle, ctypes.c_void_p).value, ctypes.addressof(points), ctypes.addressof(boxes)
        for start, end in zip(spans.starts, spans.ends, strict=True):
            _origin_at(place, start, point, point + 8)
            _box_at(place, end - 1, at)
            point += 16
            at += _RECT_SIZE
        return points[:], boxes[:]

    def _take_odd(self, text: str, start: int, rect: Rect) -> Rect:
        """A large word; or one that does not lie level, or whose font has no size: by what its letters really cover."""
        if self._is_slanted(start):
            self.slanted.append(text.translate(PLAIN))
        elif rect.x1 - rect.x0 > 0.01 and rect.y1 - rect.y0 > _LARGE:
            self._take(text, start, rect)
        else:
            self._take_covered(text, [_tight_box(self.handle, n) for n in self._places_of(text, start)])
        return _NOWHERE

    def _places_of(self, text: str, start: int) -> list[int]:
        """Where each letter of a word is in the page's text; there may be breaks between them."""
        near = range(start, min(start + 3 * len(text), len(self.text)))
        return [n for n in near if not self.text[n].isspace()][:len(text)]

    def _is_slanted(self, n: int) -> bool:
        """Whether a letter is turned by anything but a right angle."""
        turn = raw.FPDFText_GetCharAngle(self.handle, n) % _RIGHT_ANGLE
        return bool(_LEVEL < turn < _RIGHT_ANGLE - _LEVEL)

    def _take_crossing(self, text: str, start: int) -> None:
        """Two cells' words with no space between them are parted; one word that runs over its cell's edge is not."""
        boxes = [_loose_box(self.handle, n) for n in self._places_of(text, start)]
        spots = [self.places.find((b.x0 + b.x1) / 2, (b.y0 + b.y1) / 2) for b in boxes]
        begin = 0
        for n in range(1, len(boxes)):
            if spots[n] != spots[n - 1] and not -_TOUCHING < boxes[n].x0 - boxes[n - 1].x1 < _TOUCHING:
                self._take_covered(text[begin:n], boxes[begin:n])
                begin = n
        last = self._take_covered(text[begin:], boxes[begin:])
        if begin == 0:
            self.crossed += 1
            self.over = last

    def _goes_on(self, rect: Rect) -> bool:
        """Whether a word follows the one that ran over, on its line."""
        before, high = self.over[0] if self.over is not None else None, rect.y1 - rect.y0
        return before is not None and abs(before.y1 - rect.y1) < high / 2 and 0 <= rect.x0 - before.x1 < _SPACE * high

    def _take_covered(self, text: str, boxes: list[Rect]) -> tuple[Word, Spot]:
        rect = Rect(min(b.x0 for b in boxes), min(b.y0 for b in boxes), max(b.x1 for b in boxes), max(b.y1 for b in boxes))
        spot = self.places.find((boxes[0].x0 + boxes[0].x1) / 2, (rect.y0 + rect.y1) / 2)
        word = Word(text.translate(PLAIN), *rect)
        self.cells[spot].append(word)
        return word, spot
