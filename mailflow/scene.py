"""Everything a pure room may need to know about one audit at one moment, handed in by the corridor."""

from dataclasses import dataclass
from datetime import datetime

from mailflow.config import Council
from mailflow.form.definition import FormDefinition
from mailflow.framework import Framework
from mailflow.model import Audit, Case, Feedback, Parties, Submission


@dataclass(frozen=True)
class Scene:
    """One audit, its people, the rules it runs under, and the time (aware, UTC)."""

    audit: Audit
    case: Case
    parties: Parties
    framework: Framework
    form: FormDefinition
    council: Council
    now: datetime
    # The current submission (audit.submission), None before the first.
    submission: Submission | None = None
    # What is known of the views of family and others, by source and origin.
    feedback: tuple[Feedback, ...] = ()
    # The cycle's theme, "" where it has none (F1-CAL-06).
    theme: str = ""
