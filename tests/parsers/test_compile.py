"""A council's own blank is enough: what is compiled from it reads every return of it, whoever drew the form."""

import json
import tomllib
from collections import Counter
from pathlib import Path

import pytest

from mailflow.errors import UnreadableError
from mailflow.form.definition import FormDefinition, Kind
from mailflow.form.load import read_form
from mailflow.model import FoundBy, Reading
from outbox.forms.stamp import stamp_package
from outbox.forms.word import WordForm
from parsers.compile import Compiled, compile_blank, stamp_blank, tell_doctor, to_toml
from parsers.read import read_document
from tests.parsers.councils import Way, make
from tests.parsers.pages import make_docx, para
from tests.parsers.test_samples import sample, squeeze


def compiled(blank: bytes, name: str = "their-form.docx") -> tuple[Compiled, FormDefinition]:
    """The definition as a council gets it: through the text of its form.toml."""
    made = compile_blank(blank, name)
    return made, read_form(tomllib.loads(to_toml(made)), name)


def texts(reading: Reading) -> dict[str, str]:
    found = {k: a.text for k, a in reading.answers.items()}
    return found | {a.field: a.text for rows in reading.rows.values() for r in rows for a in r.values()}


def test_what_kind_of_answer_each_is_comes_from_lists_legends_and_headings() -> None:
    _, big = compiled(make("one big table", Way.BLANK).bytes())
    scores = [f for f in big.fields if f.kind is Kind.SCORE]
    assert [f.scale for f in scores] == [(1, 10), (1, 10)]
    _, ticks = compiled(make("tick columns", Way.BLANK).bytes())
    crossed = [f for f in ticks.fields if f.marks]
    assert len(crossed) == 4 and crossed[0].marks == ("Yes", "No", "N/A") and crossed[0].number == "Q1.1"
    assert [f.kind for f in ticks.fields if "judgement" in f.label] == [Kind.GRADE]
    _, boxes = compiled(make("boxes inside", Way.BLANK).bytes())
    assert [f.choices for f in boxes.fields if f.kind is Kind.CHOICE] == [("Yes", "Partly", "No")] * 3


@pytest.mark.parametrize("name", ["pairs and matrix", "one big table"])
def test_a_stamped_blank_is_known_by_its_tags_and_fills_as_a_template(name: str) -> None:
    blank = make(name, Way.BLANK).bytes()
    made, form = compiled(blank)
    stamped = stamp_package(stamp_blank(blank, made, form))
    WordForm(stamped, form, "stamped.docx")
    reading = read_document(stamped, "stamped.docx", (form,))
    assert {a.found_by for a in reading.answers.values()} == {FoundBy.TAG}
    assert {k: t for k, t in texts(reading).items() if t} == {}


def test_stamping_gives_free_text_boxes_the_list_their_scale_needs() -> None:
    blank = make("one big table", Way.BLANK).bytes()
    made, form = compiled(blank)
    graded = next(f for f in form.fields if f.kind is Kind.SCORE)
    assert f'w:val="{graded.tag}"'.encode() in _document(stamp_blank(blank, made, form))


def test_the_doctor_names_what_will_cost_answers() -> None:
    made, form = compiled(make("one big table", Way.BLANK).bytes())
    said = tell_doctor(made, form)
    assert "Case ID" in said and "has no control" in said


def test_a_letter_that_asks_nothing_is_no_form() -> None:
    with pytest.raises(UnreadableError) as refused:
        compile_blank(make_docx(para("Dear colleague") + para("We write to say that audits begin in May.")), "letter.docx")
    assert "No question" in str(refused.value)


def test_compiling_twice_gives_the_same_text() -> None:
    blank = make("tick columns", Way.BLANK).bytes()
    assert to_toml(compile_blank(blank, "a.docx")) == to_toml(compile_blank(blank, "a.docx"))


def _document(package: bytes) -> bytes:
    import zipfile
    from io import BytesIO

    return zipfile.ZipFile(BytesIO(package)).read("word/document.xml")


SAMPLES = ("a1_word_filled.docx", "b1_typed_no_controls.docx", "d3_printed.pdf", "e1_tracked_changes.docx",
           "h1_actions_rows_added.docx")


@pytest.mark.parametrize("name", SAMPLES)
def test_the_real_council_s_blank_compiled_reads_its_returns_exactly(name: str) -> None:
    _, form = compiled(sample("wokingham-blank.docx").read_bytes(), "wokingham-blank.docx")
    truth = json.loads(sample(f"{name}.truth.json").read_text())
    reading = read_document(sample(name).read_bytes(), name, (form,))
    found = texts(reading)
    assert {k: (v, found.get(k)) for k, v in truth["answers"].items() if squeeze(v or "") != squeeze(found.get(k) or "")} == {}
    assert [x for x in reading.leftovers if not x.place.startswith("comment")] == []


def test_the_real_council_s_blank_stamped_is_known_by_tags(tmp_path: Path) -> None:
    blank = sample("wokingham-blank.docx").read_bytes()
    made, form = compiled(blank, "wokingham-blank.docx")
    reading = read_document(stamp_blank(blank, made, form), "stamped.docx", (form,))
    assert {a.found_by for a in reading.answers.values()} == {FoundBy.TAG}


def test_the_real_excel_tool_compiled_reads_its_return_exactly() -> None:
    """Every value the truth has stands once, in the truth's order, as the document has it; and nothing else does."""
    _, form = compiled(sample("excel-audit-tool-blank.xlsx").read_bytes(), "excel-audit-tool-blank.xlsx")
    truth = json.loads(sample("x1_completed.xlsx.truth.json").read_text())
    reading = read_document(sample("x1_completed.xlsx").read_bytes(), "x1_completed.xlsx", (form,))
    audit = {k: v for k, v in truth["audit"].items() if k != "overall"} | {"alongside_social_worker": "Y"}
    said = [*audit.values(), *(area[k] for area in truth["areas"] for k in ("evidence", "rating_raw")),
            *(v for v in truth["feedback"].values() if v is not None), *(a[k] for a in truth["actions"] for k in ("action", "who", "t_raw"))]
    assert Counter(t for t in texts(reading).values() if t) == Counter(str(v) for v in said)
    assert (reading.leftovers, reading.missing) == ((), ())
    labels = {a["area"] for a in truth["areas"]} | set(truth["feedback"])
    assert labels <= {f.label for f in form.fields}
