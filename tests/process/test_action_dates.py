"""Actions with letters: their owner, their day from the issue, and the urgent ones told at the receipt (G-01, CLK-06, T-65)."""

from dataclasses import replace
from datetime import datetime

import pytest

from mailflow.form.definition import FormDefinition, FormTable
from mailflow.form.load import load_form
from mailflow.framework import templates_root
from mailflow.model import Answer, Parties, State
from mailflow.process.action_dates import agreed_actions
from mailflow.process.calendar import local
from mailflow.process.returns.decide import decide_return
from mailflow.scene import Scene
from tests.process.builders import (
    AUDITOR,
    PARTS,
    TM,
    at,
    audit,
    form,
    framework,
    kinds,
    one,
    reading,
    scene,
    submission,
    with_rules,
)

ONE_PAGE = load_form(templates_root() / "one-page" / "form.toml")
TABLE = next(t for t in ONE_PAGE.tables if t.id == "actions")
BY_LETTER = {"fields": ("text", "owner", "priority"), "default_owner": "tm", "priority": "abc", "urgent_alert_on": "receipt"}


def lettered(**rules: object) -> Scene:
    """An audit underway whose form has the one-page workbook's table of actions."""
    sections = tuple(replace(s, tables=(TABLE,)) if s.tables else s for s in form().sections)
    now = scene(at("2026-06-19", "15:00"), audit(State.UNDERWAY), rules=with_rules(framework(), actions={**BY_LETTER, **rules}))
    return replace(now, form=replace(now.form, sections=sections))


def sent(now: Scene, *rows: tuple[str, str, str], number: int = 1, received: datetime | None = None, **more: str):  # type: ignore[no-untyped-def]
    """A return with these actions: (text, owner, letter)."""
    cells = tuple({c: Answer(f"actions.{n}.{c}", text, value=(text.lower() if c == "t" else text) or None)
                   for c, text in (("action", row[0]), ("who", row[1]), ("t", row[2]), *more.items())} for n, row in enumerate(rows, 1))
    read = replace(reading(), rows={"actions": cells}, content_digest=str(rows))
    return replace(submission(number, of=read), received_at=received or now.now)


def due(now: Scene, issued: datetime, *rows: tuple[str, str, str]) -> list[str]:
    found = agreed_actions(now, sent(now, *rows), issued)
    return [f"{local(a.due_at):%a %d/%m/%Y %H:%M}" if a.due_at else a.due for a in found]


def test_b_and_c_count_days_from_the_issue_and_roll_on_to_a_working_day() -> None:
    """SCN-11: issued Friday 18 December, B falls on Christmas Day and rolls on to Tuesday 29 December."""
    now = lettered(urgent_alert_on="acceptance")
    assert due(now, at("2026-12-18", "10:00"), ("Visit", "SW", "A"), ("Plan", "SW", "B"), ("Ring", "SW", "C")) == [
        "Sat 19/12/2026 10:00", "Tue 29/12/2026 23:59", "Fri 08/01/2027 23:59"]


def test_a_counts_hours_from_the_receipt_where_the_profile_tells_it_then() -> None:
    """SCN-11: returned Friday 3pm, the clock ends Saturday 3pm whatever day that is; B still counts from the issue."""
    now = lettered()
    assert due(now, at("2026-06-23", "10:00"), ("Visit", "SW", "A"), ("Plan", "SW", "B")) == [
        "Sat 20/06/2026 15:00", "Tue 30/06/2026 23:59"]


@pytest.mark.parametrize(("day", "ends"), [("2026-03-28", "Sun 29/03/2026 16:00"), ("2026-10-24", "Sun 25/10/2026 14:00")])
def test_hours_are_elapsed_hours_over_a_change_of_the_clocks(day: str, ends: str) -> None:
    """SCN-30."""
    assert due(lettered(urgent_alert_on="acceptance"), at(day, "15:00"), ("Visit", "SW", "A")) == [ends]


def test_a_letter_the_profile_does_not_know_leaves_the_day_that_was_written() -> None:
    now = lettered()
    found = agreed_actions(now, sent(now, ("Visit", "SW", ""), ("Plan", "SW", "d"), due="2026-07-03"), now.now)
    assert [(a.due, a.due_at) for a in found] == [("2026-07-03", None)] * 2


def test_an_action_without_an_owner_is_the_team_managers() -> None:
    now = lettered()
    owners = [a.owner for a in agreed_actions(now, sent(now, ("Visit", "", "A"), ("Plan", "Nurse", "B")), now.now)]
    assert owners == [f"{TM.name} (team manager)", "Nurse"]
    nobody = replace(now, parties=Parties({k: v for k, v in PARTS.items() if k != "tm"}))
    assert agreed_actions(nobody, sent(now, ("Visit", "", "A")), now.now)[0].owner == "Team manager"
    plain = lettered(default_owner="")
    assert agreed_actions(plain, sent(plain, ("Visit", "", "A")), plain.now)[0].owner == ""


def test_a_council_says_itself_what_its_letters_mean() -> None:
    """Five letters, or two; hours or days: text in the profile."""
    now = lettered(abc={"A": "48h", "B": "1d"}, urgent_alert_on="acceptance")
    assert due(now, at("2026-06-19", "09:00"), ("Visit", "SW", "A"), ("Plan", "SW", "B"), ("Ring", "SW", "C")) == [
        "Sun 21/06/2026 09:00", "Mon 22/06/2026 23:59", ""]


def test_an_urgent_action_is_told_to_the_team_manager_before_the_checks() -> None:
    """T-65: even where the form is sent back, and only the urgent ones."""
    now = lettered()
    out = decide_return(now, sent(now, ("Visit tonight", "", "A"), ("Plan", "SW", "B")), (), None, "", "<m>")
    told = one(out, "OUT-76")
    assert (told.role, told.address, told.documents) == ("tm", TM.address, ())
    assert [a.text for a in told.facts["actions"]] == ["Visit tonight"] and told.facts["within"] == "24 hours"
    order = kinds(out)
    assert order.index("T-65") < order.index("T-11")


def test_it_is_told_once_and_a_new_one_in_an_amended_form_again() -> None:
    now = lettered()
    first = sent(now, ("Visit tonight", "", "A"))
    out = decide_return(now, first, (), None, "", "<m>")
    again = replace(now, audit=out.audit, submission=first)
    same = decide_return(again, sent(now, ("Visit  tonight", "", "a"), ("Plan", "SW", "B"), number=2), (), first, "", "<n>")
    assert not [w for w in same.wishes if w.code == "OUT-76"]
    more = decide_return(again, sent(now, ("Visit tonight", "", "A"), ("Ring the nurse", "", "A"), number=2), (), first, "", "<n>")
    assert [a.text for a in one(more, "OUT-76").facts["actions"]] == ["Ring the nurse"]


@pytest.mark.parametrize("rules", [{"urgent_alert_on": "acceptance"}, {"priority": "none"}, {"abc": {"A": "1d"}}])
def test_nothing_is_told_early_where_the_profile_does_not_say_so(rules: dict[str, object]) -> None:
    now = lettered(**rules)
    out = decide_return(now, sent(now, ("Visit tonight", "", "A")), (), None, "", "<m>")
    assert not [w for w in out.wishes if w.code == "OUT-76"] and "T-65" not in kinds(out)


def test_the_auditor_who_manages_the_team_is_not_told_of_their_own_action() -> None:
    now = lettered()
    own = replace(now, parties=Parties(dict(PARTS) | {"tm": (AUDITOR,)}))
    out = decide_return(own, sent(now, ("Visit tonight", "", "A")), (), None, "", "<m>")
    assert not [w for w in out.wishes if w.code == "OUT-76"] and "T-65" in kinds(out)


def test_a_table_is_one_of_actions_by_its_columns_not_by_its_name() -> None:
    from mailflow.form.actions import find_actions

    moved = replace(TABLE, id="plan", columns=tuple(replace(c, id=c.id.replace("actions.", "plan.")) for c in TABLE.columns))
    other = FormTable("people", "People seen", "plan", (replace(TABLE.columns[1], id="people.who"),))
    last = form().sections[-1]
    of = FormDefinition("x", "1", "X", (replace(last, tables=(other, moved)),))
    read = replace(reading(), rows={"plan": ({"action": Answer("plan.3.action", "Visit"), "t": Answer("plan.3.t", "a", value="a")},),
                                    "people": ({"who": Answer("people.1.who", "Mother")},)})
    assert [(a.number, a.text, a.priority) for a in find_actions(of, read)] == [(1, "Visit", "A")]
