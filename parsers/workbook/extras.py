"""What stands beside a workbook's cells: comments, text boxes, print headers, passports, and what was not opened."""

import html
import re
from collections.abc import Iterable

from lxml import etree

from parsers.guard import Package
from parsers.workbook.book import Book, read_relations

_COMMENTS = re.compile(r"comments/?(?:comment)?\d*\.xml", re.IGNORECASE)
_THREADED = re.compile(r"threadedComments/[^/]+\.xml", re.IGNORECASE)
_PERSONS = re.compile(r"persons/[^/]+\.xml", re.IGNORECASE)
_DRAWING = re.compile(r"drawings/drawing\d+\.xml", re.IGNORECASE)
# Excel writes every threaded comment a second time for older programs, under this made-up author.
_DOUBLE = "tc={"
_MARGIN = re.compile(rb"<(?:[^\s<>/:]+:)?(?:odd|even|first)(Header|Footer)\b[^>]*>([^<]*)<")
_PLACES = {b"Header": "page header", b"Footer": "page footer"}
# &L &C &R begin the left, middle and right part; the others are page numbers, dates, fonts, sizes and colours.
_SECTION = re.compile(r"&[LCR]")
_CODE = re.compile(r'&(?:"[^"]*"|K[0-9A-F]{6}|K\d\d[+-]\d{3}|\d{1,3}|[A-Z])')
_AND = "\0"


def find_margins(part: bytes) -> list[tuple[str, str]]:
    """The printed header and footer of one sheet as (place, text)."""
    # They stand behind the cells, and the cells are most of the part.
    end = max(part.rfind(b"sheetData"), 0)
    if part.find(b"eaderFooter", end) < 0:
        return []
    found = [(_PLACES[kind], html.unescape(text.decode("utf-8", "replace"))) for kind, text in _MARGIN.findall(part, end)]
    return [(place, plain) for place, text in found if (plain := plain_margin(text))]


def plain_margin(text: str) -> str:
    """A margin without its codes, its left, middle and right part on a line each."""
    parts = _SECTION.split(text.replace("&&", _AND))
    plain = (_CODE.sub("", part).replace(_AND, "&").strip() for part in parts)
    return "\n".join(part for part in plain if part)


def find_around(package: Package, folder: str) -> list[tuple[str, str]]:
    """The text of boxes and shapes drawn on the sheets."""
    found: list[tuple[str, str]] = []
    for root in _trees(package, folder, _DRAWING):
        for body in root.iter("{*}txBody"):
            text = "\n".join(line for p in body.iter("{*}p") if (line := _joined(p)))
            if text:
                found.append(("text box", text))
    return found


def find_remarks(package: Package, folder: str) -> tuple[tuple[str, str], ...]:
    """Comments as (who, text): notes first, then the threaded ones."""
    found = []
    for root in _trees(package, folder, _COMMENTS):
        authors = [a.text or "" for a in root.iterfind("{*}authors/{*}author")]
        for comment in root.iter("{*}comment"):
            at = comment.get("authorId") or ""
            who = authors[int(at)] if at.isdecimal() and len(at) < 6 and int(at) < len(authors) else ""
            if not who.startswith(_DOUBLE):
                found.append((who, _joined(comment)))
    return (*found, *_threaded(package, folder))


def _threaded(package: Package, folder: str) -> list[tuple[str, str]]:
    people = {
        person.get("id"): person.get("displayName") or ""
        for root in _trees(package, folder, _PERSONS) for person in root.iter("{*}person")
    }
    return [
        (people.get(comment.get("personId"), ""), "\n".join(e.text or "" for e in comment.iterfind("{*}text")).strip())
        for root in _trees(package, folder, _THREADED) for comment in root.iter("{*}threadedComment")
    ]


def _trees(package: Package, folder: str, pattern: re.Pattern[str]) -> Iterable[etree._Element]:
    start = len(folder) + 1 if folder else 0
    for name in package.members:
        if name.startswith(folder) and pattern.fullmatch(name, start):
            root = package.tree(name)
            if root is not None:
                yield root


def _joined(element: etree._Element) -> str:
    """All text inside, without the reading aids of Japanese."""
    return "".join(
        t.text or "" for t in element.iter("{*}t") if etree.QName(_parent(t)).localname != "rPh"
    ).replace("\r\n", "\n").strip()


def _parent(e: etree._Element) -> etree._Element:
    parent = e.getparent()
    return e if parent is None else parent


def find_passports(package: Package) -> tuple[str, ...]:
    """Where a passport may stand, strongest first: custom property, then core identifier and keywords."""
    parts = (package.read("docProps/custom.xml"), package.read("docProps/core.xml"))
    return tuple(part.decode("utf-8", "replace") for part in parts if part)


def find_oddities(package: Package, book: Book, names: str) -> tuple[str, ...]:
    """What is there and was neither opened nor run (CHK-007). ``names`` are all members' names in small letters."""
    found = []
    if any(name in names for name in ("vbaproject.bin", "vbadata.xml", "/macrosheets/")):
        found.append("macros")
    if any(name in names for name in ("/externallinks/", "/connections.xml")) or _has_external(package, book):
        found.append("external links")
    if any(name in names for name in ("/embeddings/", "/activex/")):
        found.append("embedded objects")
    return tuple(found)


def _has_external(package: Package, book: Book) -> bool:
    """Anything the workbook would fetch by itself; a web address somebody typed is only text."""
    relations = list(book.relations.values())
    for page in book.pages:
        relations += read_relations(package, page.member).values()
    return any(r.outside and r.kind != "hyperlink" for r in relations)
