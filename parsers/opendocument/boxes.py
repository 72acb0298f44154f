"""Answer boxes of OpenDocument: content controls, input fields, drop-downs, form controls drawn on the page."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from lxml import etree

from parsers.grid import Control
from parsers.opendocument.names import DRAW, FIELD, FORM, LOEXT, TEXT, XML_ID
from parsers.word.symbols import TICKED, UNTICKED

_TICKS = ("checkbox", "radio")
_LISTS = ("listbox", "combobox")
_ENTRIES = {"listbox": "option", "combobox": "item"}
_TYPED = ("text", "textarea", "formatted-text", "date", "time", "number", "password", "value-range")


class Shown(NamedTuple):
    """A form control drawn on the page: what it shows, and the box it is."""

    text: str
    control: Control


def describe(e: etree._Element) -> Control:
    """A content control of newer LibreOffice, without its text."""
    kind = ""
    items: tuple[tuple[str, str], ...] = ()
    if e.get(LOEXT + "checkbox") == "true":
        kind = "tick"
    elif e.get(LOEXT + "dropdown") == "true" or e.get(LOEXT + "combobox") == "true" or e.find(LOEXT + "list-item") is not None:
        kind, items = "choice", _items(e)
    elif e.get(LOEXT + "date") == "true":
        kind = "date"
    tag = e.get(LOEXT + "tag") or ""
    return Control(tag, kind, "", e.get(LOEXT + "showing-place-holder") == "true", items, _day(e))


def _items(e: etree._Element) -> tuple[tuple[str, str], ...]:
    """(shown, value) of each entry."""
    return tuple(
        (i.get(LOEXT + "display-text") or i.get(LOEXT + "value") or "", i.get(LOEXT + "value") or "")
        for i in e.iterchildren(LOEXT + "list-item")
    )


def _day(e: etree._Element) -> str:
    """The ISO day a date picker holds; "" where there is none or it is no day."""
    try:
        return date.fromisoformat((e.get(LOEXT + "current-date") or "")[:10]).isoformat()
    except ValueError:
        return ""


def tick_of(e: etree._Element) -> str:
    """The state counts, not the glyph: a glyph may be any letter of a symbol font."""
    return TICKED if e.get(LOEXT + "checked") == "true" else UNTICKED


def describe_field(e: etree._Element) -> Control | None:
    """An input field, drop-down field or place-holder of OpenDocument itself; None for any other element."""
    if e.tag == TEXT + "text-input":
        return Control()
    if e.tag == TEXT + "placeholder":
        return Control(prompt=True)
    return Control(e.get(TEXT + "name") or "", "choice") if e.tag == TEXT + "drop-down" else None


def find_drawn(root: etree._Element) -> Mapping[str, Shown]:
    """The document's form controls by the names draw:control calls them."""
    found: dict[str, Shown] = {}
    for form in root.iter(FORM + "form"):
        for e in form:
            shown = _shown(e) if isinstance(e.tag, str) and e.tag.startswith(FORM) else None
            for name in (e.get(XML_ID), e.get(FORM + "id")):
                if shown and name:
                    found[name] = shown
    return found


def _shown(e: etree._Element) -> Shown | None:
    local, tag = str(e.tag).removeprefix(FORM), e.get(FORM + "name") or ""
    if local in _TICKS:
        state = (e.get(FORM + "current-state") or e.get(FORM + "state") or e.get(FORM + "current-selected")
                 or e.get(FORM + "selected"))
        tick = TICKED if state in ("checked", "true") else UNTICKED
        return Shown(f"{tick} {e.get(FORM + 'label') or ''}".strip(), Control(tag, "tick"))
    if local in _LISTS:
        return Shown(_chosen(e), Control(tag, "choice"))
    if local in _TYPED:
        lines = "\n".join("".join(map(str, p.itertext())) for p in e.iterchildren(TEXT + "p"))
        return Shown(lines or e.get(FORM + "current-value") or e.get(FORM + "value") or "", Control(tag))
    return None


def _chosen(e: etree._Element) -> str:
    """What a list shows: the value typed or chosen, else the entries marked as selected now, else those by default."""
    if typed := e.get(FORM + "current-value") or e.get(FORM + "value"):
        return typed
    entries = list(e.iterchildren(FORM + _ENTRIES[str(e.tag).removeprefix(FORM)]))
    for state in ("current-selected", "selected"):
        chosen = [i.get(FORM + "label") or i.get(FORM + "value") or "" for i in entries if i.get(FORM + state) == "true"]
        if chosen:
            return "\n".join(chosen)
    return ""


def field_mark(e: etree._Element) -> str:
    """What a form field of Word 97 shows, as LibreOffice keeps it: its state is a parameter, its text is nothing."""
    kind = (e.get(FIELD + "type") or "").rpartition(".")[2]
    params = [(p.get(FIELD + "name") or "", p.get(FIELD + "value") or "") for p in e.iterchildren(FIELD + "param")]
    if kind == "FORMCHECKBOX":
        return TICKED if ("Checkbox_Checked", "true") in params else UNTICKED
    entries = [value for name, value in params if name == "Dropdown_ListEntry"]
    at = dict(params).get("Dropdown_Selected", "0")
    return entries[int(at)] if kind == "FORMDROPDOWN" and at.isdecimal() and int(at) < len(entries) else ""


def drawn_name(e: etree._Element) -> str:
    return e.get(DRAW + "control") or ""
