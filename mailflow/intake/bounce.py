"""A delivery report → which address failed, for good or for now, and which letter of ours it was (T-43)."""

import re
from email.message import Message as Part

from mailflow.intake.headers import find_ids, header_of, split_addresses, tolerate, without_comments
from mailflow.intake.parts import Piece, text_of
from mailflow.model import Bounce

_STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_ADDRESS = re.compile(r"<?\b([\w.+'=-]{1,64}@[\w-]+(?:\.[\w-]+)+)>?")
_FAILING_LINE = re.compile(r"(?:^\s*<?[\w.+'=-]{1,64}@[\w.-]+>?\s*[:(]|\b[45]\d\d[ -]|fail|reject|unknown|not exist|undeliver)",
                           re.I)
_DELIVERED = ("delivered", "relayed", "expanded")


def find_bounce(mail: Part, pieces: tuple[Piece, ...], text: str, own_addresses: frozenset[str]) -> Bounce | None:
    """What the report says; None where nothing failed (a report of success) or no address can be found."""
    blocks = _blocks(pieces)
    status = _from_report(blocks)
    if status is None and any(b.get("action") in _DELIVERED for b in blocks):
        return None
    address, code, permanent = status or _from_words(mail, text, own_addresses)
    if not address:
        return None
    return Bounce(address, permanent, _original_id(mail, pieces, text), code)


def is_success_report(pieces: tuple[Piece, ...]) -> bool:
    """A delivery report that says every recipient was reached: a receipt, not a bounce."""
    actions = [b["action"] for b in _blocks(pieces) if b.get("action")]
    return bool(actions) and all(a in _DELIVERED for a in actions)


def _blocks(pieces: tuple[Piece, ...]) -> list[dict[str, str]]:
    """The delivery-status part's blocks as {field in lower case: value}, values unfolded."""
    blocks = []
    for piece in pieces:
        if piece.letters or "delivery-status" not in piece.kind:
            continue
        text = re.sub(r"\r?\n[ \t]+", " ", piece.data.decode("utf-8", "replace"))
        for block in re.split(r"\n\s*\n", text.replace("\r\n", "\n")):
            fields = dict((k.strip().lower(), v.strip()) for k, _, v in (ln.partition(":") for ln in block.split("\n")) if v)
            if fields.get("action"):
                fields["action"] = without_comments(fields["action"]).strip().lower()
            blocks.append(fields)
    return blocks


def _from_report(blocks: list[dict[str, str]]) -> tuple[str, str, bool] | None:
    """(address, status, permanent) of the first recipient that was not reached; hard failures before soft ones."""
    found = []
    for block in blocks:
        recipient = block.get("original-recipient") or block.get("final-recipient") or ""
        address = _bare(recipient) or _bare(block.get("final-recipient", ""))
        action = block.get("action", "")
        if not address or action in _DELIVERED:
            continue
        status = _STATUS.search(block.get("status", "")) or _STATUS.search(block.get("diagnostic-code", ""))
        code = status.group() if status else ""
        # A delay is not a failure yet, whatever its code says.
        permanent = action != "delayed" and (code.startswith("5") or (not code and action == "failed"))
        found.append((address, code, permanent))
    return max(found, key=lambda one: one[2]) if found else None


def _bare(recipient: str) -> str:
    """ "rfc822; <a@b>" → "a@b"."""
    found = _ADDRESS.search(without_comments(recipient.partition(";")[2] or recipient))
    return found.group(1).lower() if found else ""


def _from_words(mail: Part, text: str, own_addresses: frozenset[str]) -> tuple[str, str, bool]:
    """Reports in plain words (qmail, exim, old gateways)."""
    listed = split_addresses(header_of(mail, "X-Failed-Recipients"))
    address = listed[0][1] if listed else _address_in_words(text, own_addresses)
    status = _STATUS.search(text)
    code = status.group() if status and status.group(1) in "45" else ""
    if code:
        return address, code, code.startswith("5")
    reply = re.search(r"\b([45])\d\d[ -]", text)
    for_now = re.search(r"\b(?:delayed|will (?:be retried|keep trying))\b", text, re.I)
    return address, "", not (for_now or (reply and reply.group(1) == "4"))


def _address_in_words(text: str, own_addresses: frozenset[str]) -> str:
    own = {a.lower() for a in own_addresses}
    lines = text[:20_000].split("\n")
    for sure in (True, False):
        for line in lines:
            found = _ADDRESS.search(line)
            if found and found.group(1).lower() not in own and (not sure or _FAILING_LINE.search(line)):
                return found.group(1).lower()
    return ""


def _original_id(mail: Part, pieces: tuple[Piece, ...], text: str) -> str:
    """Message-ID of the letter that came back: from the returned mail or its headers, else from the words."""
    for piece in pieces:
        if piece.kind in ("text/rfc822-headers", "message/rfc822-headers"):
            found = _id_in(text_of(piece, []))
            if found:
                return found
    returned = tolerate(lambda: _returned_mail(mail), None)
    ids = find_ids(header_of(returned, "Message-ID")) if returned is not None else ()
    named = (find_ids(header_of(mail, n)) for n in ("X-Original-Message-ID", "In-Reply-To", "References"))
    thread = next((found[-1] for found in named if found), "")
    return ids[0] if ids else _id_in(text) or thread


def _returned_mail(mail: Part) -> Part | None:
    """The first attached mail of a report, at most three levels down."""
    level = [mail]
    for _ in range(4):
        inside = [one for part in level for one in _held(part)]
        mails = [one for one, holder in inside if holder == "message/rfc822"]
        if mails:
            return mails[0]
        level = [one for one, _ in inside]
    return None


def _held(part: Part) -> list[tuple[Part, str]]:
    payload = part.get_payload()
    return [(one, part.get_content_type()) for one in payload if isinstance(one, Part)] if isinstance(payload, list) else []


def _id_in(text: str) -> str:
    found = re.search(r"(?im)^\s*(?:original-)?message-id\s*:\s*(<[^<>\n]{3,400}>)", text)
    return re.sub(r"\s+", "", found.group(1)) if found else ""
