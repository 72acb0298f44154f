"""Remind: timers that came due, and each working morning the QA team's worklist (T-68)."""

from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from mailflow.model import Audit, Disposition, LetterState, Timer, Wish
from mailflow.process import deadlines, worklist
from mailflow.process.calendar import local
from mailflow.process.checks.family_rules import wants_feedback
from mailflow.process.family.feedback import to_ring
from mailflow.steps.aside import set_aside
from mailflow.steps.casenote import wishes_about_casenote
from mailflow.steps.effects import Change, Handling, apply, enqueue, prepare
from mailflow.steps.guard import attempt
from mailflow.steps.house import House
from mailflow.steps.look import OPEN_STATES
from mailflow.steps.month.telling import TOLD_ON, tell_cycles


def remind(house: House, now: datetime) -> int:
    """Handle every timer that is due, an audit at a time; how many audits were touched."""
    touched, given_out = 0, False
    for ref, due in house.store.due_timers(now):
        given_out |= any(t.name == "allocate" for t in due)
        attempt(f"audit {ref}", partial(_remind_one, house, ref, due, now), partial(set_aside, house, ref, due, now))
        touched += 1
    attempt("who is told", partial(_telling, house, now, given_out), partial(_telling_failed, house, now))
    attempt("the worklist", partial(_morning_worklist, house, now), partial(_worklist_failed, house, now))
    return touched


def _remind_one(house: House, ref: str, due: tuple[Timer, ...], now: datetime) -> None:
    scene = house.scene(house.store.get_audit(ref), now)
    outcome = deadlines.decide_timers(scene, due)
    more, entries = wishes_about_casenote(house, house.with_audit(scene, outcome.audit), outcome.wishes)
    outcome = replace(outcome, wishes=outcome.wishes + more, entries=outcome.entries + entries)
    handling = Handling(Disposition.ACCEPT, "", ref, (Change(scene, outcome),))
    apply(house, handling, prepare(house, handling, now, None), now)


def _worklist_failed(house: House, now: datetime, reason: str) -> None:
    """The morning's list could not be made: the journal has it, and everything else goes on."""
    with house.store.tx():
        house.store.journal("failed", now, data={"worklist": reason})


def _is_first_of_morning(house: House, kept: str, now: datetime) -> bool:
    """Is this the first pass of a working day at or after the hour letters leave? ``kept`` is where the day was noted."""
    calendar = house.policy.calendar
    today = local(now).date()
    early = not calendar.is_working_day(today) or now < calendar.morning_of(today)
    return not early and (house.store.find_meta(kept) or "") < today.isoformat()


def _telling(house: House, now: datetime, given_out: bool) -> None:
    """Once a working day, and when an audit was given out: cases that changed hands or were added since (T-61)."""
    if given_out or _is_first_of_morning(house, TOLD_ON, now):
        tell_cycles(house, now)
        with house.store.tx():
            house.store.save_meta(TOLD_ON, local(now).date().isoformat())


def _telling_failed(house: House, now: datetime, reason: str) -> None:
    with house.store.tx():
        house.store.journal("failed", now, data={"telling": reason})


def _morning_worklist(house: House, now: datetime) -> None:
    """One worklist a working day, at the hour letters leave; nothing when there is nothing to do (CLK-07)."""
    if not _is_first_of_morning(house, "worklist_on", now):
        return
    today = local(now).date()
    facts = _worklist(house, now)
    wish = Wish("OUT-75", "qa", "T-68", today.isoformat(), facts=facts)
    wishes = (wish,) if worklist.has_work(facts) else ()
    handling = Handling(Disposition.ACCEPT, "", loose=wishes)
    prepared = prepare(house, handling, now, None)
    with house.store.tx():
        house.store.save_meta("worklist_on", today.isoformat())
        # A list that could not leave on its own day (an outage over the morning, a pilot) is stale now.
        house.store.cancel_letters("", ("OUT-75",), "a newer list takes its place")
        enqueue(house, prepared.letters, now)


def _worklist(house: House, now: datetime) -> dict[str, Any]:
    """OUT-75: everything that waits for the QA team, and the journal's head to anchor it outside."""
    store = house.store
    seq, head = store.head()

    def letters(state: LetterState) -> tuple[tuple[str, str], ...]:
        return tuple((x.audit or x.code, f"{x.code} to {x.to}: {x.reason}")
                     for x in store.load_letters(states=(state,), whole=False))

    samples = worklist.samples_waiting(store.load_cycles())
    held = tuple((f"message {i.id}", i.reason) for i in store.load_inbound(disposition="hold"))
    audits = store.find_audits(states=OPEN_STATES)
    return worklist.facts(audits, now, samples=samples, held=held, letters_held=letters(LetterState.HELD),
                          families=_families(house, audits, now), unknown=letters(LetterState.UNKNOWN),
                          journal_head=f"{seq}:{head}")


def _families(house: House, audits: tuple[Audit, ...], now: datetime) -> tuple[tuple[str, str], ...]:
    """The families that are the QA team's to ring."""
    if not wants_feedback(house.policy.framework):
        return ()
    return tuple((a.ref, words) for a in audits if (words := to_ring(house.scene(a, now))))
