"""Forms that were typed anew or rearranged: numbers written otherwise, columns changed round, a label beside a label."""

from dataclasses import replace

import pytest

from mailflow.form.definition import FormDefinition
from mailflow.form.load import read_form
from mailflow.model import Reading, Status
from parsers.locate.text import flat, question_number
from parsers.read import read_document
from tests.parsers.pages import FORM, cell, control, make_docx, para, row, run, table

TICK = '<w14:checkbox><w14:checked w14:val="%d"/></w14:checkbox>'
FORM_IN_COLUMNS = read_form({
    "id": "columns", "edition": "1", "title": "Look at a file", "sections": [
        {"id": "plan", "title": "The plan", "columns": [
            {"id": "notes", "label": "What you saw", "kind": "notes"},
            {"id": "score", "label": "Score", "kind": "score", "scale": [1, 5]}],
         "items": [
            {"id": "aims", "label": "Are the aims of the plan known to everybody?", "number": "Q1", "columns": ["notes", "score"]},
            {"id": "dates", "label": "Has each task a date by which it ends?", "number": "Q2", "columns": ["notes", "score"]},
            {"id": "review", "label": "Was the plan looked at again in time?", "number": "Q3", "columns": ["notes", "score"]}]},
    ]}, "columns")
FORM_ABOVE = read_form({
    "id": "above", "edition": "1", "title": "A concern", "sections": [
        {"id": "concern", "title": "Concern", "items": [
            {"id": "now", "label": "Is a child in danger today?", "kind": "choice", "choices": ["Yes", "No"]},
            {"id": "told", "label": "Who was told, and where are they reached?", "kind": "text"},
            {"id": "team", "label": "Team", "kind": "text"}, {"id": "office", "label": "Office", "kind": "text"}]},
    ]}, "above")


def read(body: str, form: FormDefinition) -> Reading:
    return read_document(make_docx(body), "form.docx", (form,))


def cells(*texts: str) -> str:
    return row(*(cell(para(text)) for text in texts))


@pytest.mark.parametrize("start", ["Q1.", "Q.1", "Question 1", "Question 1:", "q1 -", "Q1"])
def test_a_question_s_number_is_no_word_of_it_however_it_is_written(start: str) -> None:
    label = f"{start} Are the aims known?"
    assert flat(label) == "are the aims known" and question_number(label) == "1"


@pytest.mark.parametrize("text", ["5 weeks ago", "Quarter 1 figures", "Question of 5 aims", "12-14 years"])
def test_a_number_that_numbers_no_question_stays(text: str) -> None:
    assert flat(text) == text.casefold().replace("-", " ")


def test_columns_that_changed_places_are_known_by_their_headings() -> None:
    reading = read(table(
        cells("The plan", "Score", "What you saw"),
        cells("Q1. Are the aims of the plan known to everybody?", "4", "Her mother knows them."),
        cells("Q2. Has each task a date by which it ends?", "2", "3"),
        cells("Q3. Was the plan looked at again in time?", "5", "Yes, in May."),
    ), FORM_IN_COLUMNS)
    assert {k: a.text for k, a in reading.answers.items()} == {
        "aims.notes": "Her mother knows them.", "aims.score": "4", "dates.notes": "3", "dates.score": "2",
        "review.notes": "Yes, in May.", "review.score": "5"}


def test_the_box_below_a_label_counts_before_another_label_beside_it() -> None:
    """The second label was edited, so nobody knows it; its answer is known by its tag."""
    ticked = cell(f"<w:p>{control('', run('☒'), TICK % 1)}{run(' Yes ')}{control('', run('☐'), TICK % 0)}{run(' No')}</w:p>")
    told = cell(f"<w:p>{control('mf:concern.told', run('Ms Ash, 01632 960001'))}</w:p>")
    reading = read(table(
        cells("Is a child in danger today?", "Tell us the person, please, and a phone"), row(ticked, told),
        cells("Team", "North"), cells("Office", "Mill Lane"),
    ), FORM_ABOVE)
    assert reading.answers["concern.now"].value == "yes"
    assert reading.answers["concern.told"].text == "Ms Ash, 01632 960001"


def test_a_meeting_s_table_of_actions_alone_is_no_returned_form() -> None:
    rows = [cells("Ring the school", "Ms Ash", "Friday"), cells("Book a room", "Mr Birch", "Monday")] * 4
    labels = [c.label for c in FORM.tables[0].columns]
    reading = read(para("Minutes of the team meeting") + table(cells(*labels), *rows), FORM)
    assert reading.status is Status.NOT_THE_FORM


def in_columns(*rows: str) -> Reading:
    return read(table(cells("The plan", "What you saw", "Score"), *rows), FORM_IN_COLUMNS)


def test_a_label_cut_short_is_known_by_what_is_left_of_it() -> None:
    reading = in_columns(
        cells("Are the aims of the plan…", "Her mother knows them.", "4"), cells("Q2.", "Three have none.", "2"),
        cells("Was the plan looked at…", "In May.", "5"))
    assert {k: a.text for k, a in reading.answers.items()} == {
        "aims.notes": "Her mother knows them.", "aims.score": "4", "dates.notes": "Three have none.", "dates.score": "2",
        "review.notes": "In May.", "review.score": "5"}
    assert [x.text for x in reading.leftovers if x.text == "Q2."] == []


def test_what_was_typed_under_a_label_is_its_notes_where_they_are_blank() -> None:
    label = "Q1. Are the aims of the plan known to everybody?"
    typed_there = row(cell(para(label) + para("Nobody wrote them down.")), cell(para("")), cell(para("2")))
    others = (cells("Q2. Has each task a date by which it ends?", "All do.", "4"),
              cells("Q3. Was the plan looked at again in time?", "In May.", "5"))
    reading = in_columns(typed_there, *others)
    assert (reading.answers["aims.notes"].text, reading.answers["aims.score"].text) == ("Nobody wrote them down.", "2")
    assert reading.answers["aims.notes"].sure == 50 and reading.leftovers == ()
    beside = row(cell(para(label) + para("Nobody wrote them down.")), cell(para("Some know them.")), cell(para("2")))
    reading = in_columns(beside, *others)
    assert reading.answers["aims.notes"].text == "Some know them."
    assert [x.text for x in reading.leftovers] == ["Nobody wrote them down."]


def test_one_heading_of_the_actions_that_was_changed_is_the_one_that_is_missing() -> None:
    heads = [c.label for c in FORM.tables[0].columns]
    values = ["Ring the school", "Ms Ash", "19/06/2026"]
    assert len(heads) == len(values)
    fields = "".join(table(cells(f.label, f"words {n}")) for n, f in enumerate(FORM.sections[1].fields))
    for changed in range(3):
        named = ["Something else" if n == changed else head for n, head in enumerate(heads)]
        reading = read(fields + table(cells("No.", *named), cells("1.", *values)), FORM)
        assert [[a.text for a in r.values()] for r in reading.rows["actions"]] == [values], named


def test_lines_with_labels_in_another_wording_before_their_colons() -> None:
    form = read_form({
        "id": "lines", "edition": "1", "title": "A look at a file", "sections": [{"id": "head", "title": "About", "items": [
            {"id": "child", "label": "The young person's initials", "words": "child name", "kind": "text"},
            {"id": "type", "label": "Kind of case", "words": "case type", "kind": "text"},
            {"id": "by", "label": "Who looked", "words": "auditor name", "kind": "text"}]}]}, "lines")
    reading = read("".join(map(para, ("Name of child: EM", "Type of case (CIN, CP): CP", "Auditor name: Bo"))), form)
    assert {k: a.text for k, a in reading.answers.items()} == {"head.child": "EM", "head.type": "CP", "head.by": "Bo"}


def test_a_grade_behind_a_label_that_names_the_grades_is_not_taken_for_a_part_of_it() -> None:
    form = read_form({
        "id": "graded", "edition": "1", "title": "Grades", "printed": ["good grade inadequate outstanding overall plan"],
        "sections": [{"id": "plan", "title": "Plan", "items": [
            {"id": "team", "label": "Team", "kind": "text"}, {"id": "by", "label": "Auditor", "kind": "text"},
            {"id": "grade", "label": "How good is it", "words": "good grade inadequate outstanding overall plan", "kind": "grade"}]}]},
        "graded")
    rows = (cells("Team", "North"), cells("Auditor", "Bo"))
    for tail, value in ((": Inadequate", "inadequate"), ("", None)):
        reading = read(table(*rows, cells(f"Overall grade of the plan (Inadequate, Good, Outstanding){tail}", "")), form)
        assert reading.answers["plan.grade"].value == value


def test_an_answer_behind_its_label_counts_though_the_label_holds_its_words() -> None:
    """"Team (North, South): North" has not a word that the label has not, and is an answer all the same."""
    form = replace(FORM, sections=tuple(
        replace(s, fields=tuple(replace(f, label="Team (North, South)") if f.id == "header.team" else f for f in s.fields))
        for s in FORM.sections))
    reading = read_document(make_docx(para("About this audit", "Heading1") + para("Team (North, South): North") + para("Auditor: Jo")
                                      + para("Case number: 7")), "x.docx", (form,))
    assert (reading.answer("header.team"), reading.answer("header.auditor")) == ("North", "Jo")
