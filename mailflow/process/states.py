"""The states of an audit: one table, and the only door through which a state changes.

An audit is a promise between five people, and its state says who owes the next step. While it is ALLOCATED or UNDERWAY
the auditor owes a form; in REVISION the auditor owes an amended one; in UNDER_QA the QA team owes a decision; in
ACCEPTED nobody owes anything for a few minutes, so that a slip can be taken back; once ISSUED the auditor owes the
upload to the child's record; from RECORDED on the team owes what the improvement plan says. Only the one who owes is
ever chased (``owed_by`` below), and every reminder asks the state first.

A form that arrives is never refused because the audit is in the wrong mood: before acceptance it always becomes the
next submission (T-08 first, T-17 amended, T-35 sent again before a decision), and the same mail at once decides where
the audit goes (T-09/T-10 back to the auditor, T-11 on to QA). That is why "received" is no state: nothing ever waits
there. After acceptance a form is held for a person, because an issued report is never changed by a mail alone.

The table lists what may happen, where from, and where to. ``to = None`` means the audit stays where it is: the row is
there because it is journalled, dated and printed like the others. Identifiers are those of domain 2.8; a suffix after a
point names a part of a rule that needs its own line (T-13.undo). ``move`` refuses everything the table does not show;
such a refusal is our bug, never a person's, because commands and mails are asked first whether they come in time.

Beside the main region stands region C, a child's safety (domain 2.9). It has its own table, ignores the main state, and
nothing here can stop it: it runs for an audit on hold, withdrawn or not accepted alike.
"""

from dataclasses import dataclass, replace
from typing import Any

from mailflow.errors import Broken
from mailflow.model import Audit, ConcernState, Flag, State

S = State
C = ConcernState

WITH_AUDITOR = (S.ALLOCATED, S.UNDERWAY)
BEFORE_DECISION = (S.ALLOCATED, S.UNDERWAY, S.UNDER_QA, S.REVISION)
AFTER_ISSUE = (S.ISSUED, S.RECORDED, S.FOLLOW_UP, S.CLOSED)
ENDED = (S.CLOSED, S.NOT_ACCEPTED, S.WITHDRAWN)
GOING_ON = tuple(s for s in S if s not in ENDED)
EVERY = tuple(S)


@dataclass(frozen=True)
class Transition:
    """One row: the rule's ID, the states it may start from, what happens, the state after (None = stays), words."""

    id: str
    froms: tuple[State, ...]
    event: str
    to: State | None
    words: str


def _row(id: str, froms: tuple[State, ...], event: str, to: State | None, words: str) -> Transition:
    return Transition(id, froms, event, to, words)


TRANSITIONS: tuple[Transition, ...] = (
    _row("T-01", (), "the draw is approved", S.SELECTED, "the audit exists, nobody has been told"),
    _row("T-02", (S.SELECTED,), "the cycle opens", S.ALLOCATED, "allocation and form to the auditor"),
    _row("T-02.again", WITH_AUDITOR, "allocation told again", None, "the same allocation is sent once more"),
    _row("T-03", (S.ALLOCATED,), "ACK, or any mail from the auditor", S.UNDERWAY, "the auditor has it"),
    _row("T-04", (S.ALLOCATED,), "clock: not acknowledged", None, "nudge; the second miss tells QA"),
    _row("T-05", WITH_AUDITOR, "BOOKED, or a calendar reply", None, "the conversation has a date"),
    _row("T-06", WITH_AUDITOR, "clock: reminder", None, "reminder to the auditor"),
    _row("T-07", WITH_AUDITOR, "clock: due today", None, "reminder on the due day"),
    _row("T-08", (S.UNDERWAY,), "a form arrives", None, "the first submission"),
    _row("T-09", (S.UNDERWAY, S.REVISION, S.UNDER_QA), "a block check fails, due day not passed", S.REVISION,
         "back to the auditor at once, the limit not before the due day"),
    _row("T-10", (S.UNDERWAY, S.REVISION, S.UNDER_QA), "a block check fails, due day passed", S.REVISION,
         "back to the auditor at once"),
    _row("T-11", (S.UNDERWAY, S.REVISION, S.UNDER_QA), "nothing blocks, or QA must decide", S.UNDER_QA,
         "receipt to the auditor, summary to QA"),
    _row("T-12", WITH_AUDITOR, "clock: due day passed", S.UNDERWAY, "overdue"),
    _row("T-12.hos", (S.UNDERWAY,), "clock: overdue by a working day", None, "the head of service is told"),
    _row("T-13", (S.UNDER_QA,), "QA: ACCEPT", S.ACCEPTED, "issued after a short delay"),
    _row("T-13.undo", (S.ACCEPTED,), "QA: UNDO", S.UNDER_QA, "the acceptance is taken back before the issue"),
    _row("T-13.override", (S.UNDER_QA, S.REVISION), "QA: OVERRIDE", None, "a block is set aside with a reason"),
    _row("T-13.again", (S.REVISION,), "nothing is left to amend after OVERRIDE", S.UNDER_QA, "QA decides after all"),
    _row("T-14", (S.UNDER_QA,), "QA: RETURN, or the QA clock where the profile sends the points", S.REVISION,
         "points to the auditor"),
    _row("T-15", (S.UNDER_QA,), "QA: DISCUSS", S.REVISION, "offer of a conversation, points to the auditor"),
    _row("T-16", (S.UNDER_QA,), "clock: no decision", None, "the QA manager is told"),
    _row("T-17", (S.REVISION,), "an amended form arrives", None, "the next submission"),
    _row("T-18", (S.REVISION,), "clock: soft limit", None, "reminder of the points"),
    _row("T-19", BEFORE_DECISION, "clock: hard limit, or QA: NOTACCEPTED", S.NOT_ACCEPTED, "not accepted this cycle"),
    _row("T-20", (S.NOT_ACCEPTED,), "the next open cycle is selected", None, "carried over into a new audit"),
    _row("T-20.told", (S.SELECTED,), "the cycle of a carried audit opens", S.ALLOCATED, "the auditor has it again"),
    _row("T-20.back", (S.NOT_ACCEPTED,), "the cycle it was carried to is cancelled", None, "carried to a later one"),
    _row("T-21", (S.ACCEPTED,), "clock: the delay is over", S.ISSUED, "report to everybody the rules name"),
    _row("T-22", (S.ISSUED,), "UPLOADED", S.RECORDED, "the upload is confirmed"),
    _row("T-23", (S.ISSUED,), "clock: upload not confirmed", None, "the uploader is reminded, then QA told"),
    _row("T-24", EVERY, "a form for another audit", None, "nothing is filed"),
    _row("T-25", (S.RECORDED,), "actions or a follow-up are open", S.FOLLOW_UP, "the team owes what was agreed"),
    _row("T-27", (*WITH_AUDITOR, S.REVISION), "a form after the due day or the limit", None, "taken, marked late"),
    _row("T-28", EVERY, "a form that is not the right one", None, "the sender is told why"),
    _row("T-30", EVERY, "no document attached", None, "the sender is told why"),
    _row("T-31", EVERY, "a document that can't be read", None, "the sender is told why"),
    _row("T-33", EVERY, "the right person, the wrong part", None, "the sender is told why"),
    _row("T-34", EVERY, "the same form again", None, "one line to the sender"),
    _row("T-35", (S.UNDER_QA,), "a different form before a decision", None, "the earlier one is superseded"),
    _row("T-37", GOING_ON, "QA: WITHDRAW", S.WITHDRAWN, "everybody who was told is told"),
    _row("T-38", (S.SELECTED,), "the auditor can't be given it", None, "they, their head of service or QA name another"),
    _row("T-38.qa", (S.SELECTED,), "clock: nobody was named", None, "QA names somebody else"),
    _row("T-39", (S.SELECTED, S.ALLOCATED, S.UNDERWAY, S.REVISION), "REASSIGN", S.ALLOCATED, "a new auditor"),
    _row("T-39.early", (S.SELECTED,), "REASSIGN before the cycle opens", None, "a new auditor, who is told at the opening"),
    _row("T-39.cannot", BEFORE_DECISION, "CANNOT", None, "QA is told"),
    _row("T-41", WITH_AUDITOR, "CONFLICT", S.SELECTED, "QA gives it to somebody else"),
    _row("T-42", EVERY, "automatic reply", None, "an absence over the due day is told to QA"),
    _row("T-43", EVERY, "a letter bounced", None, "QA is told, a second address tried once"),
    _row("T-44", GOING_ON, "LEFT", None, "the team manager becomes the contact"),
    _row("T-45", GOING_ON, "the case has another practitioner", None, "both are named; the earlier one is told too"),
    _row("T-46", (*WITH_AUDITOR, S.REVISION), "QA: EXTEND, or APPROVE", None, "a later day"),
    _row("T-46.asked", (*WITH_AUDITOR, S.REVISION), "EXTEND from the auditor", None, "line manager or QA manager is asked"),
    _row("T-46.refused", (*WITH_AUDITOR, S.REVISION), "REFUSE", None, "the day stands"),
    _row("T-50", EVERY, "words or a box about a child's safety", None, "region C at once"),
    _row("T-51", EVERY, "a form for an allocation that is over", None, "kept beside the audit, the sender is told"),
    _row("T-52", EVERY, "clock: several reminders at once after an outage", None, "only the latest is sent"),
    _row("T-53", GOING_ON, "QA: HOLD", None, "letters stop, except safety"),
    _row("T-53.release", GOING_ON, "QA: RELEASE", None, "letters go on, limits have waited"),
    _row("T-63", (S.ALLOCATED,), "the family is the QA team's to ask", None, "the QA team is asked to"),
    _row("T-64", GOING_ON, "nobody reached in as many tries as are asked for", None, "the QA team posts a form"),
    _row("IN-03", EVERY, "a feedback form", None, "the views are filed beside the audit"),
    _row("T-65", BEFORE_DECISION, "a form with an action due in hours", None, "the team manager is told at once"),
    _row("T-62", WITH_AUDITOR, "clock: the self-assessment is due soon", None, "the practitioner is asked for it"),
    _row("T-62.missed", WITH_AUDITOR, "clock: no self-assessment", None, "practitioner and auditor are told"),
    _row("T-62.received", EVERY, "a self-assessment comes", None, "kept beside the audit, passed on to the auditor"),
    _row("T-66", (S.ISSUED,), "issued, and the practitioner had changed", None, "the auditor is asked to tell the earlier one"),
    _row("T-66.noted", AFTER_ISSUE, "DONE or NOT POSSIBLE from the auditor", None, "the feedback to the earlier one is noted"),
    _row("T-72", EVERY, "a command that needs a code", None, "nothing changes before the code comes back"),
)


@dataclass(frozen=True)
class ConcernStep:
    """One row of region C: ID, the concern states it may start from, what happens, the state after, words."""

    id: str
    froms: tuple[ConcernState, ...]
    event: str
    to: ConcernState
    words: str


_SETTLED = (C.NONE, C.CLOSED, C.CLEARED)

CONCERN_STEPS: tuple[ConcernStep, ...] = (
    ConcernStep("TC-01", (*_SETTLED, C.TOLD, C.ACKED), "CONCERN, the form's box, or QA", C.RAISED, "auditor: ring now"),
    ConcernStep("TC-02", (C.RAISED,), "at once", C.TOLD, "team manager, service manager, QA: ring the auditor"),
    ConcernStep("TC-03", (C.TOLD,), "ACKCONCERN", C.ACKED, "auditor and QA hear who has it"),
    ConcernStep("TC-04", (C.TOLD,), "clock: nobody acknowledged", C.TOLD, "the next rung of the ladder is told"),
    ConcernStep("TC-05", (C.ACKED,), "QA: CLOSE", C.CLOSED, "auditor and QA hear how it ended"),
    ConcernStep("TC-06", _SETTLED, "words that may mean danger", C.SUSPECTED, "the auditor is asked, QA told"),
    ConcernStep("TC-07", (C.SUSPECTED,), "NO CONCERN", C.CLEARED, "nothing more"),
    ConcernStep("TC-08", (C.SUSPECTED,), "CONCERN, or no answer in time", C.RAISED, "as TC-01"),
)

_BY_ID = {t.id: t for t in TRANSITIONS}
_CONCERN_BY_ID = {t.id: t for t in CONCERN_STEPS}
_OPEN_CONCERN = (C.SUSPECTED, C.RAISED, C.TOLD, C.ACKED)

# Who owes the next step (the only one who is chased), by state; nobody where it is not listed.
OWED_BY: dict[State, str] = {
    S.SELECTED: "qa", S.ALLOCATED: "auditor", S.UNDERWAY: "auditor", S.REVISION: "auditor", S.UNDER_QA: "qa",
    S.ISSUED: "auditor", S.RECORDED: "tm", S.FOLLOW_UP: "tm",
}


def get_transition(transition: str) -> Transition:
    """Raises Broken for an ID the table does not have."""
    if transition not in _BY_ID:
        raise Broken(f"there is no transition {transition}")
    return _BY_ID[transition]


def move(audit: Audit, transition: str, **changes: Any) -> Audit:
    """The audit after that transition, with ``changes`` to its other fields. Raises Broken on an illegal state."""
    row = get_transition(transition)
    if audit.state not in row.froms:
        raise Broken(f"audit {audit.ref}: {transition} is not possible in state {audit.state}")
    return replace(audit, state=row.to or audit.state, **changes)


def move_concern(audit: Audit, step: str, **changes: Any) -> Audit:
    """The audit after that step of region C; the flag follows the concern. Raises Broken on an illegal state."""
    row = _CONCERN_BY_ID[step]
    if audit.concern.state not in row.froms:
        raise Broken(f"audit {audit.ref}: {step} is not possible with a concern {audit.concern.state}")
    concern = replace(audit.concern, state=row.to, **changes)
    keep = audit.flags - {Flag.CONCERN_OPEN}
    return replace(audit, concern=concern, flags=keep | {Flag.CONCERN_OPEN} if row.to in _OPEN_CONCERN else keep)


def owed_by(audit: Audit) -> str:
    """The role that owes the next step, "" where nobody does or the audit is on hold."""
    return "" if audit.has(Flag.ON_HOLD) else OWED_BY.get(audit.state, "")
