"""What people typed is printed as they typed it: it can't be Markdown, HTML or Jinja, in either part of a letter."""

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailflow.errors import ConfigError, PermanentError
from outbox.render import Rendered, render

HOSTILE = (
    "<b>bold</b>", "<script>alert(1)</script>", "</td></tr></table>", "&lt;b&gt;", "**bold** _it_ `code`", "# Heading",
    "- bullet", "1. one", "[click](http://evil.example)", "<http://evil.example>", "![x](y)", "{{ 7 * 7 }}", "{% raw %}",
    "{{ config.__class__ }}", "| a | b |", "> quote", "---", "\\*", "a  \nb", "Subject: other", "~~~", "'\"><x",
)


def write(folder: Path, text: str, name: str = "OUT-04") -> tuple[Path, ...]:
    (folder / "letters").mkdir(exist_ok=True)
    (folder / "letters" / f"{name}.md").write_text(text, encoding="utf-8")
    return (folder,)


def show(tmp_path: Path, body: str, **facts: Any) -> Rendered:
    return render("OUT-04", facts, write(tmp_path, f"Subject: A letter\n\n{body}\n"))


@pytest.mark.parametrize("typed", HOSTILE)
@pytest.mark.parametrize("place", ["{{ typed }}", "- {{ typed }}", "**{{ typed }}**", "before {{ typed }} after",
                                   "{{ 'x' ~ typed }}", "| a | b |\n| --- | --- |\n| {{ typed }} | c |"])
def test_typed_words_are_inert_everywhere(tmp_path: Path, typed: str, place: str) -> None:
    shown = show(tmp_path, place, typed=typed)
    assert typed in shown.text
    tame = show(tmp_path, place, typed="words")
    # Only the words differ: no tag has come or gone but the break of a line.
    assert tags(shown.html) == tags(tame.html) + ["<br>"] * typed.count("\n")


def tags(page: str) -> list[str]:
    found = re.findall(r"<[^>]*>", page)
    return [t for t in found if t != "<br>"] + [t for t in found if t == "<br>"]


@given(st.text(max_size=60))
@settings(max_examples=150, deadline=None)
def test_any_text_at_all_leaves_the_page_whole(tmp_path_factory: pytest.TempPathFactory, typed: str) -> None:
    shown = show(tmp_path_factory.mktemp("letters"), "- {{ typed }}\n\nend", typed=typed)
    assert shown.html.count("<li") == shown.html.count("</li>") == 1
    assert shown.text.rstrip().endswith("end")


def test_html_shows_the_same_characters(tmp_path: Path) -> None:
    assert "5 &lt; 6 &amp; &quot;so&quot;" in show(tmp_path, "{{ typed }}", typed='5 < 6 & "so"').html


def test_a_line_break_stays_one(tmp_path: Path) -> None:
    shown = show(tmp_path, "{{ typed }}", typed="one\r\ntwo")
    assert "one\ntwo" in shown.text and "one<br>\ntwo" in shown.html


def test_marks_that_hide_or_turn_text_are_taken_out(tmp_path: Path) -> None:
    assert show(tmp_path, "{{ typed }}", typed="a\u202eb\x00c\ue000\ue001d").text == "abcd\n"


def test_no_filter_takes_the_seal_off(tmp_path: Path) -> None:
    for name in ("safe", "e", "escape", "forceescape", "urlize", "tojson"):
        with pytest.raises((ConfigError, PermanentError)):
            show(tmp_path, "{{ typed|" + name + " }}", typed="<b>")


def test_a_letter_cannot_reach_into_python(tmp_path: Path) -> None:
    with pytest.raises(PermanentError):
        show(tmp_path, "{{ typed.__class__.__mro__ }}", typed="x")


def test_the_subject_is_one_line_whatever_is_in_it(tmp_path: Path) -> None:
    folders = write(tmp_path, "Subject: About {{ typed }}\n\nText\n")
    shown = render("OUT-04", {"typed": "a\r\nBcc: x@evil.example\n\n<b>"}, folders)
    assert shown.subject == "About a Bcc: x@evil.example <b>"
    assert "<title>About a Bcc: x@evil.example &lt;b&gt;</title>" in shown.html


@pytest.mark.parametrize("body", ["{{ missing }}", "{% if missing %}x{% endif %}", "{{ typed.missing }}", "{{ nothing }}"])
def test_a_letter_that_would_print_a_gap_is_not_written(tmp_path: Path, body: str) -> None:
    with pytest.raises(PermanentError, match="OUT-04"):
        show(tmp_path, body, typed="x", nothing=None)


def test_wrong_jinja_names_the_text_and_the_line(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"letters/OUT-04\.md, line 4"):
        show(tmp_path, "fine\n{% if %}", typed="x")


def test_a_text_without_a_subject_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="first line must be Subject"):
        render("OUT-04", {}, write(tmp_path, "Dear all\n"))


def test_html_in_a_councils_own_text_is_shown_not_used(tmp_path: Path) -> None:
    assert "<blink>" not in show(tmp_path, "a <blink>b</blink>").html


def test_the_nearest_folder_wins_and_shared_parts_come_from_the_base(tmp_path: Path) -> None:
    near, far = tmp_path / "near", tmp_path / "far"
    for folder in (near, far):
        folder.mkdir()
    write(far, "Subject: far\n\nfar\n")
    write(far, "shared words\n", "_footer")
    write(near, 'Subject: near\n\nnear\n\n{% include "_footer.md" %}\n')
    shown = render("OUT-04", {}, (near, far))
    assert shown.subject == "near" and shown.text == "near\n\nshared words\n"


def test_plain_text_keeps_lists_tables_and_headings_readable(tmp_path: Path) -> None:
    table = "| Area | Before | After |\n| --- | --- | --- |\n| Plans | Good | Good |"
    body = f"## Grades\n\n{table}\n\n1. one\n2. two\n\n- **b**\n\nend"
    assert show(tmp_path, body).text == "Grades\n\n- Plans; Before: Good; After: Good\n\n1. one\n2. two\n\n- b\n\nend\n"


def test_a_table_in_plain_text_leaves_out_what_says_nothing_and_a_heading_nobody_needs(tmp_path: Path) -> None:
    table = "| Area | Before | After |\n| --- | --- | --- |\n| Plans | – | Good |\n\n| Area | Grade |\n| --- | --- |\n| Visits | Good |"
    assert show(tmp_path, table).text == "- Plans; After: Good\n\n- Visits: Good\n"
