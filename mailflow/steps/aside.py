"""A deadline that could not be handled: told, written down, and tried again. The line goes on without it."""

from datetime import datetime, timedelta

from mailflow.model import Timer, Wish
from mailflow.steps.effects import tell_now
from mailflow.steps.guard import attempt
from mailflow.steps.house import House

TRY_AGAIN = timedelta(hours=1)


def set_aside(house: House, ref: str, due: tuple[Timer, ...], now: datetime, reason: str) -> None:
    """Tried again in an hour; the journal and the QA team know of it, once a day."""
    wish = Wish("OUT-90", "qa", "failed", f"{ref}·{due[0].name}·{now:%Y-%m-%d}", facts={
        "address": ref, "letter_code": "", "reason": f"deadline {due[0].name}: {reason}", "permanent": False})
    with house.store.tx():
        for timer in due:
            house.store.set_timer(ref, timer.name, now + TRY_AGAIN)
        house.store.journal("failed", now, ref, data={"timers": [t.name for t in due], "reason": reason})
    attempt(f"the notice about {ref}", lambda: tell_now(house, wish, now), lambda _: None)
