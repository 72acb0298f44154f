"""From acceptance to issue: the report goes to everybody the profile's rules name (T-21…T-25)."""

from datetime import date, datetime
from typing import Any

from mailflow.errors import Broken
from mailflow.form.actions import find_actions
from mailflow.framework import When, holds
from mailflow.grading import grade_table, is_graded, say_overall, when_facts
from mailflow.model import Outcome, Role, State, Submission, Timer
from mailflow.process.action_dates import agreed_actions
from mailflow.process.answers import strengths
from mailflow.process.calendar import make_calendar
from mailflow.process.people.practitioners import tell_previous
from mailflow.process.plan import arm, disarm, go, note, people_of, start, tell
from mailflow.process.wording import and_list
from mailflow.scene import Scene

# Parts with a letter of their own; every other part a rule names gets OUT-24, which says why.
OWN_LETTER = {Role.TM: ("OUT-23", "T-21"), Role.PRACTITIONER: ("OUT-23", "T-21"), Role.IRO: ("OUT-25", "T-21.iro")}


def decide_issue(scene: Scene, out: Outcome | None = None) -> Outcome:
    """T-21, when the delay after ACCEPT is over. Raises Broken without an accepted submission."""
    out = disarm(go(out or start(scene), "T-21", data={"grade": scene.audit.grade}, issued_at=scene.now, issue_at=None),
                 "issue")
    auditors = people_of(scene, [Role.AUDITOR])
    round_ = out.audit.submission
    facts, documents = letter_content(scene, "OUT-16", Role.AUDITOR)
    out = tell(out, auditors, "OUT-16", "T-13", round_, facts, documents)
    # Somebody who holds several parts gets one letter, in the part that comes first in the rules.
    people = people_of(scene, _roles(scene), without=[a for _, a in auditors])
    for role, address in people:
        code, transition = OWN_LETTER.get(Role(role), ("OUT-24", "T-21.told"))
        facts, documents = letter_content(scene, code, role)
        out = tell(out, [(role, address)], code, transition, round_, facts, documents)
    out = tell_previous(out, scene)
    out = note(out, "T-21.told", told=[f"{role} {address}" for role, address in (*auditors, *people)])
    return arm(out, *_upload_timer(scene, 1))


def letter_content(scene: Scene, code: str, role: str) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Facts and documents of OUT-16, 23, 24 and 25 for one part."""
    submission = _accepted(scene)
    follow = followup_by_on(scene)
    # Days that letters stand for are counted from the issue here, for the letter and for the documents it encloses.
    rows = agreed_actions(scene, submission, scene.audit.issued_at or scene.now)
    if code == "OUT-23":
        form, graded = scene.form.for_category(scene.case.category), is_graded(scene.framework, scene.audit.type)
        facts = {
            "grades": grade_table(scene.framework, form, submission.reading) if graded else (), "actions": rows,
            "followup_by_on": follow, "strengths": strengths(scene, submission.reading), "smart": _followup(scene)[1],
        }
        sheet = role == Role.TM and rows
        return facts, ("DOC-06", "DOC-38") if sheet else ("DOC-06",)
    if code == "OUT-24":
        return {"why": _why(scene, role), "followup_by_on": follow, "actions": rows}, ("DOC-06",)
    if code == "OUT-16":
        calendar, days = make_calendar(scene.framework), scene.framework.record.confirm_wd
        at = calendar.deadline(calendar.add_working_days(scene.now, days))
        return {"confirm_at": at, "actions": rows}, ("DOC-06", "DOC-07")
    return {}, ()


def _accepted(scene: Scene) -> Submission:
    if scene.submission is None or scene.submission.number != scene.audit.submission:
        raise Broken(f"audit {scene.audit.ref}: the accepted submission {scene.audit.submission} is not at hand")
    return scene.submission


def _roles(scene: Scene) -> tuple[str, ...]:
    """Every part the rules that hold name: team manager and practitioner first, then in the order of the rules."""
    facts = when_facts(scene.framework, scene.audit, scene.case, scene.audit.grade)
    named = [role for rule in scene.framework.issue.rules if holds(rule.when, facts) for role in rule.to]
    first = [Role.TM, Role.PRACTITIONER]
    left = {Role.PRACTITIONER} if "practitioner_left" in scene.audit.flags else set()
    return tuple(r for r in dict.fromkeys([r for r in first if r in named] + named) if r not in left)


def _why(scene: Scene, role: str) -> str:
    """Why this part is told, in words, from the conditions of the rules that name it."""
    facts = when_facts(scene.framework, scene.audit, scene.case, scene.audit.grade)
    rules = [r for r in scene.framework.issue.rules if role in r.to and holds(r.when, facts)]
    reasons = list(dict.fromkeys(words for r in rules for words in _reasons(r.when, scene)))
    return and_list(reasons) or "people in your role are told of audits like this one"


def _reasons(when: When, scene: Scene) -> list[str]:
    graded = when.grade or when.grade_rank_at_least is not None or when.grade_rank_at_most is not None
    grade = say_overall(scene.framework, scene.form, _accepted(scene).reading, scene.audit.grade)
    reasons = [f"the overall grade is {grade}"] if graded else []
    reasons += ["a second re-audit is needed"] if when.needs_second_reaudit else []
    reasons += ["outcomes were not achieved at the second re-audit"] if when.outcomes_not_achieved else []
    return reasons


def _followup(scene: Scene) -> tuple[int | None, bool]:
    """(working days, SMART actions wanted) of the strictest follow-up rule that holds; (None, False) without one."""
    facts = when_facts(scene.framework, scene.audit, scene.case, scene.audit.grade)
    rules = [r for r in scene.framework.followup.rules if holds(r.when, facts)]
    if not rules:
        return None, False
    strictest = min(rules, key=lambda r: (r.wd, not r.smart))
    return strictest.wd, strictest.smart


def followup_by_on(scene: Scene) -> date | None:
    """The day by which the team discusses the audit, counted from the issue; None where no rule asks for it."""
    days = _followup(scene)[0]
    if days is None:
        return None
    return make_calendar(scene.framework).add_working_days(scene.audit.issued_at or scene.now, days)


def _upload_timer(scene: Scene, times: int) -> tuple[Timer, ...]:
    calendar, days = make_calendar(scene.framework), scene.framework.record.confirm_wd
    due = calendar.expiry(calendar.add_working_days(scene.now, days))
    return (Timer(f"upload:{times}", due),) if days else ()


def remind_upload(out: Outcome, scene: Scene, times: int) -> Outcome:
    """T-23: the uploader first, QA the second time; nobody a third time (it stands on QA's worklist)."""
    if out.audit.state is not State.ISSUED:
        return out
    out = go(out, "T-23", data={"times": times})
    people = people_of(scene, [Role.AUDITOR if times == 1 else Role.QA])
    rows = agreed_actions(scene, _accepted(scene), scene.audit.issued_at or scene.now)
    out = tell(out, people, "OUT-27", "T-23", times, {"times": times, "actions": rows}, ("DOC-07",))
    return arm(out, *_upload_timer(scene, 2)) if times == 1 else out


def settle_upload(out: Outcome, scene: Scene, by: str, uploaded_at: datetime) -> Outcome:
    """T-22, and T-25 where the accepted form has actions or a follow-up rule holds."""
    out = go(out, "T-22", by, data={"uploaded_at": uploaded_at.isoformat()}, recorded_at=uploaded_at)
    out = disarm(out, "upload:")
    people = people_of(scene, [Role.AUDITOR])
    out = tell(out, people, "OUT-26", "T-22", out.audit.submission, {"uploaded_at": uploaded_at})
    open_actions = len(find_actions(scene.form, _accepted(scene).reading))
    follow = followup_by_on(scene)
    if open_actions or follow:
        reason = f"{open_actions} actions" + (f", discussion by {follow.isoformat()}" if follow else "")
        out = go(out, "T-25", by, reason)
    return out
