"""A feedback form has come (IN-03): filed beside the audit, and where it was all that was missing the audit goes on (T-11).

It is never the auditor's return: no submission, no wrong form. Its concern box counts like any other (T-50).
"""

from dataclasses import dataclass, replace
from datetime import datetime

from mailflow.form.definition import FormDefinition
from mailflow.model import Feedback, Finding, Flag, Outcome, Reading, Role, State, Submission, Timer, Wish
from mailflow.model.feedback import combined
from mailflow.process.answers import concern_box
from mailflow.process.calendar import local
from mailflow.process.checks.family import source_words
from mailflow.process.checks.family_rules import owed_by_qa
from mailflow.process.checks.order import FAMILY
from mailflow.process.family.feedback import due_back, feedback_lines, known_after, post_forms
from mailflow.process.plan import (
    REQUESTS,
    REVISION_TIMERS,
    answered,
    arm,
    cancel,
    change,
    disarm,
    go,
    people_of,
    receivers,
    tell,
    wish,
)
from mailflow.process.returns.decide import as_points, expiry_of, heard_from, open_blocks, qa_limit, who_decides
from mailflow.process.returns.summary import summarise
from mailflow.process.safety import decide_concern
from mailflow.process.states import AFTER_ISSUE, WITH_AUDITOR
from mailflow.process.wording import and_list, day_words, moment_words
from mailflow.scene import Scene

_HELD = {
    State.SELECTED: "the audit has not been allocated yet", State.WITHDRAWN: "the audit has been withdrawn",
    State.NOT_ACCEPTED: "the audit was not accepted in its cycle",
}
_OVER = (State.ACCEPTED, *AFTER_ISSUE)


@dataclass(frozen=True)
class Came:
    """What a mail's feedback forms bring for one audit.

    ``kept`` are the rows to keep, ``known`` everything known with them; ``readings`` the forms with their definitions;
    ``findings`` those of the current submission as they are with it, None where there is no submission to ask about.
    ``roles`` are the parts the sender ``by`` plays.
    """

    kept: tuple[Feedback, ...]
    known: tuple[Feedback, ...]
    readings: tuple[tuple[FormDefinition, Reading], ...]
    findings: tuple[Finding, ...] | None
    by: str
    roles: frozenset[str]
    in_reply_to: str


def may_file(scene: Scene, known: tuple[Feedback, ...], sources: tuple[str, ...], forced: bool = False) -> str:
    """"" where these views may be filed now, else why a person has to say so. ``known`` is what was known before.

    A reply to a posted form is taken for ``feedback.post_reply_window_wd`` working days, whatever became of the audit (G-03).
    """
    audit = scene.audit
    if audit.carried_to:
        return f"the audit was carried over; its reference is {audit.carried_to} now"
    if audit.state in _HELD:
        return _HELD[audit.state]
    if forced:
        return ""
    if audit.has(Flag.ON_HOLD):
        return "the audit is on hold"
    back = [day for s, f in combined(known).items() if s in sources and (day := due_back(f, scene.framework))]
    if any(local(scene.now).date() > day for day in back):
        days = scene.framework.feedback.post_reply_window_wd
        return f"it came after the {days} working days in which a posted form is taken by itself"
    # A red case's family is the QA team's to ring whenever they get to it: the report never waited for that.
    waited_for = bool(back) or owed_by_qa(scene)
    return "the audit has been accepted, and no posted form was waited for" if audit.state in _OVER and not waited_for else ""


def decide_feedback(scene: Scene, came: Came) -> Outcome:
    """IN-03: file it, post what is to be posted, and let the audit go on where nothing else is missing."""
    out = heard_from(scene, came.by, came.roles)
    out = go(out, "IN-03", came.by, data={"sources": {f.source: f.state.value for f in came.kept}})
    out = replace(out, feedback=came.kept)
    out = post_forms(out, scene, came.known)
    out, words = _go_on(out, replace(scene, feedback=came.known), came)
    if came.roles and came.by not in receivers(scene, out.wishes):
        whose = and_list([source_words(f.source) for f in came.kept])
        facts = {"done": True, "words": f"We have filed the views of {whose} for audit {out.audit.ref}. {words}".strip()}
        out = wish(out, Wish("OUT-88", Role.WRITER, "IN-03", answered(came.in_reply_to, out.audit), came.by, facts, (),
                             came.in_reply_to))
    return raise_concern(out, scene, came)


def raise_concern(out: Outcome, scene: Scene, came: Came) -> Outcome:
    """T-50: the concern box of a feedback form, before anything else comes of it."""
    for form, reading in came.readings:
        box = concern_box(form, reading)
        if box.state in ("yes", "unclear"):
            return decide_concern(replace(scene, audit=out.audit), raised=box.state == "yes", source="feedback form, page one",
                                  phone=box.phone, words=box.text, in_reply_to=came.in_reply_to, by=came.by, onto=out)
    return out


def _go_on(out: Outcome, scene: Scene, came: Came) -> tuple[Outcome, str]:
    """What the views change: (the outcome, what the sender is told of it)."""
    submission = scene.submission
    if out.audit.state in WITH_AUDITOR:
        return out, f"The audit form itself is still to come, by {day_words(out.audit.due_on)}."
    if came.findings is None or submission is None or out.audit.state not in (State.REVISION, State.UNDER_QA):
        return out, ""
    before = {(f.check, f.words) for f in submission.findings}
    out = replace(out, findings=came.findings)
    if out.audit.state is State.REVISION:
        return _in_revision(out, scene, submission, came)
    if {(f.check, f.words) for f in came.findings} == before:
        return out, ""
    return _show_qa(out, scene, submission, came, out.audit.qa_due_at), ""


def _in_revision(out: Outcome, scene: Scene, submission: Submission, came: Came) -> tuple[Outcome, str]:
    """Points about the family's views go once they are met; when none is left, the QA team decides."""
    assert came.findings is not None
    blocks = open_blocks(came.findings, out.audit.overrides)
    still = {f.check for f in blocks}
    points = tuple(p for p in out.audit.points if p.check not in FAMILY or p.check in still)
    fresh = tuple(f for f in blocks if f.check in FAMILY - {p.check for p in points})
    points = (*points, *as_points(fresh, 1 + max((p.number for p in points), default=0)))
    if points or blocks:
        limit = f" by {moment_words(out.audit.hard_at)}" if out.audit.hard_at else ""
        return change(out, points=points), f"The other points of our last letter are still to be put right{limit}."
    return _complete(out, scene, submission, came), ""


def _complete(out: Outcome, scene: Scene, submission: Submission, came: Came) -> Outcome:
    """T-11: both items are here. The auditor need do nothing more, and hears so."""
    due = qa_limit(scene, scene.now)
    out = go(out, "T-11", came.by, "the family's views were all that was missing", qa_due_at=due, points=(), soft_at=None,
             hard_at=None, returned_by="")
    out = cancel(arm(disarm(out, *REVISION_TIMERS), Timer("qa", expiry_of(scene, due))), *REQUESTS, "OUT-20")
    facts = {"on_time": not submission.late, "duplicate_of_at": None, "superseded": False, "qa_due_at": due, "views": True}
    auditors = people_of(scene, [Role.AUDITOR])
    reply = came.in_reply_to if came.by in {address for _, address in auditors} else ""
    out = tell(out, auditors, "OUT-12", "T-11", _round(came, submission), facts, in_reply_to=reply)
    return _show_qa(out, scene, submission, came, due)


def _show_qa(out: Outcome, scene: Scene, submission: Submission, came: Came, due: datetime | None) -> Outcome:
    """OUT-14 once more: the same form, with the findings as they are now."""
    findings = came.findings or ()
    lines = feedback_lines(known_after(scene, out), scene.framework)
    facts = summarise(scene, submission, findings, None, "") | {"qa_due_at": due, "family": lines, "views": True}
    return tell(out, who_decides(scene), "OUT-14", "T-11", _round(came, submission), facts, ("original",))


def _round(came: Came, submission: Submission) -> str:
    """Which mail brought it; the submission's number stands last, as in every OUT-14."""
    return f"{came.in_reply_to or came.by}·{submission.number}"
