"""Rehearse: the same daemon on a chosen clock, on a copied store and a scratch folder; never a configured mailbox."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from mailflow.config import MailboxSettings
from mailflow.daemon import run_once
from mailflow.errors import PermanentError
from mailflow.mailbox import open_mailbox
from mailflow.model import LetterState
from mailflow.steps.decide import decide
from mailflow.steps.house import House, Policy, open_house
from mailflow.steps.look import letter_line, message_line
from mailflow.steps.month import cycles
from mailflow.steps.month.programme import remind_of_programme
from mailflow.steps.read import read
from mailflow.steps.receive import receive
from mailflow.steps.remind import remind
from mailflow.store import Store


@contextmanager
def scratch_house(policy: Policy, folder: Path, *, own_inbox: bool) -> Iterator[House]:
    """A house on a copy of the store. ``own_inbox``: an empty folder mailbox; else new mail is read where it is."""
    settings = policy.settings
    state = folder / "state"
    state.mkdir(mode=0o700, parents=True)
    with Store.read_only(settings.state, settings.mailbox.address) as store:
        store.backup(state / "mailflow.db")
    box = MailboxSettings("folder", settings.mailbox.address, path=folder / "mail")
    scratch = replace(settings, state=state, mailbox=box)
    copied = replace(policy, settings=scratch)
    mailbox = open_mailbox(scratch if own_inbox else settings)
    with open_house(copied, mailbox=mailbox) as house:
        yield house


def dry_pass(policy: Policy, now: datetime) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """One pass over a copy: (letters that would leave, messages and their ends). The mailbox is only looked at."""
    with tempfile.TemporaryDirectory(prefix="mailflow-dry-") as folder, \
            scratch_house(policy, Path(folder), own_inbox=False) as house:
        before = {x.id for x in house.store.load_inbound()}
        receive(house, now, copies=False)
        while read(house, now):
            decide(house, now)
        remind(house, now)
        cycles.turn(house, now)
        remind_of_programme(house, now)
        due = [letter_line(x) for x in house.store.load_letters(states=(LetterState.READY, LetterState.DEFERRED))
               if x.leave_at <= now]
        return due, [message_line(house.store, m) for m in house.store.load_inbound() if m.id not in before]


def rehearse_days(policy: Policy, first: datetime, last: datetime, keep: Path | None,
                  progress: Callable[[int, int], None]) -> list[dict[str, Any]]:
    """Every letter that would leave between two moments if no mail came in; in the order they leave."""
    with tempfile.TemporaryDirectory(prefix="mailflow-rehearsal-") as scratch:
        folder = keep or Path(scratch) / "rehearsal"
        if folder.exists():
            raise PermanentError(f"{folder} is there already; name a new folder")
        with scratch_house(policy, folder, own_inbox=True) as house:
            with house.store.tx():
                house.store.save_meta("last_good_poll", first.isoformat())
            before = {x.id for x in house.store.load_letters(states=(LetterState.SENT,))}
            now, days = first, max((last - first).days, 1)
            while now <= last:
                run_once(house, now)
                progress(min((now - first).days, days), days)
                now = _next_moment(house, now)
            sent = [letter_line(x) for x in house.store.load_letters(states=(LetterState.SENT,)) if x.id not in before]
        if keep is None:
            shutil.rmtree(folder)
        return sorted(sent, key=lambda x: str(x["sent_at"]))


def _next_moment(house: House, now: datetime) -> datetime:
    """The next moment at which anything could happen: a timer, a letter's hour, or the next working morning."""
    ahead = [t for t in (house.store.next_timer(now), house.store.next_letter(now)) if t is not None and t > now]
    return min([*ahead, house.policy.calendar.next_morning(now + timedelta(minutes=1))])
