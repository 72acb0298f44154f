"""A returned Word document opened with care: what is hostile is refused, what we change is put back beside the rest.

No DOCTYPE, no entities, caps on members, bytes and elements (documents facts, section 6). Every refusal is a
PermanentError whose words can be shown to QA.
"""

import re

from lxml import etree

from mailflow.errors import PermanentError
from outbox.word_zip import Member, pack, read_members, write_members

NS = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
_MAIN_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
# A completed form has some six thousand elements; eight million empty ones take a gigabyte to hold.
MAX_BYTES, MAX_ELEMENTS = 32 << 20, 400_000


class Returned:
    """A document as it came back. ``document`` and ``comments`` are its trees, the second one empty where it has none."""

    def __init__(self, data: bytes) -> None:
        """Raises PermanentError for what is not a Word document we may safely write in."""
        self._members = {m.name: m for m in read_members(data)}
        self._types = self.read("[Content_Types].xml")
        self._main = self._find_main()
        self.document = self.read(self._main)
        if self.document.tag != f"{{{NS}}}document":
            raise PermanentError("the document was saved in an unusual form of Word that we can't write comments in")
        folder, _, name = self._main.rpartition("/")
        self._rels_name = f"{folder}/_rels/{name}.rels".lstrip("/")
        self._folder = folder
        self._rels = (self.read(self._rels_name) if self._rels_name in self._members
                      else etree.fromstring(f'<Relationships xmlns="{_RELS}"/>'))
        self._comments = self._related("comments")
        self.comments = (self.read(self._comments) if self._comments
                         else etree.Element(f"{{{NS}}}comments", nsmap={"w": NS}))
        if self.comments.tag != f"{{{NS}}}comments":
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
        if not name or name not in self._members:
            return None
        return self._changed.setdefault(name, self.read(name))

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
        if "vbaproject" in " ".join(self._members).lower():
            raise PermanentError("the document holds macros; we never send those on")
        rels = self.read("_rels/.rels")
        main = next((r.get("Target", "").lstrip("/") for r in rels
                     if (r.get("Type") or "").endswith("/officeDocument")), "")
        kind = next((o.get("ContentType") for o in self._types if o.get("PartName", "").lower() == f"/{main}".lower()), "")
        if kind != _MAIN_TYPE:
            raise PermanentError("the document is not a plain Word document (.docx)")
        return main

    def _related(self, kind: str) -> str:
        """The name of the part of that kind beside the document, "" where there is none."""
        for r in self._rels:
            if (r.get("Type") or "").endswith(f"/{kind}") and r.get("TargetMode") != "External":
                target = r.get("Target") or ""
                return target.lstrip("/") if target.startswith("/") else f"{self._folder}/{target}".lstrip("/")
        return ""

    def _declare_comments(self) -> str:
        taken = {n.lower() for n in self._members}
        names = (f"{self._folder}/comments{n or ''}.xml".lstrip("/") for n in range(len(taken) + 1))
        name = next(n for n in names if n.lower() not in taken)
        ids = {r.get("Id") for r in self._rels}
        fresh = next(f"rIdMf{n}" for n in range(1, len(ids) + 2) if f"rIdMf{n}" not in ids)
        etree.SubElement(self._rels, f"{{{_RELS}}}Relationship", Id=fresh, Type=f"{_OFFICE}/comments", Target=f"/{name}")
        etree.SubElement(self._types, f"{{{_TYPES}}}Override", PartName=f"/{name}", ContentType=_COMMENTS_TYPE)
        return name
