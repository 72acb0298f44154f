"""The sample of a cycle while it waits for the QA team: made from a draw, changed by SWAP and DROP (TS-01 … TS-03).

A sample is a list of audits that would be. Its references stand from the start, so that SWAP and DROP can name one; a
reference that is dropped is not given to another case.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from mailflow.framework import Framework
from mailflow.framework.schema import Selection
from mailflow.model import Audit, Case, Cycle, Person, Proposal, State
from mailflow.model.ref import make_ref
from mailflow.model.sampling import SamplingRecord
from mailflow.process.cycle.cycles import move_cycle
from mailflow.process.draw import selection
from mailflow.process.wording import day_words

AWAY = "away on the opening day"


@dataclass(frozen=True)
class Frame:
    """Everything a sample is drawn from. ``audited`` maps a case number to the day its newest audit opened."""

    cases: tuple[Case, ...]
    auditors: tuple[Person, ...]
    audited: Mapping[str, date]
    people: tuple[Person, ...]


def why_no_frame(frame: Frame, qa: bool) -> tuple[tuple[str, str], ...]:
    """What is missing before anything can be drawn, each with what to do about it (TS-02)."""
    missing = []
    if not frame.auditors:
        missing.append(("nobody in the directory may audit", "give people the role auditor and run `mailflow people import`"))
    if not frame.cases:
        missing.append(("there is no case to draw from", "run `mailflow cases import`"))
    if not qa:
        missing.append(("nobody in the directory holds the role qa, so nobody would see what comes back",
                        "give somebody the role qa and run `mailflow people import`"))
    return tuple(missing)


def why_stale(frame: Frame, rules: Selection, on: date) -> tuple[tuple[str, str], ...]:
    """An Annex A extract older than ``selection.extract_max_days`` on the day of the draw is no list of today's cases (TS-02,
    ANX-11)."""
    newest = max((c.extract_on for c in frame.cases if c.extract_on is not None), default=None)
    if rules.source != "annex_a" or newest is None or (on - newest).days <= rules.extract_max_days:
        return ()
    return ((f"the Annex A extract is of {day_words(newest)}, which is more than {rules.extract_max_days} days ago",
             "ask for a new extract and run `mailflow cases import` with it"),)


def draw(cycle: Cycle, frame: Frame, framework: Framework) -> tuple[selection.Draw, SamplingRecord]:
    """The draw, and the record by which anybody may draw again (DOC-01)."""
    record = selection.make_record(framework, cycle, frame.cases, frame.people, frame.audited)
    return selection.to_draw(record, frame.cases), record


def unserved(drawn: selection.Draw) -> tuple[tuple[str, str], ...]:
    """Auditors nobody could find a case for (T-40); those who are away are none of them."""
    return tuple((who, why) for who, why in drawn.unserved if why != AWAY)


def propose(cycle: Cycle, drawn: selection.Draw, first_number: int) -> Cycle:
    """The cycle with its sample; references from ``first_number`` on."""
    proposals = tuple(Proposal(make_ref(cycle.id, n), case.number, auditor)
                      for n, (case, auditor) in enumerate(drawn.pairs, first_number))
    return replace(cycle, proposals=proposals, frame_digest=drawn.frame_digest, left_out=count_reasons(drawn.exclusions),
                   tried_at=None)


def count_reasons(exclusions: Iterable[tuple[str, str]]) -> tuple[tuple[str, int], ...]:
    """Reasons with how many cases each, most first. What a reason says of one case alone ("(on 2026-03-01)") is cut off."""
    found = Counter(why.partition(" (")[0].partition(": ")[2] or why.partition(" (")[0] for _, why in exclusions)
    return tuple(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))


def count_services(cycle: Cycle, cases: Mapping[str, Case]) -> tuple[tuple[str, int], ...]:
    """How many of the sample each service has, by name."""
    found = Counter(cases[p.case_number].service or "no service named" for p in cycle.proposals if p.case_number in cases)
    return tuple(sorted(found.items()))


def find_proposal(cycle: Cycle, named: str) -> Proposal | None:
    """The pair a reference or a case number names."""
    wanted = named.strip().upper()
    return next((p for p in cycle.proposals if wanted in (p.ref, p.case_number.upper())), None)


def drop(cycle: Cycle, proposal: Proposal, by: str) -> Cycle:
    """TS-03: the case is out of the sample, and its auditor has one audit less."""
    left = tuple(p for p in cycle.proposals if p != proposal)
    return move_cycle(cycle, "TS-03.drop", proposals=left, sample=cycle.sample + 1,
                      passed_over=(*cycle.passed_over, proposal.case_number))


def swap(cycle: Cycle, proposal: Proposal, frame: Frame, framework: Framework) -> tuple[Cycle, Proposal] | None:
    """TS-03: another case for the same auditor, drawn by the same rules and the cycle's seed; None where there is none."""
    rules = framework.selection
    used = {p.case_number for p in cycle.proposals} | set(cycle.passed_over)
    by_number = {c.number: c for c in frame.cases}
    busy = {by_number[p.case_number].practitioner for p in cycle.proposals if p != proposal and p.case_number in by_number}
    taken = busy - {""} if rules.one_per_practitioner else set()
    cases = tuple(c for c in frame.cases if c.number not in used and c.practitioner not in taken)
    crew = tuple(p for p in frame.auditors if p.address == proposal.auditor)
    found = selection.draw(cases, crew, replace(rules, per_auditor=1), cycle.id, f"{cycle.seed}.{cycle.sample + 1}",
                           cycle.opens_on, frame.audited, frame.people, parts=selection.parts_of(framework, cycle.type),
                           theme=cycle.theme)
    if not found.pairs:
        return None
    new = replace(proposal, case_number=found.pairs[0][0].number)
    proposals = tuple(new if p == proposal else p for p in cycle.proposals)
    return move_cycle(cycle, "TS-03.swap", proposals=proposals, sample=cycle.sample + 1,
                      passed_over=(*cycle.passed_over, proposal.case_number)), new


def select(cycle: Cycle, by: str, now: datetime) -> tuple[Cycle, tuple[Audit, ...]]:
    """TS-03: the sample becomes audits in SELECTED (T-01), and the cycle forgets the sample."""
    audits = tuple(
        Audit(ref=p.ref, cycle=cycle.id, case_number=p.case_number, auditor=p.auditor, state=State.SELECTED,
              due_on=cycle.due_on, opens_on=cycle.opens_on, type=cycle.type)
        for p in cycle.proposals)
    return move_cycle(cycle, "TS-03", proposals=(), asked_on=None, decided_by=by, decided_at=now), audits
