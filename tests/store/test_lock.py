"""One daemon a state folder, whatever way the last one ended."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import mailflow
from mailflow.errors import ConfigError, TemporaryError
from mailflow.store import lock

HOLDER = """
import sys
from pathlib import Path
from mailflow.store import lock
with lock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""
ENV = {**os.environ, "PYTHONPATH": str(Path(mailflow.__file__).parents[1])}


def holder(folder: Path) -> "subprocess.Popen[bytes]":
    child = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=ENV
    )
    assert child.stdout and child.stdout.readline() == b"held\n"
    return child


def test_a_second_daemon_is_told_which_process_is_at_work(folder: Path) -> None:
    child = holder(folder)
    try:
        with pytest.raises(TemporaryError, match=rf"process {child.pid}\)"), lock(folder):
            pass
    finally:
        child.communicate()
    with lock(folder):
        pass


@pytest.mark.skipif(os.name != "posix", reason="kill -9 is of POSIX systems")
def test_a_killed_daemon_holds_nothing(folder: Path) -> None:
    child = holder(folder)
    child.send_signal(signal.SIGKILL)
    child.communicate()
    with lock(folder):
        assert (folder / "mailflow.lock").read_text() == f"{os.getpid()}\n"


def test_a_step_that_fails_lets_go(folder: Path) -> None:
    with pytest.raises(ZeroDivisionError), lock(folder):
        _ = 1 / 0
    with lock(folder), pytest.raises(TemporaryError), lock(folder):
        pass


@pytest.mark.skipif(os.name != "posix", reason="links of POSIX systems")
def test_a_lock_that_is_a_link_is_not_followed(folder: Path, tmp_path: Path) -> None:
    folder.mkdir(mode=0o700)
    (tmp_path / "precious").write_text("keep me")
    (folder / "mailflow.lock").symlink_to(tmp_path / "precious")
    with pytest.raises(ConfigError), lock(folder):
        pass
    assert (tmp_path / "precious").read_text() == "keep me"
