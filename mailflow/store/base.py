"""What every part of the store stands on: one connection, statements with translated errors, one transaction."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from mailflow.errors import Broken
from mailflow.store.door import sqlite3, translate

Row = tuple[Any, ...]


class Base:
    """One process's connection to one database. Not for use from several threads: open one for each."""

    def __init__(self, db: Any, path: Path, mailbox: str, *, writable: bool) -> None:
        self.path = path
        self.mailbox = mailbox.lower()
        self._db = db
        self._conn = db.conn
        self._writable = writable

    @contextmanager
    def tx(self) -> Iterator[None]:
        """BEGIN IMMEDIATE … COMMIT; any exception rolls everything back. Transactions do not nest (Broken)."""
        if not self._writable:
            raise Broken("the store was opened for reading only")
        if self._conn.in_transaction:
            raise Broken("a transaction is open already")
        try:
            # Past sqlite-utils, which would look for the statement's first word.
            self._conn.execute("begin immediate")
        except sqlite3.Error as e:
            raise translate(e, self.path) from e
        try:
            yield
            self._commit()
        except BaseException:
            self._roll_back()
            raise

    def _commit(self) -> None:
        # A full disk makes SQLite roll back by itself; committing nothing must not look like success.
        if not self._conn.in_transaction:
            raise Broken("the transaction was lost before its end")
        try:
            self._db.commit()
        except sqlite3.Error as e:
            raise translate(e, self.path) from e

    def _roll_back(self) -> None:
        try:
            self._db.rollback()
        except sqlite3.Error as e:
            raise translate(e, self.path) from e

    @contextmanager
    def _snapshot(self) -> Iterator[None]:
        """One unmoving view for several reads, beside a writer; inside a transaction there is one already."""
        if self._conn.in_transaction:
            yield
            return
        self._read("begin")
        try:
            yield
        finally:
            self._roll_back()

    def _write(self, sql: str, values: Sequence[Any] = ()) -> int:
        """A statement that changes something: the number of rows it changed. Outside :meth:`tx` it raises Broken."""
        if not self._writable or not self._conn.in_transaction:
            self._refuse()
        try:
            return int(self._db.execute(sql, values).rowcount)
        except sqlite3.Error as e:
            raise translate(e, self.path) from e

    def _insert(self, sql: str, values: Sequence[Any]) -> Row | None:
        """An ``insert … returning``: its row, None on a conflict. Outside :meth:`tx` it raises Broken."""
        if not self._writable or not self._conn.in_transaction:
            self._refuse()
        rows = self._read(sql, values)
        return rows[0] if rows else None

    def _write_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        if not self._writable or not self._conn.in_transaction:
            self._refuse()
        try:
            self._conn.executemany(sql, rows)
        except sqlite3.Error as e:
            raise translate(e, self.path) from e

    def _refuse(self) -> None:
        if not self._writable:
            raise Broken("the store was opened for reading only")
        raise Broken("the store is changed only inside `with store.tx():`")

    def _read(self, sql: str, values: Sequence[Any] = ()) -> list[Row]:
        try:
            rows: list[Row] = self._db.execute(sql, values).fetchall()
        except sqlite3.Error as e:
            raise translate(e, self.path) from e
        return rows

    def _find(self, sql: str, values: Sequence[Any] = ()) -> Row | None:
        try:
            row: Row | None = self._db.execute(sql, values).fetchone()
        except sqlite3.Error as e:
            raise translate(e, self.path) from e
        return row

    def _each(self, sql: str, values: Sequence[Any] = ()) -> Iterator[Row]:
        """Rows one by one, for tables that need not fit in memory."""
        try:
            yield from self._db.execute(sql, values)
        except sqlite3.Error as e:
            raise translate(e, self.path) from e


def marks(values: Sequence[Any]) -> str:
    """The placeholders of an ``in (…)`` list."""
    return ", ".join("?" * len(values))
