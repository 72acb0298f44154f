"""What goes out and comes back for the family's views: the feedback form, the postal pack, and each form's own part."""

import io
from datetime import date
from typing import Any

import pytest
from docx import Document as Word

from mailflow.config import Council
from mailflow.demo.pen import fill_in
from mailflow.errors import PermanentError
from mailflow.form.definition import FormDefinition
from mailflow.model import Feedback, FeedbackState
from mailflow.process.checks.family import read_feedback
from outbox.forms.word import fill_form
from outbox.pages.postal import compose_pack, questions
from parsers.read import read_document
from tests.outbox.forms_scene import SHIPPED
from tests.outbox.letters_scene import FOLDERS, REF, SECRET, compose_shape, make_scene, opened

FORM = SHIPPED["feedback"]
NORTHMOOR = Council("Northmoor Council", "Quality Assurance team", "01632 960000", "ring 01632 960999", "Northmoor Council",
                    "FREEPOST NORTHMOOR QA, Civic Offices")


def pack(source: str = "parent", council: Council = NORTHMOOR) -> Any:
    return Word(io.BytesIO(compose_pack(REF, source, council, FORM, FOLDERS, date(2026, 7, 17)).data))


def lines(page: Any) -> list[str]:
    return [p.text for p in page.paragraphs if p.text]


def heard(form: FormDefinition, answers: dict[str, str]) -> dict[str, Feedback]:
    """A form as Word sends it back, typed into its boxes."""
    blank = fill_form(make_scene(), form, FOLDERS, SECRET).data
    reading = read_document(fill_in(blank, answers), "form.docx", (form,))
    return {f.source: f for f in read_feedback(form, reading, REF, "form")}


def test_the_pack_has_the_letter_the_questions_and_the_label() -> None:
    said = lines(pack())
    assert said[0] == "Your views about our work with you" and "Friday 17 July 2026" in " ".join(said)
    assert said[-3:] == ["FREEPOST NORTHMOOR QA", "Civic Offices", f"Reference: {REF}"]
    assert [f.label for f in questions(FORM, "parent") if f.label not in said] == []
    assert len(pack().tables) == len(questions(FORM, "parent")) - 1, "a box for each but the score, whose figures are printed"


def test_the_label_says_who_where_the_council_has_no_freepost_address() -> None:
    said = lines(pack(council=Council("Northmoor Council", "QA team", "01632 960000", "ring us", "Northmoor Council")))
    assert said[-3:] == ["Northmoor Council", "QA team", f"Reference: {REF}"]


def test_nobody_is_asked_what_is_asked_of_others_or_ours_to_fill_in() -> None:
    asked = {f.id for f in questions(FORM, "parent")}
    assert "views.chair" not in asked and "views.chair" in {f.id for f in questions(FORM, "iro")}
    assert not asked & {"header.reason", "header.asked_first", "header.case_number", "concern.now", "outcome.posted"}


def test_the_pack_can_be_read_by_everybody() -> None:
    """A4, a sans serif of 12 points, dark letters, English."""
    page = pack()
    for name in ("Normal", "Heading 1", "Heading 2"):
        style = page.styles[name]
        assert style.font.name == "Arial" and style.font.size.pt >= 12 and str(style.font.color.rgb) == "1A1A1A"
        assert b"asciiTheme" not in style.element.rPr.xml.encode()
    assert page.styles.element.xml.count('w:val="en-GB"') >= 1


def test_out_77_brings_the_pack_and_the_form_to_type_the_reply_into() -> None:
    facts = {"source": "parent", "whose": "a parent", "due_back_on": date(2026, 7, 17)}
    letter = compose_shape("OUT-77", "qa", facts, ("DOC-27", "DOC-03"))
    assert [p.get_filename() for p in opened(letter).iter_attachments()] == [f"Postal pack {REF}.docx", f"Feedback form {REF}.docx"]


def test_the_feedback_form_is_made_out_for_the_audit_and_comes_back_as_such() -> None:
    blank = fill_form(make_scene(), FORM, FOLDERS, SECRET).data
    filled = fill_in(blank, {"header.who": "Carer", "header.relation": "Aunt", "views.respect": "Always", "views.score": "9"},
                     {"attempts": [{"on": "10/06/2026", "at": "10:00", "how": "Phone", "outcome": "She answered"}]})
    reading = read_document(filled, "x.docx", tuple(SHIPPED.values()))
    assert reading.form == "feedback" and reading.printed_ref == REF and reading.passport and reading.leftovers == ()
    carer = {f.source: f for f in read_feedback(FORM, reading, REF, "apart")}["carer"]
    assert (carer.who, carer.score, carer.logged, carer.state) == ("Aunt", 9, 1, FeedbackState.RECEIVED)
    assert carer.given_on == date(2026, 6, 10) and carer.attempts[0].at == "10:00"


@pytest.mark.parametrize("name, answers, states", [
    ("bexley-2017", {"family.who": "Mother", "family.on": "10/06/2026", "family.parents": "They help", "family.score": "8",
                     "family.why_not": "The child is two"}, {"parent": "received", "child": "not_possible"}),
    ("sefton", {"feedback.child.asked": "Yes", "feedback.child.said": "She is kind", "feedback.carers.asked": "No",
                "feedback.carers.said": "On holiday"},
     {"child": "received", "carer": "not_possible", "parent": "wanted", "iro": "wanted"}),
    ("wokingham-3.2", {"q43.parent1": "Mother", "q48.parent1": "3", "q45.parent2": "Not in touch"},
     {"parent": "received", "parent2": "not_possible"}),
])
def test_each_council_s_own_part_is_heard(name: str, answers: dict[str, str], states: dict[str, str]) -> None:
    assert {s: str(f.state) for s, f in heard(SHIPPED[name], answers).items()} == states


def test_a_council_s_own_letter_to_the_family_is_checked_like_any_text(tmp_path: Any) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "_postal.md").write_text("Subject: Hello\n\n{{ child_name }}", encoding="utf-8")
    with pytest.raises(PermanentError, match="child_name"):
        compose_pack(REF, "parent", NORTHMOOR, FORM, (tmp_path, *FOLDERS), date(2026, 7, 17))


def test_what_will_happen_about_a_low_score_is_read_from_the_form() -> None:
    """CHK-069 asks for it only where it stands neither here nor in the auditor's plan."""
    found = heard(FORM, {"header.who": "Parent", "views.score": "2", "after.reply": "The team manager rings on Monday."})
    assert (found["parent"].score, found["parent"].reply) == (2, "The team manager rings on Monday.")
