"""Open a month: the seeded draw, the audits, and their allocation letters (TS-01…TS-04, T-01, T-02, T-20).

Running it twice opens nothing twice: the draw is kept with the cycle, and only audits still SELECTED are allocated.
"""

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

from mailflow.errors import PermanentError
from mailflow.model import Audit, Cycle, Disposition, Role, State, Wish
from mailflow.model.ref import make_ref
from mailflow.process import carry, opening, selection
from mailflow.steps.effects import Change, Handling, apply, desk_for, enqueue, prepare, save_outcome
from mailflow.steps.house import House
from mailflow.steps.telling import tell_cycles, told_about
from outbox.compose import compose
from outbox.sheets import compose_allocation


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


def parse_month(text: str) -> tuple[int, int]:
    """"2026-11" or "11/2026" → (2026, 11). Raises PermanentError with the spelling we want."""
    found = re.fullmatch(r"(\d{4})-(\d{1,2})", text) or re.fullmatch(r"(?P<m>\d{1,2})/(?P<y>\d{4})", text)
    if found:
        groups = found.groupdict()
        year, month = (int(groups["y"]), int(groups["m"])) if groups else (int(found[1]), int(found[2]))
        if 1 <= month <= 12 and 2000 <= year <= 2099:
            return year, month
    raise PermanentError(f"{text!r} is not a month; write 2026-11")


def opening_moment(house: House, month: str, now: datetime) -> datetime:
    """When the month's audits begin: now within the month, else its first working morning (TS-04)."""
    year, number = parse_month(month)
    calendar = house.policy.calendar
    first, last = calendar.first_working_day(year, number), calendar.last_working_day(year, number)
    return now if first <= calendar.local_day(now) <= last else calendar.morning_of(first)


def open_month(house: House, month: str, now: datetime, *, seed: str = "", dry: bool = False,
               progress: Callable[[int, int], None] | None = None) -> Opening:
    """Draw, create and allocate one month. Raises PermanentError when the month is closed or nothing can be drawn."""
    year, number = parse_month(month)
    cycle = _cycle(house, year, number, seed)
    kept = house.store.find_cycle(cycle.id)
    if kept is None:
        cycle, fresh, draw = _draw(house, cycle, now)
    else:
        cycle, fresh, draw = kept, (), selection.Draw((), (), (), kept.frame_digest)
    carried = _carried(house, cycle, len(fresh), now)
    if not dry:
        if kept is None:
            _save_draw(house, cycle, fresh, carried, draw, now)
        _allocate(house, cycle, now, progress)
        tell_cycles(house, now)
        _tell_qa(house, cycle, draw, now)
    everyone = fresh if kept is None else house.store.find_audits(cycle=cycle.id)
    return Opening(
        cycle.id, cycle.opens_on, cycle.due_on,
        tuple((a.ref, a.case_number, a.auditor) for a in everyone),
        draw.exclusions, draw.unserved, tuple(new.ref for new, _ in carried), cycle.seed, cycle.frame_digest)


def _cycle(house: House, year: int, number: int, seed: str) -> Cycle:
    calendar, rules = house.policy.calendar, house.policy.framework.calendar
    kind = rules.months.get(f"{number:02d}")
    if kind is None:
        raise PermanentError(f"{date(year, number, 1):%B} is closed in {house.policy.framework.id}")
    due = calendar.last_working_day(year, number)
    closes = calendar.add_working_days(due, rules.grace_wd) if rules.grace_wd else due
    return Cycle(f"{year % 100:02d}{number:02d}", kind.type, calendar.first_working_day(year, number), due, closes,
                 seed=seed or secrets.token_hex(8))


def _draw(house: House, cycle: Cycle, now: datetime) -> tuple[Cycle, tuple[Audit, ...], "selection.Draw"]:
    framework, store = house.policy.framework, house.store
    kinds = framework.types[cycle.type].auditors
    auditors = tuple(p for p in house.people if set(kinds) & set(p.roles))
    cases = store.load_cases()
    if not auditors or not cases:
        raise PermanentError("there is nobody to audit, or nothing: run `mailflow people import` and `mailflow cases import`")
    if not any(Role.QA.value in p.roles for p in house.people):
        raise PermanentError("nobody in the directory holds the role qa, so nobody would see what comes back")
    draw = selection.draw(cases, auditors, framework.selection, cycle.id, cycle.seed, cycle.opens_on,
                          last_audited(house), house.people)
    audits = tuple(
        Audit(ref=make_ref(cycle.id, n), cycle=cycle.id, case_number=case.number, auditor=auditor, state=State.SELECTED,
              due_on=cycle.due_on, opens_on=cycle.opens_on, type=cycle.type, form=house.policy.form.id,
              edition=house.policy.form.edition)
        for n, (case, auditor) in enumerate(draw.pairs, 1))
    return replace(cycle, frame_digest=draw.frame_digest), audits, draw


def _tell_qa(house: House, cycle: Cycle, draw: selection.Draw, now: datetime) -> None:
    """The allocation sheet (DOC-25) to the QA team, once a cycle."""
    audits = house.store.find_audits(cycle=cycle.id)
    lines = [(a, house.get_case(a), house.store.find_person(a.auditor)) for a in audits]
    told = {a.ref: told_about(house, a.ref) for a in audits}
    sheet = compose_allocation(lines, cycle.id, now, house.policy.framework.send.marking, told)
    wish = Wish("OUT-92", "qa", "TS-04", cycle.id, facts={
        "cycle": cycle.id, "allocated": len(audits), "due": cycle.due_on, "left_out": len(draw.exclusions),
        "unserved": draw.unserved, "seed": cycle.seed})
    letters = compose(wish, replace(desk_for(house, now), enclosures=(sheet,)))
    with house.store.tx():
        enqueue(house, letters, now)


def last_audited(house: House) -> dict[str, date]:
    """Case number → the day its newest audit opened (and the sheet's own "last audited")."""
    last = {c.number: c.last_audited_on for c in house.store.load_cases() if c.last_audited_on}
    for audit in house.store.find_audits():
        if audit.state is not State.WITHDRAWN:
            last[audit.case_number] = max(audit.opens_on, last.get(audit.case_number, audit.opens_on))
    return last


def _carried(house: House, cycle: Cycle, fresh: int, now: datetime) -> list[tuple[Audit, Change]]:
    """Work not accepted in an earlier cycle comes back to its auditor (T-20, G-18)."""
    if not house.policy.framework.carryover.enabled:
        return []
    found = []
    waiting = [a for a in house.store.find_audits(states=(State.NOT_ACCEPTED,)) if not a.carried_to and a.cycle < cycle.id]
    taken = house.store.next_sequence(cycle.id) + fresh
    for n, old in enumerate(waiting):
        scene = house.scene(old, now)
        new, outcome = carry.decide_carry(scene, make_ref(cycle.id, taken + n), cycle)
        found.append((new, Change(scene, outcome)))
    return found


def _save_draw(house: House, cycle: Cycle, fresh: tuple[Audit, ...], carried: list[tuple[Audit, Change]],
               draw: selection.Draw, now: datetime) -> None:
    with house.store.tx():
        house.store.save_cycle(cycle)
        for audit in fresh:
            house.store.add_audit(audit)
            house.store.journal("T-01", now, audit.ref, data={"case": audit.case_number, "to": State.SELECTED.value})
        for new, change in carried:
            house.store.add_audit(new)
            save_outcome(house, change, now)
        house.store.journal("TS-03", now, data={"cycle": cycle.id, "seed": cycle.seed, "frame": cycle.frame_digest,
                                                "audits": len(fresh) + len(carried),
                                                "left_out": [list(pair) for pair in draw.exclusions]})


def _allocate(house: House, cycle: Cycle, now: datetime, progress: Callable[[int, int], None] | None) -> None:
    waiting = house.store.find_audits(cycle=cycle.id, states=(State.SELECTED,))
    for n, audit in enumerate(waiting, 1):
        scene = house.scene(audit, now)
        handling = Handling(Disposition.ACCEPT, "", audit.ref, (Change(scene, opening.decide_allocation(scene)),))
        apply(house, handling, prepare(house, handling, now, None), now)
        if progress:
            progress(n, len(waiting))
