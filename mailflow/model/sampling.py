"""A draw as it can be done again by anybody: everything it was made from, and what came of it (DOC-01)."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple


# Tuples and not dataclasses: a frame has tens of thousands of them, and each is written, read and digested whole.
class FrameRow(NamedTuple):
    """One case that was considered, with what the draw looked at and nothing else. No child's name is known here."""

    number: str
    category: str
    service: str
    team: str
    practitioner: str
    # The practitioner's line manager, who may not audit their work.
    manager: str
    tm: str
    iro: str
    open_since_on: date | None
    # By the council's own sheet or by us, whichever is later.
    last_audited_on: date | None
    restricted: bool
    nominated_auditor: str
    theme: str
    family: str
    # The Annex A lists, "6, 8"; "" for a case of the council's own sheet.
    lists: str
    extract_on: date | None
    age_band: str
    gender: str
    ethnicity: str
    disability: str


class AuditorRow(NamedTuple):
    """Somebody who might have been given a case. ``away`` is on the opening day."""

    address: str
    roles: tuple[str, ...]
    team: str
    away: bool


@dataclass(frozen=True)
class SamplingRecord:
    """``rules`` are the profile's keys and values as JSON; ``pairs`` are (case, auditor) in order of case numbers.

    ``frame_digest`` covers what was drawn from, ``digest`` also the seed and what was drawn.
    """

    framework: str
    cycle: str
    type: str
    theme: str
    opens_on: date
    seed: str
    rules: tuple[tuple[str, str], ...]
    frame: tuple[FrameRow, ...]
    auditors: tuple[AuditorRow, ...]
    pairs: tuple[tuple[str, str], ...]
    exclusions: tuple[tuple[str, str], ...]
    unserved: tuple[tuple[str, str], ...]
    frame_digest: str
    digest: str
