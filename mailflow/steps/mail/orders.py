"""Commands by mail (domain 2.5): which audit they are about, who gives them, and the few only the corridor can carry out."""

from collections.abc import Callable
from dataclasses import replace

from mailflow.model import Audit, Command, Disposition, Entry, Letter, Role, Wish
from mailflow.process.commands import table as commands
from mailflow.process.states import TRANSITIONS, get_transition
from mailflow.scene import Scene
from mailflow.steps.codes import hash_code
from mailflow.steps.effects import Change, Fresh, Handling
from mailflow.steps.house import House
from mailflow.steps.mail import feedback
from mailflow.steps.mail.selfselect import answer_request, ask_for_case
from mailflow.steps.mail.sheets import confirmed_sheet
from mailflow.steps.month.replacing import replacement_for
from mailflow.steps.question import Question

# Decisions of the QA desk count even when the reply still carries the form it was about.
DESK_WORDS = ("ACCEPT", "RETURN", "DISCUSS", "NOTACCEPTED", "WITHDRAW", "OVERRIDE", "UNDO", "FILE", "HOLD", "RELEASE",
              "REASSIGN", "CLOSE")
# What nobody may say of an audit of their own while somebody else can.
DECISIONS = ("ACCEPT", "RETURN", "DISCUSS", "NOTACCEPTED", "OVERRIDE")
# Letters that tell QA of a message that waits for them; FILE is an answer to one of these.
NOTICES = ("OUT-32", "OUT-89", "OUT-90", "OUT-91")


def confirmation(q: Question) -> Handling | None:
    """The one-time code of a high-effect command came back from the same person (T-72)."""
    if q.command is None or q.writer is None or q.command.word != "CONFIRM":
        return None
    if not q.command.code:
        return _not_done(q, q.command.trouble or "Please reply CONFIRM with the six figures of the code.")
    scene = q.only_scene()
    about_none = q.house.store.find_code("", q.writer.address, hash_code(q.command.code), q.now) if scene is None else None
    if about_none is not None:
        return confirmed_sheet(q, about_none)
    if scene is None:
        return _not_done(q, "The code did not come with a reference. Please reply to the mail that carried it.")
    found = q.house.store.find_code(scene.audit.ref, q.writer.address, hash_code(q.command.code), q.now)
    if found is None:
        return _not_done(q, "That code is not known, was used before, or has expired after 24 hours.", scene)
    command = _pending_command(found.pending.word, found.pending.rest)
    outcome = commands.decide_command(
        scene, q.writer, q.roles_in(scene.parties, scene.audit), command, confirmed=True,
        find_person=q.house.store.find_person, in_reply_to=q.message.id, mail_text=q.message.text)
    handling = Handling(Disposition.ACCEPT, f"{found.pending.word} confirmed", scene.audit.ref, (Change(scene, outcome),),
                        used_code=found.id)
    return _with_replacement(q, handling, scene, outcome.audit)


def _with_replacement(q: Question, handling: Handling, before: Scene, after: Audit) -> Handling:
    """T-37: another case for the auditor of a withdrawn one, where half of the cycle is still to come."""
    new = replacement_for(q.house, before, after, q.now)
    if new is None or q.writer is None:
        return handling
    words = f"In its place the auditor gets case {new.case_number}, as audit {new.ref}, due on the same day."
    wish = Wish("OUT-88", "writer", "T-37.replaced", new.ref, q.writer.address, {"done": True, "words": words},
                in_reply_to=q.message.id)
    entry = Entry("T-01", q.writer.address, {"case": new.case_number, "to": new.state.value, "in_place_of": after.ref})
    return replace(handling, fresh=(Fresh(new, entry, at_once=True),), loose=(*handling.loose, wish))


def _pending_command(word: str, rest: str) -> Command:
    from mailflow.intake import parse_command

    parsed = parse_command(f"{word} {rest}".strip())
    return parsed if parsed is not None and parsed.word == word else Command(word, rest)


def desk_order(q: Question) -> Handling | None:
    """A QA decision by somebody who holds the QA part, and is not this audit's auditor sending a form."""
    if q.command is None or q.writer is None or q.command.word not in DESK_WORDS:
        return None
    if not {Role.QA.value, Role.QA_MANAGER.value} & set(q.writer.roles):
        return None
    scene = q.only_scene()
    own = scene is not None and q.may_send_for(scene.audit)
    if own and q.forms:
        return None  # an auditor's own return, however its text begins
    if own and scene is not None and q.command.word in DECISIONS and _another_decides(q):
        return _not_done(q, "You did this audit yourself, so another QA officer decides on it.", scene)
    return feedback.beside_order(q, order(q))


def _another_decides(q: Question) -> bool:
    """Is there somebody else in the QA team?"""
    desk = {Role.QA.value, Role.QA_MANAGER.value}
    return any(desk & set(p.roles) for p in q.house.people if q.writer is None or p.address != q.writer.address)


def order(q: Question) -> Handling | None:
    """Any command. Unknown audits and words end as one answer that says what to do."""
    if q.command is None or q.writer is None:
        return None
    answered = answer_request(q)
    if answered is not None:
        return answered
    special = _CORRIDOR.get(q.command.word)
    if special is not None:
        return special(q)
    if len(q.refs) > 1:
        return _not_done(q, f"Your message names more than one audit ({', '.join(q.refs)}). Please reply to one letter.")
    scene = q.only_scene()
    if scene is None:
        return _not_done(q, "We could not tell which audit you mean. Please reply to our letter about it.")
    outcome = commands.decide_command(
        scene, q.writer, q.roles_in(scene.parties, scene.audit), q.command, confirmed=False,
        find_person=q.house.store.find_person, in_reply_to=q.message.id, mail_text=q.message.text, about=_about(q.letter))
    return Handling(Disposition.ACCEPT, q.command.word, scene.audit.ref, (Change(scene, outcome),))


def _about(letter: Letter | None) -> int | None:
    """The submission a QA summary was about: its number is the round at the end of the letter's key."""
    last = letter.key.rpartition("·")[2] if letter is not None and letter.code == "OUT-14" else ""
    return int(last) if last.isdigit() else None


def _not_done(q: Question, words: str, scene: Scene | None = None) -> Handling:
    assert q.writer is not None
    if q.command is not None and q.command.word == "CONCERN":
        words = f"{words} The QA team has been told at once. Do not rely on this mail: ring the team manager now."
    wish = Wish("OUT-88", "writer", "command", f"inbound-{q.mark}", q.writer.address,
                {"done": False, "words": words}, in_reply_to=q.message.id, audit=scene.audit.ref if scene else "")
    return Handling(Disposition.REPLY, words, wish.audit, loose=(wish,))


def _file(q: Question) -> Handling:
    """FILE <ref>: a QA officer says which audit a held return belongs to."""
    assert q.command is not None and q.writer is not None
    if not {Role.QA.value, Role.QA_MANAGER.value} & set(q.writer.roles):
        return _not_done(q, "Only the QA team can file a held return.")
    held = _held_by_letter(q)
    if held is None:
        return _not_done(q, "Please reply FILE with the reference to the letter that told you of the held return.")
    return _let_go_on(q, held, q.command.target or q.command.rest.strip().upper())


def _yes(q: Question) -> Handling:
    """YES <ref>: the owner of both audits says which one a form was for (T-24)."""
    assert q.command is not None and q.writer is not None
    ref = q.command.target or q.command.rest.strip().upper()
    audit = q.house.store.find_audit(ref)
    letter = q.letter
    if audit is None or not q.may_send_for(audit) or letter is None or letter.code != "OUT-29" or not q.is_to_writer(letter):
        return _not_done(q, "Please reply YES with the reference to our letter to you about the form.")
    answered = q.house.store.answered_inbound(letter.id)
    if answered is None:
        return _not_done(q, "That form is not with us any more.")
    if ref not in (letter.audit, *_refs_in(q, answered)):
        return _not_done(q, "Please reply YES with one of the two references in our letter.")
    return _let_go_on(q, answered, ref)


def _refs_in(q: Question, inbound_id: int) -> set[str]:
    """The audits that the documents of a message name themselves."""
    readings = [r.reading for r in q.house.store.load_readings(inbound_id)]
    return {r.printed_ref for r in readings} | {r.passport.ref for r in readings if r.passport}


def _held_by_letter(q: Question) -> int | None:
    """The held message that the QA notice replied to is about."""
    return q.house.store.answered_inbound(q.letter.id) if q.letter is not None and q.letter.code in NOTICES else None


def _let_go_on(q: Question, inbound_id: int, ref: str) -> Handling:
    """The held message is decided again, this time under the audit a person named."""
    assert q.writer is not None
    problem = why_not_go_on(q.house, inbound_id, ref)
    if problem:
        return _not_done(q, problem)
    entry = Entry("release", q.writer.address, {"inbound": inbound_id, "ref": ref})
    return Handling(Disposition.ACCEPT, f"message {inbound_id} is filed under {ref}", ref, entries=(entry,),
                    go_on=(inbound_id, ref))


def why_not_go_on(house: House, inbound_id: int, ref: str) -> str:
    """"" when a held message can be filed under that audit, else the reason in words."""
    if house.store.find_audit(ref) is None:
        return f"There is no audit {ref}."
    if house.store.get_inbound(inbound_id).disposition not in (Disposition.HOLD, Disposition.REPLY):
        return "That message was handled already."
    return ""


def _why(q: Question) -> Handling:
    """WHY: the rule, event and time behind the letter replied to; only to the person it was sent to."""
    assert q.writer is not None
    letter = q.letter
    if letter is None or not q.is_to_writer(letter):
        return _not_done(q, "Please reply WHY to one of our letters to you, so that we know which one you mean.")
    lines = q.house.store.load_journal(letter.audit) if letter.audit else ()
    told = tuple((e.at, _in_words(e.kind)) for e in lines
                 if _may_be_told(e.kind, letter) and (letter.made_at is None or e.at <= letter.made_at))
    wish = Wish("OUT-87", "writer", "why", f"inbound-{q.mark}", q.writer.address, {
        "code_of_letter": letter.code, "sent_at": letter.sent_at or q.now, "entries": told[-12:]},
        in_reply_to=q.message.id, audit=letter.audit)
    return Handling(Disposition.REPLY, "WHY", letter.audit, loose=(wish,))


def _may_be_told(kind: str, letter: Letter) -> bool:
    """The audit's own steps and the rule behind the letter: who was written to, concerns and refusals are not for all."""
    about = f"·{kind}·" in letter.key and kind != "T-50"
    return any(kind == t.id and (about or t.to is not None) for t in TRANSITIONS)


def _in_words(kind: str) -> str:
    """One step for a person who is a party: what the rule says, and its number."""
    return f"{get_transition(kind).words} ({kind})"


_CORRIDOR: dict[str, Callable[[Question], Handling]] = {"FILE": _file, "YES": _yes, "WHY": _why,
                                                             "SELFSELECT": ask_for_case}
