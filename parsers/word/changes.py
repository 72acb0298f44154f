"""Settles a Word tree before it is walked: changes accepted, hidden text taken out, text boxes in the flow, no doubles."""

from dataclasses import dataclass, field
from itertools import dropwhile, islice

from lxml import etree

from parsers.word.cell import printed_pieces
from parsers.word.fields import settle_fields
from parsers.word.names import Names, is_on

# What may stand between two paragraphs without being a block itself.
_BETWEEN = ("Start", "End", "proofErr")
_MOST_BETWEEN = 20


@dataclass
class Settled:
    """What was met: how many tracked changes, whether something embedded, texts no reader sees, texts in drawings.

    ``chunks`` are places where another file of the package is to be put in (``w:altChunk``).
    """

    changes: int = 0
    embedded: bool = False
    hidden: list[str] = field(default_factory=list)
    drawn: list[str] = field(default_factory=list)
    chunks: list[etree._Element] = field(default_factory=list)


def settle_tree(root: etree._Element, n: Names, hidden_styles: frozenset[str] = frozenset()) -> Settled:
    """Changes ``root`` in place. Insertions stay, deletions go: what a reader sees after "Accept all".

    A form nobody changed costs one scan.
    """
    odd = [(n.odd[str(e.tag)], e) for e in root.iter(*n.odd)]
    found = Settled()
    for kind, element in odd:
        _settle(kind, element, n, found)
    if odd:
        _look_aside([(kind, e) for kind, e in odd if kind in ("drawn", "chunk") and _is_in(root, e)], found)
    if any(kind == "gone" for kind, _ in odd):
        _join_paragraphs([e for kind, e in odd if kind == "gone"], n)
    hidden = [e for kind, e in odd if kind == "hidden" and _is_in(root, e)]
    if hidden_styles:
        hidden += root.iter(n.style, n.w("rStyle"))
    if hidden:
        _take_hidden(hidden, n, hidden_styles, found)
    _join_paragraphs([e for kind, e in odd if kind == "joint" and is_on(e.get(n.val))], n)
    settle_fields([e for kind, e in odd if kind == "field"], n)
    for kind, element in odd:
        if kind == "box":
            _unbox(element, n)
    return found


def _settle(kind: str, element: etree._Element, n: Names, found: Settled) -> None:
    if kind in ("kept", "gone", "cell", "former"):
        found.changes += 1
    if kind == "gone":
        _accept_deletion(element, n)
    elif kind == "cell":
        _drop(_ancestor(element, n.tc))
    elif kind in ("aside", "former"):
        _drop(element)
    elif kind == "alternate":
        _drop_doubles(element, n)
    elif kind == "object":
        found.embedded = True


def _look_aside(odd: list[tuple[str, etree._Element]], found: Settled) -> None:
    for kind, element in odd:
        if kind == "chunk":
            found.chunks.append(element)
        elif text := (element.text or element.get("string") or "").strip():
            found.drawn.append(text)


def _is_in(root: etree._Element, element: etree._Element) -> bool:
    """Whether it is still on the page after the deletions."""
    return any(above is root for above in element.iterancestors())


def _accept_deletion(element: etree._Element, n: Names) -> None:
    parent = element.getparent()
    if parent is None or parent.tag == n.w("rPr"):
        return
    if parent.tag == n.w("trPr"):
        _drop(_ancestor(element, n.tr))
    else:
        _drop(element)


def _drop_doubles(element: etree._Element, n: Names) -> None:
    """The same content for newer and older readers: the first way that prints anything stays, the others go."""
    ways = list(element)
    kept = next((way for way in ways if next(way.iter(*n.printing), None) is not None), None)
    for way in ways:
        if way is not kept and (kept is not None or way is not ways[0]):
            element.remove(way)


def _join_paragraphs(signs: list[etree._Element], n: Names) -> None:
    """Paragraphs whose end mark was deleted or is a style separator: what follows belongs to them."""
    # A run of such paragraphs melts into its first one, which takes each child once.
    melted: dict[etree._Element, etree._Element] = {}
    for sign in signs:
        look = sign.getparent()
        holder = look.getparent() if look is not None and look.tag == n.w("rPr") else None
        paragraph = holder.getparent() if holder is not None and holder.tag == n.w("pPr") else None
        if paragraph is not None:
            _join_next(melted.get(paragraph, paragraph), melted, n)


def _join_next(paragraph: etree._Element, melted: dict[etree._Element, etree._Element], n: Names) -> None:
    followers = islice(paragraph.itersiblings(), _MOST_BETWEEN)
    following = next(dropwhile(lambda e: str(e.tag).endswith(_BETWEEN), followers), None)
    if following is None or following.tag != n.p:
        return
    # The melted one keeps its properties, in which the sign of its own end stands.
    for child in list(following):
        if child.tag != n.w("pPr"):
            paragraph.append(child)
    melted[following] = paragraph
    _drop(following)


def _take_hidden(signs: list[etree._Element], n: Names, styles: frozenset[str], found: Settled) -> None:
    """Text with the font effect "hidden": nobody who fills or reads the form sees it, so it can't be an answer."""
    texts: list[list[str]] = []
    last: etree._Element | None = None
    for sign in signs:
        for run in _hidden_runs(sign, n, styles):
            pieces, paragraph = printed_pieces(run, n), _ancestor(run, n.p)
            if not pieces:
                continue
            if not texts or paragraph is not last:
                texts.append([])
            texts[-1] += pieces
            last = paragraph
            _drop(run)
    found.hidden += [text for text in ("".join(t).strip() for t in texts) if text]


def _hidden_runs(sign: etree._Element, n: Names, styles: frozenset[str]) -> list[etree._Element]:
    look = sign.getparent()
    holder = look.getparent() if look is not None else None
    if look is None or holder is None:
        return []
    if sign.tag == n.style:
        return [r for r in holder.iter(n.run) if not _says_shown(r, n)] if sign.get(n.val) in styles else []
    if sign.tag == n.w("rStyle"):
        return [holder] if holder.tag == n.run and sign.get(n.val) in styles and not _says_shown(holder, n) else []
    return [holder] if holder.tag == n.run and is_on(sign.get(n.val)) else []


def _says_shown(run: etree._Element, n: Names) -> bool:
    own = run.find(f"{n.w('rPr')}/{n.w('vanish')}")
    return own is not None and not is_on(own.get(n.val))


def _unbox(box: etree._Element, n: Names) -> None:
    """A text box's paragraphs are put after the paragraph it hangs on, so that lines do not run together."""
    anchor = _ancestor(box, n.p)
    if anchor is None or anchor.getparent() is None:
        return
    for child in reversed(list(box)):
        anchor.addnext(child)
    _drop(box)


def _ancestor(element: etree._Element, tag: str) -> etree._Element | None:
    return next(element.iterancestors(tag), None)


def _drop(element: etree._Element | None) -> None:
    parent = element.getparent() if element is not None else None
    if parent is not None and element is not None:
        parent.remove(element)

