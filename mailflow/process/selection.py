"""The draw: cases to auditors, by rules and a seed (T-01). The same seed and frame give the same draw, in any order.

Chance comes from hashes of the seed, never from a generator. Cases are laid out so that every service has its share of
the front of the line; auditors take turns in hashed order. Where the first choice would leave somebody without a case,
earlier pairs are changed round until nobody is who could be served (augmenting paths).
"""

import hashlib
import json
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from mailflow.framework.schema import Selection
from mailflow.model import Case, Person
from mailflow.process.opening import months_before


@dataclass(frozen=True)
class Draw:
    """``pairs`` in the order of case numbers; reasons are one plain phrase; the digest covers everything drawn from."""

    pairs: tuple[tuple[Case, str], ...]
    exclusions: tuple[tuple[str, str], ...]
    unserved: tuple[tuple[str, str], ...]
    frame_digest: str


def draw(cases: Iterable[Case], auditors: Iterable[Person], rules: Selection, cycle: str, seed: str, today: date,
         audited: Mapping[str, date], people: Iterable[Person]) -> Draw:
    """``today`` is the opening day; ``audited`` maps a case number to the day it was last audited."""
    frame = _unique(cases)
    crew = tuple({p.address: p for p in sorted(auditors, key=lambda p: (p.address, repr(p)))}.values())
    directory = {p.address: p for p in people}
    excluded = {c.number: why for c in frame if (why := _excluded(c, rules, today, audited))}
    present = tuple(p for p in crew if not p.is_away(today))
    table = _Table(rules, f"{seed}|{cycle}", directory, present)
    lined_up = table.line_up(tuple(c for c in frame if c.number not in excluded))
    taken, misnamed = table.match(lined_up)
    return Draw(
        pairs=tuple(sorted(taken, key=lambda pair: pair[0].number)),
        exclusions=tuple(sorted({**excluded, **misnamed}.items())),
        unserved=_unserved(crew, present, taken, rules.per_auditor),
        frame_digest=_digest(frame, crew, audited, rules),
    )


def _unique(cases: Iterable[Case]) -> tuple[Case, ...]:
    return tuple({c.number: c for c in sorted(cases, key=lambda c: (c.number, repr(c)))}.values())


def _excluded(case: Case, rules: Selection, today: date, audited: Mapping[str, date]) -> str:
    """Why no auditor may be given this case, "" when one may."""
    if rules.exclude_restricted and case.restricted:
        return "restricted"
    if rules.min_months_open:
        if case.open_since_on is None:
            return "not known since when it has been open"
        if case.open_since_on > months_before(today, rules.min_months_open):
            return f"open for less than {rules.min_months_open} months"
    last = max(filter(None, (case.last_audited_on, audited.get(case.number))), default=None)
    months = rules.exclude_audited_within_months
    if last is not None and months and last > months_before(today, months):
        return f"audited within {months} months (on {last.isoformat()})"
    if rules.method == "nominated" and not case.nominated_auditor:
        return "no auditor is nominated for it"
    return ""


def find_bar(case: Case, auditor: Person, rules: Selection, practitioner: Person | None) -> str:
    """Why this auditor may not audit this case, "" when they may (F0-SEL-01/02, G-05, G-27a)."""
    address = auditor.address
    part = {case.iro: "is its reviewing officer", case.tm: "is its team manager", case.practitioner: "works on it"}
    if address == case.practitioner or (rules.exclude_conflicts and address in part):
        return part[address]
    if rules.exclude_line_managed and practitioner is not None and practitioner.manager == address:
        return "manages the practitioner"
    exempt = set(rules.own_team_exempt_roles) & set(auditor.roles)
    if rules.own_team == "bar" and not exempt and auditor.team and auditor.team == case.team:
        return "works in the same team"
    return ""


class _Table:
    """The pairing itself. Slots are (auditor, turn); a practitioner, or a case, can be taken once."""

    def __init__(self, rules: Selection, salt: str, directory: Mapping[str, Person], crew: tuple[Person, ...]) -> None:
        self._rules, self._salt, self._directory = rules, salt, directory
        self._crew = {p.address: p for p in crew}

    def _chance(self, *words: str) -> str:
        return hashlib.sha256("\x1f".join((self._salt, *words)).encode()).hexdigest()

    def line_up(self, cases: tuple[Case, ...]) -> tuple[Case, ...]:
        """Hashed order, every service in proportion to its size at any length of the line."""
        by_service: dict[str, list[Case]] = {}
        for case in sorted(cases, key=lambda c: self._chance("case", c.number)):
            by_service.setdefault(case.service, []).append(case)
        placed = [((rank + 0.5) / len(found), self._chance("service", service), case)
                  for service, found in by_service.items() for rank, case in enumerate(found)]
        return tuple(case for _, _, case in sorted(placed, key=lambda p: p[:2]))

    def _bar(self, case: Case, auditor: str) -> str:
        return find_bar(case, self._crew[auditor], self._rules, self._directory.get(case.practitioner))

    def _owner(self, case: Case) -> str:
        """What may be taken once: the practitioner where the rules say so and there is one, else the case."""
        one = self._rules.one_per_practitioner and case.practitioner
        return f"practitioner {case.practitioner}" if one else f"case {case.number}"

    def match(self, line: tuple[Case, ...]) -> tuple[list[tuple[Case, str]], dict[str, str]]:
        """(pairs, nominated cases that could not be given with the reason). Nominations are honoured first."""
        held, fixed, misnamed = self._nominated([c for c in line if c.nominated_auditor])
        free = tuple(c for c in line if not c.nominated_auditor)
        if self._rules.method == "nominated":
            free = ()
        options = self._options(free, {self._owner(c) for c, _ in fixed})
        slots = [(a, turn) for turn in range(self._rules.per_auditor) for a in self._turns(turn) if turn >= held.get(a, 0)]
        found: dict[str, tuple[str, int]] = {}
        for slot in slots:
            _augment(slot, options, found)
        return fixed + [(options[slot[0]][owner], slot[0]) for owner, slot in found.items()], misnamed

    def _turns(self, turn: int) -> list[str]:
        return sorted(self._crew, key=lambda a: self._chance("auditor", str(turn), a))

    def _nominated(self, cases: list[Case]) -> tuple[dict[str, int], list[tuple[Case, str]], dict[str, str]]:
        held: dict[str, int] = {}
        fixed: list[tuple[Case, str]] = []
        refused: dict[str, str] = {}
        for case in cases:
            auditor = case.nominated_auditor
            why = self._why_not_nominated(case, auditor, held, {self._owner(c) for c, _ in fixed})
            if why:
                refused[case.number] = f"nominated for {auditor}: {why}"
            else:
                fixed.append((case, auditor))
                held[auditor] = held.get(auditor, 0) + 1
        return held, fixed, refused

    def _why_not_nominated(self, case: Case, auditor: str, held: dict[str, int], owners: set[str]) -> str:
        if auditor not in self._crew:
            return "does not audit, or is away on the opening day"
        if held.get(auditor, 0) >= self._rules.per_auditor:
            return "has their number of audits already"
        if self._owner(case) in owners:
            return "the practitioner has another audit in this draw"
        return self._bar(case, auditor)

    def _options(self, line: tuple[Case, ...], gone: set[str]) -> dict[str, dict[str, Case]]:
        """auditor → what they may take, in the order of the line: owner → the first legal case of that owner."""
        options: dict[str, dict[str, Case]] = {}
        for auditor in self._crew:
            mine: dict[str, Case] = {}
            for case in line:
                owner = self._owner(case)
                if owner not in gone and owner not in mine and not self._bar(case, auditor):
                    mine[owner] = case
            options[auditor] = mine
        return options


def _augment(slot: tuple[str, int], options: Mapping[str, Mapping[str, Case]],
             found: dict[str, tuple[str, int]]) -> None:
    """Give the slot a case, moving earlier slots to other cases where that is the only way (breadth first)."""
    came_from: dict[str, tuple[str, int]] = {}
    waiting = deque([slot])
    while waiting:
        now = waiting.popleft()
        for owner in options[now[0]]:
            if owner in came_from:
                continue
            came_from[owner] = now
            if owner not in found:
                _hand_over(owner, came_from, found)
                return
            waiting.append(found[owner])


def _hand_over(owner: str, came_from: dict[str, tuple[str, int]], found: dict[str, tuple[str, int]]) -> None:
    """Walk the path back: each slot takes the owner it was led to, and gives up the one it had."""
    had = {slot: taken for taken, slot in found.items()}
    while True:
        slot = came_from[owner]
        found[owner] = slot
        before = had.get(slot)
        if before is None:
            return
        owner = before


def _unserved(crew: tuple[Person, ...], present: tuple[Person, ...], taken: list[tuple[Case, str]],
              quota: int) -> tuple[tuple[str, str], ...]:
    here = {p.address for p in present}
    have: dict[str, int] = {}
    for _, auditor in taken:
        have[auditor] = have.get(auditor, 0) + 1
    rows = []
    for person in crew:
        if person.address not in here:
            rows.append((person.address, "away on the opening day"))
        elif have.get(person.address, 0) < quota:
            got = have.get(person.address, 0)
            rows.append((person.address, f"only {got} of {quota} cases could be given" if got else "no legal case is left"))
    return tuple(rows)


def _digest(frame: tuple[Case, ...], crew: tuple[Person, ...], audited: Mapping[str, date], rules: Selection) -> str:
    """SHA-256 over everything that was drawn from, in a fixed order."""
    body = {
        "cases": [[c.number, c.category, c.team, c.practitioner, c.service, c.tm, c.iro, str(c.open_since_on),
                   str(c.last_audited_on), str(audited.get(c.number)), c.restricted, c.nominated_auditor] for c in frame],
        "auditors": [[p.address, sorted(p.roles), p.team, p.service, sorted(map(str, p.absences))] for p in crew],
        "rules": repr(rules),
    }
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
