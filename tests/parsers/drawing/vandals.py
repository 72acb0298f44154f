"""What people do to a form besides filling it in: XML of a body → the same after one of them was there."""

from collections.abc import Callable

from lxml import etree

from tests.parsers.pages import W, cell, para, row, run, table

_Q = "{" + W + "}"
# (the body, which of the places there are, what is typed if anything) → changes the body.
Vandal = Callable[[etree._Element, int, str], None]


def _new(xml: str) -> etree._Element:
    return etree.fromstring(f'<x xmlns:w="{W}">{xml}</x>')[0]


def _nth(body: etree._Element, tag: str, at: int) -> etree._Element | None:
    found = list(body.iter(_Q + tag))
    return found[at % len(found)] if found else None


def types_between(body: etree._Element, at: int, text: str) -> None:
    """A line of its own anywhere between tables and paragraphs."""
    body.insert(at % len(body), _new(para(text)))


def types_on_a_line(body: etree._Element, at: int, text: str) -> None:
    """Words behind whatever some paragraph says: a label, a heading, an answer."""
    paragraph = _nth(body, "p", at)
    if paragraph is not None:
        paragraph.append(_new(run(" " + text)))


def types_in_a_cell(body: etree._Element, at: int, text: str) -> None:
    """A paragraph more at the end of any cell, a label's as well."""
    holder = _nth(body, "tc", at)
    if holder is not None:
        holder.append(_new(para(text)))


def merges_cells(body: etree._Element, at: int, text: str) -> None:
    """A cell takes in the one to its right, words and all."""
    holder = _nth(body, "tc", at)
    right = holder.getnext() if holder is not None else None
    if holder is None or right is None or right.tag != _Q + "tc":
        return
    for block in right:
        if block.tag != _Q + "tcPr":
            holder.append(block)
    right.getparent().remove(right)
    holder[0].append(_new('<w:gridSpan w:val="2"/>'))


def deletes_a_row(body: etree._Element, at: int, text: str) -> None:
    gone = _nth(body, "tr", at)
    if gone is not None:
        gone.getparent().remove(gone)


def pastes_a_table(body: etree._Element, at: int, text: str) -> None:
    """A table into a cell."""
    holder = _nth(body, "tc", at)
    if holder is not None:
        holder.append(_new(table(row(cell(para(text)), cell(para("Pasted"))), row(cell(para("Team")), cell(para("See left"))))))
        holder.append(_new("<w:p/>"))


def adds_a_column(body: etree._Element, at: int, text: str) -> None:
    """A cell at the end of every row of a table, with words in one."""
    grid = _nth(body, "tbl", at)
    for n, r in enumerate(grid.iter(_Q + "tr") if grid is not None else ()):
        r.append(_new(cell(para(text if n == at % 3 else ""))))


def adds_a_row(body: etree._Element, at: int, text: str) -> None:
    """A row of two cells behind any row."""
    above = _nth(body, "tr", at)
    if above is not None:
        above.addnext(_new(row(cell(para(text)), cell(para("And beside it")))))


VANDALS: tuple[Vandal, ...] = (
    types_between, types_on_a_line, types_in_a_cell, merges_cells, deletes_a_row, pastes_a_table, adds_a_column, adds_a_row,
)


def vandalise(document: bytes, deeds: list[tuple[Vandal, int, str]]) -> bytes:
    """``word/document.xml`` after these deeds."""
    root = etree.fromstring(document)
    for deed, at, text in deeds:
        deed(root[0], at, text)
    return etree.tostring(root, encoding="UTF-8", standalone=True, xml_declaration=True)
