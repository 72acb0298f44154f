"""PDFs that were printed: tables by their lines, lines of text by their gaps, pages put together again."""

import json
from collections import Counter
from pathlib import Path

import pypdfium2
import pytest
import typst
from pikepdf import Dictionary, Name

from parsers.grid import Grid
from parsers.guard import open_package
from parsers.pdf.document import read_pdf
from parsers.word.document import read_word
from tests.parsers.pages import ROOT
from tests.parsers.pdfs import Paper, grid, rule, table, text
from tests.parsers.test_samples import sample, squeeze

CORPUS = Path(__file__).parents[1] / "corpus" / "forms" / "pdf"
_LETTERS = str.maketrans({"\x02": "-", "\ufffe": "-", "ﬁ": "fi", "ﬂ": "fl", "ﬀ": "ff", "ﬃ": "ffi", "\u00ad": ""})
TWO = [["Name of child", "Ann Example"], ["Grade", "Good"]]


def rows(grid_: Grid) -> list[list[str]]:
    """The table rows, cells without words left out."""
    found = [[squeeze(cell.text) for cell in row.cells if cell.text] for row in grid_.rows if row.table]
    return [row for row in found if row]


def lines(grid_: Grid) -> list[str]:
    return [row.cells[0].text for row in grid_.rows if not row.table]


def one_page(*drawn: str) -> Grid:
    paper = Paper()
    paper.page(*drawn)
    return read_pdf(paper.data())


def letters_of(pieces: list[str]) -> Counter[str]:
    return Counter(c for piece in pieces for c in piece.translate(_LETTERS) if not c.isspace())


def no_letter_is_lost(data: bytes) -> bool:
    """All the library sees on the pages, once each, in the grid."""
    read = read_pdf(data)
    seen = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(data)]
    return letters_of(seen) == letters_of(
        [cell.text for row in read.rows for cell in row.cells] + [words for _, words in read.around]
    )


def test_a_ruled_table_is_rows_of_cells_with_page_table_and_column() -> None:
    read = one_page(text(50, 810, "Case audit"), table(TWO, [50, 200, 500], 800), text(50, 700, "Thank you"))
    assert rows(read) == TWO and lines(read) == ["Case audit", "Thank you"]
    assert [(r.page, r.table, r.number, [c.column for c in r.cells]) for r in read.rows if r.table] == [
        (1, 1, 1, [0, 1]), (1, 1, 2, [0, 1]),
    ]
    assert [r.number for r in read.rows if not r.table] == [1, 2]
    assert read.rows[1].place(1) == "page 1, table 1, row 1, column 2"


def test_cells_merged_across_and_down_appear_once_and_columns_agree() -> None:
    drawn = (
        rule(50, 800, 500, 800), rule(50, 740, 500, 740), rule(50, 740, 50, 800), rule(500, 740, 500, 800),
        rule(50, 780, 500, 780), rule(50, 760, 350, 760), rule(200, 740, 200, 780), rule(350, 740, 350, 780),
        text(60, 785, "Over all"), text(60, 765, "A"), text(210, 765, "B"), text(360, 750, "Down"), text(60, 745, "C"),
        text(210, 745, "D"),
    )
    read = one_page(*drawn)
    assert [[(c.column, c.text) for c in row.cells] for row in read.rows] == [
        [(0, "Over all")], [(0, "A"), (1, "B"), (2, "Down")], [(0, "C"), (1, "D")],
    ]


@pytest.mark.parametrize("drawn", [
    # Thin filled bars; rectangles drawn with the pen; a frame of two filled rectangles; dots.
    "".join(f"50 {y} 300 1 re f\n" for y in (700, 720, 740)) + "".join(f"{x} 700 1 41 re f\n" for x in (50, 150, 349)),
    "0.5 w 50 720 100 20 re S 150 720 200 20 re S 50 700 100 20 re S 150 700 200 20 re S\n",
    "".join(f"{x} {y} {w} 20 re {x + 1} {y + 1} {w - 2} 18 re f*\n" for y in (700, 720) for x, w in ((50, 100), (150, 200))),
    "1 w [1 2] 0 d " + grid([50, 150, 350], [700, 720, 740]),
    "".join(f"{x} {y} 1 1 re f\n" for y in (700, 720, 740) for x in range(50, 351, 3))
    + "".join(f"{x} {y} 1 1 re f\n" for x in (50, 150, 350) for y in range(700, 741, 3)),
    "0.8 0.9 1 rg 50 720 300 20 re f 0 g\n" + grid([50, 150, 350], [700, 720, 740]),
])
def test_lines_are_lines_however_they_were_drawn(drawn: str) -> None:
    words = text(53, 725, "Name") + text(153, 725, "Ann") + text(53, 705, "Grade") + text(153, 705, "Good")
    assert rows(one_page(drawn, words)) == [["Name", "Ann"], ["Grade", "Good"]]


def test_words_over_several_lines_stay_in_their_cell_whatever_was_drawn_first() -> None:
    read = one_page(
        grid([50, 150, 350], [700, 760]), text(153, 745, "seen alone at home"), text(53, 745, "Visits"),
        text(153, 715, "third line"), text(153, 730, "second line"),
    )
    assert [c.text for c in read.rows[0].cells] == ["Visits", "seen alone at home\nsecond line\nthird line"]


def test_a_word_that_runs_over_its_cell_s_edge_stays_whole() -> None:
    read = one_page(table([["Safeguarding team lead", "Ann"], ["Grade", "Good"]], [50, 100, 200], 800))
    assert rows(read) == [["Safeguarding team lead", "Ann"], ["Grade", "Good"]]


def test_two_cells_words_without_a_space_between_are_parted() -> None:
    drawn = grid([50, 100, 200], [700, 720]) + "BT /F1 10 Tf 60 705 Td [(Grade) -1900 (Good)] TJ ET\n"
    assert rows(one_page(drawn)) == [["Grade", "Good"]]


def test_a_border_round_the_page_and_an_underline_are_no_tables() -> None:
    read = one_page("0.5 w 20 20 555 800 re S\n", text(50, 700, "A plain line"), "50 698 60 0.5 re f\n")
    assert rows(read) == [] and lines(read) == ["A plain line"]


def test_boxes_drawn_in_a_line_are_its_answers() -> None:
    read = one_page(
        text(50, 700, "Name"), "0.5 w 100 695 120 18 re S\n", text(104, 700, "Ann"), text(240, 700, "Day"),
        "280 695 100 18 re S\n", text(284, 700, "1 May"),
    )
    assert rows(read) == [["Name", "Ann", "Day", "1 May"]]


@pytest.mark.parametrize("name", [path.name for path in sorted(CORPUS.glob("*.pdf"))])
def test_no_letter_is_lost_or_doubled(name: str) -> None:
    assert no_letter_is_lost((CORPUS / name).read_bytes())


@pytest.mark.parametrize("name", ["dotted-chromium", "double-weasyprint"])
def test_other_programs_borders_and_merged_cells(name: str) -> None:
    read = read_pdf((CORPUS / f"{name}.pdf").read_bytes())
    found = rows(read)
    assert found[0] == ["Name of child", "Ann Example"] and found[3:5] == [["Grade", "Good"], ["Notes", "First line of the note Second line"]]
    assert found[5:] == [
        ["no label here"], ["Action", "By who", "By when"], ["Ring the school", "Kim", "3 July"],
        ["Write the plan again", "Worker", "next visit"], ["Invite the uncle", "SW", "ASAP"], ["Merged over two", "Down two"],
        ["one", "two"],
    ]
    assert [c.column for row in read.rows[-2:] for c in row.cells] == [0, 2, 0, 1]


def test_a_cell_over_two_rows_is_in_the_first_of_them() -> None:
    found = [[c.column for c in row.cells] for row in read_pdf((CORPUS / "spans-reportlab.pdf").read_bytes()).rows if row.table == 1]
    assert found[1:4] == [[0, 1], [1], [0, 1]]


def test_a_row_cut_by_the_page_s_end_is_one_row() -> None:
    read = read_pdf((CORPUS / "cut-rows-two-columns.pdf").read_bytes())
    assert [row[0] for row in rows(read)] == [f"Question {n}" for n in range(9)]
    assert {row.page for row in read.rows} >= {1, 2} and {row.table for row in read.rows if row.table} == {1}
    # 150 words each, wherever the page ended.
    assert {len(row[1].split()) for row in rows(read)} == {150}
    three = rows(read_pdf((CORPUS / "cut-rows-three-columns.pdf").read_bytes()))
    assert [(row[0], row[2]) for row in three] == [(f"Question {n}", "Good") for n in range(8)]
    assert {len(row[1].split()) for row in three} == {120}


def test_a_genuine_row_with_a_blank_label_is_not_joined_to_the_one_before() -> None:
    read = read_pdf((CORPUS / "blank-labels.pdf").read_bytes())
    assert len(rows(read)) == 70 and {len(row[-1].split()) for row in rows(read)} == {14}


def test_a_head_printed_again_is_no_row_and_footers_are_no_text() -> None:
    paper = Paper()
    head = ["Question", "Notes"]
    for n, more in enumerate(([["Q1", "one"], ["Q2", "two"]], [["Q3", "three"]]), 1):
        paper.page(
            text(50, 815, "Northbridge Council"), table([head, *more], [50, 200, 500], 800), text(250, 20, f"Page {n} of 2"),
        )
    read = read_pdf(paper.data())
    assert rows(read) == [head, ["Q1", "one"], ["Q2", "two"], ["Q3", "three"]]
    assert {row.table for row in read.rows} == {1} and [row.number for row in read.rows] == [1, 2, 3, 4]
    assert read.around == (
        ("page header", "Northbridge Council"), ("page footer", "Page 1 of 2"), ("page header", "Northbridge Council"),
        ("page footer", "Page 2 of 2"), ("page header", "Question\tNotes"),
    )


def test_a_heading_that_stands_on_one_page_only_is_text() -> None:
    paper = Paper()
    paper.page(text(50, 800, "Part one"), text(50, 700, "words"))
    paper.page(text(50, 800, "Part two"), text(50, 600, "other words"))
    assert lines(read_pdf(paper.data())) == ["Part one", "words", "Part two", "other words"]


@pytest.mark.parametrize(("angle", "matrix"), [
    (0, "1 0 0 1 0 0"), (90, "0 1 -1 0 595 0"), (180, "-1 0 0 -1 595 842"), (270, "0 -1 1 0 0 842"),
])
def test_a_turned_page_is_read_upright(angle: int, matrix: str) -> None:
    paper = Paper()
    page = paper.page(f"q {matrix} cm ", table(TWO, [50, 200, 500], 400), " Q")
    page.Rotate = angle
    assert rows(read_pdf(paper.data())) == TWO


def test_labels_and_values_in_borderless_columns_are_rows_of_a_table() -> None:
    drawn = [text(50, 700, "Name"), text(200, 700, "Ann Example"), text(50, 680, "Team"), text(200, 680, "North"),
             text(200, 668, "and East"), text(50, 640, "One plain sentence about all of this.")]
    read = one_page(*drawn)
    assert [[c.text for c in row.cells] for row in read.rows] == [
        ["Name", "Ann Example"], ["Team", "North\nand East"], ["One plain sentence about all of this."],
    ]
    assert [row.table for row in read.rows] == [1, 1, 0]


TYPST = """#set page(columns: {columns}, background: rotate(45deg, text(60pt, fill: luma(220))[DRAFT]))
#set par(justify: true)
#set text(size: 10pt, lang: "en", hyphenate: true)
{words}
"""


def test_two_columns_of_text_are_read_one_after_the_other_and_a_watermark_is_beside_them(tmp_path: Path) -> None:
    words = " ".join(f"Sentence {n} says that the visit was efficient and friendly, as {n * 7919} others wrote." for n in range(40))
    (tmp_path / "page.typ").write_text(TYPST.format(columns=2, words=f"{words}\n\n{words}"), encoding="utf-8")
    data = typst.compile(str(tmp_path / "page.typ"))
    read = read_pdf(data)
    assert no_letter_is_lost(data) and set(read.around) == {("watermark", "DRAFT")}
    order = " ".join(lines(read)).split()
    assert [w for w in order if w.isdecimal()] == [w for w in f"{words} {words}".split() if w.isdecimal()]


@pytest.mark.parametrize("style", ["", "stroke: none,", 'stroke: (dash: "dotted", thickness: 1pt),', "stroke: (x, y) => (bottom: 0.5pt),"])
def test_typst_s_tables_with_and_without_lines(style: str, tmp_path: Path) -> None:
    page = f"= Case audit\n#table(columns: (30%, 70%), {style} [Name], [Ann Example], [Findings], [fine efficient office work], [Grade], [Good])"
    (tmp_path / "page.typ").write_text(page, encoding="utf-8")
    assert rows(read_pdf(typst.compile(str(tmp_path / "page.typ")))) == [
        ["Name", "Ann Example"], ["Findings", "fine efficient office work"], ["Grade", "Good"],
    ]


def test_a_table_nobody_can_make_out_is_said_and_its_words_are_kept() -> None:
    read = one_page(
        rule(50, 800, 500, 800), rule(50, 700, 500, 700), rule(50, 750, 350, 750), rule(50, 700, 50, 800),
        rule(500, 700, 500, 800), rule(200, 750, 200, 800), rule(350, 700, 350, 750), text(60, 770, "A"),
        text(220, 770, "B"), text(60, 720, "C"), text(400, 720, "D"),
    )
    assert read.oddities == ("a table on page 1 that could not be made out",)
    assert letters_of([c.text for row in read.rows for c in row.cells]) == Counter("ABCD")


def test_a_page_the_library_takes_for_upright_writing_is_read_across() -> None:
    """Letters drawn one by one, lines close together in short columns far apart: the library parts every letter."""
    found = [["Name of child", "Ann Example"], ["Grade", "Good"], ["Alone?", "Yes"], ["Plan", "On file"], ["Day", "3 May"]]
    paper = Paper()
    paper.page(*[
        text(x + 6 * k, 700 - 8 * n, letter)
        for n, row in enumerate(found) for x, words in zip((50, 450), row, strict=True) for k, letter in enumerate(words)
    ])
    paper.font.BaseFont = Name.Courier
    assert "a\r\nm\r\ne" in pypdfium2.PdfDocument(paper.data())[0].get_textpage().get_text_range()
    assert rows(read_pdf(paper.data())) == found and no_letter_is_lost(paper.data())


def test_pictures_only_and_a_text_layer_over_a_scan_are_said() -> None:
    paper = Paper()
    page = paper.page("q 595 0 0 842 0 0 cm /I Do Q")
    picture = paper.pdf.make_stream(b"\x80")
    picture.stream_dict = Dictionary(
        Type=Name.XObject, Subtype=Name.Image, Width=1, Height=1, ColorSpace=Name.DeviceGray, BitsPerComponent=8, Length=1,
    )
    page.Resources.XObject = Dictionary(I=picture)
    bare = read_pdf(paper.data())
    assert bare.rows == () and bare.oddities == ("pictures only",)
    page.Contents = paper.pdf.make_stream(("q 595 0 0 842 0 0 cm /I Do Q 3 Tr " + text(50, 700, "Read by a machine")).encode())
    layer = read_pdf(paper.data())
    assert lines(layer) == ["Read by a machine"] and layer.oddities == ("text layer over a scan",)


def test_letters_no_font_explains_are_said() -> None:
    paper = Paper()
    page = paper.page()
    described = Dictionary(
        Type=Name.FontDescriptor, FontName=Name("/ABCDEF+X"), Flags=4, FontBBox=[0, 0, 1000, 1000], ItalicAngle=0, Ascent=800,
        Descent=-200, CapHeight=700, StemV=80,
    )
    kept = Dictionary(
        Type=Name.Font, Subtype=Name.CIDFontType2, BaseFont=Name("/ABCDEF+X"), FontDescriptor=described,
        CIDSystemInfo=Dictionary(Registry="Adobe", Ordering="Identity", Supplement=0),
    )
    page.Resources = Dictionary(Font=Dictionary(F1=Dictionary(
        Type=Name.Font, Subtype=Name.Type0, BaseFont=Name("/ABCDEF+X"), Encoding=Name("/Identity-H"), DescendantFonts=[kept],
    )))
    page.Contents = paper.pdf.make_stream(b"BT /F1 12 Tf 50 700 Td <0012001300140015001600170018> Tj ET")
    assert read_pdf(paper.data()).oddities == ("text that cannot be decoded",)


def test_the_printed_sample_gives_the_word_form_s_rows_and_every_true_answer() -> None:
    data = sample("d3_printed.pdf").read_bytes()
    read = read_pdf(data)
    assert rows(read) == rows(read_word(open_package(sample("a1_word_filled.docx").read_bytes())))
    truth = json.loads(sample("d3_printed.pdf.truth.json").read_text())
    cells = {squeeze(cell.text) for row in read.rows for cell in row.cells}
    assert len(truth["answers"]) > 100
    assert {k: v for k, v in truth["answers"].items() if v and squeeze(v) not in cells} == {}
    assert no_letter_is_lost(data) and ROOT.is_dir()
