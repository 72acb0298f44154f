"""The shape of a profile: one frozen dataclass a table of ``profile.toml`` (domain 2.6.1).

Defaults live in ``templates/base/profile.toml``, not here, so that there is one place to read them: a key without a
default must be in base. The table in ``templates/README.md`` is made from these classes.
"""

from dataclasses import dataclass

from mailflow.framework.scales import Scale
from mailflow.framework.schema_after import Dispute, Followup, IssueRules, Learning, Moderation, Reaudit
from mailflow.framework.schema_checks import CheckRules
from mailflow.framework.schema_mail import Inbound, LetterRule, Send
from mailflow.framework.schema_people import AbsenceRules, Allocation, Auditing
from mailflow.framework.schema_year import CalendarRules, Programme, ReportRules


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
class Office:
    close: str


@dataclass(frozen=True)
class Selection:
    # Who says that a sample may go out: the QA team (ACCEPT), or nobody is asked (TS-03).
    approval: str
    source: str
    # Annex A lists cases are drawn from (ANX-01); each may be 6, 7, 8 or 9.
    lists: tuple[int, ...]
    # An extract older than this many days on the opening day is not drawn from (ANX-11).
    extract_max_days: int
    method: str
    # Every stratum has its share of the draw; gender, ethnicity and disability are kept only where named here (ANX-14).
    stratify_by: tuple[str, ...]
    per_auditor: int
    # At most so many audits of one team in a draw; 0 is no limit.
    per_team: int
    own_team: str
    own_team_exempt_roles: tuple[str, ...]
    exclude_line_managed: bool
    exclude_conflicts: bool
    min_months_open: int
    exclude_audited_within_months: int
    exclude_restricted: bool
    one_per_practitioner: bool
    # true: brothers and sisters may be drawn together and are linked; false: at most one child of a family (G-77).
    family_link: bool
    # An auditor may ask for a case of their own choice (T-67); until when a withdrawn case is replaced (T-37).
    self_select: str
    replace_withdrawn_until: str


@dataclass(frozen=True)
class AuditKind:
    graded: bool
    auditors: tuple[str, ...] = ("auditor",)


@dataclass(frozen=True)
class ServiceRules:
    """What is different for one service, by its name in the cases sheet. ``auditors`` are added to the type's own."""

    auditors: tuple[str, ...] = ()


@dataclass(frozen=True)
class FormRules:
    id: str
    carrier: str
    # Editions taken as they are besides today's and the one that was sent; any other is answered with the right form (T-28).
    accept_editions: tuple[str, ...]
    max_na: float
    categories: tuple[str, ...]
    # Other forms than ``id``: audit type, category or service → the form's id. The first that names one counts, in that order.
    by_type: dict[str, str]
    by_category: dict[str, str]
    by_service: dict[str, str]

    def name_for(self, type: str, category: str, service: str) -> str:
        """The id of the form for such an audit."""
        return self.by_type.get(type) or self.by_category.get(category) or self.by_service.get(service) or self.id

    @property
    def names(self) -> tuple[str, ...]:
        """The id of every form that is sent, the usual one first."""
        return tuple(dict.fromkeys((self.id, *self.by_type.values(), *self.by_category.values(), *self.by_service.values())))


@dataclass(frozen=True)
class Grades:
    scale: str
    section_scale: str
    dual_columns: bool
    improvement_max_rank: int
    overall_rule: str
    # none: scored questions are not compared with their section's grade. resp5: by the mean of 1-5 (CHK-056).
    item_scale: str
    # The means of scores 1-5 at which the second, third and fourth rank begin.
    resp5_bands: tuple[float, ...]
    # any name → what the council's grading guide says, so that an answer copied from it is seen (CHK-091)
    descriptors: dict[str, str]
    # service → file name of the council's grading criteria (DOC-37), looked for in the criteria folder of the settings
    criteria_by_service: dict[str, str]
    # What ``scale`` and ``section_scale`` name (domain 2.3); "none" is no scale.
    scales: dict[str, Scale]
    # Half marks send the form back (CHK-016); false: they are pointed out.
    integer_only: bool = True


@dataclass(frozen=True)
class FeedbackRules:
    """Whose views are wanted, and how hard they are asked for (domain 2.6, G-03, G-04, G-44)."""

    sources: tuple[str, ...]
    # Any one of these will do where one of them is wanted ("parents or carers").
    either: tuple[str, ...]
    # The form of its own that these views may come on (DOC-03), by id.
    form: str
    attempts: int
    post_after_attempts: bool
    # Who sees to the posted form: "qa" is asked at once (T-64); "auditor" is told to (CHK-076).
    post_by: str
    post_to: tuple[str, ...]
    same_day_as_meeting: bool
    # The practitioner is asked beforehand whether anybody should not be contacted (CHK-079).
    ask_worker_first: bool
    post_reply_window_wd: int
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
    # Which columns of the form count: text, owner, due, priority.
    fields: tuple[str, ...]
    # The part that owns an action whose form names nobody; "" = nobody, and the form is asked for one.
    default_owner: str
    priority: str
    urgent_alert_on: str
    # Letter → time from the issue: "24h" is elapsed, "7d" rolls on to a working day (G-01, CLK-06).
    abc: dict[str, str]


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
class Retention:
    raw_mail_days: int
    sampling_frame_days: int
    audit_copy: str
    stats: str


# Tables a profile may fill that no code acts on yet; `mailflow frameworks show` says so, so that nobody waits for them.
AWAITING = ("reaudit", "moderation", "dispute", "learning", "retention")


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
    services: dict[str, ServiceRules]
    form: FormRules
    grades: Grades
    feedback: FeedbackRules
    back: ReturnRules  # the profile's [return] table: the word is taken in Python
    qa: QaRules
    revision: RevisionRules
    carryover: Carryover
    issue: IssueRules
    record: RecordRules
    actions: ActionRules
    followup: Followup
    reaudit: Reaudit
    moderation: Moderation
    dispute: Dispute
    safety: Safety
    reports: ReportRules
    programme: Programme
    letters: dict[str, LetterRule]
    send: Send
    inbound: Inbound
    checks: CheckRules

    learning: Learning
    retention: Retention

    @property
    def id(self) -> str:
        return self.framework.id
