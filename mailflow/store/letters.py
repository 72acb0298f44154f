"""The queue of letters (transactional outbox).

ready → sending → sent | deferred | held | unknown | cancelled. A letter is written in the transaction that wants it,
under a unique key, so that asking twice makes one letter. Taking a letter marks it and commits before anybody sends; a
letter found in "sending" after a crash is looked for in the Sent folder before anything else is done with it. Sent and
cancelled are ends.
"""

from collections.abc import Iterable
from contextlib import nullcontext
from datetime import datetime

from mailflow.errors import Lost
from mailflow.model import Letter, LetterState
from mailflow.store.base import Base, Row, marks
from mailflow.store.values import (
    from_moment,
    from_moment_or_none,
    to_address,
    to_column,
    to_moment,
    to_moment_or_none,
)

_COLUMNS = (
    "key, code, audit, role, recipient, subject, message_id, leave_at, state, reason, private, safety, attempts, id,"
    " made_at, sent_at, in_reply_to, (select group_concat(audit, ' ') from told about where about.key = letter.key)"
)
_WHOLE = f"select {_COLUMNS}, raw from letter join letter_body on letter_id = id"  # noqa: S608
_LEAN = f"select {_COLUMNS}, '' from letter"  # noqa: S608
# The very words of the index letter_waiting: only so will SQLite use it.
_WAITING = "state in ('ready', 'deferred')"


class Letters(Base):
    def enqueue(self, letter: Letter, in_answer_to: int | None = None) -> bool:
        """Put a letter into the queue; False when its key is there already. ``in_answer_to`` is an inbound's id.

        ``letter.id`` is not looked at: the store numbers letters.
        """
        added = self._insert(
            "insert into letter (key, code, audit, role, recipient, subject, message_id, leave_at, state, reason,"
            " private, safety, attempts, made_at, sent_at, in_reply_to, inbound_id)"
            " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict (key) do nothing returning id",
            (
                to_column(letter.key), letter.code, to_column(letter.audit), letter.role, to_address(letter.to),
                to_column(letter.subject), to_column(letter.message_id), to_moment(letter.leave_at),
                letter.state.value, to_column(letter.reason), letter.private, int(letter.safety), letter.attempts,
                to_moment_or_none(letter.made_at), to_moment_or_none(letter.sent_at), to_column(letter.in_reply_to),
                in_answer_to,
            ),
        )
        if added is None:
            return False
        self._write("insert into letter_body (letter_id, raw) values (?, ?)", (added[0], letter.raw))
        self._write_many("insert into told (key, audit) values (?, ?)",
                         [(to_column(letter.key), to_column(ref)) for ref in letter.audits])
        return True

    def take_letter(self, now: datetime) -> Letter | None:
        """The next letter that may leave, safety first, then the one due longest; None when none is due.

        It is marked "sending" with one more attempt. Outside a transaction this commits at once; inside one, commit
        before sending.
        """
        with nullcontext() if self._conn.in_transaction else self.tx():
            for safety in (1, 0):
                row = self._find(
                    f"select id from letter where {_WAITING} and safety = ? and leave_at <= ?"  # noqa: S608
                    " order by leave_at, id limit 1",
                    (safety, to_moment(now)),
                )
                if row:
                    self._write("update letter set state = 'sending', attempts = attempts + 1 where id = ?", row)
                    return self.find_letter(row[0])
        return None

    def sending_letters(self) -> tuple[Letter, ...]:
        """Letters a crash left in "sending"."""
        return self.load_letters(states=(LetterState.SENDING,))

    def finish_letter(
        self, letter_id: int, state: LetterState | str, reason: str = "", at: datetime | None = None,
        leave_at: datetime | None = None, *, tried: bool = True,
    ) -> None:
        """How it ended: sent ``at``, deferred to ``leave_at``, held, unknown or cancelled for a reason.

        ``tried=False``: it only waits, and the attempt does not count. A letter that is sent or cancelled already raises
        Lost.
        """
        changed = self._write(
            "update letter set state = ?, reason = ?, sent_at = coalesce(?, sent_at), attempts = attempts - ?,"
            " leave_at = coalesce(?, leave_at) where id = ? and state not in ('sent', 'cancelled')",
            (
                LetterState(state).value, to_column(reason), to_moment_or_none(at), 0 if tried else 1,
                to_moment_or_none(leave_at), letter_id,
            ),
        )
        if changed != 1:
            raise Lost(f"letter {letter_id} has ended already")

    def release_letter(self, letter_id: int) -> None:
        """Let a held, unknown or deferred letter go on at its own time, which may be past (CLK-07). Lost otherwise."""
        changed = self._write(
            "update letter set state = 'ready', reason = '' where id = ? and state in ('held', 'unknown', 'deferred')",
            (letter_id,),
        )
        if changed != 1:
            raise Lost(f"letter {letter_id} is not waiting for anybody")

    def cancel_letters(self, audit: str, codes: Iterable[str] | str, reason: str) -> int:
        """Letters of one audit, or telling of it, that have not left and whose reason is gone; how many.

        ``codes`` are letter codes; "*" means every one but safety letters.
        """
        named = (codes,) if isinstance(codes, str) else tuple(codes)
        every = " or safety = 0" if "*" in named else ""
        return self._write(
            "update letter set state = 'cancelled', reason = ? where"  # noqa: S608
            " (audit = ? or key in (select key from told where audit = ?))"
            f" and state in ('ready', 'deferred', 'held') and (code in ({marks(named)}){every})",
            (to_column(reason), to_column(audit), to_column(audit), *named),
        )

    def load_told(self, audit: str) -> tuple[tuple[str, str, str, bool], ...]:
        """(code, recipient, key, does it still count) of every letter of a cycle that tells of this audit (T-61).

        A letter that was cancelled before it left has told nobody.
        """
        rows = self._read(
            "select code, recipient, letter.key, state <> 'cancelled' from told about"
            " join letter on letter.key = about.key where about.audit = ? order by letter.id", (to_column(audit),))
        return tuple((code, to, key, bool(counts)) for code, to, key, counts in rows)

    def load_letters(
        self, states: Iterable[LetterState | str] | None = None, audit: str | None = None,
        codes: Iterable[str] | None = None, *, whole: bool = True,
    ) -> tuple[Letter, ...]:
        """Letters in the order they were made; ``whole=False`` leaves ``raw`` empty, for lists of many.

        Those of an audit are about it alone, or tell of it among others (T-61).
        """
        where: list[str] = []
        values: list[str] = []
        if audit is not None:
            where.append("(audit = ? or key in (select key from told where audit = ?))")
            values += [to_column(audit), to_column(audit)]
        for column, wanted in (("state", states), ("code", codes)):
            if wanted is not None:
                some = tuple(str(w) for w in wanted)
                where.append(f"{column} in ({marks(some)})")
                values.extend(some)
        sql = (_WHOLE if whole else _LEAN) + (" where " + " and ".join(where) if where else "") + " order by id"
        return tuple(_letter(row) for row in self._read(sql, values))

    def letters_of(self, inbound_id: int) -> tuple[Letter, ...]:
        """The letters that answer one inbound message."""
        rows = self._read(_WHOLE + " where inbound_id = ? order by id", (inbound_id,))
        return tuple(_letter(row) for row in rows)

    def letter_ids_of(self, inbound_id: int) -> tuple[int, ...]:
        """The numbers of these letters alone, for lists of many messages."""
        return tuple(int(row[0]) for row in self._read("select id from letter where inbound_id = ? order by id", (inbound_id,)))

    def answered_inbound(self, letter_id: int) -> int | None:
        """The inbound message a letter came of; None for a letter nobody's mail asked for."""
        row = self._find("select inbound_id from letter where id = ?", (letter_id,))
        return int(row[0]) if row and row[0] is not None else None

    def is_sent(self, letter_id: int) -> bool:
        return self._find("select 1 from letter where id = ? and state = 'sent'", (letter_id,)) is not None

    def next_letter(self, now: datetime) -> datetime | None:
        """When the next waiting letter is to leave, after ``now``."""
        row = self._find(f"select min(leave_at) from letter where {_WAITING} and leave_at > ?",  # noqa: S608
                         (to_moment(now),))
        return from_moment(row[0]) if row and row[0] else None

    def find_letter(self, letter_id: int) -> Letter | None:
        return self._one_letter("id", letter_id)

    def find_letter_by_key(self, key: str) -> Letter | None:
        return self._one_letter("key", to_column(key))

    def find_letter_by_message_id(self, message_id: str) -> Letter | None:
        """The letter a Message-ID of In-Reply-To or References belongs to."""
        return self._one_letter("message_id", to_column(message_id))

    def _one_letter(self, column: str, value: str | int) -> Letter | None:
        row = self._find(f"{_WHOLE} where {column} = ?", (value,))
        return _letter(row) if row else None

    def count_letters(self, to: str, since: datetime, unsafe_only: bool = True, codes: Iterable[str] = ()) -> int:
        """Answers to one address sent ``since`` then, or still to be sent (domain 3.4: at most three in 24 hours).

        Letters nobody asked for do not count, safety letters only with ``unsafe_only=False``; held and cancelled ones
        never: they reach nobody. One that may have been sent ("unknown") counts by the time it was due. ``codes`` are
        the letter codes to count, none = every one.
        """
        named = tuple(codes)
        some = f" and code in ({marks(named)})" if named else ""
        row = self._find(
            f"select count(*) from letter where recipient = ? and in_reply_to <> '' and safety <= ?{some}"  # noqa: S608
            " and (state in ('ready', 'deferred', 'sending')"
            " or (state in ('sent', 'unknown') and coalesce(sent_at, leave_at) >= ?))",
            (to_address(to), 0 if unsafe_only else 1, *named, to_moment(since)),
        )
        return int(row[0]) if row else 0


def _letter(row: Row) -> Letter:
    return Letter(
        key=row[0], code=row[1], audit=row[2], role=row[3], to=row[4], subject=row[5], message_id=row[6],
        leave_at=from_moment(row[7]), state=LetterState(row[8]), reason=row[9], private=row[10], safety=bool(row[11]),
        attempts=row[12], id=row[13], made_at=from_moment_or_none(row[14]), sent_at=from_moment_or_none(row[15]),
        in_reply_to=row[16], audits=tuple(sorted((row[17] or "").split())), raw=bytes(row[18]) if row[18] else b"",
    )
