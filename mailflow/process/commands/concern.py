"""Region C by mail: CONCERN, NO CONCERN, ACKCONCERN, CLOSE (domain 2.9). No state and no hold stands in their way."""

import re
from dataclasses import replace

from mailflow.model import ConcernState, Outcome
from mailflow.process import safety
from mailflow.process.commands.ask import Ask, answer
from mailflow.process.wording import moment_words

C = ConcernState
_NOTE_REF = re.compile(r"\bnote(?:\s+(?:ref(?:erence)?|number|no\.?))?\s*[:#]?\s*([A-Za-z]*\d[\w/-]*)", re.IGNORECASE)


def raise_concern(out: Outcome, ask: Ask) -> Outcome:
    """TC-01/TC-02 from anybody in the directory. What else they wrote is journalled and stays out of every letter."""
    # Only a number may reach the letters: what stands beside it may be about the child.
    phone = ask.command.target or ask.by.phone
    source = f"CONCERN from {ask.by.name}"
    out = safety.decide_concern(ask.scene, raised=True, source=source, phone=phone, words=ask.reason, onto=out,
                                in_reply_to=ask.in_reply_to, by=ask.by.address)
    told = "have been told" if any(e.kind == "TC-02" for e in out.entries) else "know of it already"
    return answer(out, ask, f"The managers of this team {told}. Do not rely on this mail: ring them now.")


def nothing_to_clear(ask: Ask) -> str:
    return "" if ask.audit.concern.state is C.SUSPECTED else f"No question about a concern is open. {_stands(ask)}".strip()


def no_concern(out: Outcome, ask: Ask) -> Outcome:
    """TC-07 by the auditor or QA."""
    cleared = safety.decide_cleared(replace(ask.scene, audit=out.audit), ask.by.address, ask.reason)
    return answer(_onto(out, cleared), ask, "Thank you. We have noted that there is no concern.")


def nothing_to_acknowledge(ask: Ask) -> str:
    return "" if ask.audit.concern.state is C.TOLD else _stands(ask) or "No concern is open on this audit."


def acknowledge(out: Outcome, ask: Ask) -> Outcome:
    """TC-03 by a manager."""
    done = safety.decide_acknowledged(replace(ask.scene, audit=out.audit), ask.by.address, ask.by.name)
    phone = out.audit.concern.phone
    ring = f" Please ring {phone} now." if phone else " Please ring the auditor now."
    return answer(_onto(out, done), ask, f"Thank you. The auditor and the QA team know that you have it.{ring}")


def nothing_to_close(ask: Ask) -> str:
    state = ask.audit.concern.state
    if state is C.TOLD:
        return "Nobody has acknowledged the concern yet. A manager replies ACKCONCERN first."
    if state is not C.ACKED:
        return _stands(ask) or "No concern is open on this audit."
    return "" if ask.reason else "Please say how it ended: CLOSE, the outcome, and the case note's reference."


def close(out: Outcome, ask: Ask) -> Outcome:
    """TC-05 by QA: the outcome, and the case note's reference where one is given."""
    found = _NOTE_REF.search(ask.reason)
    closed = safety.decide_closed(replace(ask.scene, audit=out.audit), ask.by.address, ask.reason,
                                  found[1] if found else "")
    return answer(_onto(out, closed), ask, "The concern is closed.")


def _stands(ask: Ask) -> str:
    concern = ask.audit.concern
    if concern.state is C.ACKED:
        return f"{concern.acked_by} has acknowledged the concern."
    since = f" on {moment_words(concern.raised_at)}" if concern.raised_at else ""
    return {C.TOLD: f"A concern was raised{since}; the managers have been told.",
            C.SUSPECTED: f"We asked the auditor about a possible concern{since}; it has not been raised.",
            C.CLOSED: "The concern was closed.", C.CLEARED: "The auditor or QA said there is no concern.",
            }.get(concern.state, "")


def _onto(out: Outcome, more: Outcome) -> Outcome:
    return replace(more, wishes=out.wishes + more.wishes, entries=out.entries + more.entries,
                   set_timers=out.set_timers + more.set_timers, clear_timers=out.clear_timers + more.clear_timers,
                   cancel=out.cancel + more.cancel)
