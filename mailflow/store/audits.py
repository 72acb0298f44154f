"""Audits and their submissions. Key columns for look-ups, the whole value as JSON beside them."""

import re
from collections import Counter
from collections.abc import Iterable
from copy import copy
from dataclasses import replace
from datetime import date

from mailflow.errors import Broken, Lost, PermanentError
from mailflow.form.passages import fingerprint
from mailflow.model import Audit, Finding, State, Submission
from mailflow.store.base import Base, Row, marks
from mailflow.store.values import from_text, to_address, to_column, to_text

_SEQUENCE = re.compile(r"-(\d+)[A-Z]?$")
# A run of words in so many audits says nothing about any of them.
MOST_ALIKE = 50
_AT_ONCE = 400
_COLUMNS = "generation, value, state, cycle, case_number"


class Audits(Base):
    def add_audit(self, audit: Audit) -> None:
        """Keep a new audit. A reference that stands already raises Broken."""
        number = _SEQUENCE.search(audit.ref)
        self._write(
            "insert into audit (ref, cycle, sequence, case_number, auditor, state, due_on, generation, opens_on, carried_to,"
            " value) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                to_column(audit.ref), to_column(audit.cycle), int(number[1]) if number else 0,
                to_column(audit.case_number), to_address(audit.auditor), audit.state.value, audit.due_on.isoformat(),
                audit.generation, audit.opens_on.isoformat(), to_column(audit.carried_to), to_text(audit),
            ),
        )

    def save_audit(self, audit: Audit) -> Audit:
        """Save over the generation it was loaded with and return it one generation on; raises Lost if it moved."""
        # A copy with one field set costs a fifth of dataclasses.replace on so many fields; nobody has seen it yet.
        saved = copy(audit)
        object.__setattr__(saved, "generation", audit.generation + 1)
        changed = self._write(
            "update audit set cycle = ?, case_number = ?, auditor = ?, state = ?, due_on = ?, generation = ?, opens_on = ?,"
            " carried_to = ?, value = ? where ref = ? and generation = ?",
            (
                to_column(saved.cycle), to_column(saved.case_number), to_address(saved.auditor), saved.state.value,
                saved.due_on.isoformat(), saved.generation, saved.opens_on.isoformat(), to_column(saved.carried_to),
                to_text(saved), to_column(saved.ref), audit.generation,
            ),
        )
        if changed != 1:
            raise Lost(f"audit {audit.ref} was changed by somebody else first")
        return saved

    def find_audit(self, ref: str) -> Audit | None:
        row = self._find(f"select {_COLUMNS} from audit where ref = ?", (to_column(ref),))  # noqa: S608
        return _audit(row) if row else None

    def get_audit(self, ref: str) -> Audit:
        """The audit of that reference; raises PermanentError where there is none."""
        audit = self.find_audit(ref)
        if audit is None:
            raise PermanentError(f"there is no audit {ref}")
        return audit

    def find_audits(
        self, *, auditor: str | None = None, case_number: str | None = None, cycle: str | None = None,
        states: Iterable[State] | None = None,
    ) -> tuple[Audit, ...]:
        """The audits that match every argument given, by cycle and number; no argument: all of them."""
        wanted = None if states is None else tuple(dict.fromkeys(State(s).value for s in states))
        where, values = _narrowest(auditor, case_number, cycle, wanted)
        rows = self._read(f"select {_COLUMNS} from audit{where} order by cycle, sequence, ref", values)  # noqa: S608
        return tuple(
            _audit(row) for row in rows
            if (wanted is None or row[2] in wanted)
            and (cycle is None or row[3] == to_column(cycle))
            and (case_number is None or row[4] == to_column(case_number))
        )

    def count_audits(self, cycle: str | None = None) -> dict[str, int]:
        """How many audits stand in each state, of one cycle or of all; states nobody is in are left out."""
        if cycle is None:
            return dict(self._read("select state, count(*) from audit group by state order by state"))
        return dict(self._read("select state, count(*) from audit where cycle = ? group by state order by state",
                               (to_column(cycle),)))

    def load_last_opened(self) -> dict[str, date]:
        """For every case of the council: the day its newest audit opened, without the withdrawn ones; others are left out.

        One look into an index for each case, however many audits there have been.
        """
        rows = self._read(
            "select c.number, (select max(opens_on) from audit a where a.case_number = c.number and a.state <> 'withdrawn')"
            " from council_case c"
        )
        return {number: date.fromisoformat(last) for number, last in rows if last}

    def find_uncarried(self, before_cycle: str) -> tuple[Audit, ...]:
        """Audits of earlier cycles that were not accepted and stand in no later one yet (T-20), by cycle and number."""
        rows = self._read(
            f"select {_COLUMNS} from audit where state = 'not_accepted' and carried_to = '' and cycle < ?"  # noqa: S608
            " order by cycle, sequence, ref",
            (to_column(before_cycle),),
        )
        return tuple(_audit(row) for row in rows)

    def next_sequence(self, cycle: str) -> int:
        """One more than the highest number used in that cycle (from 1); sure only inside a transaction."""
        row = self._find("select coalesce(max(sequence), 0) + 1 from audit where cycle = ?", (to_column(cycle),))
        return int(row[0]) if row else 1

    def add_submission(self, submission: Submission) -> None:
        """Keep a numbered return; the number taken already, or no such audit, raises Broken (invariant 1)."""
        self._write(
            "insert into submission (ref, number, sha, content_digest, value) values (?, ?, ?, ?, ?)",
            (
                to_column(submission.ref), submission.number, submission.sha, to_column(submission.reading.content_digest),
                to_text(submission),
            ),
        )
        self._add_passages(submission)

    def _add_passages(self, submission: Submission) -> None:
        """The runs of words by which the return's passages are found again. A run that stands in so many audits already is a
        turn of phrase and is not kept, which bounds every look-up."""
        self._write_many(
            "insert into passage (digest, ref) select ?1, ?2"
            " where (select count(*) from (select 1 from passage where digest = ?1 limit ?3)) < ?3"
            " on conflict (digest, ref) do nothing",
            ((run, to_column(submission.ref), MOST_ALIKE) for run in sorted(fingerprint(submission.reading.answers))),
        )

    def find_alike(self, runs: Iterable[int], but: str, most: int = 5) -> tuple[str, ...]:
        """References of the audits that share two or more of those runs, the most first; ``but`` is left out."""
        wanted, shared = sorted(set(runs)), Counter[str]()
        for start in range(0, len(wanted), _AT_ONCE):
            some = wanted[start:start + _AT_ONCE]
            rows = self._read(f"select ref from passage where digest in ({marks(some)})", some)  # noqa: S608
            shared.update(ref for (ref,) in rows)
        shared.pop(but, None)
        return tuple(ref for ref, n in sorted(shared.items(), key=lambda x: (-x[1], x[0])) if n > 1)[:most]

    def save_findings(self, ref: str, number: int, findings: tuple[Finding, ...]) -> None:
        """Other findings for a submission that stands: something beside it changed (IN-03). No such one raises Broken."""
        kept = self.find_submission(ref, number)
        if kept is None:
            raise Broken(f"audit {ref} has no submission {number}")
        self._write("update submission set value = ? where ref = ? and number = ?",
                    (to_text(replace(kept, findings=findings)), to_column(ref), number))

    def load_submissions(self, ref: str) -> tuple[Submission, ...]:
        """Every submission of one audit, first to last."""
        rows = self._read("select value from submission where ref = ? order by number", (to_column(ref),))
        return tuple(from_text(Submission, value) for (value,) in rows)

    def find_submission(self, ref: str, number: int) -> Submission | None:
        row = self._find("select value from submission where ref = ? and number = ?", (to_column(ref), number))
        return from_text(Submission, row[0]) if row else None

    def find_duplicate(self, ref: str, sha: str, content_digest: str) -> Submission | None:
        """The latest submission of that audit with the same bytes or the same answers (T-34)."""
        row = self._find(
            "select value from submission where ref = ? and (sha = ? or (content_digest = ? and content_digest <> ''))"
            " order by number desc limit 1",
            (to_column(ref), sha, to_column(content_digest)),
        )
        return from_text(Submission, row[0]) if row else None


def _narrowest(
    auditor: str | None, case_number: str | None, cycle: str | None, states: tuple[str, ...] | None
) -> tuple[str, tuple[str, ...]]:
    """The one look-up that finds fewest rows; what else was asked is sifted afterwards.

    Several keys in one statement would leave the choice of index to the planner, which cannot know that an auditor
    has dozens of audits where a state has a hundred thousand.
    """
    if auditor is not None:
        return " where auditor = ?", (to_address(auditor),)
    if case_number is not None:
        return " where case_number = ?", (to_column(case_number),)
    if cycle is not None and states is not None:
        return f" where cycle = ? and state in ({marks(states)})", (to_column(cycle), *states)
    if cycle is not None:
        return " where cycle = ?", (to_column(cycle),)
    if states is not None:
        return f" where state in ({marks(states)})", states
    return "", ()


def _audit(row: Row) -> Audit:
    audit = from_text(Audit, row[1])
    if audit.generation != row[0]:
        raise Broken(f"audit {audit.ref} has generation {audit.generation} inside and {row[0]} outside")
    return audit
