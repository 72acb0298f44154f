"""The names a council's own letters may print are those that are really given."""

from outbox.facts import COMMON, common, gather
from tests.outbox.letters_scene import AUDITOR, make_desk, make_scene


def test_the_list_of_common_facts_is_true() -> None:
    at = make_desk(make_scene())
    assert at.scene is not None
    given = set(common(at.scene)) | set(gather("OUT-17", {}, at, AUDITOR, "auditor"))
    assert given - {"by_name", "more"} == COMMON
