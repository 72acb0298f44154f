"""A form has come back: what happens to it (T-03, T-08…T-11, T-17, T-27…T-35, T-50)."""

from datetime import datetime

from mailflow.errors import Broken
from mailflow.model import Audit, Finding, Flag, Outcome, Override, Point, Role, Severity, State, Submission, Timer
from mailflow.process.action_dates import tell_urgent
from mailflow.process.answers import concern_box
from mailflow.process.calendar import local, make_calendar
from mailflow.process.family.feedback import feedback_lines, file_part_of_form, known_after
from mailflow.process.opening import held_facts
from mailflow.process.plan import (
    CHASING,
    FORM_TIMERS,
    REQUESTS,
    REVISION_TIMERS,
    answered,
    arm,
    cancel,
    disarm,
    flag,
    go,
    people_of,
    start,
    tell,
)
from mailflow.process.returns.summary import summarise
from mailflow.process.safety import decide_concern
from mailflow.process.states import AFTER_ISSUE, WITH_AUDITOR
from mailflow.scene import Scene

MOST_POINTS = 20
# Working days after the cycle has closed by which it has been reported (TS-06); a later first return is QA's to take.
REPORTED_WD = 10
USED_UP = "{n} automatic returns are used up"
TOO_LATE = "it came after the {what}, and whether to take it is for you to say"

_RECEIVED = {State.UNDERWAY: "T-08", State.REVISION: "T-17", State.UNDER_QA: "T-35"}
# State → why a form that comes now waits for a person.
_HELD: dict[State, str] = {
    State.SELECTED: "the audit has not been allocated yet",
    State.ACCEPTED: "the audit has been accepted; QA can take that back with UNDO before it is issued",
    State.NOT_ACCEPTED: "the audit was not accepted in its cycle",
    State.WITHDRAWN: "the audit has been withdrawn",
    **dict.fromkeys(AFTER_ISSUE, "the audit has been issued; a later form never changes it by itself"),
}
# Why a document could not be used → the rule it falls under; everything else is T-31.
_UNUSABLE = {
    "wrong_form": "T-28", "unknown_form": "T-28", "no_attachment": "T-30", "drive_link": "T-30", "body_only": "T-30",
    "wrong_role": "T-33",
}


def may_take(audit: Audit) -> str:
    """"" when a form may be filed for this audit now, else the reason it must be held for a person."""
    if audit.carried_to:
        return f"the audit was carried over; its reference is {audit.carried_to} now"
    if audit.has(Flag.ON_HOLD):
        return "the audit is on hold"
    return _HELD.get(audit.state, "")


def is_late(scene: Scene, received_at: datetime) -> bool:
    """After the due day for a first return, after the limit for an amended one (CLK-04: true receipt time)."""
    audit, calendar = scene.audit, make_calendar(scene.framework)
    if audit.state is State.REVISION and audit.hard_at is not None:
        return received_at > audit.hard_at and not calendar.on_time(received_at, local(audit.hard_at).date())
    return audit.state in WITH_AUDITOR and not calendar.on_time(received_at, audit.due_on)


def decide_return(scene: Scene, submission: Submission, findings: tuple[Finding, ...], previous: Submission | None,
                  mail_text: str, in_reply_to: str) -> Outcome:
    """File the return and decide at once: back to the auditor, or on to QA; and look after a concern in it.

    ``submission.number`` is the audit's submission + 1. ``previous`` is the submission it is compared with. Raises
    Broken for a form that ``may_take`` would have held.
    """
    if may_take(scene.audit) or submission.number != scene.audit.submission + 1:
        raise Broken(f"audit {scene.audit.ref}: submission {submission.number} may not be filed")
    before = scene.audit
    late = is_late(scene, submission.received_at)
    out = tell_urgent(_receive(scene, submission, late), scene, submission)
    blocks = open_blocks(findings, before.overrides)
    why = _why_qa_decides(scene, late, submission) if blocks or late else ""
    summary = summarise(scene, submission, findings, previous, mail_text)
    if blocks and not why:
        out = _send_back(out, scene, submission, blocks, late, in_reply_to)
        summary |= {"sent_back": True}
    else:
        restart = before.state is not State.UNDER_QA or _clears_blocks(blocks, previous, before)
        out = _pass_on(out, scene, submission, restart)
        facts = {"on_time": not late, "duplicate_of_at": None, "qa_due_at": out.audit.qa_due_at,
                 "superseded": before.state is State.UNDER_QA}
        people = people_of(scene, [Role.AUDITOR])
        out = tell(out, people, "OUT-12", "T-08", submission.number, facts, in_reply_to=in_reply_to)
        summary |= {"why_qa_decides": why, "qa_due_at": out.audit.qa_due_at}
    out = file_part_of_form(out, scene, submission)
    summary |= {"family": feedback_lines(known_after(scene, out), scene.framework)}
    out = tell(out, who_decides(scene), "OUT-14", "T-11", submission.number, summary, ("original",))
    return _concern(out, scene, submission, findings, previous, in_reply_to)


def who_decides(scene: Scene) -> tuple[tuple[str, str], ...]:
    """The QA officers, without the auditor where somebody else can decide (a small council: one person, two parts)."""
    auditors = [p.address for p in scene.parties.of(Role.AUDITOR)]
    return people_of(scene, [Role.QA], without=auditors) or people_of(scene, [Role.QA])


def open_blocks(findings: tuple[Finding, ...], overrides: tuple[Override, ...]) -> tuple[Finding, ...]:
    """The findings that block and that no QA officer has set aside."""
    aside = {o.check for o in overrides}
    return tuple(f for f in findings if f.severity is Severity.BLOCK and f.check not in aside)


def as_points(findings: tuple[Finding, ...], first: int = 1) -> tuple[Point, ...]:
    """Numbered as they are read: section by section, each section where it is first met."""
    places = list(dict.fromkeys(f.section for f in findings))
    ordered = sorted(findings, key=lambda f: places.index(f.section))
    return tuple(Point(n, f.words, f.check, f.fields, f.section) for n, f in enumerate(ordered, first))


def heard_from(scene: Scene, by: str, roles: frozenset[str]) -> Outcome:
    """T-03: any mail by the auditor (cover and delegates play the part) says that they have it."""
    out = start(scene)
    if out.audit.state is State.ALLOCATED and Role.AUDITOR in roles:
        out = flag(disarm(go(out, "T-03", by), "ack", "ack:2"), off=[Flag.ACK_MISSED, Flag.BOUNCED])
        out = cancel(out, "OUT-08")
    return out


def _receive(scene: Scene, submission: Submission, late: bool) -> Outcome:
    """T-08, T-17 or T-35: it is the current submission now, and nobody chases for it any more."""
    out = start(scene)
    if out.audit.state is State.ALLOCATED:
        out = go(out, "T-03", submission.sender, "a form came")
    if late and out.audit.state is not State.UNDER_QA:
        out = go(out, "T-27", submission.sender, data={"received_at": submission.received_at.isoformat()})
        out = flag(out, *([Flag.LATE] if out.audit.state is State.UNDERWAY else []))
    out = go(out, _RECEIVED[out.audit.state], submission.sender, submission=submission.number,
             received_at=submission.received_at, data={"submission": submission.number, "sha": submission.sha})
    out = flag(out, off=[Flag.OVERDUE, Flag.ACK_MISSED, Flag.BOUNCED])
    return cancel(disarm(out, *FORM_TIMERS, *REVISION_TIMERS), *CHASING, *REQUESTS)


def _why_qa_decides(scene: Scene, late: bool, submission: Submission) -> str:
    """Why the form is not sent back automatically, in words; "" when it may be."""
    audit, rules = scene.audit, scene.framework
    if late and audit.state is State.REVISION:
        return TOO_LATE.format(what="limit for the amended form")
    if late and (rules.back.late == "reject" or submission.received_at >= _reported_at(scene)):
        return TOO_LATE.format(what="due day" if rules.back.late == "reject" else "cycle had closed")
    if audit.auto_returns >= rules.revision.auto_returns:
        return USED_UP.format(n={1: "one", 2: "two", 3: "three"}.get(audit.auto_returns, audit.auto_returns))
    return ""


def _reported_at(scene: Scene) -> datetime:
    """When late returns are no longer taken by themselves: grace, then the days until the cycle is reported (TS-06)."""
    calendar = make_calendar(scene.framework)
    days = scene.framework.calendar.grace_wd + REPORTED_WD
    return calendar.expiry(calendar.add_working_days(scene.audit.due_on, days))


def _clears_blocks(blocks: tuple[Finding, ...], previous: Submission | None, audit: Audit) -> bool:
    """T-35: did the earlier form block where this one does not?"""
    return not blocks and previous is not None and bool(open_blocks(previous.findings, audit.overrides))


def _pass_on(out: Outcome, scene: Scene, submission: Submission, restart: bool) -> Outcome:
    """T-11: the QA team owes the decision now. The clock starts with the receipt unless that would be over already."""
    due = out.audit.qa_due_at
    if restart or due is None:
        due = qa_limit(scene, submission.received_at)
        out = flag(arm(out, Timer("qa", expiry_of(scene, due))), off=[Flag.QA_OVERDUE])
    return go(out, "T-11", qa_due_at=due, points=(), soft_at=None, hard_at=None, returned_by="")


def qa_limit(scene: Scene, event: datetime) -> datetime:
    """The QA team's target after an event (CLK-04), counted from now where that has gone by (an outage)."""
    calendar, days = make_calendar(scene.framework), scene.framework.qa.target_wd
    due = calendar.deadline(calendar.add_working_days(event, days))
    return due if due > scene.now else calendar.deadline(calendar.add_working_days(scene.now, days))


def expiry_of(scene: Scene, deadline: datetime) -> datetime:
    """The moment a deadline of 11:59pm has gone by."""
    return max(deadline, make_calendar(scene.framework).expiry(local(deadline).date()))


def revision_limits(scene: Scene, soft_wd: int, hard_wd: int) -> tuple[datetime, datetime]:
    """(soft, hard) from now; the hard limit is never before the due day (T-09, G-78)."""
    calendar = make_calendar(scene.framework)
    soft = calendar.deadline(calendar.add_working_days(scene.now, soft_wd))
    hard = calendar.deadline(calendar.add_working_days(scene.now, hard_wd))
    return soft, max(hard, calendar.deadline(scene.audit.due_on))


def revision_timers(scene: Scene, soft: datetime, hard: datetime) -> tuple[Timer, ...]:
    timers = (Timer("soft", expiry_of(scene, soft)), Timer("hard", expiry_of(scene, hard)))
    return tuple(t for t in timers if t.due_at > scene.now)


def _send_back(out: Outcome, scene: Scene, submission: Submission, blocks: tuple[Finding, ...], late: bool,
               in_reply_to: str) -> Outcome:
    """T-09/T-10: OUT-13 at once; it is the receipt as well."""
    rules = scene.framework.revision
    soft, hard = revision_limits(scene, rules.soft_wd, rules.hard_wd)
    points = as_points(blocks)
    passed = not make_calendar(scene.framework).on_time(scene.now, scene.audit.due_on)
    out = disarm(flag(out, off=[Flag.QA_OVERDUE]), "qa")
    out = go(out, "T-10" if passed else "T-09", data={"checks": [p.check for p in points]},
             points=points, soft_at=soft, hard_at=hard, qa_due_at=None, returned_by="auto",
             returned_submission=submission.number, auto_returns=out.audit.auto_returns + 1)
    facts = {"points": points[:MOST_POINTS], "more": max(0, len(points) - MOST_POINTS), "on_time": not late,
             "limit_at": hard, "soft_at": soft}
    out = tell(out, people_of(scene, [Role.AUDITOR]), "OUT-13", "T-09", submission.number, facts, ("annotated",),
               in_reply_to)
    return cancel(arm(out, *revision_timers(scene, soft, hard)), "OUT-19")


def _concern(out: Outcome, scene: Scene, submission: Submission, findings: tuple[Finding, ...],
             previous: Submission | None, in_reply_to: str) -> Outcome:
    """T-50: the concern box, and words of danger anywhere (CHK-072). The box as it was sent before is nothing new."""
    box = concern_box(scene.form, submission.reading)
    before = concern_box(scene.form, previous.reading) if previous else None
    if box.state == "yes" and (before is None or before != box):
        return decide_concern(scene, raised=True, source="form, page one", phone=box.phone, words=box.text, onto=out,
                              in_reply_to=in_reply_to, by=submission.sender)
    words = " | ".join(f.detail or f.words for f in findings if f.check == "CHK-072")
    if not words and box.state == "unclear" and box != before:
        words = box.text
    if not words:
        return out
    return decide_concern(scene, raised=False, source="words in the form or the mail", phone="", words=words, onto=out,
                          in_reply_to=in_reply_to, by=submission.sender)


def decide_duplicate(scene: Scene, earlier: Submission, in_reply_to: str) -> Outcome:
    """T-34: one line to the auditor, nothing else."""
    out = go(start(scene), "T-34", earlier.sender, data={"submission": earlier.number})
    facts = {"on_time": not earlier.late, "duplicate_of_at": earlier.received_at, "superseded": False,
             "qa_due_at": scene.audit.qa_due_at}
    return tell(out, people_of(scene, [Role.AUDITOR]), "OUT-12", "T-34", answered(in_reply_to, out.audit), facts,
                in_reply_to=in_reply_to)


def decide_unusable(scene: Scene, reason: str, names: tuple[str, ...], in_reply_to: str, by: str = "",
                    roles: frozenset[str] = frozenset()) -> Outcome:
    """T-28/30/31/33: the exact reason and the fix, to whoever wrote (OUT-31).

    ``by`` is the writer's address and ``roles`` the parts they play: from the auditor it is a sign of life (T-03).
    """
    out = heard_from(scene, by, roles)
    out = go(out, _UNUSABLE.get(reason, "T-31"), by, data={"reason": reason, "names": list(names)})
    facts = {"reason": reason, "names": names}
    return tell(out, [(str(Role.WRITER), by)], "OUT-31", "T-31", answered(in_reply_to, out.audit), facts,
                in_reply_to=in_reply_to)


def decide_wrong_audit(scene: Scene, other_ref: str, owns_both: bool, in_reply_to: str) -> Outcome:
    """T-24: nothing is filed. Answered only where the sender owns both audits; otherwise QA is told."""
    out = go(start(scene), "T-24", data={"other": other_ref, "owns_both": owns_both})
    round_ = answered(in_reply_to, out.audit)
    if not owns_both:
        facts = held_facts("", f"the form names another audit than the mail ({other_ref})", kind="return")
        return tell(out, people_of(scene, [Role.QA]), "OUT-89", "T-24.qa", round_, facts)
    facts = {"refs": (scene.audit.ref, other_ref), "owns_both": owns_both, "other_ref": other_ref}
    return tell(out, people_of(scene, [Role.AUDITOR]), "OUT-29", "T-24", round_, facts, in_reply_to=in_reply_to)

