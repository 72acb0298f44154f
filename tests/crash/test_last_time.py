"""The same as ``test_first_time``, at the last time each line is reached: late in the life, with much behind it."""

import pytest

from tests.crash.life import STAGES, Stage
from tests.crash.lines import Told, crash_and_recover

pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.mark.parametrize("stage", STAGES, ids=lambda s: s.name)
def test_stopped_at_any_line_nothing_is_lost_and_nothing_done_twice(told: Told, stage: Stage) -> None:
    wrong = [w for line, hit in told.points(stage, "last") for w in crash_and_recover(told, stage, line, hit)]
    assert wrong == []
