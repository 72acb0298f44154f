"""Reads the body of a Word document into rows of cells, in one pass over its pieces.

Controls may stand at every level, and none may hide a cell: Word wraps whole cells in controls
(``w:tr/w:sdt/w:sdtContent/w:tc``), so a reader that looks only at direct children sees a twelfth of some forms. lxml
filters pieces in C but gives only their beginnings: a cell ends where the next one begins. Every kind of piece is one
letter, so a page is a string, and an ordinary cell is known by its letters: "PMSGT" is a paragraph with a bookmark, a
control with a tag, and a text. Cells with other letters are read piece by piece; tables inside cells and
controls round rows or several cells go to the careful walk.
"""

from contextlib import suppress

from lxml import etree

from parsers.grid import Cell, Control, Row
from parsers.guard import check_depth
from parsers.word import names as is_
from parsers.word.cell import Box, Inside, describe, make_cell, whole_number
from parsers.word.names import Names
from parsers.word.plan import Plan, make_plan, row_plan
from parsers.word.walk import Walker, describe_control

# Plans are kept, so only short ones are made: a text in a thousand runs is read piece by piece.
_LONGEST_PLAN = 100
# What may stand at the very end of a cell and belong to what comes next: controls, their descriptions, bookmarks.
_DESCRIPTIONS = is_.TAG + is_.PROMPT + is_.LIST + is_.DATE
_WRAPPERS = is_.CONTROL + is_.MARK + _DESCRIPTIONS


def scan_body(body: etree._Element, n: Names, *, careful: bool = False) -> tuple[Row, ...]:
    """Every row of the body in page order. Raises UnreadableError when it is nested too deep.

    ``careful`` takes every table by the careful walk and says which cells are merged into the one above.
    """
    tops: dict[etree._Element, str] = {}
    _find_tops(body, n, tops, 0)
    return tuple(_Scan(body, n, tops, careful).rows())


def _find_tops(parent: etree._Element, n: Names, tops: dict[etree._Element, str], depth: int) -> None:
    """The blocks that stand in no table: paragraphs, tables, and tagged controls that are one answer box each."""
    check_depth(depth)
    for child in parent:
        tag = child.tag
        if tag == n.p:
            tops[child] = is_.PARA
        elif tag == n.tbl:
            tops[child] = is_.TABLE
        elif tag == n.sdt and is_answer_box(child, n):
            tops[child] = is_.CONTROL
        elif tag != n.properties:
            _find_tops(child, n, tops, depth + 1)


def is_answer_box(sdt: etree._Element, n: Names) -> bool:
    """A tagged control without others inside; any other control round blocks is a wrapper to look through."""
    content = sdt.find(n.content)
    return content is not None and bool(describe_control(sdt, n).tag) and next(content.iter(n.sdt), None) is None


class _OddTable(Exception):  # noqa: N818  (a turning, not a failure)
    """This table needs the careful walk."""


class _Scan:
    """The pass. ``letters`` and ``pieces`` are the page, one letter for each element."""

    def __init__(self, body: etree._Element, n: Names, tops: dict[etree._Element, str], careful: bool) -> None:
        self.n = n
        self.tops = tops
        # All are kept: lxml would make an element's proxy again each time it is asked for.
        self.pieces = list(body.iter(*n.wanted))
        kinds = n.pieces
        self.letters = "".join([kinds[e.tag] for e in self.pieces])  # type: ignore[index,unused-ignore]
        self.walker = Walker(n, careful)
        self.paragraphs = 0
        self.marks: tuple[str, ...] = ()
        self.outer: tuple[Box, ...] = ()

    def rows(self) -> list[Row]:
        """Every row, block by block."""
        tops = self.tops
        starts: list[int] = []
        for top in tops:
            starts.append(self.pieces.index(top, starts[-1] + 1 if starts else 0))
        if not starts:
            return []
        # Bookmarks that begin before the first block; rows without a table have none to pass on.
        with suppress(_OddTable):
            self._wrappers(0, starts[0], 0)
        found: list[Row] = []
        for start, end in zip(starts, [*starts[1:], len(self.pieces)], strict=True):
            if tops[self.pieces[start]] == is_.TABLE:
                found += self._table(start, end)
            else:
                found.append(self._block(start, end))
        return found

    def _block(self, start: int, end: int) -> Row:
        """A paragraph outside tables, or a control that is one answer box."""
        holder, self.outer = self.pieces[start], ()
        self.paragraphs += 1
        number, begin = self.paragraphs, start + 1
        if self.tops[holder] == is_.CONTROL:
            self.outer = (describe_control(holder, self.n),)
        try:
            cell, _ = self._holder(holder, begin, end, 0)
        except _OddTable:
            # Rows without a table follow: no writer makes them, but their words are kept.
            self.marks, self.outer = (), ()
            cell = make_cell(Inside(self.n, holder).read(self.pieces[begin:end]), 0)
        if is_.TABLE in self.letters[begin:end]:
            cell = cell._replace(inner=tuple(self.walker.inner(holder, 1)))
        return Row((cell,), 0, number)

    def _table(self, start: int, end: int) -> list[Row]:
        marks = self.marks
        try:
            if self.walker.careful or is_.TABLE in self.letters[start + 1:end]:
                raise _OddTable
            rows = self._plain_table(start + 1, end)
        except _OddTable:
            self.marks, self.outer = (), ()
            self.walker.marks = list(marks)
            return self.walker.table(self.pieces[start])
        self.walker.tables += 1
        return rows

    def _plain_table(self, start: int, end: int) -> list[Row]:
        table, at = self.walker.tables + 1, start
        found: list[Row] = []
        for letters in self.letters[start:end].split(is_.ROW):
            simple = len(letters) <= _LONGEST_PLAN and not self.marks and not self.outer
            plans = row_plan(letters) if simple else None
            cells = self._ordinary_row(plans, at) if plans else None
            if cells is None:
                cells = self._row(letters, at)
            if cells:
                found.append(Row(cells, table, len(found) + 1))
            at += len(letters) + 1
        return found

    def _row(self, letters: str, at: int) -> tuple[Cell, ...]:
        """The cells with these letters, piece by piece."""
        # What stands before a row's first cell, or before the first row, can only be wrappers.
        before, *cells = letters.split(is_.CELL)
        if before:
            self._wrappers(at, at + len(before), at)
        at += len(before) + 1
        found: list[Cell] = []
        column = _skipped(self.pieces[at - 1 - len(before):at - 1], self.n) if is_.BEFORE in before else 0
        for own in cells:
            cell, span = self._holder(self.pieces[at - 1], at, at + len(own), column)
            found.append(cell)
            column += span
            at += len(own) + 1
        return tuple(found)

    def _ordinary_row(self, plans: tuple[Plan, ...], at: int) -> tuple[Cell, ...] | None:
        """The row its plans describe; None where one of its cells turns out not to be ordinary."""
        found: list[Cell] = []
        column = 0
        for plan in plans:
            cell = None if plan.wraps and not self._is_wrapped(plan, at) else self._ordinary(plan, at, column, ())
            if cell is None:
                return None
            found.append(cell)
            column += whole_number(self.pieces[at + plan.cell + 1].get(self.n.val)) if plan.spans else 1
        return tuple(found)

    def _is_wrapped(self, plan: Plan, at: int) -> bool:
        """Whether the control stands in the row ``at`` and round this one cell only."""
        sdt, content = self.pieces[at + plan.control], self.pieces[at + plan.cell].getparent()
        return content is not None and len(content) == 1 and content.getparent() is sdt and sdt.getparent() is self.pieces[at - 1]

    def _holder(self, holder: etree._Element, start: int, end: int, column: int) -> tuple[Cell, int]:
        """One cell or block of these pieces, and how many grid columns it spans."""
        marks, outer, self.marks, self.outer = self.marks, self.outer, (), ()
        letters = self.letters[start:end]
        if letters[-1:] not in ("T", "P", ""):
            kept = len(letters.rstrip(_WRAPPERS))
            # A description without its control belongs to one that stands before some text.
            kept = end - len(letters[kept:].lstrip(_DESCRIPTIONS))
            end = self._wrappers(kept, end, end)
            letters = self.letters[start:end]
        plan = make_plan(letters) if len(letters) <= _LONGEST_PLAN else None
        if plan is not None and not outer:
            cell = self._ordinary(plan, start, column, marks)
            if cell is not None:
                return cell, (plan.spans and whole_number(self.pieces[start].get(self.n.val))) or 1
        inside = Inside(self.n, holder)
        inside.marks, inside.outer, inside.careful = marks, outer, self.walker.careful
        inside.read(self.pieces[start:end])
        return make_cell(inside, column), inside.span

    def _wrappers(self, start: int, end: int, default: int) -> int:
        """Notes controls and bookmarks that belong to what comes next; gives where they begin, ``default`` for none."""
        begin, marks = default, list(self.marks)
        box: Box | None = None
        for at in range(start, end):
            e, letter = self.pieces[at], self.letters[at]
            if letter in (is_.CONTROL, is_.MARK):
                where = self._where(e)
                if where == "inside":
                    continue
                begin = min(begin, at)
                if letter == is_.MARK:
                    marks.append(e.get(self.n.name) or "")
                elif where != "blocks":
                    box = self._wrapper(e, where)
            elif box is not None:
                describe(box, letter, e, self.n)
        self.marks = tuple(marks)
        return begin

    def _wrapper(self, sdt: etree._Element, where: str) -> Box:
        """A control round one cell; round a row or several cells it needs the careful walk."""
        content = sdt.find(self.n.content)
        if where != "row" or content is None or len(content) != 1:
            raise _OddTable
        box = Box(sdt)
        self.outer = (*self.outer, box)
        return box

    def _where(self, e: etree._Element) -> str:
        """What holds an element: "inside" of a cell or paragraph, between cells ("row"), rows ("table") or "blocks"."""
        holders = self.n.holders
        parent = e.getparent()
        while parent is not None:
            if found := holders.get(parent.tag):  # type: ignore[call-overload,unused-ignore]
                return str(found)
            parent = parent.getparent()
        return ""

    def _ordinary(self, plan: Plan, start: int, column: int, marks: tuple[str, ...]) -> Cell | None:
        """The cell its plan describes; None where its text does not all stand in its one control."""
        n, pieces = self.n, self.pieces
        mark, control, tag_at, described, first, last, _, _, wraps = plan
        text = ""
        if first < last:
            text = pieces[start + first].text or ""
            if last - first > 1:
                text = "".join([e.text or "" for e in pieces[start + first:start + last]])
            text = text.strip()
        if mark >= 0:
            marks = (*marks, pieces[start + mark].get(n.name) or "")
        # Named tuples are made through ``tuple`` here: half the time, hundreds of times a form.
        if control < 0:
            return tuple.__new__(Cell, (text, column, (), marks, text, text, (), False))
        sdt = pieces[start + control]
        if first < last and not wraps and not _is_inside(pieces[start + last - 1], sdt, n.p):
            return None
        tag = (pieces[start + tag_at].get(n.val) or "") if tag_at >= 0 else ""
        if not described:
            made = tuple.__new__(Control, (tag, "", text, False, (), ""))
            return tuple.__new__(Cell, (text, column, (made,), marks, text, "", (), False))
        box = Box(sdt)
        box.tag = tag
        for at in described:
            describe(box, self.letters[start + at], pieces[start + at], n)
        return Cell(text, column, (box.control(text, n, self.walker.careful),), marks, text, "")


def _is_inside(piece: etree._Element, sdt: etree._Element, paragraph: str) -> bool:
    # A control's content is one stretch of the page, so the last text inside it means that all of it is. The plan has one
    # paragraph: what comes after a control that is its last child can only stand in the control.
    if sdt.getnext() is None and (holder := sdt.getparent()) is not None and holder.tag == paragraph:
        return True
    parent = piece.getparent()
    while parent is not None and parent is not sdt:
        parent = parent.getparent()
    return parent is not None


def _skipped(pieces: list[etree._Element], n: Names) -> int:
    """How many grid columns a row leaves out before its first cell."""
    return next((whole_number(e.get(n.val), 0) for e in pieces if e.tag == n.before), 0)
