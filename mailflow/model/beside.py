"""A document kept beside an audit that is no return of its auditor: a self-assessment, a form that came too late."""

from dataclasses import dataclass
from datetime import datetime

from mailflow.model.reading import Reading


@dataclass(frozen=True)
class Beside:
    """``kind`` is "self_assessment" or "superseded"; ``source`` the part the sender plays; ``sha`` names the bytes."""

    ref: str
    kind: str
    source: str
    received_at: datetime
    sender: str
    name: str
    sha: str
    reading: Reading
