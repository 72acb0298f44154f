"""Receive: what is in the inbox is stored and committed before anything else happens to it.

Nothing is moved here. A message already kept (same Message-ID and same content, whatever its place) changes nothing.
"""

import logging
import tempfile
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Literal

from mailflow.errors import PermanentError, TemporaryError
from mailflow.intake import content_digest, find_arrival, find_message_id
from mailflow.mailbox import MessageGone, Ref
from mailflow.model import Disposition
from mailflow.steps.house import House
from outbox.assemble import is_own_message_id

log = logging.getLogger(__name__)


def receive(house: House, now: datetime, *, copies: bool = True) -> int:
    """Store every message of the inbox that is not stored yet; how many were new. ``copies=False`` moves nothing."""
    if copies:
        house.mailbox.file_own_copies(partial(is_own_message_id, house.secret))
    fresh = 0
    with tempfile.TemporaryDirectory(prefix="mailflow-") as folder:
        for ref in house.mailbox.list_new():
            fresh += _receive_one(house, ref, Path(folder) / "message", now, copies)
    return fresh


def _receive_one(house: House, ref: Ref, target: Path, now: datetime, copies: bool) -> int:
    try:
        house.mailbox.fetch(ref, target)
    except MessageGone:
        return 0  # A person moved it between our look and our fetch; it is theirs.
    except PermanentError as e:
        log.warning("a message in the inbox could not be fetched and stays there: %s", e)
        return 0
    raw = target.read_bytes()
    target.unlink()
    message_id, digest = find_message_id(raw), content_digest(raw)
    with house.store.tx():
        kept = house.store.receive(message_id, digest, ref.place, raw, _received_at(house, raw, now))
        if kept is not None:
            house.store.journal("received", now, data={"inbound": kept.id, "size": len(raw)})
    if kept is not None:
        return 1
    earlier = house.store.find_inbound(message_id, digest)
    # Moved before and here again: a person put it back, or a restored backup met a mailbox that had gone on.
    if copies and earlier is not None and earlier.state == "done" and (earlier.settled or earlier.place != ref.place):
        house.mailbox.file(ref.place, folder_of(earlier.disposition))
    return 0


def _received_at(house: House, raw: bytes, now: datetime) -> datetime:
    """When the council's server took it (CLK-04: after an outage a form is not late because we were), else now.

    A stamp is believed only after the last good look: what lay in the inbox before that was seen then.
    """
    arrived, last = find_arrival(raw), house.store.find_meta("last_good_poll")
    if arrived is None or last is None or not datetime.fromisoformat(last) <= arrived <= now:
        return now
    return arrived


def folder_of(disposition: str) -> Literal["filed", "held"]:
    """Where a handled message belongs: what a person must look at stays in sight."""
    return "held" if disposition == Disposition.HOLD else "filed"


def settle(house: House) -> int:
    """Move handled messages out of the inbox, only now that their effects are committed. Running twice is fine."""
    moved = 0
    for inbound in house.store.unsettled():
        try:
            house.mailbox.file(inbound.place, folder_of(inbound.disposition))
        except (TemporaryError, PermanentError) as e:
            # It is handled; where it lies is of less moment than the reminders and letters that wait behind it.
            log.warning("message %s could not be moved and is tried again in the next pass: %s", inbound.id, e)
            continue
        with house.store.tx():
            house.store.settle_inbound(inbound.id)
        moved += 1
    return moved
