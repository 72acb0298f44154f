"""The QA team's decisions in one word, up to the issue (domain 2.5). Each takes (outcome, ask); guards return why not."""

import re
from datetime import datetime, timedelta

from mailflow.errors import Broken
from mailflow.grading import is_graded, overall_grade
from mailflow.model import Finding, Flag, Outcome, Override, Point, Role, State, Submission, Timer
from mailflow.process.calendar import make_calendar
from mailflow.process.commands.ask import Ask, answer, points_in
from mailflow.process.ending import end_not_accepted, end_withdrawn
from mailflow.process.plan import (
    REQUESTS,
    REVISION_TIMERS,
    arm,
    cancel,
    change,
    disarm,
    flag,
    go,
    people_of,
    request,
    tell,
)
from mailflow.process.returns.decide import as_points, expiry_of, open_blocks, qa_limit, revision_limits, revision_timers
from mailflow.process.wording import and_list, moment_words
from mailflow.scene import Scene

_CHECK = re.compile(r"\bCHK-\d{3}\b")


def decided(out: Outcome, ask: Ask) -> Outcome:
    """The first decision wins: whose it was is kept, so that a later one can be told."""
    return change(out, decision=ask.command.word, decided_by=ask.by.name, decided_at=ask.scene.now)


def current(ask: Ask) -> Submission:
    """The submission being decided. Raises Broken when the scene does not carry it."""
    found = ask.scene.submission
    if found is None or found.number != ask.audit.submission:
        raise Broken(f"audit {ask.audit.ref}: submission {ask.audit.submission} is not at hand")
    return found


def _blocks(ask: Ask) -> tuple[Finding, ...]:
    return open_blocks(current(ask).findings, ask.audit.overrides)


def cannot_accept(ask: Ask) -> str:
    """T-13's guard: no unresolved block."""
    checks = sorted({f.check for f in _blocks(ask)})
    if not checks:
        return ""
    return (f"{and_list(checks)} still block this audit. Reply OVERRIDE with the check and the reason for each, "
            "or RETURN with the points.")


def accept(out: Outcome, ask: Ask) -> Outcome:
    """T-13: accepted; issued after ``issue.delay_minutes``, in which UNDO takes it back."""
    at = ask.scene.now + timedelta(minutes=ask.scene.framework.issue.delay_minutes)
    grade = accepted_grade(ask.scene, current(ask))
    out = go(out, "T-13", ask.by.address, data={"grade": grade, "submission": out.audit.submission},
             accepted_by=ask.by.address, accepted_at=ask.scene.now, issue_at=at, grade=grade)
    out = arm(disarm(flag(decided(out, ask), off=[Flag.QA_OVERDUE]), "qa"), Timer("issue", at))
    return answer(cancel(out, "OUT-19"), ask, f"Accepted. It will be issued on {moment_words(at)}. Reply UNDO before "
                  "then to take it back.")


def accepted_grade(scene: Scene, submission: Submission) -> str:
    """The grade the audit has from now on; "" for a kind of audit that has none (G-15)."""
    graded = is_graded(scene.framework, scene.audit.type)
    return overall_grade(scene.framework, scene.form, submission.reading) if graded else ""


def undo(out: Outcome, ask: Ask) -> Outcome:
    """T-13.undo: back to the QA team, whose clock goes on."""
    due = out.audit.qa_due_at
    if due is None or due <= ask.scene.now:
        due = qa_limit(ask.scene, ask.scene.now)
    out = go(out, "T-13.undo", ask.by.address, accepted_by="", accepted_at=None, issue_at=None, grade="",
             qa_due_at=due, decision="", decided_by="", decided_at=None)
    out = arm(disarm(out, "issue"), Timer("qa", expiry_of(ask.scene, due)))
    return answer(out, ask, "Taken back. Nothing was issued; the audit waits for your decision again.")


def cannot_return(ask: Ask) -> str:
    """T-14's guard: points, and rounds left."""
    if not points_in(ask.command.rest):
        return f"Please say what is to be put right: {ask.command.word} and the points, one on each line."
    most = ask.scene.framework.revision.max_rounds
    if ask.audit.qa_returns >= most:
        times = "once" if most == 1 else f"{most} times"
        return f"The QA team has sent this audit back {times} already, which is the limit. Reply ACCEPT or NOTACCEPTED."
    return ""


def send_back(out: Outcome, ask: Ask) -> Outcome:
    """T-14: the points, with the form as it was (OUT-17)."""
    rules = ask.scene.framework.revision
    out = _request(out, ask, "T-14", "OUT-17", rules.soft_wd, rules.hard_wd, "qa")
    return answer(out, ask, f"Sent back to the auditor, who has until {moment_words(_hard(out))}.")


def discuss(out: Outcome, ask: Ask) -> Outcome:
    """T-15: a conversation is offered, and the limits are longer (OUT-18)."""
    rules = ask.scene.framework.revision
    out = _request(out, ask, "T-15", "OUT-18", rules.discussion_soft_wd, rules.discussion_hard_wd, "discuss")
    return answer(out, ask, "We have offered the auditor a conversation with you. The amended form is due by "
                  f"{moment_words(_hard(out))}.")


def _hard(out: Outcome) -> datetime:
    assert out.audit.hard_at is not None
    return out.audit.hard_at


def _request(out: Outcome, ask: Ask, transition: str, code: str, soft_wd: int, hard_wd: int, by: str) -> Outcome:
    return request_revision(decided(out, ask), ask.scene, transition, code, (soft_wd, hard_wd), points_of(ask),
                            returned_by=by, by=ask.by.address, by_name=ask.by.name)


def request_revision(out: Outcome, scene: Scene, transition: str, code: str, days: tuple[int, int],
                     points: tuple[Point, ...], *, returned_by: str, by: str, by_name: str) -> Outcome:
    """A revision request of the QA team: points, limits, timers, and one letter to the auditor."""
    soft, hard = revision_limits(scene, *days)
    out = disarm(flag(out, off=[Flag.QA_OVERDUE]), "qa")
    out = go(out, transition, by, data={"points": [p.words for p in points]}, points=points, soft_at=soft, hard_at=hard,
             qa_due_at=None, returned_by=returned_by, returned_submission=out.audit.submission,
             qa_returns=out.audit.qa_returns + 1)
    facts = {"points": points, "by_name": by_name, "soft_at": soft, "hard_at": hard}
    out = tell(out, people_of(scene, [Role.AUDITOR]), code, transition, request(out.audit), facts, ("annotated",))
    return cancel(arm(out, *revision_timers(scene, soft, hard)), "OUT-19")


def points_of(ask: Ask) -> tuple[Point, ...]:
    """The officer's points; one that names a check points at its fields. Blocks nobody mentioned are added."""
    findings = current(ask).findings
    points = []
    for number, words in enumerate(points_in(ask.command.rest), 1):
        named = set(_CHECK.findall(words))
        found = next((f for f in findings if f.check in named), None)
        points.append(Point(number, words, found.check, found.fields, found.section) if found else Point(number, words))
    mentioned = {p.check for p in points}
    missing = tuple(f for f in _blocks(ask) if f.check not in mentioned)
    return (*points, *as_points(missing, len(points) + 1))


def cannot_override(ask: Ask) -> str:
    """T-13.override: a block of the current form, not set aside yet, with a reason."""
    if not ask.reason:
        return f"Please say why: OVERRIDE {ask.command.check or 'CHK-013'} and the reason."
    if any(o.check == ask.command.check for o in ask.audit.overrides):
        earlier = next(o for o in ask.audit.overrides if o.check == ask.command.check)
        return f"{earlier.by} has set {earlier.check} aside already, on {moment_words(earlier.at)}."
    if ask.command.check not in {f.check for f in _blocks(ask)}:
        open_checks = sorted({f.check for f in _blocks(ask)})
        return (f"{ask.command.check} does not block this audit. "
                + (f"What blocks it: {and_list(open_checks)}." if open_checks else "Nothing blocks it."))
    return ""


def override(out: Outcome, ask: Ask) -> Outcome:
    """T-13.override: set aside; in REVISION the audit comes to QA when nothing is left to amend."""
    aside = Override(ask.command.check, ask.reason, ask.by.address, ask.scene.now)
    points = tuple(p for p in out.audit.points if p.check != aside.check)
    out = go(out, "T-13.override", ask.by.address, ask.reason, data={"check": aside.check},
             overrides=(*out.audit.overrides, aside), points=points)
    left = sorted({f.check for f in open_blocks(current(ask).findings, out.audit.overrides)})
    if out.audit.state is State.REVISION and not left and not points:
        return _decide_again(out, ask)
    if left:
        return answer(out, ask, f"{aside.check} is set aside. {and_list(left)} still block this audit.")
    if out.audit.state is State.REVISION:
        return answer(out, ask, f"{aside.check} is set aside. The other points are still with the auditor.")
    return answer(out, ask, f"{aside.check} is set aside. Nothing blocks this audit now; reply ACCEPT or RETURN.")


def _decide_again(out: Outcome, ask: Ask) -> Outcome:
    """T-13.again: the letters about the revision that have not left are cancelled, the auditor hears that it is over."""
    due = qa_limit(ask.scene, ask.scene.now)
    out = go(out, "T-13.again", ask.by.address, qa_due_at=due, soft_at=None, hard_at=None, returned_by="")
    out = arm(disarm(out, *REVISION_TIMERS), Timer("qa", expiry_of(ask.scene, due)))
    out = cancel(out, *REQUESTS, "OUT-20")
    facts = {"on_time": not out.audit.has(Flag.LATE), "duplicate_of_at": None, "superseded": False, "qa_due_at": due}
    people = people_of(ask.scene, [Role.AUDITOR], without=[ask.by.address])
    out = tell(out, people, "OUT-12", "T-13.again", request(out.audit), facts)
    return answer(out, ask, f"{ask.command.check} is set aside and nothing is left to amend. The auditor need not send "
                  "anything. The audit waits for your decision: reply ACCEPT or RETURN.")


def not_accepted(out: Outcome, ask: Ask) -> Outcome:
    """T-19 by a QA officer."""
    reasons = points_in(ask.command.rest) or tuple(p.words for p in out.audit.points) or ("The QA team decided so.",)
    out = end_not_accepted(decided(out, ask), ask.scene, reasons, ask.by.address)
    return answer(out, ask, "Done. The auditor and the head of service are told.")


def withdraw(out: Outcome, ask: Ask) -> Outcome:
    """T-37."""
    out = end_withdrawn(decided(out, ask), ask.scene, ask.reason or "no reason given", ask.by.address)
    return answer(out, ask, "Withdrawn. Everybody who was told about this audit is told, without the reason.")


def hold(out: Outcome, ask: Ask) -> Outcome:
    """T-53: letters stop, except safety; forms that come are kept for you."""
    today = make_calendar(ask.scene.framework).local_day(ask.scene.now)
    out = flag(go(out, "T-53", ask.by.address, ask.reason, held_on=today), Flag.ON_HOLD)
    return answer(out, ask, "On hold. Nobody is reminded, and forms that come are kept for you. Reply RELEASE to go on.")


def nothing_to_release(ask: Ask) -> str:
    return "" if ask.audit.has(Flag.ON_HOLD) else "The audit is not on hold."


def release(out: Outcome, ask: Ask) -> Outcome:
    """T-53.release: limits of a revision and of the QA team have waited (CLK-08); the due day has not."""
    calendar = make_calendar(ask.scene.framework)
    today = calendar.local_day(ask.scene.now)
    waited = calendar.working_days_between(out.audit.held_on or today, today)
    out = flag(go(out, "T-53.release", ask.by.address, ask.reason, held_on=None), off=[Flag.ON_HOLD])
    out = _wait(out, ask, waited)
    return answer(out, ask, f"Released. Limits moved on by {waited} working days; the due day has not moved. EXTEND gives "
                  "a later one.")


def _wait(out: Outcome, ask: Ask, waited: int) -> Outcome:
    audit, calendar = out.audit, make_calendar(ask.scene.framework)

    def later(moment: datetime) -> datetime:
        return calendar.deadline(calendar.add_working_days(calendar.local_day(moment), waited)) if waited else moment

    if audit.state is State.REVISION and audit.soft_at and audit.hard_at:
        soft, hard = later(audit.soft_at), later(audit.hard_at)
        return arm(change(out, soft_at=soft, hard_at=hard), *revision_timers(ask.scene, soft, hard))
    if audit.state is State.UNDER_QA and audit.qa_due_at:
        due = later(audit.qa_due_at)
        return arm(change(out, qa_due_at=due), Timer("qa", expiry_of(ask.scene, due)))
    if audit.state is State.ACCEPTED:
        at = ask.scene.now + timedelta(minutes=ask.scene.framework.issue.delay_minutes)
        return arm(change(out, issue_at=at), Timer("issue", at))
    return out

