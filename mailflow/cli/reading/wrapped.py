"""A file that is only the wrapping (winmail.dat, .msg, .eml, .zip): the one form inside is what is told of it."""

import hashlib
from dataclasses import replace

from mailflow.model import Attachment, Reading, Status
from mailflow.steps.unpack import Item, unpack
from parsers.guard import LIMITS
from parsers.read import unreadable
from parsers.sandbox import Pool
from parsers.wrapped.wrappers import find_wrapper

SEVERAL = "several"


def read_file(pool: Pool, data: bytes, name: str) -> Reading:
    """The reading of a document, or of the one form in a wrapping. Several forms in one are for a person to part."""
    if find_wrapper(data) is None:
        return pool.read(data, name)
    items = unpack((Attachment(name, "", data, hashlib.sha256(data).hexdigest()),), LIMITS.whole)
    readings = [_read(pool, item) for item in items if not item.picture]
    readable = [r for r in readings if r.status is Status.READABLE]
    if len(readable) > 1:
        return unreadable(SEVERAL, f"There are {len(readable)} forms in this file. Please take them out and read them one by one.")
    return next(iter(readable or readings), unreadable("empty", "This file holds no document."))


def _read(pool: Pool, item: Item) -> Reading:
    reading = item.refused or pool.read(item.attachment.data, item.attachment.name)
    return replace(reading, packed_in=item.packed_in)
