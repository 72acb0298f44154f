"""The practitioner's own view before the audit (T-62, F2-AUD-02): when it is asked for, and what becomes of it."""

from datetime import datetime

from mailflow.model import Outcome, Override, Role, State, Timer
from mailflow.process.calendar import make_calendar
from mailflow.process.people.assessment_clock import MISSED, due_on, is_wanted
from mailflow.process.plan import REQUESTS, REVISION_TIMERS, arm, cancel, change, debt, disarm, go, people_of, start, tell
from mailflow.process.returns.decide import expiry_of, open_blocks, qa_limit
from mailflow.scene import Scene

CHECK = "CHK-027"


def ask(out: Outcome, scene: Scene, timer: Timer) -> Outcome:
    """T-62: OUT-80 with the form (DOC-28)."""
    if not is_wanted(scene):
        return out
    by = due_on(scene)
    out = go(out, "T-62", data={"by": by.isoformat()})
    facts = {"by_on": by, "meeting_at": out.audit.meeting_at}
    out = tell(out, people_of(scene, [Role.PRACTITIONER]), "OUT-80", "T-62", debt(out.audit), facts, ("DOC-28",))
    return arm(out, Timer(MISSED, make_calendar(scene.framework).expiry(by)))


def missed(out: Outcome, scene: Scene, timer: Timer) -> Outcome:
    """T-62.missed: OUT-81 to the practitioner and the auditor; the meeting may go ahead."""
    if not is_wanted(scene):
        return out
    facts = {"meeting_at": out.audit.meeting_at}
    return tell(cancel(go(out, "T-62.missed"), "OUT-80"), people_of(scene, [Role.PRACTITIONER, Role.AUDITOR]), "OUT-81",
                "T-62", debt(out.audit), facts)


def is_late(scene: Scene, received_at: datetime) -> bool:
    """After the meeting, or where none was booked, after the auditor's form."""
    audit = scene.audit
    return received_at > audit.meeting_at if audit.meeting_at else audit.submission > 0


def decide_assessment(scene: Scene, received_at: datetime, sender: str, in_reply_to: str, has_document: bool) -> Outcome:
    """IN-09: one came. It is kept and passed on to the auditor; a late one is kept all the same and marked so.

    An audit that waits for it alone (CHK-027) goes on to the QA team.
    """
    late = is_late(scene, received_at)
    out = go(start(scene), "T-62.received", sender, data={"late": late})
    out = change(out, assessed_at=out.audit.assessed_at or received_at)
    out = cancel(disarm(out, "self", "self:"), "OUT-80", "OUT-81")
    words = "We have your self-assessment, and have passed it on to the auditor."
    if late:
        words = "We have your self-assessment. It came after the conversation, so it is kept and marked as late."
    out = tell(out, [(Role.WRITER, sender)], "OUT-88", "T-62.received", in_reply_to, {"done": True, "words": words},
               in_reply_to=in_reply_to)
    people = people_of(scene, [Role.AUDITOR], without=[sender])
    out = tell(out, people, "OUT-97", "T-62.received", in_reply_to, {"late": late},
               ("original",) if has_document else ())
    return _settle_block(out, scene, sender)


def _settle_block(out: Outcome, scene: Scene, sender: str) -> Outcome:
    """Where its absence blocked the audit, it does no longer; where nothing else is open either, QA decides."""
    submission = scene.submission
    if submission is None or not any(f.check == CHECK for f in open_blocks(submission.findings, out.audit.overrides)):
        return out
    aside = Override(CHECK, "the self-assessment has come since", sender, scene.now)
    points = tuple(p for p in out.audit.points if p.check != CHECK)
    out = change(out, overrides=(*out.audit.overrides, aside), points=points)
    if out.audit.state is not State.REVISION or points or open_blocks(submission.findings, out.audit.overrides):
        return out
    due = qa_limit(scene, scene.now)
    out = go(out, "T-13.again", sender, "the self-assessment was all that was missing", qa_due_at=due, soft_at=None,
             hard_at=None, returned_by="")
    return cancel(arm(disarm(out, *REVISION_TIMERS), Timer("qa", expiry_of(scene, due))), *REQUESTS, "OUT-20")
