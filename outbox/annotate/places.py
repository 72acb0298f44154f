"""Where in a returned document a question stands: by our own marks, by the place the reading gave it, by its words.

Our bookmarks and tags are surest. A council's own form has none: there the reading says "table 3, row 2, column 2". Where
that leads nowhere a comment can stand, the printed label is looked for by its words.
"""

import re
from collections.abc import Mapping
from functools import cached_property

from lxml import etree

from mailflow.form.definition import FormDefinition, FormField
from mailflow.model import Answer
from mailflow.model.place import Place, parse_place
from outbox.annotate.spots import NOWHERE, Spot, Spots
from outbox.annotate.walk import find_cells
from outbox.forms.controls import find_controls

_LABEL_TAG = "label:"


class Places:
    """An index of one document: marks, places of ``answers`` (by field id), and printed labels. ``w`` is its namespace."""

    def __init__(self, document: etree._Element, form: FormDefinition, answers: Mapping[str, Answer], w: str) -> None:
        self._document, self._form, self._w = document, form, w
        self._answers = answers
        self._said = {i: place for i, a in answers.items() if (place := parse_place(a.place))}
        self._taken = frozenset(self._said.values())
        self._spots = Spots(w)
        self._bookmarks = {b.get(f"{w}name"): b for b in document.iter(f"{w}bookmarkStart")}
        self._controls = find_controls(document, w)

    def find(self, field_id: str) -> Spot:
        """Where a comment on that field goes; empty where the field can't be found."""
        field = self._form.find_field(field_id)
        if field is None:
            return NOWHERE
        bits = field_id.split(".")
        table = next((t for t in self._form.tables if t.id == bits[0]), None)
        if table is not None and len(bits) == 3 and bits[1].isdigit():
            number = int(bits[1])
            return (self._round_control(table.cell_tag(number, field)) or self._by_place(field_id, own_first=True)
                    or self._under_heading(field, number) or self._on_mark(field) or self._on_words(field))
        if field.headings:
            # The label stands for several answers, so the answer's own cell says more.
            return (self._round_control(field.tag) or self._by_place(field_id, own_first=True) or self._on_mark(field)
                    or self._on_words(field))
        return (self._on_mark(field) or self._by_place(field_id) or self._on_words(field) or self._round_control(field.tag))

    def start(self) -> Spot:
        """The document's first paragraph where a comment may stand; one is made where there is none."""
        body = self._document.find(f"{self._w}body")
        for p in self._document.iter(f"{self._w}p"):
            if self._spots.is_free(p):
                return self._spots.inside(p)
        fresh = etree.Element(f"{self._w}p")
        (self._document if body is None else body).insert(0, fresh)
        return self._spots.inside(fresh)

    @cached_property
    def _cells(self) -> dict[Place, etree._Element]:
        body = self._document.find(f"{self._w}body")
        return {} if body is None else find_cells(body, self._w)

    @cached_property
    def _labels(self) -> dict[str, etree._Element]:
        return _find_labels(self._document, self._form, self._w)

    def _on_mark(self, field: FormField) -> Spot:
        for inside in (self._bookmarks.get(field.bookmark), self._controls.get(_LABEL_TAG + field.id)):
            if inside is not None and (spot := self._spots.in_paragraph(self._paragraph_of(inside))):
                return spot
        return NOWHERE

    def _on_words(self, field: FormField) -> Spot:
        return self._spots.in_paragraph(self._labels.get(field.id))

    def _round_control(self, tag: str) -> Spot:
        control = self._controls.get(tag)
        return NOWHERE if control is None else self._spots.round_control(control)

    def _by_place(self, field_id: str, own_first: bool = False) -> Spot:
        """On the label beside the answer, else on the answer's own cell, else on the label above."""
        place = self._said.get(field_id)
        cell = self._cells.get(place) if place else None
        if place is None or cell is None or not self._is_there(self._answers[field_id], cell):
            return NOWHERE
        before = self._label_before(place)
        if own_first or not before:
            return self._spots.round_answer(cell) or before or self._label_above(place)
        return before

    def _is_there(self, answer: Answer, cell: etree._Element) -> bool:
        """Whether the cell says any word of the answer: a document that was counted otherwise is not commented at random."""
        words = set(re.findall(r"\w+", answer.text.casefold()))
        field = self._form.find_field(answer.field)
        return not words or bool(field and field.marks) or bool(words & set(re.findall(r"\w+", _all_text(cell).casefold())))

    def _label_before(self, place: Place) -> Spot:
        """The nearest words to the left in the row (outside tables: above) that are no answer."""
        if place.table:
            others = [place._replace(column=n) for n in range(place.column - 1, 0, -1)]
        else:
            others = [place._replace(row=n) for n in range(place.row - 1, 0, -1)]
        return next((spot for other in others if (spot := self._on_printed(other))), NOWHERE)

    def _label_above(self, place: Place) -> Spot:
        return self._on_printed(place._replace(row=place.row - 1)) if place.table else NOWHERE

    def _on_printed(self, place: Place) -> Spot:
        cell = self._cells.get(place)
        if cell is None or place in self._taken or not self._spots.text(cell):
            return NOWHERE
        return self._spots.in_holder(cell)

    def _under_heading(self, column: FormField, number: int) -> Spot:
        """The cell below a column's heading: a row is not a place of its own."""
        w, label = self._w, self._bookmarks.get(column.bookmark)
        label = self._labels.get(column.id) if label is None else label
        head = None if label is None else next(label.iterancestors(f"{w}tr"), None)
        if label is None or head is None:
            return NOWHERE
        rows = [r for r in head.itersiblings() if r.tag == f"{w}tr"]
        cells = list(rows[number - 1].findall(f"{w}tc")) if 0 < number <= len(rows) else []
        across = [c for c in head if c.tag in (f"{w}tc", f"{w}sdt")]
        own = next((n for n, c in enumerate(across) if c in (label, *label.iterancestors())), len(cells))
        return self._spots.in_paragraph(cells[own].find(f"{w}p")) if own < len(cells) else NOWHERE

    def _paragraph_of(self, inside: etree._Element) -> etree._Element | None:
        p = f"{self._w}p"
        if inside.tag == p:
            return inside
        above = next(inside.iterancestors(p), None)
        # A bookmark may stand between paragraphs: it then marks the next one.
        if above is None and inside.tag == f"{self._w}bookmarkStart":
            return next((e for e in inside.itersiblings() if e.tag == p), None)
        return above


def _find_labels(document: etree._Element, form: FormDefinition, w: str) -> dict[str, etree._Element]:
    """Printed labels by their words, section by section; a label that stands once on the page needs no section."""
    titles = {_squeeze(s.title): s for s in form.sections}
    wanted = {s.id: {_squeeze(f.label): f.id for f in (*s.fields, *(c for t in s.tables for c in t.columns))}
              for s in form.sections}
    found: dict[str, etree._Element] = {}
    printed: dict[str, list[etree._Element]] = {}
    section = ""
    for p in document.iter(f"{w}p"):
        text = _squeeze("".join(t.text or "" for t in p.iter(f"{w}t")))
        printed.setdefault(text, []).append(p)
        if text in titles:
            section = titles[text].id
        elif section and text in wanted[section]:
            found.setdefault(wanted[section][text], p)
    for label, field_id in (pair for labels in wanted.values() for pair in labels.items()):
        once = printed.get(label, ())
        if label and len(once) == 1:
            found.setdefault(field_id, once[0])
    return found


def _all_text(holder: etree._Element) -> str:
    """Every text there, of whatever namespace, parted by spaces where elements part it as well as not."""
    runs = [e.text or "" for e in holder.iter() if isinstance(e.tag, str) and e.tag.endswith("}t")]
    return "".join(runs) + " " + " ".join(runs)


def _squeeze(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip().rstrip(":").casefold()
