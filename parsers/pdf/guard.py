"""What is refused in a PDF before a library parses it, and what is in it that is never opened.

Every stream of a PDF stands uncompressed in the file, even where the objects that use it are packed away, so one walk
over the bytes meets all of them. Packed streams are unpacked here only to be measured, a piece at a time, and dropped.
"""

import re
import zlib
from base64 import a85decode
from binascii import Error as HexError
from collections.abc import Iterator
from dataclasses import dataclass

from parsers.guard import LIMITS, hostile, too_large

_MIB = 1024 * 1024


@dataclass(frozen=True)
class PdfLimits:
    """Caps on one PDF. The largest printed form seen has 40 pages and 60 KB of drawing a page."""

    pages: int = 300
    objects: int = 200_000  # numbered objects in the file
    stream: int = 24 * _MIB  # unpacked bytes of one stream that is neither picture nor font
    font: int = 64 * _MIB  # unpacked bytes of a font
    total: int = 200 * _MIB  # unpacked bytes of all of them
    texts: int = 200_000  # pieces of text drawn by one stream
    strokes: int = 200_000  # lines and areas drawn by one stream
    shapes: int = 60_000  # things on one page
    letters: int = 400_000  # characters on one page
    fields: int = 5_000  # form fields, and as many notes
    contents: int = 2_000  # streams that one page is made of
    tree: int = 64  # levels of dictionaries and arrays inside each other


PDF_LIMITS = PdfLimits()

_STREAM = re.compile(rb"stream\r?\n")
_OBJECT = b" obj"
# A dictionary of a stream is short; what is longer is looked at in its last part only.
_HEAD = 1024
_PICTURE = re.compile(rb"/Subtype\s*/Image\b")
_FONT = re.compile(rb"/Length1\b|/Subtype\s*/(?:Type1C|CIDFontType0C|OpenType)\b")
_PACKED_OBJECTS = re.compile(rb"/Type\s*/ObjStm\b")
_METADATA = re.compile(rb"/Type\s*/Metadata\b")
_FILTERS = re.compile(rb"/Filter\s*(/\w+|\[[^\]]*\])")
_TEXTS = re.compile(rb"[\s\])>](?:Tj|TJ)\b|[\s)>]['\"]")
_STROKES = re.compile(rb"\s(?:[SsfFBbn]|f\*|B\*|b\*|Do)(?=\s)")
# Streams below this size can't hold enough of them to matter.
_COUNTED_FROM = 512 * 1024
_CONTENTS = re.compile(rb"/Contents\s*\[([^\]]*)\]")
# What one packed byte can unpack to at most.
_MOST_PACKED = 1032
_CHUNK = 256 * 1024
# A name some of whose letters are written as hex codes.
_CODED = re.compile(rb"/[A-Za-z]*#[0-9A-Fa-f]{2}[A-Za-z#0-9]*")
_CODE = re.compile(rb"#([0-9A-Fa-f]{2})")
_SCRIPTS = re.compile(rb"/(?:JavaScript|JS)\b")
_LAUNCH = re.compile(rb"/(?:Launch|ImportData|SubmitForm|GoToE)\b")
_EMBEDDED = re.compile(rb"/(?:EmbeddedFiles?|RichMedia|FileAttachment|Movie|3D)\b")


@dataclass(frozen=True)
class Seen:
    """What a walk over the bytes met. ``oddities`` are things that are there and were not opened."""

    oddities: tuple[str, ...] = ()
    has_form: bool = False
    has_notes: bool = False
    has_xfa: bool = False
    is_locked: bool = False
    xmp: tuple[str, ...] = ()


def check_pdf(data: bytes, limits: PdfLimits = PDF_LIMITS) -> Seen:
    """Raises UnreadableError for anything outside the limits."""
    if len(data) > LIMITS.whole:
        raise too_large(f"{len(data) // _MIB} MB")
    if data.count(_OBJECT) > limits.objects:
        raise hostile("it holds more pieces than any form has")
    names, xmp, total = [data], [], 0
    for head, start in _streams(data):
        if _PICTURE.search(head):
            continue
        kept, size = _measure(data, head, start, limits)
        total += size
        if total > limits.total:
            raise too_large(f"it unpacks to more than {limits.total // _MIB} MB")
        if _PACKED_OBJECTS.search(head):
            names.append(kept)
        elif _METADATA.search(head):
            xmp.append(kept[:_MIB].decode("utf-8", "replace"))
    return _describe(names, xmp, limits)


def _streams(data: bytes) -> Iterator[tuple[bytes, int]]:
    """(the dictionary before a stream, where its bytes begin)."""
    for found in _STREAM.finditer(data):
        if data.startswith(b"end", found.start() - 3):
            continue
        head = data[max(0, found.start() - _HEAD):found.start()]
        yield head[head.rfind(_OBJECT) + 1:], found.end()


def _measure(data: bytes, head: bytes, start: int, limits: PdfLimits) -> tuple[bytes, int]:
    """(the unpacked bytes, how many). Raises UnreadableError past a limit."""
    most = limits.font if _FONT.search(head) else limits.stream
    found = _FILTERS.search(head)
    filters = re.findall(rb"/(\w+)", found[1]) if found else []
    end = data.find(b"endstream", start)
    part = data[start:end if end >= 0 else len(data)]
    if most == limits.font and len(part) * _MOST_PACKED < most and len(filters) < 2:
        # So little can't unpack to more than is allowed.
        return b"", len(part)
    for name in filters:
        if name in (b"FlateDecode", b"Fl"):
            part = _inflate(part, most)
        elif name in (b"ASCII85Decode", b"A85"):
            part = _from_85(part)
        elif name in (b"ASCIIHexDecode", b"AHx"):
            part = _from_hex(part)
        else:
            # Pictures' and older packings can't blow up as far; the child's memory limit stands behind this.
            return b"", len(part)
    if len(part) > most:
        raise too_large(f"a part inside unpacks to more than {most // _MIB} MB")
    if most == limits.stream and len(part) > _COUNTED_FROM:
        _count(part, limits)
    return part, len(part)


def _inflate(part: bytes, most: int) -> bytes:
    """Unpacked as far as it goes, and one byte more than allowed at most. What is damaged is the library's to judge."""
    unpacker, pieces, size = zlib.decompressobj(), [], 0
    try:
        while part and size <= most and not unpacker.eof:
            pieces.append(unpacker.decompress(part, min(_CHUNK, most + 1 - size)))
            size += len(pieces[-1])
            part = unpacker.unconsumed_tail
    except zlib.error:
        # An encrypted stream, or one that only looks like a stream.
        return b"".join(pieces)
    return b"".join(pieces)


def _from_85(part: bytes) -> bytes:
    try:
        return a85decode(part.partition(b"~>")[0].removeprefix(b"<~"))
    except ValueError:
        return b""


def _from_hex(part: bytes) -> bytes:
    digits = b"".join(part.partition(b">")[0].split())
    try:
        return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode("ascii"))
    except (ValueError, HexError):
        return b""


def _count(part: bytes, limits: PdfLimits) -> None:
    for what, pattern, most in (("texts", _TEXTS, limits.texts), ("lines", _STROKES, limits.strokes)):
        if sum(1 for _ in pattern.finditer(part)) > most:
            raise hostile(f"a page is made of more {what} than any form has")


def _describe(names: list[bytes], xmp: list[str], limits: PdfLimits) -> Seen:
    whole = b"\n".join(names)
    whole += b" ".join([_CODE.sub(lambda m: bytes([int(m[1], 16)]), name) for name in _CODED.findall(whole)])
    for found in _CONTENTS.finditer(whole):
        if found[1].count(b"R") > limits.contents:
            raise hostile("a page is made of more parts than any form has")
    _check_depth(whole, limits)
    kinds = (("scripts", _SCRIPTS), ("actions", _LAUNCH), ("embedded objects", _EMBEDDED))
    return Seen(
        tuple(word for word, pattern in kinds if pattern.search(whole)), b"/AcroForm" in whole, b"/Annots" in whole,
        b"/XFA" in whole, b"/Encrypt" in whole, tuple(xmp),
    )


def _check_depth(whole: bytes, limits: PdfLimits) -> None:
    """Arrays or dictionaries inside each other without anything between are made to exhaust a parser's stack."""
    if b"[" * limits.tree in whole or b"<<" * limits.tree in whole or b"<</A" * limits.tree in whole:
        raise hostile("it is built far deeper than any form")
