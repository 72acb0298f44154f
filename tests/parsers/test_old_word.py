"""Old Word and rich text: what the library loses is found again, what was deleted is gone, what does harm is refused."""

import ast
import inspect
import struct

import anydoc
import pytest

from mailflow.errors import UnreadableError
from parsers.compound import open_compound
from parsers.grid import Grid
from parsers.old_word.document import read_old_word
from parsers.old_word.rich_text_words import plain_text
from tests.parsers.old_forms import OLD, read_sample
from tests.parsers.pages import ROOT

HEAD = rb"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0 Arial;}}"
DOC = (OLD / "form.doc").read_bytes()


def rtf(body: bytes) -> Grid:
    return read_old_word(HEAD + body + b"}")


def said(grid: Grid) -> list[str]:
    return [cell.text for row in grid.rows for cell in row.cells]


def refusal(data: bytes) -> str:
    with pytest.raises(UnreadableError) as refused:
        read_old_word(data)
    assert str(refused.value).startswith("This document") and str(refused.value).endswith(".")
    return refused.value.reason


def test_no_door_of_ours_leads_to_the_library_s_network() -> None:
    """Only ``to_document`` is called, by one module, with no option but the format; and it has none to give."""
    doors = set()
    for path in (ROOT / "parsers").rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        imports = [n for n in ast.walk(tree) if isinstance(n, ast.Import | ast.ImportFrom) and "anydoc" in ast.unparse(n)]
        assert not imports or path == ROOT / "parsers" / "old_word" / "document.py"
        calls = [n for n in ast.walk(tree) if isinstance(n, ast.Call) and ast.unparse(n.func).startswith("anydoc")]
        doors |= {ast.unparse(call.func) for call in calls}
        assert not [call for call in calls if call.keywords or len(call.args) > 2]
    assert doors == {"anydoc.to_document"}
    assert list(inspect.signature(anydoc.to_document).parameters) == ["data", "format"]


@pytest.mark.parametrize(("state", "shown"), [
    (rb"\ffres1", "☒"), (rb"\ffres0\ffdefres1", "☐"), (rb"\ffres25\ffdefres1", "☒"), (rb"\ffdefres0", "☐"),
])
def test_a_tick_box_in_rich_text_shows_its_state(state: bytes, shown: str) -> None:
    field = rb"{\field{\*\fldinst {FORMCHECKBOX {\*\formfield{\fftype1%s\fftypetxt0}}}}{\fldrslt }}" % state
    grid = rtf(rb"\pard " + field + rb" Seen\par")
    assert said(grid) == [f"{shown} Seen"] and grid.oddities == ()


@pytest.mark.parametrize(("raw", "read"), [
    (rb"Kept \deleted gone\deleted0  and kept", "Kept  and kept"),
    (rb"Kept{\deleted lost \b bold\b0 {\i it}{\*\bkmkstart x}\'e9\u8217'\par} tail", "Kept tail"),
    (rb"{\mvf moved away}stays", "stays"),
    (rb"typed \\deleted by hand", r"typed \deleted by hand"),
    (rb"{\revised new}", "new"),
    (rb"{\deleted gone \plain not gone}", "not gone"),
])
def test_deletions_in_rich_text_are_accepted(raw: bytes, read: str) -> None:
    grid = rtf(rb"\pard " + raw + rb"\par")
    assert said(grid) == [read]
    assert grid.tracked_changes == (b"typed" not in raw and 1)


def test_a_deleted_stretch_does_not_take_its_table_along() -> None:
    grid = rtf(rb"\trowd\cellx1000\cellx2000\intbl {\deleted A\cell B}C\cell\row\pard end\par")
    assert [len(row.cells) for row in grid.rows] == [2, 1] and said(grid) == ["", "C", "end"]


def test_a_text_box_of_word_is_read_once() -> None:
    box = rb"{\shp{\*\shpinst{\shptxt one\par two\par}}{\shprslt{\*\do{\dptxbxtext one\par two\par}}}}"
    assert said(rtf(box + rb"\pard main\par next\par")) == ["main", "one\ntwo", "next"]
    cells = rb"\trowd\cellx1000\intbl in%s\cell\row\pard end\par" % box
    assert said(rtf(cells)) == ["in\none\ntwo", "end"]


def test_our_own_comments_in_rich_text_are_nobody_s_words() -> None:
    remark = rb"{\*\atnid %s}{\*\atnauthor Bo}\chatn{\*\annotation{\*\atndate 1}Why?}"
    grid = rtf(rb"\pard a" + remark % rb"QA\'b7mf" + remark % b"B" + rb"\par")
    assert grid.remarks == (("Bo", "Why?"),) and grid.comments == 1


@pytest.mark.parametrize(("raw", "odd"), [
    (rb"{\object\objemb{\*\objdata 00}{\result x}}", "embedded objects"),
    (rb"{\*\template http://example.org/a.dotm}", "external links"),
])
def test_what_rich_text_holds_beside_words_is_named(raw: bytes, odd: str) -> None:
    assert rtf(raw + rb"\pard x\par").oddities == (odd,)


def test_words_of_a_group_are_what_it_prints() -> None:
    raw = rb"{\header{\*\unknown no}{\pict 00ff}a\'e9\u8217'\~b\_c\tab d\line e{\field{\*\fldinst PAGE}{\fldrslt 3}}\u-10179?\u-8703?\par}"
    assert plain_text(raw) == "aé’\u00a0b\u2011c\td\ne3\U0001f601"


def test_rich_text_nested_beyond_any_form_is_refused() -> None:
    assert refusal(b"{\\rtf1" + b"{" * 100_000 + b"x" + b"}" * 100_001) == "hostile"
    assert refusal(b"{\\rtf1 " + b"{\\field " * 50_000 + b"}" * 50_001) == "hostile"


@pytest.mark.parametrize("raw", [b"{\\deleted x}", b"\\deleted x", b"{\\field}", b"{\\header x}", b"{\\*\\annotation x}"])
def test_many_changes_and_fields_are_read_in_one_pass(raw: bytes) -> None:
    """A hundred thousand of each: a reader that looked at the rest each time would not come back."""
    assert said(read_old_word(HEAD + raw * 100_000 + b"\\pard\\plain end\\par}"))[-1:] == ["end"]


@pytest.mark.parametrize("name", ["form", "changes", "fields", "box"])
@pytest.mark.parametrize("suffix", ["doc", "rtf"])
def test_a_cut_off_document_is_damaged(name: str, suffix: str) -> None:
    whole = (OLD / f"{name}.{suffix}").read_bytes()
    for size in range(8, len(whole) - 600, 997):
        assert refusal(whole[:size]) == "damaged"


def test_garbage_behind_an_old_signature_is_damaged() -> None:
    assert refusal(DOC[:8] + bytes(range(256)) * 64) == "damaged"
    assert refusal(DOC[:512] + b"\xff" * (len(DOC) - 512)) == "damaged"
    assert refusal(b"{\\rtf1 \xff\xfe{\\b cut off") == "damaged"


def _header(offset: int, value: bytes) -> bytes:
    """The sample with other bytes in the header of its text part."""
    file = open_compound(DOC)
    at = file.places(file.named["WordDocument"])[0][0] + offset
    return DOC[:at] + value + DOC[at + len(value):]


@pytest.mark.parametrize(("data", "reason"), [
    (_header(0, struct.pack("<HH", 0xA5DC, 0x65)), "unsupported"),
    (_header(2, struct.pack("<H", 0x65)), "unsupported"),
    (_header(10, struct.pack("<H", 0x0300)), "encrypted"),
    (_header(0, struct.pack("<H", 0)), "damaged"),
    # Where the piece table is said to stand.
    (_header(154 + 8 * 33, b"\xff" * 8), "damaged"),
])
def test_a_document_too_old_locked_or_broken_says_so(data: bytes, reason: str) -> None:
    assert refusal(data) == reason


def test_a_table_that_lies_about_its_lists_never_reaches_the_library() -> None:
    """The library would make room for four thousand million lists, and the process would die of it."""
    file = open_compound(DOC)
    word, tables = file.read_named("WordDocument"), bytearray(file.read_named("1Table"))
    (at,) = struct.unpack_from("<I", word, 154 + 8 * 74)
    tables[at:at + 4] = b"\xff" * 4
    assert refusal(file.with_named("1Table", tables)) == "damaged"


def test_chains_that_bite_their_tail_end() -> None:
    fat = 512 + struct.unpack_from("<I", DOC, 76)[0] * 512
    assert refusal(DOC[:fat] + struct.pack("<128I", *range(128)) + DOC[fat + 512:]) == "damaged"


def test_reading_does_not_change_what_was_handed_in() -> None:
    before = (OLD / "changes.doc").read_bytes()
    data = bytes(before)
    read_old_word(data)
    assert data == before and read_sample("changes.doc") == read_old_word(data)
