"""The two strings that leave the house by themselves, checked: an address and a Message-ID."""

import re
from email.parser import BytesHeaderParser
from email.policy import compat32

from mailflow.errors import Broken, PermanentError

# What HTML calls a valid e-mail address: no space, newline, bracket, comma or quote can get through.
_ADDRESS = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}"
    r"@[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*"
)
_MESSAGE_ID = re.compile(r"<[\x21-\x3b\x3d\x3f-\x7e]{1,250}>")
# Headers longer than this are not read in search of a Message-ID.
HEADER_BYTES = 256 * 1024


def check_address(address: str) -> str:
    """The address as it may be put on an envelope. Raises PermanentError for the null address and anything odd."""
    if len(address) > 254 or not _ADDRESS.fullmatch(address):
        raise PermanentError(f"{address[:80]!r} is not an address a letter can be sent to")
    return address


def full_id(message_id: str) -> str:
    """A Message-ID of ours with its angle brackets. Raises Broken when it can't be one."""
    bracketed = message_id if message_id.startswith("<") else f"<{message_id}>"
    if not _MESSAGE_ID.fullmatch(bracketed):
        raise Broken(f"{message_id[:80]!r} is not a Message-ID")
    return bracketed


def read_message_id(start: bytes) -> str:
    """The Message-ID at the head of a message, with its brackets; "" where there is none to be read."""
    head = re.split(rb"\r?\n\r?\n", start[:HEADER_BYTES], maxsplit=1)[0]
    found = BytesHeaderParser(policy=compat32).parsebytes(head).get("Message-ID", "")
    inside = re.search(r"<[^<>\s]+>", str(found))
    return inside.group() if inside else ""


def check_carries(raw: bytes, message_id: str) -> str:
    """The Message-ID, bracketed, once the bytes are seen to carry it: evidence hangs on it. Raises Broken."""
    wanted = full_id(message_id)
    if read_message_id(raw) != wanted:
        raise Broken(f"the letter's own Message-ID is not the {wanted} it is sent under")
    return wanted
