"""The tables of a profile about people round an audit: [allocation], [audit], [absence] (shape as in ``schema``)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Allocation:
    tell: tuple[str, ...]
    tell_practitioner: str
    # Others are told when the cases are selected, or when the cycle opens (F3-ALL-01).
    tell_when: str
    qa_contacts_family_values: tuple[str, ...]
    ack_wd: int
    reminders: tuple[str, ...]
    # How many working days more the auditor's own line manager may give (T-46, EXT-08).
    extend_manager_wd: int


@dataclass(frozen=True)
class Auditing:
    lookback_months: int
    collaborative: bool
    grading_stages: tuple[str, ...]
    # The practitioner looks at their own work first (F2-AUD-02, T-62): when, on which form, and whether it blocks (CHK-027).
    self_assessment: str
    self_assessment_wd: int
    self_assessment_form: str
    self_assessment_blocks: bool


@dataclass(frozen=True)
class AbsenceRules:
    """Who finds somebody else for an auditor who is away, where, and by when (F1-ABS-01, T-38, T-39)."""

    finder: tuple[str, ...]
    scope: str
    finder_wd: int
    # An auditor who is away for more working days of the audit than this is not given it.
    most_wd: int
    # The answers an auditor had given go to the one who takes over.
    pass_on: bool
