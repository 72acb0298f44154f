"""mailflow frameworks: listed, shown with where each value comes from, compared, and a council's own one checked."""

import json
from pathlib import Path

from tests.cli.command import Done, mailflow

OWN = '[framework]\nid = "northmoor"\ntitle = "Northmoor"\nextends = "sefton"\n[qa]\ntarget_wd = 2\n'


def run(folder: Path, *words: object) -> Done:
    return mailflow(*words, folder=folder)


def own(folder: Path, text: str = OWN) -> Path:
    place = folder / "northmoor"
    place.mkdir()
    (place / "profile.toml").write_text(text, encoding="utf-8")
    return place


def test_the_list_has_the_five_councils(tmp_path: Path) -> None:
    done = run(tmp_path, "frameworks", "list", "--json")
    assert {"one-page", "framework-2023", "bexley-2017", "sefton", "wokingham-3.2"} <= {f["name"] for f in json.loads(done.out)}


def test_show_says_where_a_value_comes_from(tmp_path: Path) -> None:
    own(tmp_path)
    rows = {r["key"]: (r["value"], r["from"]) for r in json.loads(run(tmp_path, "frameworks", "show", "./northmoor", "--json").out)}
    assert rows["qa.target_wd"] == (2, str(tmp_path.resolve() / "northmoor" / "profile.toml"))
    assert rows["calendar.draw"] == ("last_working_day_previous_month", "templates/sefton/profile.toml")


def test_diff_shows_the_differences_only(tmp_path: Path) -> None:
    own(tmp_path)
    done = run(tmp_path, "frameworks", "diff", "sefton", "./northmoor", "--json")
    keys = {row["key"] for row in json.loads(done.out)}
    assert done.code == 1 and keys == {"framework.id", "framework.title", "qa.target_wd"}
    assert run(tmp_path, "frameworks", "diff", "sefton", "sefton").code == 0


def test_a_councils_own_framework_is_accepted(tmp_path: Path) -> None:
    done = run(tmp_path, "frameworks", "check", str(own(tmp_path)))
    assert done.code == 0 and "over sefton → base" in done.out


def test_every_problem_of_a_councils_own_framework_is_said_at_once(tmp_path: Path) -> None:
    place = own(tmp_path, OWN + 'hours = 3\n[form]\nid = "swindon"\n[revision]\nsoft_wd = 9\n')
    done = run(tmp_path, "frameworks", "check", str(place))
    assert done.code == 2 and "qa.hours: unknown key" in done.err
    assert str(place / "profile.toml") in done.err


def test_a_form_that_is_not_there_is_named(tmp_path: Path) -> None:
    done = run(tmp_path, "frameworks", "check", str(own(tmp_path, OWN + '[form]\nid = "swindon"\n')))
    assert done.code == 2 and "swindon" in done.err and "bexley-2017" in done.err


def test_another_form_by_type_that_is_not_there_is_named(tmp_path: Path) -> None:
    done = run(tmp_path, "frameworks", "check", str(own(tmp_path, OWN + '[form.by_type]\ndip = "dip-visits"\n')))
    assert done.code == 2 and "dip-visits" in done.err


def test_a_letter_that_prints_what_it_is_not_given_is_named(tmp_path: Path) -> None:
    place = own(tmp_path)
    (place / "letters").mkdir()
    (place / "letters" / "OUT-10.md").write_text("Subject: Reminder\n\nDear {{ nobody }}\n", encoding="utf-8")
    done = run(tmp_path, "frameworks", "check", str(place))
    assert done.code == 2 and "OUT-10" in done.err and "nobody" in done.err
