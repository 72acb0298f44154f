"""What should happen: the value every pure decision returns."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from mailflow.model.audit import Audit
from mailflow.model.feedback import Feedback
from mailflow.model.finding import Finding
from mailflow.model.letter import Wish


@dataclass(frozen=True)
class Entry:
    """One line for the journal: the rule's ID, who, and why. ``data`` holds plain JSON values."""

    kind: str
    by: str = ""
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Timer:
    """A deadline as a row: when it comes due, ``name`` is handed back to ``process``."""

    name: str
    due_at: datetime


@dataclass(frozen=True)
class Pending:
    """A high-effect command waiting for its one-time code (T-72). The code itself is made by the corridor."""

    by: str
    word: str
    rest: str
    expires_at: datetime


@dataclass(frozen=True)
class Outcome:
    """The audit as it should be saved, and everything that goes with it in the same transaction.

    ``set_timers`` replace timers of the same name; ``clear_timers`` are names, or prefixes ending in ":".
    ``cancel`` are letter codes of this audit not sent yet whose reason is gone ("*" = every one but safety).
    """

    audit: Audit
    wishes: tuple[Wish, ...] = ()
    entries: tuple[Entry, ...] = ()
    set_timers: tuple[Timer, ...] = ()
    clear_timers: tuple[str, ...] = ()
    cancel: tuple[str, ...] = ()
    pending: Pending | None = None
    # What the family and others said, by source and origin; and the current submission's findings where they changed by it.
    feedback: tuple[Feedback, ...] = ()
    findings: tuple[Finding, ...] | None = None
