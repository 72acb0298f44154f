"""A withdrawn case is replaced while half of the cycle is still to come (T-37, ``selection.replace_withdrawn_until``)."""

from datetime import datetime, timedelta

from mailflow.framework import Framework
from mailflow.model import Audit, Flag, State
from mailflow.process.calendar import make_calendar

_NOT_RETURNED = (State.SELECTED, State.ALLOCATED, State.UNDERWAY)


def may_replace(before: Audit, framework: Framework, now: datetime) -> bool:
    """``before`` is the audit as it stood. Work already returned, and work carried over, is not replaced."""
    if framework.selection.replace_withdrawn_until != "mid_cycle" or before.has(Flag.CARRIED_OVER):
        return False
    return before.state in _NOT_RETURNED and not before.submission and not _past_the_middle(before, framework, now)


def _past_the_middle(audit: Audit, framework: Framework, now: datetime) -> bool:
    calendar = make_calendar(framework)
    eve = audit.opens_on - timedelta(days=1)
    gone = calendar.working_days_between(eve, calendar.local_day(now))
    return gone * 2 > calendar.working_days_between(eve, audit.due_on)
