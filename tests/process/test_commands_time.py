"""T-46, EXT-08: more time, step by step up the ladder."""

from dataclasses import replace
from datetime import date

import pytest

from mailflow.scene import Scene
from tests.process.builders import (
    AUDITOR,
    PARTS,
    QA,
    QA_MANAGER,
    allocated,
    at,
    block,
    codes,
    kinds,
    one,
    person,
    returned,
    say,
    then,
    to,
)

MANAGER = person("Lena Wright", "tm")
NOON = at("2026-06-22", "12:00")


def with_manager(before: Scene) -> Scene:
    parts = {**before.parties.people, "line_manager": (MANAGER,)}
    return replace(before, parties=replace(before.parties, people=parts))


def with_auditor() -> Scene:
    before, out = allocated()
    return with_manager(then(before, out, NOON))


def asked(words: str = "EXTEND 03/07/2026 the record is in two parts") -> Scene:
    after, out = say(with_auditor(), AUDITOR, words)
    assert codes(out) == ["OUT-88", "OUT-98"]
    return with_manager(after)


@pytest.mark.parametrize("day, who", [("03/07/2026", MANAGER), ("07/07/2026", MANAGER), ("08/07/2026", QA_MANAGER)])
def test_up_to_five_working_days_the_line_manager_is_asked_else_the_qa_manager(day: str, who: object) -> None:
    _, out = say(with_auditor(), AUDITOR, f"EXTEND {day} the record is in two parts")
    assert kinds(out) == ["T-03", "T-46.asked"] and to(out, "OUT-98") == [who.address]  # type: ignore[attr-defined]
    assert out.audit.due_on == date(2026, 6, 30), "nothing moves by itself"
    assert one(out, "OUT-98").facts["reason"] == "the record is in two parts"


def test_where_nobody_is_the_line_manager_the_qa_manager_is_asked() -> None:
    before, out = allocated()
    _, out = say(then(before, out, NOON), AUDITOR, "EXTEND 01/07/2026 one day")
    assert to(out, "OUT-98") == [QA_MANAGER.address]


@pytest.mark.parametrize("words", ["EXTEND 01/06/2026 sorry", "EXTEND 29/06/2026 a bit more", "EXTEND soon"])
def test_a_day_that_is_past_or_no_later_is_not_asked_for(words: str) -> None:
    _, out = say(with_auditor(), AUDITOR, words)
    assert codes(out) == ["OUT-88"] and not one(out, "OUT-88").facts["done"]


def test_approve_moves_the_day_and_the_journal_has_reason_and_granter() -> None:
    after, out = say(asked(), MANAGER, "APPROVE")
    assert codes(out) == ["OUT-10", "OUT-88"] and out.audit.due_on == date(2026, 7, 3)
    entry = next(e for e in out.entries if e.kind == "T-46")
    assert entry.by == MANAGER.address and entry.data["reason"] == "the record is in two parts"
    _, twice = say(with_manager(after), MANAGER, "APPROVE")
    assert codes(twice) == ["OUT-88"] and "already" in one(twice, "OUT-88").facts["words"]


def test_refuse_leaves_the_day_and_tells_the_auditor_why() -> None:
    _, out = say(asked(), MANAGER, "REFUSE you had a month")
    assert kinds(out) == ["T-46.refused"] and out.audit.due_on == date(2026, 6, 30)
    assert to(out, "OUT-98") == [AUDITOR.address] and one(out, "OUT-98").facts["reason"] == "you had a month"
    assert out.audit.asked_until_on is None


def test_a_line_manager_cannot_give_what_is_the_qa_managers() -> None:
    _, out = say(asked("EXTEND 17/07/2026 a long illness"), MANAGER, "APPROVE")
    assert codes(out) == ["OUT-88"] and "QA manager" in one(out, "OUT-88").facts["words"]
    _, out = say(asked("EXTEND 17/07/2026 a long illness"), QA_MANAGER, "APPROVE")
    assert out.audit.due_on == date(2026, 7, 17)


def test_a_qa_officer_may_simply_name_another_day() -> None:
    _, out = say(asked(), QA, "EXTEND 02/07/2026")
    assert out.audit.due_on == date(2026, 7, 2) and out.audit.asked_until_on is None


def test_in_a_revision_the_limit_is_what_moves() -> None:
    before, _ = returned(findings=(block(),))
    after, out = say(with_manager(before), AUDITOR, "EXTEND 06/07/2026 two days", NOON)
    assert to(out, "OUT-98") == [MANAGER.address]
    _, out = say(with_manager(after), MANAGER, "APPROVE")
    assert out.audit.hard_at == at("2026-07-06", "23:59") and out.audit.due_on == date(2026, 6, 30)


def test_nobody_else_may_approve() -> None:
    _, out = say(asked(), PARTS["tm"][0], "APPROVE")
    assert codes(out) == ["OUT-88"] and "line manager" in one(out, "OUT-88").facts["words"]
