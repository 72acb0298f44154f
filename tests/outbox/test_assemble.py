"""The bytes of a letter: right for any mail program, the same every time, and nothing in them can start a header."""

import email
import email.policy
import re
from datetime import UTC, datetime, timedelta, timezone
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailflow.errors import Broken, PermanentError
from mailflow.model import Document
from outbox.assemble import assemble, finish, message_id, write_subject
from outbox.render import Rendered

BODY = Rendered("Audit due", "Text – with a dash, and a line " + "long " * 400 + "\n\nFrom here on\n.\n", "<p>caf\u00e9</p>")
PDF = Document("report.pdf", "application/pdf", bytes(range(256)) * 40)
NOTE = Document("note.txt", "text/plain", "Grade: good – caf\u00e9\n".encode())
ICS = Document("practice-discussion.ics", "text/calendar", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")
MID = "<abc@northmoor.example>"


def make(subject: str = "[AUDIT 2606-001K] Audit due", to: tuple[str, str] = ("Asha Auditor", "asha@northmoor.example"),
         sender: str = "Northmoor Council QA", reply: str = "", documents: tuple[Document, ...] = (PDF,),
         ref: str = "2606-001K") -> bytes:
    return assemble(BODY, code="OUT-04", key="k", subject=subject, mid=MID, sender=(sender, "audits@northmoor.example"),
                    to=to, ref=ref, in_reply_to=reply, documents=documents)


def read(raw: bytes) -> EmailMessage:
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage) and not message.defects
    assert not [d for part in message.walk() for d in part.defects]
    return message


def test_the_headers_say_who_what_and_that_a_machine_wrote_it() -> None:
    message = read(make())
    assert message["From"] == "Northmoor Council QA <audits@northmoor.example>"
    assert message["To"] == "Asha Auditor <asha@northmoor.example>"
    assert message["Subject"] == "[AUDIT 2606-001K] Audit due"
    assert message["Message-ID"] == MID
    assert message["X-Mailflow-Audit"] == "2606-001K"
    assert message["X-Auto-Response-Suppress"] == "All"
    assert message["Auto-Submitted"] == "auto-generated"
    for name in ("Date", "In-Reply-To", "References", "Cc", "Bcc", "Reply-To"):
        assert message[name] is None


def test_an_answer_is_threaded_under_the_mail_it_answers() -> None:
    message = read(make(reply="<their.id@client.example>"))
    assert message["In-Reply-To"] == message["References"] == "<their.id@client.example>"
    assert message["Auto-Submitted"] == "auto-replied"


def test_a_very_long_message_id_is_neither_cut_nor_encoded() -> None:
    long = "<" + "a" * 300 + "@client.example>"
    assert re.search(f"In-Reply-To:\\s+{long}\r\n".encode(), make(reply=long))


@pytest.mark.parametrize("odd", ["not an id", "<a b@c>", "<a@b>\r\nBcc: x@evil.example", "<a@b><c@d>", "<é@b.example>", "<>",
                                 "<" + "a" * 2000 + "@b.example>"])
def test_an_odd_message_id_is_left_out_but_the_letter_is_still_an_answer(odd: str) -> None:
    message = read(make(reply=odd))
    assert message["In-Reply-To"] is None and message["Bcc"] is None
    assert message["Auto-Submitted"] == "auto-replied"


def test_parts_come_back_as_they_went_in() -> None:
    message = read(make(documents=(PDF, NOTE)))
    assert message.get_content_type() == "multipart/mixed"
    text, page = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None and text.get_content().replace("\r\n", "\n") == BODY.text
    assert page is not None and page.get_content().strip() == BODY.html
    assert [(p.get_filename(), p.get_content_type()) for p in message.iter_attachments()] == [
        ("report.pdf", "application/pdf"), ("note.txt", "text/plain")]
    assert next(message.iter_attachments()).get_payload(decode=True) == PDF.data


def test_a_letter_without_documents_is_just_its_two_parts() -> None:
    assert read(make(documents=())).get_content_type() == "multipart/alternative"


def test_an_invitation_is_an_alternative_so_that_it_can_be_accepted() -> None:
    message = read(make(documents=(ICS,)))
    parts = [p for p in message.walk() if p.get_content_type() == "text/calendar"]
    assert len(parts) == 1 and parts[0].get_param("method") == "REQUEST"
    assert message.get_content_type() == "multipart/alternative"


def test_every_line_is_short_ends_in_crlf_and_is_ascii() -> None:
    raw = make(subject="[AUDIT 2606-001K] " + "Überfällig – " * 20, to=("Zoë " * 30, "zoe@northmoor.example"),
               documents=(PDF, NOTE, ICS))
    assert raw.isascii()
    assert b"\n" not in raw.replace(b"\r\n", b"") and b"\r" not in raw.replace(b"\r\n", b"")
    assert max(len(line) for line in raw.split(b"\r\n")) <= 78
    assert str(read(raw)["Subject"]).startswith("[AUDIT 2606-001K] Überfällig – Überfällig")


def test_the_same_letter_is_the_same_bytes() -> None:
    assert make(documents=(PDF, NOTE)) == make(documents=(PDF, NOTE))


@pytest.mark.parametrize("nasty", ["a\r\nBcc: x@evil.example", "a\nBcc: x", "a\rBcc: x", "a\x0bBcc: x", "a\u2028Bcc: x",
                                   "a\x85Bcc: x", "=?utf-8?q?a=0ABcc:_x?=", "a\r\n\r\nbody"])
def test_nothing_typed_can_start_a_header(nasty: str) -> None:
    raw = make(subject=write_subject(nasty, nasty, "2606-001K"), to=(nasty, "asha@northmoor.example"), sender=nasty,
               ref=nasty)
    message = read(raw)
    assert sorted(message.keys()) == sorted(read(make()).keys())
    assert message["Bcc"] is None and len(message.get_all("To", [])) == 1
    assert nasty.startswith("=?") is (nasty in str(message["Subject"]))
    assert message["To"].addresses[0].addr_spec == "asha@northmoor.example"


@given(st.text(max_size=80))
def test_no_text_at_all_can_start_a_header(typed: str) -> None:
    raw = make(subject=write_subject(typed, "", "2606-001K"), to=(typed, "asha@northmoor.example"), documents=())
    names = [line.split(b":")[0] for line in raw.partition(b"\r\n\r\n")[0].split(b"\r\n") if not line.startswith(b" ")]
    assert sorted(n.decode() for n in names) == sorted(read(make(documents=())).keys())


@pytest.mark.parametrize("address", ["a@b.example, c@d.example", "a@b.example\r\nBcc: x@y.example", "nobody", "a b@c.example",
                                     "<a@b.example>", "", "a@b.example;c@d.example", "a@@b.example", "a@b.example\n"])
def test_a_letter_has_one_recipient_or_is_not_made(address: str) -> None:
    with pytest.raises(PermanentError):
        make(to=("Somebody", address))


@pytest.mark.parametrize("name", ["../x.docx", "a/b.docx", "a\r\nX: y.docx", "", "caf\u00e9.docx", ".hidden", "a" * 200])
def test_an_attachment_has_a_name_of_ours(name: str) -> None:
    with pytest.raises(Broken):
        make(documents=(Document(name, "application/pdf", b"x"),))


def test_the_message_id_is_stable_and_tells_nothing() -> None:
    first = message_id(b"s", "2606-001K·T-02·OUT-04·asha@northmoor.example·0", "northmoor.example")
    assert first == message_id(b"s", "2606-001K·T-02·OUT-04·asha@northmoor.example·0", "northmoor.example")
    assert first == "<" + first[1:41] + "@northmoor.example>" and "2606" not in first.replace(first[1:41], "")
    others = {message_id(b"t", "2606-001K·T-02·OUT-04·asha@northmoor.example·0", "northmoor.example"),
              message_id(b"s", "2606-001K·T-02·OUT-04·asha@northmoor.example·1", "northmoor.example")}
    assert first not in others and len(others) == 2


def test_the_door_puts_on_the_date_and_the_journal_before_everything() -> None:
    raw = make()
    at = datetime(2026, 6, 24, 14, 30, tzinfo=timezone(timedelta(hours=1)))
    done = finish(raw, at, "118:0f3a9c")
    assert done.endswith(raw)
    message = read(done)
    assert message["Date"].datetime == datetime(2026, 6, 24, 13, 30, tzinfo=UTC)
    assert message["X-Mailflow-Journal"] == "118:0f3a9c"


@pytest.mark.parametrize("head", ["1:a\r\nBcc: x", "1 2", "é", "a" * 500])
def test_an_odd_journal_head_is_our_fault(head: str) -> None:
    with pytest.raises(Broken):
        finish(make(), datetime(2026, 6, 24, tzinfo=UTC), head)


def test_the_subject_shows_marking_and_reference_only_where_set() -> None:
    assert write_subject("Audit due", "OFFICIAL", "2606-001K") == "[OFFICIAL] [AUDIT 2606-001K] Audit due"
    assert write_subject("Today", "", "") == "Today"
