"""Encryption is checked, and there is no way round it by accident."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from mailflow.config import ServerSettings
from mailflow.errors import ConfigError, TemporaryError
from mailflow.mailbox import Sent
from mailflow.mailbox.connection import Connection
from mailflow.mailbox.imap import ImapInbox
from mailflow.mailbox.smtp import SmtpDoor
from mailflow.mailbox.tls import Wire, decide_wire
from tests.mailbox.mails import ADDRESS, AUDITOR, letter
from tests.servers import PASSWORD, Certificate, Dovecot, Smtp, make_certificate

# aiosmtpd's own remark on test servers that want a sign-in.
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH")

RAW, _ = letter(1)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return make_certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture(scope="module")
def server(certificate: Certificate) -> Iterator[Dovecot]:
    with Dovecot(certificate=certificate) as made:
        yield made


def settings(port: int, *, starttls: bool = False, host: str = "localhost") -> ServerSettings:
    return ServerSettings(host, port, user=ADDRESS, tls=True, starttls=starttls)


def inbox(port: int, *, starttls: bool = False) -> ImapInbox:
    return ImapInbox(Connection(settings(port, starttls=starttls), PASSWORD, 20))


@pytest.mark.parametrize("starttls", [False, True])
def test_imap_is_encrypted_once_the_certificate_is_trusted(
    server: Dovecot, certificate: Certificate, monkeypatch: pytest.MonkeyPatch, starttls: bool
) -> None:
    port = server.imap_port if starttls else server.imaps_port
    with pytest.raises(TemporaryError, match="certificate is not trusted"):
        inbox(port, starttls=starttls).list_new()
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.public))
    assert list(inbox(port, starttls=starttls).list_new()) == []


@pytest.mark.parametrize("starttls", [False, True])
def test_smtp_is_encrypted_once_the_certificate_is_trusted(
    certificate: Certificate, monkeypatch: pytest.MonkeyPatch, starttls: bool
) -> None:
    with Smtp(certificate=certificate, starttls=starttls, sign_in=True) as door:
        sender = SmtpDoor(settings(door.port, starttls=starttls), PASSWORD, 20)
        with pytest.raises(TemporaryError, match="certificate is not trusted"):
            sender.send(RAW, ADDRESS, AUDITOR, "")
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate.public))
        assert sender.send(RAW, ADDRESS, AUDITOR, "") is Sent.ACCEPTED


def test_a_certificate_for_another_name_is_not_trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = make_certificate(tmp_path, "DNS:mail.elsewhere.example")
    monkeypatch.setenv("SSL_CERT_FILE", str(other.public))
    with Smtp(certificate=other) as door:
        with pytest.raises(TemporaryError, match="certificate is not trusted"):
            SmtpDoor(settings(door.port), PASSWORD, 20).send(RAW, ADDRESS, AUDITOR, "")
        assert door.received == []


def test_a_server_without_starttls_never_sees_the_password(dovecot: Dovecot) -> None:
    with Smtp(dovecot, sign_in=True) as door:
        with pytest.raises(TemporaryError, match="STARTTLS"):
            SmtpDoor(settings(door.port, starttls=True), PASSWORD, 20).send(RAW, ADDRESS, AUDITOR, "")
        assert door.received == []
    with pytest.raises(TemporaryError, match="STARTTLS"):
        inbox(dovecot.imap_port, starttls=True).list_new()


def test_tls_to_a_server_that_speaks_in_clear_says_nothing_to_it(dovecot: Dovecot) -> None:
    heard = bytearray()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

        def greet() -> None:
            line, _ = listener.accept()
            with line:
                line.sendall(b"* OK ready\r\n")
                heard.extend(line.recv(65536))

        greeter = threading.Thread(target=greet)
        greeter.start()
        with pytest.raises(TemporaryError):
            inbox(port).list_new()
        greeter.join(timeout=20)
    assert PASSWORD.encode() not in heard


@pytest.mark.parametrize(
    ("host", "tls", "starttls", "wire"),
    [("mail.example", True, False, Wire.TLS), ("mail.example", True, True, Wire.STARTTLS),
     ("mail.example", False, True, Wire.STARTTLS), ("127.0.0.1", False, False, Wire.CLEAR),
     ("localhost", False, False, Wire.CLEAR), ("127.0.0.1", True, False, Wire.TLS),
     ("mail.example", False, False, None), ("127.0.0.1.mail.example", False, False, None)],
)
def test_clear_text_only_to_this_machine(host: str, tls: bool, starttls: bool, wire: Wire | None) -> None:
    server = ServerSettings(host, 993, tls=tls, starttls=starttls)
    if wire is None:
        with pytest.raises(ConfigError):
            decide_wire(server)
    else:
        assert decide_wire(server) is wire
