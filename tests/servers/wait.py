"""Small helpers: waiting for a fact with a deadline, free ports, a server that says nothing, and what must be installed."""

import os
import shutil
import socket
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from types import TracebackType
from typing import TypeVar

import pytest

T = TypeVar("T")


def until(what: str, look: Callable[[], T], seconds: float = 10.0) -> T:
    """Look every 5 ms until there is a true answer, and give it back. Fails naming ``what``."""
    give_up_at = time.monotonic() + seconds
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > give_up_at:
            pytest.fail(f"waited {seconds} s in vain for {what}")
        time.sleep(0.005)


def free_port() -> int:
    with closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def need(program: str, install: str) -> str:
    """The program's full path (sbin included). Skips the test, or fails it when MAILFLOW_REQUIRE_SERVERS=1."""
    path = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin", "/sbin"])
    found = shutil.which(program, path=path)
    if found:
        return found
    words = f"{program} is not installed: {install}"
    if os.environ.get("MAILFLOW_REQUIRE_SERVERS") == "1":
        pytest.fail(words)
    pytest.skip(words)


def listens(port: int, greeting: bytes) -> bool:
    """Whether something on loopback greets like this."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as line:
            return line.recv(200).startswith(greeting)
    except OSError:
        return False


def tail(path: Path) -> str:
    return path.read_text(errors="replace")[-2000:] if path.exists() else "(no log)"


class Silent:
    """A server that accepts connections and never says a word: ``port``."""

    def __enter__(self) -> "Silent":
        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", 0))
        self._socket.listen(8)
        self.port: int = self._socket.getsockname()[1]
        return self

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, at: TracebackType | None) -> None:
        self._socket.close()
