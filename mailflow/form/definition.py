"""form.toml ↔ FormDefinition: the questions of one form, known to sending and to reading.

Field ids are ``section.item`` ("voice.evidence"); where a question has answers in several columns, ``item.column``
("q5.notes"); a table cell is ``table.row.column`` ("actions.2.due"), rows from 1.
"""

import re
from dataclasses import dataclass, replace
from enum import StrEnum

COMMON_PROMPTS = (
    "Click here to enter text.", "Click or tap here to enter text.", "Choose an item.",
    "Click or tap to enter a date.", "Click here to enter a date.", "Choose",
)

# Headings our own form prints beside its definition's words: reading must not count them as left over.
INSTRUCTIONS_HEADING = "How to fill in this form"
AREAS_HEADING = "What the record shows"
QUESTION_HEADING = "Question"
HINT_HEADING = "What to look at"


class Kind(StrEnum):
    """What an answer is: decides the control in Word and how the text is settled."""

    TEXT = "text"  # a line
    NOTES = "notes"  # paragraphs
    GRADE = "grade"  # a drop-down of grade words
    DATE = "date"  # a date picker
    CHOICE = "choice"  # a drop-down of ``choices``
    SCORE = "score"  # a number on ``scale``


class Part(StrEnum):
    """What an answer is for; the checks ask by part, never by field id."""

    HEADER = "header"
    EVIDENCE = "evidence"
    STRENGTHS = "strengths"
    IMPROVEMENTS = "improvements"
    GRADE = "grade"
    CONCERN = "concern"
    CONVERSATION = "conversation"
    THEMES = "themes"
    SCORE = "score"
    NOTES = "notes"
    OTHER = "other"


# What a question asks, where checks compare it with others (CHK-062 … 070, 093, 094, 114, 115): the words ``asks`` may say.
ASKS = (
    "story", "summary", "oversight", "supervision", "visits", "seen_alone", "thresholds", "level", "recording", "example", "voice",
    "impact", "family_score", "family_why", "discussion", "earlier", "agree", "audit_quality",
)


@dataclass(frozen=True)
class Applies:
    """When a question must be answered; elsewhere it may be "Not applicable". Keys are ANDed, an empty one is not asked.

    ``category`` lists case categories, ``from_months`` is the child's least age in months. Where the age is not known, a
    condition on it does not hold.
    """

    category: tuple[str, ...] = ()
    from_months: int = 0

    def holds(self, category: str, months: int | None) -> bool:
        if self.category and category not in self.category:
            return False
        return not self.from_months or (months is not None and months >= self.from_months)


@dataclass(frozen=True)
class FormField:
    """One question. ``stage`` is "pre"/"post" for grades given twice, "" otherwise.

    ``prefilled`` answers are ours and locked; ``required`` is CHK-011/013's; ``prompt`` is the grey text in the box.
    ``scale`` is a score's (least, greatest), ``whole`` that it has no fractions. Fields that are columns of one question
    share its ``item``, ``label`` and ``number`` ("Q5"), and each has its ``column``'s heading. ``words`` are the content
    words, in alphabetical order, by which another wording of the same label is known (a council's own form);
    ``marks`` the headings of columns where the answer is a cross under one of them. ``feedback`` says which part of whose
    views the answer is ("parent.score"; ".score" of whoever the form says), ``sources`` whose each of ``choices`` means.
    ``asks`` is one of :data:`ASKS`; ``right`` the choice that raises no question; ``when`` says for which cases the question
    must be answered. A ``lenient`` question must be answered too, but its blank only warns: the council's document has no
    box for it (SCN-20).
    """

    id: str
    label: str
    kind: Kind
    part: Part
    section: str
    required: bool = True
    prefilled: bool = False
    stage: str = ""
    choices: tuple[str, ...] = ()
    prompt: str = ""
    hint: str = ""
    scale: tuple[int, ...] = ()
    whole: bool = True
    item: str = ""
    number: str = ""
    column: str = ""
    words: str = ""
    column_words: str = ""
    marks: tuple[str, ...] = ()
    feedback: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    asks: str = ""
    right: str = ""
    when: Applies | None = None
    lenient: bool = False

    @property
    def headings(self) -> tuple[str, ...]:
        """The headings of the columns this answer takes; none for one that stands in no column."""
        return self.marks or ((self.column,) if self.column else ())

    @property
    def tag(self) -> str:
        """The content control's tag in Word."""
        return f"mf:{self.id}"

    @property
    def bookmark(self) -> str:
        """The bookmark round the printed label: letters, digits and underscores, at most 40."""
        return ("mf_" + re.sub(r"[^A-Za-z0-9]", "_", self.id))[:40]


@dataclass(frozen=True)
class FormTable:
    """A table people may add rows to. ``columns`` are fields whose ids are ``table.column``."""

    id: str
    label: str
    section: str
    columns: tuple[FormField, ...]
    rows: int = 5
    words: str = ""
    # Where a letter stands for a time limit: the day counted from (a field's id), and each letter's days.
    due_from: str = ""
    due_days: tuple[tuple[str, int], ...] = ()
    # Whose tries the rows are ("parent.attempts"); the columns are ``on``, ``at``, ``how`` and ``outcome``.
    feedback: tuple[str, ...] = ()

    def cell_tag(self, row: int, column: FormField) -> str:
        """Tag of one cell, rows from 1: ``mf:actions.2.due``."""
        return f"mf:{self.id}.{row}.{column.id.split('.')[-1]}"


@dataclass(frozen=True)
class FormSection:
    """A heading with its fields and tables. ``domain`` sections are judged and graded.

    ``lines`` are the key lines of enquiry printed as guidance. ``categories`` limits a section to some case categories
    (empty = every case); a section that does not apply is left out of the form that is sent. ``sheet`` names the worksheet
    that begins with this section where the form is a workbook; without it a section stands on the sheet before.
    """

    id: str
    title: str
    fields: tuple[FormField, ...] = ()
    tables: tuple[FormTable, ...] = ()
    lines: tuple[str, ...] = ()
    guidance: str = ""
    domain: bool = False
    categories: tuple[str, ...] = ()
    words: str = ""
    sheet: str = ""

    def applies_to(self, category: str) -> bool:
        return not self.categories or category in self.categories

    def by_part(self, part: Part) -> tuple[FormField, ...]:
        return tuple(f for f in self.fields if f.part == part)


@dataclass(frozen=True)
class FormExport:
    """How answers are told to other programs as one record: those whose ids begin with ``of``.

    ``shape`` is "fields" (one value each), "rows" (one a question, its ``label`` beside its columns), "table" (a table's
    rows) or "questions" (by the question as it is printed).
    """

    name: str
    of: str
    shape: str
    label: str = ""


@dataclass(frozen=True)
class FormDefinition:
    """A kind of document at one edition."""

    id: str
    edition: str
    title: str
    sections: tuple[FormSection, ...]
    instructions: tuple[str, ...] = ()
    # Prompts any editor may leave in an empty box besides the fields' own.
    prompts: tuple[str, ...] = COMMON_PROMPTS
    # Texts that other wordings of this form print besides labels, each as its content words in alphabetical order.
    printed: tuple[str, ...] = ()
    # The heading over the judged sections.
    areas: str = AREAS_HEADING
    exports: tuple[FormExport, ...] = ()

    @property
    def fields(self) -> tuple[FormField, ...]:
        """Every field outside tables, in page order."""
        return tuple(f for s in self.sections for f in s.fields)

    @property
    def tables(self) -> tuple[FormTable, ...]:
        return tuple(t for s in self.sections for t in s.tables)

    @property
    def domains(self) -> tuple[FormSection, ...]:
        return tuple(s for s in self.sections if s.domain)

    @property
    def wording(self) -> tuple[str, ...]:
        """Everything the form itself prints, so that it is never taken for what a person wrote."""
        fields = (*self.fields, *(c for t in self.tables for c in t.columns))
        printed = [self.title, INSTRUCTIONS_HEADING, self.areas, *self.instructions, *self.prompts]
        printed += [QUESTION_HEADING, HINT_HEADING]
        for s in self.sections:
            printed += [s.title, s.guidance, *s.lines]
        for f in fields:
            printed += [f.label, f.column, f.hint, *f.hint.split("\n"), f.prompt, *f.choices, *f.marks]
        printed += [t.label for t in self.tables]
        return tuple(dict.fromkeys(p for p in printed if p))

    def section(self, section_id: str) -> FormSection:
        """Raises KeyError for an id the form does not have."""
        for s in self.sections:
            if s.id == section_id:
                return s
        raise KeyError(section_id)

    def for_category(self, category: str) -> "FormDefinition":
        """The form as sent for a case of that category: sections that do not apply are left out."""
        kept = tuple(s for s in self.sections if s.applies_to(category))
        return self if len(kept) == len(self.sections) else replace(self, sections=kept)

    def find_field(self, field_id: str) -> FormField | None:
        """Also finds a table's cell ("actions.2.due" → the column's field)."""
        for f in self.fields:
            if f.id == field_id:
                return f
        for t in self.tables:
            bits = field_id.split(".")
            if len(bits) in (2, 3) and bits[0] == t.id:
                return next((c for c in t.columns if c.id == f"{t.id}.{bits[-1]}"), None)
        return None
