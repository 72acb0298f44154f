"""Filling a form: exact, escaped, fast path equal to docxtpl's own, and complaints that name the document."""

import io
import re
import zipfile
from dataclasses import replace

import pytest
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined
from jinja2.sandbox import SandboxedEnvironment
from lxml import etree

from mailflow.errors import ConfigError
from mailflow.form.passport import find_passport, is_ours
from mailflow.model import Answer, Parties, Person, Reading, Status
from outbox.blank import parts as blank_parts
from outbox.blank.word_form import build_template
from outbox.forms.values import make_values
from outbox.forms.word import fill_form, find_word_form, refill
from tests.outbox.word_scene import (
    BODY,
    CHECKED_IN,
    FOLDERS,
    SECRET,
    W,
    answer_of,
    control,
    make_form,
    make_scene,
    page_of,
    read_part,
    read_tree,
    replace_part,
    text_of,
    write_form_toml,
)


def _fill(scene=None) -> bytes:
    scene = scene or make_scene()
    return fill_form(scene, scene.form, FOLDERS, SECRET).data


def _canonical(xml: bytes) -> bytes:
    return etree.tostring(etree.fromstring(xml), method="c14n")


def test_the_header_says_whose_audit_it_is_and_by_when() -> None:
    tree = read_tree(_fill())
    wanted = {
        "reference": "2606-001K", "case_number": "4410072", "category": "CP", "team": "Assessment Team 2",
        "practitioner": "Pat Practitioner", "auditor": "Asha Auditor", "due": "Tuesday 30 June 2026",
        "period": "Monday 1 December 2025 to Monday 1 June 2026"}
    assert {item: answer_of(tree, f"header.{item}") for item in wanted} == wanted
    assert "Northmoor Council" in page_of(tree)


def test_the_document_is_named_by_reference_alone() -> None:
    scene = make_scene()
    document = fill_form(scene, scene.form, FOLDERS, SECRET)
    assert document.name == "Audit form 2606-001K.docx"
    assert document.kind == "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def test_the_passport_stands_in_all_three_places_and_is_ours() -> None:
    data = _fill()
    core = read_tree(data, "docProps/core.xml")
    texts = [e.text for e in core if etree.QName(e).localname in ("identifier", "keywords")]
    texts += [p[0].text for p in read_tree(data, "docProps/custom.xml") if p.get("name") == "mailflow"]
    assert len(texts) == 3
    for text in texts:
        passport = find_passport(text)
        assert passport is not None and is_ours(SECRET, passport)
        assert (passport.ref, passport.form, passport.edition) == ("2606-001K", "base-10", "1")


def test_the_marking_is_printed_above_and_below_where_there_is_one_and_nowhere_else() -> None:
    for marking in ("OFFICIAL-SENSITIVE", ""):
        data = _fill(make_scene(marking=marking))
        for part in ("word/header1.xml", "word/footer1.xml"):
            assert page_of(read_tree(data, part)).count("OFFICIAL-SENSITIVE") == bool(marking)
    footer = text_of(read_tree(data, "word/footer1.xml"))
    assert "Reference 2606-001K" in footer
    assert "Page 1 of 1" in footer  # the fields' stored numbers; Word and LibreOffice count afresh


@pytest.mark.parametrize("team", [
    "Team 2", "Fish & Chips <Team> \"2\"", "First line\nSecond\tline\r\nThird", "{{ 7*7 }} {% if 1 %} {# x #}",
    "{{ cycler.__init__.__globals__.os.getcwd() }}", "Ünïcödé ✓ 🙂 עברית", "{_{ kept }_}"])
def test_the_fast_path_gives_what_docxtpl_gives(team: str) -> None:
    """Same template, same values, docxtpl reopening it: document, header and footer are equal as canonical XML."""
    scene = make_scene(marking="OFFICIAL", team=team)
    values = make_values(scene, scene.form, SECRET)
    slow = DocxTemplate(io.BytesIO(CHECKED_IN.read_bytes()))
    slow.render(values, jinja_env=SandboxedEnvironment(autoescape=True, undefined=StrictUndefined))
    saved = io.BytesIO()
    slow.save(saved)
    fast = _fill(scene)
    for part in (BODY, "word/header1.xml", "word/footer1.xml"):
        theirs = _canonical(read_part(saved.getvalue(), part))
        if team.startswith("{_{"):  # docxtpl rewrites its own escape in what people typed; we leave people's text alone
            theirs = theirs.replace(b"{{ kept }}", b"{_{ kept }_}")
        assert _canonical(read_part(fast, part)) == theirs


def test_what_xml_cannot_hold_is_dropped_and_expressions_come_out_as_text() -> None:
    tree = read_tree(_fill(make_scene(team="A\x00B\x0bC\ufffeD\ud800E {{ 7*7 }}")))
    assert answer_of(tree, "header.team") == "ABCDE {{ 7*7 }}"


def test_a_line_break_in_a_value_is_a_line_break_on_the_page() -> None:
    tree = read_tree(_fill(make_scene(team="Team 2\nNorth\tWing")))
    assert answer_of(tree, "header.team") == "Team 2\nNorth\tWing"


def test_every_package_opens_and_the_same_audit_gives_the_same_bytes() -> None:
    data = _fill()
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        assert opened.testzip() is None
        names = opened.namelist()
    assert names[0] == "[Content_Types].xml"
    assert len(names) == len(set(names))
    assert _fill() == data
    assert "vba" not in " ".join(names).lower()


def test_no_brace_of_the_template_is_left_on_the_page() -> None:
    for part in (BODY, "word/header1.xml", "word/footer1.xml", "docProps/core.xml", "docProps/custom.xml"):
        assert not re.search(rb"\{\{|\{%|\{#", read_part(_fill(make_scene(marking="X")), part))


def test_an_auditor_who_is_not_in_the_directory_is_printed_by_address() -> None:
    scene = replace(make_scene(), parties=Parties({"practitioner": (Person("p@northmoor.example", "Pat"),)}))
    assert answer_of(read_tree(_fill(scene)), "header.auditor") == "asha.auditor@northmoor.example"


def _restyled(folder, change) -> None:
    """The council's own document in a nearer folder: the checked-in one, changed."""
    (folder / "documents").mkdir()
    body = change(read_part(CHECKED_IN.read_bytes()).decode()).encode()
    # As Word saves it when nothing of ours but tags and bookmarks is in it: no custom properties at all.
    parts: dict[str, bytes | None] = {
        BODY: body, "docProps/custom.xml": None, "_rels/.rels": blank_parts.PACKAGE_RELS.encode(),
        "[Content_Types].xml": blank_parts.CONTENT_TYPES.encode()}
    (folder / "documents" / "base-10.docx").write_bytes(replace_part(CHECKED_IN.read_bytes(), parts))


def test_a_councils_restyled_document_wins_and_still_gets_its_passport(tmp_path) -> None:
    _restyled(tmp_path, lambda xml: xml.replace("{{ council }}", "{{ council }} at its best"))
    scene = make_scene()
    data = fill_form(scene, scene.form, (tmp_path, *FOLDERS), SECRET).data
    assert "Northmoor Council at its best" in page_of(read_tree(data))
    assert b"mailflow-form:1;ref=2606-001K" in read_part(data, "docProps/custom.xml")


def test_a_restyled_document_is_read_again_when_it_changes(tmp_path) -> None:
    _restyled(tmp_path, lambda xml: xml.replace("{{ council }}", "{{ council }} one"))
    scene = make_scene()
    fill_form(scene, scene.form, (tmp_path, *FOLDERS), SECRET)
    path = tmp_path / "documents" / "base-10.docx"
    path.write_bytes(replace_part(path.read_bytes(), {
        BODY: read_part(path.read_bytes()).replace(b"{{ council }} one", b"{{ council }} number two")}))
    data = fill_form(scene, scene.form, (tmp_path, *FOLDERS), SECRET).data
    assert "Northmoor Council number two" in page_of(read_tree(data))


@pytest.mark.parametrize(("old", "new", "complaint"), [
    ("{{ council }}", "{{ councli }}", "'councli' is undefined"),
    ("{{ council }}", "{{ council", "."),
    ("{{ council }}", "{{ ''.__class__.__mro__ }}", "unsafe"),
    ('w:val="mf:voice.evidence"', 'w:val="mf:gone"', "mf:voice.evidence"),
])
def test_a_document_that_cannot_work_is_refused_by_name_when_it_is_loaded(tmp_path, old, new, complaint) -> None:
    _restyled(tmp_path, lambda xml: xml.replace(old, new))
    scene = make_scene()
    with pytest.raises(ConfigError, match=complaint) as caught:
        fill_form(scene, scene.form, (tmp_path, *FOLDERS), SECRET)
    assert str(tmp_path / "documents" / "base-10.docx") in str(caught.value)


def test_a_name_that_is_only_printed_now_and_then_is_refused_by_name_when_its_day_comes(tmp_path) -> None:
    _restyled(tmp_path, lambda xml: xml.replace(
        "{{ council }}", "{{ council if council == 'sample' else councli }}"))
    scene = make_scene()
    with pytest.raises(ConfigError, match=r"base-10\.docx: 'councli' is undefined"):
        fill_form(scene, scene.form, (tmp_path, *FOLDERS), SECRET)


def test_a_damaged_document_is_refused_by_name(tmp_path) -> None:
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "base-10.docx").write_bytes(CHECKED_IN.read_bytes()[:5000])
    with pytest.raises(ConfigError, match=r"base-10\.docx"):
        find_word_form(make_form(), (tmp_path, *FOLDERS))


OTHER_FORM = """
id = "base-10"
edition = "2"
title = "A {{ short }} form & more"
[[sections]]
id = "header"
title = "About"
[[sections.items]]
id = "reference"
label = "Reference"
kind = "text"
prefilled = true
[[sections]]
id = "care-plan"
title = "Only for children looked after"
categories = ["LAC"]
domain = true
[[sections.items]]
id = "seen"
label = "Was {% the %} plan seen?"
kind = "choice"
choices = ["Yes", "No"]
hint = "Look under Plans"
"""


def test_a_council_that_only_edits_the_questions_gets_a_form_of_its_own(tmp_path) -> None:
    """No Word document beside its form.toml: one is made; its braces are text, and sections follow the category."""
    form = write_form_toml(tmp_path, OTHER_FORM)
    for category, shown in (("LAC", True), ("CP", False)):
        scene = make_scene(form, category=category)
        tree = read_tree(fill_form(scene, form, (tmp_path, *FOLDERS), SECRET).data)
        assert "A {{ short }} form & more" in page_of(tree)
        assert ("Was {% the %} plan seen?" in page_of(tree)) is shown
        assert ("Look under Plans" in page_of(tree)) is shown
        assert answer_of(tree, "header.reference") == "2606-001K"


def test_a_prefilled_question_nobody_can_fill_is_named(tmp_path) -> None:
    form = write_form_toml(tmp_path, OTHER_FORM.replace('id = "reference"', 'id = "shoe_size"'))
    scene = make_scene(form)
    with pytest.raises(ConfigError, match=r"header\.shoe_size"):
        fill_form(scene, form, (tmp_path,), SECRET)


def test_answers_of_an_earlier_form_are_carried_into_a_fresh_one() -> None:
    def said(field: str, text: str, value: str | None = None) -> Answer:
        return Answer(field, text, value=value)

    rows = tuple({"text": said(f"actions.{n}.text", f"Action {n}"), "owner": said(f"actions.{n}.owner", "Pat")}
                 for n in range(1, 9))
    reading = Reading(Status.READABLE, rows={"actions": rows}, answers={
        "voice.evidence": said("voice.evidence", "Seen & heard\n{{ 7*7 }} <b>\x00"),
        "voice.pre": said("voice.pre", "RI", "requires_improvement"),
        "header.started": said("header.started", "3rd June 2026", "2026-06-03"),
        "header.reference": said("header.reference", "2501-999Z"),
        "concern.now": said("concern.now", "Yes", "yes")})
    scene = make_scene()
    document = refill(scene, scene.form, FOLDERS, SECRET, reading)
    tree = read_tree(document.data)
    assert answer_of(tree, "voice.evidence") == "Seen & heard\n{{ 7*7 }} <b>"
    assert answer_of(tree, "voice.pre") == "Requires improvement"
    assert answer_of(tree, "header.started") == "03/06/2026"
    assert control(tree, "mf:header.started").find(f"{W}sdtPr/{W}date").get(f"{W}fullDate") == "2026-06-03T00:00:00Z"
    assert control(tree, "mf:voice.evidence").find(f"{W}sdtPr/{W}showingPlcHdr") is None
    assert control(tree, "mf:voice.strengths").find(f"{W}sdtPr/{W}showingPlcHdr") is not None
    # The reference is this audit's own, and whether a child is at risk now is asked afresh.
    assert answer_of(tree, "header.reference") == "2606-001K"
    assert answer_of(tree, "concern.now") == "Choose Yes or No"
    assert [answer_of(tree, f"actions.{n}.text") for n in range(1, 9)] == [f"Action {n}" for n in range(1, 9)]
    assert answer_of(tree, "actions.8.due") == "Choose a date"
    ids = [i.get(f"{W}val") for i in tree.iter(f"{W}id")]
    assert len(ids) == len(set(ids))


def test_a_form_with_fewer_questions_does_not_disturb_the_whole_one(tmp_path) -> None:
    form = write_form_toml(tmp_path, OTHER_FORM)
    whole, cut = form, form.for_category("CP")
    for wanted in (whole, cut, whole):
        assert find_word_form(wanted, (tmp_path,)).form == wanted
    assert len(build_template(cut)) < len(build_template(whole))
