"""The journal: every change to it is noticed, and erasing what it says is not a break."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from mailflow.errors import Broken
from mailflow.store import Store
from mailflow.store.door import sqlite3


def write(store: Store, make: Any, entries: int = 5) -> None:
    for n in range(1, entries + 1):
        with store.tx():
            seq, head = store.journal("T-09", make.now + timedelta(minutes=n), f"A{n % 2}", "someone", {"n": n, "é": "☃"})
            assert (seq, head) == store.head()


def test_an_empty_journal_holds(store: Store) -> None:
    verdict = store.verify()
    assert verdict.holds and verdict.checked == 0 and store.head()[0] == 0


def test_entries_come_back_with_what_they_said(store: Store, make: Any) -> None:
    write(store, make)
    assert [e.data["n"] for e in store.load_journal("A1")] == [1, 3, 5]
    first = store.load_journal()[0]
    assert (first.seq, first.kind, first.audit, first.by) == (1, "T-09", "A1", "someone")
    assert first.at == make.now + timedelta(minutes=1) and first.data == {"n": 1, "é": "☃"} and not first.erased
    verdict = store.verify()
    assert verdict.holds and (verdict.checked, verdict.erased) == (5, 0) and "5 entries" in verdict.words


def test_equal_entries_have_different_digests(store: Store, make: Any) -> None:
    """Each has a salt of its own, so nobody can find out what an erased one said by trying."""
    with store.tx():
        store.journal("T-09", make.now)
        store.journal("T-09", make.now)
    salts = store._read("select salt from journal_body")
    assert len({bytes(salt) for (salt,) in salts}) == 2 and all(len(salt) == 32 for (salt,) in salts)


def test_an_entry_that_was_rolled_back_was_never_there(store: Store, make: Any) -> None:
    write(store, make, 2)
    head = store.head()
    with pytest.raises(ZeroDivisionError), store.tx():
        store.journal("T-09", make.now)
        _ = 1 / 0
    assert store.head() == head and store.verify().holds


def tamper(folder: Path, *statements: str) -> None:
    """What somebody with the database in hand can do."""
    conn = sqlite3.connect(folder / "mailflow.db")
    with conn:
        for sql in statements:
            assert conn.execute(sql).rowcount, sql
    conn.close()


BREAKS = {
    "a body is changed": (3, ["update journal_body set body = '{\"n\":9}' where seq = 3"]),
    "somebody else is named": (2, ["update journal_body set person = 'nobody' where seq = 2"]),
    "its audit is changed": (2, ["update journal_body set audit = 'A9' where seq = 2"]),
    "its kind is changed": (4, ["update journal_body set kind = 'T-10' where seq = 4"]),
    "words move from one column to the next": (1, ["update journal_body set kind = 'T-09A', audit = '1' where seq = 1"]),
    "a salt is changed": (2, ["update journal_body set salt = zeroblob(32) where seq = 2"]),
    "a time is changed": (5, ["update journal_link set at = '2026-06-17T00:00:00.000000+00:00' where seq = 5"]),
    "a digest is changed": (4, ["update journal_link set mac = '00' where seq = 4"]),
    "a digest of an erased entry is changed": (
        3, ["delete from journal_body where seq = 2", "update journal_link set mac = '00' where seq = 2"],
    ),
    "an entry is dropped": (
        2, ["delete from journal_body where seq = 2", "delete from journal_link where seq = 2"],
    ),
    "an entry is dropped and the rest move up": (
        2, ["delete from journal_body where seq = 2", "delete from journal_link where seq = 2",
            "update journal_link set seq = seq - 1 where seq > 2", "update journal_body set seq = seq - 1 where seq > 2"],
    ),
    "the first entry is dropped": (
        1, ["delete from journal_body where seq = 1", "delete from journal_link where seq = 1"],
    ),
    "the last entry is dropped": (
        5, ["delete from journal_body where seq = 5", "delete from journal_link where seq = 5"],
    ),
    "an entry is added without its digest": (
        6, ["insert into journal_link (seq, at, prev, mac) select 6, at, mac, '00' from journal_link where seq = 5"],
    ),
    "two entries change places": (
        2, [f"update {table} set seq = {change}" for change in ("-2 where seq = 2", "2 where seq = 3", "3 where seq = -2")
            for table in ("journal_link", "journal_body")],
    ),
    "two bodies change places": (
        2, ["update journal_body set seq = -2 where seq = 2", "update journal_body set seq = 2 where seq = 3",
            "update journal_body set seq = 3 where seq = -2"],
    ),
    "the head is replaced": (5, ["update journal_head set mac = '00'"]),
    "the head is set back": (
        5, ["update journal_head set (seq, mac) = (select seq, mac from journal_link where seq = 4)"],
    ),
}


@pytest.mark.parametrize("words", BREAKS)
def test_a_change_is_noticed_where_it_was_made(store: Store, folder: Path, make: Any, words: str) -> None:
    write(store, make)
    at, statements = BREAKS[words]
    tamper(folder, *statements)
    verdict = store.verify()
    assert not verdict.holds and verdict.broken_at == at, verdict
    assert verdict.words


def test_erasing_what_entries_said_leaves_the_chain_whole(store: Store, folder: Path, make: Any) -> None:
    write(store, make)
    tamper(folder, "delete from journal_body where audit = 'A1'")
    verdict = store.verify()
    assert verdict.holds and (verdict.checked, verdict.erased) == (5, 3) and "3 of them erased" in verdict.words
    assert [e.erased for e in store.load_journal()] == [True, False, True, False, True]
    assert store.load_journal("A1") == ()
    with store.tx():
        store.journal("T-60", make.now)
    assert store.verify().checked == 6 and store.verify().holds


def test_a_chain_belongs_to_its_mailbox(store: Store, folder: Path, make: Any) -> None:
    write(store, make, 1)
    store.mailbox = "other@northmoor.example"
    assert store.verify().broken_at == 1


def test_a_journal_without_its_head_is_not_written_on(store: Store, folder: Path, make: Any) -> None:
    tamper(folder, "delete from journal_head")
    with pytest.raises(Broken, match="head"), store.tx():
        store.journal("T-09", make.now)


def test_verifying_beside_a_writer_sees_one_moment(store: Store, folder: Path, make: Any) -> None:
    """The chain and its head are read in one view, so an entry written between the two is no break."""
    write(store, make, 3)
    with Store.open(folder, make.mailbox) as other:

        def between(sql: str, _values: Any) -> None:
            if "journal_link" in sql:
                with other.tx():
                    other.journal("T-09", make.now)

        with store._db.tracer(between):
            verdict = store.verify()
        assert verdict.holds and verdict.checked == 3 and other.head()[0] == 4
    assert store.verify().checked == 4
