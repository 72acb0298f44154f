"""Commands by mail (domain 2.5): one table, word → who may → when → what.

The order of the questions is always the same: do we know the word, may this person say it, could its argument be read,
does it come in time, is the audit on hold, does its own guard allow it, does it need a one-time code. Only then does it
act. Whatever the answer is, it is one letter (OUT-88, or OUT-33 for a word nobody knows), and the journal has it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from mailflow.model import Command, Flag, Outcome, Pending, Person, Role, State, Wish
from mailflow.process.commands import auditor, concern, people, qa, time
from mailflow.process.commands.ask import Ask, FindPerson, became, refuse, threaded
from mailflow.process.people import practitioners
from mailflow.process.plan import answered, go, note, start, wish
from mailflow.process.returns.decide import heard_from
from mailflow.process.states import AFTER_ISSUE, BEFORE_DECISION, EVERY, GOING_ON, WITH_AUDITOR
from mailflow.scene import Scene

# Words the corridor carries out itself: they need the mailbox, the store or the held message.
CORRIDOR = frozenset({"FILE", "YES", "WHY", "CONFIRM", "SELFSELECT"})
CODE_HOURS = 24

S = State
Act = Callable[[Outcome, Ask], Outcome]
_AUDITOR = (Role.AUDITOR,)
_QA = (Role.QA, Role.QA_MANAGER)
_MANAGERS = (Role.TM, Role.SM, Role.HOS, Role.AD)
_ANYBODY: tuple[str, ...] = ()


def _always(ask: Ask) -> str:
    return ""


@dataclass(frozen=True)
class Word:
    """One command. ``roles`` empty = anybody in the directory; ``guard`` says why not; ``effect`` is what a code is for.

    ``decides`` marks the QA team's decisions on one submission; ``on_hold`` words work while the audit is on hold; ``untroubled``
    ones want no argument, though the same word from somebody else does.
    """

    word: str
    roles: tuple[str, ...]
    states: tuple[State, ...]
    act: Act
    usage: str
    guard: Callable[[Ask], str] = _always
    effect: str = ""
    decides: bool = False
    on_hold: bool = False
    # The argument that the word takes from others is not asked of these.
    untroubled: bool = False


# A person with several parts acts in the narrower one: the auditor's rows stand first (domain 3.2).
WORDS: tuple[Word, ...] = (
    Word("CONCERN", _ANYBODY, EVERY, concern.raise_concern, "CONCERN and a phone number", on_hold=True),
    Word("NO CONCERN", (*_AUDITOR, *_QA), EVERY, concern.no_concern, "NO CONCERN", concern.nothing_to_clear,
         on_hold=True),
    Word("ACKCONCERN", _MANAGERS, EVERY, concern.acknowledge, "ACKCONCERN", concern.nothing_to_acknowledge,
         on_hold=True),
    Word("CLOSE", _QA, EVERY, concern.close, "CLOSE, the outcome and the case note's reference",
         concern.nothing_to_close, on_hold=True),
    Word("ACK", _AUDITOR, (*BEFORE_DECISION, S.ACCEPTED, *AFTER_ISSUE), auditor.acknowledge, "ACK"),
    Word("BOOKED", _AUDITOR, WITH_AUDITOR, auditor.book, "BOOKED dd/mm/yyyy hh:mm", auditor.cannot_book),
    Word("CANNOT", _AUDITOR, BEFORE_DECISION, auditor.cannot, "CANNOT and the reason"),
    Word("EXTEND", _AUDITOR, (*WITH_AUDITOR, S.REVISION), time.ask_for_time, "EXTEND dd/mm/yyyy and the reason",
         time.cannot_ask_for_time),
    Word("CONFLICT", _AUDITOR, WITH_AUDITOR, auditor.conflict, "CONFLICT and the reason"),
    Word("LEFT", (*_AUDITOR, *_QA), GOING_ON, auditor.practitioner_left, "LEFT (the practitioner has left)"),
    Word("UPLOADED", (*_AUDITOR, *_QA), (S.ISSUED,), auditor.uploaded, "UPLOADED dd/mm/yyyy hh:mm",
         auditor.cannot_confirm_upload),
    Word("SELF", (Role.PRACTITIONER,), EVERY, auditor.acknowledge, "SELF, with your self-assessment attached",
         auditor.no_self_assessment),
    Word("DONE", _AUDITOR, AFTER_ISSUE, practitioners.told_previous, "DONE (you told the worker before)",
         practitioners.nothing_to_tell, untroubled=True),
    Word("NOT POSSIBLE", _AUDITOR, AFTER_ISSUE, practitioners.could_not_tell, "NOT POSSIBLE and the reason",
         practitioners.nothing_to_tell),
    Word("ACCEPT", _QA, (S.UNDER_QA,), qa.accept, "ACCEPT", qa.cannot_accept, decides=True),
    Word("UNDO", _QA, (S.ACCEPTED,), qa.undo, "UNDO"),
    Word("RETURN", _QA, (S.UNDER_QA,), qa.send_back, "RETURN and the points", qa.cannot_return, decides=True),
    Word("DISCUSS", _QA, (S.UNDER_QA,), qa.discuss, "DISCUSS and the points", qa.cannot_return, decides=True),
    Word("OVERRIDE", _QA, (S.UNDER_QA, S.REVISION), qa.override, "OVERRIDE CHK-nnn and the reason", qa.cannot_override,
         effect="{check} will no longer stop this audit", decides=True),
    Word("NOTACCEPTED", _QA, BEFORE_DECISION, qa.not_accepted, "NOTACCEPTED",
         effect="the audit will not be accepted in this cycle; the auditor and the head of service are told",
         decides=True),
    Word("WITHDRAW", _QA, GOING_ON, qa.withdraw, "WITHDRAW and the reason",
         effect="the audit will be withdrawn; everybody who was told about it is told", on_hold=True),
    Word("HOLD", _QA, GOING_ON, qa.hold, "HOLD"),
    Word("RELEASE", _QA, GOING_ON, qa.release, "RELEASE", qa.nothing_to_release, on_hold=True),
    Word("EXTEND", _QA, (*WITH_AUDITOR, S.REVISION), time.extend, "EXTEND dd/mm/yyyy", time.cannot_extend),
    Word("APPROVE", (Role.LINE_MANAGER, *_QA), (*WITH_AUDITOR, S.REVISION), time.approve, "APPROVE",
         time.nothing_to_approve),
    Word("REFUSE", (Role.LINE_MANAGER, *_QA), (*WITH_AUDITOR, S.REVISION), time.refuse_time, "REFUSE and the reason",
         time.nothing_to_refuse),
    Word("REASSIGN", (*_QA, Role.HOS, Role.OWN_HOS, Role.SM, Role.AUDITOR), (S.SELECTED, *WITH_AUDITOR, S.REVISION),
         people.reassign, "REASSIGN and the new auditor's address", people.cannot_reassign),
)
_KNOWN = frozenset(w.word for w in WORDS) | CORRIDOR


def decide_command(scene: Scene, by: Person, roles: frozenset[str], command: Command, *, confirmed: bool,
                   find_person: FindPerson, in_reply_to: str, mail_text: str, about: int | None = None) -> Outcome:
    """Every row of 2.5 up to acceptance. A command that is not allowed changes nothing and is answered once.

    ``roles`` are the parts the writer plays in this audit. ``confirmed`` is True when the one-time code has come back.
    ``about`` is the submission the letter they replied to was about, where that is known.
    """
    ask = Ask(scene, by, roles, command, confirmed, find_person, in_reply_to, mail_text)
    if command.word in CORRIDOR:
        return note(start(scene), command.word, by.address)
    out = heard_from(scene, by.address, roles)
    rows = [w for w in WORDS if w.word == command.word]
    row = next((w for w in rows if not w.roles or roles & set(w.roles)), None)
    if row is None:
        return _not_for_them(out, ask, rows)
    reason = _why_not(row, out, ask, about)
    if reason:
        return refuse(out, ask, reason)
    if row.effect and not confirmed:
        return _ask_code(out, ask, row)
    return threaded(row.act(out, ask), ask)


def _why_not(row: Word, out: Outcome, ask: Ask, about: int | None) -> str:
    """The first reason against it, in words; "" when it may act."""
    audit = out.audit
    if ask.command.trouble and row.word != "CONCERN" and not row.untroubled:
        return ask.command.trouble
    if audit.state not in row.states:
        return became(ask)
    if audit.has(Flag.ON_HOLD) and not row.on_hold:
        return "The audit is on hold. " + ("Reply RELEASE first." if ask.roles & set(_QA) else "The QA team will write.")
    if row.decides and about is not None and about != audit.submission:
        return f"A newer form (number {audit.submission}) has come since that letter. {became(ask)}"
    return row.guard(ask)


def _not_for_them(out: Outcome, ask: Ask, rows: list[Word]) -> Outcome:
    """OUT-33 for a word nobody knows; for one that others may say, who they are."""
    if not rows:
        facts = {"words": words_for(ask.roles, out.audit.state)}
        out = note(out, "T-73", ask.by.address, word=ask.command.word)
        return wish(out, Wish("OUT-33", Role.WRITER, "T-73", answered(ask.in_reply_to, ask.audit), ask.by.address, facts,
                              (), ask.in_reply_to))
    may = " or ".join(dict.fromkeys(_PART[role] for row in rows for role in row.roles if role in _PART))
    return refuse(out, ask, f"{ask.command.word} is for {may}.")


_PART: dict[str, str] = {
    Role.AUDITOR: "the auditor", Role.PRACTITIONER: "the practitioner", Role.QA: "the QA team",
    Role.TM: "the team manager", Role.SM: "the service manager",
    Role.LINE_MANAGER: "the auditor's line manager", Role.HOS: "the head of service", Role.AD: "the assistant director",
}


def _ask_code(out: Outcome, ask: Ask, row: Word) -> Outcome:
    """T-72: nothing changes before the code comes back from the same person. The corridor makes the code."""
    expires = ask.scene.now + timedelta(hours=CODE_HOURS)
    rest = " ".join(filter(None, [ask.command.check, ask.command.target, ask.command.rest]))
    facts = {"word": row.word, "effect": row.effect.format(check=ask.command.check), "expires_at": expires}
    out = go(out, "T-72", ask.by.address, data={"word": row.word, "expires_at": expires.isoformat()})
    out = wish(out, Wish("OUT-79", Role.WRITER, "T-72", answered(ask.in_reply_to, ask.audit), ask.by.address, facts, (),
                         ask.in_reply_to))
    return Outcome(out.audit, out.wishes, out.entries, out.set_timers, out.clear_timers, out.cancel,
                   Pending(ask.by.address, row.word, rest, expires))


def decide_note(scene: Scene, by: Person, roles: frozenset[str], mail_text: str, in_reply_to: str,
                subject: str = "") -> Outcome:
    """IN-23: free text is a note on the audit, shown to QA; from the auditor it is a sign of life (T-03)."""
    ask = Ask(scene, by, roles, Command("NOTE"), False, lambda _: None, in_reply_to, mail_text)
    return auditor.free_text(heard_from(scene, by.address, roles), ask, in_reply_to, subject)


def decide_courtesy(scene: Scene, roles: frozenset[str], sender: str) -> Outcome:
    """Thanks: no letter, but from the auditor a sign of life (T-03)."""
    return heard_from(scene, sender, roles)


def words_for(roles: frozenset[str], state: State | None = None) -> tuple[str, ...]:
    """What somebody with these parts may reply, as it is written, in the order of the table."""
    found = [w.usage for w in WORDS
             if (not w.roles or roles & set(w.roles)) and (state is None or state in w.states)]
    return tuple(dict.fromkeys([*found, "WHY"]))


