"""The workbook that is sent: prefilled by text alone, with its passport, and with earlier answers where there are some."""

import io
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook

from mailflow.errors import ConfigError, PermanentError
from mailflow.form.definition import FormDefinition
from mailflow.form.passport import is_ours
from mailflow.framework import framework_folders
from mailflow.model import Answer, Document, Reading, Status
from outbox.blank.workbook import build_workbook
from outbox.forms.workbook import fill_workbook
from parsers.read import read_document
from tests.outbox.forms_scene import MATRIX, SHIPPED, answers_for
from tests.outbox.word_scene import SECRET, make_scene, read_part, replace_part, write_form_toml

FORM = SHIPPED["one-page"]
FOLDERS = framework_folders("one-page")
ODD = ("=1+1", "=HYPERLINK(\"http://bad.example\",\"x\")", "+44 1632", "-1", "@SUM(A1)", "#N/A", "{{ ref }}", "<b>&amp;</b>", "秘 😀")


def fill(reading: Reading | None = None, folders: tuple[Path, ...] = FOLDERS, form: FormDefinition = FORM, **how: str) -> Document:
    return fill_workbook(make_scene(form, **how), form, folders, SECRET, reading)


def read(document: Document, form: FormDefinition = FORM) -> Reading:
    return read_document(document.data, document.name, (form,))


def answered(texts: dict[str, str], rows: tuple[dict[str, str], ...] = ()) -> Reading:
    def one(field: str, text: str) -> Answer:
        return Answer(field, text, value=text)
    return Reading(Status.READABLE, answers={f: one(f, t) for f, t in texts.items()},
                   rows={"actions": tuple({c: one(f"actions.{n}.{c}", t) for c, t in row.items()} for n, row in enumerate(rows, 1))})


def cells(document: Document):  # type: ignore[no-untyped-def]
    book = load_workbook(io.BytesIO(document.data))
    return {name: book[sheet][at.replace("$", "")] for name, d in book.defined_names.items() for sheet, at in d.destinations}


def test_it_says_which_audit_it_is_and_carries_a_passport_of_ours() -> None:
    sent = fill(marking="OFFICIAL & SENSITIVE")
    back = read(sent)
    assert sent.name == "Audit form 2606-001K.xlsx"
    assert {k: a.text for k, a in back.answers.items() if a.text} == {
        "audit.reference": "2606-001K", "audit.case_id": "4410072", "audit.team": "Assessment Team 2",
        "audit.social_worker": "Pat Practitioner", "audit.auditor": "Asha Auditor", "audit.audit_month": "June 2026"}
    assert back.passport and is_ours(SECRET, back.passport)
    assert (back.leftovers, back.missing, back.oddities) == ((), (), ())
    for sheet in load_workbook(io.BytesIO(sent.data)):
        assert sheet.oddFooter and sheet.oddFooter.left and sheet.oddFooter.left.text == "Reference 2606-001K"
        assert sheet.oddHeader and sheet.oddHeader.center and sheet.oddHeader.center.text == "OFFICIAL && SENSITIVE"
    assert b"{{" not in b"".join(read_part(sent.data, n) for n in ("docProps/core.xml", "docProps/custom.xml"))


def test_the_same_audit_gives_the_same_bytes() -> None:
    assert fill().data == fill().data


@pytest.mark.parametrize("words", ODD)
def test_what_is_put_in_is_text_and_stays_text(words: str) -> None:
    sent = fill(answered({"audit.reason": words}, ({"action": words, "who": words},)), team=words)
    found = cells(sent)
    for name in ("mf_audit_team", "mf_audit_reason", "mf_actions_1_action", "mf_actions_1_who"):
        assert (found[name].value, found[name].data_type) == (words, "s")
        assert found[name].quotePrefix == (words[0] in "=+-@")
        assert found[name].alignment.wrap_text and found[name].font.name == "Arial"
    back = read(sent)
    assert (back.answer("audit.team"), back.answer("audit.reason")) == (words, words)
    assert b"<f>" not in read_part(sent.data, "xl/worksheets/sheet1.xml")


def test_every_earlier_answer_comes_back_word_for_word() -> None:
    texts, rows = answers_for(FORM)
    given = {k: v for k, v in texts.items() if not k.startswith("concern.")}
    back = read(fill(answered({**given, "concern.now": "Yes"}, tuple(rows["actions"]))))
    assert {k: back.answer(k) for k in given} == given
    assert back.answer("concern.now") == "", "whether a child is at risk now is asked afresh"
    assert [r["action"].text for r in back.rows["actions"]] == [r["action"] for r in rows["actions"]]


def test_what_was_chosen_is_shown_as_the_list_shows_it_and_a_day_is_a_day() -> None:
    found = cells(fill(answered({"areas.1.rating": "requires_improvement", "audit.audit_date": "2026-06-10"}, ({"action": "Visit", "t": "a"},))))
    assert found["mf_areas_1_rating"].value == "Requires improvement"
    assert found["mf_audit_audit_date"].is_date and found["mf_audit_audit_date"].value.date().isoformat() == "2026-06-10"
    assert found["mf_actions_1_t"].value == "A"


def test_more_actions_than_the_form_has_rows_for_are_added_below() -> None:
    rows = tuple({"action": f"Visit number {n}", "who": "Social worker", "t": "b"} for n in range(1, 16))
    sent = fill(answered({}, rows))
    back = read(sent)
    assert [r["action"].text for r in back.rows["actions"]] == [r["action"] for r in rows]
    assert [r["t"].value for r in back.rows["actions"]] == ["b"] * 15 and back.leftovers == ()
    sheet = load_workbook(io.BytesIO(sent.data))["Actions"]
    last = next(row for row in sheet.iter_rows() if row[0].value == "Visit number 15")
    assert last[0].border.left.style and last[0].alignment.wrap_text


def test_a_council_s_own_workbook_is_used_and_keeps_its_look(tmp_path: Path) -> None:
    """Saved by Excel: shared texts, a picture's part, another order of parts."""
    book = load_workbook(io.BytesIO(build_workbook(FORM)))
    book["Audit"]["A1"].value = "Northmoor's own audit {{ ref }}, {{council}}"
    book["Audit"].sheet_properties.tabColor = "FF0000"
    out = io.BytesIO()
    book.save(out)
    extra = replace_part(out.getvalue(), {"xl/media/crest.png": b"\x89PNG not really"})
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "one-page.xlsx").write_bytes(extra)
    sent = fill(folders=(tmp_path, *FOLDERS))
    made = load_workbook(io.BytesIO(sent.data))["Audit"]
    assert made["A1"].value == "Northmoor's own audit 2606-001K, Northmoor Council"
    assert made.sheet_properties.tabColor and made.sheet_properties.tabColor.rgb == "00FF0000"
    assert read_part(sent.data, "xl/media/crest.png") == b"\x89PNG not really"


def test_a_workbook_that_prints_what_nobody_gives_is_named(tmp_path: Path) -> None:
    book = load_workbook(io.BytesIO(build_workbook(FORM)))
    book["Audit"]["A1"].value = "{{ secret }}"
    (tmp_path / "documents").mkdir()
    book.save(tmp_path / "documents" / "one-page.xlsx")
    with pytest.raises(ConfigError, match=r"one-page\.xlsx: \{\{ secret \}\} is printed"):
        fill(folders=(tmp_path, *FOLDERS))


def test_no_answer_is_dropped_where_its_cell_lost_its_name(tmp_path: Path) -> None:
    book = load_workbook(io.BytesIO(build_workbook(FORM)))
    del book.defined_names["mf_audit_reason"]
    (tmp_path / "documents").mkdir()
    book.save(tmp_path / "documents" / "one-page.xlsx")
    folders = (tmp_path, *FOLDERS)
    assert read(fill(folders=folders)).answer("audit.team") == "Assessment Team 2"
    with pytest.raises(PermanentError, match="mf_audit_reason"):
        fill(answered({"audit.reason": "Because."}), folders)


def test_a_document_that_is_no_workbook_is_named(tmp_path: Path) -> None:
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "one-page.xlsx").write_bytes(replace_part(build_workbook(FORM), {"xl/workbook.xml": b"<broken"}))
    with pytest.raises(ConfigError, match=r"one-page\.xlsx"):
        fill(folders=(tmp_path,))


def test_any_form_can_be_sent_as_a_workbook(tmp_path: Path) -> None:
    """A folder with a form.toml and no workbook: one is made from the form."""
    form = write_form_toml(tmp_path, MATRIX)
    texts, _ = answers_for(form)
    sent = fill(answered(texts), (tmp_path,), form)
    back = read(sent, form)
    assert {k: back.answer(k) for k in texts} == texts
    assert back.passport and is_ours(SECRET, back.passport)


def test_a_head_whose_fields_have_no_section_is_printed_too() -> None:
    """Their names have no dot, in Word as in Excel."""
    from outbox.forms.word import fill_form

    form = SHIPPED["wokingham-3.2"]
    scene = make_scene(form)
    for sent in (fill_form(scene, form, framework_folders("wokingham-3.2"), SECRET),
                 fill_workbook(scene, replace(form), (), SECRET)):
        back = read(sent, form)
        assert (back.answer("case_number"), back.answer("auditor"), back.answer("reference")) == ("4410072", "Asha Auditor", "2606-001K")
