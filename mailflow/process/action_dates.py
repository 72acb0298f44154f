"""Actions with the owner and the day the profile gives them (G-01, CLK-06), and the urgent ones told at once (T-65)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from mailflow.form.actions import find_actions
from mailflow.framework.durations import read_duration, say_duration
from mailflow.model import Action, Outcome, Role, Submission, ToldAction
from mailflow.process.calendar import make_calendar
from mailflow.process.plan import go, people_of, tell
from mailflow.scene import Scene


def agreed_actions(scene: Scene, submission: Submission, issued_at: datetime) -> tuple[Action, ...]:
    """The actions of a form as letters and documents print them, their letters' time counted from the issue.

    Urgent ones count from the receipt where the profile tells them then (``actions.urgent_alert_on``, G-09a): that of the
    form that had them first.
    """
    found = find_actions(scene.form, submission.reading)
    return tuple(_settled(scene, a, submission.received_at, issued_at) for a in found)


def _settled(scene: Scene, action: Action, received_at: datetime, issued_at: datetime) -> Action:
    rules = scene.framework.actions
    owner = (action.owner if "owner" in rules.fields else "") or _default_owner(scene)
    priority = action.priority if "priority" in rules.fields else ""
    action = replace(action, owner=owner, priority=priority)
    if rules.priority != "abc" or action.priority not in rules.abc:
        # A day that was written counts where no letter says how soon.
        return action
    early = is_urgent(scene, action) and rules.urgent_alert_on == "receipt"
    told = next((u.from_at for u in scene.audit.urgent if (u.text, u.priority) == _bare(action)), received_at)
    return _timed(scene, action, told if early else issued_at)


def _default_owner(scene: Scene) -> str:
    """"Ines Holt (team manager)"; "" where the profile names no part."""
    role = scene.framework.actions.default_owner
    person = scene.parties.first(role) if role else None
    title = _TITLES.get(role, role.replace("_", " "))
    return f"{person.name} ({title})" if person else title.capitalize()


_TITLES = {Role.TM.value: "team manager", Role.SM.value: "service manager", Role.HOS.value: "head of service"}


def _timed(scene: Scene, action: Action, start: datetime) -> Action:
    """Hours are elapsed and never move; days are calendar days and roll on to a working day (CLK-06)."""
    count, unit = read_duration(scene.framework.actions.abc[action.priority])
    calendar = make_calendar(scene.framework)
    if unit == "h":
        # In UTC, for an hour added on London clocks is none in the night they change (CLK-11).
        at = start.astimezone(UTC) + timedelta(hours=count)
        return replace(action, due=calendar.local_day(at).isoformat(), due_at=at)
    day = calendar.roll(calendar.local_day(start) + timedelta(days=count))
    return replace(action, due=day.isoformat(), due_at=calendar.deadline(day))


def is_urgent(scene: Scene, action: Action) -> bool:
    """Does its letter count in hours?"""
    rules = scene.framework.actions
    time = rules.abc.get(action.priority, "") if rules.priority == "abc" else ""
    return bool(time) and read_duration(time)[1] == "h"


def tell_urgent(out: Outcome, scene: Scene, submission: Submission) -> Outcome:
    """T-65: urgent actions of a form that has just come go to the team manager, before any check (OUT-76).

    One that an earlier form had already is not told again, and its hours go on from then. The auditor wrote them and is
    not told.
    """
    if scene.framework.actions.urgent_alert_on != "receipt":
        return out
    known = {(u.text, u.priority) for u in scene.audit.urgent}
    fresh = [a for a in agreed_actions(scene, submission, submission.received_at)
             if is_urgent(scene, a) and _bare(a) not in known]
    if not fresh:
        return out
    people = people_of(scene, [Role.TM], without=[p.address for p in scene.parties.of(Role.AUDITOR)])
    told = tuple(ToldAction(*_bare(a), from_at=submission.received_at) for a in fresh)
    out = go(out, "T-65", urgent=(*out.audit.urgent, *told), data={
        "submission": submission.number, "actions": [a.number for a in fresh], "told": [address for _, address in people]})
    facts = {"actions": tuple(fresh), "from_at": submission.received_at, "within": _soonest(scene, fresh)}
    return tell(out, people, "OUT-76", "T-65", submission.number, facts)


def _soonest(scene: Scene, urgent: list[Action]) -> str:
    """"24 hours": the shortest time that any of them leaves."""
    times = [scene.framework.actions.abc[a.priority] for a in urgent]
    return say_duration(min(times, key=lambda t: read_duration(t)[0]))


def _bare(action: Action) -> tuple[str, str]:
    return " ".join(action.text.casefold().split()), action.priority
