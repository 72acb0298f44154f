"""Completed forms: matched, checked, decided (T-08 …), or one clear answer why not (T-24, T-30, T-31, T-33)."""

from dataclasses import replace

from mailflow.intake import Match, Signals, decide_match, promises_form
from mailflow.model import Disposition, Entry, Finding, Outcome, Reading, State, Status, Submission, Wish
from mailflow.process import checks, safety
from mailflow.process import returns as rules
from mailflow.scene import Scene
from mailflow.steps.effects import Change, Handling
from mailflow.steps.mail_events import held_wish
from mailflow.steps.question import Question
from mailflow.store import StoredReading

# Audits a case number may speak for: those somebody may still return a form for.
_LIVE = (State.ALLOCATED, State.UNDERWAY, State.REVISION, State.UNDER_QA, State.ACCEPTED, State.ISSUED, State.RECORDED,
         State.FOLLOW_UP)


def returned_forms(q: Question) -> Handling | None:
    """Each form in the mail is a return of its own; what they lead to goes into one transaction."""
    if not q.forms:
        return None
    parts: list[Handling] = []
    for stored in q.forms:
        done = {h.audit for h in parts if h.changes}
        parts.append(_one_form(q, stored, done))
    return _joined(parts)


def _joined(parts: list[Handling]) -> Handling:
    if len(parts) == 1:
        return parts[0]
    worst = next((d for d in (Disposition.HOLD, Disposition.REPLY, Disposition.ACCEPT)
                  if any(h.disposition is d for h in parts)), Disposition.ACCEPT)
    return Handling(
        worst, "; ".join(dict.fromkeys(h.reason for h in parts if h.reason)),
        next((h.audit for h in parts if h.audit), ""), tuple(c for h in parts for c in h.changes),
        tuple(w for h in parts for w in h.loose), tuple(e for h in parts for e in h.entries),
    )


def _one_form(q: Question, stored: StoredReading, done: set[str]) -> Handling:
    match = _match(q, stored.reading)
    if match.verdict == "wrong_audit":
        return _wrong_audit(q, match, stored.reading)
    if match.verdict == "hold":
        return _wrong_role(q, match) or _held(q, match.reasons, match.ref)
    scene = q.scene_of(match.ref)
    if scene is None or match.ref in done:
        return _held(q, ("two forms for one audit came in one mail",), match.ref)
    reason = rules.may_take(scene.audit)
    if reason:
        return _held(q, (reason,), match.ref)
    return _take(q, scene, stored)


def _wrong_role(q: Question, match: Match) -> Handling | None:
    """T-33: a party of the audit who is not its auditor sends the auditor's form; kept for QA, and they are told."""
    scene = q.scene_of(match.refs[0]) if len(match.refs) == 1 else None
    if scene is None or q.message.no_reply or q.may_send_for(scene.audit):
        return None
    roles = q.roles_in(scene.parties, scene.audit)
    if not roles & {"practitioner", "tm"}:
        return None
    outcome = rules.decide_unusable(scene, "wrong_role", tuple(r.name for r in q.forms), q.message.id, q.message.sender, roles)
    return Handling(Disposition.HOLD, "; ".join(match.reasons), scene.audit.ref, (Change(scene, outcome),),
                    (held_wish(q, match.reasons, "return"),))


def _match(q: Question, reading: Reading) -> Match:
    store = q.house.store
    if q.forced:
        return Match("file", q.forced, ("a person said so",), (q.forced,), True)
    passport = reading.passport
    signals = Signals(
        passport_ref=passport.ref if passport else "", printed_ref=reading.printed_ref,
        case_number=reading.answer("header.case_number"), passport_ours=reading.passport_ours,
        thread_refs=() if _one_of_several(q) else q.thread, subject_refs=() if _one_of_several(q) else q.message.refs,
    )
    return decide_match(signals, store.find_audit, lambda n: store.find_audits(case_number=n, states=_LIVE),
                        q.message.sender, q.may_send_for)


def _one_of_several(q: Question) -> bool:
    """Several forms in one mail: its thread and subject can name one of them at most, and speak against none."""
    named = {r.reading.passport.ref for r in q.forms if r.reading.passport}
    return len(q.forms) > 1 and set(q.refs) <= named


def _held(q: Question, reasons: tuple[str, ...], ref: str) -> Handling:
    return Handling(Disposition.HOLD, "; ".join(reasons), ref, loose=(held_wish(q, reasons, "return"),))


def _wrong_audit(q: Question, match: Match, reading: Reading) -> Handling:
    """T-24: answered only when the sender owns every audit named; ``YES`` files it where the document itself says."""
    named = (reading.passport.ref if reading.passport else "") or reading.printed_ref
    other = named if named in match.refs else next(iter(match.refs), "")
    own = next((s for r in match.refs if r != other and (s := q.scene_of(r)) and q.may_send_for(s.audit)), None)
    if own is None or not match.owns_all:
        return _held(q, match.reasons, "")
    outcome = rules.decide_wrong_audit(own, other, match.owns_all, q.message.id)
    return Handling(Disposition.REPLY, "; ".join(match.reasons), own.audit.ref, (Change(own, outcome),))


def _take(q: Question, scene: Scene, stored: StoredReading) -> Handling:
    store, audit = q.house.store, scene.audit
    same = store.find_duplicate(audit.ref, stored.sha, stored.reading.content_digest)
    if same is not None and same.sha != stored.sha and same.reading.leftovers != stored.reading.leftovers:
        same = None  # the answers are the same, but something was typed elsewhere: that is no duplicate
    # The same content in a newly saved file, while changes are owed, is an amended form without amendments (CHK-108).
    if same is not None and not (audit.state is State.REVISION and same.sha != stored.sha):
        outcome = rules.decide_duplicate(scene, same, q.message.id)
        return Handling(Disposition.ACCEPT, "received before", audit.ref, (Change(scene, outcome),))
    submission = Submission(
        ref=audit.ref, number=audit.submission + 1, received_at=q.inbound.received_at, message_id=q.message.id,
        sender=q.message.sender, name=stored.name, sha=stored.sha, reading=stored.reading)
    findings = _findings(q, scene, submission)
    submission = replace(submission, findings=findings,
                         late=rules.is_late(scene, q.inbound.received_at))
    outcome = rules.decide_return(scene, submission, findings, scene.submission, q.message.text, q.message.id)
    outcome = _with_concern_word(q, scene, outcome)
    return Handling(Disposition.ACCEPT, f"return {submission.number} of {audit.ref}", audit.ref,
                    (Change(scene, outcome, submission),))


def _findings(q: Question, scene: Scene, submission: Submission) -> tuple[Finding, ...]:
    """The checks, told what only the store knows."""
    store, audit = q.house.store, scene.audit
    own = frozenset(a.ref for a in store.find_audits(case_number=audit.case_number))
    returned = store.find_submission(audit.ref, audit.returned_submission) if audit.state is State.REVISION else None
    return checks.check_form(
        scene, submission, returned, q.message.text, q.inbound.received_at, q.house.policy.words,
        subject=q.message.subject, earlier=store.load_submissions(audit.ref), own_refs=own,
        is_case=lambda number: store.find_case(number) is not None,
        staff_names=frozenset(p.name for p in q.house.people))


def _with_concern_word(q: Question, scene: Scene, outcome: Outcome) -> Outcome:
    """CONCERN written above the form that came with it (IN-07)."""
    if q.command is None or q.command.word != "CONCERN":
        return outcome
    return safety.decide_concern(q.house.with_audit(scene, outcome.audit), raised=True, source="command",
                                 phone=q.command.target, words="", in_reply_to=q.message.id, by=q.message.sender, onto=outcome)


def unusable(q: Question) -> Handling | None:
    """T-30, T-31, T-33: one answer with the exact reason, when somebody clearly meant to return a form."""
    reason = _unusable_reason(q)
    if not reason or q.writer is None:
        return None
    names = tuple(r.name for r in q.others)
    scene = _scene_for_answer(q)
    if scene is not None and not q.roles_in(scene.parties, scene.audit):
        scene = None  # no party to it: the answer says nothing about that audit, nor that there is one
    if scene is not None and not q.may_send_for(scene.audit):
        reason = "wrong_role" if q.readings else reason
    if q.message.no_reply:
        return _held(q, ("the mail asks not to be answered, and no form could be read from it",), "")
    if scene is None:
        wish = Wish("OUT-31", "writer", "T-31", f"inbound-{q.mark}", q.writer.address,
                    {"reason": reason, "names": names}, in_reply_to=q.message.id)
        return Handling(Disposition.REPLY, f"no form could be read: {reason}", loose=(wish,))
    outcome = rules.decide_unusable(scene, reason, names, q.message.id, q.writer.address,
                                    q.roles_in(scene.parties, scene.audit))
    again = q.house.store.load_letters(audit=scene.audit.ref, codes=("OUT-31",))
    loose = (held_wish(q, (f"a second message without a readable form ({reason})",), "automatic"),) if again else ()
    return Handling(Disposition.REPLY, f"no form could be read: {reason}", scene.audit.ref, (Change(scene, outcome),),
                    loose, (Entry("unusable", q.message.sender, {"reason": reason}),))


def _unusable_reason(q: Question) -> str:
    for stored in q.others:
        reading = stored.reading
        if reading.status is Status.NOT_THE_FORM:
            return "unknown_form"
        return reading.reason or "unsupported"
    if q.message.drive_links and (q.refs or promises_form(q.message)):
        return "drive_link"
    return "no_attachment" if promises_form(q.message) else ""


def _scene_for_answer(q: Question) -> Scene | None:
    """The audit the answer is about: named by thread or subject, or the only one the sender owes a form for."""
    named = q.only_scene()
    if named is not None or q.refs or q.writer is None:
        return named
    owed = q.house.store.find_audits(auditor=q.writer.address,
                                     states=(State.ALLOCATED, State.UNDERWAY, State.REVISION))
    return q.house.scene(owed[0], q.now) if len(owed) == 1 else None
