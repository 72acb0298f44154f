"""What a check may look at: one return with everything round it, and small readings of it.

Checks ask by part, stage and kind. Where an answer has a job of its own (the start date, the meeting) it is asked for
by the name after the dot in its id ("header.started" → "started"); a council's own form may spell it otherwise (``form.actions``).
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from mailflow.form.actions import action_columns, name_of, row_number
from mailflow.form.definition import FormDefinition, FormField, FormSection, Kind, Part
from mailflow.form.grades import GradeRow, areas_of, by_practitioner, rows_of
from mailflow.form.passages import runs_of
from mailflow.framework.scales import Band
from mailflow.framework.schema_checks import CheckRules
from mailflow.grading import band_of, is_graded, overall_grade, rank_of, row_grade, say_band
from mailflow.model import Answer, Person, Reading, Submission
from mailflow.process.checks.seen import Action, Elsewhere, Item, Problem, Writing, day_of
from mailflow.process.checks.text import clip, says_not_applicable
from mailflow.scene import Scene

__all__ = ["LONDON", "Action", "Elsewhere", "Look", "Problem", "Writing", "day_of", "is_na", "name_of", "row_number"]
LONDON = ZoneInfo("Europe/London")
# Scores somebody else gives: the family its worker, the panel the audit.
NOT_OURS = ("family_score", "audit_quality")
_NO_ANSWER = Answer("", "")
_NO_ACTION = re.compile(r"\W*(none|nil|n\s*/?\s*a|not applicable|no (further )?actions?( (needed|required|identified))?)\W*",
                        re.IGNORECASE)


@dataclass(frozen=True)
class Look:
    """One return under the eyes of the checks. ``previous`` is the submission it amends, ``earlier`` all before it.

    ``parent`` is the last return of the audit this one repeats (re-audits), ``elsewhere`` what other audits say alike.
    ``moderator`` has sent it, where it is a moderation.
    """

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
    parent: Submission | None = None
    elsewhere: tuple[Elsewhere, ...] = ()
    moderator: Person | None = None

    @cached_property
    def form(self) -> FormDefinition:
        """The form as this case was sent it: sections of other categories are left out."""
        return self.scene.form.for_category(self.scene.case.category)

    @property
    def reading(self) -> Reading:
        return self.submission.reading

    @property
    def rules(self) -> CheckRules:
        """The profile's thresholds and word lists."""
        return self.scene.framework.checks

    @property
    def received_on(self) -> date:
        return self.received_at.astimezone(LONDON).date()

    @cached_property
    def runs(self) -> dict[str, frozenset[int]]:
        """Field → the eight-word runs of its text, for the answers that are long enough to have any."""
        found = {f.id: runs_of(self.text(f.id)) for f in self.typed_fields if f.kind is Kind.NOTES}
        return {field_id: runs for field_id, runs in found.items() if runs}

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

    def asking(self, *names: str) -> tuple[FormField, ...]:
        """The fields of this form that ask one of those things (``asks``), in page order."""
        return tuple(f for f in self.typed_fields if f.asks in names)

    def joined(self, fields: tuple[FormField, ...]) -> str:
        return "\n".join(t for t in (self.text(f.id) for f in fields) if t)

    def title(self, section_id: str) -> str:
        return self.form.section(section_id).title

    @cached_property
    def areas(self) -> tuple[FormSection, ...]:
        """Everything that is judged, whether it applies or not."""
        return areas_of(self.form)

    @cached_property
    def domains(self) -> tuple[FormSection, ...]:
        """The judged areas that apply to this case."""
        return tuple(s for s in self.areas if self.applies(s))

    @cached_property
    def unused(self) -> frozenset[str]:
        """Ids of the fields of judged areas that do not apply."""
        used = set(map(id, self.domains))
        return frozenset(f.id for s in self.areas if id(s) not in used for f in s.fields)

    @cached_property
    def noted(self) -> tuple[FormField, ...]:
        """Notes in which something is written, of sections and questions that apply."""
        left = {f.id for item in self.items if all(is_na(self.answer(s.id)) for s in item.scores) for f in item.notes}
        return tuple(f for f in self.typed_fields if f.kind is Kind.NOTES and f.id not in self.unused and f.id not in left
                     and self.text(f.id) and not says_not_applicable(self.text(f.id)))

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """Every scored question of the auditor's, in page order, with the notes beside it."""
        scored: dict[str, list[FormField]] = {}
        notes: dict[str, list[FormField]] = {}
        for f in self.typed_fields:
            if f.part is Part.SCORE and f.asks not in NOT_OURS and not f.feedback and not by_practitioner(f):
                scored.setdefault(f.item or f.id, []).append(f)
            elif f.part is Part.NOTES and f.item:
                notes.setdefault(f.item, []).append(f)
        return tuple(Item(i, fields[0].section, tuple(fields), tuple(notes.get(i, ()))) for i, fields in scored.items())

    @cached_property
    def age_months(self) -> int | None:
        """The child's age where a line of the header gives it (in years, or as a date of birth), else None."""
        age, born = self.find_named(Part.HEADER, "age"), self.header_day("date_of_birth")
        if born:
            return (self.received_on.year - born.year) * 12 + self.received_on.month - born.month
        years = re.search(r"\d{1,2}", self.text(age.id)) if age else None
        return 12 * int(years.group()) if years else None

    def must_answer(self, f: FormField) -> bool:
        """Does the question's ``when`` hold for this case? False too where it has none."""
        return f.when is not None and f.when.holds(self.scene.case.category, self.age_months)

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

    @cached_property
    def grade(self) -> str:
        """The overall grade, after the conversation."""
        return overall_grade(self.scene.framework, self.form, self.reading)

    @cached_property
    def rows(self) -> tuple[GradeRow, ...]:
        """What the auditor grades in the areas that apply: a section, or each question of one that grades its questions."""
        return tuple(row for s in self.domains for row in rows_of(s))

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
                    letter = cells.get("priority", _NO_ANSWER).value or ""
                    yield Action(n, {"due": ids[when], **ids}, cells.get("text", _NO_ANSWER).text.strip(),
                                 cells.get("owner", _NO_ANSWER).text.strip(), cells.get("due", _NO_ANSWER), cells.get("priority"),
                                 dict(table.due_days).get(letter.upper()))

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


def is_na(answer: Answer) -> bool:
    """Does it say "Not applicable"? "N/A, Good" says neither."""
    return answer.value == "not_applicable" or (not answer.candidates and says_not_applicable(answer.text))
