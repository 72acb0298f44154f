"""A zip folder of documents: opened one level, with the guard's own checks. A zip inside it is for the caller to refuse."""

import re
import zipfile

from mailflow.errors import UnreadableError
from parsers import sniff
from parsers.guard import LIMITS, open_package, too_large
from parsers.wrapped.packed import MOST_DOCUMENTS, Packed, within_limits

MAGIC = b"PK"
# What systems leave in every zip: folders, and macOS's and Windows's notes about them.
_DEBRIS = re.compile(r"(?:.*/)?(?:__MACOSX/.*|\._[^/]*|\.DS_Store|Thumbs\.db|desktop\.ini)|.*/", re.I | re.S)
# Each entry of a zip's directory begins so; counted before the standard library makes an object of each.
_DIRECTORY_ENTRY = b"PK\x01\x02"


def is_plain_zip(data: bytes) -> bool:
    """Whether the bytes are a sound zip and no office document.

    One that the guard refuses (a password, a bomb, a damaged one) is not: whoever reads it as a document gives the
    guard's reason.
    """
    # A document inside may be stored unpacked, its own directory in clear.
    if not data.startswith(MAGIC) or data.count(_DIRECTORY_ENTRY) > 4 * LIMITS.members or len(data) > LIMITS.whole:
        return False
    try:
        return sniff.sniff(data).kind is sniff.Kind.DOCX and open_package(data).verdict().kind is sniff.Kind.ZIP
    except UnreadableError:
        return False


def unwrap_zip(data: bytes) -> tuple[Packed, ...]:
    """The documents inside, in their order. Raises UnreadableError: too many, too large, or one that lies about itself."""
    package = open_package(data)
    wanted = {name: info for name, info in package.members.items() if not _DEBRIS.fullmatch(name)}
    # Looked at before anything is unpacked.
    if len(wanted) > MOST_DOCUMENTS:
        raise too_large(f"it holds {len(wanted)} documents")
    if sum(info.file_size for info in wanted.values()) > LIMITS.whole:
        raise too_large("what it holds is larger than any form")
    return within_limits([Packed(_name(info), package.read(name)) for name, info in wanted.items()])


def _name(info: zipfile.ZipInfo) -> str:
    """The member's name; many programs write UTF-8 without saying so."""
    name = info.orig_filename
    if info.flag_bits & 0x800:
        return name
    try:
        return name.encode("cp437").decode("utf-8")
    except UnicodeError:
        return name
