"""A letter out of the door by SMTP, and what may be said about it afterwards.

The one question is whether the server has the letter. Until the last line of the message has left it surely has not;
once it answered, it said so; in between nobody can know, and a letter of unknown fate is never simply sent again.

| what happened | outcome |
| --- | --- |
| no connection, silence, 4xx before the message, connection lost before its end | TemporaryError |
| 5xx, announced SIZE exceeded | PermanentError |
| 4xx / 5xx after the message | TemporaryError / PermanentError |
| nothing intelligible after the message | Sent.UNKNOWN |
| 2xx after the message | Sent.ACCEPTED |
"""

import base64
import re
import smtplib
from contextlib import suppress

from mailflow.config import ServerSettings
from mailflow.errors import PermanentError, TemporaryError
from mailflow.mailbox.protocol import Sent
from mailflow.mailbox.tls import TIMEOUT_SECONDS, Wire, context, decide_wire, words_of

# Refusals that are about our sign-in (RFC 4954), not about the letter.
_SIGN_IN = (530, 534, 535, 538)
_LINE_END = re.compile(rb"\r\n|\r|\n")
_DOT = re.compile(rb"(?m)^\.")


class SmtpDoor:
    """One connection a letter. Raises ConfigError at once for clear text to another machine."""

    def __init__(self, server: ServerSettings, password: str, timeout: float = TIMEOUT_SECONDS) -> None:
        self._server = server
        self._password = password
        self._timeout = timeout
        self._wire = decide_wire(server)

    def send(self, raw: bytes, sender: str, recipient: str, copy: str) -> Sent:
        """``raw`` to ``recipient``, and a copy to ``copy`` on the same envelope ("" or the recipient's own: none).

        The addresses have been checked by the caller. The copy's refusal is nobody's failure.
        """
        lines = _LINE_END.sub(b"\r\n", raw)
        client = self._opened(sender.rpartition("@")[2])
        try:
            self._sign_in(client)
            self._envelope(client, lines, sender, recipient, copy)
            return self._hand_over(client, lines)
        except (smtplib.SMTPException, OSError, ValueError) as e:
            raise self._translated(e) from None
        finally:
            _leave(client)

    def _opened(self, own_name: str) -> smtplib.SMTP:
        host, port = self._server.host, self._server.port
        try:
            if self._wire is Wire.TLS:
                return smtplib.SMTP_SSL(host, port, own_name, timeout=self._timeout, context=context())
            return smtplib.SMTP(host, port, own_name, timeout=self._timeout)
        except (smtplib.SMTPException, OSError, ValueError) as e:
            raise self._translated(e) from None

    def _sign_in(self, client: smtplib.SMTP) -> None:
        client.ehlo_or_helo_if_needed()
        if self._wire is Wire.STARTTLS:
            client.starttls(context=context())
            client.ehlo_or_helo_if_needed()
        if self._server.user and self._password.isascii():
            client.login(self._server.user, self._password)
        elif self._server.user:
            # smtplib knows only ASCII passwords; RFC 4616 says UTF-8.
            plain = base64.b64encode(f"\0{self._server.user}\0{self._password}".encode()).decode("ascii")
            code, words = client.docmd("AUTH", f"PLAIN {plain}")
            if code != 235:
                raise smtplib.SMTPAuthenticationError(code, words)

    def _envelope(self, client: smtplib.SMTP, lines: bytes, sender: str, recipient: str, copy: str) -> None:
        limit = client.esmtp_features.get("size", "")
        if limit.isdigit() and 0 < int(limit) < len(lines):
            raise PermanentError(f"the letter has {len(lines)} bytes, the server takes {limit}")
        options = [f"SIZE={len(lines)}"] if client.has_extn("size") else []
        if not lines.isascii():
            if not client.has_extn("8bitmime"):
                raise PermanentError("the letter is not plain ASCII and the server takes nothing else")
            options.append("BODY=8BITMIME")
        self._judge(client.mail(sender, options), "the sender")
        self._judge(client.rcpt(recipient), "the recipient")
        if copy and copy.lower() != recipient.lower():
            code, _ = client.rcpt(copy)
            if code == 421:
                raise TemporaryError(f"{self._where()}: the server is closing down")

    def _hand_over(self, client: smtplib.SMTP, lines: bytes) -> Sent:
        self._judge(client.docmd("DATA"), "the letter", good=(354,))
        # A failure in here is before the last line: the server has to throw away what it got (RFC 5321 4.1.1.4).
        client.send(_stuffed(lines))
        try:
            code, words = client.getreply()
        except (smtplib.SMTPException, OSError, ValueError):
            return Sent.UNKNOWN
        if 200 <= code < 300:
            return Sent.ACCEPTED
        if 400 <= code < 600:
            self._judge((code, words), "the letter")
        return Sent.UNKNOWN

    def _judge(self, answer: tuple[int, bytes], what: str, good: tuple[int, ...] = (250, 251, 252)) -> None:
        code, words = answer
        if code in good:
            return
        said = f"{self._where()}: {what} was refused: {code} {_plain(words)}"
        if 500 <= code < 600 and code not in _SIGN_IN:
            raise PermanentError(said)
        raise TemporaryError(said)

    def _translated(self, e: Exception) -> TemporaryError:
        if isinstance(e, smtplib.SMTPAuthenticationError):
            return TemporaryError(f"{self._where()}: the sign-in as {self._server.user!r} was refused; "
                                  "check user and password")
        if isinstance(e, smtplib.SMTPResponseException):
            return TemporaryError(f"{self._where()}: {e.smtp_code} {_plain(e.smtp_error)}")
        if isinstance(e, smtplib.SMTPNotSupportedError):
            return TemporaryError(f"{self._where()}: {e}")
        if isinstance(e, smtplib.SMTPServerDisconnected):
            return TemporaryError(f"{self._where()}: the connection was lost or there was no answer in time")
        if isinstance(e, OSError) and not isinstance(e, smtplib.SMTPException):
            return TemporaryError(words_of(self._server, e))
        return TemporaryError(f"{self._where()}: an answer made no sense ({type(e).__name__})")

    def _where(self) -> str:
        return f"{self._server.host}:{self._server.port}"


def _stuffed(lines: bytes) -> bytes:
    """Leading dots doubled, and the end mark: what goes over the wire after 354."""
    lines = _DOT.sub(b"..", lines)
    return lines + (b".\r\n" if lines.endswith(b"\r\n") else b"\r\n.\r\n")


def _leave(client: smtplib.SMTP) -> None:
    """The letter's fate is settled by now; how the goodbye ends changes nothing."""
    with suppress(smtplib.SMTPException, OSError, ValueError):
        client.quit()
    client.close()


def _plain(words: bytes | str) -> str:
    text = words if isinstance(words, str) else words.decode("utf-8", "replace")
    return "".join(c if c.isprintable() else " " for c in text)[:200]
