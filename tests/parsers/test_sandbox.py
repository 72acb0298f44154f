"""Reading in child processes: the same readings, and a child's death costs one document."""

import fcntl
import json
import os
import select
import signal
import subprocess
import sys
import termios
import textwrap
import threading
from pathlib import Path

import pytest

from mailflow.model import Answer, Leftover, Passport, Reading, Status
from mailflow.model.codec import from_plain, to_plain
from parsers.read import read_document
from parsers.sandbox import Pool, limits_missing
from parsers.wire import pack_reading, unpack_reading
from tests.corpus.hostile.make import package
from tests.parsers.fills import whole_form
from tests.parsers.pages import FORM, ROOT, fill_base, make_form

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no signals and no memory limit on Windows")


def test_a_child_reads_as_this_process_does(tmp_path: Path) -> None:
    """From bytes and from a path alike."""
    data = fill_base(whole_form())
    (tmp_path / "form.docx").write_bytes(data)
    pool = Pool((FORM,))
    assert pool.read(data, "form.docx") == pool.read(tmp_path / "form.docx", "form.docx") == read_document(data, "x", (FORM,))
    pool.close()


def test_too_little_time_costs_one_document() -> None:
    slow = package("<w:p/>" * 400_000, stored=True)
    pool = Pool((FORM,), seconds=0.05)
    reading = pool.read(slow, "slow.docx")
    assert (reading.status, reading.reason) == (Status.UNREADABLE, "timeout")
    pool.close()


def test_a_child_that_died_while_idle_costs_nothing() -> None:
    pool = Pool((FORM,))
    good = make_form({"header.team": "North"})
    assert pool.read(good, "a.docx").answer("header.team") == "North"
    child = pool._free.get()
    os.kill(child.process.pid, signal.SIGKILL)
    child.process.join()
    pool._free.put(child)
    assert pool.read(good, "b.docx").answer("header.team") == "North"
    pool.close()


@pytest.mark.skipif(sys.platform != "linux", reason="how much a pipe holds is asked the way Linux answers it")
def test_a_child_that_dies_while_reading_costs_that_document() -> None:
    """Killed from outside once it was handed the document: that one is unreadable with a reason, the next is read."""
    pool = Pool((FORM,))
    data = make_form({"header.team": "North"})
    child = pool._free.get()
    os.kill(child.process.pid, signal.SIGSTOP)
    pool._free.put(child)

    def kill_once_handed_over() -> None:
        waiting = bytearray(4)
        while int.from_bytes(waiting, sys.byteorder) < len(data):
            fcntl.ioctl(child.pipe.fileno(), termios.TIOCOUTQ, waiting)
        os.kill(child.process.pid, signal.SIGKILL)

    killer = threading.Thread(target=kill_once_handed_over)
    killer.start()
    reading = pool.read(data, "a.docx")
    killer.join()
    assert (reading.status, reading.reason) == (Status.UNREADABLE, "hostile")
    assert pool.read(make_form({"header.team": "South"}), "b.docx").answer("header.team") == "South"
    pool.close()


def test_too_little_memory_costs_one_document() -> None:
    """The child lives on and says what happened, or dies and is replaced; either way the next one is read."""
    pool = Pool((FORM,), memory_mb=220)
    hungry = package("<w:p/>" * 550_000, stored=True)
    assert pool.read(hungry, "big.docx").reason in ("too_large", "hostile", "damaged")
    assert pool.read(make_form({"header.team": "North"}), "b.docx").answer("header.team") == "North"
    pool.close()


def test_threads_share_a_pool() -> None:
    pool = Pool((FORM,), size=2)
    teams: dict[int, str] = {}

    def work(n: int) -> None:
        teams[n] = pool.read(make_form({"header.team": f"Team {n}"}), "x.docx").answer("header.team")

    threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert teams == {n: f"Team {n}" for n in range(8)}
    pool.close()


def test_children_end_when_their_parent_is_killed(tmp_path: Path) -> None:
    """The parent prints its child's number and is killed without a chance to clean up; the child ends by itself."""
    script = tmp_path / "parent.py"
    script.write_text(textwrap.dedent(f"""
        import sys, time
        sys.path.insert(0, {str(ROOT)!r})
        from parsers.sandbox import Pool
        from mailflow.form.load import load_form
        if __name__ == "__main__":
            pool = Pool((load_form(__import__("pathlib").Path({str(ROOT / "templates/base/form.toml")!r})),))
            child = pool._free.get()
            print(child.process.pid, flush=True)
            time.sleep(60)
    """))
    parent = subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    number = int(parent.stdout.readline())
    watch = os.pidfd_open(number)
    parent.kill()
    parent.wait()
    ended, _, _ = select.select([watch], [], [], 20)
    os.close(watch)
    assert ended, "the reading child outlived its parent"


def test_the_limits_that_are_missing_are_named() -> None:
    assert any("network" in words for words in limits_missing())


FULL = Reading(
    Status.READABLE, "base-10", "1", Passport("2606-017C", "base-10", "1", "ab"), False, "2606-017C",
    {"a.b": Answer("a.b", "text\u2028 \ud83d", "table 1", had_prompt=True, value="good", trouble="x",
                   candidates=("good", "outstanding"))},
    {"actions": ({"due": Answer("actions.1.due", "", value=None)},)}, ("c.d",), ("e.f",), (Leftover("left", "here"),),
    3, 2, ("macros",), 17, "ff", "", "", "all the text",
)


def test_the_wire_has_the_codec_s_shape() -> None:
    """The quick form written out for readings and the general codec agree, both ways."""
    plain = json.loads(pack_reading(FULL).decode("utf-8", "surrogatepass"))
    assert plain == to_plain(FULL)
    assert unpack_reading(pack_reading(FULL)) == FULL == from_plain(Reading, plain)


@pytest.mark.parametrize("data", [
    b"", b"[]", b"null", b'{"status": "readable"}', b"\xff\xfe", b"[" * 100_000,
    pack_reading(FULL).replace(b'"tracked_changes":3', b'"tracked_changes":"3"'),
    pack_reading(FULL).replace(b'"text":"all the text"', b'"text":["all"]'),
])
def test_a_harmed_child_can_only_send_a_reading(data: bytes) -> None:
    with pytest.raises(ValueError):
        unpack_reading(data)
