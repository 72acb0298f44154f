"""What was returned and can hold no comments: the letter says where each point is, in words."""

from dataclasses import replace
from typing import Any

import pytest

from mailflow.model import Answer, Document, Letter, Point, Reading, Wish
from outbox.annotate.point_places import MOST_PLACES, Returned, answers_by_field, find_places, kind_of, say_places
from outbox.compose import compose
from tests.outbox.letters_scene import LIMIT, POINTS, make_desk, make_reading, make_scene, make_submission, part_of
from tests.parsers.pages import make_docx, para, zip_up

PDF = Document("form.pdf", "", b"%PDF-1.7 form")
BOOK = Document("tool.xlsx", "", zip_up({"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<workbook/>"}))
ODT = Document("form.odt", "", zip_up({"mimetype": "application/vnd.oasis.opendocument.text"}, stored=["mimetype"]))
OLD = Document("form.doc", "", b"\xd0\xcf\x11\xe0")
WORD = Document("form.docx", "", make_docx(para("a form")))
BROKEN = Document("form.docx", "", WORD.data[:200])


def reading_at(**places: str) -> Reading:
    """A reading whose answers stand at these places (dots in ids are double underscores)."""
    reading = make_reading()
    found = {key.replace("__", "."): place for key, place in places.items()}
    answers = {f: replace(a, place=found.get(f, "")) for f, a in reading.answers.items()}
    row = {"due": Answer("actions.2.due", "soon", found.get("actions.2.due", "")), "owner": Answer("actions.2.owner", "")}
    return replace(reading, answers=answers, rows={"actions": (row,)})


PAGES = reading_at(voice__evidence="page 2, table 1, row 3, column 2", voice__post="page 2, line 9",
                   actions__2__due="page 5, table 1, row 3, column 4")
CELLS = reading_at(voice__evidence="sheet Audit, cell B4", voice__post="sheet Audit, cell B5")
TABLES = reading_at(voice__evidence="table 3, row 2, column 2")


def letter(code: str, reading: Reading, original: Document | None, **facts: Any) -> Letter:
    scene = replace(make_scene(points=POINTS), submission=make_submission(reading))
    documents = ("annotated",) if code != "OUT-20" else ()
    wish = Wish(code, "auditor", "T-09", "1", documents=documents,
                facts={"points": POINTS, "limit_at": LIMIT, "soft_at": LIMIT, "hard_at": LIMIT, **facts})
    (made,) = compose(wish, make_desk(scene, original=original))
    return made


def said(*args: Any, **facts: Any) -> str:
    return " ".join(part_of(letter(*args, **facts), "plain").split())


# --- the letter ---

@pytest.mark.parametrize("code", ["OUT-13", "OUT-17", "OUT-18", "OUT-46"])
def test_for_a_pdf_each_point_names_its_page_and_the_letter_says_why(code: str) -> None:
    text = said(code, PAGES, PDF, **({"suspected": False, "instead_of": "OUT-13"} if code == "OUT-46" else {}))
    assert "what it shows. (CHK-011) Where: page 2, table 1, row 3, column 2." in text
    assert "conversation. (CHK-013) Where: page 2, line 9." in text
    assert "not one. (CHK-044) Where: page 5, table 1, row 3, column 4." in text
    assert "role. (CHK-045) " in text and text.count("Where:") == 3
    assert "You sent a PDF, so we could not put comments into it. The list above says where to look in it." in text


def test_for_a_workbook_each_point_names_its_sheet_and_cell() -> None:
    text = said("OUT-13", CELLS, BOOK)
    assert "Where: sheet Audit, cell B4." in text and "Where: sheet Audit, cell B5." in text
    assert "You sent a workbook, so we could not put comments into it. The list above names the sheet and the cell." in text


@pytest.mark.parametrize("original", [ODT, OLD])
def test_for_other_documents_each_point_names_its_table(original: Document) -> None:
    text = said("OUT-13", TABLES, original)
    assert "Where: table 3, row 2, column 2." in text and "You sent a document that is not a .docx" in text


def test_a_word_document_with_comments_needs_no_places_in_the_letter() -> None:
    text = said("OUT-13", TABLES, WORD)
    assert "Your own document is attached, with a comment at each place." in text and "Where:" not in text
    assert "The comments in your document show them all." in said("OUT-13", TABLES, WORD, more=3)


def test_a_word_document_that_cannot_be_written_in_is_treated_as_any_other() -> None:
    text = said("OUT-13", TABLES, BROKEN, more=3)
    assert "We could not put comments into it. The list above says where to look." in text
    assert "Where: table 3, row 2, column 2." in text and "the next answer lists the rest" in text


def test_where_no_place_is_known_the_letter_promises_none() -> None:
    text = said("OUT-13", make_reading(), PDF)
    assert "You sent a PDF, so we could not put comments into it. Please change" in text and "The list above" not in text


def test_a_reminder_names_pages_and_cells_and_leaves_the_rest_to_the_comments_sent_before() -> None:
    assert "Where: page 2, line 9." in said("OUT-20", PAGES, None)
    assert "Where:" not in said("OUT-20", TABLES, None)


@pytest.mark.parametrize("reading, original", [(PAGES, PDF), (CELLS, BOOK), (TABLES, OLD), (TABLES, BROKEN), (TABLES, WORD)])
def test_no_sentence_about_the_document_is_long(reading: Reading, original: Document) -> None:
    text = said("OUT-13", reading, original)
    about = text[text.index("Where:") if "Where:" in text else 0:text.index("This email is also")]
    sentences = [s for s in about.replace(".docx", "docx").split(". ") if s]
    assert max(len(s.split()) for s in sentences) < 25


def test_a_sheets_name_is_text_and_no_markup() -> None:
    reading = reading_at(voice__evidence="sheet *x* <b>[a](http://e.example), cell B4")
    page = part_of(letter("OUT-13", reading, BOOK), "html")
    assert "*x* &lt;b&gt;[a](http://e.example), cell B4" in page and "href" not in page


def test_qa_is_not_told_of_a_document_that_is_not_there() -> None:
    scene = make_scene()
    for original, words in ((WORD, "The returned document is attached."),
                            (replace(WORD, name="form.docm"), "The returned document could not be attached.")):
        wish = Wish("OUT-14", "qa", "T-11", "1", facts={"qa_due_at": LIMIT}, documents=("original",))
        assert words in part_of(compose(wish, make_desk(scene, original=original))[0], "plain")


# --- its words ---

@pytest.mark.parametrize("places, words", [
    (["page 1, line 2"], "page 1, line 2"),
    (["sheet A, cell B4", "sheet A, cell B5", "sheet A, cell C1"], "sheet A, cells B4, B5 and C1"),
    (["sheet A, cell B4", "sheet B, C, cell D1"], "sheet A, cell B4; sheet B, C, cell D1"),
    (["page 1, line 2", "page 1, line 2"], "page 1, line 2"),
    ([f"page {n}, line 1" for n in range(1, MOST_PLACES + 3)],
     "; ".join(f"page {n}, line 1" for n in range(1, MOST_PLACES + 1)) + "; and 2 more")])
def test_several_places_are_one_line(places: list[str], words: str) -> None:
    assert say_places(places) == words


def test_a_tables_answers_are_known_by_their_own_field() -> None:
    assert answers_by_field(PAGES)["actions.2.due"].place == "page 5, table 1, row 3, column 4"
    assert find_places((Point(7, "x", fields=("no.such",)), Point(8, "y")), PAGES) == {}


@pytest.mark.parametrize("original, kind", [
    (PDF, Returned.PDF), (BOOK, Returned.WORKBOOK), (ODT, Returned.OTHER), (OLD, Returned.OTHER), (WORD, Returned.OFFICE),
    (None, Returned.NOTHING), (replace(PDF, name="form.docx"), Returned.PDF)])
def test_what_was_returned_is_told_from_its_bytes(original: Document | None, kind: Returned) -> None:
    assert kind_of(original) is kind
