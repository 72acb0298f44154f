"""Opening a month with a hundred thousand past audits in the store costs what it costs with none: at most 1.2 times as much.

Two councils with the same people and cases, one with ten years of audits behind it (its rows are what ``to_text`` writes,
put in by SQL so that making them takes seconds). Both open the same months with the same seeds, turn by turn; each opening
is the whole of it: frame, draw, audits, letters with their forms, journal. Medians are compared, and least times where
those say less; the draw alone (a dry opening), where a walk through old audits would show most, is held to the same.
"""

import gc
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

import pytest

from mailflow.model import Audit, Cycle, CycleState, State
from mailflow.model.ref import make_ref
from mailflow.steps.month.opening import open_month
from mailflow.store.values import to_text
from tests.world import World, build_world, case_number

PAST, CASES, AUDITORS = 100_000, 400, 20
MONTHS = ("2026-09", "2026-10", "2026-11", "2027-01", "2027-02")
PROFILE = "[profile.selection]\nexclude_audited_within_months = 12\n"
# Ten years of twelve cycles, the last of them long enough ago that no case is left out for it.
CYCLES = [(year, month) for year in range(2015, 2025) for month in range(1, 13)]


@pytest.fixture(scope="module")
def councils(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, World]]:
    """(without a past, with one)"""
    from tests.world import make_cases, make_people

    people = [p for p in make_people(CASES) if "practitioner" in p.roles]
    # The sheet says of every case when it was last audited, so that both draws have that to look at.
    cases = [replace(c, last_audited_on=date(2014, 12, 1)) for c in make_cases(CASES)]
    how = {"auditors": AUDITORS, "people": people, "cases": cases, "opened": False, "profile": PROFILE}
    young = build_world(tmp_path_factory.mktemp("young") / "northmoor", **how)  # type: ignore[arg-type]
    old = build_world(tmp_path_factory.mktemp("old") / "northmoor", **how)  # type: ignore[arg-type]
    fill(old)
    yield young, old
    young.close()
    old.close()


def fill(world: World) -> None:
    """The past: every case again and again, most of it recorded, some withdrawn, some not accepted and carried on."""
    store = world.house.store
    with store.tx():
        for year, month in CYCLES:
            day = date(year, month, 1)
            store.save_cycle(Cycle(f"{year % 100:02d}{month:02d}", "audit", day, day, day, CycleState.REPORTED))
        store._write_many(
            "insert into audit (ref, cycle, sequence, case_number, auditor, state, due_on, generation, opens_on, carried_to,"
            " value) values (?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?)", map(as_row, range(PAST)))
    store._db.execute("analyze")


def as_row(number: int) -> tuple[object, ...]:
    audit, sequence = past_audit(number)
    return (audit.ref, audit.cycle, sequence, audit.case_number, audit.auditor, audit.state.value, audit.due_on.isoformat(),
            audit.opens_on.isoformat(), audit.carried_to, to_text(audit))


def past_audit(number: int) -> tuple[Audit, int]:
    sequence, place = divmod(number, len(CYCLES))
    year, month = CYCLES[place]
    cycle, day = f"{year % 100:02d}{month:02d}", date(year, month, 1)
    audit = Audit(ref=make_ref(cycle, sequence + 1), cycle=cycle, case_number=case_number(number % CASES),
                  auditor=f"a{number % 90}@northmoor.example", state=State.RECORDED, due_on=day, opens_on=day, grade="good")
    if number % 50 == 0:
        audit = replace(audit, state=State.NOT_ACCEPTED, carried_to="x", grade="")
    elif number % 50 == 1:
        audit = replace(audit, state=State.WITHDRAWN, grade="")
    return audit, sequence + 1


def timed(step: Callable[[], object]) -> float:
    gc.collect()
    started = time.perf_counter()
    step()
    return time.perf_counter() - started


def opening(world: World, month: str, *, dry: bool) -> Callable[[], object]:
    at = world.house.policy.calendar.morning_of(world.house.policy.calendar.first_working_day(*map(int, month.split("-"))))
    return lambda: open_month(world.house, month, at, seed="northmoor", dry=dry)


def ratio(young: list[float], old: list[float]) -> float:
    return min(statistics.median(old) / statistics.median(young), min(old) / min(young))


def test_the_past_costs_nothing(councils: tuple[World, World]) -> None:
    young, old = councils
    assert sum(old.house.store.count_audits().values()) == PAST and not young.house.store.find_audits()
    timed(opening(young, MONTHS[0], dry=True))
    timed(opening(old, MONTHS[0], dry=True))
    draws, whole = ([], []), ([], [])  # type: ignore[var-annotated]
    for month in MONTHS:
        for _ in range(3):
            for world, times in zip(councils, draws, strict=True):
                times.append(timed(opening(world, month, dry=True)))
        for world, times in zip(councils, whole, strict=True):
            times.append(timed(opening(world, month, dry=False)))
    counts = [sum(len(w.house.store.find_audits(cycle=f"{m[2:4]}{m[5:]}")) for m in MONTHS) for w in councils]
    assert counts[0] == counts[1] == AUDITORS * len(MONTHS), "both did the same work"
    print(f"\ndraw: {statistics.median(draws[0]) * 1000:.1f} ms, with the past {statistics.median(draws[1]) * 1000:.1f} ms "
          f"(x{ratio(*draws):.2f}); whole opening: {statistics.median(whole[0]):.2f} s, with the past "
          f"{statistics.median(whole[1]):.2f} s (x{ratio(*whole):.2f})")
    assert ratio(*draws) <= 1.2
    assert ratio(*whole) <= 1.2
