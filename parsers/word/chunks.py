"""Other files put into a document's text (``w:altChunk``): Word shows them, so their text is put where they stand.

Plain text, web pages and Word documents are read; anything else stays unread, and the caller says so.
"""

import re
from collections.abc import Callable, Iterator

from lxml import etree

from mailflow.errors import UnreadableError
from mailflow.model import Unreadable
from parsers.guard import LIMITS, Package, hostile, open_package, too_large
from parsers.sniff import Kind, sniff
from parsers.word.changes import Settled, settle_tree
from parsers.word.names import Names, find_names
from parsers.word.parts import find_main, targets_by_id

# What a whole document is refused for, and not only the chunk.
_GRAVE = (Unreadable.HOSTILE.value, Unreadable.TOO_LARGE.value)
_BLOCKS = frozenset((
    "p", "div", "br", "li", "tr", "td", "th", "table", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "dt", "dd",
    "blockquote", "pre", "section", "article", "header", "footer", "hr", "option", "legend", "fieldset", "caption",
))
_SILENT = frozenset(("head", "script", "style", "template", "noscript"))
_LONGEST_HEAD = 2048
# What no XML can hold.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def put_in_chunks(found: Settled, package: Package, main: str, n: Names) -> None:
    """Replaces each chunk in the tree by what it holds; ``found.embedded`` where one could not be read."""
    if len(found.chunks) > LIMITS.chunk_members:
        raise hostile("it puts more files into its text than any form")
    targets, size = targets_by_id(package, main), 0
    for chunk in list(found.chunks):
        part = package.read(targets.get(next((str(v) for k, v in chunk.items() if str(k).endswith("}id")), ""), ""))
        size += len(part)
        if size > LIMITS.part:
            raise too_large(f"the files put into it hold more than {LIMITS.part // 1024 ** 2} MB")
        blocks = _read_chunk(part, n, found)
        if blocks is None:
            found.embedded = True
            continue
        for block in reversed(blocks):
            chunk.addnext(block)


def _read_chunk(part: bytes, n: Names, found: Settled) -> list[etree._Element] | None:
    """Paragraphs and tables of one chunk; None for one that can't be read."""
    reader = _READERS.get(sniff(part).kind)
    if reader is None or b"MIME-Version" in part[:_LONGEST_HEAD] or b"pkg:package" in part[:_LONGEST_HEAD]:
        return None
    try:
        return reader(part, n, found)
    except UnreadableError as e:
        if e.reason in _GRAVE:
            raise
        return None


def _read_docx(part: bytes, n: Names, found: Settled) -> list[etree._Element] | None:
    package = open_package(part)
    if package.verdict().kind is not Kind.DOCX:
        return None
    root = package.tree(find_main(package))
    # A chunk in the other dialect of Word would need every name changed; no writer makes one.
    body = root.find(n.body) if root is not None and find_names(str(root.tag)) is n else None
    if root is None or body is None:
        return None
    inner = settle_tree(root, n)
    found.changes += inner.changes
    found.hidden += inner.hidden
    found.drawn += inner.drawn
    # Chunks of chunks are not followed.
    found.embedded = found.embedded or inner.embedded or bool(inner.chunks)
    return [child for child in body if child.tag != n.w("sectPr")]


def _read_html(part: bytes, n: Names, found: Settled) -> list[etree._Element] | None:
    if part.count(b"<") > LIMITS.nodes:
        raise hostile("it holds more pieces than any form has")
    try:
        # No network and no huge trees are this parser's defaults; they are said because everything depends on them.
        parser = etree.HTMLParser(
            encoding=_encoding(part), remove_comments=True, remove_pis=True, no_network=True, huge_tree=False,
        )
        root = etree.fromstring(part, parser)
    except (etree.XMLSyntaxError, LookupError):
        return None
    if root is None:
        return []
    return _paragraphs("".join(_printed(root)), n)


def _printed(root: etree._Element) -> Iterator[str]:
    """What a page shows, blocks parted by newlines."""
    silent = 0
    for event, e in etree.iterwalk(root, events=("start", "end")):
        is_start = event == "start"
        if e.tag in _SILENT:
            silent += 1 if is_start else -1
        if e.tag in _BLOCKS:
            yield "\n"
        text = e.text if is_start else e.tail
        if text and not silent:
            # White space on a page is one space.
            yield " ".join(f"|{text}|".split())[1:-1]


def _encoding(part: bytes) -> str | None:
    """What the page says of itself counts; else UTF-8 where it is that, as it nearly always is."""
    if b"charset" in part[:_LONGEST_HEAD].lower() or part[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return None
    return "utf-8" if _is_utf8(part) else "cp1252"


def _is_utf8(part: bytes) -> bool:
    try:
        part.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _read_text(part: bytes, n: Names, found: Settled) -> list[etree._Element] | None:
    if part[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return _paragraphs(part.decode("utf-16", "replace"), n)
    return _paragraphs(part.decode("utf-8-sig" if _is_utf8(part) else "cp1252", "replace"), n)


def _paragraphs(text: str, n: Names) -> list[etree._Element]:
    made = []
    for line in text.splitlines():
        words = _FORBIDDEN.sub("", line).strip()
        if words:
            paragraph = etree.Element(n.p)
            etree.SubElement(etree.SubElement(paragraph, n.run), n.w("t")).text = words
            made.append(paragraph)
    return made


_READERS: dict[Kind, Callable[[bytes, Names, Settled], list[etree._Element] | None]] = {
    Kind.DOCX: _read_docx, Kind.HTML: _read_html, Kind.TEXT: _read_text,
}
