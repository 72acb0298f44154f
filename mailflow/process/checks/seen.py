"""What checks see and say, as values: a problem, a piece of writing, an action, another audit's words."""

import re
from dataclasses import dataclass, field
from datetime import date

from mailflow.form.definition import FormField
from mailflow.model import Answer, Severity
from mailflow.process.checks.text import days_in

# A problem's ``section`` where it speaks of the whole form, whatever fields it names.
WHOLE = "*"


@dataclass(frozen=True)
class Problem:
    """What a check found, before it has words. ``values`` fill the placeholders; ``wording`` picks "CHK-nnn.wording".

    ``severity`` is for the few checks whose weight depends on the case ("0 actions blocks, 11 warn"); None = the table's.
    """

    fields: tuple[str, ...] = ()
    values: dict[str, str] = field(default_factory=dict)
    wording: str = ""
    severity: Severity | None = None
    detail: str = ""
    section: str = ""


@dataclass(frozen=True)
class Writing:
    """Something the auditor typed: the field it stands in ("" for text outside every answer), its heading, the text."""

    field: str
    section: str
    text: str


@dataclass(frozen=True)
class Action:
    """One row of an action table. ``n`` is the row as printed, from 1; ``ids`` maps column name to field id.

    ``priority`` is the letter that stands for a time to do it in, None in a form that has no such column; ``days`` are the
    letter's. A table with letters and no dates has the letter's id for "due".
    """

    n: int
    ids: dict[str, str]
    text: str
    owner: str
    due: Answer
    priority: Answer | None = None
    days: int | None = None

    @property
    def due_on(self) -> date | None:
        return day_of(self.due)


@dataclass(frozen=True)
class Item:
    """One question: its score fields (three where it has parts A, B and C) and the notes beside them."""

    id: str
    section: str
    scores: tuple[FormField, ...]
    notes: tuple[FormField, ...]


@dataclass(frozen=True)
class Elsewhere:
    """What another case's audit says in the same words: its reference, its texts, and if the same auditor wrote it."""

    ref: str
    texts: tuple[str, ...]
    own: bool


def day_of(answer: Answer) -> date | None:
    """The settled date, or the last one that can be read in the text ("by 12/06/2026, at the core group")."""
    if answer.value and re.fullmatch(r"\d{4}-\d\d-\d\d", answer.value):
        return date.fromisoformat(answer.value)
    found = days_in(answer.text)
    return found[-1] if found else None
