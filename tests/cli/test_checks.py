"""`mailflow checks`: the list is the one the daemon runs, and says what the framework makes of it."""

import json
from pathlib import Path

from mailflow.framework.words import PLACEHOLDERS
from mailflow.process.checks import CHECKS, MODERATION
from tests.cli.command import mailflow


def listed(*options: str, folder: Path) -> dict[str, dict]:
    done = mailflow("checks", "--json", *options, folder=folder)
    assert done.code == 0, done.err
    return {row["id"]: row for row in json.loads(done.out)["checks"]}


def test_every_check_is_listed_with_all_its_words_and_a_rule(tmp_path: Path) -> None:
    rows = listed(folder=tmp_path)
    assert set(rows) == {c.id for c in (*CHECKS, *MODERATION)} | {"CHK-118", "CHK-119"}
    assert {key for row in rows.values() for key in row["words"]} == set(PLACEHOLDERS)
    assert all(row["rule"] and row["words"] for row in rows.values())


def test_the_severity_is_the_framework_s(tmp_path: Path) -> None:
    base, framework = listed(folder=tmp_path), listed("--framework", "framework-2023", folder=tmp_path)
    assert (base["CHK-058"]["severity"], framework["CHK-058"]["severity"]) == ("warn", "block")
    assert framework["CHK-058"]["key"] == "checks.severity.CHK-058"
    assert base["CHK-056"]["severity"] == "off" and base["CHK-056"]["key"] == "grades.item_scale"
    assert listed("--framework", "wokingham-3.2", folder=tmp_path)["CHK-056"]["severity"] == "warn"
    assert listed("--framework", "bexley-2017", folder=tmp_path)["CHK-091"]["severity"] == "warn"
    assert base["CHK-072"]["fixed"] and not base["CHK-086"]["fixed"]
    assert base["CHK-086"]["also"] == ["block"]


def test_a_framework_there_is_not_is_said(tmp_path: Path) -> None:
    done = mailflow("checks", "--framework", "nowhere", folder=tmp_path)
    assert done.code == 2 and "nowhere" in done.err and "Traceback" not in done.err


def test_people_see_a_table(tmp_path: Path) -> None:
    done = mailflow("checks", folder=tmp_path)
    assert done.code == 0 and "CHK-086" in done.out and "warn or block" in done.out
