"""T-38, T-39, F1-ABS-01: an auditor is away, and somebody else is found in the same service."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest

from mailflow.framework import Framework
from mailflow.model import Absence, Flag, Outcome, Person, State
from mailflow.process.commands.table import decide_command
from mailflow.process.mailevents import decide_away
from mailflow.process.opening import decide_allocation
from mailflow.scene import Scene
from tests.process.builders import (
    AUDITOR,
    OTHER,
    PARTS,
    QA,
    QA2,
    TM,
    allocated,
    at,
    audit,
    codes,
    framework,
    kinds,
    one,
    person,
    say,
    scene,
    then,
    tick,
    timers,
    to,
    with_rules,
)

OWN_HOS = person("Hugo Ames", "hos", service="Safeguarding")
ELSEWHERE = person("Edda Vale", "auditor", team="East", service="Adoption")
FROM, TO = date(2026, 6, 8), date(2026, 6, 19)


def parts(*away: Absence) -> dict[str, tuple[Person, ...]]:
    return {**PARTS, "auditor": (replace(AUDITOR, absences=away),), "own_hos": (OWN_HOS,)}


def opening(*away: Absence, rules: Framework | None = None,
            given: Mapping[str, tuple[Person, ...]] | None = None) -> tuple[Scene, Outcome]:
    before = scene(at("2026-06-01", "09:00"), parts=given or parts(*away), rules=rules)
    out = decide_allocation(before)
    return replace(before, audit=out.audit), out


def order(before: Scene, who: Person, words: str, others: tuple[Person, ...] = ()) -> Outcome:
    from mailflow.intake import parse_command

    command = parse_command(words)
    assert command is not None
    people = {p.address: p for p in (OTHER, ELSEWHERE, *others)}
    return decide_command(before, who, before.parties.roles_of(who.address), command, confirmed=False,
                          find_person=lambda a: people.get(a), in_reply_to="<m@northmoor.example>", mail_text=words)


def test_a_fortnights_leave_in_the_month_asks_auditor_and_head_of_service_for_somebody() -> None:
    after, out = opening(Absence(FROM, TO))
    assert out.audit.state is State.SELECTED and kinds(out) == ["T-38"] and out.audit.has(Flag.COVER_WANTED)
    assert to(out, "OUT-99") == sorted([AUDITOR.address, OWN_HOS.address]) and codes(out) == ["OUT-99"] * 2
    assert timers(out) == {"cover": at("2026-06-03", "00:00")}
    _, out = tick(after, "cover", when=at("2026-06-03", "00:00"))
    assert kinds(out) == ["T-38.qa"] and to(out, "OUT-89") == sorted([QA.address, QA2.address])


def test_a_week_away_does_not_matter_and_a_day_at_the_opening_does() -> None:
    assert opening(Absence(FROM, date(2026, 6, 12)))[1].audit.state is State.ALLOCATED
    assert opening(Absence(date(2026, 6, 1), date(2026, 6, 1)))[1].audit.state is State.SELECTED


def test_where_the_profile_names_no_finder_qa_is_asked_at_once() -> None:
    _, out = opening(Absence(FROM, TO), rules=with_rules(framework(), absence={"finder": ()}))
    assert to(out, "OUT-89") == sorted([QA.address, QA2.address]) and "away" in one_reason(out) and not out.set_timers


def one_reason(out: Outcome) -> str:
    return str(next(w for w in out.wishes if w.code == "OUT-89").facts["reasons"][0])


@pytest.mark.parametrize("who", [AUDITOR, OWN_HOS])
def test_either_of_them_names_somebody_who_then_has_the_audit(who: Person) -> None:
    after, _ = opening(Absence(FROM, TO))
    out = order(after, who, f"REASSIGN {OTHER.address}")
    assert out.audit.auditor == OTHER.address and out.audit.state is State.ALLOCATED and "T-39" in kinds(out)
    assert not out.audit.has(Flag.COVER_WANTED) and "cover" in out.clear_timers


@pytest.mark.parametrize("who", [AUDITOR, OWN_HOS])
def test_only_somebody_of_the_same_service_unless_qa_says_so(who: Person) -> None:
    after, _ = opening(Absence(FROM, TO))
    out = order(after, who, f"REASSIGN {ELSEWHERE.address}")
    assert out.audit.auditor == AUDITOR.address and "Safeguarding" in one(out, "OUT-88").facts["words"]
    assert order(after, QA, f"REASSIGN {ELSEWHERE.address}").audit.auditor == ELSEWHERE.address
    anywhere = replace(after, framework=with_rules(framework(), absence={"scope": "any"}))
    assert order(anywhere, who, f"REASSIGN {ELSEWHERE.address}").audit.auditor == ELSEWHERE.address


def test_an_auditor_may_not_hand_on_an_audit_they_can_do() -> None:
    before, out = allocated()
    now = then(before, out, at("2026-06-02"))
    refused = order(now, AUDITOR, f"REASSIGN {OTHER.address}")
    assert refused.audit.auditor == AUDITOR.address and "CANNOT" in one(refused, "OUT-88").facts["words"]
    now, _ = say(now, AUDITOR, "CANNOT I am needed in court")
    assert order(now, AUDITOR, f"REASSIGN {OTHER.address}").audit.auditor == OTHER.address


def test_somebody_who_is_away_as_long_is_not_taken() -> None:
    after, _ = opening(Absence(FROM, TO))
    away = replace(OTHER, absences=(Absence(FROM, TO),))
    out = order(after, OWN_HOS, f"REASSIGN {OTHER.address}", (away,))
    assert out.audit.auditor == AUDITOR.address and "is away from" in one(out, "OUT-88").facts["words"]


def test_somebody_of_the_cases_own_team_is_not_taken() -> None:
    after, _ = opening(Absence(FROM, TO))
    same = person("Nora Field", "auditor", team="North", service="Safeguarding")
    out = order(after, OWN_HOS, f"REASSIGN {same.address}", (same,))
    assert out.audit.auditor == AUDITOR.address and "same team" in one(out, "OUT-88").facts["words"]


def test_cannot_and_an_absence_over_the_due_day_ask_the_head_of_service_too() -> None:
    before, out = allocated()
    now = replace(then(before, out, at("2026-06-02")), parties=replace(before.parties, people=parts()))
    _, out = say(now, AUDITOR, "CANNOT I am ill")
    assert to(out, "OUT-99") == [OWN_HOS.address] and one(out, "OUT-99").facts["part"] == "cannot"
    out = decide_away(now, date(2026, 7, 10))
    assert to(out, "OUT-99") == [OWN_HOS.address] and out.audit.has(Flag.COVER_WANTED)
    assert to(decide_away(now, date(2026, 6, 10)), "OUT-99") == []


def test_before_the_month_opens_the_auditor_is_changed_and_nobody_hears() -> None:
    """T-39.early: the new one is told at the opening; in a council that tells at the selection, those who were told hear."""
    before = scene(at("2026-05-29"), audit(), parts=parts())
    out = order(before, QA, f"REASSIGN {OTHER.address}")
    assert (out.audit.state, out.audit.auditor, codes(out)) == (State.SELECTED, OTHER.address, ["OUT-88"])
    assert "T-39.early" in kinds(out)
    early = replace(before, framework=with_rules(framework(), allocation={"tell_when": "selection"}))
    assert TM.address in to(order(early, QA, f"REASSIGN {OTHER.address}"), "OUT-36")
