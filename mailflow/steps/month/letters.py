"""Letters about a cycle: to whom they go in the directory, and the samples that go with them (OUT-01, 02, 03, 92)."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from mailflow.model import Cycle, Document, Letter, LetterState, Parties, Person, Role, Wish
from mailflow.model.sampling import SamplingRecord
from mailflow.process.cycle.cycles import last_draw_day, month_of
from mailflow.process.cycle.sample import Frame, count_services
from mailflow.process.wording import KINDS, month_words
from mailflow.steps.effects import desk_for
from mailflow.steps.house import House
from mailflow.steps.month.telling import told_about
from outbox.compose import compose
from outbox.sheets.allocation import compose_allocation
from outbox.sheets.sample import compose_problems, compose_sample
from outbox.sheets.sampling import compose_sampling_record


def holders(house: House, roles: Iterable[str]) -> Parties:
    """Who holds these parts in the directory, for letters about no audit in particular."""
    found = {str(role): tuple(p for p in house.people if str(role) in p.roles) for role in roles}
    return Parties({role: people for role, people in found.items() if people})


def write_about(house: House, wishes: Iterable[Wish], now: datetime, *, enclosures: tuple[Document, ...] = (),
                writer: Person | None = None) -> tuple[Letter, ...]:
    """The letters these wishes become, each to people who hold its part in the directory."""
    wishes = tuple(wishes)
    parties = holders(house, dict.fromkeys(w.role for w in wishes))
    desk = replace(desk_for(house, now, writer=writer), parties=parties, enclosures=enclosures)
    return tuple(letter for wish in wishes for letter in compose(wish, desk))


def ask_for_approval(house: House, cycle: Cycle, frame: Frame, record: SamplingRecord | None, now: datetime, *, said: str = "",
                     writer: Person | None = None, in_reply_to: str = "") -> tuple[Letter, ...]:
    """OUT-01 to every QA officer, one a sample; ``said`` is what was changed, the writer's copy answers their mail."""
    by_number = {c.number: c for c in frame.cases}
    away = tuple(who for who, _ in record.unserved) if record else ()
    facts = {
        "cycle": cycle.id, "month": month_words(cycle.id), "opens": cycle.opens_on, "due": cycle.due_on,
        "begun": house.policy.calendar.morning_of(cycle.opens_on) <= now,
        "kind": KINDS.get(cycle.type, cycle.type),
        "count": len(cycle.proposals), "services": count_services(cycle, by_number), "left_out": cycle.left_out,
        "left_out_count": sum(n for _, n in cycle.left_out), "away": away, "seed": cycle.seed, "theme": cycle.theme,
        "said": said, "carried": len(house.store.find_uncarried(cycle.id)) if _carries(house) else 0,
        "approval": house.policy.framework.selection.approval == "qa",
    }
    wishes = [Wish("OUT-01", Role.QA, "TS-01", str(cycle.sample), p.address, facts, cycle=cycle.id,
                   in_reply_to=in_reply_to if writer is not None and p.address == writer.address else "")
              for p in house.people if Role.QA.value in p.roles]
    return write_about(house, wishes, now, enclosures=sampling_documents(house, cycle, frame, record, now), writer=writer)


def _carries(house: House) -> bool:
    return house.policy.framework.carryover.enabled


def sampling_documents(house: House, cycle: Cycle, frame: Frame, record: SamplingRecord | None,
                       now: datetime) -> tuple[Document, ...]:
    """What goes with OUT-01: the sample with its references, and the record of the draw (DOC-01), which is not made anew
    once the QA team has changed the sample."""
    by_number = {c.number: c for c in frame.cases}
    lines = [(p, by_number[p.case_number], house.store.find_person(p.auditor)) for p in cycle.proposals
             if p.case_number in by_number]
    marking = house.policy.framework.send.marking
    return (compose_sample(lines, cycle, now, marking), *((compose_sampling_record(record, now, marking),) if record else ()))


def tell_of_problems(house: House, cycle: Cycle, problems: tuple[tuple[str, str], ...], now: datetime) -> tuple[Letter, ...]:
    """OUT-02: why there is no sample, and what to change; one a day."""
    day = house.policy.calendar.local_day(now).isoformat()
    facts = {"cycle": cycle.id, "month": month_words(cycle.id), "problems": problems, "opens": cycle.opens_on,
             "until": last_draw_day(house.policy.framework, *month_of(cycle.id))}
    wish = Wish("OUT-02", Role.QA, "TS-02", day, facts=facts, cycle=cycle.id)
    sheet = compose_problems(problems, cycle.id, now, house.policy.framework.send.marking)
    return write_about(house, [wish], now, enclosures=(sheet,))


def tell_of_opening(house: House, cycle: Cycle, record: SamplingRecord | None, now: datetime) -> tuple[Letter, ...]:
    """The allocation sheet (DOC-25) to the QA team, once a cycle, and the record of a draw they have not seen yet."""
    audits = house.store.find_audits(cycle=cycle.id)
    lines = [(a, house.get_case(a), house.people.by_address.get(a.auditor)) for a in audits]
    marking = house.policy.framework.send.marking
    sheet = compose_allocation(lines, cycle.id, now, marking, {a.ref: told_about(house, a.ref) for a in audits})
    drawn = (compose_sampling_record(record, now, marking),) if record else ()
    facts = {"cycle": cycle.id, "allocated": len(audits), "due": cycle.due_on, "seed": cycle.seed,
             "unserved": record.unserved if record else (), "left_out": sum(n for _, n in cycle.left_out)}
    return write_about(house, [Wish("OUT-92", Role.QA, "TS-04", cycle.id, facts=facts, cycle=cycle.id)], now,
                       enclosures=(sheet, *drawn))


def tell_of_cancelling(house: House, cycle: Cycle, by: str, now: datetime) -> tuple[Letter, ...]:
    """OUT-03 to everybody who has had a letter about the cycle's audits, and to nobody else (TS-08)."""
    left = (LetterState.SENT, LetterState.SENDING, LetterState.UNKNOWN)
    told = {letter.to: letter.role for audit in house.store.find_audits(cycle=cycle.id)
            for letter in house.store.load_letters(left, audit.ref, whole=False) if letter.role != Role.QA}
    may = house.policy.framework.letters["OUT-03"].to
    facts = {"month": month_words(cycle.id)}
    wishes = [Wish("OUT-03", role, "TS-08", cycle.id, address, facts, cycle=cycle.id)
              for address, role in sorted(told.items()) if address != by and role in may]
    return write_about(house, wishes, now)
