"""Makes the invented documents of this folder: a Word document built here, saved in the older formats by LibreOffice.

``python tests/corpus/forms/old/make.py`` needs ``soffice`` and writes beside itself; tests only read what is checked in.
"""

import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from docx import Document
from docx.document import Document as Word
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.text.paragraph import Paragraph

HERE = Path(__file__).parent
PASSPORT = "mailflow-form:1;ref=2611-017C;form=base-10;edition=1;mac=00112233445566778899aabbccddeeff"
FORMATS = ("odt", "doc", "rtf")
_BY = 'w:id="{n}" w:author="Bo Marsh" w:date="2026-03-02T09:00:00Z"'
_CUSTOM = (
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" '
    'xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"><property '
    'fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="2" name="mailflow"><vt:lpwstr>{text}</vt:lpwstr></property>'
    "</Properties>"
)


def add(paragraph: Paragraph, xml: str) -> None:
    """Appends raw runs to a paragraph."""
    for child in parse_xml(f"<w:x {nsdecls('w')}>{xml}</w:x>"):
        paragraph._p.append(child)


def run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def deleted(text: str, n: int) -> str:
    return f'<w:del {_BY.format(n=n)}><w:r><w:delText xml:space="preserve">{text}</w:delText></w:r></w:del>'


def inserted(text: str, n: int) -> str:
    return f"<w:ins {_BY.format(n=n)}>{run(text)}</w:ins>"


def field(data: str, code: str, shown: str = "") -> str:
    """A form field of Word 97."""
    return (
        f'<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:name w:val="{code.lower()}"/><w:enabled/>{data}</w:ffData>'
        f'</w:fldChar></w:r><w:r><w:instrText xml:space="preserve"> {code} </w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{run(shown) if shown else ""}'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def tick_box(checked: bool) -> str:
    return field(f'<w:checkBox><w:sizeAuto/><w:default w:val="0"/><w:checked w:val="{int(checked)}"/></w:checkBox>',
                 "FORMCHECKBOX")


def form(word: Word) -> None:
    """Tables as a form has them: merged both ways, a table inside a cell, a heading, a list, line breaks, a bookmark."""
    word.add_heading("Case audit", 1)
    word.add_paragraph("Please fill in every box.")
    word.add_paragraph("First look at the plan", style="List Number")
    word.add_paragraph("Then speak to the worker", style="List Number")
    table = word.add_table(5, 3, style="Table Grid")
    rows = (("Area", "Notes", "Score"), ("Q1. Is the story clear?", "Clear story\nand\ttwo visits a month", "4"),
            ("Q2. A. Until today?", "One note for A and B", "3"), ("B. From now on?", "", "2"), ("Overall", "", "Good"))
    for line, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(line.cells, texts, strict=True):
            cell.text = text
    table.cell(2, 1).merge(table.cell(3, 1))
    table.cell(4, 0).merge(table.cell(4, 1))
    mark = table.cell(1, 0).paragraphs[0]._p
    mark.insert(0, parse_xml(f'<w:bookmarkStart {nsdecls("w")} w:id="9" w:name="mf_story_clear"/>'))
    mark.append(parse_xml(f'<w:bookmarkEnd {nsdecls("w")} w:id="9"/>'))
    word.add_paragraph("Actions")
    outer = word.add_table(1, 2, style="Table Grid")
    outer.cell(0, 0).text = "What next"
    outer.cell(0, 1).text = "Two steps:"
    inner = outer.cell(0, 1).add_table(2, 2)
    for n, text in enumerate(("Call school", "Friday", "Write plan", "Monday")):
        inner.cell(n // 2, n % 2).text = text
    outer.cell(0, 1).add_paragraph("Both agreed")
    word.add_paragraph("Signed by Ana Reed")


def changes(word: Word) -> None:
    """Tracked changes: in a line, a whole paragraph, in a cell; the deleted words stand in no answer."""
    add(word.add_paragraph(), run("Started on 04/06/20") + deleted("17", 1) + inserted("18", 2) + run(" at noon"))
    gone = word.add_paragraph()
    add(gone, deleted("A sentence taken back", 3))
    gone._p.get_or_add_pPr().append(parse_xml(
        f'<w:rPr {nsdecls("w")}><w:del {_BY.format(n=4)}/></w:rPr>'))
    word.add_paragraph("It goes on here")
    table = word.add_table(1, 2, style="Table Grid")
    table.cell(0, 0).text = "Grade"
    add(table.cell(0, 1).paragraphs[0], deleted("Good", 5) + inserted("Requires improvement", 6))


def fields(word: Word) -> None:
    """Form fields of Word 97, a non-breaking hyphen, a drop-down; header, footer, comment."""
    table = word.add_table(4, 2, style="Table Grid")
    for line, text in zip(table.rows, ("Seen", "Alone", "Name", "Grade"), strict=True):
        line.cells[0].text = text
    add(table.cell(0, 1).paragraphs[0], tick_box(True) + run(" Yes ") + tick_box(False) + run(" No"))
    add(table.cell(1, 1).paragraphs[0], tick_box(False) + run(" Yes"))
    add(table.cell(2, 1).paragraphs[0], field('<w:textInput/>', "FORMTEXT", "Ana Reed"))
    entries = "".join(f'<w:listEntry w:val="{g}"/>' for g in ("Good", "Inadequate"))
    add(table.cell(3, 1).paragraphs[0], field(f'<w:ddList><w:result w:val="1"/>{entries}</w:ddList>', "FORMDROPDOWN"))
    add(word.add_paragraph(), run("Sent on 12") + "<w:r><w:noBreakHyphen/></w:r>" + run("05 by post"))
    said = word.add_paragraph("The plan is late")
    word.add_comment(said.runs, text="Ask the worker again", author="Bo Marsh", initials="BM")
    word.sections[0].header.paragraphs[0].text = "Invented Council"
    word.sections[0].footer.paragraphs[0].text = "Keep this form safe"


def box(word: Word) -> None:
    """A text box hanging on a paragraph."""
    shape = (
        '<w:r><w:drawing><wp:anchor xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
        'distT="0" distB="0" distL="0" distR="0" simplePos="0" relativeHeight="2" behindDoc="0" locked="0" layoutInCell="1" '
        'allowOverlap="1"><wp:simplePos x="0" y="0"/><wp:positionH relativeFrom="column"><wp:posOffset>0</wp:posOffset>'
        '</wp:positionH><wp:positionV relativeFrom="paragraph"><wp:posOffset>0</wp:posOffset></wp:positionV>'
        '<wp:extent cx="2540000" cy="762000"/><wp:wrapSquare wrapText="bothSides"/><wp:docPr id="3" name="Box"/>'
        '<a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:graphicData uri="'
        'http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp xmlns:wps="'
        'http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:cNvSpPr txBox="1"/><wps:spPr><a:xfrm>'
        '<a:off x="0" y="0"/><a:ext cx="2540000" cy="762000"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
        "</wps:spPr><wps:txbx><w:txbxContent><w:p><w:r><w:t>Typed in a text box</w:t></w:r></w:p></w:txbxContent></wps:txbx>"
        "<wps:bodyPr/></wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing></w:r>"
    )
    add(word.add_paragraph("Before the box"), shape)
    word.add_paragraph("After the box")


KINDS: dict[str, Callable[[Word], None]] = {"form": form, "changes": changes, "fields": fields, "box": box}


def make_docx(fill: Callable[[Word], None]) -> bytes:
    """The invented document with the passport in its custom property."""
    word = Document()
    word.core_properties.author = "Invented Council"
    fill(word)
    plain, out = BytesIO(), BytesIO()
    word.save(plain)
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for info in source.infolist():
            target.writestr(info.filename, _with_property(info.filename, source.read(info)))
        target.writestr("docProps/custom.xml", _CUSTOM.format(text=PASSPORT))
    return out.getvalue()


def _with_property(name: str, part: bytes) -> bytes:
    """The package's lists of parts with the custom properties added."""
    if name == "[Content_Types].xml":
        return part.replace(b"</Types>", (
            b'<Override PartName="/docProps/custom.xml" ContentType="application/vnd.openxmlformats-officedocument.'
            b'custom-properties+xml"/></Types>'))
    if name == "_rels/.rels":
        return part.replace(b"</Relationships>", (
            b'<Relationship Id="rIdMf" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
            b'custom-properties" Target="docProps/custom.xml"/></Relationships>'))
    return part


def convert(docx: bytes, name: str, folder: Path) -> None:
    """``folder/name`` in every older format, by LibreOffice with a profile of its own."""
    with tempfile.TemporaryDirectory() as profile:
        path = Path(profile) / f"{name}.docx"
        path.write_bytes(docx)
        for target in FORMATS:
            subprocess.run(
                ["soffice", f"-env:UserInstallation=file://{profile}/lo", "--headless", "--convert-to", target, "--outdir",
                 str(folder), str(path)], check=True, timeout=120, capture_output=True,
            )


if __name__ == "__main__":
    for name, fill in KINDS.items():
        convert(make_docx(fill), name, HERE if len(sys.argv) < 2 else Path(sys.argv[1]))
