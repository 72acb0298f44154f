"""T-61, F1-ALL-01, F3-ALL-01, G-08, G-58: who is told that an audit has been given out."""

import tomllib
from collections.abc import Iterable
from dataclasses import replace

from mailflow.framework import Framework, templates_root
from mailflow.model import Flag, State, Wish
from mailflow.process.people.telling import Told, decide_tellings, states_to_tell, told_roles
from mailflow.scene import Scene
from tests.process.builders import AUDITOR, IRO, SM, TM, WORKER, at, audit, framework, person, scene, with_rules

OTHER_WORKER = person("Wanda Reed", "practitioner", team="North")


def one(ref: str = "2606-001C", rules: Framework | None = None, **more: object) -> Scene:
    return scene(at("2026-06-01", "09:00"), audit(State.ALLOCATED, ref=ref, **more), rules=rules)


def told(wishes: Iterable[Wish]) -> list[tuple[str, str, tuple[str, ...]]]:
    return sorted((w.code, w.address, w.audits) for w in wishes)


def as_told(wishes: Iterable[Wish], counts: bool = True) -> list[Told]:
    return [Told(w.code, w.address, ref, w.round, counts) for w in wishes for ref in w.audits]


def test_each_framework_tells_whom_it_says() -> None:
    """F0 and F4 the auditor alone; F1 practitioner and manager; F2 the practitioner; F3 everybody."""
    wanted = {"one-page": set(), "wokingham-3.2": set(), "framework-2023": {"OUT-05", "OUT-06"}, "bexley-2017": {"OUT-05"},
              "sefton": {"OUT-05", "OUT-06", "OUT-07"}}
    for name, codes in wanted.items():
        page = tomllib.loads((templates_root() / name / "profile.toml").read_text(encoding="utf-8"))
        base = tomllib.loads((templates_root() / "base" / "profile.toml").read_text(encoding="utf-8"))
        merged = base["allocation"] | page.get("allocation", {})
        rules = with_rules(framework(), allocation={"tell": tuple(merged["tell"]),
                                                    "tell_practitioner": merged["tell_practitioner"]})
        assert {w.code for w in decide_tellings([one(rules=rules)], [])} == codes, name


def test_a_manager_with_three_cases_gets_one_letter() -> None:
    refs = ("2606-001C", "2606-002A", "2606-003H")
    wishes = decide_tellings([one(r) for r in refs], [])
    assert told(wishes) == [("OUT-05", WORKER.address, refs), ("OUT-06", TM.address, refs)]
    assert all(w.audit == "" for w in wishes)


def test_nobody_is_told_twice_and_somebody_new_is() -> None:
    first = decide_tellings([one()], [])
    assert [w.audit for w in first] == ["2606-001C"] * 2
    assert decide_tellings([one()], as_told(first)) == ()
    moved = replace(one(), parties=replace(one().parties, people={**one().parties.people, "practitioner": (OTHER_WORKER,)}))
    assert told(decide_tellings([moved], as_told(first))) == [("OUT-05", OTHER_WORKER.address, ("2606-001C",))]


def test_a_case_added_later_makes_a_second_letter_under_another_key() -> None:
    first = decide_tellings([one()], [])
    second = decide_tellings([one(), one("2606-002A")], as_told(first))
    assert told(second)[1] == ("OUT-06", TM.address, ("2606-001C", "2606-002A"))
    assert all(w.facts["added"] == 1 for w in second) and {w.round for w in first}.isdisjoint({w.round for w in second})


def test_a_letter_that_never_left_has_told_nobody() -> None:
    first = decide_tellings([one()], [])
    again = decide_tellings([one()], as_told(first, counts=False))
    assert told(again) == told(first) and {w.round for w in first}.isdisjoint({w.round for w in again})


def test_one_person_in_two_parts_hears_once_of_a_case_and_an_auditor_of_none_of_their_own() -> None:
    rules = with_rules(framework(), allocation={"tell": ("auditor", "practitioner", "tm", "iro", "sm")})
    found = one(rules=rules)
    both = replace(found.parties, people={**found.parties.people, "sm": (TM,), "iro": (AUDITOR,)})
    wishes = decide_tellings([replace(found, parties=both)], [])
    assert told(wishes) == [("OUT-05", WORKER.address, ("2606-001C",)), ("OUT-06", TM.address, ("2606-001C",))]
    everybody = {w.address for w in decide_tellings([found], [])}
    assert everybody == {WORKER.address, TM.address, IRO.address, SM.address}


def test_who_has_left_is_told_nothing_and_nothing_is_told_on_hold() -> None:
    gone = one(flags=frozenset({Flag.PRACTITIONER_LEFT}))
    assert told(decide_tellings([gone], [])) == [("OUT-06", TM.address, ("2606-001C",))]
    assert decide_tellings([one(flags=frozenset({Flag.ON_HOLD}))], []) == ()


def test_the_practitioner_is_not_told_where_the_profile_says_none() -> None:
    rules = with_rules(framework(), allocation={"tell_practitioner": "none"})
    assert told_roles(one(rules=rules)) == ("tm",)


def test_from_the_selection_where_the_profile_says_so() -> None:
    assert State.SELECTED not in states_to_tell(framework())
    early = with_rules(framework(), allocation={"tell_when": "selection"})
    assert State.SELECTED in states_to_tell(early)
