"""Workbooks of many rows: written part by part, since a frame of 20,000 cases must not take longer than reading it.

Like ``workbook``: cells are text, or real dates; nothing is ever a formula; the same content has the same bytes.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import NamedTuple
from xml.sax.saxutils import escape

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.utils import get_column_letter

from outbox.sheets.workbook import DANGEROUS, EPOCH, LONGEST, count_lines, height_of

# True is "Yes"; what is empty or False leaves the cell out.
Cell = str | date | bool | None
YES = "Yes"
_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_FIRST_DAY = date(1899, 12, 30).toordinal()
# Styles by number: text, heading, date, text that must stay text when it is edited, text that stands out (8.3:1 on its ground).
_STYLES = (
    f'{_HEAD}<styleSheet {_MAIN}><numFmts count="1"><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/></numFmts>'
    '<fonts count="3"><font><sz val="11"/><name val="Arial"/></font><font><b/><sz val="11"/><name val="Arial"/></font>'
    '<font><b/><sz val="11"/><color rgb="FF8B1A1A"/><name val="Arial"/></font></fonts>'
    '<fills count="4"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '<fill><patternFill patternType="solid"><fgColor rgb="FFE7EBF0"/></patternFill></fill>'
    '<fill><patternFill patternType="solid"><fgColor rgb="FFFBE3E1"/></patternFill></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="5">'
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>'
    '<xf numFmtId="49" fontId="1" fillId="2" borderId="0" xfId="0" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>'
    '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyAlignment="1">'
    '<alignment horizontal="left" vertical="top"/></xf>'
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1" applyAlignment="1">'
    '<alignment vertical="top" wrapText="1"/></xf>'
    '<xf numFmtId="49" fontId="2" fillId="3" borderId="0" xfId="0" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>'
    '</cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>')


class Leaf(NamedTuple):
    """One sheet: its name, (heading, width) of each column, and the rows.

    A text in ``red`` stands out wherever it stands; its words say the same (HR-05).
    """

    name: str
    headings: Sequence[tuple[str, int]]
    rows: Iterable[Sequence[Cell]]
    red: frozenset[str] = frozenset()


def make_leaves(title: str, leaves: Sequence[Leaf], at: datetime, marking: str = "") -> bytes:
    """A workbook of these sheets, each with a heading row that stays in sight and repeats on every printed page."""
    strings = _Strings()
    sheets = [_sheet(leaf, strings, marking) for leaf in leaves]
    parts = {"[Content_Types].xml": _types(len(leaves)), "_rels/.rels": _relations((
        ("officeDocument", f"{_OFFICE}/relationships/officeDocument", "xl/workbook.xml"),
        ("core", "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties", "docProps/core.xml"))),
        "docProps/core.xml": _core(title, at), "xl/workbook.xml": _book(leaves),
        "xl/_rels/workbook.xml.rels": _relations((
            *((f"s{n}", f"{_OFFICE}/relationships/worksheet", f"s{n}.xml") for n in range(1, len(leaves) + 1)),
            ("styles", f"{_OFFICE}/relationships/styles", "styles.xml"),
            ("strings", f"{_OFFICE}/relationships/sharedStrings", "sharedStrings.xml"))),
        "xl/styles.xml": _STYLES, "xl/sharedStrings.xml": strings.part()}
    parts.update({f"xl/s{n}.xml": sheet for n, sheet in enumerate(sheets, 1)})
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as pack:
        for name, part in parts.items():
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            pack.writestr(entry, part, compresslevel=_LEVEL)
    return out.getvalue()


# A third of the time of the usual level, and a frame of 20,000 cases still packs to under a megabyte.
_LEVEL = 2


class _Strings:
    """Every text once; a cell names it by its number."""

    def __init__(self) -> None:
        self._items: dict[str, int] = {}

    def number(self, text: str) -> int:
        return self._items.setdefault(ILLEGAL_CHARACTERS_RE.sub("", text)[:LONGEST], len(self._items))

    def part(self) -> str:
        items = "".join(f'<si><t xml:space="preserve">{escape(item)}</t></si>' for item in self._items)
        return f"{_HEAD}<sst {_MAIN} uniqueCount=\"{len(self._items)}\">{items}</sst>"


class _Column(dict[Cell, str]):
    """Value → what stands in its cell after its place: worked out once, since most stand in many rows.

    ``lines`` are the values that wrap in this column, with how many lines they have; the first of them adds it to ``tall``.
    """

    def __init__(self, place: int, leaf: Leaf, strings: _Strings, tall: list[tuple[int, dict[Cell, int]]]) -> None:
        super().__init__()
        self.lines: dict[Cell, int] = {}
        self._place, self._red, self._strings, self._tall = place, leaf.red, strings, tall
        self._width = leaf.headings[place][1]

    def __missing__(self, value: Cell) -> str:
        if isinstance(value, date):
            found = f'" s="2"><v>{value.toordinal() - _FIRST_DAY}</v></c>'
        else:
            text = value if isinstance(value, str) else YES
            style = 4 if text in self._red else 3 if text.startswith(DANGEROUS) else 0
            found = f'" s="{style}" t="s"><v>{self._strings.number(text)}</v></c>'
            lines = count_lines(text, self._width)
            if lines > 1:
                if not self.lines:
                    self._tall.append((self._place, self.lines))
                self.lines[value] = lines
        self[value] = found
        return found


def _sheet(leaf: Leaf, strings: _Strings, marking: str) -> str:
    letters = [get_column_letter(n) for n in range(1, len(leaf.headings) + 1)]
    columns = "".join(f'<col min="{n}" max="{n}" width="{width}" customWidth="1"/>'
                      for n, (_, width) in enumerate(leaf.headings, 1))
    head = "".join(f'<c r="{letter}1" s="1" t="s"><v>{strings.number(words)}</v></c>'
                   for letter, (words, _) in zip(letters, leaf.headings, strict=True))
    high = _high(max((count_lines(words, width) for words, width in leaf.headings), default=1))
    lines = [f'<row r="1"{high}>{head}</row>', *_rows(leaf, strings, letters)]
    shown = escape(marking.replace("&", "&&"))
    return (f'{_HEAD}<worksheet {_MAIN}><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr><sheetViews><sheetView workbookViewId="0">'
            '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
            f'<cols>{columns}</cols><sheetData>{"".join(lines)}</sheetData>'
            '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/><headerFooter>'
            f'{f"<oddHeader>&amp;C{shown}</oddHeader>" if marking else ""}<oddFooter>&amp;CPage &amp;P of &amp;N</oddFooter>'
            '</headerFooter></worksheet>')


def _rows(leaf: Leaf, strings: _Strings, letters: Sequence[str]) -> Iterator[str]:
    starts = [f'<c r="{letter}' for letter in letters]
    tall: list[tuple[int, dict[Cell, int]]] = []
    columns = [_Column(place, leaf, strings, tall) for place in range(len(leaf.headings))]
    for place, row in enumerate(leaf.rows, 2):
        number = str(place)
        cells = [start + number + column[value] for start, column, value in zip(starts, columns, row, strict=True) if value]
        lines = max([found.get(row[n], 1) for n, found in tall], default=1)
        yield f'<row r="{number}"{_high(lines)}>{"".join(cells)}</row>'


def _high(lines: int) -> str:
    return f' ht="{height_of(lines)}" customHeight="1"' if lines > 1 else ""


def _book(leaves: Sequence[Leaf]) -> str:
    sheets = "".join(f'<sheet name="{_name(leaf.name)}" sheetId="{n}" r:id="s{n}"/>' for n, leaf in enumerate(leaves, 1))
    titles = "".join(f'<definedName name="_xlnm.Print_Titles" localSheetId="{n}">\'{_name(leaf.name)}\'!$1:$1</definedName>'
                     for n, leaf in enumerate(leaves))
    return (f'{_HEAD}<workbook {_MAIN} xmlns:r="{_OFFICE}/relationships"><sheets>{sheets}</sheets>'
            f"<definedNames>{titles}</definedNames></workbook>")


def _name(text: str) -> str:
    return escape(re.sub(r"[\[\]:*?/\\']", " ", text)[:31], {'"': "&quot;"})


def _core(title: str, at: datetime) -> str:
    stamp = at.strftime("%Y-%m-%dT%H:%M:%SZ")
    times = "".join(f'<dcterms:{word} xsi:type="dcterms:W3CDTF">{stamp}</dcterms:{word}>' for word in ("created", "modified"))
    return (f'{_HEAD}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
            'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
            f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>{escape(title)}</dc:title>'
            f"<dc:creator>mailflow</dc:creator><dc:language>en-GB</dc:language>{times}</cp:coreProperties>")


def _types(sheets: int) -> str:
    named = [("/xl/workbook.xml", f"{_TYPE}.sheet.main+xml"), ("/xl/styles.xml", f"{_TYPE}.styles+xml"),
             ("/xl/sharedStrings.xml", f"{_TYPE}.sharedStrings+xml"),
             ("/docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml"),
             *((f"/xl/s{n}.xml", f"{_TYPE}.worksheet+xml") for n in range(1, sheets + 1))]
    overrides = "".join(f'<Override PartName="{part}" ContentType="{kind}"/>' for part, kind in named)
    return (f'{_HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" '
            f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>{overrides}</Types>')


def _relations(rows: Iterable[tuple[str, str, str]]) -> str:
    inside = "".join(f'<Relationship Id="{name}" Type="{kind}" Target="{target}"/>' for name, kind, target in rows)
    return f'{_HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{inside}</Relationships>'
