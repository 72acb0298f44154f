"""Another case for the auditor of a withdrawn one (T-37): the draw once more, for this auditor alone, by its own seed."""

from dataclasses import replace
from datetime import datetime

from mailflow.model import Audit, Case, Cycle, Person, State
from mailflow.process.cycle.replacing import may_replace
from mailflow.process.draw import selection
from mailflow.scene import Scene
from mailflow.steps.house import House
from mailflow.steps.month.draw import load_frame, next_ref


def replacement_for(house: House, before: Scene, after: Audit, now: datetime) -> Audit | None:
    """The new audit in SELECTED, to be saved in the same transaction; None where none is due or no case can be given."""
    if after.state is not State.WITHDRAWN or not may_replace(before.audit, house.policy.framework, now):
        return None
    old = before.audit
    auditor, cycle = house.store.find_person(old.auditor), house.store.find_cycle(old.cycle)
    case = draw_one(house, cycle, auditor, old, now) if auditor and cycle else None
    if case is None or cycle is None:
        return None
    return Audit(ref=next_ref(house, cycle), cycle=old.cycle, case_number=case.number, auditor=old.auditor, state=State.SELECTED,
                 due_on=old.due_on, opens_on=old.opens_on, type=old.type)


def draw_one(house: House, cycle: Cycle, auditor: Person, old: Audit, now: datetime) -> Case | None:
    """One legal case for one auditor, of those nobody audits in this cycle; its seed is the cycle's and the reference."""
    framework, store = house.policy.framework, house.store
    rules = replace(framework.selection, per_auditor=1)
    taken = [store.find_case(a.case_number) for a in store.find_audits(cycle=old.cycle)]
    numbers = {c.number for c in taken if c} | set(cycle.passed_over)
    going_on = [c for c in taken if c and c.number != old.case_number]
    workers = {c.practitioner for c in going_on} if rules.one_per_practitioner else set()
    families = set() if rules.family_link else {c.family for c in going_on} - {""}
    frame = load_frame(house, cycle)
    cases = tuple(c for c in frame.cases
                  if c.number not in numbers and c.practitioner not in workers and c.family not in families)
    drawn = selection.draw(cases, (auditor,), rules, cycle.id, f"{cycle.seed}|{old.ref}", house.policy.calendar.local_day(now),
                           frame.audited, frame.people, parts=selection.parts_of(framework, old.type), theme=cycle.theme)
    return drawn.pairs[0][0] if drawn.pairs else None
