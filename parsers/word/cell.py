"""Reads what stands inside one cell, paragraph or block control: text, controls, bookmarks, ticks."""

from collections.abc import Iterable, Sequence
from datetime import date

from lxml import etree

from parsers.grid import Cell, Control
from parsers.word import names as is_
from parsers.word.names import CHECKED14, VAL14, Names, is_on
from parsers.word.symbols import TICKED, UNTICKED, read_symbol


class Box:
    """A control while its cell is being read; ``start`` is how many pieces of text stood before it.

    Most controls have a tag and nothing else, so everything else is a default of the class: made a hundred times a form.
    """

    tag = kind = day = ""
    prompt = False
    list: etree._Element | None = None

    def __init__(self, element: etree._Element, start: int = 0) -> None:
        self.element = element
        self.start = start

    def control(self, text: str, n: Names, careful: bool = False) -> Control:
        # A drop-down shows words; what has no capital may be the value behind them, and only then is the list read.
        items = _items(self.list, n) if self.list is not None and (careful or (text and not text[0].isupper())) else ()
        return Control(self.tag, self.kind, text, self.prompt, items, self.day)


def _items(of: etree._Element, n: Names) -> tuple[tuple[str, str], ...]:
    found = [(i.get(n.shown) or i.get(n.value) or i.get(n.val) or "", i.get(n.value) or "") for i in of if i.tag != n.w("result")]
    return tuple(found)


class Inside:
    """What one holder (cell, paragraph, block control) contains. ``parts`` is the text so far, in pieces.

    ``outer`` are the controls round the whole holder; ``last`` is the last piece that printed.
    """

    boxes: list[Box] = []  # noqa: RUF012  (the empty ones are never added to)
    marks: Sequence[str] = ()
    tables: list[etree._Element] = []  # noqa: RUF012
    outer: tuple[Box, ...] = ()
    span = 1
    tick = ""
    # Whether lists of choices are read whatever is chosen, for the compiler of forms.
    careful = False
    last: etree._Element | None = None

    def __init__(self, n: Names, holder: etree._Element) -> None:
        self.n = n
        self.holder = holder
        self.parts: list[str] = []

    def read(self, elements: Iterable[etree._Element]) -> "Inside":
        """Takes the pieces in page order."""
        kinds = self.n.pieces
        for e in elements:
            self.take(kinds[str(e.tag)], e)
        return self

    def take(self, kind: str, e: etree._Element) -> None:
        """Takes one piece."""
        if kind == is_.TEXT:
            self.last = e
            if self.tick:
                self._print_tick()
            else:
                self.parts.append(e.text or "")
        elif kind == is_.PARA:
            if self.parts:
                self.parts.append("\n")
        elif kind == is_.CONTROL:
            # Lists are made when there is something to put in: most cells have neither controls nor tables.
            self.boxes = self.boxes or []
            self.boxes.append(Box(e, len(self.parts)))
        else:
            self._take_rarer(kind, e)

    def _take_rarer(self, kind: str, e: etree._Element) -> None:
        if kind == is_.MARK:
            self.marks = self.marks if isinstance(self.marks, list) else list(self.marks)
            self.marks.append(e.get(self.n.name) or "")
        elif kind == is_.SPAN:
            # Only the cell's own properties stand before any table inside it.
            if not self.tables:
                self.span = whole_number(e.get(self.n.val))
        elif kind == is_.TABLE:
            self.tables = self.tables or []
            self.tables.append(e)
        elif kind == is_.TICK:
            self._tick_box(e)
        elif kind == is_.OLD_LIST and self.careful:
            self._old_list(e)
        elif kind == is_.SYMBOL and self.tick:
            self.last = e
            self._print_tick()
        elif printed := _printed(kind, e, self.n):
            self.last = e
            self.parts.append(printed)
        elif self.boxes:
            describe(self.boxes[-1], kind, e, self.n)

    def _tick_box(self, e: etree._Element) -> None:
        """The state counts, not the glyph: a glyph may be any letter of a symbol font."""
        checked = e.find(CHECKED14)
        self.tick = TICKED if checked is not None and is_on(checked.get(VAL14)) else UNTICKED
        if self.boxes:
            self.boxes[-1].kind = "tick"

    def _old_list(self, e: etree._Element) -> None:
        """A drop-down of Word 97 is a box of its own."""
        box = Box(e, len(self.parts))
        box.kind, box.list = "choice", e
        self.boxes = [*self.boxes, box]
        self.last = e
        self.parts.append(old_choice(e, self.n))

    def _print_tick(self) -> None:
        self.parts.append(self.tick)
        self.tick = ""

    def text(self) -> str:
        parts = self.parts
        return parts[0].strip() if len(parts) == 1 else "".join(parts).strip()


def whole_number(text: str | None, default: int = 1) -> int:
    """A number of columns; ``default`` for what is none that a page could have."""
    return (int(text) if text and text.isdecimal() and len(text) < 4 else 0) or default


def _printed(kind: str, e: etree._Element, n: Names) -> str:
    """What the rarer printing pieces print; "" for a piece that only describes."""
    if kind == is_.LINE:
        return "\n"
    if kind == is_.TAB:
        # A tab stop in the paragraph's properties has the same name; only that one has a value.
        return "\t" if e.get(n.val) is None else ""
    if kind == is_.HYPHEN:
        return "\u2011"
    if kind == is_.SYMBOL:
        return read_symbol(e.get(n.w("char")) or "", e.get(n.w("font")) or "")
    if kind == is_.OLD_TICK:
        return TICKED if old_tick(e, n) else UNTICKED
    return old_choice(e, n) if kind == is_.OLD_LIST else ""


def old_tick(e: etree._Element, n: Names) -> bool:
    """A form field of Word 97: ``checked`` where somebody clicked, else its default."""
    for name in ("checked", "default"):
        state = e.find(n.w(name))
        if state is not None:
            return is_on(state.get(n.val))
    return False


def old_choice(e: etree._Element, n: Names) -> str:
    entries = [entry.get(n.val) or "" for entry in e.iterchildren(n.w("listEntry"))]
    chosen = e.find(n.w("result"))
    at = chosen.get(n.val) if chosen is not None else "0"
    return entries[int(at)] if at and at.isdecimal() and int(at) < len(entries) else ""


def describe(box: Box, kind: str, e: etree._Element, n: Names) -> None:
    """Adds one property to the control it stands in."""
    if kind == is_.TAG:
        box.tag = e.get(n.val) or ""
    elif kind == is_.PROMPT:
        box.prompt = is_on(e.get(n.val))
    elif kind == is_.LIST:
        box.kind = "choice"
        box.list = e
    elif kind == is_.DATE:
        box.kind = "date"
        box.day = _day(e.get(n.w("fullDate")) or "")


def _day(full: str) -> str:
    """The ISO day of a picker's ``w:fullDate``; "" where there is none or it is no day."""
    if not full:
        return ""
    try:
        return date.fromisoformat(full[:10]).isoformat()
    except ValueError:
        return ""


def make_cell(inside: Inside, column: int) -> Cell:
    """The finished cell, without inner rows."""
    text, marks, boxes, outer = inside.text(), tuple(inside.marks), inside.boxes, inside.outer
    if inside.tables or len(boxes) > 1 or (boxes and not _is_alone(boxes[0], inside)):
        return _mixed_cell(inside, column)
    if boxes or outer:
        return Cell(text, column, tuple([box.control(text, inside.n, inside.careful) for box in (*outer, *boxes)]), marks, text, "")
    return Cell(text, column, (), marks, text, text)


def _is_alone(box: Box, inside: Inside) -> bool:
    """Whether all of the holder's text stands in that one control.

    A control's content is one stretch of the page: nothing before it and the last piece inside it means everything.
    """
    if box.start and "".join(inside.parts[:box.start]).strip():
        return False
    node, sdt, holder = inside.last, box.element, inside.holder
    while node is not None and node is not holder:
        if node is sdt:
            return True
        node = node.getparent()
    return inside.last is None


def _mixed_cell(inside: Inside, column: int) -> Cell:
    """Text stands beside controls, or tables stand inside: take everything apart by membership."""
    n, holder = inside.n, inside.holder
    in_tables = {e for table in inside.tables for e in table.iter(*n.printing)}
    hidden = {e for table in inside.tables for e in table.iter(n.sdt)}
    boxes = [b for b in inside.boxes if b.element not in hidden]
    in_boxes = {e for b in boxes for e in b.element.iter(*n.printing)}
    own = _text_without(holder, n, in_tables)
    controls = [box.control(inside.text(), n, inside.careful) for box in inside.outer]
    controls += [b.control(_text_without(b.element, n, in_tables), n, inside.careful) for b in boxes]
    outside = "" if inside.outer else _text_without(holder, n, in_tables | in_boxes)
    return Cell(inside.text(), column, tuple(controls), tuple(inside.marks), own, outside)


def _text_without(holder: etree._Element, n: Names, skipped: set[etree._Element]) -> str:
    # The set keeps its elements alive, and lxml gives the same object for a live element, so membership holds.
    return Inside(n, holder).read(e for e in holder.iter(*n.wanted) if e not in skipped).text()


def printed_pieces(element: etree._Element, n: Names) -> list[str]:
    """All that is printed inside an element, piece by piece, with the white space at its ends."""
    return Inside(n, element).read(element.iter(*n.wanted)).parts


def plain_text(element: etree._Element, n: Names) -> str:
    """All that is printed inside an element."""
    return Inside(n, element).read(element.iter(*n.wanted)).text()
