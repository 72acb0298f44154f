"""HTML into lines, and what a person wrote told from what they quoted."""

import pytest

from mailflow.intake.text import html_to_text, skip_banners, unflow, without_sign_off, written_text

BLOCK = "From: Northmoor audits <audits@northmoor.example>\nSent: 09 June 2026 08:00\nTo: Alex\nSubject: Please audit\n\nACCEPT\n"


@pytest.mark.parametrize("quoted", [
    "> ACCEPT\n> RETURN", "On 9 June 2026 at 08:00, audits wrote:\n> ACCEPT",
    "On Tue, 9 Jun 2026, 08:00 Northmoor audits <a@b.example> wrote:\n\nACCEPT",
    BLOCK, "*From:* a\n*Sent:* b\n*To:* c\nACCEPT", "________________________________\n" + BLOCK,
    "-----Original Message-----\nACCEPT",
    "---------- Forwarded message ---------\nACCEPT", "Begin forwarded message:\n\nACCEPT", "-- \nAlex Marsh\nACCEPT",
    "Am 09.06.2026 um 08:00 schrieb audits:\n\nACCEPT", "Le 9 juin 2026 à 08:00, audits a écrit :\n\nACCEPT"])
def test_quoted_mail_is_taken_off_and_what_stands_above_stays(quoted: str) -> None:
    assert written_text(f"My answer.\n\n{quoted}\n") == "My answer."


@pytest.mark.parametrize("first",
    ["Thanks,", "- ACCEPT", "Best", "CAUTION: the baby sleeps on the sofa", "On the form you wrote:", "Regards",
                                   "Disclaimer: I know this family", "From: Monday I am away"])
def test_the_first_line_is_never_lost(first: str) -> None:
    assert written_text(f"{first}\nmore words here\n\n> quoted").split("\n")[0] == first


def test_answers_between_quoted_lines_stay() -> None:
    assert written_text("See below.\n\n> Is the plan dated?\nYes it is.\n> Owner?\nSam.") == "See below.\n\nYes it is.\nSam."


def test_a_line_wrapped_out_of_a_quote_is_marked() -> None:
    assert written_text("> write the word\nACCEPT now\n\nI disagree.") == "… ACCEPT now\n\nI disagree."


def test_words_of_worry_below_the_sign_off_stay() -> None:
    """Safety reads this text: only a "-- " signature ends it."""
    assert "was hit" in written_text("ACK\n\nKind regards\nAlex\n\nPS the child was hit again")


def test_banners_are_passed_over_only_at_the_top() -> None:
    banner = "CAUTION: This email originated from outside the organisation. Do not click links\n" \
             "or open attachments unless you know them."
    assert skip_banners([*banner.split("\n"), "", "ACK"]) == ["ACK"]
    assert skip_banners(["ACK", *banner.split("\n")])[0] == "ACK"
    assert skip_banners(["This message comes from my heart"]) == ["This message comes from my heart"]
    assert skip_banners(["External supervision was good"]) == ["External supervision was good"]


def test_html_becomes_lines_without_hidden_words() -> None:
    source = ("<style>x{}</style><p>One&nbsp;two</p><div>Three<br>four</div><table><tr><td>a</td><td>b</td></tr></table>"
              "<span style='display: none'>hidden</span><!-- ACCEPT --><blockquote>quoted<br>more</blockquote>end")
    assert html_to_text(source).split("\n") == ["One two", "", "Three", "four", "", "a b", "", "> quoted", "> more", "", "end"]


def test_html_damage_is_survived() -> None:
    for source in ("<p>unclosed <b>words", "<" * 5000, "\x00<p>x\x00y", "<p>" * 3000 + "deep", "<!DOCTYPE" + "x" * 5000,
        "&#xD800; &#0; ok"):
        assert isinstance(html_to_text(source), str)
    assert "deep" in html_to_text("<div>" * 200 + "deep")
    assert html_to_text("<pre>one\ntwo</pre>").split("\n") == ["one", "two"]


def test_a_drive_link_shows_its_address() -> None:
    assert "<https://northmoor.sharepoint.com/x>" in html_to_text("<a href='https://northmoor.sharepoint.com/x'>form</a>")


def test_flowed_lines_are_joined_within_one_quoting_depth() -> None:
    assert unflow("one \ntwo\n> three \n> four\n-- \nme", delete_space=False).split("\n") == ["one two", "> three  four",
        "-- ", "me"]


def test_name_blocks_end_the_points() -> None:
    assert without_sign_off(["-", "Add dates.", "", "Sam Jones", "QA Officer | 01632 960123"]) == ["-", "Add dates.", ""]
    assert without_sign_off(["-", "", "Please add the dates."]) == ["-", "", "Please add the dates."]
