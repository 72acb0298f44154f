"""The tabled clock cases: event, rule, what is expected (domain 2.4, SCN-01, 02, 03, 06, 11, 30). One row, one assertion.

A row is (rule, event, expected) in London wall time; the rule is one of RULES, which asks the public functions only.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from mailflow.framework import Framework
from mailflow.process.calendar import Calendar, local, make_calendar
from mailflow.process.cycle.cycles import draw_day, make_cycle, months_to_draw
from tests.process.builders import at, framework, with_rules

F1 = framework()
SEFTON = framework("sefton")
QUARTERLY = with_rules(F1, calendar={"length_months": 3})
CAL = make_calendar(F1)
JUBILEE = make_calendar(with_rules(F1, calendar={"extra_holidays": ("2027-06-04",), "closure_days": ("2026-12-29",)}))
SCOTLAND = make_calendar(with_rules(F1, calendar={"division": "scotland"}))


def moment(text: str) -> datetime:
    day, _, clock = text.partition(" ")
    return at(day, clock or "11:00")


def shown(when: date | datetime) -> str:
    """"2026-04-07", or "2026-04-07 23:59" for a moment, in London."""
    return f"{local(when):%Y-%m-%d %H:%M}" if isinstance(when, datetime) else when.isoformat()


def after(count: int, calendar: Calendar = CAL) -> Callable[[str], str]:
    return lambda event: shown(calendar.add_working_days(moment(event), count))


def month(text: str) -> tuple[int, int]:
    return int(text[:4]), int(text[5:7])


def days_of(fw: Framework) -> Callable[[str], str]:
    def days(event: str) -> str:
        cycle = make_cycle(fw, *month(event))
        return " ".join(map(shown, (draw_day(fw, *month(event)), cycle.opens_on, cycle.due_on, cycle.closes_on)))
    return days


RULES: dict[str, Callable[[str], str]] = {
    "first working day": lambda e: shown(CAL.first_working_day(*month(e))),
    "last working day": lambda e: shown(CAL.last_working_day(*month(e))),
    "+1 wd": after(1), "+2 wd": after(2), "+3 wd": after(3), "+4 wd": after(4), "+5 wd": after(5), "+10 wd": after(10),
    "+1 wd, closed and proclaimed days": after(1, JUBILEE), "+1 wd in Scotland": after(1, SCOTLAND),
    "QA target": lambda e: shown(CAL.deadline(CAL.add_working_days(moment(e), F1.qa.target_wd))),
    "revision soft": lambda e: shown(CAL.deadline(CAL.add_working_days(moment(e), F1.revision.soft_wd))),
    "revision hard": lambda e: shown(CAL.deadline(CAL.add_working_days(moment(e), F1.revision.hard_wd))),
    "discussion soft": lambda e: shown(CAL.deadline(CAL.add_working_days(moment(e), F1.revision.discussion_soft_wd))),
    "discussion hard": lambda e: shown(CAL.deadline(CAL.add_working_days(moment(e), F1.revision.discussion_hard_wd))),
    "7 calendar days, rolled": lambda e: shown(CAL.roll(date.fromisoformat(e) + timedelta(days=7))),
    "24 hours": lambda e: shown(moment(e).astimezone(CAL.next_morning(moment(e)).tzinfo) + timedelta(hours=24)),
    "next morning": lambda e: shown(CAL.next_morning(moment(e))),
    "draw, open, due, close": days_of(F1), "draw, open, due, close at Sefton": days_of(SEFTON),
    "draw, open, due, close by quarters": days_of(QUARTERLY),
    "drawn now": lambda e: " ".join(f"{y}-{m:02d}" for y, m in months_to_draw(F1, moment(e), ())),
    "drawn now at Sefton": lambda e: " ".join(f"{y}-{m:02d}" for y, m in months_to_draw(SEFTON, moment(e), ())),
}

FIRST = {
    "2026": "02 02 02 01 01 01 01 03 01 01 02 01", "2027": "04 01 01 01 04 01 01 02 01 01 01 01",
}
LAST = {
    "2026": "30 27 31 30 29 30 31 28 30 30 30 31", "2027": "29 26 31 30 28 30 30 31 30 29 30 31",
}
VECTORS = {
    "2026-04-01": "2026-04-02 2026-04-07 2026-04-08 2026-04-09 2026-04-10 2026-04-17",
    "2026-04-02": "2026-04-07 2026-04-08 2026-04-09 2026-04-10 2026-04-13 2026-04-20",
    "2026-05-22": "2026-05-26 2026-05-27 2026-05-28 2026-05-29 2026-06-01 2026-06-08",
    "2026-06-30": "2026-07-01 2026-07-02 2026-07-03 2026-07-06 2026-07-07 2026-07-14",
    "2026-08-28": "2026-09-01 2026-09-02 2026-09-03 2026-09-04 2026-09-07 2026-09-14",
    "2026-12-23": "2026-12-24 2026-12-29 2026-12-30 2026-12-31 2027-01-04 2027-01-11",
}
TABLE: list[tuple[str, str, str]] = [
    *((rule, f"{year}-{n:02d}", f"{year}-{n:02d}-{day}") for rule, days in (("first working day", FIRST), ("last working day", LAST))
      for year, text in days.items() for n, day in enumerate(text.split(), 1)),
    *((f"+{n} wd", event, day) for event, text in VECTORS.items()
      for n, day in zip((1, 2, 3, 4, 5, 10), text.split(), strict=True)),
    # CLK-04: at or after five, or on a day off, an event counts as the next working day.
    ("QA target", "2026-04-02 17:00", "2026-04-08 23:59"),
    ("QA target", "2026-04-02 16:59", "2026-04-07 23:59"),                       # SCN-02
    ("QA target", "2026-04-03 10:00", "2026-04-08 23:59"),
    ("QA target", "2026-04-04 10:00", "2026-04-08 23:59"),
    ("revision soft", "2026-04-01 11:00", "2026-04-07 23:59"),                   # SCN-03
    ("revision hard", "2026-04-01 11:00", "2026-04-08 23:59"),
    ("discussion soft", "2026-04-01 11:00", "2026-04-08 23:59"),
    ("discussion hard", "2026-04-01 11:00", "2026-04-09 23:59"),
    ("+5 wd", "2026-07-31", "2026-08-07"),                                       # SCN-06: discussion due
    ("7 calendar days, rolled", "2026-12-18", "2026-12-29"),                     # SCN-11: B falls on Christmas Day
    ("7 calendar days, rolled", "2026-06-05", "2026-06-12"),
    ("24 hours", "2026-06-05 15:00", "2026-06-06 15:00"),                        # SCN-11: A ends on Saturday
    ("24 hours", "2026-03-28 15:00", "2026-03-29 16:00"),                        # SCN-30: clocks go forward
    ("24 hours", "2026-10-24 15:00", "2026-10-25 14:00"),                        # SCN-30: clocks go back
    ("next morning", "2026-03-27 18:00", "2026-03-30 09:00"),
    ("next morning", "2026-10-23 18:00", "2026-10-26 09:00"),
    ("next morning", "2026-05-04 09:10", "2026-05-05 09:00"),                    # SCN-01: nothing on the bank holiday
    ("next morning", "2026-05-22 17:30", "2026-05-26 09:00"),
    ("+1 wd, closed and proclaimed days", "2026-12-24", "2026-12-30"),
    ("+1 wd, closed and proclaimed days", "2027-06-03", "2027-06-07"),
    ("+1 wd in Scotland", "2025-12-31", "2026-01-05"),
    ("draw, open, due, close", "2026-05", "2026-05-01 2026-05-01 2026-05-29 2026-05-29"),    # SCN-01
    ("draw, open, due, close at Sefton", "2026-09", "2026-08-28 2026-09-01 2026-09-30 2026-09-30"),   # F3-CAL-01
    ("draw, open, due, close at Sefton", "2027-01", "2026-12-31 2027-01-04 2027-01-29 2027-01-29"),
    ("draw, open, due, close by quarters", "2026-04", "2026-04-01 2026-04-01 2026-06-30 2026-06-30"),
    ("drawn now", "2026-09-01 08:59", ""),
    ("drawn now", "2026-09-01 09:00", "2026-09"),
    ("drawn now", "2026-09-14 12:00", "2026-09"),
    ("drawn now", "2026-09-15 12:00", ""),                                       # CLK-09: too late to draw
    ("drawn now", "2026-08-03 12:00", ""),                                       # F1-CAL-01: closed
    ("drawn now", "2026-12-01 12:00", ""),
    ("drawn now at Sefton", "2026-08-27 12:00", ""),
    ("drawn now at Sefton", "2026-08-28 09:00", "2026-09"),
    ("drawn now at Sefton", "2026-12-31 09:00", "2027-01"),
]


@pytest.mark.parametrize(("rule", "event", "expected"), TABLE)
def test_the_clock_says(rule: str, event: str, expected: str) -> None:
    assert RULES[rule](event) == expected


def test_there_are_more_than_sixty_rows_and_none_twice() -> None:
    assert len(TABLE) == len({row[:2] for row in TABLE}) >= 60


def test_a_month_that_has_begun_is_not_drawn_again_and_by_hand_never() -> None:
    assert months_to_draw(F1, moment("2026-09-01 09:00"), {"2609"}) == ()
    assert months_to_draw(with_rules(F1, calendar={"starts": "by_hand"}), moment("2026-09-01 09:00"), ()) == ()


def test_bank_holidays_are_known_for_long_enough() -> None:
    """CLK-12: a warning once less than six months are known; the day comes from the library's own table."""
    assert CAL.warn_of_holidays(date(2026, 6, 1)) == ""
    assert "2100" in CAL.warn_of_holidays(date(2100, 7, 15))


def test_grace_moves_the_close_and_not_the_due_day() -> None:
    cycle = make_cycle(with_rules(F1, calendar={"grace_wd": 2}), 2026, 9)
    assert (cycle.due_on, cycle.closes_on) == (date(2026, 9, 30), date(2026, 10, 2))
