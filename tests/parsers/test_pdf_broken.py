"""Words that a narrow cell broke in the middle; tables without lines inside a ruled cell; points of a list cut by a page's end."""

from pathlib import Path

import pytest
import typst
from pikepdf import Name

from parsers.grid import Grid
from parsers.pdf.document import read_pdf
from tests.parsers.pdfs import Paper, grid, rule, table, text
from tests.parsers.test_pdf_printed import no_letter_is_lost, rows

# The cell's inner width holds nine letters of Courier at 10 points (6 points each), with 5 points of padding.
_LEFT, _RIGHT = 50, 50 + 5 + 54 + 5


def cell(*lines: str, spaced: bool = True) -> list[str]:
    """The lines of a narrow cell as they are read; each is drawn as it is given, a space at its end too."""
    paper = Paper()
    page = paper.page(
        # Other lines of the page end with a space, as most programs draw them.
        *([several(60, 300, ("Other ", "words "))] if spaced else []), grid([_LEFT, _RIGHT, 300], [600, 700]),
        several(_LEFT + 5, 685, lines),
    )
    paper.font.BaseFont = Name.Courier
    assert page is not None and no_letter_is_lost(paper.data())
    return read_pdf(paper.data()).rows[0].cells[0].text.split("\n")


def several(x: float, y: float, lines: tuple[str, ...]) -> str:
    return "".join(text(x, y - 12 * n, line) for n, line in enumerate(lines))


@pytest.mark.parametrize(("drawn", "read"), [
    (("Outstandi", "ng"), ["Outstanding"]),
    (("01/01/201", "5"), ["01/01/2015"]),
    (("Requires ", "improveme", "nt"), ["Requires", "improvement"]),
    (("supervisi", "on ", "monthly?"), ["supervision", "monthly?"]),
    (("chronolog", "y current"), ["chronology", "current"]),
    (("completed", "?"), ["completed?"]),
    (("INADEQUAT", "E"), ["INADEQUATE"]),
])
def test_a_word_a_narrow_cell_broke_is_whole_again(drawn: tuple[str, ...], read: list[str]) -> None:
    assert cell(*drawn) == read


@pytest.mark.parametrize("drawn", [
    ("Weekly ", "visits"), ("Frequency ", "of visits"), ("Frequency", "of visits"), ("decisions", "As above"), ("Good", "ing"),
    ("seen once", "more"), ("Requires ", "work"), ("Ann Smith", "Bo Jones"),
])
def test_words_that_stand_under_each_other_stay_two_words(drawn: tuple[str, ...]) -> None:
    assert cell(*drawn) == [line.strip() for line in drawn]


def test_where_no_line_ends_with_a_space_only_the_letters_tell() -> None:
    assert cell("Outstandi", "ng", spaced=False) == ["Outstanding"]
    assert cell("decisions", "recorded", spaced=False) == ["decisions", "recorded"]


def test_a_word_that_stands_whole_elsewhere_on_the_page_is_known() -> None:
    assert cell("genogramm", "atical", spaced=False) == ["genogramm", "atical"]
    assert cell("genogramm", "atical ", "genogrammatical", spaced=False)[0] == "genogrammatical"
    assert cell("intergene", "rationall", "y ", "intergenerationally", spaced=False)[0] == "intergenerationally"


def test_typst_breaks_what_does_not_fit(tmp_path: Path) -> None:
    page = "#set text(font: \"DejaVu Sans Mono\", size: 10pt, hyphenate: false)\n#table(columns: (64.5pt, 5cm), [Outstandi#linebreak()ng], [Yes])"
    (tmp_path / "page.typ").write_text(page, encoding="utf-8")
    assert rows(read_pdf(typst.compile(str(tmp_path / "page.typ")))) == [["Outstanding", "Yes"]]


def _layout() -> Grid:
    paper = Paper()
    paper.page(
        grid([50, 300, 550], [700, 800]), text(53, 788, "About the case"), text(60, 770, "Case no"), text(150, 770, "N-5"),
        text(60, 750, "Team name"), text(150, 750, "East"), text(303, 788, "About the audit"), text(310, 770, "Audited by"),
        text(400, 770, "Jan Low"), text(310, 750, "Audit date"), text(400, 750, "3 June 2026"),
    )
    assert no_letter_is_lost(paper.data())
    return read_pdf(paper.data())


def test_a_table_without_lines_in_a_ruled_cell_is_the_cell_s_inner_rows() -> None:
    left, right = _layout().rows[0].cells
    assert (left.own, right.own) == ("About the case", "About the audit")
    assert [[(c.column, c.text) for c in row.cells] for row in left.inner] == [[(0, "Case no"), (1, "N-5")], [(0, "Team name"), (1, "East")]]
    assert [[c.text for c in row.cells] for row in right.inner] == [["Audited by", "Jan Low"], ["Audit date", "3 June 2026"]]
    assert len({_layout().rows[0].table, left.inner[0].table, right.inner[0].table}) == 3


def test_a_paragraph_in_a_cell_has_no_inner_rows() -> None:
    paper = Paper()
    paper.page(grid([50, 300, 550], [700, 800]), *[text(53, 788 - 12 * n, "seen alone  at home and at school") for n in range(4)])
    assert read_pdf(paper.data()).rows[0].cells[0].inner == ()


def test_a_list_that_a_page_s_end_cut_goes_on_in_its_row() -> None:
    paper = Paper()
    head = [["Question", "Comments", "Grade"]]
    xs = [50, 150, 400, 550]
    paper.page(table(head, xs, 220), grid(xs, [100, 200]), text(53, 185, "Contact"), text(403, 185, "Good"),
               text(153, 185, "Seen twice."), text(153, 173, "\u2022 first at home"))
    paper.page(table(head, xs, 800), grid(xs, [700, 780]), text(153, 765, "\u2022 then at school"), rule(50, 700, 550, 700))
    assert rows(read_pdf(paper.data())) == [
        head[0], ["Contact", "Seen twice. \u2022 first at home \u2022 then at school", "Good"],
    ]


def test_the_rest_of_a_row_that_nothing_closes_at_its_top_goes_on_with_the_row() -> None:
    """As browsers print it: the sides run to the page's end, and on from the next page's top to the row's lower line."""
    xs = [50, 200, 550]
    paper = Paper()
    paper.page(table([["Auditor", "Jo Bell"]], xs, 220), *[rule(x, 40, x, 200) for x in xs], text(53, 185, "What is working well?"),
               text(203, 185, "Visits are kept."), text(203, 60, "Both are written up,"))
    paper.page(rule(50, 770, 550, 770), *[rule(x, 770, x, 800) for x in xs], text(203, 780, "And read."), text(50, 700, "Part two"))
    read = read_pdf(paper.data())
    assert rows(read) == [["Auditor", "Jo Bell"], ["What is working well?", "Visits are kept. Both are written up, And read."]]
    assert [row.cells[0].text for row in read.rows if not row.table] == ["Part two"] and no_letter_is_lost(paper.data())


def test_strokes_between_letters_lower_on_a_page_are_no_row() -> None:
    paper = Paper()
    paper.page(text(50, 500, "Born"), rule(100, 496, 160, 496), *[rule(x, 496, x, 508) for x in (100, 120, 140, 160)],
               text(105, 500, "03"), text(125, 500, "05"), text(145, 500, "12"))
    assert [cell.text for row in read_pdf(paper.data()).rows for cell in row.cells] == ["Born 03 05 12"]
