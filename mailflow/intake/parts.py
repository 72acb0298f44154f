"""The parts of one mail, flat and in order, however it was packed. Never raises; what was odd is noted."""

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email._policybase import Compat32
from email.message import Message as Part
from email.parser import BytesHeaderParser, BytesParser

from mailflow.intake.headers import DAMAGE, MAX_HEADER, decode_bytes, decode_words, header_of, note, tolerate

# Deeper nesting than this no mail program makes; what lies below is left closed and noted.
MAX_DEPTH = 20
MAX_PARTS = 1000
MAX_CONTENT_HEADER = 4096
# The standard library looks at every line once for each multipart round it; more than this only a trap asks for.
_MAX_WORK = 10_000_000
_MULTIPART = re.compile(rb"^content-type:\s{0,20}multipart/", re.I | re.M)
# No "\r?" before the line's end: each line could then be read in two ways, and two hundred lines in 2**200.
_TWO_HEADERS = re.compile(rb"(?:[!-9;-~]{1,60}:[^\n]{0,2000}\n(?:[ \t][^\n]{0,2000}\n){0,200}){2}")
# How many letters inside letters are opened: a form in a forwarded mail in a forwarded mail still counts.
MAX_LETTERS = 3


@dataclass(frozen=True)
class Piece:
    """One leaf. ``kind`` is the content type; ``letters`` counts the attached mails round it (0 = our own mail).

    ``family`` is the kind of the part that directly holds it, ``in_report`` True anywhere inside a multipart/report.
    """

    part: Part
    kind: str
    name: str
    disposition: str
    content_id: str
    letters: int
    family: str
    in_report: bool
    data: bytes

    @property
    def inline(self) -> bool:
        return self.disposition == "inline"


class _ShortHeaders(Compat32):
    """compat32, whose header reading survives damage (see headers.py), with a limit on length.

    The standard library cuts Content-Type at its semicolons in quadratic time: a megabyte of them would take hours.
    """

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        return name, value[:MAX_CONTENT_HEADER if name.lower().startswith("content-") else MAX_HEADER]


SHORT_HEADERS = _ShortHeaders()


def open_mail(raw: bytes, oddities: list[str]) -> Part:
    """The mail's structure; where it can't be had, its headers with the rest as plain text."""
    try:
        if len(_MULTIPART.findall(raw)) * raw.count(b"\n") <= _MAX_WORK:
            return BytesParser(policy=SHORT_HEADERS).parsebytes(raw)
    except DAMAGE:
        pass
    note(oddities, "structure unreadable, attachments not opened")
    head, _, body = raw.partition(b"\n\n")
    part = tolerate(lambda: BytesHeaderParser(policy=SHORT_HEADERS).parsebytes(head[:256 * 1024] + b"\n\n"), Part())
    for name in ("Content-Type", "Content-Transfer-Encoding"):
        del part[name]
    part.set_payload(body.decode("latin-1"))
    return part


def kind_of(part: Part) -> str:
    """Content type in lower case; what mail programs assume where it is damaged."""
    return tolerate(part.get_content_type, "text/plain")


def pieces_of(mail: Part, oddities: list[str]) -> tuple[Piece, ...]:
    """Every leaf in reading order."""
    found: list[Piece] = []
    for piece in _walk(mail, oddities):
        if len(found) == MAX_PARTS:
            note(oddities, f"more than {MAX_PARTS} parts, the rest not opened")
            break
        found.append(piece)
    return tuple(found)


def _walk(mail: Part, oddities: list[str]) -> Iterator[Piece]:
    """Depth first without recursion; the stack holds (part, depth, letters round it, kind of its holder, in report)."""
    stack: list[tuple[Part, int, int, str, bool]] = [(mail, 0, 0, "", False)]
    while stack:
        part, depth, letters, family, in_report = stack.pop()
        kind = kind_of(part)
        in_report = in_report or kind == "multipart/report"
        inside = _inside(part, kind, oddities)
        if inside and depth >= MAX_DEPTH:
            note(oddities, f"nesting cut at {MAX_DEPTH}")
        elif inside and kind.startswith("message/") and letters >= MAX_LETTERS:
            note(oddities, f"attached mails cut at {MAX_LETTERS}")
        elif inside:
            deeper = letters + kind.startswith("message/")
            stack += [(one, depth + 1, deeper, kind, in_report) for one in reversed(inside)]
        else:
            piece = _leaf(part, kind, letters, family, in_report, oddities)
            letter = _letter_in(piece)
            if letter is not None and letters < MAX_LETTERS:
                stack.append((letter, depth + 1, letters + 1, "message/rfc822", in_report))
            else:
                yield piece


def _inside(part: Part, kind: str, oddities: list[str]) -> list[Part]:
    """The parts a part holds; [] for a leaf. A delivery-status part is a leaf here (bounce.py opens it)."""
    if kind in ("message/delivery-status", "message/disposition-notification"):
        return []
    payload = tolerate(part.get_payload, None)
    inside = [one for one in payload if isinstance(one, Part)] if isinstance(payload, list) else []
    if kind.startswith("multipart/") and not inside:
        note(oddities, f"{kind} without parts, read as text")
    if kind == "message/rfc822" and inside and transfer_coding(part) == "base64":
        # Not allowed by the standard and common all the same: the attached mail is itself in base64.
        return [open_mail(from_base64(str(inside[0].get_payload()), oddities), oddities)]
    return inside


def _letter_in(piece: Piece) -> Part | None:
    """A mail attached as octets (name.eml), opened; None for anything else."""
    is_octets = piece.kind in ("application/octet-stream", "message/rfc822", "application/eml")
    if not (is_octets and piece.data) or (piece.family == "message/rfc822" and not piece.name):
        return None
    looks = _TWO_HEADERS.match(piece.data[:65536])
    if not looks or not (piece.name.lower().endswith(".eml") or b"\nMIME-Version:" in piece.data[:65536]):
        return None
    return open_mail(piece.data, [])


def _leaf(part: Part, kind: str, letters: int, family: str, in_report: bool, oddities: list[str]) -> Piece:
    disposition = tolerate(part.get_content_disposition, None) or ""
    return Piece(part, kind, _name_of(part, oddities), disposition, header_of(part, "Content-ID").strip("<> "), letters,
                 family, in_report, data_of(part, oddities))


def _name_of(part: Part, oddities: list[str]) -> str:
    """The name under which it was attached, as the sender's words; "" where there is none."""
    both = header_of(part, "Content-Disposition") + "; " + header_of(part, "Content-Type")
    name = tolerate(part.get_filename, None) if both.isascii() else None
    if name is None:
        # Raw 8-bit names, and RFC 2231 names whose charset does not exist: take the words as they stand.
        found = re.search(r"\b(?:file)?name\*?(?:0\*?)?\s*=\s*(?:\"((?:[^\"\\]|\\.)*)\"|([^\";]+))", both, re.I)
        name = (found.group(1) or found.group(2) or "").strip() if found else ""
    return decode_words(name, oddities)


def transfer_coding(part: Part) -> str:
    return header_of(part, "Content-Transfer-Encoding").split(";")[0].split("(")[0].strip().lower()


def data_of(part: Part, oddities: list[str]) -> bytes:
    """A leaf's bytes with the transfer coding undone; damaged base64 is read as far as it goes."""
    payload: object = tolerate(part.get_payload, "")
    if isinstance(payload, list):
        # A delivery-status part arrives already cut into blocks.
        return b"\n".join(tolerate(one.as_bytes, b"") for one in payload if isinstance(one, Part))
    if transfer_coding(part) == "base64":
        return from_base64(str(payload or ""), oddities)
    data = tolerate(lambda: part.get_payload(decode=True), None)
    return data if isinstance(data, bytes) else str(payload or "").encode("utf-8", "surrogateescape")


def from_base64(text: str, oddities: list[str]) -> bytes:
    """Base64 as far as it can be read; foreign characters skipped, a missing end made up."""
    packed = "".join(text.split()).rstrip("=")
    try:
        return binascii.a2b_base64(packed + "=" * (-len(packed) % 4), strict_mode=True)
    except ValueError:
        note(oddities, "base64 damaged")
    kept = re.sub(r"[^A-Za-z0-9+/]", "", packed)
    kept = kept[:-1] if len(kept) % 4 == 1 else kept
    return base64.b64decode(kept + "=" * (-len(kept) % 4))


def text_of(piece: Piece, oddities: list[str]) -> str:
    """A text leaf as text with plain newlines and no NUL."""
    charset = tolerate(lambda: piece.part.get_param("charset"), None)
    name = charset if isinstance(charset, str) else charset[2] if isinstance(charset, tuple) else ""
    text, oddity = decode_bytes(piece.data, name)
    note(oddities, oddity)
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")

