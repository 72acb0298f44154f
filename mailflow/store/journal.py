"""The journal: what was done and why, append-only, one chain a mailbox.

Each entry is an HMAC, under a random salt of its own, over what came before it and all it says. Links (seq, at, prev,
mac) and bodies (salt, kind, audit, person, body) stand apart: erasing a body with its salt leaves the chain whole, and
nobody can guess what it said. Changing, dropping or reordering anything is noticed; a chain written anew from end to
end is not, so the head is also printed where we cannot reach it: in every letter and in QA's worklist.
"""

import hmac
import json
import secrets
from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from typing import Any

from mailflow.errors import Broken
from mailflow.store.base import Base, Row
from mailflow.store.rows import JournalEntry, Verdict
from mailflow.store.values import from_moment, to_column, to_moment, to_text

_LINKS = (
    "select l.seq, l.at, l.prev, l.mac, b.salt, b.kind, b.audit, b.person, b.body"
    " from journal_link l left join journal_body b on b.seq = l.seq"
)


class Journal(Base):
    def journal(
        self, kind: str, at: datetime, audit: str = "", by: str = "", data: dict[str, Any] | None = None
    ) -> tuple[int, str]:
        """Add an entry; its number and the chain's new head (hex)."""
        seq, prev = self.head()
        salt = secrets.token_bytes(32)
        moment, body = to_moment(at), to_text(data or {})
        kind, audit, by = to_column(kind), to_column(audit), to_column(by)
        seq += 1
        mac = _mac(salt, prev, seq, moment, kind, audit, by, body)
        self._write("insert into journal_link (seq, at, prev, mac) values (?, ?, ?, ?)", (seq, moment, prev, mac))
        self._write(
            "insert into journal_body (seq, salt, kind, audit, person, body) values (?, ?, ?, ?, ?, ?)",
            (seq, salt, kind, audit, by, body),
        )
        if self._write("update journal_head set seq = ?, mac = ? where id = 1", (seq, mac)) != 1:
            raise Broken("the journal has lost its head")
        return seq, mac

    def head(self) -> tuple[int, str]:
        """The last entry's number (0 before the first) and its hex digest."""
        row = self._find("select seq, mac from journal_head where id = 1")
        if row is None:
            raise Broken("the journal has lost its head")
        return row[0], row[1]

    def load_journal(self, audit: str | None = None) -> tuple[JournalEntry, ...]:
        """The entries of one audit, or all of them, in order; an erased entry belongs to no audit any more."""
        if audit is None:
            return tuple(_entry(row) for row in self._each(_LINKS + " order by l.seq"))
        rows = self._each(_LINKS + " where b.audit = ? order by l.seq", (to_column(audit),))
        return tuple(_entry(row) for row in rows)

    def verify(self) -> Verdict:
        """Recompute the whole chain from its beginning to its head."""
        with self._snapshot():
            head = self.head()
            return check_chain(self._each(_LINKS + " order by l.seq"), head, beginning(self.mailbox))


def beginning(mailbox: str) -> str:
    """What the first entry hangs on: a chain belongs to one mailbox and fits no other."""
    return sha256(f"mailflow journal {mailbox.lower()}".encode()).hexdigest()


def check_chain(links: Iterable[Row], head: tuple[int, str], start: str) -> Verdict:
    """Follow the links, given in order of their numbers, from ``start`` to ``head``."""
    checked = erased = 0
    last = start
    for seq, at, prev, mac, salt, *said in links:
        wrong = _wrong_with(checked + 1, last, seq, at, prev, mac, salt, said)
        if wrong:
            return Verdict(checked, erased, min(seq, checked + 1), f"entry {min(seq, checked + 1)}: {wrong}")
        checked, last = checked + 1, mac
        erased += salt is None
    if (checked, last) != head:
        at = checked if head[0] == checked else min(checked, head[0]) + 1
        return Verdict(checked, erased, at, f"entry {at}: the head says {head[0]} entries, {checked} are there")
    words = f"{checked} entries checked" + (f", {erased} of them erased" if erased else "")
    return Verdict(checked, erased, None, words)


def _wrong_with(
    expected: int, last: str, seq: int, at: str, prev: str, mac: str, salt: bytes | None, said: list[Any]
) -> str:
    if seq != expected:
        return "an entry is missing"
    if prev != last:
        return "it does not follow the entry before it"
    if salt is not None and not hmac.compare_digest(_mac(bytes(salt), prev, seq, at, *said), mac):
        return "what it says was changed"
    return ""


def _mac(salt: bytes, prev: str, seq: int, at: str, kind: str, audit: str, by: str, body: str) -> str:
    # No column can hold a NUL (to_column, JSON), so no two different entries make the same text.
    said = "\0".join((prev, str(seq), at, kind, audit, by, body))
    return hmac.digest(salt, said.encode(), "sha256").hex()


def _entry(row: Row) -> JournalEntry:
    seq, at, _prev, mac, salt, kind, audit, by, body = row
    if salt is None:
        return JournalEntry(seq, from_moment(at), "", "", "", {}, mac, erased=True)
    return JournalEntry(seq, from_moment(at), kind, audit, by, json.loads(body), mac)
