"""Opening: what is ours is made private, what is not ours is left alone and said so in plain words."""

import os
import stat
from pathlib import Path
from typing import Any

import pytest

from mailflow.errors import Broken, ConfigError, TemporaryError
from mailflow.store import Store
from mailflow.store.door import sqlite3

MAILBOX = "audits@northmoor.example"
posix = pytest.mark.skipif(os.name != "posix", reason="permissions and links of POSIX systems")


def modes(folder: Path) -> dict[str, int]:
    return {p.name: stat.S_IMODE(p.stat().st_mode) for p in (folder, *folder.iterdir())}


@posix
def test_everything_is_private_from_the_first_moment(folder: Path, make: Any) -> None:
    old = os.umask(0)
    try:
        with Store.open(folder, MAILBOX) as store, store.tx():
            store.journal("T-02", make.now)
            assert modes(folder) == {"state": 0o700, **dict.fromkeys(
                ("mailflow.db", "mailflow.db-wal", "mailflow.db-shm"), 0o600)}
    finally:
        os.umask(old)


@posix
def test_a_store_that_became_open_to_others_is_closed_again(folder: Path) -> None:
    Store.open(folder, MAILBOX).close()
    folder.chmod(0o755)
    (folder / "mailflow.db").chmod(0o644)
    (folder / "notes.txt").write_text("beside it")
    with Store.open(folder, MAILBOX):
        found = modes(folder)
        assert found["state"] == 0o700 and found["mailflow.db"] == found["mailflow.db-wal"] == 0o600


@posix
def test_a_folder_that_holds_other_things_is_not_closed_behind_their_backs(folder: Path) -> None:
    folder.mkdir(mode=0o755)
    folder.chmod(0o755)
    (folder / "letter.txt").write_text("somebody's")
    with pytest.raises(ConfigError, match="holds other things"):
        Store.open(folder, MAILBOX)
    assert modes(folder)["state"] == 0o755 and not (folder / "mailflow.db").exists()
    folder.chmod(0o700)
    Store.open(folder, MAILBOX).close()


@posix
def test_links_are_not_followed(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    folder.symlink_to(tmp_path / "elsewhere")
    for way in (Store.open, Store.read_only):
        with pytest.raises(ConfigError, match="is a link"):
            way(folder, MAILBOX)
    assert not list((tmp_path / "elsewhere").iterdir())
    folder.unlink()
    folder.mkdir(mode=0o700)
    (folder / "mailflow.db").symlink_to(tmp_path / "elsewhere" / "x.db")
    with pytest.raises(ConfigError, match="not a plain file"):
        Store.open(folder, MAILBOX)


@posix
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give a folder away")
def test_a_folder_of_another_user_is_refused(folder: Path) -> None:
    Store.open(folder, MAILBOX).close()
    os.chown(folder, 12345, -1)
    with pytest.raises(ConfigError, match="another user"):
        Store.open(folder, MAILBOX)


def test_a_file_in_the_place_of_the_folder_is_named(folder: Path) -> None:
    folder.write_text("not a folder")
    for way in (Store.open, Store.read_only):
        with pytest.raises(ConfigError, match="not a folder"):
            way(folder, MAILBOX)


def test_the_database_is_set_up_to_lose_nothing(store: Store) -> None:
    for setting, value in (
        ("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("secure_delete", 1), ("application_id", 0x6D666C77)
    ):
        assert store._read(f"pragma {setting}") == [(value,)], setting
    assert all(
        " strict" in sql.lower() for name, sql in store._read("select name, sql from sqlite_master where type = 'table'")
        if not name.startswith(("_sqlite", "sqlite_"))
    )


def test_opening_again_keeps_the_secret_and_everything_else(folder: Path, make: Any) -> None:
    with Store.open(folder, MAILBOX) as store:
        secret = store.secret()
        with store.tx():
            store.add_audit(make.audit())
            store.save_meta("last_poll_at", "yesterday")
            store.save_meta("last_poll_at", "today")
    with Store.open(folder, "Audits@Northmoor.example") as store:
        assert store.secret() == secret and len(secret) == 32
        assert store.find_meta("last_poll_at") == "today" and store.find_meta("nothing") is None
        assert len(store.find_audits()) == 1
        with pytest.raises(Broken), store.tx():
            store.save_meta("secret", "00")
    with Store.open(folder.with_name("other"), MAILBOX) as other:
        assert other.secret() != secret


def test_a_folder_belongs_to_one_mailbox(folder: Path) -> None:
    Store.open(folder, MAILBOX).close()
    for way in (Store.open, Store.read_only):
        with pytest.raises(ConfigError, match="belongs to the mailbox audits@northmoor"):
            way(folder, "other@northmoor.example")


def test_looking_writes_nothing_and_works_beside_a_writer(store: Store, folder: Path, make: Any) -> None:
    with store.tx():
        store.add_audit(make.audit())
    before = (folder / "mailflow.db").read_bytes(), (folder / "mailflow.db-wal").read_bytes()
    with Store.read_only(folder, MAILBOX) as looker:
        with store.tx():
            store.save_audit(make.audit())
            assert looker.get_audit(make.audit().ref).generation == 0, "what is not committed is not seen"
        assert looker.get_audit(make.audit().ref).generation == 1 and looker.verify().holds
        assert looker.secret() == store.secret()
        with pytest.raises(Broken, match="reading only"), looker.tx():
            pass
        with pytest.raises(Broken, match="reading only"):
            looker.save_cases([])
        with pytest.raises(Broken, match="reading only"):
            looker.take_letter(make.now)
    assert (folder / "mailflow.db").read_bytes() == before[0]
    assert (folder / "mailflow.db-wal").read_bytes().startswith(before[1])


def test_looking_at_a_store_whose_daemon_is_away(folder: Path, make: Any) -> None:
    with Store.open(folder, MAILBOX) as store, store.tx():
        store.add_audit(make.audit())
    before = (folder / "mailflow.db").read_bytes()
    with Store.read_only(folder, MAILBOX) as looker:
        assert len(looker.find_audits()) == 1
    assert (folder / "mailflow.db").read_bytes() == before


def test_looking_makes_nothing(folder: Path) -> None:
    with pytest.raises(ConfigError, match="not there yet"):
        Store.read_only(folder, MAILBOX)
    assert not folder.exists()
    folder.mkdir(mode=0o700)
    with pytest.raises(ConfigError, match="not there yet"):
        Store.read_only(folder, MAILBOX)
    assert not list(folder.iterdir())


def test_damage_is_said_in_plain_words_when_opening(folder: Path) -> None:
    folder.mkdir(mode=0o700)
    (folder / "mailflow.db").write_bytes(b"This is no database at all, but it is longer than a header.\n" * 99)
    for way in (Store.open, Store.read_only):
        with pytest.raises(ConfigError, match="backup"):
            way(folder, MAILBOX)
    assert (folder / "mailflow.db").read_bytes().startswith(b"This is no database")


def test_damage_found_later_is_said_in_plain_words_too(folder: Path, make: Any) -> None:
    with Store.open(folder, MAILBOX) as store, store.tx():
        for n in range(1, 200):
            store.add_audit(make.audit(n))
    data = bytearray((folder / "mailflow.db").read_bytes())
    with Store.open(folder, MAILBOX) as store:
        page = store._read("select rootpage from sqlite_master where name = 'audit'")[0][0]
    data[(page - 1) * 4096 : page * 4096] = b"\xff" * 4096
    (folder / "mailflow.db").write_bytes(data)
    with Store.open(folder, MAILBOX) as store, pytest.raises(ConfigError, match="damaged"):
        store.find_audits()


def test_another_programs_database_is_left_alone(folder: Path) -> None:
    folder.mkdir(mode=0o700)
    conn = sqlite3.connect(folder / "mailflow.db")
    conn.execute("create table recipes (name text)")
    conn.close()
    before = (folder / "mailflow.db").read_bytes()
    for way in (Store.open, Store.read_only):
        with pytest.raises(ConfigError, match="not one of mailflow's"):
            way(folder, MAILBOX)
    assert (folder / "mailflow.db").read_bytes() == before


def test_a_store_of_a_newer_mailflow_is_left_alone(folder: Path) -> None:
    with Store.open(folder, MAILBOX) as store:
        store._db.execute("insert into _sqlite_migrations (migration_set, name, applied_at) values ('mailflow', '099', '')")
    for way in (Store.open, Store.read_only):
        with pytest.raises(ConfigError, match=r"newer mailflow \(099\)"):
            way(folder, MAILBOX)


def test_looking_at_a_store_of_an_earlier_mailflow_does_not_move_it_on(folder: Path) -> None:
    with Store.open(folder, MAILBOX) as store:
        store._db.execute("delete from _sqlite_migrations")
    with pytest.raises(ConfigError, match="earlier mailflow"):
        Store.read_only(folder, MAILBOX)


def test_a_busy_store_asks_to_try_again_later(store: Store, folder: Path) -> None:
    with Store.open(folder, MAILBOX, wait_seconds=0.01) as other, store.tx():
        with pytest.raises(TemporaryError, match="in use by another process"), other.tx():
            pass
        assert other.find_audits() == (), "reading goes on"
    with store.tx():
        pass


def test_a_failed_transaction_leaves_nothing_and_the_next_one_works(store: Store, make: Any) -> None:
    with pytest.raises(KeyboardInterrupt), store.tx():
        store.add_audit(make.audit())
        raise KeyboardInterrupt
    with pytest.raises(Broken, match="open already"), store.tx(), store.tx():
        pass
    assert store.find_audits() == ()
    with store.tx():
        store.add_audit(make.audit())
    assert len(store.find_audits()) == 1


def test_a_full_disk_is_temporary_and_nothing_half_written_is_committed(store: Store, make: Any) -> None:
    """The database is given no more pages, which SQLite reports just as it does a full disk."""
    pages = store._read("pragma page_count")[0][0]
    store._db.execute(f"pragma max_page_count = {pages}").fetchall()
    with pytest.raises(TemporaryError, match="full"), store.tx():
        store.add_audit(make.audit())
        store.save_blob(b"x" * 1_000_000)
    assert store.find_audits() == ()
    # Somebody who swallows that error inside the transaction must not come out with half of it.
    with pytest.raises(Broken, match="inside"), store.tx():
        store._db.execute("rollback")
        store.add_audit(make.audit())
    assert store.find_audits() == ()


def test_a_time_without_its_zone_is_a_bug(store: Store, make: Any) -> None:
    with pytest.raises(Broken, match="zone"), store.tx():
        store.set_timer("A", "due", make.now.replace(tzinfo=None))
