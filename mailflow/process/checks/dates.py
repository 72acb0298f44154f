"""CHK-032 … 040: dates, read day first. A date somebody wrote inside a sentence counts as read."""

import re
from collections.abc import Iterator
from datetime import date

from mailflow.form.actions import name_of
from mailflow.form.definition import FormField, Kind, Part
from mailflow.process.calendar import Calendar
from mailflow.process.checks.completeness import no_meeting_reason
from mailflow.process.checks.look import LONDON, Look, Problem, day_of
from mailflow.process.checks.text import clip, days_in, looks_like_a_date, uk_day

# Fewer dates than this in the evidence say nothing about where most of it comes from.
_ENOUGH_DATES = 4
# What is missing of a day, as reading told it → the wording that asks for it.
_WANTING = {"no_year": "year", "no_day": "day"}
_DAY_FIRST = re.compile(r"\b(?:1[3-9]|2\d|3[01])\s?[./-]\s?(?:0?[1-9]|1[0-2])\s?[./-]")


def chk_032(look: Look) -> Iterator[Problem]:
    """Every date is a real one. "ASAP" as a due date is CHK-044's; a reason instead of a meeting date CHK-026's."""
    for f in _header_dates(look):
        a = look.answer(f.id)
        if a.text.strip() and day_of(a) is None and not (name_of(f) == "met" and no_meeting_reason(a.text)):
            yield Problem((f.id,), {"found": clip(a.text), "section": look.heading(f.section)}, _WANTING.get(a.trouble, ""))
    for action in look.actions:
        if action.due.text.strip() and action.due_on is None and looks_like_a_date(action.due.text):
            yield Problem((action.ids["due"],), {"found": clip(action.due.text), "section": _title(look)},
                          _WANTING.get(action.due.trouble, ""))


def chk_033(look: Look) -> Iterator[Problem]:
    """Day and month could be the other way round, or the year has two digits: say how it was read.

    Dates are read day first. Where another date in the form can only be day first (17/06/2026), or where the other
    reading makes no sense at that place, nothing is asked. One that can only be month first (06/17/2026) is always
    asked about, and puts the others in doubt again.
    """
    asked = [(f.id, look.answer(f.id), False) for f in _header_dates(look)]
    asked += [(x.ids["due"], x.due, True) for x in look.actions]
    american = any(a.trouble == "month_first" for _, a, _ in asked)
    clear = any(_DAY_FIRST.search(a.text) for _, a, _ in asked) and not american
    for field_id, a, is_due in asked:
        day = day_of(a)
        doubtful = a.trouble == "ambiguous_date" and day and not clear and _fits(look, _swapped(day), is_due)
        if day and (doubtful or a.trouble in ("short_year", "month_first")):
            yield Problem(fields=(field_id,), values={"found": clip(a.text), "day": _long_day(day)})


def _swapped(day: date) -> date:
    """The same figures with the month first; the same day where there is no such month."""
    return date(day.year, day.day, day.month) if day.day <= 12 else day


def _fits(look: Look, day: date, is_due: bool) -> bool:
    """Could this be a due date (from now, within ``far_action_months``), or a day on which the audit was done?"""
    if is_due:
        ahead = (day - look.received_on).days
        return 0 <= ahead <= 31 * look.scene.framework.checks.far_action_months
    sent_at = look.scene.audit.allocated_at
    return day <= look.received_on and (not sent_at or day >= sent_at.astimezone(LONDON).date())


def chk_034(look: Look) -> Iterator[Problem]:
    """The meeting is not before the start."""
    started, met = look.header_day("started"), look.header_day("met")
    if started and met and met < started:
        yield Problem(fields=_ids(look, "started", "met"), values={"met": uk_day(met), "started": uk_day(started)})


def chk_035(look: Look) -> Iterator[Problem]:
    """No header date after the London day the form came."""
    for f in _header_dates(look):
        day = day_of(look.answer(f.id))
        if day and day > look.received_on:
            yield Problem(fields=(f.id,), values={"label": look.label(f), "day": uk_day(day)})


def chk_036(look: Look) -> Iterator[Problem]:
    """The start is not before the allocation."""
    started, sent_at = look.header_day("started"), look.scene.audit.allocated_at
    if started and sent_at and started < sent_at.astimezone(LONDON).date():
        yield Problem(fields=_ids(look, "started"))


def chk_037(look: Look) -> Iterator[Problem]:
    """The meeting was on a working day (CLK-02)."""
    fw, met = look.scene.framework, look.header_day("met")
    if met and met <= look.received_on and not Calendar(fw.calendar, fw.office.close, fw.send.hour).is_working_day(met):
        yield Problem(fields=_ids(look, "met"), values={"day": _long_day(met)})


def chk_038(look: Look) -> Iterator[Problem]:
    """Start, meeting and return on one day, with little time in the document where Word says how much."""
    days = {look.header_day("started"), look.header_day("met"), look.received_on}
    minutes = look.reading.edit_minutes
    if len(days) == 1 and minutes is not None and minutes < look.scene.framework.checks.reminder_minutes_one_day:
        yield Problem(fields=_ids(look, "started", "met"), detail=f"{minutes} minutes of editing")


def chk_040(look: Look) -> Iterator[Problem]:
    """Most dates in the evidence fall inside the look-back."""
    from_on = look.scene.audit.lookback_from_on
    days = days_in(look.joined(look.by_part(Part.EVIDENCE, domains=True)))
    if from_on and len(days) >= _ENOUGH_DATES and sum(d < from_on for d in days) * 2 > len(days):
        months = str(look.scene.framework.audit.lookback_months)
        yield Problem(fields=tuple(f.id for f in look.by_part(Part.EVIDENCE, domains=True))[:1],
                      values={"from_day": _long_day(from_on), "n": months})


def _header_dates(look: Look) -> list[FormField]:
    return [f for f in look.typed_fields if f.kind == Kind.DATE]


def _ids(look: Look, *names: str) -> tuple[str, ...]:
    return tuple(f.id for f in (look.find_named(Part.HEADER, n) for n in names) if f)


def _title(look: Look) -> str:
    return look.heading(look.form.tables[0].section)


def _long_day(day: date) -> str:
    """Tuesday 30 June 2026 (HR-06)."""
    return f"{day:%A} {day.day} {day:%B %Y}"
