"""A workbook's sheets are tables of what people see in them, whatever program saved it."""

import struct
import zipfile
from io import BytesIO

import pytest

from parsers.compound import open_compound
from parsers.grid import Cell, Grid, Row
from parsers.workbook.document import read_workbook
from parsers.workbook.formats import parse_format, show_number, show_value
from tests.corpus.forms.workbooks.make import make_tool
from tests.parsers.pages import ROOT
from tests.parsers.test_samples import sample
from tests.parsers.workbooks import MAIN, RELS, book, ods, record, relations, sheet, text_cell, xls

CORPUS = ROOT / "tests" / "corpus" / "forms" / "workbooks"
KINDS = {
    "xlsx": make_tool, "xlsx-1904": lambda: make_tool(old_dates=True),
    "xlsx-shared": lambda: (CORPUS / "tool-shared.xlsx").read_bytes(),
    "xls": lambda: (CORPUS / "tool.xls").read_bytes(), "xls-1904": lambda: (CORPUS / "tool-1904.xls").read_bytes(),
    "ods": lambda: (CORPUS / "tool.ods").read_bytes(),
}


def texts(grid: Grid) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in grid.rows]


def row_of(grid: Grid, label: str) -> Row:
    return next(row for row in grid.rows if row.cells[0].text == label)


def answer(grid: Grid, label: str) -> Cell:
    return row_of(grid, label).cells[1]


@pytest.fixture(params=KINDS)
def tool(request: pytest.FixtureRequest) -> Grid:
    return read_workbook(KINDS[request.param]())


def test_every_kind_of_value_is_what_a_person_sees(tool: Grid) -> None:
    assert texts(tool) == [
        ["Case number", "0044172"], ["Date of audit", "2018-06-12"], ["Seen at", "2018-06-12 14:30"], ["Visits", "9"],
        ["Attendance", "78%"], ["Average", "2.5"], ["Alongside", "TRUE"], ["Notes", "First line\nsecond line"],
        ["Register", "000417"], ["Overall", "", "Good"], ["No.", "Action", "Who", "Due"],
        ["1", "Ring the school", "Sam Example"],
    ]


def test_a_day_is_told_in_a_way_that_can_not_be_taken_for_another(tool: Grid) -> None:
    """Whether days are counted from 1900 or from 1904, in every format."""
    for label in ("Date of audit", "Seen at"):
        cell = answer(tool, label)
        assert [(c.kind, c.day, c.text) for c in cell.controls] == [("date", "2018-06-12", cell.text)]


def test_the_1904_workbook_really_counts_from_1904() -> None:
    """Else the test above would prove nothing: the same day has another number in the two files."""
    old = (CORPUS / "tool-1904.xls").read_bytes()
    assert b"\x22\x00\x02\x00\x01\x00" in open_compound(old).read_named("Workbook")
    with zipfile.ZipFile(BytesIO(make_tool(old_dates=True))) as z:
        assert b'date1904="1"' in z.read("xl/workbook.xml") and b"<v>41801</v>" in z.read("xl/worksheets/sheet1.xml")


def test_places_are_the_sheet_s_own(tool: Grid) -> None:
    row = row_of(tool, "Attendance")
    assert (row.table, row.number, row.sheet, row.place(1)) == (1, 6, "Audit", "sheet Audit, cell C6")
    assert (tool.rows[-1].table, tool.rows[-1].sheet, tool.rows[-1].place(2)) == (2, "Actions", "sheet Actions, cell C2")


def test_a_merged_range_has_its_text_once(tool: Grid) -> None:
    assert [(c.text, c.column, c.merged) for c in row_of(tool, "Overall").cells] == [
        ("Overall", 1, False), ("", 2, True), ("Good", 3, False),
    ]


def test_hidden_sheets_print_headers_and_comments_stand_beside_the_cells(tool: Grid) -> None:
    assert set(tool.around) == {("hidden sheet Lists", "Yes\nNo"), ("page header", "Audit & Review")}
    assert [text for _, text in tool.remarks] == ["Nine or ten?"] and tool.comments == 1
    assert tool.oddities == ("hidden sheets",)


def test_the_passport_property_is_there(tool: Grid) -> None:
    assert any("mailflow-form:invented" in text for text in tool.passports)


def test_lists_of_choices_are_looked_up_only_when_asked_for() -> None:
    """A list in the rule, and one that stands on a hidden sheet."""
    shown = ("Good", "Requires improvement", "Inadequate")
    careful = read_workbook(make_tool(), careful=True)
    assert [c.items for c in row_of(careful, "Overall").cells[2].controls] == [tuple((s, s) for s in shown)]
    assert [c.items for c in answer(careful, "Notes").controls] == [(("Yes", "Yes"), ("No", "No"))]
    assert answer(careful, "Notes").controls[0].text == "First line\nsecond line"
    plain = read_workbook(make_tool())
    assert not row_of(plain, "Overall").cells[2].controls
    from_ods = read_workbook(KINDS["ods"](), careful=True)
    assert [c.items for c in row_of(from_ods, "Overall").cells[2].controls] == [tuple((s, s) for s in shown)]


def test_a_blank_box_with_a_list_is_a_cell_when_asked_for() -> None:
    rule = '<dataValidations><dataValidation type="list" sqref="C1 E4"><formula1>"A,B"</formula1></dataValidation></dataValidations>'
    grid = read_workbook(book(sheet(f'<row r="1">{text_cell("A1", "T")}</row>', after=rule)), careful=True)
    assert [(r.number, [(c.text, c.column, len(c.controls)) for c in r.cells]) for r in grid.rows] == [
        (1, [("T", 0, 0), ("", 1, 0), ("", 2, 1)]), (4, [("", n, 0) for n in range(4)] + [("", 4, 1)]),
    ]


def test_cells_that_do_not_say_where_they_stand_go_one_after_the_other() -> None:
    grid = read_workbook(book(sheet(
        '<row><c t="inlineStr"><is><t>Team</t></is></c><c><v>4</v></c></row><row/><row><c><v>0.5</v></c></row>'
    )))
    assert [(r.number, [c.text for c in r.cells]) for r in grid.rows] == [(1, ["Team", "4"]), (3, ["0.5"])]


def test_shared_strings_are_counted_as_excel_counts_them() -> None:
    """Empty ones too, or every text after them would stand in another cell."""
    strings = f'<sst xmlns="{MAIN}"><si><t>a</t></si><si/><si><t/></si><si><r><t xml:space="preserve">b </t></r><r><t>c_x000D_&#10;d</t></r></si></sst>'
    cells = "".join(f'<c r="{"ABCD"[n]}1" t="s"><v>{n}</v></c>' for n in range(4))
    assert texts(read_workbook(book(sheet(f'<row r="1">{cells}</row>'), more={"xl/sharedStrings.xml": strings}))) == [
        ["a", "", "", "b c\nd"],
    ]


def test_a_part_whose_names_have_prefixes_is_read() -> None:
    part = f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row r="2"><x:c r="B2" t="e"><x:v>#N/A</x:v></x:c></x:row></x:sheetData></x:worksheet>'
    assert [(r.number, r.cells[0].column, r.cells[0].text) for r in read_workbook(book(part)).rows] == [(2, 1, "#N/A")]


def test_a_formula_s_last_value_counts_and_one_never_calculated_is_blank_and_said() -> None:
    calculated = '<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1" t="str"><f>""</f><v></v></c></row>'
    grid = read_workbook(book(sheet(calculated)))
    assert texts(grid) == [["2"]] and grid.oddities == ()
    for formula in ("<f>TODAY()</f>", "<f>TODAY()</f><v></v>", "<f>TODAY()</f><v/>", '<f t="shared" si="0"/>'):
        grid = read_workbook(book(sheet(f'<row r="1">{text_cell("A1", "Due")}<c r="B1">{formula}</c></row>')))
        assert texts(grid) == [["Due"]] and grid.oddities == ("formulas that were never calculated",), formula


def test_errors_are_shown_as_the_sheet_shows_them() -> None:
    cells = "".join(f'<c r="{ref}" t="e"><f>x</f><v>{e}</v></c>' for ref, e in (("A1", "#N/A"), ("B1", "#DIV/0!"), ("C1", "#REF!")))
    assert texts(read_workbook(book(sheet(f'<row r="1">{cells}</row>')))) == [["#N/A", "#DIV/0!", "#REF!"]]


def test_a_thread_of_comments_is_told_once_with_its_people() -> None:
    """Excel writes each one again as a note for older programs."""
    note = (
        f'<comments xmlns="{MAIN}"><authors><author>tc={{1}}</author><author>Ann Example</author></authors><commentList>'
        '<comment ref="A1" authorId="0"><text><t>[Threaded comment]</t></text></comment>'
        '<comment ref="A2" authorId="1"><text><r><t>By </t></r><r><t>hand</t></r></text></comment></commentList></comments>'
    )
    thread = '<ThreadedComments><threadedComment ref="A1" personId="{7}"><text>Is this right?</text></threadedComment></ThreadedComments>'
    people = '<personList><person displayName="Bo Example" id="{7}"/></personList>'
    grid = read_workbook(book(sheet(f'<row r="1">{text_cell("A1", "x")}</row>'), more={
        "xl/comments1.xml": note, "xl/threadedComments/threadedComment1.xml": thread, "xl/persons/person.xml": people,
    }))
    assert grid.remarks == (("Ann Example", "By hand"), ("Bo Example", "Is this right?"))


def test_text_boxes_and_ticks_are_read() -> None:
    drawing = '<d xmlns:a="u"><a:txBody><a:p><a:r><a:t>Please </a:t></a:r><a:r><a:t>see over</a:t></a:r></a:p></a:txBody></d>'
    anchor = "<controlPr><anchor><from><col>1</col><row>0</row></from></anchor></controlPr>"
    controls = "".join(f'<control r:id="k{n}">{anchor.replace("<row>0", f"<row>{n}")}</control>' for n in (0, 1))
    grid = read_workbook(book(
        sheet(f'<row r="1">{text_cell("A1", "Seen alone")}{text_cell("B1", "Yes")}</row>', after=f"<controls>{controls}</controls>"),
        more={
            "xl/drawings/drawing1.xml": drawing,
            "xl/worksheets/_rels/sheet1.xml.rels": relations(("k0", "ctrlProp", "../ctrlProps/c0.xml"), ("k1", "ctrlProp", "/xl/ctrlProps/c1.xml")),
            "xl/ctrlProps/c0.xml": '<formControlPr objectType="CheckBox" checked="Checked"/>',
            "xl/ctrlProps/c1.xml": '<formControlPr objectType="CheckBox"/>',
        },
    ))
    assert grid.around == (("text box", "Please see over"),)
    assert texts(grid) == [["Seen alone", "☒ Yes"], ["", "☐"]]
    assert grid.rows[0].cells[1].controls[0].kind == "tick"


def test_what_was_not_opened_is_said() -> None:
    outside = f'<Relationships xmlns="{RELS}"><Relationship Id="p" Type="x/image" Target="http://a.example/p.png" TargetMode="External"/></Relationships>'
    one = sheet(f'<row r="1">{text_cell("A1", "x")}</row>')
    for name, part, words in (
        ("xl/vbaProject.bin", b"x", "macros"), ("xl/externalLinks/externalLink1.xml", "<x/>", "external links"),
        ("xl/worksheets/_rels/sheet1.xml.rels", outside, "external links"), ("xl/embeddings/oleObject1.bin", b"x", "embedded objects"),
    ):
        assert read_workbook(book(one, more={name: part})).oddities == (words,), name
    typed = outside.replace("x/image", "x/hyperlink")
    assert read_workbook(book(one, more={"xl/worksheets/_rels/sheet1.xml.rels": typed})).oddities == ()


def test_what_an_ods_holds_beside_its_cells_is_said() -> None:
    row = "<table:table-row><table:table-cell {}>{}</table:table-cell></table:table-row>"
    draw = 'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"'
    for table, more, words in (
        (row.format("", "<text:p>x</text:p>"), {"Basic/Standard/Module1.xml": "<m/>"}, ("macros",)),
        ("<table:table-source/>", {}, ("external links",)),
        (row.format("", f"<draw:frame {draw}><draw:object-ole/></draw:frame>"), {}, ("embedded objects",)),
        (row.format("", f"<draw:frame {draw}><draw:object/></draw:frame>"), {}, ()),
        (row.format('table:formula="of:=1"', ""), {}, ("formulas that were never calculated",)),
    ):
        assert read_workbook(ods(table, dict(more))).oddities == words, words


def test_repeated_cells_of_an_ods_are_as_many_as_it_says() -> None:
    grid = read_workbook(ods(
        '<table:table-row table:number-rows-repeated="2"><table:table-cell/><table:table-cell table:number-columns-repeated="2">'
        '<text:p>a<text:s text:c="2"/>b</text:p></table:table-cell><table:table-cell table:number-columns-repeated="16381"/></table:table-row>'
        '<table:table-row table:number-rows-repeated="1048574"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    ))
    assert [(r.number, [(c.text, c.column) for c in r.cells]) for r in grid.rows] == [
        (n, [("a  b", 1), ("a  b", 2)]) for n in (1, 2)
    ]


def test_a_formatted_column_to_the_end_of_the_sheet_is_no_far_cell() -> None:
    far = '<row r="1048576" s="1"><c r="XFD1048576" s="1"/><c r="XFC1048576" s="1"></c></row>'
    assert texts(read_workbook(book(sheet(f'<row r="1">{text_cell("A1", "x")}</row>{far}')))) == [["x"]]


def test_number_formats_that_change_what_is_seen() -> None:
    """Everything else is shown as a plain number."""
    for code, value, seen in (
        ("0%", 0.5, "50%"), ("0.0%", 0.125, "12.5%"), ("000000", 417, "000417"), ("0.00", 2.5, "2.50"), ("#,##0", 1234, "1,234"),
        ("0.00_ ;[Red]\\-0.00\\ ", -1, "-1.00"), ("0", -0.2, "0"), ("General", 2.5, "2.5"), ('"about "0', 3, "3"),
    ):
        shown = parse_format(code)
        assert (show_number(value, shown) if shown else show_value(value)) == seen, code


def test_a_strict_workbook_is_read() -> None:
    """Excel's other flavour: the same words in another namespace, and days as text."""
    strict = "http://purl.oclc.org/ooxml/spreadsheetml/main"
    part = sheet(f'<row r="1">{text_cell("A1", "Day")}<c r="B1" t="d"><v>2018-06-12</v></c></row>').replace(MAIN, strict)
    front = f'<workbook xmlns="{strict}" xmlns:r="http://purl.oclc.org/ooxml/officeDocument/relationships"><sheets><sheet name="S" r:id="r0"/></sheets></workbook>'
    grid = read_workbook(book(part, more={"xl/workbook.xml": front}))
    assert texts(grid) == [["Day", "2018-06-12"]] and grid.rows[0].sheet == "S"


def test_a_workbook_of_excel_95_is_read() -> None:
    """Its texts have their length in one byte, so what we read beside the values is not looked for."""
    old = xls(record(0x203, struct.pack("<HHHd", 1, 0, 0, 9.0)), record(0x14, b"\x06&CPage"), version=0x500,
              head=record(0x42, b"\xe4\x04") + record(0x41E, b"\xa4\x00\x030.0") + record(0xE0, bytes(16)))
    assert [(r.number, r.sheet, r.cells[0].text) for r in read_workbook(old).rows] == [(2, "S", "9")]


def test_the_completed_tool_says_what_its_truth_says() -> None:
    grid = read_workbook(sample("x1_completed.xlsx").read_bytes())
    assert answer(grid, "Auditor").text and row_of(grid, "Auditor").cells[3].controls[0].day == "2018-06-12"
    assert row_of(grid, "Voice of the child").cells[3].text == "Outstanding"
    assert answer(grid, "Overall, how would you rate the service? (0-10)").text == "9"
    assert {row.sheet for row in grid.rows} == {"Audit", "Actions", "Feedback"}
    assert grid.oddities == ("formulas that were never calculated",)
