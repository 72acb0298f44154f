"""Automatic mail (domain 3.4) and when somebody is back (T-42)."""

from datetime import UTC, date, datetime

import pytest

from mailflow.intake.automatic import find_away_until
from mailflow.intake.message import read_message
from mailflow.model import Automatic, Message

OWN = frozenset({"audits@northmoor.example"})
# A Monday in July 2026.
SENT = datetime(2026, 7, 20, 9, 0, tzinfo=UTC)


def read(headers: str, body: str = "ACK\n", sender: str = "alex.marsh@northmoor.example") -> Message:
    return read_message(f"From: {sender}\nTo: audits@northmoor.example\n{headers}\n{body}".encode(), OWN, "off", "")


@pytest.mark.parametrize(("header", "wanted"), [
    ("Auto-Submitted: auto-replied\n", Automatic.AUTO_REPLY), ("Auto-Submitted: auto-generated; x=y\n", Automatic.AUTO_REPLY),
    ("Auto-Submitted: (hm) auto-notified\n", Automatic.AUTO_REPLY), ("Auto-Submitted: no\n", Automatic.NO),
    ("Auto-Submitted: No (human)\n", Automatic.NO),
    ("Precedence: bulk\n", Automatic.BULK), ("Precedence: list\n", Automatic.BULK), ("Precedence: junk\n", Automatic.BULK),
    ("Precedence: auto_reply\n", Automatic.AUTO_REPLY), ("Precedence: first-class\n", Automatic.NO),
    ("X-Autoreply: yes\n", Automatic.AUTO_REPLY),
    ("X-Autorespond: yes\n", Automatic.AUTO_REPLY), ("Return-Path: <>\n", Automatic.AUTO_REPLY),
    ("Return-Path: <alex@northmoor.example>\n", Automatic.NO),
    ("Subject: Automatic reply: x\n", Automatic.AUTO_REPLY), ("Subject: [EXTERNAL] Out of Office: x\n", Automatic.AUTO_REPLY),
    ("Subject: OOO - leave\n", Automatic.AUTO_REPLY), ("Subject: Undeliverable: x\n", Automatic.BOUNCE),
    ("Subject: RE: Automatic reply: x\n", Automatic.NO),
    ("Subject: About the out of office hours contact\n", Automatic.NO), ("List-Id: <x.example>\n", Automatic.NO),
    ("X-Auto-Response-Suppress: OOF\n", Automatic.NO),
])
def test_each_sign_of_a_machine(header: str, wanted: Automatic) -> None:
    message = read(header)
    assert message.automatic is wanted
    assert message.no_reply is (wanted is not Automatic.NO or header.startswith(("List-Id", "X-Auto-Response")))


def test_null_return_path_with_away_headers_is_an_answer_not_a_bounce() -> None:
    assert read("Return-Path: <>\nAuto-Submitted: auto-replied\nSubject: Automatic reply: x\n").automatic is Automatic.AUTO_REPLY


def test_our_own_address_and_no_reply_senders_are_never_answered() -> None:
    assert read("", sender="Audits@Northmoor.example").no_reply
    for sender in ("no-reply@portal.example", "donotreply@portal.example", "noreply+4711@portal.example"):
        message = read("", sender=sender)
        assert message.no_reply and message.automatic is Automatic.NO
    assert not read("", sender="nora.reply@northmoor.example").no_reply


@pytest.mark.parametrize(("words", "wanted"), [
    ("I will be back on Monday 3 August.", date(2026, 8, 2)), ("back on 3/8/26", date(2026, 8, 2)),
    ("returning to the office on 3rd August 2026", date(2026, 8, 2)),
    ("I return on Monday, 3 August", date(2026, 8, 2)), ("until 14/08/2026", date(2026, 8, 14)),
    ("until Friday 14 August", date(2026, 8, 14)),
    ("from 20 July to 31 July 2026", date(2026, 7, 31)), ("on leave 20/07/2026 - 31/07/2026", date(2026, 7, 31)),
    ("back on Wednesday", date(2026, 7, 21)),
    ("I'm back tomorrow", date(2026, 7, 20)), ("Away from 21 December until 4 January", date(2027, 1, 4)),
    ("I am away", None), ("back on 3 March 2024", None),
    ("back soon, ring 01632 960123", None), ("I was back on 1 July", None), ("until 31/02/2027", None)])
def test_the_last_day_away(words: str, wanted: date | None) -> None:
    assert find_away_until(f"Thank you for your mail. {words}", SENT) == wanted


def test_without_a_day_of_sending_there_is_no_answer() -> None:
    assert find_away_until("back on Monday", None) is None


def test_a_person_who_says_until_is_not_away() -> None:
    assert read("Date: Mon, 20 Jul 2026 10:00:00 +0100\n", "I need it until 14/08/2026\n").away_until_on is None
