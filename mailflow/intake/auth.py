"""What the receiving server said of the sender (``inbound.require_auth``, domain 2.5).

Only a header the council's own server wrote counts. With an authserv-id configured, headers that carry it; without
one (Exchange Online writes none), the topmost header alone: whatever the sender put in stands below it. Within the
headers that count, the topmost word on each method counts.
"""

import re
from dataclasses import dataclass
from email.message import Message as Part

from mailflow.intake.headers import headers_of, without_comments
from mailflow.model import Trust

_METHOD = re.compile(r"\s*([a-z][a-z0-9-]*)(?:\s*/\s*\d+)?\s*=\s*([a-z]+)", re.I)
_PROPERTY = re.compile(r"([a-z]+\.[a-z_-]+)\s*=\s*(\"[^\"]*\"|[^\s;]+)", re.I)


@dataclass(frozen=True)
class Verdict:
    """One method's word: ``method`` "dmarc", ``says`` "pass", ``about`` {"header.from": "northmoor.example"}."""

    method: str
    says: str
    about: dict[str, str]


def read_trust(mail: Part, sender: str, require_auth: str, auth_source: str) -> Trust:
    """The verdict the setting asks for. "off" asks for none, so every sender passes.

    "dmarc_pass" wants DMARC's pass for the domain in From:. "spf_or_dkim" wants a pass of either whose own domain is
    the sender's, or above or below it: a pass for somebody else's domain says nothing about this From:.
    """
    if require_auth == "off":
        return Trust.PASS
    verdicts = _verdicts(mail, auth_source)
    domain = sender.rpartition("@")[2]
    if require_auth == "dmarc_pass":
        return _dmarc(verdicts.get("dmarc", []), domain)
    said = [_aligned(v, domain) for method in ("spf", "dkim") for v in verdicts.get(method, [])]
    return next((trust for trust in (Trust.PASS, Trust.FAIL) if trust in said), Trust.NONE)


def _dmarc(verdicts: list[Verdict], domain: str) -> Trust:
    if not verdicts or verdicts[0].says not in ("pass", "fail"):
        return Trust.NONE
    about = verdicts[0].about.get("header.from", domain).lower()
    return Trust.PASS if verdicts[0].says == "pass" and about == domain else Trust.FAIL


def _aligned(verdict: Verdict, domain: str) -> Trust:
    if verdict.says in ("fail", "softfail"):
        return Trust.FAIL
    names = ("smtp.mailfrom", "smtp.helo") if verdict.method == "spf" else ("header.d", "header.i")
    about = next((verdict.about[n] for n in names if n in verdict.about), "").rpartition("@")[2].lower().strip(".")
    same = bool(about) and (about == domain or domain.endswith("." + about) or about.endswith("." + domain))
    return Trust.PASS if verdict.says == "pass" and same and "." in about else Trust.NONE


def _verdicts(mail: Part, auth_source: str) -> dict[str, list[Verdict]]:
    """method → its verdicts from the topmost counting header that speaks of it (several DKIM signatures are ordinary)."""
    found: dict[str, list[Verdict]] = {}
    headers = headers_of(mail, "Authentication-Results")
    for header in headers if auth_source else headers[:1]:
        source, verdicts = parse_header(header)
        if auth_source and source != auth_source.strip().lower():
            continue
        here: dict[str, list[Verdict]] = {}
        for verdict in verdicts:
            here.setdefault(verdict.method, []).append(verdict)
        found = here | found
    return found


def parse_header(header: str) -> tuple[str, tuple[Verdict, ...]]:
    """(authserv-id in lower case, verdicts) of one Authentication-Results header; tolerant of Exchange Online's."""
    segments = without_comments(header).split(";")
    source = ""
    if not _METHOD.match(segments[0]):
        # A version number may follow the name of the server.
        source = (segments[0].split() or [""])[0].lower()
        segments = segments[1:]
    verdicts = []
    for segment in segments:
        method = _METHOD.match(segment)
        if method:
            about = {k.lower(): v.strip('"') for k, v in _PROPERTY.findall(segment[method.end():])}
            verdicts.append(Verdict(method.group(1).lower(), method.group(2).lower(), about))
    return source, tuple(verdicts)
