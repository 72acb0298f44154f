"""Header lines → plain values: text, addresses, Message-IDs, times. Nothing here raises on odd input.

The standard library's header classes (``policy.default``) are not used: measured on 2026-11-21 they raise
RecursionError on two thousand opening brackets in To:, so one header would cost the whole mail. Structure comes from
the compat32 parser, values from the small scanners below, all of them linear in the length of the header.
"""

import base64
import binascii
import codecs
import quopri
import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from email.message import Message as Part
from email.utils import parsedate_to_datetime
from typing import TypeVar

T = TypeVar("T")
U = TypeVar("U")

# Longer headers are cut: no letter from a person needs more, and a megabyte of To: must not cost minutes.
MAX_HEADER = 64 * 1024
# An address with its name; matching longer ones is of no use and could be made slow on purpose.
MAX_ADDRESS = 1000
# What the standard library's own mail code is known to raise on damaged input.
DAMAGE = (ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError, OverflowError)
# Python calls these text encodings, but no mail program does; some of them run slowly or warn.
_NOT_CHARSETS = {"unicode_escape", "raw_unicode_escape", "idna", "punycode", "undefined", "mbcs", "oem"}
_ENCODED_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
# Characters that steer a terminal or turn writing round; never wanted in a name or a subject.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_ADDRESS = re.compile(r"[^\s@<>(),;:\"\[\]\\]{1,64}@[^\s@<>(),;:\"\[\]\\]{1,255}")
_ID = re.compile(r"<([^<>]{1,900})>")


def tolerate(act: Callable[[], T], otherwise: U) -> T | U:
    """What ``act`` gives, or ``otherwise`` where the standard library trips over damaged mail."""
    try:
        return act()
    except DAMAGE:
        return otherwise


def headers_of(part: Part, name: str) -> tuple[str, ...]:
    """Every header of that name, top first, as it stands: unfolded, 8-bit bytes read as UTF-8 or Windows-1252."""
    wanted = name.lower()
    return tuple(_as_text(value) for key, value in part.raw_items() if key.lower() == wanted)


def header_of(part: Part, name: str) -> str:
    """The topmost header of that name, "" where there is none."""
    found = headers_of(part, name)
    return found[0] if found else ""


def _as_text(value: object) -> str:
    raw = str(value)[:MAX_HEADER]
    if not raw.isascii():
        data = raw.encode("utf-8", "surrogateescape")
        raw = decode_bytes(data, "utf-8")[0]
    return re.sub(r"\r?\n[ \t]*", " ", raw).strip()


def is_charset(name: str) -> bool:
    """Whether Python can read text in that charset; "null", "base64" and names with a NUL in them are not."""
    try:
        info = codecs.lookup(name)
        "".encode(name)
    except (LookupError, ValueError, TypeError):
        return False
    return info.name.replace("-", "_") not in _NOT_CHARSETS


def decode_bytes(data: bytes, charset: str) -> tuple[str, str]:
    """Bytes as text and what was odd about it ("" when nothing was).

    Wrong declarations are ordinary: unknown and ill-fitting charsets fall back to UTF-8, then to Windows-1252.
    """
    name = charset.strip().strip("'\"").lower()[:60] or "us-ascii"
    oddity = ""
    if not is_charset(name):
        oddity, name = f"charset {printable(name, 30)!r} not known, charset guessed", "us-ascii"
    # Mail declared as Latin-1 or ASCII is Windows-1252 in practice: curly quotes and pound signs.
    first = "utf-8" if name in ("us-ascii", "ascii") else "cp1252" if name in ("iso-8859-1", "latin-1") else name
    for codec in dict.fromkeys((first, "utf-8", "cp1252")):
        try:
            text = data.decode(codec)
        except (ValueError, LookupError):
            oddity = oddity or f"text is not {printable(name, 30)}, charset guessed"
            continue
        if name in ("us-ascii", "ascii") and not oddity and not data.isascii():
            oddity = "text is not us-ascii, charset guessed"
        return text, oddity
    return data.decode("latin-1"), oddity or "charset guessed"


def decode_words(text: str, oddities: list[str]) -> str:
    """RFC 2047 encoded words read, everything else left; the outcome is one line without control characters.

    Neighbouring words of one charset are joined before they are read: some programs split inside a character.
    """
    out: list[str] = []
    pending, pending_charset, at = b"", "", 0

    def flush() -> None:
        nonlocal pending
        if pending:
            words, oddity = decode_bytes(pending, pending_charset)
            out.append(words)
            note(oddities, oddity and f"encoded word: {oddity}")
            pending = b""

    for found in _ENCODED_WORD.finditer(text):
        charset, how, body = found.group(1).split("*")[0].lower(), found.group(2).lower(), found.group(3)
        gap, at = text[at:found.start()], found.end()
        if gap.strip() or charset != pending_charset:
            flush()
        if gap.strip() or (not out and not pending):
            out.append(gap)
        pending, pending_charset = pending + _word_bytes(how, body, oddities), charset
    flush()
    out.append(text[at:])
    return one_line("".join(out), oddities)


def _word_bytes(how: str, body: str, oddities: list[str]) -> bytes:
    data = body.encode("utf-8", "replace")
    if how == "q":
        return quopri.decodestring(data.replace(b"_", b" "), header=False)
    kept = re.sub(rb"[^A-Za-z0-9+/]", b"", data)
    try:
        return base64.b64decode(kept + b"=" * (-len(kept) % 4))
    except binascii.Error:
        note(oddities, "encoded word damaged")
        return base64.b64decode(kept[:len(kept) // 4 * 4])


def one_line(text: str, oddities: list[str] | None = None, limit: int = 1000) -> str:
    """Outside words as one plain line: no line breaks, no control or direction characters, at most ``limit`` long."""
    if oddities is not None and re.search(r"[\r\n]", text.strip()):
        note(oddities, "line break hidden in a header")
    return re.sub(r"\s+", " ", _UNSEEN.sub(" ", text)).strip()[:limit]


def printable(text: str, limit: int = 80) -> str:
    """Outside words fit to stand in one of our sentences."""
    return one_line(text.encode("ascii", "replace").decode("ascii"), limit=limit)


def note(oddities: list[str], oddity: str) -> None:
    """Add an oddity once; "" adds nothing."""
    if oddity and oddity not in oddities:
        oddities.append(oddity)


def split_addresses(value: str) -> tuple[tuple[str, str], ...]:
    """(name, address) pairs of an address header, in order; addresses in lower case, unreadable ones left out.

    The address inside angle brackets counts, whatever stands before it, so a display name can't pose as the sender.
    """
    found = []
    for chunk in _chunks(value):
        if len(chunk) > MAX_ADDRESS:
            continue
        angles = re.findall(r"<\s*([^<>]*)\s*>", _outside_quotes(chunk))
        text = angles[-1] if angles else chunk
        address = _ADDRESS.fullmatch(re.sub(r"\s+", "", text).removeprefix("mailto:"))
        if address:
            name = chunk.partition("<")[0] if angles else ""
            found.append((name.strip().strip('"'), address.group().lower()))
    return tuple(found)


def _outside_quotes(text: str) -> str:
    return re.sub(r'"(?:[^"\\]|\\.)*"', "", text)


def _chunks(value: str) -> Iterable[str]:
    """The header cut at commas and semicolons outside quotes and angle brackets, comments left out."""
    chunk: list[str] = []
    quoted = angle = False
    text = without_comments(value)
    for at, char in enumerate(text):
        if char == '"' and (at == 0 or text[at - 1] != "\\"):
            quoted = not quoted
        elif not quoted and char in "<>":
            angle = char == "<"
        elif not quoted and not angle and char in ",;":
            yield "".join(chunk)
            chunk = []
            continue
        chunk.append(char)
    yield "".join(chunk)


def without_comments(value: str) -> str:
    """RFC 5322 comments (nested brackets) left out; brackets inside quotes or angle brackets stay."""
    out: list[str] = []
    depth, quoted, angle, escaped = 0, False, False, False
    for char in value:
        if escaped:
            escaped = False
        elif char == "\\":
            escaped = True
        elif char == '"' and not depth:
            quoted = not quoted
        elif not quoted and not angle and char == "(":
            depth += 1
            continue
        elif not quoted and not angle and char == ")" and depth:
            depth -= 1
            continue
        elif not quoted and not depth and char in "<>":
            angle = char == "<"
        if not depth:
            out.append(char)
    return "".join(out)


def find_ids(value: str) -> tuple[str, ...]:
    """Message-IDs with their angle brackets, in order, each once; comments and stray words are passed over."""
    ids = ("<" + re.sub(r"\s+", "", one) + ">" for one in _ID.findall(without_comments(value)))
    return tuple(dict.fromkeys(i for i in ids if len(i) > 2))


def read_moment(value: str) -> datetime | None:
    """A Date: header as an aware UTC time; None where it is missing, unreadable or out of range."""
    try:
        moment = parsedate_to_datetime(without_comments(value).strip())
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except DAMAGE:
        return None
