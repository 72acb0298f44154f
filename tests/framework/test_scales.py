"""Scales of grades as a profile's own tables, and times as it writes them."""

import pytest

from mailflow.errors import ConfigError
from mailflow.framework import Framework, load_framework
from mailflow.framework.durations import read_duration, say_duration
from mailflow.framework.scales import find_band
from mailflow.grading import band_of, rank_of, say_band

THREE = {"bands": [{"grade": "not_met", "rank": 1, "words": "Not met", "values": ["not met"]},
                   {"grade": "partly_met", "rank": 2, "values": ["partly met", "in part"]},
                   {"grade": "met", "rank": 3}]}


def load(name: str = "base", **tables: object) -> Framework:
    return load_framework(name, {"send": {"allowed_domains": ["northmoor.example"]}, **tables})


def test_every_number_from_nought_to_ten_has_its_rank() -> None:
    """F2-GRD-01; 0 to 5 need areas for improvement (G-37)."""
    sos10 = load().grades.scales["sos10"]
    assert [b.rank for n in range(11) if (b := find_band(sos10, str(n)))] == [1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4]
    assert find_band(sos10, "11") is None and find_band(sos10, "2.5") is None and find_band(sos10, "") is None


def test_a_councils_three_words_are_a_table_of_its_profile() -> None:
    rules = load(grades={"scale": "three", "scales": {"three": THREE}})
    assert [rank_of(rules, w) for w in ("Not Met", "in part", "met", "superb")] == [1, 2, 3, 0]
    assert [say_band(rules, w) for w in ("not met", "partly_met", "met", "superb")] == ["Not met", "Partly met", "Met", "superb"]


def test_sections_may_be_on_another_scale_than_the_whole() -> None:
    rules = load("bexley-2017")
    seven, good = band_of(rules, "7", domain=True), band_of(rules, "good")
    assert seven and good and seven.rank == good.rank == 3


@pytest.mark.parametrize(("grades", "words"), [
    ({"scale": "sos11"}, "there is no [grades.scales.sos11]"),
    ({"section_scale": "resp6"}, "there is no [grades.scales.resp6]"),
    ({"scales": {"x": {"bands": []}}}, "grades.scales.x: it has no bands"),
    ({"scales": {"x": {"bands": [{"grade": "a", "rank": 2}, {"grade": "b", "rank": 1}]}}}, "ranks begin at 1"),
    ({"scales": {"x": {"bands": [{"grade": "a", "rank": 0}]}}}, "ranks begin at 1"),
    ({"scales": {"x": {"bands": [{"grade": "a", "rank": 1}, {"grade": "b", "rank": 2, "values": ["A"]}]}}}, "a would mean two"),
    ({"scales": {"x": {"bands": [{"grade": "a", "rank": 1, "colour": "red"}]}}}, "unknown key"),
])
def test_a_scale_that_makes_no_sense_is_named(grades: dict[str, object], words: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(grades=grades)
    assert any(words in p and p.startswith("mailflow.toml [profile]") for p in caught.value.problems), caught.value.problems


@pytest.mark.parametrize("abc", [{"A": "24"}, {"A": "a day"}, {"a": "24h"}, {"AA": "24h"}, {"A": "0h"}, {"A": "-1d"}])
def test_a_letter_or_a_time_that_cannot_be_read_is_named(abc: dict[str, str]) -> None:
    with pytest.raises(ConfigError, match="is not like 24h or 7d"):
        load(actions={"abc": abc})


def test_an_owner_nobody_can_be_is_named() -> None:
    with pytest.raises(ConfigError, match=r"actions\.default_owner"):
        load(actions={"default_owner": "manager"})


def test_times_are_said_in_words() -> None:
    assert (read_duration("24h"), read_duration("7d")) == ((24, "h"), (7, "d"))
    assert [say_duration(t) for t in ("1h", "24h", "1d", "21d")] == ["1 hour", "24 hours", "1 day", "21 days"]
    with pytest.raises(ValueError, match="is not like"):
        read_duration("soon")
