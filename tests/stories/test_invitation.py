"""The invitation to the conversation says nothing of the case (F0-PRV-01, HR-02, SCN-14)."""

import email
import email.policy

import pytest

from tests.stories.conftest import Found
from tests.stories.telling import say
from tests.world import auditor, practitioner

BEA, WORKER = auditor(0), practitioner(0)
# What a mail program shows, or carries along when the invitation is forwarded.
SHOWN = ("From", "To", "Cc", "Reply-To", "Subject", "Comments", "Keywords", "Thread-Topic")


@pytest.mark.parametrize("marking", ["", "OFFICIAL-SENSITIVE"])
def test_neither_reference_nor_case_number_stands_in_the_invitation(northmoor: Found, marking: str) -> None:
    """SCN-14: not in text, page, subject, file name, calendar entry or any header people see; nor the team."""
    world = northmoor(profile=f'[profile.send]\nallowed_domains = ["northmoor.example"]\nmarking = "{marking}"\n')
    ref = world.refs[0]
    case = world.house.get_case(world.audit(ref))
    say(world, BEA, "BOOKED 17/09/2026 14:30", ref, at="2026-09-03 10:00")
    letters = [x for x in world.house.store.load_letters() if x.code == "OUT-09"]
    assert sorted(x.to for x in letters) == sorted([BEA, WORKER])
    for letter in letters:
        message = email.message_from_bytes(letter.raw, policy=email.policy.default)
        seen = [str(message[name]) for name in SHOWN if message[name]]
        names = [part.get_filename() or "" for part in message.walk()]
        bodies = [str(part.get_content()) for part in message.walk() if part.get_content_maintype() == "text"]
        assert any("BEGIN:VCALENDAR" in body for body in bodies)
        for secret in (ref, ref.replace("-", ""), case.number, case.team):
            assert not [text for text in (*seen, *names, *bodies) if secret in text], secret
        calendar = next(b for b in bodies if "BEGIN:VCALENDAR" in b)
        assert "SUMMARY:Practice discussion" in calendar and "DESCRIPTION" not in calendar and "CLASS:PRIVATE" in calendar
        assert letter.subject == (f"[{marking}] " if marking else "") + "Practice discussion"
