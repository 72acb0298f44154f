"""The table of states: printable, complete, and the only door."""

import re
from pathlib import Path

import pytest

from mailflow.errors import Broken
from mailflow.model import ConcernState, Flag, State
from mailflow.process.states import CONCERN_STEPS, OWED_BY, TRANSITIONS, move, move_concern, owed_by
from tests.process.builders import audit

HERE = Path(__file__).parent


def test_every_row_has_its_own_id_and_says_something() -> None:
    ids = [t.id for t in TRANSITIONS] + [t.id for t in CONCERN_STEPS]
    assert len(ids) == len(set(ids))
    assert all(t.event and t.words for t in TRANSITIONS)


def test_every_state_can_be_reached_from_selected_except_what_later_rules_bring() -> None:
    reached = {State.SELECTED}
    while more := {t.to for t in TRANSITIONS if t.to and set(t.froms) & reached} - reached:
        reached |= more
    assert set(State) - reached == {State.CLOSED}, "closing (T-26) comes with follow-up"


def test_nothing_leads_out_of_an_ended_audit() -> None:
    ends = {State.NOT_ACCEPTED, State.WITHDRAWN, State.CLOSED}
    assert not [t.id for t in TRANSITIONS if t.to and set(t.froms) & ends]


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("row", TRANSITIONS, ids=lambda t: t.id)
def test_a_transition_happens_where_the_table_says_and_nowhere_else(row, state) -> None:  # type: ignore[no-untyped-def]
    if state in row.froms:
        assert move(audit(state), row.id).state is (row.to or state)
    else:
        with pytest.raises(Broken, match=row.id):
            move(audit(state), row.id)


def test_an_unknown_transition_is_our_bug() -> None:
    with pytest.raises(Broken, match="T-99"):
        move(audit(), "T-99")


def test_the_flag_follows_the_concern() -> None:
    told = move_concern(move_concern(audit(), "TC-01", number=1), "TC-02")
    assert told.has(Flag.CONCERN_OPEN)
    closed = move_concern(move_concern(told, "TC-03"), "TC-05")
    assert closed.concern.state is ConcernState.CLOSED and not closed.has(Flag.CONCERN_OPEN)
    with pytest.raises(Broken, match="TC-03"):
        move_concern(audit(), "TC-03")


def test_a_concern_moves_whatever_the_state_of_the_audit() -> None:
    for state in State:
        assert move_concern(audit(state), "TC-01", number=1).state is state


def test_somebody_owes_the_next_step_in_every_state_that_lasts() -> None:
    nobody = {State.ACCEPTED, State.CLOSED, State.NOT_ACCEPTED, State.WITHDRAWN}
    assert set(State) - set(OWED_BY) == nobody
    assert owed_by(audit(State.REVISION)) == "auditor"
    assert owed_by(audit(State.UNDER_QA)) == "qa"
    assert owed_by(audit(State.REVISION, flags=frozenset({Flag.ON_HOLD}))) == ""


def test_every_row_of_both_tables_is_exercised_by_a_test() -> None:
    """A new row needs a test that names it."""
    texts = "".join(p.read_text(encoding="utf-8") for p in HERE.glob("test_*.py") if p.name != "test_states.py")
    named = set(re.findall(r'"((?:TC?|IN)-\d+(?:\.\w+)?)"', texts))
    # T-01 is made by the corridor out of the draw; TC-02 follows TC-01 in the same breath.
    missing = {t.id for t in TRANSITIONS} | {t.id for t in CONCERN_STEPS}
    assert not missing - named - {"T-01"}, sorted(missing - named - {"T-01"})
