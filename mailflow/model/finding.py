"""Findings: what is wrong or odd in a returned form (domain section 4)."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """BLOCK sends the form back, WARN is shown, INFO is for QA only, OFF is not looked at."""

    BLOCK = "block"
    WARN = "warn"
    INFO = "info"
    OFF = "off"


@dataclass(frozen=True)
class Finding:
    """One thing wrong or odd: check, place, severity, words (at most 25 words, no blame).

    ``fields`` are field ids of the form ("voice.evidence", "actions.2.due"), empty for the whole form.
    ``section`` is the heading a letter groups it under. ``detail`` is for QA and the journal only.
    """

    check: str
    severity: Severity
    words: str
    fields: tuple[str, ...] = ()
    section: str = ""
    detail: str = ""


@dataclass(frozen=True)
class Point:
    """One point of a revision request: a failed check, or a QA officer's own words (check = "")."""

    number: int
    words: str
    check: str = ""
    fields: tuple[str, ...] = ()
    section: str = ""
