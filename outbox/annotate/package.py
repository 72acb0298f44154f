"""A returned Word document opened with care: what is hostile is refused, what we change is put back beside the rest.

No DOCTYPE, no entities, caps on members, bytes and elements (documents facts, section 6). Every refusal is a
PermanentError whose words can be shown to QA. Documents of both standards (ISO strict and transitional), templates and
documents with macros are opened alike; ``make_plain`` makes of each what may be sent.
"""

import posixpath
import re

from lxml import etree

from mailflow.errors import PermanentError
from outbox.forms.packing import Member, pack, read_members, write_members

_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
# The document's namespace in braces → how its relationships are called.
_STANDARDS = {
    "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}":
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "{http://purl.oclc.org/ooxml/wordprocessingml/main}": "http://purl.oclc.org/ooxml/officeDocument/relationships",
}
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_COMMENTS_TYPE, _PLAIN_TYPE = f"{_WORD}comments+xml", f"{_WORD}document.main+xml"
_MACROS = re.compile(r"vba(?:project|data)[^/]*$", re.IGNORECASE)
# A completed form has some six thousand elements; eight million empty ones take a gigabyte to hold.
MAX_BYTES, MAX_ELEMENTS = 32 << 20, 400_000


class Returned:
    """A document as it came back. ``document`` and ``comments`` are its trees, the second one empty where it has none.

    ``w`` and ``comments_w`` are their namespaces in braces.
    """

    def __init__(self, data: bytes) -> None:
        """Raises PermanentError for what is not a Word document we may safely write in."""
        self._members = {m.name: m for m in read_members(data)}
        self._types = self.read("[Content_Types].xml")
        self._main = self._find_main()
        self.document = self.read(self._main)
        self.w = _namespace(self.document, "document")
        if not self.w:
            raise PermanentError("the document is not a Word document that comments can be written in")
        folder, _, name = self._main.rpartition("/")
        self._rels_name = f"{folder}/_rels/{name}.rels".lstrip("/")
        self._folder = folder
        self._rels = (self.read(self._rels_name) if self._rels_name in self._members
                      else etree.fromstring(f'<Relationships xmlns="{_RELS}"/>'))
        self._comments = self._related("comments")
        self.comments = (self.read(self._comments) if self._comments
                         else etree.Element(f"{self.w}comments", nsmap={"w": self.w[1:-1]}))
        self.comments_w = _namespace(self.comments, "comments")
        if not self.comments_w:
            raise PermanentError("the document's comments are damaged")
        self._changed: dict[str, etree._Element] = {}

    def read(self, name: str) -> etree._Element:
        """A part as a tree. Raises PermanentError where it is missing, damaged or hostile."""
        if name not in self._members:
            raise PermanentError(f"the document has no part {name!r}; it is damaged, or not a Word document")
        member = self._members[name]
        data = member.unpack() if member.size <= MAX_BYTES else b""
        if member.size > MAX_BYTES or data.count(b"<") > 2 * MAX_ELEMENTS:
            raise PermanentError("the document is too large to be opened safely")
        if re.search(rb"<!\s*(DOCTYPE|ENTITY)", data, re.IGNORECASE):
            raise PermanentError("the document holds declarations no Word document needs; it is not opened")
        try:
            root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False,
                                                          huge_tree=False))
        except (etree.XMLSyntaxError, ValueError) as e:
            raise PermanentError(f"the part {name!r} of the document is damaged") from e
        # In another encoding the words above would have looked different; the parser knows better.
        if getattr(root.getroottree().docinfo, "doctype", ""):
            raise PermanentError("the document holds declarations no Word document needs; it is not opened")
        return root

    def find_beside(self, kind: str) -> etree._Element | None:
        """The tree of a part that keeps more about comments ("commentsExtended"), to be changed; None without one."""
        name = self._related(kind)
        if not name:
            return None
        return self._changed.setdefault(name, self.read(name))

    def make_plain(self) -> None:
        """An ordinary .docx of a template or a document with macros, whose macros are left out (HR-10)."""
        self._members = {name: m for name, m in self._members.items() if not _MACROS.search(name)}
        for r in [r for r in self._rels if _MACROS.search(r.get("Target") or "")]:
            self._rels.remove(r)
        main = f"/{self._main}".lower()
        for entry in list(self._types):
            part = entry.get("PartName") or ""
            if _MACROS.search(part) or part.lower() == main:
                self._types.remove(entry)
        self._declare(self._main, _PLAIN_TYPE)

    def _declare(self, name: str, kind: str) -> None:
        etree.SubElement(self._types, f"{{{_TYPES}}}Override", PartName=f"/{name}", ContentType=kind)

    def save(self) -> bytes:
        """The package again: parts we did not touch are copied as they were packed."""
        if not self._comments:
            self._comments = self._declare_comments()
        trees = {self._main: self.document, self._comments: self.comments, self._rels_name: self._rels,
                 "[Content_Types].xml": self._types, **self._changed}
        out: dict[str, Member] = dict(self._members)
        for name, tree in trees.items():
            out[name] = pack(name, etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True))
        return write_members(out.values())

    def _find_main(self) -> str:
        """What the package's relationships call the document, as the reader finds it."""
        rels = self.read("_rels/.rels") if "_rels/.rels" in self._members else ()
        return next((r.get("Target", "").lstrip("/") for r in rels
                     if (r.get("Type") or "").endswith("/officeDocument")), "word/document.xml")

    def _related(self, kind: str) -> str:
        """The name of the part of that kind beside the document, "" where there is none."""
        for r in self._rels:
            if (r.get("Type") or "").endswith(f"/{kind}") and r.get("TargetMode") != "External":
                target = r.get("Target") or ""
                name = posixpath.normpath(posixpath.join(f"/{self._folder}", target)).lstrip("/")
                if name in self._members:
                    return name
        return ""

    def _declare_comments(self) -> str:
        for r in [r for r in self._rels if (r.get("Type") or "").endswith("/comments")]:
            self._rels.remove(r)  # it led nowhere
        taken = {n.lower() for n in self._members}
        names = (f"{self._folder}/comments{n or ''}.xml".lstrip("/") for n in range(len(taken) + 1))
        name = next(n for n in names if n.lower() not in taken)
        ids = {r.get("Id") for r in self._rels}
        fresh = next(f"rIdMf{n}" for n in range(1, len(ids) + 2) if f"rIdMf{n}" not in ids)
        etree.SubElement(self._rels, f"{{{_RELS}}}Relationship", Id=fresh, Type=f"{_STANDARDS[self.w]}/comments",
                         Target=f"/{name}")
        for override in [o for o in self._types if (o.get("PartName") or "").lower() == f"/{name}".lower()]:
            self._types.remove(override)
        self._declare(name, _COMMENTS_TYPE)
        return name


def _namespace(root: etree._Element, local: str) -> str:
    """The namespace in braces of a root of that name; "" for any other root."""
    return next((w for w in _STANDARDS if root.tag == f"{w}{local}"), "")
