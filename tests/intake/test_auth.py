"""What the receiving server said of the sender (domain 2.5): only its own header counts."""

import pytest

from mailflow.intake.auth import parse_header
from mailflow.intake.message import read_message
from mailflow.model import Trust

OWN = frozenset({"audits@northmoor.example"})
GMAIL = ("mx.northmoor.example;\r\n dkim=pass header.i=@northmoor.example header.s=s1 header.b=AbC;\r\n"
         " spf=pass (mx: domain of alex@northmoor.example designates 192.0.2.1 as permitted sender)"
         " smtp.mailfrom=alex@northmoor.example;\r\n dmarc=pass (p=REJECT sp=NONE dis=NONE) header.from=northmoor.example")
EXCHANGE = ("spf=pass (sender IP is 192.0.2.1)\r\n smtp.mailfrom=northmoor.example; dkim=pass (signature was verified)\r\n"
            " header.d=northmoor.example;dmarc=pass action=none\r\n header.from=northmoor.example;compauth=pass reason=100")
FORGED = "mx.northmoor.example; dmarc=pass header.from=northmoor.example"


def trust(headers: tuple[str, ...], need: str, source: str = "", sender: str = "alex@northmoor.example") -> Trust:
    lines = "".join(f"Authentication-Results: {h}\r\n" for h in headers)
    return read_message(f"{lines}From: {sender}\r\nSubject: x\r\n\r\nACK\r\n".encode(), OWN, need, source).trust


@pytest.mark.parametrize("header", [GMAIL, EXCHANGE])
@pytest.mark.parametrize("need", ["dmarc_pass", "spf_or_dkim"])
def test_both_big_servers_are_understood(header: str, need: str) -> None:
    assert trust((header,), need) is Trust.PASS


def test_a_forged_pass_beneath_the_servers_fail_is_passed_over() -> None:
    fail = "mx.northmoor.example; dmarc=fail header.from=northmoor.example"
    assert trust((fail, FORGED), "dmarc_pass", "mx.northmoor.example") is Trust.FAIL
    assert trust((fail, FORGED), "dmarc_pass") is Trust.FAIL
    assert trust((EXCHANGE.replace("dmarc=pass", "dmarc=fail"), FORGED), "dmarc_pass") is Trust.FAIL


def test_without_a_server_named_only_the_topmost_header_counts() -> None:
    """The server said nothing of DMARC; the pass below it is the sender's own invention."""
    assert trust(("spf=pass smtp.mailfrom=northmoor.example", FORGED), "dmarc_pass") is Trust.NONE


def test_with_a_server_named_only_its_header_counts() -> None:
    assert trust(("evil.example; dmarc=pass header.from=northmoor.example",), "dmarc_pass", "mx.northmoor.example") is Trust.NONE
    assert trust(("inner.example; spf=none", GMAIL), "dmarc_pass", "MX.Northmoor.example") is Trust.PASS
    assert trust((EXCHANGE,), "dmarc_pass", "mx.northmoor.example") is Trust.NONE


def test_several_headers_of_the_server_are_taken_together() -> None:
    mine = "mx.northmoor.example; "
    headers = (mine + "dmarc=pass header.from=northmoor.example", mine + "spf=pass smtp.mailfrom=northmoor.example")
    assert trust(headers, "spf_or_dkim", "mx.northmoor.example") is Trust.PASS


def test_a_pass_for_somebody_elses_domain_is_no_pass() -> None:
    assert trust(("spf=pass smtp.mailfrom=bulk@evil.example; dkim=pass header.d=evil.example",), "spf_or_dkim") is Trust.NONE
    assert trust(("dmarc=pass header.from=evil.example",), "dmarc_pass") is Trust.FAIL
    assert trust(("dkim=pass header.d=mail.northmoor.example",), "spf_or_dkim") is Trust.PASS
    assert trust(("dkim=pass header.d=example",), "spf_or_dkim") is Trust.NONE


@pytest.mark.parametrize(("header", "need", "wanted"), [
    ("dmarc=none", "dmarc_pass", Trust.NONE), ("dmarc=temperror", "dmarc_pass", Trust.NONE),
    ("dmarc=fail", "dmarc_pass", Trust.FAIL),
    ("spf=softfail smtp.mailfrom=northmoor.example", "spf_or_dkim", Trust.FAIL), ("spf=neutral", "spf_or_dkim", Trust.NONE),
    ("mx.example; none", "dmarc_pass", Trust.NONE), ("", "dmarc_pass", Trust.NONE), (";;;=;(((", "spf_or_dkim", Trust.NONE)])
def test_anything_less_is_no_pass(header: str, need: str, wanted: Trust) -> None:
    assert trust((header,), need) is wanted


def test_no_header_is_no_verdict_and_off_asks_for_none() -> None:
    assert trust((), "dmarc_pass") is Trust.NONE
    assert trust((), "off") is Trust.PASS


def test_two_authors_are_never_trusted() -> None:
    assert trust((GMAIL,), "dmarc_pass", sender="alex@northmoor.example, eve@evil.example") is Trust.FAIL


def test_a_comment_cannot_smuggle_a_verdict() -> None:
    source, verdicts = parse_header(
        "mx.example 1; spf=fail (said ; dmarc=pass header.from=northmoor.example) smtp.mailfrom=a@b.example")
    assert source == "mx.example"
    assert [(v.method, v.says, v.about) for v in verdicts] == [("spf", "fail", {"smtp.mailfrom": "a@b.example"})]
