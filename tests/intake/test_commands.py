"""Commands (domain 2.5): what counts as one, what its argument says, and what must never act."""

from datetime import UTC, date, datetime

import pytest

from mailflow.intake.commands import WORDS, Takes, parse_command
from mailflow.model import Command
from mailflow.model.ref import make_ref

REF = make_ref("2606", 17)


def word_of(text: str) -> str | None:
    found = parse_command(text)
    return found.word if found else None


@pytest.mark.parametrize("text", [
    "ACCEPT", "accept", "Accept.", "**ACCEPT**", "“ACCEPT”", "• ACCEPT", "  ACCEPT  ", "ACCEPT!", "Accept, thanks",
    "ACCEPT please",
    "\n\n\nACCEPT", "Hi,\n\nACCEPT\n\nThanks", "Dear QA team,\nAccept", "Good morning\n\naccept", "[EXTERNAL]\nACCEPT",
    "[EXTERNAL] ACCEPT", "EXTERNAL EMAIL: do not click links\n\nACCEPT", "\ufeffACCEPT", "ACCEPT - good work",
    "ACCEPT. A fair audit.",
    "ACCEPT\r\n\r\n> RETURN\r\n", "_Accept_", "`ACCEPT`",
])
def test_accept_in_the_ways_people_write_it(text: str) -> None:
    found = parse_command(text)
    assert found is not None and (found.word, found.trouble) == ("ACCEPT", "")


@pytest.mark.parametrize("text", [
    "Accept my apologies, I was late", "accept my apologies", "ACCEPT MY APOLOGIES", "Accepted the meeting", "ACCEPT?",
    "Accept? Not sure",
    "I ACCEPT", "> ACCEPT", "  > ACCEPT", ">> ACCEPT", "ACCEPT/RETURN", "Acceptance criteria attached", "accept the form please",
    "Return to office Monday", "Return flight is on Monday", "RETURN TO OFFICE MONDAY", "Done, see attached", "Done.",
    "Done", "done 5 minutes ago"[:4],
    "Cannot open the form", "Left a message for you", "Conflict in the family was well evidenced", "Hold on a minute",
    "Close call!",
    "Close-up photo", "Book a room", "Booked three people onto training", "Booked Friday off", "Extend the deadline please",
    "Yes", "yes please", "Yes.",
    "Why was this sent back", "Discuss it with me tomorrow", "Concerns were raised last year and closed",
    "Concern about spelling",
    "No concern about the practice but the mother worries me", "Confirm receipt", "Move on please", "File attached",
    "Agreed", "Agree with you",
    "Release notes", "Undo the damage", "Satisfied with the outcome overall", "Withdraw from the group", "Drop me a line",
    "Self harm noted in file",
    "QUESTION when is it due", "COMMENT fine", "Thanks\nACCEPT", "See below\nACCEPT", "", "   \n\n", "ack'd", "ACK/CANNOT",
    "01632 960123", REF,
    "On 9 June 2026 at 08:00, audits wrote:\nACCEPT", "From: x\nSent: y\nTo: z\nACCEPT", "30/06/2026",
    "Overridden by events", "Amend as you like",
    "Swap 12 June for 14 June please", "Drop 20 copies at reception", "Cancel my lunch", "Cancel", "cancel please",
    "Theme of the training was neglect", "Themes: see form", "CANCEL?",
])
def test_an_ordinary_line_never_acts(text: str) -> None:
    assert word_of(text) is None


@pytest.mark.parametrize(("text", "word"), [
    ("NOT ACCEPTED", "NOTACCEPTED"), ("Not accepted.", "NOTACCEPTED"), ("notaccepted", "NOTACCEPTED"),
    ("NO CONCERN.", "NO CONCERN"),
    ("no concerns", "NO CONCERN"), ("NOCONCERN", "NO CONCERN"), ("ack concern", "ACKCONCERN"), ("ACKCONCERN", "ACKCONCERN"),
    ("Ack", "ACK"),
    ("WHY?", "WHY"), ("why", "WHY"), ("Undo", "UNDO"), ("HOLD", "HOLD"), ("Release", "RELEASE"), ("re-audit", "REAUDIT"),
    ("NO RE-AUDIT", "NOREAUDIT"), ("not satisfied: no plan", "NOTSATISFIED"), ("SATISFIED", "SATISFIED"), ("Approve", "APPROVE"),
    ("Amend", "AMEND"), ("CLOSE no further action, note 4711", "CLOSE"), ("DISPUTE", "DISPUTE"), ("Reviewed", "REVIEWED"),
    ("SELF", "SELF"),
    ("MAKE A DIFFERENCE", "MAKEADIFFERENCE"), ("NOT RESOLVED they differ", "NOT RESOLVED"), ("Resolved", "RESOLVED"),
    ("agree", "AGREE"),
])
def test_spellings(text: str, word: str) -> None:
    assert word_of(text) == word


@pytest.mark.parametrize("text",
    ["ACCEPT if the dates are fixed", "ACCEPT once the plan is signed", "ACCEPT but not yet", "ACCEPT or return?",
                                  "ACCEPT is not possible today", "NO CONCERN except for the bruise", "UNDO this one?"])
def test_a_condition_after_a_word_that_takes_none_is_trouble_not_consent(text: str) -> None:
    found = parse_command(text)
    assert found is not None and found.trouble


@pytest.mark.parametrize(("text", "rest"), [
    ("CANNOT on leave until August", "on leave until August"),
    ("CANNOT\nI am away", "I am away"),
    ("RETURN: add evidence\n\nAnd the dates.\n\nSam Jones\nQA Officer", "add evidence\n\nAnd the dates."),
    ("RETURN\n1. Add evidence\n2. Fix dates\n\nKind regards\nSam", "1. Add evidence\n2. Fix dates"),
    ("RETURN\n- add evidence\n- fix dates\n-- \nSam", "- add evidence\n- fix dates"),
    ("Return 1. Add evidence", "1. Add evidence"),
    ("DISCUSS the plan\n> RETURN everything", "the plan"),
    ("WITHDRAW case closed to us", "case closed to us"),
    ("NOTACCEPTED: too thin", "too thin"),
    ("RETURN\n\nSam Jones\n", ""),
])
def test_what_follows_is_the_reason_up_to_the_sign_off(text: str, rest: str) -> None:
    found = parse_command(text)
    assert found is not None and found.rest == rest


def test_points_that_look_short_are_not_taken_for_a_signature() -> None:
    found = parse_command("RETURN\nAdd evidence to voice\n\nSet dates.\n\n3. Owner")
    assert found is not None and "Set dates." in found.rest and "3. Owner" in found.rest


@pytest.mark.parametrize("text",
    ["RETURN", "DISCUSS", "WITHDRAW", "REFUSE", "OVERRIDE CHK-072", "OVERRIDE this", "OVERRIDE CHK-072, CHK-013 both fine",
                                  "EXTEND", "EXTEND soon", "BOOKED 31/02/2026 10:00", "BOOKED 12/06 10:00",
                                  "BOOKED 12/06/2026 at 25:10",
                                  "UPLOADED yesterday", "REASSIGN Sam", "YES", "FILE 2606-017D"[:8], "CONFIRM", "DONE",
                                  "MOVE 2", "AGREED", "DISCUSSED"])
def test_an_argument_that_cannot_be_read_is_said_in_one_sentence(text: str) -> None:
    found = parse_command(text)
    assert found is not None
    assert found.trouble.endswith(".") and "\n" not in found.trouble


@pytest.mark.parametrize("written", [
    "30/06/2026", "30.06.2026", "30-06-26", "30/6/26", "2026-06-30", "30 June 2026", "30th June 2026",
    "Tuesday 30 June 2026", "Tue 30 Jun 2026",
    "June 30, 2026", "the 30th of June 2026", "on 30/06/2026", "until Tuesday, 30 June 2026"])
def test_days_are_read_day_first(written: str) -> None:
    assert parse_command(f"EXTEND {written} ill") == Command("EXTEND", "ill", on=date(2026, 6, 30))
    assert parse_command(f"extend {written}, ill") == Command("EXTEND", "ill", on=date(2026, 6, 30))


@pytest.mark.parametrize(("written", "hour", "minute"), [
    ("14:30", 13, 30), ("14.30", 13, 30), ("2:30pm", 13, 30), ("2.30 p.m.", 13, 30), ("at 2pm", 13, 0), ("1430", 13, 30),
    ("1430hrs", 13, 30),
    ("noon", 11, 0), ("9am", 8, 0), ("12am", 23, 0)])
def test_a_london_time_becomes_utc(written: str, hour: int, minute: int) -> None:
    found = parse_command(f"BOOKED 12/06/2026 {written}")
    assert found is not None and found.trouble == ""
    assert found.at == datetime(2026, 6, 12 if hour < 20 else 11, hour, minute, tzinfo=UTC)


def test_a_winter_time_needs_no_shift() -> None:
    found = parse_command("UPLOADED 12/01/2026 14:30")
    assert found is not None and found.at == datetime(2026, 1, 12, 14, 30, tzinfo=UTC)


def test_arguments_of_their_own_kind() -> None:
    assert parse_command("CONCERN 01632 960123 ring now") == Command("CONCERN", "01632 960123 ring now", target="01632 960123")
    assert parse_command("Concern: please ring") == Command("CONCERN", "please ring")
    assert parse_command("CONCERN PLEASE RING") == Command("CONCERN", "PLEASE RING")
    assert parse_command("Reassign to <Sam.Jones@northmoor.example> on leave") == Command("REASSIGN", "on leave",
        target="sam.jones@northmoor.example")
    assert parse_command(f"YES {REF}") == Command("YES", REF, target=REF)
    assert parse_command(f"file [AUDIT {REF.lower()}]") == Command("FILE", f"[AUDIT {REF.lower()}]", target=REF)
    assert parse_command("override chk 072: about 2019") == Command("OVERRIDE", "about 2019", check="CHK-072")
    assert parse_command("DONE 1,3 filed") == Command("DONE", "1,3 filed")
    assert parse_command("MOVE 2 30/06/2026 waiting") == Command("MOVE", "2 30/06/2026 waiting", on=date(2026, 6, 30))


def test_a_reference_with_a_wrong_check_letter_is_trouble() -> None:
    wrong = REF[:-1] + ("A" if REF[-1] != "A" else "B")
    found = parse_command(f"YES {wrong}")
    assert found is not None and found.target == "" and found.trouble


@pytest.mark.parametrize("text", ["482913", "482 913", "CONFIRM 482913", "confirm 482-913", "Hi,\n\n482913"])
def test_a_one_time_code_comes_back_bare_or_with_its_word(text: str) -> None:
    found = parse_command(text)
    assert found is not None and (found.word, found.code) == ("CONFIRM", "482913")


def test_the_table_can_be_printed_and_each_word_finds_itself() -> None:
    assert len({w.word for w in WORDS}) == len(WORDS) > 40
    for word in WORDS:
        assert word_of(word.word) == word.word
        assert word.who and Takes(word.takes)


@pytest.mark.parametrize(("text", "word", "target"), [
    ("SWAP 4100017", "SWAP", "4100017"), ("swap 4100017", "SWAP", "4100017"), ("Drop case 4100034.", "DROP", "4100034"),
    (f"drop {REF.lower()}", "DROP", REF), ("SWAP C-1402 please", "SWAP", "C-1402"), ("DROP C7", "DROP", "C7"), ("SWAP C-1402", "SWAP", "C-1402"),
])
def test_a_sample_is_changed_by_case_number_or_reference(text: str, word: str, target: str) -> None:
    found = parse_command(text)
    assert found is not None and (found.word, found.target, found.trouble) == (word, target, "")


def test_a_change_that_names_no_case_or_two_is_asked_again() -> None:
    for text in ("SWAP", "DROP the second one", f"SWAP {REF} {make_ref('2606', 18)}"):
        found = parse_command(text)
        assert found is not None and found.word in ("SWAP", "DROP") and "Name one case" in found.trouble


def test_a_month_has_its_theme_or_is_called_off() -> None:
    theme, cancel = parse_command("THEME Neglect and thresholds"), parse_command("CANCEL")
    assert theme is not None and (theme.word, theme.rest) == ("THEME", "Neglect and thresholds")
    assert cancel is not None and (cancel.word, cancel.trouble) == ("CANCEL", "")
    unsure = parse_command("CANCEL if the head of service agrees")
    assert unsure is not None and "condition" in unsure.trouble
