"""Days, times and grades as letters say them (HR-06), always in London time (CLK-01)."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outbox import words


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize("moment, said", [
    ("2026-06-30 14:30", "Tuesday 30 June 2026, 3:30pm"), ("2026-06-30 22:59", "Tuesday 30 June 2026"),
    ("2026-06-30 08:00", "Tuesday 30 June 2026, 9am"), ("2026-06-30 11:00", "Tuesday 30 June 2026, 12pm"),
    ("2026-06-30 23:05", "Wednesday 1 July 2026, 12:05am"), ("2026-12-01 23:59", "Tuesday 1 December 2026"),
    ("2026-12-01 09:05", "Tuesday 1 December 2026, 9:05am")])
def test_a_moment_is_said_in_london_and_the_end_of_the_day_is_the_day(moment: str, said: str) -> None:
    assert words.moment(at(moment)) == said


def test_a_day_is_a_day_wherever_it_comes_from() -> None:
    assert words.day(date(2026, 6, 30)) == words.day(at("2026-06-29 23:30")) == "Tuesday 30 June 2026"
    assert words.dotted(at("2026-06-29 23:30")) == "30/06/2026"


def test_a_time_without_a_zone_is_our_fault() -> None:
    with pytest.raises(ValueError, match="zone"):
        words.moment(datetime(2026, 6, 30, 9, 0))


@pytest.mark.parametrize("value, said", [("requires_improvement", "Requires improvement"), ("", "not given"),
                                         ("Good/Outstanding", "Good/Outstanding")])
def test_a_grade_is_a_word_and_what_is_none_is_shown_as_it_was_written(value: str, said: str) -> None:
    assert words.grade(value) == said


def test_the_month_of_a_cycle() -> None:
    assert (words.month_of("2606"), words.month_of("2613"), words.month_of("spring")) == ("June 2026", "2613", "spring")


def test_a_long_text_is_cut_at_a_word_on_one_line() -> None:
    assert words.short("one two,\nthree", 10) == "one two …" and words.short("one\n two", 10) == "one two"


@pytest.mark.parametrize("before, after, shown", [
    ("a b c d e f g", "a b c d e f g The aunt helps.", ("… e f g", "… e f g The aunt helps.")),
    ("x one two three four", "y one two three four", ("x one two three …", "y one two three …")),
    ("", "words", ("", "words")), ("words", "", ("words", "")), ("Good", "RI", ("Good", "RI")),
    ("1 2 3 4 old 6 7 8 9", "1 2 3 4 new 6 7 8 9", ("… 2 3 4 old 6 7 8 …", "… 2 3 4 new 6 7 8 …"))])
def test_two_texts_are_shown_where_they_differ(before: str, after: str, shown: tuple[str, str]) -> None:
    assert words.apart(before, after) == shown


@given(st.lists(st.sampled_from("abc"), max_size=12), st.lists(st.sampled_from("abc"), max_size=12))
def test_different_texts_are_never_shown_alike(before: list[str], after: list[str]) -> None:
    was, now = words.apart(" ".join(before), " ".join(after))
    assert (was == now) is (before == after)
