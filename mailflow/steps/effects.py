"""Effects: outcomes of the pure rooms → letters, then everything of one message in one transaction.

Letters are made (Word forms stamped, PDFs laid out) before the transaction opens; inside it there is only writing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from mailflow.model import (
    Audit,
    Beside,
    Case,
    Cycle,
    Disposition,
    Document,
    Entry,
    Letter,
    Outcome,
    Pending,
    Person,
    Reading,
    Submission,
    Wish,
)
from mailflow.scene import Scene
from mailflow.steps.codes import hash_code, make_code
from mailflow.steps.directory_rows import write_cases, write_people
from mailflow.steps.house import House
from mailflow.steps.mail.carried import find_carried
from mailflow.store import Inbound
from outbox.assemble import open_letter
from outbox.compose import compose
from outbox.desk import Desk

# Which of several answers to one mail becomes the one letter; the others are told of in it (one mail in, one out).
ANSWER_ORDER = ("OUT-46", "OUT-13", "OUT-30", "OUT-12", "OUT-29", "OUT-31", "OUT-88", "OUT-79", "OUT-33", "OUT-87", "OUT-09")
# Answers that help nobody the fourth time in a day (domain 3.4); receipts and revision requests are not among them.
LIMITED = ("OUT-29", "OUT-31", "OUT-33")


@dataclass(frozen=True)
class Change:
    """One audit's outcome with the scene it was decided in, and the submission this message brought, if any.

    ``carried`` are the answers of a wrong form under the right one's questions: its letter brings that form (OUT-30).
    """

    scene: Scene
    outcome: Outcome
    submission: Submission | None = None
    carried: Reading | None = None
    # A document this message brought that is kept beside the audit and is no return.
    beside: Beside | None = None


class Fresh(NamedTuple):
    """An audit that begins (T-01), with why. ``at_once``: in the middle of a cycle, so it does not wait for the opening
    and is given out in the next look at the clocks."""

    audit: Audit
    entry: Entry
    at_once: bool = False


@dataclass(frozen=True)
class Handling:
    """All that one message (or one tick) leads to. ``loose`` are wishes about no audit in particular."""

    disposition: Disposition
    reason: str
    audit: str = ""
    changes: tuple[Change, ...] = ()
    loose: tuple[Wish, ...] = ()
    entries: tuple[Entry, ...] = ()
    # A cycle as it is afterwards, the audits that begin, and letters about the cycle that are made already.
    cycle: Cycle | None = None
    fresh: tuple[Fresh, ...] = ()
    made: tuple[Letter, ...] = ()
    # A directory that takes the place of the present one, and cases to be added or renewed (IN-20, IN-21).
    people: tuple[Person, ...] | None = None
    cases: tuple[Case, ...] = ()
    # What the journal says of these cases besides their number: of which extract they are.
    about_cases: Mapping[str, Any] | None = None
    # Short notes of the corridor's own, by key: a request that waits for its answer.
    notes: tuple[tuple[str, str], ...] = ()
    # A command about no audit in particular that waits for its one-time code; its letter is told the code.
    pending: Pending | None = None
    # A one-time code this message used up, and a held message it lets go on under an audit (message id, reference).
    used_code: int | None = None
    go_on: tuple[int, str] | None = None


@dataclass
class Prepared:
    """Everything made before the transaction opens."""

    letters: list[Letter] = field(default_factory=list)
    codes: list[tuple[str, Any, str]] = field(default_factory=list)
    # True when the one answer was left out because the writer had three like it in a day.
    muted: bool = False


@dataclass(frozen=True)
class Made:
    """A letter with what it was made from, so that it can be made again with more in it."""

    letter: Letter
    wish: Wish
    desk: Desk


def prepare(house: House, handling: Handling, now: datetime, writer: Person | None) -> Prepared:
    """Compose every letter. Of several to the writer one is kept, telling of the others."""
    prepared = Prepared()
    made: list[Made] = []
    for change in handling.changes:
        desk = desk_for(house, now, scene=house.with_audit(change.scene, change.outcome.audit), writer=writer,
                        original=_original(house, change), submission=change.submission, carried=change.carried)
        asked = next((w.in_reply_to for w in change.outcome.wishes if w.code == "OUT-79"), "")
        code = _add_code(house, prepared, change.outcome.audit.ref, change.outcome.pending, asked)
        for wish in change.outcome.wishes:
            facts = {**wish.facts, "code": code} if wish.code == "OUT-79" else wish.facts
            made += _make(replace(wish, facts=facts, audit=change.outcome.audit.ref), desk)
    loose_code = _add_code(house, prepared, "", handling.pending, next((w.in_reply_to for w in handling.loose), ""))
    for wish in handling.loose:
        wish = replace(wish, facts={**wish.facts, "code": loose_code}) if wish.code == "OUT-94" else wish
        made += _make(wish, desk_for(house, now, writer=writer))
    answers = [m for m in made if writer is not None and m.letter.to == writer.address]
    prepared.letters = [m.letter for m in made if m not in answers]
    mine = [x for x in handling.made if writer is not None and answers and x.to == writer.address]
    if answers:
        answer = _one_answer(answers, mine)
        prepared.muted = _is_muted(house, answer, now)
        prepared.letters += [] if prepared.muted else [answer]
    prepared.letters += [x for x in handling.made if x not in mine]
    return prepared


def _make(wish: Wish, desk: Desk) -> list[Made]:
    return [Made(letter, wish, desk) for letter in compose(wish, desk)]


def _original(house: House, change: Change) -> Document | None:
    """The document as it was returned, where a letter encloses it or comments on it."""
    if change.beside is not None:
        return Document(change.beside.name, "application/octet-stream", house.store.blob(change.beside.sha))
    submission = change.submission or change.scene.submission
    if submission is None or not any({"original", "annotated"} & set(w.documents) for w in change.outcome.wishes):
        return None
    return Document(submission.name, "application/octet-stream", house.store.blob(submission.sha))


def desk_for(house: House, now: datetime, *, scene: Scene | None = None, writer: Person | None = None,
             original: Document | None = None, submission: Submission | None = None, carried: Reading | None = None) -> Desk:
    settings = house.policy.settings
    if scene is not None and submission is not None:
        scene = replace(scene, submission=submission)
    return Desk(
        scene=scene, framework=house.policy.framework, council=settings.council, mailbox=settings.mailbox.address,
        secret=house.secret, pilot=house.pilot, folders=house.policy.folders, now=now, original=original,
        criteria=house.criteria, writer=writer, parties=house.desk_parties(),
        morning_at=house.policy.calendar.next_morning(now), carried=carried or find_carried(house, scene),
        feedback_form=house.policy.feedback_form,
        forms=house.policy.forms,
    )


def _add_code(house: House, prepared: Prepared, ref: str, pending: Pending | None, asked: str) -> str:
    """The one-time code of an order that waits for it, "" without one; ``asked`` is the mail that gave the order."""
    if pending is None:
        return ""
    code = make_code(house.secret, ref, pending, asked)
    prepared.codes.append((ref, pending, hash_code(code)))
    return code


def _one_answer(answers: list[Made], more_letters: Iterable[Letter] = ()) -> Letter:
    """One mail in, at most one letter out to its sender: the weightiest one, with the words and documents of the rest.

    ``more_letters`` are finished letters to the same person, which are told of as the others are.
    """
    answers = sorted(answers, key=lambda m: ANSWER_ORDER.index(m.letter.code) if m.letter.code in ANSWER_ORDER else 99)
    first, rest = answers[0], [*(m.letter for m in answers[1:]), *more_letters]
    if not rest:
        return first.letter
    opened = [open_letter(letter.raw) for letter in rest]
    more = tuple(f"{letter.subject}\n\n{text}" for letter, (text, _) in zip(rest, opened, strict=True))
    enclosures = tuple(d for _, documents in opened for d in documents)
    wish = replace(first.wish, address=first.letter.to)
    return compose(wish, replace(first.desk, more=more, enclosures=enclosures))[0]


def _is_muted(house: House, answer: Letter, now: datetime) -> bool:
    """No fourth unhelpful answer to one address in 24 hours (domain 3.4)."""
    if answer.code not in LIMITED:
        return False
    sent = house.store.count_letters(answer.to, now - timedelta(hours=24), codes=LIMITED)
    return sent >= house.policy.framework.send.max_replies_a_day


def apply(house: House, handling: Handling, prepared: Prepared, now: datetime, inbound: Inbound | None = None,
          sender: str = "", subject: str = "") -> None:
    """Everything in one transaction: audits, submissions, letters, timers, codes, journal, and the message is done."""
    store = house.store
    if prepared.muted:
        handling = replace(handling, disposition=Disposition.HOLD,
                           reason=f"{handling.reason}; not answered, as three such answers went out in 24 hours")
    with store.tx():
        # New audits first: work that is carried over hands them what was filed beside the old one.
        _save_rows(house, handling, now, sender)
        for change in handling.changes:
            save_outcome(house, change, now)
        for ref, pending, hashed in prepared.codes:
            store.add_code(ref, pending, hashed)
        enqueue(house, prepared.letters, now, inbound.id if inbound else None)
        _journal(house, handling.entries, handling.audit, now)
        if handling.used_code is not None:
            store.use_code(handling.used_code)
        if handling.go_on is not None:
            let_go_on(house, *handling.go_on)
        if inbound is not None:
            store.finish_inbound(inbound.id, handling.disposition, handling.reason, handling.audit, sender, subject)
            store.journal("message", now, handling.audit, sender, {
                "inbound": inbound.id, "disposition": handling.disposition.value, "reason": handling.reason})
    if handling.people is not None:
        house.forget_people()


def _save_rows(house: House, handling: Handling, now: datetime, sender: str) -> None:
    """What is not about one audit that goes on: the cycle, new audits, the directory, cases, notes."""
    store = house.store
    if handling.cycle is not None:
        store.save_cycle(handling.cycle)
        house.forget_themes()
    if handling.people is not None:
        write_people(house, handling.people, now, sender)
    if handling.cases:
        write_cases(house, handling.cases, now, sender, handling.about_cases)
    for key, text in handling.notes:
        store.save_meta(key, text)
    for audit, entry, at_once in handling.fresh:
        store.add_audit(audit)
        _journal(house, (entry,), audit.ref, now)
        if at_once:
            store.set_timer(audit.ref, "allocate", max(now, house.policy.calendar.morning_of(audit.opens_on)))


def tell_now(house: House, wish: Wish, now: datetime, inbound_id: int | None = None) -> None:
    """Write and queue one letter about no decision: a notice to the QA team, in a transaction of its own."""
    letters = compose(wish, desk_for(house, now))
    with house.store.tx():
        enqueue(house, letters, now, inbound_id)


def let_go_on(house: House, inbound_id: int, ref: str) -> None:
    """A held message is decided again, under the audit a person named; the caller's transaction is open."""
    house.store.save_meta(f"file:{inbound_id}", ref)
    house.store.reopen_inbound(inbound_id)


def save_outcome(house: House, change: Change, now: datetime) -> Audit:
    """One outcome's rows; the caller's transaction is open."""
    store, outcome = house.store, change.outcome
    saved = store.save_audit(outcome.audit)
    if change.submission is not None:
        store.add_submission(change.submission)
    for feedback in outcome.feedback:
        store.save_feedback(feedback)
    if outcome.findings is not None:
        store.save_findings(saved.ref, saved.submission, outcome.findings)
    if change.beside is not None:
        store.add_beside(change.beside)
    if outcome.cancel:
        store.cancel_letters(saved.ref, outcome.cancel if "*" not in outcome.cancel else "*", "its reason is gone")
    if outcome.clear_timers:
        store.clear_timers(saved.ref, outcome.clear_timers)
    store.set_timers(saved.ref, outcome.set_timers)
    _journal(house, outcome.entries, saved.ref, now)
    return saved


def _journal(house: House, entries: Iterable[Entry], audit: str, now: datetime) -> None:
    for entry in entries:
        house.store.journal(entry.kind, now, audit, entry.by, entry.data)


def enqueue(house: House, letters: Iterable[Letter], now: datetime, inbound_id: int | None = None) -> None:
    """Queue the letters; one that the firewall refused is held in plain sight and journalled as such."""
    for letter in letters:
        if house.store.enqueue(letter, inbound_id):
            house.store.journal("letter", now, letter.audit, data={
                "code": letter.code, "to": letter.to, "state": letter.state.value, "reason": letter.reason,
                "message_id": letter.message_id})
