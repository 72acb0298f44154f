"""Unpack: what came in wrapping (winmail.dat, .msg, .eml, .zip) → the documents inside, each with what it lay in.

This is done here and not in the reading child, for bytes have to come back and the child sends only JSON. It is safe
here because the wrappers' readers are pure Python over bytes, bound every loop and every size, and open no document.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from mailflow.errors import UnreadableError
from mailflow.intake import UNOPENED, Found, documents_in, found_document, pick
from mailflow.model import Attachment, Reading, Unreadable
from parsers.guard import LIMITS, too_large
from parsers.read import unreadable
from parsers.sniff import Kind
from parsers.wrapped.packed import MOST_DOCUMENTS, Packed
from parsers.wrapped.wrappers import find_wrapper, unwrap

# A wrapper in a wrapper is opened, one more is not.
MOST_LEVELS = 2
# The mark on the reading of something that was not opened: a person looks inside it.
LEFT_CLOSED = "left closed"
_ZIP_IN_ZIP = "A zip folder inside a zip folder is not opened."
_TOO_DEEP = "It is packed inside more than two wrappings, and is not opened."
_NOT_TO_THE_END = "A mail inside could not be opened to its end."
# What a wrapper is called that turned out to hold no document. An empty winmail.dat is the packing of a mail's text.
_HOLDS_NOTHING = {
    Kind.ZIP: "This zip folder holds no document.",
    Kind.MSG: "This saved Outlook message holds no document.",
    Kind.EML: "This saved mail message holds no document.",
}


@dataclass(frozen=True)
class Item(Found):
    """One document to be read. ``packed_in`` is "report.zip in winmail.dat", innermost first, "" for none.

    ``refused`` is the reading of what is not to be opened, and says why.
    """

    packed_in: str = ""
    refused: Reading | None = None


def unpack(attachments: Iterable[Attachment], most_bytes: int) -> tuple[Item, ...]:
    """Every document of a mail once, in order, wrappers replaced by what is inside; pictures by intake's rule.

    A wrapper of more than ``most_bytes`` stays as it is, for the reader to refuse.
    """
    room = _Room(most_bytes)
    given = (_item(found_document(one.name, one.data, one.kind, shown=False)) for one in attachments)
    once: dict[tuple[str, str], Item] = {}
    for item in pick([i for one in given for i in _open(one, (), room)]):
        once.setdefault((item.attachment.sha, item.refused.words if item.refused else ""), item)
    return tuple(once.values())


@dataclass
class _Room:
    """What one mail's wrappers may still unpack to, whatever number of them it brings."""

    most_bytes: int
    left: int = LIMITS.whole
    documents: int = field(default=MOST_DOCUMENTS)

    def take(self, packed: tuple[Packed, ...]) -> tuple[Packed, ...]:
        self.left -= sum(len(p.data) for p in packed)
        self.documents -= len(packed)
        if self.left < 0 or self.documents < 0:
            raise too_large("what the mail's wrappings hold is more than any mail needs")
        return packed


def _open(item: Item, around: tuple[Kind, ...], room: _Room) -> list[Item]:
    """The item itself, or, where it is a wrapper, what is to be read of it."""
    data = item.attachment.data
    kind = find_wrapper(data) if item.refused is None and len(data) <= room.most_bytes else None
    if kind is None:
        return [item]
    if kind is Kind.ZIP and Kind.ZIP in around:
        return [_closed(item, _ZIP_IN_ZIP)]
    if len(around) == MOST_LEVELS:
        return [_closed(item, _TOO_DEEP)]
    try:
        packed = room.take(_contents(kind, data))
    except UnreadableError as e:
        return [replace(item, refused=unreadable(e.reason, str(e)))]
    place = f"{item.attachment.name} in {item.packed_in}" if item.packed_in else item.attachment.name
    inside = list(pick([i for p in packed for i in _open(_item_of(p, place), (*around, kind), room)]))
    if not inside and kind in _HOLDS_NOTHING:
        return [replace(item, refused=unreadable(Unreadable.EMPTY.value, _HOLDS_NOTHING[kind]))]
    return inside


def _contents(kind: Kind, data: bytes) -> tuple[Packed, ...]:
    """What a wrapper holds. Mails inside mails are intake's own walk, with its own bound. Raises UnreadableError."""
    if kind is not Kind.EML:
        return unwrap(kind, data)
    oddities: list[str] = []
    found = tuple(Packed(a.name, a.data) for a in documents_in(data, oddities))
    cut = any(odd.startswith(UNOPENED) for odd in oddities)
    return (*found, Packed("", b"", closed=_NOT_TO_THE_END)) if cut else found


def _item_of(packed: Packed, place: str) -> Item:
    item = _item(found_document(packed.name, packed.data, "", packed.shown), place)
    return _closed(item, packed.closed) if packed.closed else item


def _item(found: Found, place: str = "") -> Item:
    return Item(found.attachment, found.picture, found.meant, place)


def _closed(item: Item, words: str) -> Item:
    reading = unreadable(Unreadable.UNSUPPORTED.value, words)
    return replace(item, refused=replace(reading, oddities=(LEFT_CLOSED,)), picture=False)
