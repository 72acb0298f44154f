"""Which audits a new list of cases gives another practitioner (T-45)."""

from datetime import datetime

from mailflow.model import Case
from mailflow.process.practitioners import decide_changed
from mailflow.process.states import GOING_ON
from mailflow.steps.effects import Change
from mailflow.steps.house import House


def changed_hands(house: House, cases: tuple[Case, ...], now: datetime) -> tuple[Change, ...]:
    """One change an audit that goes on; asked before the cases are saved."""
    found = []
    for case in cases:
        before = house.store.find_case(case.number)
        if before is None or before.practitioner == case.practitioner:
            continue
        for audit in house.store.find_audits(case_number=case.number, states=GOING_ON):
            scene = house.scene(audit, now)
            found.append(Change(scene, decide_changed(scene, before.practitioner, case.practitioner)))
    return tuple(found)
