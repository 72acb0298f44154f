"""People, absences, cases and cycles."""

from dataclasses import replace
from datetime import date

import pytest

from mailflow.errors import Broken
from mailflow.model import Absence, Case, Cycle, CycleState, Person
from mailflow.store import Store

MARSH = Person("a.marsh@northmoor.example", "Alex Marsh", ("auditor", "tm"), team="North")
OKORO = Person(
    "b.okoro@northmoor.example", "Bim Okoro", ("qa",), second_address="Bim@home.example",
    delegates=("A.Marsh@northmoor.example", "pa@northmoor.example"),
    absences=(Absence(date(2026, 6, 1), date(2026, 6, 5)),),
)


def save(store: Store, *people: Person) -> None:
    with store.tx():
        store.save_people(people)


def test_an_import_replaces_the_whole_directory_and_keeps_its_order(store: Store) -> None:
    save(store, MARSH)
    save(store, OKORO, MARSH)
    assert store.load_people() == (OKORO, MARSH)
    save(store, OKORO)
    assert store.load_people() == (OKORO,) and store.find_person(MARSH.address) is None


def test_people_are_found_by_either_address_in_any_spelling(store: Store) -> None:
    save(store, OKORO, MARSH)
    assert store.find_person("B.Okoro@Northmoor.example") == OKORO
    assert store.find_person("bim@home.example") == OKORO
    assert store.find_person("stranger@northmoor.example") is None
    assert store.find_person("") is None, "people without a second address are not found by nothing"


def test_a_second_address_two_people_share_names_nobody(store: Store) -> None:
    save(store, OKORO, replace(MARSH, second_address="bim@home.example"))
    assert store.find_person("bim@home.example") is None


def test_delegates_are_found_apart_from_the_people_themselves(store: Store) -> None:
    save(store, OKORO, MARSH)
    assert store.find_delegators("PA@northmoor.example") == (OKORO,)
    assert store.find_delegators(MARSH.address) == (OKORO,)
    assert store.find_delegators(OKORO.address) == ()
    assert store.find_person("pa@northmoor.example") is None


def test_absences_people_told_us_of_outlive_the_next_import(store: Store) -> None:
    save(store, MARSH, OKORO)
    told = Absence(date(2026, 6, 10), date(2026, 6, 12), "mail")
    with store.tx():
        store.save_absence(MARSH.address.upper(), told)
        store.save_absence(MARSH.address, told)
    expected = replace(MARSH, absences=(told,))
    assert store.find_person(MARSH.address) == expected == store.load_people()[0]
    save(store, *store.load_people())
    assert store.find_person(MARSH.address) == expected, "what was loaded can be saved again without doubling"
    save(store, MARSH)
    assert store.find_person(MARSH.address) == expected


def test_one_address_twice_is_a_bug_and_the_old_directory_stays(store: Store) -> None:
    save(store, OKORO)
    with pytest.raises(Broken):
        save(store, MARSH, MARSH)
    assert store.load_people() == (OKORO,)


def test_cases_are_added_or_replaced_by_number(store: Store) -> None:
    first = Case("C1", "cla", "North", "p@northmoor.example", open_since_on=date(2025, 1, 2))
    with store.tx():
        store.save_cases([first, Case("C2", "cp", "South", "q@northmoor.example")])
        store.save_cases([replace(first, team="East", restricted=True)])
    assert store.find_case("C1") == replace(first, team="East", restricted=True)
    assert [c.number for c in store.load_cases()] == ["C1", "C2"] and store.find_case("C3") is None


def test_cycles_are_kept_by_their_id(store: Store) -> None:
    june = Cycle("2606", "audit", date(2026, 6, 1), date(2026, 6, 30), date(2026, 7, 10), seed="x")
    with store.tx():
        store.save_cycle(replace(june, id="2607"))
        store.save_cycle(june)
        store.save_cycle(replace(june, state=CycleState.CLOSING))
    assert store.find_cycle("2606") == replace(june, state=CycleState.CLOSING)
    assert [c.id for c in store.load_cycles()] == ["2606", "2607"] and store.find_cycle("2608") is None
