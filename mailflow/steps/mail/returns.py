"""Completed forms: matched, checked, decided (T-08 …), or one clear answer why not (T-24, T-30, T-31, T-33)."""

from dataclasses import dataclass, replace

from mailflow.intake import Match, MaySend, Signals, decide_match, promises_form
from mailflow.model import Copy, Disposition, Entry, Finding, Reading, State, Status, Submission, Wish
from mailflow.process import checks
from mailflow.process.returns import decide as rules
from mailflow.process.returns.editions import is_accepted
from mailflow.process.returns.same_document import (
    Candidate,
    differing_answers,
    may_be_one_audit,
    named_refs,
    settle_same_document,
)
from mailflow.process.wording import one_line
from mailflow.scene import Scene
from mailflow.steps.effects import Change, Handling
from mailflow.steps.mail import feedback
from mailflow.steps.mail.comparing import find_elsewhere, find_parent
from mailflow.steps.mail.events import held_wish
from mailflow.steps.mail.feedback import join_parts, with_concern_word
from mailflow.steps.mail.superseded import set_aside
from mailflow.steps.mail.wrong_form import answer_wrong_form, case_number_in, is_right_form
from mailflow.steps.question import Question
from mailflow.store import StoredReading
from parsers.sniff import Kind, sniff

# How many differing answers the quality team is told of by name.
MOST_NAMED = 5
# Audits a case number may speak for: those somebody may still return a form for.
_LIVE = (State.ALLOCATED, State.UNDERWAY, State.REVISION, State.UNDER_QA, State.ACCEPTED, State.ISSUED, State.RECORDED,
         State.FOLLOW_UP)


@dataclass(frozen=True)
class Return:
    """One return of a mail: the document that counts, those that say the same, and the audit it is matched to."""

    stored: StoredReading
    copies: tuple[StoredReading, ...]
    match: Match


def returned_forms(q: Question) -> Handling | None:
    """Each form in the mail is a return of its own; what they lead to goes into one transaction."""
    if not q.forms and not q.feedback_forms:
        return None
    returns = _returns(q) if q.forms else ()
    parts: list[Handling] = []
    told: set[str] = set()
    for one in returns:
        rivals = [x for x in returns if x.match.verdict == "file" and x.match.ref == one.match.ref]
        if one.match.verdict != "file" or len(rivals) == 1:
            parts.append(_one_form(q, one))
        elif one.match.ref not in told:
            told.add(one.match.ref)
            parts.append(_rivals(q, rivals))
    return join_parts(feedback.file_rest(q, parts))


def _returns(q: Question) -> tuple[Return, ...]:
    """The mail's forms, those that are one document settled to one return."""
    candidates = [_candidate(q, f) for f in q.forms] if len(q.forms) > 1 else [Candidate(q.forms[0].reading, True)]
    settled = settle_same_document(candidates)
    mains = tuple(q.forms[s.main] for s in settled)
    return tuple(Return(main, tuple(q.forms[n] for n in s.copies), _match(q, main.reading, mains))
                 for main, s in zip(mains, settled, strict=True))


def _candidate(q: Question, stored: StoredReading) -> Candidate:
    return Candidate(stored.reading, sniff(q.house.store.blob(stored.sha)).kind is not Kind.PDF)


def _rivals(q: Question, rivals: list[Return]) -> Handling:
    """Documents for one audit that differ: a person says what counts. The letter says which one FILE takes."""
    right = [r for r in rivals if is_right_form(q, r.match.ref, r.stored.reading)]
    if len(right) == 1:
        # Beside the right form an old one decides nothing; it is kept with it.
        wrong = tuple(s for r in rivals if r is not right[0] for s in (r.stored, *r.copies))
        return _one_form(q, replace(right[0], copies=(*right[0].copies, *wrong)))
    named = [r for r in rivals if q.forced in named_refs(r.stored.reading)] or rivals
    first = min(named, key=lambda r: not _candidate(q, r.stored).editable)
    others = [r for r in rivals if r is not first]
    if q.forced:
        return _forced(q, first, others)
    form, one = q.house.policy.form_of(first.stored.reading), _candidate(q, first.stored)
    labels = tuple(dict.fromkeys(x for r in others for x in differing_answers(form, one, _candidate(q, r.stored))))
    more = f" and {len(labels) - MOST_NAMED} more" if len(labels) > MOST_NAMED else ""
    reasons = ("two forms for one audit came in one mail, and they are not the same",
               f"they differ in: {'; '.join(labels[:MOST_NAMED])}{more}",
               "FILE takes the Word form (the first, where there are several) and keeps the other beside it")
    return held(q, reasons, first.match.ref)


def _forced(q: Question, first: Return, others: list[Return]) -> Handling:
    """A person said which audit: one document is filed there, the others kept beside it unless they name another audit."""
    beside = [r for r in others if may_be_one_audit(first.stored.reading, r.stored.reading)]
    kept = replace(first, copies=(*first.copies, *(s for r in beside for s in (r.stored, *r.copies))))
    filed = _one_form(q, kept)
    if len(beside) == len(others):
        return filed
    return join_parts([filed, held(q, ("the mail brings a form for another audit too, and that is not filed",), "")])


def _one_form(q: Question, one: Return) -> Handling:
    match = one.match
    if match.verdict == "wrong_audit":
        return _wrong_audit(q, match, one.stored.reading)
    if match.verdict == "hold":
        return set_aside(q, match, one.stored) or _wrong_role(q, match) or held(q, match.reasons, match.ref)
    scene = q.scene_of(match.ref)
    if scene is None:
        return held(q, (f"there is no audit {match.ref}",), match.ref)
    reason = rules.may_take(scene.audit)
    if reason:
        return set_aside(q, match, one.stored) or held(q, (reason,), match.ref)
    return _take(q, scene, one)


def _wrong_role(q: Question, match: Match) -> Handling | None:
    """T-33: a party of the audit who is not its auditor sends the auditor's form; kept for QA, and they are told."""
    scene = q.scene_of(match.refs[0]) if len(match.refs) == 1 else None
    if scene is None or q.message.no_reply or q.may_send_for(scene.audit):
        return None
    roles = q.roles_in(scene.parties, scene.audit)
    if not roles & {"practitioner", "tm"}:
        return None
    outcome = rules.decide_unusable(scene, "wrong_role", tuple(r.name for r in q.forms), q.message.id, q.message.sender, roles)
    return Handling(Disposition.HOLD, one_line(match.reasons), scene.audit.ref, (Change(scene, outcome),),
                    (held_wish(q, match.reasons, "return"),))


def _match(q: Question, reading: Reading, mains: tuple[StoredReading, ...]) -> Match:
    return match_document(q, reading, mains, q.may_send_for)


def match_document(q: Question, reading: Reading, mains: tuple[StoredReading, ...], may_send: MaySend) -> Match:
    """Which audit a document of this mail belongs to; ``mains`` are the mail's documents, ``may_send`` who may send it."""
    store = q.house.store
    if q.forced:
        return Match("file", q.forced, ("a person said so",), (q.forced,), True)
    passport, several = reading.passport, _one_of_several(q, mains)
    signals = Signals(
        passport_ref=passport.ref if passport else "", printed_ref=reading.printed_ref,
        case_number=case_number_in(q, reading), passport_ours=reading.passport_ours,
        thread_refs=() if several else q.thread, subject_refs=() if several else q.message.refs,
    )
    return decide_match(signals, store.find_audit, lambda n: store.find_audits(case_number=n, states=_LIVE),
                        q.message.sender, may_send)


def _one_of_several(q: Question, mains: tuple[StoredReading, ...]) -> bool:
    """Several returns in one mail: its thread and subject can name one of them at most, and speak against none."""
    named = {r.reading.passport.ref for r in mains if r.reading.passport}
    return len(mains) > 1 and set(q.refs) <= named


def held(q: Question, reasons: tuple[str, ...], ref: str) -> Handling:
    return Handling(Disposition.HOLD, one_line(reasons), ref, loose=(held_wish(q, reasons, "return"),))


def _wrong_audit(q: Question, match: Match, reading: Reading) -> Handling:
    """T-24: answered only when the sender owns every audit named; ``YES`` files it where the document itself says."""
    named = (reading.passport.ref if reading.passport else "") or reading.printed_ref
    other = named if named in match.refs else next(iter(match.refs), "")
    own = next((s for r in match.refs if r != other and (s := q.scene_of(r)) and q.may_send_for(s.audit)), None)
    if own is None or not match.owns_all:
        return held(q, match.reasons, "")
    outcome = rules.decide_wrong_audit(own, other, match.owns_all, q.message.id)
    return Handling(Disposition.REPLY, one_line(match.reasons), own.audit.ref, (Change(own, outcome),))


def _take(q: Question, scene: Scene, one: Return) -> Handling:
    store, audit, stored = q.house.store, scene.audit, one.stored
    if not is_accepted(scene, stored.reading):
        return answer_wrong_form(q, scene, stored.reading)
    scene, came = feedback.bring(q, scene)
    same = store.find_duplicate(audit.ref, stored.sha, stored.reading.content_digest)
    if same is not None and same.sha != stored.sha and same.reading.leftovers != stored.reading.leftovers:
        same = None  # the answers are the same, but something was typed elsewhere: that is no duplicate
    # The same content in a newly saved file, while changes are owed, is an amended form without amendments (CHK-108).
    if same is not None and came is not None and (same.sha == stored.sha or _only_feedback_is_owed(scene)):
        return feedback.file_alone(q, scene, came)
    if same is not None and not (audit.state is State.REVISION and same.sha != stored.sha):
        outcome = rules.decide_duplicate(scene, same, q.message.id)
        return Handling(Disposition.ACCEPT, "received before", audit.ref, (Change(scene, outcome),))
    submission = Submission(
        ref=audit.ref, number=audit.submission + 1, received_at=q.inbound.received_at, message_id=q.message.id,
        sender=q.message.sender, name=stored.name, sha=stored.sha, reading=stored.reading,
        copies=tuple(Copy(c.name, c.sha) for c in one.copies))
    findings = _findings(q, scene, submission)
    submission = replace(submission, findings=findings,
                         late=rules.is_late(scene, q.inbound.received_at))
    outcome = rules.decide_return(scene, submission, findings, scene.submission, q.message.text, q.message.id)
    outcome = feedback.put(with_concern_word(q, scene, outcome), scene, came)
    return Handling(Disposition.ACCEPT, f"return {submission.number} of {audit.ref}", audit.ref,
                    (Change(scene, outcome, submission),), entries=_kept(q, submission))


def _only_feedback_is_owed(scene: Scene) -> bool:
    """The form may come as it was: what was asked for is the feedback form (CHK-108 would find nothing amended)."""
    return all(p.check in checks.FAMILY for p in scene.audit.points)


def _kept(q: Question, submission: Submission) -> tuple[Entry, ...]:
    """What is kept beside the document that counts is in the journal too."""
    data = {"submission": submission.number, "sha": [c.sha for c in submission.copies]}
    return (Entry("copies", q.message.sender, data),) if submission.copies else ()


def _findings(q: Question, scene: Scene, submission: Submission) -> tuple[Finding, ...]:
    """The checks, told what only the store knows."""
    store, audit = q.house.store, scene.audit
    own = frozenset(a.ref for a in store.find_audits(case_number=audit.case_number))
    returned = store.find_submission(audit.ref, audit.returned_submission) if audit.state is State.REVISION else None
    return checks.check_form(
        scene, submission, returned, q.message.text, q.inbound.received_at, q.house.policy.words,
        subject=q.message.subject, earlier=store.load_submissions(audit.ref), own_refs=own,
        is_case=lambda number: store.find_case(number) is not None,
        staff_names=frozenset(p.name for p in q.house.people),
        parent=find_parent(store, audit), elsewhere=find_elsewhere(store, audit, submission.reading))


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
        return held(q, ("the mail asks not to be answered, and no form could be read from it",), "")
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
