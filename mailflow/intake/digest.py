"""A digest by which the same mail is known again when it is delivered twice, and two mails under one id are told apart.

Servers add, drop and rewrite headers on the way and pack parts anew (other boundaries, other transfer codings). So only
what the writer made counts: who, when, what about, and every part's decoded content.
"""

import hashlib
import re
from email.message import Message as Part
from email.parser import BytesHeaderParser

from mailflow.intake.headers import find_ids, header_of, headers_of, note, read_moment, tolerate
from mailflow.intake.parts import SHORT_HEADERS, open_mail, pieces_of

_WRITERS = ("Message-ID", "From", "Subject", "In-Reply-To")


def content_digest(raw: bytes) -> str:
    """Hex SHA-256 over the writer's headers and the decoded parts. Trace headers, flags and packing don't matter."""
    mail = open_mail(raw, [])
    digest = hashlib.sha256(b"mailflow-mail:1")
    for name in _WRITERS:
        _add(digest, re.sub(r"\s+", " ", header_of(mail, name)).encode("utf-8", "surrogateescape"))
    moment = read_moment(header_of(mail, "Date"))
    _add(digest, (moment.isoformat() if moment else header_of(mail, "Date")).encode("utf-8", "surrogateescape"))
    for piece in pieces_of(mail, []):
        text = piece.kind.startswith("text/")
        _add(digest, piece.kind.encode("utf-8", "surrogateescape") + b" " + piece.name.encode("utf-8", "surrogateescape"))
        _add(digest, b"\n".join(line.rstrip() for line in piece.data.split(b"\n")).strip() if text else piece.data)
    return digest.hexdigest()


def find_message_id(raw: bytes) -> str:
    """The Message-ID with its angle brackets, the same that ``read_message`` gives; only the headers are read."""
    head = re.split(rb"\r?\n\r?\n", raw, maxsplit=1)[0] + b"\n\n"
    return id_of(tolerate(lambda: BytesHeaderParser(policy=SHORT_HEADERS).parsebytes(head), Part()), raw, [])


def id_of(mail: Part, raw: bytes, oddities: list[str]) -> str:
    """The first Message-ID; where a mail has none, one made from its content, the same whenever it is read."""
    ids = tuple(dict.fromkeys(one for header in headers_of(mail, "Message-ID") for one in find_ids(header)))
    if len(ids) > 1:
        note(oddities, "several Message-IDs")
    if ids:
        return ids[0]
    note(oddities, "no Message-ID")
    return f"<{content_digest(raw)[:32]}@no-message-id.invalid>"


def _add(digest: "hashlib._Hash", data: bytes) -> None:
    """Lengths go in as well, so that no two ways of cutting give the same digest."""
    digest.update(len(data).to_bytes(8, "big") + data)
