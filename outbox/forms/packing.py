"""Office packages as members that are already packed: unchanged parts are copied, never inflated and deflated again.

``zipfile`` spends four times the deflating itself on a form (documents facts, section 2); this writer spends next to
nothing. Members carry no times: the same contents are the same bytes.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass

from mailflow.errors import PermanentError

_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_DAY_ONE = (1 << 5) | 1  # 1 January 1980, the first day a zip can name
_UTF8_NAMES = 0x800
# What a document from outside may hold at most: members, bytes of one member, bytes of all of them (inflated).
MAX_MEMBERS, MAX_MEMBER, MAX_TOTAL = 2_000, 64 << 20, 256 << 20


@dataclass(frozen=True)
class Member:
    """One part of a package: ``packed`` is deflated raw (method 8) or as it is (method 0)."""

    name: str
    method: int
    crc: int
    size: int
    packed: bytes

    def unpack(self) -> bytes:
        """The part's bytes. Raises PermanentError where they are damaged or larger than they said."""
        if self.method == 0:
            data = self.packed
        else:
            engine = zlib.decompressobj(-15)
            try:
                data = engine.decompress(self.packed, min(self.size, MAX_MEMBER) + 1)
            except zlib.error as e:
                raise PermanentError(f"the part {self.name!r} of the document is damaged") from e
        if len(data) != self.size or zlib.crc32(data) != self.crc:
            raise PermanentError(f"the part {self.name!r} of the document is damaged")
        return data


def pack(name: str, data: bytes, level: int = 6) -> Member:
    engine = zlib.compressobj(level, zlib.DEFLATED, -15)
    return Member(name, 8, zlib.crc32(data), len(data), engine.compress(data) + engine.flush())


def keep(name: str, data: bytes) -> Member:
    """A small part that changes with every document: kept as it is, which costs a checksum and no deflating."""
    return Member(name, 0, zlib.crc32(data), len(data), data)


def read_members(package: bytes) -> tuple[Member, ...]:
    """The members of a package, still packed. Raises PermanentError for a package that is damaged or too large."""
    try:
        with zipfile.ZipFile(io.BytesIO(package)) as opened:
            infos = opened.infolist()
    except (zipfile.BadZipFile, ValueError, RuntimeError, EOFError, struct.error) as e:
        raise PermanentError("the document is damaged, or is not a Word document") from e
    if len(infos) > MAX_MEMBERS or sum(i.file_size for i in infos) > MAX_TOTAL:
        raise PermanentError("the document is too large to be opened safely")
    if len({i.filename for i in infos}) != len(infos):
        raise PermanentError("the document holds the same part twice")
    return tuple(_raw(package, i) for i in infos if not i.is_dir())


def _raw(package: bytes, info: zipfile.ZipInfo) -> Member:
    if info.flag_bits & 0x1 or info.compress_type not in (0, 8):
        raise PermanentError("the document is locked with a password, or packed in a way Word does not use")
    if info.file_size > MAX_MEMBER:
        raise PermanentError("the document is too large to be opened safely")
    try:
        fields = _LOCAL.unpack_from(package, info.header_offset)
    except struct.error as e:
        raise PermanentError("the document is damaged, or is not a Word document") from e
    start = info.header_offset + _LOCAL.size + fields[9] + fields[10]
    packed = package[start : start + info.compress_size]
    if fields[0] != b"PK\x03\x04" or len(packed) != info.compress_size:
        raise PermanentError("the document is damaged, or is not a Word document")
    return Member(info.filename, info.compress_type, info.CRC, info.file_size, packed)


class Package:
    """Members that stay the same for every document made from one template, laid out once."""

    def __init__(self, members: Iterable[Member]) -> None:
        self._block, self._directory, self._count = _lay_out(members, 0)

    def finish(self, changed: Iterable[Member]) -> bytes:
        """The whole package: the unchanged members first, then the ``changed`` ones."""
        block, directory, count = _lay_out(changed, len(self._block))
        start, total = len(self._block) + len(block), self._count + count
        length = len(self._directory) + len(directory)
        end = _END.pack(b"PK\x05\x06", 0, 0, total, total, length, start, 0)
        return b"".join((self._block, block, self._directory, directory, end))


def write_members(members: Iterable[Member]) -> bytes:
    """A package of these members in this order."""
    return Package(members).finish(())


def _lay_out(members: Iterable[Member], offset: int) -> tuple[bytes, bytes, int]:
    local: list[bytes] = []
    central: list[bytes] = []
    for m in members:
        name = m.name.encode()
        flags = 0 if name.isascii() else _UTF8_NAMES
        sizes = (m.crc, len(m.packed), m.size)
        local += [_LOCAL.pack(b"PK\x03\x04", 20, flags, m.method, 0, _DAY_ONE, *sizes, len(name), 0), name, m.packed]
        central += [_CENTRAL.pack(b"PK\x01\x02", 20, 20, flags, m.method, 0, _DAY_ONE, *sizes, len(name),
                                  0, 0, 0, 0, 0, offset), name]
        offset += _LOCAL.size + len(name) + len(m.packed)
    return b"".join(local), b"".join(central), len(central) // 2
