"""Settles a binary Word document (.doc, Word 97 to 2003) before the library reads it.

The library keeps deleted text and drops the state of form fields, so both are written into the text itself: a deleted
letter becomes an optional hyphen, which prints nothing, and a tick box becomes a token. What the library never gives
(headers, comments, text boxes, properties) is read here. Offsets are those of the published format [MS-DOC].
"""

import re
import struct
from bisect import bisect_right
from collections.abc import Iterator
from itertools import pairwise
from operator import attrgetter
from typing import NamedTuple

from mailflow.form.passport import COMMENT_INITIALS
from mailflow.model import Unreadable
from parsers.compound import Compound, open_compound
from parsers.guard import damaged, refuse
from parsers.old_word.fields import read_field
from parsers.old_word.settle import Settled, field_token

_WORD_97, _BEFORE_97 = 0x00C1, (0xA5DC, 0xA5DB, 0xA59B, 0xA697, 0xA698, 0xA699)
_TOO_OLD = "This document was made by a Word older than 1997. Please open it in Word, save it as .docx and send that."
_ENCRYPTED, _TABLE_1 = 0x0100, 0x0200
_LENGTHS_AT, _PLACES_AT = 76, 154
# Numbers of the tables we use, in the list of places that ends the header.
_COMMENT_REFS, _HEADERS, _RUNS, _PIECES, _COMMENT_AUTHORS, _LISTS = 4, 11, 12, 33, 36, 74
_DELETED, _INSERTED, _PICTURE = 0x0800, 0x0801, 0x6A03
_MARK = re.compile(b"|".join(re.escape(struct.pack("<H", sprm)) for sprm in (_DELETED, _INSERTED, _PICTURE)))
_NOTHING, _CELL_END, _FIELD_BEGIN, _FIELD_END = 0x1F, 0x07, 0x13, 0x15
_FIELD = re.compile(r"\x13\s*(FORMCHECKBOX|FORMDROPDOWN)[^\x13\x15]*\x15")
_INSTRUCTION = re.compile(r"\x13[^\x13\x14\x15]*\x14?")
_PRINTED = str.maketrans({"\r": "\n", "\x0b": "\n", "\x0c": "\n", "\x07": "\t", "\x1e": "\u2011"} | {
    chr(c): None for c in (*range(7), 8, *range(0x0E, 0x1E), 0x1F)})
# Where each story begins is where the one before it ends.
_STORIES = ("main", "footnotes", "headers", "macros", "comments", "endnotes", "boxes", "header boxes")
_HEADER_STORIES = ("page header", "page header", "page footer", "page footer", "page header", "page footer")
_SEPARATORS = 6
_AUTHOR, _LIST = 30, 16


_first = attrgetter("first")


class Piece(NamedTuple):
    """A stretch of text: ``first`` its first letter's number, ``at`` its place in the stream, ``width`` bytes a letter."""

    first: int
    letters: int
    at: int
    width: int


class Stretch(NamedTuple):
    """A stretch of the stream (bytes) with a mark on it: deleted, inserted, or a field's data at ``data``."""

    start: int
    end: int
    deleted: bool
    inserted: bool
    data: int


def settle_binary(data: bytes) -> Settled:
    """Raises UnreadableError for a document that is encrypted, damaged or older than Word 97."""
    file = open_compound(data)
    word = bytearray(file.read_named("WordDocument"))
    if not word:
        raise damaged("it has no text part")
    try:
        magic, version = struct.unpack_from("<HH", word)
        (flags,) = struct.unpack_from("<H", word, 10)
        if flags & _ENCRYPTED:
            raise refuse(Unreadable.ENCRYPTED, "This document is protected with a password.")
        if magic in _BEFORE_97 or version < _WORD_97:
            raise refuse(Unreadable.UNSUPPORTED, _TOO_OLD)
        return _Document(file, word, file.read_named("1Table" if flags & _TABLE_1 else "0Table")).settle()
    except (struct.error, IndexError, OverflowError) as e:
        raise damaged("its tables do not hold together") from e


class _Document:
    """One document being settled; ``word`` is changed in place."""

    def __init__(self, file: Compound, word: bytearray, table: bytes) -> None:
        self.file, self.word, self.table = file, word, table
        self.pieces = list(_pieces(self._part(_PIECES)))
        # Pieces lie side by side; ones that overlap would make gigabytes out of a page.
        if sum(p.letters * p.width for p in self.pieces) > len(word):
            raise damaged("its text is longer than it is")
        lengths = struct.unpack_from("<8i", word, _LENGTHS_AT)
        self.lengths = dict(zip(_STORIES, (max(0, n) for n in lengths), strict=True))

    def settle(self) -> Settled:
        self._check_lists()
        runs = list(self._runs())
        for run in runs:
            if run.deleted:
                self._blank(run.start, run.end)
        fields = self._write_fields(runs)
        text = self._text()
        changes = sum(1 for run in runs if run.deleted or run.inserted)
        touched = fields or any(run.deleted for run in runs)
        return Settled(
            data=self.file.with_named("WordDocument", self.word) if touched else self.file.data, fields=fields,
            boxes=_lines(self._story(text, "boxes")), around=self._headers(text), remarks=self._remarks(text),
            passports=_passports(self.file), changes=changes, oddities=_oddities(self.file),
        )

    def _part(self, number: int) -> bytes:
        at, size = struct.unpack_from("<II", self.word, _PLACES_AT + 8 * number)
        return self.table[at:at + size]

    def _check_lists(self) -> None:
        """The library makes room for as many lists as the table says, and the process dies where that is a lie."""
        lists = self._part(_LISTS)
        if len(lists) >= 4 and struct.unpack_from("<I", lists)[0] * _LIST > len(lists):
            raise damaged("its lists do not hold together")

    def _runs(self) -> Iterator[Stretch]:
        """The marked stretches: each page of the run table lists where runs begin and what each has."""
        plc = self._part(_RUNS)
        count = max(0, (len(plc) - 4) // 8)
        for number in struct.unpack_from(f"<{count}I", plc, 4 * (count + 1)):
            page = bytes(self.word[(number & 0x3FFFFF) * 512:][:512])
            if len(page) == 512 and _MARK.search(page):
                yield from _marked(page)

    def _blank(self, start: int, end: int) -> None:
        """Letters between two places of the stream become nothing. Ends of cells stay: without them a table falls apart."""
        for piece in self.pieces:
            first = max(start, piece.at)
            last = min(end, piece.at + piece.letters * piece.width)
            for at in range(first, last, piece.width):
                if self._letter(at, piece.width) != _CELL_END:
                    self._put(at, piece.width, _NOTHING)

    def _letter(self, at: int, width: int) -> int:
        return int.from_bytes(self.word[at:at + width], "little")

    def _put(self, at: int, width: int, letter: int) -> None:
        self.word[at:at + width] = letter.to_bytes(width, "little")

    def _text(self) -> str:
        return "".join(
            bytes(self.word[p.at:p.at + p.letters * p.width]).decode("cp1252" if p.width == 1 else "utf-16-le", "replace")
            for p in self.pieces
        )

    def _write_fields(self, runs: list[Stretch]) -> tuple[str, ...]:
        """Each tick box and drop-down of Word 97 becomes a token in the text; gives what the tokens stand for."""
        found: list[str] = []
        places = {run.start: run.data for run in runs if run.data >= 0}
        if not places:
            return ()
        data = self.file.read_named("Data")
        for field in _FIELD.finditer(self._text()):
            spots = [self._spot(n) for n in range(field.start(), field.end())]
            shown = next((s for at, _ in spots if at in places and (s := read_field(data, places[at])) is not None), None)
            token = field_token(len(found))
            if shown is None or len(token) > len(spots) - 2:
                continue
            found.append(shown)
            # The field's own letters stand first, and they are ordinary ones; its signs are not printed.
            for n, (at, width) in enumerate(spots):
                self._put(at, width, ord(token[n - 1]) if 0 < n <= len(token) else _NOTHING)
        return tuple(found)

    def _spot(self, letter: int) -> tuple[int, int]:
        """(place in the stream, bytes) of a letter by its number."""
        piece = self.pieces[bisect_right(self.pieces, letter, key=_first) - 1]
        return piece.at + (letter - piece.first) * piece.width, piece.width

    def _story(self, text: str, name: str) -> str:
        start = sum(self.lengths[s] for s in _STORIES[:_STORIES.index(name)])
        return text[start:start + self.lengths[name]]

    def _headers(self, text: str) -> tuple[tuple[str, str], ...]:
        """Six stories a section, after six separators for notes; an empty one means as in the section before."""
        plc, story = self._part(_HEADERS), self._story(text, "headers")
        bounds = struct.unpack(f"<{len(plc) // 4}I", plc[:len(plc) // 4 * 4])[_SEPARATORS:-1]
        found: dict[tuple[str, str], None] = {}
        for n, (start, end) in enumerate(pairwise(bounds)):
            if plain := _plain(story[start:end]):
                found[_HEADER_STORIES[n % 6], plain] = None
        return tuple(found)

    def _remarks(self, text: str) -> tuple[tuple[str, str], ...]:
        """Comments as (who, text), without those we put there ourselves. Each begins with its sign, a 5."""
        refs, authors = self._part(_COMMENT_REFS), _authors(self._part(_COMMENT_AUTHORS))
        count = max(0, (len(refs) - 4) // (4 + _AUTHOR))
        texts = [_plain(t) for t in self._story(text, "comments").split("\x05")[1:]]
        found = []
        for n, said in enumerate(texts):
            who = refs[4 * (count + 1) + _AUTHOR * n:][:_AUTHOR] if n < count else b""
            length, number = (*struct.unpack_from("<H", who), *struct.unpack_from("<H", who, 20)) if who else (0, 0)
            initials = who[2:2 + 2 * min(length, 9)].decode("utf-16-le", "replace")
            if initials != COMMENT_INITIALS:
                found.append((authors[number] if number < len(authors) else initials, said))
        return tuple(found)


def _pieces(clx: bytes) -> Iterator[Piece]:
    """The piece table, behind the property lists that fast saving leaves before it."""
    at = 0
    while at < len(clx) and clx[at] == 1:
        at += 3 + struct.unpack_from("<H", clx, at + 1)[0]
    (size,) = struct.unpack_from("<I", clx, at + 1)
    count = (size - 4) // 12
    bounds = struct.unpack_from(f"<{count + 1}I", clx, at + 5)
    for n in range(count):
        (place,) = struct.unpack_from("<I", clx, at + 5 + 4 * (count + 1) + 8 * n + 2)
        narrow = bool(place & 0x40000000)
        start = (place & 0x3FFFFFFF) // 2 if narrow else place
        yield Piece(bounds[n], max(0, bounds[n + 1] - bounds[n]), start, 1 if narrow else 2)


def _marked(page: bytes) -> Iterator[Stretch]:
    count = page[511]
    bounds = struct.unpack_from(f"<{count + 1}I", page)
    for n in range(count):
        if offset := page[4 * (count + 1) + n] * 2:
            prl = page[offset + 1:offset + 1 + page[offset]]
            # Looked at as bytes first: taking all apart costs more than the library's whole reading.
            marks = dict(_properties(prl)) if _MARK.search(prl) else {}
            if _DELETED in marks or _INSERTED in marks or _PICTURE in marks:
                data = int.from_bytes(marks.get(_PICTURE, b"\xff\xff\xff\xff"), "little", signed=True)
                yield Stretch(bounds[n], bounds[n + 1], marks.get(_DELETED) == b"\x01", marks.get(_INSERTED) == b"\x01", data)


def _properties(prl: bytes) -> Iterator[tuple[int, bytes]]:
    """(property, operand) of a run; the property's number says how long its operand is."""
    at = 0
    while at + 2 < len(prl):
        (sprm,) = struct.unpack_from("<H", prl, at)
        size = (1, 1, 2, 4, 2, 2, 1 + prl[at + 2], 3)[sprm >> 13]
        yield sprm, prl[at + 2:at + 2 + size]
        at += 2 + size


def _authors(part: bytes) -> list[str]:
    found, at = [], 0
    while at + 2 <= len(part):
        (length,) = struct.unpack_from("<H", part, at)
        found.append(part[at + 2:at + 2 + 2 * length].decode("utf-16-le", "replace"))
        at += 2 + 2 * length
    return found


def _plain(text: str) -> str:
    """Text as printed: instructions of fields taken out, their results kept."""
    return _INSTRUCTION.sub("", text).translate(_PRINTED).strip()


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line for line in _plain(text).split("\n") if line.strip())


def _passports(file: Compound) -> tuple[str, ...]:
    """Raw text of the property sets, strongest first; some writers keep them in one byte a letter, some in two."""
    sets = (file.read_named(name) for name in ("\x05DocumentSummaryInformation", "\x05SummaryInformation"))
    return tuple(part.decode("latin-1").replace("\0", "") for part in sets if part)


def _oddities(file: Compound) -> tuple[str, ...]:
    """What is there and was neither opened nor run (CHK-007)."""
    odd = (("macros", ("Macros", "_VBA_PROJECT", "_VBA_PROJECT_CUR")), ("embedded objects", ("ObjectPool",)))
    filled = {one.name for one in file.entries if one.is_filled}
    return tuple(word for word, names in odd if any(name in filled for name in names))
