"""More time (T-46, EXT-08): the auditor asks, the line manager may give some, the QA team any.

Who asked, for how long, why, and who granted or refused it stands in the journal; nobody else is told.
"""

from datetime import date

from mailflow.model import Flag, Outcome, Role, State
from mailflow.process.calendar import local, make_calendar
from mailflow.process.commands.ask import Ask, answer
from mailflow.process.opening import form_timers
from mailflow.process.plan import (
    FORM_TIMERS,
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
from mailflow.process.returns.decide import revision_timers
from mailflow.process.wording import day_words

_QA = frozenset({Role.QA.value, Role.QA_MANAGER.value})


def limit_on(ask: Ask) -> date:
    """The day that stands now: the due day, or in a revision its limit."""
    audit = ask.audit
    return local(audit.hard_at).date() if audit.state is State.REVISION and audit.hard_at else audit.due_on


def cannot_ask_for_time(ask: Ask) -> str:
    if ask.command.on is None or ask.command.on <= local(ask.scene.now).date():
        return "Please give a day that is still to come, for example EXTEND 03/07/2026 and the reason."
    if ask.command.on <= limit_on(ask):
        return f"You have until {day_words(limit_on(ask))} already."
    return ""


def ask_for_time(out: Outcome, ask: Ask) -> Outcome:
    """EXTEND from the auditor: their line manager is asked, or the QA manager where it is more than they may give."""
    assert ask.command.on is not None
    day = make_calendar(ask.scene.framework).roll(ask.command.on)
    out = go(out, "T-46.asked", ask.by.address, ask.reason, data={"until": day.isoformat()}, asked_until_on=day,
             asked_reason=ask.reason)
    roles = [Role.LINE_MANAGER] if _manager_may(ask, day) else [Role.QA_MANAGER]
    people = people_of(ask.scene, roles, without=[ask.by.address, out.audit.auditor]) or people_of(
        ask.scene, [Role.QA_MANAGER, Role.QA], without=[ask.by.address])
    facts = {"part": "asked", "by_name": ask.by.name, "until_on": day, "days": _more(ask, day), "reason": ask.reason,
             "limit_on": limit_on(ask)}
    out = tell(out, people, "OUT-98", "T-46.asked", answered(ask.in_reply_to, ask.audit), facts)
    who = "your line manager" if people and people[0][0] == Role.LINE_MANAGER else "the QA manager"
    return answer(out, ask, f"We have asked {who} for more time until {day_words(day)}. Until they agree, the day you "
                  "were given stands.")


def _more(ask: Ask, day: date) -> int:
    """Working days more than now."""
    return make_calendar(ask.scene.framework).working_days_between(limit_on(ask), day)


def _manager_may(ask: Ask, day: date) -> bool:
    return bool(ask.scene.parties.of(Role.LINE_MANAGER)) and _more(ask, day) <= ask.scene.framework.allocation.extend_manager_wd


def nothing_to_approve(ask: Ask) -> str:
    """Why APPROVE can't be taken: nobody asked, it is more than this person may give, or the day is over."""
    day = ask.audit.asked_until_on
    if day is None:
        return "Nobody has asked for more time for this audit, or it has been answered already."
    if not ask.roles & _QA and not _manager_may(ask, day):
        most = ask.scene.framework.allocation.extend_manager_wd
        return f"That is more than the {most} working days a line manager may give. The QA manager decides."
    if day <= local(ask.scene.now).date():
        return f"{day_words(day)} has passed. The auditor would have to ask for a later day."
    return ""


def approve(out: Outcome, ask: Ask) -> Outcome:
    """T-46: what was asked for is given."""
    assert ask.audit.asked_until_on is not None
    return _give(out, ask, ask.audit.asked_until_on, ask.audit.asked_reason, "asked for by the auditor")


def nothing_to_refuse(ask: Ask) -> str:
    return "" if ask.audit.asked_until_on else "Nobody has asked for more time for this audit, or it has been answered already."


def refuse_time(out: Outcome, ask: Ask) -> Outcome:
    """T-46.refused: the day stands, and the auditor is told why."""
    day = ask.audit.asked_until_on
    out = go(out, "T-46.refused", ask.by.address, ask.reason, data={"until": day.isoformat() if day else ""},
             asked_until_on=None, asked_reason="")
    facts = {"part": "refused", "by_name": ask.by.name, "until_on": day, "reason": ask.reason, "limit_on": limit_on(ask)}
    out = tell(out, people_of(ask.scene, [Role.AUDITOR]), "OUT-98", "T-46.refused", answered(ask.in_reply_to, ask.audit),
               facts)
    return answer(cancel(out, "OUT-98"), ask, "The auditor is told that the day stands, and your reason.")


def cannot_extend(ask: Ask) -> str:
    if ask.command.on is None or ask.command.on <= make_calendar(ask.scene.framework).local_day(ask.scene.now):
        return "Please give a day that is still to come, for example EXTEND 03/07/2026."
    return ""


def extend(out: Outcome, ask: Ask) -> Outcome:
    """T-46 by QA: a later due day, or in a revision a later limit; a day off is rolled forward (CLK-06)."""
    assert ask.command.on is not None
    return _give(out, ask, ask.command.on, ask.reason, "by the QA team")


def _give(out: Outcome, ask: Ask, wanted: date, reason: str, how: str) -> Outcome:
    calendar = make_calendar(ask.scene.framework)
    day = calendar.roll(wanted)
    data = {"until": day.isoformat(), "how": how}
    out = change(out, asked_until_on=None, asked_reason="")
    if out.audit.state is State.REVISION:
        out = _extend_revision(go(out, "T-46", ask.by.address, reason, data, hard_at=calendar.deadline(day)), ask)
    else:
        out = flag(go(out, "T-46", ask.by.address, reason, data, due_on=day), off=[Flag.OVERDUE])
        out = arm(disarm(out, *(t for t in FORM_TIMERS if not t.startswith("ack"))),
                  *form_timers(ask.scene, out.audit, ack=False))
        facts = {"number": 0, "days_left": (day - calendar.local_day(ask.scene.now)).days, "extended": True}
        out = cancel(out, "OUT-10", "OUT-11", "OUT-15")
        out = tell(out, people_of(ask.scene, [Role.AUDITOR]), "OUT-10", "T-46", answered(ask.in_reply_to, ask.audit),
                   facts)
    rolled = f" ({day_words(wanted)} is no working day.)" if day != wanted else ""
    return answer(out, ask, f"The auditor now has until {day_words(day)} and is told.{rolled}")


def _extend_revision(out: Outcome, ask: Ask) -> Outcome:
    hard = out.audit.hard_at
    assert hard is not None
    soft = min(out.audit.soft_at or hard, hard)
    out = arm(disarm(change(out, soft_at=soft), *REVISION_TIMERS), *revision_timers(ask.scene, soft, hard))
    facts = {"points": out.audit.points, "extended": True}
    return tell(out, people_of(ask.scene, [Role.AUDITOR]), "OUT-20", "T-46", answered(ask.in_reply_to, ask.audit), facts)
