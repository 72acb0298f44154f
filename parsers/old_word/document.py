"""Old Word documents (.doc) and rich text (.rtf) → Grid, through the library anydoc, which never sees a network.

Only ``anydoc.to_document`` is called, which has no option but the format: the library's other doors can post a document
to a company's server, and no door of ours leads there.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby

import anydoc

from mailflow.errors import UnreadableError
from mailflow.model import Unreadable
from parsers.compound import MAGIC
from parsers.gather import Gathered
from parsers.grid import Cell, Grid, Row
from parsers.guard import LIMITS, check_depth, damaged, hostile, refuse, too_large
from parsers.old_word.binary import settle_binary
from parsers.old_word.rich_text import settle_rich_text
from parsers.old_word.settle import Settled, replace_tokens
from parsers.word.symbols import TICKED, UNTICKED


def read_old_word(data: bytes) -> Grid:
    """The document as a grid. Raises UnreadableError for one that is encrypted, damaged, hostile or of no known kind."""
    if len(data) > LIMITS.whole:
        raise too_large(f"{len(data) // (1024 * 1024)} MB")
    binary = data.startswith(MAGIC)
    settled = settle_binary(data) if binary else settle_rich_text(data)
    walker = _Walker(settled)
    document = _open(settled.data, "doc" if binary else "rtf")
    rows = tuple(walker.blocks(document.blocks))
    notes = tuple((str(note.kind), walker.plain(note.blocks)) for note in document.notes)
    return Grid(
        rows=(*rows, *walker.boxes_left()),
        around=tuple((place, text) for place, text in (*settled.around, *notes) if text),
        remarks=settled.remarks, passports=settled.passports, tracked_changes=settled.changes,
        comments=len(settled.remarks), oddities=settled.oddities, edit_minutes=settled.edit_minutes,
    )


def _open(data: bytes, kind: anydoc.Format) -> anydoc.Document:
    try:
        return anydoc.to_document(data, kind)
    except anydoc.ConvertError as e:
        raise _translate(e) from e


def _translate(e: anydoc.ConvertError) -> UnreadableError:
    if isinstance(e, anydoc.EncryptedError):
        return refuse(Unreadable.ENCRYPTED, "This document is protected with a password.")
    if isinstance(e, anydoc.ResourceLimitError):
        return hostile("it is built far larger or deeper than any form")
    if isinstance(e, anydoc.UnsupportedError):
        return refuse(Unreadable.UNSUPPORTED, "This document was made by a Word too old to read. Please save it as .docx.")
    return damaged()


class _Walker:
    """Translates the library's blocks. It counts tables and paragraphs for the places told to people."""

    def __init__(self, settled: Settled) -> None:
        self.fields = settled.fields
        self.boxes = dict(enumerate(settled.boxes))
        # Text boxes met in the paragraph being read.
        self.hanging: list[str] = []
        self.tables = self.paragraphs = 0

    def blocks(self, blocks: Iterable[anydoc.Block], depth: int = 0) -> Iterator[Row]:
        """Every row of what stands in no table, in page order. Raises UnreadableError when it is nested too deep."""
        check_depth(depth)
        for block in blocks:
            if block.kind == "table":
                yield from self._table(block.table, depth + 1)
            elif block.kind in ("list", "block_quote"):
                yield from self.blocks(_inside(block), depth + 1)
            elif block.kind != "rule":
                yield self._paragraph(self._line(block, Gathered()).cell())
                yield from self._boxes()

    def _boxes(self) -> Iterator[Row]:
        for text in self._taken():
            yield self._paragraph(Cell(text, own=text, outside=text))

    def _taken(self) -> list[str]:
        hanging, self.hanging = self.hanging, []
        return hanging

    def boxes_left(self) -> Iterator[Row]:
        """Text boxes of which nobody says where on the page they hang."""
        self.hanging = list(self.boxes.values())
        yield from self._boxes()

    def _paragraph(self, cell: Cell) -> Row:
        self.paragraphs += 1
        return Row((cell,), 0, self.paragraphs)

    def plain(self, blocks: Iterable[anydoc.Block]) -> str:
        return self._fill(blocks, Gathered(), 0).text()

    def _fill(self, blocks: Iterable[anydoc.Block], into: Gathered, depth: int) -> Gathered:
        check_depth(depth)
        for block in blocks:
            if block.kind == "table":
                into.add_table(self._table(block.table, depth + 1))
            elif block.kind in ("list", "block_quote"):
                self._fill(_inside(block), into, depth + 1)
            else:
                into.line()
                self._line(block, into)
                for text in self._taken():
                    into.line()
                    into.say(text)
        return into

    def _line(self, block: anydoc.Block, into: Gathered) -> Gathered:
        if block.kind in ("code_block", "math"):
            into.say(block.text or "")
        self._pieces(block.content or (), into)
        return into

    def _pieces(self, pieces: Iterable[anydoc.Inline], into: Gathered) -> None:
        """Pieces of one line. A token may be cut into several texts, so texts side by side are joined first."""
        for is_text, some in groupby(pieces, lambda piece: piece.kind == "text"):
            if is_text:
                into.say(replace_tokens("".join([piece.text or "" for piece in some]), self._field, self._box))
            else:
                for piece in some:
                    self._piece(piece, into)

    def _piece(self, piece: anydoc.Inline, into: Gathered) -> None:
        if piece.kind == "line_break":
            into.say("\n")
        elif piece.kind == "anchor":
            into.marks.append(piece.anchor or "")
        elif piece.kind == "checkbox":
            into.say(TICKED if piece.checked else UNTICKED)
        elif piece.kind == "math":
            into.say(piece.text or "")
        self._pieces(piece.content or (), into)

    def _field(self, number: int) -> str:
        return self.fields[number] if number < len(self.fields) else ""

    def _box(self, number: int) -> str:
        if number in self.boxes:
            self.hanging.append(self.boxes.pop(number))
        return ""

    def _table(self, table: anydoc.Table | None, depth: int) -> list[Row]:
        check_depth(depth)
        self.tables += 1
        number = self.tables
        lines = table.grid if table is not None else []
        return [Row(self._cells(line, at, depth), number, at + 1) for at, line in enumerate(lines)]

    def _cells(self, slots: list[anydoc.CellSlot], row: int, depth: int) -> tuple[Cell, ...]:
        """A place under a merged cell says so where the merged range begins; beside it there is no cell at all."""
        found: list[Cell] = []
        for column, slot in enumerate(slots):
            if slot.cell is not None:
                found.append(self._fill(slot.cell.blocks, Gathered(), depth).cell(column))
            elif slot.origin_row != row and slot.origin_col == column:
                found.append(Cell("", column, merged=True))
        return tuple(found)


def _inside(block: anydoc.Block) -> list[anydoc.Block]:
    if block.kind == "list" and block.list is not None:
        return [inner for item in block.list.items for inner in item.blocks]
    return list(block.blocks or ())
