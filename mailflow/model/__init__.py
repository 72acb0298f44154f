"""The house's values: frozen, importing nothing of ours but each other."""

from mailflow.model.audit import (
    Audit,
    Concern,
    ConcernState,
    Copy,
    Cycle,
    Flag,
    Override,
    State,
    Submission,
)
from mailflow.model.beside import Beside
from mailflow.model.difference import Difference, Differences, Turn
from mailflow.model.finding import Finding, Point, Severity
from mailflow.model.letter import Document, Letter, LetterState, Wish
from mailflow.model.mail import (
    Attachment,
    Automatic,
    Bounce,
    Command,
    Disposition,
    Message,
    Trust,
)
from mailflow.model.outcome import Entry, Outcome, Pending, Timer
from mailflow.model.people import Absence, Case, Parties, Person, Role
from mailflow.model.reading import (
    Answer,
    FoundBy,
    Leftover,
    Passport,
    Reading,
    Status,
    Unreadable,
)

__all__ = [
    "Absence", "Answer", "Attachment", "Audit", "Automatic", "Beside", "Bounce", "Case", "Command", "Concern", "ConcernState",
    "Copy", "Cycle", "Difference", "Differences",
    "Disposition", "Document", "Entry", "Finding", "Flag", "FoundBy", "Leftover", "Letter", "LetterState",
    "Message", "Outcome", "Override", "Parties", "Passport", "Pending", "Person", "Point", "Reading", "Role",
    "Severity", "State", "Status", "Submission", "Timer", "Trust", "Turn", "Unreadable", "Wish",
]
