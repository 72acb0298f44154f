"""Comments in the auditor's own document: at the very fields, hiding nothing, ours replaced, theirs kept."""

import io
import shutil
import subprocess
import zipfile
from datetime import UTC, datetime

import pytest
from lxml import etree

from mailflow.demo.pen import fill_in
from mailflow.errors import PermanentError
from mailflow.form.passport import COMMENT_INITIALS
from mailflow.model import Point
from outbox.annotate.comments import annotate
from outbox.forms.word import fill_form
from tests.outbox.word_scene import (
    BODY,
    FOLDERS,
    SECRET,
    W,
    answer_of,
    make_scene,
    page_of,
    read_part,
    read_tree,
    replace_part,
    text_of,
)

SCENE = make_scene()
FORM = SCENE.form
AT = datetime(2026, 6, 30, 9, 0, tzinfo=UTC)
AUTHOR = "Quality Assurance team"
EVIDENCE = "Seen alone on 4 May & heard.\n\nThe visit due in April was missed <see supervision>."
ANSWERS = {"voice.evidence": EVIDENCE, "voice.pre": "Good", "planning.evidence": "One paragraph.", "header.met": "17/06/2026"}
ROWS = {"actions": [{"text": f"Action {n}", "owner": "Pat", "due": "10/07/2026"} for n in range(1, 9)]}
POINTS = (
    Point(1, "Please say what this shows for the child.", fields=("voice.evidence",)),
    Point(2, "Give a grade after the conversation.", fields=("voice.post", "planning.post")),
    Point(3, "Say who will do this, by name or role.", fields=("actions.7.owner",)),
    Point(4, "Please check the whole form for names.", fields=()),
    Point(5, "Nobody knows this field.", fields=("no.such", "actions.99.owner")),
)
BLANK = fill_form(SCENE, FORM, FOLDERS, SECRET).data


def _returned(shape: str = "controls") -> bytes:
    return fill_in(BLANK, ANSWERS, ROWS, shape=shape)


def _annotated(document: bytes, points: tuple[Point, ...] = POINTS) -> bytes:
    return annotate(document, points, FORM, AUTHOR, AT)


def _comments(document: bytes) -> dict[str, str]:
    """Id → words."""
    return {c.get(f"{W}id"): text_of(c) for c in read_tree(document, "word/comments.xml")}


def _around(document: bytes) -> dict[str, str]:
    """What a comment says → the text it stands round."""
    tree = read_tree(document)
    out: dict[str, str] = {}
    for number, words in _comments(document).items():
        start = next(e for e in tree.iter(f"{W}commentRangeStart") if e.get(f"{W}id") == number)
        inside, e = "", start.getnext()
        while not (e.tag == f"{W}commentRangeEnd" and e.get(f"{W}id") == number):
            inside, e = inside + text_of(e), e.getnext()
        out[words] = out[words] + " | " + inside if words in out else inside
    return out


@pytest.mark.parametrize("shape", ["controls", "typed", "plain"])
def test_each_point_stands_at_its_own_field(shape: str) -> None:
    around = _around(_annotated(_returned(shape)))
    assert around["1. Please say what this shows for the child."] == "What you saw, and what it shows"
    assert around["2. Give a grade after the conversation."] == "Grade after the conversation | Grade after the conversation"
    assert around["3. Say who will do this, by name or role."] == "Pat"
    assert around["4. Please check the whole form for names."] == "Case file audit"


@pytest.mark.parametrize("shape", ["controls", "typed", "plain"])
def test_the_label_that_is_commented_is_the_one_of_the_right_section(shape: str) -> None:
    tree = read_tree(_annotated(_returned(shape), (Point(1, "Which?", fields=("planning.evidence",)),)))
    row = next(next(tree.iter(f"{W}commentRangeStart")).iterancestors(f"{W}tr"))
    assert "One paragraph." in text_of(row)


def test_no_comment_stands_inside_a_control_and_every_mark_is_paired() -> None:
    tree = read_tree(_annotated(_returned()))
    ids = sorted(_comments(_annotated(_returned())))
    for name in ("commentRangeStart", "commentRangeEnd", "commentReference"):
        marks = list(tree.iter(f"{W}{name}"))
        assert sorted(m.get(f"{W}id") for m in marks) == ids
        assert not any(a.tag == f"{W}sdt" for m in marks for a in m.iterancestors())


@pytest.mark.parametrize("shape", ["controls", "typed", "plain"])
def test_nothing_but_comments_is_added(shape: str) -> None:
    before, after = read_tree(_returned(shape)), read_tree(_annotated(_returned(shape)))
    assert page_of(before) == page_of(after)
    assert len(list(before.iter(f"{W}tag"))) == len(list(after.iter(f"{W}tag")))


def test_a_second_round_replaces_our_comments_and_keeps_everybody_elses() -> None:
    first = _annotated(_returned())
    theirs = read_part(first, "word/comments.xml").decode().replace(
        "</w:comments>", '<w:comment w:id="77" w:author="Asha Auditor" w:initials="AA"><w:p><w:r><w:t>I asked Pat.</w:t>'
        "</w:r></w:p></w:comment></w:comments>")
    body = read_part(first).decode().replace(
        "</w:body>", '<w:p><w:commentRangeStart w:id="77"/><w:r><w:t>x</w:t></w:r><w:commentRangeEnd w:id="77"/><w:r>'
        '<w:commentReference w:id="77"/></w:r></w:p></w:body>')
    edited = replace_part(first, {BODY: body.encode(), "word/comments.xml": theirs.encode()})
    second = _annotated(edited, (Point(1, "One thing is left.", fields=("header.met",)),))
    assert sorted(_comments(second).values()) == ["1. One thing is left.", "I asked Pat."]
    assert len({*_comments(second)}) == 2
    ids = [m.get(f"{W}id") for m in read_tree(second).iter(f"{W}commentReference")]
    assert sorted(ids) == sorted(_comments(second))


def test_ours_are_known_by_author_and_paragraph_id_when_an_editor_changed_the_initials() -> None:
    first = _annotated(_returned())
    renamed = read_part(first, "word/comments.xml").replace(COMMENT_INITIALS.encode(), b"Qt")
    second = _annotated(replace_part(first, {"word/comments.xml": renamed}), POINTS[:1])
    assert list(_comments(second).values()) == ["1. Please say what this shows for the child."]


def test_what_word_keeps_beside_our_comments_goes_with_them() -> None:
    first = _annotated(_returned())
    ours = read_tree(first, "word/comments.xml")[0].find(f"{W}p").get(
        "{http://schemas.microsoft.com/office/word/2010/wordml}paraId")
    beside = (f'<w15:commentsEx xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml"><w15:commentEx '
              f'w15:paraId="{ours}" w15:done="1"/><w15:commentEx w15:paraId="00AA00AA" w15:paraIdParent="{ours}"/>'
              '</w15:commentsEx>')
    rels = read_part(first, "word/_rels/document.xml.rels").replace(
        b"</Relationships>", b'<Relationship Id="rIdX" Target="commentsExtended.xml" Type="http://schemas.microsoft.com'
        b'/office/2011/relationships/commentsExtended"/></Relationships>')
    document = replace_part(first, {"word/commentsExtended.xml": beside.encode(), "word/_rels/document.xml.rels": rels})
    left = read_part(_annotated(document), "word/commentsExtended.xml").decode()
    assert ours not in left
    assert "00AA00AA" in left


def test_a_control_round_a_whole_cell_is_lowered_and_its_answer_still_stands() -> None:
    tree = read_tree(_returned())
    box = next(t for t in tree.iter(f"{W}tag") if t.get(f"{W}val") == "mf:actions.2.owner").getparent().getparent()
    home, cell = box.getparent(), box.getparent().getparent()
    cell.getparent().replace(cell, box)
    content = box.find(f"{W}sdtContent")
    home.extend(list(content))
    content.append(cell)
    document = replace_part(_returned(), {BODY: etree.tostring(tree)})
    annotated = _annotated(document, (Point(1, "Who?", fields=("actions.2.owner",)),))
    assert _around(annotated) == {"1. Who?": "Pat"}
    assert answer_of(read_tree(annotated), "actions.2.owner") == "Pat"
    assert not any(t.find(f"{W}sdtContent/{W}tc") is not None and "owner" in etree.tostring(t).decode()
                   for t in read_tree(annotated).iter(f"{W}sdt"))


def test_a_comment_says_who_when_and_the_points_number() -> None:
    comment = read_tree(_annotated(_returned(), (Point(12, "Line <one>\nLine two\x00 {{ 7*7 }}"),)), "word/comments.xml")[0]
    assert comment.get(f"{W}author") == AUTHOR
    assert comment.get(f"{W}date") == "2026-06-30T10:00:00Z"  # London time, as Word shows it
    assert text_of(comment) == "12. Line <one>\nLine two {{ 7*7 }}"


def test_the_comments_part_is_declared_once_however_often() -> None:
    twice = _annotated(_annotated(_returned()))
    assert read_part(twice, "[Content_Types].xml").count(b"comments+xml") == 1
    assert read_part(twice, "word/_rels/document.xml.rels").count(b"/comments") == 2  # one relationship: type and target
    with zipfile.ZipFile(io.BytesIO(twice)) as opened:
        assert len(opened.namelist()) == len(set(opened.namelist()))


def _stuffed(change) -> bytes:
    return replace_part(BLANK, {BODY: change(read_part(BLANK))})


DOCTYPE = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY f SYSTEM "file:///etc/hostname">]>'
HOSTILE = {
    "entities": lambda: _stuffed(lambda b: b.replace(b"<w:document", DOCTYPE + b"<w:document", 1)),
    "entities in UTF-16": lambda: _stuffed(lambda b: b.replace(b"<w:document", DOCTYPE + b"<w:document", 1)
                                           .replace(b'encoding="UTF-8"', b'encoding="UTF-16"').decode().encode("utf-16")),
    "millions of paragraphs": lambda: _stuffed(lambda b: b.replace(b"</w:body>", b"<w:p/>" * 2_000_000 + b"</w:body>")),
    "deep": lambda: _stuffed(lambda b: b.replace(b"<w:p>", b"<w:sdt>" * 5000 + b"</w:sdt>" * 5000 + b"<w:p>", 1)),
    "a very long comment": lambda: _stuffed(lambda b: b.replace(b"<w:p>", b"<!--" + b"x" * (40 << 20) + b"--><w:p>", 1)),
    "not xml": lambda: _stuffed(lambda b: b[:400]),
    "no document": lambda: replace_part(BLANK, {BODY: None}),
    "an unknown standard": lambda: _stuffed(lambda b: b.replace(
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main", b"http://example.org/wordprocessingml")),
    "damaged comments": lambda: replace_part(_annotated(BLANK), {"word/comments.xml": b"<x/>"}),
    "cut off": lambda: BLANK[: len(BLANK) // 2],
    "damaged inside": lambda: _flipped(BLANK),
    "empty": lambda: b"",
    "a PDF": lambda: b"%PDF-1.7\n%%EOF",
    "a web page": lambda: b"<html><body>form</body></html>",
    "another zip": lambda: replace_part(BLANK, dict.fromkeys(["[Content_Types].xml", "_rels/.rels", BODY])),
}


def _flipped(data: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        place = opened.getinfo(BODY).header_offset + 400
    return data[:place] + bytes([data[place] ^ 0xFF]) + data[place + 1:]


@pytest.mark.parametrize("name", HOSTILE)
def test_what_cannot_safely_be_written_in_is_refused_with_a_reason(name: str) -> None:
    with pytest.raises(PermanentError, match=r"\w+ \w+"):
        _annotated(HOSTILE[name]())


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not here: apt-get install libreoffice-writer")
def test_a_form_saved_again_by_libreoffice_gets_its_comments_and_loses_our_old_ones(tmp_path) -> None:
    """Tags are gone there, bookmarks are not; our own first comments came through LibreOffice too."""
    (tmp_path / "form.docx").write_bytes(_annotated(_returned(), POINTS[:1]))
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to",
         "docx:MS Word 2007 XML", "--outdir", str(tmp_path / "out"), str(tmp_path / "form.docx")],
        check=True, capture_output=True)
    saved = (tmp_path / "out" / "form.docx").read_bytes()
    assert b"mf:voice.post" not in read_part(saved)
    around = _around(_annotated(saved, POINTS[1:4]))
    assert around["2. Give a grade after the conversation."] == "Grade after the conversation | Grade after the conversation"
    assert around["3. Say who will do this, by name or role."] == "Pat"
    assert len(around) == 3
