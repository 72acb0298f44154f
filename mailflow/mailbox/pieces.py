"""A message, fetched in pieces of 1 MiB, so that a big one is never held in memory."""

import imaplib
from pathlib import Path
from typing import Any, BinaryIO

from imapclient.exceptions import ProtocolError

from mailflow.errors import PermanentError, TemporaryError
from mailflow.mailbox.connection import plain
from mailflow.mailbox.protocol import MessageGone

PIECE = 1024 * 1024


def copy_pieces(client: Any, uid: int, place: str, target: Path) -> None:
    offset = 0
    with target.open("wb") as out:
        while True:
            piece = _piece(client, uid, offset)
            if piece is None:
                raise MessageGone(f"{place} is not in the inbox any more")
            _write(out, piece)
            offset += len(piece)
            if len(piece) < PIECE:
                return


def _write(out: BinaryIO, piece: bytes) -> None:
    try:
        out.write(piece)
    except OSError as e:
        # Our own disk, not the connection: translated here, where the two can still be told apart.
        raise TemporaryError(f"the message could not be written down: {e.strerror}") from e


def _piece(client: Any, uid: int, offset: int) -> bytes | None:
    try:
        found = client.fetch([uid], [f"BODY.PEEK[]<{offset}.{PIECE}>"]).get(uid, {})
    except (imaplib.IMAP4.abort, ProtocolError):
        raise
    except imaplib.IMAP4.error as e:
        # Removed by somebody else this very moment (RFC 5530).
        if "EXPUNGEISSUED" in str(e):
            return None
        # A message the server can't read must not keep the others waiting.
        raise PermanentError(f"the server refused to give a message: {plain(str(e))}") from None
    piece = found.get(f"BODY[]<{offset}>".encode())
    return bytes(piece) if piece is not None else None
