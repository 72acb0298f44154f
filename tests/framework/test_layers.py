"""Profiles over profiles: a council's own framework over one of ours, and where each value comes from."""

from pathlib import Path

import pytest

from mailflow.errors import ConfigError
from mailflow.framework import framework_folders, load_framework, templates_root
from mailflow.framework.layers import flatten, list_frameworks, read_layers

COUNCIL = {"send": {"allowed_domains": ["northmoor.example"]}}
SHIPPED = templates_root()


def put(root: Path, name: str, text: str) -> tuple[Path, Path]:
    (root / name).mkdir(parents=True, exist_ok=True)
    (root / name / "profile.toml").write_text(text, encoding="utf-8")
    return root, SHIPPED


@pytest.mark.parametrize("name", list_frameworks((SHIPPED,)))
def test_every_framework_that_came_with_mailflow_loads(name: str) -> None:
    assert load_framework(name, COUNCIL).id == name


def test_a_councils_framework_stands_over_one_of_ours(tmp_path: Path) -> None:
    roots = put(tmp_path, "northmoor", '[framework]\nid = "northmoor"\nextends = "sefton"\n[revision]\nhard_wd = 4\n')
    rules = load_framework("northmoor", COUNCIL, roots)
    assert (rules.revision.hard_wd, rules.revision.soft_wd) == (4, 2)
    assert rules.calendar.draw == "last_working_day_previous_month"
    assert [f.name for f in framework_folders("northmoor", roots)] == ["northmoor", "sefton", "base"]


def test_each_value_names_the_file_that_said_it(tmp_path: Path) -> None:
    roots = put(tmp_path, "northmoor", '[framework]\nid = "northmoor"\nextends = "sefton"\n[revision]\nhard_wd = 4\n')
    layers = read_layers("northmoor", roots, {"qa": {"target_wd": 2}}, "mailflow.toml [profile]")
    assert layers.where("revision.hard_wd") == f"{tmp_path / 'northmoor' / 'profile.toml'}: revision.hard_wd"
    assert layers.where("calendar.draw") == "templates/sefton/profile.toml: calendar.draw"
    assert layers.where("revision.soft_wd") == "templates/base/profile.toml: revision.soft_wd"
    assert layers.where("qa.target_wd") == "mailflow.toml [profile]: qa.target_wd"


def test_a_councils_own_folder_lies_over_the_framework_of_that_name(tmp_path: Path) -> None:
    roots = put(tmp_path, "sefton", "[qa]\ntarget_wd = 3\n")
    rules = load_framework("sefton", COUNCIL, roots)
    assert rules.qa.target_wd == 3 and rules.id == "sefton"


def test_frameworks_that_extend_each_other_are_refused(tmp_path: Path) -> None:
    put(tmp_path, "one", '[framework]\nextends = "two"\n')
    roots = put(tmp_path, "two", '[framework]\nextends = "one"\n')
    with pytest.raises(ConfigError, match="one → two → one"):
        load_framework("one", COUNCIL, roots)


def test_an_unknown_name_is_told_the_names_there_are() -> None:
    with pytest.raises(ConfigError, match="bexley-2017, framework-2023, one-page"):
        load_framework("swindon", COUNCIL)


def test_months_are_replaced_where_a_layer_says_so(tmp_path: Path) -> None:
    roots = put(tmp_path, "termly", '[framework]\nid = "termly"\n[calendar]\nreplace_months = true\n'
                                    '[calendar.months]\n"01" = {type = "audit"}\n"05" = {type = "audit"}\n')
    assert sorted(load_framework("termly", COUNCIL, roots).calendar.months) == ["01", "05"]


@pytest.mark.parametrize("name", [n for n in list_frameworks((SHIPPED,)) if n != "base"])
def test_a_framework_lists_only_its_differences(name: str) -> None:
    """What a profile repeats of base would stay behind when base changes. Lists of rules are replaced as a whole, so they
    may repeat."""
    import tomllib

    base = dict(flatten(tomllib.loads((SHIPPED / "base" / "profile.toml").read_text(encoding="utf-8"))))
    own = dict(flatten(tomllib.loads((SHIPPED / name / "profile.toml").read_text(encoding="utf-8"))))
    said = {"framework.id", "framework.title", "framework.edition", "framework.record_system", "framework.extends"}
    months = own.get("calendar.replace_months")
    assert [k for k, v in own.items() if k not in said and base.get(k) == v
            and not (months and k.startswith("calendar.months"))] == []
