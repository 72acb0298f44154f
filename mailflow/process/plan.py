"""Building an Outcome step by step: transitions with their journal entries, wishes, timers.

Every function takes an Outcome and returns a new one; the audit inside is always the latest.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from mailflow.model import Audit, Entry, Flag, Outcome, Timer, Wish
from mailflow.process.states import get_transition, move, move_concern
from mailflow.scene import Scene

# Letters to the auditor that ask for the form or for an amended one: moot as soon as somebody else owes the next step.
CHASING = ("OUT-08", "OUT-10", "OUT-11", "OUT-15", "OUT-20")
REQUESTS = ("OUT-13", "OUT-17", "OUT-18")
# Timers that chase the auditor for a form, the amended form, and the QA team for a decision.
FORM_TIMERS = ("ack", "ack:2", "reminder:", "due", "overdue", "overdue:hos")
REVISION_TIMERS = ("soft", "hard")
ALL_TIMERS = (*FORM_TIMERS, *REVISION_TIMERS, "qa", "issue", "upload:", "self", "self:", "cover")


def start(scene: Scene) -> Outcome:
    return Outcome(scene.audit)


def go(out: Outcome, transition: str, by: str = "", reason: str = "", data: dict[str, Any] | None = None,
       **changes: Any) -> Outcome:
    """Make the transition and journal it (invariant 2). Raises Broken when the table does not allow it."""
    before, after = out.audit, move(out.audit, transition, **changes)
    body = {"from": str(before.state), "to": str(after.state),
            "reason": reason or get_transition(transition).words, **(data or {})}
    return replace(out, audit=after, entries=(*out.entries, Entry(transition, by, body)))


def go_concern(out: Outcome, step: str, by: str = "", reason: str = "", **changes: Any) -> Outcome:
    """Make the step of region C and journal it."""
    before, after = out.audit, move_concern(out.audit, step, **changes)
    body = {"from": str(before.concern.state), "to": str(after.concern.state), "reason": reason,
            "number": after.concern.number}
    return replace(out, audit=after, entries=(*out.entries, Entry(step, by, body)))


def note(out: Outcome, kind: str, by: str = "", **data: Any) -> Outcome:
    """A journal entry without a transition. ``data`` are plain JSON values."""
    return replace(out, entries=(*out.entries, Entry(kind, by, data)))


def change(out: Outcome, **changes: Any) -> Outcome:
    """Fields of the audit other than its state."""
    if "state" in changes:
        raise TypeError("a state changes through a transition only")
    return replace(out, audit=replace(out.audit, **changes))


def flag(out: Outcome, *on: Flag, off: Iterable[Flag] = ()) -> Outcome:
    return replace(out, audit=replace(out.audit, flags=(out.audit.flags - frozenset(off)) | frozenset(on)))


def wish(out: Outcome, *wishes: Wish) -> Outcome:
    """Add wishes; each is stamped with this audit's reference."""
    return replace(out, wishes=(*out.wishes, *(replace(w, audit=out.audit.ref) for w in wishes)))


def arm(out: Outcome, *timers: Timer) -> Outcome:
    """Set timers; one of the same name set earlier in this outcome is replaced."""
    names = {t.name for t in timers}
    return replace(out, set_timers=(*(t for t in out.set_timers if t.name not in names), *timers))


def disarm(out: Outcome, *names: str) -> Outcome:
    """Clear timers by name, or by prefix ending in ":"; ones set earlier in this outcome go too."""
    kept = tuple(t for t in out.set_timers if not any(_covers(n, t.name) for n in names))
    return replace(out, set_timers=kept, clear_timers=tuple(dict.fromkeys((*out.clear_timers, *names))))


def cancel(out: Outcome, *codes: str) -> Outcome:
    return replace(out, cancel=tuple(dict.fromkeys((*out.cancel, *codes))))


def _covers(name: str, timer: str) -> bool:
    return timer == name or (name.endswith(":") and timer.startswith(name))


def after_clearing(timers: Iterable[Timer], out: Outcome) -> tuple[Timer, ...]:
    """The timers that stand after an outcome: what the store keeps. Cleared first, then set."""
    kept = {t.name: t for t in timers if not any(_covers(n, t.name) for n in out.clear_timers)}
    return tuple((kept | {t.name: t for t in out.set_timers}).values())


def people_of(scene: Scene, roles: Iterable[str], without: Iterable[str] = ()) -> tuple[tuple[str, str], ...]:
    """(role, address) of everybody in those parts, each person once, in the order of the roles."""
    seen, found = set(without), []
    for role in roles:
        for person in scene.parties.of(role):
            if person.address not in seen:
                seen.add(person.address)
                found.append((str(role), person.address))
    return tuple(found)


def tell(out: Outcome, people: Iterable[tuple[str, str]], code: str, transition: str, round: object,
         facts: dict[str, Any] | None = None, documents: tuple[str, ...] = (), in_reply_to: str = "") -> Outcome:
    """One wish a person."""
    return wish(out, *(Wish(code, role, transition, str(round), address, dict(facts or {}), documents, in_reply_to)
                       for role, address in people))


def receivers(scene: Scene, wishes: Iterable[Wish]) -> frozenset[str]:
    """Every address the wishes go to today."""
    named = {w.address for w in wishes if w.address}
    return frozenset(named | {p.address for w in wishes if not w.address for p in scene.parties.of(w.role)})


def debt(audit: Audit) -> str:
    """What a reminder is about: the due day, and the how-manieth auditor. The round of every letter that chases."""
    return f"{audit.due_on.isoformat()}" + (f".{audit.reassignments}" if audit.reassignments else "")


def request(audit: Audit) -> str:
    """Which revision request: submission and how often the audit has gone back (never the same twice)."""
    return f"{audit.submission}.{audit.auto_returns + audit.qa_returns}"


def answered(in_reply_to: str, audit: Audit) -> str:
    """The round of a letter that answers one mail: that mail's own ID, so that each mail has its own answer."""
    return in_reply_to or f"g{audit.generation}"


