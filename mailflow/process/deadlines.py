"""Clocks that came due: one table, timer → what happens (T-04, 06, 07, 12, 16, 18, 19, 21, 23, TC-04, TC-08).

Every timer is used up or set again by the outcome, so that the same tick twice does nothing twice (CLK-10). Each one
asks the state first: only who owes the next step now is chased. After an outage only the latest of a family counts
(CLK-09): an overdue notice makes the reminders before it moot.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from mailflow.model import Flag, Outcome, Role, Severity, State, Timer
from mailflow.process.calendar import local, make_calendar
from mailflow.process.commands.qa import request_revision
from mailflow.process.ending import end_not_accepted
from mailflow.process.issuing import decide_issue, remind_upload
from mailflow.process.opening import days_over, decide_allocation, held_facts
from mailflow.process.people import selfassessment
from mailflow.process.plan import (
    arm,
    cancel,
    debt,
    disarm,
    flag,
    go,
    note,
    people_of,
    request,
    start,
    tell,
)
from mailflow.process.returns.decide import as_points, open_blocks
from mailflow.process.safety import climb, suspect_unanswered
from mailflow.process.states import WITH_AUDITOR
from mailflow.process.wording import day_words, moment_words
from mailflow.scene import Scene

Act = Callable[[Outcome, Scene, Timer], Outcome]


def _ack(out: Outcome, scene: Scene, timer: Timer) -> Outcome:
    """T-04: a nudge; the second miss tells QA."""
    miss = 1 if timer.name == "ack" else 2
    out = flag(go(out, "T-04", data={"miss": miss}), Flag.ACK_MISSED)
    out = tell(out, people_of(scene, [Role.AUDITOR]), "OUT-08", "T-04", f"{debt(out.audit)}.{miss}", {"miss": miss})
    if miss == 1:
        calendar = make_calendar(scene.framework)
        day = calendar.add_working_days(scene.now, scene.framework.allocation.ack_wd)
        return arm(out, Timer("ack:2", calendar.expiry(day)))
    facts = held_facts(out.audit.auditor, "The auditor has not confirmed after two reminders. CANNOT or REASSIGN helps.")
    return tell(out, people_of(scene, [Role.QA]), "OUT-89", "T-04.qa", debt(out.audit), facts)


def _allocate(out: Outcome, scene: Scene, timer: Timer) -> Outcome:
    """T-02 for an audit that was made in the middle of a cycle: a replacement, or one an auditor asked for."""
    return decide_allocation(scene, onto=out)


def _cover(out: Outcome, scene: Scene, timer: Timer) -> Outcome:
    """T-38, so many working days later: nobody was named, so QA names somebody."""
    if not out.audit.has(Flag.COVER_WANTED):
        return out
    reason = "The auditor is away, and nobody has named somebody else in time. Reply REASSIGN with somebody's address."
    return tell(go(out, "T-38.qa"), people_of(scene, [Role.QA]), "OUT-89", "T-38.qa", debt(out.audit),
                held_facts(out.audit.auditor, reason))


def _reminder(out: Outcome, scene: Scene, timer: Timer) -> Outcome:
    """T-06: reminder n, days left counted as the calendar shows them."""
    number = int(timer.name.partition(":")[2])
    out = go(out, "T-06", data={"number": number})
    # Counted from the morning on which it leaves, which after an outage is not today.
    leaves_on = local(make_calendar(scene.framework).next_morning(scene.now)).date()
    facts = {"number": number, "days_left": max(0, (out.audit.due_on - leaves_on).days)}
    return tell(out, people_of(scene, [Role.AUDITOR]), "OUT-10", "T-06", f"{debt(out.audit)}.{number}", facts)


def _due(out: Outcome, scene: Scene, timer: Timer) -> Outcome:
    """T-07: on the due day itself; a tick that comes after it leaves the word to the overdue notice."""
    if days_over(scene) > 0:
        return out
    return tell(go(out, "T-07"), people_of(scene, [Role.AUDITOR]), "OUT-11", "T-07", debt(out.audit))


def _overdue(out: Outcome, scene: Scene, timer: Timer) -> Outcome:
    """T-12: nothing came by 11:59pm on the due day."""
    out = flag(go(out, "T-12"), Flag.OVERDUE)
    out = cancel(out, "OUT-08", "OUT-10", "OUT-11")
    facts = {"days": max(1, days_over(scene)), "to_hos": False}
    out = tell(out, people_of(scene, [Role.AUDITOR]), "OUT-15", "T-12", debt(out.audit), facts)
    calendar = make_calendar(scene.framework)
    day = max(calendar.add_working_days(out.audit.due_on, 1), local(scene.now).date())
    return arm(disarm(out, "ack", "ack:2", "reminder:", "due"), Timer("overdue:hos", calendar.expiry(day)))


def _overdue_hos(out: Outcome, scene: Scene, timer: Timer) -> Outcome:
    """T-12, a working day later: the head of service has a letter of their own."""
    if not out.audit.has(Flag.OVERDUE):
        out = _overdue(out, scene, timer)
    facts = {"days": max(1, days_over(scene)), "to_hos": True}
    people = people_of(scene, [Role.HOS], without=[out.audit.auditor])
    return tell(disarm(go(out, "T-12.hos"), "overdue:hos"), people, "OUT-15", "T-12.hos", debt(out.audit), facts)


def _soft(out: Outcome, scene: Scene, timer: Timer) -> Outcome:
    """T-18: the points still open."""
    facts = {"points": out.audit.points}
    return tell(go(out, "T-18"), people_of(scene, [Role.AUDITOR]), "OUT-20", "T-18", request(out.audit), facts)


def _hard(out: Outcome, scene: Scene, timer: Timer) -> Outcome:
    """T-19 by the clock."""
    limit = moment_words(out.audit.hard_at) if out.audit.hard_at else "the limit"
    reasons = (f"No amended form came by {limit}.", *(p.words for p in out.audit.points))
    return end_not_accepted(out, scene, reasons)


def _qa(out: Outcome, scene: Scene, timer: Timer) -> Outcome:
    """T-16: the QA manager is told, or the points go to the auditor where the profile says so (``qa.on_timeout``)."""
    if scene.framework.qa.on_timeout == "send_points" and _may_send_points(out, scene):
        findings = scene.submission.findings if scene.submission else ()
        shown = tuple(f for f in findings if f.severity is Severity.WARN)
        points = as_points(open_blocks(findings, out.audit.overrides) + shown)
        rules = scene.framework.revision
        return request_revision(out, scene, "T-14", "OUT-17", (rules.soft_wd, rules.hard_wd), points,
                                returned_by="qa", by="", by_name=scene.council.qa_name)
    out = flag(go(out, "T-16"), Flag.QA_OVERDUE)
    facts = {"waiting_since_at": out.audit.received_at}
    round_ = f"{out.audit.submission}.{out.audit.qa_due_at.date().isoformat()}" if out.audit.qa_due_at else "1"
    managers = people_of(scene, [Role.QA_MANAGER])
    if managers:
        return tell(out, managers, "OUT-19", "T-16", round_, facts)
    reason = "No decision in time on this return, and the directory names no QA manager."
    return tell(out, people_of(scene, [Role.QA]), "OUT-89", "T-16.qa", round_, held_facts("", reason))


def _may_send_points(out: Outcome, scene: Scene) -> bool:
    findings = scene.submission.findings if scene.submission else ()
    rounds_left = out.audit.qa_returns < scene.framework.revision.max_rounds
    blocks = open_blocks(findings, out.audit.overrides)
    return rounds_left and bool(blocks or any(f.severity is Severity.WARN for f in findings))


def _issue(out: Outcome, scene: Scene, timer: Timer) -> Outcome:
    return decide_issue(scene, out)


def _upload(out: Outcome, scene: Scene, timer: Timer) -> Outcome:
    return remind_upload(out, scene, int(timer.name.partition(":")[2]))


def _ack_concern(out: Outcome, scene: Scene, timer: Timer) -> Outcome:
    return climb(out, scene)


def _suspect(out: Outcome, scene: Scene, timer: Timer) -> Outcome:
    return suspect_unanswered(out, scene)


@dataclass(frozen=True)
class Clock:
    """One kind of timer. ``name`` ends in ":" for numbered ones; ``family``: only the latest of one family counts.

    ``moot`` are families that this one, when due in the same tick, makes needless. ``states`` empty = any.
    """

    name: str
    family: str
    states: tuple[State, ...]
    act: Act
    words: str
    moot: tuple[str, ...] = ()
    safety: bool = False


# Safety stands first; then the order in which a life goes on.
CLOCKS: tuple[Clock, ...] = (
    Clock("concern:ack", "concern", (), _ack_concern, "nobody has acknowledged a concern (TC-04)", safety=True),
    Clock("suspect", "suspect", (), _suspect, "nobody said NO CONCERN (TC-08)", safety=True),
    Clock("ack", "ack", (State.ALLOCATED,), _ack, "the allocation is not acknowledged (T-04)"),
    Clock("ack:2", "ack", (State.ALLOCATED,), _ack, "nor after the nudge (T-04)"),
    Clock("allocate", "allocate", (State.SELECTED,), _allocate, "an audit made within the cycle is given out (T-02)"),
    Clock("cover", "cover", (State.SELECTED,), _cover, "nobody was named for an auditor who is away (T-38)"),
    Clock("reminder:", "reminder", WITH_AUDITOR, _reminder, "a reminder (T-06)"),
    Clock("due", "reminder", WITH_AUDITOR, _due, "the due day (T-07)"),
    Clock("overdue", "overdue", WITH_AUDITOR, _overdue, "the due day has passed (T-12)", ("ack", "reminder")),
    Clock("overdue:hos", "overdue", WITH_AUDITOR, _overdue_hos, "by a working day (T-12)", ("ack", "reminder")),
    Clock("self", "self", WITH_AUDITOR, selfassessment.ask, "the self-assessment is asked for (T-62)"),
    Clock("self:missed", "self", WITH_AUDITOR, selfassessment.missed, "there is no self-assessment (T-62)"),
    Clock("soft", "revision", (State.REVISION,), _soft, "the reminder of a revision (T-18)"),
    Clock("hard", "revision", (State.REVISION,), _hard, "the limit of a revision (T-19)"),
    Clock("qa", "qa", (State.UNDER_QA,), _qa, "no decision (T-16)"),
    Clock("issue", "issue", (State.ACCEPTED,), _issue, "the delay after ACCEPT is over (T-21)"),
    Clock("upload:", "upload", (State.ISSUED,), _upload, "the upload is not confirmed (T-23)"),
)


def find_clock(name: str) -> Clock | None:
    """The row for a timer's name, the exact name before a numbered one."""
    exact = next((c for c in CLOCKS if c.name == name), None)
    return exact or next((c for c in CLOCKS if c.name.endswith(":") and name.startswith(c.name)), None)


def decide_timers(scene: Scene, due: tuple[Timer, ...]) -> Outcome:
    """All that is due for one audit in one tick, in the order of the table. Unknown names are used up and journalled."""
    out = disarm(start(scene), *(t.name for t in due))
    unknown = [t.name for t in due if find_clock(t.name) is None]
    if unknown:
        out = note(out, "T-52", reason="no such clock", timers=unknown)
    kept, skipped = _latest(tuple(t for t in due if find_clock(t.name)))
    if skipped:
        out = go(out, "T-52", data={"skipped": skipped})
    for clock, timer in kept:
        if out.audit.has(Flag.ON_HOLD) and not clock.safety:
            out = _wait(out, scene, timer)
        elif not clock.states or out.audit.state in clock.states:
            out = clock.act(out, replace(scene, audit=out.audit), timer)
    return out


def _latest(due: tuple[Timer, ...]) -> tuple[list[tuple[Clock, Timer]], list[str]]:
    """(the timers that count, the names of those an outage has made needless), in the order of the table (CLK-09)."""
    rows = [(clock, t) for t in due if (clock := find_clock(t.name))]
    moot = {family for clock, _ in rows for family in clock.moot}
    last: dict[str, tuple[Clock, Timer]] = {}
    for clock, timer in sorted(rows, key=lambda row: (row[1].due_at, CLOCKS.index(row[0]))):
        if clock.family not in moot:
            last[clock.family] = (clock, timer)
    kept = sorted(last.values(), key=lambda row: CLOCKS.index(row[0]))
    names = {t.name for _, t in kept}
    return kept, sorted(t.name for t in due if t.name not in names)


def _wait(out: Outcome, scene: Scene, timer: Timer) -> Outcome:
    """On hold: the clock is looked at again next working morning; nobody is written to (T-53)."""
    calendar = make_calendar(scene.framework)
    again = calendar.next_morning(scene.now + timedelta(hours=1))
    return arm(out, Timer(timer.name, again))


def describe(timer: Timer) -> str:
    """One line for people: what comes due, and when."""
    clock = find_clock(timer.name)
    return f"{day_words(local(timer.due_at).date())}: {clock.words if clock else timer.name}"
