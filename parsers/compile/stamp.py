"""A council's own Word form marked with what mailflow knows it by: tags, label bookmarks, a reference, drop-downs.

Its look is left alone: a tag and a bookmark do not print, and a box gets a list only where the form says what may stand
in it. Where the passport goes is ``outbox.forms.stamp``'s, which marks every form that is sent.
"""

import io
import zipfile
from collections import Counter

from lxml import etree

from mailflow.form.definition import FormDefinition, FormField, Kind
from mailflow.model import Unreadable
from parsers.compile.blank import flatten_rows
from parsers.compile.build import Compiled
from parsers.compile.places import Rows, find_elements
from parsers.guard import open_package, refuse
from parsers.locate.around import REFERENCE
from parsers.sniff import Kind as FileKind
from parsers.word.document import read_word
from parsers.word.names import Names, find_names
from parsers.word.parts import find_main

REFERENCE_LINE = f"{REFERENCE} {{{{ ref }}}}"
_CHOOSE = "Choose an item."
_GRADES = ("Outstanding", "Good", "Requires improvement", "Inadequate")
# What a control may be; a text control is any other.
_SPECIAL = ("dropDownList", "comboBox", "date", "picture", "docPartObj", "group", "citation", "equation", "bibliography")
# Where a tag stands among a control's properties.
_BEFORE_TAG = ("rPr", "alias")
_OUR_ID = 0x4D460000


def stamp_blank(data: bytes, made: Compiled, form: FormDefinition) -> bytes:
    """The same .docx with our marks in it. Raises UnreadableError where it is no Word form we can mark."""
    package = open_package(data)
    if package.verdict().kind is not FileKind.DOCX:
        raise refuse(Unreadable.UNSUPPORTED, "Only a Word document (.docx) can be stamped.")
    grid, main = read_word(package), find_main(package)
    root = etree.fromstring(package.read(main))
    names = find_names(str(root.tag))
    body = root.find(names.body) if names else None
    if names is None or body is None:
        raise refuse(Unreadable.DAMAGED, "This document has no text part.")
    rows = find_elements(body, names)
    shape = [len(row.cells) for row in flatten_rows(grid.rows)]
    if [len(row) for row in rows] != shape:
        raise refuse(Unreadable.UNSUPPORTED, "This document holds text boxes or tracked changes. Please accept the changes and "
                                             "take its words out of text boxes; then it can be stamped.")
    _Stamp(names, rows).mark(made, form, body)
    return _repacked(data, main, etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def _repacked(data: bytes, name: str, part: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            new.writestr(info.filename, part if info.filename == name else old.read(info))
    return out.getvalue()


class _Stamp:
    def __init__(self, names: Names, rows: Rows) -> None:
        self.n = names
        self.rows = rows
        self.count = 0

    def mark(self, made: Compiled, form: FormDefinition, body: etree._Element) -> None:
        # A bookmark names one question: labels that share a line are left to their words.
        shared = Counter(spot for item, spot in made.labels.items() if item not in made.rows)
        marked = {spot for spot, many in shared.items() if many > 1}
        for f in form.fields:
            spot = made.boxes.get(f.id)
            label = made.labels.get(f.item) or made.labels.get(f.id)
            if label is not None and label not in marked:
                marked.add(label)
                self._bookmark(self.rows[label[0]][label[1]], f.bookmark)
            if spot is not None and spot != label and not f.marks:
                self._box(self.rows[spot[0]][spot[1]], f.tag, f)
        for table in form.tables:
            self._table(made, form, table.id)
        self._reference(body)

    def _table(self, made: Compiled, form: FormDefinition, table_id: str) -> None:
        table = next(t for t in form.tables if t.id == table_id)
        for column in table.columns:
            if (label := made.labels.get(column.id)) is not None:
                self._bookmark(self.rows[label[0]][label[1]], column.bookmark)
        for number, cells in enumerate(made.rows.get(table_id, ()), 1):
            for column in table.columns:
                spot = cells.get(column.id.rpartition(".")[2])
                if spot is not None:
                    self._box(self.rows[spot[0]][spot[1]], table.cell_tag(number, column), column)

    def _bookmark(self, holder: etree._Element, name: str) -> None:
        """Round the label's first paragraph: labels are not retyped, answers are."""
        paragraph = holder if holder.tag == self.n.p else next(holder.iter(self.n.p), None)
        if paragraph is None:
            return
        self.count += 1
        number = str(_OUR_ID + self.count)
        start, end = etree.Element(self.n.bookmark), etree.Element(self.n.w("bookmarkEnd"))
        start.set(self.n.w("id"), number)
        start.set(self.n.name, name)
        end.set(self.n.w("id"), number)
        properties = paragraph.find(self.n.w("pPr"))
        paragraph.insert(0 if properties is None else 1, start)
        paragraph.append(end)

    def _box(self, holder: etree._Element, tag: str, f: FormField) -> None:
        control = self._control_of(holder)
        if control is None:
            control = self._new_control(holder)
        if control is None:
            return
        properties = control.find(self.n.properties)
        if properties is None:
            properties = etree.Element(self.n.properties)
            control.insert(0, properties)
        for old in properties.findall(self.n.w("tag")):
            properties.remove(old)
        mark = etree.Element(self.n.w("tag"))
        mark.set(self.n.val, tag)
        at = sum(1 for e in properties if etree.QName(e).localname in _BEFORE_TAG)
        properties.insert(at, mark)
        self._list(properties, f)

    def _control_of(self, holder: etree._Element) -> etree._Element | None:
        """The control round the whole cell, or the first one inside it."""
        if holder.tag == self.n.sdt:
            return holder
        content = holder.getparent()
        if content is not None and content.tag == self.n.content and len(content.findall(self.n.tc)) == 1:
            return content.getparent()
        return next(holder.iter(self.n.sdt), None)

    def _new_control(self, holder: etree._Element) -> etree._Element | None:
        """A control in the last paragraph of a bare cell; it shows nothing, as before."""
        paragraphs = list(holder.iter(self.n.p))
        if not paragraphs:
            return None
        control = etree.SubElement(paragraphs[-1], self.n.sdt)
        properties = etree.SubElement(control, self.n.properties)
        etree.SubElement(properties, self.n.w("showingPlcHdr"))
        run = etree.SubElement(etree.SubElement(control, self.n.content), self.n.w("r"))
        etree.SubElement(run, self.n.w("t")).text = "\u2002" * 5
        return control

    def _list(self, properties: etree._Element, f: FormField) -> None:
        """A drop-down where the form knows what may be chosen and the box was free text."""
        kinds = [etree.QName(e).localname for e in properties]
        choices = _choices(f)
        if not choices or any(k in _SPECIAL or k == "checkbox" for k in kinds):
            return
        for plain in [e for e in properties if etree.QName(e).localname in ("text", "richText")]:
            properties.remove(plain)
        drop_down = etree.SubElement(properties, self.n.w("dropDownList"))
        for shown in (_CHOOSE, *choices):
            item = etree.SubElement(drop_down, self.n.w("listItem"))
            item.set(self.n.shown, shown)
            item.set(self.n.value, "" if shown == _CHOOSE else shown)

    def _reference(self, body: etree._Element) -> None:
        """The reference in the page itself, last and small: the one mark that survives print and every other program."""
        n = self.n
        paragraph = etree.Element(n.p)
        run = etree.SubElement(paragraph, n.w("r"))
        size = etree.SubElement(etree.SubElement(run, n.w("rPr")), n.w("sz"))
        size.set(n.val, "16")
        etree.SubElement(run, n.w("t")).text = REFERENCE_LINE
        section = body.find(n.w("sectPr"))
        body.insert(len(body) if section is None else body.index(section), paragraph)


def _choices(f: FormField) -> tuple[str, ...]:
    if f.kind is Kind.GRADE:
        return (*(f.choices or _GRADES), *(("Not applicable",) if "Not applicable" not in f.choices else ()))
    if f.kind is Kind.SCORE and len(f.scale) == 2 and f.scale[1] - f.scale[0] <= 10:
        return (*map(str, range(f.scale[0], f.scale[1] + 1)), "Not applicable")
    return f.choices if f.kind is Kind.CHOICE else ()
