"""Settles a rich text document (.rtf) before the library reads it.

The library keeps deleted text and drops the state of form fields, headers, comments and text boxes. All of that is found
here by looking for a few words and walking only the groups they stand in: a form has a megabyte of words about fonts.
"""

import re
from collections.abc import Iterable
from itertools import accumulate

from mailflow.form.passport import COMMENT_INITIALS
from parsers.guard import damaged, hostile
from parsers.old_word.rich_text_words import groups_of, plain_text, spans_of, without_text
from parsers.old_word.settle import LOST_TICKS, Settled, box_token
from parsers.word.symbols import TICKED, UNTICKED

_UNESCAPED = rb"(?<!\\)(?:\\\\)*"
_DELETED = re.compile(_UNESCAPED + rb"\\(?:deleted|mvf)1?(?![a-z0-9])")
_INSERTED = re.compile(_UNESCAPED + rb"\\(?:revised|mvt)1?(?![a-z0-9])")
_AROUND = {
    "page header": re.compile(rb"\{\\header[lrf]?(?![a-z])"), "page footer": re.compile(rb"\{\\footer[lrf]?(?![a-z])"),
}
_FIELD = re.compile(rb"\{\\field(?![a-z])")
_REMARK = re.compile(rb"\{\\\*\\annotation(?![a-z])")
_SHAPE, _BOX = re.compile(rb"\{\\shp(?![a-z])"), re.compile(rb"\{\\shptxt(?![a-z])")
_PASSPORTS = (re.compile(rb"\{\\\*\\userprops(?![a-z])"), re.compile(rb"\{\\info(?![a-z])"))
_WHO = re.compile(rb"\{\\\*\\atnauthor ?([^{}]*)\}")
_INITIALS = re.compile(rb"\{\\\*\\atnid ?([^{}]*)\}")
_MINUTES = re.compile(rb"\\edmins(\d{1,9})")
_ENTRY = re.compile(rb"\{\\\*\\ffl ?([^{}]*)\}")
_STATE, _DEFAULT = re.compile(rb"\\ffres(\d{1,3})"), re.compile(rb"\\ffdefres(\d{1,3})")
_FROM_DEFAULT = 25
_OBJECT = re.compile(rb"\{\\object(?![a-z])")
_FETCHED = (
    re.compile(rb"\\objautlink"), re.compile(rb"\{\\\*\\template [^}]{0,20}(?:https?:|ftp:|\\\\)"),
    re.compile(rb"INCLUDE(?:PICTURE|TEXT)\s+[^}]{0,20}https?:"),
)
# Nobody's form has this many groups inside one another; Word's own stop at about a hundred.
_DEEPEST = 1_000
_ESCAPED = (rb"\\", rb"\{", rb"\}")
_NO_BRACES = bytes(range(256)).replace(b"{", b"").replace(b"}", b"")
_STEPS = {ord("{"): 1, ord("}"): -1}
# Where the author of a comment is said: just before it.
_BEFORE = 2_000


def settle_rich_text(data: bytes) -> Settled:
    """Raises UnreadableError for groups nested beyond any form's, or a document cut off in its middle."""
    _check_depth(data)
    changes = sum(len(pattern.findall(data)) for pattern in (_DELETED, _INSERTED)) if _has_changes(data) else 0
    settled = _without_deleted(data) if changes else data
    settled, lost = _with_fields(settled)
    settled, boxes = _without_boxes(settled)
    found = _MINUTES.search(data)
    return Settled(
        data=settled, boxes=boxes,
        around=_around(settled), remarks=_remarks(settled),
        passports=tuple(text for start in _PASSPORTS for raw in groups_of(start, data) if (text := plain_text(raw))),
        changes=changes, oddities=_oddities(data, lost), edit_minutes=int(found[1]) if found else None,
    )


def _check_depth(data: bytes) -> None:
    """Only braces matter, so all else is taken out first: in C, for a form has a megabyte of it."""
    plain = data
    for escaped in _ESCAPED:
        plain = plain.replace(escaped, b"")
    depths = list(accumulate(_STEPS[brace] for brace in plain.translate(None, _NO_BRACES)))
    if depths and max(depths) > _DEEPEST:
        raise hostile("it is nested far deeper than any form")
    # Pictures kept as bytes hold braces that are none.
    if depths and depths[-1] > 0 and b"\\bin" not in data:
        raise damaged("its end is missing")


def _has_changes(data: bytes) -> bool:
    """The patterns look at every backslash; most documents have none of these words."""
    return any(word in data for word in (rb"\deleted", rb"\revised", rb"\mvf", rb"\mvt"))


def _without_deleted(data: bytes) -> bytes:
    """The document with every deletion accepted: the words go, what holds the page together stays."""
    kept: list[bytes] = []
    done = 0
    for found in _DELETED.finditer(data):
        if found.start() >= done:
            kept.append(data[done:found.end()])
            words, done = without_text(data, found.end())
            kept.append(words)
    kept.append(data[done:])
    return b"".join(kept)


def _with_fields(data: bytes) -> tuple[bytes, bool]:
    """Each tick box and drop-down of Word 97 printed as text; → (the document, whether a tick box had no state)."""
    if b"FORMCHECKBOX" not in data and b"FORMDROPDOWN" not in data:
        return data, False
    kept: list[bytes] = []
    done, lost = 0, False
    for start, end in spans_of(_FIELD, data):
        group = data[start:end]
        shown = _shown(group)
        lost = lost or (shown is None and b"FORMCHECKBOX" in group)
        if shown is not None:
            kept += (data[done:start], b"{", shown, b"}")
            done = end
    kept.append(data[done:])
    return b"".join(kept), lost


def _without_boxes(data: bytes) -> tuple[bytes, tuple[str, ...]]:
    """Each text box replaced by its token, so that its lines do not run into the line it hangs on; → (it, their texts)."""
    kept: list[bytes] = []
    boxes: list[str] = []
    done = 0
    for start, end in spans_of(_SHAPE, data) if rb"\shptxt" in data else ():
        texts = [plain_text(raw) for raw in groups_of(_BOX, data[start:end])]
        if texts:
            kept += (data[done:start], rb"{\uc0", *(rb"\u%d " % ord(c) for c in box_token(len(boxes))), b"}")
            boxes.append("\n".join(texts).strip())
            done = end
    kept.append(data[done:])
    return b"".join(kept), tuple(boxes)


def _shown(field: bytes) -> bytes | None:
    """What a form field shows, in rich text; None for another field, or one whose state nobody wrote down."""
    state, default = _STATE.search(field), _DEFAULT.search(field)
    if state is None and default is None:
        return None
    number = int(state[1]) if state else _FROM_DEFAULT
    if number == _FROM_DEFAULT:
        number = int(default[1]) if default else 0
    if b"FORMCHECKBOX" in field:
        return rb"\uc0\u%d " % ord(TICKED if number else UNTICKED)
    if b"FORMDROPDOWN" not in field:
        return None
    entries = _ENTRY.findall(field)
    return entries[number] if number < len(entries) else b""


def _around(data: bytes) -> tuple[tuple[str, str], ...]:
    """Each page header and footer once; some writers list them again for each kind of page."""
    found = dict.fromkeys((place, plain_text(raw)) for place, start in _AROUND.items() for raw in groups_of(start, data))
    return tuple(found)


def _remarks(data: bytes) -> tuple[tuple[str, str], ...]:
    """Comments as (who, text), without those we put there ourselves when we sent the form back."""
    found: list[tuple[str, str]] = []
    before = 0
    for start, end in spans_of(_REMARK, data):
        head = data[max(before, start - _BEFORE):start]
        if _last(_INITIALS.findall(head)) != COMMENT_INITIALS:
            found.append((_last(_WHO.findall(head)), plain_text(data[start:end])))
        before = end
    return tuple(found)


def _last(raw: Iterable[bytes]) -> str:
    return next((plain_text(text) for text in reversed(list(raw))), "")


def _oddities(data: bytes, lost: bool) -> tuple[str, ...]:
    """What is there and was neither opened nor run (CHK-007), and what another program lost."""
    fetched = any(pattern.search(data) for pattern in _FETCHED)
    odd = (("external links", fetched), ("embedded objects", _OBJECT.search(data)), (LOST_TICKS, lost))
    return tuple(word for word, found in odd if found)
