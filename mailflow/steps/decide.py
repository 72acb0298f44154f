"""Decide: each read message → one handling, applied in one transaction.

The order of the questions is the table ``QUESTIONS``; the first that answers decides. Safety stands outside it: it is
asked of every message, whoever wrote it, and whatever the answer (house rules: safety first, literally).
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial

from mailflow.model import ConcernState, Disposition, Wish
from mailflow.process import safety
from mailflow.process.checks import concern_raised
from mailflow.steps.effects import Handling, apply, prepare
from mailflow.steps.house import House
from mailflow.steps.mail import events, orders, returns, selfassessment, sheets, talk
from mailflow.steps.month.orders import cycle_order
from mailflow.steps.question import Question, begin, danger_in
from mailflow.steps.read import guarded
from mailflow.store import Inbound

QUESTIONS: tuple[Callable[[Question], Handling | None], ...] = (
    events.own_mail,       # we never answer ourselves
    events.doubled,        # one Message-ID with two contents: a person looks
    events.bounce,         # a letter of ours came back (T-43)
    events.automatic,      # out of office, receipts, lists (T-42): never a command, never an answer
    events.untrusted,      # the receiving server does not vouch for the sender
    events.stranger,       # nobody the directory knows (T-32)
    sheets.sheet_by_mail,       # a directory or a list of cases from those who keep them (IN-20, IN-21)
    events.unopened,       # packed so oddly that a form may be hidden in it
    orders.confirmation,        # a one-time code (T-72)
    cycle_order,                # a QA decision on a cycle's sample (TS-03)
    orders.desk_order,          # a QA decision, even with the form still attached to the reply
    selfassessment.returned_assessment,   # a practitioner's own view, and whatever came with it (IN-09)
    returns.returned_forms,     # the main thing: completed forms (T-08 …), and feedback forms (IN-03)
    orders.order,               # any other command (domain 2.5)
    returns.unusable,           # something was attached or promised that is no readable form (T-30, T-31)
    talk.thanks,                # courtesy needs no answer
    talk.unknown_word,          # one shouted word we do not know (T-73)
    talk.note,                  # anything else about one audit (IN-23)
    talk.rest,                  # and what nobody can place stays with people (IN-24)
)


# A person said which audit a held message belongs to: that vouches for its form or its note, never for a command in it.
FORCED: tuple[Callable[[Question], Handling | None], ...] = (
    selfassessment.returned_assessment, returns.returned_forms, returns.unusable, talk.note, talk.rest)


def decide(house: House, now: datetime) -> int:
    """Handle every message that was read; how many."""
    done = 0
    for inbound in house.store.take_inbound("read"):
        done += guarded(house, inbound, now, partial(_decide_one, house, inbound, now))
    return done


def _decide_one(house: House, inbound: Inbound, now: datetime) -> None:
    question = begin(house, inbound, now)
    asked = FORCED if question.forced else QUESTIONS
    handling = next(h for ask in asked if (h := ask(question)) is not None)
    handling = _safety(question, handling)
    prepared = prepare(house, handling, now, question.writer)
    apply(house, handling, prepared, now, inbound, question.message.sender, question.message.subject)


def _safety(question: Question, handling: Handling) -> Handling:
    """Words of danger reach a person whatever became of the mail: region C where the audit is known, else QA at once."""
    if question.message.bounce is not None:
        return handling  # what a mail server sends back is our own letter
    words = danger_in(question)
    ticked = any(concern_raised(r.reading, question.house.policy.form_of(r.reading)) for r in question.readings)
    # CONCERN itself, where its audit could not be told or its writer is unknown: it must not end as "we could not tell".
    cried = question.command is not None and question.command.word == "CONCERN"
    if not words and not ticked and not cried:
        return handling
    if any(c.outcome.audit.concern.state not in (ConcernState.NONE, ConcernState.CLOSED, ConcernState.CLEARED)
           for c in handling.changes):
        return handling  # the room has seen it already
    if _answers_concern(question):
        return handling
    # A decision about a month may change an audit carried into it; the mail's words are not about that one.
    if len(handling.changes) == 1 and question.writer is not None and handling.cycle is None:
        return _suspect(question, handling, words)
    wish = Wish("OUT-91", "qa", "CHK-072", f"held-{question.mark}",
                facts={"from_address": question.message.sender, "id": question.inbound.id})
    # The letter sends people to the held mail, so that is where it lies.
    reason = f"{handling.reason}; it may be about a child in danger".removeprefix("; ")
    return replace(handling, disposition=Disposition.HOLD, reason=reason, loose=(*handling.loose, wish))


def _answers_concern(question: Question) -> bool:
    return question.command is not None and question.command.word in ("NO CONCERN", "ACKCONCERN", "CLOSE")


def _suspect(question: Question, handling: Handling, words: tuple[str, ...]) -> Handling:
    change = handling.changes[0]
    scene = question.house.with_audit(change.scene, change.outcome.audit)
    outcome = safety.decide_concern(scene, raised=False, source="mail text", phone="", words=", ".join(words),
                                    in_reply_to=question.message.id, by=question.message.sender, onto=change.outcome)
    return replace(handling, changes=(replace(change, outcome=outcome),))
