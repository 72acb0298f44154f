"""An old Office container made anew, with a single stream: what the library that reads values is given of an old workbook."""

import struct

from parsers.compound import MAGIC

_END, _FREE, _FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


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
        "<8s16xHHHHH6xIIIIIIIII", MAGIC, 0x3E, 4, 0xFFFE, 12, 6, 1, tables, 0, 0, size, _END, 0, _END, 0,
    ) + struct.pack("<109I", *listed, *[_FREE] * (109 - tables))
    directory = _entry("Root Entry", 5, 1, count + 1, 0) + _entry(name, 2, _FREE, 1, max(len(stream), size))
    parts = (header, directory, stream.ljust(size, b"\0"), bytes(size), struct.pack(f"<{len(fat)}I", *fat))
    return b"".join(part + bytes(-len(part) % size) for part in parts)


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    label = name.encode("utf-16-le")
    return struct.pack(
        "<64sHBBIII36xIII", label, len(label) + 2, kind, 1, _FREE, _FREE, child, start, size, 0,
    )
