"""REASSIGN and EXTEND: who does the audit, and until when (T-39, T-46)."""

from mailflow.model import Flag, Outcome, Person, Role, State
from mailflow.process.ask import Ask, answer
from mailflow.process.calendar import make_calendar
from mailflow.process.opening import ack_facts, documents_for, form_timers
from mailflow.process.plan import (
    CHASING,
    FORM_TIMERS,
    REQUESTS,
    REVISION_TIMERS,
    answered,
    arm,
    cancel,
    change,
    disarm,
    flag,
    go,
    people_of,
    tell,
)
from mailflow.process.returns import revision_timers
from mailflow.process.selection import find_bar
from mailflow.process.telling import told_roles
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
    kind = framework.types.get(audit.type)
    wanted = kind.auditors if kind else ("auditor",)
    if not set(wanted) & set(person.roles):
        return f"{person.name} does not audit: the directory gives no part of {', '.join(wanted)}."
    if person.address in audit.former_auditors and audit.state is State.SELECTED:
        return f"{person.name} has given this audit back. Please name somebody else."
    bar = find_bar(ask.scene.case, person, framework.selection, ask.scene.parties.first(Role.PRACTITIONER))
    if bar:
        return f"{person.name} can't audit this case: {bar}."
    if person.is_away(make_calendar(framework).local_day(ask.scene.now)):
        return f"{person.name} is away today. Please name somebody else."
    return ""


def reassign(out: Outcome, ask: Ask) -> Outcome:
    """T-39: the new auditor gets the form, the old one is thanked and asked to delete theirs; the due day stays."""
    person = ask.find_person(ask.command.target)
    assert person is not None
    old = out.audit.auditor
    former = tuple(a for a in dict.fromkeys((*out.audit.former_auditors, old)) if a != person.address)
    out = go(out, "T-39", ask.by.address, ask.reason, data={"old": old, "new": person.address},
             auditor=person.address, former_auditors=former, reassignments=out.audit.reassignments + 1,
             allocated_at=ask.scene.now, meeting_at=None, soft_at=None, hard_at=None, points=(), returned_by="",
             cover=(), form=out.audit.form or ask.scene.form.id, edition=out.audit.edition or ask.scene.form.edition)
    out = flag(out, off=[Flag.ACK_MISSED, Flag.BOUNCED])
    out = arm(disarm(out, *FORM_TIMERS, *REVISION_TIMERS), *form_timers(ask.scene, out.audit))
    out = cancel(out, *CHASING, *REQUESTS, "OUT-04", "OUT-09", "OUT-22")
    out = _tell_all(out, ask, old, person)
    passed = not make_calendar(ask.scene.framework).on_time(ask.scene.now, out.audit.due_on)
    due = (f"The due day, {day_words(out.audit.due_on)}, has passed; reply EXTEND with a new one." if passed
           else f"It is still due on {day_words(out.audit.due_on)}.")
    return answer(out, ask, f"{person.name} has the audit now. {due}")


def _tell_all(out: Outcome, ask: Ask, old: str, new: Person) -> Outcome:
    names = {p.address: p.name for p in ask.scene.parties.of(Role.AUDITOR)}
    names |= {p.address: p.name for p in ask.scene.parties.of(Role.FORMER_AUDITOR)}
    facts = {"old_name": names.get(old, old), "new_name": new.name}
    round_ = out.audit.reassignments
    told = people_of(ask.scene, told_roles(ask.scene), without=[old, new.address])
    if old != new.address:
        out = tell(out, [(Role.FORMER_AUDITOR, old)], "OUT-36", "T-39", round_, facts | {"part": "old"})
    out = tell(out, [(Role.AUDITOR, new.address)], "OUT-36", "T-39", round_,
               facts | {"part": "new"} | ack_facts(ask.scene), documents_for(ask.scene))
    return tell(out, told, "OUT-36", "T-39", round_, facts | {"part": "told"})


def cannot_extend(ask: Ask) -> str:
    if ask.command.on is None or ask.command.on <= make_calendar(ask.scene.framework).local_day(ask.scene.now):
        return "Please give a day that is still to come, for example EXTEND 03/07/2026."
    return ""


def extend(out: Outcome, ask: Ask) -> Outcome:
    """T-46 by QA: a later due day, or in a revision a later limit; a day off is rolled forward (CLK-06)."""
    assert ask.command.on is not None
    calendar = make_calendar(ask.scene.framework)
    day = calendar.roll(ask.command.on)
    data = {"until": day.isoformat()}
    if out.audit.state is State.REVISION:
        out = _extend_revision(go(out, "T-46", ask.by.address, ask.reason, data, hard_at=calendar.deadline(day)), ask)
    else:
        out = flag(go(out, "T-46", ask.by.address, ask.reason, data, due_on=day), off=[Flag.OVERDUE])
        out = arm(disarm(out, *(t for t in FORM_TIMERS if not t.startswith("ack"))),
                  *form_timers(ask.scene, out.audit, ack=False))
        facts = {"number": 0, "days_left": (day - calendar.local_day(ask.scene.now)).days, "extended": True}
        out = cancel(out, "OUT-10", "OUT-11", "OUT-15")
        out = tell(out, people_of(ask.scene, [Role.AUDITOR]), "OUT-10", "T-46", answered(ask.in_reply_to, ask.audit),
                   facts)
    rolled = f" ({day_words(ask.command.on)} is no working day.)" if day != ask.command.on else ""
    return answer(out, ask, f"The auditor now has until {day_words(day)} and is told.{rolled}")


def _extend_revision(out: Outcome, ask: Ask) -> Outcome:
    hard = out.audit.hard_at
    assert hard is not None
    soft = min(out.audit.soft_at or hard, hard)
    out = arm(disarm(change(out, soft_at=soft), *REVISION_TIMERS), *revision_timers(ask.scene, soft, hard))
    facts = {"points": out.audit.points, "extended": True}
    return tell(out, people_of(ask.scene, [Role.AUDITOR]), "OUT-20", "T-46", answered(ask.in_reply_to, ask.audit), facts)
