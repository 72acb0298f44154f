"""The allocation: the auditor gets the audit, and the clock that starts with it (T-02, T-20). Others: ``telling`` (T-61)."""

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta

from mailflow.model import Audit, Flag, Outcome, Role, State, Timer
from mailflow.process.calendar import Calendar, local, make_calendar
from mailflow.process.checks.family_rules import needs_own_form, owed_by_qa
from mailflow.process.family.feedback import ask_for_feedback
from mailflow.process.people.absence import ask_finders, why_absent
from mailflow.process.people.assessment_clock import assessment_timers
from mailflow.process.plan import arm, debt, go, people_of, start, tell
from mailflow.scene import Scene

_REMINDER = re.compile(r"(start\+|due-)(\d+)wd")


def decide_allocation(scene: Scene, tell_again: bool = False, onto: Outcome | None = None) -> Outcome:
    """T-02 for an audit in SELECTED, T-20 for a carried one; ``tell_again`` sends the auditor the same once more.

    An auditor who can't be given it leaves the audit where it is (T-38): where they are away, they or their head of
    service are asked for somebody else; not in the directory, or taken off it before, and QA is asked. Raises Broken
    in any other state.
    """
    audit = scene.audit
    out = onto or start(scene)
    if tell_again and audit.state is not State.SELECTED:
        again = f"{debt(audit)}.again.{local(scene.now).date().isoformat()}"
        return _tell_auditor(go(out, "T-02.again", data={"round": again}), scene, again)
    absent = _absent(scene)
    if absent:
        asked = ask_finders(go(out, "T-38", reason=absent), scene, "absent", debt(audit))
        if any(w.code == "OUT-99" for w in asked.wishes):
            return asked
    trouble = _trouble(scene, absent)
    if trouble:
        out = go(out, "T-38", reason=trouble)
        people = people_of(scene, [Role.QA])
        return tell(out, people, "OUT-89", "T-38", debt(audit), held_facts(audit.auditor, trouble))
    carried = audit.has(Flag.CARRIED_OVER)
    today = local(scene.now).date()
    out = go(out, "T-20.told" if carried else "T-02", data={"auditor": audit.auditor, "due": audit.due_on.isoformat()},
             allocated_at=scene.now, form=audit.form or scene.form.id, edition=audit.edition or scene.form.edition,
             lookback_from_on=audit.lookback_from_on or months_before(today, scene.framework.audit.lookback_months))
    out = _tell_auditor(out, scene, debt(audit))
    out = arm(out, *form_timers(scene, out.audit), *assessment_timers(scene, out.audit))
    return ask_for_feedback(out, scene)


def held_facts(address: str, *reasons: str, kind: str = "automatic", words: str = "") -> dict[str, object]:
    """The facts of OUT-89. The corridor knows subject and id of the mail, where there is one, and puts them in."""
    return {"from_address": address, "subject": "", "reasons": reasons, "kind": kind, "id": "", "note": words}


def _absent(scene: Scene) -> str:
    auditor = next((p for p in scene.parties.of(Role.AUDITOR) if p.address == scene.audit.auditor), None)
    gave_back = scene.audit.auditor in scene.audit.former_auditors
    return why_absent(scene, auditor) if auditor and not gave_back else ""


def _trouble(scene: Scene, absent: str) -> str:
    audit = scene.audit
    auditor = next((p for p in scene.parties.of(Role.AUDITOR) if p.address == audit.auditor), None)
    if audit.auditor in audit.former_auditors:
        return f"{audit.auditor} can't audit this case; reply REASSIGN with the address of somebody who can"
    if auditor is None:
        return f"{audit.auditor or 'the auditor'} is not in the directory; reply REASSIGN with an address that is"
    return f"{absent}; reply REASSIGN with the address of somebody in the same service" if absent else ""


def _tell_auditor(out: Outcome, scene: Scene, round_: str) -> Outcome:
    code, transition = ("OUT-22", "T-20") if out.audit.has(Flag.CARRIED_OVER) else ("OUT-04", "T-02")
    people = people_of(scene, [Role.AUDITOR])
    return tell(out, people, code, transition, round_, ack_facts(scene), given_documents(scene))


def given_documents(scene: Scene) -> tuple[str, ...]:
    """What an auditor is given to work with: the form, the criteria, and where they ring the family (F0-ALL-02, G-07) the
    telephone guide and, where the views come on a form of their own, that one."""
    asks = not owed_by_qa(scene)
    views = ("DOC-03",) if asks and needs_own_form(scene) else ()
    guide = ("DOC-04",) if asks and scene.framework.feedback.sources else ()
    return ("DOC-02", *views, *guide, "DOC-37")


def ack_facts(scene: Scene) -> dict[str, object]:
    """Until when the auditor is asked to say that they have it."""
    calendar, days = make_calendar(scene.framework), scene.framework.allocation.ack_wd
    return {"ack_at": calendar.deadline(calendar.add_working_days(scene.now, days)) if days else None}


def form_timers(scene: Scene, audit: Audit, ack: bool = True) -> tuple[Timer, ...]:
    """Every deadline of an auditor who owes a form, as far as it is still to come.

    Whoever is given an audit whose due day is over already has the next working day before it is called overdue.
    """
    calendar, rules = make_calendar(scene.framework), scene.framework.allocation
    timers = [Timer(name, calendar.morning_of(day)) for name, day in _mornings(calendar, rules.reminders, audit)]
    over = calendar.expiry(audit.due_on)
    timers.append(Timer("overdue", over if over > scene.now else calendar.expiry(calendar.add_working_days(scene.now, 1))))
    if ack and rules.ack_wd:
        timers.append(Timer("ack", calendar.expiry(calendar.add_working_days(scene.now, rules.ack_wd))))
    return tuple(t for t in timers if t.due_at > scene.now)


def _mornings(calendar: Calendar, reminders: tuple[str, ...], audit: Audit) -> Iterator[tuple[str, date]]:
    """("reminder:n", day) in order of days, and ("due", the due day); two on one day are one, none after the due day.

    "start+5wd" counts from the day the cycle opened, "due-0wd" is the due day itself.
    """
    days = set()
    for written in reminders:
        found = _REMINDER.fullmatch(written)
        if found:
            count = int(found[2])
            base, step = (audit.opens_on, count) if found[1] == "start+" else (audit.due_on, -count)
            days.add(calendar.add_working_days(base, step) if step else base)
    early = sorted(d for d in days if audit.opens_on < d < audit.due_on)
    yield from ((f"reminder:{n}", day) for n, day in enumerate(early, 1))
    if audit.due_on in days:
        yield "due", audit.due_on


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier, the month's last day where it has no such day."""
    count = day.year * 12 + day.month - 1 - months
    year, month = divmod(count, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def days_over(scene: Scene) -> int:
    """Calendar days since the due day."""
    return (local(scene.now).date() - scene.audit.due_on) // timedelta(days=1)


