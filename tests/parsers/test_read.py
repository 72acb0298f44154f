"""One document, one reading: status, identity, digest, and every readable word."""

import zipfile
from dataclasses import replace
from io import BytesIO

from hypothesis import given, settings
from hypothesis import strategies as st

from mailflow.form.definition import FormDefinition
from mailflow.model import Reading, Status
from parsers.read import read_document
from tests.parsers.fills import LINES, PASSPORT, answers_for, whole_form
from tests.parsers.pages import (
    FORM,
    SHAPES,
    Look,
    Parts,
    W,
    cell,
    fill_base,
    form_body,
    make_docx,
    make_form,
    para,
    row,
    table,
    typed,
    zip_up,
)

CUSTOM: Parts = {"docProps/custom.xml": f'<Properties><property name="mailflow"><x>{PASSPORT}</x></property></Properties>'}


def read(data: bytes, *forms: FormDefinition) -> Reading:
    return read_document(data, "form.docx", forms or (FORM,))


def test_our_own_word_form_filled_comes_back_whole() -> None:
    """The checked-in Word form, filled through its controls: every answer, nothing left over, nothing missing."""
    values = whole_form()
    reading = read(fill_base(values))
    assert reading.status is Status.READABLE
    assert {k: a.text for k, a in reading.answers.items()} == {k: v for k, v in values.items() if k in reading.answers}
    assert set(reading.answers) == {f.id for f in FORM.fields}
    assert [[a.text for a in r.values()] for r in reading.rows["actions"]] == [
        [f"Do thing {n}", f"Manager {n}", f"{16 + n}/07/2026"] for n in (1, 2, 3)
    ]
    assert (reading.leftovers, reading.missing, reading.oddities, reading.tracked_changes) == ((), (), (), 0)
    assert (reading.printed_ref, reading.edit_minutes) == ("2606-017C", 0)
    assert reading.passport is not None and reading.passport.ref == "2606-017C" and reading.passport_ours is False


def test_our_own_word_form_sent_back_blank_is_read_as_blank() -> None:
    reading = read(fill_base({"header.reference": "2606-017C"}))
    typed_in = {k for k, a in reading.answers.items() if a.text}
    assert typed_in == {"header.reference"} and reading.leftovers == () and reading.rows["actions"] == ()


def test_the_passport_is_found_in_either_property() -> None:
    core: Parts = {"docProps/core.xml": f"<cp><keywords>{PASSPORT}</keywords></cp>"}
    for parts in (CUSTOM, core, CUSTOM | core):
        passport = read(make_form({}, parts=parts)).passport
        assert passport is not None and (passport.ref, passport.form, passport.edition) == ("2606-017C", "base-10", "1")


def test_the_edition_is_the_one_the_passport_names() -> None:
    old: Parts = {"docProps/custom.xml": PASSPORT.replace("edition=1", "edition=0")}
    assert read(make_form({}, parts=old)).edition == "0"
    assert read(make_form({})).edition == FORM.edition


def test_of_several_forms_the_right_one_is_chosen_with_or_without_a_passport() -> None:
    other = FormDefinition("short", "1", "Short form", FORM.sections[:2])
    for parts in (CUSTOM, None):
        assert read(make_form(whole_form(), parts=parts), other, FORM).form == "base-10"
    assert read(make_form(whole_form(), form=other), FORM, other).form in ("short", "base-10")


def test_a_damaged_return_of_the_expected_form_is_not_taken_for_its_likeness() -> None:
    """Another form that would find one question more is no reason; one that finds them all where ours finds few is."""
    more = replace(FORM.sections[0], fields=(*FORM.sections[0].fields, replace(FORM.fields[1], id="concern.again", label="Once more?")))
    likeness = replace(FORM, id="likeness", sections=(more, *FORM.sections[1:]))
    page = make_form({}, Look(shape=typed), likeness)
    for forms in ((FORM, likeness), (likeness, FORM)):
        assert read_document(page, "form.docx", forms, expected=FORM.id).form == FORM.id
        assert read_document(page, "form.docx", forms).form == "likeness"
    other = replace(FORM, id="other", sections=tuple(
        replace(s, title=f"Part {n}", fields=tuple(replace(f, label=f"{f.label} (part {n})") for f in s.fields), tables=())
        for n, s in enumerate(FORM.sections, 1)))
    page = make_form({}, Look(shape=typed, marks=False), other)
    assert {read_document(page, "form.docx", (FORM, likeness, other), expected=i).form for i in ("", FORM.id)} == {"other"}


def test_a_printed_reference_counts_only_where_we_printed_it() -> None:
    assert read(make_form({"header.reference": "2606-017C"})).printed_ref == "2606-017C"
    mentioned = read(make_form({"voice.evidence": "As in audit 2606-017C, she was seen."}))
    assert mentioned.printed_ref == ""
    footer: Parts = {"word/footer1.xml": f'<w:ftr xmlns:w="{W}">{para("Reference 2606-017C")}</w:ftr>'}
    assert read(make_form({}, parts=footer)).printed_ref == "2606-017C"


def test_the_council_s_name_in_header_and_body_is_furniture_but_a_sentence_there_is_not() -> None:
    def with_header(text: str) -> Reading:
        header: Parts = {"word/header1.xml": f'<w:hdr xmlns:w="{W}">{para(text)}</w:hdr>'}
        return read(make_docx(para("Northmoor Council") + form_body(whole_form(), Look()), header))

    assert with_header("Northmoor Council\tCase file audit").leftovers == ()
    long = "Please see my other notes because I ran out of space in the planning box on page three"
    assert [x.text for x in with_header(long).leftovers] == ["Northmoor Council", long]


def test_notes_and_comments_are_left_over_and_never_answers() -> None:
    parts: Parts = {
        "word/comments.xml": f'<w:comments xmlns:w="{W}"><w:comment w:author="Ann">{para("see page 2")}</w:comment></w:comments>',
        "word/footnotes.xml": f'<w:footnotes xmlns:w="{W}"><w:footnote>{para("minutes of 3 May")}</w:footnote></w:footnotes>',
    }
    reading = read(make_form(whole_form(), parts=parts))
    assert [(x.text, x.place) for x in reading.leftovers] == [("minutes of 3 May", "footnote"), ("see page 2", "comment by Ann")]
    assert reading.comments == 1 and "see page 2" in reading.text


def test_the_digest_depends_on_the_answers_alone() -> None:
    """Equal for the same answers in another shape, with other spaces or zipped again; different for one other word."""
    values = whole_form()
    first = read(make_form(values)).content_digest
    assert first == read(make_form(values, Look(shape=typed))).content_digest
    assert first == read(make_form({k: v.replace(" ", "  ") for k, v in values.items()})).content_digest
    with zipfile.ZipFile(BytesIO(make_form(values))) as z:
        again = zip_up({i.filename: z.read(i) for i in z.infolist()}, stored=[i.filename for i in z.infolist()])
    assert first == read(again).content_digest
    assert first != read(make_form(values | {"voice.evidence": "something else"})).content_digest
    assert first != read(make_form(values | {"actions.1.owner": "somebody else"})).content_digest
    assert first != read(make_form(values | {"voice.pre": values["voice.pre"].lower()})).content_digest


def test_a_page_without_words_is_no_text() -> None:
    reading = read(make_docx("<w:p/>" + table(row(cell("<w:p/>")))))
    assert (reading.status, reading.reason) == (Status.NO_TEXT, "no_text")


def test_every_readable_word_is_in_the_text_for_the_safety_check() -> None:
    reading = read(make_docx(form_body(whole_form(), Look()) + para("she is not safe tonight")))
    assert "she is not safe tonight" in reading.text and whole_form()["voice.evidence"].split("\n")[1] in reading.text


SOME = ("voice.evidence", "voice.pre", "planning.strengths", "overall.post", "header.team", "concern.told", "header.met")
FIELDS = {f.id: f for f in FORM.fields if f.id in SOME}


@settings(max_examples=50, deadline=None)
@given(st.fixed_dictionaries({k: answers_for(f) for k, f in FIELDS.items()}), st.sampled_from(sorted(SHAPES)))
def test_whatever_is_typed_into_any_shape_is_what_is_read(values: dict[str, str], shape: str) -> None:
    """read(fill(x)) == x for random text through every control shape; blanks come back as blanks."""
    reading = read(make_form(values, Look(shape=SHAPES[shape])))
    found = {k: reading.answers[k].text for k in values}
    prompts = {p for p in (*FORM.prompts, *(f.prompt for f in FORM.fields)) if p}
    assert found == {k: v for k, v in values.items() if v not in prompts}


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 30), LINES), min_size=1, max_size=4))
def test_every_character_typed_anywhere_ends_in_an_answer_or_is_left_over(typed_in: list[tuple[int, str]]) -> None:
    """Lines typed between any two blocks of a form whose controls are gone are in the reading, word for word."""
    body = form_body({}, Look(shape=typed, marks=False))
    blocks = body.replace("</w:p><w:p>", "</w:p>\0<w:p>").replace("</w:tbl>", "</w:tbl>\0").split("\0")
    for at, line in typed_in:
        blocks.insert(min(at, len(blocks)), para(line))
    reading = read(make_docx("".join(blocks)))
    found = [a.text for a in reading.answers.values()] + [x.text for x in reading.leftovers]
    found += [a.text for rows in reading.rows.values() for r in rows for a in r.values()]
    for _, line in typed_in:
        if any(c.isalnum() for c in line) and line not in (*FORM.wording, *FORM.prompts):
            assert any(line in text for text in found), (line, found)
