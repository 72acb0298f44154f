"""Workbooks written part by part, for what no spreadsheet program would write."""

import io
import struct
import zipfile

from parsers.workbook.ole import pack_stream

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
DOC = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELS = "http://schemas.openxmlformats.org/package/2006/relationships"


def text_cell(ref: str, text: str) -> str:
    return f'<c r="{ref}" t="inlineStr"><is><t>{text}</t></is></c>'


def sheet(data: str, before: str = "", after: str = "") -> str:
    return f'<worksheet xmlns="{MAIN}" xmlns:r="{DOC}">{before}<sheetData>{data}</sheetData>{after}</worksheet>'


def relations(*related: tuple[str, str, str]) -> str:
    """(id, kind, target) each."""
    inside = "".join(f'<Relationship Id="{i}" Type="{DOC}/{kind}" Target="{target}"/>' for i, kind, target in related)
    return f'<Relationships xmlns="{RELS}">{inside}</Relationships>'


def book(*sheets: str | bytes, more: dict[str, str | bytes] | None = None, twice: bool = False) -> bytes:
    """An xlsx with these sheet parts, called One, Two ..., and ``more`` parts; ``twice`` writes the last part again."""
    names = ("One", "Two", "Three")
    listed = "".join(f'<sheet name="{names[n]}" sheetId="{n + 1}" r:id="r{n}"/>' for n in range(len(sheets)))
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": relations(("a", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{DOC}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": relations(
            *((f"r{n}", "worksheet", f"worksheets/sheet{n + 1}.xml") for n in range(len(sheets))),
            *((("s", "sharedStrings", "sharedStrings.xml"),) if more and "xl/sharedStrings.xml" in more else ()),
        ),
        **{f"xl/worksheets/sheet{n + 1}.xml": part for n, part in enumerate(sheets)}, **(more or {}),
    }
    return pack(parts, twice=twice)


def pack(parts: dict[str, str | bytes], *, twice: bool = False) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for name, part in parts.items():
            z.writestr(name, part)
        if twice:
            z.writestr(name, part)
    return out.getvalue()


def ods(table: str, more: dict[str, str | bytes] | None = None) -> bytes:
    names = "urn:oasis:names:tc:opendocument:xmlns"
    content = (
        f'<office:document-content xmlns:office="{names}:office:1.0" xmlns:table="{names}:table:1.0" xmlns:text="{names}:text:1.0">'
        f'<office:body><office:spreadsheet><table:table table:name="One">{table}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    return pack({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": content, **(more or {})})


def record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def xls(*records: bytes, head: bytes = b"", version: int = 0x600) -> bytes:
    """An old workbook with one sheet, S, of these records; ``head`` are more records of the workbook itself."""
    bof = record(0x809, struct.pack("<HHHHII", version, 5, 0, 0, 0, 0)) + head
    leaf = record(0x809, struct.pack("<HHHHII", version, 16, 0, 0, 0, 0)) + b"".join(records) + record(0x0A, b"")
    name = b"\x01\x00S" if version == 0x600 else b"\x01S"
    start = len(bof) + 4 + 6 + len(name) + 4
    listed = record(0x85, struct.pack("<IBB", start, 0, 0) + name)
    return pack_stream("Workbook" if version == 0x600 else "Book", bof + listed + record(0x0A, b"") + leaf)
