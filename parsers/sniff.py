"""What the bytes really are, whatever the name says. Looks only; opens nothing, inflates nothing."""

import re
from dataclasses import dataclass
from enum import StrEnum

from mailflow.model import Unreadable

_ZIP, _OLE, _PDF, _RTF = b"PK", bytes.fromhex("D0CF11E0A1B11AE1"), b"%PDF-", b"{\\rtf"
_ODF_TYPE = re.compile(rb"mimetype(application/vnd\.oasis\.opendocument\.[a-z-]+)")
_MARKUP = re.compile(rb"\s*(?:<\?xml|<!doctype|<html|<head|<body|<!--|<w:)", re.IGNORECASE)
_TNEF = bytes.fromhex("789F3E22")
# A saved mail: header lines from the first on, one of them written by a machine.
_HEADERS = re.compile(rb"(?:[!-9;-~]{1,60}:[^\n]{0,2000}\n(?:[ \t][^\n]{0,2000}\n){0,200}){2,200}")
_BY_MACHINE = re.compile(rb"^(?:MIME-Version|Received|Message-ID|Content-Type):", re.I | re.M)
_WEB_ARCHIVE = re.compile(rb"^Content-Type:\s*multipart/related", re.I | re.M)
_SENT = re.compile(rb"^(?:To|Received|Message-ID):", re.I | re.M)
_PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*")
# An OLE directory entry is 128 bytes and starts with its name in UTF-16; sectors are multiples of 128 bytes.
_OLE_STREAMS = (
    ("EncryptedPackage", "encrypted"), ("WordDocument", "doc"), ("Workbook", "xls"), ("Book", "xls"),
    ("PowerPoint Document", "ppt"), ("__properties_version1.0", "msg"),
)


class Kind(StrEnum):
    """A document's family."""

    DOCX = "docx"
    XLSX = "xlsx"
    PPTX = "pptx"
    ODF = "odf"
    ODS = "ods"
    FODT = "fodt"
    ZIP = "zip"
    DAMAGED_ZIP = "damaged_zip"
    ENCRYPTED = "encrypted"
    DOC = "doc"
    XLS = "xls"
    PPT = "ppt"
    MSG = "msg"
    EML = "eml"
    TNEF = "tnef"
    OLE = "ole"
    PDF = "pdf"
    RTF = "rtf"
    HTML = "html"
    PICTURE = "picture"
    TEXT = "text"
    EMPTY = "empty"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Verdict:
    """What a document is. ``reason`` is "" for one we can read, else a code of Unreadable with ``words`` for people."""

    kind: Kind
    reason: str = ""
    words: str = ""


def _no(kind: Kind, reason: Unreadable, words: str) -> Verdict:
    return Verdict(kind, reason.value, words)


_VERDICTS: dict[Kind, Verdict] = {v.kind: v for v in (
    Verdict(Kind.DOCX),
    Verdict(Kind.XLSX),
    _no(Kind.PPTX, Unreadable.UNSUPPORTED, "This is a PowerPoint presentation, not the Word form."),
    Verdict(Kind.ODF),
    Verdict(Kind.ODS),
    Verdict(Kind.FODT),
    _no(Kind.ZIP, Unreadable.UNKNOWN_FORMAT, "This is a zip folder, not a Word document."),
    _no(Kind.DAMAGED_ZIP, Unreadable.DAMAGED, "This document is damaged or was cut off on the way."),
    _no(Kind.ENCRYPTED, Unreadable.ENCRYPTED, "This document is protected with a password."),
    Verdict(Kind.DOC),
    Verdict(Kind.XLS),
    _no(Kind.PPT, Unreadable.UNSUPPORTED, "This is an old PowerPoint presentation, not the Word form."),
    _no(Kind.MSG, Unreadable.UNSUPPORTED, "This is a saved Outlook message, not the Word form."),
    _no(Kind.EML, Unreadable.UNSUPPORTED, "This is a saved mail message, not the Word form."),
    _no(Kind.TNEF, Unreadable.UNSUPPORTED, "This is a message in Outlook's own packing (winmail.dat), not the Word form."),
    _no(Kind.OLE, Unreadable.UNKNOWN_FORMAT, "This is an old Office document we do not know."),
    Verdict(Kind.PDF),
    Verdict(Kind.RTF),
    Verdict(Kind.HTML),
    _no(Kind.PICTURE, Unreadable.UNSUPPORTED, "This is a picture. Please send the Word form itself."),
    _no(Kind.TEXT, Unreadable.UNKNOWN_FORMAT, "This is plain text, whatever its name says, not the Word form."),
    _no(Kind.EMPTY, Unreadable.EMPTY, "This document is empty: it holds nothing at all."),
    _no(Kind.UNKNOWN, Unreadable.UNKNOWN_FORMAT, "We do not know what kind of document this is."),
)}


def sniff(data: bytes) -> Verdict:
    """The verdict on a document's bytes; never raises."""
    return _VERDICTS[_kind(data)]


def verdict_of_names(names: frozenset[str], mimetype: bytes = b"") -> Verdict:
    """The verdict on a zip whose member names are known; the guard calls it with the directory it read anyway.

    ``mimetype`` is what an OpenDocument package says of itself, b"" for any other.
    """
    return _VERDICTS[_odf_kind(mimetype) if mimetype else _zip_kind(names)]


def _kind(data: bytes) -> Kind:
    if data.startswith(_ZIP):
        return _zip_guess(data)
    if not data.strip(b"\x00 \t\r\n"):
        return Kind.EMPTY
    if data.startswith(_OLE):
        return _ole_kind(data)
    if data.startswith(_TNEF):
        return Kind.TNEF
    # Some writers put a byte order mark or blank lines before these two.
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(_PDF):
        return Kind.PDF
    if start.startswith(_RTF):
        return Kind.RTF
    if _MARKUP.match(start):
        return Kind.FODT if b"<office:document" in data[:4096] else Kind.HTML
    if data.startswith(_PICTURES):
        return Kind.PICTURE
    if head := _mail_head(data[:65536].lstrip(b"\xef\xbb\xbf \t\r\n")):
        # A web page saved with its pictures is packed like a mail, and nobody sent it.
        return Kind.HTML if _WEB_ARCHIVE.search(head) and not _SENT.search(head) else Kind.EML
    return Kind.TEXT if _looks_like_text(data[:4096]) else Kind.UNKNOWN


def _zip_guess(data: bytes) -> Kind:
    """DOCX where a directory of members can be read, so that the guard looks at it next."""
    if _ODF_TYPE.search(data[:200]):
        return Kind.ODF
    return Kind.DOCX if data.rfind(b"PK\x05\x06") >= 0 else Kind.DAMAGED_ZIP


def _odf_kind(mimetype: bytes) -> Kind:
    if b"opendocument.spreadsheet" in mimetype:
        return Kind.ODS
    if b"opendocument.text" in mimetype:
        return Kind.ODF
    return Kind.PPTX if b"opendocument.presentation" in mimetype else Kind.ZIP


def _zip_kind(names: frozenset[str]) -> Kind:
    lower = {n.lower() for n in names}
    if "[content_types].xml" not in lower:
        return Kind.ZIP
    for start, kind in (("word/", Kind.DOCX), ("xl/", Kind.XLSX), ("ppt/", Kind.PPTX)):
        if any(n.startswith(start) for n in lower):
            return kind
    return Kind.DOCX if "_rels/.rels" in lower else Kind.ZIP


def _ole_kind(data: bytes) -> Kind:
    for name, kind in _OLE_STREAMS:
        wanted = name.encode("utf-16-le") + b"\x00\x00"
        at = data.find(wanted)
        while at >= 0:
            if at % 128 == 0:
                return Kind(kind)
            at = data.find(wanted, at + 2)
    return Kind.OLE


def _mail_head(start: bytes) -> bytes:
    """The header lines of a saved mail, b"" for anything else."""
    head = _HEADERS.match(start)
    return head.group() if head is not None and _BY_MACHINE.search(head.group()) else b""


def _looks_like_text(start: bytes) -> bool:
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return True
    return not any(b < 9 or 13 < b < 32 for b in start)
