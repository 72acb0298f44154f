"""An Annex A workbook → cases to draw from (domain 5.1). Bad rows come back with sheet, row number and reason.

Everything the draw does not need is left behind here and nowhere kept: no date of birth, no postcode, no worker's name
(ANX-13, ANX-14). What Annex A does not say comes from the council's own sheet, the directory and what stood before.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from mailflow.directory.annex_a_join import CaseJoin, Join, name_key, workers_of
from mailflow.directory.annex_a_rows import SPECIAL, Child, Merged, merge_lists
from mailflow.directory.annex_a_sheets import Table, find_extract_day, find_lists
from mailflow.directory.sheets import BadRow, squeeze
from mailflow.errors import PermanentError
from mailflow.model import Case, Person
from mailflow.model.bulk import in_bulk


@dataclass(frozen=True)
class AnnexRules:
    """What the profile says of it: ``selection.lists``, ``stratify_by``, ``extract_max_days``, ``form.categories``."""

    lists: tuple[int, ...]
    keep: tuple[str, ...]
    max_days: int
    categories: tuple[str, ...]


@dataclass(frozen=True)
class AnnexCases:
    """``bad`` rows were not taken; ``gaps`` were, and lack something. ``absent`` are wanted lists that are not there."""

    cases: tuple[Case, ...]
    bad: tuple[BadRow, ...]
    gaps: tuple[BadRow, ...]
    extract_on: date
    rows: int
    closed: int
    # Cases that can't be drawn because the worker or the team is missing (ANX-10).
    ineligible: int
    absent: tuple[int, ...]


def make_rules(lists: tuple[int, ...], stratify_by: tuple[str, ...], max_days: int, categories: tuple[str, ...]) -> AnnexRules:
    return AnnexRules(lists, tuple(s for s in SPECIAL if s in stratify_by), max_days, categories)


@in_bulk
def parse_annex_a(tables: Iterable[Table], name: str, rules: AnnexRules, today: date, extract_on: date | None,
                  people: tuple[Person, ...], join: Join, before: Mapping[str, Case]) -> AnnexCases:
    """``before`` are the cases imported earlier, by number. Raises PermanentError for another workbook, or an old one."""
    tables = tuple(tables)
    found = find_lists(tables, rules.lists, name)
    taken_on = extract_on or find_extract_day(tables)
    check_extract_day(taken_on, today, rules.max_days, name)
    assert taken_on is not None
    merged = merge_lists(found, taken_on, rules.keep)
    sheets = {number: f.table.name for number, f in found.items()}
    cases = _Joiner(rules, taken_on, people, join, before, sheets, merged).cases()
    return AnnexCases(
        cases, tuple(merged.bad), tuple(merged.gaps), taken_on, merged.rows, merged.closed,
        sum(not (c.team and c.practitioner) for c in cases), tuple(n for n in rules.lists if n not in found))


def check_extract_day(taken_on: date | None, today: date, max_days: int, name: str) -> None:
    """ANX-11. Raises PermanentError where the day is not known, still to come, or too long ago."""
    if taken_on is None:
        raise PermanentError(f"{name} does not say when the extract was taken; write it in a line above a list or in the email, "
                             "such as 'Extract date 17/06/2026', or import it with --extract-date dd/mm/yyyy")
    if taken_on > today:
        raise PermanentError(f"{name}: the extract date {taken_on:%d/%m/%Y} is still to come")
    if today - taken_on > timedelta(days=max_days):
        raise PermanentError(f"{name} was taken on {taken_on:%d/%m/%Y}, more than {max_days} days ago; cases may be closed "
                             "or with another worker by now. Ask for a new extract")


class _Joiner:
    """Children → cases. What is missing is said by sheet and row, never by name."""

    def __init__(self, rules: AnnexRules, taken_on: date, people: tuple[Person, ...], join: Join,
                 before: Mapping[str, Case], sheets: Mapping[int, str], merged: Merged) -> None:
        self._rules, self._taken_on, self._join, self._before = rules, taken_on, join, before
        self._joined = join.cases
        self._sheets, self._merged = sheets, merged
        self._workers = {**workers_of(people), **join.workers}
        self._teams = {squeeze(p.team): p.team for p in reversed(people) if p.team}
        self._services = _services(people)
        self._addresses: dict[str, str | None] = {}
        self._places: dict[str, tuple[str, str]] = {}

    def cases(self) -> tuple[Case, ...]:
        found = []
        for number, child in self._merged.children.items():
            if number in self._join.spoiled:
                self._bad(child, "its row in the joined sheet can't be used, so this case is left out")
            elif child.category not in self._rules.categories:
                self._bad(child, f"the framework audits no cases of the category {child.category}")
            else:
                found.append(self._case(number, child))
        return tuple(found)

    def _case(self, number: str, child: Child) -> Case:
        joined, old = self._joined.get(number, _NO_JOIN), self._before.get(number, _NO_CASE)
        team, service = self._place(child.team)
        worker = self._worker(child)
        lists = child.lists if len(child.lists) == 1 else tuple(sorted(child.lists))
        special: dict[str, Any] = dict(zip(self._rules.keep, child.special, strict=True)) if child.special else {}
        if joined is _NO_JOIN and old is _NO_CASE:
            return Case(number, child.category, team, worker, service, open_since_on=child.start, lists=lists,
                        extract_on=self._taken_on, age_band=child.age_band, **special)
        audited = [d for d in (joined.last_audited_on, old.last_audited_on) if d]
        return Case(
            number, child.category, team, joined.practitioner or worker, joined.service or old.service or service,
            joined.tm or old.tm, joined.iro or old.iro, child.start, max(audited) if audited else None,
            joined.restricted or old.restricted, joined.qa_contacts_family or old.qa_contacts_family,
            joined.nominated_auditor or old.nominated_auditor, joined.theme or old.theme, joined.family or old.family, lists,
            self._taken_on, child.age_band, **special)

    def _place(self, written: str) -> tuple[str, str]:
        """A team as the directory spells it, and its service."""
        found = self._places.get(written)
        if found is None:
            team = self._teams.get(squeeze(written), written) if written else ""
            found = self._places[written] = (team, self._services.get(team, ""))
        return found

    def _worker(self, child: Child) -> str:
        """The worker's address; "" makes the case ineligible, and the row says why (ANX-09b, ANX-10)."""
        if not child.team:
            self._gap(child, "no team is given")
        if not child.worker:
            self._gap(child, "no worker is given")
            return ""
        address = self._addresses.get(child.worker, "?")
        if address == "?":
            address = self._addresses[child.worker] = self._workers.get(name_key(child.worker))
        if address is None:
            self._gap(child, "the worker is neither in the directory nor in a joined sheet")
        elif not address:
            self._gap(child, "two people in the directory have the worker's name; a joined sheet can say which")
        return address or ""

    def _bad(self, child: Child, why: str) -> None:
        self._merged.bad.append(BadRow(child.place[1], why, self._sheets[child.place[0]]))

    def _gap(self, child: Child, why: str) -> None:
        self._merged.gaps.append(BadRow(child.place[1], why, self._sheets[child.place[0]]))


_NO_JOIN = CaseJoin()
_NO_CASE = Case("", "", "", "")


def _services(people: tuple[Person, ...]) -> dict[str, str]:
    """Team → the service most of its people are in; by name where two are as many."""
    counts: dict[str, dict[str, int]] = {}
    for person in people:
        if person.team and person.service:
            of_team = counts.setdefault(person.team, {})
            of_team[person.service] = of_team.get(person.service, 0) + 1
    return {team: min(found, key=lambda s: (-found[s], s)) for team, found in counts.items()}
