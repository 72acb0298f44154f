"""The shape of a profile: one frozen dataclass a table of ``profile.toml`` (domain 2.6.1).

Defaults live in ``templates/base/profile.toml``, not here, so that there is one place to read them: a key without a
default must be in base. The table in ``templates/README.md`` is made from these classes.
"""

from dataclasses import dataclass, field

from mailflow.framework.schema_checks import CheckRules
from mailflow.framework.when import When


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


@dataclass(frozen=True)
class Allocation:
    tell: tuple[str, ...]
    tell_practitioner: str
    qa_contacts_family_values: tuple[str, ...]
    ack_wd: int
    reminders: tuple[str, ...]


@dataclass(frozen=True)
class Auditing:
    lookback_months: int
    collaborative: bool
    grading_stages: tuple[str, ...]


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
    # none: scored questions are not compared with their section's grade. resp5: by the mean of 1-5 (CHK-056).
    item_scale: str
    # The means at which the second, third and fourth grade begin: of scores 1-5, and of scores 0-10.
    resp5_bands: tuple[float, ...]
    sos10_bands: tuple[float, ...]
    # any name → what the council's grading guide says, so that an answer copied from it is seen (CHK-091)
    descriptors: dict[str, str]
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
