"""A letter's parts as bytes with CRLF line ends: a thousand letters on the morning of an allocation are no time lost.

The stdlib's generator walks every line of every attachment in Python; here a part is encoded in one go by the stdlib's C
encoders, and headers that need folding or encoding are left to the library (a test reads every letter back by it).
"""

import binascii
import re
from collections.abc import Iterable, Sequence
from email.header import Header

from mailflow.errors import Broken
from mailflow.model import Document

_LINE_END = re.compile("\r\n|\r|\n")
_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,80}")
_TYPE = re.compile(r"[a-z]+/[A-Za-z0-9.+-]+")
_VALUE = re.compile(r"[ -~]*")
# Characters a line of headers or of encoded data has at most, without its end.
_LONGEST = 76
_END = b"\r\n"


def write_headers(headers: Iterable[tuple[str, str | Header]]) -> bytes:
    """Header lines, folded at white space where they are long. Raises Broken for a value that is not one line of ASCII."""
    return b"".join(_header(name, value) for name, value in headers)


def write_text(text: str, subtype: str, more: str = "") -> bytes:
    """A text part in UTF-8, quoted-printable; ``more`` are further parameters of its type."""
    head = f'Content-Type: text/{subtype}; charset="utf-8"{more}\r\nMIME-Version: 1.0\r\n'
    return head.encode() + _quoted(text)


def write_file(document: Document) -> bytes:
    """An attachment. Raises Broken for a name or a type that is none of ours."""
    if not _FILE_NAME.fullmatch(document.name):
        raise Broken(f"{document.name!r} is not a name for an attachment of ours")
    kind = document.kind.partition(";")[0]
    if not _TYPE.fullmatch(kind):
        raise Broken(f"{document.kind!r} is not a type for an attachment of ours")
    named = f'Content-Disposition: attachment;\r\n filename="{document.name}"\r\n'
    if kind.startswith("text/"):
        return named.encode() + write_text(document.data.decode(), kind.removeprefix("text/"))
    head = f"Content-Type: {kind}\r\nMIME-Version: 1.0\r\nContent-Transfer-Encoding: base64\r\n{named}\r\n"
    return head.encode() + _base64(document.data)


def write_parts(subtype: str, boundary: str, parts: Sequence[bytes]) -> bytes:
    """A multipart with its headers. A boundary that begins with "=_" can stand in no encoded part."""
    if not boundary.startswith("=_"):
        raise Broken("a boundary must not be able to stand in a part")
    line = b"--" + boundary.encode()
    head = f'Content-Type: multipart/{subtype};\r\n boundary="{boundary}"\r\nMIME-Version: 1.0\r\n'.encode()
    return b"".join((head, _END, *(b"".join((line, _END, part, _END)) for part in parts), line, b"--\r\n"))


def _header(name: str, value: str | Header) -> bytes:
    if isinstance(value, Header):
        text = value.encode(maxlinelen=_LONGEST, linesep="\r\n")
    elif not _VALUE.fullmatch(value):
        raise Broken(f"{value!r} cannot stand in a header")
    elif len(name) + 2 + len(value) > _LONGEST:
        text = Header(value, "us-ascii", header_name=name).encode(maxlinelen=_LONGEST, linesep="\r\n")
    else:
        text = value
    return f"{name}: {text}\r\n".encode("ascii")


def _quoted(text: str) -> bytes:
    # The encoder ends its own lines as the text's first one does: with "\n" throughout, whatever that was.
    lines = binascii.b2a_qp(_LINE_END.sub("\n", text).encode(), istext=True)
    return b"Content-Transfer-Encoding: quoted-printable\r\n\r\n" + lines.replace(b"\n", _END)


def _base64(data: bytes) -> bytes:
    packed = binascii.b2a_base64(data, newline=False)
    return b"".join(packed[n:n + _LONGEST] + _END for n in range(0, len(packed), _LONGEST))
