"""A form has come back that is not the one we sent: an old edition, or another kind of form (T-28, OUT-30).

Nothing is filed. The right form goes back with every answer that could be carried over already in it.
"""

from collections.abc import Iterable

from mailflow.form.definition import FormDefinition
from mailflow.model import Outcome, Reading, Role, State
from mailflow.process.answers import concern_box
from mailflow.process.calendar import make_calendar
from mailflow.process.plan import go, people_of, tell
from mailflow.process.returns.decide import heard_from
from mailflow.process.returns.transfer import Left, Transfer, transfer
from mailflow.process.safety import decide_concern
from mailflow.scene import Scene

# The letter lists so many answers that found no place, and then counts.
MOST_LEFT = 20


def decide_wrong_form(scene: Scene, reading: Reading, given: FormDefinition, in_reply_to: str, by: str,
                      roles: frozenset[str]) -> tuple[Outcome, Transfer]:
    """T-28, and the concern in it first of all (T-50). ``given`` is the form it was read as; the transfer fills DOC-02.

    ``by`` is the writer's address and ``roles`` the parts they play. The same answers again make the same letter, and a
    letter is never sent twice.
    """
    moved = transfer(reading, given, scene.form.for_category(scene.case.category))
    out = go(heard_from(scene, by, roles), "T-28", by, data={
        "form": f"{reading.form} {reading.edition}", "wanted": f"{scene.form.id} {scene.form.edition}",
        "carried": moved.carried, "left": [x.question for x in moved.left][:MOST_LEFT]})
    facts = {
        "other": reading.form != scene.form.id, "carried": moved.carried, "left": _shown(moved.left),
        "more": max(0, len(moved.left) - MOST_LEFT), "limit_at": _limit(scene),
    }
    out = tell(out, _who(scene, by, roles), "OUT-30", "T-28", reading.content_digest[:20], facts, ("DOC-02",), in_reply_to)
    box = concern_box(given, reading)
    if box.state not in ("yes", "unclear"):
        return out, moved
    return decide_concern(scene, raised=box.state == "yes", source="form, page one", phone=box.phone, words=box.text,
                          in_reply_to=in_reply_to, by=by, onto=out), moved


def _shown(left: Iterable[Left]) -> tuple[tuple[str, str], ...]:
    return tuple((x.question, x.text) for x in left)[:MOST_LEFT]


def _who(scene: Scene, by: str, roles: frozenset[str]) -> tuple[tuple[str, str], ...]:
    """The writer, where they are the auditor or may send for them; of a form that QA let go on, the auditor (P2)."""
    auditors = people_of(scene, [Role.AUDITOR])
    if Role.AUDITOR in roles and by not in {address for _, address in auditors}:
        return ((str(Role.WRITER), by),)
    return auditors


def _limit(scene: Scene) -> object:
    """Until when the right form is owed; None where that has gone by, or where a form is with QA already."""
    audit = scene.audit
    if audit.state is State.UNDER_QA:
        return None
    due = make_calendar(scene.framework).deadline(audit.due_on)
    limit = audit.hard_at if audit.state is State.REVISION and audit.hard_at else due
    return limit if limit > scene.now else None
