"""What a check may look at: one return with everything round it, and small readings of it.

Checks ask by part, stage and kind. Where an answer has a job of its own (the start date, the meeting) it is asked for
by the name after the dot in its id ("header.started" → "started"); a council's own form may spell it otherwise (``form.actions``).
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from mailflow.form.actions import action_columns, name_of, row_number
from mailflow.form.definition import FormDefinition, FormField, FormSection, Kind, Part
from mailflow.form.grades import GradeRow, grade_rows, rows_of
from mailflow.framework.scales import Band
from mailflow.grading import band_of, is_graded, overall_grade, rank_of, row_grade, say_band
from mailflow.model import Answer, Reading, Severity, Submission
from mailflow.process.checks.text import clip, days_in, says_not_applicable
from mailflow.scene import Scene

LONDON = ZoneInfo("Europe/London")
_NO_ANSWER = Answer("", "")
_NO_ACTION = re.compile(r"\W*(none|nil|n\s*/?\s*a|not applicable|no (further )?actions?( (needed|required|identified))?)\W*",
                        re.IGNORECASE)


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

    ``priority`` is the letter that stands for a time to do it in, None in a form that has no such column. A table with
    letters and no dates has the letter's id for "due".
    """

    n: int
    ids: dict[str, str]
    text: str
    owner: str
    due: Answer
    priority: Answer | None = None

    @property
    def due_on(self) -> date | None:
        return day_of(self.due)


@dataclass(frozen=True)
class Look:
    """One return under the eyes of the checks. ``previous`` is the submission it amends, ``earlier`` all before it."""

    scene: Scene
    submission: Submission
    previous: Submission | None
    mail_text: str
    received_at: datetime
    subject: str = ""
    earlier: tuple[Submission, ...] = ()
    own_refs: frozenset[str] = frozenset()
    is_case: Callable[[str], bool] | None = None
    staff_names: frozenset[str] = frozenset()
    own_wording: tuple[str, ...] = ()

    @cached_property
    def form(self) -> FormDefinition:
        """The form as this case was sent it: sections of other categories are left out."""
        return self.scene.form.for_category(self.scene.case.category)

    @property
    def reading(self) -> Reading:
        return self.submission.reading

    @property
    def received_on(self) -> date:
        return self.received_at.astimezone(LONDON).date()

    @cached_property
    def typed_fields(self) -> tuple[FormField, ...]:
        """Fields outside tables that the auditor fills in."""
        return tuple(f for f in self.form.fields if not f.prefilled)

    def answer(self, field_id: str) -> Answer:
        return self.reading.answers.get(field_id, _NO_ANSWER)

    def text(self, field_id: str) -> str:
        return self.answer(field_id).text.strip()

    def is_blank(self, f: FormField) -> bool:
        """Located, and nothing typed in it (what could not be located is CHK-006's alone)."""
        return f.id not in self.reading.missing and not self.text(f.id)

    def find_named(self, part: Part, name: str) -> FormField | None:
        """The field of that part whose id ends in the name ("header.met" → "met")."""
        return next((f for f in self.form.fields if f.part == part and name_of(f) == name), None)

    def header_day(self, name: str) -> date | None:
        """The date in a header field; of several dates typed there, the last ("met on 3 and 5 June")."""
        f = self.find_named(Part.HEADER, name)
        return day_of(self.answer(f.id)) if f else None

    def by_part(self, part: Part, domains: bool | None = None) -> tuple[FormField, ...]:
        """Fields of that part; ``domains`` True keeps those of judged sections, False the others."""
        return tuple(f for s in self.form.sections for f in s.by_part(part) if domains is None or s.domain == domains)

    def joined(self, fields: tuple[FormField, ...]) -> str:
        return "\n".join(t for t in (self.text(f.id) for f in fields) if t)

    def title(self, section_id: str) -> str:
        return self.form.section(section_id).title

    @cached_property
    def domains(self) -> tuple[FormSection, ...]:
        """The judged sections that apply to this case."""
        return tuple(s for s in self.form.domains if self.applies(s))

    def applies(self, section: FormSection) -> bool:
        """False where the auditor says "Not applicable", in a grade, at the start of the evidence or in every score, and
        gives no grade."""
        grades = [self.answer(f.id) for f in section.by_part(Part.GRADE)]
        said = [is_na(a) for a in grades]
        if any(a.text.strip() and not na for a, na in zip(grades, said, strict=True)):
            return True
        scores = [self.answer(f.id) for f in section.by_part(Part.SCORE)]
        if any(a.text.strip() and not is_na(a) for a in scores):
            return True
        unscored = bool(scores) and all(map(is_na, scores))
        return not (any(said) or unscored or says_not_applicable(self.joined(section.by_part(Part.EVIDENCE))))

    def domain_grade(self, section: FormSection, stage: str = "") -> str:
        """The grade of a section by its name, "" where there is none. No stage means the last one given."""
        rows = rows_of(section)
        return row_grade(self.scene.framework, rows[0], self.reading, stage) if rows else ""

    @cached_property
    def grade(self) -> str:
        """The overall grade, after the conversation."""
        return overall_grade(self.scene.framework, self.form, self.reading)

    @cached_property
    def rows(self) -> tuple[GradeRow, ...]:
        """What the auditor judges in the sections that apply: a section, or each question of one that grades its questions."""
        unused = {s.id for s in self.form.domains if not self.applies(s)}
        return tuple(row for row in grade_rows(self.form) if row.domain and row.section not in unused)

    def row_grade(self, row: GradeRow) -> str:
        """A row's grade by its name, "" where there is none or it is not applicable."""
        return row_grade(self.scene.framework, row, self.reading)

    def rank(self, grade: str) -> int:
        """1 is the lowest; 0 for no grade."""
        return rank_of(self.scene.framework, grade)

    def say(self, grade: str) -> str:
        """A grade's name in the framework's words."""
        return say_band(self.scene.framework, grade)

    def band(self, f: FormField) -> Band | None:
        """The band of a grade that was given; None where it was not settled, or no scale of the profile has it."""
        domain = any(s.id == f.section and s.domain for s in self.form.sections)
        return band_of(self.scene.framework, self.answer(f.id).value or "", domain)

    @property
    def is_graded(self) -> bool:
        return is_graded(self.scene.framework, self.scene.audit.type)

    @cached_property
    def actions(self) -> tuple[Action, ...]:
        """Rows with something in them that is not just "none"."""
        return tuple(a for a in self._action_rows() if not _NO_ACTION.fullmatch(a.text))

    def _action_rows(self) -> Iterator[Action]:
        for table in self.form.tables:
            columns = action_columns(table)
            when = "due" if "due" in columns else "priority"
            for place, row in enumerate(self.reading.rows.get(table.id, ()) if columns else (), 1):
                n = row_number(row, place)
                ids = {name: f"{table.id}.{n}.{column}" for name, column in columns.items()}
                cells = {name: row.get(column, _NO_ANSWER) for name, column in columns.items()}
                if any(a.text.strip() for a in cells.values()):
                    yield Action(n, {"due": ids[when], **ids}, cells.get("text", _NO_ANSWER).text.strip(),
                                 cells.get("owner", _NO_ANSWER).text.strip(), cells.get("due", _NO_ANSWER), cells.get("priority"))

    @cached_property
    def writings(self) -> tuple[Writing, ...]:
        """Everything typed as free text, action rows and text outside the answers included; concern details are not
        (they ask for a name and a number)."""
        found = [Writing(f.id, self.title(f.section), self.text(f.id)) for f in self.typed_fields
                 if f.kind in (Kind.TEXT, Kind.NOTES) and f.part != Part.CONCERN]
        for table in self.form.tables:
            for place, row in enumerate(self.reading.rows.get(table.id, ()), 1):
                n = row_number(row, place)
                found += [Writing(f"{table.id}.{n}.{name}", self.title(table.section), a.text) for name, a in row.items()]
        found += [Writing("", "", leftover.text) for leftover in self.reading.leftovers]
        return tuple(w for w in found if w.text.strip())

    @cached_property
    def staff(self) -> frozenset[str]:
        """Names of everybody known to have a part here, in lower case."""
        people = (p for group in self.scene.parties.people.values() for p in group)
        return frozenset({p.name.casefold() for p in people} | {n.casefold() for n in self.staff_names})

    @property
    def has_plan(self) -> bool:
        return bool(self.actions) or bool(self.improvements)

    @property
    def improvements(self) -> str:
        """What stands in the written improvements, "" where it is only "none"."""
        written = self.joined(self.by_part(Part.IMPROVEMENTS))
        return "" if _NO_ACTION.fullmatch(written) else written

    def label(self, f: FormField) -> str:
        """The question, short enough for a point of 25 words."""
        return clip(f.label, 8)

    def heading(self, section: FormSection | str) -> str:
        """The section's title, short enough for a point of 25 words."""
        return clip(section.title if isinstance(section, FormSection) else self.title(section))


def day_of(answer: Answer) -> date | None:
    """The settled date, or the last one that can be read in the text ("by 12/06/2026, at the core group")."""
    if answer.value and re.fullmatch(r"\d{4}-\d\d-\d\d", answer.value):
        return date.fromisoformat(answer.value)
    found = days_in(answer.text)
    return found[-1] if found else None


def is_na(answer: Answer) -> bool:
    """Does it say "Not applicable"? "N/A, Good" says neither."""
    return answer.value == "not_applicable" or (not answer.candidates and says_not_applicable(answer.text))
