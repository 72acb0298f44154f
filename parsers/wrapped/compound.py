"""Compound files (OLE2, MS-CFB), the container of Outlook's .msg: the folders and streams inside, from bytes.

Own and small, because it runs on untrusted bytes outside the reading child. olefile (BSD; python-oxmsg stands on it)
was looked at: it puts the allocation table together in quadratic time from counts the sender wrote, and walks the
directory by recursion. Here every loop is bounded by the length of the file, and nothing recurses.
"""

import struct
from dataclasses import dataclass, field
from functools import cached_property

from parsers.guard import damaged, hostile

MAGIC = bytes.fromhex("D0CF11E0A1B11AE1")
_END, _FREE = 0xFFFFFFFE, 0xFFFFFFFF
_MINI = 64
_ENTRY = 128
_IN_HEADER = 109  # places of the table's first sectors that stand in the header itself
# Storages and streams in one folder: a message to five hundred people has some eight thousand in all.
_MOST_ENTRIES = 20_000


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
        return self.kind in (1, 5)


@dataclass(frozen=True)
class Compound:
    """An opened compound file; every method raises UnreadableError where the file contradicts itself."""

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
            if place == _FREE or place in seen:
                continue
            seen.add(place)
            if len(seen) > _MOST_ENTRIES:
                raise hostile("it holds more pieces than any message has")
            one = self.entry(place)
            found.setdefault(one.name, one)
            waiting += [one.left, one.right]
        return found

    def read(self, stream: Entry) -> bytes:
        """A stream's bytes."""
        if stream.size < self.cutoff and stream.kind != 5:
            return _gather(self._mini_stream, 0, _MINI, self._mini_table, stream.start, stream.size)
        return _gather(self.data, self.sector, self.sector, self.table, stream.start, stream.size)

    @cached_property
    def _mini_stream(self) -> bytes:
        return self.read(self.root)

    @cached_property
    def _mini_table(self) -> tuple[int, ...]:
        return _numbers(_whole_chain(self.data, self.sector, self.table, self.mini_start))


def open_compound(data: bytes) -> Compound:
    """The file's tables, checked against its length. Raises UnreadableError (damaged)."""
    if len(data) < 512 or not data.startswith(MAGIC):
        raise damaged("its beginning is missing")
    shift, = struct.unpack_from("<H", data, 30)
    if shift not in (9, 12):
        raise damaged("its sectors have a size that does not exist")
    sector = 1 << shift
    directory_start, = struct.unpack_from("<I", data, 48)
    cutoff, mini_start = struct.unpack_from("<II", data, 56)
    table = _table(data, sector)
    directory = _whole_chain(data, sector, table, directory_start)
    return Compound(data, sector, table, directory, mini_start, min(cutoff, 4096))


def _table(data: bytes, sector: int) -> tuple[int, ...]:
    """The allocation table: which sector follows which. No longer than the file has sectors, whatever the header says."""
    per_sector = sector // 4
    wanted = -(-_count(data, sector) // per_sector)
    places = list(struct.unpack_from(f"<{_IN_HEADER}I", data, 76))
    following, = struct.unpack_from("<I", data, 68)
    while len(places) < wanted and following < _END:
        more = _numbers(_sector_of(data, sector, following))
        places += more[:-1]
        following = more[-1]
    used = [p for p in places if p < _END][:wanted]
    return tuple(n for place in used for n in _numbers(_sector_of(data, sector, place)))


def _count(data: bytes, sector: int) -> int:
    return -(-len(data) // sector) - 1


def _sector_of(data: bytes, sector: int, number: int) -> bytes:
    found = data[(number + 1) * sector:(number + 2) * sector]
    if len(found) < sector:
        raise damaged("a part inside lies beyond its end")
    return found


def _numbers(raw: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(raw) // 4}I", raw[:len(raw) // 4 * 4])


def _whole_chain(data: bytes, sector: int, table: tuple[int, ...], start: int) -> bytes:
    """A chain of unknown length, to its end. A chain longer than the file goes in a circle."""
    pieces: list[bytes] = []
    at = start
    while at < _END:
        if len(pieces) > len(table) or at >= len(table):
            raise damaged("its parts are chained wrongly")
        pieces.append(data[(at + 1) * sector:(at + 2) * sector])
        at = table[at]
    return b"".join(pieces)


def _gather(data: bytes, offset: int, sector: int, table: tuple[int, ...], start: int, size: int) -> bytes:
    """``size`` bytes along a chain. The last sector of a file may be cut short where nothing of it is used."""
    if size > len(data):
        raise damaged("a part inside says it is larger than the whole")
    pieces: list[bytes] = []
    at = start
    for _ in range(-(-size // sector)):
        if at >= len(table):
            raise damaged("its parts are chained wrongly")
        pieces.append(data[offset + at * sector:offset + (at + 1) * sector])
        at = table[at]
    whole = b"".join(pieces)[:size]
    if len(whole) != size:
        raise damaged("a part inside ends too soon")
    return whole
