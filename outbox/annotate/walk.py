"""The cells of a returned Word document by the places the reading gave them ("table 3, row 2, column 2").

The reader settles a document before it counts: what was deleted with tracked changes is gone, paragraphs whose end was
deleted are one, text boxes stand after their paragraph, the doubles for old readers are dropped. The auditor's own document
must stay as it is, so this walk counts as if all that had been done. A test holds it equal to the reader.
"""

from collections.abc import Iterator

from lxml import etree

from mailflow.model.place import Place

_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"


def find_cells(body: etree._Element, w: str) -> dict[Place, etree._Element]:
    """Place → its ``w:tc``, or outside tables its ``w:p`` (a tagged control that is one answer: its ``w:sdt``).

    ``w`` is the document's own namespace in braces.
    """
    walk = _Walk(w)
    walk.blocks(body)
    return walk.found


class _Walk:
    def __init__(self, w: str) -> None:
        self.found: dict[Place, etree._Element] = {}
        self.tables = self.paragraphs = 0
        self.w = w
        self.p, self.tbl, self.tr, self.tc, self.sdt, self.content, self.properties, self.box = (
            w + name for name in ("p", "tbl", "tr", "tc", "sdt", "sdtContent", "sdtPr", "txbxContent"))
        self.gone = frozenset((w + "del", w + "moveFrom"))

    def blocks(self, parent: etree._Element) -> None:
        """Paragraphs and tables that stand in no table, through whatever is round them."""
        for child in self._settled(parent):
            if child.tag == self.p or self._is_answer_box(child):
                self.paragraphs += 1
                self.found[Place(0, self.paragraphs, 1)] = child
                if child.tag == self.sdt:
                    self._inner(child)
            elif child.tag == self.tbl:
                self._table(child)
            elif child.tag != self.properties:
                self.blocks(child)

    def _table(self, table: etree._Element) -> None:
        self.tables += 1
        number, row = self.tables, 0
        for tr in self._within(table, self.tr):
            cells = list(self._within(tr, self.tc))
            # A row without cells is none to the reader.
            row += bool(cells)
            for column, cell in enumerate(cells, 1):
                self.found[Place(number, row, column)] = cell
                self._inner(cell)

    def _inner(self, holder: etree._Element) -> None:
        """Tables inside a cell or answer box; its paragraphs are its own."""
        for child in self._settled(holder):
            if child.tag == self.tbl:
                self._table(child)
            elif child.tag != self.p:
                self._inner(child)

    def _within(self, parent: etree._Element, tag: str) -> Iterator[etree._Element]:
        """Rows of a table or cells of a row, through the controls and marks round them, without deleted ones."""
        for child in parent:
            if child.tag == tag:
                if not self._is_deleted(child):
                    yield child
            elif child.tag == self.sdt:
                for content in child.iterchildren(self.content):
                    yield from self._within(content, tag)
            elif child.tag not in self.gone:
                yield from self._within(child, tag)

    def _is_deleted(self, e: etree._Element) -> bool:
        if e.tag == self.tr:
            return any(e.find(f"{self.w}trPr/{gone}") is not None for gone in self.gone)
        return e.find(f"{self.w}tcPr/{self.w}cellDel") is not None

    def _settled(self, parent: etree._Element) -> Iterator[etree._Element]:
        """The children as the reader meets them. Of paragraphs that melt into one, the first is given."""
        melted: list[etree._Element] = []
        for child in parent:
            if child.tag in self.gone or _is_double(child):
                continue
            if melted and child.tag == self.p and self._runs_on(melted[-1]):
                melted.append(child)
                continue
            yield from self._boxed(melted)
            melted = [child] if child.tag == self.p else []
            yield child
        yield from self._boxed(melted)

    def _runs_on(self, paragraph: etree._Element) -> bool:
        """Whether the paragraph's end was deleted."""
        return any(paragraph.find(f"{self.w}pPr/{self.w}rPr/{gone}") is not None for gone in self.gone)

    def _boxed(self, paragraphs: list[etree._Element]) -> Iterator[etree._Element]:
        """What stands in the text boxes that hang on these paragraphs. The reader puts the last box first."""
        boxes = [box for p in paragraphs for box in p.iter(self.box) if self._hangs_on(box, p)]
        for box in reversed(boxes):
            yield from self._settled(box)

    def _hangs_on(self, box: etree._Element, paragraph: etree._Element) -> bool:
        """Not a box in a box, nor one that was deleted, nor a double."""
        for above in box.iterancestors():
            if above is paragraph:
                return True
            if above.tag == self.box or above.tag in self.gone or _is_double(above):
                return False
        return False

    def _is_answer_box(self, e: etree._Element) -> bool:
        """A tagged control without others inside is one paragraph to the reader."""
        content = e.find(self.content) if e.tag == self.sdt else None
        tag = e.find(f"{self.properties}/{self.w}tag") if content is not None else None
        return (content is not None and tag is not None and bool(tag.get(f"{self.w}val"))
                and next(content.iter(self.sdt), None) is None)


def _is_double(e: etree._Element) -> bool:
    """The same content once more, for readers older than 2010."""
    return e.tag == _FALLBACK and e.getprevious() is not None
