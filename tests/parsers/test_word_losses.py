"""What readers of Word documents lose without a word: each shape that hides, doubles or swallows text, one test a loss."""

import pytest

from mailflow.errors import UnreadableError
from mailflow.model import Status
from parsers.grid import Cell, Control, Grid
from parsers.guard import open_package
from parsers.read import read_document
from parsers.word.document import read_word
from tests.parsers.pages import FORM, REL, Look, Parts, W, cell, control, make_docx, make_form, para, row, run, table

WPS = "http://schemas.microsoft.com/office/word/2010/wordprocessingShape"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"


def read(body: str, parts: Parts | None = None, *, careful: bool = False) -> Grid:
    return read_word(open_package(make_docx(body, parts)), careful=careful)


def texts(body: str) -> list[str]:
    return [c.text for r in read(body).rows for c in r.cells]


def only(body: str) -> Cell:
    (found,) = read(body).rows[0].cells
    return found


def char(kind: str, inside: str = "") -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}">{inside}</w:fldChar></w:r>'


def field(code: str, shown: str, described: str = "") -> str:
    inside = f"<w:ffData>{described}</w:ffData>" if described else ""
    return (f'{char("begin", inside)}<w:r><w:instrText xml:space="preserve"> {code} </w:instrText></w:r>'
            f'{char("separate")}{shown}{char("end")}')


def look(inside: str, text: str) -> str:
    return f'<w:r><w:rPr>{inside}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


# Fields: what they show counts, their instructions never.


def test_an_old_text_field_is_a_control_with_the_field_s_name_as_its_tag() -> None:
    filled = field("FORMTEXT", run("Ann"), '<w:name w:val="Text1"/><w:textInput/>')
    found = only(f"<w:p>{run('Name: ')}{filled}</w:p>")
    assert (found.text, found.outside) == ("Name: Ann", "Name:")
    assert found.controls == (Control("Text1", text="Ann"),)


def test_an_old_text_field_nobody_filled_is_blank() -> None:
    """Word puts five wide spaces into an empty one."""
    empty = field("FORMTEXT", run("\u2002" * 5), '<w:name w:val="Text1"/><w:textInput/>')
    found = only(table(row(cell(f"<w:p>{empty}</w:p>"))))
    assert (found.text, found.controls[0].text) == ("", "")


def test_an_old_tick_box_and_an_old_drop_down_are_controls_of_their_kinds() -> None:
    tick = field("FORMCHECKBOX", "", '<w:name w:val="Check1"/><w:checkBox><w:default w:val="0"/><w:checked/></w:checkBox>')
    entries = '<w:listEntry w:val="good"/><w:listEntry w:val="poor"/>'
    chosen = field("FORMDROPDOWN", "", f'<w:name w:val="Grade"/><w:ddList><w:result w:val="1"/>{entries}</w:ddList>')
    printed_too = field("FORMDROPDOWN", run("poor"), f'<w:name w:val="Again"/><w:ddList>{entries}</w:ddList>')
    cells = read(table(row(*(cell(f"<w:p>{f}</w:p>") for f in (tick, chosen, printed_too))))).rows[0].cells
    assert [c.text for c in cells] == ["☒", "poor", "poor"]
    assert [(c.controls[0].tag, c.controls[0].kind) for c in cells] == [
        ("Check1", "tick"), ("Grade", "choice"), ("Again", "choice")]


def test_an_old_text_field_over_several_paragraphs_keeps_its_text() -> None:
    begin = f'{char("begin", "<w:ffData><w:textInput/></w:ffData>")}{char("separate")}{run("one")}'
    assert texts(f"<w:p>{begin}</w:p><w:p>{run('two')}{char('end')}</w:p>") == ["one", "two"]


def test_field_codes_are_no_text_and_their_results_are() -> None:
    simple = f'<w:fldSimple w:instr="DATE">{run("3 May")}</w:fldSimple>'
    assert texts(f"<w:p>{field('MERGEFIELD child', run('Ann'))}{run(' ')}{simple}</w:p>") == ["Ann 3 May"]


def test_the_result_of_a_field_inside_an_instruction_is_not_seen() -> None:
    inner = field("MERGEFIELD sex", run("F"))
    outer = f'{char("begin")}<w:r><w:instrText> IF </w:instrText></w:r>{inner}{char("separate")}{run("her")}{char("end")}'
    assert texts(f"<w:p>{run('seen with ')}{outer}</w:p>") == ["seen with her"]


def test_a_field_deleted_with_tracking_is_gone() -> None:
    assert texts(f"<w:p><w:del>{field('FORMTEXT', '', '<w:textInput/>')}</w:del>{run('kept')}</w:p>") == ["kept"]


# Hidden text: nobody sees it, so it is no answer, but it is not lost either.


def test_hidden_text_is_no_answer_and_is_told() -> None:
    grid = read(f"<w:p>{run('seen ')}{look('<w:vanish/>', 'not ')}{look('<w:vanish/>', 'seen')}{run('alone')}</w:p>")
    assert grid.rows[0].cells[0].text == "seen alone"
    assert (grid.around, grid.oddities) == ((("hidden text", "not seen"),), ("hidden text",))


def test_text_is_hidden_by_its_style_too_and_shown_against_it() -> None:
    styles = (f'<w:styles xmlns:w="{W}"><w:style w:styleId="Note"><w:rPr><w:vanish/></w:rPr></w:style>'
              '<w:style w:styleId="Plain"><w:rPr><w:vanish w:val="0"/></w:rPr></w:style></w:styles>')
    runs = (look('<w:rStyle w:val="Note"/>', "secret") + look('<w:rStyle w:val="Plain"/>', "plain ")
            + look('<w:rStyle w:val="Note"/><w:vanish w:val="0"/>', "shown"))
    grid = read(f"<w:p>{runs}</w:p>" + para("whole", "Note"), {"word/styles.xml": styles})
    assert [c.text for r in grid.rows for c in r.cells] == ["plain shown", ""]
    assert grid.around == (("hidden text", "secret"), ("hidden text", "whole"))


def test_hidden_text_in_a_page_header_is_told() -> None:
    header = f'<w:hdr xmlns:w="{W}"><w:p>{run("Northmoor")}{look("<w:vanish/>", "draft")}</w:p></w:hdr>'
    grid = read(para("x"), {"word/header1.xml": header})
    assert grid.around == (("page header", "Northmoor"), ("hidden text", "draft"))


def test_a_hidden_end_of_paragraph_hides_no_text_and_a_style_separator_joins() -> None:
    end = "<w:pPr><w:rPr><w:vanish/>{}</w:rPr></w:pPr>"
    assert texts(f"<w:p>{end.format('')}{run('one')}</w:p>{para('two')}") == ["one", "two"]
    assert texts(f"<w:p>{end.format('<w:specVanish/>')}{run('one ')}</w:p>{para('two')}") == ["one two"]


# Tracked changes.


def test_a_cell_s_former_width_does_not_move_the_cells_after_it() -> None:
    former = '<w:tcPr><w:tcPrChange w:id="1"><w:tcPr><w:gridSpan w:val="3"/></w:tcPr></w:tcPrChange></w:tcPr>'
    grid = read(table(row(f"<w:tc>{former}{para('a')}</w:tc>", cell(para("b")))))
    assert [c.column for c in grid.rows[0].cells] == [0, 1]
    assert grid.tracked_changes == 1


@pytest.mark.parametrize(("name", "body", "expected"), [
    ("deleted inside a control", f"<w:p>{control('t', '<w:del><w:r><w:delText>x</w:delText></w:r></w:del>' + run('y'))}</w:p>", ["y"]),
    ("a control inside a deletion", f"<w:p><w:del>{control('t', run('x'))}</w:del>{run('y')}</w:p>", ["y"]),
    ("deleted inside an insertion", f"<w:p><w:ins><w:del>{run('x')}</w:del>{run('y')}</w:ins></w:p>", ["y"]),
    ("the end of a cell's last paragraph",
     table(row(cell(f"<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>{run('x')}</w:p>"), cell(para("y")))), ["x", "y"]),
    ("two ends in a row with marks between", "".join(
        f"<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>{run(t)}</w:p><w:bookmarkEnd w:id='1'/>" for t in "ab") + para("c"), ["abc"]),
    ("a paragraph moved away", f"<w:p><w:pPr><w:rPr><w:moveFrom/></w:rPr></w:pPr><w:moveFrom>{run('x')}</w:moveFrom></w:p>"
     + para("y"), ["y"]),
    ("a deleted cell", table(row(f"<w:tc><w:tcPr><w:cellDel/></w:tcPr>{para('x')}</w:tc>", cell(para("y")))), ["y"]),
    ("an inserted cell", table(row(f"<w:tc><w:tcPr><w:cellIns/></w:tcPr>{para('x')}</w:tc>", cell(para("y")))), ["x", "y"]),
    ("every cell of a row deleted", table(row(f"<w:tc><w:tcPr><w:cellDel/></w:tcPr>{para('x')}</w:tc>"), row(cell(para("y")))), ["y"]),
    ("an inserted row", table('<w:tr><w:trPr><w:ins/></w:trPr>' + cell(para("x")) + "</w:tr>"), ["x"]),
])
def test_what_stands_after_accepting_all_changes(name: str, body: str, expected: list[str]) -> None:
    grid = read(body)
    assert [c.text for r in grid.rows for c in r.cells] == expected
    assert grid.tracked_changes > 0


def test_changes_of_looks_are_counted() -> None:
    changed = "<w:r><w:rPr><w:b/><w:rPrChange><w:rPr/></w:rPrChange></w:rPr><w:t>x</w:t></w:r>"
    assert read(f"<w:p>{changed}</w:p>").tracked_changes == 1


# Pictures with words, doubles, symbols.


def test_only_the_words_under_small_reading_aids_count() -> None:
    ruby = f"<w:r><w:ruby><w:rt>{run('aid')}</w:rt><w:rubyBase>{run('base')}</w:rubyBase></w:ruby></w:r>"
    assert texts(f"<w:p>{ruby}</w:p>") == ["base"]


def test_two_ways_for_new_readers_are_read_once_and_an_old_way_is_kept_where_only_it_has_words() -> None:
    def way(name: str, inside: str) -> str:
        return f"<mc:{name}>{inside}</mc:{name}>"

    both = way("Choice", run("x")) + way("Choice", run("x")) + way("Fallback", run("x"))
    assert texts(f"<w:p><mc:AlternateContent>{both}</mc:AlternateContent></w:p>") == ["x"]
    old_only = way("Choice", "<w:drawing/>") + way("Fallback", run("old"))
    assert texts(f"<w:p><mc:AlternateContent>{old_only}</mc:AlternateContent></w:p>") == ["old"]


def test_words_drawn_in_the_page_and_in_diagrams_and_charts_stand_beside() -> None:
    art = '<w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:textpath string="DRAFT"/></v:shape></w:pict>'
    drawn = f'<w:drawing><a:p xmlns:a="{DRAWING}"><a:r><a:t>on a canvas</a:t></a:r></a:p></w:drawing>'
    chart = "http://schemas.openxmlformats.org/drawingml/2006/chart"
    parts: Parts = {
        "word/diagrams/data1.xml": f'<x xmlns:a="{DRAWING}"><a:t>Step one</a:t></x>',
        "word/charts/chart1.xml": f'<c:c xmlns:c="{chart}"><c:strCache><c:pt><c:v>Visits</c:v></c:pt></c:strCache></c:c>',
    }
    around = read(f"<w:p><w:r>{art}{drawn}</w:r>{run('x')}</w:p>", parts).around
    assert sorted(around) == [
        ("chart", "Visits"), ("diagram", "Step one"), ("drawing", "DRAFT"), ("drawing", "on a canvas")]


@pytest.mark.parametrize(("font", "code", "sign"), [
    ("Wingdings", "F0FE", "☒"), ("Wingdings", "00FE", "☒"), ("Wingdings", "F0A8", "☐"), ("Wingdings 2", "F052", "☒"),
    ("Wingdings 2", "F0A3", "☐"), ("Symbol", "F0A3", "≤"), ("Webdings", "F061", "✓"), ("", "F0FC", "✓"),
    ("Segoe UI Symbol", "2612", "☒"), ("Wingdings", "D800", ""), ("Wingdings", "zzzz", ""),
])
def test_a_symbol_is_what_its_font_shows(font: str, code: str, sign: str) -> None:
    assert texts(f'<w:p>{run("a")}<w:r><w:sym w:font="{font}" w:char="{code}"/></w:r></w:p>') == [f"a{sign}"]


def test_letters_of_symbol_fonts_in_plain_text_are_signs_too() -> None:
    boxed = look('<w:rFonts w:ascii="Wingdings" w:hAnsi="Wingdings"/>', "\uf0fe") + run(" Yes \uf0a8 No")
    assert texts(f"<w:p>{boxed}</w:p>") == ["☒ Yes ☐ No"]


# Wrappers and tables.


def test_a_body_without_any_paragraph_is_read_as_nothing() -> None:
    assert read("").rows == ()
    assert read('<w:bookmarkStart w:id="1" w:name="m"/>').rows == ()


@pytest.mark.parametrize("wrapper", ["smartTag", "customXml", "hyperlink", "dir", "bdo", "ins"])
def test_no_wrapper_hides_its_words(wrapper: str) -> None:
    assert texts(f"<w:p><w:{wrapper}>{run('in')}</w:{wrapper}>{run(' out')}</w:p>") == ["in out"]


def test_custom_elements_round_blocks_rows_and_cells_are_looked_through() -> None:
    def wrap(inside: str) -> str:
        return f'<w:customXml w:element="e">{inside}</w:customXml>'

    body = wrap(para("a")) + table(wrap(row(wrap(cell(para("b"))), cell(para("c")))))
    assert texts(body) == ["a", "b", "c"]


def test_controls_round_whole_tables_repeated_rows_and_mapped_data_show_their_text() -> None:
    section = '<w15:repeatingSection xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml"/>'
    mapped = '<w:dataBinding w:xpath="/a" w:storeItemID="{0}"/>'
    rows = control("", control("item", row(cell(para("a")), control("t", cell(para("b")), mapped))), section)
    grid = read(control("", table(rows)))
    assert [c.text for c in grid.rows[0].cells] == ["a", "b"]
    assert (grid.rows[0].tags, grid.rows[0].cells[1].controls[0].tag) == (("item",), "t")


def test_columns_a_row_leaves_out_shift_its_cells() -> None:
    short = f'<w:tr><w:trPr><w:gridBefore w:val="2"/></w:trPr>{cell(para("x"))}{cell(para("y"))}</w:tr>'
    inner = table(short)
    assert [c.column for c in read(table(row(cell(para("a"))), short)).rows[1].cells] == [2, 3]
    outer = read(table(short, row(cell(inner + "<w:p/>")))).rows
    assert [c.column for c in outer[0].cells] == [2, 3]
    assert [c.column for c in outer[1].cells[0].inner[0].cells] == [2, 3]


def test_merged_cells_are_told_to_those_who_ask() -> None:
    def merged(value: str, text: str) -> str:
        return f"<w:tc><w:tcPr><w:vMerge{value}/></w:tcPr>{para(text)}</w:tc>"

    body = table(
        row(merged(' w:val="restart"', "notes"), cell(para("a"))), row(merged("", ""), cell(para("b"))),
        row(merged(' w:val="continue"', ""), cell(para("c"))),
    )
    quick, careful = read(body), read(body, careful=True)
    assert [r.cells[0].merged for r in careful.rows] == [False, True, True]
    assert not any(c.merged for r in quick.rows for c in r.cells)
    assert [[c._replace(merged=False) for c in r.cells] for r in careful.rows] == [list(r.cells) for r in quick.rows]


def test_paragraphs_between_rows_and_cells_are_kept() -> None:
    crooked = table(para("x") + row(cell(para("a")) + para("y")), control("r", row(cell(para("b")))))
    assert texts(crooked) == ["x", "a", "y", "b"]


def test_rows_without_a_table_are_kept_as_words() -> None:
    stray = f"<w:tr><w:r><w:t>y</w:t></w:r>{control('', '')}</w:tr>"
    assert texts(para("x") + stray) == ["xy"]
    assert texts(f"<w:tr>{control('', '')}</w:tr>{para('x')}") == ["x"]


# Other files put into the text.


def with_chunk(name: str, part: str | bytes, body: str = "") -> Grid:
    rels = (f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="c1" '
            f'Type="{REL}/aFChunk" Target="{name}"/></Relationships>')
    chunk = f'{para("before")}<w:altChunk r:id="c1"/>{para("after")}'
    return read(body or chunk, {"word/_rels/document.xml.rels": rels, f"word/{name}": part})


def test_a_web_page_put_into_the_text_is_read_where_it_stands() -> None:
    page = ("<html><head><title>t</title><style>p {}</style></head><body><p>one\n two&amp;<b>three</b></p><script>x()</script>"
            "<table><tr><td>Grade</td><td>Good</td></tr></table>tail</body></html>")
    grid = with_chunk("chunk.htm", page)
    assert [r.cells[0].text for r in grid.rows] == ["before", "one two&three", "Grade", "Good", "tail", "after"]
    assert grid.oddities == ()


@pytest.mark.parametrize("part", ["café\r\nplan".encode("cp1252"), "café\nplan".encode(), "café\nplan".encode("utf-16")])
def test_plain_text_put_in_is_read_in_its_own_encoding(part: bytes) -> None:
    assert [r.cells[0].text for r in with_chunk("chunk.txt", part).rows] == ["before", "café", "plan", "after"]


def test_a_word_document_put_in_is_read_with_its_tables_and_controls() -> None:
    inner = make_docx(table(row(cell(para("Label")), control("mf:a.b", cell(para("Answer"))))))
    grid = with_chunk("chunk.docx", inner)
    assert [[c.text for c in r.cells] for r in grid.rows] == [["before"], ["Label", "Answer"], ["after"]]
    assert grid.rows[1].cells[1].controls[0].tag == "mf:a.b"


@pytest.mark.parametrize("part", [b"{\\rtf1 x}", b"MIME-Version: 1.0\r\n\r\nx", b"PK broken", make_docx('<w:altChunk r:id="c"/>')])
def test_what_can_not_be_read_of_a_chunk_is_odd(part: bytes) -> None:
    assert with_chunk("chunk.bin", part).oddities == ("embedded objects",)


def test_a_chunk_that_does_harm_stops_the_whole_document() -> None:
    bomb = make_docx("<w:p/>" * 700_000)
    with pytest.raises(UnreadableError, match="not opened"):
        with_chunk("chunk.docx", bomb)


# What stands beside the text.


def test_resolved_comments_are_read_and_deleted_words_in_them_are_not() -> None:
    said = f"<w:p><w:moveFrom>{run('old ')}</w:moveFrom>{run('new')}</w:p>"
    parts: Parts = {
        "word/comments.xml": f'<w:comments xmlns:w="{W}"><w:comment w:id="0" w:author="Ann">{said}</w:comment></w:comments>',
        "word/commentsExtended.xml": '<x xmlns="urn:x" done="1"/>', "word/people.xml": '<x xmlns="urn:x">Ann</x>',
    }
    grid = read(para("x"), parts)
    assert (grid.remarks, grid.comments) == ((("Ann", "new"),), 1)


def test_headers_are_found_by_their_relation_whatever_their_name() -> None:
    rels = (f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="h" '
            f'Type="{REL}/header" Target="/parts/top.xml"/></Relationships>')
    header = f'<w:hdr xmlns:w="{W}">{para("Northmoor")}</w:hdr>'
    grid = read(para("x"), {"word/_rels/document.xml.rels": rels, "parts/top.xml": header})
    assert grid.around == (("page header", "Northmoor"),)


@pytest.mark.parametrize(("target", "odd"), [("http://x.example/t.dotm", True), ("file:///C:/forms/audit.dotx", False)])
def test_a_template_fetched_from_the_web_is_odd_and_one_from_a_folder_is_not(target: str, odd: bool) -> None:
    rels = (f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="t" '
            f'Type="{REL}/attachedTemplate" Target="{target}" TargetMode="External"/></Relationships>')
    assert read(para("x"), {"word/_rels/settings.xml.rels": rels}).oddities == (("external links",) if odd else ())


# Whole forms.


def in_old_field(tag: str, text: str, more: str) -> str:
    """As forms of Word 97 to 2003 have it: a protected page with grey fields, named Text1, Text2 and so on."""
    shown = run(text) if text else run("\u2002" * 5)
    return cell(f"<w:p>{field('FORMTEXT', shown, '<w:name w:val=' + chr(34) + 'Text1' + chr(34) + '/><w:textInput/>')}</w:p>")


def test_a_whole_form_of_old_fields_is_read_like_one_of_controls() -> None:
    """Every question is answered from its label; fields nobody filled are blank, not five spaces."""
    values = {"voice.evidence": "Seen alone\non 3 May", "voice.pre": "Good", "header.team": "North"}
    old = read_document(make_form(values, Look(shape=in_old_field)), "x.docx", (FORM,))
    new = read_document(make_form(values), "x.docx", (FORM,))
    assert old.status is Status.READABLE
    assert {f: a.text for f, a in old.answers.items()} == {f: a.text for f, a in new.answers.items()}
    assert old.answer("voice.evidence") == values["voice.evidence"]
