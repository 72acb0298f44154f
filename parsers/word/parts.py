"""What stands beside a Word document's text: its relations, headers, notes, comments, properties; nothing is opened."""

import posixpath
import re
from functools import lru_cache
from typing import NamedTuple

from lxml import etree

from mailflow.form.passport import COMMENT_INITIALS
from parsers.guard import Package, Packed, parse_xml
from parsers.word.cell import plain_text
from parsers.word.changes import settle_tree
from parsers.word.names import Names, is_on, names_of

# As nearly every writer puts it; only a part of this name can be meant.
_USUAL = b'/officeDocument" Target="word/document.xml"'
_MINUTES = re.compile(rb"TotalTime>\s*(\d{1,9})\s*<")
_SMALL = 16 * 1024
_PLACES = {"header": "page header", "footer": "page footer", "footnotes": "footnote", "endnotes": "endnote"}
# Where a document's own links stand, by kind; the same kinds are found by name where a writer forgot to relate them.
_NAMED = re.compile(r"(header|footer|footnotes|endnotes|comments)\d*\.xml", re.IGNORECASE)
_DRAWINGS = re.compile(r"/(diagrams/data|charts/chart)[^/]*\.xml$")
_LINKED = re.compile(r"(.*/)?_rels/(document|header|footer|settings|footnotes|endnotes|comments)\d*\.xml\.rels")
_DRAWN_TEXT = ("{*}t", "{*}strCache//{*}v")


class Relation(NamedTuple):
    """One line of a part's relations; ``kind`` is the last word of its type, ``target`` a member's name or an address."""

    id: str
    kind: str
    target: str
    external: bool


class Story(NamedTuple):
    """The text of a header, footer or note, and what is hidden in it."""

    text: str
    hidden: tuple[str, ...] = ()


def find_main(package: Package) -> str:
    """What the package's relations call the document: Word on the web does not always say word/document.xml."""
    if _USUAL in package.read("_rels/.rels"):
        return "word/document.xml"
    found = (r.target for r in _relations(package, "") if r.kind == "officeDocument" and not r.external)
    return next(found, "word/document.xml")


def targets_by_id(package: Package, part: str) -> dict[str, str]:
    """Relation id → member, without what stands outside the package."""
    return {r.id: r.target for r in _relations(package, part) if not r.external}


def _relations(package: Package, part: str) -> tuple[Relation, ...]:
    folder, name = posixpath.split(part)
    return _read_relations(package.read(f"{folder}{'/' if folder else ''}_rels/{name}.rels"), folder)


@lru_cache(maxsize=256)
def _read_relations(part: bytes, folder: str) -> tuple[Relation, ...]:
    """Kept by their bytes: all copies of a council's form have the same."""
    root = parse_xml(part) if part else None
    return tuple(_relation(r, folder) for r in (root if root is not None else ()))


def _relation(r: etree._Element, folder: str) -> Relation:
    target, external = (r.get("Target") or "").replace("\\", "/"), r.get("TargetMode") == "External"
    if not external:
        whole = target if target.startswith("/") else f"{folder}/{target}"
        # One that climbs out of the package names nothing in it.
        target = posixpath.normpath(whole).lstrip("/")
    return Relation(r.get("Id") or "", (r.get("Type") or "").rpartition("/")[2], target, external)


def find_beside(package: Package, main: str) -> list[tuple[str, str]]:
    """(kind, member) of headers, footers, notes and comments, in the order of the members."""
    folder = posixpath.dirname(main)
    start = len(folder) + 1 if folder else 0
    kinds = {r.target.lower(): r.kind for r in _relations(package, main) if r.kind in _PLACES or r.kind == "comments"}
    found = []
    for name in package.members:
        named = _NAMED.fullmatch(name, start) if name.startswith(folder) else None
        kind = named[1].lower() if named else kinds.get(name.lower())
        if kind:
            found.append((kind, name))
    return found


def read_around(package: Package, beside: list[tuple[str, str]], n: Names) -> tuple[list[tuple[str, str]], list[str]]:
    """((place, text) of headers, footers, notes, diagrams and charts; hidden texts in them)."""
    stories = [(_PLACES[kind], _story(package.read(name), n)) for kind, name in beside if kind in _PLACES]
    around = [(place, story.text) for place, story in stories if story.text]
    for name in package.members:
        if ("/diagrams/" in name or "/charts/" in name) and (drawing := _DRAWINGS.search(name)):
            text = _drawn_text(package.tree(name))
            around += [("diagram" if "diagrams" in drawing[1] else "chart", text)] if text else []
    return around, [text for _, story in stories for text in story.hidden]


def _story(part: bytes, n: Names) -> Story:
    """A header's text. A council's page header is the same on all its forms, so small ones are kept."""
    return _read_small(part, n.qualify) if len(part) <= _SMALL else _read_story(part, n)


@lru_cache(maxsize=256)
def _read_small(part: bytes, namespace: str) -> Story:
    return _read_story(part, names_of(namespace))


def _read_story(part: bytes, n: Names) -> Story:
    if not part:
        return Story("")
    root = parse_xml(part)
    settled = settle_tree(root, n)
    return Story("\n".join(t for t in (plain_text(root, n), *settled.drawn) if t), tuple(settled.hidden))


def _drawn_text(root: etree._Element | None) -> str:
    texts = [e.text for path in _DRAWN_TEXT for e in (root.iterfind(f".//{path}") if root is not None else ())]
    return "\n".join(t.strip() for t in texts if t and t.strip())


def read_remarks(package: Package, beside: list[tuple[str, str]], n: Names) -> tuple[tuple[str, str], ...]:
    """Comments as (who, text), resolved ones too, without those we put there ourselves when we sent the form back."""
    found: list[tuple[str, str]] = []
    for root in [package.tree(name) for kind, name in beside if kind == "comments"]:
        if root is not None:
            settle_tree(root, n)
            found += [(c.get(n.w("author")) or "", plain_text(c, n)) for c in root.iterchildren(n.w("comment"))
                      if c.get(n.w("initials")) != COMMENT_INITIALS]
    return tuple(found)


def read_hidden_styles(package: Package, main: str, n: Names) -> frozenset[str]:
    """Names of styles whose text nobody sees."""
    packed = package.packed(f"{posixpath.dirname(main)}/styles.xml".lstrip("/"))
    return _hidden_styles(packed, n.qualify) if packed is not None else frozenset()


@lru_cache(maxsize=64)
def _hidden_styles(packed: Packed, namespace: str) -> frozenset[str]:
    """Kept by their bytes: all copies of a form have the same, and Word writes hundreds of kilobytes of them."""
    part, n = packed.unpack(), names_of(namespace)
    if b"vanish" not in part:
        return frozenset()
    found = [e for e in parse_xml(part).iter(n.w("vanish")) if is_on(e.get(n.val))]
    kinds = (look.getparent() for e in found if (look := e.getparent()) is not None)
    return frozenset(s.get(n.w("styleId")) or "" for s in kinds if s is not None and s.tag == n.w("style")) - {""}


def read_passports(package: Package) -> tuple[str, ...]:
    """Where a passport may stand, strongest first: custom property, then core identifier and keywords."""
    parts = (package.read("docProps/custom.xml"), package.read("docProps/core.xml"))
    return tuple(part.decode("utf-8", "replace") for part in parts if part)


def read_edit_minutes(package: Package) -> int | None:
    found = _MINUTES.search(package.read("docProps/app.xml"))
    return int(found[1]) if found else None


def has_external(package: Package, main: str) -> bool:
    """Anything the document would fetch by itself. A web address somebody typed is a link too, but harmless text."""
    for name in package.members:
        if (name.endswith(".rels") and _LINKED.fullmatch(name)) or name.endswith(f"/_rels/{posixpath.basename(main)}.rels"):
            for r in _read_relations(package.read(name), ""):
                if r.external and r.kind != "hyperlink" and not _is_own_template(r):
                    return True
    return False


def _is_own_template(r: Relation) -> bool:
    """A council's forms name the template they were made from, in some folder; only one fetched from the web is odd."""
    return r.kind == "attachedTemplate" and not r.target.lower().startswith(("http:", "https:", "ftp:"))


