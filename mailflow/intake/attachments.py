"""Which parts of a mail are documents somebody sent, and which are wrapping, pictures and machinery."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TypeVar

from mailflow.intake.headers import note, one_line
from mailflow.intake.parts import Piece
from mailflow.model import Attachment

# First bytes → the ending a nameless document gets. Zip is looked into further below.
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", ".pdf"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ".doc"), (b"{\\rtf", ".rtf"), (b"PK\x03\x04", ".zip"),
    (b"\x78\x9f\x3e\x22", ".dat"),
)
_ZIPS: tuple[tuple[bytes, str], ...] = (
    (b"word/", ".docx"), (b"xl/", ".xlsx"), (b"ppt/", ".pptx"), (b"opendocument.text", ".odt"),
    (b"opendocument.spreadsheet", ".ods"),
)
_PICTURES = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*", b"\x00\x00\x01\x00")
# Parts that are never a document: signatures of machines, invitations, visiting cards, delivery reports.
_NEVER = re.compile(
    r"text/(?:calendar|x-vcard|vcard|directory|x-amp-html|watch-html|rfc822-headers)|application/(?:ics|pgp-signature"
    r"|(?:x-)?pkcs7-signature|applefile)|message/(?:delivery-status|disposition-notification|feedback-report"
    r"|rfc822-headers|global-delivery-status|partial|external-body)", re.I)
_NEVER_NAMED = re.compile(r".*\.(?:ics|vcf|p7s)|att\d{5}\.(?:html?|txt)", re.I)
# Outlook's own names for pictures in a signature.
_SIGNATURE_PICTURE = re.compile(r"(?:image|outlook|logo)[-_ ]?\w{0,12}\d*\.(?:png|jpe?g|gif|bmp)|~wrd\w*\.jpg", re.I)


def sniff(data: bytes) -> str:
    """The ending the bytes speak for (".docx", ".pdf", ".xlsx", ".doc" …), ".picture" for any picture, "" unknown."""
    head = data[:1024].lstrip(b"\xef\xbb\xbf\r\n\t ")
    if head.startswith(_PICTURES) or data[8:12] == b"WEBP" or data[4:12] in (b"ftypheic", b"ftypheix", b"ftypmif1"):
        return ".picture"
    ending = next((end for magic, end in _MAGIC if head.startswith(magic)), "")
    if ending == ".zip":
        # Member names stand in clear in the local headers and again in the directory at the end.
        where = data[:4096] + data[-65536:]
        return next((end for member, end in _ZIPS if member in where), ".zip")
    return ending


def clean_name(name: str, data: bytes) -> str:
    """The sender's name for it as plain words: no folders, no control or direction characters, at most 150 long.

    A nameless document is called "document" with the ending its bytes speak for.
    """
    last = re.split(r"[\\/]", one_line(name, limit=4000))[-1]
    plain = re.sub(r'[<>:"|?*]', "_", last).strip(" .")
    if not plain:
        ending = sniff(data)
        return "document" + ("" if ending == ".picture" else ending)
    ending = PurePosixPath(plain).suffix[:12]
    return plain if len(plain) <= 150 else plain[:150 - len(ending)] + ending


def is_body(piece: Piece, first: bool) -> bool:
    """A part that is words to be read, not a document: plain or HTML text that nobody attached under a name."""
    if piece.kind not in ("text/plain", "text/html", "text/enriched"):
        return False
    if re.fullmatch(_NEVER_NAMED, piece.name):
        return True
    return piece.disposition != "attachment" and (first or not piece.name)


@dataclass(frozen=True)
class Found:
    """Something that may be a document. ``picture`` by its bytes or its kind; ``meant``: attached on purpose."""

    attachment: Attachment
    picture: bool
    meant: bool


F = TypeVar("F", bound=Found)


def documents_of(pieces: tuple[Piece, ...], html: str, oddities: list[str]) -> tuple[Attachment, ...]:
    """Every document of a mail once, in order; of its pictures those that :func:`pick` keeps."""
    found: list[Found] = []
    seen: set[str] = set()
    for piece in pieces:
        if not _may_be_document(piece):
            continue
        one = found_document(piece.name, piece.data, piece.kind, shown=_is_shown(piece, html))
        if one.attachment.sha in seen:
            note(oddities, "the same document attached twice")
            continue
        seen.add(one.attachment.sha)
        found.append(one)
    return tuple(one.attachment for one in pick(found))


def pick(found: Sequence[F]) -> tuple[F, ...]:
    """The documents; where there is none, the pictures attached on purpose. Signatures and inline logos never."""
    documents = tuple(one for one in found if not one.picture)
    return documents or tuple(one for one in found if one.meant)


def found_document(name: str, data: bytes, kind: str, shown: bool) -> Found:
    """One thing under the sender's name for it; ``shown``: a text it came with shows it, so nobody attached it."""
    attachment = Attachment(clean_name(name, data), kind, data, hashlib.sha256(data).hexdigest())
    picture = kind.startswith("image/") or sniff(data) == ".picture"
    return Found(attachment, picture, not (shown or _SIGNATURE_PICTURE.fullmatch(name)))


def _may_be_document(piece: Piece) -> bool:
    if _NEVER.fullmatch(piece.kind) or _NEVER_NAMED.fullmatch(piece.name) or piece.kind.startswith("multipart/"):
        return False
    # An empty part without a name is a leftover of the packing; one with a name is an empty document.
    return bool(piece.data.strip() or piece.name)


def _is_shown(piece: Piece, html: str) -> bool:
    in_html = bool(piece.content_id) and (piece.content_id in html or piece.family == "multipart/related")
    return piece.inline or in_html
