"""The data of an XFA form (``datasets``) → rows of [path of element names, value]."""

from lxml import etree

from parsers.grid import Cell, Control, Row
from parsers.guard import LIMITS, hostile, parse_xml


def read_datasets(packet: bytes, table: int) -> tuple[Row, ...]:
    """A row for each element that holds no others. Raises UnreadableError for XML that is refused or damaged."""
    root = parse_xml(packet)
    if etree.QName(root).localname != "datasets":
        # All packets in one.
        found = next((e for e in root if isinstance(e.tag, str) and etree.QName(e).localname == "datasets"), None)
        if found is None:
            return ()
        root = found
    leaves = list(_leaves(root, (), 0))
    return tuple(_row(names, text, table, number) for number, (names, text) in enumerate(leaves, 1))


def _row(names: tuple[str, ...], text: str, table: int, number: int) -> Row:
    path = ".".join(names)
    label = Cell(path, 0, own=path, outside=path)
    return Row((label, Cell(text, 1, (Control(path, text=text),), own=text)), table, number, page=1)


def _leaves(element: etree._Element, above: tuple[str, ...], depth: int) -> list[tuple[tuple[str, ...], str]]:
    if depth > LIMITS.depth:
        raise hostile("it is built far deeper than any form")
    found: list[tuple[tuple[str, ...], str]] = []
    children = [child for child in element if isinstance(child.tag, str)]
    for child in children:
        name = etree.QName(child).localname
        # "data" only wraps the form's own names.
        names = above if not above and name == "data" else (*above, name)
        found += _leaves(child, names, depth + 1)
    text = (element.text or "").strip()
    if above and (not children or text):
        found.insert(0, (above, text))
    return found
