"""Work not accepted in its cycle goes on in the next open one, beside a new audit (T-20, F1-QA-04, G-18)."""

from dataclasses import replace

from mailflow.framework import Framework
from mailflow.model import Audit, Cycle, Flag, Outcome, State
from mailflow.process.family.feedback import carry_feedback
from mailflow.process.plan import cancel, go, start
from mailflow.process.wording import month_words
from mailflow.scene import Scene


def decide_carry(scene: Scene, new_ref: str, cycle: Cycle) -> tuple[Audit, Outcome]:
    """The new audit in SELECTED, and what is written on the old one. Raises Broken unless it was not accepted."""
    old = scene.audit
    new = Audit(
        ref=new_ref, cycle=cycle.id, case_number=old.case_number, auditor=old.auditor, state=State.SELECTED,
        due_on=cycle.due_on, opens_on=cycle.opens_on, type=old.type, level=old.level, cover=old.cover,
        flags=frozenset({Flag.CARRIED_OVER}) | (old.flags & {Flag.PRACTITIONER_LEFT}),
        # Form and edition are those it will be sent, which may be newer ones.
        former_auditors=old.former_auditors,
        lookback_from_on=old.lookback_from_on, carried_from=old.ref,
    )
    out = go(start(scene), "T-20", reason=f"carried over as {new_ref}", data={"carried_to": new_ref},
             carried_to=new_ref)
    return new, replace(out, feedback=carry_feedback(scene, new_ref))


def decide_back(scene: Scene) -> Outcome:
    """T-20 undone: the cycle an audit was carried to is cancelled, so the next one takes it."""
    return go(start(scene), "T-20.back", data={"was_carried_to": scene.audit.carried_to}, carried_to="")


def decide_fall_away(scene: Scene, by: str) -> Outcome:
    """T-37 with its cycle (TS-08): the audit ends before anybody owed anything for it; letters not sent yet stay here."""
    return cancel(go(start(scene), "T-37", by, "the cycle does not take place"), "*")


def next_cycle(framework: Framework, cycle: str) -> str:
    """The next open cycle after "YYMM" (a month without a row in the profile is closed); "" where none is open."""
    year, month = int(cycle[:2]), int(cycle[2:4])
    for _ in range(12):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
        if f"{month:02d}" in framework.calendar.months:
            return f"{year % 100:02d}{month:02d}"
    return ""


def next_month(framework: Framework, cycle: str) -> str:
    """Its month in words ("September 2026"), "" where work is not carried over."""
    found = next_cycle(framework, cycle) if framework.carryover.enabled else ""
    return month_words(found) if found else ""
