"""Deadlines as rows, and one-time codes."""

from datetime import timedelta
from typing import Any

import pytest

from mailflow.errors import Lost
from mailflow.model import Pending, Timer
from mailflow.store import Store

HOUR = timedelta(hours=1)


def test_timers_come_due_audit_by_audit_and_stay_until_cleared(store: Store, make: Any) -> None:
    now = make.now
    with store.tx():
        store.set_timer("A", "due", now)
        store.set_timer("B", "due", now - 2 * HOUR)
        store.set_timer("A", "reminder:1", now - HOUR)
        store.set_timer("A", "later", now + HOUR)
    due = (("B", (Timer("due", now - 2 * HOUR),)), ("A", (Timer("reminder:1", now - HOUR), Timer("due", now))))
    assert store.due_timers(now) == due == store.due_timers(now)
    assert store.due_timers(now - 3 * HOUR) == ()
    assert [t.name for t in store.load_timers("A")] == ["reminder:1", "due", "later"]


def test_setting_a_timer_again_moves_it(store: Store, make: Any) -> None:
    with store.tx():
        store.set_timer("A", "due", make.now)
        store.set_timer("A", "due", make.now + HOUR)
    assert store.load_timers("A") == (Timer("due", make.now + HOUR),)


def test_timers_are_cleared_by_name_or_by_prefix_of_one_audit(store: Store, make: Any) -> None:
    with store.tx():
        for name in ("reminder", "reminder:1", "reminder:2", "rem%nder:", "due"):
            store.set_timer("A", name, make.now)
        store.set_timer("B", "reminder:1", make.now)
        assert store.clear_timers("A", ["reminder:", "rem_nder:", "nothing"]) == 2
        assert [t.name for t in store.load_timers("A")] == ["due", "rem%nder:", "reminder"]
        assert store.clear_timers("A", ("due",)) == 1
    assert len(store.load_timers("B")) == 1


def test_a_code_counts_once_for_its_own_audit_and_person_and_a_day(store: Store, make: Any) -> None:
    pending = Pending("Q.Officer@northmoor.example", "WITHDRAW", "moved away", make.now + 24 * HOUR)
    with store.tx():
        number = store.add_code("A", pending, "hash")
    found = store.find_code("A", "q.officer@northmoor.example", "hash", make.now)
    assert found and (found.id, found.audit, found.pending) == (number, "A", pending)
    for audit, by, code, at in (
        ("B", pending.by, "hash", make.now), ("A", "x@northmoor.example", "hash", make.now),
        ("A", pending.by, "guess", make.now), ("A", pending.by, "hash", pending.expires_at),
    ):
        assert store.find_code(audit, by, code, at) is None
    with store.tx():
        store.use_code(number)
    assert store.find_code("A", pending.by, "hash", make.now) is None
    with pytest.raises(Lost), store.tx():
        store.use_code(number)
