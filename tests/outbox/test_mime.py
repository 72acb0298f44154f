"""Our quick writer of parts beside the library's own reader: whatever goes in comes out, and the library finds no fault."""

import email
import email.policy
from email.header import Header
from email.message import EmailMessage

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mailflow.errors import Broken
from mailflow.model import Document
from outbox import mime

BOUNDARY = "=_mix-0"
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=400)


def read(raw: bytes) -> EmailMessage:
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    assert not [d for part in message.walk() for d in part.defects]
    return message


def unfold(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


@given(TEXT)
@example("=_mix-0\n--=_mix-0--\n")
@example("ends in blanks  \nand a tab\t\n.\nFrom here\n" + "long " * 100)
@example("\r\r\n\n\r")
def test_text_comes_back_and_its_lines_are_short(text: str) -> None:
    raw = mime.write_parts("mixed", BOUNDARY, [mime.write_text(text, "plain"), mime.write_text("after", "plain")])
    first, last = read(raw).iter_parts()
    assert unfold(bytes(first.get_payload(decode=True) or b"").decode()) == unfold(text)
    assert last.get_payload(decode=True) == b"after"
    assert max(len(line) for line in raw.split(b"\r\n")) <= 76
    assert raw.isascii() and b"\r" not in raw.replace(b"\r\n", b"") and b"\n" not in raw.replace(b"\r\n", b"")


@given(st.binary(max_size=500))
@example(b"")
@example(b"--=_mix-0--\r\n")
@example(bytes(57))
@example(bytes(58))
def test_a_file_comes_back_byte_for_byte(data: bytes) -> None:
    document = Document("report 1.pdf", "application/pdf", data)
    raw = mime.write_parts("mixed", BOUNDARY, [mime.write_file(document), mime.write_text("after", "plain")])
    first, last = read(raw).iter_parts()
    assert (first.get_payload(decode=True), first.get_content_type(), first.get_filename()) == (data, "application/pdf", document.name)
    assert first.get_content_disposition() == "attachment" and last.get_payload(decode=True) == b"after"
    assert max(len(line) for line in raw.split(b"\r\n")) <= 76


def test_a_text_file_and_a_type_with_parameters_stay_what_they_are() -> None:
    raw = mime.write_parts("mixed", BOUNDARY, [mime.write_file(Document("a.csv", "text/csv; charset=utf-8", "é\r\n".encode()))])
    part = next(read(raw).iter_parts())
    assert (part.get_content_type(), part.get_content(), part.get_filename()) == ("text/csv", "é\r\n", "a.csv")


@pytest.mark.parametrize("kind", ["", "application", "application/pdf\r\nX: y", "a b/c", "application/é"])
def test_a_type_of_nobody_is_our_fault(kind: str) -> None:
    with pytest.raises(Broken):
        mime.write_file(Document("a.pdf", kind, b""))


@pytest.mark.parametrize("value", ["two\r\nlines", "é", "a\tb", "\x7f"])
def test_a_header_that_is_not_one_line_of_ascii_is_our_fault(value: str) -> None:
    with pytest.raises(Broken):
        mime.write_headers([("X-Odd", value)])


def test_long_headers_are_folded_and_read_back_whole() -> None:
    long, other = "word " * 60 + "end", "Überfällig " * 20 + "end"
    raw = mime.write_headers([("X-Long", long), ("Subject", Header(other, "utf-8", header_name="Subject"))])
    assert max(len(line) for line in raw.split(b"\r\n")) <= 76
    message = read(raw + b"\r\n")
    assert (message["X-Long"], message["Subject"]) == (long, other)


def test_a_boundary_that_a_text_could_hold_is_refused() -> None:
    with pytest.raises(Broken):
        mime.write_parts("mixed", "plain", [])
