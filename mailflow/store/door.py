"""The door to SQLite: the state folder, the connection, and SQLite's errors as the house's own.

pysqlite3 where it is installed (sqlite-utils picks it), because the SQLite of many machines still has the WAL-reset
bug; its errors are not the standard library's, so ``sqlite3`` always comes from ``sqlite_utils.utils``.
"""

import os
import stat
import time
from pathlib import Path
from typing import Any

from sqlite_utils import Database
from sqlite_utils.utils import sqlite3 as sqlite3  # type: ignore[attr-defined]

from mailflow.errors import Broken, ConfigError, MailflowError, PermanentError, TemporaryError
from mailflow.store.schema import APPLICATION_ID, known_names, migrations

NAME = "mailflow.db"
_POSIX = os.name == "posix"
# SQLite's primary result codes, by what the daemon does next.
_BUSY = (5, 6)
_DAMAGED = (11, 26)
_OUTSIDE = {3: "access was denied", 7: "memory is short", 9: "it was interrupted", 10: "the disk did not answer",
            13: "the disk is full", 14: "it could not be opened", 15: "its lock did not answer"}


def translate(e: Exception, path: Path) -> MailflowError:
    """A SQLite error by what the daemon does next: wait, stop, hold the item, or own up to a bug."""
    code = getattr(e, "sqlite_errorcode", None)
    primary = code & 0xFF if isinstance(code, int) else None
    if primary in _BUSY:
        return TemporaryError(f"{path} is in use by another process: {e}")
    if primary in _DAMAGED:
        return ConfigError(f"{path} is damaged or is no mailflow store ({e}); put the last good backup in its place")
    if primary == 8:
        return ConfigError(f"{path} may not be written ({e}); check who owns it")
    if primary in _OUTSIDE:
        return TemporaryError(f"{path}: {_OUTSIDE[primary]} ({e})")
    if primary == 18:
        return PermanentError(f"too big for the store: {e}")
    return Broken(f"the store refused a statement: {e}")


def prepare_folder(folder: Path) -> None:
    """Make the state folder, or make sure it is ours and private (0700). Raises ConfigError otherwise."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError) as e:
        raise ConfigError(f"the state folder {folder} is not a folder") from e
    except OSError as e:
        raise ConfigError(f"the state folder {folder} could not be made: {e.strerror}") from e
    found = check_folder(folder)
    if not _POSIX or stat.S_IMODE(found.st_mode) == 0o700:
        return
    # A folder that holds other people's things is not closed behind their backs.
    if not (folder / NAME).exists() and any(not p.name.startswith("mailflow.") for p in folder.iterdir()):
        if stat.S_IMODE(found.st_mode) & 0o077:
            raise ConfigError(
                f"the state folder {folder} is open to other users and holds other things; give mailflow a folder of"
                " its own, or close this one (chmod 700)"
            )
        return
    folder.chmod(0o700)


def check_folder(folder: Path) -> os.stat_result:
    """The folder's own ``lstat``. Raises ConfigError where it is missing, a link, or somebody else's."""
    try:
        found = folder.lstat()
    except FileNotFoundError as e:
        raise ConfigError(f"the state folder {folder} is not there yet; mailflow makes it on its first start") from e
    except OSError as e:
        raise ConfigError(f"the state folder {folder} cannot be looked at: {e.strerror}") from e
    if stat.S_ISLNK(found.st_mode):
        raise ConfigError(f"the state folder {folder} is a link to another place; name the place itself")
    if not stat.S_ISDIR(found.st_mode):
        raise ConfigError(f"the state folder {folder} is not a folder")
    _check_owner(found, f"the state folder {folder}")
    return found


def check_database(path: Path) -> bool:
    """True when the database is there, as a plain file of ours. Raises ConfigError for a link or a stranger's."""
    try:
        found = path.lstat()
    except FileNotFoundError:
        return False
    except OSError as e:
        raise ConfigError(f"{path} cannot be looked at: {e.strerror}") from e
    if not stat.S_ISREG(found.st_mode):
        raise ConfigError(f"{path} is a link or something else that is not a plain file; mailflow will not use it")
    _check_owner(found, str(path))
    return True


def _check_owner(found: os.stat_result, words: str) -> None:
    if _POSIX and found.st_uid != os.geteuid():
        raise ConfigError(f"{words} belongs to another user of this machine; start mailflow as that user")


def create_private(path: Path) -> None:
    """An empty file, 0600 from its first moment; nothing happens where it already stands."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        pass
    except OSError as e:
        raise ConfigError(f"{path} could not be made: {e.strerror}") from e


def close_to_others(path: Path) -> None:
    """Database, -wal and -shm to 0600 (SQLite gives new ones the database's own mode)."""
    if not _POSIX:
        return
    for name in (path.name, path.name + "-wal", path.name + "-shm"):
        beside = path.with_name(name)
        if beside.exists() and stat.S_IMODE(beside.stat().st_mode) != 0o600:
            beside.chmod(0o600)


def connect(path: Path, *, mode: str, wait_seconds: float) -> Any:
    """A sqlite-utils Database on ``path``; ``mode`` is "rw" or "ro". Every transaction is opened by hand."""
    try:
        conn = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode={mode}", uri=True, timeout=wait_seconds, isolation_level=None
        )
        db = Database(conn, recursive_triggers=False, execute_plugins=False)
        for setting in ("foreign_keys = on", "synchronous = full", "secure_delete = on", "trusted_schema = off"):
            db.execute(f"pragma {setting}").fetchall()
    except sqlite3.Error as e:
        raise translate(e, path) from e
    return db


def check_ours(db: Any, path: Path) -> None:
    """Raises ConfigError for another program's database, and for one a newer mailflow has written."""
    try:
        # One view for all three: another process may be making the tables at this moment.
        db.execute("begin")
        found = db.execute("pragma application_id").fetchone()[0]
        tables = db.execute("select count(*) from sqlite_master").fetchone()[0]
        applied = {m.name for m in migrations.applied(db)} if found == APPLICATION_ID else set()
        db.rollback()
    except sqlite3.Error as e:
        raise translate(e, path) from e
    if tables and found != APPLICATION_ID:
        raise ConfigError(f"{path} is a database, but not one of mailflow's; give mailflow a folder of its own")
    unknown = applied - known_names()
    if unknown:
        raise ConfigError(f"{path} was written by a newer mailflow ({', '.join(sorted(unknown))}); install that one")


def migrate(db: Any, path: Path, wait_seconds: float) -> None:
    """WAL, then whatever migrations are missing, all inside one BEGIN IMMEDIATE. Raises as :func:`translate` says."""
    try:
        _use_wal(db, wait_seconds)
        db.execute("pragma journal_size_limit = 67108864").fetchall()
        # Looking first keeps an ordinary start from waiting for a busy writer.
        if not migrations.pending(db):
            return
        db.execute("begin immediate")
        try:
            migrations.apply(db)
            db.commit()
        finally:
            db.rollback()
    except sqlite3.Error as e:
        raise translate(e, path) from e


def _use_wal(db: Any, wait_seconds: float) -> None:
    """SQLite refuses the switch at once while others hold the file, whatever the timeout: so ask again."""
    until = time.monotonic() + wait_seconds
    while True:
        try:
            if db.execute("pragma journal_mode").fetchone()[0] != "wal":
                db.execute("pragma journal_mode = wal").fetchone()
            return
        except sqlite3.OperationalError as e:
            if getattr(e, "sqlite_errorcode", 0) & 0xFF not in _BUSY or time.monotonic() >= until:
                raise
            time.sleep(0.02)
