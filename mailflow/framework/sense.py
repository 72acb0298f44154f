"""What a profile's calendar, reports and programme may not say, beyond the kind of each value."""

import re
from collections.abc import Iterator
from datetime import date

from mailflow.framework.schema import Framework
from mailflow.framework.schema_year import Activity

_MONTH = re.compile(r"0[1-9]|1[0-2]")
_DAY = re.compile(r"first_working_day|last_working_day|[1-9]\d?wd")
_ID = re.compile(r"[a-z0-9][a-z0-9-]*")
EVERY = ("month", "quarter", "half_year", "listed", "week", "day")
# Kept for the current year and so many more (TS-07).
KEPT = re.compile(r"current_year\+(\d{1,2})")

Fault = tuple[str, str]


def calendar_faults(fw: Framework) -> list[Fault]:
    """(key, what is wrong with it), for every key of ``[calendar]``, ``[reports]``, ``[programme]`` and retention."""
    return [*_months(fw), *_days(fw), *_reports(fw), *_programme(fw)]


def _months(fw: Framework) -> Iterator[Fault]:
    rules = fw.calendar
    for name, month in rules.months.items():
        key = f"calendar.months.{name}"
        if not _MONTH.fullmatch(name):
            yield key, 'months are "01" to "12"'
        if month.type not in fw.types:
            yield key, f"there is no [types.{month.type}]"
        if month.second not in ("", "moderation") and month.second not in fw.types:
            yield key, f'second is "moderation" or a type of audit, and there is no [types.{month.second}]'
    if not 1 <= rules.length_months <= 12:
        yield "calendar.length_months", "a cycle has 1 to 12 months"
    if rules.latest_draw_wd < 1:
        yield "calendar.latest_draw_wd", "leave at least one working day"


def _days(fw: Framework) -> Iterator[Fault]:
    for name in ("closure_days", "extra_holidays"):
        for day in getattr(fw.calendar, name):
            try:
                date.fromisoformat(day)
            except ValueError:
                yield f"calendar.{name}", f"{day!r} is not a day such as 2026-12-29"


def _reports(fw: Framework) -> Iterator[Fault]:
    for key, roles, code in (("monthly", fw.reports.monthly, "OUT-69"), ("non_completion", fw.reports.non_completion, "OUT-72")):
        for role in roles:
            if code in fw.letters and role not in fw.letters[code].to:
                yield f"reports.{key}", f"{code} may not go to {role}; its row in [letters] names who it may go to"
    if fw.reports.after_wd < 1:
        yield "reports.after_wd", "leave at least one working day"
    if not KEPT.fullmatch(fw.retention.audit_copy):
        yield "retention.audit_copy", f"{fw.retention.audit_copy!r} is not like current_year+6"


def _programme(fw: Framework) -> Iterator[Fault]:
    seen: set[str] = set()
    for n, activity in enumerate(fw.programme.activities, 1):
        key = f"programme.activities.{n}"
        if activity.id in seen or not _ID.fullmatch(activity.id):
            yield f"{key}.id", f"{activity.id!r} stands twice, or is not small letters, figures and hyphens"
        seen.add(activity.id)
        yield from _activity(fw, activity, key)


def _activity(fw: Framework, activity: Activity, key: str) -> Iterator[Fault]:
    if activity.every not in EVERY:
        yield f"{key}.every", f"{activity.every!r} is not one of {', '.join(EVERY)}"
    if activity.every == "listed" and not activity.months:
        yield f"{key}.months", "name the months"
    for month in activity.months:
        if not _MONTH.fullmatch(month):
            yield f"{key}.months", f'{month!r} is not "01" to "12"'
    if not _DAY.fullmatch(activity.day):
        yield f"{key}.day", f"{activity.day!r} is not first_working_day, last_working_day, or 5wd for the fifth working day"
    if activity.length_wd < 1 or not activity.roles:
        yield key, "needs roles, and a length of at least one working day"
    if activity.remind_wd and activity.every in ("week", "day"):
        yield f"{key}.remind_wd", "what is done every week or day is only listed, never reminded of"
    unknown = [r for r in activity.roles if "OUT-93" in fw.letters and r not in fw.letters["OUT-93"].to]
    if unknown:
        yield f"{key}.roles", f"OUT-93 may not go to {', '.join(unknown)}; its row in [letters] names who it may go to"
