"""A form that is not the one we sent (T-28): nothing is filed, and the right form goes back with the answers in it."""

from mailflow.form.actions import name_of
from mailflow.form.definition import Part
from mailflow.model import Disposition, Reading
from mailflow.process.returns.editions import is_accepted
from mailflow.process.returns.wrong_form import decide_wrong_form
from mailflow.scene import Scene
from mailflow.steps.effects import Change, Handling
from mailflow.steps.mail.events import held_wish
from mailflow.steps.question import Question


def answer_wrong_form(q: Question, scene: Scene, reading: Reading) -> Handling:
    """OUT-30. The second time QA hears of it as well: a letter alone has not helped."""
    given = q.house.policy.form_of(reading)
    roles = q.roles_in(scene.parties, scene.audit)
    outcome, moved = decide_wrong_form(scene, reading, given, q.message.id, q.message.sender, roles)
    reason = f"not the form we sent: {reading.form}, edition {reading.edition}"
    again = q.house.store.load_letters(audit=scene.audit.ref, codes=("OUT-30",))
    loose = (held_wish(q, (f"a form came again that is {reason}; the right form has gone out",), "automatic"),) if again else ()
    return Handling(Disposition.REPLY, reason, scene.audit.ref, (Change(scene, outcome, carried=moved.reading),), loose)


def is_right_form(q: Question, ref: str, reading: Reading) -> bool:
    scene = q.scene_of(ref)
    return scene is not None and is_accepted(scene, reading)


def case_number_in(q: Question, reading: Reading) -> str:
    """The case number as the form's head gives it, by the form it was read as; "" where there is none."""
    head = (f for f in q.house.policy.form_of(reading).fields if f.part is Part.HEADER)
    field = next((f for f in head if name_of(f) == "case_number"), None)
    return reading.answer(field.id) if field else ""
