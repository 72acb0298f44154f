"""Where fuzzing starts: every shape the tests know, small, and the hostile documents that are small enough."""

from tests.corpus.hostile.make import SAMPLES
from tests.parsers.pages import (
    REL,
    SHAPES,
    STRICT,
    Look,
    Parts,
    W,
    cell,
    control,
    fill_base,
    make_docx,
    make_form,
    para,
    row,
    run,
    table,
)

_LARGEST = 60_000
_RELATIONS = (
    f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="rId1" Type="{REL}/aFChunk" Target="chunk.bin"/></Relationships>'
)


def small_documents() -> dict[str, bytes]:
    """One of everything in a page or so."""
    field = ('<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:name w:val="a"/><w:checkBox><w:checked/></w:checkBox></w:ffData>'
             '</w:fldChar></w:r><w:r><w:instrText>FORMCHECKBOX</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
             f'{run("x")}<w:r><w:fldChar w:fldCharType="end"/></w:r>')
    changed = (f'<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:del>{run("a")}</w:del><w:ins>{run("b")}</w:ins></w:p>{para("c")}'
               '<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r></w:p>')
    boxed = f"<w:p><w:r><w:pict><w:txbxContent>{para('boxed')}</w:txbxContent></w:pict></w:r></w:p>"
    inner = table(row(cell(para("a") + table(row(cell(para("b")))) + para("c")), control("r", cell(para("d")))))
    chunk: Parts = {"word/_rels/document.xml.rels": _RELATIONS, "word/chunk.bin": "<html><p>put in</p></html>"}
    comments = f'<w:comments xmlns:w="{W}"><w:comment w:author="Ann">{para("why?")}</w:comment></w:comments>'
    around: Parts = {"word/header1.xml": f'<w:hdr xmlns:w="{W}">{para("top")}</w:hdr>', "word/comments.xml": comments}
    found = {name: make_docx(table(row(cell(para("Label")), shape("mf:a.b", "words", "")))) for name, shape in SHAPES.items()}
    return found | {
        "field": make_docx(f"<w:p>{field}</w:p>"), "changed": make_docx(changed), "boxed": make_docx(boxed),
        "inner": make_docx(inner, around), "chunk": make_docx('<w:altChunk r:id="rId1"/>' + para("x"), chunk),
        "strict": make_docx(inner, namespace=STRICT), "form": make_form({"voice.evidence": "words"}, Look()),
        "base": fill_base({"header.team": "North"}),
    }


def seeds() -> dict[str, bytes]:
    """Name → document."""
    hostile = {name: sample.make() for name, sample in SAMPLES.items() if name not in _SLOW_TO_MAKE}
    return small_documents() | {name: data for name, data in hostile.items() if len(data) <= _LARGEST}


_SLOW_TO_MAKE = ("comment-300mb", "paragraphs-8m", "paragraphs-stored", "directory-1m", "text-9mb", "attribute-11mb")
