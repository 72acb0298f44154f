"""Audits and submissions: kept whole, saved over their generation, found at the same cost among many."""

from dataclasses import replace
from typing import Any

import pytest

from mailflow.errors import Broken, Lost, PermanentError
from mailflow.model import Flag, State
from mailflow.store import Store


def test_an_audit_comes_back_as_it_was_kept(store: Store, make: Any) -> None:
    audit = make.audit(flags=frozenset({Flag.LATE, Flag.BOUNCED}), hard_at=make.now, cover=("b@northmoor.example",))
    with store.tx():
        store.add_audit(audit)
    assert store.find_audit(audit.ref) == audit == store.get_audit(audit.ref)


def test_an_audit_nobody_made_is_said_to_be_missing(store: Store) -> None:
    assert store.find_audit("2606-001A") is None
    with pytest.raises(PermanentError, match="2606-001A"):
        store.get_audit("2606-001A")


def test_the_same_reference_twice_is_a_bug(store: Store, make: Any) -> None:
    with store.tx():
        store.add_audit(make.audit())
    with pytest.raises(Broken), store.tx():
        store.add_audit(make.audit())


def test_saving_counts_generations_and_the_slower_of_two_loses(store: Store, make: Any) -> None:
    with store.tx():
        store.add_audit(make.audit())
    first = second = store.get_audit(make.audit().ref)
    with store.tx():
        saved = store.save_audit(replace(first, state=State.UNDERWAY))
    assert saved.generation == 1 and first.generation == 0, "the value that was given is left alone"
    assert store.get_audit(saved.ref) == saved == replace(first, state=State.UNDERWAY, generation=1)
    with pytest.raises(Lost), store.tx():
        store.save_audit(replace(second, state=State.WITHDRAWN))
    assert store.get_audit(saved.ref).state is State.UNDERWAY


def test_audits_are_found_by_every_mixture_of_keys(store: Store, make: Any) -> None:
    other = {"auditor": "b.okoro@northmoor.example"}
    audits = [
        make.audit(1), make.audit(2, state=State.CLOSED), make.audit(3, **other),
        make.audit(1, ref="2607-001B", cycle="2607"), make.audit(2, ref="2607-1000C", cycle="2607", **other),
    ]
    with store.tx():
        for audit in audits:
            store.add_audit(audit)
    one, two, three, four, five = audits
    assert store.find_audits() == tuple(audits)
    assert store.find_audits(auditor="A.Marsh@northmoor.example") == (one, two, four)
    assert store.find_audits(auditor=one.auditor, cycle="2606", states=[State.ALLOCATED]) == (one,)
    assert store.find_audits(auditor=one.auditor, case_number="C2") == (two,)
    assert store.find_audits(case_number="C1") == (one, four)
    assert store.find_audits(case_number="C2", states=[State.ALLOCATED]) == (five,)
    assert store.find_audits(cycle="2606") == (one, two, three)
    assert store.find_audits(cycle="2606", states=[State.CLOSED, State.ISSUED]) == (two,)
    assert store.find_audits(states=[State.CLOSED]) == (two,)
    assert store.find_audits(states=[]) == ()
    assert store.count_audits() == {"allocated": 4, "closed": 1}


def test_a_changed_auditor_is_found_under_the_new_name_only(store: Store, make: Any) -> None:
    with store.tx():
        store.add_audit(make.audit())
        store.save_audit(make.audit(auditor="B.Okoro@northmoor.example"))
    assert store.find_audits(auditor="a.marsh@northmoor.example") == ()
    assert len(store.find_audits(auditor="b.okoro@northmoor.example")) == 1


def test_numbers_go_on_from_the_highest_of_each_cycle(store: Store, make: Any) -> None:
    with store.tx():
        assert store.next_sequence("2606") == 1
        for number in (1, 7, 999, 1000):
            store.add_audit(make.audit(number))
        assert store.next_sequence("2606") == 1001
        assert store.next_sequence("2607") == 1


def test_submissions_are_numbered_and_earlier_ones_stay(store: Store, make: Any) -> None:
    audit = make.audit()
    first, second = make.submission(audit.ref, 1), make.submission(audit.ref, 2, sha="bb", content="dd")
    with store.tx():
        store.add_audit(audit)
        store.add_submission(first)
        store.add_submission(second)
    assert store.load_submissions(audit.ref) == (first, second)
    assert store.find_submission(audit.ref, 2) == second
    assert store.find_submission(audit.ref, 3) is None
    with pytest.raises(Broken), store.tx():
        store.add_submission(replace(second, sender="b.okoro@northmoor.example"))
    with pytest.raises(Broken), store.tx():
        store.add_submission(make.submission("2606-999Z"))


def test_a_return_sent_again_is_recognised_by_its_bytes_or_its_answers(store: Store, make: Any) -> None:
    audit, other = make.audit(1), make.audit(2)
    with store.tx():
        store.add_audit(audit)
        store.add_audit(other)
        store.add_submission(make.submission(audit.ref, 1, sha="aa", content=""))
        store.add_submission(make.submission(audit.ref, 2, sha="bb", content="same"))

    def number(*wanted: str) -> int | None:
        found = store.find_duplicate(*wanted)
        return found.number if found else None

    assert number(audit.ref, "aa", "new") == 1
    assert number(audit.ref, "new", "same") == 2
    assert number(audit.ref, "new", "") is None, "two readings without answers are not the same"
    assert number(other.ref, "aa", "same") is None, "the same form for another audit is another matter"
