"""What a profile may not say, beyond the kind of each value: one function a table or two, all of them in :func:`faults`."""

import dataclasses
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from mailflow.framework.durations import DURATION
from mailflow.framework.scales import wrong_scales
from mailflow.framework.schema import Framework
from mailflow.framework.schema_year import Activity
from mailflow.framework.words import PLACEHOLDERS
from mailflow.model import Role
from mailflow.model.feedback import SOURCES

_MONTH = re.compile(r"0[1-9]|1[0-2]")
_DAY = re.compile(r"first_working_day|last_working_day|[1-9]\d?wd")
_ID = re.compile(r"[a-z0-9][a-z0-9-]*")
EVERY = ("month", "quarter", "half_year", "listed", "week", "day")
# Kept for the current year and so many more (TS-07).
KEPT = re.compile(r"current_year\+(\d{1,2})")
# What a draw can be shared out by; Annex A lists that are open cases with a worker and a team (ANX-01).
STRATA = ("service", "team", "category", "age_band", "theme", "practitioner", "gender", "ethnicity", "disability")
LISTS = (6, 7, 8, 9)
_ITEMS = ("form", "feedback")
# Nobody may weaken these (domain section 4, order of running).
FIXED = frozenset({"CHK-002", "CHK-004", "CHK-072", "CHK-104"})
# What is looked at in our own case note blocks it or does not: no profile speaks of it.
_OURS = frozenset({"CHK-118", "CHK-119"})

Fault = tuple[str, str]


def faults(fw: Framework, merged: dict[str, Any]) -> list[Fault]:
    """(key, what is wrong with it). ``merged`` is the profile as it was written, for what a dataclass cannot show."""
    return [*_months(fw), *_days(fw), *_reports(fw), *_programme(fw), *_selection(fw), *_feedback(fw), *_grades(fw), *_actions(fw),
            *_checks(fw, merged)]


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


def _selection(fw: Framework) -> Iterator[Fault]:
    rules, roles = fw.selection, [r.value for r in Role]
    for s in rules.stratify_by:
        if s not in STRATA:
            yield "selection.stratify_by", f"{s!r} is not one of {', '.join(STRATA)}"
    for n in rules.lists:
        if n not in LISTS:
            yield "selection.lists", f"{n} is not one of 6, 7, 8, 9; the other lists have no worker, or are events"
    if rules.source == "annex_a" and not rules.lists:
        yield "selection.lists", "name at least one list"
    if rules.per_auditor < 1:
        yield "selection.per_auditor", "leave every auditor at least one case"
    named = {"selection.own_team_exempt_roles": rules.own_team_exempt_roles,
             **{f"types.{name}.auditors": kind.auditors for name, kind in fw.types.items()},
             **{f"services.{name}.auditors": kind.auditors for name, kind in fw.services.items()}}
    for key, wanted in named.items():
        for role in wanted:
            if role not in roles:
                yield key, f"{role!r} is not a part; choose from {', '.join(roles)}"


def _feedback(fw: Framework) -> Iterator[Fault]:
    for key in ("sources", "either", "post_to"):
        for s in getattr(fw.feedback, key):
            if s not in SOURCES:
                yield f"feedback.{key}", f"{s!r} is not one of {', '.join(SOURCES)}"
    for i in fw.back.items:
        if i not in _ITEMS:
            yield "return.items", f"{i!r} is not one of {', '.join(_ITEMS)}"
    if "form" not in fw.back.items:
        yield "return.items", "the form itself always comes back"
    if fw.feedback.attempts < 1:
        yield "feedback.attempts", "at least one"


def _grades(fw: Framework) -> Iterator[Fault]:
    """Scales nobody wrote, means that do not rise."""
    rules = fw.grades
    for key, words in wrong_scales(rules.scales, {"scale": rules.scale, "section_scale": rules.section_scale}):
        yield f"grades.{key}", words
    if len(rules.resp5_bands) != 3 or list(rules.resp5_bands) != sorted(set(rules.resp5_bands)):
        yield "grades.resp5_bands", "give three numbers, each greater than the one before"


def _actions(fw: Framework) -> Iterator[Fault]:
    """Letters and times that can't be read, an owner nobody can be."""
    for letter, time in fw.actions.abc.items():
        if not (re.fullmatch("[A-Z]", letter) and DURATION.fullmatch(time)):
            yield f"actions.abc.{letter}", f"{time!r} is not like 24h or 7d, behind one capital letter"
    if fw.actions.default_owner not in ("", *(r.value for r in Role)):
        yield "actions.default_owner", f"{fw.actions.default_owner!r} is no part somebody plays"


def _checks(fw: Framework, merged: dict[str, Any]) -> Iterator[Fault]:
    """Shares that are none, severities of checks that there are not or that nobody may change."""
    for name in (f.name for f in dataclasses.fields(fw.checks) if f.name.endswith("_share")):
        if not 0 <= getattr(fw.checks, name) <= 1:
            yield f"checks.{name}", "give a share between 0 and 1"
    known = {key.partition(".")[0] for key in PLACEHOLDERS}
    for check in merged.get("checks", {}).get("severity", {}):
        if check not in known:
            yield f"checks.severity.{check}", "there is no such check; `mailflow checks` lists them"
        elif check in FIXED | _OURS:
            yield f"checks.severity.{check}", "this check's severity may not be changed"
