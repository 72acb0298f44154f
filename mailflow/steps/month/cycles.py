"""Cycles in the daemon's pass: draw what is due, and take each cycle where its clock has come to (domain 2.7, CLK-09/10)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial

from mailflow.model import Cycle, CycleState, Disposition, Entry, State, Wish
from mailflow.process.cycle import carry
from mailflow.process.cycle.cycles import find_clock_step, make_cycle, may_try, months_to_draw, move_cycle
from mailflow.process.cycle.orders import Ordered, decide_cancel
from mailflow.steps.directory_rows import IMPORTED_AT
from mailflow.steps.effects import Change, Handling, apply, prepare, tell_now
from mailflow.steps.guard import attempt
from mailflow.steps.house import House
from mailflow.steps.month.draw import cycle_month, draw_by_clock, open_selected, select
from mailflow.steps.month.letters import tell_of_cancelling
from mailflow.steps.month.report import report_letters

_ENDED = (CycleState.ARCHIVED, CycleState.CANCELLED)


def turn(house: House, now: datetime) -> None:
    """Everything the calendar asks of cycles at this moment. A cycle that fails is told of and does not stop the others."""
    for cycle in _to_draw(house, now):
        attempt(f"the draw of {cycle.id}", partial(_draw, house, cycle, now), partial(_failed, house, cycle, now))
    for cycle in house.store.load_cycles():
        if cycle.state not in _ENDED:
            attempt(f"cycle {cycle.id}", partial(_step_on, house, cycle, now), partial(_failed, house, cycle, now))


def _to_draw(house: House, now: datetime) -> tuple[Cycle, ...]:
    """Cycles whose draw day has come, planned ones with a theme among them, and those whose draw is tried again."""
    kept = {c.id: c for c in house.store.load_cycles()}
    framework = house.policy.framework
    begun = {c.id for c in kept.values() if c.state is not CycleState.PLANNED}
    new = [make_cycle(framework, year, month) for year, month in months_to_draw(framework, now, begun)]
    imported = house.store.find_meta(IMPORTED_AT)
    again = [c for c in kept.values()
             if may_try(c, framework, datetime.fromisoformat(imported) if imported else None, now)]
    return (*(kept.get(c.id, c) for c in new), *again)


def _draw(house: House, cycle: Cycle, now: datetime) -> None:
    draw_by_clock(house, cycle, now)


def _step_on(house: House, cycle: Cycle, now: datetime) -> None:
    """Each step the clock has come to, one after the other: after an outage there may be several."""
    count = partial(house.store.count_audits, cycle.id)
    while step := find_clock_step(cycle, house.policy.framework, now, count):
        cycle = _DO[step](house, cycle, now)


def _close(house: House, cycle: Cycle, now: datetime) -> Cycle:
    return _moved(house, move_cycle(cycle, "TS-05"), "TS-05", now)


def _report(house: House, cycle: Cycle, now: datetime) -> Cycle:
    """TS-06: the report and the lists of what was not completed, in the transaction of the step."""
    letters, figures = report_letters(house, cycle, now)
    reported = move_cycle(cycle, "TS-06")
    entry = Entry("TS-06", "", {"cycle": cycle.id, "to": reported.state.value, **figures})
    handling = Handling(Disposition.ACCEPT, "", cycle=reported, made=letters, entries=(entry,))
    apply(house, handling, prepare(house, handling, now, None), now)
    return reported


def _archive(house: House, cycle: Cycle, now: datetime) -> Cycle:
    return _moved(house, move_cycle(cycle, "TS-07"), "TS-07", now)


def _moved(house: House, cycle: Cycle, step: str, now: datetime) -> Cycle:
    with house.store.tx():
        house.store.save_cycle(cycle)
        house.store.journal(step, now, data={"cycle": cycle.id, "to": cycle.state.value})
    return cycle


def _lapse(house: House, cycle: Cycle, now: datetime) -> Cycle:
    lapsed = replace(move_cycle(cycle, "TS-08.lapsed"), proposals=())
    handling = cancelling(house, lapsed, now, "TS-08.lapsed", "")
    apply(house, handling, prepare(house, handling, now, None), now)
    return lapsed


def _take(house: House, cycle: Cycle, now: datetime) -> Cycle:
    return select(house, cycle, now, "")


def _open(house: House, cycle: Cycle, now: datetime) -> Cycle:
    return open_selected(house, cycle, now)


_DO: dict[str, Callable[[House, Cycle, datetime], Cycle]] = {
    "TS-03": _take, "TS-04": _open, "TS-05": _close, "TS-06": _report, "TS-07": _archive, "TS-08.lapsed": _lapse,
}


def cancelling(house: House, cycle: Cycle, now: datetime, step: str, by: str) -> Handling:
    """What goes with a cycle that is cancelled: its audits end, work carried into it is free again, who was told is told.

    ``cycle`` is cancelled already. Nothing is applied here.
    """
    changes = []
    for audit in house.store.find_audits(cycle=cycle.id, states=(State.SELECTED,)):
        scene = house.scene(audit, now)
        changes.append(Change(scene, carry.decide_fall_away(scene, by)))
        if audit.carried_from:
            old = house.scene(house.store.get_audit(audit.carried_from), now)
            changes.append(Change(old, carry.decide_back(old)))
    entry = Entry(step, by, {"cycle": cycle.id, "to": cycle.state.value, "audits": len(changes)})
    letters = tell_of_cancelling(house, cycle, by, now)
    return Handling(Disposition.ACCEPT, "", changes=tuple(changes), cycle=cycle, entries=(entry,), made=letters)


def cancel_month(house: House, cycle: Cycle, now: datetime, by: str) -> Cycle:
    """TS-08 from the command line."""
    cancelled = decide_cancel(cycle, by, now)
    handling = cancelling(house, cancelled, now, "TS-08", by)
    apply(house, handling, prepare(house, handling, now, None), now)
    return cancelled


def keep_ordered(house: House, ordered: Ordered, by: str, now: datetime) -> None:
    """A change of the cycle alone (its theme), from the command line."""
    entry = Entry(ordered.step, by, {"cycle": ordered.cycle.id, "said": ordered.cycle.theme})
    handling = Handling(Disposition.ACCEPT, "", cycle=ordered.cycle, entries=(entry,))
    apply(house, handling, prepare(house, handling, now, None), now)


def _failed(house: House, cycle: Cycle, now: datetime, reason: str) -> None:
    """Tried again with the next pass; the journal and the QA team hear of it once a day."""
    day, key = f"{house.policy.calendar.local_day(now)}", f"cycle_failed:{cycle.id}"
    if house.store.find_meta(key) == day:
        return
    with house.store.tx():
        house.store.save_meta(key, day)
        house.store.journal("failed", now, data={"cycle": cycle.id, "reason": reason})
    wish = Wish("OUT-90", "qa", "failed", f"{cycle.id}·{day}", facts={
        "address": f"the cycle {cycle_month(cycle)}", "letter_code": "", "reason": reason, "permanent": False})
    attempt(f"the notice about cycle {cycle.id}", partial(tell_now, house, wish, now), lambda _: None)
