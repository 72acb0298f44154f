"""With a hundred thousand audits in the store, every look-up of the daemon goes straight to its rows.

Asked of SQLite itself (EXPLAIN QUERY PLAN) for the statements the Store really makes: a plan that walks through a whole
table ("SCAN") is a step whose cost grows with the store.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mailflow.model import State
from mailflow.store import Store
from mailflow.store.values import to_text

MANY = 100_000


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory, make: Any) -> Iterator[Store]:
    """A hundred thousand audits in one state and one cycle: the worst there can be for indices on these."""
    folder: Path = tmp_path_factory.mktemp("crowded") / "state"
    with Store.open(folder, "audits@northmoor.example") as store:
        plain = make.audit(1)
        text = to_text(plain)
        with store.tx():
            store.add_audit(plain)
            store._write_many(
                "insert into audit (ref, cycle, sequence, case_number, auditor, state, due_on, generation, value)"
                " values (?, '2606', ?, ?, ?, 'allocated', '2026-06-30', 0, ?)",
                ((f"2606-{n:06d}", n, f"C{n}", f"x{n // 20}@northmoor.example", text) for n in range(2, MANY)),
            )
        yield store


def plans(store: Store, step: Callable[[], Any]) -> list[str]:
    """How SQLite goes about every statement the step makes."""
    seen: list[tuple[str, Any]] = []
    with store._db.tracer(lambda sql, values: seen.append((sql, values))):
        step()
    assert seen
    return [
        f"{row[3]}  ({sql})"
        for sql, values in seen if not sql.startswith("pragma")
        for row in store._conn.execute(f"explain query plan {sql}", values).fetchall()
    ]


FINDS: dict[str, Callable[[Store, Any], Any]] = {
    "an audit by reference": lambda s, m: s.find_audit("2606-050000"),
    "by auditor": lambda s, m: s.find_audits(auditor="x7@northmoor.example"),
    "by auditor, cycle and states": lambda s, m: s.find_audits(
        auditor="x7@northmoor.example", cycle="2606", states=[State.ALLOCATED]),
    "by case": lambda s, m: s.find_audits(case_number="C777"),
    "by case, cycle and states": lambda s, m: s.find_audits(case_number="C777", cycle="2606", states=tuple(State)),
    "by cycle and state": lambda s, m: s.find_audits(cycle="2606", states=[State.REVISION]),
    "by state": lambda s, m: s.find_audits(states=[State.REVISION, State.UNDER_QA]),
    "the next number": lambda s, m: s.next_sequence("2606"),
    "how a cycle stands": lambda s, m: s.count_audits("2606"),
    "work to carry over": lambda s, m: s.find_uncarried("2607"),
    "submissions": lambda s, m: s.load_submissions("2606-050000"),
    "a duplicate": lambda s, m: s.find_duplicate("2606-050000", "aa", "bb"),
    "a message": lambda s, m: s.find_inbound("<1@x>", "d"),
    "a message by digest": lambda s, m: s.find_inbound_by_digest("d"),
    "new messages": lambda s, m: s.take_inbound("new"),
    "held messages": lambda s, m: s.load_inbound("hold"),
    "unsettled messages": lambda s, m: s.unsettled(),
    "readings": lambda s, m: s.load_readings(1),
    "a person": lambda s, m: s.find_person("a@northmoor.example"),
    "delegators": lambda s, m: s.find_delegators("a@northmoor.example"),
    "a case": lambda s, m: s.find_case("C1"),
    "timers that came due": lambda s, m: s.due_timers(m.now),
    "timers of an audit": lambda s, m: s.load_timers("2606-050000"),
    "a code": lambda s, m: s.find_code("2606-050000", "q@northmoor.example", "hash", m.now),
    "letters left sending": lambda s, m: s.sending_letters(),
    "letters of an audit": lambda s, m: s.load_letters(audit="2606-050000"),
    "letters of a message": lambda s, m: s.letters_of(1),
    "a letter of a thread": lambda s, m: s.find_letter_by_message_id("<1@x>"),
    "answers to one address": lambda s, m: s.count_letters("a@northmoor.example", m.now),
    "the journal of an audit": lambda s, m: s.load_journal("2606-050000"),
    "the journal's head": lambda s, m: s.head(),
    "audits with the same passages": lambda s, m: s.find_alike(range(900), "2606-050000"),
    "a note": lambda s, m: s.find_meta("last_poll_at"),
}


@pytest.mark.parametrize("words", FINDS)
def test_finding_goes_straight_there(crowded: Store, make: Any, words: str) -> None:
    for plan in plans(crowded, lambda: FINDS[words](crowded, make)):
        assert not plan.startswith("SCAN"), plan


def test_when_each_case_was_last_audited_is_one_look_a_case(crowded: Store) -> None:
    """The council's cases are walked through once; of the audits only the index is looked at."""
    found = plans(crowded, crowded.load_last_opened)
    assert [p for p in found if p.startswith("SCAN")] == [p for p in found if p.startswith("SCAN c ")], found
    assert any("SEARCH a USING COVERING INDEX audit_last (case_number=?)" in p for p in found), found


def test_an_auditor_or_a_case_is_never_looked_for_through_a_cycle_or_a_state(crowded: Store) -> None:
    """A state or cycle may hold every audit there is; its index would be no better than none."""
    for narrow in ({"auditor": "x7@northmoor.example"}, {"case_number": "C777"}):
        for wide in ({}, {"cycle": "2606"}, {"states": [State.ALLOCATED]}, {"cycle": "2606", "states": [State.ALLOCATED]}):
            found = plans(crowded, lambda n=narrow, w=wide: crowded.find_audits(**n, **w))  # type: ignore[misc]
            assert any("audit_auditor" in plan or "audit_case" in plan for plan in found), found


def test_every_write_of_the_daemon_goes_straight_there(crowded: Store, make: Any) -> None:
    audit = crowded.get_audit(make.audit(1).ref)

    def step() -> None:
        inbound = crowded.receive("<1@x>", "d", "p", b"raw", make.now)
        assert inbound
        crowded.save_readings(inbound.id, ())
        crowded.add_submission(make.submission(audit.ref))
        crowded.save_audit(replace(audit, state=State.UNDER_QA))
        crowded.enqueue(make.letter(1), inbound.id)
        crowded.set_timer(audit.ref, "due", make.now)
        crowded.clear_timers(audit.ref, ("due", "reminder:"))
        crowded.cancel_letters(audit.ref, ("*",), "gone")
        crowded.journal("T-09", make.now, audit.ref)
        crowded.finish_inbound(inbound.id, "accept")
        crowded.settle_inbound(inbound.id)

    with crowded.tx():
        found = plans(crowded, step)
    assert not [plan for plan in found if plan.startswith("SCAN")]


def test_taking_a_letter_reads_the_queue_in_order_and_sorts_nothing(crowded: Store, make: Any) -> None:
    """The morning's queue may hold thousands: sorting it for each letter taken would be felt."""
    found = plans(crowded, lambda: crowded.take_letter(make.now))
    assert any("letter_waiting" in plan for plan in found)
    assert not [plan for plan in found if "TEMP B-TREE" in plan or plan.startswith("SCAN")]
