"""The invented people's side of the folder mailbox: reading what was sent to them, and writing back like a mail program."""

import re
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True)
class Received:
    """A letter as its recipient sees it."""

    code: str
    audit: str
    to: str
    subject: str
    message_id: str
    text: str
    forms: tuple[bytes, ...]
    # The names of every document, in the order they are attached.
    documents: tuple[str, ...] = ()


class Post:
    """``root`` is the folder mailbox. What a person writes lands in ``inbox/``; what mailflow sent is in ``sent/``."""

    def __init__(self, root: Path, address: str) -> None:
        self._root, self._address = root, address
        self._seen: set[str] = set()
        self._number = 0

    def fresh(self) -> list[Received]:
        """Letters sent since the last look, oldest first."""
        found = []
        for path in sorted((self._root / "sent").glob("*.eml"), key=lambda p: p.stat().st_mtime_ns):
            if path.name not in self._seen:
                self._seen.add(path.name)
                found.append(_open(path.read_bytes()))
        return found

    def write(self, sender: str, at: datetime, text: str, *, subject: str, answers: Received | None = None,
              form: bytes | None = None, name: str = "Audit form.docx", headers: dict[str, str] | None = None) -> None:
        """One new mail in the inbox, with the form attached when there is one."""
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = sender, self._address, subject
        message["Date"] = format_datetime(at)
        self._number += 1
        message["Message-ID"] = f"<{at:%Y%m%d%H%M}.{self._number}.{sender}>"
        if answers is not None:
            message["In-Reply-To"] = message["References"] = answers.message_id
        for key, value in (headers or {}).items():
            message[key] = value
        quoted = "\n".join(f"> {line}" for line in answers.text.splitlines()[:6]) if answers else ""
        message.set_content(f"{text}\n\n{quoted}\n" if quoted else f"{text}\n")
        if form is not None:
            kind, _, subtype = (XLSX if name.endswith(".xlsx") else DOCX).partition("/")
            message.add_attachment(form, maintype=kind, subtype=subtype, filename=name)
        self._drop(message.as_bytes(policy=policy.SMTP))

    def bounce(self, letter: Received, at: datetime) -> None:
        """What a mail server sends back when a mailbox is not there."""
        text = f"""\
Return-Path: <>
From: Mail Delivery System <mailer-daemon@mx.northmoor.example>
To: {self._address}
Subject: Undelivered Mail Returned to Sender
Date: {format_datetime(at)}
Message-ID: <bounce.{at:%Y%m%d%H%M}@mx.northmoor.example>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="=_dsn"

--=_dsn
Content-Type: text/plain; charset=us-ascii

Your message could not be delivered to one recipient.

--=_dsn
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.northmoor.example

Final-Recipient: rfc822; {letter.to}
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 no such mailbox

--=_dsn
Content-Type: text/rfc822-headers

Message-ID: {letter.message_id}
To: {letter.to}
From: {self._address}

--=_dsn--
"""
        self._drop(text.replace("\n", "\r\n").encode("ascii"))

    def _drop(self, raw: bytes) -> None:
        path = self._root / "inbox" / f"{self._number:04d}-{len(raw)}.eml"
        partial = path.with_suffix(".part")
        partial.write_bytes(raw)
        partial.rename(path)


def _open(raw: bytes) -> Received:
    message = message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    body = message.get_body(("plain",))
    # Other workbooks are lists, not forms.
    forms = tuple(bytes(p.get_payload(decode=True) or b"") for p in message.iter_attachments()
                  if (name := p.get_filename() or "").endswith(".docx") or re.fullmatch(r"Audit form .*\.xlsx", name))
    names = tuple(p.get_filename() or "" for p in message.iter_attachments())
    return Received(
        documents=names, code=str(message.get("X-Mailflow-Letter", "")), audit=str(message.get("X-Mailflow-Audit", "")),
        to=message["To"].addresses[0].addr_spec, subject=str(message["Subject"]), message_id=str(message["Message-ID"]),
        text=body.get_content() if body is not None else "", forms=forms)
