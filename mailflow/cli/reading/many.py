"""Documents → lines, on all cores, in order, with a bounded number in flight: ten thousand take no more memory than ten."""

import hashlib
import json
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Protocol, TypeVar

from mailflow import __version__
from mailflow.cli.reading.facts import Teller, as_json
from mailflow.cli.reading.findings import needs_person
from mailflow.cli.reading.gather import Found
from mailflow.cli.reading.kept import Line
from mailflow.cli.reading.wrapped import read_file
from mailflow.form.definition import FormDefinition
from mailflow.model import Reading, Status
from mailflow.model.codec import to_plain
from parsers.guard import LIMITS
from parsers.sandbox import Pool

# How many documents each thread may be ahead of the one that is waited for: a slow one holds the others up only then.
_AHEAD = 32
NOT_OPENED = "not_opened"
Item = TypeVar("Item")
Outcome = TypeVar("Outcome")


class Known(Protocol):
    """Where earlier lines are looked up; see ``kept``."""

    def find(self, name: str, digest: str) -> Line | None: ...


class Bench:
    """Reads one document after another into lines, skipping those already known. Safe across threads."""

    def __init__(self, pool: Pool, forms: tuple[FormDefinition, ...], known: Known | None = None) -> None:
        self._pool, self._known, self._teller = pool, known, Teller(forms)
        by = json.dumps([__version__, to_plain(forms)], ensure_ascii=False)
        self._by = hashlib.blake2b(by.encode("utf-8", "surrogatepass"), digest_size=32).digest()

    def read(self, found: Found) -> Line:
        """Never raises for a bad document. Raises TemporaryError where no reading child can be started."""
        try:
            data = _load(found)
        except OSError as e:
            words = f"This could not be opened: {e.strerror or e}."
            return self._line(found, None, Reading(Status.UNREADABLE, reason=NOT_OPENED, words=words))
        digest = hashlib.blake2b(data, digest_size=16, key=self._by).hexdigest()
        earlier = self._known.find(found.name, digest) if self._known is not None else None
        if earlier is not None:
            return earlier
        return self._line(found, digest, read_file(self._pool, data, found.path.name))

    def _line(self, found: Found, digest: str | None, reading: Reading) -> Line:
        facts = self._teller.tell(found.name, digest, reading)
        return Line(found.name, reading.status.value, needs_person(facts), as_json(facts))


def _load(found: Found) -> bytes:
    """The bytes; of a file too large to read, one more than the most, which is enough to say so."""
    if found.closed:
        raise OSError(0, found.closed)
    with Path(found.path).open("rb") as f:
        return f.read(LIMITS.whole + 1)


def in_order(work: Callable[[Item], Outcome], items: Iterable[Item], threads: int) -> Generator[Outcome]:
    """``work`` of each item in their order, done by so many threads. Ends early, and cleanly, when no longer asked."""
    flying: deque[Future[Outcome]] = deque()
    crew = ThreadPoolExecutor(threads, "mailflow-feeder")
    try:
        for item in items:
            flying.append(crew.submit(work, item))
            if len(flying) > threads * _AHEAD:
                yield flying.popleft().result()
        while flying:
            yield flying.popleft().result()
    finally:
        crew.shutdown(cancel_futures=True)
