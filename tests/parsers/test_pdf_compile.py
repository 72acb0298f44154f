"""Fillable PDFs as a council's blank: compiled, filled by another program, read by what was compiled."""

from io import BytesIO

import pypdf
import pytest
from pikepdf import Array, String

from mailflow.form.definition import FormDefinition, Kind
from mailflow.form.load import read_form
from mailflow.model import Reading
from parsers.compile import compile_blank
from parsers.read import read_document
from tests.parsers.pdfs import Paper, table, text

GRADES = ("Outstanding", "Good", "Requires improvement", "Inadequate")
_FILLED = {
    "ref": "C-42", "date": "3 June 2026", "auditor": "Jo Bell", "g0": "Good", "e0": "Dates on file.", "g1": "Inadequate",
    "e1": "No words of the child.", "smart": "/2", "escalated": "/Yes", "seen0": "/Yes", "done1": "/Yes",
    "next": "See the child.\nWrite the plan.", "a00": "Ring the school", "a01": "Kim", "a02": "3 July 2026", "a10": "Write it up",
    "a11": "SW", "a12": "10/07/2026",
}


def _drop_down(paper: Paper, page: object, name: str, rect: list[float], items: tuple[str, ...]) -> None:
    paper.box(page, name, rect, "Ch", Ff=1 << 17, Opt=Array([String(item) for item in items]), V=String(""))


@pytest.fixture(scope="module")
def blank() -> bytes:
    """Boxes beside, below and under their labels; a ruled table of grades; buttons, ticks, a table of actions."""
    paper = Paper()
    page = paper.page(
        text(50, 800, "Case file audit", 16), text(50, 770, "Child's reference"), text(320, 770, "Date of audit"),
        text(50, 740, "Auditor"), text(50, 710, "Part one: assessment", 13),
        table([["Question", "Grade", "Evidence"], ["Is the assessment timely?", "", ""], ["Is the child's voice heard?", "", ""]],
              [50, 250, 350, 550], 700, 40),
        text(50, 550, "Part two: the plan", 13), text(50, 525, "Is the plan SMART?"), text(222, 525, "Yes"), text(272, 525, "No"),
        text(322, 525, "Partly"), text(50, 500, "Which of these were seen?"), text(70, 480, "Chronology"), text(200, 480, "Genogram"),
        text(50, 450, "Is the record complete?"), text(270, 450, "Yes"), text(320, 450, "No"),
        text(50, 420, "Escalated to a manager"), text(50, 390, "What needs to happen next?"), text(50, 290, "Actions", 13),
        table([["Action", "By who", "By when"], ["", "", ""], ["", "", ""]], [50, 250, 400, 550], 280, 22),
    )
    for name, rect in (("ref", [150, 765, 300, 782]), ("date", [400, 765, 540, 782]), ("auditor", [150, 735, 300, 752]),
                       ("next", [50, 310, 540, 384])):
        paper.box(page, name, rect, Ff=1 << 12 if name == "next" else 0)
    for n, y in enumerate((660, 620)):
        _drop_down(paper, page, f"g{n}", [254, y - 36, 346, y - 4], ("", *GRADES))
        paper.box(page, f"e{n}", [354, y - 36, 546, y - 4], Ff=1 << 12)
    paper.radio(page, "smart", [("0", [205, 522, 217, 534]), ("1", [255, 522, 267, 534]), ("2", [305, 522, 317, 534])])
    for name, x, y in (("seen0", 50, 477), ("seen1", 180, 477), ("done0", 250, 447), ("done1", 300, 447), ("escalated", 220, 417)):
        paper.tick(page, name, [x, y, x + 12, y + 12], False)
    for r, y in enumerate((258, 236)):
        for c, (left, right) in enumerate(((52, 248), (252, 398), (402, 548))):
            paper.box(page, f"a{r}{c}", [left, y - 20, right, y - 2])
    return paper.data()


@pytest.fixture(scope="module")
def form(blank: bytes) -> FormDefinition:
    return read_form(compile_blank(blank, "form.pdf").plain, "form")


def _fill(blank: bytes, values: dict[str, str]) -> bytes:
    writer, out = pypdf.PdfWriter(clone_from=pypdf.PdfReader(BytesIO(blank))), BytesIO()
    writer.update_page_form_field_values(writer.pages[0], values)
    writer.write(out)
    return out.getvalue()


def _said(reading: Reading, form: FormDefinition) -> dict[tuple[str, str], str]:
    return {(f.label, f.column): reading.answers[f.id].text for f in form.fields if f.id in reading.answers}


def test_kinds_and_choices_come_from_the_boxes(form: FormDefinition) -> None:
    kinds = {(f.label, f.column): (f.kind, f.choices) for f in form.fields}
    assert kinds[("Is the assessment timely?", "Grade")] == (Kind.GRADE, GRADES)
    assert kinds[("Is the plan SMART?", "")] == (Kind.CHOICE, ("Yes", "No", "Partly"))
    assert kinds[("Which of these were seen?", "")] == (Kind.CHOICE, ("Chronology", "Genogram"))
    assert kinds[("Is the record complete?", "")] == kinds[("Escalated to a manager", "")] == (Kind.CHOICE, ("Yes", "No"))
    assert kinds[("Date of audit", "")][0] is Kind.DATE and kinds[("What needs to happen next?", "")][0] is Kind.NOTES
    assert len(kinds) == 12 and [[c.label for c in t.columns] for t in form.tables] == [["Action", "By who", "By when"]]


def test_every_answer_stands_under_its_label(blank: bytes, form: FormDefinition) -> None:
    reading = read_document(_fill(blank, _FILLED), "form.pdf", (form,))
    assert _said(reading, form) == {
        ("Child's reference", ""): "C-42", ("Date of audit", ""): "3 June 2026", ("Auditor", ""): "Jo Bell",
        ("Is the assessment timely?", "Grade"): "Good", ("Is the assessment timely?", "Evidence"): "Dates on file.",
        ("Is the child's voice heard?", "Grade"): "Inadequate",
        ("Is the child's voice heard?", "Evidence"): "No words of the child.", ("Is the plan SMART?", ""): "Partly",
        ("Which of these were seen?", ""): "Chronology", ("Is the record complete?", ""): "No",
        ("Escalated to a manager", ""): "Yes", ("What needs to happen next?", ""): "See the child.\nWrite the plan.",
    }
    (name, rows), = reading.rows.items()
    assert name == form.tables[0].id and [[a.text for a in row.values()] for row in rows] == [
        ["Ring the school", "Kim", "3 July 2026"], ["Write it up", "SW", "10/07/2026"],
    ]
    assert reading.leftovers == () and reading.missing == ()


def test_the_blank_itself_has_no_answers(blank: bytes, form: FormDefinition) -> None:
    reading = read_document(blank, "form.pdf", (form,))
    assert not any(_said(reading, form).values()) and reading.leftovers == () and reading.missing == ()


def test_a_tick_before_its_own_question_is_its_yes() -> None:
    paper = Paper()
    page = paper.page(text(50, 800, "Closing audit", 16), text(50, 770, "Auditor"), text(50, 740, "Team"), text(70, 700, "I have read the whole record"))
    paper.box(page, "auditor", [150, 765, 300, 782])
    paper.box(page, "team", [150, 735, 300, 752])
    paper.tick(page, "read", [50, 697, 62, 709], False)
    blank = paper.data()
    form = read_form(compile_blank(blank, "form.pdf").plain, "form")
    filled = _fill(blank, {"auditor": "Jo Bell", "team": "North", "read": "/Yes"})
    assert _said(read_document(filled, "f.pdf", (form,)), form)[("I have read the whole record", "")] == "Yes"
    assert _said(read_document(blank, "f.pdf", (form,)), form)[("I have read the whole record", "")] == ""
