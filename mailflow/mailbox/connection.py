"""One signed-in IMAP connection that is made when needed, dropped when anything went wrong, and made again.

Every foreign exception is translated here. The words of a lost or garbled connection are our own: what the library
would print may contain lines of somebody's mail.
"""

import imaplib
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import LoginError, ProtocolError

from mailflow.config import ServerSettings
from mailflow.errors import ConfigError, PermanentError, TemporaryError
from mailflow.mailbox.tls import TIMEOUT_SECONDS, Wire, context, decide_wire, words_of

T = TypeVar("T")
# Seconds between attempts to connect: the first may be repeated at once, then 1, 2, 4 … up to this.
LONGEST_PAUSE = 300.0
# The library writes whole messages to its DEBUG log. Nobody may turn that on by accident.
logging.getLogger("imapclient").setLevel(logging.WARNING)


class Unanswered(TemporaryError):  # noqa: N818  (the house's way of naming)
    """The connection broke, or what came made no sense, also on a second attempt where there was one."""


class Connection:
    """``use`` runs one piece of work on a signed-in client; everything it raises is ours.

    ``clock`` is monotonic seconds. ``generation`` counts sign-ins: whoever remembers something about the connection
    (the folder selected) compares it.
    """

    def __init__(
        self, server: ServerSettings, password: str, timeout: float = TIMEOUT_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.generation = 0
        self._server = server
        self._password = password
        self._timeout = timeout
        self._clock = clock
        self._wire = decide_wire(server)
        self._client: IMAPClient | None = None
        self._was_in = False
        self._failures = 0
        self._not_before = 0.0
        self._trouble = ""

    def use(self, work: Callable[[Any], T], again: bool = True) -> T:
        """``work(client)``; once more on a new connection when an old one turns out to be lost (``again``).

        Raises TemporaryError (Unanswered: the line, not a refusal), and ConfigError when the first sign-in is refused.
        """
        was_open = self._client is not None
        try:
            return self._once(work)
        except Unanswered:
            if not (again and was_open):
                raise
        return self._once(work)

    def drop(self) -> None:
        """Close without a word to the server."""
        if self._client is not None:
            # It is broken or in an unknown state; how closing it fails tells nothing more.
            with suppress(imaplib.IMAP4.error, OSError, ValueError):
                self._client.shutdown()
            self._client = None

    def close(self) -> None:
        """Sign out politely, if it can be done."""
        if self._client is not None:
            with suppress(imaplib.IMAP4.error, OSError, ValueError):
                self._client.logout()
                self._client = None
        self.drop()

    def _once(self, work: Callable[[Any], T]) -> T:
        client = self._client or self._connect()
        done = False
        try:
            answer = work(client)
            self._failures, done = 0, True
            return answer
        except PermanentError:
            # A message that is not there says nothing against the connection.
            done = True
            raise
        except (imaplib.IMAP4.error, OSError, ValueError) as e:
            raise self._translated(e) from None
        finally:
            # Whatever was raised, also our own: nobody knows what the connection was in the middle of.
            if not done:
                self.drop()

    def _connect(self) -> Any:
        wait = self._not_before - self._clock()
        if wait > 0:
            raise TemporaryError(f"{self._trouble} (next attempt in {wait:.0f} s)")
        try:
            self._client = self._opened()
            self._sign_in(self._client)
        except (imaplib.IMAP4.error, OSError, ValueError) as e:
            trouble = self._translated(e)
            self.drop()
            self._note_failure(str(trouble))
            raise trouble from None
        except (ConfigError, TemporaryError) as e:
            self.drop()
            self._note_failure(str(e))
            raise
        self.generation += 1
        self._was_in = True
        return self._client

    def _opened(self) -> Any:
        encrypted = self._wire is Wire.TLS
        client = IMAPClient(
            self._server.host, self._server.port, use_uid=True, ssl=encrypted,
            ssl_context=context() if encrypted else None, timeout=SocketTimeout(self._timeout, self._timeout),
        )
        if self._wire is Wire.STARTTLS:
            self._client = client
            client.starttls(context())
        return client

    def _sign_in(self, client: Any) -> None:
        # LOGIN takes plain ASCII only; a pound sign in a password is no reason to stay outside.
        sign_in = client.login if self._password.isascii() else client.plain_login
        try:
            sign_in(self._server.user, self._password)
        except LoginError as e:
            # IMAPClient calls a connection lost during the sign-in a refused one.
            if isinstance(e.__context__, imaplib.IMAP4.abort) or _passing(str(e)):
                raise Unanswered(f"{self._where()}: the sign-in got no answer") from None
            words = f"{self._where()}: the sign-in as {self._server.user!r} was refused; check user and password"
            # A password that worked an hour ago is rarely the trouble, and a daemon should not die of a hiccup.
            raise (TemporaryError(words) if self._was_in else ConfigError(words)) from None

    def _note_failure(self, trouble: str) -> None:
        self._failures += 1
        self._trouble = trouble
        pause = 0.0 if self._failures == 1 else min(2.0 ** (self._failures - 2), LONGEST_PAUSE)
        self._not_before = self._clock() + pause

    def _translated(self, e: Exception) -> TemporaryError:
        if isinstance(e, OSError):
            return Unanswered(words_of(self._server, e))
        if isinstance(e, imaplib.IMAP4.abort):
            return Unanswered(f"{self._where()}: the connection was lost")
        if isinstance(e, ProtocolError) or not isinstance(e, imaplib.IMAP4.error):
            return Unanswered(f"{self._where()}: an answer made no sense ({type(e).__name__})")
        return TemporaryError(f"{self._where()}: the server refused: {plain(str(e))}")

    def _where(self) -> str:
        return f"{self._server.host}:{self._server.port}"


def _passing(words: str) -> bool:
    """Refusals that say themselves that they are not about the password (RFC 5530)."""
    return any(code in words.upper() for code in ("[UNAVAILABLE]", "[INUSE]", "[LIMIT]", "[SERVERBUG]"))


def plain(words: str) -> str:
    """A server's words as one short printable line."""
    return "".join(c if c.isprintable() else " " for c in words)[:200]
