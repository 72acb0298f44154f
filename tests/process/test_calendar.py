"""CLK-01 … CLK-11 with the test vectors of the domain, section 2.4."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from mailflow.errors import ConfigError
from mailflow.process.calendar import Calendar, make_calendar
from tests.process.builders import at, framework

CAL = make_calendar(framework())

HOLIDAYS = {
    2026: "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28",
    2027: "01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28",
    2028: "01-03 04-14 04-17 05-01 05-29 08-28 12-25 12-26",
}
FIRST_LAST = {
    2026: "2/30 2/27 2/31 1/30 1/29 1/30 1/31 3/28 1/30 1/30 2/30 1/31",
    2027: "4/29 1/26 1/31 1/30 4/28 1/30 1/30 2/31 1/30 1/29 1/30 1/31",
}
COUNTS = (1, 2, 3, 4, 5, 10)
VECTORS = {
    "2026-04-01": "04-02 04-07 04-08 04-09 04-10 04-17",
    "2026-04-02": "04-07 04-08 04-09 04-10 04-13 04-20",
    "2026-05-22": "05-26 05-27 05-28 05-29 06-01 06-08",
    "2026-06-30": "07-01 07-02 07-03 07-06 07-07 07-14",
    "2026-08-28": "09-01 09-02 09-03 09-04 09-07 09-14",
    "2026-12-23": "12-24 12-29 12-30 12-31 01-04 01-11",
}


@pytest.mark.parametrize("year", HOLIDAYS)
def test_bank_holidays_on_weekdays_are_exactly_the_listed_ones(year: int) -> None:
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(366)]
    off = {d for d in days if d.year == year and d.weekday() < 5 and not CAL.is_working_day(d)}
    assert off == {date.fromisoformat(f"{year}-{d}") for d in HOLIDAYS[year].split()}


@pytest.mark.parametrize("year", FIRST_LAST)
def test_first_and_last_working_day_of_each_month(year: int) -> None:
    found = [f"{CAL.first_working_day(year, m).day}/{CAL.last_working_day(year, m).day}" for m in range(1, 13)]
    assert found == FIRST_LAST[year].split()


@pytest.mark.parametrize("event", VECTORS)
def test_working_days_after_an_event(event: str) -> None:
    wanted = VECTORS[event].split()
    from_moment = [CAL.add_working_days(at(event, "11:00"), n) for n in COUNTS]
    from_day = [CAL.add_working_days(date.fromisoformat(event), n) for n in COUNTS]
    assert [f"{d:%m-%d}" for d in from_moment] == wanted
    assert from_day == from_moment


def test_after_office_close_counts_as_the_next_working_day() -> None:
    assert CAL.add_working_days(at("2026-04-02", "16:59"), 1) == date(2026, 4, 7)
    assert CAL.add_working_days(at("2026-04-02", "17:00"), 1) == date(2026, 4, 8)
    assert CAL.add_working_days(at("2026-04-04", "12:00"), 1) == date(2026, 4, 8), "a Saturday counts as the Tuesday"


def test_days_can_be_counted_backwards_and_rolled_forward() -> None:
    assert CAL.add_working_days(date(2026, 6, 30), -5) == date(2026, 6, 23)
    assert CAL.add_working_days(date(2026, 5, 26), -2) == date(2026, 5, 21)
    assert CAL.roll(date(2026, 12, 25)) == date(2026, 12, 29)
    assert CAL.add_working_days(date(2026, 6, 28), 0) == date(2026, 6, 29)


def test_working_days_between_two_days() -> None:
    assert CAL.working_days_between(date(2026, 4, 1), date(2026, 4, 8)) == 3
    assert CAL.working_days_between(date(2026, 4, 8), date(2026, 4, 8)) == 0
    assert CAL.working_days_between(date(2026, 4, 8), date(2026, 4, 1)) == 0


def test_a_deadline_is_one_minute_to_midnight_in_london_summer_and_winter() -> None:
    assert CAL.deadline(date(2026, 6, 30)) == datetime(2026, 6, 30, 22, 59, tzinfo=UTC)
    assert CAL.deadline(date(2026, 1, 30)) == datetime(2026, 1, 30, 23, 59, tzinfo=UTC)
    assert CAL.deadline(date(2026, 6, 30)).tzinfo is UTC
    assert CAL.expiry(date(2026, 6, 30)) - CAL.deadline(date(2026, 6, 30)) == timedelta(minutes=1)


def test_on_time_uses_the_true_receipt_time_and_all_of_the_last_minute() -> None:
    due = date(2026, 6, 30)
    assert CAL.on_time(datetime.fromisoformat("2026-06-30T23:59:59+01:00"), due)
    assert not CAL.on_time(at("2026-07-01", "00:00"), due)
    assert CAL.on_time(datetime(2026, 6, 30, 22, 30, tzinfo=UTC), due), "11:30pm in London"
    assert not CAL.on_time(datetime(2026, 6, 30, 23, 30, tzinfo=UTC), due), "half past midnight in London"


@pytest.mark.parametrize(("now", "leaves"), [
    ("2026-06-01T08:59", "2026-06-01T09:00"),
    ("2026-06-01T09:00", "2026-06-01T09:00"),
    ("2026-06-01T09:41", "2026-06-01T09:41"),
    ("2026-06-01T10:00", "2026-06-02T09:00"),
    ("2026-05-22T10:00", "2026-05-26T09:00"),
    ("2026-05-04T09:10", "2026-05-05T09:00"),
    ("2026-03-27T18:00", "2026-03-30T09:00"),
    ("2026-10-23T18:00", "2026-10-26T09:00"),
])
def test_scheduled_mail_leaves_on_working_days_in_the_sending_hour(now: str, leaves: str) -> None:
    found = CAL.next_morning(at(*now.split("T")))
    assert found == at(*leaves.split("T"))
    assert found.utcoffset() == timedelta(0)


def test_nine_in_the_morning_stays_nine_when_the_clocks_change() -> None:
    assert CAL.next_morning(at("2026-03-27", "18:00")) == datetime(2026, 3, 30, 8, tzinfo=UTC)
    assert CAL.next_morning(at("2026-10-23", "18:00")) == datetime(2026, 10, 26, 9, tzinfo=UTC)


@pytest.mark.parametrize(("now", "minutes", "then"), [
    ("2026-06-01T10:00", 60, "2026-06-01T11:00"),
    ("2026-06-01T16:30", 60, "2026-06-02T09:30"),
    ("2026-06-05T16:45", 30, "2026-06-08T09:15"),
    ("2026-06-06T12:00", 60, "2026-06-08T10:00"),
    ("2026-05-01T16:59", 2, "2026-05-05T09:01"),
    ("2026-06-01T07:00", 60, "2026-06-01T10:00"),
    ("2026-06-01T09:00", 480, "2026-06-01T17:00"),
])
def test_minutes_of_the_safety_ladder_count_in_office_hours_only(now: str, minutes: int, then: str) -> None:
    assert CAL.working_minutes_later(at(*now.split("T")), minutes) == at(*then.split("T"))


def test_the_ladder_ends_even_where_the_sending_hour_is_after_office_hours() -> None:
    late = Calendar(framework().calendar, "17:00", 20)
    assert late.working_minutes_later(at("2026-06-01", "15:00"), 30) == at("2026-06-01", "16:30")


def test_divisions_and_closure_days() -> None:
    rules = framework().calendar
    scotland = Calendar(replace(rules, division="scotland"), "17:00", 9)
    assert not scotland.is_working_day(date(2026, 1, 2))
    assert CAL.is_working_day(date(2026, 1, 2))
    closed = Calendar(replace(rules, closure_days=("2026-12-29", "2026-12-30")), "17:00", 9)
    assert closed.add_working_days(date(2026, 12, 24), 1) == date(2026, 12, 31)


def test_a_closure_day_that_is_no_day_is_a_wrong_setting() -> None:
    with pytest.raises(ConfigError, match="closure_days"):
        Calendar(replace(framework().calendar, closure_days=("29/12/2026",)), "17:00", 9)
