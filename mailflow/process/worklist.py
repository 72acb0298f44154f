"""The QA team's morning worklist (OUT-75): what waits, each as (reference, words)."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from mailflow.model import Audit, ConcernState, Cycle, CycleState, Flag, State
from mailflow.process.calendar import local
from mailflow.process.states import WITH_AUDITOR
from mailflow.process.wording import day_words, moment_words

Line = tuple[str, str]
_CONCERNS: dict[ConcernState, str] = {
    ConcernState.SUSPECTED: "possible concern, waiting for the auditor's answer",
    ConcernState.RAISED: "concern raised",
    ConcernState.TOLD: "concern raised, nobody has acknowledged it yet",
    ConcernState.ACKED: "concern acknowledged; close it with CLOSE and the outcome",
}


def _to_check(audit: Audit, now: datetime) -> str:
    if audit.state is State.SELECTED and audit.former_auditors:
        return "has no auditor; reply REASSIGN"
    if audit.state is not State.UNDER_QA:
        return ""
    late = " (past its target)" if audit.has(Flag.QA_OVERDUE) else ""
    return f"form {audit.submission}, to decide by {_on(audit.qa_due_at)}{late}"


def _overdue(audit: Audit, now: datetime) -> str:
    if audit.state not in WITH_AUDITOR or not audit.has(Flag.OVERDUE):
        return ""
    days = (local(now).date() - audit.due_on).days
    return f"{audit.auditor}, {days} day{'s' if days != 1 else ''} overdue since {day_words(audit.due_on)}"


def _revision(audit: Audit, now: datetime) -> str:
    return f"{audit.auditor}, amended form due by {_on(audit.hard_at)}" if audit.state is State.REVISION else ""


def _concern(audit: Audit, now: datetime) -> str:
    words = _CONCERNS.get(audit.concern.state, "")
    since = audit.concern.raised_at
    return f"{words}, since {moment_words(since)}" if words and since else words


def _on(moment: datetime | None) -> str:
    return day_words(local(moment).date()) if moment else "no set day"


# Heading of the letter → what an audit says under it, "" for nothing.
HEADINGS: dict[str, Callable[[Audit, datetime], str]] = {
    "concerns": _concern, "to_check": _to_check, "overdue": _overdue, "revisions": _revision,
}


def samples_waiting(cycles: Iterable[Cycle]) -> tuple[Line, ...]:
    """Months whose sample nobody has accepted yet, or could be drawn (TS-02, TS-03)."""
    return tuple((f"cycle {c.id}", "the sample waits for ACCEPT; reply to the email that brought it" if c.proposals else
                  "no sample could be drawn; see the email of that day")
                 for c in cycles if c.state is CycleState.DRAWING)


def facts(audits: Iterable[Audit], now: datetime, *, samples: tuple[Line, ...] = (), held: tuple[Line, ...] = (),
          letters_held: tuple[Line, ...] = (), unknown: tuple[Line, ...] = (), notes: tuple[Line, ...] = (),
          families: tuple[Line, ...] = (), journal_head: str = "") -> dict[str, Any]:
    """The facts of OUT-75. Audits on hold are shown for their concern only; ``families`` are those QA is to ring."""
    ordered = sorted(audits, key=lambda a: a.ref)
    made = {
        name: tuple((a.ref, words) for a in ordered
                    if (name == "concerns" or not a.has(Flag.ON_HOLD)) and (words := line(a, now)))
        for name, line in HEADINGS.items()
    }
    made["to_check"] = (*samples, *made["to_check"])
    return {**made, "held": held, "letters_held": letters_held, "unknown": unknown, "notes": notes,
            "families": families, "journal_head": journal_head}


def has_work(facts: dict[str, Any]) -> bool:
    """Is there anything to print besides the journal's head?"""
    return any(lines for name, lines in facts.items() if name != "journal_head")
