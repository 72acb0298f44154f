"""Word documents → rows of cells: every control shape, every piece that prints, changes accepted, nothing run."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from parsers.grid import Cell, Grid, Row
from parsers.guard import open_package, parse_xml
from parsers.word.document import read_word
from parsers.word.names import find_names
from parsers.word.scan import scan_body
from parsers.word.walk import Walker
from tests.parsers.pages import (
    REL,
    RELS,
    SHAPES,
    STRICT,
    TYPES,
    Look,
    Parts,
    W,
    cell,
    control,
    document,
    form_body,
    make_docx,
    make_form,
    para,
    row,
    run,
    table,
    zip_up,
)


def read(body: str, parts: Parts | None = None) -> Grid:
    return read_word(open_package(make_docx(body, parts)))


def texts(body: str) -> list[str]:
    return [c.text for r in read(body).rows for c in r.cells]


def only(body: str) -> Cell:
    (found,) = read(body).rows[0].cells
    return found


@pytest.mark.parametrize("name", SHAPES)
def test_text_in_every_control_shape_is_found_under_its_tag(name: str) -> None:
    grid = read(table(row(cell(para("Label")), SHAPES[name]("mf:a.b", "Seen alone\non 3 May", ""))))
    (only_row,) = grid.rows
    assert [c.text for c in only_row.cells] == ["Label", "Seen alone\non 3 May"]
    assert [c.tag for c in only_row.cells[1].controls if c.tag] == ([] if name == "typed" else ["mf:a.b"])


def test_a_control_round_a_whole_row_keeps_its_cells_and_its_tag() -> None:
    grid = read(table(control("mf:a.b", row(cell(para("Label")), cell(para("Answer"))))))
    assert [c.text for c in grid.rows[0].cells] == ["Label", "Answer"]
    assert grid.rows[0].tags == ("mf:a.b",)


def test_one_control_round_several_cells_hides_none() -> None:
    grid = read(table(row(cell(para("A")), control("x", cell(para("B")) + cell(para("C"))), cell(para("D")))))
    assert [c.text for c in grid.rows[0].cells] == ["A", "B", "C", "D"]


def test_a_tagged_control_round_paragraphs_is_one_box_and_an_untagged_one_is_looked_through() -> None:
    assert texts(control("mf:a.b", para("one") + para("two"))) == ["one\ntwo"]
    assert texts(control("", para("one") + table(row(cell(para("two")))) + para("three"))) == ["one", "two", "three"]


def test_text_beside_a_control_is_told_apart_from_the_text_inside() -> None:
    found = only(table(row(cell(f"<w:p>{run('before ')}{control('mf:a.b', run('inside'))}{run(' after')}</w:p>"))))
    assert (found.text, found.controls[0].text, found.outside) == ("before inside after", "inside", "before  after")


def test_two_controls_in_one_cell_keep_their_own_texts() -> None:
    found = only(table(row(cell(f"<w:p>{control('a', run('one'))}{run(' / ')}{control('b', run('two'))}</w:p>"))))
    assert [(c.tag, c.text) for c in found.controls] == [("a", "one"), ("b", "two")]
    assert found.outside == "/"


def test_a_table_inside_an_answer_is_part_of_its_text_and_readable_by_itself() -> None:
    inner = table(row(cell(para("3 May")), cell(para("visit"))))
    found = only(table(row(cell(para("Chronology:") + inner + para("end")))))
    assert found.text == "Chronology:\n3 May\nvisit\nend"
    assert found.own == "Chronology:\nend"
    assert [[c.text for c in r.cells] for r in found.inner] == [["3 May", "visit"]]


def test_soft_returns_tabs_hyphens_and_symbols_are_kept() -> None:
    pieces = run("a\nb\tc") + '<w:r><w:t>d</w:t><w:noBreakHyphen/><w:t>e</w:t><w:softHyphen/><w:sym w:char="F0FC"/></w:r>'
    assert texts(f"<w:p><w:pPr><w:tabs><w:tab w:val=\"left\"/></w:tabs></w:pPr>{pieces}</w:p>") == ["a\nb\tcd\u2011e✓"]


def test_tick_boxes_say_their_state_whatever_glyph_stands_there() -> None:
    def box(state: str) -> str:
        more = f'<w14:checkbox><w14:checked w14:val="{state}"/></w14:checkbox>'
        return control("", run("R"), more)

    old = '<w:r><w:fldChar><w:ffData><w:checkBox><w:checked{}/></w:checkBox></w:ffData></w:fldChar></w:r>'
    assert texts(f"<w:p>{box('1')}{run('Yes ')}{box('0')}{run('No')}</w:p>") == ["☒Yes ☐No"]
    ticked, not_ticked = old.format(""), old.format(' w:val="0"')
    assert texts(f"<w:p>{ticked}{run('Yes ')}{not_ticked}{run('No')}</w:p>") == ["☒Yes ☐No"]


def test_an_old_drop_down_shows_the_entry_that_was_chosen() -> None:
    field = ('<w:r><w:fldChar><w:ffData><w:ddList><w:result w:val="1"/><w:listEntry w:val="Good"/>'
             '<w:listEntry w:val="Inadequate"/></w:ddList></w:ffData></w:fldChar></w:r>')
    assert texts(f"<w:p>{field}</w:p>") == ["Inadequate"]


def test_a_picker_and_a_drop_down_say_what_they_hold() -> None:
    picked = control("d", run("06/07/2026"), '<w:date w:fullDate="2026-07-06T00:00:00Z"/>')
    item = '<w:listItem w:displayText="Requires improvement" w:value="ri"/>'
    listed = control("l", run("ri"), f"<w:dropDownList>{item}</w:dropDownList>")
    cells = read(table(row(cell(f"<w:p>{picked}</w:p>"), cell(f"<w:p>{listed}</w:p>")))).rows[0].cells
    assert cells[0].controls[0].day == "2026-07-06"
    assert cells[1].controls[0].items == (("Requires improvement", "ri"),)


def test_tracked_changes_are_accepted_and_counted() -> None:
    """Insertions stay, deletions go, moved text stands once, deleted rows and paragraph ends are gone."""
    gone = '<w:del><w:r><w:delText>old</w:delText></w:r></w:del>'
    moved = f'<w:moveFrom>{run("moved")}</w:moveFrom><w:moveTo>{run("moved")}</w:moveTo>'
    ended = '<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>' + run("first ") + "</w:p>" + para("second")
    lost = '<w:tr><w:trPr><w:del/></w:trPr><w:tc><w:p/></w:tc></w:tr>'
    body = f"<w:p>{gone}<w:ins>{run('new ')}</w:ins>{moved}</w:p>{ended}{table(row(cell(para('kept'))), lost)}"
    grid = read(body)
    assert [[c.text for c in r.cells] for r in grid.rows] == [["new moved"], ["first second"], ["kept"]]
    assert grid.tracked_changes == 6


def test_a_text_box_is_read_once_and_in_its_own_lines() -> None:
    inside = f"<w:txbxContent>{para('boxed')}</w:txbxContent>"
    both = (f"<mc:AlternateContent><mc:Choice><w:drawing>{inside}</w:drawing></mc:Choice>"
            f"<mc:Fallback><w:pict>{inside}</w:pict></mc:Fallback></mc:AlternateContent>")
    assert texts(f"<w:p><w:r>{both}</w:r>{run('before')}</w:p>{para('after')}") == ["before", "boxed", "after"]


def test_bookmarks_between_cells_and_paragraphs_belong_to_what_follows() -> None:
    mark = '<w:bookmarkStart w:id="3" w:name="mf_a_b"/>'
    assert read(mark + para("x")).rows[0].cells[0].marks == ("mf_a_b",)
    cells = read(table(f"<w:tr>{cell(para('1'))}{mark}{cell(para('2'))}</w:tr>")).rows[0].cells
    assert [c.marks for c in cells] == [(), ("mf_a_b",)]


def test_headers_notes_and_comments_are_read_beside_the_body() -> None:
    parts: Parts = {
        "word/header1.xml": f'<w:hdr xmlns:w="{W}">{para("Northmoor Council")}</w:hdr>',
        "word/footnotes.xml": f'<w:footnotes xmlns:w="{W}"><w:footnote>{para("see the plan")}</w:footnote></w:footnotes>',
        "word/comments.xml": f'<w:comments xmlns:w="{W}"><w:comment w:author="Ann">{para("why?")}</w:comment></w:comments>',
    }
    grid = read(para("x"), parts)
    assert grid.around == (("page header", "Northmoor Council"), ("footnote", "see the plan"))
    assert (grid.remarks, grid.comments) == ((("Ann", "why?"),), 1)


def test_macros_links_and_embedded_objects_are_noted_and_not_opened() -> None:
    rels = (f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="a" '
            f'Type="{REL}/image" Target="http://x.example/p.png" TargetMode="External"/></Relationships>')
    parts: Parts = {"word/vbaProject.bin": b"x", "word/_rels/document.xml.rels": rels, "word/embeddings/o.bin": b"x"}
    assert read(para("x"), parts).oddities == ("macros", "external links", "embedded objects")
    typed = rels.replace("/image", "/hyperlink")
    assert read(para("x"), {"word/_rels/document.xml.rels": typed}).oddities == ()


def test_minutes_of_editing_come_from_the_properties() -> None:
    app = "<Properties><TotalTime>{}</TotalTime></Properties>"
    assert read(para("x"), {"docProps/app.xml": app.format(37)}).edit_minutes == 37
    assert read(para("x")).edit_minutes is None


def test_strict_documents_and_unusual_part_names_are_read() -> None:
    assert read_word(open_package(make_docx(para("strict"), namespace=STRICT))).rows[0].cells[0].text == "strict"
    rels = (f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="a" '
            f'Target="/word/document2.xml" Type="{REL}/officeDocument"/></Relationships>')
    moved = zip_up({"[Content_Types].xml": "<Types/>", "_rels/.rels": rels, "word/document2.xml": document(para("there"))})
    assert read_word(open_package(moved)).rows[0].cells[0].text == "there"


def careful(body: etree._Element) -> list[Row]:
    """Every top table of a body read by the careful walk."""
    names = find_names("{" + W + "}document")
    assert names is not None
    walker = Walker(names)
    return [r for child in body if child.tag == names.tbl for r in walker.table(child)]


@pytest.mark.parametrize("name", SHAPES)
def test_the_quick_pass_and_the_careful_walk_see_the_same(name: str) -> None:
    values = {"voice.evidence": "one\ntwo", "voice.pre": "Good", "actions.1.due": "17/06/2026"}
    body = parse_xml(document(form_body(values, Look(shape=SHAPES[name]))).encode())[0]
    names = find_names("{" + W + "}document")
    assert names is not None
    assert [r for r in scan_body(body, names) if r.table] == careful(body)


CELLS = st.deferred(lambda: st.one_of(
    st.builds(lambda t: cell(para(t)), WORDS), st.builds(lambda t: control("x", cell(para(t))), WORDS),
    st.builds(lambda a, b: cell(f"<w:p>{run(a)}{control('mf:y.z', run(b))}</w:p>"), WORDS, WORDS),
    st.builds(lambda a, b: cell(f"<w:p>{control('mf:y.z', run(b))}{run(a)}</w:p>"), WORDS, WORDS),
    st.builds(lambda a: cell(control("", para(a) + para(a)) + "<w:p/>", 2), WORDS),
    st.builds(lambda a, b: cell(para(a) + table(row(cell(para(b)))) + para("")), WORDS, WORDS),
    st.builds(lambda a: control("", cell(para(a)) + cell("<w:p/>")), WORDS),
    st.builds(lambda a: control("y", cell(para(a), 3), "<w:showingPlcHdr/><w:date/>"), WORDS),
    st.builds(lambda a: cell(para(a), 2), WORDS), st.just(cell(f"<w:p>{control('e', '')}</w:p>")), st.just("<w:tc/>"),
    st.builds(lambda a: control("y", cell(f"<w:p>{control('i', run(a))}</w:p>")), WORDS), st.just(cell(control("e", "<w:p/>"))),
    st.builds(lambda a: '<w:bookmarkStart w:id="1" w:name="m"/>' + cell(para(a)), WORDS),
    st.just(cell(f'<w:p>{control("t", "", "<w:showingPlcHdr/>")}<w:bookmarkStart w:id="1" w:name="q"/></w:p>')),
))
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"), max_size=8)
ROWS = st.builds(lambda cells, wrapped: control("r", row(*cells)) if wrapped else row(*cells),
                 st.lists(CELLS, min_size=1, max_size=4), st.booleans())


@settings(max_examples=250, deadline=None)
@given(st.lists(st.lists(ROWS, min_size=1, max_size=3), min_size=1, max_size=3))
def test_on_any_mixture_of_shapes_too(tables: list[list[str]]) -> None:
    """Random tables of plain, wrapped, nested and marked cells: both ways of reading give equal rows."""
    body = parse_xml(document("".join(table(*rows) for rows in tables)).encode())[0]
    names = find_names("{" + W + "}document")
    assert names is not None
    quick = [r for r in scan_body(body, names) if r.table]
    assert [r._replace(table=0) for r in quick] == [r._replace(table=0) for r in careful(body)]


def test_a_form_is_read_the_same_whatever_the_prefix_of_its_names() -> None:
    values = {"voice.evidence": "Seen alone", "voice.pre": "Good"}
    data = make_form(values)
    body = document(form_body(values, Look())).replace("w:", "q:").replace("xmlns:w=", "xmlns:q=")
    other = read_word(open_package(zip_up({"[Content_Types].xml": TYPES, "_rels/.rels": RELS, "word/document.xml": body})))
    assert other.rows == read_word(open_package(data)).rows
