"""The blank form: what a person sees, what a machine needs to find, what a screen reader says."""

import subprocess
import sys

import pytest

from mailflow.errors import ConfigError
from mailflow.form.definition import Kind
from outbox.blank import parts as blank_parts
from outbox.blank.word_form import build_template
from outbox.forms.packing import read_members
from tests.outbox.word_scene import (
    CHECKED_IN,
    FORM_TOML,
    W,
    control,
    make_form,
    page_of,
    read_part,
    read_tree,
    text_of,
    write_form_toml,
)

FORM = make_form()
BLANK = build_template(FORM)
TREE = read_tree(BLANK)


def test_the_checked_in_document_is_what_its_form_makes_today() -> None:
    """Renew it with: python -m outbox.blank.word_form templates/base/form.toml templates/base/documents/base-10.docx"""
    fresh = {m.name: m.unpack() for m in read_members(BLANK)}
    assert {m.name: m.unpack() for m in read_members(CHECKED_IN.read_bytes())} == fresh


def test_the_command_writes_the_same_bytes(tmp_path) -> None:
    out = tmp_path / "form.docx"
    subprocess.run([sys.executable, "-m", "outbox.blank.word_form", str(FORM_TOML), str(out)], check=True,
                   cwd=FORM_TOML.parents[2])
    assert out.read_bytes() == BLANK


def test_every_answer_has_its_tag_once_and_its_box_stands_inside_its_cell() -> None:
    tags = [f.tag for f in FORM.fields]
    tags += [t.cell_tag(n, c) for t in FORM.tables for n in range(1, t.rows + 1) for c in t.columns]
    assert len(tags) == len(set(tags))
    for tag in tags:
        box = control(TREE, tag)
        assert box.getparent().tag == f"{W}p"
        assert box.find(f".//{W}tc") is None


def test_every_label_is_bookmarked_once_and_locked() -> None:
    for field in (*FORM.fields, *(c for t in FORM.tables for c in t.columns)):
        marks = [b for b in TREE.iter(f"{W}bookmarkStart") if b.get(f"{W}name") == field.bookmark]
        assert len(marks) == 1
        label = marks[0].getnext()
        assert text_of(label) == field.label
        assert label.find(f"{W}sdtPr/{W}lock").get(f"{W}val") == "sdtContentLocked"


def test_control_ids_and_bookmark_ids_are_all_different() -> None:
    ids = [i.get(f"{W}val") for i in TREE.iter(f"{W}id")]
    assert len(ids) == len(set(ids))
    marks = [b.get(f"{W}id") for b in TREE.iter(f"{W}bookmarkStart")]
    assert len(marks) == len(set(marks))


def test_the_document_is_not_protected_and_what_is_ours_is_locked_box_by_box() -> None:
    assert b"documentProtection" not in b"".join(m.unpack() for m in read_members(BLANK))
    locks = {f.id: control(TREE, f.tag).find(f"{W}sdtPr/{W}lock") for f in FORM.fields}
    assert {i for i, lock in locks.items() if lock is not None} == {f.id for f in FORM.fields if f.prefilled}
    assert {lock.get(f"{W}val") for lock in locks.values() if lock is not None} == {"contentLocked"}


def test_grades_are_chosen_dates_are_picked_and_prompts_are_shown() -> None:
    for field in FORM.fields:
        props = control(TREE, field.tag).find(f"{W}sdtPr")
        shown = [i.get(f"{W}displayText") for i in props.iter(f"{W}listItem")]
        if field.kind is Kind.GRADE:
            assert shown == ["Outstanding", "Good", "Requires improvement", "Inadequate", "Not applicable"]
        elif field.kind is Kind.CHOICE:
            assert tuple(shown) == field.choices
        else:
            assert shown == []
        if field.kind is Kind.DATE:
            assert props.find(f"{W}date/{W}dateFormat").get(f"{W}val") == "dd/MM/yyyy"
            assert props.find(f"{W}date/{W}lid").get(f"{W}val") == "en-GB"
        assert (props.find(f"{W}showingPlcHdr") is None) == field.prefilled
        if not field.prefilled:
            run = control(TREE, field.tag).find(f".//{W}r")
            assert text_of(run) == field.prompt
            assert run.find(f"{W}rPr/{W}rStyle").get(f"{W}val") == "PlaceholderText"


def test_a_child_at_risk_comes_first_and_the_instructions_come_once_before_the_questions() -> None:
    page = page_of(TREE)
    places = [page.index(text) for text in (
        FORM.title, "Is a child at risk now?", "How to fill in this form", "About this audit", "What the record shows")]
    assert places == sorted(places)
    for line in FORM.instructions:
        assert page.count(line) == 1


def test_sections_are_real_headings_and_key_lines_stand_under_theirs() -> None:
    paragraphs = [(p.findtext(f"{W}pPr/{W}pStyle") or p.find(f"{W}pPr/{W}pStyle").get(f"{W}val"), text_of(p))
                  for p in TREE.iter(f"{W}p")]
    for section in FORM.sections:
        assert ("Heading2" if section.domain else "Heading1", section.title) in paragraphs
        if section.lines:
            place = paragraphs.index(("Heading2", section.title))
            under = paragraphs[place + 1: place + 1 + len(section.lines)]
            assert under == [("ListBullet", line) for line in section.lines]


def test_a_screen_reader_finds_titles_language_and_repeated_heading_rows() -> None:
    for table in TREE.iter(f"{W}tbl"):
        assert table.find(f"{W}tblPr/{W}tblCaption").get(f"{W}val")
        assert table.find(f"{W}tblPr/{W}tblDescription").get(f"{W}val")
    actions = control(TREE, "mf:actions.1.text").iterancestors(f"{W}tbl")
    first, *others = next(actions).findall(f"{W}tr")
    assert first.find(f"{W}trPr/{W}tblHeader") is not None
    assert len(others) == 6
    assert all(r.find(f"{W}trPr/{W}cantSplit") is not None for r in (first, *others))
    styles = read_tree(BLANK, "word/styles.xml")
    assert styles.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr/{W}lang").get(f"{W}val") == "en-GB"
    core = read_part(BLANK, "docProps/core.xml").decode()
    assert "<dc:language>en-GB</dc:language>" in core
    assert f"<dc:title>{FORM.title}" in core


def test_no_cell_is_merged_and_every_row_has_room_to_write() -> None:
    assert not list(TREE.iter(f"{W}gridSpan", f"{W}vMerge", f"{W}hMerge"))
    for row in TREE.iter(f"{W}tr"):
        assert row.find(f"{W}trPr/{W}trHeight").get(f"{W}hRule") == "atLeast"
    evidence = next(control(TREE, "mf:voice.evidence").iterancestors(f"{W}tr"))
    assert int(evidence.find(f"{W}trPr/{W}trHeight").get(f"{W}val")) >= 2000


def test_nothing_is_smaller_than_eleven_point() -> None:
    for name in ("word/styles.xml", "word/document.xml", "word/header1.xml", "word/footer1.xml"):
        for size in read_tree(BLANK, name).iter(f"{W}sz"):
            if size.getparent().tag == f"{W}rPr":
                assert int(size.get(f"{W}val")) >= 22


@pytest.mark.parametrize(("ink", "paper", "least"), [
    (blank_parts.ACCENT, "FFFFFF", 4.5), ("FFFFFF", blank_parts.ACCENT, 4.5), (blank_parts.PROMPT, "FFFFFF", 4.5),
    (blank_parts.INK, blank_parts.TINT, 4.5), (blank_parts.LINE, "FFFFFF", 3.0)])
def test_colours_can_be_told_apart(ink: str, paper: str, least: float) -> None:
    lighter, darker = sorted((_luminance(ink), _luminance(paper)), reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= least


def _luminance(colour: str) -> float:
    parts = [int(colour[i: i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_two_fields_that_would_share_a_bookmark_are_refused(tmp_path) -> None:
    long = "a" * 45
    form = write_form_toml(tmp_path, f"""
id = "f"
edition = "1"
title = "F"
[[sections]]
id = "s"
title = "S"
[[sections.items]]
id = "{long}1"
label = "One"
kind = "text"
[[sections.items]]
id = "{long}2"
label = "Two"
kind = "text"
""")
    with pytest.raises(ConfigError, match="share the bookmark"):
        build_template(form)
