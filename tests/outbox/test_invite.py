"""The invitation to the practice discussion (DOC-05): a calendar object with nothing about the case (HR-02, RFC 5545)."""

from datetime import UTC, datetime

import pytest

from mailflow.errors import Broken
from mailflow.model import Document
from outbox.pages.invite import compose_invite
from tests.process import builders

NOW = datetime(2026, 6, 4, 8, 0, tzinfo=UTC)


def invite(day: str = "2026-06-12", clock: str = "14:30", *, secret: bytes = b"secret", ref: str = builders.REF,
           attendee: str = builders.AUDITOR.address, sequence: int = 0) -> Document:
    return compose_invite(builders.at(day, clock), secret=secret, ref=ref, organiser="audits@northmoor.example",
                          attendee=attendee, now=NOW, sequence=sequence)


def lines(document: Document) -> list[str]:
    return document.data.decode("ascii").replace("\r\n ", "").split("\r\n")


def test_it_is_a_request_for_one_hour_from_the_mailbox_to_one_person() -> None:
    found = lines(invite())
    assert found[:2] == ["BEGIN:VCALENDAR", "VERSION:2.0"] and found[-3:] == ["END:VEVENT", "END:VCALENDAR", ""]
    for wanted in ("METHOD:REQUEST", "SUMMARY:Practice discussion", "CLASS:PRIVATE", "DTEND:20260612T143000Z",
                   "ORGANIZER:mailto:audits@northmoor.example"):
        assert found.count(wanted) == 1, wanted
    assert [line.partition(":")[2] for line in found if line.startswith("ATTENDEE")] == ["mailto:ada.lowe@northmoor.example"]
    names = [line.partition(":")[0].partition(";")[0] for line in found]
    for once in ("UID", "DTSTAMP", "DTSTART", "SEQUENCE", "PRODID"):
        assert names.count(once) == 1, once


def test_times_are_utc_in_summer_and_winter() -> None:
    assert "DTSTART:20260612T133000Z" in lines(invite("2026-06-12", "14:30"))
    assert "DTSTART:20261203T143000Z" in lines(invite("2026-12-03", "14:30"))
    assert "DTSTAMP:20260604T080000Z" in lines(invite())


def test_nothing_about_the_case_stands_in_it() -> None:
    made = invite()
    text = "\n".join(lines(made)) + made.name
    for word in (builders.REF, builders.CASE.number, builders.CASE.category, "Will", "Fern", "audit report", "DESCRIPTION",
                 "LOCATION", "ATTACH:", "COMMENT"):
        assert word not in text, word


def test_moving_the_meeting_moves_the_same_entry() -> None:
    first, moved = lines(invite()), lines(invite("2026-06-15", sequence=4))
    uid = [line for line in first if line.startswith("UID:")]
    assert uid == [line for line in moved if line.startswith("UID:")]
    assert "SEQUENCE:0" in first and "SEQUENCE:4" in moved


def test_another_audit_or_installation_has_another_entry() -> None:
    uids = {next(line for line in lines(d) if line.startswith("UID:"))
            for d in (invite(), invite(ref="2606-002A"), invite(secret=b"other"))}
    assert len(uids) == 3


def test_lines_end_with_crlf_and_are_at_most_75_bytes() -> None:
    data = invite(attendee="a" * 64 + "@" + "northmoor-" * 10 + "x.example").data
    assert data.endswith(b"END:VCALENDAR\r\n")
    assert data.count(b"\n") == data.count(b"\r\n") == data.count(b"\r")
    assert max(map(len, data.split(b"\r\n"))) <= 75


def test_mail_programs_are_told_it_is_an_invitation() -> None:
    assert invite().kind.startswith("text/calendar")


@pytest.mark.parametrize("attendee", ["a@b.example\r\nDESCRIPTION:secret", "a@b.example\nX:1", "\x00@b.example"])
def test_an_address_cannot_start_a_line_of_its_own(attendee: str) -> None:
    with pytest.raises(Broken):
        invite(attendee=attendee)


def test_a_time_without_a_zone_is_our_fault() -> None:
    with pytest.raises(Broken):
        compose_invite(datetime(2026, 6, 12, 14, 30), secret=b"s", ref="r", organiser="o@northmoor.example",
                       attendee="a@northmoor.example", now=NOW, sequence=0)
