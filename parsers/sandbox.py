"""Reads in child processes with limits on time and memory, so that no document can stop or own the daemon.

One bad document costs itself: its child is ended and a fresh one started (about 10 ms). Only bytes and JSON cross the
pipe, never pickles. What is missing: nothing here stops a harmed child from using the network, and on Windows there is
no limit on memory (``limits_missing``).
"""

import json
import multiprocessing
import queue
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from multiprocessing.context import BaseContext
from pathlib import Path
from types import ModuleType

from mailflow.errors import TemporaryError
from mailflow.form.definition import FormDefinition
from mailflow.model import Reading, Unreadable
from mailflow.model.codec import to_plain
from parsers import child
from parsers.guard import LIMITS
from parsers.read import unreadable
from parsers.wire import unpack_reading

_WORDS = {
    Unreadable.TIMEOUT: "Reading this document took too long, so we stopped.",
    Unreadable.HOSTILE: "Reading this document stopped the reader. It may be damaged, or made to do harm.",
    Unreadable.TOO_LARGE: "This document is too large to read.",
}
# The child's own alarm comes a little later than ours: it is for a parent that is gone.
_GRACE = 2.0
_STARTING = threading.Lock()


def limits_missing() -> tuple[str, ...]:
    """What this system can't limit, in words for the operator."""
    missing = ("a reading child is not cut off from the network",)
    if not child.HAS_MEMORY_LIMIT:
        return (*missing, "this system has no memory limit for a reading child")
    return missing


def _context() -> BaseContext:
    if sys.platform == "win32":
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    # The server loads the reader once; every child is then a copy of it and starts in milliseconds.
    context.set_forkserver_preload(["parsers.child"])
    return context


@contextmanager
def _without_main() -> Iterator[None]:
    """A fresh child would load the program that was started all over again, which is slow, and nothing it needs."""
    with _STARTING:
        main = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            yield
        finally:
            sys.modules["__main__"] = main


class _Child:
    """One reading child and our end of its pipe."""

    def __init__(self, context: BaseContext, forms: bytes, expected: str, memory_mb: int, seconds: float) -> None:
        self.seconds = seconds
        ours, theirs = context.Pipe()
        self.pipe: Connection = ours
        self.process = context.Process(  # type: ignore[attr-defined]  # every context has one; the stub's base has not
            target=child.serve, args=(theirs, forms, expected, memory_mb, seconds + _GRACE), daemon=True, name="mailflow-reader",
        )
        with _without_main():
            self.process.start()
        theirs.close()

    def send(self, data: bytes, name: str) -> None:
        """Raises OSError where the child is gone."""
        self.pipe.send_bytes(name.encode("utf-8", "replace"))
        self.pipe.send_bytes(data)

    def receive(self) -> Reading:
        """Raises TimeoutError, or EOFError/OSError/ValueError where the child died or sent rubbish."""
        if not self.pipe.poll(self.seconds):
            raise TimeoutError
        return unpack_reading(self.pipe.recv_bytes())

    def is_alive(self) -> bool:
        """Does it answer? An empty document is refused at once by a child that works."""
        try:
            self.send(b"", "")
            self.receive()
        except (TimeoutError, EOFError, OSError, ValueError):
            return False
        return True

    def end(self) -> None:
        self.pipe.close()
        self.process.kill()
        self.process.join()


class Pool:
    """Reads documents in ``size`` children. ``seconds`` and ``memory_mb`` hold for one document. Safe across threads.

    ``expected``: the id of the form that returns should be on, preferred where a damaged one might be another's.
    """

    def __init__(
        self, forms: tuple[FormDefinition, ...], size: int = 1, memory_mb: int = 1024, seconds: float = 30,
        expected: str = "",
    ) -> None:
        self._context = _context()
        self._forms = json.dumps(to_plain(forms)).encode()
        self._memory_mb, self._seconds, self._expected = memory_mb, seconds, expected
        self._free: queue.SimpleQueue[_Child] = queue.SimpleQueue()
        self._size = size
        for _ in range(size):
            self._free.put(self._start())

    def read(self, data: bytes | Path, name: str) -> Reading:
        """The reading of one document. Never raises for a bad one: its reading says what happened."""
        if isinstance(data, Path):
            if data.stat().st_size > LIMITS.whole:
                return _refusal(Unreadable.TOO_LARGE)
            data = data.read_bytes()
        if len(data) > LIMITS.whole:
            return _refusal(Unreadable.TOO_LARGE)
        one = self._free.get()
        try:
            one = self._hand_over(one, data, name)
            return one.receive()
        except TimeoutError:
            one = self._replace(one)
            return _refusal(Unreadable.TIMEOUT)
        except (EOFError, OSError, ValueError):
            one = self._replace(one)
            if not one.is_alive():
                # Not this document's fault: no child can be started at all, and nobody may be told that theirs is bad.
                raise TemporaryError("the reading child cannot be started") from None
            return _refusal(Unreadable.HOSTILE)
        finally:
            self._free.put(one)

    def close(self) -> None:
        """Ends the children; waits for the ones that are reading."""
        for _ in range(self._size):
            self._free.get().end()
        self._size = 0

    def _hand_over(self, one: _Child, data: bytes, name: str) -> _Child:
        """Gives the document to the child, or to a fresh one where it had died before: no document's fault."""
        try:
            one.send(data, name)
        except OSError:
            one = self._replace(one)
            one.send(data, name)
        return one

    def _start(self) -> _Child:
        try:
            return _Child(self._context, self._forms, self._expected, self._memory_mb, self._seconds)
        except OSError as e:
            raise TemporaryError(f"the reading child cannot be started: {e.strerror or e}") from e

    def _replace(self, one: _Child) -> _Child:
        with suppress(OSError):
            one.end()
        return self._start()


def _refusal(reason: Unreadable) -> Reading:
    return unreadable(reason.value, _WORDS[reason])
