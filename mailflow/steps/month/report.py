"""The report of a cycle (TS-06): figures to the QA team and whoever the profile names, and each head of service's list."""

from datetime import datetime, time, timedelta

from mailflow.model import Audit, Cycle, Letter, Missing, Role, Wish
from mailflow.process.calendar import LONDON, local
from mailflow.process.cycle import figures
from mailflow.process.cycle.figures import Figures
from mailflow.process.wording import KINDS, month_words
from mailflow.steps.house import House
from mailflow.steps.month.letters import holders, write_about
from outbox.pages.cycle_report import Page, compose_figures, compose_missing, compose_report

# As many outages the report names, the longest ones.
_OUTAGES = 10
_TEAM = (Role.QA.value, Role.QA_MANAGER.value)


def report_letters(house: House, cycle: Cycle, now: datetime) -> tuple[tuple[Letter, ...], dict[str, int]]:
    """OUT-69 and OUT-72, and the figures for the journal. The QA team sees every number, others no small ones."""
    audits = house.store.find_audits(cycle=cycle.id)
    counted = figures.count((a, _service(house, a)) for a in audits)
    rules = house.policy.framework.reports
    outages = _outages(house, cycle, now)
    letters, told = _report(house, cycle, counted, 0, _TEAM, frozenset(), outages, now)
    more, _ = _report(house, cycle, counted, rules.suppress_below, rules.monthly, told, outages, now)
    missing = figures.find_missing(audits, house.store.find_person, local(now).date())
    return letters + more + _lists(house, cycle, missing, now), {"allocated": counted.allocated, **counted.ends}


def _service(house: House, audit: Audit) -> str:
    case = house.store.find_case(audit.case_number)
    return case.service if case else ""


def _outages(house: House, cycle: Cycle, now: datetime) -> tuple[str, ...]:
    """Times within the cycle at which mailflow stood still (T-52), in words."""
    first = datetime.combine(cycle.opens_on, time(), LONDON)
    gaps = [(datetime.fromisoformat(e.data["from"]), datetime.fromisoformat(e.data["to"]))
            for e in house.store.load_journal("") if e.kind == "T-52" and "from" in e.data and first <= e.at <= now]
    long = sorted((gap for gap in gaps if gap[1] - gap[0] > timedelta(hours=1)), key=lambda gap: gap[0] - gap[1])
    shown = sorted(long[:_OUTAGES])
    more = (f"and {len(long) - len(shown)} shorter times",) if len(long) > len(shown) else ()
    return (*(f"{local(start):%d/%m/%Y %H:%M} to {local(end):%d/%m/%Y %H:%M}" for start, end in shown), *more)


def _report(house: House, cycle: Cycle, counted: Figures, below: int, roles: tuple[str, ...], told: frozenset[str],
            outages: tuple[str, ...], now: datetime) -> tuple[tuple[Letter, ...], frozenset[str]]:
    """The letters to these roles, each person once, and everybody who has been told by then."""
    people = {p.address: role for role, found in reversed(holders(house, roles).people.items()) for p in found
              if p.address not in told}
    if not people:
        return (), told
    heads, rows = figures.show(counted, below)
    page = Page(cycle, KINDS.get(cycle.type, cycle.type), house.policy.settings.council.name,
                house.policy.framework.send.marking, heads, rows, below, outages)
    documents = (compose_report(page, now, house.policy.folders), compose_figures(page, now))
    facts = {"month": month_words(cycle.id), "heads": tuple((name[:1].upper() + name[1:], n) for name, n in heads),
             "below": below, "theme": cycle.theme, "outages": len(outages)}
    wishes = [Wish("OUT-69", role, "TS-06", cycle.id, address, facts, cycle=cycle.id)
              for address, role in sorted(people.items())]
    return write_about(house, wishes, now, enclosures=documents), told | set(people)


def _lists(house: House, cycle: Cycle, missing: tuple[Missing, ...], now: datetime) -> tuple[Letter, ...]:
    """OUT-72, one a head of service: the auditors of their own service and of no other."""
    letters: list[Letter] = []
    for role, people in holders(house, house.policy.framework.reports.non_completion).people.items():
        for person in people:
            mine = tuple(m for m in missing if m.service == person.service)
            if mine:
                facts = {"month": month_words(cycle.id), "count": len(mine), "service": person.service,
                         "rows": tuple((m.name, m.reason, m.days) for m in mine)}
                wish = Wish("OUT-72", role, "T-70", cycle.id, person.address, facts, cycle=cycle.id)
                sheet = compose_missing(mine, cycle, now, house.policy.framework.send.marking)
                letters += write_about(house, [wish], now, enclosures=(sheet,))
    return tuple(letters)
