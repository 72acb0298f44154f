"""One command with everything that was asked, and the answers every command may give (domain 2.5)."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from mailflow.model import Audit, Command, Outcome, Person, Role, State, Wish
from mailflow.process.calendar import local
from mailflow.process.plan import answered, note, receivers, wish
from mailflow.process.wording import day_words, moment_words
from mailflow.scene import Scene

FindPerson = Callable[[str], Person | None]
_BULLET = re.compile(r"\s*(?:\d{1,2}[.):]|[-*•–])\s+(?=\S)")


@dataclass(frozen=True)
class Ask:
    """``roles`` are the parts the writer plays in this audit; ``mail_text`` is what they wrote, quotes removed."""

    scene: Scene
    by: Person
    roles: frozenset[str]
    command: Command
    confirmed: bool
    find_person: FindPerson
    in_reply_to: str
    mail_text: str

    @property
    def audit(self) -> Audit:
        return self.scene.audit

    @property
    def reason(self) -> str:
        """What stood after the word, on one line."""
        return " ".join(self.command.rest.split())


def answer(out: Outcome, ask: Ask, words: str, done: bool = True) -> Outcome:
    """OUT-88 to the writer, unless another letter of the same outcome goes to them (one mail in, one letter out)."""
    if done and ask.by.address in receivers(ask.scene, out.wishes):
        return out
    facts = {"done": done, "words": words}
    return wish(out, Wish("OUT-88", Role.WRITER, "answer", answered(ask.in_reply_to, ask.audit), ask.by.address, facts,
                          (), ask.in_reply_to))


def refuse(out: Outcome, ask: Ask, words: str) -> Outcome:
    """Nothing happens, the writer is told why, and the journal keeps that it was asked."""
    out = note(out, "refused", ask.by.address, word=ask.command.word, reason=words)
    return answer(out, ask, words, done=False)


def threaded(out: Outcome, ask: Ask) -> Outcome:
    """Letters of this outcome that go to the writer answer the writer's own mail."""
    mine = ask.by.address
    return replace(out, wishes=tuple(
        replace(w, in_reply_to=ask.in_reply_to) if w.address == mine and not w.in_reply_to else w for w in out.wishes))


def points_in(text: str) -> tuple[str, ...]:
    """A QA officer's points: one a line; with numbers or bullets, the lines below one go on with it."""
    lines = [line for line in text.splitlines() if line.strip()]
    bulleted = any(_BULLET.match(line) for line in lines)
    points: list[str] = []
    for line in lines:
        words = " ".join(_BULLET.sub("", line, count=1).split())
        if bulleted and points and not _BULLET.match(line):
            points[-1] = f"{points[-1]} {words}"
        elif words:
            points.append(words)
    return tuple(points)


# What has become of an audit, for somebody whose command came after it.
_BECAME: dict[State, str] = {
    State.SELECTED: "The audit has no auditor at the moment.",
    State.ALLOCATED: "The audit is with the auditor, {auditor}; no form has come back yet.",
    State.UNDERWAY: "The audit is with the auditor, {auditor}; no form has come back yet.",
    State.UNDER_QA: "The audit is with the QA team, who decide by {qa_due}.",
    State.REVISION: "The audit is back with the auditor, {auditor}, until {hard}.",
    State.ACCEPTED: "The audit has been accepted. It will be issued at {issue}; UNDO takes it back until then.",
    State.ISSUED: "The audit was issued on {issued}.",
    State.RECORDED: "The audit has been issued, and the upload is confirmed.",
    State.FOLLOW_UP: "The audit has been issued, and the upload is confirmed.",
    State.CLOSED: "The audit is closed.",
    State.NOT_ACCEPTED: "The audit was not accepted in its cycle.",
    State.WITHDRAWN: "The audit has been withdrawn.",
}


def became(ask: Ask) -> str:
    """Where the audit stands, and whose decision put it there: the first decision wins and later ones are told so."""
    audit = ask.audit
    words = _BECAME[audit.state].format(
        auditor=audit.auditor, qa_due=_when(audit.qa_due_at), hard=_when(audit.hard_at), issue=_when(audit.issue_at),
        issued=day_words(local(audit.issued_at).date()) if audit.issued_at else "an earlier day")
    if audit.decision and audit.decided_at:
        words += f" {audit.decided_by} decided {audit.decision} on {moment_words(audit.decided_at)}."
    return words


def _when(moment: datetime | None) -> str:
    return moment_words(moment) if moment else "a day still to be set"
