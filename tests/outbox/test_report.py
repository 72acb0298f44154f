"""The audit report: a tagged PDF for a manager, whatever an auditor typed (DOC-06, HR-05, HR-08, HR-11)."""

import io
import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailflow.errors import ConfigError
from mailflow.form.definition import Part
from mailflow.framework import framework_folders
from mailflow.model import Document, Parties
from mailflow.scene import Scene
from outbox.pages.report import render_report
from tests.outbox.document_scene import ROW, elements, make_scene, pages_of, submission_of, text_of, with_answer

FOLDERS = framework_folders("framework-2023")
SECRET = "the lodger hits him"


def render(scene: Scene) -> Document:
    return render_report(scene, submission_of(scene), FOLDERS)


def say(text: str) -> str:
    return text_of(render(make_scene({"voice.evidence": text})))


def test_the_name_carries_the_reference_alone() -> None:
    made = render(make_scene())
    assert (made.name, made.kind) == ("audit-report-2606-001C.pdf", "application/pdf")
    assert made.data.startswith(b"%PDF-")


def test_the_document_says_its_title_language_author_and_standards() -> None:
    pdf = pikepdf.open(io.BytesIO(render(make_scene()).data))
    assert bool(pdf.Root.MarkInfo.Marked)
    assert str(pdf.Root.Lang) == "en-GB"
    assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
    with pdf.open_metadata() as meta:
        assert "Audit report" in str(meta["dc:title"])
        assert "Northmoor Council" in str(meta["dc:creator"])
        assert str(meta["pdfuaid:part"]) == "1"
        assert (str(meta["pdfaid:part"]), str(meta["pdfaid:conformance"])) == ("2", "A")


def test_headings_are_real_and_start_with_the_title() -> None:
    levels = [tag for tag, _ in elements(render(make_scene())) if re.fullmatch(r"H\d", tag)]
    assert levels[0] == "H1" and levels.count("H1") == 1
    assert levels.count("H2") >= 5
    assert levels.count("H3") >= 10, "each of the ten areas has a heading of its own"
    depth = [int(level[-1]) for level in levels]
    assert all(b - a <= 1 for a, b in pairwise(depth)), "no level is left out"


def test_every_heading_of_a_table_says_what_it_heads() -> None:
    heads = [scope for tag, scope in elements(render(make_scene())) if tag == "TH"]
    assert len(heads) == 3 + 4
    assert set(heads) == {"Column"}


def test_a_manager_finds_who_what_and_when_on_the_first_page() -> None:
    first = " ".join(pages_of(render(make_scene()))[0].split())
    for wanted in ("2606-001C", "N-40117", "CIN", "North", "June 2026", "Will Fern", "Tess Moor", "Ada Lowe",
                   "Saturday 20 June 2026", "Tuesday 23 June 2026", "Overall grade Good"):
        assert wanted in first, wanted


def test_grades_are_words_before_and_after_the_conversation() -> None:
    scene = make_scene({"planning.pre": "inadequate", "planning.post": "requires_improvement"})
    assert "Planning Inadequate Requires improvement" in text_of(render(scene))


def test_a_part_nobody_plays_costs_nothing() -> None:
    scene = replace(make_scene(), parties=Parties({}))
    assert "Practitioner: Not in the directory" in text_of(render(scene))


def count_paragraphs(evidence: str) -> int:
    return [tag for tag, _ in elements(render(with_answer(make_scene(), "voice.evidence", evidence)))].count("P")


def test_paragraphs_stay_apart() -> None:
    assert count_paragraphs("First.\nSecond.\r\n\r\nThird.") == count_paragraphs("First. Second. Third.") + 2


def test_every_action_has_its_owner_and_day_in_one_table() -> None:
    scene = make_scene(rows=(ROW, {"text": "Visit the father", "owner": "", "due": "as soon as possible"}))
    text = text_of(render(scene))
    assert "1 Bring the chronology up to date Social worker 20/07/2026" in text
    assert "2 Visit the father Not given as soon as possible" in text


def test_the_action_table_repeats_its_heading_on_every_page() -> None:
    pages = pages_of(render(make_scene(rows=(ROW,) * 80)))
    with_rows = [" ".join(p.split()) for p in pages if "Bring the chronology" in p]
    assert len(with_rows) >= 3
    assert all("Action By whom By when" in page for page in with_rows)


def test_every_page_says_which_of_how_many() -> None:
    pages = pages_of(render(make_scene(rows=(ROW,) * 60)))
    for number, page in enumerate(pages, 1):
        assert f"Page {number} of {len(pages)}" in page


def test_the_marking_stands_at_the_head_and_foot_of_every_page_where_it_is_set() -> None:
    for page in pages_of(render(make_scene(marking="OFFICIAL-SENSITIVE"))):
        assert page.count("OFFICIAL-SENSITIVE") == 2
    assert "OFFICIAL" not in text_of(render(make_scene()))


def test_a_concern_is_never_described() -> None:
    """The report goes to people who need not know; what was said about the concern went to those who must."""
    scene = make_scene({"concern.now": "yes", "concern.told": SECRET, "concern.when": "Monday, to Zebedee"})
    text = text_of(render(scene))
    assert SECRET not in text and "Zebedee" not in text


def test_a_form_nobody_filled_in_still_makes_a_report() -> None:
    text = text_of(render(make_scene(blank=True, rows=())))
    assert "No actions were agreed." in text
    assert text.count("Not given") >= 20


@pytest.mark.parametrize("words", [
    "*bold* _thin_ $x^2$ #set page(width: 1cm) #read(\"/etc/passwd\") @ref <label> `code` [x] \\ ~ -- // not a comment",
    "= Not a heading", "- not a list", "#import \"@preview/cetz:0.3.0\": *", "{{ 7*7 }} </p><script>", "\" } , \\u0041",
])
def test_what_an_auditor_types_is_never_markup(words: str) -> None:
    assert " ".join(words.split()) in say(words)


@pytest.mark.parametrize("words", [
    "seen ✓ and ✔ and ≥ 3 visits", "a smile 😀", "thumbs 👍🏽", "Zoë Łukasz Ñandú", "אמא", "Ελένη Юрій", "½ £ € …"])
def test_what_the_fonts_have_is_printed(words: str) -> None:
    text = say(words)
    assert words in text
    assert "□" not in text


def test_arabic_is_shown_with_real_letters() -> None:
    """Extraction gives the letters in the order they are drawn; that they are there, and no box, is what counts."""
    text = say("قال الطفل")
    assert "□" not in text and set("قالطف") <= set(text)


@pytest.mark.parametrize(("words", "boxes"), [
    ("他说 hello", 2), ("tick \uf0fc done", 1), ("ballot \U0001f5f9 done", 1), ("half \ud800 done", 1)])
def test_what_the_fonts_lack_is_a_box_and_is_noted(words: str, boxes: int) -> None:
    text = say(words)
    # The note itself shows one box.
    assert text.count("□") == boxes + 1
    assert f"{boxes} character" in text
    assert words.split()[-1] in text


@pytest.mark.parametrize("odd", ["\x00", "\x07", "\x1b", "\x7f", "\x85", "\ufeff", "\ufffe", "\uffff", "\u202e", "\u2066",
                                 "\u2028", "\u00ad", "\u200d", "\ufe0f", "\U000e0041", "\U0010ffff"])
def test_no_unseen_character_costs_the_report(odd: str) -> None:
    text = say(f"before {odd} after")
    assert "before" in text and "after" in text


def test_odd_characters_do_no_harm_outside_the_answers_either() -> None:
    scene = make_scene(rows=({"text": "text 他\uf0fc", "owner": "own\uffffer", "due": "so\x00on"},), marking="秘 \uf0fc")
    scene = replace(scene, case=replace(scene.case, team="North 他"), council=replace(scene.council, name="Northmoor 他"))
    assert "North □" in text_of(render(scene))


def test_a_report_is_not_spoilt_by_the_one_before() -> None:
    render(make_scene({"voice.evidence": "".join(map(chr, range(0xA000, 0xA000 + 700))) + "😀"}))
    assert "fox 🦊" in say("fox 🦊")


def test_a_word_longer_than_the_page_is_broken() -> None:
    text = say("x" * 900)
    assert text.replace("\u200b", "").replace(" ", "").count("x" * 900) == 1


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=60))
def test_no_text_at_all_costs_the_report(words: str) -> None:
    assert render(make_scene({"voice.evidence": words, "overall.summary": words})).data.startswith(b"%PDF-")


def test_the_same_audit_gives_the_same_report() -> None:
    assert text_of(render(make_scene())) == text_of(render(make_scene()))


def test_a_layout_that_is_nowhere_is_named(tmp_path: Path) -> None:
    scene = make_scene()
    with pytest.raises(ConfigError, match=r"report\.typ"):
        render_report(scene, submission_of(scene), (tmp_path,))


def test_a_question_left_blank_says_so() -> None:
    text = text_of(render(make_scene(blank=True, rows=())))
    assert "Overall grade Not given" in text and "Grade: Not given" in text
    assert text.count("Not answered.") >= 11


def test_a_section_for_other_categories_is_not_in_the_report() -> None:
    scene = make_scene()
    sections = tuple(replace(s, categories=("LAC",)) if s.id == "partners" else s for s in scene.form.sections)
    assert "Working with other agencies" not in text_of(render(replace(scene, form=replace(scene.form, sections=sections))))


def test_several_questions_of_one_section_keep_their_labels() -> None:
    scene = make_scene({"voice.more": "Twice, alone."})
    voice = scene.form.section("voice")
    more = replace(voice.by_part(Part.EVIDENCE)[0], id="voice.more", label="How often was the child seen?")
    sections = tuple(replace(s, fields=(*s.fields, more)) if s is voice else s for s in scene.form.sections)
    text = text_of(render(replace(scene, form=replace(scene.form, sections=sections))))
    assert "How often was the child seen? Twice, alone." in text
