"""A letter that could not leave is tried again, later each time, and after a day a person is asked."""

from datetime import UTC, datetime, timedelta

from outbox.retry import decide_retry

NOW = datetime(2026, 6, 24, 9, 0, tzinfo=UTC)


def waits() -> list[timedelta]:
    found = []
    for attempts in range(1, 100):
        at = decide_retry(attempts, NOW)
        if at is None:
            return found
        found.append(at - NOW)
    raise AssertionError("it would be tried for ever")


def test_it_begins_after_five_minutes_and_doubles_to_four_hours() -> None:
    assert [w.total_seconds() / 60 for w in waits()[:8]] == [5, 10, 20, 40, 80, 160, 240, 240]


def test_it_is_given_up_when_a_day_has_gone_into_it() -> None:
    total = sum(waits(), timedelta())
    assert timedelta(hours=20) < total <= timedelta(hours=24)


def test_a_machine_that_was_off_has_not_used_up_its_tries() -> None:
    late = NOW + timedelta(days=3)
    assert decide_retry(2, late) == late + timedelta(minutes=10)
