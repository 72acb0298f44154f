"""Which kinds and editions of form are taken as a return (T-28, CHK-003)."""

from mailflow.model import Reading
from mailflow.scene import Scene


def is_accepted(scene: Scene, reading: Reading) -> bool:
    """The audit's kind of form, at today's edition, at the one that was sent, or at one in ``form.accept_editions``.

    A form that does not say what it is is not judged.
    """
    wanted, audit = scene.form, scene.audit
    if reading.form and reading.form != wanted.id:
        return False
    return not reading.edition or reading.edition in (wanted.edition, audit.edition, *scene.framework.form.accept_editions)
