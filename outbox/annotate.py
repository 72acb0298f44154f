"""The auditor's own document with our points as Word comments, at the very fields (OUT-13, OUT-17, OUT-18).

Nothing a person wrote is touched. Comments of ours from an earlier round are replaced, other people's stay. Ours are
known by their initials, or by author and a paragraph id that starts as ours do (Word and LibreOffice keep one or both).
"""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from lxml import etree

from mailflow.form.definition import FormDefinition
from mailflow.form.passport import COMMENT_INITIALS
from mailflow.model import Point
from outbox.annotate_package import NS, Returned
from outbox.annotate_places import Place, Places
from outbox.word_controls import W
from outbox.word_values import clean

# "MF" in ASCII, the first half of the eight hexadecimal digits of a paragraph id.
_OUR_PARAGRAPHS = "4D46"
_W14 = "http://schemas.microsoft.com/office/word/2010/wordml"
_PARA_ID = f"{{{_W14}}}paraId"
_ID = f"{W}id"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_MARKS = tuple(f"{W}{name}" for name in ("commentRangeStart", "commentRangeEnd", "commentReference"))


def annotate(original: bytes, points: tuple[Point, ...], form: FormDefinition, author: str, at: datetime) -> bytes:
    """The returned .docx with one comment a point and field. ``at`` is aware; people see it in London time.

    A point whose field can't be found, or that has none, is a comment on the document's first paragraph. Raises
    PermanentError for a document that can't be written in: then it is sent without comments.
    """
    returned = Returned(original)
    _remove_ours(returned, author)
    places = Places(returned.document, form)
    writer = _Writer(returned, author, at)
    for point in points:
        found = [place for place in (places.find(f) for f in point.fields) if place]
        for place in found or [places.start()]:
            writer.write(place, f"{point.number}. {point.words}")
    return returned.save()


def _remove_ours(returned: Returned, author: str) -> None:
    ours = [c for c in returned.comments if c.tag == f"{W}comment" and _is_ours(c, author)]
    gone, paragraphs = {c.get(_ID) for c in ours}, {p.get(_PARA_ID) for c in ours for p in c.iter(f"{W}p")} - {None}
    for comment in ours:
        returned.comments.remove(comment)
    for mark in [m for m in returned.document.iter(*_MARKS) if m.get(_ID) in gone]:
        _remove_mark(mark)
    for kind in ("commentsExtended", "commentsIds"):
        _forget(returned.find_beside(kind) if paragraphs else None, paragraphs)


def _is_ours(comment: etree._Element, author: str) -> bool:
    if comment.get(f"{W}initials") == COMMENT_INITIALS:
        return True
    marked = any((p.get(_PARA_ID) or "").startswith(_OUR_PARAGRAPHS) for p in comment.iter(f"{W}p"))
    return marked and comment.get(f"{W}author") == clean(author)


def _remove_mark(mark: etree._Element) -> None:
    """A range mark goes; a reference goes with its run, which holds nothing else."""
    home = mark.getparent()
    if home is None:
        return
    above = home.getparent()
    if mark.tag == f"{W}commentReference" and above is not None and all(
            e is mark or e.tag == f"{W}rPr" for e in home):
        above.remove(home)
    else:
        home.remove(mark)


def _forget(part: etree._Element | None, paragraphs: set[str | None]) -> None:
    """What Word keeps beside a comment (done, answer to …) goes with it; answers to it by others stand alone."""
    for entry in list(part) if part is not None else ():
        for name, value in list(entry.attrib.items()):
            if value in paragraphs and etree.QName(name).localname == "paraIdParent":
                del entry.attrib[name]
            elif value in paragraphs and etree.QName(name).localname == "paraId" and part is not None:
                part.remove(entry)


class _Writer:
    """Writes comments with ids that no other comment and no other paragraph has."""

    def __init__(self, returned: Returned, author: str, at: datetime) -> None:
        self._returned, self._author = returned, clean(author)
        # Word shows a comment's time as it stands, whatever zone it names.
        self._at = at.astimezone(ZoneInfo("Europe/London")).strftime("%Y-%m-%dT%H:%M:%SZ")
        marks = [*returned.comments, *returned.document.iter(*_MARKS)]
        self._number = max((int(i) for i in (m.get(_ID) or "" for m in marks) if i.isdigit()), default=-1)
        trees = (returned.comments, returned.document)
        self._taken = {p.get(_PARA_ID) for tree in trees for p in tree.iter(f"{W}p")}

    def write(self, place: Place, text: str) -> None:
        self._number += 1
        number = str(self._number)
        self._returned.comments.append(self._comment(number, text))
        start, end = (etree.Element(f"{W}{name}", {_ID: number}) for name in ("commentRangeStart", "commentRangeEnd"))
        reference = etree.Element(f"{W}r")
        style = etree.SubElement(etree.SubElement(reference, f"{W}rPr"), f"{W}rStyle")
        style.set(f"{W}val", "CommentReference")
        etree.SubElement(reference, f"{W}commentReference", {_ID: number})
        if place[0].tag == f"{W}p":
            place[0].extend((start, end, reference))
        else:
            place[0].addprevious(start)
            place[-1].addnext(end)
            end.addnext(reference)

    def _comment(self, number: str, text: str) -> etree._Element:
        comment = etree.Element(f"{W}comment", {
            _ID: number, f"{W}author": self._author, f"{W}date": self._at, f"{W}initials": COMMENT_INITIALS}, nsmap={"w": NS})
        for place, line in enumerate(clean(text).split("\n")):
            p = etree.SubElement(comment, f"{W}p", {_PARA_ID: self._paragraph_id()}, nsmap={"w14": _W14})
            _add(_add(p, "pPr"), "pStyle").set(f"{W}val", "CommentText")
            if not place:
                mark = _add(p, "r")
                _add(_add(mark, "rPr"), "rStyle").set(f"{W}val", "CommentReference")
                _add(mark, "annotationRef")
            words = _add(_add(p, "r"), "t")
            words.text = line
            words.set(_SPACE, "preserve")
        return comment

    def _paragraph_id(self) -> str:
        fresh = next(i for i in _ids() if i not in self._taken)
        self._taken.add(fresh)
        return fresh


def _ids() -> Iterable[str]:
    return (f"{_OUR_PARAGRAPHS}{n:04X}" for n in range(0x10000))


def _add(home: etree._Element, name: str) -> etree._Element:
    return etree.SubElement(home, f"{W}{name}")
