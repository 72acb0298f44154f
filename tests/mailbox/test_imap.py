"""The contract on a real dovecot with a real SMTP server before it, and what only a mail server can do wrong."""

import logging
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from imapclient.exceptions import IMAPClientAbortError

from mailflow.errors import ConfigError, PermanentError, TemporaryError
from mailflow.mailbox import Evidence, Mailbox, MessageGone
from mailflow.mailbox.imap import _listen
from tests.mailbox.contract import MailboxContract, fetched
from tests.mailbox.imap_bench import ImapBench
from tests.mailbox.mails import AUDITOR, ids, is_letter, letter, mail
from tests.servers import Dovecot, Relay, Silent, Smtp, free_port, until

# What an old server can do: no MOVE, no IDLE; one UID can be expunged.
OLD = "IMAP4rev1 UIDPLUS NAMESPACE"
# And one that can't even do that.
OLDEST = "IMAP4rev1"


@pytest.fixture
def bench(dovecot: Dovecot, smtp: Smtp) -> Iterator[ImapBench]:
    made = ImapBench(dovecot, smtp)
    yield made
    made.mailbox.close()


@pytest.fixture
def own(smtp: Smtp) -> Iterator[ImapBench]:
    """On a dovecot that the test may kill."""
    with Dovecot() as server, Smtp(server) as door:
        yield ImapBench(server, door)


@pytest.fixture(scope="module")
def old_server() -> Iterator[Dovecot]:
    with Dovecot(capability=OLD, separator=".", prefix="INBOX.") as server:
        yield server


@pytest.fixture(scope="module")
def oldest_server() -> Iterator[Dovecot]:
    with Dovecot(capability=OLDEST) as server:
        yield server


class TestImap(MailboxContract):
    """The contract on dovecot as it comes."""


class TestOldServer(MailboxContract):
    """The contract where there is no MOVE and no IDLE, and folders are called INBOX.mailflow.Filed."""

    @pytest.fixture
    def bench(self, old_server: Dovecot) -> Iterator[ImapBench]:
        with Smtp(old_server) as door:
            made = ImapBench(old_server, door, people=lambda name: "INBOX." + name.replace("/", "."))
            yield made
            made.mailbox.close()


def flags(bench: ImapBench, folder: str = "INBOX") -> dict[int, tuple[bytes, ...]]:
    with bench.client() as program:
        program.select_folder(folder, readonly=True)
        found = program.fetch(program.search("ALL"), ["FLAGS"])
        return {uid: tuple(sorted(answer[b"FLAGS"])) for uid, answer in found.items()}


@pytest.mark.parametrize("capability", ["", OLD, OLDEST])
def test_a_message_a_person_marked_deleted_survives_our_moves(
    capability: str, dovecot: Dovecot, old_server: Dovecot, oldest_server: Dovecot
) -> None:
    """The data loss found in another library: COPY, mark, and EXPUNGE of everything that anybody had marked."""
    server = {"": dovecot, OLD: old_server, OLDEST: oldest_server}[capability]
    with Smtp(server) as door:
        bench = ImapBench(server, door)
        for number in (1, 2, 3):
            bench.deliver(mail(number))
        first = next(bench.mailbox.list_new())
        with bench.client() as person:
            person.select_folder("INBOX")
            person.add_flags([2], [rb"\Deleted"])
        bench.mailbox.file(first.place, "filed")
        raw, message_id = letter(1)
        bench.mailbox.send(raw, AUDITOR, message_id)
        assert bench.mailbox.file_own_copies(is_letter) == 1
        bench.mailbox.close()
        left = ids(bench.look("inbox"))
        assert "<in-2@northmoor.example>" in left
        assert "<in-3@northmoor.example>" in left
        # Where one UID can't be expunged the original stays, crossed out; it is not listed again.
        assert ("<in-1@northmoor.example>" in left) == (capability == OLDEST)
        assert len(list(bench.mailbox.list_new())) == 1
        bench.mailbox.close()


def test_flags_and_categories_are_left_as_people_set_them(bench: ImapBench, tmp_path: Path) -> None:
    for number in range(1, 5):
        bench.deliver(mail(number))
    with bench.client() as person:
        person.select_folder("INBOX")
        person.add_flags([2], [rb"\Seen", b"$label1"])
        person.add_flags([3], [rb"\Flagged", b"Alex"])
    before = flags(bench)
    refs = list(bench.mailbox.list_new())
    bench.mailbox.file_own_copies(is_letter)
    for ref in refs:
        fetched(bench.mailbox, ref, tmp_path)
    bench.mailbox.find_sent("<mf.1@northmoor.example>")
    assert len(refs) == 4
    # \Recent is not anybody's to set: it is the server's own note on who looked first, and ours were read-only looks.
    assert _people(flags(bench)) == _people(before)
    for ref in refs[1:3]:
        bench.mailbox.file(ref.place, "held")
    moved = flags(bench, "mailflow/Held")
    assert sorted(_people(moved).values()) == sorted(_people({2: before[2], 3: before[3]}).values())


def _people(found: dict[int, tuple[bytes, ...]]) -> dict[int, tuple[bytes, ...]]:
    return {uid: tuple(flag for flag in set_ if flag != rb"\Recent") for uid, set_ in found.items()}


def test_a_message_crossed_out_by_a_person_is_left_alone(bench: ImapBench) -> None:
    bench.deliver(mail(1))
    with bench.client() as person:
        person.select_folder("INBOX")
        person.add_flags([1], [rb"\Deleted"])
    assert list(bench.mailbox.list_new()) == []
    assert len(bench.look("inbox")) == 1


def test_hundreds_of_messages_are_listed_and_found(bench: ImapBench) -> None:
    with bench.client() as program:
        for number in range(620):
            program.append("INBOX", mail(number))
    refs = list(bench.mailbox.list_new())
    assert len(refs) == 620
    assert [int(ref.place.rpartition("/")[2]) for ref in refs] == list(range(1, 621))


def test_a_renumbered_inbox_is_simply_listed_anew(own: ImapBench, tmp_path: Path) -> None:
    for number in (1, 2):
        own.deliver(mail(number))
    old = list(own.mailbox.list_new())
    own.dovecot.renumber(own.address)
    with pytest.raises(MessageGone):
        own.mailbox.fetch(old[0], tmp_path / "x.eml")
    own.mailbox.file(old[0].place, "filed")
    new = list(own.mailbox.list_new())
    assert {ref.place for ref in new}.isdisjoint(ref.place for ref in old)
    assert [ids((fetched(own.mailbox, ref, tmp_path),))[0] for ref in new] == [
        "<in-1@northmoor.example>", "<in-2@northmoor.example>"]
    assert len(own.look("inbox")) == 2


def test_a_connection_lost_between_two_steps_is_not_even_noticed(own: ImapBench, tmp_path: Path) -> None:
    own.deliver(mail(1))
    (ref,) = own.mailbox.list_new()
    own.dovecot.kill()
    own.dovecot.start()
    assert ids((fetched(own.mailbox, ref, tmp_path),)) == ["<in-1@northmoor.example>"]
    own.dovecot.kill()
    own.dovecot.start()
    own.mailbox.file(ref.place, "filed")
    assert ids(own.look("filed")) == ["<in-1@northmoor.example>"]


def test_a_server_that_is_away_is_tried_again_and_comes_back(own: ImapBench, tmp_path: Path) -> None:
    own.deliver(mail(1))
    (ref,) = own.mailbox.list_new()
    own.dovecot.kill()
    with pytest.raises(TemporaryError):
        own.mailbox.fetch(ref, tmp_path / "x.eml")
    assert own.mailbox.find_sent("<mf.1@northmoor.example>") is Evidence.UNKNOWN
    own.dovecot.start()
    until("the mailbox to answer again", lambda: _answers(own.mailbox), seconds=20)
    assert list(own.mailbox.list_new()) == [ref]


def _answers(mailbox: Mailbox) -> bool:
    try:
        return bool(list(mailbox.list_new()))
    except TemporaryError:
        return False


def test_a_server_that_stays_away_is_asked_less_and_less_often(bench: ImapBench) -> None:
    now = [1000.0]
    gone = bench.build(port=free_port(), clock=lambda: now[0])
    pauses = []
    for _ in range(14):
        with pytest.raises(TemporaryError):
            gone.list_new()
        began = now[0]
        while _is_waiting(gone):
            now[0] += 0.5
        pauses.append(now[0] - began)
    # Every look here is itself an attempt once the pause is over, so each pause follows a failed one.
    assert pauses == sorted(pauses)
    assert pauses[0] <= 1
    assert max(pauses) == 300


def _is_waiting(mailbox: Mailbox) -> bool:
    try:
        mailbox.list_new()
    except TemporaryError as e:
        return "next attempt" in str(e)
    return False


def test_a_server_that_says_nothing_ends_in_try_again(bench: ImapBench, tmp_path: Path) -> None:
    with Silent() as silent:
        for tls in (False, True):
            mailbox = bench.build(port=silent.port, tls=tls, timeout=0.2)
            with pytest.raises(TemporaryError, match="no answer in time"):
                mailbox.list_new()


def test_a_wrong_password_is_a_matter_of_settings(own: ImapBench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.mailbox.imap_bench.PASSWORD", "wrong")
    with pytest.raises(ConfigError, match="check user and password") as caught:
        own.build().list_new()
    assert "wrong" not in str(caught.value)
    monkeypatch.setattr("tests.mailbox.imap_bench.PASSWORD", "pässwörd £")
    with pytest.raises(ConfigError, match="check user and password"):
        own.build().list_new()


def test_a_password_with_a_pound_sign_signs_in(smtp: Smtp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.servers.dovecot.PASSWORD", "pässwörd£")
    monkeypatch.setattr("tests.mailbox.imap_bench.PASSWORD", "pässwörd£")
    with Dovecot() as server:
        assert list(ImapBench(server, smtp).mailbox.list_new()) == []


def test_news_ends_the_waiting(bench: ImapBench) -> None:
    list(bench.mailbox.list_new())
    waiting = threading.Thread(target=bench.mailbox.wait, args=(600, threading.Event()), daemon=True)
    waiting.start()
    bench.deliver(mail(1))
    waiting.join(timeout=20)
    assert not waiting.is_alive()
    assert len(list(bench.mailbox.list_new())) == 1


def test_news_in_one_packet_with_the_idling_is_not_overlooked(bench: ImapBench) -> None:
    """It lands in the library's buffer, where nothing more on the wire will ever point to it."""
    with Relay(bench.dovecot.imap_port) as relay:
        mailbox = bench.build(port=relay.port)
        list(mailbox.list_new())
        relay.hold = b"+ idling"
        waiting = threading.Thread(target=mailbox.wait, args=(600, threading.Event()), daemon=True)
        waiting.start()
        until("the IDLE to be held back", lambda: relay.hold == b"")
        bench.deliver(mail(1))
        waiting.join(timeout=20)
        assert not waiting.is_alive()
        mailbox.close()


def test_what_came_just_before_the_waiting_is_not_waited_for(bench: ImapBench) -> None:
    list(bench.mailbox.list_new())
    bench.deliver(mail(1))
    waiting = threading.Thread(target=bench.mailbox.wait, args=(600, threading.Event()), daemon=True)
    waiting.start()
    waiting.join(timeout=20)
    assert not waiting.is_alive()
    assert len(list(bench.mailbox.list_new())) == 1


class Noting(threading.Event):
    """An event that tells when somebody has settled down to wait for it."""

    def __init__(self) -> None:
        super().__init__()
        self.awaited = threading.Event()

    def wait(self, timeout: float | None = None) -> bool:
        self.awaited.set()
        return super().wait(timeout)


def test_a_connection_lost_while_waiting_is_waited_out_in_peace(bench: ImapBench) -> None:
    with Relay(bench.dovecot.imap_port) as relay:
        mailbox = bench.build(port=relay.port)
        list(mailbox.list_new())
        stop = Noting()
        waiting = threading.Thread(target=mailbox.wait, args=(600, stop), daemon=True)
        waiting.start()
        until("the IDLE command", lambda: b" IDLE\r\n" in relay.asked)
        assert not stop.awaited.is_set()
        relay.cut()
        # It neither fails nor asks the dead line again and again: it goes over to plain waiting.
        until("the plain waiting", stop.awaited.is_set)
        assert waiting.is_alive()
        assert relay.connections == 1
        stop.set()
        waiting.join(timeout=20)
        assert not waiting.is_alive()
        bench.deliver(mail(1))
        assert len(list(mailbox.list_new())) == 1


def test_a_line_that_is_closed_is_not_asked_again_and_again() -> None:
    """IMAPClient says of a closed line only that there is no news, at once, however often it is asked."""

    class Closed:
        asked = 0

        def idle_check(self, timeout: float) -> list[object]:
            self.asked += 1
            return []

    line = Closed()
    with pytest.raises(IMAPClientAbortError):
        _listen(line, time.monotonic() + 2, threading.Event())
    assert line.asked == 1


def test_a_fetch_cut_in_the_middle_is_made_whole(bench: ImapBench, tmp_path: Path) -> None:
    raw = b"Message-ID: <big@northmoor.example>\r\n\r\n" + b"0123456789abcdef\r\n" * 300_000
    bench.deliver(raw)
    with Relay(bench.dovecot.imap_port) as relay:
        mailbox = bench.build(port=relay.port)
        (ref,) = mailbox.list_new()
        relay.cut_after = 3_000_000
        assert fetched(mailbox, ref, tmp_path).endswith(raw)
        assert relay.connections == 2


def test_a_connection_cut_again_and_again_ends_in_try_again(bench: ImapBench, tmp_path: Path) -> None:
    bench.deliver(mail(1, body="x" * 70))
    with Relay(bench.dovecot.imap_port) as relay:
        mailbox = bench.build(port=relay.port)
        (ref,) = mailbox.list_new()
        relay.target = free_port()
        relay.cut()
        with pytest.raises(TemporaryError):
            mailbox.fetch(ref, tmp_path / "x.eml")


@pytest.mark.parametrize("capability", ["", OLD])
def test_a_plain_expunge_is_never_said(capability: str, dovecot: Dovecot, old_server: Dovecot) -> None:
    server = old_server if capability else dovecot
    with Smtp(server) as door, Relay(server.imap_port) as relay:
        bench = ImapBench(server, door)
        mailbox = bench.build(port=relay.port)
        bench.deliver(mail(1))
        mailbox.file(next(mailbox.list_new()).place, "filed")
        mailbox.close()
        until("the goodbye", lambda: b" LOGOUT\r\n" in relay.asked)
        said = [line.split(b" ", 1)[1] for line in relay.asked.split(b"\r\n") if b" " in line]
        assert (b"UID MOVE 1 " in relay.asked) == (capability == "")
        assert [line for line in said if b"EXPUNGE" in line.upper()] == ([b"UID EXPUNGE 1"] if capability else [])
        # CLOSE expunges as well.
        assert not any(line.upper() == b"CLOSE" for line in said)


def test_looking_opens_the_inbox_read_only_and_peeks(bench: ImapBench, tmp_path: Path) -> None:
    """Two bolts on one door: either alone would keep \\Seen from being set."""
    bench.deliver(mail(1))
    with Relay(bench.dovecot.imap_port) as relay:
        mailbox = bench.build(port=relay.port)
        mailbox.file_own_copies(is_letter)
        (ref,) = mailbox.list_new()
        fetched(mailbox, ref, tmp_path)
        mailbox.find_sent("<mf.1@northmoor.example>")
        mailbox.close()
        until("the goodbye", lambda: b" LOGOUT\r\n" in relay.asked)
        assert b" EXAMINE INBOX" in relay.asked.replace(b'"', b"")
        assert b" SELECT " not in relay.asked
        assert b"BODY.PEEK[]" in relay.asked
        assert b"BODY[" not in relay.asked
        assert b" STORE " not in relay.asked


def test_a_message_id_named_in_passing_is_no_evidence(bench: ImapBench) -> None:
    raw = mail(1).replace(b"<in-1@northmoor.example>", b"<in-1@northmoor.example> (answers <mf.9@northmoor.example>)")
    bench.put_in_sent(raw, "")
    bench.deliver(raw)
    assert bench.mailbox.find_sent("<mf.9@northmoor.example>") is Evidence.ABSENT


@pytest.mark.parametrize("broken", [1, 3, 5])
def test_a_message_the_server_cannot_read_does_not_keep_the_others_waiting(
    bench: ImapBench, tmp_path: Path, broken: int
) -> None:
    """dovecot hangs up over such a message, again and again."""
    for number in range(1, 6):
        bench.deliver(mail(number))
    raw, message_id = letter(1)
    bench.mailbox.send(raw, AUDITOR, message_id)
    bench.dovecot.damage(bench.address, f"<in-{broken}@northmoor.example>")
    assert bench.mailbox.file_own_copies(is_letter) == 1
    refs = list(bench.mailbox.list_new())
    assert len(refs) == 5
    for number, ref in enumerate(refs, start=1):
        if number == broken:
            with pytest.raises(PermanentError) as caught:
                bench.mailbox.fetch(ref, tmp_path / "x.eml")
            assert not isinstance(caught.value, MessageGone)
        else:
            assert ids((fetched(bench.mailbox, ref, tmp_path),)) == [f"<in-{number}@northmoor.example>"]
            bench.mailbox.file(ref.place, "filed")
    assert list(bench.mailbox.list_new()) == [refs[broken - 1]]


def test_folders_people_removed_are_made_again(bench: ImapBench) -> None:
    bench.deliver(mail(1))
    bench.mailbox.file(next(bench.mailbox.list_new()).place, "filed")
    with bench.client() as person:
        person.delete_folder("mailflow/Filed")
    bench.deliver(mail(2))
    ref = next(bench.mailbox.list_new())
    for _ in range(2):
        # The first attempt finds out; the next one makes the folder.
        try:
            bench.mailbox.file(ref.place, "filed")
            break
        except TemporaryError:
            continue
    assert ids(bench.look("filed")) == ["<in-2@northmoor.example>"]


def test_people_can_see_our_folders(bench: ImapBench) -> None:
    bench.deliver(mail(1))
    bench.mailbox.file(next(bench.mailbox.list_new()).place, "held")
    with bench.client() as person:
        shown = {name for _, _, name in person.list_sub_folders()}
    assert "mailflow/Held" in shown


def test_no_log_line_ever_holds_a_mail(bench: ImapBench, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    bench.deliver(mail(1, subject="A-very-private-subject", body="A-very-private-body"))
    (ref,) = bench.mailbox.list_new()
    fetched(bench.mailbox, ref, tmp_path)
    raw, message_id = letter(1, body="A-very-private-body")
    bench.mailbox.send(raw, AUDITOR, message_id)
    bench.mailbox.file_own_copies(is_letter)
    said = "\n".join(r.getMessage() for r in caplog.records if not r.name.startswith("mail.log"))
    assert "private" not in said
