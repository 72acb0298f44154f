"""Backups: whole, checked, private, restorable; an earlier one is replaced only by a good one."""

import os
import stat
from pathlib import Path
from typing import Any

import pytest

from mailflow.errors import Brake, Broken, ConfigError
from mailflow.store import Store
from mailflow.store.door import sqlite3


def fill(store: Store, make: Any) -> None:
    with store.tx():
        store.add_audit(make.audit())
        assert store.receive("<1@x>", "d1", "inbox/1.eml", b"raw" * 99_999, make.now)
        store.enqueue(make.letter())
        store.journal("T-02", make.now, "2606-001A")


def restore(backup: Path, folder: Path, mailbox: str) -> Store:
    folder.mkdir(mode=0o700)
    (folder / "mailflow.db").write_bytes(backup.read_bytes())
    return Store.open(folder, mailbox)


def test_a_backup_put_in_the_place_of_the_store_goes_on(store: Store, make: Any, tmp_path: Path) -> None:
    fill(store, make)
    store.backup(tmp_path / "monday.db")
    with restore(tmp_path / "monday.db", tmp_path / "again", make.mailbox) as again:
        assert again.secret() == store.secret()
        assert again.find_audits() == store.find_audits() and again.load_letters() == store.load_letters()
        assert again.blob(again.load_inbound()[0].sha) == b"raw" * 99_999
        assert again.head() == store.head() and again.verify().holds
        with again.tx():
            again.journal("T-09", make.now)
        assert again._read("pragma journal_mode") == [("wal",)]


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX systems")
def test_a_backup_is_private_and_leaves_nothing_beside_it(store: Store, make: Any, tmp_path: Path) -> None:
    fill(store, make)
    (tmp_path / "backups").mkdir()
    old = os.umask(0)
    try:
        store.backup(tmp_path / "backups" / "b.db")
    finally:
        os.umask(old)
    assert [p.name for p in (tmp_path / "backups").iterdir()] == ["b.db"]
    assert stat.S_IMODE((tmp_path / "backups" / "b.db").stat().st_mode) == 0o600


def test_a_backup_can_be_made_beside_a_running_daemon(store: Store, folder: Path, make: Any, tmp_path: Path) -> None:
    fill(store, make)
    with Store.read_only(folder, make.mailbox) as looker, store.tx():
        store.journal("T-09", make.now)
        looker.backup(tmp_path / "b.db")
    with restore(tmp_path / "b.db", tmp_path / "again", make.mailbox) as again:
        assert again.head()[0] == 1, "what was not committed is not in it"


def test_a_journal_that_does_not_hold_stops_the_backup(store: Store, folder: Path, make: Any, tmp_path: Path) -> None:
    fill(store, make)
    store.backup(tmp_path / "b.db")
    good = (tmp_path / "b.db").read_bytes()
    conn = sqlite3.connect(folder / "mailflow.db")
    with conn:
        conn.execute("update journal_body set kind = 'T-99'")
    conn.close()
    with pytest.raises(Brake, match="journal"):
        store.backup(tmp_path / "b.db")
    assert (tmp_path / "b.db").read_bytes() == good, "the earlier good one stays"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["b.db", "state"]


def test_a_place_that_cannot_be_written_is_named(store: Store, folder: Path, make: Any, tmp_path: Path) -> None:
    fill(store, make)
    for target in (folder / "mailflow.db", tmp_path, tmp_path / "nowhere" / "b.db"):
        with pytest.raises(ConfigError, match=str(target)):
            store.backup(target)
    assert store.verify().holds and store.find_audits()


def test_a_backup_is_made_outside_a_transaction(store: Store, tmp_path: Path) -> None:
    with pytest.raises(Broken), store.tx():
        store.backup(tmp_path / "b.db")
