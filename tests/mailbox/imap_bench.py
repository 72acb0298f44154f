"""A mailbox on real servers, built the way ``open_mailbox`` builds it, with the seams the tests need."""

from collections.abc import Callable
from itertools import count
from typing import Any

from mailflow.config import MailboxSettings, ServerSettings
from mailflow.mailbox import Mailbox
from mailflow.mailbox.connection import Connection
from mailflow.mailbox.imap import ImapInbox
from mailflow.mailbox.pair import ImapSmtpMailbox
from mailflow.mailbox.smtp import SmtpDoor
from tests.mailbox.mails import ids
from tests.servers import PASSWORD, Dovecot, Smtp

_NUMBERS = count(1)
Clock = Callable[[], float]


class ImapBench:
    """``people(name)`` gives the server's name for one of our folders, as people's programs see it."""

    def __init__(self, dovecot: Dovecot, smtp: Smtp, people: Callable[[str], str] = str) -> None:
        self.dovecot, self.smtp, self.people = dovecot, smtp, people
        # Every test has a mailbox of its own on the shared server.
        self.address = f"audits-{next(_NUMBERS)}@northmoor.example"
        self.mailbox: Mailbox = self.again()

    def again(self) -> Mailbox:
        return self.build()

    def build(self, *, timeout: float = 20.0, clock: Clock | None = None, **changes: Any) -> Mailbox:
        imap = ServerSettings(**{"host": "127.0.0.1", "port": self.dovecot.imap_port, "user": self.address,
                                 "tls": False, **changes})
        smtp = ServerSettings(host="127.0.0.1", port=self.smtp.port, tls=False)
        line = Connection(imap, PASSWORD, timeout, clock) if clock else Connection(imap, PASSWORD, timeout)
        settings = MailboxSettings(kind="imap", address=self.address, imap=imap, smtp=smtp)
        return ImapSmtpMailbox(settings, ImapInbox(line), SmtpDoor(smtp, "", timeout))

    def deliver(self, raw: bytes) -> None:
        self.dovecot.deliver(raw, self.address)

    def look(self, folder: str) -> tuple[bytes, ...]:
        ours = {"inbox": "INBOX", "filed": "mailflow/Filed", "held": "mailflow/Held", "sent": "Sent"}[folder]
        return self.dovecot.messages(self.address, ours if ours == "INBOX" else self.people(ours))

    def take_away(self, message_id: str) -> None:
        away = self.people("Elsewhere")
        with self.client() as program:
            if not program.folder_exists(away):
                program.create_folder(away)
            program.select_folder("INBOX")
            for uid in program.search("ALL"):
                raw = program.fetch([uid], ["BODY.PEEK[]"])[uid][b"BODY[]"]
                if ids((raw,)) == [message_id]:
                    _carry(program, uid, away)

    def put_back(self) -> None:
        with self.client() as program:
            program.select_folder(self.people("Elsewhere"))
            for uid in program.search("ALL"):
                _carry(program, uid, "INBOX")

    def put_in_sent(self, raw: bytes, name: str) -> None:
        with self.client() as program:
            if not program.folder_exists(self.people("Sent")):
                program.create_folder(self.people("Sent"))
            program.append(self.people("Sent"), raw)

    def client(self) -> Any:
        return self.dovecot.client(self.address)


def _carry(program: Any, uid: int, folder: str) -> None:
    """The way mail programs without MOVE do it."""
    program.copy([uid], folder)
    program.add_flags([uid], [rb"\Deleted"], silent=True)
    program.uid_expunge([uid])
