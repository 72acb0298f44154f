"""Arbitrary bytes and spoilt mails never raise, and nothing quoted ever acts."""

import base64
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from mailflow.intake.auth import parse_header
from mailflow.intake.commands import WORDS, parse_command
from mailflow.intake.digest import content_digest, find_message_id
from mailflow.intake.headers import decode_words, find_ids, read_moment, split_addresses
from mailflow.intake.message import read_message
from mailflow.intake.text import html_to_text, written_text

CORPUS = Path(__file__).parents[1] / "corpus" / "mail"
SAMPLES = [p.read_bytes() for p in sorted(CORPUS.glob("*.eml")) if p.stat().st_size < 20_000]
OWN = frozenset({"audits@northmoor.example"})
RELAXED = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
SPOILERS = [b"\x00", b"\xff\xfe", b"\n\n", b"\r", b"=?utf-8?B?", b"?=", b"(" * 50, b"<" * 50, b'"', b"; charset=null",
    b"; charset*=x''y",
            b"boundary", b"--=b1", b"Content-Type: multipart/mixed\n", b"Content-Type: message/rfc822\n\n", b"9" * 50,
            b"=\n", b"; filename*0*=a''%", b"\xe2\x80"]


def check(raw: bytes) -> None:
    for need in ("off", "dmarc_pass", "spf_or_dkim"):
        message = read_message(raw, OWN, need, "")
        parse_command(message.text)
    assert message.id.startswith("<") and message.id == find_message_id(raw)
    assert not any(c in message.subject + "".join(a.name for a in message.attachments) for c in "\r\n\x00")
    assert not any(set(a.name) & set("/\\") or a.name.startswith(".") for a in message.attachments)
    assert len(content_digest(raw)) == 64


@RELAXED
@given(st.binary(max_size=3000))
@example(b"Content-Type: multipart/mixed; boundary*=\x00''x\n\n--x\n\nhi")
@example(b"Content-Type: text/plain; charset*=null''%00\n\nhi")
@example(b"Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n!!!")
@example(b"Content-Disposition: attachment; filename*0*=\x00'x'y\nContent-Type: a/b\n\nhi")
@example(b"From: =?nu\x00ll?q?x?= <a@b.c>\nContent-Type: text/html; charset=utf-16\n\n<p>x")
def test_arbitrary_bytes_never_raise(raw: bytes) -> None:
    check(raw)


@RELAXED
@given(st.sampled_from(SAMPLES),
    st.lists(st.tuples(st.floats(0, 1), st.sampled_from(SPOILERS), st.integers(0, 60)), min_size=1, max_size=5))
def test_spoilt_samples_never_raise(raw: bytes, spoils: list[tuple[float, bytes, int]]) -> None:
    for where, what, cut in spoils:
        at = int(where * len(raw))
        raw = raw[:at] + what + raw[at + cut:]
    check(raw)


@pytest.mark.parametrize("levels", [30, 400, 3000])
def test_any_nesting_is_survived(levels: int) -> None:
    raw = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(levels)) + b"\nACK\n"
    message = read_message(raw, OWN, "off", "")
    assert any("nesting cut" in o or "structure unreadable" in o for o in message.oddities)


def test_mails_in_mails_in_mails_are_cut() -> None:
    raw = b"Subject: x\nContent-Type: message/rfc822\n\n" * 200 + b"Subject: y\n\nACK\n"
    message = read_message(raw, OWN, "off", "")
    assert any("cut" in o for o in message.oddities)


def test_ten_thousand_parts_are_cut() -> None:
    raw = b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 10_000 + b"--b--\n"
    assert any("more than 1000 parts" in o for o in read_message(raw, OWN, "off", "").oddities)


TEXT = st.text(max_size=400)


@RELAXED
@given(TEXT)
def test_every_scanner_takes_any_text(text: str) -> None:
    decode_words(text, [])
    split_addresses(text)
    find_ids(text)
    read_moment(text)
    parse_header(text)
    html_to_text(text)
    written_text(text)
    parse_command(text)


# Lines our letters really hold: words at the beginning of a line, in capitals, with arguments that fit.
ORDERS = st.sampled_from([w.word for w in WORDS] + ["EXTEND 30/06/2026 ill", "CONCERN 01632 960123", "RETURN: add evidence",
    "482913", "YES 2606-017C"])
LETTER = st.lists(ORDERS, min_size=1, max_size=6).map("\n".join)
NOTHING_SAID = st.sampled_from(["", "I have read this and will come back to you.",
    "Please see my note.\n\nKind regards\nAlex", "Hi team,"])


def outlook(top: str, letter: str) -> str:
    rule = "_" * 32
    return f"{top}\n\n{rule}\nFrom: audits@northmoor.example\nSent: 9 June 2026\nTo: Alex\nSubject: x\n\n{letter}\n"


def marked(top: str, letter: str) -> str:
    return f"{top}\n\nOn 9 June 2026 at 08:00, audits wrote:\n" + "".join(f"> {line}\n" for line in letter.split("\n"))


def wrapped(top: str, letter: str) -> str:
    lines = letter.split("\n")
    return f"{top}\n\n> When you agree with everything in it, please write the word\n{lines[0]}\n> " + "\n> ".join(lines[1:])


def unmarked(top: str, letter: str) -> str:
    return f"{top}\n\nOn Tue, 9 Jun 2026 at 08:00, Northmoor audits\n<audits@northmoor.example> wrote:\n\n{letter}\n"


def in_html(top: str, letter: str) -> str:
    body = "<br>".join(letter.split("\n"))
    return f"<p>{top}</p><div class=gmail_quote>On 9 June 2026 at 08:00 audits wrote:<br><blockquote>{body}</blockquote></div>"


def in_outlook_html(top: str, letter: str) -> str:
    body = "".join(f"<p>{line}</p>" for line in letter.split("\n"))
    return f"<p>{top}</p><div><p><b>From:</b> audits<br><b>Sent:</b> 9 June<br><b>To:</b> Alex</p></div>{body}"


@RELAXED
@given(NOTHING_SAID, LETTER, st.sampled_from([outlook, marked, wrapped, unmarked, in_html, in_outlook_html]))
def test_a_command_never_comes_from_quoted_text(top: str, letter: str, quote: object) -> None:
    assert callable(quote)
    kind = "html" if quote in (in_html, in_outlook_html) else "plain"
    body = base64.encodebytes(quote(top, letter).encode()).decode()
    raw = f"From: a@northmoor.example\nContent-Type: text/{kind}; charset=utf-8\nContent-Transfer-Encoding: base64\n\n{body}"
    assert parse_command(read_message(raw.encode(), OWN, "off", "").text) is None


@RELAXED
@given(LETTER, st.sampled_from([outlook, marked, unmarked]))
def test_a_reason_never_takes_in_quoted_text(letter: str, quote: object) -> None:
    assert callable(quote)
    found = parse_command(written_text(quote("RETURN the plan has no dates", letter)))
    assert found is not None and (found.word, found.rest) == ("RETURN", "the plan has no dates")
