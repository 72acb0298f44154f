"""Remind: timers that came due, and each working morning the QA team's worklist (T-68)."""

import logging
from datetime import datetime
from typing import Any

from mailflow.errors import Lost
from mailflow.model import Disposition, LetterState, Timer, Wish
from mailflow.process import deadlines, worklist
from mailflow.process.calendar import local
from mailflow.steps.effects import Change, Handling, apply, enqueue, prepare
from mailflow.steps.house import House
from mailflow.steps.look import OPEN_STATES

log = logging.getLogger(__name__)


def remind(house: House, now: datetime) -> int:
    """Handle every timer that is due, an audit at a time; how many audits were touched."""
    touched = 0
    for ref, due in house.store.due_timers(now):
        touched += _remind_one(house, ref, due, now)
    _morning_worklist(house, now)
    return touched


def _remind_one(house: House, ref: str, due: tuple[Timer, ...], now: datetime) -> int:
    scene = house.scene(house.store.get_audit(ref), now)
    outcome = deadlines.decide_timers(scene, due)
    change = Change(scene, outcome, original=None)
    handling = Handling(Disposition.ACCEPT, "", ref, (change,))
    try:
        apply(house, handling, prepare(house, handling, now, None), now)
    except Lost:
        log.info("audit %s changed meanwhile; its timers are looked at again in the next pass", ref)
        return 0
    return 1


def _morning_worklist(house: House, now: datetime) -> None:
    """One worklist a working day, at the hour letters leave; nothing when there is nothing to do (CLK-07)."""
    calendar = house.policy.calendar
    today = local(now).date()
    if not calendar.is_working_day(today) or now < calendar.morning_of(today):
        return
    if (house.store.find_meta("worklist_on") or "") >= today.isoformat():
        return
    facts = _worklist(house, now)
    wish = Wish("OUT-75", "qa", "T-68", today.isoformat(), facts=facts)
    wishes = (wish,) if worklist.has_work(facts) else ()
    handling = Handling(Disposition.ACCEPT, "", loose=wishes)
    prepared = prepare(house, handling, now, None)
    with house.store.tx():
        house.store.save_meta("worklist_on", today.isoformat())
        enqueue(house, prepared.letters, now)


def _worklist(house: House, now: datetime) -> dict[str, Any]:
    """OUT-75: everything that waits for the QA team, and the journal's head to anchor it outside."""
    store = house.store
    seq, head = store.head()

    def letters(state: LetterState) -> tuple[tuple[str, str], ...]:
        return tuple((x.audit or x.code, f"{x.code} to {x.to}: {x.reason}")
                     for x in store.load_letters(states=(state,), whole=False))

    held = tuple((f"message {i.id}", i.reason) for i in store.load_inbound(disposition="hold"))
    return worklist.facts(store.find_audits(states=OPEN_STATES), now, held=held, letters_held=letters(LetterState.HELD),
                          unknown=letters(LetterState.UNKNOWN), journal_head=f"{seq}:{head}")
