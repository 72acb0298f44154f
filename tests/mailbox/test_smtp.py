"""What may be said about a letter after an attempt to send it, fault by fault (mail facts 3.2)."""

from collections.abc import Iterator

import pytest

from mailflow.config import ServerSettings
from mailflow.errors import ConfigError, MailflowError, PermanentError, TemporaryError
from mailflow.mailbox import Evidence, Sent
from mailflow.mailbox.smtp import SmtpDoor
from tests.mailbox.imap_bench import ImapBench
from tests.mailbox.mails import ADDRESS, AUDITOR, letter
from tests.servers import PASSWORD, Dovecot, Fault, Silent, Smtp, free_port

# aiosmtpd's own remark on test servers that want a sign-in.
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH")

RAW, MESSAGE_ID = letter(1)


@pytest.fixture
def bench(dovecot: Dovecot, smtp: Smtp) -> Iterator[ImapBench]:
    made = ImapBench(dovecot, smtp)
    yield made
    made.mailbox.close()


def door(port: int, *, timeout: float = 20.0, password: str = "", **changes: object) -> SmtpDoor:
    settings = {"host": "127.0.0.1", "port": port, "tls": False, **changes}
    return SmtpDoor(ServerSettings(**settings), password, timeout)  # type: ignore[arg-type]


# Fault → (how the attempt ends, what evidence there is afterwards).
TABLE: dict[Fault, tuple[Sent | type[MailflowError], Evidence]] = {
    Fault.DROP_AT_SENDER: (TemporaryError, Evidence.ABSENT),
    Fault.REFUSE_SENDER: (PermanentError, Evidence.ABSENT),
    Fault.DROP_AT_RECIPIENT: (TemporaryError, Evidence.ABSENT),
    Fault.BUSY_RECIPIENT: (TemporaryError, Evidence.ABSENT),
    Fault.REFUSE_RECIPIENT: (PermanentError, Evidence.ABSENT),
    Fault.REFUSE_COPY: (Sent.ACCEPTED, Evidence.ABSENT),
    Fault.CLOSE_AT_COPY: (TemporaryError, Evidence.ABSENT),
    Fault.BUSY_AFTER_DATA: (TemporaryError, Evidence.ABSENT),
    Fault.REFUSE_AFTER_DATA: (PermanentError, Evidence.ABSENT),
    Fault.DROP_AFTER_DATA: (Sent.UNKNOWN, Evidence.FOUND),
    Fault.LOSE_AFTER_DATA: (Sent.UNKNOWN, Evidence.ABSENT),
    Fault.HANG_AFTER_DATA: (Sent.UNKNOWN, Evidence.FOUND),
    Fault.GARBLE_AFTER_DATA: (Sent.UNKNOWN, Evidence.FOUND),
}


def test_the_table_knows_every_fault() -> None:
    assert set(TABLE) == set(Fault)


@pytest.mark.parametrize("fault", list(Fault), ids=[f.name for f in Fault])
def test_every_fault_ends_as_the_table_says(bench: ImapBench, fault: Fault) -> None:
    outcome, evidence = TABLE[fault]
    bench.smtp.faults.append(fault)
    mailbox = bench.build(timeout=1.0 if fault is Fault.HANG_AFTER_DATA else 20.0)
    if isinstance(outcome, Sent):
        assert mailbox.send(RAW, AUDITOR, MESSAGE_ID) is outcome
    else:
        with pytest.raises(outcome):
            mailbox.send(RAW, AUDITOR, MESSAGE_ID)
    assert mailbox.find_sent(MESSAGE_ID) is evidence
    # Where it was surely not sent, sending it again works and sends it once.
    if outcome is TemporaryError:
        assert mailbox.send(RAW, AUDITOR, MESSAGE_ID) is Sent.ACCEPTED
        assert mailbox.find_sent(MESSAGE_ID) is Evidence.FOUND
        assert len(bench.smtp.received) == 1
    mailbox.close()


def test_one_recipient_and_the_copy_on_the_envelope(bench: ImapBench) -> None:
    bench.mailbox.send(RAW, AUDITOR, MESSAGE_ID)
    (taken,) = bench.smtp.received
    assert taken.sender == bench.address
    assert taken.recipients == (AUDITOR, bench.address)
    # aiosmtpd gives the message as it came over the wire.
    assert taken.raw == RAW


def test_a_refused_copy_does_not_stop_the_letter(bench: ImapBench) -> None:
    bench.smtp.faults.append(Fault.REFUSE_COPY)
    assert bench.mailbox.send(RAW, AUDITOR, MESSAGE_ID) is Sent.ACCEPTED
    assert [mail.recipients for mail in bench.smtp.received] == [(AUDITOR,)]


def test_a_refused_recipient_means_no_copy_either(bench: ImapBench) -> None:
    bench.smtp.faults.append(Fault.REFUSE_RECIPIENT)
    with pytest.raises(PermanentError, match=r"550 5\.1\.1 no such user"):
        bench.mailbox.send(RAW, AUDITOR, MESSAGE_ID)
    assert bench.smtp.received == []
    assert bench.look("inbox") == ()


def test_a_letter_to_the_mailbox_itself_goes_once(bench: ImapBench) -> None:
    bench.mailbox.send(RAW, bench.address.upper(), MESSAGE_ID)
    assert [len(mail.recipients) for mail in bench.smtp.received] == [1]


def test_a_letter_bigger_than_announced_is_not_even_begun(dovecot: Dovecot) -> None:
    with Smtp(dovecot, size=5000) as server:
        small = door(server.port)
        raw, _ = letter(1, body="x" * 70 + "\n" + "y" * 70 + "\n")
        assert small.send(raw, ADDRESS, AUDITOR, "") is Sent.ACCEPTED
        big = b"Message-ID: <mf.2@northmoor.example>\r\n\r\n" + b"x" * 70 * 80
        with pytest.raises(PermanentError, match="5000"):
            small.send(big, ADDRESS, AUDITOR, "")
        assert len(server.received) == 1


def test_bare_line_ends_and_leading_dots_arrive_as_they_should(smtp: Smtp) -> None:
    door(smtp.port).send(b"Message-ID: <1@x>\n\n.\n..two\nlast", ADDRESS, AUDITOR, "")
    assert smtp.received[0].raw == b"Message-ID: <1@x>\r\n\r\n.\r\n..two\r\nlast\r\n"


def test_eight_bit_letters_are_declared(smtp: Smtp) -> None:
    raw = "Message-ID: <1@x>\r\nContent-Transfer-Encoding: 8bit\r\n\r\nGrüße\r\n".encode()
    door(smtp.port).send(raw, ADDRESS, AUDITOR, "")
    door(smtp.port).send(RAW, ADDRESS, AUDITOR, "")
    assert smtp.received[0].raw == raw
    assert f"SIZE={len(raw)}" in smtp.received[0].options
    assert ["BODY=8BITMIME" in mail.options for mail in smtp.received] == [True, False]


def test_nobody_there_is_tried_again() -> None:
    with pytest.raises(TemporaryError):
        door(free_port()).send(RAW, ADDRESS, AUDITOR, "")


def test_a_server_that_says_nothing_ends_in_try_again() -> None:
    with Silent() as silent:
        for tls in (False, True):
            with pytest.raises(TemporaryError, match="in time"):
                door(silent.port, timeout=0.2, tls=tls).send(RAW, ADDRESS, AUDITOR, "")


@pytest.mark.parametrize("password", [PASSWORD, "wrong", "pässwörd£"])
def test_the_sign_in(dovecot: Dovecot, password: str) -> None:
    with Smtp(dovecot, sign_in=True) as server:
        signed_in = door(server.port, user=ADDRESS, password=password)
        if password == PASSWORD:
            assert signed_in.send(RAW, ADDRESS, AUDITOR, "") is Sent.ACCEPTED
        else:
            with pytest.raises(TemporaryError, match="check user and password") as caught:
                signed_in.send(RAW, ADDRESS, AUDITOR, "")
            assert password not in str(caught.value)
        # Nobody signed in: the server will not have it, and that is not the letter's fault.
        with pytest.raises(TemporaryError):
            door(server.port).send(RAW, ADDRESS, AUDITOR, "")


def test_a_password_with_a_pound_sign_signs_in(dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.servers.smtp.PASSWORD", "pässwörd£")
    with Smtp(dovecot, sign_in=True) as server:
        signed_in = door(server.port, user=ADDRESS, password="pässwörd£")
        assert signed_in.send(RAW, ADDRESS, AUDITOR, "") is Sent.ACCEPTED


def test_clear_text_to_another_machine_is_refused_at_once() -> None:
    with pytest.raises(ConfigError, match="tls may be false only"):
        door(25, host="mail.northmoor.example")
