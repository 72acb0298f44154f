"""Who rings the family, and what with (F0-ALL-01/02, G-07)."""

import io
from dataclasses import replace

import docx

from outbox.pages.guide import questions_of
from tests.stories.conftest import Found
from tests.world import make_cases

PARENTS = '[profile.feedback]\nsources = ["parent", "child"]\n'


def test_the_auditor_who_rings_gets_form_and_guide_with_the_audit(northmoor: Found) -> None:
    """The letter says who rings; the feedback form and the guide stand beside the audit form."""
    world = northmoor(profile=PARENTS)
    (letter,) = world.sent("OUT-04")
    assert sorted(letter.documents) == sorted(
        [f"Audit form {world.refs[0]}.docx", f"Feedback form {world.refs[0]}.docx", f"Telephone guide {world.refs[0]}.docx"])
    assert "Who rings the family: you do (parents, child or young person)" in letter.text


def test_a_form_that_asks_the_family_itself_needs_no_other_and_the_guide_asks_what_it_asks(northmoor: Found) -> None:
    """Wokingham's audit form has the parents' questions: the guide beside it asks the same ones."""
    world = northmoor(framework="wokingham-3.2")
    ref, (letter,) = world.refs[0], world.sent("OUT-04")
    assert sorted(letter.documents) == [f"Audit form {ref}.docx", f"Telephone guide {ref}.docx"]
    assert "Fill in the form, with what the family said" in letter.text and "feedback form" not in letter.text
    guide = docx.Document(io.BytesIO(letter.forms[letter.documents.index(f"Telephone guide {ref}.docx")]))
    said = [p.text.strip() for p in guide.paragraphs]
    asked = questions_of(world.house.policy.form, ("parent",))
    assert len(asked) >= 4 and [q for q in asked if q not in said] == []


def test_a_red_case_is_left_to_the_qa_team(northmoor: Found) -> None:
    """The auditor is told not to ring, and has nothing to ring with."""
    case = replace(make_cases(1)[0], qa_contacts_family=True)
    world = northmoor(profile=PARENTS, cases=[case])
    (letter,) = world.sent("OUT-04")
    assert [n.split()[0] for n in letter.documents] == ["Audit"]
    assert "RED, the Quality Assurance team does; please do not" in letter.text


def test_where_nobody_is_to_be_rung_the_letter_says_so(northmoor: Found) -> None:
    """F1 asks for no family's views (G-79)."""
    (letter,) = northmoor().sent("OUT-04")
    assert "nobody; this audit asks for no views" in letter.text and len(letter.documents) == 1
