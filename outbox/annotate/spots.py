"""Where a comment may stand in a Word document so that it is shown, and hides nothing, in Word and in LibreOffice.

Measured (documents facts, section 3a): a comment inside a control hides the answer; on the label, or round a run-level
control, both are shown. A control round a whole cell is lowered to run level when it holds one paragraph. In a control
round whole rows, or round tables and paragraphs of the page, only its very first paragraph is lost.
"""

from collections.abc import Sequence

from lxml import etree

# What a comment goes round: elements next to one another in one paragraph where a comment may stand.
Spot = Sequence[etree._Element]
NOWHERE: Spot = ()


class Spots:
    """Looks for places to write in one document; ``w`` is its namespace in braces."""

    def __init__(self, w: str) -> None:
        self.w = w
        self.p, self.tc, self.tr, self.body, self.sdt, self.content = (
            w + name for name in ("p", "tc", "tr", "body", "sdt", "sdtContent"))
        self._open = frozenset(w + name for name in (
            "tc", "tr", "tbl", "body", "document", "customXml", "ins", "moveTo", "sdtContent"))
        self._marks = frozenset((w + "pPr", w + "commentRangeStart", w + "commentRangeEnd"))

    def is_free(self, p: etree._Element) -> bool:
        """True where a comment in the paragraph is shown and hides nothing: no answer's control, text box or deletion."""
        return all(a.tag in self._open or (a.tag == self.sdt and self._is_loose(a, p)) for a in p.iterancestors())

    def _is_loose(self, control: etree._Element, p: etree._Element) -> bool:
        """A control round rows or round whole stretches of the page, not round an answer."""
        content, home = control.find(self.content), control.getparent()
        if content is None or home is None:
            return False
        if any(e.tag == self.tr for e in content):
            return True
        return home.tag == self.body and next(content.iter(self.p), None) is not p

    def inside(self, p: etree._Element) -> Spot:
        """What stands in a paragraph, after its properties; the paragraph itself where it is empty."""
        inside = [e for e in p if e.tag not in self._marks and e.find(f".//{self.w}commentReference") is None]
        return inside or (p,)

    def in_paragraph(self, p: etree._Element | None) -> Spot:
        return self.inside(p) if p is not None and self.is_free(p) else NOWHERE

    def in_holder(self, holder: etree._Element) -> Spot:
        """In a cell or paragraph: its first free paragraph with words, else its first free one. One in a text box: in the
        paragraph it hangs on."""
        if holder.tag == self.tc:
            paragraphs = holder.findall(self.p)
            free = [p for p in paragraphs if self.is_free(p)]
        else:
            free = [p for p in (holder, *holder.iterancestors(self.p)) if p.tag == self.p and self.is_free(p)]
        return self.inside(next((p for p in free if self.text(p)), free[0])) if free else NOWHERE

    def round_answer(self, cell: etree._Element) -> Spot:
        """On an answer's own cell, the control round it put inside where that can be done.

        A cell that continues the one above is never shown, nor what is said in it.
        """
        merged = cell.find(f"{self.w}tcPr/{self.w}vMerge") if cell.tag == self.tc else None
        if merged is not None and merged.get(f"{self.w}val") != "restart":
            return NOWHERE
        content = cell.getparent()
        control = content.getparent() if content is not None and content.tag == self.content else None
        if cell.tag == self.tc and control is not None:
            return self.round_control(control) or self.in_holder(cell)
        return self.in_holder(cell)

    def round_control(self, control: etree._Element) -> Spot:
        """Round a control in a paragraph, or round a whole cell (which is lowered first)."""
        if control.find(f"{self.content}/{self.tc}") is not None:
            lowered = self._lower(control)
            if lowered is None:
                return NOWHERE
            control = lowered
        home = control.getparent()
        return (control,) if home is not None and home.tag == self.p and self.is_free(home) else NOWHERE

    def _lower(self, control: etree._Element) -> etree._Element | None:
        """A control round a whole cell put inside it, round the runs of its one paragraph; None where there are more."""
        content, row = control.find(self.content), control.getparent()
        if content is None or row is None or row.tag != self.tr or len(content) != 1:
            return None
        cell = content[0]
        inside = [e for e in cell if e.tag != f"{self.w}tcPr"]
        if len(inside) != 1 or inside[0].tag != self.p:
            return None
        paragraph = inside[0]
        runs = [e for e in paragraph if e.tag != f"{self.w}pPr"]
        row.replace(control, cell)
        content.extend(runs)
        paragraph.append(control)
        return control

    def text(self, holder: etree._Element) -> str:
        """The words there, deleted ones left out (those are no ``w:t``)."""
        return "".join(t.text or "" for t in holder.iter(f"{self.w}t")).strip()
