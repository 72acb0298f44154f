"""The file system inside an old Office document (OLE compound file): its streams by name, and writing back into one.

Only what reading needs: no stream grows, nothing is made. Sectors are 512 or 4096 bytes; small streams live in a stream
of their own ("mini") in pieces of 64 bytes.
"""

import struct
from collections.abc import Mapping

from parsers.guard import damaged

_HEADER = bytes.fromhex("D0CF11E0A1B11AE1")
_LAST = 0xFFFFFFFA  # numbers from here on end a chain
_ENTRY = 128
_STREAM, _ROOT = 2, 5
_FAT_IN_HEADER = 109

# Where a stream's bytes are in the file: (offset, length) in order.
Chunks = list[tuple[int, int]]


class Ole:
    """A compound file; ``filled`` are the names of streams and of folders that hold something.

    Raises UnreadableError (damaged) for one whose chains do not hold together.
    """

    def __init__(self, data: bytes) -> None:
        self.data = data
        try:
            self._read_header()
            self.streams: Mapping[str, Chunks] = self._read_directory()
        except (struct.error, IndexError, ValueError) as e:
            raise damaged("the parts inside do not hold together") from e

    def _read_header(self) -> None:
        data = self.data
        if not data.startswith(_HEADER):
            raise ValueError("no compound file")
        shift, mini = struct.unpack_from("<HH", data, 30)
        if shift not in (9, 12) or mini != 6:
            raise ValueError("odd sector size")
        self.shift: int = shift
        fats, self.directory, self.cutoff, self.mini_fat, _, more, _ = struct.unpack_from("<II4xIIIII", data, 44)
        sectors = list(struct.unpack_from(f"<{_FAT_IN_HEADER}I", data, 76))
        per = (1 << shift) // 4
        seen: set[int] = set()
        while more < _LAST and more not in seen:
            seen.add(more)
            *found, more = struct.unpack_from(f"<{per}I", data, self._at(more))
            sectors += found
        self.fat: list[int] = []
        for sector in sectors[:fats]:
            if sector < _LAST:
                self.fat += struct.unpack_from(f"<{per}I", data, self._at(sector))

    def _at(self, sector: int) -> int:
        return (sector + 1) << self.shift

    def _chain(self, start: int, table: list[int]) -> list[int]:
        found: list[int] = []
        while start < _LAST:
            found.append(start)
            if len(found) > len(table):
                raise ValueError("a chain that bites its tail")
            start = table[start]
        return found

    def _chunks(self, start: int) -> Chunks:
        size = 1 << self.shift
        return [(self._at(sector), size) for sector in self._chain(start, self.fat)]

    def _read_directory(self) -> dict[str, Chunks]:
        directory = self._join(self._chunks(self.directory))
        entries, self.filled = [], set[str]()
        for at in range(0, len(directory) - _ENTRY + 1, _ENTRY):
            length, kind = struct.unpack_from("<HB", directory, at + 64)
            start, size = struct.unpack_from("<II", directory, at + 116)
            name = directory[at:at + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
            entries.append((name, kind, start, size))
            # A folder whose first child is no number at all is empty.
            if kind == _STREAM or struct.unpack_from("<I", directory, at + 76)[0] < _LAST:
                self.filled.add(name)
        root = next((start for _, kind, start, _ in entries if kind == _ROOT), _LAST)
        self.mini = self._chunks(root)
        table = self._join(self._chunks(self.mini_fat))
        self.mini_table = list(struct.unpack(f"<{len(table) // 4}I", table[:len(table) // 4 * 4]))
        found: dict[str, Chunks] = {}
        for name, kind, start, size in entries:
            # A name may come back in an embedded document; the outermost stands first.
            if name and name not in found:
                found[name] = self._stream(start, size) if kind == _STREAM else []
        return found

    def _stream(self, start: int, size: int) -> Chunks:
        if size >= self.cutoff:
            return _cut(self._chunks(start), size)
        per = 1 << (self.shift - 6)
        chunks = []
        for small in self._chain(start, self.mini_table) if size else ():
            chunks.append((self.mini[small // per][0] + small % per * 64, 64))
        return _cut(chunks, size)

    def _join(self, chunks: Chunks) -> bytes:
        return b"".join([self.data[at:at + length] for at, length in chunks])

    def read(self, name: str) -> bytes:
        """A stream's bytes; b"" where there is none."""
        return self._join(self.streams.get(name, []))

    def with_stream(self, name: str, content: bytes | bytearray) -> bytes:
        """The whole file with this stream's bytes replaced by as many others."""
        whole = bytearray(self.data)
        done = 0
        for at, length in self.streams[name]:
            whole[at:at + length] = content[done:done + length]
            done += length
        return bytes(whole)


def _cut(chunks: Chunks, size: int) -> Chunks:
    """The chunks up to ``size`` bytes. Raises ValueError where they are fewer."""
    found: Chunks = []
    for at, length in chunks:
        if size <= 0:
            break
        found.append((at, min(length, size)))
        size -= length
    if size > 0:
        raise ValueError("a stream shorter than it says")
    return found
