"""Small mails for this room's tests, and what two of them have in common after a server has carried them."""

from mailflow.mailbox.envelope import read_message_id

ADDRESS = "audits@northmoor.example"
AUDITOR = "morgan.reyes@northmoor.example"


def mail(number: int | str, subject: str = "Completed form", body: str = "See attached.", sender: str = AUDITOR) -> bytes:
    """A plain mail with the Message-ID <in-NUMBER@northmoor.example>."""
    lines = (
        f"From: {sender}", f"To: {ADDRESS}", f"Subject: {subject}", f"Message-ID: <in-{number}@northmoor.example>",
        "Date: Mon, 01 Jun 2026 09:00:00 +0100", "MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8", "", body,
    )
    return "\r\n".join((*lines, "")).encode()


def letter(number: int | str, to: str = AUDITOR, body: str = "A case has been allocated to you.") -> tuple[bytes, str]:
    """One of our own letters, and its Message-ID."""
    message_id = f"<mf.{number}@northmoor.example>"
    lines = (
        f"From: {ADDRESS}", f"To: {to}", "Subject: Audit", f"Message-ID: {message_id}",
        "Date: Mon, 01 Jun 2026 09:00:00 +0100", "MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8", "", body,
    )
    return "\r\n".join((*lines, "")).encode(), message_id


def is_letter(message_id: str) -> bool:
    return message_id.startswith("<mf.")


def ids(messages: tuple[bytes, ...]) -> list[str]:
    return [read_message_id(raw) for raw in messages]
