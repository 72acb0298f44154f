"""The only room that talks to a mail server. ``open_mailbox`` loads only the adapter the settings ask for."""

from mailflow.config import ServerSettings, Settings
from mailflow.errors import ConfigError
from mailflow.mailbox.protocol import Evidence, Mailbox, MessageGone, Ref, Sent

__all__ = ["Evidence", "Mailbox", "MessageGone", "Ref", "Sent", "open_mailbox"]


def open_mailbox(settings: Settings) -> Mailbox:
    """The mailbox of ``mailflow.toml``; nothing is connected yet. Raises ConfigError, TemporaryError (folder)."""
    wanted = settings.mailbox
    if wanted.kind == "folder" and wanted.path:
        from mailflow.mailbox.folder import FolderMailbox

        return FolderMailbox(wanted.path, wanted.address)
    if wanted.kind == "imap" and wanted.imap and wanted.smtp:
        return _open_pair(settings, wanted.imap, wanted.smtp)
    raise ConfigError(f"{settings.path}: mailbox.kind: {wanted.kind!r} lacks what it needs (path, or imap and smtp)")


def _open_pair(settings: Settings, imap: ServerSettings, smtp: ServerSettings) -> Mailbox:
    from mailflow.mailbox.connection import Connection
    from mailflow.mailbox.imap import ImapInbox
    from mailflow.mailbox.pair import ImapSmtpMailbox
    from mailflow.mailbox.smtp import SmtpDoor

    patience = float(settings.mailbox.timeout_seconds)
    inbox = ImapInbox(Connection(imap, imap.find_password(settings.folder), patience))
    door = SmtpDoor(smtp, smtp.find_password(settings.folder) if smtp.user else "", patience)
    return ImapSmtpMailbox(settings.mailbox, inbox, door)
