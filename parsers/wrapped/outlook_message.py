"""A message saved from Outlook (.msg, MS-OXMSG): what was attached to it, by long name. Nothing else of it is read."""

from parsers.compound import MAGIC, Compound, Entry, open_compound
from parsers.wrapped.packed import Packed, within_limits

_PROPERTIES = "__properties_version1.0"
_ATTACHMENT = "__attach_version1.0_#"
_SUBSTANCE = "__substg1.0_"
# MAPI's names for what we look at: the long file name, the short one, the one shown; then the bytes and the message.
_NAMES = ("3707", "3704", "3001")
_DATA, _MESSAGE, _CONTENT_ID = "37010102", "3701000D", "3712"
_HIDDEN = bytes.fromhex("0B00FE7F")
LEFT_CLOSED = "A message inside a message inside a message is not opened."


def is_message(data: bytes) -> bool:
    """Whether the bytes are a saved message: the properties stand at the top, not in something a document embeds.

    Raises UnreadableError for a compound file that is damaged.
    """
    if not data.startswith(MAGIC) or _PROPERTIES.encode("utf-16-le") not in data:
        return False
    file = open_compound(data)
    return _PROPERTIES in file.inside(file.root)


def unwrap_message(data: bytes) -> tuple[Packed, ...]:
    """The attachments, and those of messages attached to it, one level. Raises UnreadableError.

    Objects drawn into the text (method OLE) are left out: they are Outlook's pictures, and nobody attached them.
    """
    file = open_compound(data)
    return within_limits(_attachments(file, file.root, outermost=True))


def _attachments(file: Compound, message: Entry, outermost: bool) -> list[Packed]:
    found: list[Packed] = []
    for name, folder in sorted(file.inside(message).items()):
        if name.startswith(_ATTACHMENT) and folder.is_folder:
            found += _attachment(file, file.inside(folder), outermost)
            # Streams may share their bytes, so a small file can claim to hold far more than itself.
            within_limits(found)
    return found


def _attachment(file: Compound, parts: dict[str, Entry], outermost: bool) -> list[Packed]:
    data, message = parts.get(_SUBSTANCE + _DATA), parts.get(_SUBSTANCE + _MESSAGE)
    if data is not None:
        shown = bool(_text(file, parts, _CONTENT_ID)) or _is_hidden(file, parts)
        name = next((n for tag in _NAMES if (n := _text(file, parts, tag))), "")
        return [Packed(name, file.read(data), shown)]
    if message is None or not message.is_folder or _PROPERTIES not in file.inside(message):
        return []
    return _attachments(file, message, outermost=False) if outermost else [Packed("", b"", closed=LEFT_CLOSED)]


def _text(file: Compound, parts: dict[str, Entry], tag: str) -> str:
    """A text property, in Unicode where there is one, else in the code page most of Outlook's users have."""
    for kind, code in (("001F", "utf-16-le"), ("001E", "cp1252")):
        found = parts.get(_SUBSTANCE + tag + kind)
        if found is not None and found.size <= 4096:
            return file.read(found).decode(code, "replace").rstrip("\0")
    return ""


def _is_hidden(file: Compound, parts: dict[str, Entry]) -> bool:
    """The fixed properties are rows of sixteen bytes after eight: tag, flags, value."""
    stream = parts.get(_PROPERTIES)
    rows = file.read(stream)[8:] if stream is not None else b""
    return any(rows[n:n + 4] == _HIDDEN and rows[n + 8:n + 9] == b"\1" for n in range(0, len(rows), 16))
