"""The tables of a profile about what comes after acceptance: issue, follow-up, re-audits, moderation, disputes, reports."""

from dataclasses import dataclass, field

from mailflow.framework.when import When


@dataclass(frozen=True)
class IssueRule:
    to: tuple[str, ...]
    when: When = field(default_factory=When)


@dataclass(frozen=True)
class IssueRules:
    sender: str
    delay_minutes: int
    inadequate_notice: str
    rules: tuple[IssueRule, ...]


@dataclass(frozen=True)
class FollowupRule:
    wd: int
    when: When = field(default_factory=When)
    smart: bool = False
    # Who has to be satisfied, besides the team manager who holds the discussion (F2-ACT-02).
    by: str = ""


@dataclass(frozen=True)
class Followup:
    proof: str
    escalate: tuple[str, ...]
    rules: tuple[FollowupRule, ...]


@dataclass(frozen=True)
class Reaudit:
    """The re-audit ladder (TR-01…07). ``mode``: every such audit, or a sample of them."""

    enabled: bool
    trigger_grades: tuple[str, ...]
    allow_flag: bool
    min_months: int
    mode: str
    exclude_services: tuple[str, ...]
    max_level: int
    level2_meets: tuple[str, ...]


@dataclass(frozen=True)
class ModerationAlways:
    """Audits that are moderated whatever the sample, and by whom."""

    role: str
    when: When = field(default_factory=When)


@dataclass(frozen=True)
class Moderation:
    """The second look (MD-01…10). ``fraction`` is exact, as text: a third of 9 is 3. ``window_days`` after acceptance."""

    enabled: bool
    when: str
    window_days: tuple[int, ...]
    fraction: str
    minimum: int
    stratify_by: tuple[str, ...]
    roles: tuple[str, ...]
    due_wd: int
    meet_auditor: bool
    on_disagree: str
    deadlock: str
    grade_effect: str
    disparity_log: bool
    note_under: str
    audit_quality_scale: str
    always: tuple[ModerationAlways, ...]


@dataclass(frozen=True)
class DisputeStep:
    id: str
    wd: int


@dataclass(frozen=True)
class Dispute:
    """Challenging a grade (TD-01…11)."""

    enabled: bool
    raise_window_wd: int
    steps: tuple[DisputeStep, ...]


@dataclass(frozen=True)
class Learning:
    feedback_sessions: str
    newsletter: bool
    make_a_difference: str
