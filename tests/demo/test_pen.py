"""The demo's hand edits Word files the way Word does."""

import re

import pytest
from lxml import etree

from mailflow.demo.pen import fill_in
from outbox.forms.word import fill_form
from tests.outbox.word_scene import BODY, FOLDERS, SECRET, W, answer_of, control, make_scene, page_of, read_part, read_tree

SCENE = make_scene()
SENT = fill_form(SCENE, SCENE.form, FOLDERS, SECRET).data
ANSWERS = {"voice.evidence": "First paragraph,\nsecond line.\n\nSecond paragraph & <more>.", "voice.pre": "Good",
           "header.met": "17/06/2026", "header.started": "early June", "concern.told": "Tom Manager, 01632 960001"}
ROWS = {"actions": [{"text": f"Action {n}", "owner": "Pat", "due": "10/07/2026"} for n in range(1, 9)]}


def test_typing_takes_the_prompt_away_and_leaves_untouched_boxes_alone() -> None:
    tree = read_tree(fill_in(SENT, ANSWERS))
    for field, text in ANSWERS.items():
        box = control(tree, f"mf:{field}")
        assert answer_of(tree, field) == text.replace("\n\n", "\n")
        assert box.find(f"{W}sdtPr/{W}showingPlcHdr") is None
        assert box.find(f"{W}sdtContent//{W}rStyle") is None
    assert answer_of(tree, "voice.strengths") == "Type strengths here"
    assert control(tree, "mf:voice.strengths").find(f"{W}sdtPr/{W}showingPlcHdr") is not None


def test_enter_wraps_the_whole_cell_as_word_does_and_shift_enter_breaks_the_line() -> None:
    box = control(read_tree(fill_in(SENT, ANSWERS)), "mf:voice.evidence")
    cell = box.find(f"{W}sdtContent/{W}tc")
    assert box.getparent().tag == f"{W}tr"
    assert len(cell.findall(f"{W}p")) == 2
    assert len(list(cell.iter(f"{W}br"))) == 1


def test_a_day_that_is_picked_is_stored_and_words_are_not() -> None:
    tree = read_tree(fill_in(SENT, ANSWERS))
    days = [control(tree, f"mf:header.{f}").find(f"{W}sdtPr/{W}date").get(f"{W}fullDate") for f in ("met", "started")]
    assert days == ["2026-06-17T00:00:00Z", None]


def test_rows_are_added_by_copying_the_last_and_keep_tags_of_their_own() -> None:
    tree = read_tree(fill_in(SENT, {}, ROWS))
    assert [answer_of(tree, f"actions.{n}.text") for n in range(1, 9)] == [f"Action {n}" for n in range(1, 9)]
    ids = [i.get(f"{W}val") for i in tree.iter(f"{W}id")]
    assert len(ids) == len(set(ids))


def test_a_second_edit_types_over_the_first() -> None:
    once = fill_in(SENT, ANSWERS, ROWS)
    tree = read_tree(fill_in(once, {"voice.evidence": "Only this.", "voice.pre": ""}))
    assert answer_of(tree, "voice.evidence") == "Only this."
    assert answer_of(tree, "voice.pre") == ""
    assert answer_of(tree, "actions.8.text") == "Action 8"


def test_typed_has_no_boxes_of_ours_left_but_labels_and_bookmarks() -> None:
    xml = read_part(fill_in(SENT, ANSWERS, ROWS, shape="typed")).decode()
    assert 'w:val="mf:' not in xml
    assert 'w:name="mf_voice_evidence"' in xml
    assert "label:voice.evidence" in xml


def test_plain_has_nothing_left_but_what_is_printed() -> None:
    plain = fill_in(SENT, ANSWERS, ROWS, shape="plain")
    assert not re.search(rb"<w:sdt|bookmark|mf:", read_part(plain))
    assert page_of(read_tree(plain)) == page_of(read_tree(fill_in(SENT, ANSWERS, ROWS)))


def test_every_cell_still_ends_in_a_paragraph() -> None:
    """Word calls a document damaged whose cells do not."""
    for shape in ("controls", "typed", "plain"):
        tree = read_tree(fill_in(SENT, ANSWERS, ROWS, shape=shape))
        assert all(cell[-1].tag == f"{W}p" for cell in tree.iter(f"{W}tc"))


def test_the_rest_of_the_package_is_untouched_and_minutes_are_words_own() -> None:
    filled = fill_in(SENT, ANSWERS, minutes=95)
    assert read_part(filled, "docProps/custom.xml") == read_part(SENT, "docProps/custom.xml")
    assert read_part(filled, BODY) != read_part(SENT, BODY)
    app = read_tree(filled, "docProps/app.xml")
    assert [e.text for e in app if etree.QName(e).localname == "TotalTime"] == ["95"]


def test_a_field_the_form_does_not_have_is_the_demos_mistake() -> None:
    with pytest.raises(KeyError, match=r"mf:voice\.nothing"):
        fill_in(SENT, {"voice.nothing": "x"})
    with pytest.raises(KeyError):
        fill_in(SENT, {}, {"acts": [{"text": "x"}]})
