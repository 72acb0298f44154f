"""The draw: cases to auditors, by rules and a seed (T-01). The same seed and frame give the same draw, in any order.

Chance comes from hashes of the seed, never from a generator. Cases are laid out so that every stratum has its share of
the front of the line; auditors take turns in hashed order (``pairing``). Everything drawn from is in a SamplingRecord,
so that anybody can do it again from the sheet alone (DOC-01).
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from operator import attrgetter

from mailflow.framework import Framework
from mailflow.framework.schema import Selection
from mailflow.model import Case, Cycle, Person
from mailflow.model.bulk import in_bulk
from mailflow.model.sampling import AuditorRow, FrameRow, SamplingRecord
from mailflow.process.draw.bars import (
    Gate,
    Parts,
    bars_team,
    find_auditors,
    find_bar,
    find_personal_bar,
    may_audit,
    parts_of,
)
from mailflow.process.draw.pairing import Class, Line, Pairing
from mailflow.process.draw.sampling import read_parts, read_rules, rules_as_rows, with_digests

__all__ = ["Draw", "draw", "draw_again", "find_auditors", "find_bar", "make_record", "may_audit", "parts_of", "to_draw"]


@dataclass(frozen=True)
class Draw:
    """``pairs`` in the order of case numbers; reasons are one plain phrase; the digest covers everything drawn from."""

    pairs: tuple[tuple[Case, str], ...]
    exclusions: tuple[tuple[str, str], ...]
    unserved: tuple[tuple[str, str], ...]
    frame_digest: str


def draw(cases: Iterable[Case], auditors: Iterable[Person], rules: Selection, cycle: str, seed: str, today: date,
         audited: Mapping[str, date], people: Iterable[Person], *, parts: Parts | None = None, theme: str = "") -> Draw:
    """``today`` is the opening day; ``audited`` maps a case number to the day it was last audited.

    Without ``parts`` everybody named may audit everything that the rules do not bar.
    """
    cases, crew = tuple(cases), _unique_people(auditors)
    parts = parts or Parts("audit", tuple(sorted({role for p in crew for role in p.roles})), {})
    record = _record(cases, crew, rules, parts, Cycle(cycle, parts.type, today, today, today, seed=seed, theme=theme), audited,
                     people, "")
    return to_draw(record, cases)


def make_record(framework: Framework, cycle: Cycle, cases: Iterable[Case], people: Iterable[Person],
                audited: Mapping[str, date]) -> SamplingRecord:
    """Draw one cycle: its ``id``, ``type``, ``opens_on``, ``seed`` and ``theme`` are what counts.

    Auditors are all of ``people`` with a part that does this type of audit in a service of these cases: where there is
    no MASH case, nobody is missed who audits MASH alone.
    """
    cases, people, parts = tuple(cases), tuple(people), parts_of(framework, cycle.type)
    services = {case.service for case in cases}
    crew = _unique_people(p for p in find_auditors(framework, cycle.type, people)
                          if any(not parts.find_bar(p.roles, service) for service in services))
    return _record(cases, crew, framework.selection, parts, cycle, audited, people, framework.id)


def to_draw(record: SamplingRecord, cases: Iterable[Case]) -> Draw:
    """The record with its cases as values."""
    drawn = {number for number, _ in record.pairs}
    by_number = {c.number: c for c in sorted((c for c in cases if c.number in drawn), key=lambda c: (c.number, repr(c)))}
    return Draw(tuple((by_number[number], auditor) for number, auditor in record.pairs), record.exclusions, record.unserved,
                record.frame_digest)


@in_bulk
def draw_again(record: SamplingRecord) -> SamplingRecord:
    """The draw done anew from what the record says it was made from. Raises PermanentError for rules we don't know."""
    outcome = _Session(record.frame, record.auditors, read_rules(record.rules), read_parts(record.rules, record.type),
                       f"{record.seed}|{record.cycle}", record.opens_on, record.theme).run()
    return with_digests(record, *outcome)


@in_bulk
def _record(cases: Iterable[Case], crew: tuple[Person, ...], rules: Selection, parts: Parts, cycle: Cycle,
            audited: Mapping[str, date], people: Iterable[Person], framework: str) -> SamplingRecord:
    managers = {p.address: p.manager for p in people} if rules.exclude_line_managed else {}
    frame = _frame(cases, managers, audited if rules.exclude_audited_within_months else {}, rules)
    auditors = tuple(AuditorRow(p.address, tuple(sorted(p.roles)), p.team, p.is_away(cycle.opens_on)) for p in crew)
    return draw_again(SamplingRecord(
        framework, cycle.id, parts.type, cycle.theme, cycle.opens_on, cycle.seed, rules_as_rows(rules, parts), frame, auditors,
        (), (), (), "", ""))


def _unique_people(people: Iterable[Person]) -> tuple[Person, ...]:
    return tuple({p.address: p for p in sorted(people, key=lambda p: (p.address, repr(p)))}.values())


def _frame(cases: Iterable[Case], managers: Mapping[str, str], audited: Mapping[str, date],
           rules: Selection) -> tuple[FrameRow, ...]:
    """Every case once, by number; of two with one number always the same one, however the sheets were ordered."""
    by_number: dict[str, Case] = {}
    for case in cases:
        other = by_number.get(case.number)
        if other is None or repr(other) < repr(case):
            by_number[case.number] = case
    kept = [by_number[number] for number in sorted(by_number)]
    unused = _unused(rules)
    # Column by column: made row by row, a frame of 20,000 cases would take as long as reading its workbook.
    columns = {name: [_NOTHING[name]] * len(kept) if name in unused else list(map(attrgetter(name), kept))
               for name in FrameRow._fields if name not in ("manager", "lists", "last_audited_on")}
    columns["manager"] = [managers.get(c.practitioner, "") for c in kept]
    columns["lists"] = [""] * len(kept) if "lists" in unused else [", ".join(map(str, c.lists)) for c in kept]
    columns["last_audited_on"] = [None] * len(kept) if "last_audited_on" in unused else [
        _later(c.last_audited_on, audited.get(c.number)) for c in kept]
    return tuple(map(FrameRow._make, zip(*(columns[name] for name in FrameRow._fields), strict=True)))


# What stands in a column that the rules do not ask for.
_NOTHING: Mapping[str, object] = {**dict.fromkeys(FrameRow._fields, ""), "open_since_on": None, "restricted": False}


def _later(first: date | None, second: date | None) -> date | None:
    return max(filter(None, (first, second)), default=None) if second else first


def _unused(rules: Selection) -> frozenset[str]:
    """What these rules never ask of a case: it stays out of the record (ANX-13)."""
    used = {
        "tm": rules.exclude_conflicts and rules.own_team == "bar", "iro": rules.exclude_conflicts,
        "open_since_on": rules.min_months_open > 0, "last_audited_on": rules.exclude_audited_within_months > 0,
        "restricted": rules.exclude_restricted, "theme": rules.method == "themed", "lists": rules.source == "annex_a",
        **dict.fromkeys(("age_band", "gender", "ethnicity", "disability"), False)}
    return frozenset(name for name, is_used in used.items() if not is_used and name not in rules.stratify_by)


class _Session:
    """One draw over rows: gate, line, quotas, nominations, pairing."""

    def __init__(self, frame: Sequence[FrameRow], auditors: Sequence[AuditorRow], rules: Selection, parts: Parts, salt: str,
                 today: date, theme: str) -> None:
        self._frame, self._auditors, self._rules, self._parts, self._salt = frame, auditors, rules, parts, salt
        self._crew = {a.address: a for a in auditors if not a.away}
        self._gate = Gate(frame, rules, today, theme)
        self._excluded: dict[str, str] = {}

    def run(self) -> tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]:
        """(pairs, exclusions, unserved)."""
        legal = []
        for row in self._frame:
            why = self._gate.find_reason(row)
            if why:
                self._excluded[row.number] = why
            else:
                legal.append(row)
        line = self._thinned(self._line_up(legal))
        fixed = self._nominated([row for row in line if row.nominated_auditor])
        free = [row for row in line if not row.nominated_auditor]
        taken = fixed + self._paired(free, fixed)
        pairs = tuple(sorted((row.number, auditor) for row, auditor in taken))
        return pairs, tuple(sorted(self._excluded.items())), self._unserved(pairs)

    def _chance(self, *words: str) -> str:
        return hashlib.sha256("\x1f".join((self._salt, *words)).encode()).hexdigest()

    def _line_up(self, rows: list[FrameRow]) -> list[FrameRow]:
        """Hashed order, every stratum in proportion to its size at any length of the line."""
        strata: dict[tuple[str, ...], list[FrameRow]] = {}
        salt = f"{self._salt}\x1fcase\x1f"
        places = [FrameRow._fields.index(name) for name in self._rules.stratify_by]
        for _, at in sorted([(hashlib.sha256(f"{salt}{row.number}".encode()).digest(), at) for at, row in enumerate(rows)]):
            row = rows[at]
            strata.setdefault(tuple([str(row[place]) for place in places]), []).append(row)
        # No two have the same chance and rank, so rows are never compared.
        placed = [((rank + 0.5) / len(found), order, rank, row) for key, found in strata.items()
                  for order in [self._chance("service", *key)] for rank, row in enumerate(found)]
        return [row for *_, row in sorted(placed)]

    def _thinned(self, line: list[FrameRow]) -> list[FrameRow]:
        """At most one child of a family, and ``per_team`` cases of a team; who is nominated comes first (G-77)."""
        linked, quota = self._rules.family_link or not any(row.family for row in line), self._rules.per_team
        if linked and not quota:
            return line
        kept: list[FrameRow] = []
        families: set[str] = set()
        teams: dict[str, set[str]] = {}
        for row in sorted(line, key=lambda r: not r.nominated_auditor):
            team, owner = teams.setdefault(row.team, set()), self._owner(row)
            if row.family and not linked and row.family in families:
                self._excluded[row.number] = "another child of the family was drawn before it"
            elif quota and owner not in team and len(team) >= quota:
                self._excluded[row.number] = f"{quota} of its team were drawn before it"
            else:
                kept.append(row)
                families.add(row.family)
                team.add(owner)
        return kept

    def _owner(self, row: FrameRow) -> str:
        """What may be taken once: the practitioner where the rules say so, else the case."""
        return f"practitioner {row.practitioner}" if self._rules.one_per_practitioner else f"case {row.number}"

    def _nominated(self, rows: list[FrameRow]) -> list[tuple[FrameRow, str]]:
        """Nominations are honoured first, or refused with the reason."""
        fixed: list[tuple[FrameRow, str]] = []
        owners: set[str] = set()
        for row in rows:
            why = self._why_not(row, fixed, owners)
            if why:
                self._excluded[row.number] = f"nominated for {row.nominated_auditor}: {why}"
            else:
                fixed.append((row, row.nominated_auditor))
                owners.add(self._owner(row))
        return fixed

    def _why_not(self, row: FrameRow, fixed: list[tuple[FrameRow, str]], owners: set[str]) -> str:
        auditor = self._crew.get(row.nominated_auditor)
        if auditor is None:
            return "does not audit, or is away on the opening day"
        if sum(address == auditor.address for _, address in fixed) >= self._rules.per_auditor:
            return "has their number of audits already"
        if self._owner(row) in owners:
            return "the practitioner has another audit in this draw"
        bar = find_personal_bar(row, auditor.address, self._rules, row.manager)
        bar = bar or ("works in the same team" if bars_team(auditor, row.team, self._rules) else "")
        return bar or self._parts.find_bar(auditor.roles, row.service)

    def _paired(self, line: list[FrameRow], fixed: list[tuple[FrameRow, str]]) -> list[tuple[FrameRow, str]]:
        held: dict[str, int] = {}
        for _, auditor in fixed:
            held[auditor] = held.get(auditor, 0) + 1
        kinds = {a.address: (a.roles, a.team) for a in self._crew.values()}
        owners = [self._owner(row) for row in line]
        pairing = Pairing(Line([(row.team, row.service) for row in line], owners), self._may_class, self._barred(line), kinds,
                          {self._owner(row) for row, _ in fixed})
        for turn in range(self._rules.per_auditor):
            for auditor in sorted(self._crew, key=partial(self._chance, "auditor", str(turn))):
                if turn >= held.get(auditor, 0):
                    pairing.serve((auditor, turn))
        return [(line[place], auditor) for place, auditor in pairing.pairs()]

    def _may_class(self, auditor: str, kind: Class) -> bool:
        who, (team, service) = self._crew[auditor], kind
        return not (bars_team(who, team, self._rules) or self._parts.find_bar(who.roles, service))

    def _barred(self, line: list[FrameRow]) -> dict[str, set[int]]:
        """Auditor → the places of cases they are barred from in person."""
        barred: dict[str, set[int]] = {}
        crew = self._crew
        for place, row in enumerate(line):
            for address in (row.practitioner, row.manager, row.tm, row.iro):
                if address in crew and find_personal_bar(row, address, self._rules, row.manager):
                    barred.setdefault(address, set()).add(place)
        return barred

    def _unserved(self, pairs: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        have: dict[str, int] = {}
        for _, auditor in pairs:
            have[auditor] = have.get(auditor, 0) + 1
        quota, rows = self._rules.per_auditor, []
        for somebody in self._auditors:
            got = have.get(somebody.address, 0)
            if somebody.away:
                rows.append((somebody.address, "away on the opening day"))
            elif got < quota:
                rows.append((somebody.address, f"only {got} of {quota} cases could be given" if got else "no legal case is left"))
        return tuple(rows)

