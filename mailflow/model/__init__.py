"""The house's values: frozen, importing nothing of ours but each other."""

from mailflow.model.action import Action, ToldAction
from mailflow.model.audit import (
    Audit,
    Concern,
    ConcernState,
    Copy,
    Flag,
    Override,
    State,
    Submission,
)
from mailflow.model.beside import Beside
from mailflow.model.cycle import Cycle, CycleState, Missing, Proposal
from mailflow.model.difference import Difference, Differences, Turn
from mailflow.model.feedback import Attempt, Feedback, FeedbackState, Route
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
from mailflow.model.programme import Event
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
    "Absence", "Action", "Answer", "Attachment", "Attempt", "Audit", "Automatic", "Beside", "Bounce", "Case", "Command",
    "Concern", "ConcernState", "Copy", "Cycle", "CycleState", "Difference", "Differences", "Disposition", "Document", "Entry",
    "Event", "Feedback", "FeedbackState", "Finding", "Flag", "FoundBy", "Leftover", "Letter", "LetterState", "Message",
    "Missing", "Outcome", "Override", "Parties", "Passport", "Pending", "Person", "Point", "Proposal", "Reading", "Role",
    "Route", "Severity", "State", "Status", "Submission", "Timer", "ToldAction", "Trust", "Turn", "Unreadable", "Wish",
]
