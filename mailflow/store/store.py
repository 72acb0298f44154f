"""The store: one SQLite database, the truth about everything."""

import secrets
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from mailflow.errors import Broken, ConfigError
from mailflow.store import door
from mailflow.store.audits import Audits
from mailflow.store.backup import Backups
from mailflow.store.beside import Besides
from mailflow.store.directory import Directory
from mailflow.store.feedback import Feedbacks
from mailflow.store.journal import Journal, beginning
from mailflow.store.letters import Letters
from mailflow.store.messages import Messages
from mailflow.store.schema import migrations
from mailflow.store.timers import Timers
from mailflow.store.values import to_column


class Store(Directory, Audits, Besides, Feedbacks, Messages, Letters, Timers, Journal, Backups):
    """Everything the corridor keeps. ``with store.tx():`` stands round whatever writes; reading needs nothing.

    Raises TemporaryError when another process holds the database too long or the disk does not answer, ConfigError when
    it is damaged, too new or not ours, Broken for our own bugs, and Lost where somebody else changed a row first.
    """

    @classmethod
    def open(cls, folder: Path, mailbox: str, *, wait_seconds: float = 10.0) -> Self:
        """Open the store in that folder, making folder (0700), database (0600) and tables where they are missing."""
        door.prepare_folder(folder)
        path = folder / door.NAME
        if not door.check_database(path):
            door.create_private(path)
        store = cls._connected(path, mailbox, "rw", wait_seconds)
        try:
            door.migrate(store._db, path, wait_seconds)
            door.close_to_others(path)
            store._settle_down()
        except BaseException:
            store.close()
            raise
        return store

    @classmethod
    def read_only(cls, folder: Path, mailbox: str, *, wait_seconds: float = 10.0) -> Self:
        """Open it to look, beside a running daemon: nothing is made, moved on or changed."""
        door.check_folder(folder)
        path = folder / door.NAME
        if not door.check_database(path):
            raise ConfigError(f"{path} is not there yet; mailflow makes it on its first start")
        store = cls._connected(path, mailbox, "ro", wait_seconds)
        try:
            if migrations.pending(store._db):
                raise ConfigError(f"{path} is from an earlier mailflow; start the daemon once and it will be moved on")
            store._check_mailbox()
        except BaseException:
            store.close()
            raise
        return store

    @classmethod
    def _connected(cls, path: Path, mailbox: str, mode: str, wait_seconds: float) -> Self:
        db = door.connect(path, mode=mode, wait_seconds=wait_seconds)
        try:
            door.check_ours(db, path)
        except BaseException:
            db.close()
            raise
        return cls(db, path, mailbox, writable=mode == "rw")

    def _settle_down(self) -> None:
        """The first start: whose store this is, its secret, and where the journal begins. Later starts only look."""
        if self.find_meta("mailbox") is None:
            with self.tx():
                for key, value in (("mailbox", self.mailbox), ("secret", secrets.token_hex(32))):
                    self._write("insert into meta (key, value) values (?, ?) on conflict (key) do nothing", (key, value))
                self._write(
                    "insert into journal_head (id, seq, mac) values (1, 0, ?) on conflict (id) do nothing",
                    (beginning(self.mailbox),),
                )
        self._check_mailbox()

    def _check_mailbox(self) -> None:
        kept = self.find_meta("mailbox")
        if kept is None:
            raise ConfigError(f"{self.path} was not finished; start the daemon once and it will be")
        if kept != self.mailbox:
            raise ConfigError(
                f"{self.path} belongs to the mailbox {kept}, not {self.mailbox}; give each mailbox a state folder of"
                " its own"
            )

    def close(self) -> None:
        """Close the connection; what was not committed is gone."""
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def secret(self) -> bytes:
        """The installation's secret, 32 bytes, made once. Message-IDs, passports and codes hang on it."""
        found = self.find_meta("secret")
        if found is None:
            raise Broken("the store has lost its secret")
        return bytes.fromhex(found)

    def save_meta(self, key: str, value: str) -> None:
        """A note of the daemon's own, such as the time of the last good poll."""
        if key in ("secret", "mailbox"):
            raise Broken(f"{key} is made once and never changed")
        self._write(
            "insert into meta (key, value) values (?, ?) on conflict (key) do update set value = excluded.value",
            (to_column(key), to_column(value)),
        )

    def schema_names(self) -> tuple[str, ...]:
        """Every table's and column's name, for the house's test of words."""
        tables = [row[0] for row in self._read("select name from sqlite_master where type = 'table' and sql like '%strict%'")]
        columns = [c[0] for t in tables for c in self._read("select name from pragma_table_info(?)", (t,))]
        return tuple(dict.fromkeys([*tables, *columns]))

    def find_meta(self, key: str) -> str | None:
        row: Any = self._find("select value from meta where key = ?", (to_column(key),))
        return row[0] if row else None
