"""T-21 and after: the report goes to everybody the rules name, once each."""

from datetime import date

import pytest

from mailflow.errors import Broken
from mailflow.grading import overall_grade
from mailflow.model import Action, Flag, Parties, State
from mailflow.process.issuing import decide_issue
from tests.process.builders import (
    AUDITOR,
    HOS,
    IRO,
    PARTS,
    QA,
    SM,
    TM,
    WORKER,
    accepted,
    at,
    codes,
    form,
    framework,
    issued,
    kinds,
    one,
    reading,
    replace,
    returned,
    say,
    tick,
    with_rules,
)


def by_person(out) -> dict[str, list[str]]:  # type: ignore[no-untyped-def]
    found: dict[str, list[str]] = {}
    for w in out.wishes:
        found.setdefault(w.address, []).append(w.code)
    return found


def test_a_good_audit_goes_to_auditor_team_manager_practitioner_and_reviewing_officer() -> None:
    _, out = issued()
    assert kinds(out)[0] == "T-21" and out.audit.state is State.ISSUED and out.audit.issued_at == at("2026-06-18", "12:15")
    assert by_person(out) == {AUDITOR.address: ["OUT-16"], TM.address: ["OUT-23"], WORKER.address: ["OUT-23"],
                              IRO.address: ["OUT-25"]}
    assert one(out, "OUT-16").documents == ("DOC-06", "DOC-07")
    tm, worker = (next(w for w in out.wishes if w.address == p.address) for p in (TM, WORKER))
    assert tm.documents == ("DOC-06", "DOC-38") and worker.documents == ("DOC-06",)
    assert tm.facts["actions"] == (Action(1, "Update the plan 1", "Team manager", "2026-07-15"),)
    assert tm.facts["followup_by_on"] is None and not tm.facts["smart"]
    assert len(tm.facts["strengths"]) == 3 and ("Overall judgement", "Good", "Good") in tm.facts["grades"]
    assert one(out, "OUT-25").documents == ()


def test_inadequate_tells_the_head_of_service_the_same_day_and_asks_for_a_discussion() -> None:
    """SCN-06: issued Friday 31 July 2026, discussion by Friday 7 August."""
    before, _ = returned(of=reading("inadequate"))
    now, _ = say(before, QA, "ACCEPT", at("2026-07-31", "11:00"))
    _, out = tick(now, "issue", when=at("2026-07-31", "11:15"))
    told = next(w for w in out.wishes if w.address == HOS.address)
    assert told.code == "OUT-24" and told.documents == ("DOC-06",)
    assert (told.facts["why"], told.facts["followup_by_on"]) == ("the overall grade is Inadequate", date(2026, 8, 7))
    tm = next(w for w in out.wishes if w.address == TM.address)
    assert tm.facts["followup_by_on"] == date(2026, 8, 7) and tm.facts["smart"]


@pytest.mark.parametrize(("grade", "days"), [("requires_improvement", "2026-07-02"), ("good", None)])
def test_the_follow_up_depends_on_the_grade(grade: str, days: str | None) -> None:
    _, out = issued(of=reading(grade))
    found = next(w for w in out.wishes if w.address == TM.address).facts["followup_by_on"]
    assert found == (date.fromisoformat(days) if days else None)


def test_the_base_rules_tell_service_manager_head_and_qa_of_an_inadequate_audit() -> None:
    now = accepted(of=reading("inadequate"))
    base = framework("base")
    _, out = tick(replace(now, framework=base), "issue", when=at("2026-06-18", "12:15"))
    people = by_person(out)
    assert people[SM.address] == people[HOS.address] == people[QA.address] == ["OUT-24"]
    assert IRO.address not in people


def test_somebody_with_two_parts_gets_one_letter_and_the_auditor_only_their_own() -> None:
    now = accepted(of=reading("inadequate"))
    both = replace(TM, roles=("tm", "hos"))
    parts = dict(PARTS) | {"tm": (both,), "hos": (both,), "iro": (AUDITOR,)}
    _, out = tick(replace(now, parties=Parties(parts)), "issue", when=at("2026-06-18", "12:15"))
    assert all(len(got) == 1 for got in by_person(out).values()), by_person(out)
    assert by_person(out)[TM.address] == ["OUT-23"] and by_person(out)[AUDITOR.address] == ["OUT-16"]


def test_a_practitioner_who_left_and_an_audit_without_actions() -> None:
    now = accepted(of=reading(actions=0))
    left = replace(now, audit=replace(now.audit, flags=frozenset({Flag.PRACTITIONER_LEFT})))
    _, out = tick(left, "issue", when=at("2026-06-18", "12:15"))
    assert WORKER.address not in by_person(out)
    assert next(w for w in out.wishes if w.address == TM.address).documents == ("DOC-06",)


def test_a_second_re_audit_tells_head_of_service_and_principal_social_worker_why() -> None:
    now = accepted(of=reading("inadequate"))
    from tests.process.builders import person

    psw = person("Pia Lund", "psw")
    parts = dict(PARTS) | {"psw": (psw,)}
    level1 = replace(now, audit=replace(now.audit, level=1), parties=Parties(parts))
    _, out = tick(level1, "issue", when=at("2026-06-18", "12:15"))
    told = next(w for w in out.wishes if w.address == psw.address)
    assert told.facts["why"] == "a second re-audit is needed"
    hos = next(w for w in out.wishes if w.address == HOS.address)
    assert hos.facts["why"] == "the overall grade is Inadequate and a second re-audit is needed"
    assert IRO.address not in by_person(out), "the rule for re-audits leaves the reviewing officer out (G-21)"


def test_nothing_is_issued_without_the_accepted_form() -> None:
    with pytest.raises(Broken, match="not at hand"):
        decide_issue(replace(accepted(), submission=None))


def test_who_was_told_is_journalled_for_the_case_note() -> None:
    _, out = issued()
    told = next(e for e in out.entries if e.kind == "T-21.told").data["told"]
    assert f"tm {TM.address}" in told and f"auditor {AUDITOR.address}" in told


def test_the_upload_clock_can_be_switched_off() -> None:
    off = with_rules(framework(), record={"confirm_wd": 0})
    _, out = tick(replace(accepted(), framework=off), "issue", when=at("2026-06-18", "12:15"))
    assert not out.set_timers and "OUT-16" in codes(out)


def test_the_overall_grade_is_the_one_after_the_conversation() -> None:
    read = reading("good")
    changed = replace(read.answers["overall.post"], text="Requires improvement", value="requires_improvement")
    read = replace(read, answers={**read.answers, "overall.post": changed})
    assert overall_grade(framework(), form(), read) == "requires_improvement"
    unsettled = replace(changed, value=None, text="quite good")
    assert overall_grade(framework(), form(), replace(read, answers={**read.answers, "overall.post": unsettled})) == ""
