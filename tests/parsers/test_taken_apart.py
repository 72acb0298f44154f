"""What was lost once when a form had been taken apart: numbers like the form's own, a misspelt label, a pasted table."""

from dataclasses import replace

from mailflow.form.load import load_form
from mailflow.framework import templates_root
from mailflow.model import Reading
from parsers.read import read_document
from tests.parsers.drawing.look import plain_look
from tests.parsers.drawing.sheet import draw
from tests.parsers.drawing.vandals import merges_cells, pastes_a_table, vandalise
from tests.parsers.pages import cell, document, make_docx, para, row, table

BEXLEY = load_form(templates_root() / "bexley-2017" / "form.toml")
MODERATION = load_form(templates_root() / "base" / "forms" / "moderation.toml")
REVIEW = load_form(templates_root() / "base" / "forms" / "action-review.toml")
ONE_PAGE = load_form(templates_root() / "one-page" / "form.toml")


def printed(form_labels: list[tuple[str, str]]) -> str:
    return table(*(row(cell(para(label)), cell(para(answer))) for label, answer in form_labels))


def said(reading: Reading) -> str:
    rows = [a.text for rows in reading.rows.values() for r in rows for a in r.values()]
    return "\n".join([*(a.text for a in reading.answers.values()), *rows, *(left.text for left in reading.leftovers)])


def test_a_score_that_was_merged_into_its_label_is_kept_though_the_label_has_that_number() -> None:
    """"Practitioner's own score, 0 to 10" and, in the same cell, 10."""
    own = next(f for f in BEXLEY.fields if f.id == "information.own")
    whole = [(f.label, "") for f in BEXLEY.fields if f.section == "referral"]
    body = printed(whole) + table(row(cell(para(own.label) + para("10"))), row(cell(para("zebra")), cell(para("beside"))))
    assert "10" in said(read_document(make_docx(body), "form.docx", (BEXLEY,))).split("\n")


def test_a_score_under_the_actions_is_no_number_of_an_action() -> None:
    """One big table that somebody gave another column: the rows of actions end at the next heading all the same."""
    actions = MODERATION.tables[0]
    heads = [cell(para("No.")), *(cell(para(c.label)) for c in actions.columns), cell(para(""))]
    rows = [row(*heads),
            row(cell(para("1.")), cell(para("Hold a family meeting")), cell(para("Jo")), cell(para("01/07/2026")), cell(para("")))]
    quality = next(s for s in MODERATION.sections if s.id == "quality")
    rows += [row(cell(para(quality.title), span=4), cell(para(""))),
             row(cell(para(quality.fields[0].label), span=4), cell(para(""))),
             row(cell(para("4"), span=4), cell(para("")))]
    reading = read_document(make_docx(table(*rows)), "form.docx", (MODERATION,))
    assert "4" in said(reading).split("\n")
    assert len(reading.rows[actions.id]) == 1


def test_a_label_of_small_words_is_found_behind_its_number_in_spite_of_a_slip() -> None:
    look = replace(plain_look(ONE_PAGE), shape="typed", tags=False, bookmarks=False, prompts=False, numbers="Q{}. ",
                   relabel={"feedback.who": "Who are you spaeking to?"})
    form = make_docx(draw(ONE_PAGE, {"feedback.who": "Grandmother"}, look))
    assert read_document(form, "form.docx", (ONE_PAGE,)).answer("feedback.who") == "Grandmother"


def test_a_table_pasted_beside_a_box_that_was_merged_with_its_label_is_part_of_the_answer() -> None:
    look = replace(plain_look(REVIEW), shape="in_run", bookmarks=False, prompts=False, across=1, heads_again=False)
    body = vandalise(document(draw(REVIEW, {}, look)).encode(), [(merges_cells, 0, ""), (pastes_a_table, 0, "zebra")])
    assert "See left" in said(read_document(make_docx("", {"word/document.xml": body}), "form.docx", (REVIEW,)))
