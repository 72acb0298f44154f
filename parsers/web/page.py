"""Web pages saved as a document (.htm, .doc from "Web page", .mht) → Grid. No script runs, nothing is fetched."""

import re
from collections.abc import Iterator

from lxml import etree, html

from parsers.gather import Gathered
from parsers.grid import Cell, Control, Grid, Row
from parsers.guard import LIMITS, check_depth, damaged, hostile, too_large
from parsers.web.letters import page_text
from parsers.word.symbols import TICKED, UNTICKED

_SILENT = frozenset((
    "script", "style", "head", "template", "noscript", "title", "meta", "link", "object", "embed", "iframe", "svg", "xml",
    "datalist", "del",
))
_LINES = frozenset((
    "p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ul", "ol", "dl", "dt", "dd", "blockquote", "pre", "section",
    "article", "header", "footer", "main", "aside", "nav", "form", "fieldset", "legend", "address", "center", "hr", "body",
    "figure", "figcaption", "details", "summary",
))
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|mso-special-character\s*:\s*comment", re.IGNORECASE,
)
_REMARKS = re.compile(r"mso-element\s*:\s*comment-list", re.IGNORECASE)
_BODY = re.compile(r"<body[\s>]", re.IGNORECASE)
_SPACES = re.compile(r"[ \t\r\n]+")
_TICKS, _TYPED = ("checkbox", "radio"), ("text", "", "date", "email", "number", "tel", "url", "search", "time", "month", "week")
_ROW_GROUPS = ("thead", "tbody", "tfoot")
# Word marks form fields with signs no page may hold; they print nothing.
_SIGNS = re.compile(r"[\x00-\x08\x0e-\x1f]")
_MOST_SPAN, _MOST_COLUMNS = 1_000, 1_000
# The library drops a single text of ten million letters without a word, so no page may hold one.
_MOST_BYTES = 8 * 1024 * 1024
_FETCHED = ("http:", "https:", "ftp:", "file:", "//", "\\\\")


def read_web_page(data: bytes) -> Grid:
    """The page as a grid. Raises UnreadableError for one that is too large, nested too deep or holds nothing."""
    if len(data) > _MOST_BYTES:
        raise too_large(f"{len(data) // (1024 * 1024)} MB of text")
    page = page_text(data)
    root = _parse(page)
    walker = _Walker()
    body = root.find("body")
    rows = tuple(walker.blocks(body if body is not None else root))
    remarks = tuple(("", text) for text in walker.remarks if text)
    return Grid(rows=rows, remarks=remarks, comments=len(remarks), passports=_passports(page), tracked_changes=walker.changes,
                oddities=_oddities(root))


def _parse(page: str) -> etree._Element:
    if page.count("<") > LIMITS.nodes:
        raise hostile("it holds more pieces than any form has")
    if "<!ENTITY" in page:
        raise hostile("it declares entities, which a form never needs")
    parser = html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=False)
    try:
        return html.document_fromstring(page.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as e:
        raise damaged("its text can't be read") from e


class _Walker:
    """Walks the page. It counts tables, paragraphs and tracked changes; Word puts its comments last (``remarks``)."""

    def __init__(self) -> None:
        self.remarks: list[str] = []
        self.tables = self.paragraphs = self.changes = 0

    def blocks(self, parent: etree._Element) -> list[Row]:
        """Every row, in page order; a line of text outside tables is a paragraph."""
        self.found: list[Row] = []
        self.line = Gathered()
        self._top(parent, 0)
        self._end_line()
        return self.found

    def _end_line(self) -> None:
        cell, self.line = self.line.cell(), Gathered()
        if cell.text or cell.marks:
            self.paragraphs += 1
            self.found.append(Row((cell,), 0, self.paragraphs))

    def _top(self, e: etree._Element, depth: int) -> None:
        check_depth(depth)
        self._say(e.text, self.line)
        for child in e:
            tag = self._tag(child)
            if tag == "table":
                self._end_line()
                self.found += self._table(child, depth + 1)
            elif tag and _REMARKS.search(child.get("style") or ""):
                gathered = Gathered()
                self._inside(child, gathered, depth + 1)
                self.remarks.append(gathered.text())
            elif tag in _LINES:
                self._end_line()
                self._mark(child, self.line)
                self._top(child, depth + 1)
                self._end_line()
            elif tag and next(child.iter("table", *_LINES), None) is not None:
                # Blocks inside a span: the page means lines all the same.
                self._top(child, depth + 1)
            elif tag:
                self._piece(tag, child, self.line, depth)
            self._say(child.tail, self.line)

    def _tag(self, e: etree._Element) -> str:
        """The element's name; "" for one that prints nothing. Word writes tracked changes as ``ins`` and ``del``."""
        tag = e.tag.lower() if isinstance(e.tag, str) else ""
        if tag in ("ins", "del"):
            self.changes += 1
        hidden = tag in _SILENT or "hidden" in e.attrib or _HIDDEN.search(e.get("style") or "")
        return "" if hidden or e.get("type") == "hidden" else tag

    def _say(self, text: str | None, into: Gathered) -> None:
        if text:
            said = _SIGNS.sub("", _SPACES.sub(" ", text))
            if said != " " or into.pieces:
                into.say(said)

    def _mark(self, e: etree._Element, into: Gathered) -> None:
        name = e.get("id") or (e.get("name") if e.tag == "a" else None)
        if name:
            into.marks.append(name)

    def _inside(self, e: etree._Element, into: Gathered, depth: int) -> None:
        check_depth(depth)
        self._say(e.text, into)
        for child in e:
            tag = self._tag(child)
            if tag == "table":
                into.add_table(self._table(child, depth + 1))
            elif tag in _LINES:
                into.line()
                self._mark(child, into)
                self._inside(child, into, depth + 1)
            elif tag:
                self._piece(tag, child, into, depth)
            if child.tail and child.tail.strip() and tag in (*_LINES, "table"):
                into.line()
            self._say(child.tail, into)

    def _piece(self, tag: str, e: etree._Element, into: Gathered, depth: int) -> None:
        self._mark(e, into)
        if tag == "br":
            into.say("\n")
        elif tag == "input":
            self._box(into, *_input(e))
        elif tag == "select":
            self._box(into, _chosen(e), Control(e.get("name") or "", "choice"))
        elif tag == "textarea":
            self._box(into, "".join(map(str, e.itertext())).strip(), Control(e.get("name") or ""))
        elif tag != "option":
            self._inside(e, into, depth + 1)

    def _box(self, into: Gathered, text: str, control: Control | None) -> None:
        if control is not None:
            start = into.begin_box()
            into.say(text)
            into.end_box(start, control)

    def _table(self, e: etree._Element, depth: int) -> list[Row]:
        check_depth(depth)
        self.tables += 1
        number, down = self.tables, dict[int, tuple[int, int]]()
        found: list[Row] = []
        for line in _lines(e):
            if self._tag(line):
                cells, down = self._cells(line, down, depth)
                found.append(Row(cells, number, len(found) + 1))
        return found

    def _cells(
        self, line: etree._Element, down: dict[int, tuple[int, int]], depth: int
    ) -> tuple[tuple[Cell, ...], dict[int, tuple[int, int]]]:
        """One row's cells, and the merged ranges that reach into the next: column → (rows left, columns)."""
        found: list[Cell] = []
        after: dict[int, tuple[int, int]] = {}
        column = 0
        for child in line.iterchildren("td", "th"):
            if self._tag(child):
                column = _pass_merged(column, down, after, found)
                gathered = Gathered()
                self._mark(child, gathered)
                self._inside(child, gathered, depth + 1)
                found.append(gathered.cell(column))
                wide, high = _span(child.get("colspan")), _span(child.get("rowspan"))
                if high > 1:
                    after[column] = (high - 1, wide)
                column += wide
            if column > _MOST_COLUMNS:
                raise hostile("a table in it is wider than any form's")
        _pass_merged(column, down, after, found)
        for at in sorted(at for at in down if at > column and at not in after):
            _keep_merged(at, down, after, found)
        return tuple(found), after


def _lines(table: etree._Element) -> Iterator[etree._Element]:
    for child in table.iterchildren("tr", *_ROW_GROUPS):
        yield from (child,) if child.tag == "tr" else child.iterchildren("tr")


def _pass_merged(
    column: int, down: dict[int, tuple[int, int]], after: dict[int, tuple[int, int]], found: list[Cell]
) -> int:
    """Passes over the cells that continue one above, saying so for each; → the first free column."""
    while column in down:
        wide = down[column][1]
        _keep_merged(column, down, after, found)
        column += wide
    return column


def _keep_merged(
    at: int, down: dict[int, tuple[int, int]], after: dict[int, tuple[int, int]], found: list[Cell]
) -> None:
    left, wide = down[at]
    found.append(Cell("", at, merged=True))
    if left > 1:
        after[at] = (left - 1, wide)


def _span(text: str | None) -> int:
    return min(int(text), _MOST_SPAN) if text and text.isdecimal() and len(text) < 8 and int(text) else 1


def _input(e: etree._Element) -> tuple[str, Control | None]:
    """What an input shows and the box it is; buttons are no boxes."""
    kind, name = (e.get("type") or "").lower(), e.get("name") or ""
    if kind in _TICKS:
        return TICKED if "checked" in e.attrib else UNTICKED, Control(name, "tick")
    return (e.get("value") or "", Control(name)) if kind in _TYPED else ("", None)


def _chosen(e: etree._Element) -> str:
    """The words of the options chosen; a list of one line shows its first one where none is."""
    options = list(e.iter("option"))
    chosen = [o for o in options if "selected" in o.attrib]
    if not chosen and "multiple" not in e.attrib:
        chosen = options[:1]
    return "\n".join(_SPACES.sub(" ", "".join(map(str, o.itertext()))).strip() for o in chosen)


def _passports(page: str) -> tuple[str, ...]:
    """The page's head as it stands: Word writes a document's own properties there, inside a comment."""
    found = _BODY.search(page)
    head = page[:found.start()] if found else ""
    return (head,) if head else ()


def _oddities(root: etree._Element) -> tuple[str, ...]:
    """What is there and was neither opened nor run (CHK-007)."""
    scripts = next(root.iter("script"), None) is not None
    fetched = any((e.get("src") or "").lower().startswith(_FETCHED) for e in root.iter("img", "iframe", "embed"))
    embedded = next(root.iter("object", "embed", "iframe"), None) is not None
    odd = (("macros", scripts), ("external links", fetched), ("embedded objects", embedded))
    return tuple(word for word, found in odd if found)
