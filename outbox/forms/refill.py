"""Answers of an earlier reading put into a fresh form: carried over, and never as a template (OUT-22, OUT-30).

Our own header is printed afresh, and whether a child is at risk *now* is asked afresh: neither is carried.
"""

import copy
import zlib
from collections.abc import Mapping
from datetime import date

from lxml import etree

from mailflow.form.definition import FormDefinition, FormField, FormTable, Kind, Part
from mailflow.model import Answer, Reading
from outbox.forms.controls import W as _W
from outbox.forms.controls import find_controls
from outbox.forms.stamp import parse_part, to_bytes
from outbox.forms.values import clean

_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


def put_answers(document: bytes, form: FormDefinition, reading: Reading) -> bytes:
    """The document part with the reading's answers in its controls. Rows are added where there are more."""
    root = parse_part(document)
    boxes = find_controls(root)
    for field in form.fields:
        found = reading.answers.get(field.id)
        if found and found.text and field.tag in boxes and not field.prefilled and field.part is not Part.CONCERN:
            put_text(boxes[field.tag], field, found)
    for table in form.tables:
        _put_rows(boxes, table, reading.rows.get(table.id, ()))
    return to_bytes(root)


def _put_rows(boxes: dict[str, etree._Element], table: FormTable,
              rows: tuple[Mapping[str, Answer], ...]) -> None:
    first = next((boxes[table.cell_tag(1, c)] for c in table.columns if table.cell_tag(1, c) in boxes), None)
    if first is None:
        return
    last = next(first.iterancestors(f"{_W}tr"))
    # A row as it was before anything was typed into it, for those who need more rows than the form has.
    blank = copy.deepcopy(last)
    for number, answers in enumerate(rows, 1):
        found = next((boxes[t] for t in (table.cell_tag(number, c) for c in table.columns) if t in boxes), None)
        last = next(found.iterancestors(f"{_W}tr")) if found is not None else _add_row(boxes, table, blank, last, number)
        for column in table.columns:
            answer = answers.get(column.id.split(".")[-1]) or answers.get(column.id)
            box = boxes.get(table.cell_tag(number, column))
            if answer and answer.text and box is not None:
                put_text(box, column, answer)


def _add_row(boxes: dict[str, etree._Element], table: FormTable, blank: etree._Element,
             last: etree._Element, number: int) -> etree._Element:
    """One more row after the ``last``: the ``blank`` one with tags and ids of its own."""
    fresh = copy.deepcopy(blank)
    last.addnext(fresh)
    copied = find_controls(fresh)
    for column in table.columns:
        box = copied.get(table.cell_tag(1, column))
        if box is not None:
            name = table.cell_tag(number, column)
            boxes[name] = box
            for mark, value in (("tag", name), ("id", str(zlib.crc32(name.encode()) & 0x7FFFFFFF))):
                for e in box.findall(f"{_W}sdtPr/{_W}{mark}"):
                    e.set(f"{_W}val", value)
    return fresh


def put_text(box: etree._Element, field: FormField, answer: Answer) -> None:
    """Type an answer into a control as Word would: no longer a prompt, in the answer's own style."""
    text = clean(answer.text)
    if field.kind in (Kind.GRADE, Kind.CHOICE):
        text = _shown(box, answer.value) or text
    if field.kind is Kind.DATE:
        text = _set_date(box, answer.value) or text
    _fill(box, text)


def _shown(box: etree._Element, value: str | None) -> str:
    """What the drop-down shows for a settled value, "" where it has no such item."""
    for item in box.iter(f"{_W}listItem"):
        if value is not None and (item.get(f"{_W}value") or "").lower() == value:
            return item.get(f"{_W}displayText") or ""
    return ""


def _set_date(box: etree._Element, value: str | None) -> str:
    try:
        day = date.fromisoformat(value or "")
    except ValueError:
        return ""
    for picker in box.iter(f"{_W}date"):
        picker.set(f"{_W}fullDate", f"{day.isoformat()}T00:00:00Z")
    return f"{day:%d/%m/%Y}"


def _fill(box: etree._Element, text: str) -> None:
    props, content = box.find(f"{_W}sdtPr"), box.find(f"{_W}sdtContent")
    if props is None or content is None:
        return
    for mark in props.findall(f"{_W}showingPlcHdr"):
        props.remove(mark)
    home = content.find(f".//{_W}p")
    home = content if home is None else home
    for old in [e for e in home if e.tag != f"{_W}pPr"]:
        home.remove(old)
    run = etree.SubElement(home, f"{_W}r")
    for number, line in enumerate(text.split("\n")):
        if number:
            etree.SubElement(run, f"{_W}br")
        piece = etree.SubElement(run, f"{_W}t")
        piece.text = line.replace("\t", " ")
        piece.set(_SPACE, "preserve")
