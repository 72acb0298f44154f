"""Web pages saved as a document: what the page shows, and nothing it hides."""

import base64
import quopri

import pytest

from mailflow.errors import UnreadableError
from mailflow.form.passport import find_passport
from mailflow.model import Passport
from parsers.grid import Control, Grid
from parsers.web.page import read_web_page


def page(body: str, head: str = "") -> Grid:
    return read_web_page(f"<html><head>{head}</head><body>{body}</body></html>".encode())


def said(grid: Grid) -> list[str]:
    return [cell.text for row in grid.rows for cell in row.cells]


def refusal(data: bytes) -> str:
    with pytest.raises(UnreadableError) as refused:
        read_web_page(data)
    return refused.value.reason


def test_lines_are_paragraphs_wherever_they_stand() -> None:
    grid = page("<h1>Form</h1>loose <b>words</b><p>one<br>two</p><span>in<div>deep</div>out</span><ul><li>item</ul>")
    assert said(grid) == ["Form", "loose words", "one\ntwo", "in", "deep", "out", "item"]
    assert [row.number for row in grid.rows] == [1, 2, 3, 4, 5, 6, 7] and not any(row.table for row in grid.rows)


def test_merged_cells_keep_the_columns_true() -> None:
    grid = page("<table><thead><tr><th rowspan=2>A<th colspan=2>B<th>C</thead><tr><td>d<td>e<td>f<tr><td>1<td>2<td>3<td>4</table>")
    assert [[(c.column, c.merged, c.text) for c in row.cells] for row in grid.rows] == [
        [(0, False, "A"), (1, False, "B"), (3, False, "C")],
        [(0, True, ""), (1, False, "d"), (2, False, "e"), (3, False, "f")],
        [(0, False, "1"), (1, False, "2"), (2, False, "3"), (3, False, "4")]]


def test_a_merged_cell_at_the_end_of_a_row_is_noted_below() -> None:
    grid = page("<table><tr><td>a<td rowspan=3>z<tr><td>b<tr><td>c<tr><td>d<td>e</table>")
    assert [[(c.column, c.merged) for c in row.cells] for row in grid.rows] == [
        [(0, False), (1, False)], [(0, False), (1, True)], [(0, False), (1, True)], [(0, False), (1, False)]]


def test_a_table_in_a_cell_is_text_and_rows() -> None:
    (row,) = page("<table><tr><td>before<table><tr><td>x<td>y</table>after</table>").rows
    (cell,) = row.cells
    assert cell.text == "before\nx\ny\nafter" and [c.text for c in cell.inner[0].cells] == ["x", "y"]
    assert (row.table, cell.inner[0].table) == (1, 2)


def test_boxes_show_what_was_put_into_them() -> None:
    (row,) = page(
        "<p><input type=checkbox name=seen checked> yes <input type=radio name=r> no <select name=g><option>Good"
        "<option selected>Poor</select> <textarea name=why>because</textarea> <input name=who value=Ana>"
        "<input type=hidden value=secret><input type=submit value=Send></p>").rows
    (cell,) = row.cells
    assert cell.text == "☒ yes ☐ no Poor because Ana"
    assert cell.controls == (Control("seen", "tick", "☒"), Control("r", "tick", "☐"), Control("g", "choice", "Poor"),
                             Control("why", "", "because"), Control("who", "", "Ana"))


def test_hidden_and_deleted_words_and_scripts_are_not_read() -> None:
    grid = page("<script>alert(1)</script><style>p{}</style><p style='display: none'>a</p><p hidden>b</p>"
                "<span style='mso-hide:all'>c</span><p><del>old</del><ins>new</ins></p><!-- d -->")
    assert said(grid) == ["new"] and grid.tracked_changes == 2 and grid.oddities == ("macros",)


def test_word_s_comments_are_remarks() -> None:
    grid = page("<p>text<span style='mso-special-character:comment'>[B1]</span></p>"
                "<div style='mso-element:comment-list'><p>Why so late?</p></div>")
    assert said(grid) == ["text"] and grid.remarks == (("", "Why so late?"),) and grid.comments == 1


def test_nothing_is_fetched_but_it_is_named() -> None:
    grid = page("<p>x<img src='https://example.org/a.png'></p><iframe src='//example.org'></iframe>")
    assert grid.oddities == ("external links", "embedded objects") and said(grid) == ["x"]
    assert page("<p><a href='https://example.org'>see</a></p>").oddities == ()


@pytest.mark.parametrize(("data", "text"), [
    (b"\xff\xfe" + "<html><body>h\u00e9".encode("utf-16-le"), "h\u00e9"),
    (b"<html><head><meta charset=windows-1252></head><body>\x93hi\x94", "“hi”"),
    (b"<html><meta charset=utf-8><body>caf\xc3\xa9", "caf\u00e9"),
    (b"<html><meta charset=nonsense><body>\xe9", "\u00e9"),
    ("<html><body>naïve".encode(), "naïve"),
])
def test_letters_are_what_the_page_was_written_in(data: bytes, text: str) -> None:
    assert said(read_web_page(data)) == [text]


@pytest.mark.parametrize("way", ["quoted-printable", "base64"])
def test_the_page_inside_a_web_archive_is_read(way: str) -> None:
    inside = "<html><head><meta charset=utf-8></head><body><p>Saved = as ö archive</p></body></html>".encode()
    packed = quopri.encodestring(inside) if way == "quoted-printable" else base64.encodebytes(inside)
    head = f'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="-=x"\r\n\r\nText\r\n---=x\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: {way}\r\n\r\n'
    assert said(read_web_page(head.encode() + packed + b"\r\n---=x--\r\n")) == ["Saved = as ö archive"]


def test_the_passport_in_the_head_comes_along() -> None:
    text = "mailflow-form:1;ref=2611-017C;form=base-10;edition=1;mac=00ff"
    head = f"<!--[if gte mso 9]><xml><o:mailflow dt:dt='string'>{text}</o:mailflow></xml><![endif]-->"
    assert find_passport(page("x", head).passports[0]) == Passport("2611-017C", "base-10", "1", "00ff")


@pytest.mark.parametrize(("data", "reason"), [
    (b"", "damaged"),
    (b"<" * 700_000, "hostile"),
    (b"<div>" * 100_000 + b"x", "hostile"),
    (b"<table><tr><td>" * 3_000, "hostile"),
    (b"<html><!DOCTYPE x [<!ENTITY a 'b'>]><body>&a;", "hostile"),
    (b"<table><tr>" + b"<td colspan=99999>x" * 3, "hostile"),
    (b"<p>" + b"x" * 9_000_000, "too_large"),
    (b'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="b"\n\n--b\nContent-Type: image/png\n\nx\n--b--', "damaged"),
])
def test_each_refusal_has_its_reason(data: bytes, reason: str) -> None:
    assert refusal(data) == reason
