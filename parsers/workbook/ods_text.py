"""The text inside one OpenDocument cell: what is shown, and apart from it comments and drawn boxes."""

from datetime import date
from functools import cached_property

from lxml import etree

OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_LONGEST_GAP = 100
# Fields of a page header that are filled in when it is printed.
_FIELDS = tuple(
    f"{_TEXT}{name}" for name in ("sheet-name", "page-number", "page-count", "title", "date", "time", "file-name")
)


class Inside:
    """What stands in an element, taken apart."""

    def __init__(self, holder: etree._Element) -> None:
        self.holder = holder

    @cached_property
    def text(self) -> str:
        paragraphs = self.holder.iterchildren(f"{_TEXT}p")
        return "\n".join(paragraph_text(p) for p in paragraphs).strip()

    @cached_property
    def remarks(self) -> list[tuple[str, str]]:
        """Comments as (who, text)."""
        return [
            ((note.findtext(f"{_DC}creator") or "").strip(), "\n".join(paragraph_text(p) for p in note.iter(f"{_TEXT}p")).strip())
            for note in self.holder.iterchildren(f"{OFFICE}annotation")
        ]

    @cached_property
    def boxes(self) -> list[tuple[str, str]]:
        """The text of everything drawn here, as (place, text)."""
        found = []
        for shape in self.holder.iterchildren():
            if isinstance(shape.tag, str) and shape.tag.startswith(_DRAW):
                text = "\n".join(paragraph_text(p) for p in shape.iter(f"{_TEXT}p")).strip()
                if text:
                    found.append(("text box", text))
        return found


def paragraph_text(p: etree._Element) -> str:
    parts = [p.text or ""]
    for e in p.iterchildren():
        if e.tag == f"{_TEXT}s":
            many = e.get(f"{_TEXT}c") or "1"
            parts.append(" " * min(int(many) if many.isdecimal() and len(many) < 6 else _LONGEST_GAP, _LONGEST_GAP))
        elif e.tag == f"{_TEXT}tab":
            parts.append("\t")
        elif e.tag == f"{_TEXT}line-break":
            parts.append("\n")
        elif e.tag != f"{OFFICE}annotation" and e.tag not in _FIELDS:
            parts.append(paragraph_text(e))
        parts.append(e.tail or "")
    return "".join(parts)


def read_cell(e: etree._Element, inside: Inside) -> tuple[str, str]:
    """(the cell's text, the ISO day it holds or ""). Days are told as in every other workbook: the ISO way."""
    if e.get(f"{OFFICE}value-type") == "date":
        day, clock = _day(e.get(f"{OFFICE}date-value") or "")
        if day:
            return (f"{day} {clock}" if clock else day), day
    # A writer may leave the shown text out; then the value itself is all there is.
    return inside.text or (e.get(f"{OFFICE}string-value") or e.get(f"{OFFICE}value") or "").strip(), ""


def _day(value: str) -> tuple[str, str]:
    """ISO day and time of day; "" for midnight, both "" where it is no day."""
    try:
        day = date.fromisoformat(value[:10]).isoformat()
    except ValueError:
        return "", ""
    clock = value[11:19].removesuffix(":00")
    return day, "" if clock == "00:00" else clock


def read_margins(styles: etree._Element | None) -> list[tuple[str, str]]:
    """The printed headers and footers, each text once."""
    found: dict[tuple[str, str], None] = {}
    for e in styles.iter(f"{_STYLE}header", f"{_STYLE}footer") if styles is not None else ():
        text = "\n".join(line for p in e.iter(f"{_TEXT}p") if (line := paragraph_text(p).strip()))
        if text and e.get(f"{_STYLE}display") != "false":
            found[("page header" if e.tag.endswith("header") else "page footer", text)] = None
    return list(found)
