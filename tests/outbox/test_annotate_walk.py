"""Annotating counts tables, rows, cells and paragraphs as reading does, though it leaves the document as it is."""

import pytest
from lxml import etree

from mailflow.model.place import Place, parse_place, say_place
from outbox.annotate.walk import find_cells
from parsers.grid import Cell, Row
from parsers.guard import open_package
from parsers.word.document import read_word
from tests.outbox.word_scene import W, read_tree
from tests.parsers.pages import (
    FORM,
    SHAPES,
    STRICT,
    Look,
    cell,
    control,
    form_body,
    make_docx,
    make_form,
    para,
    row,
    run,
    table,
)
from tests.parsers.test_samples import sample

# --- the words of a place ---


@pytest.mark.parametrize("place", [Place(3, 2, 1), Place(1, 10, 4), Place(0, 5, 1)])
def test_what_is_said_of_a_place_leads_back_to_it(place: Place) -> None:
    assert parse_place(say_place(*place)) == place
    said = Row(tuple(Cell("") for _ in range(place.column)), place.table, place.row).place(place.column - 1)
    assert parse_place(said) == place


@pytest.mark.parametrize("words", ["", "page 2, line 7", "page 1, table 2, row 3, column 4", "sheet Audit, cell B4",
                                   "table 1", "table 1, row 2, column 3 or so", "sheet table 1, row 1, column 1, cell A1"])
def test_other_places_are_none_in_a_word_document(words: str) -> None:
    assert parse_place(words) is None


# --- counting ---

GONE = '<w:del w:id="1" w:author="a"/>'
DELETED_ROW = f"<w:tr><w:trPr>{GONE}</w:trPr>{cell(para('deleted row'))}</w:tr>"
DELETED_CELL = '<w:tc><w:tcPr><w:cellDel w:id="2"/></w:tcPr>' + para("deleted cell") + "</w:tc>"


def endless(text: str) -> str:
    """A paragraph whose end was deleted: the next one is part of it."""
    return f"<w:p><w:pPr><w:rPr>{GONE}</w:rPr></w:pPr>{run(text)}</w:p>"


def boxed(text: str, *boxes: str) -> str:
    """A paragraph with text boxes, each twice: as it is, and for old readers."""
    inside = "".join(
        f"<mc:AlternateContent><mc:Choice Requires=\"wps\"><w:txbxContent>{b}</w:txbxContent></mc:Choice><mc:Fallback>"
        f"<w:pict><w:txbxContent>{b}</w:txbxContent></w:pict></mc:Fallback></mc:AlternateContent>" for b in boxes)
    return f"<w:p>{run(text)}<w:r>{inside}</w:r></w:p>"


LAST = para("last") + table(row(cell(para("last cell")), cell(para("after it"))))
ODD = {
    "a deleted row": table(row(cell(para("one"))), DELETED_ROW, row(cell(para("two")))) + LAST,
    "a deleted cell": table(f"<w:tr>{cell(para('one'))}{DELETED_CELL}{cell(para('two'))}</w:tr>") + LAST,
    "a deleted paragraph": f'<w:del w:id="3">{para("gone")}</w:del>' + LAST,
    "a moved table": f'<w:moveFrom w:id="3">{table(row(cell(para("gone"))))}</w:moveFrom>' + LAST,
    "an inserted table": f'<w:ins w:id="3">{table(row(cell(para("new"))))}</w:ins>' + LAST,
    "paragraphs made one": endless("one ") + endless("and two ") + para("and three") + para("next") + LAST,
    "an end deleted before a table": endless("one") + table(row(cell(para("a cell")))) + LAST,
    "a text box": boxed("host", para("in the box") + para("and more")) + LAST,
    "two text boxes": boxed("host", para("first"), para("second")) + LAST,
    "a box in a box": boxed("host", boxed("outer", para("inner"))) + LAST,
    "a table in a box": boxed("host", table(row(cell(para("boxed cell"))))) + LAST,
    "boxes on melted paragraphs": endless("one ") + boxed("two", para("box")) + LAST,
    "a deleted box": f"<w:p><w:del>{boxed('x', para('gone')).removeprefix('<w:p>').removesuffix('</w:p>')}</w:del></w:p>" + LAST,
    "a box in a cell": table(row(cell(boxed("host", table(row(cell(para("deep"))))) + para("own")), cell(para("b")))) + LAST,
    "tables in cells": table(row(cell(table(row(cell(table(row(cell(para("deepest"))))))) + para("x")), cell(para("y"))),
                             row(cell(para("z")))) + LAST,
    "a control round rows": table(row(cell(para("head"))), control("", row(cell(para("one"))) + row(cell(para("two"))))) + LAST,
    "a control round cells": table(f"<w:tr>{control('', cell(para('a')) + cell(para('b')))}{cell(para('c'))}</w:tr>") + LAST,
    "controls in controls": table(f"<w:tr>{control('', control('', cell(para('a'))))}{cell(para('c'))}</w:tr>") + LAST,
    "a control round the page": control("", para("one") + table(row(cell(para("two")))) + para("three")) + LAST,
    "an answer box": control("theirs", para("one") + table(row(cell(para("in it")))) + para("two")) + LAST,
    "a tagged wrapper": control("theirs", control("", para("one")) + para("two")) + LAST,
    "other people's marks": "<w:customXml>" + para("one") + table(row(cell(para("two")))) + "</w:customXml>" + LAST,
}


def flat_rows(rows: tuple[Row, ...]) -> dict[str, str]:
    """Place → text, inner tables too."""
    found: dict[str, str] = {}
    for one in rows:
        for n, inside in enumerate(one.cells):
            found[one.place(n)] = inside.own
            found |= flat_rows(inside.inner)
    return found


def counted(data: bytes, w: str = W, main: str = "word/document.xml") -> dict[str, str]:
    body = read_tree(data, main).find(f"{w}body")
    assert body is not None
    return {say_place(*place): "".join(t.text or "" for t in e.iter(f"{w}t")) for place, e in find_cells(body, w).items()}


def holds(data: bytes, w: str = W) -> None:
    said, here = flat_rows(read_word(open_package(data)).rows), counted(data, w)
    assert list(said) == list(here)
    # A place that melted from several is the first of them; the others keep their words.
    first = {place: (text.split() or [""])[0] for place, text in said.items()}
    assert {place: here[place] for place, word in first.items() if word not in here[place]} == {}


@pytest.mark.parametrize("name", ODD)
def test_an_odd_document_is_counted_as_the_reader_counts_it(name: str) -> None:
    holds(make_docx(ODD[name]))


@pytest.mark.parametrize("shape", SHAPES)
def test_our_form_in_every_shape_is_counted_as_the_reader_counts_it(shape: str) -> None:
    values = {f.id: f"Answer {n}" for n, f in enumerate(FORM.fields)}
    holds(make_form(values, Look(shape=SHAPES[shape])))


def test_a_strict_document_is_counted_alike() -> None:
    holds(make_docx(form_body({}, Look()), namespace=STRICT), "{" + STRICT + "}")


@pytest.mark.parametrize("name", ["wokingham-blank", "a1_word_filled", "b1_typed_no_controls", "e1_tracked_changes",
                                  "h1_actions_rows_added"])
def test_a_councils_own_form_is_counted_as_the_reader_counts_it(name: str) -> None:
    holds(sample(f"{name}.docx").read_bytes())


def test_counting_changes_nothing() -> None:
    tree = etree.fromstring(etree.tostring(read_tree(make_docx("".join(ODD.values())))))
    before = etree.tostring(tree)
    assert find_cells(tree[0], W) and etree.tostring(tree) == before
