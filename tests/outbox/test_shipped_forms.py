"""The forms mailflow ships: well made, each with a blank that is fresh, each read back as it was filled in."""

import pytest

from mailflow.form.definition import FormDefinition, Part
from mailflow.model import Status
from outbox.blank.matrix import find_items, find_runs
from outbox.blank.word_form import build_template
from outbox.blank.workbook import build_workbook
from outbox.forms.packing import read_members
from tests.outbox.forms_scene import MATRIX, ROOT, SHIPPED, answers_for, document_of, fill_and_read
from tests.outbox.word_scene import W, control, read_tree, text_of, write_form_toml

FORMS = pytest.mark.parametrize("form", SHIPPED.values(), ids=SHIPPED)
GRADES = ("Outstanding", "Good", "Requires improvement", "Inadequate", "Not applicable")


def test_every_form_the_project_promises_is_there() -> None:
    assert {"base-10", "one-page", "bexley-2017", "sefton", "feedback", "self-assessment", "action-review",
            "moderation"} <= set(SHIPPED)


@FORMS
def test_a_child_at_risk_is_asked_about_first(form: FormDefinition) -> None:
    first = form.sections[0]
    assert first.fields[0].part is Part.CONCERN
    assert first.guidance


@FORMS
def test_questions_are_short_and_no_two_of_a_section_are_alike(form: FormDefinition) -> None:
    for section in form.sections:
        labels = list({f.item: f.label for f in section.fields}.values())
        assert len(labels) == len(set(labels))
        assert all(len(label.split()) <= 20 for label in labels)


@FORMS
def test_no_prompt_could_be_taken_for_an_answer_or_a_question(form: FormDefinition) -> None:
    fields = (*form.fields, *(c for t in form.tables for c in t.columns))
    taken = {*GRADES, *(c for f in fields for c in f.choices), *(f.label for f in fields), *(f.column for f in fields)}
    taken |= {str(n) for n in range(11)}
    for f in fields:
        assert f.prefilled or (f.prompt and f.prompt not in taken), f.id


@FORMS
def test_the_shipped_blank_is_what_the_form_makes_today(form: FormDefinition) -> None:
    """Renew it with ``python -m outbox.blank.word_form`` or ``outbox.blank.workbook``: FORM.toml OUT."""
    document = document_of(form)
    fresh = build_workbook(form) if document.suffix == ".xlsx" else build_template(form)
    assert ({m.name: m.unpack() for m in read_members(document.read_bytes())}
            == {m.name: m.unpack() for m in read_members(fresh)})


@FORMS
def test_a_filled_form_is_read_back_word_for_word(form: FormDefinition) -> None:
    _expect_all_back(form)


def test_a_form_with_questions_in_several_columns_is_read_back_word_for_word(tmp_path) -> None:
    _expect_all_back(write_form_toml(tmp_path, MATRIX))


def _expect_all_back(form: FormDefinition) -> None:
    texts, rows = answers_for(form)
    reading = fill_and_read(form)
    assert reading.status is Status.READABLE
    # Whether a child is at risk is asked afresh in every form that is sent.
    concern = {f.id for f in form.fields if f.part is Part.CONCERN}
    assert {i: reading.answer(i) for i in texts} == {i: "" if i in concern else text for i, text in texts.items()}
    assert set(reading.prompts_left) == concern
    assert {t: [{c: a.text for c, a in row.items()} for row in of] for t, of in reading.rows.items()} == rows
    assert (reading.missing, reading.leftovers) == ((), ())
    assert {a.sure for a in reading.answers.values()} == {100}


def test_questions_in_columns_stand_in_one_table_under_a_repeated_head(tmp_path) -> None:
    form = write_form_toml(tmp_path, MATRIX)
    tree = read_tree(build_template(form))
    table = next(control(tree, "mf:q1.score").iterancestors(f"{W}tbl"))
    head, *rows = table.findall(f"{W}tr")
    assert head.find(f"{W}trPr/{W}tblHeader") is not None
    assert [text_of(c) for c in head.findall(f"{W}tc")] == ["Question", "Score\n1 no, 5 yes", "Notes"]
    assert [text_of(r.find(f"{W}tc")) for r in rows] == [
        "Q1. Can a reader follow what happened?", "Q2. Do the worry statements say:", "A. what happened before?"]
    assert not list(tree.iter(f"{W}gridSpan", f"{W}vMerge"))
    assert {len(r.findall(f"{W}tc")) for r in (head, *rows)} == {3}
    # A box that the question has not is shaded, so that nobody looks for it.
    blank = rows[1].findall(f"{W}tc")[1]
    assert text_of(blank) == ""
    assert blank.find(f"{W}tcPr/{W}shd") is not None


def test_every_question_in_columns_has_one_bookmark_and_one_tag_a_column(tmp_path) -> None:
    form = write_form_toml(tmp_path, MATRIX)
    tree = read_tree(build_template(form))
    marks = [b.get(f"{W}name") for b in tree.iter(f"{W}bookmarkStart")]
    assert marks == [next(iter(i.values())).bookmark for s in form.sections for r in find_runs(s.fields) for i in find_items(r)]
    for f in form.fields:
        assert control(tree, f.tag) is not None


def test_a_scale_is_chosen_number_by_number(tmp_path) -> None:
    tree = read_tree(build_template(write_form_toml(tmp_path, MATRIX)))
    shown = [i.get(f"{W}displayText") for i in control(tree, "mf:q1.score").iter(f"{W}listItem")]
    assert shown == ["1", "2", "3", "4", "5"]


def test_tables_fill_the_width_of_the_page_and_no_column_is_too_narrow() -> None:
    for form in SHIPPED.values():
        for table in read_tree(build_template(form)).iter(f"{W}tbl"):
            widths = [int(c.get(f"{W}w")) for c in table.findall(f"{W}tblGrid/{W}gridCol")]
            assert sum(widths) == 9638
            assert min(widths) >= 1000, (form.id, widths)


def test_two_tables_never_touch(tmp_path) -> None:
    for form in (*SHIPPED.values(), write_form_toml(tmp_path, MATRIX)):
        for table in read_tree(build_template(form)).iter(f"{W}tbl"):
            following = table.getnext()
            assert following is None or following.tag != f"{W}tbl"


def test_the_readme_names_every_form_and_every_key() -> None:
    from mailflow.form import load

    page = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [i for i in SHIPPED if f"| `{i}` |" not in page] == []
    keys = load._FORM_KEYS | load._SECTION_KEYS | load._ITEM_KEYS | load._TABLE_KEYS
    assert [k for k in sorted(keys) if f"`{k}" not in page and f".{k}]]`" not in page and f"[[{k}]]" not in page] == []
