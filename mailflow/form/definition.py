"""form.toml ↔ FormDefinition: the questions of one form, known to sending and to reading.

Field ids are ``section.item`` ("voice.evidence"); a table cell is ``table.row.column`` ("actions.2.due"), rows from 1.
"""

import re
import tomllib
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from mailflow.errors import ConfigError

COMMON_PROMPTS = (
    "Click here to enter text.", "Click or tap here to enter text.", "Choose an item.",
    "Click or tap to enter a date.", "Click here to enter a date.",
)

# Headings our own form prints beside its definition's words: reading must not count them as left over.
INSTRUCTIONS_HEADING = "How to fill in this form"
AREAS_HEADING = "What the record shows"


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


@dataclass(frozen=True)
class FormField:
    """One question. ``stage`` is "pre"/"post" for grades given twice, "" otherwise.

    ``prefilled`` answers are ours and locked; ``required`` is CHK-011/013's; ``prompt`` is the grey text in the box.
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

    def cell_tag(self, row: int, column: FormField) -> str:
        """Tag of one cell, rows from 1: ``mf:actions.2.due``."""
        return f"mf:{self.id}.{row}.{column.id.split('.')[-1]}"


@dataclass(frozen=True)
class FormSection:
    """A heading with its fields and tables. ``domain`` sections are judged and graded.

    ``lines`` are the key lines of enquiry printed as guidance. ``categories`` limits a section to some case categories
    (empty = every case); a section that does not apply is left out of the form that is sent.
    """

    id: str
    title: str
    fields: tuple[FormField, ...] = ()
    tables: tuple[FormTable, ...] = ()
    lines: tuple[str, ...] = ()
    guidance: str = ""
    domain: bool = False
    categories: tuple[str, ...] = ()

    def applies_to(self, category: str) -> bool:
        return not self.categories or category in self.categories

    def by_part(self, part: Part) -> tuple[FormField, ...]:
        return tuple(f for f in self.fields if f.part == part)


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
        printed = [self.title, INSTRUCTIONS_HEADING, AREAS_HEADING, *self.instructions, *self.prompts]
        for s in self.sections:
            printed += [s.title, s.guidance, *s.lines]
        for f in fields:
            printed += [f.label, f.hint, f.prompt, *f.choices]
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
        return FormDefinition(self.id, self.edition, self.title, kept, self.instructions, self.prompts)

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


_FORM_KEYS = {"id", "edition", "title", "instructions", "sections", "domain_items", "prompts"}
_SECTION_KEYS = {"id", "title", "items", "tables", "lines", "guidance", "domain", "categories"}
_FIELD_KEYS = {"id", "label", "kind", "part", "required", "prefilled", "stage", "choices", "prompt", "hint"}
_TABLE_KEYS = {"id", "label", "columns", "rows"}


def load_form(path: Path) -> FormDefinition:
    """Read a form.toml. ``[[domain_items]]`` are the fields every ``domain = true`` section gets.

    Raises ConfigError naming file and key, every problem at once.
    """
    try:
        plain = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as e:
        raise ConfigError(f"{path}: {e}") from e
    problems: list[str] = []
    _complain_unknown(problems, path, "", plain, _FORM_KEYS)
    common = plain.get("domain_items", [])
    sections = tuple(_section(problems, path, s, common) for s in plain.get("sections", []))
    ids = [f.id for s in sections for f in s.fields] + [c.id for s in sections for t in s.tables for c in t.columns]
    problems += [f"{path}: the field id {i} stands twice" for i in sorted({i for i in ids if ids.count(i) > 1})]
    if problems:
        raise ConfigError(problems)
    return FormDefinition(
        id=plain["id"], edition=str(plain["edition"]), title=plain["title"], sections=sections,
        instructions=tuple(plain.get("instructions", ())),
        prompts=COMMON_PROMPTS + tuple(plain.get("prompts", ())),
    )


def _complain_unknown(problems: list[str], path: Path, where: str, table: dict[str, Any], known: set[str]) -> None:
    problems += [f"{path}: unknown key {where}{key}" for key in table if key not in known]
    required = {"id", "title"} & known
    problems += [f"{path}: {where}{key} is missing" for key in sorted(required) if key not in table]


def _section(problems: list[str], path: Path, plain: dict[str, Any], common: list[dict[str, Any]]) -> FormSection:
    where = f"sections.{plain.get('id', '?')}."
    _complain_unknown(problems, path, where, plain, _SECTION_KEYS)
    section_id = str(plain.get("id", "?"))
    items = list(plain.get("items", [])) + (common if plain.get("domain") else [])
    return FormSection(
        id=section_id, title=str(plain.get("title", "")),
        fields=tuple(_field(problems, path, where, section_id, i) for i in items),
        tables=tuple(_table(problems, path, where, section_id, t) for t in plain.get("tables", [])),
        lines=tuple(plain.get("lines", ())), guidance=str(plain.get("guidance", "")),
        domain=bool(plain.get("domain", False)), categories=tuple(plain.get("categories", ())),
    )


def _field(
    problems: list[str], path: Path, where: str, owner: str, plain: dict[str, Any], section: str = ""
) -> FormField:
    known = {k: v for k, v in plain.items() if k in _FIELD_KEYS}
    name = f"{where}{plain.get('id', '?')}"
    problems += [f"{path}: unknown key {name}.{k}" for k in plain if k not in _FIELD_KEYS]
    problems += [f"{path}: {name}.{k} is missing" for k in ("id", "label", "kind") if k not in plain]
    try:
        kind, part = Kind(known.get("kind", "text")), Part(known.get("part", "other"))
    except ValueError as e:
        problems.append(f"{path}: {name}: {e}")
        kind, part = Kind.TEXT, Part.OTHER
    return FormField(
        id=f"{owner}.{known.get('id', '?')}", label=str(known.get("label", "")), kind=kind, part=part,
        section=section or owner, required=bool(known.get("required", True)),
        prefilled=bool(known.get("prefilled", False)), stage=str(known.get("stage", "")),
        choices=tuple(known.get("choices", ())), prompt=str(known.get("prompt", "")), hint=str(known.get("hint", "")),
    )


def _table(problems: list[str], path: Path, where: str, section: str, plain: dict[str, Any]) -> FormTable:
    inner = f"{where}{plain.get('id', '?')}."
    problems += [f"{path}: unknown key {inner}{k}" for k in plain if k not in _TABLE_KEYS]
    table_id = str(plain.get("id", "?"))
    columns = tuple(_field(problems, path, inner, table_id, c, section) for c in plain.get("columns", []))
    return FormTable(table_id, str(plain.get("label", "")), section, columns, int(plain.get("rows", 5)))
