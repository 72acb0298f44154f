"""Region C: a child may be at risk now. Nothing stands before it (TC-01 … TC-08, SCN-26)."""

import pytest

from mailflow.model import ConcernState, Finding, Flag, Severity, State
from mailflow.process.answers import concern_box
from mailflow.process.safety import decide_concern
from tests.process.builders import (
    AD,
    AUDITOR,
    HOS,
    PARTS,
    QA,
    QA2,
    SM,
    TM,
    WORKER,
    again,
    allocated,
    at,
    audit,
    block,
    codes,
    form,
    kinds,
    one,
    reading,
    replace,
    returned,
    say,
    scene,
    then,
    tick,
    timers,
    to,
)

MONDAY = at("2026-06-15", "10:00")
TOLD = sorted([TM.address, SM.address, QA.address, QA2.address])


def underway():  # type: ignore[no-untyped-def]
    return scene(MONDAY, audit(State.UNDERWAY))


def danger(words: str = "not safe to go home") -> Finding:
    return Finding("CHK-072", Severity.WARN, "Some wording suggests a child may be at risk now.", detail=words)


def test_concern_tells_the_managers_and_qa_and_asks_the_auditor_to_ring() -> None:
    _, out = say(underway(), AUDITOR, "CONCERN 01632 960222")
    assert kinds(out) == ["T-50", "TC-01", "TC-02"] and out.audit.concern.state is ConcernState.TOLD
    assert out.audit.has(Flag.CONCERN_OPEN) and out.audit.state is State.UNDERWAY
    assert codes(out) == ["OUT-46"] + ["OUT-47"] * 4 and to(out, "OUT-47") == TOLD
    told = next(w for w in out.wishes if w.code == "OUT-47")
    assert told.facts == {"phone": "01632 960222", "suspected": False, "source": "CONCERN from Ada Lowe"}
    assert one(out, "OUT-46").in_reply_to and not told.in_reply_to
    assert timers(out) == {"concern:ack": at("2026-06-15", "11:00")}


def test_no_case_words_leave_with_the_safety_letters() -> None:
    _, out = say(underway(), AUDITOR, "CONCERN 01632 960222 she says Daniel hits her")
    assert not any("Daniel" in str(w.facts) for w in out.wishes)
    assert any("Daniel" in str(e.data) for e in out.entries), "the journal keeps them"


@pytest.mark.parametrize("state", State)
def test_a_concern_is_heard_in_every_state_and_on_hold(state: State) -> None:
    now = scene(MONDAY, audit(state, flags=frozenset({Flag.ON_HOLD})))
    _, out = say(now, WORKER, "CONCERN 01632 960333")
    assert out.audit.concern.state is ConcernState.TOLD and out.audit.state is state
    assert to(out, "OUT-47") == TOLD and to(out, "OUT-46") == [AUDITOR.address]
    assert to(out, "OUT-88") == [WORKER.address]


def test_a_manager_who_raises_it_gets_the_urgent_letter_and_no_second_one() -> None:
    _, out = say(underway(), TM, "CONCERN 01632 960444")
    assert [w.code for w in out.wishes if w.address == TM.address] == ["OUT-47"]


def test_only_a_number_leaves_with_the_letters_never_the_words_beside_it() -> None:
    _, out = say(underway(), AUDITOR, "CONCERN Daniel was hit last night")
    assert {w.facts["phone"] for w in out.wishes if w.code == "OUT-47"} == {AUDITOR.phone}
    beside = reading(concern="yes", told="told Tess about Daniel, ring 01632 960555")
    _, out = returned(MONDAY, of=beside)
    assert {w.facts["phone"] for w in out.wishes if w.code == "OUT-47"} == {"01632 960555"}
    assert not any("Daniel" in str(w.facts) for w in out.wishes if w.code in ("OUT-46", "OUT-47"))
    assert "Daniel" in out.audit.concern.words, "QA can look it up"


def test_a_concern_without_a_number_uses_the_auditors_own() -> None:
    _, out = say(underway(), AUDITOR, "CONCERN")
    assert next(w for w in out.wishes if w.code == "OUT-47").facts["phone"] == AUDITOR.phone


def test_friday_evening_counts_in_office_hours_but_the_letters_are_made_at_once() -> None:
    _, out = say(underway(), AUDITOR, "CONCERN 01632 960222", at("2026-06-19", "18:30"))
    assert to(out, "OUT-47") == TOLD and timers(out) == {"concern:ack": at("2026-06-22", "10:00")}


def test_a_manager_acknowledges_and_the_auditor_and_qa_hear_who_it_was() -> None:
    now, _ = say(underway(), AUDITOR, "CONCERN 01632 960222")
    now, out = say(now, TM, "ACKCONCERN", at("2026-06-15", "10:20"))
    assert kinds(out) == ["TC-03"] and out.audit.concern.state is ConcernState.ACKED
    assert out.audit.concern.acked_by == TM.address and "concern:" in out.clear_timers
    assert to(out, "OUT-48") == sorted([AUDITOR.address, QA.address, QA2.address])
    facts = next(w for w in out.wishes if w.code == "OUT-48").facts
    assert facts == {"by_name": "Tess Moor", "acked_at": at("2026-06-15", "10:20")}
    assert "01632 960222" in one(out, "OUT-88").facts["words"]
    _, second = say(now, SM, "ACKCONCERN")
    assert second.audit == out.audit and TM.address in one(second, "OUT-88").facts["words"]


def test_nobody_acknowledges_so_the_ladder_is_climbed_every_hour_in_hours() -> None:
    now, _ = say(underway(), AUDITOR, "CONCERN 01632 960222", at("2026-06-15", "15:30"))
    rungs = []
    for clock in ("2026-06-15T16:30", "2026-06-16T09:30", "2026-06-16T10:30", "2026-06-16T11:30"):
        now, out = tick(now, "concern:ack", when=at(*clock.split("T")))
        rungs.append(to(out, "OUT-49"))
        assert kinds(out) == ["TC-04"]
        assert timers(out).keys() == {"concern:ack"}
    assert rungs == [[HOS.address], [AD.address], sorted([AD.address, HOS.address]), sorted([AD.address, HOS.address])]
    assert now.audit.concern.rung == 4
    rounds = {w.round for w in out.wishes}
    assert rounds == {"1.4"}, "each rung is a letter of its own"
    assert timers(out)["concern:ack"] == at("2026-06-16", "12:30")


def test_an_acknowledged_concern_is_not_chased_any_more() -> None:
    now, _ = say(underway(), AUDITOR, "CONCERN 01632 960222")
    now, _ = say(now, HOS, "ACKCONCERN")
    _, out = tick(now, "concern:ack", when=at("2026-06-15", "11:00"))
    assert not out.wishes and not out.set_timers and out.audit == now.audit


def test_without_managers_in_the_directory_the_next_rung_is_told_at_once() -> None:
    parts = {k: v for k, v in PARTS.items() if k not in ("tm", "sm")}
    now = scene(MONDAY, audit(State.UNDERWAY), parts=parts)
    now, out = say(now, AUDITOR, "CONCERN 01632 960222")
    assert to(out, "OUT-47") == sorted([QA.address, QA2.address]) and timers(out)["concern:ack"] == MONDAY


def test_qa_closes_with_the_outcome_once_it_is_acknowledged() -> None:
    now, _ = say(underway(), AUDITOR, "CONCERN 01632 960222")
    _, early = say(now, QA, "CLOSE seen at home")
    assert "acknowledged" in one(early, "OUT-88").facts["words"]
    now, _ = say(now, TM, "ACKCONCERN")
    _, bare = say(now, QA, "CLOSE")
    assert bare.audit.concern.state is ConcernState.ACKED and not one(bare, "OUT-88").facts["done"]
    now, out = say(now, QA, "CLOSE strategy discussion held, case note 88-123")
    assert kinds(out) == ["TC-05"] and out.audit.concern.state is ConcernState.CLOSED
    assert not out.audit.has(Flag.CONCERN_OPEN)
    assert to(out, "OUT-50") == sorted([AUDITOR.address, QA.address, QA2.address])
    facts = out.wishes[0].facts
    assert facts == {"outcome": "strategy discussion held, case note 88-123", "note_ref": "88-123"}


def test_words_of_danger_are_a_question_to_the_auditor_first() -> None:
    _, out = returned(MONDAY, (danger(),))
    assert "TC-06" in kinds(out) and out.audit.concern.state is ConcernState.SUSPECTED
    assert to(out, "OUT-47") == sorted([QA.address, QA2.address]), "QA only"
    ask = one(out, "OUT-46")
    assert ask.facts["suspected"] and ask.facts["instead_of"] == "OUT-12" and "qa_due_at" in ask.facts
    assert "OUT-12" not in codes(out), "one mail in, one letter out"
    assert timers(out)["suspect"] == at("2026-06-15", "10:30")
    assert out.audit.state is State.UNDER_QA, "the audit goes on"
    assert "not safe" not in str([w.facts for w in out.wishes if w.code in ("OUT-46", "OUT-47")])


def test_no_concern_clears_the_question() -> None:
    now, _ = returned(MONDAY, (danger(),))
    after, out = say(now, AUDITOR, "NO CONCERN it was last year", at("2026-06-15", "10:10"))
    assert kinds(out) == ["TC-07"] and out.audit.concern.state is ConcernState.CLEARED
    assert "suspect" in out.clear_timers and codes(out) == ["OUT-88"] and not out.audit.has(Flag.CONCERN_OPEN)
    _, late = tick(after, "suspect", when=at("2026-06-15", "10:30"))
    assert not late.wishes and late.audit == after.audit


def test_without_an_answer_the_managers_are_told() -> None:
    now, _ = returned(MONDAY, (danger(),))
    now, out = tick(now, "suspect", when=at("2026-06-15", "10:30"))
    assert kinds(out) == ["TC-08", "TC-02"] and out.audit.concern.state is ConcernState.TOLD
    assert to(out, "OUT-47") == TOLD and to(out, "OUT-46") == [AUDITOR.address]
    assert timers(out) == {"concern:ack": at("2026-06-15", "11:30")}
    _, nothing = say(now, AUDITOR, "NO CONCERN")
    assert nothing.audit == now.audit, "a raised concern is closed by QA, not taken back"


def test_concern_answers_the_question_at_once() -> None:
    now, _ = returned(MONDAY, (danger(),))
    _, out = say(now, AUDITOR, "CONCERN 01632 960222")
    assert kinds(out)[-2:] == ["TC-08", "TC-02"] and out.audit.concern.number == 1
    assert "suspect" in out.clear_timers


def test_a_ticked_box_in_an_otherwise_blank_form_is_heard_although_the_form_goes_back() -> None:
    """SCN-26: the TM is told within one tick even though checks block."""
    ticked = reading(concern="yes", told="Tess Moor, 01632 960555", text="")
    _, out = returned(MONDAY, (block(),), of=ticked)
    assert out.audit.state is State.REVISION and out.audit.concern.state is ConcernState.TOLD
    assert to(out, "OUT-47") == TOLD
    letter = one(out, "OUT-46")
    assert letter.facts["instead_of"] == "OUT-13" and letter.documents == ("annotated",)
    assert [p.check for p in letter.facts["points"]] == ["CHK-013"] and letter.facts["limit_at"] == out.audit.hard_at
    assert "OUT-13" not in codes(out) and out.audit.concern.phone == "01632 960555"


def test_the_same_tick_in_the_amended_form_is_no_second_alarm_and_a_new_one_is() -> None:
    ticked = reading(concern="yes", told="Tess, 01632 960555")
    now, _ = returned(MONDAY, (block(),), of=ticked)
    now, _ = say(now, TM, "ACKCONCERN")
    now, _ = say(now, QA, "CLOSE seen, all well")
    _same, out = again(now, at("2026-06-16"), of=ticked)
    assert out.audit.concern.state is ConcernState.CLOSED and "OUT-47" not in codes(out)
    _, out = again(now, at("2026-06-16"), of=reading(concern="yes", told="Tess again, 01632 960555, Tuesday"))
    assert out.audit.concern.state is ConcernState.TOLD and out.audit.concern.number == 2
    assert {w.round for w in out.wishes if w.code == "OUT-47"} == {"2"}


def test_the_same_words_after_no_concern_are_not_asked_about_again() -> None:
    now, _ = returned(MONDAY, (block(), danger("voice.evidence: unsafe tonight")))
    now, _ = say(now, AUDITOR, "NO CONCERN")
    now, out = again(now, at("2026-06-16"), (danger("voice.evidence: unsafe tonight"),))
    assert out.audit.concern.state is ConcernState.CLEARED and "OUT-12" in codes(out)
    _, out = again(now, at("2026-06-17"), (danger("mail: in danger now"),))
    assert out.audit.concern.state is ConcernState.SUSPECTED


def test_a_second_concern_mail_with_the_same_number_is_known_and_with_another_is_new() -> None:
    now, _ = say(underway(), AUDITOR, "CONCERN 01632 960222")
    now, same = say(now, AUDITOR, "CONCERN 01632 960222")
    assert "OUT-47" not in codes(same) and "already" in one(same, "OUT-88").facts["words"]
    _, new = say(now, AUDITOR, "CONCERN 01632 960777")
    assert to(new, "OUT-47") == TOLD and new.audit.concern.number == 2


def test_suspected_words_do_not_restart_an_open_concern() -> None:
    now, _ = say(underway(), AUDITOR, "CONCERN 01632 960222")
    out = decide_concern(now, raised=False, source="mail text", phone="", words="in danger now", in_reply_to="<s@x>")
    assert not out.wishes and out.audit == now.audit and kinds(out) == ["T-50"]


def test_a_concern_in_the_mail_takes_in_the_receipt_of_the_form_that_came_with_it() -> None:
    before, out = allocated()
    now = then(before, out, MONDAY)
    from mailflow.process.returns.decide import decide_return
    from tests.process.builders import submission

    out = decide_return(now, submission(1, MONDAY), (), None, "CONCERN 01632 960222", "<m@x>")
    out = decide_concern(replace(now, audit=out.audit), raised=True, source="command", phone="01632 960222", words="",
                         in_reply_to="<m@x>", by=AUDITOR.address, onto=out)
    mine = [w.code for w in out.wishes if w.address == AUDITOR.address]
    assert mine == ["OUT-46"] and "OUT-14" in codes(out) and out.audit.submission == 1


@pytest.mark.parametrize(("text", "value", "state"), [
    ("Yes", "yes", "yes"), ("No", "no", "no"), ("", None, ""), ("yes - rang Tess", None, "yes"), ("☒", None, "yes"),
    ("None at present", None, "no"), ("N/A", "not_applicable", "no"), ("see page 3", None, "unclear")])
def test_the_box_on_page_one(text: str, value: str | None, state: str) -> None:
    read = reading()
    box = replace(read.answers["concern.now"], text=text, value=value)
    assert concern_box(form(), replace(read, answers={**read.answers, "concern.now": box})).state == state


def test_an_unclear_box_is_asked_about() -> None:
    read = reading()
    box = replace(read.answers["concern.now"], text="see page 3", value=None)
    _, out = returned(MONDAY, of=replace(read, answers={**read.answers, "concern.now": box}))
    assert out.audit.concern.state is ConcernState.SUSPECTED
