"""The shape of a profile: one frozen dataclass a table of ``profile.toml`` (domain 2.6.1).

Defaults live in ``templates/base/profile.toml``, not here, so that there is one place to read them: a key without a
default must be in base. The table in ``templates/README.md`` is made from these classes.
"""

from dataclasses import dataclass, field

from mailflow.framework.schema_people import AbsenceRules, Allocation, Auditing
from mailflow.framework.when import When
from mailflow.model.finding import Severity


@dataclass(frozen=True)
class About:
    id: str
    title: str
    edition: str
    record_system: str
    extends: str = ""


@dataclass(frozen=True)
class Identity:
    mode: str


@dataclass(frozen=True)
class Month:
    type: str
    second: str = ""


@dataclass(frozen=True)
class CalendarRules:
    division: str
    closure_days: tuple[str, ...]
    draw: str
    due: str
    replace_months: bool
    grace_wd: int
    months: dict[str, Month]


@dataclass(frozen=True)
class Office:
    close: str


@dataclass(frozen=True)
class Selection:
    source: str
    method: str
    per_auditor: int
    own_team: str
    own_team_exempt_roles: tuple[str, ...]
    exclude_line_managed: bool
    exclude_conflicts: bool
    min_months_open: int
    exclude_audited_within_months: int
    exclude_restricted: bool
    one_per_practitioner: bool
    # An auditor may ask for a case of their own choice (T-67); until when a withdrawn case is replaced (T-37).
    self_select: str
    replace_withdrawn_until: str


@dataclass(frozen=True)
class AuditKind:
    graded: bool
    auditors: tuple[str, ...] = ("auditor",)


@dataclass(frozen=True)
class FormRules:
    id: str
    carrier: str
    # Editions taken as they are besides today's and the one that was sent; any other is answered with the right form (T-28).
    accept_editions: tuple[str, ...]
    max_na: float
    categories: tuple[str, ...]


@dataclass(frozen=True)
class Grades:
    scale: str
    section_scale: str
    dual_columns: bool
    improvement_max_rank: int
    overall_rule: str
    # service → file name of the council's grading criteria (DOC-37), looked for in the criteria folder of the settings
    criteria_by_service: dict[str, str]
    # Half marks send the form back (CHK-016); false: they are pointed out.
    integer_only: bool = True


@dataclass(frozen=True)
class Feedback:
    sources: tuple[str, ...]
    blocks_acceptance: str


@dataclass(frozen=True)
class ReturnRules:
    items: tuple[str, ...]
    late: str


@dataclass(frozen=True)
class QaRules:
    enabled: bool
    target_wd: int
    on_timeout: str


@dataclass(frozen=True)
class RevisionRules:
    soft_wd: int
    hard_wd: int
    discussion_soft_wd: int
    discussion_hard_wd: int
    max_rounds: int
    auto_returns: int


@dataclass(frozen=True)
class Carryover:
    enabled: bool
    new_allocation: bool


@dataclass(frozen=True)
class IssueRule:
    to: tuple[str, ...]
    when: When = field(default_factory=When)


@dataclass(frozen=True)
class IssueRules:
    sender: str
    delay_minutes: int
    rules: tuple[IssueRule, ...]


@dataclass(frozen=True)
class RecordRules:
    uploader: str
    confirm_wd: int
    title: str
    title_max: int
    note_type: str
    significant_event: bool
    include_actions: bool
    tag: tuple[str, ...]


@dataclass(frozen=True)
class ActionRules:
    fields: tuple[str, ...]
    priority: str


@dataclass(frozen=True)
class FollowupRule:
    wd: int
    when: When = field(default_factory=When)
    smart: bool = False


@dataclass(frozen=True)
class Followup:
    proof: str
    rules: tuple[FollowupRule, ...]


@dataclass(frozen=True)
class Safety:
    enabled: bool
    tell: tuple[str, ...]
    ack_minutes: int
    suspect_minutes: int
    escalate: tuple[str, ...]
    note: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class LetterRule:
    """Who may get a letter, how private it is (P0-P3), and when it may leave (CLK-07)."""

    to: tuple[str, ...]
    private: str
    leave: str
    safety: bool = False


@dataclass(frozen=True)
class Send:
    hour: int
    marking: str
    allowed_domains: tuple[str, ...]
    max_replies_a_day: int


@dataclass(frozen=True)
class Inbound:
    require_auth: str
    auth_source: str
    max_attachment_mb: int
    # The share of today's people who may be missing from a directory that comes by mail.
    most_gone: float


@dataclass(frozen=True)
class CheckRules:
    """Thresholds and word lists of the checks, and the severity a profile gives one ("CHK-086" = "warn")."""

    severity: dict[str, Severity]
    vague_dues: tuple[str, ...]
    vague_owners: tuple[str, ...]
    reminder_minutes_one_day: int
    far_action_months: int
    max_actions: int
    min_explanation_words: int


@dataclass(frozen=True)
class Retention:
    raw_mail_days: int
    audit_copy: str


@dataclass(frozen=True)
class Framework:
    """A council's way of auditing, read from its profile over ``base``."""

    framework: About
    identity: Identity
    calendar: CalendarRules
    office: Office
    selection: Selection
    allocation: Allocation
    audit: Auditing
    absence: AbsenceRules
    types: dict[str, AuditKind]
    form: FormRules
    grades: Grades
    feedback: Feedback
    back: ReturnRules  # the profile's [return] table: the word is taken in Python
    qa: QaRules
    revision: RevisionRules
    carryover: Carryover
    issue: IssueRules
    record: RecordRules
    actions: ActionRules
    followup: Followup
    safety: Safety
    letters: dict[str, LetterRule]
    send: Send
    inbound: Inbound
    checks: CheckRules
    retention: Retention

    @property
    def id(self) -> str:
        return self.framework.id
