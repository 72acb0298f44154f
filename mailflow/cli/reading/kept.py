"""The file of ``--out``: a JSON object a line, added as documents are read, so that an interrupted run goes on from it.

A run that was killed may leave half a line at the end: it is cut off, and that document is read again. A document that
changed gets a new line; until the run is over both stand there and the later one counts, then the earlier is taken out.
"""

import json
import os
import stat
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from mailflow.cli.reading.findings import needs_person
from mailflow.errors import PermanentError, TemporaryError

_START = b'{"file": '
_NEEDED = frozenset(("file", "status", "words", "findings", "digest"))


@dataclass(frozen=True)
class Line:
    """One document as told. ``person``: why somebody must look at it, else "". ``kept``: it stood there from before."""

    name: str
    status: str
    person: str
    text: str = ""
    kept: bool = False


@dataclass(frozen=True)
class _Earlier:
    line: Line
    digest: str | None
    offset: int


class Kept:
    """The open file, held by one process. Raises PermanentError for a file that is not ours, TemporaryError on a fault."""

    def __init__(self, path: Path) -> None:
        self.path = path.resolve()
        self._earlier: dict[str, _Earlier] = {}
        self._stale: set[int] = set()
        try:
            # What is in it is about children: only its owner may look. Appending keeps two writers from mixing lines.
            opened = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o600)
            self._file = os.fdopen(opened, "a+b")
            if not stat.S_ISREG(os.fstat(opened).st_mode):
                raise OSError(0, "it is not a file")
        except OSError as e:
            raise PermanentError(f"{path} can't be written: {e.strerror}") from e
        try:
            _hold(self._file.fileno(), path)
            self._load()
        except BaseException:
            self._file.close()
            raise

    def find(self, name: str, digest: str) -> Line | None:
        """The line about that document, where it was read from the same bytes by the same forms and the same mailflow."""
        earlier = self._earlier.get(name)
        return earlier.line if earlier is not None and earlier.digest == digest else None

    def add(self, line: Line) -> None:
        """Write one line and hand it to the system, so that it outlives this process."""
        if line.name in self._earlier:
            self._stale.add(self._earlier[line.name].offset)
        try:
            self._file.write(line.text.encode() + b"\n")
            self._file.flush()
        except OSError as e:
            raise TemporaryError(f"{self.path} could not be written: {e.strerror}; run the same command to go on") from e

    def __enter__(self) -> "Kept":
        return self

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, trace: TracebackType | None) -> None:
        try:
            if kind is None and self._stale:
                self._take_out_stale()
        finally:
            self._file.close()

    def _load(self) -> None:
        offset = 0
        self._file.seek(0)
        for number, raw in enumerate(self._file, 1):
            if not raw.endswith(b"\n") and raw[:len(_START)] == _START[:len(raw)]:
                self._file.truncate(offset)
                return
            facts = self._parse(raw, number)
            line = Line(facts["file"], facts["status"], needs_person(facts), kept=True)
            if line.name in self._earlier:
                self._stale.add(self._earlier[line.name].offset)
            self._earlier[line.name] = _Earlier(line, facts["digest"], offset)
            offset += len(raw)

    def _parse(self, raw: bytes, number: int) -> dict[str, Any]:
        facts: Any = None
        if raw.startswith(_START):
            with suppress(ValueError, RecursionError):
                facts = json.loads(raw)
        if not isinstance(facts, dict) or not facts.keys() >= _NEEDED:
            raise PermanentError(f"{self.path}: line {number} was not written by `mailflow read`; nothing was changed. "
                                 "Choose another name for --out")
        return facts

    def _take_out_stale(self) -> None:
        new = self.path.with_name(f".{self.path.name}.new")
        offset = 0
        try:
            self._file.seek(0)
            with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
                for raw in self._file:
                    if offset not in self._stale:
                        out.write(raw)
                    offset += len(raw)
                out.flush()
                os.fsync(out.fileno())
            new.replace(self.path)
        except OSError as e:
            raise TemporaryError(f"{self.path}: earlier lines of changed files could not be taken out: {e.strerror}") from e


def _hold(handle: int, path: Path) -> None:
    """One writer a file; the system lets go when the process ends, however it ends. Windows has no such lock here."""
    if sys.platform == "win32":
        return
    import fcntl

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as e:
        raise TemporaryError(f"another mailflow is writing {path}") from e
    except OSError as e:
        raise PermanentError(f"{path} can't be held: {e.strerror}") from e
