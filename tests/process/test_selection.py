"""The draw (T-01): its rules, and that the same seed and frame always give the same draw."""

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailflow.framework.schema import Selection
from mailflow.model import Absence, Case, Person
from mailflow.process.draw.selection import Draw, draw
from tests.process.builders import framework

RULES = framework().selection
TODAY = date(2026, 6, 1)


def auditor(name: str, team: str = "Audit", **more: object) -> Person:
    return Person(f"{name}@northmoor.example", name, ("auditor",), team, **more)  # type: ignore[arg-type]


def case(number: str, team: str = "North", worker: str = "", **more: object) -> Case:
    return Case(number, "CIN", team, worker or f"w{number}@northmoor.example", **more)  # type: ignore[arg-type]


def drawn(cases: list[Case], auditors: list[Person], rules: Selection = RULES, seed: str = "s1",
          audited: dict[str, date] | None = None, people: list[Person] | None = None) -> Draw:
    return draw(cases, auditors, rules, "2606", seed, TODAY, audited or {}, people or auditors)


def pairs(found: Draw) -> dict[str, str]:
    return {c.number: a.split("@")[0] for c, a in found.pairs}


def test_each_auditor_gets_one_case_and_each_case_one_auditor() -> None:
    found = drawn([case(str(n)) for n in range(20)], [auditor(a) for a in "abc"])
    assert sorted(pairs(found).values()) == ["a", "b", "c"] and found.unserved == ()


def test_the_quota_is_the_profiles() -> None:
    found = drawn([case(str(n)) for n in range(20)], [auditor(a) for a in "abc"], replace(RULES, per_auditor=2))
    assert Counter(pairs(found).values()) == {"a": 2, "b": 2, "c": 2}
    short = drawn([case("1")], [auditor("a")], replace(RULES, per_auditor=2))
    assert short.unserved == (("a@northmoor.example", "only 1 of 2 cases could be given"),)


def test_nobody_audits_their_own_team_unless_exempt() -> None:
    north, exempt = auditor("n", "North"), auditor("x", "North")
    found = drawn([case("1"), case("2")], [north])
    assert found.pairs == () and found.unserved == ((north.address, "no legal case is left"),)
    exempt = replace(exempt, roles=("auditor", "service_leader"))
    rules = replace(RULES, own_team_exempt_roles=("service_leader",))
    assert pairs(drawn([case("1")], [exempt], rules)) == {"1": "x"}
    assert pairs(drawn([case("1")], [north], replace(RULES, own_team="allow"))) == {"1": "n"}


def test_an_exempt_leader_still_audits_nobody_they_manage() -> None:
    leader = replace(auditor("x", "North"), roles=("auditor", "service_leader"))
    worker = Person("w1@northmoor.example", "w", ("practitioner",), "North", manager=leader.address)
    rules = replace(RULES, own_team_exempt_roles=("service_leader",))
    assert not drawn([case("1")], [leader], rules, people=[leader, worker]).pairs
    assert drawn([case("1")], [leader], replace(rules, exclude_line_managed=False), people=[leader, worker]).pairs


@pytest.mark.parametrize("part", ["practitioner", "tm", "iro"])
def test_worker_team_manager_and_reviewing_officer_of_a_case_never_audit_it(part: str) -> None:
    a = auditor("a")
    assert not drawn([replace(case("1"), **{part: a.address})], [a]).pairs


@pytest.mark.parametrize(("changes", "why"), [
    ({"restricted": True}, "restricted"),
    ({"last_audited_on": date(2025, 12, 1)}, "audited within 12 months (on 2025-12-01)"),
    ({"last_audited_on": date(2025, 6, 2)}, "audited within 12 months (on 2025-06-02)"),
])
def test_cases_that_may_not_be_drawn_are_named_with_the_reason(changes: dict[str, object], why: str) -> None:
    found = drawn([replace(case("1"), **changes)], [auditor("a")])  # type: ignore[arg-type]
    assert found.pairs == () and found.exclusions == (("1", why),)


def test_an_audit_a_year_ago_is_long_enough_and_our_own_audits_count() -> None:
    assert drawn([case("1", last_audited_on=date(2025, 6, 1))], [auditor("a")]).pairs
    assert not drawn([case("1")], [auditor("a")], audited={"1": date(2026, 2, 1)}).pairs


def test_cases_must_have_been_open_long_enough() -> None:
    rules = replace(RULES, min_months_open=3)
    cases = [case("1", open_since_on=date(2026, 3, 1)), case("2", open_since_on=date(2026, 3, 2)), case("3")]
    found = drawn(cases, [auditor("a")], rules)
    assert pairs(found) == {"1": "a"}
    assert dict(found.exclusions) == {"2": "open for less than 3 months", "3": "not known since when it has been open"}


def test_one_case_a_practitioner() -> None:
    cases = [case(str(n), worker="w@northmoor.example") for n in range(5)]
    assert len(drawn(cases, [auditor(a) for a in "abc"]).pairs) == 1
    assert len(drawn(cases, [auditor(a) for a in "abc"], replace(RULES, one_per_practitioner=False)).pairs) == 3


def test_an_absent_auditor_is_left_out_and_named() -> None:
    away = auditor("a", absences=(Absence(date(2026, 5, 25), TODAY),))
    found = drawn([case("1"), case("2")], [away, auditor("b")])
    assert set(pairs(found).values()) == {"b"} and found.unserved == ((away.address, "away on the opening day"),)


def test_a_nominated_auditor_is_honoured_or_the_reason_given() -> None:
    cases = [case("1", nominated_auditor="b@northmoor.example"), case("2"), case("3", nominated_auditor="z@northmoor.example"),
             case("4", "Audit", nominated_auditor="a@northmoor.example")]
    found = drawn(cases, [auditor("a"), auditor("b")])
    assert pairs(found) == {"1": "b", "2": "a"}
    assert dict(found.exclusions) == {
        "3": "nominated for z@northmoor.example: does not audit, or is away on the opening day",
        "4": "nominated for a@northmoor.example: works in the same team"}


def test_the_nominated_method_draws_nothing_else() -> None:
    found = drawn([case("1", nominated_auditor="a@northmoor.example"), case("2")], [auditor("a"), auditor("b")],
                  replace(RULES, method="nominated"))
    assert pairs(found) == {"1": "a"} and dict(found.exclusions) == {"2": "no auditor is nominated for it"}
    assert found.unserved == (("b@northmoor.example", "no legal case is left"),)


def test_nobody_goes_without_while_a_swap_could_serve_them() -> None:
    """The one case from another team must go to the auditor who can take no other, whatever the dice say."""
    cases = [case("1", "North"), case("2", "South")]
    for seed in map(str, range(30)):
        found = drawn(cases, [auditor("n", "North"), auditor("f")], seed=seed)
        assert pairs(found) == {"1": "f", "2": "n"}, seed


def test_services_have_their_share() -> None:
    cases = [case(f"s{n}", service="Safeguarding") for n in range(60)] + [case(f"c{n}", service="Care") for n in range(30)]
    found = drawn(cases, [auditor(f"a{n}") for n in range(9)])
    assert Counter(c.service for c, _ in found.pairs) == {"Safeguarding": 6, "Care": 3}


def test_another_seed_is_another_draw_and_another_frame_another_digest() -> None:
    cases, crew = [case(str(n)) for n in range(50)], [auditor(a) for a in "abcde"]
    first = drawn(cases, crew)
    assert drawn(cases, crew, seed="s2").pairs != first.pairs
    assert drawn(cases, crew, seed="s2").frame_digest == first.frame_digest
    assert drawn(cases[1:], crew).frame_digest != first.frame_digest
    assert drawn(cases, crew, replace(RULES, per_auditor=2)).frame_digest != first.frame_digest


@given(st.permutations([case(str(n), "North" if n % 3 else "Audit", service="AB"[n % 2]) for n in range(12)]),
       st.permutations([auditor(a, "North" if a == "c" else "Audit") for a in "abcd"]))
@settings(max_examples=40, deadline=None)
def test_the_order_of_the_sheets_does_not_matter(cases: list[Case], crew: list[Person]) -> None:
    ordered = sorted(cases, key=lambda c: c.number), sorted(crew, key=lambda p: p.address)
    assert drawn(cases, crew) == drawn(*ordered)


@given(st.integers(0, 10_000), st.integers(1, 3), st.integers(0, 25), st.integers(1, 6))
@settings(max_examples=80, deadline=None)
def test_no_draw_breaks_a_rule(seed: int, quota: int, count: int, crew_size: int) -> None:
    teams = ("North", "South", "West")
    crew = [auditor(f"a{n}", teams[n % 3]) for n in range(crew_size)]
    cases = [case(str(n), teams[(n * 7) % 3], worker=f"w{n // 2}@northmoor.example") for n in range(count)]
    found = drawn(cases, crew, replace(RULES, per_auditor=quota), str(seed))
    team_of = {p.address: p.team for p in crew}
    assert all(team_of[a] != c.team for c, a in found.pairs)
    assert max(Counter(c.practitioner for c, _ in found.pairs).values(), default=0) <= 1
    assert max(Counter(a for _, a in found.pairs).values(), default=0) <= quota
    assert len({c.number for c, _ in found.pairs}) == len(found.pairs)
