"""The workbook that is sent as a form (DOC-02): the blank with our answers in their cells, its passport and nothing else new.

The blank is the council's own restyled one, ours, or one made from the form. A place such as ``{{ ref }}`` is replaced as
text: a workbook is no template language, and what is put in is not looked at again.
"""

import re
from datetime import date
from functools import lru_cache, partial
from pathlib import Path

from lxml import etree

from mailflow.errors import ConfigError, PermanentError
from mailflow.form.definition import FormDefinition, FormField, FormTable, Kind, Part
from mailflow.form.passport import make_passport, to_text
from mailflow.model import Answer, Document, Reading
from mailflow.scene import Scene
from outbox.blank.controls import menu_of, value_name
from outbox.blank.workbook import build_workbook
from outbox.forms.cells import Cells
from outbox.forms.packing import Member, pack, read_members, write_members
from outbox.forms.stamp import parse_part, stamp_template, to_bytes
from outbox.forms.values import clean, print_texts

KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_PLACE = re.compile(r"\{\{\s*([\w.]+)\s*\}\}")
_PRINTED = re.compile(r"xl/(worksheets|drawings)/[^/]+\.xml|xl/sharedStrings\.xml|docProps/[^/]+\.xml")
# An ampersand opens a command in a printed margin.
_MARGIN = re.compile(r"(odd|even|first)(Header|Footer)")


def fill_workbook(scene: Scene, form: FormDefinition, folders: tuple[Path, ...], secret: bytes,
                  reading: Reading | None = None) -> Document:
    """The audit's form as a workbook, prefilled; with the answers of an earlier ``reading`` where there is one.

    Raises ConfigError naming the council's workbook where it prints something nobody gives, or is none that opens;
    PermanentError where an earlier answer has no cell.
    """
    data, name = _find_blank(form, folders)
    texts = print_texts(scene, form)
    values = {
        "council": clean(scene.council.name), "marking": clean(scene.framework.send.marking), "ref": scene.audit.ref,
        "passport": to_text(make_passport(secret, scene.audit.ref, form.id, form.edition)),
        **{f"values.{value_name(field)}": text for field, text in texts.items()},
    }
    try:
        members = {m.name: m for m in read_members(data)}
        parts = stamp_template({n: m.unpack() for n, m in members.items()})
        parts = {n: _print(part, values) if _PRINTED.fullmatch(n) else part for n, part in parts.items()}
        cells = Cells(parts)
        _write_texts(cells, form, texts)
        if reading is not None:
            _write_answers(cells, form, reading)
        parts |= cells.finish()
    except (etree.XMLSyntaxError, KeyError, ValueError) as e:
        raise ConfigError(f"{name}: {e}") from e
    packed = write_members(_packed(n, part, members) for n, part in parts.items())
    return Document(f"Audit form {scene.audit.ref}.xlsx", KIND, packed)


def _packed(name: str, part: bytes, members: dict[str, Member]) -> Member:
    old = members.get(name)
    return old if old is not None and old.unpack() == part else pack(name, part)


def _find_blank(form: FormDefinition, folders: tuple[Path, ...]) -> tuple[bytes, str]:
    """The nearest folder's workbook; where that folder has a form.toml and no workbook, one made from the form."""
    for folder in folders:
        path = folder / "documents" / f"{form.id}.xlsx"
        if path.is_file():
            return path.read_bytes(), str(path)
        if (folder / "form.toml").is_file():
            break
    return _made(form), f"the form {form.id}"


_made = lru_cache(maxsize=8)(build_workbook)


def _print(part: bytes, values: dict[str, str]) -> bytes:
    """The part with every place filled. Raises ValueError for one nobody fills."""
    if b"{{" not in part:
        return part
    root = parse_part(part)
    for e in root.iter():
        if isinstance(e.tag, str) and e.text and "{{" in e.text:
            margin = bool(_MARGIN.fullmatch(etree.QName(e).localname))
            e.text = _PLACE.sub(partial(_value, values, margin), e.text)
    return to_bytes(root)


def _value(values: dict[str, str], margin: bool, hit: re.Match[str]) -> str:
    if hit[1] not in values:
        raise ValueError(f"{hit[0]} is printed, but nothing gives it; there are {', '.join(sorted(values))}")
    return values[hit[1]].replace("&", "&&") if margin else values[hit[1]]


def _write_texts(cells: Cells, form: FormDefinition, texts: dict[str, str]) -> None:
    for field in form.fields:
        if field.id in texts and cells.has(field.bookmark):
            cells.write(field.bookmark, texts[field.id])


def _write_answers(cells: Cells, form: FormDefinition, reading: Reading) -> None:
    """Our own header is printed afresh, and whether a child is at risk now is asked afresh: neither is carried."""
    for field in form.fields:
        answer = reading.answers.get(field.id)
        if answer and answer.text and not field.prefilled and field.part is not Part.CONCERN:
            if not cells.has(field.bookmark):
                raise PermanentError(f"the workbook of {form.id} has no cell named {field.bookmark} for an answer that is there")
            cells.write(field.bookmark, _shown(field, answer))
    for table in form.tables:
        _write_rows(cells, table, reading)


def _write_rows(cells: Cells, table: FormTable, reading: Reading) -> None:
    for number, row in enumerate(reading.rows.get(table.id, ()), 1):
        answers = {c.id.split(".")[-1]: row.get(c.id.split(".")[-1]) or row.get(c.id) for c in table.columns}
        values = {c.id.split(".")[-1]: _shown(c, a) for c in table.columns if (a := answers[c.id.split(".")[-1]]) and a.text}
        names = {column: f"mf_{table.id}_{number}_{column}" for column in answers}
        if any(cells.has(name) for name in names.values()):
            for column, value in values.items():
                cells.write(names[column], value)
        else:
            cells.add_row({column: f"mf_{table.id}_{table.rows}_{column}" for column in answers}, values)


def _shown(field: FormField, answer: Answer) -> str | date:
    """What the cell shows: the list's own words for what was chosen, a day as a day, anything else as it was typed."""
    if field.kind is Kind.DATE and answer.value:
        try:
            return date.fromisoformat(answer.value)
        except ValueError:
            return clean(answer.text)
    shown = next((words for words, value in menu_of(field) if answer.value == value), "")
    return shown or clean(answer.text)
