"""Who plays which part in one audit; the firewall stands on this."""

from datetime import date

from mailflow.directory import find_parties
from mailflow.model import Audit, Case, Person, State

AUDIT = Audit("2609-001A", "2609", "401872", "bea@northmoor.example", State.ALLOCATED, date(2026, 9, 30), date(2026, 9, 1),
              former_auditors=("old@northmoor.example",))
CASE = Case("401872", "CP", "Harbour", "ellie@northmoor.example", service="Safeguarding")


def person(name: str, *roles: str, team: str = "", service: str = "") -> Person:
    return Person(f"{name}@northmoor.example", name.title(), roles, team, service)


def test_the_team_manager_is_the_teams_own_unless_the_case_names_one() -> None:
    people = (person("tom", "tm", team="Harbour"), person("ann", "tm", team="Meadow"))
    assert [p.name for p in find_parties(AUDIT, CASE, people).of("tm")] == ["Tom"]
    named = Case(**{**CASE.__dict__, "tm": "ann@northmoor.example"})
    assert [p.name for p in find_parties(AUDIT, named, people).of("tm")] == ["Ann"]


def test_heads_of_other_services_play_no_part() -> None:
    people = (person("gareth", "hos", service="Safeguarding"), person("farah", "hos", service="Corporate Parenting"))
    assert [p.name for p in find_parties(AUDIT, CASE, people).of("hos")] == ["Gareth"]


def test_where_a_service_has_no_head_the_one_for_all_services_is_told() -> None:
    people = (person("ruth", "ad"), person("farah", "ad", service="Corporate Parenting"))
    assert [p.name for p in find_parties(AUDIT, CASE, people).of("ad")] == ["Ruth"]


def test_the_former_auditor_is_not_the_auditor() -> None:
    people = (person("bea", "auditor"), person("old", "auditor"))
    parties = find_parties(AUDIT, CASE, people)
    assert parties.roles_of("OLD@northmoor.example") == {"former_auditor"}
    assert parties.roles_of("bea@northmoor.example") == {"auditor"}


def test_a_part_nobody_plays_is_absent() -> None:
    parties = find_parties(AUDIT, CASE, ())
    assert parties.people == {} and parties.first("iro") is None
