"""The old Office container: its streams by name, and a new one that holds a single stream."""

import struct

from parsers.guard import damaged

SIGNATURE = bytes.fromhex("D0CF11E0A1B11AE1")
_END, _FREE, _FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
_ENTRY = 128
_MOST_ENTRIES = 4_000


def read_streams(data: bytes) -> dict[str, bytes]:
    """Name → bytes for every stream, whatever storage it lies in (the first of a name), b"" for a storage.

    Raises UnreadableError for a container that contradicts itself.
    """
    try:
        return _Container(data).streams()
    except (struct.error, IndexError, UnicodeDecodeError) as e:
        raise damaged("its directory can't be read") from e


class _Container:
    """The tables of one container. Every chain is followed at most as long as its table is."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        shift, mini_shift = struct.unpack_from("<HH", data, 30)
        if shift not in (9, 12) or mini_shift != 6:
            raise damaged("its sectors have no size Office uses")
        self.size = 1 << shift
        self.directory_at, self.cutoff, mini_at = struct.unpack_from("<I4xII", data, 48)
        self.fat = self._read_fat()
        self.mini_fat = _numbers(self.chain(mini_at)) if mini_at < _FAT else ()

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self.size
        if start >= len(self.data):
            raise damaged("a part is not where the directory says")
        return self.data[start:start + self.size]

    def _read_fat(self) -> tuple[int, ...]:
        listed = list(struct.unpack_from("<109I", self.data, 76))
        following, = struct.unpack_from("<I", self.data, 68)
        seen = 0
        while following < _FAT:
            numbers = _numbers(self._sector(following))
            listed += numbers[:-1]
            following, seen = numbers[-1], seen + 1
            if seen * self.size > len(self.data):
                raise damaged("its directory runs in a circle")
        sectors = [n for n in listed if n < _FAT]
        if len(sectors) * self.size > len(self.data):
            raise damaged("its directory runs in a circle")
        return tuple(n for sector in sectors for n in _numbers(self._sector(sector)))

    def chain(self, start: int) -> bytes:
        parts: list[bytes] = []
        while start < _FAT:
            if len(parts) > len(self.fat) or start >= len(self.fat):
                raise damaged("its directory runs in a circle")
            parts.append(self._sector(start))
            start = self.fat[start]
        return b"".join(parts)

    def streams(self) -> dict[str, bytes]:
        directory = self.chain(self.directory_at)
        if len(directory) > _MOST_ENTRIES * _ENTRY:
            raise damaged("its directory has too many entries")
        found: dict[str, bytes] = {}
        mini = b""
        room = len(self.data) * 2
        for at in range(0, len(directory) - _ENTRY + 1, _ENTRY):
            length, kind = struct.unpack_from("<HB", directory, at + 64)
            start, size = struct.unpack_from("<II", directory, at + 116)
            name = directory[at:at + max(min(length, 64) - 2, 0)].decode("utf-16-le")
            if kind == 5:
                mini = self.chain(start) if size else b""
            elif kind in (1, 2) and name not in found:
                found[name] = self._stream(start, size, mini) if kind == 2 and size else b""
                # Entries that share sectors would make more of a file than there is.
                room -= len(found[name])
                if room < 0:
                    raise damaged("its parts lie on top of each other")
        return found

    def _stream(self, start: int, size: int, mini: bytes) -> bytes:
        if size >= self.cutoff:
            stream = self.chain(start)
        else:
            parts: list[bytes] = []
            while start < _FAT and len(parts) <= len(self.mini_fat):
                parts.append(mini[start * 64:start * 64 + 64])
                start = self.mini_fat[start]
            stream = b"".join(parts)
        if len(stream) < size:
            raise damaged("a part inside was cut off")
        return stream[:size]


def _numbers(sector: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(sector) // 4}I", sector[:len(sector) // 4 * 4])


def pack_stream(name: str, stream: bytes) -> bytes:
    """A container with this one stream, in sectors of 4096 bytes."""
    size = 4096
    count = max(-(-len(stream) // size), 1)
    # Sector 0 is the directory, then the stream, one empty sector for the small streams there are none of (the library
    # wants it), then the table of sectors itself.
    tables = -(-(count + 2) // (size // 4 - 1))
    fat = [_END, *range(2, count + 1), _END, _END, *[_FAT] * tables]
    fat += [_FREE] * (tables * size // 4 - len(fat))
    listed = [*range(count + 2, count + 2 + tables)]
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIII", SIGNATURE, 0x3E, 4, 0xFFFE, 12, 6, 1, tables, 0, 0, size, _END, 0, _END, 0,
    ) + struct.pack("<109I", *listed, *[_FREE] * (109 - tables))
    directory = _entry("Root Entry", 5, 1, count + 1, 0) + _entry(name, 2, _FREE, 1, max(len(stream), size))
    parts = (header, directory, stream.ljust(size, b"\0"), bytes(size), struct.pack(f"<{len(fat)}I", *fat))
    return b"".join(part + bytes(-len(part) % size) for part in parts)


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    label = name.encode("utf-16-le")
    return struct.pack(
        "<64sHBBIII36xIII", label, len(label) + 2, kind, 1, _FREE, _FREE, child, start, size, 0,
    )
