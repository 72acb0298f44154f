"""An audit: one case × one auditor × one cycle, with a state (domain 2.2, 2.8, 2.9 region C)."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from mailflow.model.action import ToldAction
from mailflow.model.finding import Finding, Point
from mailflow.model.reading import Reading


class State(StrEnum):
    """Domain 2.8; RECEIVED and ACCEPTED→ISSUED are passed through, ACCEPTED lasts ``issue.delay_minutes``."""

    SELECTED = "selected"
    ALLOCATED = "allocated"
    UNDERWAY = "underway"
    UNDER_QA = "under_qa"
    REVISION = "revision"
    ACCEPTED = "accepted"
    ISSUED = "issued"
    RECORDED = "recorded"
    FOLLOW_UP = "follow_up"
    CLOSED = "closed"
    NOT_ACCEPTED = "not_accepted"
    WITHDRAWN = "withdrawn"


class Flag(StrEnum):
    OVERDUE = "overdue"
    LATE = "late"
    ON_HOLD = "on_hold"
    CONCERN_OPEN = "concern_open"
    CARRIED_OVER = "carried_over"
    ACK_MISSED = "ack_missed"
    BOUNCED = "bounced"
    QA_OVERDUE = "qa_overdue"
    PRACTITIONER_LEFT = "practitioner_left"
    # The auditor asked for this case, and the head of service agreed (T-67).
    SELF_SELECTED = "self_selected"
    # The auditor can't do it, and somebody has been asked to name another (T-38, T-39).
    COVER_WANTED = "cover_wanted"


class ConcernState(StrEnum):
    """Region C (domain 2.9)."""

    NONE = "none"
    SUSPECTED = "suspected"
    RAISED = "raised"
    TOLD = "told"
    ACKED = "acked"
    CLOSED = "closed"
    CLEARED = "cleared"


@dataclass(frozen=True)
class Concern:
    state: ConcernState = ConcernState.NONE
    phone: str = ""
    # Where it was seen: "form, page one", "answer voice.evidence", "mail text", "command".
    source: str = ""
    # The words that matched (CHK-072), for QA only; never in a letter to anybody else.
    words: str = ""
    raised_at: datetime | None = None
    acked_by: str = ""
    # How many times the ladder has been climbed (OUT-49).
    rung: int = 0
    # Counts concerns of one audit, so that a second one has letters of its own.
    number: int = 0


@dataclass(frozen=True)
class Override:
    """A block set aside by a QA officer, with the reason (T-13)."""

    check: str
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Copy:
    """A document kept beside a submission. ``name`` is the sender's words, ``sha`` names its bytes."""

    name: str
    sha: str


@dataclass(frozen=True)
class Submission:
    """One reading accepted as a numbered return. Earlier ones are kept (invariant 1)."""

    ref: str
    number: int
    received_at: datetime
    message_id: str
    sender: str
    name: str
    sha: str
    reading: Reading
    findings: tuple[Finding, ...] = ()
    late: bool = False
    # Other documents of the same mail that say the same: a PDF of the Word form.
    copies: tuple[Copy, ...] = ()


@dataclass(frozen=True)
class Audit:
    """Times are aware UTC datetimes, days are London dates. ``generation`` counts saves (compare-and-set)."""

    ref: str
    cycle: str
    case_number: str
    auditor: str
    state: State
    due_on: date
    opens_on: date
    type: str = "audit"
    level: int = 0
    flags: frozenset[Flag] = frozenset()
    cover: tuple[str, ...] = ()
    former_auditors: tuple[str, ...] = ()
    form: str = ""
    edition: str = ""
    lookback_from_on: date | None = None
    allocated_at: datetime | None = None
    meeting_at: datetime | None = None
    # The number of the current submission, 0 before the first.
    submission: int = 0
    received_at: datetime | None = None
    # Automatic returns so far (revision.auto_returns), and QA's own (revision.max_rounds).
    auto_returns: int = 0
    qa_returns: int = 0
    # Who sent it back last: "auto", "qa", "discuss" or "" (so the right letters are sent again).
    returned_by: str = ""
    # Every open point of the present revision request.
    points: tuple[Point, ...] = ()
    # The submission number that was sent back last (what an amended form is compared with).
    returned_submission: int = 0
    soft_at: datetime | None = None
    hard_at: datetime | None = None
    qa_due_at: datetime | None = None
    overrides: tuple[Override, ...] = ()
    accepted_by: str = ""
    accepted_at: datetime | None = None
    issue_at: datetime | None = None
    issued_at: datetime | None = None
    recorded_at: datetime | None = None
    # Canonical overall grade of the accepted form ("good", "requires_improvement" …), "" before.
    grade: str = ""
    concern: Concern = field(default_factory=Concern)
    carried_from: str = ""
    # True once NOT_ACCEPTED work stands in its new cycle (T-20).
    carried_to: str = ""
    # Free-text notes people sent (IN-23) are in the journal; this counts them.
    notes: int = 0
    reassignments: int = 0
    # The QA decision that stands ("ACCEPT", "RETURN" …), whose it was and when: a later one is told so.
    decision: str = ""
    decided_by: str = ""
    decided_at: datetime | None = None
    # Urgent actions told at the receipt, in the spelling they are known again by.
    urgent: tuple[ToldAction, ...] = ()
    # Who worked on the case before, where that changed while it is audited (T-45).
    former_practitioners: tuple[str, ...] = ()
    # What became of the feedback to them: "done", "not possible", or "" (T-66).
    previous_told: str = ""
    # The later day the auditor has asked for and nobody has answered yet, and why (T-46).
    asked_until_on: date | None = None
    asked_reason: str = ""
    # When the practitioner's self-assessment came, None before (T-62).
    assessed_at: datetime | None = None
    # The day the audit was put on hold (revision and QA limits wait while it lasts, CLK-08).
    held_on: date | None = None
    generation: int = 0

    def has(self, flag: Flag) -> bool:
        return flag in self.flags
