"""Intake: bytes → Message, commands, and which audit a document belongs to. Pure: no clock, no disk, no network."""

from mailflow.intake.arrival import find_arrival
from mailflow.intake.attachments import Found, found_document, pick
from mailflow.intake.automatic import find_away_until
from mailflow.intake.commands import WORDS, parse_command
from mailflow.intake.courtesy import is_thanks, promises_form
from mailflow.intake.digest import content_digest, find_message_id
from mailflow.intake.matching import Match, MaySend, Signals, decide_match
from mailflow.intake.message import UNOPENED, documents_in, read_message

__all__ = [
    "UNOPENED", "WORDS", "Found", "Match", "MaySend", "Signals", "content_digest", "decide_match", "documents_in", "find_arrival",
    "find_away_until", "find_message_id", "found_document", "is_thanks", "parse_command", "pick", "promises_form",
    "read_message",
]
