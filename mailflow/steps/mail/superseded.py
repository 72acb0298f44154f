"""Forms for an allocation that is over (T-51): kept beside the audit, and QA may file one after all."""

from mailflow.intake import Match
from mailflow.model import Audit, Beside, Disposition
from mailflow.process.returns.superseded import decide_superseded
from mailflow.steps.effects import Change, Handling
from mailflow.steps.mail.events import held_wish
from mailflow.steps.question import Question
from mailflow.store import StoredReading

KIND = "superseded"


def set_aside(q: Question, match: Match, stored: StoredReading) -> Handling | None:
    """None unless the one audit that the document names was this sender's, and is no longer."""
    refs = match.refs or ((match.ref,) if match.ref else ())
    scene = q.scene_of(refs[0]) if refs and not q.forced else None
    if len(refs) > 1:
        return None  # two audits are named: the sender says which it is for (T-24)
    if scene is None or q.writer is None or not _was_theirs(q, scene.audit):
        return None
    ref = scene.audit.ref
    if any(b.sha == stored.sha for b in q.house.store.load_beside(ref, KIND)):
        return Handling(Disposition.ACCEPT, "received before", ref)
    beside = Beside(ref, KIND, "former_auditor", q.inbound.received_at, q.message.sender, stored.name, stored.sha,
                    stored.reading)
    outcome = decide_superseded(scene, q.writer.address, q.message.id)
    reason = f"it comes from an earlier allocation of {ref}; it is kept beside it and does not count"
    return Handling(Disposition.HOLD, reason, ref, (Change(scene, outcome, beside=beside),),
                    (held_wish(q, (reason,), "return"),))


def _was_theirs(q: Question, audit: Audit) -> bool:
    assert q.writer is not None
    if q.may_send_for(audit):
        return bool(audit.carried_to)
    return q.writer.address in audit.former_auditors
