"""Read: each stored message → a Message value; each attached document → a reading, made in the child process."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial

from mailflow.form.passport import is_ours
from mailflow.intake import parse_command, read_message
from mailflow.model import Attachment, Disposition, Message, Reading, Status, Unreadable, Wish
from mailflow.process.checks import find_danger
from mailflow.steps.effects import tell_now
from mailflow.steps.guard import attempt
from mailflow.steps.house import House
from mailflow.steps.unpack import Item, unpack
from mailflow.store import Inbound, StoredReading

# A message that fails this often is held for a person, with the reason, and the line goes on.
MAX_FAILURES = 6


def read(house: House, now: datetime) -> int:
    """Read every message received and not read yet; how many."""
    done = 0
    for inbound in house.store.take_inbound("new"):
        done += guarded(house, inbound, now, partial(_read_one, house, inbound))
    return done


def guarded(house: House, inbound: Inbound, now: datetime, step: Callable[[], None]) -> int:
    """One message's step under the guard. The failure is counted before the work, so that a message which kills the
    process again and again is held as well."""
    with house.store.tx():
        failures = house.store.note_failure(inbound.id, "started")
    if failures > MAX_FAILURES:
        # It is not opened again, not even to see whose it is: opening it may be what ends the process.
        _set_aside(house, inbound, now, "mailflow could not handle this message; please look at it yourself")
        return 1
    attempt(f"message {inbound.id}", step, partial(hold, house, inbound, now))
    return 1


def hold(house: House, inbound: Inbound, now: datetime, reason: str) -> None:
    """Set one message aside for a person, with its reason, and with whose it is where that can be read."""
    def named() -> None:
        message = message_of(house, inbound)
        _set_aside(house, inbound, now, reason, message.sender, message.subject)
        attempt(f"the notice about message {inbound.id}", partial(_tell, house, inbound, now, reason, message), lambda _: None)

    attempt(f"message {inbound.id} (its sender)", named, lambda _: _set_aside(house, inbound, now, reason))


def _tell(house: House, inbound: Inbound, now: datetime, reason: str, message: Message) -> None:
    """QA hears at once of a message that mailflow failed on; where it may be about a child in danger, as such."""
    command = parse_command(message.text)
    cried = command is not None and command.word == "CONCERN"
    danger = cried or find_danger([message.text], house.policy.framework.safety.words)
    facts = {"from_address": message.sender, "subject": message.subject, "reasons": (reason,), "kind": "automatic",
             "id": inbound.id, "note": ""}
    wish = Wish("OUT-91" if danger else "OUT-89", "qa", "failed", f"held-{inbound.digest[:20]}", facts=facts)
    tell_now(house, wish, now, inbound.id)


def _set_aside(house: House, inbound: Inbound, now: datetime, reason: str, sender: str = "", subject: str = "") -> None:
    with house.store.tx():
        house.store.finish_inbound(inbound.id, Disposition.HOLD, reason, inbound.audit, sender, subject)
        house.store.journal("held", now, inbound.audit, data={"inbound": inbound.id, "reason": reason})


def message_of(house: House, inbound: Inbound) -> Message:
    """The stored bytes as a value; pure, so it may be done again at any time."""
    rules = house.policy.framework.inbound
    own = frozenset({house.policy.settings.mailbox.address})
    return read_message(house.store.blob(inbound.sha), own, rules.require_auth, rules.auth_source)


def _read_one(house: House, inbound: Inbound) -> None:
    message = message_of(house, inbound)
    items = unpack(message.attachments, _most_bytes(house))
    readings = tuple(StoredReading(i.attachment.name, i.attachment.sha, read_item(house, i)) for i in items)
    with house.store.tx():
        for item in items:
            house.store.save_blob(item.attachment.data)
        house.store.save_readings(inbound.id, readings)


def _most_bytes(house: House) -> int:
    return house.policy.framework.inbound.max_attachment_mb * 1024 * 1024


def read_item(house: House, item: Item) -> Reading:
    """What one document was read as, and what it lay in."""
    reading = item.refused or read_attachment(house, item.attachment)
    return replace(reading, packed_in=item.packed_in) if item.packed_in else reading


def read_attachment(house: House, attachment: Attachment) -> Reading:
    """One document in the child process; too large a one is not opened at all."""
    limit = house.policy.framework.inbound.max_attachment_mb
    if len(attachment.data) > _most_bytes(house):
        return Reading(Status.UNREADABLE, reason=Unreadable.TOO_LARGE, words=f"The file is larger than {limit} MB.")
    reading = house.pool.read(attachment.data, attachment.name)
    if reading.passport is not None and is_ours(house.secret, reading.passport):
        return replace(reading, passport_ours=True)
    return reading
