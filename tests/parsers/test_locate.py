"""Every question found again in forms that people took apart, and nothing they typed lost."""

import pytest

from mailflow.form.definition import FormDefinition
from mailflow.model import FoundBy, Reading, Status
from parsers.read import read_document
from tests.parsers.fills import whole_form
from tests.parsers.pages import (
    FORM,
    SHAPES,
    Look,
    cell,
    control,
    form_body,
    in_run,
    make_docx,
    make_form,
    para,
    row,
    run,
    table,
    typed,
)

VALUES = {k: v for k, v in whole_form().items() if k != "passport"}


def read(data: bytes, form: FormDefinition = FORM) -> Reading:
    return read_document(data, "form.docx", (form,))


def flat_answers(reading: Reading) -> dict[str, str]:
    found = {k: a.text for k, a in reading.answers.items()}
    return found | {a.field: a.text for rows in reading.rows.values() for r in rows for a in r.values()}


def left(reading: Reading) -> list[str]:
    return [leftover.text for leftover in reading.leftovers]


@pytest.mark.parametrize("name", SHAPES)
def test_a_whole_form_comes_back_answer_by_answer_in_every_shape(name: str) -> None:
    reading = read(make_form(VALUES, Look(shape=SHAPES[name])))
    assert flat_answers(reading) == VALUES
    assert (reading.missing, reading.leftovers, reading.prompts_left) == ((), (), ())


@pytest.mark.parametrize(("look", "found_by"), [
    (Look(shape=in_run), FoundBy.TAG), (Look(shape=typed), FoundBy.BOOKMARK), (Look(shape=typed, marks=False), FoundBy.LABEL),
])
def test_how_an_answer_was_found_and_how_sure_that_is(look: Look, found_by: FoundBy) -> None:
    answer = read(make_form(VALUES, look)).answers["planning.evidence"]
    assert answer.found_by is found_by and answer.sure >= 90
    assert answer.place == "table 5, row 1, column 2"


def test_the_same_four_labels_in_ten_domains_are_told_apart_by_their_headings() -> None:
    reading = read(make_form(VALUES, Look(shape=typed, marks=False)))
    assert flat_answers(reading) == VALUES


def test_without_headings_the_order_decides_and_a_person_must_look() -> None:
    reading = read(make_form(VALUES, Look(shape=typed, marks=False, headings=False)))
    assert flat_answers(reading) == VALUES
    assert reading.answers["planning.evidence"].sure < 60


def test_one_heading_deleted_costs_nothing() -> None:
    body = form_body(VALUES, Look(shape=typed, marks=False)).replace(para("Planning", "Heading1"), "")
    reading = read(make_docx(body))
    assert flat_answers(reading) == VALUES
    assert reading.answers["planning.evidence"].sure >= 60


def test_labels_edited_a_little_are_still_known() -> None:
    relabel = {"voice.pre": "Grade before conversation:", "voice.post": "2. Grade AFTER the conversation",
               "header.started": "Date you have started", "overall.themes": "Themes the services should learn from"}
    reading = read(make_form(VALUES, Look(shape=typed, marks=False, relabel=relabel)))
    assert flat_answers(reading) == VALUES


def test_a_label_typed_over_is_found_by_its_place_between_its_neighbours() -> None:
    relabel = {"voice.strengths": "Positives"}
    reading = read(make_form(VALUES, Look(shape=typed, marks=False, relabel=relabel)))
    assert reading.answers["voice.strengths"].text == VALUES["voice.strengths"]
    assert reading.answers["voice.strengths"].found_by is FoundBy.POSITION
    assert left(reading) == ["Positives"]


def test_a_section_left_out_is_missing_and_moves_nothing() -> None:
    for look in (Look(without=frozenset(("partners",))), Look(shape=typed, marks=False, without=frozenset(("partners",)))):
        reading = read(make_form(VALUES, look))
        assert reading.missing == ("partners.evidence", "partners.strengths", "partners.pre", "partners.post")
        assert flat_answers(reading) == {k: v for k, v in VALUES.items() if not k.startswith("partners.")}


def test_the_whole_action_table_deleted_is_missing() -> None:
    body = form_body(VALUES, Look())
    start = body.rindex("<w:tbl>", 0, body.index("mf:actions.1.text"))
    reading = read(make_docx(body[:start] + body[body.index("</w:tbl>", start) + 8:]))
    assert reading.missing == ("actions.text", "actions.owner", "actions.due")
    assert reading.rows["actions"] == ()


def action_rows(reading: Reading) -> list[tuple[str, ...]]:
    return [tuple(a.text for a in r.values()) for r in reading.rows["actions"]]


def rows_of(body: str) -> tuple[str, list[str], str]:
    """The form's body cut round the rows of its action table."""
    start = body.rindex("<w:tbl>", 0, body.index("mf:actions.1.text"))
    end = body.index("</w:tbl>", start)
    first = body.index("<w:tr>", start)
    rows = body[first:end].split("</w:tr>")[:-1]
    return body[:first], [r + "</w:tr>" for r in rows], body[end:]


def test_action_rows_added_by_hand_are_read_and_numbered_on() -> None:
    before, rows, after = rows_of(form_body(VALUES, Look()))
    added = row(cell(para("New action")), cell(para("Nurse")), cell(para("20/07/2026")))
    reading = read(make_docx(before + "".join([*rows, added]) + after))
    assert action_rows(reading)[-1] == ("New action", "Nurse", "20/07/2026")
    assert [r["text"].field for r in reading.rows["actions"]][-1] == "actions.7.text"
    assert reading.rows["actions"][-1]["due"].value == "2026-07-20"


def test_action_rows_copied_with_their_tags_are_not_lost() -> None:
    """Word copies a row tags and all: two rows then claim to be row 1."""
    before, rows, after = rows_of(form_body(VALUES, Look()))
    copied = rows[1].replace("Do thing 1", "Do thing 4")
    reading = read(make_docx(before + "".join([*rows[:4], copied, *rows[4:]]) + after))
    assert [r[0] for r in action_rows(reading)] == ["Do thing 1", "Do thing 2", "Do thing 3", "Do thing 4"]
    fields = [r["text"].field for r in reading.rows["actions"]]
    assert len(set(fields)) == 4 and fields[:3] == ["actions.1.text", "actions.2.text", "actions.3.text"]


def test_action_rows_reordered_or_deleted_come_in_page_order() -> None:
    before, rows, after = rows_of(form_body(VALUES, Look()))
    reading = read(make_docx(before + rows[0] + rows[3] + rows[1] + after))
    assert [r[0] for r in action_rows(reading)] == ["Do thing 3", "Do thing 1"]
    assert [r["text"].field for r in reading.rows["actions"]] == ["actions.3.text", "actions.1.text"]


def test_action_columns_swapped_are_known_by_their_heads() -> None:
    head = row(*(cell(para(t)) for t in ("By when", "Action", "By whom")))
    rows = row(cell(para("17/07/2026")), cell(para("Ring school")), cell(para("TM")))
    before, _, after = rows_of(form_body({}, Look()))
    reading = read(make_docx(before + head + rows + after))
    (found,) = reading.rows["actions"]
    assert {k: a.text for k, a in found.items()} == {"text": "Ring school", "owner": "TM", "due": "17/07/2026"}


def test_a_fourth_column_somebody_added_is_left_over_not_dropped() -> None:
    before, rows, after = rows_of(form_body(VALUES, Look()))
    wider = rows[1].replace("</w:tr>", cell(para("urgent!")) + "</w:tr>")
    assert left(read(make_docx(before + "".join([rows[0], wider, *rows[2:]]) + after))) == ["urgent!"]


def test_blank_action_rows_are_left_out_and_prompts_are_no_answers() -> None:
    reading = read(make_form({"actions.2.text": "Only this"}))
    assert action_rows(reading) == [("Only this", "", "")]
    assert reading.rows["actions"][0]["text"].field == "actions.2.text"


def answer_row(inside: str) -> bytes:
    """A whole form in which one answer's cell holds this."""
    body = form_body({}, Look())
    start = body.index(in_run("mf:voice.evidence", "Type your evidence here", "<w:showingPlcHdr/>"))
    end = body.index("</w:tc>", start) + len("</w:tc>")
    return make_docx(body[:start] + cell(inside) + body[end:])


def test_a_prompt_is_never_an_answer_whatever_its_flag_says() -> None:
    untouched = read(make_form({}))
    assert all(not a.text for k, a in untouched.answers.items())
    assert "voice.evidence" in untouched.prompts_left and "header.team" not in untouched.prompts_left
    unflagged = control("mf:voice.evidence", run("Type your evidence here"))
    reading = read(answer_row(f"<w:p>{unflagged}</w:p>"))
    assert (reading.answer("voice.evidence"), "voice.evidence" in reading.prompts_left) == ("", True)


def test_typed_text_under_a_placeholder_flag_is_an_answer() -> None:
    flagged = control("mf:voice.evidence", run("She was seen"), "<w:showingPlcHdr/>")
    assert read(answer_row(f"<w:p>{flagged}</w:p>")).answer("voice.evidence") == "She was seen"


@pytest.mark.parametrize("inside", [
    f"<w:p>{control('mf:voice.evidence', run('Type your evidence here'))}{run('She was seen')}</w:p>",
    f"<w:p>{control('mf:voice.evidence', run('Type your evidence hereShe was seen'))}</w:p>",
    f"<w:p>{control('mf:voice.evidence', run('She was seen Type your evidence here'))}</w:p>",
    control("mf:voice.evidence", para("Click or tap here to enter text.") + para("She was seen")),
])
def test_text_beside_a_prompt_is_the_answer_and_the_prompt_is_noted(inside: str) -> None:
    answer = read(answer_row(inside)).answers["voice.evidence"]
    assert (answer.text, answer.had_prompt) == ("She was seen", True)


def test_short_prompts_are_not_cut_out_of_words() -> None:
    reading = read(make_form({"actions.1.text": "x", "actions.1.owner": "Whoever is on duty"}))
    assert reading.rows["actions"][0]["owner"].text == "Whoever is on duty"


def test_text_typed_beside_a_filled_control_belongs_to_it() -> None:
    inside = f"<w:p>{control('mf:voice.evidence', run('She was seen'))}</w:p>{para('and seen alone')}"
    assert read(answer_row(inside)).answer("voice.evidence") == "She was seen\nand seen alone"


def test_a_table_pasted_into_an_answer_is_that_answer_even_with_our_words_in_it() -> None:
    inner = table(row(cell(para("Action")), cell(para("By whom"))), row(cell(para("Ring")), cell(para("Team"))))
    inside = control("mf:voice.evidence", para("See:") + inner + para("End"))
    reading = read(answer_row(inside))
    assert reading.answer("voice.evidence") == "See:\nAction\nBy whom\nRing\nTeam\nEnd"
    assert (reading.rows["actions"], reading.leftovers) == ((), ())


def test_a_box_copied_into_another_answer_does_not_steal_its_place() -> None:
    """Copying text in Word copies its control: the planning cell then holds a box that says it is voice.evidence."""
    body = form_body(VALUES, Look())
    planning = in_run("mf:planning.evidence", VALUES["planning.evidence"], "")
    reading = read(make_docx(body.replace(planning, in_run("mf:voice.evidence", "copied from above", ""))))
    assert reading.answer("voice.evidence") == VALUES["voice.evidence"]
    assert reading.answer("planning.evidence") == "copied from above"
    assert reading.leftovers == ()


def test_text_between_the_tables_is_left_over_with_its_place() -> None:
    heading = para("Planning", "Heading1")
    body = form_body(VALUES, Look()).replace(heading, para("I did not finish.") + heading)
    reading = read(make_docx(body))
    assert left(reading) == ["I did not finish."]
    assert reading.leftovers[0].place.startswith("paragraph ")
    assert flat_answers(reading) == VALUES


def test_an_answer_typed_into_the_label_s_own_cell_is_found_but_not_trusted() -> None:
    body = form_body({}, Look(shape=typed, marks=False))
    body = body.replace(cell(para("Team")), cell(para("Team: Safeguarding 2")), 1)
    answer = read(make_docx(body)).answers["header.team"]
    assert answer.text == "Safeguarding 2" and answer.sure < 60


def test_answers_written_as_plain_lines_after_a_paste_are_found() -> None:
    """A table turned into text: each label on a line, its answer behind a colon or on the lines that follow."""
    lines = [para("About this audit", "Heading1"), para("Team: North"), para("Auditor: Ann Bell"),
             para("The child's voice and daily life", "Heading1"), para("What you saw, and what it shows"),
             para("She was seen."), para("She was heard."), para("Grade before the conversation"), para("RI")]
    reading = read(make_docx("".join(lines)))
    assert reading.answer("header.team") == "North" and reading.answer("header.auditor") == "Ann Bell"
    assert reading.answer("voice.evidence") == "She was seen.\nShe was heard."
    assert reading.answers["voice.pre"].value == "requires_improvement"


def test_answers_below_their_labels_are_found() -> None:
    head = row(*(cell(para(t)) for t in ("Case number", "Category", "Team")))
    below = row(*(cell(para(t)) for t in ("N1234567", "CP", "North")))
    reading = read(make_docx(para("About this audit", "Heading1") + table(head, below)))
    assert [reading.answer(f"header.{k}") for k in ("case_number", "category", "team")] == ["N1234567", "CP", "North"]


def test_a_choice_printed_with_boxes_and_one_choice_alone() -> None:
    """Printed choices side by side are ours; one grade word in the wrong place was typed by somebody."""
    assert left(read(make_docx(form_body(VALUES, Look()) + para("Outstanding / Good / Inadequate")))) == []
    assert left(read(make_docx(form_body(VALUES, Look()) + para("Inadequate")))) == ["Inadequate"]


def test_a_picker_settles_what_day_first_leaves_open() -> None:
    def picked(day: str) -> bytes:
        more = f'<w:date w:fullDate="{day}T00:00:00Z"><w:dateFormat w:val="dd/MM/yyyy"/></w:date>'
        return make_docx(form_body({}, Look()).replace(
            in_run("mf:header.met", "Choose a date", '<w:date><w:dateFormat w:val="dd/MM/yyyy"/></w:date><w:showingPlcHdr/>'),
            in_run("mf:header.met", "06/07/2026", more),
        ))

    sure, doubtful = (read(picked(day)).answers["header.met"] for day in ("2026-07-06", "2026-06-07"))
    assert (sure.value, sure.trouble) == ("2026-07-06", "")
    assert (doubtful.value, doubtful.trouble) == ("2026-07-06", "ambiguous_date")


def test_another_document_is_not_the_form() -> None:
    reading = read(make_docx(para("Minutes") + table(row(cell(para("Team")), cell(para("North"))))))
    assert reading.status is Status.NOT_THE_FORM and "North" in reading.text


def test_a_box_cut_from_one_answer_and_pasted_into_another_counts_where_it_stands() -> None:
    """The text and its box were moved from the voice row to the planning row, into the box there or over it."""
    voice = in_run("mf:voice.evidence", VALUES["voice.evidence"], "")
    planning = in_run("mf:planning.evidence", VALUES["planning.evidence"], "")
    moved = control("mf:voice.evidence", run("moved here"))
    for target in (cell(f"<w:p>{moved}</w:p>"), cell(f"<w:p>{control('mf:planning.evidence', moved)}</w:p>")):
        body = form_body(VALUES, Look()).replace(voice, cell("<w:p/>")).replace(planning, target)
        reading = read(make_docx(body))
        assert (reading.answer("voice.evidence"), reading.answer("planning.evidence")) == ("", "moved here")


def test_two_boxes_that_changed_places_count_where_they_stand() -> None:
    pre, post = in_run("mf:voice.pre", "Good", _LIST), in_run("mf:voice.post", "Inadequate", _LIST)
    body = form_body(VALUES | {"voice.pre": "Good", "voice.post": "Inadequate"}, Look())
    assert pre in body and post in body
    swapped = body.replace(pre, "\0").replace(post, pre).replace("\0", post)
    reading = read(make_docx(swapped))
    assert (reading.answer("voice.pre"), reading.answer("voice.post")) == ("Inadequate", "Good")


_LIST = "<w:dropDownList>" + "".join(
    f'<w:listItem w:displayText="{g}" w:value="{g}"/>'
    for g in ("Outstanding", "Good", "Requires improvement", "Inadequate", "Not applicable")
) + "</w:dropDownList>"


def test_a_form_pasted_twice_into_one_document_loses_neither_copy() -> None:
    other = VALUES | {"voice.evidence": "the other copy"}
    reading = read(make_docx(form_body(VALUES, Look()) + form_body(other, Look())))
    assert flat_answers(reading)["voice.evidence"] == VALUES["voice.evidence"]
    assert "the other copy" in left(reading)


def test_a_blank_original_and_a_filled_copy_of_a_section_give_the_text() -> None:
    blank = {k: v for k, v in VALUES.items() if k != "voice.evidence"}
    reading = read(make_docx(form_body(blank, Look()) + form_body({"voice.evidence": "only here"}, Look())))
    found = [reading.answer("voice.evidence"), *left(reading)]
    assert "only here" in found
