"""A real SMTP server on loopback (aiosmtpd) that keeps what it takes, forwards it to dovecot, and can be made to fail."""

import asyncio
import warnings
from dataclasses import dataclass
from enum import StrEnum
from types import TracebackType
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.servers.certificate import Certificate
from tests.servers.dovecot import PASSWORD, Dovecot
from tests.servers.wait import free_port


class Fault(StrEnum):
    """What goes wrong with one letter. AFTER_DATA: the server has the whole message."""

    DROP_AT_SENDER = "the connection drops at MAIL FROM"
    REFUSE_SENDER = "550 at MAIL FROM"
    DROP_AT_RECIPIENT = "the connection drops at RCPT TO"
    BUSY_RECIPIENT = "451 at RCPT TO"
    REFUSE_RECIPIENT = "550 at RCPT TO"
    REFUSE_COPY = "550 for the second recipient only"
    CLOSE_AT_COPY = "421 for the second recipient"
    BUSY_AFTER_DATA = "451 after the message, which is not kept"
    REFUSE_AFTER_DATA = "554 after the message, which is not kept"
    DROP_AFTER_DATA = "the message is delivered, then the connection drops"
    LOSE_AFTER_DATA = "the message is lost, and the connection drops"
    HANG_AFTER_DATA = "the message is delivered, and nothing is ever answered"
    GARBLE_AFTER_DATA = "the message is delivered, and the answer is gibberish"


@dataclass(frozen=True)
class Mail:
    """One message as it was taken: envelope and bytes. ``options`` is what was said at MAIL FROM (SIZE=…, BODY=…)."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes
    options: tuple[str, ...] = ()


class Smtp:
    """``port``, ``received`` (what was taken, also where the answer got lost), ``faults`` (each letter takes the first).

    Everything taken is delivered to every recipient's mailbox in ``dovecot``, where one is given. ``size`` is announced;
    ``sign_in`` asks for PASSWORD; ``certificate`` is used at once, or after STARTTLS.
    """

    def __init__(
        self, dovecot: Dovecot | None = None, *, faults: tuple[Fault, ...] = (), size: int = 64 * 1024 * 1024,
        sign_in: bool = False, certificate: Certificate | None = None, starttls: bool = False,
    ) -> None:
        self.received: list[Mail] = []
        self.faults = list(faults)
        self.port = 0
        self._dovecot = dovecot
        context = certificate.server_context() if certificate else None
        self._options: dict[str, Any] = {
            "data_size_limit": size, "hostname": "127.0.0.1", "server_hostname": "mx.northmoor.example",
            "authenticator": _authenticate, "auth_required": sign_in, "auth_require_tls": False,
            "ssl_context": None if starttls else context, "tls_context": context if starttls else None,
        }

    def __enter__(self) -> "Smtp":
        for attempt in range(3):
            self.port = free_port()
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                self._controller = Controller(_Handler(self), port=self.port, **self._options)
            try:
                self._controller.start()
                return self
            except OSError:
                # Somebody else took the port between asking for it and listening on it.
                if attempt == 2:
                    raise
        raise AssertionError("not reached")

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, at: TracebackType | None) -> None:
        self._controller.stop()

    def take(self, mail: Mail) -> None:
        """Keep a message and deliver it."""
        self.received.append(mail)
        if self._dovecot is not None:
            # One at a time: smtplib reads a single answer after the message, LMTP gives one a recipient.
            for recipient in mail.recipients:
                self._dovecot.deliver(mail.raw, recipient, mail.sender)


class _Handler:
    """aiosmtpd's hooks; a letter's fault is chosen at MAIL FROM and kept on its session."""

    def __init__(self, smtp: Smtp) -> None:
        self._smtp = smtp
        self._fault: dict[int, Fault | None] = {}

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        fault = self._smtp.faults.pop(0) if self._smtp.faults else None
        self._fault[id(session)] = fault
        if fault is Fault.DROP_AT_SENDER:
            await _drop(server)
        if fault is Fault.REFUSE_SENDER:
            return "550 5.7.1 you may not send here"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        fault, second = self._fault[id(session)], bool(envelope.rcpt_tos)
        if fault is Fault.DROP_AT_RECIPIENT:
            await _drop(server)
        answers = {
            (Fault.BUSY_RECIPIENT, False): "451 4.2.1 try again later",
            (Fault.REFUSE_RECIPIENT, False): "550 5.1.1 no such user",
            (Fault.REFUSE_COPY, True): "550 5.1.1 no such user",
            (Fault.CLOSE_AT_COPY, True): "421 4.3.2 closing down",
        }
        if fault is not None and (fault, second) in answers:
            return answers[fault, second]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        fault = self._fault[id(session)]
        if fault is Fault.BUSY_AFTER_DATA:
            return "451 4.3.0 try again later"
        if fault is Fault.REFUSE_AFTER_DATA:
            return "554 5.6.0 not wanted"
        if fault is Fault.LOSE_AFTER_DATA:
            await _drop(server)
        mail = Mail(str(envelope.mail_from or ""), tuple(envelope.rcpt_tos), bytes(envelope.original_content or b""),
                    tuple(envelope.mail_options))
        await asyncio.get_running_loop().run_in_executor(None, self._smtp.take, mail)
        if fault is Fault.DROP_AFTER_DATA:
            await _drop(server)
        if fault is Fault.HANG_AFTER_DATA:
            await asyncio.Event().wait()
        return "what was the question?" if fault is Fault.GARBLE_AFTER_DATA else "250 2.0.0 taken"


async def _drop(server: SMTP) -> None:
    """Hang up; the session's task is cancelled by the server when it notices."""
    transport = server.transport
    assert isinstance(transport, asyncio.WriteTransport)
    transport.abort()
    await asyncio.Event().wait()


def _authenticate(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
    right = isinstance(data, LoginPassword) and data.password == PASSWORD.encode()
    return AuthResult(success=right, handled=right)
