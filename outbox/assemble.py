"""RFC 5322 bytes: the same letter gives the same bytes, so a restored backup finds what it sent before.

The stdlib's older message classes are used on purpose: they fold at white space only and never encode a Message-ID.
"""

import email
import email.charset
import email.policy
import hashlib
import hmac
import re
from collections.abc import Sequence
from datetime import datetime
from email.generator import BytesGenerator
from email.header import Header
from email.message import EmailMessage
from email.mime.application import MIMEApplication
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import compat32
from email.utils import format_datetime, formataddr
from io import BytesIO

from mailflow.errors import Broken, PermanentError
from mailflow.model import Document
from outbox.render import Rendered, body_of

_UTF8 = email.charset.Charset("utf-8")
_UTF8.body_encoding = email.charset.QP
_MESSAGE_ID = re.compile(r"<[!-;=?-~]+@[!-;=?-~]+>")
_OWN_ID = re.compile(r"<?([0-9a-f]{24})([0-9a-f]{16})@[^@<>]+>?")
_ADDRESS = re.compile(r"[!#-'*+/-9=?A-Z^-~.-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,80}")
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
    body = MIMEMultipart("alternative", boundary=f"=_alt-{boundary}")
    body.attach(MIMEText(rendered.text, "plain", _UTF8))  # type: ignore[arg-type]  # a Charset is allowed
    body.attach(MIMEText(rendered.html, "html", _UTF8))  # type: ignore[arg-type]
    invitations = [d for d in documents if d.kind.startswith("text/calendar")]
    for invitation in invitations:
        # Mail programs offer "accept" only for an alternative, not for an attachment.
        body.attach(_calendar(invitation))
    message: MIMEMultipart = body
    attached = [d for d in documents if d not in invitations]
    if attached:
        message = MIMEMultipart("mixed", boundary=f"=_mix-{boundary}")
        message.attach(body)
        for document in attached:
            message.attach(_attachment(document))
    _address_headers(message, code, subject, mid, sender, to, ref, in_reply_to)
    return _bytes(message)


def finish(raw: bytes, at: datetime, journal_head: str) -> bytes:
    """Puts on Date and X-Mailflow-Journal at the door, before the other headers. Raises Broken for an odd head."""
    if not _HEAD.fullmatch(journal_head):
        raise Broken("the journal's head cannot stand in a header")
    front = f"Date: {format_datetime(at)}\r\nX-Mailflow-Journal: {journal_head}\r\n"
    return front.encode("ascii") + raw


def _address_headers(message: MIMEMultipart, code: str, subject: str, mid: str, sender: tuple[str, str],
                     to: tuple[str, str], ref: str, in_reply_to: str) -> None:
    answers = in_reply_to if _MESSAGE_ID.fullmatch(in_reply_to) and len(in_reply_to) < _LONGEST_ID else ""
    for name, who in (("From", sender), ("To", to)):
        message[name] = _mailbox(*who, name)  # type: ignore[assignment]  # the older classes take a Header
    message["Subject"] = _header(subject, "Subject")  # type: ignore[assignment]  # the older classes take a Header
    message["Message-ID"] = mid
    if answers:
        message["In-Reply-To"] = answers
        message["References"] = answers
    message["Auto-Submitted"] = "auto-replied" if in_reply_to else "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message["X-Mailflow-Letter"] = code
    if ref:
        message["X-Mailflow-Audit"] = _line(ref)


def _line(text: str) -> str:
    """One line without control characters: what cannot end a header cannot start another."""
    return " ".join(_CONTROL.sub(" ", text).split())


def _header(text: str, name: str) -> Header:
    line = _line(text)
    return Header(line, "us-ascii" if _is_plain(line) else "utf-8", header_name=name)


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


def _calendar(document: Document) -> MIMEBase:
    part = MIMEText(document.data.decode(), "calendar", _UTF8)  # type: ignore[arg-type]
    part.set_param("method", "REQUEST")
    return part


def _attachment(document: Document) -> MIMEBase:
    if not _FILE_NAME.fullmatch(document.name):
        raise Broken(f"{document.name!r} is not a name for an attachment of ours")
    subtype = document.kind.partition("/")
    if subtype[0] == "text":
        part: MIMEBase = MIMEText(document.data.decode(), subtype[2].partition(";")[0], _UTF8)  # type: ignore[arg-type]
    else:
        part = MIMEApplication(document.data, subtype[2])
    part.add_header("Content-Disposition", "attachment", filename=document.name)
    return part


def _bytes(message: MIMEMultipart) -> bytes:
    out = BytesIO()
    BytesGenerator(out, mangle_from_=False, policy=compat32.clone(linesep="\r\n", max_line_length=76)).flatten(message)
    return out.getvalue()


def open_letter(raw: bytes) -> tuple[str, tuple[Document, ...]]:
    """A letter of ours opened again: its words without the footer, and its documents."""
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    body = message.get_body(("plain",))
    documents = tuple(Document(str(part.get_filename()), part.get_content_type(), bytes(part.get_payload(decode=True) or b""))
                      for part in message.iter_attachments())
    return body_of(body.get_content().replace("\r\n", "\n")) if body is not None else "", documents
