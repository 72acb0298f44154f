"""form.toml → FormDefinition. Every problem of a file is said at once, each with its key."""

import re
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

from mailflow.errors import ConfigError
from mailflow.form.definition import (
    AREAS_HEADING,
    ASKS,
    COMMON_PROMPTS,
    Applies,
    FormDefinition,
    FormExport,
    FormField,
    FormSection,
    FormTable,
    Kind,
    Part,
)
from mailflow.form.family import join_halves, wrong_feedback

_FORM_KEYS = {"id", "edition", "title", "instructions", "sections", "domain_items", "prompts", "printed", "areas",
              "exports"}
_SECTION_KEYS = {"id", "title", "items", "tables", "lines", "guidance", "domain", "categories", "columns", "words",
                 "sheet", "asks"}
_FIELD_KEYS = {"id", "label", "kind", "part", "required", "prefilled", "stage", "choices", "prompt", "hint", "scale", "whole",
               "number", "words", "marks", "feedback", "sources", "asks", "right", "when", "lenient"}
_ITEM_KEYS = _FIELD_KEYS | {"field", "columns"}
_TABLE_KEYS = {"id", "label", "columns", "rows", "words", "due_from", "due_days", "feedback"}
_AGE = re.compile(r"(?:(\d{1,2})y)?(?:(\d{1,2})m)?")
_EXPORT_KEYS = {"name", "of", "shape", "label"}
_SHAPES = ("fields", "rows", "table", "questions")
_OF_THE_KIND = ("kind", "choices", "scale", "whole", "marks", "prompt", "right")
Plain = dict[str, Any]


def load_form(path: Path) -> FormDefinition:
    """Read a form.toml. ``[[domain_items]]`` are the fields every ``domain = true`` section gets.

    An item's field id is ``section.item``, or what its ``field`` says. An item with ``columns`` (ids of the section's
    ``[[sections.columns]]``) has one field in each, ``item.column``. Raises ConfigError naming file and key, every
    problem at once.
    """
    try:
        plain = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as e:
        raise ConfigError(f"{path}: {e}") from e
    return read_form(plain, str(path))


def read_form(plain: Plain, name: str) -> FormDefinition:
    """The same for what TOML held; ``name`` is said before each problem."""
    loader = _Loader(name)
    loader.check_keys("", plain, _FORM_KEYS, ("id", "edition", "title"))
    common = plain.get("domain_items", [])
    sections = tuple(loader.section(s, common) for s in plain.get("sections", []))
    ids = [f.id for s in sections for f in s.fields] + [c.id for s in sections for t in s.tables for c in t.columns]
    loader.problems += [f"{name}: the field id {i} stands twice" for i in sorted({i for i in ids if ids.count(i) > 1})]
    exports = tuple(loader.export(r) for r in plain.get("exports", []))
    if loader.problems:
        raise ConfigError(loader.problems)
    return FormDefinition(
        id=plain["id"], edition=str(plain["edition"]), title=plain["title"], sections=sections,
        instructions=tuple(plain.get("instructions", ())),
        prompts=COMMON_PROMPTS + tuple(plain.get("prompts", ())), printed=tuple(plain.get("printed", ())),
        areas=str(plain.get("areas", AREAS_HEADING)), exports=exports,
    )


class _Loader:
    """Collects the problems of one file while its tables become values."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.problems: list[str] = []

    def check_keys(self, where: str, table: Plain, known: set[str], required: tuple[str, ...]) -> None:
        self.problems += [f"{self.name}: unknown key {where}{key}" for key in table if key not in known]
        self.problems += [f"{self.name}: {where}{key} is missing" for key in required if key not in table]

    def export(self, plain: Plain) -> FormExport:
        self.check_keys("exports.", plain, _EXPORT_KEYS, ("name", "of", "shape"))
        if plain.get("shape") not in _SHAPES:
            self.problems.append(f"{self.name}: exports.{plain.get('name', '?')}.shape is one of {', '.join(_SHAPES)}")
        return FormExport(*(str(plain.get(key, "")) for key in ("name", "of", "shape", "label")))

    def section(self, plain: Plain, common: list[Plain]) -> FormSection:
        section_id = str(plain.get("id", "?"))
        where = f"sections.{section_id}."
        self.check_keys(where, plain, _SECTION_KEYS, ("id", "title"))
        columns = {str(c.get("id", "?")): c for c in plain.get("columns", [])}
        for name, column in columns.items():
            self.check_keys(f"{where}columns.{name}.", column, _FIELD_KEYS, ("id", "label"))
        items = list(plain.get("items", [])) + (common if plain.get("domain") else [])
        if "asks" in plain:
            # What a section asks, each of its questions asks that does not say something of its own.
            items = [{"asks": plain["asks"]} | i for i in items]
        return FormSection(
            id=section_id, title=str(plain.get("title", "")),
            fields=tuple(f for i in items for f in self.item(where, section_id, i, columns)),
            tables=tuple(self.table(where, section_id, t) for t in plain.get("tables", [])),
            lines=tuple(plain.get("lines", ())), guidance=str(plain.get("guidance", "")),
            domain=bool(plain.get("domain", False)), categories=tuple(plain.get("categories", ())),
            words=str(plain.get("words", "")), sheet=str(plain.get("sheet", "")),
        )

    def item(self, where: str, section: str, plain: Plain, columns: dict[str, Plain]) -> list[FormField]:
        """The fields of one item: one, or one in each of its columns."""
        item_id = str(plain.get("id", "?"))
        wanted = plain.get("columns", [])
        required = ("id", "label") if wanted else ("id", "label", "kind")
        self.check_keys(f"{where}{item_id}.", plain, _ITEM_KEYS, required)
        if not wanted:
            field = str(plain.get("field", f"{section}.{item_id}"))
            return [replace(self.field(where, field, plain, section), item=field)]
        name = str(plain.get("field", item_id))
        found = []
        for column_id in wanted:
            column = columns.get(column_id)
            if column is None:
                self.problems.append(f"{self.name}: {where}{item_id}.columns names {column_id}, which is no column of the section")
                continue
            # A column that says what its answers are needs nothing of what the item says of the others.
            said = {k: v for k, v in column.items() if k not in ("id", "label", "words")}
            both = {k: v for k, v in plain.items() if "kind" not in column or k not in _OF_THE_KIND} | said
            both |= join_halves(plain.get("feedback"), column.get("feedback"))
            made = self.field(where, f"{name}.{column_id}", both, section)
            found.append(replace(made, item=name, column=str(column.get("label", "")), column_words=str(column.get("words", ""))))
        return found

    def field(self, where: str, field_id: str, plain: Plain, section: str) -> FormField:
        name = f"{where}{plain.get('id', '?')}"
        try:
            kind, part = Kind(plain.get("kind", "text")), Part(plain.get("part", "other"))
        except ValueError as e:
            self.problems.append(f"{self.name}: {name}: {e}")
            kind, part = Kind.TEXT, Part.OTHER
        scale = tuple(plain.get("scale", ()))
        if scale and (len(scale) != 2 or not all(type(n) is int for n in scale) or scale[0] >= scale[1]):
            self.problems.append(f"{self.name}: {name}.scale is [least, greatest] in whole numbers")
        if kind is Kind.SCORE and not scale:
            self.problems.append(f"{self.name}: {name}.scale is missing")
        feedback = self.feedback(name, plain)
        return FormField(
            id=field_id, label=str(plain.get("label", "")), kind=kind, part=part, section=section,
            required=bool(plain.get("required", True)), prefilled=bool(plain.get("prefilled", False)),
            stage=str(plain.get("stage", "")), choices=tuple(plain.get("choices", ())), prompt=str(plain.get("prompt", "")),
            hint=str(plain.get("hint", "")), scale=scale, whole=bool(plain.get("whole", True)),
            number=str(plain.get("number", "")), words=str(plain.get("words", "")), marks=tuple(plain.get("marks", ())),
            feedback=feedback, sources=tuple(plain.get("sources", ())),
            **self.meaning(name, plain),
        )

    def meaning(self, name: str, plain: Plain) -> Plain:
        """``asks``, ``right`` and ``when``: what checks need to know of a question besides its part."""
        asks, right, when = str(plain.get("asks", "")), str(plain.get("right", "")), plain.get("when")
        if asks and asks not in ASKS:
            self.problems.append(f"{self.name}: {name}.asks is one of {', '.join(ASKS)}")
        if right and right not in plain.get("choices", ()):
            self.problems.append(f"{self.name}: {name}.right is one of its choices")
        plainly: Plain = {"asks": asks, "right": right, "lenient": bool(plain.get("lenient", False))}
        if when is None:
            return plainly
        self.check_keys(f"{name}.when.", when, {"category", "age_from"}, ())
        age = _AGE.fullmatch(str(when.get("age_from", "")))
        if age is None:
            self.problems.append(f"{self.name}: {name}.when.age_from is an age such as 15y9m or 4y")
        years, months = age.groups() if age else (None, None)
        return plainly | {"when": Applies(tuple(when.get("category", ())), 12 * int(years or 0) + int(months or 0))}

    def table(self, where: str, section: str, plain: Plain) -> FormTable:
        table_id = str(plain.get("id", "?"))
        inner = f"{where}{table_id}."
        self.check_keys(inner, plain, _TABLE_KEYS, ("id", "label", "columns"))
        columns = []
        for c in plain.get("columns", []):
            column_id = str(c.get("id", "?"))
            self.check_keys(f"{inner}{column_id}.", c, _FIELD_KEYS, ("id", "label", "kind"))
            columns.append(self.field(inner, f"{table_id}.{column_id}", c, section))
        days = tuple((str(letter), int(n)) for letter, n in plain.get("due_days", {}).items())
        return FormTable(table_id, str(plain.get("label", "")), section, tuple(columns), int(plain.get("rows", 5)),
                         str(plain.get("words", "")), str(plain.get("due_from", "")), days,
                         self.feedback(f"{where}{table_id}", plain))

    def feedback(self, name: str, plain: Plain) -> tuple[str, ...]:
        """Which part of whose views an answer is: one text, or a list of them."""
        said = plain.get("feedback", ())
        found = (said,) if isinstance(said, str) else tuple(said)
        self.problems += [f"{self.name}: {name}.{words}" for words in wrong_feedback(found, plain)]
        return found
