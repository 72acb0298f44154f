"""Several processes at once, and processes that die: nothing lost, nothing twice, nothing half-written."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import mailflow
from mailflow.store import Store
from mailflow.store.schema import known_names

ENV = {**os.environ, "PYTHONPATH": str(Path(mailflow.__file__).parents[1])}
HEAD = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from mailflow.store import Store
NOW = datetime(2026, 6, 17, 9, 0, tzinfo=UTC)
FOLDER = Path(sys.argv[1])
def say(*words):
    print(*words, flush=True)
def wait():
    say("ready")
    sys.stdin.readline()
"""


def start(folder: Path, script: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", HEAD + script, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, env=ENV, text=True,
    )


def together(folder: Path, script: str, many: int) -> list[str]:
    """Start as many processes, let them go at the same moment, and give back what each said after that."""
    children = [start(folder, script) for _ in range(many)]
    for child in children:
        assert child.stdout and child.stdout.readline() == "ready\n", child.communicate()[1]
    for child in children:
        assert child.stdin
        child.stdin.write("go\n")
        child.stdin.flush()
    said = [child.communicate(timeout=120) for child in children]
    assert [child.returncode for child in children] == [0] * many, said
    return [out.strip() for out, _ in said]


def test_four_processes_may_make_the_store_at_once(folder: Path, make: Any) -> None:
    said = together(
        folder, "wait()\nwith Store.open(FOLDER, 'audits@northmoor.example') as s: say(s.secret().hex())", 4
    )
    assert len(set(said)) == 1, "all four have the one secret"
    with Store.open(folder, make.mailbox) as store:
        assert store.secret().hex() == said[0] and store.head()[0] == 0 and store.verify().holds
        assert store._read("select name from _sqlite_migrations") == [(name,) for name in sorted(known_names())]


def test_two_processes_receive_the_same_messages_once(folder: Path, store: Store) -> None:
    said = together(folder, """
with Store.open(FOLDER, "audits@northmoor.example") as s:
    wait()
    kept = 0
    for n in range(60):
        with s.tx():
            kept += s.receive(f"<{n}@x>", f"d{n}", "inbox", b"raw %d" % n, NOW) is not None
            s.journal("received", NOW, data={"n": n})
    say(kept)
""", 2)
    assert sum(map(int, said)) == 60
    found = store.load_inbound()
    assert sorted(i.digest for i in found) == sorted(f"d{n}" for n in range(60)) and not any(i.double for i in found)
    assert store.verify().checked == 120 and store.verify().holds, "two writers, one chain"


def test_two_processes_never_take_the_same_letter(folder: Path, store: Store, make: Any) -> None:
    with store.tx():
        for n in range(60):
            store.enqueue(make.letter(n))
    said = together(folder, """
with Store.open(FOLDER, "audits@northmoor.example") as s:
    wait()
    while letter := s.take_letter(NOW):
        say(letter.id)
""", 2)
    taken = [int(number) for out in said for number in out.split()]
    assert len(taken) == 60 == len(set(taken))
    assert all(letter.attempts == 1 for letter in store.sending_letters())


STEP = """
with Store.open(FOLDER, "audits@northmoor.example") as s:
    audit = s.get_audit("2606-001A")
    inbound = s.take_inbound("new")[0]
    from mailflow.model import Letter
    letter = Letter("key", "OUT-12", audit.ref, "auditor", "a@northmoor.example", "s", "<m@x>", b"raw" * 100_000, NOW)
    steps = [
        lambda: s.finish_inbound(inbound.id, "accept"),
        lambda: s.save_audit(audit),
        lambda: s.journal("T-08", NOW, audit.ref),
        lambda: s.enqueue(letter, inbound.id),
        lambda: s.set_timer(audit.ref, "due", NOW),
    ]
    with s.tx():
        for step in steps[:COUNT]:
            step()
        wait()
"""


@pytest.mark.skipif(os.name != "posix", reason="kill -9 is of POSIX systems")
@pytest.mark.parametrize("count", range(6))
def test_kill_9_in_the_middle_of_a_step_leaves_nothing_half_written(
    folder: Path, store: Store, make: Any, count: int
) -> None:
    with store.tx():
        store.add_audit(make.audit(ref="2606-001A"))
        assert store.receive("<1@x>", "d1", "p", b"raw", make.now)
    child = start(folder, STEP.replace("COUNT", str(count)))
    assert child.stdout and child.stdout.readline() == "ready\n", child.communicate()[1]
    child.send_signal(signal.SIGKILL)
    child.communicate()
    for looked in (store, Store.open(folder, make.mailbox)):
        assert looked.get_audit("2606-001A").generation == 0
        assert [i.state for i in looked.load_inbound()] == ["new"]
        assert looked.load_letters() == () and looked.due_timers(make.now) == () and looked.head()[0] == 0
        assert looked.verify().holds and looked._read("pragma quick_check") == [("ok",)]
    looked.close()
    with store.tx():
        store.finish_inbound(1, "accept")


@pytest.mark.skipif(os.name != "posix", reason="kill -9 is of POSIX systems")
def test_what_was_committed_outlives_kill_9(folder: Path, store: Store, make: Any) -> None:
    child = start(folder, """
with Store.open(FOLDER, "audits@northmoor.example") as s:
    with s.tx():
        s.receive("<1@x>", "d1", "p", b"raw" * 100_000, NOW)
        s.journal("received", NOW)
    wait()
""")
    assert child.stdout and child.stdout.readline() == "ready\n", child.communicate()[1]
    child.send_signal(signal.SIGKILL)
    child.communicate()
    store.close()
    with Store.open(folder, make.mailbox) as again:
        (inbound,) = again.take_inbound("new")
        assert again.blob(inbound.sha) == b"raw" * 100_000 and again.verify().checked == 1


@pytest.mark.skipif(os.name != "posix", reason="kill -9 is of POSIX systems")
def test_kill_9_while_the_tables_are_being_made_is_made_good_by_the_next_start(folder: Path, make: Any) -> None:
    child = start(folder, """
from mailflow.store import door
from mailflow.store.schema import migrations
FOLDER.mkdir(mode=0o700)
door.create_private(FOLDER / "mailflow.db")
db = door.connect(FOLDER / "mailflow.db", mode="rw", wait_seconds=1)
db.execute("pragma journal_mode = wal").fetchall()
db.execute("begin immediate")
migrations.apply(db)
wait()
""")
    assert child.stdout and child.stdout.readline() == "ready\n", child.communicate()[1]
    child.send_signal(signal.SIGKILL)
    child.communicate()
    with Store.open(folder, make.mailbox) as store:
        assert store.verify().holds and len(store.secret()) == 32
