"""Compound files (OLE2, MS-CFB), the container of old Office documents and of Outlook's .msg: what lies inside, from bytes.

Own and small, because it runs on untrusted bytes, a message's even outside the reading child. olefile (BSD; python-oxmsg
stands on it) was looked at: it puts the allocation table together in quadratic time from counts the sender wrote, and
walks the directory by recursion. Here every loop is bounded by the length of the file, and nothing recurses.
"""

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from parsers.guard import damaged, hostile

MAGIC = bytes.fromhex("D0CF11E0A1B11AE1")
_NONE = 0xFFFFFFFA  # numbers from here on stand for no sector and no entry: an end, a free place, the table's own
_MINI_SHIFT = 6
_MINI = 1 << _MINI_SHIFT
_ENTRY = 128
_FOLDER, _STREAM, _ROOT = 1, 2, 5
_IN_HEADER = 109  # places of the table's first sectors that stand in the header itself
# Storages and streams in one folder: a message to five hundred people has some eight thousand in all.
_MOST_ENTRIES = 20_000

# Where a stream's bytes stand in the file: (offset, bytes) in order.
Places = list[tuple[int, int]]


@dataclass(frozen=True)
class Entry:
    """A folder or a stream. ``place`` is its number in the directory; ``kind`` 1 a folder, 2 a stream, 5 the root."""

    place: int
    name: str
    kind: int
    left: int
    right: int
    child: int
    start: int
    size: int

    @property
    def is_folder(self) -> bool:
        return self.kind in (_FOLDER, _ROOT)

    @property
    def is_filled(self) -> bool:
        """A stream, or a folder that holds something: the first child of an empty one is no number at all."""
        return self.kind == _STREAM or (self.is_folder and self.child < _NONE)


@dataclass(frozen=True)
class Compound:
    """An opened compound file; everything raises UnreadableError where the file contradicts itself."""

    data: bytes
    sector: int
    table: tuple[int, ...]
    directory: bytes = field(repr=False)
    mini_start: int
    cutoff: int

    @cached_property
    def root(self) -> Entry:
        return self.entry(0)

    def entry(self, place: int) -> Entry:
        raw = self.directory[place * _ENTRY:(place + 1) * _ENTRY]
        if len(raw) < _ENTRY:
            raise damaged("its directory points outside itself")
        length, kind = struct.unpack_from("<HB", raw, 64)
        left, right, child = struct.unpack_from("<III", raw, 68)
        start, size = struct.unpack_from("<II", raw, 116)
        name = raw[:max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
        return Entry(place, name, kind, left, right, child, start, size)

    def inside(self, folder: Entry) -> dict[str, Entry]:
        """What a folder holds, by name."""
        found: dict[str, Entry] = {}
        waiting, seen = [folder.child], set[int]()
        while waiting:
            place = waiting.pop()
            if place >= _NONE or place in seen:
                continue
            seen.add(place)
            if len(seen) > _MOST_ENTRIES:
                raise hostile("it holds more pieces than any message has")
            one = self.entry(place)
            found.setdefault(one.name, one)
            waiting += [one.left, one.right]
        return found

    @property
    def count(self) -> int:
        """How many entries the directory has room for."""
        return len(self.directory) // _ENTRY

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """The whole directory as it is listed, whatever folder a thing lies in."""
        if self.count > _MOST_ENTRIES:
            raise hostile("it holds more pieces than any document has")
        return tuple(self.entry(place) for place in range(self.count))

    @cached_property
    def named(self) -> Mapping[str, Entry]:
        """Every folder and stream by name, the first of a name: one may come back in an embedded document.

        All of them are checked, for a library may read what we do not: their bytes are there, and their chains end.
        """
        found: dict[str, Entry] = {}
        for one in self.entries:
            if one.kind in (_FOLDER, _STREAM):
                found.setdefault(one.name, one)
        streams = [one for one in found.values() if one.kind == _STREAM and one.size]
        # Entries that share sectors would make more of a file than there is.
        if sum(one.size for one in streams) > 2 * len(self.data):
            raise damaged("its parts lie on top of each other")
        _check_ends(self.table, [self.root.start, *(one.start for one in streams if not self._is_small(one))])
        _check_ends(self._mini_table, [one.start for one in streams if self._is_small(one)])
        for one in streams:
            self.places(one)
        return found

    def read(self, stream: Entry) -> bytes:
        """A stream's bytes."""
        return b"".join([self.data[at:at + length] for at, length in self.places(stream)])

    def read_named(self, name: str) -> bytes:
        """The bytes of the first stream of that name; b"" where there is none, and for a folder."""
        found = self.named.get(name)
        return self.read(found) if found is not None and found.kind == _STREAM else b""

    def with_named(self, name: str, content: bytes | bytearray) -> bytes:
        """The whole file with this stream's bytes replaced by as many others."""
        whole = bytearray(self.data)
        done = 0
        for at, length in self.places(self.named[name]):
            whole[at:at + length] = content[done:done + length]
            done += length
        return bytes(whole)

    def places(self, stream: Entry) -> Places:
        """Where its bytes stand. The last sector of a file may be cut short where nothing of it is used."""
        if stream.size > len(self.data):
            raise damaged("a part inside says it is larger than the whole")
        if self._is_small(stream):
            piece, starts = _MINI, self._mini_places(stream)
        else:
            piece = self.sector
            starts = [(n + 1) * piece for n in _chain(self.table, stream.start, -(-stream.size // piece))]
        found = [(at, piece) for at in starts]
        if found:
            found[-1] = (starts[-1], stream.size - piece * (len(found) - 1))
        if any(at + length > len(self.data) for at, length in found):
            raise damaged("a part inside ends too soon")
        return found

    def _is_small(self, stream: Entry) -> bool:
        return stream.size < self.cutoff

    def _mini_places(self, stream: Entry) -> list[int]:
        """Small streams live in pieces of 64 bytes in a stream of their own, the root's."""
        pieces = _chain(self._mini_table, stream.start, -(-stream.size // _MINI))
        if pieces and max(pieces) * _MINI >= len(self._mini_sectors) * self.sector:
            raise damaged("a part inside ends too soon")
        per = self.sector // _MINI
        return [(self._mini_sectors[n // per] + 1) * self.sector + n % per * _MINI for n in pieces]

    @cached_property
    def _mini_sectors(self) -> list[int]:
        return _whole_chain(self.table, self.root.start)

    @cached_property
    def _mini_table(self) -> tuple[int, ...]:
        return _numbers(_join(self.data, self.sector, _whole_chain(self.table, self.mini_start)))


def open_compound(data: bytes) -> Compound:
    """The file's tables, checked against its length. Raises UnreadableError (damaged)."""
    if len(data) < 512 or not data.startswith(MAGIC):
        raise damaged("its beginning is missing")
    shift, mini_shift = struct.unpack_from("<HH", data, 30)
    if shift not in (9, 12) or mini_shift != _MINI_SHIFT:
        raise damaged("its sectors have a size that does not exist")
    sector = 1 << shift
    directory_start, = struct.unpack_from("<I", data, 48)
    cutoff, mini_start = struct.unpack_from("<II", data, 56)
    table = _table(data, sector)
    directory = _join(data, sector, _whole_chain(table, directory_start))
    file = Compound(data, sector, table, directory, mini_start, min(cutoff, 4096))
    if file.root.kind != _ROOT:
        raise damaged("its directory has no beginning")
    return file


def _table(data: bytes, sector: int) -> tuple[int, ...]:
    """The allocation table: which sector follows which. No longer than the file has sectors, whatever the header says."""
    count = -(-len(data) // sector) - 1
    wanted = -(-count // (sector // 4))
    places = list(struct.unpack_from(f"<{_IN_HEADER}I", data, 76))
    following, = struct.unpack_from("<I", data, 68)
    while len(places) < wanted and following < _NONE:
        more = _numbers(_sector_of(data, sector, following))
        places += more[:-1]
        following = more[-1]
    used = [p for p in places if p < _NONE][:wanted]
    return tuple(n for place in used for n in _numbers(_sector_of(data, sector, place)))


def _sector_of(data: bytes, sector: int, number: int) -> bytes:
    found = data[(number + 1) * sector:(number + 2) * sector]
    if len(found) < sector:
        raise damaged("a part inside lies beyond its end")
    return found


def _join(data: bytes, sector: int, numbers: list[int]) -> bytes:
    """Whole sectors; the file's last one may be cut short, but not be missing."""
    if numbers and (max(numbers) + 1) * sector >= len(data):
        raise damaged("a part inside lies beyond its end")
    return b"".join([data[(n + 1) * sector:(n + 2) * sector] for n in numbers])


def _numbers(raw: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(raw) // 4}I", raw[:len(raw) // 4 * 4])


def _chain(table: tuple[int, ...], start: int, count: int) -> list[int]:
    """The first ``count`` sectors of a chain, none of them twice."""
    found: list[int] = []
    at = start
    for _ in range(count):
        if at >= len(table):
            raise damaged("its parts are chained wrongly")
        found.append(at)
        at = table[at]
    if len(set(found)) < count:
        raise damaged("its parts are chained in a circle")
    return found


def _whole_chain(table: tuple[int, ...], start: int) -> list[int]:
    """A chain of unknown length, to its end. A chain longer than the table goes in a circle."""
    found: list[int] = []
    at = start
    while at < _NONE:
        if len(found) > len(table) or at >= len(table):
            raise damaged("its parts are chained wrongly")
        found.append(at)
        at = table[at]
    return found


def _check_ends(table: tuple[int, ...], starts: list[int]) -> None:
    """Raises UnreadableError unless each chain comes to an end. Each sector is passed once, however many share it."""
    ending: set[int] = set()
    for start in starts:
        at, passed = start, set[int]()
        while at < _NONE and at not in ending:
            if at >= len(table) or at in passed:
                raise damaged("its parts are chained wrongly")
            passed.add(at)
            at = table[at]
        ending |= passed
