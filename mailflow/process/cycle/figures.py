"""The figures of a cycle (DOC-20, DOC-21): counted once, and shown with small numbers hidden outside the QA team.

Hidden is every count from 1 to ``below`` - 1 of a group that adds up to a total somebody can see, and with it as many of
the smallest others as it takes that nobody can work it out: at least two, which together make ``below`` or more.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from mailflow.model import Audit, Flag, Missing, Person, State
from mailflow.process.cycle.cycles import SETTLED

_ACCEPTED = tuple(s for s in SETTLED if s not in (State.NOT_ACCEPTED, State.WITHDRAWN))
NO_SERVICE = "No service named"


@dataclass(frozen=True)
class Figures:
    """``ends`` add up to ``allocated``; ``grades`` are (service, grade) → how many of the accepted audits."""

    allocated: int
    ends: dict[str, int]
    others: dict[str, int]
    grades: dict[tuple[str, str], int]


def count(lines: Iterable[tuple[Audit, str]]) -> Figures:
    """The figures of (audit, the case's service); withdrawn audits are in no denominator (T-37)."""
    every = tuple(lines)
    taken = [(a, service) for a, service in every if a.state is not State.WITHDRAWN]
    accepted = [(a, service) for a, service in taken if a.state in _ACCEPTED]
    refused = sum(a.state is State.NOT_ACCEPTED for a, _ in taken)
    grades: dict[tuple[str, str], int] = {}
    for audit, service in accepted:
        if audit.grade:
            key = (service or NO_SERVICE, audit.grade)
            grades[key] = grades.get(key, 0) + 1
    return Figures(
        allocated=len(taken),
        ends={"accepted": len(accepted), "not accepted": refused, "still open": len(taken) - len(accepted) - refused},
        others={"returned": sum(a.submission > 0 for a, _ in taken), "returned late": sum(a.has(Flag.LATE) for a, _ in taken),
                "carried over from earlier": sum(a.has(Flag.CARRIED_OVER) for a, _ in taken),
                "withdrawn": len(every) - len(taken)},
        grades=grades)


def hide_small(counts: Mapping[Any, int], below: int) -> frozenset[Any]:
    """Which of a group's counts are hidden, where its total can be seen."""
    hidden = {key for key, n in counts.items() if 0 < n < below}
    rest = sorted((k for k, n in counts.items() if n >= below), key=lambda k: (counts[k], str(k)))
    while hidden and rest and (len(hidden) < 2 or sum(counts[k] for k in hidden) < below):
        hidden.add(rest.pop(0))
    return frozenset(hidden)


def show(figures: Figures, below: int) -> tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str, str], ...]]:
    """(what, number) and (service, grade, number) in words; ``below`` 0 shows everything."""
    small = f"fewer than {below}" if below else ""
    ends, grades = hide_small(figures.ends, below), hide_small(figures.grades, below)

    def words(n: int, hidden: bool) -> str:
        return "not shown" if hidden and n >= below else small if hidden else str(n)

    heads = [("allocated", words(figures.allocated, 0 < figures.allocated < below))]
    heads += [(name, words(n, name in ends)) for name, n in figures.ends.items()]
    missing = figures.allocated - figures.others["returned"]
    heads += [(name, words(n, 0 < n < below or (name == "returned" and 0 < missing < below)))
              for name, n in figures.others.items()]
    rows = [(service, grade, words(n, (service, grade) in grades)) for (service, grade), n in figures.grades.items()]
    return tuple(heads), tuple(sorted(rows))


def find_missing(audits: Iterable[Audit], find_person: Callable[[str], Person | None], today: date) -> tuple[Missing, ...]:
    """Audits nobody completed, by auditor; ``days`` are those since the due day (F1-NCR-01)."""
    found = []
    for audit in audits:
        reason = _REASONS.get(audit.state, "")
        if reason:
            person = find_person(audit.auditor)
            found.append(Missing(audit.auditor, person.name if person else audit.auditor, person.service if person else "",
                                 max(0, (today - audit.due_on).days), reason))
    return tuple(sorted(found, key=lambda m: (m.name, -m.days)))


_REASONS: dict[State, str] = {
    State.SELECTED: "not allocated", State.ALLOCATED: "not returned", State.UNDERWAY: "not returned",
    State.REVISION: "changes asked for and not returned", State.NOT_ACCEPTED: "not accepted",
}
