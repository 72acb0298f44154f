"""IMAP to receive and SMTP to send: one mailbox.

Every letter goes to its recipient and, on the same envelope, to the mailbox itself. That copy is the evidence that it
was sent: it arrives in the inbox, is recognised by its Message-ID, and is filed under Sent.
"""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from mailflow.config import MailboxSettings
from mailflow.mailbox.envelope import check_address, check_carries
from mailflow.mailbox.imap import INBOX, ImapInbox
from mailflow.mailbox.protocol import Evidence, Ref, Sent, Target
from mailflow.mailbox.smtp import SmtpDoor


class ImapSmtpMailbox:
    """The folders' names come from the settings ("/" between levels, whatever the server uses)."""

    def __init__(self, settings: MailboxSettings, inbox: ImapInbox, door: SmtpDoor) -> None:
        self.address = check_address(settings.address.lower())
        self._folders: dict[Target, str] = {"filed": settings.filed, "held": settings.held}
        self._sent = settings.sent
        self._inbox = inbox
        self._door = door

    def list_new(self) -> Iterator[Ref]:
        return self._inbox.list_new()

    def fetch(self, ref: Ref, target: Path) -> None:
        self._inbox.fetch(ref.place, target)

    def file(self, ref_place: str, folder: Target) -> None:
        self._inbox.move(ref_place, self._folders[folder])

    def find_sent(self, message_id: str) -> Evidence:
        """Sent, and the inbox, where an envelope copy may not have been filed yet."""
        return self._inbox.find_id(message_id, (self._sent, INBOX))

    def send(self, raw: bytes, recipient: str, message_id: str) -> Sent:
        check_carries(raw, message_id)
        return self._door.send(raw, self.address, check_address(recipient), self.address)

    def file_own_copies(self, is_ours: Callable[[str], bool]) -> int:
        return self._inbox.move_own(is_ours, self._sent)

    def wait(self, seconds: float, stop: threading.Event) -> None:
        self._inbox.wait(seconds, stop)

    def close(self) -> None:
        self._inbox.close()
