"""Who plays which part in one audit today (domain 2.2, 3.2). The corridor asks; process and the firewall are told."""

from collections.abc import Iterable

from mailflow.directory.crew import Crew
from mailflow.model import Audit, Case, Parties, Person, Role

# Parts a person holds for their own service, not for the whole council (``Crew.council_wide``).
_BY_SERVICE = (Role.SM, Role.HOS, Role.AD, Role.SERVICE_LEADER)

# What of an audit says who plays a part in it.
NAMES_PEOPLE = ("auditor", "former_auditors", "former_practitioners")


def find_parties(audit: Audit, case: Case, people: Iterable[Person]) -> Parties:
    """The people of one audit. A part without anybody is left out; an unknown address plays no part.

    The team manager is the one the case names, or else the manager of that team. Cover (and the auditor's delegates)
    may send for the auditor but are not told of the audit unless the directory says so.
    """
    everyone = Crew.of(people)
    by_address = everyone.by_address
    parts: dict[str, tuple[Person, ...]] = {}

    def put(role: Role, found: Iterable[Person | None]) -> None:
        kept = tuple(dict.fromkeys(p for p in found if p is not None))
        if kept:
            parts[role.value] = kept

    put(Role.AUDITOR, [by_address.get(audit.auditor)])
    auditor = by_address.get(audit.auditor)
    if auditor is not None:
        put(Role.LINE_MANAGER, [by_address.get(auditor.manager) if auditor.manager != auditor.address else None])
        put(Role.OWN_HOS, (p for p in _of_service(everyone, Role.HOS, auditor.service) if p != auditor))
    put(Role.FORMER_AUDITOR, [by_address.get(a) for a in audit.former_auditors])
    put(Role.PRACTITIONER, [by_address.get(case.practitioner)])
    put(Role.FORMER_PRACTITIONER, [by_address.get(a) for a in audit.former_practitioners])
    put(Role.IRO, [by_address.get(case.iro)])
    put(Role.TM, [by_address.get(case.tm)] if case.tm else [p for p in everyone.holding(Role.TM) if p.team == case.team])
    for role in _BY_SERVICE:
        put(role, _of_service(everyone, role, case.service))
    return Parties(parts | everyone.council_wide)


def heads_of(case: Case, people: Iterable[Person]) -> tuple[Person, ...]:
    """The heads of service of a case that nobody audits yet (T-67)."""
    return tuple(_of_service(Crew.of(people), Role.HOS, case.service))


def _of_service(people: Crew, role: Role, service: str) -> list[Person]:
    """Those of the case's own service; where it has none, those who hold the part for no service in particular."""
    holders = people.holding(role)
    own = [p for p in holders if service and p.service == service]
    return own or [p for p in holders if not p.service]
