"""A year of the 2023 framework on a chosen clock, nobody answering: what leaves, to whom, and in which months."""

from collections import Counter, defaultdict
from pathlib import Path

from mailflow.rehearsal import rehearse_days
from tests.world import build_world, load_world_policy, moment, open_world

PROFILE = """[profile.selection]
approval = "none"
exclude_audited_within_months = 0
own_team = "allow"
[profile.calendar]
starts = "by_itself"
"""
OPEN = ("2026-09", "2026-10", "2026-11", "2027-01", "2027-02", "2027-03", "2027-04", "2027-05", "2027-06", "2027-07")


def test_a_year_s_letters_are_listed_before_any_of_them_leaves(tmp_path: Path) -> None:
    """Ten months open by themselves, none in August or December; everybody who does not answer is nudged, reminded on the
    due day, and told when it is over; the head of service and the QA team hear; each month has its report. Nothing of it
    stands in the council's own store or mailbox afterwards."""
    with build_world(tmp_path / "northmoor", auditors=3, profile=PROFILE, opened=False) as world:
        kept = world.house.store.head()
    policy = load_world_policy(tmp_path / "northmoor")
    letters = rehearse_days(policy, moment("2026-09-01 00:01"), moment("2027-08-31 23:59"), None, lambda done, of: None)
    months: dict[str, Counter[str]] = defaultdict(Counter)
    for letter in letters:
        months[str(letter["sent_at"])[:7]][str(letter["code"])] += 1
    assert tuple(m for m in sorted(months) if months[m]["OUT-04"]) == OPEN
    for month in OPEN:
        found = months[month]
        assert (found["OUT-04"], found["OUT-11"], found["OUT-92"]) == (3, 3, 1), month
        assert found["OUT-08"] == 6, "two nudges each"
    codes = Counter(str(x["code"]) for x in letters)
    assert codes["OUT-69"] >= 9 and codes["OUT-15"] >= 2 * 3 * 9
    assert not {"OUT-04", "OUT-06", "OUT-10", "OUT-11"} & (set(months["2026-12"]) | set(months["2027-08"]))
    with open_world(tmp_path / "northmoor", "2026-09-01 09:00") as world:
        assert world.house.store.head() == kept and not world.in_folder("sent")
