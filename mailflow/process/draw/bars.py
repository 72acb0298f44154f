"""Who may audit what, and which cases may be drawn at all (F0-SEL, F1-ROL-01…04, F1-SEL, F2-SEL, G-05, G-27a, G-35, G-38)."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from mailflow.framework import Framework
from mailflow.framework.schema import Selection
from mailflow.model import Case, Person
from mailflow.model.sampling import FrameRow
from mailflow.process.opening import months_before


class Somebody(Protocol):
    """An auditor, as far as the bars ask: a person of the directory, or a row of a sampling record."""

    @property
    def address(self) -> str: ...
    @property
    def roles(self) -> tuple[str, ...]: ...
    @property
    def team(self) -> str: ...


class Something(Protocol):
    """A case, as far as the bars ask."""

    @property
    def practitioner(self) -> str: ...
    @property
    def tm(self) -> str: ...
    @property
    def iro(self) -> str: ...
    @property
    def team(self) -> str: ...


@dataclass(frozen=True)
class Parts:
    """Which roles do a type of audit; ``services`` adds roles for one service, by its name in lower case."""

    type: str
    auditors: tuple[str, ...]
    services: Mapping[str, tuple[str, ...]]

    def find_bar(self, roles: Collection[str], service: str) -> str:
        wanted = (*self.auditors, *self.services.get(service.casefold(), ()))
        if set(wanted) & set(roles):
            return ""
        return f"has no part that does this audit ({', '.join(dict.fromkeys(wanted))})"

    def every_role(self) -> frozenset[str]:
        """Whoever has one of these may be given something."""
        return frozenset((*self.auditors, *(role for roles in self.services.values() for role in roles)))


def parts_of(framework: Framework, type_: str) -> Parts:
    """``types.<type>.auditors`` and ``services.<name>.auditors``; an unknown type is done by auditors."""
    kind = framework.types.get(type_)
    return Parts(type_, kind.auditors if kind else ("auditor",),
                 {name.casefold(): rules.auditors for name, rules in framework.services.items()})


def may_audit(person: Somebody, type_: str, service: str, framework: Framework) -> str:
    """"" when this person may do this type of audit in this service, else the reason (F1-ROL-01…04)."""
    return parts_of(framework, type_).find_bar(person.roles, service)


def find_auditors(framework: Framework, type_: str, people: Iterable[Person]) -> tuple[Person, ...]:
    """Everybody who may do this type of audit in some service, in directory order."""
    wanted = parts_of(framework, type_).every_role()
    return tuple(p for p in people if wanted & set(p.roles))


def find_bar(case: Case, auditor: Person, rules: Selection, practitioner: Person | None) -> str:
    """Why this auditor may not audit this case, "" when they may. Whether they do such audits is ``may_audit``'s matter."""
    return find_personal_bar(case, auditor.address, rules, practitioner.manager if practitioner else "") or (
        "works in the same team" if bars_team(auditor, case.team, rules) else "")


def find_personal_bar(case: Something, address: str, rules: Selection, manager: str) -> str:
    """A bar between this person and this case. Where teams audit themselves, their manager is no stranger to be kept out."""
    if address == case.practitioner:
        return "works on it"
    if rules.exclude_conflicts and address == case.iro:
        return "is its reviewing officer"
    if rules.exclude_conflicts and rules.own_team == "bar" and address == case.tm:
        return "is its team manager"
    if rules.exclude_line_managed and address == manager:
        return "manages the practitioner"
    return ""


def bars_team(auditor: Somebody, team: str, rules: Selection) -> bool:
    """F0-SEL-01/02: no case of one's own team, but for exempt parts (G-05)."""
    return (rules.own_team == "bar" and bool(auditor.team) and auditor.team == team
            and not set(rules.own_team_exempt_roles) & set(auditor.roles))


class Gate:
    """Which cases may be drawn; one for a whole frame, so that days are worked out once."""

    def __init__(self, frame: Iterable[FrameRow], rules: Selection, today: date, theme: str) -> None:
        self._rules, self._theme = rules, theme.strip().casefold()
        self._lists = set(map(str, rules.lists))
        self._listed: dict[str, bool] = {}
        self._is_annex, self._is_random = rules.source == "annex_a", rules.method == "random"
        self._newest = max((row.extract_on for row in frame if row.extract_on), default=None)
        self._stale = today - timedelta(days=rules.extract_max_days)
        self._open = months_before(today, rules.min_months_open)
        self._audited = months_before(today, rules.exclude_audited_within_months)

    def find_reason(self, row: FrameRow) -> str:
        """Why no auditor may be given this case, "" when one may. Whatever stands in brackets is of this case alone."""
        rules = self._rules
        if not row.practitioner or not row.team:
            return "no worker is known" if row.team else "no team is known"
        if row.restricted and rules.exclude_restricted:
            return "restricted"
        if self._is_annex and not self._is_listed(row.lists):
            return f"not on the Annex A lists {', '.join(map(str, rules.lists))}"
        if row.extract_on is not None and (row.extract_on != self._newest or row.extract_on < self._stale):
            return self._of_extract(row.extract_on)
        return self._age(row) or ("" if self._is_random else self._method(row))

    def _of_extract(self, taken_on: date) -> str:
        """ANX-11."""
        if taken_on != self._newest:
            return "not in the newest Annex A extract"
        return f"the Annex A extract is more than {self._rules.extract_max_days} days old"

    def _is_listed(self, lists: str) -> bool:
        if lists not in self._listed:
            self._listed[lists] = bool(self._lists & set(lists.split(", ")))
        return self._listed[lists]

    def _age(self, row: FrameRow) -> str:
        """F2-SEL-01, G-46, EXT-01."""
        rules = self._rules
        if rules.min_months_open:
            if row.open_since_on is None:
                return "not known since when it has been open"
            if row.open_since_on > self._open:
                return f"open for less than {rules.min_months_open} months"
        months, last = rules.exclude_audited_within_months, row.last_audited_on
        if months and last is not None and last > self._audited:
            return f"audited within {months} months (on {last.isoformat()})"
        return ""

    def _method(self, row: FrameRow) -> str:
        """EXT-05: a person names the cases, or the theme does."""
        if self._rules.method == "nominated" and not row.nominated_auditor:
            return "no auditor is nominated for it"
        if self._rules.method == "themed":
            theme = row.theme.casefold()
            if not theme or (self._theme and theme != self._theme):
                return "not chosen for the theme"
        return ""
