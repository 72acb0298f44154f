"""An auditor's hand: edits a sent Word file the way Word does, so that the demo and the tests play no shortcuts.

Fields are found by the tags the form was sent with. Three hands: ``controls`` types into the boxes and chooses from
the lists; ``typed`` has deleted the boxes and typed plain text in the cells; ``plain`` has no box, tag or bookmark left
anywhere, as after pasting everything into a new document.
"""

import copy
import io
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal

from lxml import etree

Shape = Literal["controls", "typed", "plain"]
_NS = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_W = f"{{{_NS}}}"
_VAL = f"{_W}val"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_PART = "word/document.xml"


def fill_in(docx: bytes, answers: Mapping[str, str], rows: Mapping[str, Sequence[Mapping[str, str]]] | None = None,
            shape: Shape = "controls", minutes: int | None = None) -> bytes:
    """The document with the answers in it.

    ``answers``: field id ("voice.evidence") → what is typed; newlines are line breaks, blank lines new paragraphs; ""
    empties a box. ``rows``: table id → rows, each column id ("text") → what is typed; rows are added as needed.
    ``minutes`` is how long Word says the document was open. Raises KeyError for a field the form does not have.
    """
    with zipfile.ZipFile(io.BytesIO(docx)) as package:
        parts = {i.filename: package.read(i) for i in package.infolist()}
    root = etree.fromstring(parts[_PART], etree.XMLParser(resolve_entities=False, no_network=True))
    for field, text in answers.items():
        _type(_find(root, f"mf:{field}"), text)
    for table, wanted in (rows or {}).items():
        _fill_rows(root, table, wanted)
    if shape != "controls":
        _delete_controls(root, everything=shape == "plain")
    parts[_PART] = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    if minutes is not None:
        parts["docProps/app.xml"] = _with_minutes(parts["docProps/app.xml"], minutes)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name, data)
    return out.getvalue()


def _find(root: etree._Element, tag: str) -> etree._Element:
    found = next((t for t in root.iter(f"{_W}tag") if t.get(_VAL) == tag), None)
    props = found.getparent() if found is not None else None
    control = props.getparent() if props is not None else None
    if control is None:
        raise KeyError(tag)
    return control


def _type(control: etree._Element, text: str) -> None:
    """Click into a box and type, choose or pick: the prompt goes, and with it the grey of its style."""
    props, content = control.find(f"{_W}sdtPr"), control.find(f"{_W}sdtContent")
    if props is None or content is None:
        raise KeyError("a control without content")
    for mark in props.findall(f"{_W}showingPlcHdr"):
        props.remove(mark)
    for picker in props.findall(f"{_W}date"):
        _pick(picker, text)
    line = _empty(content)
    paragraphs = text.split("\n\n")
    line.extend(_runs(paragraphs[0]))
    if len(paragraphs) > 1 and line is content:
        _spread(control, content, paragraphs[1:])


def _empty(content: etree._Element) -> etree._Element:
    """Delete what stands in a box; gives back where typing goes on: the box, or the one paragraph left in it."""
    first = next(content.iter(f"{_W}p"), None)
    for old in list(content.iter(f"{_W}p"))[1:]:
        home = old.getparent()
        if home is not None:
            home.remove(old)
    line = content if first is None else first
    for old in [e for e in line if e.tag != f"{_W}pPr"]:
        line.remove(old)
    return line


def _runs(text: str) -> list[etree._Element]:
    """One run; a tab is a tab and a newline a line break, as after Shift+Enter."""
    run = etree.Element(f"{_W}r")
    for number, line in enumerate(text.split("\n")):
        if number:
            etree.SubElement(run, f"{_W}br")
        for place, piece in enumerate(line.split("\t")):
            if place:
                etree.SubElement(run, f"{_W}tab")
            word = etree.SubElement(run, f"{_W}t")
            word.text = piece
            word.set(_SPACE, "preserve")
    return [run]


def _spread(control: etree._Element, content: etree._Element, more: Sequence[str]) -> None:
    """Enter in a box that is alone in its cell: Word then wraps the control round the whole cell."""
    home = control.getparent()
    cell = home.getparent() if home is not None else None
    row = cell.getparent() if cell is not None else None
    if home is None or cell is None or row is None or home.tag != f"{_W}p" or cell.tag != f"{_W}tc":
        raise KeyError("a control that is not alone in a cell")
    row.replace(cell, control)
    home.extend(list(content))
    last = home
    for text in more:
        fresh = etree.Element(f"{_W}p")
        fresh.extend(copy.deepcopy(p) for p in home.findall(f"{_W}pPr"))
        fresh.extend(_runs(text))
        last.addnext(fresh)
        last = fresh
    content.append(cell)


def _pick(picker: etree._Element, text: str) -> None:
    """Choosing from the calendar also stores the day; typing something else does not."""
    if f"{_W}fullDate" in picker.attrib:
        del picker.attrib[f"{_W}fullDate"]
    try:
        day = datetime.strptime(text.strip(), "%d/%m/%Y")
    except ValueError:
        return
    picker.set(f"{_W}fullDate", f"{day:%Y-%m-%d}T00:00:00Z")


def _fill_rows(root: etree._Element, table: str, wanted: Sequence[Mapping[str, str]]) -> None:
    for number, row in enumerate(wanted, 1):
        if not any((t.get(_VAL) or "").startswith(f"mf:{table}.{number}.") for t in root.iter(f"{_W}tag")):
            _add_row(root, table, number)
        for column, text in row.items():
            _type(_find(root, f"mf:{table}.{number}.{column}"), text)


def _add_row(root: etree._Element, table: str, number: int) -> None:
    """Copy the last row, paste it below and empty it: tags are copied with it, so it gets tags of its own here."""
    old = f"mf:{table}.{number - 1}."
    tag = next((t for t in root.iter(f"{_W}tag") if (t.get(_VAL) or "").startswith(old)), None)
    if tag is None:
        raise KeyError(old)
    row = next(tag.iterancestors(f"{_W}tr"))
    fresh = copy.deepcopy(row)
    row.addnext(fresh)
    for copied in [t for t in fresh.iter(f"{_W}tag") if (t.get(_VAL) or "").startswith(old)]:
        name = f"mf:{table}.{number}." + (copied.get(_VAL) or "")[len(old):]
        copied.set(_VAL, name)
        props = copied.getparent()
        for i in props.findall(f"{_W}id") if props is not None else ():
            i.set(_VAL, str(zlib.crc32(name.encode()) & 0x7FFFFFFF))
        _type(_find(fresh, name), "")


def _delete_controls(root: etree._Element, everything: bool) -> None:
    """Remove the boxes and leave what stands in them, as "Remove Content Control" does; ours round labels stay."""
    for control in list(root.iter(f"{_W}sdt")):
        tag = control.find(f"{_W}sdtPr/{_W}tag")
        if not everything and (tag is None or not (tag.get(_VAL) or "").startswith("mf:")):
            continue
        content = control.find(f"{_W}sdtContent")
        for child in list(content) if content is not None else ():
            control.addprevious(child)
        parent = control.getparent()
        if parent is not None:
            parent.remove(control)
    if everything:
        for name in ("bookmarkStart", "bookmarkEnd"):
            for mark in list(root.iter(f"{_W}{name}")):
                home = mark.getparent()
                if home is not None:
                    home.remove(mark)


def _with_minutes(part: bytes, minutes: int) -> bytes:
    root = etree.fromstring(part, etree.XMLParser(resolve_entities=False, no_network=True))
    for child in root:
        if etree.QName(child).localname == "TotalTime":
            child.text = str(minutes)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
