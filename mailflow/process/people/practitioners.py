"""A case gets another practitioner while it is audited (T-45, T-66, F1-AUD-06): both are named, and the first is told too."""

import re

from mailflow.form.definition import Part
from mailflow.model import Flag, Outcome, Role
from mailflow.process.commands.ask import Ask, answer
from mailflow.process.plan import answered, change, flag, go, people_of, start, tell
from mailflow.scene import Scene

# What became of the feedback to the practitioner before: what ``previous_told`` says.
DONE, NOT_POSSIBLE = "done", "not possible"
# A person's name as a head of a form has it: two to four words of letters, each with a capital.
_NAME = re.compile(r"[^\W\d_a-z][\w'’-]*( [^\W\d_a-z][\w'’-]*){1,3}")


def decide_changed(scene: Scene, old: str, new: str) -> Outcome:
    """T-45: the earlier practitioner is kept by address, so that the auditor can be asked to feed back to them."""
    out = go(start(scene), "T-45", data={"old": old, "new": new})
    former = tuple(a for a in dict.fromkeys((*out.audit.former_practitioners, old)) if a and a != new)
    out = change(out, former_practitioners=former)
    # Whoever left, somebody has the case now; a list that names nobody ("") says less.
    return flag(out, off=[Flag.PRACTITIONER_LEFT]) if new else out


def previous_workers(scene: Scene) -> tuple[str, ...]:
    """Who worked on the case before, by name where the directory has one; and whom the form itself names."""
    known = {p.address: p.name for p in scene.parties.of(Role.FORMER_PRACTITIONER)}
    names = [known.get(a, a) for a in scene.audit.former_practitioners]
    in_form = _named_in_form(scene)
    return tuple(dict.fromkeys([*names, *([in_form] if in_form else [])]))


def _named_in_form(scene: Scene) -> str:
    """The practitioner in the head of the accepted form, where that is a name and not today's practitioner's."""
    today = scene.parties.first(Role.PRACTITIONER)
    if scene.submission is None or today is None:
        return ""
    head = (f for f in scene.form.fields if f.part is Part.HEADER and f.id.split(".")[-1] == "practitioner")
    text = next((" ".join(scene.submission.reading.answer(f.id).split()) for f in head), "")
    shared = set(text.casefold().split()) & set(today.name.casefold().split())
    return text if _NAME.fullmatch(text) and not shared else ""


def tell_previous(out: Outcome, scene: Scene) -> Outcome:
    """T-66: OUT-85 to the auditor at the issue; nothing where the practitioner did not change."""
    names = previous_workers(scene)
    if not names:
        return out
    facts = {"who": names}
    return tell(go(out, "T-66", data={"who": list(names)}), people_of(scene, [Role.AUDITOR]), "OUT-85", "T-66",
                out.audit.submission, facts)


def nothing_to_tell(ask: Ask) -> str:
    """Why DONE and NOT POSSIBLE can't be taken from an auditor, "" when they can."""
    if not previous_workers(ask.scene):
        return "The practitioner of this case did not change, so there is nobody else to tell."
    return f"You have told us already: {ask.audit.previous_told}." if ask.audit.previous_told else ""


def told_previous(out: Outcome, ask: Ask) -> Outcome:
    """DONE: the auditor has fed back to the practitioner before."""
    return _noted(out, ask, DONE, "Thank you. We have noted that you told them.")


def could_not_tell(out: Outcome, ask: Ask) -> Outcome:
    """NOT POSSIBLE: noted with the reason."""
    return _noted(out, ask, NOT_POSSIBLE, "Noted, with your reason. Nobody asks you again.")


def _noted(out: Outcome, ask: Ask, outcome: str, words: str) -> Outcome:
    out = go(out, "T-66.noted", ask.by.address, ask.reason, data={"outcome": outcome, "mail": answered(ask.in_reply_to, ask.audit)},
             previous_told=outcome)
    return answer(out, ask, words)
