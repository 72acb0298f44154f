"""Look: what people are shown of the house (the worklist, ``status``, ``why``). Reads only."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from mailflow.model import Audit, Role, State
from mailflow.store import Store

OPEN_STATES = tuple(s for s in State if s not in (State.CLOSED, State.WITHDRAWN, State.NOT_ACCEPTED))
# Who owes the next step, by state; the present debtor and nobody else is chased.
OWED_BY = {
    State.SELECTED: Role.QA, State.ALLOCATED: Role.AUDITOR, State.UNDERWAY: Role.AUDITOR, State.UNDER_QA: Role.QA,
    State.REVISION: Role.AUDITOR, State.ACCEPTED: None, State.ISSUED: Role.AUDITOR, State.RECORDED: None,
    State.FOLLOW_UP: Role.TM, State.NOT_ACCEPTED: Role.QA,
}


@dataclass(frozen=True)
class AuditLine:
    """One audit as `status` shows it; spelled as in its JSON."""

    ref: str
    state: str
    flags: tuple[str, ...]
    due_on: str
    owed_by: str
    auditor: str
    case_number: str
    cycle: str
    grade: str


def audit_line(audit: Audit) -> AuditLine:
    owed = OWED_BY.get(audit.state)
    return AuditLine(
        ref=audit.ref, state=audit.state.value, flags=tuple(sorted(f.value for f in audit.flags)),
        due_on=audit.due_on.isoformat(), owed_by=owed.value if owed else "", auditor=audit.auditor,
        case_number=audit.case_number, cycle=audit.cycle, grade=audit.grade,
    )


def status_facts(store: Store, now: datetime) -> dict[str, Any]:
    """What `mailflow status --json` prints: ``audits``, ``counts`` and the health of intake."""
    audits = store.find_audits()
    held = store.load_inbound(disposition="hold")
    letters = store.load_letters(whole=False)
    states: dict[str, int] = {}
    for letter in letters:
        states[letter.state.value] = states.get(letter.state.value, 0) + 1
    last = store.find_meta("last_good_poll")
    return {
        "audits": [asdict(audit_line(a)) for a in audits],
        "counts": {"audits": store.count_audits(), "letters": states, "held_messages": len(held)},
        "last_good_poll": last or "",
        "minutes_since_poll": None if last is None else int((now - datetime.fromisoformat(last)).total_seconds() // 60),
    }
