"""OpenDocument text (.odt, .ott, flat .fodt) → Grid. Our own walker on lxml; nothing in a document is opened or run."""

import re

from lxml import etree

from mailflow.form.passport import COMMENT_INITIALS
from mailflow.model import Unreadable
from parsers.gather import Gathered
from parsers.grid import Grid
from parsers.guard import LIMITS, Package, damaged, parse_xml, refuse, too_large
from parsers.opendocument import names as n
from parsers.opendocument.boxes import find_drawn
from parsers.opendocument.walk import Walker

_ENCRYPTED = b"encryption-data"
_DURATION = re.compile(r"editing-duration>\s*P(?:(\d{1,5})D)?T(?:(\d{1,5})H)?(?:(\d{1,5})M)?")
_MACROS = re.compile(r"(Basic|Scripts)/.*(\.py|\.js|\.bsh|/[^/]+\.xml|/[^/]+\.xba)$")
_LIBRARIES = ("script-lc.xml", "script-lb.xml", "dialog-lc.xml", "dialog-lb.xml")
_EMBEDDED = re.compile(r"(ObjectReplacements/.+|Object [^/]+/?.*)$")
_FETCHES = ("http:", "https:", "ftp:", "file:", "\\\\", "//")
_PLACES = {"header": "page header", "footer": "page footer"}


def read_text_document(package: Package) -> Grid:
    """The document as a grid. Raises UnreadableError for one that is encrypted, damaged or no text document."""
    if _ENCRYPTED in package.read("META-INF/manifest.xml"):
        raise refuse(Unreadable.ENCRYPTED, "This document is protected with a password.")
    root = package.tree("content.xml")
    meta = package.read("meta.xml").decode("utf-8", "replace")
    found = tuple(word for word, pattern in (("macros", _MACROS), ("embedded objects", _EMBEDDED))
                  if any(pattern.match(m) and not m.endswith(_LIBRARIES) for m in package.members))
    return _grid(root, package.tree("styles.xml"), meta, found)


def read_flat_document(data: bytes) -> Grid:
    """The same for a document in one XML file (.fodt). Raises UnreadableError."""
    if len(data) > LIMITS.part:
        raise too_large(f"{len(data) // (1024 * 1024)} MB of XML")
    root = parse_xml(data)
    meta = root.find(n.OFFICE + "meta")
    text = etree.tostring(meta, encoding="unicode") if meta is not None else ""
    found = ("macros",) if next(root.iter("{http://openoffice.org/2000/script}module"), None) is not None else ()
    return _grid(root, root, text, found)


def _grid(root: etree._Element | None, styles: etree._Element | None, meta: str, found: tuple[str, ...]) -> Grid:
    body = root.find(f"{n.OFFICE}body/{n.OFFICE}text") if root is not None else None
    if root is None or body is None:
        raise damaged("it has no text part")
    walker = Walker(find_drawn(root))
    rows = tuple(walker.blocks(body))
    around = (*_headers(styles), *walker.around)
    # Without those we put there ourselves when we sent the form back.
    remarks = tuple((who, text) for who, text, initials in walker.remarks if initials != COMMENT_INITIALS)
    return Grid(
        rows=rows, around=tuple((place, text) for place, text in around if text), remarks=remarks,
        passports=(meta,) if meta else (), tracked_changes=_changes(body), comments=len(remarks),
        oddities=_oddities(root, found), edit_minutes=_minutes(meta),
    )


def _headers(styles: etree._Element | None) -> tuple[tuple[str, str], ...]:
    """Each page header and footer once, however many kinds of page print it."""
    found: dict[tuple[str, str], None] = {}
    for page in styles.iter(n.STYLE + "master-page") if styles is not None else ():
        for part in page:
            local = str(part.tag).removeprefix(n.STYLE).partition("-")[0]
            if local in _PLACES and part.get(n.STYLE + "display") != "false":
                found[_PLACES[local], Walker({}).fill(part, Gathered(), 0).text()] = None
    return tuple(found)


def _changes(body: etree._Element) -> int:
    """Insertions and deletions. The deleted words stand here, outside the flow, so accepting them is reading on."""
    return sum(1 for tracked in body.iter(n.TEXT + "tracked-changes") for _ in tracked.iter(*n.CHANGES))


def _oddities(root: etree._Element, found: tuple[str, ...]) -> tuple[str, ...]:
    """What is there and was neither opened nor run (CHK-007), in the order Word's reader names them."""
    odd = set(found)
    if any((e.get(n.XLINK + "href") or "").lower().startswith(_FETCHES) for e in root.iter(*n.FETCHED)):
        odd.add("external links")
    if next(root.iter(*n.EMBEDDED), None) is not None:
        odd.add("embedded objects")
    return tuple(word for word in ("macros", "external links", "embedded objects") if word in odd)


def _minutes(meta: str) -> int | None:
    found = _DURATION.search(meta)
    days, hours, minutes = (int(part or 0) for part in found.groups()) if found else (0, 0, 0)
    return days * 1440 + hours * 60 + minutes if found else None
