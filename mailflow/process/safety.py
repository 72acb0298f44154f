"""Region C: a child may be at risk now (domain 2.9, TC-01…TC-08). Nothing here asks the audit's state or its flags.

The letters name a reference, a number to ring and nothing of the case. Who is told is the profile's word
(``safety.tell``, ``safety.escalate``); that QA is told is not.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from mailflow.model import Concern, ConcernState, Outcome, Role, Timer
from mailflow.process.calendar import make_calendar
from mailflow.process.plan import (
    arm,
    change,
    disarm,
    go_concern,
    note,
    people_of,
    receivers,
    start,
    tell,
)
from mailflow.scene import Scene

C = ConcernState
# What the same mail would otherwise be answered with: OUT-46 says it too (one mail in, at most one letter out).
RECEIPTS = ("OUT-12", "OUT-13", "OUT-29", "OUT-30", "OUT-31", "OUT-33", "OUT-88")
# After the ladder's first rungs everybody on it is told every working hour (TC-04).
AGAIN_MINUTES = 60


def decide_concern(scene: Scene, *, raised: bool, source: str, phone: str, words: str, in_reply_to: str,
                   by: str = "", onto: Outcome | None = None) -> Outcome:
    """TC-01/02 (or TC-08) when ``raised``, TC-06 for words that may mean danger.

    ``onto`` is what the same mail led to already: its receipt to the auditor becomes part of OUT-46. A concern that is
    known already and says nothing new changes nothing; that is journalled.
    """
    out = onto or start(scene)
    now = out.audit.concern
    seen = {"source": source, "words": words, "concern": str(now.state)}
    if _known(now, raised, phone, words):
        return note(out, "T-50", by, reason="already known", **seen)
    if not raised and now.state not in (C.NONE, C.CLOSED, C.CLEARED):
        return note(out, "T-50", by, reason="a concern is open already", **seen)
    out = note(out, "T-50", by, reason="seen", **seen)
    return (_raise if raised else _suspect)(out, scene, source, phone, words, in_reply_to, by)


def _known(concern: Concern, raised: bool, phone: str, words: str) -> bool:
    """Is it the very concern that is being looked after, or the very words somebody has settled?"""
    if raised:
        return concern.state in (C.RAISED, C.TOLD, C.ACKED) and phone in ("", concern.phone)
    return concern.state in (C.CLOSED, C.CLEARED) and bool(words) and words == concern.words


def _raise(out: Outcome, scene: Scene, source: str, phone: str, words: str, in_reply_to: str, by: str) -> Outcome:
    suspected = out.audit.concern.state is C.SUSPECTED
    out = go_concern(
        out, "TC-08" if suspected else "TC-01", by, source, phone=phone or _auditors_phone(scene), source=source,
        words=words, raised_at=scene.now, acked_by="", rung=0,
        number=out.audit.concern.number + (0 if suspected else 1),
    )
    out = _ask_auditor(out, scene, "TC-08" if suspected else "TC-01", by, in_reply_to)
    return _tell_told(out, scene, by)


def _tell_told(out: Outcome, scene: Scene, by: str = "") -> Outcome:
    """TC-02, and the clock of TC-04. Where neither manager is in the directory the ladder is climbed at once."""
    out = go_concern(out, "TC-02", by, "told at once")
    people = people_of(scene, (*scene.framework.safety.tell, Role.QA), without=_auditors(scene))
    out = tell(out, people, "OUT-47", "TC-02", out.audit.concern.number, _told_facts(out, suspected=False))
    managers = any(role != Role.QA for role, _ in people)
    minutes = scene.framework.safety.ack_minutes
    due = make_calendar(scene.framework).working_minutes_later(scene.now, minutes) if managers else scene.now
    return arm(disarm(out, "suspect"), Timer("concern:ack", due))


def _suspect(out: Outcome, scene: Scene, source: str, phone: str, words: str, in_reply_to: str, by: str) -> Outcome:
    out = go_concern(out, "TC-06", by, source, phone=phone or _auditors_phone(scene), source=source, words=words,
                     raised_at=scene.now, acked_by="", rung=0, number=out.audit.concern.number + 1)
    out = _ask_auditor(out, scene, "TC-06", by, in_reply_to)
    people = people_of(scene, [Role.QA], without=_auditors(scene))
    out = tell(out, people, "OUT-47", "TC-06.told", out.audit.concern.number, _told_facts(out, suspected=True))
    minutes = scene.framework.safety.suspect_minutes
    return arm(out, Timer("suspect", make_calendar(scene.framework).working_minutes_later(scene.now, minutes)))


def _auditors(scene: Scene) -> frozenset[str]:
    """Who gets OUT-46: they are not asked to ring themselves, whatever other part they play."""
    return frozenset(p.address for p in scene.parties.of(Role.AUDITOR))


def _auditors_phone(scene: Scene) -> str:
    auditor = scene.parties.first(Role.AUDITOR)
    return auditor.phone if auditor else ""


def _told_facts(out: Outcome, suspected: bool) -> dict[str, Any]:
    concern = out.audit.concern
    return {"phone": concern.phone, "suspected": suspected, "source": concern.source}


def _ask_auditor(out: Outcome, scene: Scene, step: str, by: str, in_reply_to: str) -> Outcome:
    """OUT-46 to the auditor. It takes in the receipt the same mail would have had, with its facts and documents."""
    suspected = out.audit.concern.state is C.SUSPECTED
    auditors = _auditors(scene)
    receipts = [w for w in out.wishes if w.code in RECEIPTS and receivers(scene, [w]) & auditors]
    facts: dict[str, Any] = {"suspected": suspected, "points": (), "more": 0, "limit_at": None, "on_time": True,
                             "instead_of": ""}
    for receipt in receipts:
        facts |= receipt.facts | {"instead_of": receipt.code}
    documents = tuple(dict.fromkeys(d for w in receipts for d in w.documents))
    out = replace(out, wishes=tuple(w for w in out.wishes if w not in receipts))
    answers = in_reply_to if not by or by in auditors else ""
    return tell(out, people_of(scene, [Role.AUDITOR]), "OUT-46", step, out.audit.concern.number, facts, documents,
                answers)


def decide_acknowledged(scene: Scene, by: str, by_name: str) -> Outcome:
    """TC-03: somebody has it. The caller has asked whether the concern is TOLD."""
    out = change(start(scene), concern=replace(scene.audit.concern, acked_by=by))
    out = disarm(go_concern(out, "TC-03", by, f"acknowledged by {by_name}"), "concern:")
    facts = {"by_name": by_name, "acked_at": scene.now}
    people = people_of(scene, [Role.AUDITOR, Role.QA])
    return tell(out, people, "OUT-48", "TC-03", out.audit.concern.number, facts)


def decide_closed(scene: Scene, by: str, outcome: str, note_ref: str) -> Outcome:
    """TC-05: QA closes it with what came of it. It replaces no statutory process (F1-SAF-02)."""
    out = disarm(go_concern(start(scene), "TC-05", by, outcome), "concern:", "suspect")
    people = people_of(scene, [Role.AUDITOR, Role.QA])
    facts = {"outcome": outcome, "note_ref": note_ref}
    return tell(out, people, "OUT-50", "TC-05", out.audit.concern.number, facts)


def decide_cleared(scene: Scene, by: str, words: str) -> Outcome:
    """TC-07: the auditor or QA says there is none."""
    return disarm(go_concern(start(scene), "TC-07", by, words or "no concern"), "suspect")


def climb(out: Outcome, scene: Scene) -> Outcome:
    """TC-04: the next rung, then everybody on the ladder, every hour in hours. Only while nobody has acknowledged."""
    if out.audit.concern.state is not C.TOLD:
        return disarm(out, "concern:ack")
    rung = out.audit.concern.rung + 1
    out = go_concern(out, "TC-04", reason=f"not acknowledged, rung {rung}", rung=rung)
    minutes = scene.framework.safety.ack_minutes + (rung - 1) * AGAIN_MINUTES
    facts = {"phone": out.audit.concern.phone, "minutes": minutes}
    out = tell(out, _on_rung(scene, rung), "OUT-49", "TC-04", f"{out.audit.concern.number}.{rung}", facts)
    again = make_calendar(scene.framework).working_minutes_later(scene.now, AGAIN_MINUTES)
    return arm(out, Timer("concern:ack", again))


def _on_rung(scene: Scene, rung: int) -> tuple[tuple[str, str], ...]:
    """Who is told: one role a rung, roles nobody plays left out; above the last rung all of them."""
    ladder = [role for role in scene.framework.safety.escalate if scene.parties.of(role)]
    roles: Iterable[str] = ladder[rung - 1:rung] if rung <= len(ladder) else ladder
    return people_of(scene, roles)


def suspect_unanswered(out: Outcome, scene: Scene) -> Outcome:
    """TC-08 by the clock: nobody said NO CONCERN, so the managers are told."""
    if out.audit.concern.state is not C.SUSPECTED:
        return disarm(out, "suspect")
    concern = out.audit.concern
    return _raise(out, scene, concern.source, concern.phone, concern.words, "", "")


def hurry(out: Outcome, scene: Scene) -> Outcome:
    """The safety letter to a manager came back: do not wait for an acknowledgement that can't come (T-43, TC-04)."""
    return arm(out, Timer("concern:ack", scene.now)) if out.audit.concern.state is C.TOLD else out

