"""Which audits a new list of cases gives another practitioner (T-45)."""

from datetime import datetime

from mailflow.model import Case
from mailflow.process.people.practitioners import decide_changed
from mailflow.process.states import GOING_ON
from mailflow.steps.effects import Change
from mailflow.steps.house import House


def changed_hands(house: House, cases: tuple[Case, ...], now: datetime) -> tuple[Change, ...]:
    """One change an audit that goes on; asked before the cases are saved."""
    found, after = [], {c.number: c for c in cases}
    for audit in house.store.find_audits(states=GOING_ON):
        case = after.get(audit.case_number)
        before = house.get_case(audit) if case else None
        if case and before and before.practitioner != case.practitioner:
            scene = house.scene(audit, now)
            found.append(Change(scene, decide_changed(scene, before.practitioner, case.practitioner)))
    return tuple(found)
