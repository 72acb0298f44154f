"""Draws an invented council's form, blank or filled in one of the ways people fill forms, and remembers what was written.

A council is a function that draws its form with a :class:`Pen`. The pen decides whether an answer is written where the form has
room for one, and keeps the truth: every question with its heading and the answer, and every row of a table people may add to.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from io import BytesIO
from typing import Any

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.table import _Cell


class Way(StrEnum):
    """How a form is filled."""

    BLANK = "blank"
    NORMAL = "normal"
    PARTLY = "partly filled"
    TYPED = "typed over the controls"
    ROWS = "rows added"
    DELETED = "a section deleted"
    REORDERED = "rows in another order"
    EDITED = "labels edited"
    LONG = "long and awkward answers"


FILLED = tuple(way for way in Way if way is not Way.BLANK)
# (label, heading, answer, kind as the definition should have it or "")
Said = tuple[str, str, str, str]
TEXT, CELL, PICKER = "text", "cell", "date"
_AWKWARD = ("Good", "Seen alone twice.\n• first, at home\n• then at school\n\nBoth are written up.",
            "Requires improvement\nThe plan is late.\nDate\nComments\nIt has no dates.")


@dataclass
class Pen:
    """``truth`` is in page order; ``rows`` are the rows of action tables that hold anything, heading → answer."""

    way: Way = Way.NORMAL
    document: Any = field(default_factory=docx.Document)
    truth: list[Said] = field(default_factory=list)
    rows: list[dict[str, str]] = field(default_factory=list)
    parts: int = 0
    dropped: bool = False
    turn: int = 0

    def bytes(self) -> bytes:
        out = BytesIO()
        self.document.save(out)
        return out.getvalue()

    # ---- what is written

    def answer(self, text: str) -> str:
        """What somebody writes here in this way of filling."""
        self.turn += 1
        if self.way is Way.BLANK or self.dropped or (self.way is Way.PARTLY and self.turn % 3 == 0):
            return ""
        return _AWKWARD[self.turn % 3] if self.way is Way.LONG and len(text.split()) > 3 else text

    def say(self, label: str, answer: str, heading: str = "", kind: str = "") -> str:
        """The answer as it is to be written, remembered; "" in the blank."""
        written = self.answer(answer)
        self.truth.append((label, heading, written, kind))
        return written

    def label(self, text: str) -> str:
        """A label as printed; some are retyped with small slips."""
        if self.way is not Way.EDITED or len(text.split()) < 4 or "\n" in text:
            return text
        self.turn += 1
        if self.turn % 2:
            return text.rstrip("?:.") + " please"
        middle = text.split()
        longest = max(range(len(middle)), key=lambda n: len(middle[n]))
        middle[longest] = middle[longest][:2] + middle[longest][3:]
        return " ".join(middle)

    @contextmanager
    def part(self, title: str = "", *, table: Any = None, level: int = 2) -> Iterator[None]:
        """A section; the second of a form is the one that somebody deletes. ``table`` is the one its rows stand in."""
        self.parts += 1
        holder = table._tbl if table is not None else self.document.element.body
        before = set(holder)
        self.dropped = self.way is Way.DELETED and self.parts == 2
        if title and table is None:
            self.document.add_heading(title, level)
        yield
        if self.dropped:
            for added in [e for e in holder if e not in before]:
                holder.remove(added)
        self.dropped = False

    def ordered(self, rows: Sequence[Any]) -> list[Any]:
        return list(reversed(rows)) if self.way is Way.REORDERED else list(rows)

    # ---- how it is written

    def write(self, cell: _Cell, text: str, box: str | tuple[str, ...] = "", prompt: str = "Click or tap here to enter text.") -> None:
        """The answer in its cell: bare, in a control of its paragraph, or in a control round the whole cell."""
        if not box or self.way is Way.TYPED:
            fill(cell, text)
        elif box == CELL:
            wrap_cell(cell, text, prompt)
        else:
            kind = drop_down(*box) if isinstance(box, tuple) else "<w:date><w:dateFormat w:val=\"dd/MM/yyyy\"/></w:date>" if box == PICKER else ""
            control(cell, text, "Choose an item." if isinstance(box, tuple) else prompt, kind)

    def table(self, columns: int) -> Any:
        return self.document.add_table(rows=0, cols=columns, style="Table Grid")

    def grid(self, rows: Sequence[Sequence[str]]) -> Any:
        """A table of plain texts."""
        made = self.table(max(len(r) for r in rows))
        for row in rows:
            self.add(made, *row)
        return made

    def add(self, table: Any, *texts: str) -> list[_Cell]:
        cells = list(table.add_row().cells)
        for cell, text in zip(cells, texts, strict=False):
            fill(cell, text)
        return cells

    def span(self, table: Any, text: str) -> _Cell:
        cells = table.add_row().cells
        whole = cells[0].merge(cells[-1])
        fill(whole, text)
        return whole

    def pairs(self, *rows: Sequence[tuple[str, str]], box: str = "", kinds: dict[str, str] | None = None) -> Any:
        """Label, box, label, box …"""
        made = self.table(2 * max(len(r) for r in rows))
        for row in rows:
            cells = made.add_row().cells
            for n, (label, answer) in enumerate(row):
                fill(cells[2 * n], self.label(label))
                self.write(cells[2 * n + 1], self.say(label, answer, kind=(kinds or {}).get(label, "")), box)
        return made

    def matrix(self, headings: Sequence[str], rows: Sequence[Sequence[str]], *, table: Any = None, head: bool = True,
               boxes: Sequence[str | tuple[str, ...]] = (), kinds: Sequence[str] = ()) -> Any:
        """Questions down the side (first column), an answer under each other heading."""
        made = self.table(len(headings)) if table is None else table
        if head:
            self.add(made, *headings)
        for label, *answers in self.ordered(rows):
            cells = made.add_row().cells
            fill(cells[0], self.label(label))
            for n, answer in enumerate(answers):
                kind = kinds[n] if kinds else ""
                self.write(cells[n + 1], self.say(label, answer, headings[n + 1], kind), boxes[n] if boxes else "")
        return made

    def actions(self, headings: Sequence[str], rows: Sequence[Sequence[str]], *, blank: int = 2, table: Any = None,
                numbered: bool = False, box: str | tuple[str, ...] = "") -> Any:
        """A table people may add rows to; the blank has as many rows as given and ``blank`` more."""
        made = self.table(len(headings)) if table is None else table
        self.add(made, *headings)
        filled = list(rows) + ([tuple(f"{a} again" for a in rows[0])] * (blank + 2) if self.way is Way.ROWS else [])
        for n in range(max(len(rows) + blank, len(filled))):
            cells = made.add_row().cells
            start = 1 if numbered else 0
            if numbered:
                fill(cells[0], str(n + 1))
            values = filled[n] if n < len(filled) and not self.dropped and self.way is not Way.BLANK else ("",) * (len(headings) - start)
            for cell, value in zip(cells[start:], values, strict=True):
                self.write(cell, value, box)
            if any(values):
                self.rows.append(dict(zip(headings[start:], values, strict=True)))
        return made


def fill(cell: _Cell, text: str) -> None:
    """Each line a paragraph, as people type."""
    first, *more = text.split("\n")
    cell.paragraphs[0].add_run(first)
    for line in more:
        cell.add_paragraph(line)


def control(cell: _Cell, text: str, prompt: str, kind: str = "") -> None:
    """A content control in the cell's paragraph, as Word writes one."""
    cell.paragraphs[0]._p.append(parse_xml(
        f'<w:sdt {nsdecls("w")}><w:sdtPr>{kind}{"" if text else "<w:showingPlcHdr/>"}</w:sdtPr>'
        f'<w:sdtContent>{_runs(text or prompt)}</w:sdtContent></w:sdt>'))


def wrap_cell(cell: _Cell, text: str, prompt: str) -> None:
    """A content control round the whole cell: ``w:tr/w:sdt/w:sdtContent/w:tc``."""
    fill(cell, text or prompt)
    sdt = parse_xml(f'<w:sdt {nsdecls("w")}><w:sdtPr>{"" if text else "<w:showingPlcHdr/>"}</w:sdtPr><w:sdtContent/></w:sdt>')
    tc = cell._tc
    tc.addprevious(sdt)
    sdt.find(qn("w:sdtContent")).append(tc)


def _runs(text: str) -> str:
    return "".join(f'<w:r>{"<w:br/>" if n else ""}<w:t xml:space="preserve">{_escape(line)}</w:t></w:r>'
                   for n, line in enumerate(text.split("\n")) if line or n == 0)


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def drop_down(*items: str) -> str:
    return "<w:dropDownList>" + "".join(f'<w:listItem w:displayText="{i}" w:value="{i}"/>' for i in items) + "</w:dropDownList>"
