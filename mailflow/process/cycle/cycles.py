"""The states of a cycle: one table, what the clock does next, and the calendar of a month (domain 2.7, TS-01 … TS-08).

A cycle is drawn on its day, waits for the QA team's ACCEPT, opens on its first working morning, closes after its due day
and is reported once everything in it is settled. A month nobody accepted lapses on its due day: an audit allocated after
it was due would help nobody. Every step asks the state first, so that the same tick twice does nothing twice (CLK-10).
"""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from mailflow.errors import Broken, PermanentError
from mailflow.framework import Framework
from mailflow.framework.sense import KEPT
from mailflow.model import Cycle, CycleState, State
from mailflow.process.calendar import Calendar, local, make_calendar

C = CycleState
Count = Callable[[], Mapping[str, int]]


@dataclass(frozen=True)
class CycleStep:
    """One row: the rule's ID, the states it may start from, what happens, the state after (None = stays), words."""

    id: str
    froms: tuple[CycleState, ...]
    event: str
    to: CycleState | None
    words: str


BEFORE_OPEN = (C.PLANNED, C.DRAWING, C.SELECTED)

STEPS: tuple[CycleStep, ...] = (
    CycleStep("TS-01", (C.PLANNED,), "clock: the draw day, or QA opens the month", C.DRAWING, "a sample is drawn for QA"),
    CycleStep("TS-01.drawn", (C.DRAWING,), "a sample could be drawn", None, "QA is asked to accept it"),
    CycleStep("TS-02", (C.DRAWING,), "no sample can be drawn", None, "QA hears what to change, once a day"),
    CycleStep("TS-03", (C.DRAWING,), "QA: ACCEPT, or the profile asks nobody", C.SELECTED, "the audits exist"),
    CycleStep("TS-03.swap", (C.DRAWING,), "QA: SWAP", None, "another case for the same auditor"),
    CycleStep("TS-03.drop", (C.DRAWING,), "QA: DROP", None, "the case is taken out of the sample"),
    CycleStep("TS-03.theme", (*BEFORE_OPEN, C.OPEN), "QA: THEME", None, "the cycle has a theme"),
    CycleStep("TS-04", (C.SELECTED,), "clock: first working morning, or QA opens the month", C.OPEN, "allocations go out"),
    CycleStep("TS-05", (C.OPEN,), "clock: the due day and the days of grace are over", C.CLOSING, "nothing more is due"),
    CycleStep("TS-06", (C.CLOSING,), "everything is settled, or the clock", C.REPORTED, "the report of the cycle"),
    CycleStep("TS-07", (C.REPORTED,), "clock: retention is over, nothing is open", C.ARCHIVED, "kept no longer"),
    CycleStep("TS-08", BEFORE_OPEN, "QA: CANCEL", C.CANCELLED, "only who was told is told"),
    CycleStep("TS-08.lapsed", BEFORE_OPEN, "clock: the due day came before anybody accepted", C.CANCELLED,
              "nobody is told, the journal has it"),
)
_BY_ID = {s.id: s for s in STEPS}

# Nobody owes anything for the month itself any more.
SETTLED = (State.ACCEPTED, State.ISSUED, State.RECORDED, State.FOLLOW_UP, State.CLOSED, State.NOT_ACCEPTED, State.WITHDRAWN)
# No action, upload or re-audit is open either (TS-07).
AT_REST = (State.RECORDED, State.CLOSED, State.NOT_ACCEPTED, State.WITHDRAWN)


def move_cycle(cycle: Cycle, step: str, **changes: Any) -> Cycle:
    """The cycle after that step. Raises Broken for a step the table does not allow from its state."""
    row = _BY_ID.get(step)
    if row is None or cycle.state not in row.froms:
        raise Broken(f"cycle {cycle.id}: {step} is not possible in state {cycle.state}")
    return replace(cycle, state=row.to or cycle.state, **changes)


def table() -> str:
    """The table as Markdown, for the documentation."""
    rows = ["| from | to | rule | when |", "|---|---|---|---|"]
    rows += [f"| {', '.join(s.froms)} | {s.to} | {s.id} | {s.event} |" for s in STEPS if s.to is not None]
    return "\n".join(rows) + "\n"


def parse_month(text: str) -> tuple[int, int]:
    """"2026-11" or "11/2026" → (2026, 11). Raises PermanentError with the spelling we want."""
    found = re.fullmatch(r"(?P<y>\d{4})-(?P<m>\d{1,2})", text) or re.fullmatch(r"(?P<m>\d{1,2})/(?P<y>\d{4})", text)
    if found:
        year, month = int(found["y"]), int(found["m"])
        if 1 <= month <= 12 and 2000 <= year <= 2099:
            return year, month
    raise PermanentError(f"{text!r} is not a month; write 2026-11")


def cycle_id(year: int, month: int) -> str:
    return f"{year % 100:02d}{month:02d}"


def month_of(cycle: str) -> tuple[int, int]:
    """"2611" → (2026, 11)."""
    return 2000 + int(cycle[:2]), int(cycle[2:])


def later_month(year: int, month: int, count: int) -> tuple[int, int]:
    """So many months later (before, where negative)."""
    years, place = divmod(year * 12 + month - 1 + count, 12)
    return years, place + 1


def make_cycle(framework: Framework, year: int, month: int, seed: str = "") -> Cycle:
    """The month's cycle, planned. Raises PermanentError for a month that is closed in this framework."""
    calendar, rules = make_calendar(framework), framework.calendar
    kind = rules.months.get(f"{month:02d}")
    if kind is None:
        raise PermanentError(f"{date(year, month, 1):%B} is closed in {framework.id}")
    due = calendar.last_working_day(*later_month(year, month, rules.length_months - 1))
    closes = calendar.add_working_days(due, rules.grace_wd) if rules.grace_wd else due
    return Cycle(cycle_id(year, month), kind.type, calendar.first_working_day(year, month), due, closes, seed=seed,
                 second=kind.second)


def draw_day(framework: Framework, year: int, month: int) -> date:
    """The day the month's sample is drawn on (F3-CAL-01)."""
    calendar = make_calendar(framework)
    if framework.calendar.draw == "last_working_day_previous_month":
        return calendar.last_working_day(*later_month(year, month, -1))
    return calendar.first_working_day(year, month)


def last_draw_day(framework: Framework, year: int, month: int) -> date:
    """The last day on which the daemon draws that month; later only `mailflow open` does."""
    return make_calendar(framework).day_of_month(year, month, f"{framework.calendar.latest_draw_wd}wd")


def months_to_draw(framework: Framework, now: datetime, known: Collection[str]) -> tuple[tuple[int, int], ...]:
    """The open months whose draw day has come, without those ``known`` (cycle ids) and those it is too late for.

    After an outage a month is drawn only while its ``calendar.latest_draw_wd``-th working day is not over (CLK-09).
    """
    rules, calendar, today = framework.calendar, make_calendar(framework), local(now).date()
    if rules.starts != "by_itself":
        return ()
    near = ((today.year, today.month), later_month(today.year, today.month, 1))
    return tuple(
        (year, month) for year, month in near
        if f"{month:02d}" in rules.months and cycle_id(year, month) not in known
        and now >= calendar.morning_of(draw_day(framework, year, month)) and today <= last_draw_day(framework, year, month))


def find_clock_step(cycle: Cycle, framework: Framework, now: datetime, count: Count) -> str:
    """The step the clock has come to, "" where there is none. ``count`` gives the cycle's audits by state, if asked."""
    calendar = make_calendar(framework)
    if cycle.state in BEFORE_OPEN and now >= calendar.expiry(cycle.due_on):
        return "TS-08.lapsed"
    return _CLOCKS[cycle.state](cycle, framework, now, count, calendar) if cycle.state in _CLOCKS else ""


def _is_taken(cycle: Cycle, framework: Framework, now: datetime, count: Count, calendar: Calendar) -> str:
    """Where the profile asks nobody, the sample is accepted as it was drawn."""
    return "TS-03" if cycle.proposals and framework.selection.approval == "none" else ""


def _opens(cycle: Cycle, framework: Framework, now: datetime, count: Count, calendar: Calendar) -> str:
    return "TS-04" if now >= calendar.morning_of(cycle.opens_on) else ""


def _closes(cycle: Cycle, framework: Framework, now: datetime, count: Count, calendar: Calendar) -> str:
    return "TS-05" if now >= calendar.expiry(cycle.closes_on) else ""


def _is_reported(cycle: Cycle, framework: Framework, now: datetime, count: Count, calendar: Calendar) -> str:
    latest = calendar.expiry(calendar.add_working_days(cycle.closes_on, framework.reports.after_wd))
    return "TS-06" if now >= latest or set(count()) <= set(SETTLED) else ""


def _is_archived(cycle: Cycle, framework: Framework, now: datetime, count: Count, calendar: Calendar) -> str:
    return "TS-07" if local(now).date() >= archive_day(cycle, framework) and set(count()) <= set(AT_REST) else ""


_CLOCKS = {C.DRAWING: _is_taken, C.SELECTED: _opens, C.OPEN: _closes, C.CLOSING: _is_reported, C.REPORTED: _is_archived}


def may_try(cycle: Cycle, framework: Framework, imported_at: datetime | None, now: datetime) -> bool:
    """Is a draw that failed tried again: on a new day, or once sheets have been taken in since (TS-02)?"""
    if cycle.state is not C.DRAWING or cycle.proposals or local(now).date() > last_draw_day(framework, *month_of(cycle.id)):
        return False
    if cycle.tried_at is None or local(cycle.tried_at).date() != local(now).date():
        return True
    return imported_at is not None and imported_at > cycle.tried_at


def archive_day(cycle: Cycle, framework: Framework) -> date:
    """The first day after its retention: "current_year+6" keeps it to the end of the sixth year after its own.

    Raises Broken for another spelling, which the profile's loader refuses.
    """
    found = KEPT.fullmatch(framework.retention.audit_copy)
    if found is None:
        raise Broken(f"retention.audit_copy: {framework.retention.audit_copy}")
    return date(cycle.due_on.year + int(found[1]) + 1, 1, 1)
