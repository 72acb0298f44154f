"""A self-assessment comes back (IN-09): it is kept beside its audit, and never taken for the auditor's own form."""

from dataclasses import replace

from mailflow.intake import Match
from mailflow.model import Audit, Beside, Disposition, Role
from mailflow.process.people.selfassessment import decide_assessment
from mailflow.scene import Scene
from mailflow.steps.effects import Change, Handling
from mailflow.steps.mail import returns
from mailflow.steps.mail.feedback import join_parts
from mailflow.steps.question import Question
from mailflow.store import StoredReading

KIND = "self_assessment"


def returned_assessment(q: Question) -> Handling | None:
    """Each self-assessment in the mail; forms of other kinds in it are handled as ever, in the same transaction."""
    rules = q.house.policy.framework.audit
    if rules.self_assessment == "off":
        return None
    own = tuple(r for r in q.forms if r.reading.form == rules.self_assessment_form)
    if not own:
        return None
    rest = returns.returned_forms(replace(q, readings=tuple(r for r in q.readings if r not in own)))
    return join_parts([*(_file(q, one) for one in own), *([rest] if rest else [])])


def _file(q: Question, stored: StoredReading) -> Handling:
    match = _match(q, stored)
    scene = q.scene_of(match.ref) if match.verdict == "file" else None
    if scene is None:
        return returns.held(q, match.reasons, match.ref)
    kept = q.house.store.load_beside(scene.audit.ref, KIND)
    if any(k.sha == stored.sha for k in kept):
        return Handling(Disposition.ACCEPT, "received before", scene.audit.ref)
    beside = Beside(scene.audit.ref, KIND, _part(q, scene), q.inbound.received_at, q.message.sender, stored.name,
                    stored.sha, stored.reading)
    outcome = decide_assessment(scene, q.inbound.received_at, q.message.sender, q.message.id, True)
    return Handling(Disposition.ACCEPT, f"self-assessment for {scene.audit.ref}", scene.audit.ref,
                    (Change(scene, outcome, beside=beside),))


def _match(q: Question, stored: StoredReading) -> Match:
    return returns.match_document(q, stored.reading, q.forms, lambda audit: _may_send(q, audit))


def _may_send(q: Question, audit: Audit) -> bool:
    """The practitioner whose view it is, or the auditor to whom it was handed."""
    scene = q.scene_of(audit.ref)
    roles = q.roles_in(scene.parties, audit) if scene else frozenset()
    return bool(roles & {Role.PRACTITIONER.value, Role.AUDITOR.value})


def _part(q: Question, scene: Scene) -> str:
    roles = q.roles_in(scene.parties, scene.audit)
    return Role.PRACTITIONER.value if Role.PRACTITIONER.value in roles else Role.AUDITOR.value
