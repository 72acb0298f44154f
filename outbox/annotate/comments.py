"""The auditor's own document with our points as Word comments, at the very fields (OUT-13, OUT-17, OUT-18).

Any Word document that can be read can be written in, ours or not. Nothing a person wrote is touched. Comments of ours from
an earlier round are replaced, other people's stay. Ours are known by their initials, or by author and a paragraph id that
starts as ours do (Word and LibreOffice keep one or both).
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from lxml import etree

from mailflow.form.definition import FormDefinition
from mailflow.form.passport import COMMENT_INITIALS
from mailflow.model import Answer, Point
from outbox.annotate.package import Returned
from outbox.annotate.places import Places
from outbox.annotate.spots import Spot
from outbox.forms.values import clean

# "MF" in ASCII, the first half of the eight hexadecimal digits of a paragraph id.
_OUR_PARAGRAPHS = "4D46"
_W14 = "http://schemas.microsoft.com/office/word/2010/wordml"
_PARA_ID = f"{{{_W14}}}paraId"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


def annotate(original: bytes, points: tuple[Point, ...], form: FormDefinition, author: str, at: datetime,
             answers: Mapping[str, Answer] | None = None, plain: bool = False) -> bytes:
    """The returned document with one comment a point and field. ``at`` is aware; people see it in London time.

    ``answers`` is what the document was read as, by field id ("actions.2.due" for a table's cell): their places tell
    where a council's own form has its questions. A point whose fields can't be found, or that has none, is a comment on
    the document's first paragraph, naming the questions. With ``plain`` it comes back as an ordinary .docx, without
    macros. Raises PermanentError for a document that can't be written in.
    """
    returned = Returned(original)
    if plain:
        returned.make_plain()
    _remove_ours(returned, author)
    places = Places(returned.document, form, answers or {}, returned.w)
    writer = _Writer(returned, author, at)
    for point in points:
        spots = {f: places.find(f) for f in point.fields}
        words = f"{point.number}. {point.words}"
        for spot in filter(None, spots.values()):
            writer.write(spot, words)
        lost = [field_id for field_id, spot in spots.items() if not spot]
        if lost or not spots:
            writer.write(places.start(), "\n".join([words, *_names(form, lost)]))
    return returned.save()


def _names(form: FormDefinition, fields: list[str]) -> list[str]:
    """The questions a comment is about, as the form prints them, for a comment that can't stand beside them."""
    titles = {s.id: s.title for s in form.sections}
    found = [f for f in map(form.find_field, fields) if f is not None]
    labels = (" – ".join(filter(None, (titles.get(f.section, ""), f.label, f.column))) for f in found)
    return [f"About: {label}" for label in dict.fromkeys(labels)]


def _remove_ours(returned: Returned, author: str) -> None:
    w, mine = returned.w, returned.comments_w
    number = f"{mine}id"
    ours = [c for c in returned.comments if c.tag == f"{mine}comment" and _is_ours(c, author, mine)]
    gone, paragraphs = {c.get(number) for c in ours}, {p.get(_PARA_ID) for c in ours for p in c.iter(f"{mine}p")} - {None}
    for comment in ours:
        returned.comments.remove(comment)
    for mark in [m for m in returned.document.iter(*_marks(w)) if m.get(f"{w}id") in gone]:
        _remove_mark(mark, w)
    for kind in ("commentsExtended", "commentsIds"):
        _forget(returned.find_beside(kind) if paragraphs else None, paragraphs)


def _marks(w: str) -> tuple[str, ...]:
    return tuple(f"{w}{name}" for name in ("commentRangeStart", "commentRangeEnd", "commentReference"))


def _is_ours(comment: etree._Element, author: str, w: str) -> bool:
    if comment.get(f"{w}initials") == COMMENT_INITIALS:
        return True
    marked = any((p.get(_PARA_ID) or "").startswith(_OUR_PARAGRAPHS) for p in comment.iter(f"{w}p"))
    return marked and comment.get(f"{w}author") == clean(author)


def _remove_mark(mark: etree._Element, w: str) -> None:
    """A range mark goes; a reference goes with its run, which holds nothing else."""
    home = mark.getparent()
    if home is None:
        return
    above = home.getparent()
    if mark.tag == f"{w}commentReference" and above is not None and all(
            e is mark or e.tag == f"{w}rPr" for e in home):
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
        self._w, self._comments_w = returned.w, returned.comments_w
        # Word shows a comment's time as it stands, whatever zone it names.
        self._at = at.astimezone(ZoneInfo("Europe/London")).strftime("%Y-%m-%dT%H:%M:%SZ")
        numbers = [c.get(f"{self._comments_w}id") or "" for c in returned.comments]
        numbers += [m.get(f"{self._w}id") or "" for m in returned.document.iter(*_marks(self._w))]
        self._number = max((int(i) for i in numbers if i.isdecimal()), default=-1)
        trees = ((returned.comments, self._comments_w), (returned.document, self._w))
        self._taken = {p.get(_PARA_ID) for tree, w in trees for p in tree.iter(f"{w}p")}

    def write(self, spot: Spot, text: str) -> None:
        self._number += 1
        number, w = str(self._number), self._w
        self._returned.comments.append(self._comment(number, text))
        start, end = (etree.Element(f"{w}{name}", {f"{w}id": number}) for name in ("commentRangeStart", "commentRangeEnd"))
        reference = etree.Element(f"{w}r")
        style = etree.SubElement(etree.SubElement(reference, f"{w}rPr"), f"{w}rStyle")
        style.set(f"{w}val", "CommentReference")
        etree.SubElement(reference, f"{w}commentReference", {f"{w}id": number})
        if spot[0].tag == f"{w}p":
            spot[0].extend((start, end, reference))
        else:
            spot[0].addprevious(start)
            spot[-1].addnext(end)
            end.addnext(reference)

    def _comment(self, number: str, text: str) -> etree._Element:
        w = self._comments_w
        comment = etree.Element(f"{w}comment", {
            f"{w}id": number, f"{w}author": self._author, f"{w}date": self._at, f"{w}initials": COMMENT_INITIALS},
            nsmap={"w": w[1:-1]})
        for place, line in enumerate(clean(text).split("\n")):
            p = etree.SubElement(comment, f"{w}p", {_PARA_ID: self._paragraph_id()}, nsmap={"w14": _W14})
            _add(_add(p, f"{w}pPr"), f"{w}pStyle").set(f"{w}val", "CommentText")
            if not place:
                mark = _add(p, f"{w}r")
                _add(_add(mark, f"{w}rPr"), f"{w}rStyle").set(f"{w}val", "CommentReference")
                _add(mark, f"{w}annotationRef")
            words = _add(_add(p, f"{w}r"), f"{w}t")
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
    return etree.SubElement(home, name)
