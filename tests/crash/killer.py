"""A process that lives one stage at a time in children of its own, which kill themselves (SIGKILL) where they are told to.

``python -m tests.crash.killer ROOT`` answers each line of its input, ``{"stage": name, "at": n}``, with one line:
``{"killed": true}``, or ``{"killed": false, "events": n}`` where the stage came to its end first. An event is: before a
commit, after a commit, after each call of the mailbox. ``{"stage": name, "poison": digest}`` kills whoever opens that
message. ``{"stage": name, "warm": true}`` lives the stage in the process itself, so that everything is loaded. The house is
always opened in the child.
"""

import importlib
import json
import logging
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

from mailflow.mailbox import Evidence, Ref, Sent
from mailflow.mailbox.folder import Target
from mailflow.steps.house import open_house
from mailflow.store import Store, lock
from parsers.sandbox import Pool
from tests.crash.life import STAGES, Stage, WatchedMailbox
from tests.world import MAILBOX, World, load_world_policy, moment


class Counter:
    """Counts events; at the n-th the process is gone, as by `kill -9`."""

    def __init__(self, at: int) -> None:
        self.events, self._at = 0, at

    def event(self) -> None:
        self.events += 1
        if self.events == self._at:
            os.kill(os.getpid(), signal.SIGKILL)


class MortalStore(Store):
    counter: Counter
    poison: str = ""

    def _commit(self) -> None:
        self.counter.event()
        super()._commit()
        self.counter.event()

    def blob(self, sha: str) -> bytes:
        if sha == self.poison:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().blob(sha)


class MortalMailbox(WatchedMailbox):
    """Dies after any call, when its time has come."""

    def __init__(self, path: Path, trouble: dict[str, str], counter: Counter) -> None:
        super().__init__(path, trouble)
        self._counter = counter

    def list_new(self) -> Iterator[Ref]:
        found = list(super().list_new())
        self._counter.event()
        return iter(found)

    def fetch(self, ref: Ref, target: Path) -> None:
        super().fetch(ref, target)
        self._counter.event()

    def file(self, ref_place: str, folder: Target) -> None:
        super().file(ref_place, folder)
        self._counter.event()

    def find_sent(self, message_id: str) -> Evidence:
        found = super().find_sent(message_id)
        self._counter.event()
        return found

    def send(self, raw: bytes, recipient: str, message_id: str) -> Sent:
        done = super().send(raw, recipient, message_id)
        if self.twice:
            os._exit(3)
        self._counter.event()
        return done


def live(root: Path, stage: Stage, at: int, poison: str, pool: Pool) -> int:
    """The stage's deed; how many events there were. Does not come back when it is killed."""
    policy, counter = load_world_policy(root), Counter(at)
    MortalStore.counter, MortalStore.poison = counter, poison
    store = MortalStore.open(policy.settings.state, MAILBOX) if policy.settings.state.exists() else None
    with lock(policy.settings.state), open_house(
            policy, store=store, mailbox=MortalMailbox(root / "mail", dict(stage.trouble), counter)) as house:
        house._pool = pool
        stage.deed(World(root, house, moment(stage.at)))
        house._pool = None
    return counter.events


def serve(root: Path) -> None:
    stages = {s.name: s for s in STAGES}
    policy = load_world_policy(root)
    pool = Pool(policy.forms, expected=policy.form.id)
    for name in ("annotate.comments", "forms.word", "pages.report", "pages.casenote", "pages.invite", "sheets.actions",
                 "sheets.allocation"):
        importlib.import_module(f"outbox.{name}")
    logging.disable(logging.CRITICAL)
    for line in sys.stdin:
        asked = json.loads(line)
        stage = stages[asked["stage"]]
        # Even the warm-up is done in a child: Typst keeps threads, and a process forked after they began has lost them.
        answer = _in_a_child(root, stage, {} if asked.get("warm") else asked, pool)
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
    pool.close()


def _in_a_child(root: Path, stage: Stage, asked: dict[str, object], pool: Pool) -> dict[str, object]:
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        events = live(root, stage, int(str(asked.get("at", 0))), str(asked.get("poison", "")), pool)
        os.write(write, str(events).encode())
        os._exit(0)
    os.close(write)
    told = os.read(read, 100)
    os.close(read)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return {"killed": os.WTERMSIG(status) == signal.SIGKILL}
    return {"killed": False, "events": int(told or b"-1"), "exit": os.WEXITSTATUS(status)}


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
