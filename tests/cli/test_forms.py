"""`mailflow forms`: what there is, blanks to restyle, and what is said of a restyled one."""

import io
import zipfile
from pathlib import Path

import pytest
from openpyxl import load_workbook

from mailflow.framework import templates_root
from tests.cli.command import mailflow

BODY = "word/document.xml"


def _blank(folder: Path, name: str = "sefton", kind: str = "docx") -> Path:
    out = folder / f"blank.{kind}"
    mailflow("forms", "blank", name, "--out", out, folder=folder).well()
    return out


def _change(path: Path, *pairs: tuple[str, str], part: str = BODY) -> Path:
    """The same document with texts of one part replaced; each must stand there."""
    out = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            if name == part:
                for before, after in pairs:
                    assert before.encode() in data
                    data = data.replace(before.encode(), after.encode())
            new.writestr(name, data)
    path.write_bytes(out.getvalue())
    return path


def test_the_list_has_every_form_with_the_kind_of_its_blank(tmp_path) -> None:
    said = mailflow("forms", "list", "--json", folder=tmp_path).well().json
    kinds = {f["id"]: f["kind"] for f in said}
    assert kinds["one-page"] == "xlsx"
    assert kinds["bexley-2017"] == kinds["feedback"] == "docx"
    assert "Moderation" in mailflow("forms", "list", folder=tmp_path).well().out


@pytest.mark.parametrize("name", ["base-10", "bexley-2017", "sefton", "feedback", "self-assessment", "action-review",
                                  "moderation", "one-page"])
def test_every_blank_is_accepted_as_it_comes(name: str, tmp_path) -> None:
    done = mailflow("forms", "check", _blank(tmp_path, name), "--form", name, folder=tmp_path)
    assert (done.code, done.out) == (0, f"blank.docx may be used as {name}.\n")


def test_the_shipped_blank_is_the_one_that_is_written(tmp_path) -> None:
    shipped = (templates_root() / "sefton" / "documents" / "sefton.docx").read_bytes()
    assert _blank(tmp_path).read_bytes() == shipped


def test_another_look_is_accepted(tmp_path) -> None:
    path = _change(_blank(tmp_path), ('w:fill="E8EFF2"', 'w:fill="FFF2CC"'), ('w:val="1F4E5F"', 'w:val="7030A0"'))
    assert mailflow("forms", "check", path, "--form", "sefton", folder=tmp_path).code == 0


GRADE = '<w:tag w:val="mf:overall.grade"/>'


@pytest.mark.parametrize(("before", "after", "said"), [
    (GRADE, '<w:tag w:val="grade"/>', "Overall judgement: The box for “Overall grade” is gone, or has lost its tag mf:overall.grade"),
    ('<w:tag w:val="mf:actions.1.due"/>', "", "The box for “By when” is gone"),
    ('<w:listItem w:displayText="Inadequate" w:value="inadequate"/>', "", "no longer offers Inadequate"),
    ("Overall grade</w:t>", "Final mark</w:t>", "The question or heading “Overall grade” is not there"),
    ("Overall grade</w:t>", "Final mark</w:t>", "“Final mark” is not in form.toml"),
    ("What was done well</w:t>", "Strengths</w:t>", "“What was done well” is not there as the form has it: it stands 0 times and"),
    ("Type the learning here</w:t>", "Learning in fifty words</w:t>", "would be read as an answer"),
    ("Type the learning here</w:t>", "</w:t>", "shows no words to click on"),
    ("{{ council }}", "{{ councli }}", "'councli' is undefined"),
    ("Audit of practice</w:t>", "Audit of practice, Northmoor way of working</w:t>", 'add "audit northmoor practice way working" to'),
])
def test_what_is_gone_is_said_with_its_place(before: str, after: str, said: str, tmp_path) -> None:
    done = mailflow("forms", "check", _change(_blank(tmp_path), (before, after)), "--form", "sefton", folder=tmp_path)
    assert done.code == 65
    assert said in done.out
    assert "can't be used as sefton yet" in done.out


def test_a_list_that_became_plain_text_is_said(tmp_path) -> None:
    path = _blank(tmp_path)
    with zipfile.ZipFile(path) as opened:
        body = opened.read(BODY).decode()
    start = body.index(GRADE)
    menu = body[body.index("<w:dropDownList>", start):body.index("</w:dropDownList>", start) + len("</w:dropDownList>")]
    _change(path, (body[start:body.index(menu, start)] + menu, body[start:body.index(menu, start)] + "<w:text/>"))
    done = mailflow("forms", "check", path, "--form", "sefton", folder=tmp_path)
    assert done.code == 65
    assert "The box for “Overall grade” is no list to choose from any more" in done.out


def test_a_document_without_any_tag_is_told_in_one_sentence(tmp_path) -> None:
    path = _change(_blank(tmp_path), ('<w:tag w:val="mf:', '<w:tag w:val="x:'))
    done = mailflow("forms", "check", path, "--form", "sefton", folder=tmp_path)
    assert done.code == 65
    assert "LibreOffice and some other programs take the tags off" in done.out


def test_lost_bookmarks_and_a_lost_property_are_only_noted(tmp_path) -> None:
    path = _change(_blank(tmp_path), ('w:name="mf_overall_grade"', 'w:name="other"'))
    _change(path, ('name="mailflow"', 'name="other"'), part="docProps/custom.xml")
    done = mailflow("forms", "check", path, "--form", "sefton", "--json", folder=tmp_path).well()
    assert done.json["accepted"] is True
    assert [f["stops"] for f in done.json["faults"]] == [False, False]
    assert "Note: The bookmark on the question is gone for “Overall grade”" in mailflow(
        "forms", "check", path, "--form", "sefton", folder=tmp_path).well().out


def test_the_blank_of_another_form_is_not_accepted(tmp_path) -> None:
    done = mailflow("forms", "check", _blank(tmp_path, "feedback"), "--form", "moderation", folder=tmp_path)
    assert done.code == 65


def test_a_file_that_is_no_document_is_refused_in_words(tmp_path) -> None:
    (tmp_path / "notes.docx").write_bytes(b"not a document")
    done = mailflow("forms", "check", "notes.docx", "--form", "sefton", folder=tmp_path)
    assert (done.code, "Traceback" in done.err) == (65, False)
    assert "not a Word document" in done.err


def test_an_unknown_form_and_an_unknown_kind_of_file_say_what_is_known(tmp_path) -> None:
    unknown = mailflow("forms", "blank", "nowhere", "--out", "x.docx", folder=tmp_path)
    assert unknown.code == 2
    assert "bexley-2017" in unknown.err
    pdf = mailflow("forms", "blank", "one-page", "--out", "x.pdf", folder=tmp_path)
    assert pdf.code == 65
    assert "one-page is meant for xlsx" in pdf.err


def test_a_councils_own_form_toml_will_do(tmp_path) -> None:
    own = tmp_path / "own.toml"
    own.write_text((templates_root() / "sefton" / "form.toml").read_text(encoding="utf-8").replace(
        'id = "sefton"', 'id = "northmoor"'), encoding="utf-8")
    path = _blank(tmp_path, str(own))
    assert mailflow("forms", "check", path, "--form", own, folder=tmp_path).well().out.endswith("may be used as northmoor.\n")


def test_a_workbook_is_checked_too(tmp_path) -> None:
    path = _blank(tmp_path, "one-page", "xlsx")
    done = mailflow("forms", "check", path, "--form", "one-page", folder=tmp_path)
    assert (done.code, done.out) == (0, "blank.xlsx may be used as one-page.\n")
    book = load_workbook(path)
    audit = book["Audit"]
    overall = next(cell for row in audit.iter_rows() for cell in row if cell.value == "Overall grade")
    audit.data_validations.dataValidation = []
    overall.value = "Final mark"
    book.save(path)
    done = mailflow("forms", "check", path, "--form", "one-page", folder=tmp_path)
    assert done.code == 65
    assert f"sheet Audit, cell B{overall.row}: The cell for “Overall grade” has no list to choose from any more" in done.out
    assert "The question or heading “Overall grade” is not there" in done.out
