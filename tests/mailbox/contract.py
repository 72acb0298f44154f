"""What every mailbox must do, whatever stands behind it. Run by test_folder.py and test_imap.py."""

import threading
import tracemalloc
from pathlib import Path
from typing import Protocol

import pytest

from mailflow.errors import Broken, PermanentError
from mailflow.mailbox import Evidence, Mailbox, MessageGone, Ref, Sent
from tests.mailbox.mails import AUDITOR, ids, is_letter, letter, mail

MEGABYTE = 1024 * 1024


class Bench(Protocol):
    """A mailbox with the world around it. ``folder`` is inbox, filed, held or sent."""

    mailbox: Mailbox

    def again(self) -> Mailbox:
        """The same mailbox opened anew, as after a restart."""
        ...

    def deliver(self, raw: bytes) -> None:
        """A mail comes in from outside."""
        ...

    def look(self, folder: str) -> tuple[bytes, ...]:
        """What stands in a folder, seen by somebody else's program."""
        ...

    def take_away(self, message_id: str) -> None:
        """A person moves a message out of the inbox to a folder of their own."""
        ...

    def put_back(self) -> None:
        """And back again."""
        ...

    def put_in_sent(self, raw: bytes, name: str) -> None:
        """A person puts a letter into the sent folder by hand."""
        ...


def fetched(mailbox: Mailbox, ref: Ref, folder: Path) -> bytes:
    target = folder / "fetched.eml"
    mailbox.fetch(ref, target)
    return target.read_bytes()


class MailboxContract:
    """One suite for both adapters; a subclass gives the ``bench`` fixture."""

    def test_everything_in_the_inbox_is_listed_oldest_first(self, bench: Bench, tmp_path: Path) -> None:
        for number in range(1, 6):
            bench.deliver(mail(number))
        refs = list(bench.mailbox.list_new())
        found = ids(tuple(fetched(bench.mailbox, ref, tmp_path) for ref in refs))
        assert found == [f"<in-{n}@northmoor.example>" for n in range(1, 6)]
        assert all(ref.size >= len(mail(1)) for ref in refs)
        assert len({ref.place for ref in refs}) == 5
        assert all(ref.place.isascii() and ref.place.isprintable() for ref in refs)

    def test_an_empty_inbox_is_no_trouble(self, bench: Bench) -> None:
        assert list(bench.mailbox.list_new()) == []
        assert bench.mailbox.file_own_copies(is_letter) == 0

    @pytest.mark.parametrize(
        "raw",
        [
            mail(1, body="Grüße, £5 and a dot:\r\n.\r\n..\r\nend"),
            b"Subject: no id, no end of line\r\n\r\nbody\r\n",
            b"\r\nonly a body\r\n",
            b"Subject: =?utf-8?q?half\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\n\xff\xfe\x80\r\n",
            b"Message-ID:\r\n <folded@northmoor.example>\r\nX: " + b"y" * 20000 + b"\r\n\r\n" + b"z" * 5000 + b"\r\n",
        ],
        ids=["dots and accents", "no id", "no headers", "broken", "long lines"],
    )
    def test_a_mail_is_fetched_byte_for_byte(self, bench: Bench, tmp_path: Path, raw: bytes) -> None:
        bench.deliver(raw)
        (ref,) = bench.mailbox.list_new()
        # Servers put their trace above; from there on nothing may differ.
        assert fetched(bench.mailbox, ref, tmp_path).endswith(raw)

    def test_looking_and_fetching_change_nothing(self, bench: Bench, tmp_path: Path) -> None:
        bench.deliver(mail(1))
        before = bench.look("inbox")
        (ref,) = bench.mailbox.list_new()
        first = fetched(bench.mailbox, ref, tmp_path)
        assert fetched(bench.mailbox, ref, tmp_path) == first
        assert list(bench.mailbox.list_new()) == [ref]
        assert bench.look("inbox") == before

    @pytest.mark.parametrize("folder", ["filed", "held"])
    def test_filing_moves_a_message_and_may_be_done_twice(self, bench: Bench, folder: str) -> None:
        bench.deliver(mail(1))
        bench.deliver(mail(2))
        first, second = bench.mailbox.list_new()
        for _ in range(2):
            bench.mailbox.file(first.place, folder)  # type: ignore[arg-type]
        assert ids(bench.look(folder)) == ["<in-1@northmoor.example>"]
        assert ids(bench.look("inbox")) == ["<in-2@northmoor.example>"]
        assert list(bench.mailbox.list_new()) == [second]

    def test_a_place_still_holds_after_a_restart(self, bench: Bench, tmp_path: Path) -> None:
        bench.deliver(mail(1))
        (ref,) = bench.mailbox.list_new()
        bench.mailbox.close()
        later = bench.again()
        assert ids((fetched(later, ref, tmp_path),)) == ["<in-1@northmoor.example>"]
        later.file(ref.place, "filed")
        assert ids(bench.look("filed")) == ["<in-1@northmoor.example>"]

    def test_a_closed_mailbox_can_be_used_again(self, bench: Bench) -> None:
        bench.deliver(mail(1))
        bench.mailbox.close()
        assert len(list(bench.mailbox.list_new())) == 1

    def test_a_message_moved_away_by_a_person_is_gone_and_no_trouble(self, bench: Bench, tmp_path: Path) -> None:
        bench.deliver(mail(1))
        bench.deliver(mail(2))
        first, second = bench.mailbox.list_new()
        bench.take_away("<in-1@northmoor.example>")
        with pytest.raises(MessageGone):
            bench.mailbox.fetch(first, tmp_path / "gone.eml")
        bench.mailbox.file(first.place, "filed")
        assert bench.look("filed") == ()
        assert list(bench.mailbox.list_new()) == [second]

    def test_a_message_moved_out_and_back_is_listed_again(self, bench: Bench, tmp_path: Path) -> None:
        bench.deliver(mail(1))
        list(bench.mailbox.list_new())
        bench.take_away("<in-1@northmoor.example>")
        assert list(bench.mailbox.list_new()) == []
        bench.put_back()
        (ref,) = bench.mailbox.list_new()
        assert ids((fetched(bench.mailbox, ref, tmp_path),)) == ["<in-1@northmoor.example>"]

    @pytest.mark.parametrize(
        "place", ["", "uid:1/1", "uid:99999999999999/1", "../sent/x.eml", "..%2Fsent%2Fx.eml", "/etc/passwd", "%00.eml",
                  ".hidden.eml", "nothing.eml", "x" * 3000 + ".eml", "uid:1/1\r\nA1 LOGOUT"],
    )
    def test_a_place_of_another_mailbox_is_simply_not_here(self, bench: Bench, tmp_path: Path, place: str) -> None:
        bench.deliver(mail(1))
        with pytest.raises(MessageGone):
            bench.mailbox.fetch(Ref(place, 10), tmp_path / "gone.eml")
        bench.mailbox.file(place, "held")
        assert len(bench.look("inbox")) == 1
        assert bench.look("held") == ()

    def test_the_same_mail_twice_is_two_messages_and_neither_overwrites_the_other(self, bench: Bench) -> None:
        bench.deliver(mail(1))
        bench.mailbox.file(next(bench.mailbox.list_new()).place, "filed")
        bench.deliver(mail(1))
        bench.mailbox.file(next(bench.mailbox.list_new()).place, "filed")
        assert len(bench.look("filed")) == 2
        assert bench.look("inbox") == ()

    def test_a_big_message_is_never_held_in_memory(self, bench: Bench, tmp_path: Path) -> None:
        body = b"\r\n".join([b"A" * 76] * (25 * MEGABYTE // 78))
        raw = b"Message-ID: <big@northmoor.example>\r\n\r\n" + body + b"\r\n"
        bench.deliver(raw)
        (ref,) = bench.mailbox.list_new()
        target = tmp_path / "big.eml"
        tracemalloc.start()
        try:
            bench.mailbox.fetch(ref, target)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        assert target.read_bytes().endswith(raw)
        assert peak < len(raw) / 4

    def test_a_letter_sent_leaves_evidence(self, bench: Bench) -> None:
        raw, message_id = letter(1)
        assert bench.mailbox.find_sent(message_id) is Evidence.ABSENT
        assert bench.mailbox.send(raw, AUDITOR, message_id) is Sent.ACCEPTED
        assert bench.mailbox.find_sent(message_id) is Evidence.FOUND
        assert bench.mailbox.find_sent(message_id.strip("<>")) is Evidence.FOUND
        assert bench.mailbox.find_sent("<mf.2@northmoor.example>") is Evidence.ABSENT

    def test_a_part_of_a_message_id_is_no_evidence(self, bench: Bench) -> None:
        raw, message_id = letter(12)
        bench.mailbox.send(raw, AUDITOR, message_id)
        assert bench.mailbox.find_sent("<f.12@northmoor.example>") is Evidence.ABSENT
        assert bench.mailbox.find_sent("<mf.12@northmoor.exampl>") is Evidence.ABSENT

    def test_evidence_outlives_filing_and_a_restart(self, bench: Bench) -> None:
        raw, message_id = letter(1)
        bench.mailbox.send(raw, AUDITOR, message_id)
        bench.mailbox.file_own_copies(is_letter)
        bench.mailbox.close()
        later = bench.again()
        assert later.find_sent(message_id) is Evidence.FOUND
        assert ids(bench.look("sent")) == [message_id]
        assert bench.look("sent")[0].endswith(raw)

    def test_our_own_copies_are_filed_and_never_listed(self, bench: Bench, tmp_path: Path) -> None:
        bench.deliver(mail(1))
        for number in (1, 2):
            raw, message_id = letter(number)
            bench.mailbox.send(raw, AUDITOR, message_id)
        bench.mailbox.file_own_copies(is_letter)
        (ref,) = bench.mailbox.list_new()
        assert ids((fetched(bench.mailbox, ref, tmp_path),)) == ["<in-1@northmoor.example>"]
        assert bench.mailbox.file_own_copies(is_letter) == 0
        assert sorted(ids(bench.look("sent"))) == ["<mf.1@northmoor.example>", "<mf.2@northmoor.example>"]
        # And one that arrives after the filing is not taken for a mail from outside either.
        raw, message_id = letter(3)
        bench.mailbox.send(raw, AUDITOR, message_id)
        assert list(bench.mailbox.list_new()) == [ref]

    def test_a_letter_put_into_sent_by_hand_is_evidence(self, bench: Bench) -> None:
        raw, message_id = letter(7)
        assert bench.mailbox.find_sent(message_id) is Evidence.ABSENT
        bench.put_in_sent(raw, "Copy of letter (2).eml")
        assert bench.mailbox.find_sent(message_id) is Evidence.FOUND

    @pytest.mark.parametrize(
        "address",
        ["", "<>", " ", "morgan", "@northmoor.example", "morgan@", "morgan reyes@northmoor.example",
         "morgan@northmoor.example\r\nRCPT TO:<x@elsewhere.example>", "morgan@northmoor.example\n", "a@b@c.example",
         "a@northmoor.example,b@northmoor.example", "<morgan@northmoor.example>", "morgan@northmoor.example\0",
         "mörgan@northmoor.example", "x" * 300 + "@northmoor.example", " morgan@northmoor.example"],
    )
    def test_an_odd_address_is_refused_and_nothing_is_sent(self, bench: Bench, address: str) -> None:
        raw, message_id = letter(1)
        with pytest.raises(PermanentError):
            bench.mailbox.send(raw, address, message_id)
        assert bench.mailbox.find_sent(message_id) is Evidence.ABSENT
        assert bench.look("sent") == bench.look("inbox") == ()

    def test_a_letter_under_a_wrong_message_id_is_our_own_mistake(self, bench: Bench) -> None:
        raw, _ = letter(1)
        with pytest.raises(Broken):
            bench.mailbox.send(raw, AUDITOR, "<mf.2@northmoor.example>")
        with pytest.raises(Broken):
            bench.mailbox.find_sent("<a b@northmoor.example>\r\n")

    def test_waiting_ends_when_told_to_stop(self, bench: Bench) -> None:
        stop = threading.Event()
        waiting = threading.Thread(target=bench.mailbox.wait, args=(600, stop), daemon=True)
        waiting.start()
        stop.set()
        waiting.join(timeout=20)
        assert not waiting.is_alive()

    def test_waiting_ends_when_the_time_is_over(self, bench: Bench) -> None:
        bench.mailbox.wait(0.01, threading.Event())
        assert list(bench.mailbox.list_new()) == []
