"""What an auditor may say in one word, and what becomes of words nobody knows (domain 2.5)."""

from datetime import date

import pytest

from mailflow.model import Command, Flag, State
from mailflow.process.commands.table import CORRIDOR, WORDS, decide_command, decide_courtesy, decide_note, words_for
from tests.process.builders import (
    AUDITOR,
    OTHER,
    QA,
    QA2,
    TM,
    WORKER,
    allocated,
    at,
    audit,
    codes,
    find_person,
    issued,
    kinds,
    one,
    reading,
    replace,
    say,
    scene,
    then,
    timers,
    to,
)


def with_auditor(when: str = "2026-06-02"):  # type: ignore[no-untyped-def]
    before, out = allocated()
    return then(before, out, at(when))


def test_ack_says_the_auditor_has_it_and_gets_no_letter() -> None:
    now, out = say(with_auditor(), AUDITOR, "ACK, thanks")
    assert out.audit.state is State.UNDERWAY and kinds(out) == ["T-03", "ACK"] and not out.wishes
    assert {"ack", "ack:2"} <= set(out.clear_timers) and "OUT-08" in out.cancel
    _, second = say(now, AUDITOR, "ACK")
    assert kinds(second) == ["ACK"] and second.audit == out.audit


def test_any_mail_from_the_auditor_is_a_sign_of_life_and_nobody_elses_is() -> None:
    now = with_auditor()
    assert kinds(decide_courtesy(now, frozenset({"auditor"}), AUDITOR.address)) == ["T-03"]
    assert kinds(decide_courtesy(now, frozenset({"tm"}), TM.address)) == []
    assert decide_note(now, TM, frozenset({"tm"}), "Will is back on Monday.", "<n@x>").audit.state is State.ALLOCATED


def test_a_note_is_kept_shown_to_qa_and_not_answered() -> None:
    out = decide_note(with_auditor(), AUDITOR, frozenset({"auditor"}), " Where are the criteria? ", "held-7", "Question")
    assert kinds(out) == ["T-03", "note"] and out.audit.notes == 1
    assert out.entries[1].data == {"text": "Where are the criteria?", "subject": "Question"}
    assert to(out, "OUT-89") == sorted([QA.address, QA2.address]) and codes(out) == ["OUT-89", "OUT-89"]
    assert {w.round for w in out.wishes} == {"held-7"}
    facts = out.wishes[0].facts
    assert facts["kind"] == "note" and facts["from_address"] == AUDITOR.address and facts["subject"] == "Question"


def test_booked_invites_auditor_and_practitioner_without_case_data() -> None:
    _, out = say(with_auditor(), AUDITOR, "BOOKED 17/06/2026 14:30")
    assert kinds(out) == ["T-03", "T-05"] and out.audit.meeting_at == at("2026-06-17", "14:30")
    assert to(out, "OUT-09") == sorted([AUDITOR.address, WORKER.address])
    assert {w.documents for w in out.wishes} == {("DOC-05",)}
    assert {tuple(w.facts) for w in out.wishes} == {("meeting_at",)}
    mine = next(w for w in out.wishes if w.address == AUDITOR.address)
    theirs = next(w for w in out.wishes if w.address == WORKER.address)
    assert mine.in_reply_to and not theirs.in_reply_to, "the practitioner is not answered a mail they never sent"


@pytest.mark.parametrize("words", ["BOOKED 17/06/2026", "BOOKED 29/05/2026 10:00", "BOOKED 01/07/2026 10:00",
                                   "BOOKED 31/06/2026 10:00"])
def test_a_meeting_outside_the_audit_or_without_a_time_is_asked_again(words: str) -> None:
    _, out = say(with_auditor(), AUDITOR, words)
    assert codes(out) == ["OUT-88"] and not one(out, "OUT-88").facts["done"]
    assert out.audit.meeting_at is None and "refused" in kinds(out)


def test_cannot_tells_qa_and_leaves_the_audit_where_it_is() -> None:
    _, out = say(with_auditor(), AUDITOR, "CANNOT I am on leave from Monday")
    assert kinds(out) == ["T-03", "T-39.cannot"] and out.audit.state is State.UNDERWAY
    assert codes(out) == ["OUT-88", "OUT-89", "OUT-89"] and one(out, "OUT-88").facts["done"]
    assert out.wishes[0].facts["note"] == "I am on leave from Monday"


def test_a_conflict_of_interest_takes_the_audit_back_and_stops_every_clock() -> None:
    now, out = say(with_auditor(), AUDITOR, "CONFLICT I know the family")
    assert kinds(out) == ["T-03", "T-41"] and out.audit.state is State.SELECTED
    assert AUDITOR.address in out.audit.former_auditors
    assert {"ack", "reminder:", "due", "overdue"} <= set(out.clear_timers) and not out.set_timers
    assert codes(out) == ["OUT-88", "OUT-89", "OUT-89"]
    _, given = say(now, QA, f"REASSIGN {OTHER.address}")
    assert given.audit.state is State.ALLOCATED and given.audit.auditor == OTHER.address
    _, back = say(now, QA, f"REASSIGN {AUDITOR.address}")
    assert back.audit.state is State.SELECTED and "given this audit back" in one(back, "OUT-88").facts["words"]


def test_a_practitioner_who_left_is_not_written_to_any_more() -> None:
    now, out = say(with_auditor(), AUDITOR, "LEFT Will left in May")
    assert "T-44" in kinds(out) and out.audit.has(Flag.PRACTITIONER_LEFT)
    _, booked = say(now, AUDITOR, "BOOKED 17/06/2026 14:30")
    assert to(booked, "OUT-09") == [AUDITOR.address]


def test_uploaded_confirms_the_case_note_and_opens_the_follow_up() -> None:
    now, _ = issued()
    _, out = say(now, AUDITOR, "UPLOADED 19/06/2026 14:30", at("2026-06-19", "15:00"))
    assert kinds(out) == ["T-22", "T-25"] and out.audit.state is State.FOLLOW_UP
    assert codes(out) == ["OUT-26"] and one(out, "OUT-26").facts == {"uploaded_at": at("2026-06-19", "14:30")}
    assert "upload:" in out.clear_timers and out.audit.recorded_at == at("2026-06-19", "14:30")
    assert out.entries[1].data["reason"] == "1 actions"


def test_a_good_audit_without_actions_stays_recorded() -> None:
    now, _ = issued(of=reading("good", actions=0))
    _, out = say(now, AUDITOR, "UPLOADED 19/06/2026 14:30", at("2026-06-19", "15:00"))
    assert out.audit.state is State.RECORDED and kinds(out) == ["T-22"]


def test_a_follow_up_rule_opens_the_follow_up_without_actions() -> None:
    now, _ = issued(of=reading("requires_improvement", actions=0))
    _, out = say(now, QA, "UPLOADED 19/06/2026 14:30", at("2026-06-19", "15:00"))
    assert out.audit.state is State.FOLLOW_UP and codes(out) == ["OUT-26", "OUT-88"], "QA may tick it too"


@pytest.mark.parametrize("words", ["UPLOADED 20/06/2026 09:00", "UPLOADED 17/06/2026 09:00", "UPLOADED 19/06/2026"])
def test_an_upload_in_the_future_before_the_issue_or_without_a_time_is_not_taken(words: str) -> None:
    now, _ = issued()
    _, out = say(now, AUDITOR, words, at("2026-06-19", "15:00"))
    assert out.audit.state is State.ISSUED and codes(out) == ["OUT-88"]


def test_uploaded_before_the_issue_comes_too_early() -> None:
    _, out = say(with_auditor(), AUDITOR, "UPLOADED 02/06/2026 09:00")
    assert codes(out) == ["OUT-88"] and out.audit.state is State.UNDERWAY


def command(now, who, roles, word, **more):  # type: ignore[no-untyped-def]
    return decide_command(now, who, frozenset(roles), Command(word, **more), confirmed=False, find_person=find_person,
                          in_reply_to="<c@x>", mail_text=word)


def test_a_word_for_a_later_chapter_is_answered_with_the_words_that_work() -> None:
    out = command(with_auditor(), AUDITOR, ["auditor"], "DISPUTE")
    assert codes(out) == ["OUT-33"] and "T-73" in kinds(out)
    words = one(out, "OUT-33").facts["words"]
    assert "ACK" in words and "BOOKED dd/mm/yyyy hh:mm" in words and "ACCEPT" not in words


def test_a_word_for_somebody_else_says_whose_it_is() -> None:
    out = command(with_auditor(), AUDITOR, ["auditor"], "ACCEPT")
    assert one(out, "OUT-88").facts == {"done": False, "words": "ACCEPT is for the QA team."}
    out = command(with_auditor(), TM, ["tm"], "ACK")
    assert one(out, "OUT-88").facts["words"] == "ACK is for the auditor." and out.audit.state is State.ALLOCATED


def test_somebody_with_two_parts_acts_in_the_narrower_one() -> None:
    out = command(with_auditor(), AUDITOR, ["auditor", "qa"], "EXTEND", on=date(2026, 7, 3))
    assert "T-46.asked" in kinds(out) and out.audit.due_on == date(2026, 6, 30)


@pytest.mark.parametrize("word", sorted(CORRIDOR))
def test_the_corridors_own_words_change_nothing_here(word: str) -> None:
    now = with_auditor()
    out = command(now, QA, ["qa"], word)
    assert out.audit == now.audit and not out.wishes and kinds(out) == [word]


def test_every_answer_to_a_command_has_that_mails_own_key() -> None:
    now = with_auditor()
    rounds = {say(now, AUDITOR, "CANNOT no time", mail=m)[1].wishes[-1].round for m in ("<a@x>", "<b@x>")}
    assert rounds == {"<a@x>", "<b@x>"}


def test_the_table_of_words_can_be_printed() -> None:
    assert all(w.usage.startswith(w.word.split()[0]) for w in WORDS)
    assert words_for(frozenset({"tm"})) == ("CONCERN and a phone number", "ACKCONCERN", "WHY")
    assert "ACCEPT" in words_for(frozenset({"qa"}), State.UNDER_QA)
    assert "ACCEPT" not in words_for(frozenset({"qa"}), State.REVISION)


def test_the_auditor_is_told_when_the_audit_is_on_hold() -> None:
    now = replace(with_auditor(), audit=audit(State.UNDERWAY, flags=frozenset({Flag.ON_HOLD})))
    _, out = say(now, AUDITOR, "BOOKED 17/06/2026 14:30")
    assert "on hold" in one(out, "OUT-88").facts["words"] and out.audit.meeting_at is None


def test_a_command_whose_argument_could_not_be_read_says_why() -> None:
    out = command(scene(at("2026-06-18"), audit(State.UNDERWAY)), QA, ["qa"], "REASSIGN", trouble="No address.")
    assert one(out, "OUT-88").facts == {"done": False, "words": "No address."} and not timers(out)
