"""One document, four formats: the older ones read cell by cell as Word's own does."""

import pytest

from mailflow.form.passport import find_passport
from parsers.guard import open_package
from parsers.word.document import read_word
from tests.corpus.forms.old.make import FORMATS, KINDS, PASSPORT, convert, make_docx
from tests.parsers.old_forms import find_soffice, lines, read_any, read_sample, sample_folder, texts

# Nothing in them is lost by the program that saved them.
WHOLE = [("form", "odt"), ("form", "doc"), ("changes", "odt"), ("changes", "doc"), ("changes", "rtf"), ("fields", "odt"),
         ("fields", "doc"), ("box", "odt"), ("box", "rtf")]
SAMPLES = ["a1_word_filled", "b1_typed_no_controls", "h1_actions_rows_added", "wokingham-blank"]


@pytest.mark.parametrize(("name", "suffix"), WHOLE)
def test_every_cell_is_read_as_from_word(name: str, suffix: str) -> None:
    word = read_word(open_package(make_docx(KINDS[name])))
    assert lines(word) == lines(read_sample(f"{name}.{suffix}"))


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("name", KINDS)
def test_the_passport_comes_along(name: str, suffix: str) -> None:
    found = [p for raw in read_sample(f"{name}.{suffix}").passports if (p := find_passport(raw))]
    assert found and found[0].ref == "2611-017C" and found[0].mac in PASSPORT


@pytest.mark.parametrize("suffix", FORMATS)
def test_deleted_words_stand_nowhere_and_are_counted(suffix: str) -> None:
    grid = read_sample(f"changes.{suffix}")
    assert grid.tracked_changes >= 5
    said = str(texts(grid))
    assert "04/06/2018 at noon" in said and "Requires improvement" in said
    assert "17" not in said and "Good" not in said and "taken back" not in said


@pytest.mark.parametrize("suffix", FORMATS)
def test_headers_footers_and_comments_are_found(suffix: str) -> None:
    grid = read_sample(f"fields.{suffix}")
    assert grid.around == (("page header", "Invented Council"), ("page footer", "Keep this form safe"))
    assert grid.remarks == (("Bo Marsh", "Ask the worker again"),) and grid.comments == 1


@pytest.mark.parametrize("suffix", ["odt", "doc"])
def test_tick_boxes_and_drop_downs_of_word_97_show_their_state(suffix: str) -> None:
    rows = [row for row in texts(read_sample(f"fields.{suffix}")) if any(row)]
    assert rows[:4] == [["Seen", "☒ Yes ☐ No"], ["Alone", "☐ Yes"], ["Name", "Ana Reed"], ["Grade", "Inadequate"]]


def test_rich_text_that_lost_its_ticks_says_so() -> None:
    grid = read_sample("fields.rtf")
    assert grid.oddities == ("tick boxes without a state",)
    assert texts(grid)[3] == ["Grade", "Inadequate"]


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_merged_cell_says_what_stands_under_it(suffix: str) -> None:
    rows = [row for row in read_sample(f"form.{suffix}").rows if row.table == 1]
    assert [(c.column, c.merged, c.text) for c in rows[3].cells] == [
        (0, False, "B. From now on?"), (1, True, ""), (2, False, "2")]
    assert [c.column for c in rows[4].cells] == [0, 2]
    assert [row.number for row in rows] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_table_in_a_cell_keeps_its_words(suffix: str) -> None:
    (row,) = [row for row in read_sample(f"form.{suffix}").rows if row.table == 2]
    for word in ("Two steps:", "Call school", "Friday", "Monday", "Both agreed"):
        assert word in row.cells[1].text.split("\n")


def test_a_table_in_a_cell_is_a_table_where_the_format_says_so() -> None:
    (row,) = [row for row in read_sample("form.odt").rows if row.table == 2]
    assert [[c.text for c in inner.cells] for inner in row.cells[1].inner] == [["Call school", "Friday"], ["Write plan", "Monday"]]
    assert row.cells[1].own.split() == ["Two", "steps:", "Both", "agreed"] and row.cells[1].inner[0].table == 3


@pytest.mark.parametrize("suffix", ["odt", "rtf"])
def test_the_bookmark_stands_on_its_label(suffix: str) -> None:
    marked = [cell.text for row in read_sample(f"form.{suffix}").rows for cell in row.cells if "mf_story_clear" in cell.marks]
    assert marked == ["Q1. Is the story clear?"]


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_text_box_is_a_line_of_its_own(suffix: str) -> None:
    assert ["Typed in a text box"] in texts(read_sample(f"box.{suffix}"))
    assert ["Before the box"] in texts(read_sample(f"box.{suffix}"))
    assert read_sample(f"box.{suffix}").oddities == ()


@pytest.mark.parametrize("name", SAMPLES)
def test_a_council_s_form_reads_the_same_from_every_format(name: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The council's own form, saved by LibreOffice in each older format."""
    path = sample_folder() / f"{name}.docx"
    if find_soffice() is None or not path.is_file():
        pytest.skip("LibreOffice or the sample forms are not on this machine")
    folder = tmp_path_factory.mktemp("old")
    convert(path.read_bytes(), name, folder)
    wanted = lines(read_word(open_package(path.read_bytes())))
    assert len(wanted) > 100
    for suffix in FORMATS:
        assert lines(read_any((folder / f"{name}.{suffix}").read_bytes(), suffix)) == wanted, suffix


def test_a_council_s_tracked_changes_are_accepted(tmp_path_factory: pytest.TempPathFactory) -> None:
    """LibreOffice loses some changes made inside controls; those it keeps are settled, row by row as Word's reader has it."""
    path = sample_folder() / "e1_tracked_changes.docx"
    if find_soffice() is None or not path.is_file():
        pytest.skip("LibreOffice or the sample forms are not on this machine")
    folder = tmp_path_factory.mktemp("old")
    convert(path.read_bytes(), "e1", folder)
    wanted = {line[1] for line in lines(read_word(open_package(path.read_bytes())))}
    for suffix in FORMATS:
        grid = read_any((folder / f"e1.{suffix}").read_bytes(), suffix)
        missing = wanted - {line[1] for line in lines(grid)}
        assert grid.tracked_changes and len(missing) <= 5, (suffix, missing)
