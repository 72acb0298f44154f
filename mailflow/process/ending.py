"""An audit that ends before it is issued: not accepted (T-19) or withdrawn (T-37)."""

from mailflow.model import Flag, Outcome, Role, State
from mailflow.process.cycle.carry import next_month
from mailflow.process.people.telling import told_roles
from mailflow.process.plan import (
    ALL_TIMERS,
    CHASING,
    REQUESTS,
    cancel,
    disarm,
    flag,
    go,
    people_of,
    tell,
)
from mailflow.process.states import AFTER_ISSUE
from mailflow.scene import Scene


def end_not_accepted(out: Outcome, scene: Scene, reasons: tuple[str, ...], by: str = "") -> Outcome:
    """T-19: the auditor and the head of service are told why, and when it is due again."""
    out = go(out, "T-19", by, "; ".join(reasons), qa_due_at=None, soft_at=None, hard_at=None)
    out = flag(out, off=[Flag.OVERDUE, Flag.QA_OVERDUE, Flag.ACK_MISSED])
    facts = {"reasons": reasons, "next_month": next_month(scene.framework, out.audit.cycle)}
    out = tell(out, people_of(scene, [Role.AUDITOR, Role.HOS]), "OUT-21", "T-19", out.audit.submission, facts)
    return cancel(disarm(out, *ALL_TIMERS), *CHASING, *REQUESTS, "OUT-04", "OUT-22", "OUT-19")


def end_withdrawn(out: Outcome, scene: Scene, reason: str, by: str) -> Outcome:
    """T-37: everybody who was told is told, without the reason. A concern about the child goes on (region C)."""
    told = _told_so_far(scene)
    out = go(out, "T-37", by, reason, qa_due_at=None, soft_at=None, hard_at=None, issue_at=None)
    out = flag(out, off=[Flag.OVERDUE, Flag.QA_OVERDUE, Flag.ACK_MISSED, Flag.ON_HOLD])
    out = tell(out, people_of(scene, told, without=[by]), "OUT-35", "T-37", "withdrawn")
    return cancel(disarm(out, *ALL_TIMERS), "*")


def _told_so_far(scene: Scene) -> tuple[str, ...]:
    if scene.audit.state is State.SELECTED and scene.audit.allocated_at is None:
        return told_roles(scene) if scene.framework.allocation.tell_when == "selection" else ()
    issued = (Role.TM, Role.PRACTITIONER) if scene.audit.state in AFTER_ISSUE else ()
    gone = {Role.PRACTITIONER} if scene.audit.has(Flag.PRACTITIONER_LEFT) else set()
    return tuple(r for r in dict.fromkeys((Role.AUDITOR, *told_roles(scene), *issued)) if r not in gone)
