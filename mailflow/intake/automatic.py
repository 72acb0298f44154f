"""Is a mail from a machine, and does it forbid an answer (domain 3.4)? When is somebody back (T-42)?"""

import re
from datetime import date, datetime, timedelta
from email.message import Message as Part

from mailflow.intake.days import LONDON, WEEKDAYS, find_days, in_london, make_day
from mailflow.intake.headers import decode_words, header_of, headers_of, split_addresses, tolerate, without_comments
from mailflow.intake.parts import Piece, kind_of
from mailflow.model import Automatic

_AWAY_SUBJECT = re.compile(
    r"(?:automatic(?:ally generated)? reply|auto(?:matic)?[ -]?(?:reply|response|responder|antwort)|autoreply"
    r"|out[ -]of[ -](?:the[ -])?office|ooo\b|away from (?:the|my) (?:office|desk|e?-?mail))", re.I)
_FAILED_SUBJECT = re.compile(
    r"(?:undeliver(?:able|ed)|undelivered mail|mail delivery (?:failed|failure|system)|delivery (?:status notification"
    r"|has failed|failure|notification|delayed)|returned mail|failure notice|message (?:delayed|not delivered)"
    r"|could not (?:be delivered|deliver)|warning: could not send)", re.I)
# What servers put before a subject; a person's "RE:" stays, so that answers to such mails are not taken for one.
_SERVER_TAG = re.compile(r"\s*[\[({*]+\s*[^\])}*]{1,40}[\])}*]+\s*:?\s*|\s*external\s*:\s*", re.I)
_MAILER = re.compile(r"(?:mailer-daemon|postmaster|mail-?daemon|microsoftexchange\w*|mdaemon)@", re.I)
_NOBODY = re.compile(r"(?:no-?reply|do-?not-?reply|donotreply|no_reply|bounces?|notifications?)(?:[+-].*)?@", re.I)
_REPORTS = ("message/delivery-status", "message/global-delivery-status")


def judge(mail: Part, pieces: tuple[Piece, ...], sender: str) -> Automatic:
    """What kind of automatic mail it is, surest evidence first; ``Automatic.NO`` for a person's."""
    subject = _subject(mail)
    kinds = {p.kind for p in pieces if p.letters == 0}
    report = _report_type(mail)
    if kinds.intersection(_REPORTS) or report == "delivery-status" or headers_of(mail, "X-Failed-Recipients"):
        return Automatic.BOUNCE
    if report == "disposition-notification" or "message/disposition-notification" in kinds:
        return Automatic.RECEIPT
    if _is_calendar(mail, pieces):
        return Automatic.CALENDAR
    if _FAILED_SUBJECT.match(subject) or _MAILER.match(sender):
        return Automatic.BOUNCE
    if _says_automatic(mail) or _AWAY_SUBJECT.match(subject):
        return Automatic.AUTO_REPLY
    if _precedence(mail) in ("bulk", "list", "junk") or kind_of(mail) == "multipart/report":
        return Automatic.BULK
    # A null return path with nothing else to go by: servers' own mail, so an automatic answer of some kind.
    return Automatic.AUTO_REPLY if _null_return_path(mail) else Automatic.NO


def forbids_reply(mail: Part, sender: str, own_addresses: frozenset[str]) -> bool:
    """Headers and senders that stop our answer although a person may have written."""
    suppress = header_of(mail, "X-Auto-Response-Suppress").lower()
    return bool(
        suppress not in ("", "none") or headers_of(mail, "List-Id") or not sender
        or sender in {a.lower() for a in own_addresses} or _NOBODY.match(sender) or _MAILER.match(sender))


def _subject(mail: Part) -> str:
    subject = decode_words(header_of(mail, "Subject"), [])
    while tag := _SERVER_TAG.match(subject):
        subject = subject[tag.end():]
    return subject.strip()


def _report_type(mail: Part) -> str:
    if kind_of(mail) != "multipart/report":
        return ""
    return str(tolerate(lambda: mail.get_param("report-type"), "") or "").lower()


def _says_automatic(mail: Part) -> bool:
    submitted = without_comments(header_of(mail, "Auto-Submitted")).split(";")[0].strip().lower()
    if submitted not in ("", "no") or (headers_of(mail, "Auto-Submitted") and not submitted):
        return True
    others = ("X-Autoreply", "X-Autorespond", "X-Autoresponder")
    return any(headers_of(mail, name) for name in others) or _precedence(mail) in ("auto_reply", "auto-reply")


def _precedence(mail: Part) -> str:
    return header_of(mail, "Precedence").strip().lower()


def _null_return_path(mail: Part) -> bool:
    paths = headers_of(mail, "Return-Path")
    return bool(paths) and not split_addresses(paths[0]) and re.fullmatch(r"<\s*>", paths[0].strip()) is not None


def _is_calendar(mail: Part, pieces: tuple[Piece, ...]) -> bool:
    """An invitation, answer or cancellation a calendar sent; an .ics somebody attached by hand is not."""
    return any(
        p.kind == "text/calendar" and p.letters == 0 and (p.disposition != "attachment" or kind_of(mail) == p.kind)
        and re.search(rb"(?im)^METHOD:", p.data) is not None
        for p in pieces)


def find_meeting(pieces: tuple[Piece, ...]) -> datetime | None:
    """The start (UTC) of the meeting a calendar answer accepts (IN-05); None for anything else."""
    for piece in pieces:
        if piece.kind != "text/calendar" or piece.letters:
            continue
        lines = re.sub(r"\r?\n[ \t]", "", piece.data.decode("utf-8", "replace")).splitlines()
        whole = "\n".join(lines)
        event = whole.partition("BEGIN:VEVENT")[2]
        is_yes = re.search(r"(?im)^ATTENDEE[^\n]*;PARTSTAT=ACCEPTED", event)
        start = re.search(r"(?im)^DTSTART[^:\n]*:(\d{8}T\d{4,6})(Z?)", event)
        if re.search(r"(?im)^METHOD:\s*REPLY", whole) and is_yes and start:
            # Time zones of British calendars are London under many names, so London is taken for every local time.
            return _calendar_time(start.group(1), bool(start.group(2)))
    return None


def _calendar_time(stamp: str, utc: bool) -> datetime | None:
    digits = re.sub(r"\D", "", stamp)[:12]
    try:
        moment = datetime.strptime(digits + ("+0000" if utc else ""), "%Y%m%d%H%M" + ("%z" if utc else ""))
        return moment if utc else in_london(moment.date(), moment.time())
    except (ValueError, OverflowError):
        return None


_BACK = re.compile(
    r"\b(?:back|return(?:s|ing)?|available(?: again)?|resum(?:e|ing)|again)\b(?:\s+(?:in|to|at|the|my|office|work|desk"
    r"|duty|be|will)\b)*\s*(?:on|from|until|till|by)?\s*:?\s*(?:the\s+)?(?P<what>.{0,60})", re.I)
_UNTIL = re.compile(
    r"(?:\b(?:until|till|through|up to|to and including|to|and)|[-–—])\s+(?:and including\s+|end of\s+)?(?:the\s+)?"
    r"(?P<what>.{0,60})", re.I)
_WEEKDAY_ONLY = re.compile(r"(?:next\s+)?(mon|tue|wed|thu|fri|sat|sun)\w*\b(?!,?\s+(?:the\s+)?\d)", re.I)
# A day longer ahead than this is a misread year, not a holiday.
_FAR = timedelta(days=300)


def find_away_until(text: str, sent_at: datetime | None) -> date | None:
    """The last day somebody is away, as their automatic reply says it; None where it does not.

    "back on Monday 3 August" means away until Sunday 2 August; "until 14/08/2026" includes the 14th. A year left out,
    or a bare weekday, is the next one after the day of sending; a day in the past is no answer.
    """
    if sent_at is None:
        return None
    sent_on = sent_at.astimezone(LONDON).date()
    flat = re.sub(r"\s+", " ", text[:5000])
    for pattern, days_before in ((_BACK, 1), (_UNTIL, 0)):
        for found in pattern.finditer(flat):
            on = _day_at_start(found.group("what"), sent_on)
            if on is not None and sent_on <= on <= sent_on + _FAR:
                return on - timedelta(days=days_before)
    return None


def _day_at_start(words: str, sent_on: date) -> date | None:
    if re.match(r"\W*tomorrow\b", words, re.I):
        return sent_on + timedelta(days=1)
    weekday = _WEEKDAY_ONLY.match(words)
    if weekday:
        ahead = (WEEKDAYS.index(weekday.group(1).lower()) - sent_on.weekday() - 1) % 7 + 1
        return sent_on + timedelta(days=ahead)
    found = next(find_days(words), None)
    if found is None or found.start > 12:
        return None
    if found.year:
        return found.on
    this_year = make_day(sent_on.year, found.month, found.day)
    return this_year if this_year and this_year >= sent_on else make_day(sent_on.year + 1, found.month, found.day)
