"""form.toml → the Word form that is sent: a docxtpl template with our tags, bookmarks and locks in it.

``python -m outbox.blank.word_form templates/base/form.toml templates/base/documents/base-10.docx`` writes the checked-in one. A
council may restyle that document in Word and keep it in a nearer folder. Names a template may print: ``council``,
``marking``, ``ref``, ``passport``, ``sections`` (ids that apply to the case) and ``values.<section>.<item>``.
"""

import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from mailflow.errors import ConfigError
from mailflow.form.definition import (
    INSTRUCTIONS_HEADING,
    FormDefinition,
    FormField,
    FormSection,
    FormTable,
    Kind,
    Part,
)
from mailflow.form.load import load_form
from outbox.blank import parts
from outbox.blank.controls import (
    LABEL_WIDTH,
    WIDTH,
    answer,
    cell,
    height,
    label,
    only_if,
    paragraph,
    row,
    run,
    table,
    words,
)
from outbox.blank.matrix import find_runs, matrix
from outbox.forms.packing import pack, write_members
from outbox.forms.stamp import stamp_template


def build_template(form: FormDefinition) -> bytes:
    """The blank .docx of a form. Raises ConfigError where two fields would share a bookmark."""
    complain_clashes(form)
    texts = {
        "[Content_Types].xml": parts.CONTENT_TYPES,
        "_rels/.rels": parts.PACKAGE_RELS,
        "docProps/app.xml": parts.APP,
        "docProps/core.xml": _core(form),
        "word/_rels/document.xml.rels": parts.DOCUMENT_RELS,
        "word/styles.xml": parts.render_styles(),
        "word/numbering.xml": parts.NUMBERING,
        "word/settings.xml": parts.SETTINGS,
        "word/fontTable.xml": parts.FONTS,
        "word/header1.xml": _header(form),
        "word/footer1.xml": _footer(),
        "word/document.xml": _document(form),
    }
    stamped = stamp_template({name: text.encode() for name, text in texts.items()})
    return write_members(pack(name, data) for name, data in stamped.items())


def complain_clashes(form: FormDefinition) -> None:
    # The columns of one question have one label and so one bookmark on the page, but each a tag of its own.
    names = [f.bookmark for f in form.fields] + [c.bookmark for t in form.tables for c in t.columns]
    twice = sorted({n for n in names if names.count(n) > 1})
    if twice:
        raise ConfigError([f"form {form.id}: two fields would share the bookmark {n}; make their ids differ sooner"
                           for n in twice])


def _document(form: FormDefinition) -> str:
    numbers = count(1)
    first = tuple(s for s in form.sections if s.by_part(Part.CONCERN))
    rest = tuple(s for s in form.sections if s not in first)
    body = [paragraph("Title", run(words(form.title))), paragraph("Subtitle", run("{{ council }}"))]
    body += [_section(s, numbers, boxed=True) for s in first]
    if form.instructions:
        body.append(paragraph("Heading1", run(INSTRUCTIONS_HEADING)))
        body += [paragraph("ListBullet", run(words(line))) for line in form.instructions]
    in_areas = False
    for section in rest:
        if section.domain and not in_areas:
            body.append(paragraph("Heading1", run(words(form.areas)), '<w:pageBreakBefore/><w:spacing w:before="0"/>'))
        in_areas = in_areas or section.domain
        body.append(_section(section, numbers))
    page = ('<w:sectPr><w:headerReference w:type="default" r:id="rId5"/><w:footerReference w:type="default" r:id="rId6"/>'
            '<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1304" w:right="1134" w:bottom="1304" w:left="1134" '
            'w:header="510" w:footer="510" w:gutter="0"/></w:sectPr>')
    return f"{parts.HEAD}<w:document {parts.SPACES}><w:body>{''.join(body)}{page}</w:body></w:document>"


def _section(section: FormSection, numbers: Iterator[int], boxed: bool = False) -> str:
    inner = _box_heading(section) if boxed else _heading(section)
    tables = [_questions(section, fields, numbers, boxed) if not fields[0].column else matrix(section, fields, numbers)
              for fields in find_runs(section.fields)]
    # Word draws two tables as one where no paragraph stands between them.
    inner += paragraph("FormAnswer", "").join(tables)
    inner += "".join(_table(t, numbers) for t in section.tables)
    if not section.categories:
        return inner
    return only_if(f"'{section.id}' in sections", inner)


def _questions(section: FormSection, fields: tuple[FormField, ...], numbers: Iterator[int], boxed: bool) -> str:
    rows = "".join(_field_row(f, numbers) for f in fields)
    about = "The question stands on the left, the box for the answer on the right."
    return table(section.title, about, (LABEL_WIDTH, WIDTH - LABEL_WIDTH), rows, boxed)


def _heading(section: FormSection) -> str:
    out = paragraph("Heading2" if section.domain else "Heading1", run(words(section.title)))
    if section.guidance:
        out += paragraph("Guidance", run(words(section.guidance)))
    return out + "".join(paragraph("ListBullet", run(words(line)), "<w:keepNext/>") for line in section.lines)


def _box_heading(section: FormSection) -> str:
    """A heading in white on the accent and guidance on the tint, closed by the table below into one box."""
    # Both paragraphs have the same edges, so that Word and LibreOffice draw one box round them.
    edges = "".join(f'<w:{side} w:val="single" w:sz="18" w:space="{space}" w:color="{parts.ACCENT}"/>'
                    for side, space in (("top", 2), ("left", 5), ("bottom", 2), ("right", 5)))

    def layout(fill: str, after: int) -> str:
        return (f'<w:pBdr>{edges}</w:pBdr><w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>'
                f'<w:spacing w:before="0" w:after="{after}" w:line="240" w:lineRule="auto"/>'
                '<w:ind w:left="130" w:right="110"/>')

    out = paragraph("Heading1", run(words(section.title), '<w:color w:val="FFFFFF"/>'), layout(parts.ACCENT, 60))
    if section.guidance:
        out += paragraph("Guidance", run(words(section.guidance), "<w:b/>"), layout(parts.TINT, 0))
    return out


def _field_row(field: FormField, numbers: Iterator[int]) -> str:
    cells = (cell(LABEL_WIDTH, label(field, next(numbers)), shaded=True)
             + cell(WIDTH - LABEL_WIDTH, answer(field, field.tag)))
    return row(cells, height(field), whole=field.kind is not Kind.NOTES)


def _table(of: FormTable, numbers: Iterator[int]) -> str:
    """A heading row that repeats on every page, and ``of.rows`` rows that never break across two."""
    widths = _widths(of.columns)
    pairs = tuple(zip(widths, of.columns, strict=True))
    top = row("".join(cell(w, label(c, next(numbers)), shaded=True) for w, c in pairs), 460, heading=True)
    rows = "".join(row("".join(cell(w, answer(c, of.cell_tag(n, c), n < of.rows)) for w, c in pairs), 580)
                   for n in range(1, of.rows + 1))
    about = "One row for each. The first row names the columns. Add rows at the end if you need them."
    return paragraph("Heading2", run(words(of.label))) + table(of.label, about, widths, top + rows, heading=True)


def _widths(columns: tuple[FormField, ...]) -> tuple[int, ...]:
    """Notes take three parts of the line, names one and a half, dates one and a quarter."""
    shares = [3.0 if c.kind is Kind.NOTES else 1.5 if c.kind is Kind.TEXT else 1.25 for c in columns]
    widths = [round(WIDTH * s / sum(shares)) for s in shares]
    return (*widths[:-1], WIDTH - sum(widths[:-1]))


def _header(form: FormDefinition) -> str:
    marking = only_if("marking", paragraph("Header", run("{{ marking }}", "<w:b/>"), _CLOSE))
    line = paragraph("Header", f'{run("{{ council }}")}<w:r><w:tab/></w:r>{run(words(form.title))}')
    return f"{parts.HEAD}<w:hdr {parts.SPACES}>{marking}{line}</w:hdr>"


def _footer() -> str:
    def number(what: str) -> str:
        return f'<w:fldSimple w:instr=" {what} ">{run("1")}</w:fldSimple>'

    line = paragraph("Footer", f'{run("Reference {{ ref }}")}<w:r><w:tab/></w:r>{run("Page ")}{number("PAGE")}'
                               f'{run(" of ")}{number("NUMPAGES")}')
    marking = only_if("marking", paragraph("Footer", run("{{ marking }}", "<w:b/>")))
    return f"{parts.HEAD}<w:ftr {parts.SPACES}>{line}{marking}</w:ftr>"


# The marking stands close to the line below it, without the header's own rule.
_CLOSE = '<w:pBdr><w:bottom w:val="nil"/></w:pBdr><w:spacing w:after="0"/>'


def _core(form: FormDefinition) -> str:
    return (f'{parts.HEAD}<cp:coreProperties '
            'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
            'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
            'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
            f"<dc:title>{words(form.title)} {{{{ ref }}}}</dc:title><dc:creator>{{{{ council }}}}</dc:creator>"
            "<dc:language>en-GB</dc:language></cp:coreProperties>")


def main(argv: list[str]) -> int:
    """Write the template of FORM.toml to OUT.docx."""
    if len(argv) != 2:
        sys.stderr.write("usage: python -m outbox.blank.word_form FORM.toml OUT.docx\n")
        return 2
    Path(argv[1]).write_bytes(build_template(load_form(Path(argv[0]))))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
