"""A verified copy of the store, made while the daemon works."""

import os
from pathlib import Path
from typing import Any

from mailflow.errors import Brake, Broken, ConfigError
from mailflow.store.base import Base
from mailflow.store.door import check_ours, connect, create_private, sqlite3, translate
from mailflow.store.journal import Journal


class Backups(Base):
    def backup(self, target: Path) -> None:
        """Write a whole, checked copy to ``target`` (0600), replacing an earlier one only once the new one is good.

        Raises Brake when the copy or its journal does not hold, ConfigError for a place that cannot be written.
        """
        if self._conn.in_transaction:
            raise Broken("a backup is made outside a transaction")
        target = target.absolute()
        if target.is_dir():
            raise ConfigError(f"{target} is a folder; name the backup itself")
        if not target.parent.is_dir():
            raise ConfigError(f"the backup {target} could not be written: its folder is not there")
        if target.exists() and target.samefile(self.path):
            raise ConfigError(f"{target} is the store itself; name another place for its backup")
        part = target.with_name(f".{target.name}.{os.getpid()}.part")
        part.unlink(missing_ok=True)
        # An empty file made first: SQLite writes into it, and it is never open to others.
        create_private(part)
        try:
            self._copy(part)
            self._check(part)
            _flush(part)
            part.replace(target)
            _flush(target.parent)
        except OSError as e:
            raise ConfigError(f"the backup {target} could not be written: {e.strerror}") from e
        finally:
            part.unlink(missing_ok=True)

    def _copy(self, part: Path) -> None:
        try:
            self._db.execute("vacuum into ?", (str(part),))
        except sqlite3.Error as e:
            raise translate(e, part) from e

    def _check(self, part: Path) -> None:
        copy = connect(part, mode="ro", wait_seconds=10)
        try:
            check_ours(copy, part)
            said = _quick_check(copy, part)
            if said != "ok":
                raise Brake(f"no backup was made, for its copy is damaged: {said}")
            verdict = Journal(copy, part, self.mailbox, writable=False).verify()
            if not verdict.holds:
                raise Brake(f"no backup was made, for the journal does not hold: {verdict.words}")
        finally:
            copy.close()


def _quick_check(db: Any, path: Path) -> str:
    try:
        return str(db.execute("pragma quick_check(1)").fetchone()[0])
    except sqlite3.Error as e:
        raise translate(e, path) from e


def _flush(path: Path) -> None:
    """Make it last through a power cut; Windows cannot do that to a folder."""
    if os.name != "posix" and path.is_dir():
        return
    handle = os.open(path, os.O_RDONLY if os.name == "posix" else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
