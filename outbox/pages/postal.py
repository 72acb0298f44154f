"""The postal pack (DOC-27): a letter to the family, the questions on paper, and the label they send them back with.

The words are ``letters/_postal.md`` and the feedback form's own questions; nothing of the case stands in it but the reference
that brings the answer home. One Word document, one part a page.
"""

import io
from datetime import date
from pathlib import Path

from docx import Document as WordDocument
from docx.document import Document as Page
from docx.enum.text import WD_BREAK
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from mailflow.config import Council
from mailflow.form.definition import FormDefinition, FormField, Kind
from mailflow.form.family import split_feedback
from mailflow.model import Document
from outbox.render import render

KIND = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# Parts of a feedback form that the family answers; tries, reasons and dates are ours.
_ASKED = ("who", "answer", "score")
_SIZE = 12
_ROOM = {Kind.NOTES: Cm(2.1)}
_LINE = Cm(1)
_INK = RGBColor(0x1A, 0x1A, 0x1A)


def compose_pack(ref: str, source: str, council: Council, form: FormDefinition, folders: tuple[Path, ...],
                 due_back_on: date) -> Document:
    """The pack for that source as one Word document. Raises ConfigError or PermanentError for a text that cannot be written."""
    page = _blank()
    letter = render("_postal", {"council": council, "due_back_on": due_back_on}, folders)
    page.core_properties.title, page.core_properties.author = letter.subject, council.name
    page.add_heading(letter.subject, 1)
    for paragraph in letter.text.strip().split("\n\n"):
        page.add_paragraph(" ".join(paragraph.split()))
    _next_page(page)
    page.add_heading(form.title, 1)
    page.add_paragraph(f"Reference: {ref}")
    for question in questions(form, source):
        _ask(page, question)
    _next_page(page)
    page.add_heading("Label for the envelope", 1)
    for line in (council.freepost or f"{council.name}, {council.qa_name}").split(","):
        page.add_paragraph(line.strip()).paragraph_format.space_after = Pt(0)
    page.add_paragraph(f"Reference: {ref}")
    out = io.BytesIO()
    page.save(out)
    return Document(f"Postal pack {ref}.docx", KIND, out.getvalue())


def questions(form: FormDefinition, source: str) -> tuple[FormField, ...]:
    """What they are asked, in the form's order: not what it asks of somebody else, nor what is ours to fill in."""
    return tuple(f for f in form.fields if any(
        part in _ASKED and whose in ("", source) for whose, part in map(split_feedback, f.feedback)))


def _blank() -> Page:
    """A4, a sans serif of 12 points, English."""
    page = WordDocument()
    for section in page.sections:
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = Cm(2.2)
        section.top_margin = section.bottom_margin = Cm(2)
    for name in ("Normal", "Heading 1", "Heading 2"):
        style = page.styles[name]
        style.font.name, style.font.size = "Arial", Pt(_SIZE + 6 if name == "Heading 1" else _SIZE)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for script in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
            fonts.set(qn(script), "Arial")
            # The look Word comes with names a font by its theme, which would win.
            fonts.attrib.pop(qn(f"{script}Theme"), None)
        fonts.attrib.pop(qn("w:cstheme"), None)
        style.font.color.rgb = _INK
    language = page.styles.element.find(f".//{qn('w:lang')}")
    if language is not None:
        language.set(qn("w:val"), "en-GB")
    return page


def _next_page(page: Page) -> None:
    page.add_paragraph().add_run().add_break(WD_BREAK.PAGE)


def _ask(page: Page, question: FormField) -> None:
    """The question, and room to write by hand: figures to circle for a score, a box for anything else."""
    heading = page.add_heading(question.label, 2)
    heading.paragraph_format.keep_with_next = True
    if question.kind is Kind.SCORE and question.scale:
        figures = "     ".join(str(n) for n in range(question.scale[0], question.scale[-1] + 1))
        page.add_paragraph(f"Please circle one:     {figures}")
        return
    box = page.add_table(1, 1)
    box.style = page.styles["Table Grid"]
    box.rows[0].height = _ROOM.get(question.kind, _LINE)
    # Word wants a paragraph between two tables: a small one, so that the questions stand on one page.
    gap = page.add_paragraph()
    gap.paragraph_format.space_after, gap.paragraph_format.line_spacing = Pt(0), Pt(4)
