"""The folder mailbox: the contract, and what only a folder can do wrong."""

import os
from pathlib import Path
from urllib.parse import quote

import pytest

from mailflow.errors import PermanentError, TemporaryError
from mailflow.mailbox import Evidence, Mailbox, MessageGone, Ref
from mailflow.mailbox.folder import FolderMailbox, sent_name
from tests.mailbox.contract import MailboxContract, fetched
from tests.mailbox.mails import ADDRESS, AUDITOR, ids, letter, mail


class FolderBench:
    """A folder mailbox in a scratch folder; mail comes in the way any program would put it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.mailbox: Mailbox = FolderMailbox(path, ADDRESS)
        self._delivered = 0

    def again(self) -> Mailbox:
        return FolderMailbox(self.path, ADDRESS)

    def deliver(self, raw: bytes) -> None:
        self._delivered += 1
        self.drop(f"{self._delivered:04}.eml", raw)

    def drop(self, name: str, raw: bytes) -> Path:
        target = self.path / "inbox" / name
        target.write_bytes(raw)
        # One second apart and long ago: order by time, and nothing is taken for still growing.
        at = 1_700_000_000 + self._delivered
        os.utime(target, (at, at))
        return target

    def look(self, folder: str) -> tuple[bytes, ...]:
        return tuple(p.read_bytes() for p in sorted((self.path / folder).iterdir()))

    def take_away(self, message_id: str) -> None:
        away = self.path / "elsewhere"
        away.mkdir(exist_ok=True)
        for path in (self.path / "inbox").iterdir():
            if ids((path.read_bytes(),)) == [message_id]:
                path.rename(away / path.name)

    def put_back(self) -> None:
        for path in (self.path / "elsewhere").iterdir():
            path.rename(self.path / "inbox" / path.name)

    def put_in_sent(self, raw: bytes, name: str) -> None:
        (self.path / "sent" / name).write_bytes(raw)


@pytest.fixture
def bench(tmp_path: Path) -> FolderBench:
    return FolderBench(tmp_path / "mailbox")


class TestFolder(MailboxContract):
    """The contract on a folder."""


def names(mailbox: Mailbox) -> list[str]:
    return [ref.place for ref in mailbox.list_new()]


def test_the_folders_are_made_and_private(bench: FolderBench) -> None:
    for name in ("inbox", "filed", "held", "sent"):
        assert (bench.path / name).stat().st_mode & 0o777 == 0o700


def test_links_folders_hidden_and_other_names_are_not_messages(bench: FolderBench, tmp_path: Path) -> None:
    secret = tmp_path / "secret.eml"
    secret.write_bytes(mail(9))
    inbox = bench.path / "inbox"
    (inbox / "link.eml").symlink_to(secret)
    (inbox / "loop.eml").symlink_to(inbox / "loop.eml")
    (inbox / "folder.eml").mkdir()
    os.mkfifo(inbox / "pipe.eml")
    for name in (".hidden.eml", "half.eml.tmp", "half.eml.part", "note.txt", "eml"):
        bench.drop(name, mail(1))
    bench.drop("REAL.EML", mail(2))
    assert names(bench.mailbox) == ["REAL.EML"]


def test_a_link_swapped_in_after_listing_is_not_followed(bench: FolderBench, tmp_path: Path) -> None:
    secret = tmp_path / "secret.eml"
    bench.deliver(mail(1))
    (ref,) = bench.mailbox.list_new()
    here = bench.path / "inbox" / "0001.eml"
    secret.write_bytes(here.read_bytes())
    here.unlink()
    here.symlink_to(secret)
    with pytest.raises(PermanentError):
        bench.mailbox.fetch(ref, tmp_path / "x.eml")
    # The same when the link is as long as the message was.
    here.unlink()
    here.symlink_to(("x" * ref.size)[: 4000])
    with pytest.raises(PermanentError, match="could not be opened"):
        bench.mailbox.fetch(ref, tmp_path / "x.eml")
    assert not (tmp_path / "x.eml").exists()


def test_a_message_that_is_still_growing_waits_its_turn(
    bench: FolderBench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    growing, settled = bench.path / "inbox" / "growing.eml", bench.path / "inbox" / "settled.eml"
    growing.write_bytes(mail(1)[:50])
    settled.write_bytes(mail(2))

    def meanwhile(_: float) -> None:
        with growing.open("ab") as out:
            out.write(mail(1)[50:100])

    # The clock is the only thing replaced: while the mailbox waits its moment, the copy goes on.
    with monkeypatch.context() as patch:
        patch.setattr("mailflow.mailbox.folder.time.sleep", meanwhile)
        assert names(bench.mailbox) == ["settled.eml"]
    assert sorted(names(bench.mailbox)) == ["growing.eml", "settled.eml"]


def test_a_message_that_grew_after_listing_is_read_next_time(bench: FolderBench, tmp_path: Path) -> None:
    bench.deliver(mail(1)[:60])
    (ref,) = bench.mailbox.list_new()
    bench.drop("0001.eml", mail(1))
    with pytest.raises(MessageGone, match="still being written"):
        bench.mailbox.fetch(ref, tmp_path / "x.eml")
    (ref,) = bench.mailbox.list_new()
    assert fetched(bench.mailbox, ref, tmp_path) == mail(1)


@pytest.mark.parametrize(
    "name", ["Re: form (2) 100%.eml", "naïve £.eml", "line\nbreak.eml", "%2e%2e.eml", "a&b;$(x)`y`.eml", "x" * 240 + ".eml"]
)
def test_any_name_people_give_is_taken_and_filed(bench: FolderBench, tmp_path: Path, name: str) -> None:
    bench.drop(name, mail(1))
    (ref,) = bench.mailbox.list_new()
    assert ref.place.isascii() and ref.place.isprintable()
    assert fetched(bench.mailbox, ref, tmp_path) == mail(1)
    bench.mailbox.file(ref.place, "filed")
    assert [p.name for p in (bench.path / "filed").iterdir()] == [name]


def test_two_messages_of_one_name_are_both_kept(bench: FolderBench) -> None:
    for number in (1, 2, 3):
        bench.drop("form.eml", mail(number))
        bench.mailbox.file("form.eml", "filed")
    assert sorted(ids(bench.look("filed"))) == [f"<in-{n}@northmoor.example>" for n in (1, 2, 3)]


def test_a_place_never_leads_out_of_the_inbox(bench: FolderBench, tmp_path: Path) -> None:
    elsewhere = bench.path / "held" / "0001.eml"
    elsewhere.write_bytes(mail(1))
    (bench.path / "inbox" / "x").mkdir()
    for place in ("x%2F..%2F..%2Fheld%2F0001.eml", "x/../../held/0001.eml", quote(str(elsewhere), safe="")):
        with pytest.raises(MessageGone):
            bench.mailbox.fetch(Ref(place, len(mail(1))), tmp_path / "x.eml")
        bench.mailbox.file(place, "filed")
    assert bench.look("filed") == ()
    assert elsewhere.exists()


def test_a_name_that_is_no_text_is_taken_too(bench: FolderBench, tmp_path: Path) -> None:
    path = os.fsencode(bench.path / "inbox") + b"/\xff\xfe.eml"
    with open(path, "wb") as out:  # noqa: PTH123  (Path can't say these bytes)
        out.write(mail(1))
    (ref,) = bench.mailbox.list_new()
    assert fetched(bench.mailbox, ref, tmp_path) == mail(1)
    bench.mailbox.file(ref.place, "held")
    assert bench.look("held") == (mail(1),)


def test_a_letter_is_written_whole_or_not_at_all(bench: FolderBench, monkeypatch: pytest.MonkeyPatch) -> None:
    raw, message_id = letter(1)

    seen: list[str] = []

    def full(_: int) -> None:
        seen.extend(p.name for p in (bench.path / "sent").iterdir())
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("mailflow.mailbox.folder.os.fsync", full)
        with pytest.raises(TemporaryError, match="No space left"):
            bench.mailbox.send(raw, AUDITOR, message_id)
    # Before it is safely on the disk it has no name that anybody would take for a letter.
    assert len(seen) == 1
    assert not seen[0].endswith(".eml")
    assert bench.look("sent") == ()
    assert bench.mailbox.find_sent(message_id) is Evidence.ABSENT


def test_a_half_written_letter_of_a_killed_run_is_no_evidence(bench: FolderBench) -> None:
    raw, message_id = letter(1)
    bench.put_in_sent(raw, ".0123456789abcdef.tmp")
    assert bench.mailbox.find_sent(message_id) is Evidence.ABSENT


def test_names_in_sent_are_made_from_the_message_id_alone(bench: FolderBench) -> None:
    raw, message_id = letter("../../etc/cron.d/x")
    bench.mailbox.send(raw, AUDITOR, message_id)
    assert [p.name for p in (bench.path / "sent").iterdir()] == [sent_name(message_id)]
    assert len(sent_name(message_id)) == 44


def test_a_letter_in_sent_is_not_written_over(bench: FolderBench) -> None:
    raw, message_id = letter(1)
    bench.mailbox.send(raw, AUDITOR, message_id)
    bench.mailbox.send(raw + b"more\r\n", AUDITOR, message_id)
    assert bench.look("sent") == (raw,)


def test_where_sent_cannot_be_looked_at_nobody_knows(bench: FolderBench) -> None:
    (bench.path / "sent").rename(bench.path / "unplugged")
    assert bench.mailbox.find_sent("<mf.1@northmoor.example>") is Evidence.UNKNOWN


def test_an_inbox_that_is_not_there_is_tried_again_later(bench: FolderBench, tmp_path: Path) -> None:
    (bench.path / "inbox").rename(bench.path / "unplugged")
    with pytest.raises(TemporaryError):
        bench.mailbox.list_new()


def test_a_file_in_place_of_the_mailbox_folder_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "mailbox").write_text("not a folder")
    with pytest.raises(TemporaryError, match="could not be made"):
        FolderMailbox(tmp_path / "mailbox", ADDRESS)


@pytest.mark.skipif(os.getuid() == 0, reason="root may read everything")
def test_a_message_that_may_not_be_read_does_not_keep_the_others_waiting(bench: FolderBench, tmp_path: Path) -> None:
    bench.deliver(mail(1))
    bench.deliver(mail(2))
    (bench.path / "inbox" / "0001.eml").chmod(0)
    first, second = bench.mailbox.list_new()
    with pytest.raises(PermanentError, match="could not be opened"):
        bench.mailbox.fetch(first, tmp_path / "x.eml")
    assert fetched(bench.mailbox, second, tmp_path) == mail(2)
