"""Dates and lists in words, as letters print them (HR-06)."""

from collections.abc import Sequence
from datetime import date, datetime

from mailflow.process.calendar import local

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
          "November", "December")
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
GRADES = {"inadequate": "Inadequate", "requires_improvement": "Requires improvement", "good": "Good",
          "outstanding": "Outstanding", "not_applicable": "Not applicable"}

# Types of audit as people say them; a council's own type is said as it is written.
KINDS = {"audit": "case-file audits", "themed": "themed audits", "peer": "peer audits", "reaudit": "re-audits",
         "dip": "dip samples"}


def day_words(day: date) -> str:
    """Tuesday 30 June 2026."""
    return f"{DAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]} {day.year}"


def moment_words(moment: datetime) -> str:
    """Tuesday 30 June 2026, 3:30pm (London)."""
    there = local(moment)
    return f"{day_words(there.date())}, {there.hour % 12 or 12}:{there.minute:02d}{'am' if there.hour < 12 else 'pm'}"


def month_words(cycle: str) -> str:
    """"2606" → June 2026."""
    return f"{MONTHS[int(cycle[2:4]) - 1]} 20{cycle[:2]}"


def and_list(words: Sequence[str]) -> str:
    """a, b and c."""
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def one_line(sentences: Sequence[str]) -> str:
    """Sentences as one line, for a list of reasons: "The form is locked; nothing names an audit"."""
    return "; ".join(s.rstrip(".") for s in sentences)
