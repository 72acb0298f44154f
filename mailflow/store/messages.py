"""Inbound messages: kept before anything else happens to them, each with its readings and what became of it.

new → read → done; then settled, once the message has been moved in the mailbox as well. A done message that is released
starts again from new.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from mailflow.errors import Lost, PermanentError
from mailflow.model import Reading
from mailflow.store.base import Base, Row
from mailflow.store.rows import Inbound, StoredReading
from mailflow.store.values import from_moment, from_text, to_address, to_column, to_moment, to_text

_COLUMNS = (
    "id, message_id, digest, place, sha, received_at, state, disposition, reason, audit, sender, subject, is_double,"
    " failures, settled"
)


class Messages(Base):
    def receive(
        self, message_id: str, digest: str, place: str, raw: Path | bytes, received_at: datetime
    ) -> Inbound | None:
        """Keep one message; None when it is kept already (same Message-ID and same digest).

        The same Message-ID with other content is kept as well, and marked ``double``.
        """
        message_id, digest = to_column(message_id), to_column(digest)
        known = self._read("select digest from inbound where message_id = ?", (message_id,))
        if (digest,) in known:
            return None
        sha = self.save_blob(raw.read_bytes() if isinstance(raw, Path) else raw)
        row = self._insert(
            "insert into inbound (message_id, digest, place, sha, received_at, state, is_double)"  # noqa: S608
            f" values (?, ?, ?, ?, ?, 'new', ?) returning {_COLUMNS}",
            (message_id, digest, to_column(place), sha, to_moment(received_at), int(bool(known))),
        )
        return _inbound(row) if row else None

    def find_inbound(self, message_id: str, digest: str) -> Inbound | None:
        return self._one_inbound("message_id = ? and digest = ?", to_column(message_id), to_column(digest))

    def find_inbound_by_digest(self, digest: str) -> Inbound | None:
        """The first message received with that content."""
        return self._one_inbound("digest = ?", to_column(digest))

    def get_inbound(self, inbound_id: int) -> Inbound:
        """The message of that number; raises PermanentError where there is none."""
        found = self._one_inbound("id = ?", inbound_id)
        if found is None:
            raise PermanentError(f"there is no message {inbound_id}")
        return found

    def take_inbound(self, state: str) -> tuple[Inbound, ...]:
        """Messages in that state, in the order they were received."""
        return self._inbounds("where state = ?", state)

    def load_inbound(self, disposition: str | None = None) -> tuple[Inbound, ...]:
        """Every message, or those with one disposition, in the order they were received."""
        return self._inbounds("where disposition = ?", disposition) if disposition is not None else self._inbounds("")

    def unsettled(self) -> tuple[Inbound, ...]:
        """Done here, not moved in the mailbox yet."""
        return self._inbounds("where state = 'done' and settled = 0")

    def _one_inbound(self, where: str, *values: str | int) -> Inbound | None:
        row = self._find(f"select {_COLUMNS} from inbound where {where} order by id limit 1", values)  # noqa: S608
        return _inbound(row) if row else None

    def _inbounds(self, where: str, *values: str) -> tuple[Inbound, ...]:
        rows = self._read(f"select {_COLUMNS} from inbound {where} order by received_at, id", values)  # noqa: S608
        return tuple(_inbound(row) for row in rows)

    def save_readings(self, inbound_id: int, readings: Iterable[StoredReading]) -> None:
        """What its attachments were read as, replacing earlier readings; the message is now "read". Lost when done."""
        self._must_change(inbound_id, "state = 'read'", "state in ('new', 'read')", ())
        self._write("delete from reading where inbound_id = ?", (inbound_id,))
        self._write_many(
            "insert into reading (inbound_id, number, name, sha, value) values (?, ?, ?, ?, ?)",
            [(inbound_id, n, to_column(r.name), r.sha, to_text(r.reading)) for n, r in enumerate(readings)],
        )

    def load_readings(self, inbound_id: int) -> tuple[StoredReading, ...]:
        """The readings of one message, in the order of its attachments."""
        rows = self._read(
            "select name, sha, value from reading where inbound_id = ? order by number", (inbound_id,)
        )
        return tuple(StoredReading(name, sha, from_text(Reading, value)) for name, sha, value in rows)

    def finish_inbound(
        self, inbound_id: int, disposition: str, reason: str = "", audit: str = "", sender: str = "", subject: str = ""
    ) -> None:
        """What became of it. Raises Lost when somebody else has finished it."""
        self._must_change(
            inbound_id,
            "state = 'done', settled = 0, disposition = ?, reason = ?, audit = ?, sender = ?, subject = ?",
            "state <> 'done'",
            (str(disposition), to_column(reason), to_column(audit), to_address(sender), to_column(subject)),
        )

    def reopen_inbound(self, inbound_id: int) -> None:
        """Release: a done message starts again from "new", is read afresh, and has its failures forgotten."""
        self._must_change(
            inbound_id, "state = 'new', settled = 0, disposition = '', reason = '', failures = 0", "state = 'done'", ()
        )

    def note_failure(self, inbound_id: int, reason: str) -> int:
        """Count one more failed attempt, with its reason: how many there have been since it was received."""
        self._must_change(inbound_id, "failures = failures + 1, reason = ?", "state <> 'done'", (to_column(reason),))
        return self.get_inbound(inbound_id).failures

    def settle_inbound(self, inbound_id: int) -> None:
        """The message has been moved in the mailbox. Running twice is fine."""
        self._must_change(inbound_id, "settled = 1", "state = 'done'", ())

    def _must_change(self, inbound_id: int, change: str, where: str, values: tuple[str, ...]) -> None:
        sql = f"update inbound set {change} where id = ? and {where}"  # noqa: S608
        if self._write(sql, (*values, inbound_id)) != 1:
            raise Lost(f"message {inbound_id} was changed by somebody else first")

    def save_blob(self, data: bytes) -> str:
        """Keep bytes under their own SHA-256 (hex), once."""
        sha = hashlib.sha256(data).hexdigest()
        self._write("insert into blob (sha, data) values (?, ?) on conflict (sha) do nothing", (sha, data))
        return sha

    def blob(self, sha: str) -> bytes:
        """The bytes of that digest; raises PermanentError where there are none."""
        row = self._find("select data from blob where sha = ?", (to_column(sha),))
        if row is None:
            raise PermanentError(f"there are no bytes with the digest {sha}")
        return bytes(row[0])


def _inbound(row: Row) -> Inbound:
    plain = dict(zip(_NAMES, row, strict=True))
    plain["received_at"] = from_moment(plain["received_at"])
    plain["double"], plain["settled"] = bool(plain["double"]), bool(plain["settled"])
    return Inbound(**plain)


_NAMES = tuple(name.strip().removeprefix("is_") for name in _COLUMNS.split(","))
