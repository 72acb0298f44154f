"""What is refused before anything is parsed, and why. Every cap stands in one table, ``LIMITS``."""

import struct
import zipfile
import zlib
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from typing import NamedTuple

from lxml import etree

from mailflow.errors import UnreadableError
from mailflow.model import Unreadable
from parsers import sniff

_MIB = 1024 * 1024
_SMALL = 8 * 1024
# How each entry of a zip's directory begins.
_ENTRY = b"PK\x01\x02"


@dataclass(frozen=True)
class Limits:
    """Caps on one document. The largest real form seen is 150 KB of XML; pictures do not count towards ``part``."""

    whole: int = 60 * _MIB  # bytes as they came
    members: int = 2_000  # members in the zip
    member: int = 100 * _MIB  # declared bytes of any member, read or not
    total: int = 300 * _MIB  # declared bytes of all members
    part: int = 24 * _MIB  # bytes of a part we parse
    ratio: int = 150  # declared to packed bytes, for XML over ratio_from
    ratio_from: int = 2 * _MIB
    nodes: int = 600_000  # elements in a part, counted as "<"
    chunk_members: int = 50  # other files put into the text (w:altChunk)
    depth: int = 60  # blocks inside blocks (controls, tables); Word itself stops at about 20


LIMITS = Limits()

# Shared by every document: a parser is only settings. No entity, no DTD, no network, no huge trees.
_PARSER = etree.XMLParser(
    resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, collect_ids=False, remove_comments=True,
    remove_pis=True,
)
# How the XML library words that one of its own limits was reached.
_BEYOND_LIMITS = ("depth", "huge", "too long", "amplification", "limit exceeded")
# A DOCTYPE stands before the root element; looking there spares most of them the parser.
_PROLOG = 4096
_DOCTYPES = tuple("<!DOCTYPE".encode(code) for code in ("ascii", "utf-16-le", "utf-16-be"))


def refuse(reason: Unreadable, words: str) -> UnreadableError:
    """The error to raise for a document that won't be read."""
    return UnreadableError(reason.value, words)


def hostile(what: str) -> UnreadableError:
    return refuse(Unreadable.HOSTILE, f"This document was not opened, because {what}.")


def too_large(what: str) -> UnreadableError:
    return refuse(Unreadable.TOO_LARGE, f"This document is too large to read: {what}.")


def damaged(what: str = "") -> UnreadableError:
    more = f" ({what})" if what else ""
    return refuse(Unreadable.DAMAGED, f"This document is damaged or was cut off on the way{more}.")


def open_package(data: bytes, limits: Limits = LIMITS) -> "Package":
    """The checked directory of a zip document. Raises UnreadableError for anything outside the limits."""
    if len(data) > limits.whole:
        raise too_large(f"{len(data) // _MIB} MB")
    # Before the zip library makes an object of each: a package inside counts too, so a few times over is fine.
    if data.count(_ENTRY) > 4 * limits.members:
        raise hostile("it has far more parts inside than any form")
    try:
        with zipfile.ZipFile(BytesIO(data)) as whole:
            infos = whole.infolist()
    except (zipfile.BadZipFile, RuntimeError, ValueError, OSError, struct.error) as e:
        raise damaged(str(e)[:80]) from e
    members = _check_names(infos, limits)
    _check_sizes(infos, limits)
    _check_overlaps(infos)
    return Package(data, members, limits)


def _check_names(infos: list[zipfile.ZipInfo], limits: Limits) -> dict[str, zipfile.ZipInfo]:
    """Members by name; two that differ only in case are one to Word, so they count as duplicates."""
    if len(infos) > limits.members:
        raise hostile(f"it has {len(infos)} parts inside")
    members: dict[str, zipfile.ZipInfo] = {}
    seen: set[str] = set()
    for info in infos:
        # Some zippers of Windows part folders in their own way.
        name = info.orig_filename.replace("\\", "/")
        if name.startswith("/") or "\0" in name or ":" in name or ".." in name.split("/"):
            raise hostile("a part inside has a name that points somewhere else")
        if name.lower() in seen:
            raise hostile("it holds the same part twice")
        if info.flag_bits & 1:
            raise refuse(Unreadable.ENCRYPTED, "This document is protected with a password.")
        seen.add(name.lower())
        members[name] = info
    return members


def _check_sizes(infos: list[zipfile.ZipInfo], limits: Limits) -> None:
    total = 0
    for info in infos:
        size = info.file_size
        total += size
        # Pictures are never unpacked here, and a blank bitmap packs as well as any bomb.
        is_parsed = info.orig_filename.lower().endswith((".xml", ".rels"))
        if is_parsed and size > limits.ratio_from and size > limits.ratio * max(info.compress_size, 1):
            raise hostile("a part inside unpacks to far more than its size")
        if size > limits.member:
            raise too_large(f"a part inside unpacks to {size // _MIB} MB")
    if total > limits.total:
        raise too_large(f"it unpacks to {total // _MIB} MB")


def _check_overlaps(infos: list[zipfile.ZipInfo]) -> None:
    """Members that share bytes are how a small zip unpacks to a huge one without any suspicious ratio."""
    end = 0
    for at, size in sorted((i.header_offset, i.compress_size) for i in infos):
        if at < end:
            raise hostile("parts inside lie over one another")
        # A member's own header is at least thirty bytes.
        end = at + 30 + size


@dataclass(frozen=True)
class Package:
    """A zip document whose directory has been checked. Parts are inflated one by one, never beyond what they declare."""

    data: bytes
    members: dict[str, zipfile.ZipInfo]
    limits: Limits = LIMITS

    def verdict(self) -> sniff.Verdict:
        mimetype = self.read("mimetype") if "mimetype" in self.members else b""
        return sniff.verdict_of_names(frozenset(self.members), mimetype[:100])

    def read(self, name: str) -> bytes:
        """One part's bytes, b"" where there is none. Raises UnreadableError when it lies about itself."""
        packed = self.packed(name)
        return packed.unpack() if packed is not None else b""

    def packed(self, name: str) -> "Packed | None":
        """One part as it is packed: equal for equal parts, so what was made of one can be kept by it."""
        info = self._find(name)
        if info is None:
            return None
        if info.file_size > self.limits.part:
            raise too_large(f"a part inside unpacks to {info.file_size // _MIB} MB")
        return Packed(_packed(self.data, info), info.compress_type, info.file_size, info.CRC)

    def _find(self, name: str) -> zipfile.ZipInfo | None:
        """To Word, capitals make no difference in a part's name."""
        info = self.members.get(name)
        if info is None and name:
            small = name.lower()
            info = next((i for other, i in self.members.items() if other.lower() == small), None)
        return info

    def tree(self, name: str) -> etree._Element | None:
        """One part parsed, None where there is none or it is empty."""
        part = self.read(name)
        return parse_xml(part, self.limits) if part else None


def _packed(data: bytes, info: zipfile.ZipInfo) -> bytes:
    at = info.header_offset
    header = data[at:at + 30]
    if len(header) < 30 or header[:4] != b"PK\x03\x04":
        raise damaged("a part is not where the directory says")
    name_size, extra_size = struct.unpack("<HH", header[26:30])
    name = info.orig_filename.encode("utf-8" if info.flag_bits & 0x800 else "cp437")
    if data[at + 30:at + 30 + name_size] != name:
        raise hostile("a part inside goes by two names")
    start = at + 30 + name_size + extra_size
    packed = data[start:start + info.compress_size]
    if len(packed) != info.compress_size:
        raise damaged("a part inside is cut off")
    return packed


class Packed(NamedTuple):
    """A member's packed bytes and what the directory says of it."""

    data: bytes
    way: int
    size: int
    checksum: int

    def unpack(self) -> bytes:
        """The member's bytes. Raises UnreadableError where it lies about itself."""
        # Relations, headers: all copies of a form have the same ones, so small ones are unpacked once.
        return (_unpack_once if len(self.data) <= _SMALL and self.size <= 8 * _SMALL else _unpack)(*self)


def _unpack(packed: bytes, way: int, size: int, checksum: int) -> bytes:
    """At most one byte more than declared is ever unpacked, so that a lie costs nothing."""
    if way == zipfile.ZIP_STORED:
        part = packed
    elif way == zipfile.ZIP_DEFLATED:
        try:
            part = zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, size + 1)
        except zlib.error as e:
            raise damaged("a part inside can't be unpacked") from e
    else:
        raise damaged("a part inside is packed in a way Word does not use")
    if len(part) > size:
        raise hostile("a part inside unpacks to more than it says")
    if len(part) != size or zlib.crc32(part) != checksum:
        raise damaged("a part inside does not match its checksum")
    return part


_unpack_once = lru_cache(maxsize=128)(_unpack)


def parse_xml(part: bytes, limits: Limits = LIMITS) -> etree._Element:
    """The root of one part. No DOCTYPE, no entities, a bounded number of elements. Raises UnreadableError."""
    # Every element costs at least four bytes ("<a/>"), so most parts need no counting.
    if len(part) > 4 * limits.nodes and part.count(b"<") > limits.nodes:
        raise hostile("it holds more pieces than any form has")
    start = part[:_PROLOG]
    if any(word in start for word in _DOCTYPES):
        raise hostile("it declares entities, which a form never needs")
    try:
        root = etree.fromstring(part, _PARSER)
    except etree.XMLSyntaxError as e:
        if getattr(e, "code", None) == etree.ErrorTypes.ERR_NO_MEMORY:
            raise MemoryError from e
        if any(word in str(e) for word in _BEYOND_LIMITS):
            raise hostile("it is built far larger or deeper than any form") from e
        raise damaged("its text can't be read") from e
    # Neither an odd encoding nor a long comment before it hides a DOCTYPE from the parser.
    if root.getroottree().docinfo.internalDTD is not None:
        raise hostile("it declares entities, which a form never needs")
    return root


def check_depth(depth: int) -> None:
    """Raises UnreadableError beyond the nesting any form has."""
    if depth > LIMITS.depth:
        raise hostile("it is nested far deeper than any form")
