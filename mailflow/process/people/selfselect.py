"""An auditor asks for a case of their own choice (T-67, F1-SEL-02): only as an exception, and never before a head of service
has approved it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from mailflow.framework import Framework
from mailflow.model import Audit, Case, Cycle, CycleState, Flag, Person, State
from mailflow.process.draw.selection import find_auditors, find_bar, may_audit, parts_of

_REQUEST = re.compile(r"\W*(?:case\s+)?(?:number\s+|no\.?\s+)?((?=[A-Za-z/-]*\d)[A-Za-z0-9][A-Za-z0-9/-]*)\b\W*(.*)",
                      re.I | re.S)


@dataclass(frozen=True)
class Request:
    """What was asked for. ``state`` is "asked", then "approved" or "refused"; ``asked_id`` is the mail's Message-ID."""

    auditor: str
    case_number: str
    reason: str
    asked_id: str
    state: str = "asked"


def parse_request(text: str) -> tuple[str, str]:
    """(case number, reason) of what stands after the word; ("", "") where no number can be read."""
    found = _REQUEST.match(text.strip())
    return (found[1], " ".join(found[2].split())) if found else ("", "")


def find_open_cycle(cycles: Iterable[Cycle], today: date) -> Cycle | None:
    """The cycle that is open today, the latest where there are several."""
    running = [c for c in cycles if c.state is CycleState.OPEN and c.opens_on <= today <= c.due_on]
    return running[-1] if running else None


def why_not(framework: Framework, auditor: Person, case: Case | None, practitioner: Person | None, cycle: Cycle | None,
            audits: Iterable[Audit]) -> str:
    """Why this auditor may not ask for that case, "" when they may. ``audits`` are those of the case."""
    if framework.selection.self_select == "never":
        return "Cases are chosen by the draw here, and nobody chooses their own."
    if cycle is None:
        return "No month is open at the moment. Please ask again when one is."
    if auditor not in find_auditors(framework, cycle.type, (auditor,)):
        return f"Only somebody who audits may ask for a case: {', '.join(sorted(parts_of(framework, cycle.type).every_role()))}."
    if case is None:
        return "We have no case of that number. Please write SELFSELECT, the case number and the reason."
    if case.restricted and framework.selection.exclude_restricted:
        return "That case is not open to audit."
    if any(a.cycle == cycle.id and a.state is not State.WITHDRAWN for a in audits):
        return "That case is audited this month already."
    bar = may_audit(auditor, cycle.type, case.service, framework) or find_bar(case, auditor, framework.selection, practitioner)
    return f"You can't audit that case: {bar}." if bar else ""


def make_audit(request: Request, ref: str, cycle: Cycle) -> Audit:
    """The audit that an approval makes; it gets its form when it is given out."""
    return Audit(ref=ref, cycle=cycle.id, case_number=request.case_number, auditor=request.auditor, state=State.SELECTED,
                 due_on=cycle.due_on, opens_on=cycle.opens_on, type=cycle.type,
                 flags=frozenset({Flag.SELF_SELECTED}))
