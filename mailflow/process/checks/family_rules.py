"""What a profile's ``[feedback]`` makes of what is known of each source (G-03, G-44, G-84)."""

from mailflow.framework import Framework
from mailflow.model import Feedback, FeedbackState
from mailflow.model.feedback import alike
from mailflow.process.checks.family import fields_for
from mailflow.scene import Scene

# Nothing more is asked for: views, a refusal, a reason, or a form on its way by post (G-03).
SETTLED = (FeedbackState.RECEIVED, FeedbackState.DECLINED, FeedbackState.NOT_POSSIBLE, FeedbackState.POSTED)


def wants_feedback(framework: Framework) -> bool:
    """Does this council ask families or others at all?"""
    return bool(framework.feedback.sources) or comes_apart(framework)


def comes_apart(framework: Framework) -> bool:
    """Is a feedback form one of the things that come back (F0-RET-01)?"""
    return "feedback" in framework.back.items


def needs_own_form(scene: Scene) -> bool:
    """Is a feedback form sent: one is to come back, or the audit form has no questions for somebody who is wanted?"""
    wanted = scene.framework.feedback.sources
    return comes_apart(scene.framework) or any(not fields_for(scene.form, s) for s in wanted)


def owed_by_qa(scene: Scene) -> bool:
    """A red case: the QA team asks the family, and the auditor does not (F0-FBK-03)."""
    return scene.case.qa_contacts_family


def is_tried_out(found: Feedback, framework: Framework) -> bool:
    """As many tries as the profile asks for, and nobody reached."""
    return found.state is FeedbackState.ATTEMPTED and found.logged >= framework.feedback.attempts


def is_due_by_post(found: Feedback, framework: Framework) -> bool:
    """T-64: a form is to be posted now (F0-FBK-04)."""
    rules = framework.feedback
    return rules.post_after_attempts and found.source in rules.post_to and is_tried_out(found, framework)


def is_enough(found: Feedback, framework: Framework) -> bool:
    """May the audit go on with this? A form that the QA team is about to post counts as posted (G-03)."""
    rules = framework.feedback
    if found.state in SETTLED:
        return True
    if is_due_by_post(found, framework) and rules.post_by == "qa":
        return True
    return rules.blocks_acceptance != "reply" and is_tried_out(found, framework)


def of_source(known: dict[str, Feedback], source: str, framework: Framework) -> tuple[Feedback, ...]:
    """What is known of a source, or of one that stands for it: the second parent, or whoever the profile says will do."""
    either = framework.feedback.either
    stand = alike(source) | (frozenset(either) if source in either else frozenset())
    return tuple(known[s] for s in sorted(stand) if s in known)
