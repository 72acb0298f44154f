"""What only the store knows as values: an inbound message's row, stored readings, codes, journal entries."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mailflow.model import Pending, Reading


@dataclass(frozen=True)
class Inbound:
    """One message that was received. ``state`` is "new", "read" or "done"; ``settled``: moved in the mailbox too.

    ``sha`` names the raw message (:meth:`Store.blob`). ``double``: an earlier message had the same Message-ID and other
    content. ``disposition`` is "" until the message is done, then a value of ``Disposition``.
    """

    id: int
    message_id: str
    digest: str
    place: str
    sha: str
    received_at: datetime
    state: str = "new"
    disposition: str = ""
    reason: str = ""
    audit: str = ""
    sender: str = ""
    subject: str = ""
    double: bool = False
    failures: int = 0
    settled: bool = False


@dataclass(frozen=True)
class StoredReading:
    """What one attachment was read as. ``name`` is the sender's words, ``sha`` the digest of its bytes."""

    name: str
    sha: str
    reading: Reading

    @property
    def place(self) -> str:
        """For people: "form.docx in report.zip"."""
        return f"{self.name} in {self.reading.packed_in}" if self.reading.packed_in else self.name


@dataclass(frozen=True)
class StoredCode:
    """A one-time code that waits for its answer (T-72); the code itself is kept as a hash only."""

    id: int
    audit: str
    pending: Pending


@dataclass(frozen=True)
class JournalEntry:
    """One link of the journal; an erased one keeps ``seq``, ``at`` and ``mac`` and has nothing else."""

    seq: int
    at: datetime
    kind: str
    audit: str
    by: str
    data: dict[str, Any]
    mac: str
    erased: bool = False


@dataclass(frozen=True)
class Verdict:
    """What :meth:`Store.verify` found. ``checked`` counts links, ``erased`` those whose body is gone.

    ``broken_at`` is the first sequence number that does not hold, None when the whole chain does. ``words`` say it.
    """

    checked: int
    erased: int
    broken_at: int | None
    words: str

    @property
    def holds(self) -> bool:
        return self.broken_at is None
