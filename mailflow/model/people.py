"""People and the parts they play in an audit (domain 2.2, 3.2)."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Role(StrEnum):
    """A part somebody plays, in the spelling of the directory sheet and of ``[letters]``."""

    AUDITOR = "auditor"
    PRACTITIONER = "practitioner"
    TM = "tm"
    SM = "sm"
    HOS = "hos"
    IRO = "iro"
    PSW = "psw"
    AD = "ad"
    DIRECTOR = "director"
    SLT = "slt"
    QA = "qa"
    QA_MANAGER = "qa_manager"
    SERVICE_LEADER = "service_leader"
    DEPUTY_DIRECTOR = "deputy_director"
    SAFEGUARDING_REVIEW_SM = "safeguarding_review_sm"
    # The manager of the audit and practice improvement team (F1-ROL-05).
    PIAM = "piam"
    SMT = "smt"
    PERFORMANCE = "performance"
    OPERATOR = "operator"
    # The directory address that wrote to us, whatever its part in an audit (letters that answer somebody).
    WRITER = "writer"
    # The auditor an audit was taken from (T-39): may be told of the change, nothing else.
    FORMER_AUDITOR = "former_auditor"
    # Who worked on the case before, where that changed while it is audited (T-45).
    FORMER_PRACTITIONER = "former_practitioner"
    # Who answers for the auditor, not for the case: their line manager and the head of their own service (T-38, T-46).
    LINE_MANAGER = "line_manager"
    OWN_HOS = "own_hos"


@dataclass(frozen=True)
class Absence:
    """Days away, both ends included."""

    from_on: date
    to_on: date
    source: str = "directory"


@dataclass(frozen=True)
class Person:
    """One row of the directory sheet (domain 5.1.1). Addresses are kept in lower case."""

    address: str
    name: str
    roles: tuple[str, ...] = ()
    team: str = ""
    service: str = ""
    manager: str = ""
    delegates: tuple[str, ...] = ()
    absences: tuple[Absence, ...] = ()
    auditor_level: str = ""
    # True where the directory marks the address as outside the council's own domains and still allowed.
    external: bool = False
    phone: str = ""
    # A second address, tried once after a hard bounce (T-43).
    second_address: str = ""

    def is_away(self, on: date) -> bool:
        return any(a.from_on <= on <= a.to_on for a in self.absences)


@dataclass(frozen=True)
class Case:
    """The child's record in the council's system, by its number. Never a name (F2-PRV-01, ANX-13)."""

    number: str
    category: str
    team: str
    practitioner: str
    service: str = ""
    tm: str = ""
    iro: str = ""
    open_since_on: date | None = None
    last_audited_on: date | None = None
    restricted: bool = False
    qa_contacts_family: bool = False
    nominated_auditor: str = ""
    theme: str = ""
    # Children of one family share a word here, whatever the council uses for it (G-77).
    family: str = ""
    # From an Annex A workbook: the lists the child stands on, and the day the extract was taken (ANX-02, ANX-11).
    lists: tuple[int, ...] = ()
    extract_on: date | None = None
    age_band: str = ""
    # Kept only where ``selection.stratify_by`` names them (ANX-14).
    gender: str = ""
    ethnicity: str = ""
    disability: str = ""


@dataclass(frozen=True)
class Parties:
    """Who plays which part in one audit today. A part nobody plays is simply absent."""

    people: dict[str, tuple[Person, ...]] = field(default_factory=dict)

    def of(self, role: str) -> tuple[Person, ...]:
        """The people in that part, in directory order; empty where there are none."""
        return self.people.get(str(role), ())

    def first(self, role: str) -> Person | None:
        people = self.of(role)
        return people[0] if people else None

    def roles_of(self, address: str) -> frozenset[str]:
        """Every part an address plays here (its delegates' addresses do not count)."""
        wanted = address.lower()
        return frozenset(role for role, people in self.people.items() if any(p.address == wanted for p in people))
