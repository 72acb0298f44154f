"""Comments in documents without our marks: a council's own form, other standards, other packings. No answer is harmed."""

from datetime import UTC, datetime

import pytest
from lxml import etree

from mailflow.form.definition import FormDefinition
from mailflow.form.load import load_form
from mailflow.model import Answer, FoundBy, Point, Reading
from outbox.annotate.comments import annotate
from outbox.annotate.package import Returned
from outbox.annotate.point_places import answers_by_field
from parsers.read import read_document
from tests.outbox.word_scene import BODY, read_part, replace_part, text_of
from tests.parsers.pages import (
    FORM,
    RELS,
    ROOT,
    SHAPES,
    STRICT,
    TYPES,
    Look,
    W,
    cell,
    control,
    form_body,
    in_cell,
    make_docx,
    make_form,
    para,
    paras,
    row,
    table,
    typed,
)
from tests.parsers.test_samples import sample

COUNCIL = load_form(ROOT / "templates/wokingham-3.2/form.toml")
AT = datetime(2026, 6, 30, 9, 0, tzinfo=UTC)
VALUES = {f.id: f"Answer number {n}" for n, f in enumerate(FORM.fields)}
VALUES |= {"actions.1.text": "Ring the school", "actions.1.owner": "Pat", "actions.3.text": "Visit", "actions.3.due": "soon"}
UNMARKED = Look(shape=SHAPES["typed"], marks=False)
MACRO_TYPE = "application/vnd.ms-word.document.macroEnabled.main+xml"
PLAIN_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


def read(data: bytes, form: FormDefinition = FORM) -> Reading:
    return read_document(data, "form.docx", (form,))


def annotate_all(data: bytes, form: FormDefinition = FORM, **more: bool) -> bytes:
    """A comment on every answer, each saying its field."""
    answers = answers_by_field(read(data, form))
    points = tuple(Point(n, f, fields=(f,)) for n, f in enumerate(answers, 1))
    return annotate(data, points, form, "Quality team", AT, answers, **more)


def texts(reading: Reading) -> dict[str, str]:
    return {f: a.text for f, a in answers_by_field(reading).items()}


def spoken(document: bytes) -> dict[str, etree._Element]:
    """What a comment says, without its number → where it begins."""
    opened = Returned(document)
    w, mine = opened.w, opened.comments_w
    begins = {e.get(f"{w}id"): e for e in opened.document.iter(f"{w}commentRangeStart")}
    return {"".join(t.text or "" for t in c.iter(f"{mine}t")).split(". ", 1)[-1]: begins[c.get(f"{mine}id")]
            for c in opened.comments if c.get(f"{mine}id") in begins}


def row_text(mark: etree._Element) -> str:
    home = next((a for a in mark.iterancestors() if str(a.tag).endswith("}tr")), None)
    return "TOP" if home is None else " | ".join(
        "".join(t.text or "" for t in c.iter() if str(c.tag) and str(t.tag).endswith("}t"))
        for c in home.iter() if str(c.tag).endswith("}tc"))


def holds(data: bytes, form: FormDefinition = FORM, **more: bool) -> bytes:
    """Annotated everywhere: the same answers at the same places, and every comment paired and outside controls of cells."""
    before, annotated = read(data, form), annotate_all(data, form, **more)
    after = read(annotated, form)
    assert before.answers and texts(before) == texts(after) and before.content_digest == after.content_digest
    assert {f: a.place for f, a in before.answers.items()} == {f: a.place for f, a in after.answers.items()}
    assert (before.leftovers, before.comments, before.missing) == (after.leftovers, after.comments, after.missing)
    assert spoken(annotated).keys() >= texts(before).keys()
    return annotated


SAMPLES = ["wokingham-blank", "a1_word_filled", "b1_typed_no_controls", "e1_tracked_changes", "h1_actions_rows_added"]


@pytest.mark.parametrize("name", SAMPLES)
def test_a_councils_own_form_keeps_its_answers_and_every_comment_stands_in_a_row(name: str) -> None:
    spots = spoken(holds(sample(f"{name}.docx").read_bytes(), COUNCIL))
    assert {f for f, mark in spots.items() if row_text(mark) == "TOP"} & {f.id for f in COUNCIL.fields} == set()


@pytest.mark.parametrize("name", SAMPLES[1:])
def test_a_comment_stands_in_the_row_of_its_answer(name: str) -> None:
    data = sample(f"{name}.docx").read_bytes()
    said, spots = texts(read(data, COUNCIL)), spoken(annotate_all(data, COUNCIL))
    numbered = [f for f in COUNCIL.fields if f.number and said[f.id]]
    assert len(numbered) > 50
    for f in numbered:
        assert f"{f.number}." in row_text(spots[f.id]) or said[f.id].split()[0] in row_text(spots[f.id]), f.id


@pytest.mark.parametrize("marks", [True, False], ids=["our marks", "no marks"])
@pytest.mark.parametrize("shape", SHAPES)
def test_our_form_in_every_shape_keeps_its_answers(shape: str, marks: bool) -> None:
    look = Look(shape=SHAPES[shape], marks=marks)
    data = make_form(VALUES, look)
    spots = spoken(holds(data))
    assert "Answer number 0" in row_text(spots[FORM.fields[0].id])
    assert "Ring the school" in row_text(spots["actions.1.owner"])


def test_without_marks_the_place_says_where_and_the_label_beside_it_is_commented() -> None:
    look = Look(shape=typed, marks=False, headings=False, relabel={"voice.evidence": "Evidence, their words"})
    data = make_form(VALUES, look)
    answers = answers_by_field(read(data)) | {
        "voice.evidence": Answer("voice.evidence", VALUES["voice.evidence"], place_of(data, VALUES["voice.evidence"]),
                                 FoundBy.POSITION)}
    annotated = annotate(data, (Point(1, "Say more", fields=("voice.evidence",)),), FORM, "QA", AT, answers)
    mark = spoken(annotated)["Say more"]
    assert text_of(mark.getparent()) == "Evidence, their words" and VALUES["voice.evidence"] in row_text(mark)


def place_of(data: bytes, text: str) -> str:
    from parsers.guard import open_package
    from parsers.word.document import read_word

    rows = read_word(open_package(data)).rows
    return next(r.place(n) for r in rows for n, c in enumerate(r.cells) if c.text == text)


# --- where no comment can stand at the answer itself ---

def placed(body: str, place: str, text: str) -> etree._Element:
    field = FORM.fields[5]
    answers = {field.id: Answer(field.id, text, place)}
    annotated = annotate(make_docx(body), (Point(1, "Here", fields=(field.id,)),), FORM, "QA", AT, answers)
    (mark,) = (e for said, e in spoken(annotated).items() if said.startswith("Here"))
    return mark


def test_an_answer_below_its_label_is_commented_itself_and_a_control_of_paragraphs_by_the_label_above() -> None:
    head = row(cell(para("First")), cell(para("Second")))
    mark = placed(table(head, row(cell(para("one")), cell(para("two")))), "table 1, row 2, column 1", "one")
    assert text_of(mark.getparent()) == "one"
    mark = placed(table(head, row(in_cell("", "one\nmore", ""))), "table 1, row 2, column 1", "one\nmore")
    assert text_of(mark.getparent()) == "First"


def test_the_hidden_part_of_a_merged_cell_is_not_commented() -> None:
    hidden = "<w:tc><w:tcPr><w:vMerge/></w:tcPr><w:p/></w:tc>"
    mark = placed(table(f"<w:tr>{cell(para('A. Label'))}{hidden}</w:tr>"), "table 1, row 1, column 2", "")
    assert text_of(mark.getparent()) == "A. Label"


def test_an_answer_in_a_text_box_is_commented_at_the_paragraph_it_hangs_on() -> None:
    body = f"<w:p><w:r><w:t>Host</w:t></w:r><w:r><w:pict><w:txbxContent>{para('boxed')}</w:txbxContent></w:pict></w:r></w:p>"
    mark = placed(body, "paragraph 2", "boxed")
    assert not any(str(a.tag).endswith("txbxContent") for a in mark.iterancestors())


@pytest.mark.parametrize("place, text", [
    ("table 9, row 1, column 1", "x"), ("table 1, row 1, column 1", "words that are not there"), ("page 1, line 2", "x"), ("", "")])
def test_a_point_without_a_place_stands_on_top_and_names_its_question(place: str, text: str) -> None:
    mark = placed(para("Title") + table(row(cell(para("other")))), place, text)
    said = next(t for t in spoken_texts(mark, place, text) if t.startswith("Here"))
    assert FORM.fields[5].label in said and text_of(mark.getparent()) == "Title"


def spoken_texts(mark: etree._Element, place: str, text: str) -> list[str]:
    field = FORM.fields[5]
    annotated = annotate(make_docx(para("Title") + table(row(cell(para("other"))))), (Point(1, "Here", fields=(field.id,)),), FORM,
                         "QA", AT, {field.id: Answer(field.id, text, place)})
    return list(spoken(annotated))


def test_of_several_questions_those_without_a_place_are_named_on_top() -> None:
    known, lost = FORM.fields[4], FORM.fields[5]
    body = para("Title") + table(row(cell(para(known.label)), cell(para("yes"))))
    annotated = annotate(make_docx(body), (Point(1, "Both", fields=(known.id, lost.id)),), FORM, "QA", AT, {})
    said = spoken(annotated)
    assert text_of(said["Both"].getparent()) == known.label
    (named,) = (s for s in said if lost.label in s)
    assert known.label not in named and row_text(said[named]) == "TOP"


def test_in_a_document_held_by_one_control_every_comment_is_seen() -> None:
    data = make_docx(control("", form_body(VALUES, UNMARKED), "<w:group/>"))
    first = next(Returned(data).document.iter(f"{{{W}}}p"))
    assert not [m for m in spoken(holds(data)).values() if text_of(m.getparent()) == text_of(first)]


# --- other ways to be a Word document ---

def repacked(data: bytes, main: str) -> bytes:
    """The main part under another name."""
    parts = {"_rels/.rels": RELS.replace("word/document.xml", main).encode(), main: read_part(data), BODY: None,
             "[Content_Types].xml": TYPES.replace("word/document.xml", main).encode()}
    return replace_part(data, parts)


def prefixed(data: bytes) -> bytes:
    """The main namespace as "q", the way no editor we know writes it."""
    return replace_part(data, {BODY: read_part(data).replace(b"w:", b"q:").replace(b"xmlns:w=", b"xmlns:q=")})


def with_macros(data: bytes) -> bytes:
    rels = ('<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="v" '
            'Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject" Target="vbaProject.bin"/></Relationships>')
    types = TYPES.replace(PLAIN_TYPE, MACRO_TYPE).replace(
        "</Types>", '<Override PartName="/word/vbaProject.bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>')
    return replace_part(data, {"word/vbaProject.bin": b"macros", "word/vbaData.xml": b"<x/>", "[Content_Types].xml": types.encode(),
                               "word/_rels/document.xml.rels": rels.encode()})


FILLED = make_form(VALUES, UNMARKED)
WAYS = {
    "strict": lambda: make_docx(form_body(VALUES, UNMARKED), namespace=STRICT),
    "strict with our marks": lambda: make_docx(form_body(VALUES, Look()), namespace=STRICT),
    "main part elsewhere": lambda: repacked(FILLED, "word/document2.xml"),
    "main part on top": lambda: repacked(FILLED, "main.xml"),
    "another prefix": lambda: prefixed(FILLED),
    "macros": lambda: with_macros(FILLED),
    "a template": lambda: replace_part(FILLED, {"[Content_Types].xml": TYPES.replace(
        "document.main", "template.main").encode()}),
    "no relationships": lambda: replace_part(FILLED, {"_rels/.rels": None, "word/other.xml": b"<x/>"}),
    "comments that led nowhere": lambda: replace_part(FILLED, {"word/_rels/document.xml.rels": (
        RELS.replace("/officeDocument\"", "/comments\"").replace("word/document.xml", "comments.xml")).encode()}),
}


@pytest.mark.parametrize("way", WAYS)
def test_whatever_the_reader_reads_can_be_annotated(way: str) -> None:
    annotated = holds(WAYS[way]())
    twice = annotate(annotated, (Point(1, "Only this", fields=("voice.evidence",)),), FORM, "Quality team", AT,
                     answers_by_field(read(annotated)))
    assert list(spoken(twice)) == ["Only this"] and texts(read(twice)) == texts(read(annotated))


def test_macros_and_the_kind_of_document_stay_unless_a_plain_one_is_wanted() -> None:
    kept = annotate_all(with_macros(FILLED))
    assert read_part(kept, "word/vbaProject.bin") == b"macros" and MACRO_TYPE.encode() in read_part(kept, "[Content_Types].xml")
    plain = holds(with_macros(FILLED), plain=True)
    types = read_part(plain, "[Content_Types].xml").decode()
    assert PLAIN_TYPE in types and MACRO_TYPE not in types and "vba" not in types.lower()
    assert b"vba" not in read_part(plain, "word/_rels/document.xml.rels").lower()
    with pytest.raises(KeyError):
        read_part(plain, "word/vbaProject.bin")


def test_comments_of_others_stay_with_their_words_and_places() -> None:
    theirs = (f'<w:comments xmlns:w="{W}"><w:comment w:id="4" w:author="Bo" w:initials="B">{para("Why?")}</w:comment></w:comments>')
    body = form_body(VALUES, UNMARKED).replace(
        "<w:p>", '<w:p><w:commentRangeStart w:id="4"/><w:r><w:t>Asked</w:t></w:r><w:commentRangeEnd w:id="4"/><w:r>'
                 '<w:commentReference w:id="4"/></w:r>', 1)
    rels = RELS.replace("/officeDocument\"", "/comments\"").replace("word/document.xml", "comments.xml")
    data = make_docx(body, {"word/comments.xml": theirs, "word/_rels/document.xml.rels": rels})
    said = spoken(holds(data))
    assert text_of(said["Why?"].getnext()) == "Asked" and read(data).comments == 1


def test_long_answers_of_several_paragraphs_are_not_parted_by_a_comment() -> None:
    body = table(row(cell(para("What you saw")), cell(paras("one\n\ntwo")))) + para("end")
    mark = placed(body, "table 1, row 1, column 2", "one\n\ntwo")
    assert text_of(mark.getparent()) == "What you saw"
