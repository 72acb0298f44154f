"""T-02, T-20, T-38, T-61: the allocation."""

from datetime import date

import pytest

from mailflow.errors import Broken
from mailflow.model import Flag, State
from mailflow.process.opening import decide_allocation, months_before
from tests.process.builders import (
    AUDITOR,
    PARTS,
    allocated,
    at,
    audit,
    codes,
    kinds,
    letters,
    one,
    replace,
    scene,
    timers,
    to,
)


def test_the_allocation_goes_to_the_auditor_with_the_form() -> None:
    _, out = allocated()
    assert out.audit.state is State.ALLOCATED
    assert codes(out) == ["OUT-04"] and to(out, "OUT-04") == [AUDITOR.address]
    assert one(out, "OUT-04").documents == ("DOC-02", "DOC-37")
    assert out.audit.allocated_at == at("2026-06-01", "09:00")
    assert (out.audit.form, out.audit.edition) == ("base-10", "1")
    assert out.audit.lookback_from_on == date(2025, 12, 1)
    assert next(e.kind for e in out.entries) == "T-02"
    assert out.entries[0].data["from"] == "selected" and out.entries[0].data["to"] == "allocated"


def test_the_clocks_of_june() -> None:
    _, out = allocated()
    assert timers(out) == {
        "ack": at("2026-06-04", "00:00"),
        "reminder:1": at("2026-06-08", "09:00"),
        "reminder:2": at("2026-06-23", "09:00"),
        "reminder:3": at("2026-06-26", "09:00"),
        "due": at("2026-06-30", "09:00"),
        "overdue": at("2026-07-01", "00:00"),
    }


def test_may_2026_writes_on_no_bank_holiday() -> None:
    """SCN-01: allocated Friday 1 May, due Friday 29 May; nothing on 4 and 25 May."""
    _, out = allocated(at("2026-05-01", "09:00"), opens_on=date(2026, 5, 1), due_on=date(2026, 5, 29), cycle="2605")
    days = {name: f"{when:%d}" for name, when in timers(out).items() if name.startswith("reminder") or name == "due"}
    assert days == {"reminder:1": "11", "reminder:2": "21", "reminder:3": "27", "due": "29"}


def test_an_audit_opened_late_has_only_the_clocks_still_to_come() -> None:
    _, out = allocated(at("2026-06-25", "14:00"))
    assert set(timers(out)) == {"ack", "reminder:3", "due", "overdue"}


def test_a_carried_audit_is_told_as_such() -> None:
    before = scene(at("2026-09-01", "09:00"), audit(flags=frozenset({Flag.CARRIED_OVER}), opens_on=date(2026, 9, 1),
                                                    due_on=date(2026, 9, 30), cycle="2609"))
    out = decide_allocation(before)
    assert "T-20.told" in kinds(out) and out.audit.state is State.ALLOCATED
    assert "OUT-22" in codes(out) and "OUT-04" not in codes(out)
    assert one(out, "OUT-22").documents == ("DOC-02", "DOC-37")


@pytest.mark.parametrize("trouble", ["unknown", "gave it back"])
def test_an_auditor_who_cannot_be_given_it_leaves_it_with_qa(trouble: str) -> None:
    parts = dict(PARTS)
    of = audit()
    if trouble == "unknown":
        parts["auditor"] = ()
    else:
        of = audit(former_auditors=(AUDITOR.address,))
    out = decide_allocation(scene(at("2026-06-01", "09:00"), of, parts=parts))
    assert out.audit.state is State.SELECTED and kinds(out) == ["T-38"]
    assert codes(out) == ["OUT-89", "OUT-89"] and not out.set_timers
    assert "REASSIGN" in letters(out)[0].facts["reasons"][0]


def test_telling_again_sends_the_auditor_the_same_under_a_new_key() -> None:
    before, out = allocated()
    again = decide_allocation(replace(before, audit=out.audit, now=at("2026-06-03")), tell_again=True)
    assert codes(again) == ["OUT-04"] and kinds(again) == ["T-02.again"]
    assert one(again, "OUT-04").round != one(out, "OUT-04").round
    assert again.audit == out.audit and not again.set_timers


def test_an_audit_is_allocated_once() -> None:
    before, out = allocated()
    with pytest.raises(Broken):
        decide_allocation(replace(before, audit=out.audit))


def test_months_before_takes_the_last_day_of_a_short_month() -> None:
    assert months_before(date(2026, 8, 31), 6) == date(2026, 2, 28)
    assert months_before(date(2026, 1, 15), 12) == date(2025, 1, 15)
    assert months_before(date(2026, 6, 1), 6) == date(2025, 12, 1)
