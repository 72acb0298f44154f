"""When a practitioner's self-assessment is asked for, and by when it is wanted (T-62, F2-AUD-02)."""

from dataclasses import replace
from datetime import date

from mailflow.model import Audit, Flag, Timer
from mailflow.process.calendar import local, make_calendar
from mailflow.scene import Scene

ASK, MISSED = "self", "self:missed"


def is_wanted(scene: Scene) -> bool:
    """Does the framework ask for one, is there somebody to ask, and has none come?"""
    asked = scene.framework.audit.self_assessment == "before_meeting"
    return asked and scene.audit.assessed_at is None and not scene.audit.has(Flag.PRACTITIONER_LEFT)


def assessment_timers(scene: Scene, audit: Audit) -> tuple[Timer, ...]:
    """When it is asked for: so many working days before the meeting, or after the allocation where none is booked."""
    if not is_wanted(replace(scene, audit=audit)):
        return ()
    calendar, days = make_calendar(scene.framework), scene.framework.audit.self_assessment_wd
    if audit.meeting_at is None:
        return (Timer(ASK, calendar.morning_of(calendar.add_working_days(audit.allocated_at or scene.now, days))),)
    met = local(audit.meeting_at).date()
    ask = calendar.morning_of(calendar.add_working_days(met, -days))
    return Timer(ASK, max(ask, scene.now)), Timer(MISSED, calendar.expiry(_day_before(scene, met)))


def _day_before(scene: Scene, met: date) -> date:
    """The working day before the meeting; today where the meeting is today or over."""
    before = make_calendar(scene.framework).add_working_days(met, -1)
    return max(before, local(scene.now).date())


def due_on(scene: Scene) -> date:
    """The day by which it is wanted: before the meeting, or so many working days from now."""
    if scene.audit.meeting_at is not None:
        return _day_before(scene, local(scene.audit.meeting_at).date())
    return make_calendar(scene.framework).add_working_days(scene.now, scene.framework.audit.self_assessment_wd)
