"""Wrappers: what is no document itself and holds documents. Found by the bytes, whatever the name says; opened one level.

Pure Python over bytes, every loop and every size bounded, nothing written anywhere: safe outside the reading child. A
mail saved as .eml is named here and opened by intake, for parsers know no mail.
"""

from collections.abc import Callable

from mailflow.errors import UnreadableError
from parsers import compound
from parsers.sniff import Kind, sniff
from parsers.wrapped import tnef, zipped
from parsers.wrapped.outlook_message import is_message, unwrap_message
from parsers.wrapped.packed import Packed

_READERS: dict[Kind, Callable[[bytes], tuple[Packed, ...]]] = {
    Kind.TNEF: tnef.unwrap_tnef,
    Kind.MSG: unwrap_message,
    Kind.ZIP: zipped.unwrap_zip,
}


def find_wrapper(data: bytes) -> Kind | None:
    """TNEF, MSG, ZIP or EML; None for anything else. Never raises: what can't be told is for the document reader."""
    if data.startswith(tnef.MAGIC):
        return Kind.TNEF
    if data.startswith(zipped.MAGIC):
        return Kind.ZIP if zipped.is_plain_zip(data) else None
    if data.startswith(compound.MAGIC):
        try:
            return Kind.MSG if is_message(data) else None
        except UnreadableError:
            return None
    return Kind.EML if sniff(data).kind is Kind.EML else None


def unwrap(kind: Kind, data: bytes) -> tuple[Packed, ...]:
    """What a wrapper of that kind (not EML) holds. Raises UnreadableError."""
    return _READERS[kind](data)
