"""Feedback forms of a mail (IN-03): matched, kept beside the audit, never a return of their own.

Those that come with the audit form are looked at together with it; the others are filed by themselves. One without a
reference is asked for; what cannot be placed waits for a person.
"""

from dataclasses import replace

from mailflow.form.definition import FormDefinition
from mailflow.intake import Match, Signals, decide_match
from mailflow.model import Audit, Disposition, Feedback, FeedbackState, Outcome, Reading, Role, Route, Wish
from mailflow.model.feedback import SOURCES
from mailflow.process import checks, safety
from mailflow.process.checks.family import find_source, read_feedback
from mailflow.process.family.feedback import add_apart
from mailflow.process.family.returned import Came, decide_feedback, may_file, raise_concern
from mailflow.process.plan import arm, cancel, disarm, note
from mailflow.process.wording import one_line
from mailflow.scene import Scene
from mailflow.steps.effects import Change, Handling
from mailflow.steps.mail.events import held_wish
from mailflow.steps.mail.wrong_form import case_number_in
from mailflow.steps.question import Question
from mailflow.store import StoredReading

_DESK = frozenset({Role.QA.value, Role.QA_MANAGER.value})
NO_REFERENCE = ("We could not tell which audit your feedback form is about. Please send it again as a reply to our letter about "
                "that audit, or write its reference in the subject.")
BLANK = "Your feedback form is blank. Please send it again with the tries, the answers, or the reason why there are none."
NOBODY = "the feedback form does not say whose views it holds"


def bring(q: Question, scene: Scene) -> tuple[Scene, Came | None]:
    """The audit form's scene with the feedback forms of the same mail; None where there are none that say anything."""
    came = _came(q, scene, _forms_for(q, scene.audit.ref))
    return (replace(scene, feedback=came.known), came) if came else (scene, None)


def put(outcome: Outcome, scene: Scene, came: Came | None) -> Outcome:
    """The audit form's outcome, with what came beside it filed too."""
    if came is None:
        return outcome
    rows = {(f.source, f.origin): f for f in (*came.kept, *outcome.feedback)}
    noted = note(outcome, "IN-03", came.by, sources={f.source: f.state.value for f in came.kept})
    return raise_concern(replace(noted, feedback=tuple(rows.values())), scene, came)


def file_alone(q: Question, scene: Scene, came: Came) -> Handling:
    """Feedback by itself: IN-03, and T-11 where it was all that was missing."""
    outcome = with_concern_word(q, scene, decide_feedback(scene, came))
    whose = ", ".join(f.source for f in came.kept)
    return Handling(Disposition.ACCEPT, f"feedback ({whose}) for {scene.audit.ref}", scene.audit.ref, (Change(scene, outcome),))


def beside_order(q: Question, order: Handling | None) -> Handling | None:
    """A decision came with a feedback form in the same mail: both are done. A blank form was only sent along."""
    if order is None or all(not _says(q, s) for s in q.feedback_forms):
        return order
    return join_parts(file_rest(q, [order]))


def with_concern_word(q: Question, scene: Scene, outcome: Outcome) -> Outcome:
    """CONCERN written above a form that came with it (IN-07)."""
    if q.command is None or q.command.word != "CONCERN":
        return outcome
    return safety.decide_concern(q.house.with_audit(scene, outcome.audit), raised=True, source="command",
                                 phone=q.command.target, words="", in_reply_to=q.message.id, by=q.message.sender, onto=outcome)


def join_parts(parts: list[Handling]) -> Handling:
    """All that one mail led to as one handling; the weightiest disposition counts."""
    if len(parts) == 1:
        return parts[0]
    worst = next((d for d in (Disposition.HOLD, Disposition.REPLY, Disposition.ACCEPT)
                  if any(h.disposition is d for h in parts)), Disposition.ACCEPT)
    return Handling(
        worst, "; ".join(dict.fromkeys(h.reason for h in parts if h.reason)),
        next((h.audit for h in parts if h.audit), ""), tuple(c for h in parts for c in h.changes),
        tuple(w for h in parts for w in h.loose), tuple(e for h in parts for e in h.entries),
        fresh=tuple(new for h in parts for new in h.fresh), made=tuple(x for h in parts for x in h.made),
        notes=tuple(n for h in parts for n in h.notes), cases=tuple(c for h in parts for c in h.cases),
        people=next((h.people for h in parts if h.people is not None), None),
        cycle=next((h.cycle for h in parts if h.cycle), None), pending=next((h.pending for h in parts if h.pending), None),
        used_code=next((h.used_code for h in parts if h.used_code is not None), None),
        go_on=next((h.go_on for h in parts if h.go_on), None),
    )


def file_rest(q: Question, parts: list[Handling]) -> list[Handling]:
    """The mail's handlings with the feedback forms that no audit form took along.

    Where the same mail led to something else for the audit (its form was an old one), both go into one outcome.
    """
    parts, unplaced = list(parts), []
    for stored in q.feedback_forms:
        match = _match(q, stored)
        if match.verdict != "file":
            unplaced.append((stored, match))
    for ref in dict.fromkeys(m.ref for s in q.feedback_forms if (m := _match(q, s)).verdict == "file"):
        if not _is_taken(parts, ref):
            parts = _with_feedback(q, parts, ref)
        elif any(_is_nobodys(q, s) for s in _forms_for(q, ref)):
            parts = [*parts, _held(q, NOBODY, ref)]
    return [*parts, *(_unplaced(q, s, m) for s, m in unplaced[:1])]


def _is_taken(parts: list[Handling], ref: str) -> bool:
    changes = [c for h in parts for c in h.changes if c.scene.audit.ref == ref]
    return any(c.submission is not None or any(e.kind == "IN-03" for e in c.outcome.entries) for c in changes)


def _with_feedback(q: Question, parts: list[Handling], ref: str) -> list[Handling]:
    scene = q.scene_of(ref)
    if scene is None:
        return [*parts, _held(q, f"there is no audit {ref}")]
    forms = _forms_for(q, ref)
    came = _came(q, scene, forms)
    if came is None:
        nameless = any(_is_nobodys(q, s) for s in forms)
        return [*parts, _held(q, NOBODY, ref) if nameless else _answer(q, BLANK, ref)]
    reason = may_file(scene, scene.feedback, tuple(f.source for f in came.kept), forced=bool(q.forced))
    if reason:
        return [*parts, _held(q, reason, ref)]
    for n, part in enumerate(parts):
        other = next((c for c in part.changes if c.scene.audit.ref == ref), None)
        if other is not None:
            second = decide_feedback(q.house.with_audit(scene, other.outcome.audit), came)
            both = replace(other, outcome=_joined(other.outcome, second))
            changes = tuple(both if c is other else c for c in part.changes)
            return [*parts[:n], replace(part, changes=changes), *parts[n + 1:]]
    return [*parts, file_alone(q, scene, came)]


def _joined(first: Outcome, second: Outcome) -> Outcome:
    """Two decisions on one audit, the second made after the first."""
    out = arm(disarm(first, *second.clear_timers), *second.set_timers)
    return cancel(replace(
        out, audit=second.audit, wishes=(*first.wishes, *second.wishes), entries=(*first.entries, *second.entries),
        feedback=second.feedback, findings=second.findings, pending=second.pending or first.pending), *second.cancel)


def _came(q: Question, scene: Scene, forms: tuple[StoredReading, ...]) -> Came | None:
    """What those forms say, beside what was known; None where none of them says anything."""
    known, kept, readings = scene.feedback, {}, []
    for stored in forms:
        form = q.house.policy.form_of(stored.reading)
        readings.append((form, stored.reading))
        for one in _read(q, scene, form, stored.reading):
            known, row = add_apart(known, one)
            kept[row.source] = row
    if not kept:
        return None
    findings = None
    if scene.submission is not None:
        findings = checks.check_family(replace(scene, feedback=known), scene.submission, q.house.policy.words)
    return Came(tuple(kept.values()), known, tuple(readings), findings, q.message.sender,
                q.roles_in(scene.parties, scene.audit), q.message.id)


def _read(q: Question, scene: Scene, form: FormDefinition, reading: Reading) -> tuple[Feedback, ...]:
    """Everything that form says of anybody, in the QA team's name where they asked."""
    found = read_feedback(form, reading, scene.audit.ref, "apart", q.message.sender, q.inbound.received_at, _only_source(q))
    said = tuple(f for f in found if f.state is not FeedbackState.WANTED)
    return tuple(replace(f, route=Route.QA_PHONE) if _is_desk(q) and f.route is Route.PHONE else f for f in said)


def _is_nobodys(q: Question, stored: StoredReading) -> bool:
    """Something was written, and whose views it is cannot be told."""
    form = q.house.policy.form_of(stored.reading)
    return not (find_source(form, stored.reading) or _only_source(q)) and _says(q, stored)


def _says(q: Question, stored: StoredReading) -> bool:
    """Does the form say anything, whosever views it is?"""
    form = q.house.policy.form_of(stored.reading)
    found = read_feedback(form, stored.reading, "", "apart", whose=next(iter(SOURCES)))
    return any(f.state is not FeedbackState.WANTED for f in found)


def _only_source(q: Question) -> str:
    """Whose views a form holds that does not say so: the only ones this council asks for."""
    sources = q.house.policy.framework.feedback.sources
    return sources[0] if len(sources) == 1 else ""


def _forms_for(q: Question, ref: str) -> tuple[StoredReading, ...]:
    found = ((s, _match(q, s)) for s in q.feedback_forms)
    return tuple(s for s, match in found if match.verdict == "file" and match.ref == ref)


def _match(q: Question, stored: StoredReading) -> Match:
    """By what the form itself says, else by the one audit that thread and subject name."""
    if q.forced:
        return Match("file", q.forced, ("a person said so",), (q.forced,), True)
    store, reading = q.house.store, stored.reading
    passport = reading.passport
    alone = len(q.forms) + len(q.feedback_forms) == 1
    signals = Signals(
        passport_ref=passport.ref if passport else "", printed_ref=reading.printed_ref,
        case_number=case_number_in(q, reading), passport_ours=reading.passport_ours,
        thread_refs=q.thread if alone else (), subject_refs=q.message.refs if alone else ())

    def may_send(audit: Audit) -> bool:
        return _is_desk(q) or q.may_send_for(audit)

    document = signals.passport_ref or signals.printed_ref or signals.case_number
    audit = store.find_audit(q.refs[0]) if len(q.refs) == 1 else None
    if not document and audit is not None:
        who = (f"{q.message.sender} is neither the auditor nor of the QA team",)
        return Match("file" if may_send(audit) else "hold", audit.ref, () if may_send(audit) else who, (audit.ref,))
    return decide_match(signals, store.find_audit, lambda n: store.find_audits(case_number=n), q.message.sender, may_send)


def _is_desk(q: Question) -> bool:
    return q.writer is not None and bool(_DESK & set(q.writer.roles))


def _unplaced(q: Question, stored: StoredReading, match: Match) -> Handling:
    """No reference at all: it is asked for. A reference that does not fit waits for a person."""
    if match.refs or q.message.no_reply or q.writer is None:
        return _held(q, one_line(match.reasons), match.ref)
    return _answer(q, NO_REFERENCE, "")


def _answer(q: Question, words: str, ref: str) -> Handling:
    if q.writer is None or q.message.no_reply:
        return _held(q, words, ref)
    told = Wish("OUT-88", "writer", "IN-03", f"inbound-{q.mark}", q.writer.address, {"done": False, "words": words},
                in_reply_to=q.message.id, audit=ref)
    return Handling(Disposition.REPLY, words, ref, loose=(told,))


def _held(q: Question, reason: str, ref: str = "") -> Handling:
    return Handling(Disposition.HOLD, reason, ref, loose=(held_wish(q, (reason,), "return"),))
