"""Profiles: a layer over a layer, every mistake named with file and key, conditions as closed tables."""

from pathlib import Path

import pytest

from mailflow.errors import ConfigError
from mailflow.framework import Facts, When, holds, load_framework, templates_root
from mailflow.framework.when import parse_when

COUNCIL = {"send": {"allowed_domains": ["northmoor.example"]}}


def problems_of(overrides: dict) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load_framework("framework-2023", {**COUNCIL, **overrides})
    return caught.value.problems


def test_the_framework_says_only_its_differences() -> None:
    framework = load_framework("framework-2023", COUNCIL)
    assert framework.audit.grading_stages == ("pre", "post")
    assert framework.revision.hard_wd == 3, "from base (G-16)"
    assert sorted(framework.calendar.months) == ["01", "02", "03", "04", "05", "06", "07", "09", "10", "11"], "F1 has no August and no December"


def test_lists_replace_and_tables_merge() -> None:
    framework = load_framework("framework-2023", {**COUNCIL, "safety": {"tell": ["tm"]}})
    assert framework.safety.tell == ("tm",)
    assert framework.safety.ack_minutes == 60, "the rest of the table stays"


@pytest.mark.parametrize(("overrides", "words"), [
    ({"qa": {"target": 1}}, "mailflow.toml [profile]: qa.target: unknown key"),
    ({"extra": {}}, "mailflow.toml [profile]: extra: unknown key"),
    ({"qa": {"target_wd": "one"}}, "qa.target_wd: expected a whole number, found 'one'"),
    ({"qa": {"target_wd": True}}, "qa.target_wd: expected a whole number, found True"),
    ({"qa": {"on_timeout": "shout"}}, "qa.on_timeout: 'shout' is not one of alert, send_points"),
    ({"revision": {"soft_wd": 9}}, "revision.soft_wd: the reminder would come after the limit"),
    ({"send": {"allowed_domains": []}}, "send.allowed_domains: empty"),
    ({"send": {"allowed_domains": ["@northmoor"]}}, "is not a domain"),
    ({"safety": {"enabled": False}}, "may not be switched off"),
    ({"letters": {"OUT-0": {"to": ["qa"], "private": "P1", "leave": "morning"}}}, "the text letters/OUT-0.md is missing"),
    ({"letters": {"OUT-13": {"leave": "tomorrow"}}}, "letters.OUT-13: needs to, private (P0-P3) and leave"),
    ({"checks": {"severity": {"CHK-002": "off"}}}, "this check's severity may not be changed"),
    ({"checks": {"severity": {"CHK-118": "off"}}}, "CHK-118: this check's severity may not be changed"),
    ({"checks": {"severity": {"CHK-999": "off"}}}, "CHK-999: there is no such check"),
    ({"grades": {"resp5_bands": [2.0, 4.5, 3.25]}}, "grades.resp5_bands: give three numbers, each greater"),
    ({"grades": {"item_scale": "stars"}}, "grades.item_scale: 'stars' is not one of none, resp5"),
    ({"checks": {"same_share": 80.0}}, "checks.same_share: give a share between 0 and 1"),
    ({"checks": {"severity": {"CHK-053": "fatal"}}}, "'fatal' is not one of block, warn, info, off"),
    ({"issue": {"rules": [{"to": ["tm"], "when": {"colour": "red"}}]}}, "colour: not a condition"),
    ({"issue": {"rules": [{"to": ["tm"], "when": "always"}]}}, "a condition is a table"),
    ({"office": {"close": "5pm"}}, "office.close: '5pm' is not a time"),
    ({"calendar": {"months": {"13": {"type": "audit"}}}}, "months are"),
    ({"calendar": {"months": {"03": {"type": "audit", "second": "tea"}}}}, "there is no [types.tea]"),
    ({"calendar": {"extra_holidays": ["04/06/2027"]}}, "not a day such as"),
    ({"calendar": {"length_months": 0}}, "1 to 12 months"),
    ({"reports": {"monthly": ["practitioner"]}}, "OUT-69 may not go to practitioner"),
    ({"retention": {"audit_copy": "for ever"}}, "not like current_year"),
    ({"programme": {"activities": [{"id": "a", "title": "A", "roles": ["tm"], "every": "listed"}]}}, "name the months"),
    ({"programme": {"activities": [{"id": "a", "title": "A", "roles": ["writer"], "every": "month"}]}}, "OUT-93 may not go to writer"),
    ({"programme": {"activities": [{"id": "a", "title": "A", "roles": ["tm"], "every": "week", "remind_wd": 1}]}}, "only listed"),
    ({"calendar": {"months": {"03": {"type": "spot"}}}}, "there is no [types.spot]"),
    ({"allocation": {"reminders": ["due-2"]}}, "is not like start+5wd"),
])
def test_a_mistake_is_named_with_file_and_key(overrides: dict, words: str) -> None:
    assert any(words in p for p in problems_of(overrides)), problems_of(overrides)


def test_every_problem_is_listed_at_once() -> None:
    assert len(problems_of({"qa": {"target": 1, "on_timeout": "shout"}, "nonsense": 1})) == 3


def test_a_missing_value_in_base_is_an_error(tmp_path: Path) -> None:
    base = tmp_path / "base"
    base.mkdir()
    text = (templates_root() / "base" / "profile.toml").read_text(encoding="utf-8").replace("target_wd = 1\n", "", 1)
    (base / "profile.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"qa\.target_wd: missing"):
        load_framework("base", COUNCIL, tmp_path)


def test_an_unknown_framework_is_an_error() -> None:
    with pytest.raises(ConfigError, match="there is no framework named"):
        load_framework("../etc", COUNCIL)


@pytest.mark.parametrize(("plain", "facts", "holding"), [
    ({}, Facts(), True),
    ({"grade": "inadequate"}, Facts(grade="inadequate", grade_rank=1), True),
    ({"grade": ["good", "outstanding"]}, Facts(grade="good"), True),
    ({"grade": ["good", "outstanding"]}, Facts(grade="inadequate"), False),
    ({"grade": "inadequate", "level": 0}, Facts(grade="inadequate", level=1), False),
    ({"level_at_least": 1}, Facts(level=1), True),
    ({"grade_rank_at_most": 2}, Facts(grade="", grade_rank=0), False),
    ({"needs_second_reaudit": True}, Facts(), False),
])
def test_conditions_and_their_keys_and_rules(plain: dict, facts: Facts, holding: bool) -> None:
    when, wrong = parse_when(plain, "x")
    assert not wrong
    assert holds(when, facts) is holding


@pytest.mark.parametrize("plain", [{"grade": 3}, {"level": "0"}, {"level": True}, {"grade": []}, {"level_at_least": "1"},
                                   {"needs_second_reaudit": "yes"}, {"__class__": "x"}])
def test_a_condition_of_the_wrong_kind_is_refused(plain: dict) -> None:
    when, wrong = parse_when(plain, "x")
    assert wrong and when == When()
