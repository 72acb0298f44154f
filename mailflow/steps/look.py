"""Look: what people are shown of the house (the worklist, ``status``, ``why``). Reads only."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from mailflow.model import Audit, Letter, State
from mailflow.process.states import owed_by
from mailflow.store import Inbound, Store

OPEN_STATES = tuple(s for s in State if s not in (State.CLOSED, State.WITHDRAWN, State.NOT_ACCEPTED))

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
    return AuditLine(
        ref=audit.ref, state=audit.state.value, flags=tuple(sorted(f.value for f in audit.flags)),
        due_on=audit.due_on.isoformat(), owed_by=owed_by(audit), auditor=audit.auditor,
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


def message_line(store: Store, inbound: Inbound) -> dict[str, Any]:
    """A message as printed; spelled as in its JSON."""
    return {"id": inbound.id, "message_id": inbound.message_id, "from": inbound.sender, "subject": inbound.subject,
            "disposition": inbound.disposition or inbound.state, "reason": inbound.reason, "audit": inbound.audit,
            "received_at": inbound.received_at.isoformat(), "letters": list(store.letter_ids_of(inbound.id))}


def letter_line(letter: Letter) -> dict[str, Any]:
    """A letter as printed; spelled as in its JSON."""
    return {"id": letter.id, "code": letter.code, "to": letter.to, "role": letter.role, "audit": letter.audit,
            "state": letter.state.value, "message_id": letter.message_id, "subject": letter.subject,
            "reason": letter.reason, "leave_at": letter.leave_at.isoformat(),
            "sent_at": letter.sent_at.isoformat() if letter.sent_at else ""}
