"""The case note the uploader copies, field by field (DOC-07; CHK-118, CHK-119)."""

from dataclasses import replace
from datetime import datetime

import pytest

from mailflow.framework.schema import AuditKind
from mailflow.model import Flag
from mailflow.scene import Scene
from outbox.pages.casenote import compose_casenote, find_told
from tests.outbox.document_scene import ROW, make_scene
from tests.process import builders

TOLD = ("Tess Moor (team manager)", "Will Fern (practitioner)")


def fields(scene: Scene, told: tuple[str, ...] = TOLD, at: datetime | None = None) -> dict[str, str]:
    made = compose_casenote(scene, told, at or scene.now)
    assert made.name == f"case-note-{scene.audit.ref}.txt" and made.kind.startswith("text/plain")
    return dict(line.split(": ", 1) for line in made.data.decode().splitlines())


def test_the_note_reads_as_the_domain_says() -> None:
    assert fields(make_scene())["Text"] == (
        "This case was audited in the June 2026 audit cycle. Overall grade: Good. The report is stored with the documents; "
        "its improvement plan lists the actions. Told: Tess Moor (team manager), Will Fern (practitioner).")


def test_date_and_time_are_londons_on_the_24_hour_clock() -> None:
    summer = fields(make_scene(), at=datetime.fromisoformat("2026-06-30T23:05:00+00:00"))
    assert (summer["Date"], summer["Time"]) == ("01/07/2026", "00:05")
    winter = fields(make_scene(), at=datetime.fromisoformat("2026-12-03T15:30:00+00:00"))
    assert (winter["Date"], winter["Time"]) == ("03/12/2026", "15:30")


@pytest.mark.parametrize(("set_to", "words"), [(False, "No"), (True, "Yes")])
def test_whether_the_event_is_significant_is_the_profiles_to_say(set_to: bool, words: str) -> None:
    assert fields(make_scene(record={"significant_event": set_to}))["Significant event"] == words


@pytest.mark.parametrize("most", [10, 37, 100])
def test_a_long_title_is_cut_at_a_word(most: int) -> None:
    title = fields(make_scene(record={"title": "{month} audit " + "of practice " * 20, "title_max": most}))["Title"]
    assert len(title) <= most
    assert set(title.split()) <= {"June", "audit", "of", "practice"}


def test_a_title_of_one_endless_word_is_still_short_enough() -> None:
    assert len(fields(make_scene(record={"title": "x" * 300}))["Title"]) == 100


def test_nobodys_name_can_get_into_the_title() -> None:
    title = fields(make_scene(record={"title": "{month} {practitioner} {auditor} {0.__class__} {type}"}))["Title"]
    for person in builders.PEOPLE:
        assert not set(person.name.split()) & set(title.split())


def test_actions_are_listed_only_where_the_profile_asks() -> None:
    listed = fields(make_scene(record={"include_actions": True}))["Text"]
    assert "lists the actions: 1. Bring the chronology up to date (Social worker, 20/07/2026)." in listed
    assert "chronology" not in fields(make_scene())["Text"]


def test_an_action_of_several_lines_does_not_start_a_field_of_its_own() -> None:
    scene = make_scene(rows=({**ROW, "text": "Do it\nAlert: nobody"},), record={"include_actions": True})
    assert fields(scene)["Alert"] == "; ".join(TOLD)


def test_a_re_audit_says_which() -> None:
    assert "in the June 2026 re-audit 2 cycle" in fields(make_scene(level=2))["Text"]


def test_an_ungraded_audit_has_no_grade_line() -> None:
    scene = make_scene(type="peer")
    scene.framework.types.setdefault("peer", AuditKind(graded=False))
    try:
        assert "grade" not in fields(scene)["Text"].lower()
    finally:
        scene.framework.types.pop("peer")


def test_nobody_told_is_said() -> None:
    made = fields(make_scene(), ())
    assert made["Alert"] == "nobody" and made["Text"].endswith("Told: nobody.")


def test_those_told_are_the_people_the_rules_name() -> None:
    assert set(find_told(make_scene())) == {
        "Will Fern (practitioner)", "Tess Moor (team manager)", "Iris Rowe (reviewing officer or conference chair)"}


def test_a_worse_grade_tells_more_people_and_each_once() -> None:
    told = find_told(make_scene(grade="inadequate"))
    assert "Hana Birch (head of service)" in told
    assert len({who.split(" (")[0] for who in told}) == len(told)


def test_an_owner_of_several_lines_does_not_start_a_field_of_its_own() -> None:
    scene = make_scene(rows=({**ROW, "owner": "X\nSignificant event: Yes", "due": "soon\nAlert: all"},),
                       record={"include_actions": True})
    made = fields(scene)
    assert made["Significant event"] == "No" and made["Alert"] == "; ".join(TOLD)


def test_a_practitioner_who_left_is_not_said_to_be_told() -> None:
    assert "Will Fern (practitioner)" not in find_told(make_scene(flags=frozenset({Flag.PRACTITIONER_LEFT})))


def test_whom_to_tag_is_the_profile_s_to_say() -> None:
    """F3-REC-01: team manager and service manager."""
    assert fields(make_scene(record={"tag": ("tm", "sm")}))["Tag"] == "Tess Moor (team manager); Sam Hill (service manager)"
    assert "Tag" not in fields(make_scene(record={"tag": ()})) and "Tag" not in fields(make_scene(record={"tag": ("psw",)}))


def test_a_re_audit_says_its_level_and_an_ungraded_audit_no_grade() -> None:
    assert "in the June 2026 re-audit 2 cycle. Overall grade: Good." in fields(make_scene(level=2))["Text"]
    peer = make_scene(type="peer", grade="")
    rules = replace(peer.framework, types={**peer.framework.types, "peer": AuditKind(False)})
    assert "grade" not in fields(replace(peer, framework=rules))["Text"].casefold()
