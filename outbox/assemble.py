"""RFC 5322 bytes: the same letter gives the same bytes, so a restored backup finds what it sent before.

The stdlib's older ``Header`` is used on purpose: it folds at white space only and never encodes a Message-ID.
"""

import email
import email.policy
import hashlib
import hmac
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from email.header import Header
from email.message import EmailMessage
from email.utils import format_datetime, formataddr

from mailflow.errors import Broken, PermanentError
from mailflow.model import Document
from outbox import mime
from outbox.render import Rendered, body_of

_MESSAGE_ID = re.compile(r"<[!-;=?-~]+@[!-;=?-~]+>")
_OWN_ID = re.compile(r"<?([0-9a-f]{24})([0-9a-f]{16})@[^@<>]+>?")
_ADDRESS = re.compile(r"[!#-'*+/-9=?A-Z^-~.-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_HEAD = re.compile(r"[0-9A-Za-z:-]{0,200}")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]+")
_LONGEST_ID = 900
_LONGEST_NAME = 120


def message_id(secret: bytes, key: str, domain: str) -> str:
    """The letter's Message-ID: derived from what it is for (invariant 4), so making it again gives it again.

    Its second half vouches for the first, so that a letter of ours is known again even by a store that forgot it.
    """
    name = hmac.new(secret, b"message-id;" + key.encode(), hashlib.sha256).hexdigest()[:24]
    return f"<{name}{_vouch(secret, name)}@{domain}>"


def is_own_message_id(secret: bytes, mid: str) -> bool:
    """Did this installation make that Message-ID (with or without brackets)?"""
    found = _OWN_ID.fullmatch(mid.strip())
    return found is not None and hmac.compare_digest(_vouch(secret, found[1]), found[2])


def _vouch(secret: bytes, name: str) -> str:
    return hmac.new(secret, b"message-id-check;" + name.encode(), hashlib.sha256).hexdigest()[:16]


def write_subject(subject: str, marking: str, ref: str) -> str:
    """"[OFFICIAL] [AUDIT 2606-017C] Audit to complete …", on one line; the bracketed parts only where they are set."""
    front = [f"[{_line(marking)}]"] if marking else []
    front += [f"[AUDIT {ref}]"] if ref else []
    return " ".join([*front, _line(subject)])


def assemble(rendered: Rendered, *, code: str, key: str, subject: str, mid: str, sender: tuple[str, str],
             to: tuple[str, str], ref: str = "", in_reply_to: str = "", documents: Sequence[Document] = ()) -> bytes:
    """The letter as bytes with CRLF line ends, without Date and journal headers. Deterministic.

    ``sender`` and ``to`` are (display name, address). Raises PermanentError for an address no header can carry.
    """
    boundary = hashlib.sha256(key.encode()).hexdigest()[:32]
    invitations = [d for d in documents if d.kind.startswith("text/calendar")]
    attached = [d for d in documents if d not in invitations]
    # Mail programs offer "accept" only for an alternative, not for an attachment.
    whole = mime.write_parts("alternative", f"=_alt-{boundary}", [
        mime.write_text(rendered.text, "plain"), mime.write_text(rendered.html, "html"),
        *(mime.write_text(d.data.decode(), "calendar", '; method="REQUEST"') for d in invitations)])
    if attached:
        whole = mime.write_parts("mixed", f"=_mix-{boundary}", [whole, *(mime.write_file(d) for d in attached)])
    return mime.write_headers(_address_headers(code, subject, mid, sender, to, ref, in_reply_to)) + whole


def finish(raw: bytes, at: datetime, journal_head: str) -> bytes:
    """Puts on Date and X-Mailflow-Journal at the door, before the other headers. Raises Broken for an odd head."""
    if not _HEAD.fullmatch(journal_head):
        raise Broken("the journal's head cannot stand in a header")
    front = f"Date: {format_datetime(at)}\r\nX-Mailflow-Journal: {journal_head}\r\n"
    return front.encode("ascii") + raw


def _address_headers(code: str, subject: str, mid: str, sender: tuple[str, str], to: tuple[str, str], ref: str,
                     in_reply_to: str) -> Iterator[tuple[str, str | Header]]:
    yield "From", _mailbox(*sender, "From")
    yield "To", _mailbox(*to, "To")
    yield "Subject", _header(subject, "Subject")
    yield "Message-ID", mid
    if _MESSAGE_ID.fullmatch(in_reply_to) and len(in_reply_to) < _LONGEST_ID:
        yield "In-Reply-To", in_reply_to
        yield "References", in_reply_to
    yield "Auto-Submitted", "auto-replied" if in_reply_to else "auto-generated"
    yield "X-Auto-Response-Suppress", "All"
    yield "X-Mailflow-Letter", code
    if ref:
        yield "X-Mailflow-Audit", _header(ref, "X-Mailflow-Audit")


def _line(text: str) -> str:
    """One line without control characters: what cannot end a header cannot start another."""
    return " ".join(_CONTROL.sub(" ", text).split())


def _header(text: str, name: str) -> str | Header:
    line = _line(text)
    return line if _is_plain(line) else Header(line, "utf-8", header_name=name)


def _is_plain(line: str) -> bool:
    """ASCII that no reader takes for an encoded word: what somebody typed as one is shown as they typed it."""
    return line.isascii() and "=?" not in line


def _mailbox(name: str, address: str, header: str) -> str | Header:
    if not _ADDRESS.fullmatch(address):
        raise PermanentError(f"{address!r} is not an address a letter can go to")
    line = _line(name)[:_LONGEST_NAME]
    if _is_plain(line):
        return formataddr((line, address))
    made = Header(line, "utf-8", header_name=header)
    made.append(f"<{address}>", "us-ascii")
    return made


def open_letter(raw: bytes) -> tuple[str, tuple[Document, ...]]:
    """A letter of ours opened again: its words without the footer, and its documents."""
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    body = message.get_body(("plain",))
    documents = tuple(Document(str(part.get_filename()), part.get_content_type(), bytes(part.get_payload(decode=True) or b""))
                      for part in message.iter_attachments())
    return body_of(body.get_content().replace("\r\n", "\n")) if body is not None else "", documents
