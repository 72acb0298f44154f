"""When a deferred letter is tried again: after 5 minutes, doubling to 4 hours; given up once a day has gone into it.

Counted by attempts, not by the clock, so that a machine that was switched off for two days has not used its tries up.
"""

from datetime import datetime, timedelta

FIRST_WAIT = timedelta(minutes=5)
LONGEST_WAIT = timedelta(hours=4)
GIVE_UP_AFTER = timedelta(hours=24)


def find_wait(attempts: int) -> timedelta:
    """How long to wait after the n-th attempt (from 1) failed."""
    wait = FIRST_WAIT
    for _ in range(attempts - 1):
        wait = min(wait * 2, LONGEST_WAIT)
    return wait


def decide_retry(attempts: int, now: datetime) -> datetime | None:
    """When to try next after ``attempts`` failures; None when a person must look (the letter is held)."""
    waited = sum((find_wait(n) for n in range(1, attempts + 1)), timedelta())
    return now + find_wait(attempts) if waited <= GIVE_UP_AFTER else None
