"""OpenDocument text: what the page shows is read, wherever the format hides it, and nothing it does not show."""

import pytest

from mailflow.errors import UnreadableError
from parsers.grid import Control, Grid
from parsers.guard import open_package
from parsers.opendocument.document import read_flat_document, read_text_document
from tests.parsers.old_forms import OLD, lines, read_sample
from tests.parsers.pages import Parts, zip_up

_URN = "urn:oasis:names:tc:opendocument:xmlns:"
SPACES = " ".join(f'xmlns:{short}="{name}"' for short, name in (
    ("office", f"{_URN}office:1.0"), ("text", f"{_URN}text:1.0"), ("table", f"{_URN}table:1.0"),
    ("draw", f"{_URN}drawing:1.0"), ("form", f"{_URN}form:1.0"), ("style", f"{_URN}style:1.0"), ("meta", f"{_URN}meta:1.0"),
    ("loext", "urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0"), ("xlink", "http://www.w3.org/1999/xlink"),
    ("dc", "http://purl.org/dc/elements/1.1/"),
))
ROW = "<table:table-row>{}</table:table-row>"
CELL = "<table:table-cell{}><text:p>{}</text:p></table:table-cell>"


def content(body: str, before: str = "") -> str:
    return (f'{before}<office:document-content {SPACES}><office:body><office:text>{body}</office:text></office:body>'
            "</office:document-content>")


def read(body: str, more: Parts | None = None, before: str = "") -> Grid:
    return read_text_document(open_package(zip_up({"content.xml": content(body, before), **(more or {})})))


def p(inside: str) -> str:
    return f"<text:p>{inside}</text:p>"


def table(*rows: str) -> str:
    return f"<table:table>{''.join(ROW.format(row) for row in rows)}</table:table>"


def said(grid: Grid) -> list[str]:
    return [row.cells[0].text for row in grid.rows]


def test_spaces_tabs_and_breaks_are_what_the_page_shows() -> None:
    assert said(read(p("one\n  two<text:s text:c='2'/>x<text:tab/>y<text:line-break/>z soft\u00adhyphen"))) == [
        "one two  x\ty\nz soft\u00adhyphen"]


def test_numbers_of_lists_are_no_text_and_every_item_is_a_paragraph() -> None:
    body = ("<text:list><text:list-header><text:p>Head</text:p></text:list-header><text:list-item><text:number>1.</text:number>"
            "<text:p>first</text:p></text:list-item></text:list><text:h>Title</text:h><text:p/>")
    grid = read(body)
    assert said(grid) == ["Head", "first", "Title", ""]
    assert [row.number for row in grid.rows] == [1, 2, 3, 4]


def test_a_text_box_comes_after_the_paragraph_it_hangs_on() -> None:
    box = "<draw:frame><draw:text-box><text:p>one</text:p><text:p>two</text:p></draw:text-box></draw:frame>"
    assert said(read(p(f"a{box}b") + p("next"))) == ["ab", "one", "two", "next"]
    (row,) = read(table(f"<table:table-cell>{p(f'a{box}b')}</table:table-cell>")).rows
    assert row.cells[0].text == "ab\none\ntwo"


def test_notes_and_comments_stand_around() -> None:
    note = ("<text:note text:note-class='endnote'><text:note-citation>i</text:note-citation><text:note-body>"
            "<text:p>see below</text:p></text:note-body></text:note>")
    remark = ("<office:annotation><dc:creator>Bo</dc:creator><meta:creator-initials>{}</meta:creator-initials>"
              "<text:p>Why?</text:p></office:annotation>")
    grid = read(p(f"a{note}b") + p(remark.format("B")) + p(remark.format("QA·mf")))
    assert said(grid) == ["ab", "", ""]
    assert grid.around == (("endnote", "see below"),)
    assert grid.remarks == (("Bo", "Why?"),), "our own comments are not a person's words"


def test_headers_and_footers_come_from_the_styles() -> None:
    page = ("<style:master-page><style:header><text:p>Council</text:p></style:header><style:footer><text:p>Page 1</text:p>"
            "</style:footer><style:header-left style:display='false'><text:p>unseen</text:p></style:header-left></style:master-page>")
    styles = f"<office:document-styles {SPACES}><office:master-styles>{page}{page}</office:master-styles></office:document-styles>"
    assert read(p("x"), {"styles.xml": styles}).around == (("page header", "Council"), ("page footer", "Page 1"))


def test_a_control_gives_its_tag_and_its_state_counts_not_its_glyph() -> None:
    body = p(
        '<loext:content-control loext:tag="mf:seen" loext:checkbox="true" loext:checked="true">q</loext:content-control> Seen '
        '<loext:content-control loext:tag="on" loext:date="true" loext:current-date="2026-03-02T00:00:00Z">2 March'
        "</loext:content-control>"
        '<loext:content-control loext:showing-place-holder="true" loext:dropdown="true"><loext:list-item '
        'loext:display-text="Good" loext:value="g"/>choose</loext:content-control>'
    )
    (cell,) = read(body).rows[0].cells
    assert cell.text == "☒ Seen 2 Marchchoose" and cell.outside == "Seen"
    assert cell.controls == (
        Control("mf:seen", "tick", "☒"), Control("on", "date", "2 March", day="2026-03-02"),
        Control("", "choice", "choose", True, (("Good", "g"),)))


def test_form_controls_on_the_page_show_their_value() -> None:
    forms = (
        '<office:forms><form:form><form:checkbox form:id="c" form:name="seen" form:label="Seen" form:current-state="checked"/>'
        '<form:checkbox form:id="n" form:name="not"/><form:listbox form:id="l" form:name="grade"><form:option form:label="Good" '
        'form:selected="true"/><form:option form:label="Poor" form:current-selected="true"/></form:listbox><form:textarea '
        'form:id="t" form:name="why" form:current-value="because"/></form:form></office:forms>'
    )
    drawn = "".join(f'<draw:control draw:control="{name}"/>, ' for name in ("c", "n", "l", "t", "nobody"))
    (row,) = read(forms + p(drawn)).rows
    assert row.cells[0].text == "☒ Seen, ☐, Poor, because, ,"
    assert [(c.tag, c.kind, c.text) for c in row.cells[0].controls] == [
        ("seen", "tick", "☒ Seen"), ("not", "tick", "☐"), ("grade", "choice", "Poor"), ("why", "", "because")]


def test_drop_down_fields_show_the_chosen_entry_only() -> None:
    body = p('<text:drop-down text:name="g"><text:label text:value="a"/><text:label text:current-selected="true" '
             'text:value="b"/>b</text:drop-down><text:text-input>typed</text:text-input>')
    (cell,) = read(body).rows[0].cells
    assert cell.text == "btyped" and cell.controls == (Control("g", "choice", "b"), Control("", "", "typed"))


def test_repeated_cells_are_cells_and_spans_keep_the_columns_true() -> None:
    grid = read(table(
        CELL.format(' table:number-columns-repeated="2"', "r") + CELL.format("", "end"),
        CELL.format(' table:number-columns-spanned="2"', "wide") + "<table:covered-table-cell/>" + CELL.format("", "x"),
        # No covered cell: the span counts all the same.
        CELL.format(' table:number-columns-spanned="2"', "wide") + CELL.format("", "y"),
    ))
    assert [[(c.column, c.text) for c in row.cells] for row in grid.rows] == [
        [(0, "r"), (1, "r"), (2, "end")], [(0, "wide"), (2, "x")], [(0, "wide"), (2, "y")]]


def test_a_range_merged_both_ways_has_one_cell_a_row_below() -> None:
    grid = read(table(
        CELL.format(' table:number-columns-spanned="2" table:number-rows-spanned="3"', "big")
        + "<table:covered-table-cell/>" + CELL.format("", "a"),
        '<table:covered-table-cell table:number-columns-repeated="2"/>' + CELL.format("", "b"),
        "<table:covered-table-cell/><table:covered-table-cell/>" + CELL.format("", "c"),
        CELL.format("", "1") + CELL.format("", "2") + CELL.format("", "3"),
    ))
    assert [[(c.column, c.merged, c.text) for c in row.cells] for row in grid.rows[1:3]] == [
        [(0, True, ""), (2, False, "b")], [(0, True, ""), (2, False, "c")]]
    assert [c.column for c in grid.rows[3].cells] == [0, 1, 2]


@pytest.mark.parametrize(("member", "odd"), [
    ("Basic/Standard/Module1.xml", "macros"), ("Scripts/python/a.py", "macros"), ("Object 1/content.xml", "embedded objects"),
])
def test_what_is_not_opened_is_named(member: str, odd: str) -> None:
    assert read(p("x"), {member: "<x/>"}).oddities == (odd,)


def test_empty_libraries_are_no_macros_and_a_typed_address_is_no_link() -> None:
    grid = read(p('<text:a xlink:href="https://example.org">see</text:a>'), {"Basic/script-lc.xml": "<x/>"})
    assert grid.oddities == () and said(grid) == ["see"]
    assert read(p('<draw:frame><draw:image xlink:href="https://example.org/a.png"/></draw:frame>')).oddities == ("external links",)


def test_a_flat_document_reads_like_its_package() -> None:
    import zipfile
    from io import BytesIO

    from lxml import etree

    with zipfile.ZipFile(BytesIO((OLD / "form.odt").read_bytes())) as z:
        root = etree.fromstring(z.read("content.xml"))
        root.append(etree.fromstring(z.read("meta.xml"))[0])
    flat = read_flat_document(etree.tostring(root))
    assert lines(flat) == lines(read_sample("form.odt")) and "mailflow-form:1;ref=2611-017C" in flat.passports[0]


def test_editing_time_is_told_in_minutes() -> None:
    meta = (f"<office:document-meta {SPACES}><office:meta><meta:editing-duration>PT1H5M9S</meta:editing-duration></office:meta>"
            "</office:document-meta>")
    assert read(p("x"), {"meta.xml": meta}).edit_minutes == 65
    assert read(p("x")).edit_minutes is None


def _bomb(what: str) -> str:
    return {
        "columns": table(CELL.format(' table:number-columns-repeated="1000000"', "")),
        "rows": f'<table:table><table:table-row table:number-rows-repeated="1000000">{CELL.format("", "x")}</table:table-row></table:table>',
        "words": f'<table:table><table:table-row table:number-rows-repeated="90000">{CELL.format("", "x" * 9999)}</table:table-row>'
                 "</table:table>",
        "digits": table(CELL.format(f' table:number-columns-repeated="{"9" * 5000}"', "")),
        "sections": "<text:section>" * 200 + p("x") + "</text:section>" * 200,
        "tables": "<table:table><table:table-row><table:table-cell>" * 70 + p("x")
                  + "</table:table-cell></table:table-row></table:table>" * 70,
        "spans": p("<text:span>" * 200 + "x" + "</text:span>" * 200),
        "elements": p("<text:span>" * 5000 + "x" + "</text:span>" * 5000),
    }[what]


@pytest.mark.parametrize("what", ["columns", "rows", "words", "digits", "sections", "tables", "spans", "elements"])
def test_what_repeats_or_nests_itself_beyond_any_form_is_refused(what: str) -> None:
    with pytest.raises(UnreadableError) as refused:
        read(_bomb(what))
    assert refused.value.reason == "hostile"


@pytest.mark.parametrize(("parts", "reason"), [
    ({"content.xml": content(p("x"), '<!DOCTYPE x [<!ENTITY a "b">]>')}, "hostile"),
    ({"content.xml": content(p("x")), "META-INF/manifest.xml": "<m:encryption-data/>"}, "encrypted"),
    ({"content.xml": content(p("x"))[:-40]}, "damaged"),
    ({"content.xml": f"<office:document-content {SPACES}/>"}, "damaged"),
    ({"mimetype": "application/vnd.oasis.opendocument.text"}, "damaged"),
    ({"content.xml": content(" " * 4_000_000)}, "hostile"),
])
def test_each_refusal_has_its_reason(parts: Parts, reason: str) -> None:
    with pytest.raises(UnreadableError) as refused:
        read_text_document(open_package(zip_up(parts)))
    assert refused.value.reason == reason


def test_a_cut_off_document_is_damaged() -> None:
    whole = (OLD / "form.odt").read_bytes()
    for size in range(100, len(whole), 2500):
        with pytest.raises(UnreadableError) as refused:
            read_text_document(open_package(whole[:size]))
        assert refused.value.reason == "damaged"
