"""What is left of the mail: thanks, shouted words we do not know, notes on an audit, and the rest (IN-23, IN-24)."""

import re

from mailflow.intake import is_thanks
from mailflow.model import Disposition, Wish
from mailflow.process.commands import table as commands
from mailflow.scene import Scene
from mailflow.steps.effects import Change, Handling
from mailflow.steps.mail.events import held_wish
from mailflow.steps.question import Question

_FIRST_WORD = re.compile(r"\W*([A-Za-z]+)")
# A first line that is one word in capitals was meant as a command, and it is not one we know.
_SHOUTED = re.compile(r"[A-Z]{3,20}\W*")


def thanks(q: Question) -> Handling | None:
    if q.readings or not is_thanks(q.message):
        return None
    scene = q.only_scene()
    if scene is None:
        return Handling(Disposition.IGNORE, "thanks")
    outcome = commands.decide_courtesy(scene, q.roles_in(scene.parties, scene.audit), q.message.sender)
    return Handling(Disposition.IGNORE, "thanks", scene.audit.ref, (Change(scene, outcome),))


def unknown_word(q: Question) -> Handling | None:
    """OUT-33, at most three a day to one address (T-73)."""
    first = next((line.strip() for line in q.message.text.splitlines() if line.strip()), "")
    if q.writer is None or q.readings or q.message.no_reply or not _SHOUTED.fullmatch(first):
        return None
    scene = q.only_scene()
    roles = q.roles_in(scene.parties, scene.audit) if scene else frozenset(q.writer.roles)
    wish = Wish("OUT-33", "writer", "T-73", f"inbound-{q.mark}", q.writer.address,
                {"words": commands.words_for(roles)}, in_reply_to=q.message.id)
    return Handling(Disposition.REPLY, f"a word we do not know: {first[:20]}", scene.audit.ref if scene else "",
                    loose=(wish,))


def note(q: Question) -> Handling | None:
    """Free text about one audit, from somebody the directory knows: filed as a note and shown to QA."""
    scene = q.only_scene()
    if q.writer is None or scene is None or not q.message.text.strip():
        return None
    outcome = commands.decide_note(scene, q.writer, q.roles_in(scene.parties, scene.audit), q.message.text,
                                   f"held-{q.mark}", q.message.subject)
    return Handling(Disposition.ACCEPT, "a note on the audit", scene.audit.ref, (Change(scene, outcome),),
                    _perhaps_a_command(q, scene))


def _perhaps_a_command(q: Question, scene: Scene) -> tuple[Wish, ...]:
    """A note that begins with one of the writer's own words may have been meant as one: they are told how to say so."""
    first = _FIRST_WORD.match(q.message.text)
    words = {w.split()[0] for w in commands.words_for(q.roles_in(scene.parties, scene.audit), scene.audit.state)}
    if first is None or first[1].upper() not in words or q.message.no_reply or q.writer is None:
        return ()
    said = (f"We have kept your message as a note for the QA team. If you meant {first[1].upper()} as an instruction, "
            "please write it in capitals as the first word.")
    return (Wish("OUT-88", "writer", "command", f"inbound-{q.mark}", q.writer.address, {"done": False, "words": said},
                 in_reply_to=q.message.id, audit=scene.audit.ref),)


def rest(q: Question) -> Handling | None:
    """Nobody can place it: it stays in sight and QA is told."""
    reason = "it names more than one audit" if len(q.refs) > 1 else "we cannot tell which audit it is about"
    return Handling(Disposition.HOLD, reason, loose=(held_wish(q, (reason,), "note"),))
