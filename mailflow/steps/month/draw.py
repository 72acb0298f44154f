"""Draw, select and open one cycle: what the daemon's clock and `mailflow open` share (TS-01 … TS-04, T-01, T-02, T-20)."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial

from mailflow.errors import Lost
from mailflow.model import Audit, Cycle, CycleState, Disposition, Entry, Letter, Role, State, Timer
from mailflow.model.bulk import in_bulk
from mailflow.model.ref import make_ref
from mailflow.model.sampling import SamplingRecord
from mailflow.process import opening
from mailflow.process.calendar import local
from mailflow.process.cycle import carry, sample
from mailflow.process.cycle.cycles import move_cycle
from mailflow.process.cycle.sample import Frame
from mailflow.process.draw.selection import Draw, find_auditors
from mailflow.steps.aside import set_aside
from mailflow.steps.effects import Change, Fresh, Handling, apply, enqueue, prepare
from mailflow.steps.guard import attempt
from mailflow.steps.house import House
from mailflow.steps.month.letters import ask_for_approval, tell_of_opening, tell_of_problems
from mailflow.steps.month.telling import TOLD_ON, tell_cycles

# Audits allocated in one transaction: each commit waits for the disk, and a month cut short begins again at the last one.
AT_ONCE = 20


@dataclass(frozen=True)
class Sample:
    """A cycle with its proposals, the draw they came of, and what stood in the way."""

    cycle: Cycle
    frame: Frame
    drawn: Draw
    record: SamplingRecord | None = None
    problems: tuple[tuple[str, str], ...] = ()


def load_frame(house: House, cycle: Cycle) -> Frame:
    """Everything the cycle's sample is drawn from, as it stands today."""
    cases = house.store.load_cases()
    audited: dict[str, date] = {c.number: c.last_audited_on for c in cases if c.last_audited_on}
    for number, opened in house.store.load_last_opened().items():
        audited[number] = max(opened, audited.get(number, opened))
    return Frame(cases, find_auditors(house.policy.framework, cycle.type, house.people), audited, house.people)


def make_sample(house: House, cycle: Cycle, now: datetime) -> Sample:
    """Draw it, as of now. Where nothing can be drawn the sample is empty and ``problems`` say why, each with what to do."""
    cycle = cycle if cycle.seed else replace(cycle, seed=secrets.token_hex(8))
    frame = load_frame(house, cycle)
    qa = any(Role.QA.value in p.roles for p in house.people)
    problems = (*sample.why_no_frame(frame, qa), *sample.why_stale(frame, house.policy.framework.selection, local(now).date()))
    if problems:
        return Sample(cycle, frame, Draw((), (), (), ""), problems=problems)
    drawn, record = sample.draw(cycle, frame, house.policy.framework)
    return Sample(sample.propose(cycle, drawn, house.store.next_sequence(cycle.id)), frame, drawn, record)


def draw_by_clock(house: House, cycle: Cycle, now: datetime) -> Cycle:
    """TS-01: the draw day has come. The sample goes to QA (OUT-01), or OUT-02 says what is missing (TS-02, T-40)."""
    entries = []
    if cycle.state is CycleState.PLANNED:
        cycle = move_cycle(cycle, "TS-01")
        entries.append(_entry("TS-01", cycle))
    made = make_sample(house, cycle, now)
    problems = made.problems + tuple(
        (f"{who}: {why}", "import more cases for their service, take the role auditor from them, or let them go without: "
         f"`mailflow open {cycle_month(cycle)}`") for who, why in sample.unserved(made.drawn))
    if problems or not made.cycle.proposals:
        return _no_sample(house, cycle, made, problems, entries, now)
    drawn = move_cycle(made.cycle, "TS-01.drawn", asked_on=None)
    entries.append(_entry("TS-01.drawn", drawn, seed=drawn.seed, frame=drawn.frame_digest, audits=len(drawn.proposals)))
    letters = ask_for_approval(house, drawn, made.frame, made.record, now)
    _save(house, drawn, entries, letters, now)
    return drawn


def _no_sample(house: House, cycle: Cycle, made: Sample, problems: tuple[tuple[str, str], ...], entries: list[Entry],
               now: datetime) -> Cycle:
    """TS-02. QA hears of it on working days, once a day at most."""
    problems = problems or (("no case is left that may be audited", "import more cases, or look at the rules of [selection]"),)
    calendar, today = house.policy.calendar, local(now).date()
    tells = cycle.asked_on != today and calendar.is_working_day(today) and now >= calendar.morning_of(today)
    failed = move_cycle(cycle, "TS-02", tried_at=now, asked_on=today if tells else cycle.asked_on)
    if tells:
        entries.append(_entry("TS-02", failed, problems=[list(p) for p in problems]))
    _save(house, failed, entries, tell_of_problems(house, failed, problems, now) if tells else (), now)
    return failed


def _save(house: House, cycle: Cycle, entries: list[Entry], letters: tuple[Letter, ...], now: datetime) -> None:
    handling = Handling(Disposition.ACCEPT, "", entries=tuple(entries), cycle=cycle, made=letters)
    apply(house, handling, prepare(house, handling, now, None), now)


def select(house: House, cycle: Cycle, now: datetime, by: str) -> Cycle:
    """TS-03: the audits exist, with those carried over from earlier cycles; nobody has been told."""
    handling = selecting(house, cycle, now, by)
    apply(house, handling, prepare(house, handling, now, None), now)
    assert handling.cycle is not None
    return handling.cycle


def selecting(house: House, cycle: Cycle, now: datetime, by: str, entries: tuple[Entry, ...] = ()) -> Handling:
    """The same as a handling that is still to be applied (a reply's own transaction does it)."""
    chosen, audits = sample.select(cycle, by, now)
    carried = carried_over(house, cycle, now)
    entry = _entry("TS-03", chosen, by, seed=chosen.seed, frame=chosen.frame_digest, audits=len(audits) + len(carried),
                   left_out=[list(pair) for pair in chosen.left_out])
    fresh = tuple(Fresh(a, Entry("T-01", "", {"case": a.case_number, "to": a.state.value}))
                  for a in (*audits, *(new for new, _ in carried)))
    # Whoever hears of it at the selection does so in the next pass (T-61, F3-ALL-01).
    notes = ((TOLD_ON, ""),) if house.policy.framework.allocation.tell_when == "selection" else ()
    return Handling(Disposition.ACCEPT, "", changes=tuple(change for _, change in carried), cycle=chosen, fresh=fresh,
                    entries=(*entries, entry), notes=notes)


def carried_over(house: House, cycle: Cycle, now: datetime) -> list[tuple[Audit, Change]]:
    """Work not accepted in an earlier cycle comes back to its auditor (T-20, G-18), numbered after the whole sample.

    ``cycle`` still has its proposals: one that was dropped leaves a gap, so their number is not their last number.
    """
    if not house.policy.framework.carryover.enabled:
        return []
    found = []
    taken = max([house.store.next_sequence(cycle.id), *(_number(p.ref) + 1 for p in cycle.proposals)])
    for n, old in enumerate(house.store.find_uncarried(cycle.id)):
        scene = house.scene(old, now)
        new, outcome = carry.decide_carry(scene, make_ref(cycle.id, taken + n), cycle)
        found.append((new, Change(scene, outcome)))
    return found


def next_ref(house: House, cycle: Cycle) -> str:
    """The reference of an audit made after the selection; one that was dropped from the sample is not given again."""
    return make_ref(cycle.id, house.store.next_sequence(cycle.id) + len(cycle.passed_over))


def _number(ref: str) -> int:
    return int(ref.partition("-")[2][:-1])


@in_bulk
def open_selected(house: House, cycle: Cycle, now: datetime, record: SamplingRecord | None = None,
                  progress: Callable[[int, int], None] | None = None) -> Cycle:
    """TS-04: every audit still SELECTED is allocated, a few in a transaction; then everybody else is told, one letter a
    person (T-61), and QA has the sheet.

    ``record`` is the draw of a moment ago, which QA has not had with a sample to accept (DOC-01).

    Cut short, it goes on where it stopped: the cycle is open once all of them are done.
    """
    waiting = house.store.find_audits(cycle=cycle.id, states=(State.SELECTED,))
    for begin in range(0, len(waiting), AT_ONCE):
        some = waiting[begin:begin + AT_ONCE]
        _allocate_some(house, some, now)
        if progress:
            progress(begin + len(some), len(waiting))
    tell_cycles(house, now)
    letters = tell_of_opening(house, cycle, record, now)
    opened, count = cycle, sum(house.store.count_audits(cycle.id).values())
    with house.store.tx():
        if cycle.state is CycleState.SELECTED:
            opened = move_cycle(cycle, "TS-04")
            house.store.save_cycle(opened)
            house.store.journal("TS-04", now, data={"cycle": cycle.id, "audits": count, "to": opened.state.value})
        enqueue(house, letters, now)
    return opened


def _allocate(house: House, audits: tuple[Audit, ...], now: datetime) -> None:
    """T-02 for each, in one transaction."""
    scenes = [house.scene(audit, now) for audit in audits]
    changes = tuple(Change(scene, opening.decide_allocation(scene)) for scene in scenes)
    handling = Handling(Disposition.ACCEPT, "", changes=changes)
    apply(house, handling, prepare(house, handling, now, None), now)


def _allocate_some(house: House, audits: tuple[Audit, ...], now: datetime) -> None:
    """Together; where one of them can't be given out the others are, and that one is told of and tried again as a deadline is.

    Raises Lost where one changed meanwhile: the cycle is not open yet, and the next pass goes on with it.
    """
    alone: list[Audit] = []
    done = attempt(f"giving out {audits[0].ref} to {audits[-1].ref} together", partial(_allocate, house, audits, now),
                   lambda _: alone.extend(audits))
    for audit in alone:
        done &= attempt(f"audit {audit.ref}", partial(_allocate, house, (audit,), now),
                        partial(set_aside, house, audit.ref, (Timer("allocate", now),), now))
    if not done:
        raise Lost(f"audits {audits[0].ref} to {audits[-1].ref} changed meanwhile")


def cycle_month(cycle: Cycle) -> str:
    """"2609" → "2026-09", as the command line writes it."""
    return f"20{cycle.id[:2]}-{cycle.id[2:]}"


def _entry(kind: str, cycle: Cycle, by: str = "", **data: object) -> Entry:
    return Entry(kind, by, {"cycle": cycle.id, "to": cycle.state.value, **data})
