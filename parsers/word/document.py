"""Word documents (docx, docm, dotx, strict) → Grid. Our own walker on lxml; nothing in a document is opened or run."""

import re

from lxml import etree

from parsers.grid import Grid
from parsers.guard import Package, damaged, parse_xml
from parsers.word.changes import Settled, settle_tree
from parsers.word.chunks import put_in_chunks
from parsers.word.names import Names, find_names
from parsers.word.parts import (
    find_beside,
    find_main,
    has_external,
    read_around,
    read_edit_minutes,
    read_hidden_styles,
    read_passports,
    read_remarks,
)
from parsers.word.scan import scan_body
from parsers.word.symbols import read_private_letters

# Letters of symbol fonts (U+F000 to U+F0FF) in UTF-8.
_PRIVATE = re.compile(rb"\xef[\x80-\x83]")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def read_word(package: Package, *, careful: bool = False) -> Grid:
    """The document as a grid. Raises UnreadableError for a package whose main part is no Word document.

    ``careful`` also says which cells continue the one above (``Cell.merged``); the compiler of forms needs it.
    """
    main = find_main(package)
    part = package.read(main)
    root = parse_xml(part, package.limits) if part else None
    names = find_names(str(root.tag)) if root is not None else None
    body = root.find(names.body) if root is not None and names else None
    if root is None or names is None or body is None:
        raise damaged("it has no text part")
    settled = _settle(root, part, package, main, names)
    rows = scan_body(body, names, careful=careful)
    beside = find_beside(package, main)
    around, hidden = read_around(package, beside, names)
    around += [("drawing", text) for text in settled.drawn]
    hidden = settled.hidden + hidden
    around += [("hidden text", text) for text in hidden]
    remarks = read_remarks(package, beside, names)
    return Grid(
        rows=rows, around=tuple(around), remarks=remarks, passports=read_passports(package),
        tracked_changes=settled.changes, comments=len(remarks),
        oddities=_oddities(package, main, settled.embedded, bool(hidden)), edit_minutes=read_edit_minutes(package),
    )


def _settle(root: etree._Element, part: bytes, package: Package, main: str, n: Names) -> Settled:
    if b":val=" not in part and b" val=" in part:
        _qualify(root, n)
    settled = settle_tree(root, n, read_hidden_styles(package, main, n))
    if settled.chunks:
        put_in_chunks(settled, package, main, n)
    if (b"\xef" in part and _PRIVATE.search(part)) or part.startswith(_UTF16):
        read_private_letters(root, n)
    return settled


def _qualify(root: etree._Element, n: Names) -> None:
    """Some writers make Word's namespace the default one and forget that attributes have none by default."""
    for e in root.iter(n.qualify + "*"):
        for name in [str(key) for key, _ in e.items()]:
            # A prefix that nothing declares stays part of the name, and that name is none of Word's.
            if not name.startswith("{") and ":" not in name:
                e.set(n.w(name), e.get(name) or "")


def _oddities(package: Package, main: str, embedded: bool, hidden: bool) -> tuple[str, ...]:
    """What is there and was neither opened nor run (CHK-007), or can't be seen on the page."""
    lower = [m.lower() for m in package.members]
    found = []
    if any(m.endswith(("vbaproject.bin", "vbadata.xml")) for m in lower):
        found.append("macros")
    if has_external(package, main):
        found.append("external links")
    if embedded or any("/embeddings/" in m or "/activex/" in m for m in lower):
        found.append("embedded objects")
    if hidden:
        found.append("hidden text")
    return tuple(found)
