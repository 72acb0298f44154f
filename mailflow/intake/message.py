"""Bytes → Message: the one door of the intake room. Never raises on odd mail; every oddity is noted for QA."""

import re
from datetime import datetime
from email.message import Message as Part

from mailflow.intake.attachments import documents_of, is_body
from mailflow.intake.auth import read_trust
from mailflow.intake.automatic import find_away_until, find_meeting, forbids_reply, judge
from mailflow.intake.bounce import find_bounce, is_success_report
from mailflow.intake.courtesy import find_drive_links
from mailflow.intake.digest import id_of
from mailflow.intake.headers import (
    MAX_HEADER,
    decode_words,
    find_ids,
    header_of,
    headers_of,
    note,
    read_moment,
    split_addresses,
)
from mailflow.intake.parts import Piece, open_mail, pieces_of, text_of
from mailflow.intake.text import html_to_text, unflow, written_text
from mailflow.model import Attachment, Automatic, Message, Trust
from mailflow.model.ref import find_refs

# A letter from a person is shorter; the rest is kept in the raw mail, not carried about as text.
MAX_TEXT = 200_000
MAX_REFERENCES = 100
# How the oddities begin that say a mail was not opened to its end: a form may be inside that nobody has seen.
UNOPENED = ("nesting cut", "structure unreadable", "more than", "attached mails cut")
# The plain text part is passed over where the HTML says this many times more.
_MUCH_MORE = 4


def read_message(raw: bytes, own_addresses: frozenset[str], require_auth: str, auth_source: str) -> Message:
    """One mail as a value. ``require_auth`` is "off", "dmarc_pass" or "spf_or_dkim"; ``auth_source`` an authserv-id."""
    oddities: list[str] = []
    mail = open_mail(raw, oddities)
    pieces = pieces_of(mail, oddities)
    name, sender = _sender(mail, oddities)
    full, html = _read_text(pieces, oddities)
    automatic = judge(mail, pieces, sender)
    if automatic is Automatic.BOUNCE and is_success_report(pieces):
        automatic = Automatic.RECEIPT
    bounce = find_bounce(mail, pieces, full, own_addresses) if automatic is Automatic.BOUNCE else None
    text = written_text(full)
    subject = decode_words(header_of(mail, "Subject"), oddities)
    sent_at = _sent_at(mail, oddities)
    several = len(split_addresses(header_of(mail, "From"))) > 1 or len(headers_of(mail, "From")) > 1
    return Message(
        id=id_of(mail, raw, oddities), sender=sender, sender_name=name, to=_recipients(mail), subject=subject,
        sent_at=sent_at, references=_references(mail), text=text, full_text=_all_text(pieces, full, oddities),
        attachments=documents_of(_outside_reports(pieces, automatic), html, oddities), automatic=automatic,
        no_reply=automatic is not Automatic.NO or forbids_reply(mail, sender, own_addresses), bounce=bounce,
        away_until_on=find_away_until(text, sent_at) if automatic is Automatic.AUTO_REPLY else None,
        # Two authors, one of them possibly invented: no verdict covers both.
        trust=Trust.FAIL if several and require_auth != "off" else read_trust(mail, sender, require_auth, auth_source),
        refs=find_refs(subject), on_behalf_by=_on_behalf(mail, sender), meeting_at=find_meeting(pieces),
        drive_links=find_drive_links(text), oddities=_with_long_headers(mail, oddities))


def documents_in(raw: bytes, oddities: list[str]) -> tuple[Attachment, ...]:
    """The documents of a mail that lay in a wrapper, by the rules for our own. Its words and its sender don't count."""
    mail = open_mail(raw, oddities)
    pieces = pieces_of(mail, oddities)
    _, html = _read_text(pieces, oddities)
    return documents_of(_outside_reports(pieces, Automatic.NO), html, oddities)


def _sender(mail: Part, oddities: list[str]) -> tuple[str, str]:
    """(name, address) of the first author; ("", "") where there is none."""
    found = split_addresses(header_of(mail, "From"))
    if not found:
        note(oddities, "no sender address")
        return "", ""
    if len(found) > 1 or len(headers_of(mail, "From")) > 1:
        note(oddities, "several senders")
    return decode_words(found[0][0], oddities), found[0][1]


def _recipients(mail: Part) -> tuple[str, ...]:
    pairs = (pair for name in ("To", "Cc") for header in headers_of(mail, name) for pair in split_addresses(header))
    return tuple(dict.fromkeys(address for _, address in pairs))


def _on_behalf(mail: Part, sender: str) -> str:
    by = split_addresses(header_of(mail, "Sender"))
    return by[0][1] if by and by[0][1] != sender else ""


def _references(mail: Part) -> tuple[str, ...]:
    """In-Reply-To first, then References from the nearest back."""
    answered = [i for header in headers_of(mail, "In-Reply-To") for i in find_ids(header)]
    thread = [i for header in headers_of(mail, "References") for i in find_ids(header)]
    return tuple(dict.fromkeys([*answered, *reversed(thread)]))[:MAX_REFERENCES]


def _sent_at(mail: Part, oddities: list[str]) -> datetime | None:
    dates = headers_of(mail, "Date")
    moment = read_moment(dates[0]) if dates else None
    if moment is None:
        note(oddities, "date unreadable" if dates else "no date")
    return moment


def _read_text(pieces: tuple[Piece, ...], oddities: list[str]) -> tuple[str, str]:
    """(the words of the mail itself, its HTML source): plain text where there is any, else the HTML made into text."""
    plain: list[str] = []
    html: list[str] = []
    for piece in pieces:
        if piece.letters or not is_body(piece, first=not plain and not html):
            continue
        text = text_of(piece, oddities)
        if piece.kind == "text/plain":
            plain.append(_unflowed(piece, text))
        else:
            html.append(text)
    source = "\n".join(html)
    # Long runs of blanks carry nothing, and patterns would be slow on them.
    words = re.sub(r"[ \t\xa0]{100,}", " ", "\n\n".join(p for p in plain if p.strip())).strip()
    shown = html_to_text(source) if source.strip() else ""
    if not words or len(shown) > _MUCH_MORE * len(words) + 200:
        if words:
            note(oddities, "the plain text says less than the HTML")
        words = shown
    if len(words) > MAX_TEXT:
        note(oddities, f"text cut at {MAX_TEXT} characters")
    return words[:MAX_TEXT], source


def _unflowed(piece: Piece, text: str) -> str:
    kind = header_of(piece.part, "Content-Type").lower()
    return unflow(text, "delsp=yes" in kind.replace('"', "")) if "format=flowed" in kind.replace('"', "") else text


def _all_text(pieces: tuple[Piece, ...], own: str, oddities: list[str]) -> str:
    """Everything readable: the mail's own words, then those of mails attached to it."""
    texts = [own]
    for piece in pieces:
        if piece.letters and piece.kind in ("text/plain", "text/html") and not piece.name:
            text = text_of(piece, oddities)
            texts.append(html_to_text(text) if piece.kind == "text/html" else text)
    return "\n\n".join(t.strip() for t in texts if t.strip())[:MAX_TEXT]


def _outside_reports(pieces: tuple[Piece, ...], automatic: Automatic) -> tuple[Piece, ...]:
    """The parts that may be documents: body text left out, and in a bounce our own returned letter."""
    kept = []
    first = {0: True}
    for piece in pieces:
        body = is_body(piece, first=first.get(piece.letters, True))
        if body:
            first[piece.letters] = False
        returned = piece.letters > 0 and (automatic is Automatic.BOUNCE or piece.in_report)
        if not body and not returned:
            kept.append(piece)
    return tuple(kept)


def _with_long_headers(mail: Part, oddities: list[str]) -> tuple[str, ...]:
    if any(len(str(value)) >= MAX_HEADER for _, value in mail.raw_items()):
        note(oddities, f"header cut at {MAX_HEADER // 1024} KB")
    return tuple(oddities)
