"""The family's views: asked of the QA team for red cases, kept beside the audit, posted after two tries (T-63, T-64).

Who owes them: the auditor, or the QA team where the case says so (F0-FBK-03); then no check chases the auditor for them
(G-84). What comes on a feedback form of its own is decided in ``process/family/returned.py``.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from mailflow.framework import Framework
from mailflow.model import Feedback, FeedbackState, Flag, Outcome, Role, Route, Submission
from mailflow.model.feedback import combined, merged
from mailflow.process.calendar import local, make_calendar
from mailflow.process.checks.family import read_feedback, source_words
from mailflow.process.checks.family_rules import SETTLED, is_due_by_post, of_source, owed_by_qa, wants_feedback
from mailflow.process.plan import debt, go, people_of, tell
from mailflow.process.states import BEFORE_DECISION, GOING_ON
from mailflow.process.wording import day_words
from mailflow.scene import Scene

_STATES = {
    FeedbackState.WANTED: "not asked yet", FeedbackState.ATTEMPTED: "tried, nobody reached", FeedbackState.POSTED: "form posted",
    FeedbackState.RECEIVED: "views given", FeedbackState.DECLINED: "said no",
    FeedbackState.NOT_POSSIBLE: "not asked, with a reason",
}


def ask_for_feedback(out: Outcome, scene: Scene) -> Outcome:
    """At the allocation: what is wanted is written down, and the QA team asked where the family is theirs (T-63)."""
    rules, known = scene.framework, combined(scene.feedback)
    wanted = [s for s in rules.feedback.sources if not any(f.state in SETTLED for f in of_source(known, s, rules))]
    fresh = tuple(Feedback(out.audit.ref, s, "apart") for s in wanted if s not in known)
    out = replace(out, feedback=(*out.feedback, *fresh))
    heard = bool(known) and not wanted
    if heard or not (owed_by_qa(scene) and wants_feedback(rules)):
        return out
    out = go(out, "T-63")
    return tell(out, people_of(scene, [Role.QA]), "OUT-78", "T-63", debt(out.audit), {}, ("DOC-03",))


def carry_feedback(scene: Scene, new_ref: str) -> tuple[Feedback, ...]:
    """What is known goes with the work into its new cycle (T-20): nobody is asked twice."""
    known = combined(scene.feedback).values()
    return tuple(replace(f, ref=new_ref, origin="apart") for f in known if f.state is not FeedbackState.WANTED)


def part_of_form(scene: Scene, submission: Submission) -> tuple[Feedback, ...]:
    """What the audit form itself says of the family's views."""
    return read_feedback(scene.form, submission.reading, scene.audit.ref, "form", submission.sender, submission.received_at)


def file_part_of_form(out: Outcome, scene: Scene, submission: Submission) -> Outcome:
    """The form's part takes the place of an earlier form's; two tries without an answer lead to the post (T-64)."""
    part = part_of_form(scene, submission)
    out = replace(out, feedback=(*out.feedback, *part))
    return post_forms(out, scene, known_after(scene, out))


def post_forms(out: Outcome, scene: Scene, found: tuple[Feedback, ...]) -> Outcome:
    """T-64: the QA team posts a form to everybody who was tried in vain; a reply is waited for so many working days."""
    framework = scene.framework
    people = people_of(scene, [Role.QA])
    if not wants_feedback(framework) or framework.feedback.post_by != "qa" or not people or out.audit.state not in GOING_ON:
        return out
    calendar, today = make_calendar(framework), local(scene.now).date()
    back_on = calendar.add_working_days(today, framework.feedback.post_reply_window_wd)
    for source, known in combined(found).items():
        if is_due_by_post(known, framework):
            sent = Feedback(out.audit.ref, source, "apart", Route.POST, posted=True, posted_on=today, due_back_on=back_on)
            before = _apart(found, source)
            out = go(out, "T-64", data={"source": source, "attempts": known.logged, "due_back": back_on.isoformat()})
            out = replace(out, feedback=_put(out.feedback, merged(before, sent) if before else sent))
            facts = {"source": source, "whose": source_words(source), "due_back_on": back_on}
            out = tell(out, people, "OUT-77", "T-64", source, facts, ("DOC-27", "DOC-03"))
    return out


def due_back(found: Feedback, framework: Framework) -> date | None:
    """Until when the reply to a posted form is waited for; None where no form was posted, or nobody knows when (G-03)."""
    if found.due_back_on or not (found.posted or found.posted_on):
        return found.due_back_on
    since = found.posted_on or (local(found.received_at).date() if found.received_at else None)
    days = framework.feedback.post_reply_window_wd
    return make_calendar(framework).add_working_days(since, days) if since else None


def known_after(scene: Scene, out: Outcome) -> tuple[Feedback, ...]:
    """Everything known once the outcome is saved."""
    rows = {(f.source, f.origin): f for f in (*scene.feedback, *out.feedback)}
    return tuple(rows.values())


def _apart(found: Iterable[Feedback], source: str) -> Feedback | None:
    return next((f for f in found if f.origin == "apart" and f.source == source), None)


def _put(found: tuple[Feedback, ...], one: Feedback) -> tuple[Feedback, ...]:
    """One row a source and origin: the later takes the earlier's place."""
    return (*(f for f in found if (f.source, f.origin) != (one.source, one.origin)), one)


def add_apart(found: tuple[Feedback, ...], came: Feedback) -> tuple[tuple[Feedback, ...], Feedback]:
    """(everything known with what came on a feedback form, what to keep of it).

    A second parent is known by another word for who answered: "father" after "mother".
    """
    before = _apart(found, came.source)
    if before and came.source == "parent" and _is_somebody_else(before, came):
        came = replace(came, source="parent2")
        before = _apart(found, "parent2")
    kept = merged(before, came) if before else came
    return _put(found, kept), kept


def _is_somebody_else(before: Feedback, came: Feedback) -> bool:
    both_answered = before.is_answered and came.is_answered
    return both_answered and bool(before.who and came.who) and (before.who or "").casefold() != (came.who or "").casefold()


def to_ring(scene: Scene) -> str:
    """What the QA team's morning list says of a red case nobody has been heard in yet; "" for every other audit (T-63)."""
    rules, audit = scene.framework, scene.audit
    known = combined(scene.feedback)
    heard = any(f.state in SETTLED for f in known.values())
    if heard or not owed_by_qa(scene) or not wants_feedback(rules) or audit.state not in BEFORE_DECISION or audit.has(Flag.ON_HOLD):
        return ""
    tries = max((f.logged for f in known.values()), default=0)
    tried = f", {tries} {'try' if tries == 1 else 'tries'} so far" if tries else ""
    return f"ring the family by {day_words(audit.due_on)}{tried}"


def feedback_lines(found: tuple[Feedback, ...], framework: Framework) -> tuple[str, ...]:
    """One line a source for the QA team: whose, how far, the score, when a posted form is due back."""
    known, sources = combined(found), framework.feedback.sources
    shown = dict.fromkeys((*sources, *known))
    lines = []
    for source in shown:
        one = known.get(source)
        if one is None or (one.state is FeedbackState.WANTED and source not in sources):
            continue
        score = f", {one.score} out of 10" if one.score is not None else ""
        back_on = due_back(one, framework) if one.state is FeedbackState.POSTED else None
        back = f", due back by {day_words(back_on)}" if back_on else ""
        whose = source_words(source).removeprefix("the ").removeprefix("a ").capitalize()
        lines.append(f"{whose}: {_STATES[one.state]}{score}{back}")
    return tuple(lines)
