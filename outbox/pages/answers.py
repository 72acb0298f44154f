"""A form's actions as documents print them."""

from mailflow.form.actions import find_actions
from mailflow.model import Action
from mailflow.scene import Scene


def agreed(scene: Scene, given: tuple[Action, ...] = ()) -> tuple[Action, ...]:
    """``given`` by whoever wants the document, with owners and days worked out; else as the current form has them."""
    if given or scene.submission is None:
        return given
    return find_actions(scene.form, scene.submission.reading)
