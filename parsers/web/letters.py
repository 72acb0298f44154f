"""The page inside a document saved from the web: out of its archive (.mht), in whatever letters it was written."""

import quopri
import re
from base64 import b64decode
from binascii import Error as Base64Error

from parsers.guard import damaged

_CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]+)""", re.IGNORECASE)
_PART = re.compile(rb"Content-Type:\s*text/html", re.IGNORECASE)
_BOUNDARY = re.compile(rb"""boundary\s*=\s*(?:"([^"\r\n]+)"|([^\s;]+))""", re.IGNORECASE)
_START = 4096


def page_text(data: bytes) -> str:
    """The page's text. Raises UnreadableError for an archive without a page."""
    page = _page_of(data)
    return page.decode(_encoding(page), "replace")


def _page_of(data: bytes) -> bytes:
    """The page inside a web archive (.mht), which is built like a mail; anything else as it is."""
    found = _BOUNDARY.search(data, 0, _START)
    if found is None or data.lstrip()[:1] == b"<":
        return data
    for part in data.split(b"--" + (found[1] or found[2])):
        head, gap, body = part.replace(b"\r\n", b"\n").partition(b"\n\n")
        if gap and _PART.search(head):
            return _decoded(head.lower(), body)
    raise damaged("there is no page in it")


def _decoded(head: bytes, body: bytes) -> bytes:
    if b"quoted-printable" in head:
        return quopri.decodestring(body)
    if b"base64" in head:
        try:
            return b64decode(body)
        except Base64Error as e:
            raise damaged("the page in it can't be unpacked") from e
    return body


def _encoding(page: bytes) -> str:
    """What a byte order mark says, else the page itself, else UTF-8 where it is that, else Windows's."""
    for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if page.startswith(mark):
            return name
    named = _CHARSET.search(page, 0, _START)
    name = named[1].decode("ascii").lower() if named else ""
    try:
        page.decode("utf-8")
    except UnicodeDecodeError:
        # What is no UTF-8 is not UTF-8, whatever the page says.
        return name if name and "utf" not in name and _is_known(name) else "cp1252"
    return "utf-8" if not name or "utf-16" in name or not _is_known(name) else name


def _is_known(name: str) -> bool:
    try:
        "".encode(name)
    except LookupError:
        return False
    return True
