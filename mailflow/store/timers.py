"""Deadlines as rows, and one-time codes (T-72)."""

from collections.abc import Iterable
from datetime import datetime

from mailflow.errors import Lost
from mailflow.model import Pending, Timer
from mailflow.store.base import Base
from mailflow.store.rows import StoredCode
from mailflow.store.values import from_moment, from_text, to_address, to_column, to_moment, to_text


class Timers(Base):
    def set_timer(self, audit: str, name: str, due_at: datetime) -> None:
        """One timer a name and audit: setting it again moves it."""
        self.set_timers(audit, (Timer(name, due_at),))

    def set_timers(self, audit: str, timers: Iterable[Timer]) -> None:
        """Several of one audit's, as :meth:`set_timer`."""
        self._write_many(
            "insert into timer (audit, name, due_at) values (?, ?, ?)"
            " on conflict (audit, name) do update set due_at = excluded.due_at",
            [(to_column(audit), to_column(t.name), to_moment(t.due_at)) for t in timers],
        )

    def clear_timers(self, audit: str, names_or_prefixes: Iterable[str]) -> int:
        """Take timers of one audit away, by name or by a prefix that ends in ":"; how many."""
        gone = 0
        for name in names_or_prefixes:
            same = "substr(name, 1, ?) = ?" if name.endswith(":") else "length(name) = ? and name = ?"
            sql = f"delete from timer where audit = ? and {same}"  # noqa: S608
            gone += self._write(sql, (to_column(audit), len(to_column(name)), to_column(name)))
        return gone

    def due_timers(self, now: datetime) -> tuple[tuple[str, tuple[Timer, ...]], ...]:
        """What has come due, audit by audit, the one due longest first; a timer stays until it is cleared."""
        rows = self._read(
            "select audit, name, due_at from timer where due_at <= ? order by due_at, audit, name", (to_moment(now),)
        )
        due: dict[str, list[Timer]] = {}
        for audit, name, due_at in rows:
            due.setdefault(audit, []).append(Timer(name, from_moment(due_at)))
        return tuple((audit, tuple(timers)) for audit, timers in due.items())

    def next_timer(self, now: datetime) -> datetime | None:
        """When the next timer comes due, after ``now``."""
        row = self._find("select min(due_at) from timer where due_at > ?", (to_moment(now),))
        return from_moment(row[0]) if row and row[0] else None

    def load_timers(self, audit: str) -> tuple[Timer, ...]:
        """Every timer of one audit, next first."""
        rows = self._read("select name, due_at from timer where audit = ? order by due_at, name", (to_column(audit),))
        return tuple(Timer(name, from_moment(due_at)) for name, due_at in rows)

    def add_code(self, audit: str, pending: Pending, code_hash: str) -> int:
        """Keep a command until its one-time code comes back; the code's own number."""
        row = self._insert(
            "insert into one_time_code (audit, person, code_hash, expires_at, value) values (?, ?, ?, ?, ?) returning id",
            (
                to_column(audit), to_address(pending.by), to_column(code_hash), to_moment(pending.expires_at),
                to_text(pending),
            ),
        )
        return int(row[0]) if row else 0

    def find_code(self, audit: str, by: str, code_hash: str, now: datetime) -> StoredCode | None:
        """The command this person's code belongs to; None once it is used or its time is over."""
        row = self._find(
            "select id, audit, value from one_time_code where code_hash = ? and audit = ? and person = ? and used = 0"
            " and expires_at > ? order by id desc limit 1",
            (to_column(code_hash), to_column(audit), to_address(by), to_moment(now)),
        )
        return StoredCode(row[0], row[1], from_text(Pending, row[2])) if row else None

    def use_code(self, code_id: int) -> None:
        """A code counts once: the second time raises Lost."""
        if self._write("update one_time_code set used = 1 where id = ? and used = 0", (code_id,)) != 1:
            raise Lost(f"code {code_id} has been used already")
