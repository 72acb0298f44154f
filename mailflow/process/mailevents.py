"""What mail systems tell us: a letter bounced (T-43), somebody is away (T-42)."""

from collections.abc import Callable
from datetime import date
from typing import Any

from mailflow.model import Bounce, Flag, Letter, Outcome, Role, State
from mailflow.process.calendar import local
from mailflow.process.issuing import letter_content
from mailflow.process.opening import days_over, given_documents, held_facts
from mailflow.process.people.absence import ask_finders
from mailflow.process.plan import flag, go, people_of, start, tell
from mailflow.process.returns.decide import MOST_POINTS
from mailflow.process.safety import hurry
from mailflow.process.states import WITH_AUDITOR
from mailflow.process.wording import day_words
from mailflow.scene import Scene

ALLOCATIONS = ("OUT-04", "OUT-22", "OUT-36")
Content = tuple[dict[str, Any], tuple[str, ...]]


def decide_bounce(scene: Scene, letter: Letter, bounce: Bounce, retry_address: str) -> Outcome:
    """T-43: a hard failure is told to QA and tried once at ``retry_address``; a soft one is the mail server's to retry.

    A bounced allocation keeps the audit where it is and never counts as acknowledged.
    """
    data = {"code": letter.code, "address": bounce.address, "status": bounce.status, "permanent": bounce.permanent}
    out = go(start(scene), "T-43", data=data)
    if not bounce.permanent:
        return out
    if letter.code in ALLOCATIONS and letter.role == Role.AUDITOR and out.audit.state is State.ALLOCATED:
        out = flag(out, Flag.BOUNCED)
    if letter.safety and letter.role in (Role.TM, Role.SM):
        out = hurry(out, scene)
    out = _again(out, scene, letter, retry_address)
    if letter.code == "OUT-90":
        return out  # a notice about a notice would never end
    facts = {"address": letter.to, "letter_code": letter.code, "permanent": True,
             "reason": f"delivery report, status {bounce.status or 'not given'}"}
    people = people_of(scene, [Role.QA], without=[letter.to, bounce.address])
    return tell(out, people, "OUT-90", "T-43", letter.key, facts)


def _again(out: Outcome, scene: Scene, letter: Letter, address: str) -> Outcome:
    """The same words once more, to the second address, while their reason still stands."""
    row = AGAIN.get(letter.code)
    if not address or address == letter.to or row is None:
        return out
    states, content = row
    if states and scene.audit.state not in states:
        return out
    facts, documents = content(scene, letter)
    return tell(out, [(letter.role, address)], letter.code, "T-43.again", letter.key, facts, documents)


def _bare(*documents: str) -> Callable[[Scene, Letter], Content]:
    return lambda scene, letter: ({}, documents)


def _given(scene: Scene, letter: Letter) -> Content:
    return {}, given_documents(scene)


def _practitioner(scene: Scene, letter: Letter) -> Content:
    assess = scene.framework.audit.self_assessment == "before_meeting"
    return {"assess": assess}, ("DOC-28",) if assess else ()


def _issued(scene: Scene, letter: Letter) -> Content:
    return letter_content(scene, letter.code, letter.role)


def _points(scene: Scene, letter: Letter) -> Content:
    audit = scene.audit
    facts = {"points": audit.points[:MOST_POINTS], "more": max(0, len(audit.points) - MOST_POINTS), "soft_at": audit.soft_at,
             "hard_at": audit.hard_at, "limit_at": audit.hard_at, "on_time": not audit.has(Flag.LATE),
             "by_name": audit.decided_by or scene.council.qa_name}
    return facts, ("annotated",)


def _overdue(scene: Scene, letter: Letter) -> Content:
    return {"days": max(1, days_over(scene)), "to_hos": letter.role == Role.HOS}, ()


def _concern(scene: Scene, letter: Letter) -> Content:
    concern = scene.audit.concern
    facts = {"phone": concern.phone, "suspected": str(concern.state) == "suspected", "source": concern.source,
             "minutes": scene.framework.safety.ack_minutes * max(1, concern.rung), "points": (), "more": 0,
             "limit_at": None, "on_time": True}
    return facts, ()


_ISSUED = (State.ISSUED, State.RECORDED, State.FOLLOW_UP)
# Code → (states in which it still makes sense, what it says now). Reminders are not repeated: the next one comes.
AGAIN: dict[str, tuple[tuple[State, ...], Callable[[Scene, Letter], Content]]] = {
    "OUT-04": (WITH_AUDITOR, _given),
    "OUT-05": (WITH_AUDITOR, _practitioner),
    "OUT-06": (WITH_AUDITOR, _bare()),
    "OUT-07": (WITH_AUDITOR, _bare()),
    "OUT-22": (WITH_AUDITOR, _given),
    "OUT-78": (WITH_AUDITOR, _bare("DOC-03")),
    "OUT-13": ((State.REVISION,), _points),
    "OUT-17": ((State.REVISION,), _points),
    "OUT-18": ((State.REVISION,), _points),
    "OUT-15": (WITH_AUDITOR, _overdue),
    "OUT-16": (_ISSUED, _issued),
    "OUT-23": (_ISSUED, _issued),
    "OUT-24": (_ISSUED, _issued),
    "OUT-25": (_ISSUED, _issued),
    "OUT-46": ((), _concern),
    "OUT-47": ((), _concern),
    "OUT-49": ((), _concern),
}


def decide_away(scene: Scene, until_on: date | None) -> Outcome:
    """T-42: the absence is journalled; QA is told when it covers the day the auditor owes something by.

    ``until_on`` is the last day away as far as it could be read. No command runs and nobody is answered.
    """
    audit = scene.audit
    data = {"until": until_on.isoformat() if until_on else ""}
    out = go(start(scene), "T-42", audit.auditor, data=data)
    owed_on = _owed_on(scene)
    today = local(scene.now).date()
    if until_on is None or owed_on is None or not today <= owed_on <= until_on:
        return out
    reason = (f"The auditor is away until {day_words(until_on)}, and the audit is due on {day_words(owed_on)}. "
              "Reply REASSIGN with somebody's address, or EXTEND with a later day.")
    facts = held_facts(audit.auditor, reason)
    round_ = f"{audit.auditor}.{owed_on.isoformat()}.{until_on.isoformat()}"
    out = tell(out, people_of(scene, [Role.QA]), "OUT-89", "T-42", round_, facts)
    return ask_finders(out, scene, "away", round_, until_on)


def _owed_on(scene: Scene) -> date | None:
    """The day by which the auditor owes the form, or the amended one; None where somebody else owes the next step."""
    audit = scene.audit
    if audit.state in WITH_AUDITOR:
        return audit.due_on
    if audit.state is State.REVISION and audit.hard_at is not None:
        return local(audit.hard_at).date()
    return None
