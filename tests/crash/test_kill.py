"""kill -9 in the middle of receive, read, decide, deliver, remind; a new start; and nothing is lost or done twice."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mailflow.steps.read import MAX_FAILURES
from tests.crash.life import STAGES, Stage, at_work, found_state, settle
from tests.crash.lines import Told, differences, digest
from tests.world import QA

pytestmark = pytest.mark.skipif(not hasattr(__import__("os"), "fork"), reason="killing needs fork, which Windows has not")

HERE = Path(__file__).resolve().parents[2]
# Between them: allocation, returns, held forms, concerns, commands, codes, issue, and letters in doubt.
KILLED_IN = [s for s in STAGES if s.name in ("begin", "returns", "amended", "code")]
Ask = Callable[..., dict[str, object]]


@pytest.fixture(scope="module")
def ask(told: Told) -> Iterator[Ask]:
    """ask(stage="returns", at=17): live the stage on the spoilt folders in a child that is killed at that event."""
    process = subprocess.Popen([sys.executable, "-m", "tests.crash.killer", str(told.copy(STAGES[1]))], cwd=HERE, text=True,
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin is not None and process.stdout is not None

    def put(**asked: object) -> dict[str, object]:
        process.stdin.write(json.dumps(asked) + "\n")
        process.stdin.flush()
        answer = process.stdout.readline()
        assert answer, "the killer itself is gone"
        return dict(json.loads(answer))

    # Not the stage that makes PDFs: the typesetter's threads would be missing in every child.
    for stage in KILLED_IN[:-1]:
        told.copy(stage)
        put(stage=stage.name, warm=True)
    yield put
    process.stdin.close()
    process.wait()


@pytest.mark.parametrize("stage", KILLED_IN, ids=lambda s: s.name)
def test_killed_at_any_commit_or_mailbox_call_and_started_again(told: Told, ask: Ask, stage: Stage) -> None:
    """Whatever the moment of the kill, after a new start everything is as if it had not happened."""
    told.copy(stage)
    events = ask(stage=stage.name)["events"]
    assert isinstance(events, int) and events > 10
    recovered: set[str] = set()
    wrong: list[str] = []
    for at in range(1, events + 1):
        root = told.copy(stage)
        assert ask(stage=stage.name, at=at) == {"killed": True}
        lasting = digest(root)
        if lasting in recovered:
            continue
        recovered.add(lasting)
        assert ask(stage=stage.name)["exit"] == 0, "a letter was handed over twice"
        assert settle(root, stage, told.pool) == []
        wrong += [f"{stage.name}, event {at}: {w}" for w in differences(told.ends[stage.name], found_state(root))]
    assert wrong == []
    assert len(recovered) > 5


def test_killed_again_and_again_it_still_comes_to_the_end(told: Told, ask: Ask) -> None:
    """Every start is killed a few events after the one before; the last one finds nothing left to do."""
    stage = next(s for s in STAGES if s.name == "code")
    root = told.copy(stage)
    starts, at = 0, 4
    while ask(stage=stage.name, at=at)["killed"]:
        starts, at = starts + 1, at + 9
    assert starts > 3
    assert settle(root, stage, told.pool) == []
    assert differences(told.ends[stage.name], found_state(root)) == []


def test_a_message_that_kills_whoever_opens_it_is_set_aside_and_the_others_go_on(told: Told, ask: Ask) -> None:
    """One bad item never stops the line, not even one that ends the process each time."""
    stage = next(s for s in STAGES if s.name == "decisions")
    root = told.copy(stage)
    with at_work(root, stage.at, told.pool) as world:
        from mailflow.steps.receive import receive

        bad = world.write(QA, "I would rather not say.", subject="A heavy mail")
        receive(world.house, world.now)
        poison = world.inbound(bad).sha
    starts = 1
    while ask(stage=stage.name, poison=poison)["killed"]:
        starts += 1
        assert starts <= MAX_FAILURES + 2, "it is opened for ever"
    settle(root, stage, told.pool)
    with at_work(root, stage.at, told.pool) as world:
        found = world.inbound(bad)
        assert (found.state, found.disposition, found.settled) == ("done", "hold", True)
        others = [i for i in world.house.store.load_inbound() if i.id != found.id]
        assert all(i.state == "done" and "could not handle" not in i.reason for i in others)
        assert world.house.store.verify().holds
