"""The words of rich text: what a group prints, and a stretch of it without what it prints."""

import re
from collections.abc import Iterator

# A control word with its number, a byte of a code page, a control sign, a brace, or plain bytes.
_TOKEN = re.compile(rb"\\([A-Za-z]+)(-?\d{1,10})? ?|\\'([0-9A-Fa-f]{2})|\\([^A-Za-z'])|([{}])|([^\\{}]+)|(\\)", re.DOTALL)
_BRACE = re.compile(rb"[{}\\]")
_OPEN, _BACKSLASH = b"{\\"
_PRINTED = {
    b"par": "\n", b"line": "\n", b"sect": "\n", b"page": "\n", b"row": "\n", b"tab": "\t", b"cell": "\t", b"emdash": "—",
    b"endash": "–", b"lquote": "‘", b"rquote": "’", b"ldblquote": "“", b"rdblquote": "”", b"bullet": "•", b"emspace": " ",
    b"enspace": " ",
}
_SIGNS = {b"~": "\u00a0", b"_": "\u2011", b"-": "", b"\\": "\\", b"{": "{", b"}": "}", b"\n": "\n", b"\r": "\n"}
# What prints, so that a deleted stretch loses it; ends of cells and rows stay, or a table falls apart.
_GOES = frozenset(_PRINTED) - {b"cell", b"row", b"sect", b"page"}
_STOPS = frozenset((b"plain", b"deleted", b"mvf"))
# Groups that print nothing where they stand.
_SILENT = frozenset((
    b"fonttbl", b"colortbl", b"stylesheet", b"pict", b"fldinst", b"propname", b"atndate", b"atnref", b"revtbl", b"object",
))


def groups_of(start: re.Pattern[bytes], data: bytes) -> Iterator[bytes]:
    """Each outermost group that begins as the pattern says."""
    for begin, end in spans_of(start, data):
        yield data[begin:end]


def spans_of(start: re.Pattern[bytes], data: bytes) -> Iterator[tuple[int, int]]:
    """Where each of them begins and ends."""
    done = 0
    for found in start.finditer(data):
        if found.start() >= done:
            done = _end_of(data, found.start())
            yield found.start(), done


def _end_of(data: bytes, start: int) -> int:
    depth, escaped = 0, -1
    for found in _BRACE.finditer(data, start):
        at, sign = found.start(), data[found.start()]
        if at == escaped:
            continue
        if sign == _BACKSLASH:
            # What follows a backslash is no brace of ours.
            escaped = at + 1
        else:
            depth += 1 if sign == _OPEN else -1
            if not depth:
                return at + 1
    return len(data)


class _Plain:
    """Prints one group. ``skip`` is how many letters still belong to the Unicode letter before them."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        # Per open group: (whether it prints, how many letters follow a Unicode letter for older readers).
        self.groups: list[tuple[bool, int]] = [(True, 1)]
        self.skip = 0

    def read(self, group: bytes) -> str:
        starred = False
        for found in _TOKEN.finditer(group):
            word, number, byte, sign, brace, text, _ = found.groups()
            if brace:
                self._brace(brace)
            elif word:
                self._word(word, number, starred and len(self.groups) > 2)
            elif sign == b"*":
                starred = True
                continue
            elif self.groups[-1][0]:
                self._print(byte, sign, text)
            starred = False
        return "".join(self.parts).strip()

    def _brace(self, brace: bytes) -> None:
        self.skip = 0
        if brace == b"{":
            self.groups.append(self.groups[-1])
        elif len(self.groups) > 1:
            self.groups.pop()

    def _word(self, word: bytes, number: bytes | None, starred: bool) -> None:
        prints, follow = self.groups[-1]
        if starred or word in _SILENT:
            self.groups[-1] = (False, follow)
        elif word == b"uc":
            self.groups[-1] = (prints, min(int(number or 1), 10))
        elif word == b"u" and prints:
            self._letter(int(number or 0))
            self.skip = follow
        elif prints and word in _PRINTED:
            self.parts.append(_PRINTED[word])

    def _letter(self, code: int) -> None:
        code %= 0x10000
        # Letters beyond the first 65,536 come in two halves; joined when both are there.
        if 0xDC00 <= code <= 0xDFFF and self.parts and 0xD800 <= ord(self.parts[-1][-1:] or " ") <= 0xDBFF:
            high = ord(self.parts.pop())
            self.parts.append(chr(0x10000 + ((high - 0xD800) << 10) + code - 0xDC00))
        else:
            self.parts.append(chr(code))

    def _print(self, byte: bytes | None, sign: bytes | None, text: bytes | None) -> None:
        if byte:
            said = bytes([int(byte, 16)]).decode("cp1252", "replace")
        elif sign:
            said = _SIGNS.get(sign, "")
        else:
            said = (text or b"").replace(b"\r", b"").replace(b"\n", b"").decode("cp1252", "replace")
        left = min(self.skip, len(said))
        self.skip -= left
        if said[left:]:
            self.parts.append(said[left:])


def plain_text(group: bytes) -> str:
    """What a group prints, its lines parted by newlines; inner groups that only describe are passed over."""
    text = _Plain().read(group)
    # A half of a letter alone is no letter.
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def without_text(data: bytes, start: int) -> tuple[bytes, int]:
    """The stretch from ``start`` to where its character formatting ends, without what it prints; → (it, its end).

    It ends where the group it stands in ends, or where the formatting is taken back. Groups that only describe (a
    bookmark's name) stay as they are.
    """
    kept: list[bytes] = []
    depth, at = 0, start
    while found := _TOKEN.match(data, at):
        word, number, _, sign, brace, _, _ = found.groups()
        if (brace == b"}" and not depth) or (word in _STOPS and not depth and (word == b"plain" or number == b"0")):
            return b"".join(kept), at
        if brace == b"{" and data.startswith(b"{\\*", at):
            end = _end_of(data, at)
            kept.append(data[at:end])
            at = end
            continue
        depth += {b"{": 1, b"}": -1}.get(brace or b"", 0)
        if brace or (word and word not in _GOES and word != b"u") or (sign and sign not in _SIGNS):
            kept.append(found[0])
        at = found.end()
    return b"".join(kept), len(data)
