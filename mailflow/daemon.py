"""The loop: one pass, a wait, and again; it stops between two passes when told to."""

import logging
import signal
import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import FrameType

from mailflow.errors import Brake, TemporaryError
from mailflow.steps.decide import decide
from mailflow.steps.deliver import deliver
from mailflow.steps.house import House
from mailflow.steps.month import cycles
from mailflow.steps.month.programme import remind_of_programme
from mailflow.steps.read import read
from mailflow.steps.receive import receive, settle
from mailflow.steps.remind import remind

log = logging.getLogger(__name__)

# A clock that went back further than this would send reminders twice over: a person must look (the brake).
CLOCK_SLACK = timedelta(minutes=5)
# A gap this long between two passes is an outage worth a line in the journal (T-52).
OUTAGE = timedelta(minutes=15)
_BACKOFF_SECONDS = (5, 15, 60, 300)


@dataclass(frozen=True)
class Pass:
    """What one pass did, in numbers."""

    received: int
    read: int
    decided: int
    reminded: int
    sent: int


def run_once(house: House, now: datetime) -> Pass:
    """One pass at the given moment (aware, UTC). Raises TemporaryError when the mailbox does not answer, Brake when
    the clock went back. What was committed before stays."""
    _mind_the_clock(house, now)
    received = receive(house, now)
    done_reading, decided = 0, decide(house, now)
    # A message that a person let go on (FILE, YES) is read and decided again in the same pass.
    while batch := read(house, now):
        done_reading += batch
        decided += decide(house, now)
    settle(house)
    reminded = remind(house, now)
    # After the audits' own deadlines, which say what of a cycle is settled.
    cycles.turn(house, now)
    remind_of_programme(house, now)
    sent = deliver(house, now)
    with house.store.tx():
        house.store.save_meta("last_good_poll", now.isoformat())
    return Pass(received, done_reading, decided, reminded, sent)


def _mind_the_clock(house: House, now: datetime) -> None:
    text = house.store.find_meta("last_good_poll")
    if text is None:
        return
    last = datetime.fromisoformat(text)
    if now < last - CLOCK_SLACK:
        raise Brake(f"the clock went back from {last:%d/%m/%Y %H:%M} to {now:%d/%m/%Y %H:%M}; nothing is sent until it is right")
    # One line for one outage, however many passes fail or are cut short before a good one ends it.
    if now > last + OUTAGE and house.store.find_meta("outage_from") != text:
        with house.store.tx():
            house.store.journal("T-52", now, data={"from": last.isoformat(), "to": now.isoformat()})
            house.store.save_meta("outage_from", text)


def run_forever(house: House) -> None:
    """Until SIGTERM or SIGINT; a silent mail server is tried again, a little later each time, for ever."""
    stop = threading.Event()

    def halt(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, halt)
    failures = 0
    while not stop.is_set():
        try:
            done = run_once(house, datetime.now(UTC))
            failures = 0
            log.info("pass: %s received, %s decided, %s sent", done.received, done.decided, done.sent)
            house.mailbox.wait(house.policy.settings.mailbox.poll_seconds, stop)
        except TemporaryError as e:
            pause = _BACKOFF_SECONDS[min(failures, len(_BACKOFF_SECONDS) - 1)]
            failures += 1
            log.warning("tried again in %s seconds: %s", pause, e)
            stop.wait(pause)
