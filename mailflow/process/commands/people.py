"""REASSIGN: who does the audit (T-39)."""

from mailflow.model import Flag, Outcome, Person, Role, State
from mailflow.process.calendar import make_calendar
from mailflow.process.commands.ask import Ask, answer
from mailflow.process.draw.selection import find_bar, may_audit
from mailflow.process.opening import ack_facts, form_timers, given_documents
from mailflow.process.people.absence import may_name, why_absent
from mailflow.process.people.assessment_clock import assessment_timers
from mailflow.process.people.telling import told_roles
from mailflow.process.plan import (
    CHASING,
    FORM_TIMERS,
    REQUESTS,
    REVISION_TIMERS,
    arm,
    cancel,
    change,
    disarm,
    flag,
    go,
    people_of,
    tell,
)
from mailflow.process.wording import day_words

NOT_KNOWN = "{address} is not in the directory. Please give the address of somebody who is."


def cannot_reassign(ask: Ask) -> str:
    """Somebody in the directory who may audit this case: the part, no bar of the profile, not away today."""
    person = ask.find_person(ask.command.target)
    if person is None:
        return NOT_KNOWN.format(address=ask.command.target)
    audit, framework = ask.audit, ask.scene.framework
    if person.address == audit.auditor and audit.state is not State.SELECTED:
        return f"{person.name} has this audit already."
    lacking = may_audit(person, audit.type, ask.scene.case.service, framework)
    if lacking:
        return f"{person.name} {lacking}."
    if person.address in audit.former_auditors and audit.state is State.SELECTED:
        return f"{person.name} has given this audit back. Please name somebody else."
    bar = find_bar(ask.scene.case, person, framework.selection, ask.scene.parties.first(Role.PRACTITIONER))
    if bar:
        return f"{person.name} can't audit this case: {bar}."
    absent = why_absent(ask.scene, person)
    if absent:
        return f"{absent}. Please name somebody else."
    return may_name(ask.scene, ask.roles, person)


def reassign(out: Outcome, ask: Ask) -> Outcome:
    """T-39: the new auditor gets the form, the old one is thanked and asked to delete theirs; the due day stays."""
    person = ask.find_person(ask.command.target)
    assert person is not None
    old = out.audit.auditor
    former = tuple(a for a in dict.fromkeys((*out.audit.former_auditors, old)) if a != person.address)
    if _is_early(out, ask):
        return _before_opening(out, ask, old, person, former)
    out = go(out, "T-39", ask.by.address, ask.reason, data={"old": old, "new": person.address},
             auditor=person.address, former_auditors=former, reassignments=out.audit.reassignments + 1,
             allocated_at=ask.scene.now, meeting_at=None, soft_at=None, hard_at=None, points=(), returned_by="",
             cover=(), form=out.audit.form or ask.scene.form.id, edition=out.audit.edition or ask.scene.form.edition)
    out = flag(change(out, asked_until_on=None, asked_reason=""), off=[Flag.ACK_MISSED, Flag.BOUNCED, Flag.COVER_WANTED])
    out = arm(disarm(out, *FORM_TIMERS, *REVISION_TIMERS, "cover"), *form_timers(ask.scene, out.audit),
              *assessment_timers(ask.scene, out.audit))
    out = cancel(out, *CHASING, *REQUESTS, "OUT-04", "OUT-09", "OUT-22")
    out = _tell_all(out, ask, old, person)
    passed = not make_calendar(ask.scene.framework).on_time(ask.scene.now, out.audit.due_on)
    due = (f"The due day, {day_words(out.audit.due_on)}, has passed; reply EXTEND with a new one." if passed
           else f"It is still due on {day_words(out.audit.due_on)}.")
    return answer(out, ask, f"{person.name} has the audit now. {due}")


def _is_early(out: Outcome, ask: Ask) -> bool:
    """Selected, and its cycle is still to open: then the auditor is told at the opening, like every other."""
    opens = make_calendar(ask.scene.framework).morning_of(out.audit.opens_on)
    return out.audit.state is State.SELECTED and out.audit.allocated_at is None and ask.scene.now < opens


def _before_opening(out: Outcome, ask: Ask, old: str, person: Person, former: tuple[str, ...]) -> Outcome:
    """T-39.early: another auditor, and letters only to those who were told of the first."""
    out = go(out, "T-39.early", ask.by.address, ask.reason, data={"old": old, "new": person.address},
             auditor=person.address, former_auditors=former, reassignments=out.audit.reassignments + 1)
    out = disarm(flag(out, off=[Flag.COVER_WANTED]), "cover")
    if ask.scene.framework.allocation.tell_when == "selection":
        told = people_of(ask.scene, told_roles(ask.scene), without=[old, person.address])
        out = tell(out, told, "OUT-36", "T-39", out.audit.reassignments,
                   {"old_name": _name_of(ask, old), "new_name": person.name, "part": "told"})
    return answer(out, ask, f"{person.name} has the audit now, and is told when the month opens.")


def _name_of(ask: Ask, address: str) -> str:
    every = (*ask.scene.parties.of(Role.AUDITOR), *ask.scene.parties.of(Role.FORMER_AUDITOR))
    return next((p.name for p in every if p.address == address), address)


def _tell_all(out: Outcome, ask: Ask, old: str, new: Person) -> Outcome:
    passed = bool(out.audit.submission) and ask.scene.framework.absence.pass_on
    facts = {"old_name": _name_of(ask, old), "new_name": new.name, "passed_on": passed}
    round_ = out.audit.reassignments
    told = people_of(ask.scene, told_roles(ask.scene), without=[old, new.address])
    if old != new.address:
        out = tell(out, [(Role.FORMER_AUDITOR, old)], "OUT-36", "T-39", round_, facts | {"part": "old"})
    out = tell(out, [(Role.AUDITOR, new.address)], "OUT-36", "T-39", round_,
               facts | {"part": "new"} | ack_facts(ask.scene), given_documents(ask.scene))
    return tell(out, told, "OUT-36", "T-39", round_, facts | {"part": "told"})
