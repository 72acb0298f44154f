"""Intake: bytes → Message, commands, and which audit a document belongs to. Pure: no clock, no disk, no network."""

from mailflow.intake.arrival import find_arrival
from mailflow.intake.automatic import find_away_until
from mailflow.intake.commands import WORDS, parse_command
from mailflow.intake.courtesy import is_thanks, promises_form
from mailflow.intake.digest import content_digest, find_message_id
from mailflow.intake.matching import Match, Signals, decide_match
from mailflow.intake.message import read_message

__all__ = [
    "WORDS", "Match", "Signals", "content_digest", "decide_match", "find_arrival", "find_away_until", "find_message_id",
    "is_thanks", "parse_command", "promises_form", "read_message",
]
