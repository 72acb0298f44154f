"""What an Excel package says it is made of: its sheets in order, and the parts each of them has."""

import posixpath
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from lxml import etree

from mailflow.model import Unreadable
from parsers.guard import Package, damaged, parse_xml, refuse, too_large
from parsers.workbook.guard import WORKBOOK_LIMITS, WorkbookLimits, check_area, check_plain, check_sheet, pack
from parsers.workbook.strings import check_filled, check_strings

_SMALL = 16 * 1024
_USUAL = b'/officeDocument" Target="xl/workbook.xml"'
_ON = ("1", "true", "on")
_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
_DOC = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


class Relation(NamedTuple):
    """``kind`` is the last word of its type ("worksheet"); ``target`` a member's name, or an address if ``outside``."""

    kind: str
    target: str
    outside: bool


class Page(NamedTuple):
    """One worksheet: its name, whether people see its tab, and its part."""

    name: str
    visible: bool
    member: str
    part: bytes


class Front(NamedTuple):
    """What the workbook's own part says: its sheets as (name, state, relation), how days count, its defined names."""

    sheets: tuple[tuple[str, str, str], ...]
    old_dates: bool
    names: Mapping[str, str]


class Book(NamedTuple):
    """A workbook whose sheets were all measured. ``names`` are its defined names and what they stand for."""

    folder: str
    pages: tuple[Page, ...]
    styles: bytes
    strings: bytes
    old_dates: bool
    relations: Mapping[str, Relation]
    names: Mapping[str, str]


def open_book(package: Package, limits: WorkbookLimits = WORKBOOK_LIMITS) -> Book:
    """Raises UnreadableError for a package that is no workbook, or one beyond the limits."""
    main = _main_part(package)
    relations = read_relations(package, main)
    part = package.read(main)
    # The returns of one form say the same here, so what small parts say is kept.
    front = _keep_front(part) if len(part) <= _SMALL else _read_front(part)
    pages = tuple(_pages(package, front.sheets, relations))
    check_area([check_sheet(page.part, limits) for page in pages], limits)
    styles, strings = (_only(package, relations, kind) for kind in ("styles", "sharedStrings"))
    sheets = [page.part for page in pages]
    check_filled(sheets, limits)
    check_strings(strings, sheets, limits)
    check_plain(styles)
    return Book(posixpath.dirname(main), pages, styles, strings, front.old_dates, relations, front.names)


def _read_front(part: bytes) -> Front:
    if not part:
        raise damaged("it has no workbook part")
    inside = {str(e.tag).rpartition("}")[2]: e for e in parse_xml(part)}
    sheets = tuple((e.get("name") or "", e.get("state") or "visible", _id(e)) for e in inside.get("sheets", ()))
    old = "workbookPr" in inside and (inside["workbookPr"].get("date1904") or "") in _ON
    return Front(sheets, old, {e.get("name") or "": e.text or "" for e in inside.get("definedNames", ())})


_keep_front = lru_cache(maxsize=64)(_read_front)


def _main_part(package: Package) -> str:
    part = package.read("_rels/.rels")
    main = "xl/workbook.xml"
    if _USUAL not in part:
        found = [r.target for r in read_relations(package, "").values() if r.kind == "officeDocument"]
        main = found[0] if found else main
    if main.endswith(".bin"):
        raise refuse(Unreadable.UNSUPPORTED, "This is a binary Excel workbook. Please save it as .xlsx and send that.")
    return main


def read_relations(package: Package, member: str) -> Mapping[str, Relation]:
    """Id → what it stands for, for one part ("" for the package itself); empty where the part has none."""
    folder, slash, name = member.rpartition("/")
    part = package.read(f"{folder}{slash}_rels/{name}.rels")
    return (_keep_relations(part, folder) if len(part) <= _SMALL else _read_relations(part, folder)) if part else {}


def _read_relations(part: bytes, folder: str) -> Mapping[str, Relation]:
    return {e.get("Id") or "": _relation(e, folder) for e in parse_xml(part)}


_keep_relations = lru_cache(maxsize=256)(_read_relations)


def _relation(e: etree._Element, folder: str) -> Relation:
    """A target is told from the folder of the part it belongs to, or from the top."""
    target, outside = e.get("Target") or "", e.get("TargetMode") == "External"
    if not outside:
        target = posixpath.normpath(posixpath.join(f"/{folder}", target))[1:]
    return Relation((e.get("Type") or "").rpartition("/")[2], target, outside)


def _pages(package: Package, listed: Iterable[tuple[str, str, str]], relations: Mapping[str, Relation]) -> list[Page]:
    """Worksheets only: a chart on a sheet of its own has no cells."""
    found: list[Page] = []
    for name, state, related in listed:
        relation = relations.get(related)
        if relation is None or relation.kind != "worksheet":
            continue
        if len(found) == WORKBOOK_LIMITS.sheets:
            raise too_large(f"it has more than {WORKBOOK_LIMITS.sheets} sheets")
        part = package.read(relation.target)
        if not part:
            raise damaged("a sheet is missing")
        found.append(Page(name, state == "visible", relation.target, part))
    return found


def _id(e: etree._Element) -> str:
    return next((str(value) for name, value in e.attrib.items() if str(name).endswith("relationships}id")), "")


def relation_of(e: etree._Element, relations: Mapping[str, Relation]) -> Relation | None:
    """What an element's ``r:id`` stands for."""
    return relations.get(_id(e))


def _only(package: Package, relations: Mapping[str, Relation], kind: str) -> bytes:
    return next((package.read(r.target) for r in relations.values() if r.kind == kind and not r.outside), b"")


def repack(book: Book) -> bytes:
    """The workbook the library is handed: the measured sheets, the styles and the strings, and nothing else.

    Its sheets are called s0, s1 and so on and are all visible: what they are really called is known from the book.
    """
    parts = dict(_frame(len(book.pages), book.old_dates, bool(book.styles), bool(book.strings)))
    parts.update((f"xl/s{n}.xml", page.part) for n, page in enumerate(book.pages))
    if book.styles:
        parts["xl/styles.xml"] = book.styles
    if book.strings:
        parts["xl/sharedStrings.xml"] = book.strings
    return pack(parts)


@lru_cache(maxsize=64)
def _frame(sheets: int, old_dates: bool, styles: bool, strings: bool) -> tuple[tuple[str, bytes], ...]:
    """The parts that say which others there are."""
    related = "".join(_related(f"s{n}", "worksheet") for n in range(sheets))
    related += _related("styles", "styles") if styles else ""
    related += _related("sharedStrings", "sharedStrings") if strings else ""
    listed = "".join(f'<sheet name="s{n}" sheetId="{n + 1}" r:id="s{n}"/>' for n in range(sheets))
    return (
        ("_rels/.rels", f'<Relationships xmlns="{_RELS}">{_related("workbook", "officeDocument", "xl/")}</Relationships>'.encode()),
        ("xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{_RELS}">{related}</Relationships>'.encode()),
        ("xl/workbook.xml", (
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_DOC}"><workbookPr date1904="{int(old_dates)}"/>'
            f"<sheets>{listed}</sheets></workbook>"
        ).encode()),
    )


def _related(name: str, kind: str, folder: str = "") -> str:
    return f'<Relationship Id="{name}" Type="{_DOC}/{kind}" Target="{folder}{name}.xml"/>'
