"""Paragraphs, cells and content controls of a blank form, as WordprocessingML text.

Controls stand inside their cell, never round it: readers that walk a row's cells would not see the answer, and a
comment inside such a control hides it (documents facts, sections 1 and 3a).
"""

import re
import zlib
from xml.sax.saxutils import escape, quoteattr

from mailflow.form.definition import FormField, Kind, Part
from outbox.blank.parts import ACCENT, LINE, PROMPT, TINT

WIDTH = 9638  # twips between the margins: A4 with 2 cm on either side
LABEL_WIDTH = 3720
GRADES = (("Outstanding", "outstanding"), ("Good", "good"), ("Requires improvement", "requires_improvement"),
          ("Inadequate", "inadequate"), ("Not applicable", "not_applicable"))
LABEL_TAG = "label:"
_NUMBER = re.compile(r"[Qq]?[0-9]{1,2}")


def words(text: str) -> str:
    """Text of the form's author, safe in XML and never a Jinja expression (docxtpl's own escape)."""
    out = escape(text)
    for plain, safe in (("{{", "{_{"), ("}}", "}_}"), ("{%", "{_%"), ("%}", "%_}"), ("{#", "{_#"), ("#}", "#_}")):
        out = out.replace(plain, safe)
    return out


def attribute(text: str) -> str:
    return quoteattr(words(text).replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">"))


def run(inner: str, look: str = "") -> str:
    props = f"<w:rPr>{look}</w:rPr>" if look else ""
    return f'<w:r>{props}<w:t xml:space="preserve">{inner}</w:t></w:r>'


def paragraph(style: str, inner: str, layout: str = "") -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{layout}</w:pPr>{inner}</w:p>'


def only_if(condition: str, inner: str) -> str:
    """``inner`` (whole paragraphs and tables) printed only where the Jinja ``condition`` holds."""
    return (f'<w:p><w:r><w:t>{{%p if {condition} %}}</w:t></w:r></w:p>{inner}'
            '<w:p><w:r><w:t>{%p endif %}</w:t></w:r></w:p>')


def control(tag: str, alias: str, kind: str, inner: str, more: str = "") -> str:
    """A run-level content control. ``more`` is what stands between its id and its kind (lock, placeholder …)."""
    number = zlib.crc32(tag.encode()) & 0x7FFFFFFF or 1
    return (f'<w:sdt><w:sdtPr><w:alias w:val={attribute(alias)}/><w:tag w:val={attribute(tag)}/>'
            f'<w:id w:val="{number}"/>{more}{kind}</w:sdtPr><w:sdtContent>{inner}</w:sdtContent></w:sdt>')


def label(field: FormField, number: int, hint: str | None = None) -> str:
    """The printed question: locked, and bookmarked because bookmarks outlive every editor; ``number`` is the bookmark's.

    Below it stands the ``hint``, by default the field's own. A plain number ("Q5") is printed before it: readers take it
    off again, as they would not a letter, which therefore has to stand in the label itself.
    """
    locked = control(LABEL_TAG + field.id, field.label, "<w:text/>", run(words(field.label)),
                     '<w:lock w:val="sdtContentLocked"/><w15:appearance w15:val="hidden"/>')
    hint = field.hint if hint is None else hint
    below = paragraph("FormAnswer", run(words(hint))) if hint else ""
    before = run(number_before(field)) if number_before(field) else ""
    return paragraph("FormLabel", f'<w:bookmarkStart w:id="{number}" w:name="{field.bookmark}"/>{before}{locked}'
                                  f'<w:bookmarkEnd w:id="{number}"/>') + below


def number_before(field: FormField) -> str:
    """"Q5. " for a question with a plain number, else ""."""
    return f"{field.number}. " if _NUMBER.fullmatch(field.number) else ""


def answer(field: FormField, tag: str, together: bool = False) -> str:
    """The box for an answer: what we know, locked; or the prompt, ready to be typed over.

    ``together`` keeps its row on one page with the next, where they fit on a page.
    """
    if field.prefilled:
        inner = run(f"{{{{ values.{value_name(field.id)} }}}}")
        box = control(tag, field.label, "<w:text/>", inner, '<w:lock w:val="contentLocked"/>')
    else:
        inner = run(words(field.prompt or _PROMPTS[field.kind]), '<w:rStyle w:val="PlaceholderText"/>'
                    f'<w:color w:val="{PROMPT}"/>')
        box = control(tag, field.label, _kind(field), inner,
                      f'<w:showingPlcHdr/><w15:color w:val="{ACCENT}"/>')
    return paragraph("FormAnswer", box, "<w:keepNext/>" if together else "")


def value_name(field_id: str) -> str:
    """The name a template knows a field's text by: "header.case-number" → "header.case_number"."""
    return ".".join("".join(c if c.isalnum() else "_" for c in bit) for bit in field_id.split("."))


_PROMPTS = {Kind.TEXT: "Click or tap here to enter text.", Kind.NOTES: "Click or tap here to enter text.",
            Kind.GRADE: "Choose an item.", Kind.CHOICE: "Choose an item.", Kind.DATE: "Click or tap to enter a date.",
            Kind.SCORE: "Choose"}
# A scale with more steps than this is typed, not chosen.
_MOST_STEPS = 20


def menu_of(field: FormField) -> tuple[tuple[str, str], ...]:
    """What a drop-down for the field offers, as (shown, value); nothing for a field that is typed."""
    if field.kind is Kind.GRADE:
        return GRADES
    if field.kind is Kind.CHOICE:
        return tuple((c, c.lower()) for c in field.choices)
    if field.kind is Kind.SCORE and field.whole and field.scale and field.scale[1] - field.scale[0] < _MOST_STEPS:
        return tuple((str(n), str(n)) for n in range(field.scale[0], field.scale[1] + 1))
    return ()


def _kind(field: FormField) -> str:
    if field.kind is Kind.DATE:
        return ('<w:date><w:dateFormat w:val="dd/MM/yyyy"/><w:lid w:val="en-GB"/>'
                '<w:storeMappedDataAs w:val="dateTime"/><w:calendar w:val="gregorian"/></w:date>')
    if items := menu_of(field):
        return _menu(items)
    # Rich text, which has no element of its own: paragraphs, lists and pasted text are welcome.
    return ""


def _menu(items: tuple[tuple[str, str], ...]) -> str:
    return "<w:dropDownList>" + "".join(
        f"<w:listItem w:displayText={attribute(shown)} w:value={attribute(value)}/>" for shown, value in items
    ) + "</w:dropDownList>"


def height(field: FormField) -> int:
    """Room to write, in twips: the least height of an answer's row."""
    if field.kind is not Kind.NOTES:
        return 400 if field.prefilled else 460
    return 2000 if field.part is Part.EVIDENCE else 1080


def cell(width: int, inner: str, shaded: bool = False) -> str:
    shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{TINT}"/>' if shaded else ""
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{shade}</w:tcPr>{inner}</w:tc>'


def row(cells: str, least: int, whole: bool = True, heading: bool = False) -> str:
    """``whole`` rows never break across pages; long answers may."""
    props = "<w:cantSplit/>" if whole else ""
    props += f'<w:trHeight w:val="{least}" w:hRule="atLeast"/>' + ("<w:tblHeader/>" if heading else "")
    return f"<w:tr><w:trPr>{props}</w:trPr>{cells}</w:tr>"


def table(title: str, about: str, widths: tuple[int, ...], rows: str, boxed: bool = False, heading: bool = False) -> str:
    """A table with a title and a description for those who cannot see it. ``boxed`` draws the accent round it."""
    outer = f'w:val="single" w:sz="18" w:space="0" w:color="{ACCENT}"' if boxed else _THIN
    # A boxed table closes the box its heading opened, so its upper edge is drawn already.
    sides = ("left", "bottom", "right") if boxed else ("top", "left", "bottom", "right")
    edges = "".join(f"<w:{side} {outer}/>" for side in sides)
    first = 'w:firstRow="1" w:firstColumn="0"' if heading else 'w:firstRow="0" w:firstColumn="1"'
    grid = "".join(f'<w:gridCol w:w="{w}"/>' for w in widths)
    return (f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblBorders>{edges}'
            f'<w:insideH {_THIN}/><w:insideV {_THIN}/></w:tblBorders><w:tblLayout w:type="fixed"/>'
            f'<w:tblLook w:val="0480" {first} w:lastRow="0" w:lastColumn="0" w:noHBand="0" w:noVBand="1"/>'
            f'<w:tblCaption w:val={attribute(title)}/><w:tblDescription w:val={attribute(about)}/></w:tblPr>'
            f"<w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>")


_THIN = f'w:val="single" w:sz="6" w:space="0" w:color="{LINE}"'
