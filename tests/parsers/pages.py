"""A small builder of Word documents for tests: XML first, one function a shape, nothing of ours that reads or sends.

``make_form`` prints a form in the shape the real one has (label left, answer right, one table a section) with the
answers in controls of any kind; ``fill_base`` fills the checked-in Word form through its controls.
"""

import io
import re
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from mailflow.form.definition import FormDefinition, FormField, FormTable, Kind
from mailflow.form.load import load_form

ROOT = Path(__file__).resolve().parents[2]
FORM = load_form(ROOT / "templates/base/form.toml")
BASE = ROOT / "templates/base/documents/base-10.docx"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
_Q = "{" + W + "}"
_W14 = "http://schemas.microsoft.com/office/word/2010/wordml"
_MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
RELS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="r1" Type="{REL}/officeDocument" Target="word/document.xml"/></Relationships>'
)
Parts = dict[str, str | bytes]
Shape = Callable[[str, str, str], str]


def zip_up(parts: Parts, stored: Iterable[str] = ()) -> bytes:
    """A zip of these parts, deflated unless named in ``stored``."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for name, text in parts.items():
            z.writestr(name, text, zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED)
    return out.getvalue()


def document(body: str, namespace: str = W) -> str:
    return (f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:document xmlns:w="{namespace}" '
            f'xmlns:w14="{_W14}" xmlns:mc="{_MC}" xmlns:r="{REL}"><w:body>{body}<w:sectPr/></w:body></w:document>')


def make_docx(body: str, parts: Parts | None = None, namespace: str = W) -> bytes:
    """A whole document, with further parts by name."""
    plain: Parts = {"[Content_Types].xml": TYPES, "_rels/.rels": RELS, "word/document.xml": document(body, namespace)}
    return zip_up({**plain, **(parts or {})})


def run(text: str) -> str:
    """A run; newlines are soft returns, tabs are tabs."""
    pieces = re.split(r"([\n\t])", text)
    inside = "".join(
        {"\n": "<w:br/>", "\t": "<w:tab/>"}.get(p) or f'<w:t xml:space="preserve">{escape(p)}</w:t>' for p in pieces if p
    )
    return f"<w:r>{inside}</w:r>"


def para(text: str, style: str = "", mark: str = "") -> str:
    look = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    begin = f'<w:bookmarkStart w:id="1" w:name="{mark}"/>' if mark else ""
    end = '<w:bookmarkEnd w:id="1"/>' if mark else ""
    return f"<w:p>{look}{begin}{run(text)}{end}</w:p>"


def paras(text: str) -> str:
    return "".join(para(line) for line in text.split("\n"))


def cell(inside: str, span: int = 1) -> str:
    spans = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    return f'<w:tc><w:tcPr><w:tcW w:w="4000" w:type="dxa"/>{spans}</w:tcPr>{inside}</w:tc>'


def row(*cells: str) -> str:
    return f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{''.join(cells)}</w:tr>"


def table(*rows: str) -> str:
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{''.join(rows)}</w:tbl>"


def control(tag: str, inside: str, more: str = "") -> str:
    tagged = f"<w:tag w:val={quoteattr(tag)}/>" if tag else ""
    return f"<w:sdt><w:sdtPr><w:id w:val=\"7\"/>{tagged}{more}</w:sdtPr><w:sdtContent>{inside}</w:sdtContent></w:sdt>"


# One function a shape: (tag, text, what belongs in sdtPr) → the answer's cell.
def in_run(tag: str, text: str, more: str) -> str:
    return cell(f"<w:p>{control(tag, run(text), more)}</w:p>")


def in_runs(tag: str, text: str, more: str) -> str:
    """Split over runs at every fifth letter, as Word does after spelling checks."""
    pieces = [text[n:n + 5] for n in range(0, len(text), 5)] or [""]
    return cell(f"<w:p>{control(tag, '<w:proofErr/>'.join(run(p) for p in pieces), more)}</w:p>")


def in_block(tag: str, text: str, more: str) -> str:
    return cell(control(tag, paras(text), more) + "<w:p/>")


def in_cell(tag: str, text: str, more: str) -> str:
    return control(tag, cell(paras(text)), more)


def in_nested(tag: str, text: str, more: str) -> str:
    return cell(f"<w:p>{control('', control(tag, run(text), more), '<w:group/>')}</w:p>")


def in_hyperlink(tag: str, text: str, more: str) -> str:
    return cell(f"<w:p>{control(tag, f'<w:hyperlink>{run(text)}</w:hyperlink>', more)}</w:p>")


def inserted(tag: str, text: str, more: str) -> str:
    """Typed with tracked changes on, over something deleted."""
    gone = '<w:del w:id="4"><w:r><w:delText>gone</w:delText></w:r></w:del>'
    kept = f'<w:ins w:id="5">{run(text)}</w:ins>'
    return cell(f"<w:p>{control(tag, gone + kept, more)}</w:p>")


def typed(tag: str, text: str, more: str) -> str:
    """The control deleted and the text typed into the cell."""
    return cell(paras(text))


SHAPES: dict[str, Shape] = {
    s.__name__: s for s in (in_run, in_runs, in_block, in_cell, in_nested, in_hyperlink, inserted, typed)
}


@dataclass(frozen=True)
class Look:
    """How a form is printed: which shape each answer has, and what was lost on the way."""

    shape: Shape = in_run
    shapes: dict[str, Shape] = field(default_factory=dict)
    marks: bool = True
    headings: bool = True
    without: frozenset[str] = frozenset()
    relabel: dict[str, str] = field(default_factory=dict)


def make_form(values: dict[str, str], look: Look | None = None, form: FormDefinition = FORM, parts: Parts | None = None) -> bytes:
    """The form with these answers (field id → text; "actions.2.due" for a table's cell)."""
    return make_docx(form_body(values, look or Look(), form), parts)


def form_body(values: dict[str, str], look: Look, form: FormDefinition = FORM) -> str:
    body = para(form.title, "Title") + "".join(para(line) for line in form.instructions)
    for section in form.sections:
        if section.id in look.without:
            continue
        body += para(section.title, "Heading1") if look.headings else ""
        body += "".join(para(line, "ListBullet") for line in (section.guidance, *section.lines) if line)
        rows = [field_row(f, values.get(f.id, ""), look) for f in section.fields if f.id not in look.without]
        body += table(*rows) if rows else ""
        body += "".join(action_table(t, values, look) for t in section.tables)
    return body


def label(f: FormField, look: Look) -> str:
    text = look.relabel.get(f.id, f.label)
    mark = f.bookmark if look.marks else ""
    begin = f'<w:bookmarkStart w:id="1" w:name="{mark}"/>' if mark else ""
    locked = control(f"label:{f.id}" if look.marks else "", run(text), '<w:lock w:val="sdtContentLocked"/>')
    end = '<w:bookmarkEnd w:id="1"/>' if mark else ""
    return cell(f"<w:p>{begin}{locked if look.marks else run(text)}{end}</w:p>")


def field_row(f: FormField, text: str, look: Look) -> str:
    shape = look.shapes.get(f.id, look.shape)
    return row(label(f, look), answer(f, f.tag, text, shape))


def answer(f: FormField, tag: str, text: str, shape: Shape) -> str:
    """The answer's cell, with the prompt in it where it is blank."""
    more = {
        Kind.DATE: '<w:date><w:dateFormat w:val="dd/MM/yyyy"/></w:date>',
        Kind.GRADE: "<w:dropDownList>" + "".join(
            f'<w:listItem w:displayText="{g}" w:value="{g}"/>'
            for g in ("Outstanding", "Good", "Requires improvement", "Inadequate", "Not applicable")
        ) + "</w:dropDownList>",
    }.get(f.kind, "")
    if not text and f.prompt and shape is not typed:
        return shape(tag, f.prompt, more + "<w:showingPlcHdr/>")
    return shape(tag, text, more)


def action_table(t: FormTable, values: dict[str, str], look: Look) -> str:
    rows = [row(*(label(c, look) for c in t.columns))]
    last = max([t.rows, *(int(k.split(".")[1]) for k in values if k.startswith(f"{t.id}."))])
    for number in range(1, last + 1):
        cells = [
            answer(c, t.cell_tag(number, c), values.get(t.cell_tag(number, c).removeprefix("mf:"), ""), look.shape)
            for c in t.columns
        ]
        rows.append(row(*cells))
    return table(*rows)


def fill_base(values: dict[str, str], council: str = "Northmoor Council") -> bytes:
    """The checked-in Word form, its expressions replaced and its controls filled as Word fills them."""
    with zipfile.ZipFile(BASE) as z:
        raw = {info.filename: z.read(info) for info in z.infolist()}
    words = {"council": council, "ref": values.get("header.reference", ""), "marking": "", "passport": values.get("passport", "")}
    parts: Parts = {name: _fill_expressions(part, words, values) if b"{" in part else part for name, part in raw.items()}
    root = etree.fromstring(parts["word/document.xml"])
    boxes = {t.get(_Q + "val"): t.getparent().getparent() for t in root.iter(_Q + "tag")}
    for field_id, text in values.items():
        box = boxes.get(f"mf:{field_id}")
        if box is not None:
            _type_into(box, text)
    parts["word/document.xml"] = etree.tostring(root, encoding="UTF-8", standalone=True, xml_declaration=True)
    return zip_up(parts)


def _fill_expressions(part: bytes, words: dict[str, str], values: dict[str, str]) -> bytes:
    text = re.sub(r"<w:p>(?:(?!</w:p>).)*\{%.*?%\}(?:(?!</w:p>).)*</w:p>", "", part.decode())
    text = re.sub(r"\{%.*?%\}", "", text)

    def put(found: re.Match[str]) -> str:
        name = found[1].strip()
        return escape(words.get(name) or values.get(name.removeprefix("values."), ""))

    return re.sub(r"\{\{(.*?)\}\}", put, text).encode()


def _type_into(box: etree._Element, text: str) -> None:
    for flag in list(box.iter(_Q + "showingPlcHdr")):
        flag.getparent().remove(flag)
    content = box.find(_Q + "sdtContent")
    for child in list(content):
        content.remove(child)
    content.append(etree.fromstring(f'<x xmlns:w="{W}">{run(text)}</x>')[0])
