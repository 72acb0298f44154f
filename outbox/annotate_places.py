"""Where in a returned document a field stands, so that a comment can be put there and the answer still be seen.

Measured (documents facts, section 3a): a comment inside a control hides the answer; on the label, or round a run-level
control, both are shown. A control round a whole cell is lowered to run level when it holds one paragraph.
"""

import re
from collections.abc import Sequence

from lxml import etree

from mailflow.form.definition import FormDefinition, FormField, FormTable
from outbox.word_controls import W, find_controls

_LABEL_TAG = "label:"

# What a comment goes round: elements next to one another in one paragraph that stands in no control.
Place = Sequence[etree._Element]


class Places:
    """An index of one document: bookmarks, controls and printed labels of the form's fields."""

    def __init__(self, document: etree._Element, form: FormDefinition) -> None:
        self._document, self._form = document, form
        self._bookmarks = {b.get(f"{W}name"): b for b in document.iter(f"{W}bookmarkStart")}
        self._controls = find_controls(document)
        self._labels = _find_labels(document, form)

    def find(self, field_id: str) -> Place:
        """Where a comment on that field goes; empty where the field can't be found."""
        field = self._form.find_field(field_id)
        if field is None:
            return ()
        bits = field_id.split(".")
        table = next((t for t in self._form.tables if t.id == bits[0]), None)
        if table is not None and len(bits) == 3 and bits[1].isdigit():
            return self._in_table(table, field, int(bits[1])) or self._on_label(field)
        return self._on_label(field) or self._round_control(field.tag)

    def start(self) -> Place:
        """The document's first paragraph that stands in no control; one is made where there is none."""
        body = self._document.find(f"{W}body")
        for p in self._document.iter(f"{W}p"):
            if _is_free(p):
                return _content(p)
        fresh = etree.Element(f"{W}p")
        (self._document if body is None else body).insert(0, fresh)
        return _content(fresh)

    def _on_label(self, field: FormField) -> Place:
        mark = self._bookmarks.get(field.bookmark)
        label = self._controls.get(_LABEL_TAG + field.id)
        for inside in (mark, label, self._labels.get(field.id)):
            p = None if inside is None else _paragraph_of(inside)
            if p is not None and _is_free(p):
                return _content(p)
        return ()

    def _round_control(self, tag: str) -> Place:
        control = self._controls.get(tag)
        if control is None:
            return ()
        if control.find(f"{W}sdtContent/{W}tc") is not None:
            lowered = _lower(control)
            if lowered is None:
                return ()
            control = self._controls[tag] = lowered
        home = control.getparent()
        return (control,) if home is not None and home.tag == f"{W}p" and _is_free(home) else ()

    def _in_table(self, table: FormTable, column: FormField, number: int) -> Place:
        found = self._round_control(table.cell_tag(number, column))
        if found:
            return found
        label = self._bookmarks.get(column.bookmark)
        label = self._labels.get(column.id) if label is None else label
        head = None if label is None else next(label.iterancestors(f"{W}tr"), None)
        if label is None or head is None:
            return ()
        rows = [r for r in head.itersiblings() if r.tag == f"{W}tr"]
        # A row is not a place of its own: the cell below its heading is.
        cells = list(rows[number - 1].findall(f"{W}tc")) if 0 < number <= len(rows) else []
        across = [c for c in head if c.tag in (f"{W}tc", f"{W}sdt")]
        own = next((n for n, c in enumerate(across) if c in (label, *label.iterancestors())), len(cells))
        p = cells[own].find(f"{W}p") if own < len(cells) else None
        return _content(p) if p is not None and _is_free(p) else ()


def _find_labels(document: etree._Element, form: FormDefinition) -> dict[str, etree._Element]:
    """Printed labels by their words, section by section: the fall-back where bookmarks and tags are gone."""
    titles = {_squeeze(s.title): s for s in form.sections}
    wanted = {s.id: {_squeeze(f.label): f.id for f in (*s.fields, *(c for t in s.tables for c in t.columns))}
              for s in form.sections}
    found: dict[str, etree._Element] = {}
    section = ""
    for p in document.iter(f"{W}p"):
        text = _squeeze("".join(t.text or "" for t in p.iter(f"{W}t")))
        if text in titles:
            section = titles[text].id
        elif section and text in wanted[section]:
            found.setdefault(wanted[section][text], p)
    return found


def _squeeze(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip().rstrip(":").casefold()


def _paragraph_of(inside: etree._Element) -> etree._Element | None:
    if inside.tag == f"{W}p":
        return inside
    above = next(inside.iterancestors(f"{W}p"), None)
    # A bookmark may stand between paragraphs: it then marks the next one.
    if above is None and inside.tag == f"{W}bookmarkStart":
        return next((e for e in inside.itersiblings() if e.tag == f"{W}p"), None)
    return above


def _is_free(p: etree._Element) -> bool:
    """True where no control is round the paragraph (nor text box or deleted row), so that a comment hides nothing."""
    return all(a.tag in _OPEN for a in p.iterancestors())


_OPEN = frozenset(f"{W}{name}" for name in ("tc", "tr", "tbl", "body", "document"))


def _content(p: etree._Element) -> Place:
    """What stands in a paragraph, after its properties; the paragraph itself where it is empty."""
    inside = [e for e in p if e.tag not in (f"{W}pPr", f"{W}commentRangeStart", f"{W}commentRangeEnd")
              and e.find(f".//{W}commentReference") is None]
    return inside or (p,)


def _lower(control: etree._Element) -> etree._Element | None:
    """A control round a whole cell put inside it, round the runs of its one paragraph; None where there are more."""
    content, row = control.find(f"{W}sdtContent"), control.getparent()
    if content is None or row is None or row.tag != f"{W}tr" or len(content) != 1:
        return None
    cell = content[0]
    inside = [e for e in cell if e.tag != f"{W}tcPr"]
    if len(inside) != 1 or inside[0].tag != f"{W}p":
        return None
    paragraph = inside[0]
    runs = [e for e in paragraph if e.tag != f"{W}pPr"]
    row.replace(control, cell)
    content.extend(runs)
    paragraph.append(control)
    return control
