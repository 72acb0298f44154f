"""A cycle: one round with its calendar, and the state it is in (domain 2.2, 2.7)."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class CycleState(StrEnum):
    """Domain 2.7; ``process/cycle/cycles.py`` has the table of what leads where."""

    PLANNED = "planned"
    DRAWING = "drawing"
    SELECTED = "selected"
    OPEN = "open"
    CLOSING = "closing"
    REPORTED = "reported"
    ARCHIVED = "archived"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Proposal:
    """One pair of a sample that waits for the QA team: the audit there would be, by its reference."""

    ref: str
    case_number: str
    auditor: str


@dataclass(frozen=True)
class Cycle:
    """Days are London dates, times aware UTC. ``id`` is YYMM of the month it begins in.

    ``second`` is what the month also holds: a type of audit (re-audits), "moderation", or "".
    """

    id: str
    type: str
    opens_on: date
    due_on: date
    closes_on: date
    state: CycleState = CycleState.PLANNED
    seed: str = ""
    frame_digest: str = ""
    theme: str = ""
    second: str = ""
    # The sample while it waits for the QA team; empty again once its audits exist.
    proposals: tuple[Proposal, ...] = ()
    # Case numbers the QA team took out of the sample (SWAP, DROP): not drawn again in this cycle.
    passed_over: tuple[str, ...] = ()
    # How often the QA team has changed the sample: which one a reply was about.
    sample: int = 0
    # (reason, how many cases) of the draw, most first.
    left_out: tuple[tuple[str, int], ...] = ()
    # When a draw was last tried in vain, and the day the QA team was last told so (TS-02).
    tried_at: datetime | None = None
    asked_on: date | None = None
    # Who accepted or cancelled it ("" = the profile, or the clock), and when.
    decided_by: str = ""
    decided_at: datetime | None = None


@dataclass(frozen=True)
class Missing:
    """One audit nobody completed, for the auditor's head of service: nothing of the case."""

    auditor: str
    name: str
    service: str
    days: int
    reason: str
