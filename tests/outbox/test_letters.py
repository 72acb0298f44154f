"""Every letter, in every shape it has, is one we would like to get: short, plain, and saying what it must."""

import html
import re
from datetime import date
from typing import Any

import pytest

from mailflow.framework import load_framework, templates_root
from mailflow.model import Letter, LetterState, Wish
from outbox.compose import compose
from tests.outbox.letters_scene import (
    COUNCIL,
    LOOSE,
    NOW,
    PEOPLE,
    REF,
    SHAPES,
    compose_shape,
    make_desk,
    make_scene,
    opened,
    part_of,
)

LETTERS = load_framework("framework-2023", {"send": {"allowed_domains": ["northmoor.example"]}}).letters
GRADES = ("Inadequate", "Requires improvement", "Good", "Outstanding")
# The footer in a text part, which every letter ends with.
FOOTER = "-" * 40
# Letters that give their reader a limit: each says what missing it means, and who is told (HR-07).
LIMITS = ("OUT-04", "OUT-10", "OUT-11", "OUT-13", "OUT-15", "OUT-16", "OUT-17", "OUT-18", "OUT-20", "OUT-22", "OUT-27",
          "OUT-29", "OUT-30", "OUT-31", "OUT-47", "OUT-79")
MISSED = re.compile(r"\b(If|Until|After that|One working day after)\b[^.]*\.?[^.]*\b(tell|told|tells|knows|nobody|happens)\b")


def named(shape: tuple[object, ...]) -> str:
    return f"{shape[0]} {shape[1]} {SHAPES.index(shape)}"  # type: ignore[arg-type]


@pytest.fixture(params=SHAPES, ids=named, scope="module")
def letter(request: pytest.FixtureRequest) -> Letter:
    return compose_shape(*request.param)


def sentences_of(text: str) -> list[str]:
    """Sentences of our own: quotations of other people's words are one word each."""
    quoted = re.sub(r'"[^"]*"', "quoted", text)
    lines = [line.removeprefix("- ") for line in quoted.split("\n")]
    return [s for line in lines for s in re.split(r"(?<=[.!?])\s+(?=[A-Z])|; ", line) if s.strip()]


def test_every_letter_of_the_profile_is_shown_here() -> None:
    assert {code for code, *_ in SHAPES} == set(LETTERS)


def test_nothing_but_letters_and_their_shared_parts_stands_in_the_folder() -> None:
    names = {p.stem for p in (templates_root() / "base" / "letters").iterdir()}
    assert {n for n in names if not n.startswith("_")} == set(LETTERS)


def test_it_may_be_sent(letter: Letter) -> None:
    assert letter.state is LetterState.READY, letter.reason


def test_the_footer_stands_apart_from_what_was_said(letter: Letter) -> None:
    """A lost blank line before its rule would make a heading of the last sentence."""
    head, rule, foot = part_of(letter, "plain").rpartition(FOOTER)
    assert rule and head.strip() and "Questions?" in foot and "<hr" in part_of(letter, "html")


def test_it_has_at_most_300_words(letter: Letter) -> None:
    # The case note is printed to be copied; it is not ours to read.
    text = re.sub(r"\nTitle: .*?\nAlert: [^\n]*\n", "\n", part_of(letter, "plain"), flags=re.DOTALL)
    assert len(text.split()) <= 300, len(text.split())


@pytest.mark.parametrize("code, facts", [("OUT-04", {}), ("OUT-22", {}), ("OUT-36", {"part": "new", "passed_on": True})])
def test_the_longest_allocation_has_at_most_300_words(code: str, facts: dict[str, Any]) -> None:
    """Everybody's views are asked for, and the day to confirm is said in full."""
    scene = make_scene(profile={"feedback": {"sources": ["parent", "child", "carer", "iro"]}})
    wish = Wish(code, "auditor", "T-00", "1", facts={"ack_at": NOW, "old_name": "Fern Former", **facts})
    (letter,) = compose(wish, make_desk(scene))
    assert len(part_of(letter, "plain").split()) <= 300


def test_no_sentence_is_longer_than_25_words(letter: Letter) -> None:
    text = re.sub(r"\nText: [^\n]*\nAlert: [^\n]*\n", "\n", part_of(letter, "plain"))
    long = [s for s in sentences_of(text) if len(s.split()) > 25]
    assert not long, long


def test_the_first_line_carries_the_point_and_greets_nobody(letter: Letter) -> None:
    first = part_of(letter, "plain").lstrip().split("\n")[0]
    assert len(first) > 8 and not re.match(r"(dear|hello|hi|good morning)\b", first, re.IGNORECASE), first
    assert (first[0].isupper() or first[0].isdigit()) and first.rstrip()[-1] in ".!?:", first


def test_the_subject_names_nobody_and_tells_no_grade_it_may_not(letter: Letter) -> None:
    subject = str(opened(letter)["Subject"])
    people = [p for group in PEOPLE.people.values() for p in group]
    assert not [p.name for p in people if p.name in subject or p.address in subject]
    assert "4410072" not in subject
    if letter.private in ("P0", "P1"):
        assert not [g for g in GRADES if g in subject], subject


def test_the_subject_shows_the_reference_where_there_is_an_audit(letter: Letter) -> None:
    subject = str(opened(letter)["Subject"])
    # The invitation names neither case nor audit (SCN-14).
    assert subject.startswith(f"[AUDIT {REF}] ") is (letter.code not in (*LOOSE, "OUT-09"))
    assert letter.code != "OUT-09" or REF not in subject
    assert len(subject) < 120 and "  " not in subject


def test_it_says_who_to_ring_what_this_mailbox_is_not_and_who_holds_the_data(letter: Letter) -> None:
    foot = part_of(letter, "plain").rpartition(FOOTER)[2]
    for words in (COUNCIL.qa_phone, COUNCIL.qa_name, "not an emergency service", "ring 999", COUNCIL.out_of_hours,
                  f"{COUNCIL.controller} is the data controller", "Reply WHY to learn why you got this"):
        assert words in foot, words


def test_it_says_what_happens_if_nothing_happens(letter: Letter) -> None:
    body = part_of(letter, "plain").rpartition(FOOTER)[0]
    limited = letter.code in LIMITS and not (letter.code == "OUT-47" and "Please make sure that one of them" in body)
    assert not limited or MISSED.search(body), body


@pytest.mark.parametrize("facts", [{"followup_by_on": date(2026, 7, 8)}, {"followup_by_on": None}])
@pytest.mark.parametrize("code, role", [("OUT-23", "tm"), ("OUT-23", "practitioner"), ("OUT-24", "hos")])
def test_a_follow_up_says_what_happens_without_it(code: str, role: str, facts: dict[str, date | None]) -> None:
    text = part_of(compose_shape(code, role, {"why": "of its grade", **facts}), "plain")
    assert ("Wednesday 8 July 2026" in text and "tells the head of service" in text) is (facts["followup_by_on"] is not None)


def test_both_parts_say_the_same(letter: Letter) -> None:
    """With pictures and styles off, the HTML part is the text part."""
    page = part_of(letter, "html")
    shown = html.unescape(re.sub(r"<[^>]+>", " ", page.partition("<body")[2].partition(">")[2]))
    plain = part_of(letter, "plain").replace(FOOTER, "")

    def words(text: str) -> set[str]:
        return {w for w in re.findall(r"\w+", text) if not w.isdigit()}
    # In the text part each row of a table is a line that opens with its first cell, so that cell needs no heading.
    assert words(shown) ^ words(plain) <= {"Area", "Action"}


def test_the_page_needs_no_picture_no_link_no_style_sheet(letter: Letter) -> None:
    page = part_of(letter, "html")
    for unwanted in ("<img", "<link", "<style", "<script", "href=", "src=", "http"):
        assert unwanted not in page
    assert '<html lang="en-GB">' in page and '<meta name="viewport"' in page and "<title>" in page


def test_nothing_of_the_workshop_is_left_in_it(letter: Letter) -> None:
    text = part_of(letter, "plain") + part_of(letter, "html") + str(opened(letter)["Subject"])
    for chip in ("{{", "{%", "**", "None", "\ue000", "\ue001", "&amp;quot;", "&lt;", "Undefined", "True", "False"):
        assert chip not in text, chip
    assert "\n\n\n" not in part_of(letter, "plain").replace("\r", "")


def test_no_list_runs_into_the_words_after_it(letter: Letter) -> None:
    """A lost blank line makes a heading part of the last bullet."""
    for line in part_of(letter, "plain").split("\n"):
        assert not (line.startswith("- ") and re.search(r"\S (What to do|Words you can|If you do not|- )", line)), line


def test_the_word_is_never_left_to_a_colour(letter: Letter) -> None:
    colours = set(re.findall(r"color:(#[0-9a-f]{6})", part_of(letter, "html")))
    assert colours <= {"#ffffff", "#1a1a1a", "#f0f0f0"}


def test_the_marking_stands_in_subject_and_text_where_set() -> None:
    letter = compose_shape("OUT-04", "auditor", {}, marking="OFFICIAL")
    assert str(opened(letter)["Subject"]).startswith(f"[OFFICIAL] [AUDIT {REF}] Audit to complete by ")
    assert part_of(letter, "plain").startswith("OFFICIAL\n") and "<strong>OFFICIAL</strong>" in part_of(letter, "html")


@pytest.mark.parametrize("code, role, words", [
    ("OUT-14", "qa", ("ACCEPT", "RETURN", "DISCUSS", "OVERRIDE CHK-nnn", "NOTACCEPTED", "WITHDRAW", "HOLD", "UNDO")),
    ("OUT-04", "auditor", ("ACK", "BOOKED dd/mm/yyyy hh:mm", "CANNOT", "EXTEND dd/mm/yyyy", "CONFLICT", "CONCERN",
                           "Reply to this email with the form attached", "Do not put case details in the meeting")),
    ("OUT-16", "auditor", ("UPLOADED dd/mm/yyyy hh:mm",)),
    ("OUT-47", "tm", ("ACKCONCERN",)),
])
def test_the_words_a_reader_may_reply_with_are_told(code: str, role: str, words: tuple[str, ...]) -> None:
    text = part_of(compose_shape(*next(s for s in SHAPES if s[:2] == (code, role))), "plain")
    assert not [w for w in words if w not in text]


def test_a_limit_before_the_end_of_the_day_shows_its_time() -> None:
    from tests.outbox.letters_scene import EARLIER, LIMIT, POINTS
    facts = {"points": POINTS, "soft_at": LIMIT}
    assert "by Tuesday 30 June 2026.\n" in part_of(compose_shape("OUT-13", "auditor", {**facts, "limit_at": LIMIT}), "plain")
    early = part_of(compose_shape("OUT-13", "auditor", {**facts, "limit_at": EARLIER}), "plain")
    assert "by Saturday 20 June 2026, 10:05am.\n" in early


def test_points_stand_under_their_headings_in_their_order_with_their_numbers() -> None:
    from tests.outbox.letters_scene import LIMIT, POINTS
    text = part_of(compose_shape("OUT-13", "auditor", {"points": POINTS, "limit_at": LIMIT, "soft_at": LIMIT}), "plain")
    places = [text.index(words) for words in (
        "The child's voice", "1. Please say what", "2. Please choose", "Improvement plan", "3. Please give a date",
        "4. Please name")]
    assert places == sorted(places)
    assert '<ol start="3"' in part_of(compose_shape("OUT-13", "auditor", {"points": POINTS, "limit_at": LIMIT}), "html")
