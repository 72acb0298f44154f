"""Form fields of Word 97 → content controls, so that everything after sees one shape; text inside instructions dropped.

A field is ``begin``, its instruction, ``separate``, what it shows, ``end``, each in a run of its own. A form field's
description (``w:ffData``) holds its name, which becomes the control's tag, and the state of a tick box or drop-down.
"""

from dataclasses import dataclass

from lxml import etree

from parsers.word.cell import old_choice, old_tick, plain_text
from parsers.word.names import CHECKBOX14, CHECKED14, VAL14, Names
from parsers.word.symbols import TICKED, UNTICKED

# A form field stands in hardly any other field; what stands deeper is left as it is, readable as text.
_DEEPEST = 3


@dataclass
class _Field:
    begin: etree._Element
    in_result: bool = False


def settle_fields(chars: list[etree._Element], n: Names) -> None:
    """Takes the field characters of a document in page order; changes the tree in place."""
    kind, open_fields = n.w("fldCharType"), list[_Field]()
    for char in chars:
        what = char.get(kind)
        if what == "begin":
            open_fields.append(_Field(char))
        elif what == "separate" and open_fields:
            open_fields[-1].in_result = True
        elif what == "end" and open_fields:
            field = open_fields.pop()
            _close(field, char, open_fields, n)


def _close(field: _Field, end: etree._Element, around: list[_Field], n: Names) -> None:
    first, last = field.begin.getparent(), end.getparent()
    if first is None or last is None or first is last or first.getparent() is not last.getparent():
        return
    if any(not outer.in_result for outer in around[-_DEEPEST:]):
        # What it shows is only a word of the instruction round it.
        for run in _between(first, last):
            _drop(run)
        return
    described = field.begin.find(n.w("ffData"))
    if described is not None and len(around) <= _DEEPEST:
        _make_control(described, first, last, n)


def _between(first: etree._Element, last: etree._Element) -> list[etree._Element]:
    found: list[etree._Element] = []
    for sibling in first.itersiblings():
        if sibling is last:
            return found
        found.append(sibling)
    return []


def _make_control(described: etree._Element, first: etree._Element, last: etree._Element, n: Names) -> None:
    shown = _between(first, last)
    sdt = etree.Element(n.sdt)
    properties, content = etree.SubElement(sdt, n.properties), etree.SubElement(sdt, n.content)
    name = described.find(n.name)
    if name is not None and name.get(n.val):
        etree.SubElement(properties, n.w("tag")).set(n.val, name.get(n.val) or "")
    box, choice = described.find(n.w("checkBox")), described.find(n.w("ddList"))
    if box is not None:
        _describe_tick(box, properties, content, n)
    elif choice is not None:
        _describe_choice(choice, properties, content, "".join(plain_text(e, n) for e in shown), n)
    first.addnext(sdt)
    content.extend(shown)


def _describe_tick(box: etree._Element, properties: etree._Element, content: etree._Element, n: Names) -> None:
    ticked = old_tick(box, n)
    etree.SubElement(etree.SubElement(properties, CHECKBOX14), CHECKED14).set(VAL14, "1" if ticked else "0")
    _print(content, TICKED if ticked else UNTICKED, n)
    _drop(box)


def _describe_choice(
    choice: etree._Element, properties: etree._Element, content: etree._Element, shown: str, n: Names
) -> None:
    """Some writers print the chosen entry as well; it then stands there once."""
    entries = etree.SubElement(properties, n.w("dropDownList"))
    for entry in choice.iterchildren(n.w("listEntry")):
        item = etree.SubElement(entries, n.w("listItem"))
        item.set(n.shown, entry.get(n.val) or "")
    if not shown:
        _print(content, old_choice(choice, n), n)
    _drop(choice)


def _print(content: etree._Element, text: str, n: Names) -> None:
    etree.SubElement(etree.SubElement(content, n.run), n.w("t")).text = text


def _drop(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)
