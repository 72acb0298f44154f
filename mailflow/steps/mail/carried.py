"""The answers a form is sent out with: work that goes on in another cycle, or with another auditor (T-20, T-39)."""

from mailflow.model import Reading
from mailflow.process.returns.transfer import transfer
from mailflow.scene import Scene
from mailflow.steps.house import House


def find_carried(house: House, scene: Scene | None) -> Reading | None:
    """The answers a form goes out with: the last form of the audit this one continues (T-20), as long as nothing newer has
    come, or what the auditor before this one had sent (T-39); by today's questions."""
    if scene is None:
        return None
    last = _handed_on(scene)
    if last is None and scene.audit.carried_from and not scene.audit.submission:
        earlier = house.store.load_submissions(scene.audit.carried_from)
        last = earlier[-1].reading if earlier else None
    if last is None or (last.form, last.edition) == (scene.form.id, scene.form.edition):
        return last
    return transfer(last, house.policy.form_of(last), scene.form).reading


def _handed_on(scene: Scene) -> Reading | None:
    """What a former auditor had sent for an audit that somebody else does now."""
    sent = scene.submission
    if sent is None or not scene.framework.absence.pass_on or sent.sender not in scene.audit.former_auditors:
        return None
    return sent.reading
