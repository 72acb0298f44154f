"""Word documents (docx, docm, dotx, strict) → Grid. Our own walker on lxml; nothing in a document is opened or run."""

import posixpath
import re
from functools import lru_cache

from lxml import etree

from mailflow.form.passport import COMMENT_INITIALS
from parsers.grid import Grid
from parsers.guard import Package, damaged, parse_xml
from parsers.word_cell import Inside
from parsers.word_changes import settle_tree
from parsers.word_names import Names, find_names, names_of
from parsers.word_scan import scan_body

_MAIN_TYPE = re.compile(r"/officeDocument$")
# As nearly every writer puts it; only a part of this name can be meant.
_USUAL = b'/officeDocument" Target="word/document.xml"'
_MINUTES = re.compile(rb"TotalTime>\s*(\d{1,9})\s*<")
_EXTERNAL = b'TargetMode="External"'
_COMMENTS = re.compile(r"comments\d*\.xml")
# What surrounds the body, with the words for its place.
_AROUND = re.compile(r"(header|footer|footnotes|endnotes)\d*\.xml")
_SMALL = 16 * 1024
_PLACES = {"header": "page header", "footer": "page footer", "footnotes": "footnote", "endnotes": "endnote"}


def read_word(package: Package) -> Grid:
    """The document as a grid. Raises UnreadableError for a package whose main part is no Word document."""
    main = find_main_part(package)
    root = package.tree(main)
    names = find_names(str(root.tag)) if root is not None else None
    body = root.find(names.body) if root is not None and names else None
    if root is None or names is None or body is None:
        raise damaged("it has no text part")
    changes, embedded = settle_tree(root, names)
    rows = scan_body(body, names)
    folder = posixpath.dirname(main)
    remarks = _remarks(package, folder, names)
    return Grid(
        rows=rows, around=_around(package, folder, names), remarks=remarks,
        passports=_passports(package), tracked_changes=changes, comments=len(remarks),
        oddities=_oddities(package, folder, main, embedded), edit_minutes=_edit_minutes(package),
    )


def find_main_part(package: Package) -> str:
    """What the package's relationships call the document: Word on the web does not always say word/document.xml."""
    if _USUAL in package.read("_rels/.rels"):
        return "word/document.xml"
    relations = package.tree("_rels/.rels")
    for relation in relations if relations is not None else ():
        if _MAIN_TYPE.search(relation.get("Type") or ""):
            return (relation.get("Target") or "").lstrip("/")
    return "word/document.xml"


def _parts(package: Package, folder: str, pattern: re.Pattern[str]) -> list[tuple[str, re.Match[str]]]:
    start = len(folder) + 1 if folder else 0
    return [(m, found) for m in package.members if m.startswith(folder) and (found := pattern.fullmatch(m, start))]


def _around(package: Package, folder: str, n: Names) -> tuple[tuple[str, str], ...]:
    texts = [(_PLACES[found[1]], _story(package.read(name), n)) for name, found in _parts(package, folder, _AROUND)]
    return tuple((place, text) for place, text in texts if text)


def _story(part: bytes, n: Names) -> str:
    """A header's text. A council's page header is the same on all its forms, so small ones are kept."""
    return _read_small(part, n.qualify) if len(part) <= _SMALL else _read_story(part, n)


@lru_cache(maxsize=256)
def _read_small(part: bytes, namespace: str) -> str:
    return _read_story(part, names_of(namespace))


def _read_story(part: bytes, n: Names) -> str:
    if not part:
        return ""
    root = parse_xml(part)
    settle_tree(root, n)
    return _plain(root, n)


def _remarks(package: Package, folder: str, n: Names) -> tuple[tuple[str, str], ...]:
    """Comments as (who, text), without those we put there ourselves when we sent the form back."""
    found: list[tuple[str, str]] = []
    for name, _ in _parts(package, folder, _COMMENTS):
        root = package.tree(name)
        for comment in root.iterchildren(n.w("comment")) if root is not None else ():
            if comment.get(n.w("initials")) != COMMENT_INITIALS:
                found.append((comment.get(n.w("author")) or "", _plain(comment, n)))
    return tuple(found)


def _plain(element: etree._Element, n: Names) -> str:
    return Inside(n, element).read(element.iter(*n.wanted)).text()


def _passports(package: Package) -> tuple[str, ...]:
    """Where a passport may stand, strongest first: custom property, then core identifier and keywords."""
    parts = (package.read("docProps/custom.xml"), package.read("docProps/core.xml"))
    return tuple(part.decode("utf-8", "replace") for part in parts if part)


def _edit_minutes(package: Package) -> int | None:
    found = _MINUTES.search(package.read("docProps/app.xml"))
    return int(found[1]) if found else None


def _oddities(package: Package, folder: str, main: str, embedded: bool) -> tuple[str, ...]:
    """What is there and was neither opened nor run (CHK-007)."""
    lower = [m.lower() for m in package.members]
    found = []
    if any(m.endswith(("vbaproject.bin", "vbadata.xml")) for m in lower):
        found.append("macros")
    if _has_external(package, f"{folder}/_rels/{posixpath.basename(main)}.rels"):
        found.append("external links")
    if embedded or any("/embeddings/" in m or "/activex/" in m for m in lower):
        found.append("embedded objects")
    return tuple(found)


def _has_external(package: Package, name: str) -> bool:
    """Anything the document would fetch by itself. A web address somebody typed is a link too, but harmless text."""
    part = package.read(name)
    if _EXTERNAL not in part:
        return False
    relations = package.tree(name)
    return any(
        r.get("TargetMode") == "External" and not (r.get("Type") or "").endswith("/hyperlink")
        for r in (relations if relations is not None else ())
    )
