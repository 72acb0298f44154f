"""A form for an allocation that is over (T-51): the audit was given to somebody else, or carried over."""

from mailflow.model import Outcome, Role, Wish
from mailflow.process.plan import answered, go, start, wish
from mailflow.scene import Scene


def decide_superseded(scene: Scene, sender: str, in_reply_to: str) -> Outcome:
    """It is kept beside the audit and its sender told; whoever has the audit now is not affected unless QA says so."""
    audit = scene.audit
    out = go(start(scene), "T-51", sender, data={"auditor": audit.auditor, "carried_to": audit.carried_to})
    if audit.carried_to:
        words = f"We have kept your form, but audit {audit.ref} goes on as {audit.carried_to}."
        todo = f"Please answer our letter about {audit.carried_to} with the form that came with it. Your answers are in it."
    else:
        auditor = scene.parties.first(Role.AUDITOR)
        words = (f"We have kept your form, but audit {audit.ref} is with {auditor.name if auditor else 'somebody else'} now, "
                 "so it does not count as the return.")
        todo = "You need do nothing more. The QA team has been told, and may still use it."
    facts = {"done": True, "words": words, "todo": todo}
    return wish(out, Wish("OUT-88", Role.WRITER, "T-51", answered(in_reply_to, audit), sender, facts, (), in_reply_to))
