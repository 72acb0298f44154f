"""Settles a Word tree before it is walked: tracked changes accepted, text boxes put into the flow, doubles dropped."""

from lxml import etree

from parsers.word_names import Names


def settle_tree(root: etree._Element, n: Names) -> tuple[int, bool]:
    """Changes ``root`` in place. → (tracked changes met, whether something embedded was met).

    Insertions stay, deletions go: what a reader sees after "Accept all". A form nobody changed costs one scan.
    """
    # Backwards, so that a run of paragraphs whose marks were deleted melts into its first one.
    odd = [(n.odd[str(e.tag)], e) for e in root.iter(*n.odd)]
    changes, embedded = 0, False
    for kind, element in reversed(odd):
        if kind in ("kept", "gone", "cell"):
            changes += 1
        embedded = embedded or kind == "object"
        if kind == "gone":
            _accept_deletion(element, n)
        elif kind == "cell":
            _drop(_ancestor(element, n.tc))
        elif kind == "fallback" and element.getprevious() is not None:
            # The same content once more, for readers older than 2010.
            _drop(element)
    for kind, element in odd:
        if kind == "box":
            _unbox(element, n)
    return changes, embedded


def _accept_deletion(element: etree._Element, n: Names) -> None:
    parent = element.getparent()
    if parent is None:
        return
    if parent.tag == n.w("rPr"):
        holder = parent.getparent()
        if holder is not None and holder.tag == n.w("pPr"):
            _join_next(holder.getparent(), n)
    elif parent.tag == n.w("trPr"):
        _drop(_ancestor(element, n.tr))
    else:
        _drop(element)


def _join_next(paragraph: etree._Element | None, n: Names) -> None:
    """The paragraph's end mark was deleted: what follows belongs to it."""
    following = paragraph.getnext() if paragraph is not None else None
    if paragraph is None or following is None or following.tag != n.p:
        return
    for child in list(following):
        if child.tag != n.w("pPr"):
            paragraph.append(child)
    _drop(following)


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
