"""Inbound messages: kept once and first of all, then read, finished, settled; released ones start again."""

from pathlib import Path
from typing import Any

import pytest

from mailflow.errors import Broken, Lost, PermanentError
from mailflow.model import Answer, Passport, Reading, Status, Unreadable
from mailflow.store import Inbound, Store, StoredReading


def receive(store: Store, make: Any, message_id: str = "<1@x>", digest: str = "d1", raw: Any = b"raw") -> Inbound:
    with store.tx():
        inbound = store.receive(message_id, digest, "inbox/1.eml", raw, make.now)
    assert inbound is not None
    return inbound


def test_a_message_is_kept_whole_before_anything_else(store: Store, make: Any, tmp_path: Path) -> None:
    (tmp_path / "mail.eml").write_bytes(bytes(range(256)) * 70_000)
    inbound = receive(store, make, raw=tmp_path / "mail.eml")
    assert (inbound.state, inbound.place, inbound.received_at) == ("new", "inbox/1.eml", make.now)
    assert store.blob(inbound.sha) == (tmp_path / "mail.eml").read_bytes()
    assert store.get_inbound(inbound.id) == inbound == store.find_inbound("<1@x>", "d1")
    assert store.find_inbound_by_digest("d1") == inbound


def test_the_same_message_twice_changes_nothing(store: Store, make: Any) -> None:
    inbound = receive(store, make)
    with store.tx():
        assert store.receive("<1@x>", "d1", "inbox/2.eml", b"raw, delivered again", make.now) is None
    assert store.load_inbound() == (inbound,)


def test_the_same_message_id_with_other_content_is_kept_and_marked(store: Store, make: Any) -> None:
    first, second = receive(store, make), receive(store, make, digest="d2", raw=b"other")
    assert not first.double and second.double
    assert len(store.take_inbound("new")) == 2


def test_messages_are_taken_in_the_order_they_were_received(store: Store, make: Any) -> None:
    numbers = [receive(store, make, f"<{n}@x>", f"d{n}").id for n in (5, 3, 4)]
    assert [i.id for i in store.take_inbound("new")] == numbers


def test_odd_text_from_outside_does_not_stop_the_line(store: Store, make: Any) -> None:
    """Half characters and NULs come in with broken mail headers; SQLite and PostgreSQL refuse them."""
    inbound = receive(store, make, "<\udce9\0@x>")
    with store.tx():
        assert store.receive("<\udce9\0@x>", "d1", "p", b"raw", make.now) is None
        store.finish_inbound(inbound.id, "hold", "\ud800", "", "x\0@y", "caf\udce9 😀")
    found = store.get_inbound(inbound.id)
    assert (found.reason, found.sender, found.subject) == ("\ufffd", "x\ufffd@y", "caf\ufffd 😀")


def test_a_message_goes_from_new_to_read_to_done_to_settled(store: Store, make: Any) -> None:
    inbound = receive(store, make)
    reading = Reading(
        Status.READABLE, passport=Passport("2606-001A", "base", "10"), answers={"voice": Answer("voice", "Heard.")},
        rows={"actions": ({"what": Answer("what", "Visit")},)},
    )
    bad = Reading(Status.UNREADABLE, reason=Unreadable.DAMAGED, words="The document is damaged.")
    readings = (StoredReading("audit.docx", "aa", reading), StoredReading("../\udce9.docx", "bb", bad))
    with store.tx():
        store.save_readings(inbound.id, readings[:1])
        store.save_readings(inbound.id, readings)
    assert [i.id for i in store.take_inbound("read")] == [inbound.id] and store.take_inbound("new") == ()
    assert [r.reading for r in store.load_readings(inbound.id)] == [reading, bad]
    with store.tx():
        store.finish_inbound(inbound.id, "accept", "a return", "2606-001A", "A.Marsh@northmoor.example", "Re: audit")
    done = store.get_inbound(inbound.id)
    assert (done.state, done.disposition, done.audit, done.sender) == (
        "done", "accept", "2606-001A", "a.marsh@northmoor.example",
    )
    assert store.unsettled() == (done,) == store.load_inbound("accept") and store.load_inbound("hold") == ()
    with store.tx():
        store.settle_inbound(inbound.id)
        store.settle_inbound(inbound.id)
    assert store.unsettled() == () and store.get_inbound(inbound.id).settled


def test_only_one_of_two_finishes_a_message(store: Store, make: Any) -> None:
    inbound = receive(store, make)
    with store.tx():
        store.finish_inbound(inbound.id, "hold", "a stranger")
    for late in (
        lambda: store.finish_inbound(inbound.id, "accept"),
        lambda: store.save_readings(inbound.id, ()),
        lambda: store.note_failure(inbound.id, "too late"),
    ):
        with pytest.raises(Lost), store.tx():
            late()
    assert store.get_inbound(inbound.id).reason == "a stranger"


def test_a_released_message_starts_again_and_is_moved_again(store: Store, make: Any) -> None:
    inbound = receive(store, make)
    with pytest.raises(Lost), store.tx():
        store.reopen_inbound(inbound.id)
    with store.tx():
        assert [store.note_failure(inbound.id, f"attempt {n}") for n in (1, 2)] == [1, 2]
        store.finish_inbound(inbound.id, "hold", "no one can place it")
        store.settle_inbound(inbound.id)
        store.reopen_inbound(inbound.id)
    again = store.get_inbound(inbound.id)
    assert (again.state, again.disposition, again.failures, again.settled) == ("new", "", 0, False)
    assert store.unsettled() == ()


def test_equal_bytes_are_kept_once_under_their_digest(store: Store, make: Any) -> None:
    first, second = receive(store, make, "<1@x>", "d1"), receive(store, make, "<2@x>", "d2")
    assert first.sha == second.sha and len(first.sha) == 64
    with store.tx():
        assert store.save_blob(b"raw") == first.sha
    assert store._read("select count(*) from blob") == [(1,)]
    with pytest.raises(PermanentError):
        store.blob("0" * 64)


def test_what_is_not_there_is_said_so(store: Store) -> None:
    assert store.find_inbound("<1@x>", "d") is None and store.find_inbound_by_digest("d") is None
    with pytest.raises(PermanentError, match="no message 7"):
        store.get_inbound(7)


def test_nothing_is_written_outside_a_transaction(store: Store, make: Any) -> None:
    with pytest.raises(Broken, match="inside"):
        store.receive("<1@x>", "d1", "p", b"raw", make.now)
    with pytest.raises(Broken, match="inside"):
        store.save_cases([])
    assert store.load_inbound() == ()
