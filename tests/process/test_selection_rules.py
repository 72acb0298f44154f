"""Every key of ``[selection]`` acts, and who may audit what by type and service (F1-ROL-01…04, G-05, G-38, G-77)."""

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from mailflow.framework import Framework, load_framework
from mailflow.model import Case, Cycle, Person
from mailflow.model.sampling import SamplingRecord
from mailflow.process.draw.selection import draw_again, find_auditors, make_record, may_audit, to_draw
from tests.process.builders import framework

OPENS = date(2026, 6, 1)


def policy(services: dict[str, object] | None = None, types: dict[str, object] | None = None, **selection: object) -> Framework:
    tables = {"send": {"allowed_domains": ["northmoor.example"]}, "selection": selection, "services": services or {}}
    return load_framework("base", tables | ({"types": types} if types else {}))


def person(name: str, *roles: str, team: str = "Audit", **more: object) -> Person:
    return Person(f"{name}@northmoor.example", name, roles or ("auditor",), team, **more)  # type: ignore[arg-type]


def case(number: str, team: str = "North", **more: object) -> Case:
    more = {"practitioner": f"w{number}@northmoor.example", "category": "CIN", **more}
    return Case(number, team=team, **more)  # type: ignore[arg-type]


def record(cases: list[Case], people: list[Person], rules: Framework | None = None, theme: str = "", type_: str = "audit",
           seed: str = "s1") -> SamplingRecord:
    return make_record(rules or policy(), Cycle("2606", type_, OPENS, OPENS, OPENS, seed=seed, theme=theme), cases, people, {})


def given(found: SamplingRecord) -> dict[str, str]:
    return {number: auditor.split("@")[0] for number, auditor in found.pairs}


def test_a_framework_that_draws_from_annex_a_takes_no_other_case_and_no_other_list() -> None:
    cases = [case("1"), case("2", lists=(6,), extract_on=OPENS), case("3", lists=(6, 8), extract_on=OPENS)]
    found = record(cases, [person(a) for a in "abc"], policy(source="annex_a", lists=[8]))
    assert set(given(found)) == {"3"}
    assert dict(found.exclusions) == {"1": "not on the Annex A lists 8", "2": "not on the Annex A lists 8"}


def test_only_the_newest_extract_counts_and_only_while_it_is_fresh() -> None:
    fresh, older, old = date(2026, 4, 27), date(2026, 4, 26), date(2026, 3, 1)
    rules = policy(source="annex_a")
    cases = [case("1", lists=(6,), extract_on=fresh), case("2", lists=(6,), extract_on=old)]
    found = record(cases, [person(a) for a in "ab"], rules)
    assert set(given(found)) == {"1"} and dict(found.exclusions) == {"2": "not in the newest Annex A extract"}
    stale = record([case("1", lists=(6,), extract_on=older)], [person("a")], rules)
    assert dict(stale.exclusions) == {"1": "the Annex A extract is more than 35 days old"}
    assert given(record([case("1", lists=(6,), extract_on=older)], [person("a")], policy(source="annex_a", extract_max_days=36)))


def test_scn_19_a_case_without_worker_or_team_is_left_out_and_counted() -> None:
    found = record([case("1", practitioner=""), case("2", team=""), case("3")], [person("a")])
    assert set(given(found)) == {"3"} and dict(found.exclusions) == {"1": "no worker is known", "2": "no team is known"}


def test_a_themed_draw_takes_the_cases_of_the_theme() -> None:
    cases = [case("1", theme="Neglect"), case("2", theme="Transitions"), case("3")]
    rules, crew = policy(method="themed"), [person(a) for a in "abc"]
    assert set(given(record(cases, crew, rules, theme="neglect "))) == {"1"}
    both = record(cases, crew, rules)
    assert set(given(both)) == {"1", "2"} and dict(both.exclusions) == {"3": "not chosen for the theme"}


@pytest.mark.parametrize(("key", "field"), [("category", "category"), ("age_band", "age_band"), ("team", "team"),
                                            ("ethnicity", "ethnicity"), ("theme", "theme")])
def test_every_stratum_has_its_share(key: str, field: str) -> None:
    cases = [case(f"a{n}", **{field: "A"}) for n in range(40)] + [case(f"b{n}", **{field: "B"}) for n in range(20)]
    found = record(cases, [person(f"p{n}") for n in range(9)], policy(stratify_by=[key]))
    assert Counter(number[0] for number, _ in found.pairs) == {"a": 6, "b": 3}


def test_what_the_rules_do_not_ask_stays_out_of_the_record() -> None:
    """ANX-13: the frame holds what the draw used."""
    full = case("1", iro="i@northmoor.example", tm="t@northmoor.example", open_since_on=OPENS, age_band="5 to 9",
                ethnicity="X", gender="F", theme="Neglect", lists=(6,), extract_on=OPENS, last_audited_on=date(2020, 1, 1))
    row = record([full], [person("a")], policy(exclude_conflicts=False, exclude_audited_within_months=0)).frame[0]
    assert (row.iro, row.tm, row.open_since_on, row.last_audited_on) == ("", "", None, None)
    assert (row.age_band, row.ethnicity, row.gender, row.theme, row.lists) == ("", "", "", "", "")
    asked = record([full], [person("a")], policy(min_months_open=1, stratify_by=["gender"])).frame[0]
    assert (asked.iro, asked.open_since_on, asked.gender, asked.ethnicity) == (full.iro, OPENS, "F", "")


def test_at_most_so_many_audits_of_one_team() -> None:
    cases = [case(f"n{n}") for n in range(9)] + [case(f"s{n}", "South") for n in range(9)]
    crew = [person(f"p{n}") for n in range(6)]
    found = record(cases, crew, policy(per_team=2))
    assert Counter(number[0] for number, _ in found.pairs) == {"n": 2, "s": 2} and len(found.unserved) == 2
    assert "2 of its team were drawn before it" in dict(found.exclusions).values()


def test_one_child_of_a_family_unless_families_are_linked() -> None:
    cases = [case("1", family="F1"), case("2", family="F1"), case("3")]
    crew = [person(a) for a in "abc"]
    for seed in map(str, range(10)):
        found = record(cases, crew, seed=seed)
        assert len({"1", "2"} & set(given(found))) == 1 and "3" in given(found)
        assert "another child of the family was drawn before it" in dict(found.exclusions).values()
    assert set(given(record(cases, crew, policy(family_link=True)))) == {"1", "2", "3"}


def test_where_own_teams_are_allowed_a_manager_is_no_stranger_and_line_management_is_a_key_of_its_own() -> None:
    """G-38: the manager audits with their own worker; F0 bars both."""
    manager = person("tess", "tm", team="North")
    worker = person("w1", "practitioner", team="North", manager=manager.address)
    mine, types = case("1", tm=manager.address), {"audit": {"auditors": ["tm"]}}
    assert not given(record([mine], [manager, worker], policy(types=types)))
    assert not given(record([mine], [manager, worker], policy(types=types, own_team="allow")))
    assert given(record([mine], [manager, worker], policy(types=types, own_team="allow", exclude_line_managed=False)))
    assert not given(record([case("1", iro=manager.address)], [manager], policy(types=types, own_team="allow")))


MASH = {"MASH": {"auditors": ["sm"]}}


def test_may_audit_by_type_and_service() -> None:
    rules = policy(MASH, {"audit": {"auditors": ["tm", "iro"]}, "peer": {"graded": False, "auditors": ["practitioner"]}})
    tm, sm, worker = person("t", "tm"), person("s", "sm"), person("w", "practitioner")
    assert may_audit(tm, "audit", "MASH", rules) == may_audit(tm, "audit", "Care", rules) == ""
    assert may_audit(sm, "audit", "MASH", rules) == may_audit(sm, "audit", "mash", rules) == ""
    assert may_audit(sm, "audit", "Care", rules) == "has no part that does this audit (tm, iro)"
    assert may_audit(worker, "peer", "Care", rules) == "" and may_audit(worker, "audit", "Care", rules)
    assert [p.name for p in find_auditors(rules, "audit", [worker, sm, tm])] == ["s", "t"]


def test_the_parts_of_a_service_are_a_bar_in_the_draw() -> None:
    """F1-ROL-02: senior managers audit MASH besides the others, and nothing else."""
    cases = [case(f"m{n}", service="MASH") for n in range(3)] + [case(f"c{n}", service="Care") for n in range(3)]
    crew = [person("tina", "auditor"), person("sam", "sm"), person("sue", "sm")]
    for seed in map(str, range(10)):
        found = given(record(cases, crew, policy(MASH), seed=seed))
        assert sorted(found.values()) == ["sam", "sue", "tina"]
        assert all(number[0] == "m" for number, auditor in found.items() if auditor in ("sam", "sue"))
    frame = [case("1", service="Care", nominated_auditor=crew[1].address), case("2", service="MASH")]
    refused = record(frame, crew, policy(MASH))
    assert dict(refused.exclusions)["1"].endswith("has no part that does this audit (auditor)")


def test_where_there_is_no_case_of_a_service_nobody_is_missed_who_audits_it_alone() -> None:
    found = record([case("1", service="Care")], [person("tina", "auditor"), person("sam", "sm")], policy(MASH))
    assert [a.address for a in found.auditors] == ["tina@northmoor.example"] and found.unserved == ()


def test_the_collector_rests_while_values_are_made_and_runs_again_afterwards() -> None:
    import gc

    from mailflow.model.bulk import in_bulk

    @in_bulk
    def fail() -> None:
        assert not gc.isenabled()
        raise ValueError

    with pytest.raises(ValueError):
        fail()
    assert gc.isenabled()


def test_a_record_is_the_draw_and_gives_its_cases_back() -> None:
    cases = [case(str(n)) for n in range(20)]
    found = record(cases, [person(a) for a in "abc"])
    made = to_draw(found, cases)
    assert [(c.number, a) for c, a in made.pairs] == list(found.pairs) and made.frame_digest == found.frame_digest
    assert draw_again(found) == found
    assert {c.number for c, _ in made.pairs} <= {c.number for c in cases}


def test_a_draw_of_many_served_with_few_left_over_is_quick_to_find_that_there_is_no_more() -> None:
    """Three hundred auditors, cases for half of them: no search is made twice over the same ground."""
    found = record([case(str(n)) for n in range(150)], [person(f"p{n}") for n in range(300)])
    assert len(found.pairs) == 150 and len(found.unserved) == 150


@pytest.mark.parametrize(("changes", "words"), [
    ({"selection": {"stratify_by": ["shoe size"]}}, "selection.stratify_by: 'shoe size' is not one of service, team"),
    ({"selection": {"lists": [1]}}, "selection.lists: 1 is not one of 6, 7, 8, 9"),
    ({"selection": {"source": "annex_a", "lists": []}}, "name at least one list"),
    ({"selection": {"source": "paper"}}, "'paper' is not one of sheet, annex_a"),
    ({"selection": {"per_auditor": 0}}, "leave every auditor at least one case"),
    ({"selection": {"own_team_exempt_roles": ["wizard"]}}, "'wizard' is not a part"),
    ({"services": {"MASH": {"auditors": ["wizard"]}}}, "services.MASH.auditors: 'wizard' is not a part"),
    ({"types": {"audit": {"auditors": ["wizard"]}}}, "types.audit.auditors: 'wizard' is not a part"),
    ({"services": {"MASH": {"colour": "red"}}}, "services.MASH.colour: unknown key"),
])
def test_a_rule_that_makes_no_sense_stops_the_load(changes: dict[str, object], words: str) -> None:
    from mailflow.errors import ConfigError

    with pytest.raises(ConfigError) as caught:
        load_framework("base", {"send": {"allowed_domains": ["northmoor.example"]}, **changes})
    assert any(words in p for p in caught.value.problems), caught.value.problems


def test_the_five_frameworks_draw_as_their_seeds_say() -> None:
    """F0-SEL-01/02, F1-ROL-02, F2-SEL-01, F3-SEL-01, G-27a, G-38, G-77a."""
    rules = {name: framework(name) for name in ("one-page", "framework-2023", "bexley-2017", "sefton", "wokingham-3.2")}
    leader, north = person("lea", "auditor", "service_leader", team="North"), person("nan", "auditor", team="North")
    sm = person("sam", "sm")
    assert {n: given(record([case("1", open_since_on=date(2020, 1, 1))], [north], f)) for n, f in rules.items()} == {
        "one-page": {}, "framework-2023": {}, "bexley-2017": {"1": "nan"}, "sefton": {}, "wokingham-3.2": {}}
    assert given(record([case("1")], [leader], rules["one-page"])) and not given(record([case("1")], [leader], rules["sefton"]))
    assert dict(record([case("1", open_since_on=date(2025, 12, 2))], [north], rules["bexley-2017"]).exclusions) == {
        "1": "open for less than 6 months"}
    listed = [case(str(n), lists=(n,), extract_on=OPENS) for n in (6, 7, 8, 9)]
    assert set(given(record([*listed, case("1")], [person(a) for a in "abcde"], rules["sefton"]))) == {"6", "7", "8", "9"}
    assert given(record([case("1", service="MASH")], [sm], rules["framework-2023"])) == {"1": "sam"}
    assert not given(record([case("1", service="MASH")], [sm], rules["wokingham-3.2"]))
    for name, policy_ in rules.items():
        assert not given(record([case("1", iro="nan@northmoor.example", open_since_on=date(2020, 1, 1), lists=(6,), extract_on=OPENS)],
                                [replace(north, team="")], policy_)), name
