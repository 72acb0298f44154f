"""mailflow stops at a line the first time that line is reached, starts again, and everything is as if it had not stopped."""

import pytest

from tests.crash.life import STAGES, Stage
from tests.crash.lines import Told, crash_and_recover, lines_of

# A crash leaves half-read rows behind; the interpreter complains when it clears them away.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.mark.parametrize("stage", STAGES, ids=lambda s: s.name)
def test_stopped_at_any_line_nothing_is_lost_and_nothing_done_twice(told: Told, stage: Stage) -> None:
    """Audits, letters, timers, journal and folders are in the end what they are without the stop; no letter leaves twice."""
    wrong = [w for line, hit in told.points(stage, "first") for w in crash_and_recover(told, stage, line, hit)]
    assert wrong == []


def test_the_life_comes_by_most_lines_of_the_corridor_and_the_store(told: Told) -> None:
    """Otherwise the tests above would prove little. What is left are refusals: of damaged databases, of senseless months."""
    reached = {(path, number) for hits in told.hits.values() for path, number, _ in hits}
    steps, store = lines_of("steps"), lines_of("store")
    assert len(steps & reached) >= 0.75 * len(steps)
    assert len(store & reached) >= 0.65 * len(store)
