"""A case gets another practitioner while it is audited (T-45, T-66, F1-AUD-06): both are named, and the first is told too."""

from mailflow.model import Flag, Outcome
from mailflow.process.plan import change, flag, go, start
from mailflow.scene import Scene


def decide_changed(scene: Scene, old: str, new: str) -> Outcome:
    """T-45: the earlier practitioner is kept by address, so that the auditor can be asked to feed back to them."""
    out = go(start(scene), "T-45", data={"old": old, "new": new})
    former = tuple(a for a in dict.fromkeys((*out.audit.former_practitioners, old)) if a and a != new)
    # Whoever left, somebody has the case now.
    return flag(change(out, former_practitioners=former), off=[Flag.PRACTITIONER_LEFT])
