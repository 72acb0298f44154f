"""Tick boxes drawn over a sheet (the form controls of Excel): what they say is put into the cell they stand on."""

from lxml import etree

from parsers.grid import Control
from parsers.guard import Package, parse_xml
from parsers.workbook.book import Page, read_relations, relation_of
from parsers.workbook.rows import Controls, Place

_TICKED, _UNTICKED = "☒", "☐"
_BOXES = ("CheckBox", "Radio")


def find_ticks(package: Package, page: Page) -> Controls:
    """Place → its boxes, in the file's order. Boxes without a place are left out: no cell is told by them."""
    if b"controlPr" not in page.part:
        return {}
    relations = read_relations(package, page.member)
    found: Controls = {}
    for control in parse_xml(page.part).iter("{*}control"):
        relation, place = relation_of(control, relations), _place(control)
        root = package.tree(relation.target) if relation and relation.kind == "ctrlProp" else None
        if root is None or place is None or root.get("objectType") not in _BOXES:
            continue
        text = _TICKED if root.get("checked") == "Checked" else _UNTICKED
        found[place] = (*found.get(place, ()), Control(kind="tick", text=text))
    return found


def _place(control: etree._Element) -> Place | None:
    start = control.find("{*}controlPr/{*}anchor/{*}from")
    if start is None:
        return None
    row, column = ((start.findtext(f"{{*}}{name}") or "").strip() for name in ("row", "col"))
    if not (row.isdecimal() and column.isdecimal() and len(row) < 8 and len(column) < 6):
        return None
    return int(row), int(column)
