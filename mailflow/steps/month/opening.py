"""`mailflow open MONTH`: a QA person at the terminal draws, accepts and opens a month at once (TS-01 … TS-04).

Running it twice opens nothing twice: the draw is kept with the cycle, and only audits still SELECTED are allocated. A
sample that waits for ACCEPT is accepted as it stands.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

from mailflow.errors import PermanentError
from mailflow.model import Cycle, CycleState, Entry, State
from mailflow.process.cycle.cycles import cycle_id, make_cycle, move_cycle, parse_month
from mailflow.process.cycle.sample import Frame
from mailflow.process.draw.selection import Draw
from mailflow.steps.effects import apply, prepare
from mailflow.steps.house import House
from mailflow.steps.month.draw import Sample as Drawn
from mailflow.steps.month.draw import carried_over, make_sample, open_selected, selecting

BY = "command line"


@dataclass(frozen=True)
class Opening:
    """What opening a month did, or would do."""

    cycle: str
    opens_on: date
    due_on: date
    allocated: tuple[tuple[str, str, str], ...]  # (reference, case number, auditor)
    exclusions: tuple[tuple[str, str], ...]
    unserved: tuple[tuple[str, str], ...]
    carried: tuple[str, ...]
    seed: str
    frame_digest: str
    # Audits of the cycle that are not given out: somebody is away, or a letter could not be made.
    waiting: tuple[str, ...] = ()


def opening_moment(house: House, month: str, now: datetime) -> datetime:
    """When the month's audits begin: now within the cycle, else its first working morning (TS-04). Raises PermanentError."""
    cycle, calendar = make_cycle(house.policy.framework, *parse_month(month)), house.policy.calendar
    return now if cycle.opens_on <= calendar.local_day(now) <= cycle.due_on else calendar.morning_of(cycle.opens_on)


def open_month(house: House, month: str, now: datetime, *, seed: str = "", dry: bool = False,
               progress: Callable[[int, int], None] | None = None) -> Opening:
    """Draw, create and allocate one month. Raises PermanentError when the month is closed or nothing can be drawn."""
    year, number = parse_month(month)
    planned = make_cycle(house.policy.framework, year, number, seed)
    kept = house.store.find_cycle(cycle_id(year, number))
    if kept is not None and kept.state is CycleState.CANCELLED:
        raise PermanentError(f"{date(year, number, 1):%B %Y} has been cancelled")
    if kept is not None and kept.state not in (CycleState.PLANNED, CycleState.DRAWING):
        return _go_on(house, kept, now, dry, progress)
    drawn = _sample(house, kept or planned, seed, now)
    carried = tuple(new.ref for new, _ in carried_over(house, drawn.cycle, now))
    if not dry:
        _open(house, drawn, now, progress)
    told = _told(drawn.cycle, tuple((p.ref, p.case_number, p.auditor) for p in drawn.cycle.proposals), drawn.drawn, carried)
    return told if dry else replace(told, waiting=_waiting(house, drawn.cycle))


def _sample(house: House, cycle: Cycle, seed: str, now: datetime) -> Drawn:
    """The sample that waits for an answer, or a new one."""
    if cycle.proposals:
        return Drawn(cycle, Frame((), (), {}, ()), Draw((), (), (), cycle.frame_digest))
    made = make_sample(house, replace(cycle, seed=seed or cycle.seed), now)
    if made.problems:
        raise PermanentError("; ".join(f"{what}: {do}" for what, do in made.problems))
    return made


def _open(house: House, drawn: Drawn, now: datetime, progress: Callable[[int, int], None] | None) -> None:
    cycle = drawn.cycle
    entries: tuple[Entry, ...] = ()
    if cycle.state is CycleState.PLANNED:
        cycle = move_cycle(cycle, "TS-01")
        entries = (Entry("TS-01", BY, {"cycle": cycle.id, "to": cycle.state.value}),)
    handling = selecting(house, cycle, now, BY, entries)
    apply(house, handling, prepare(house, handling, now, None), now)
    assert handling.cycle is not None
    open_selected(house, handling.cycle, now, drawn.record, progress)


def _go_on(house: House, kept: Cycle, now: datetime, dry: bool, progress: Callable[[int, int], None] | None) -> Opening:
    """A month that was drawn before: whatever of it is still SELECTED is allocated, as long as it is open."""
    if not dry and kept.state in (CycleState.SELECTED, CycleState.OPEN):
        open_selected(house, kept, now, progress=progress)
    audits = house.store.find_audits(cycle=kept.id)
    told = _told(kept, tuple((a.ref, a.case_number, a.auditor) for a in audits), Draw((), (), (), kept.frame_digest), ())
    return replace(told, waiting=_waiting(house, kept))


def _waiting(house: House, cycle: Cycle) -> tuple[str, ...]:
    return tuple(a.ref for a in house.store.find_audits(cycle=cycle.id, states=(State.SELECTED,)))


def _told(cycle: Cycle, pairs: tuple[tuple[str, str, str], ...], drawn: Draw, carried: tuple[str, ...]) -> Opening:
    return Opening(cycle.id, cycle.opens_on, cycle.due_on, pairs, drawn.exclusions, drawn.unserved, carried, cycle.seed,
                   cycle.frame_digest)
