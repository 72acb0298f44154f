"""A wish becomes one letter a person, made once, held where it may not go, with the documents it promises."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mailflow.errors import Broken, PermanentError
from mailflow.model import Document, Letter, LetterState, Parties, Person, Submission, Wish
from outbox.assemble import open_letter
from outbox.compose import PILOT, compose
from outbox.desk import Desk
from outbox.forms import word
from tests.outbox.letters_scene import (
    AUDITOR,
    COUNCIL,
    FOLDERS,
    FORM,
    MORNING,
    NOW,
    PEOPLE,
    POINTS,
    REF,
    SECRET,
    TM,
    make_desk,
    make_scene,
    opened,
    part_of,
    person,
)

HOLIDAY = Wish("OUT-35", "auditor", "T-37", "withdrawn")


def one(wish: Wish, desk: Desk | None = None) -> Letter:
    (letter,) = compose(wish, desk or make_desk())
    return letter


def names(letter: Letter) -> list[str | None]:
    return [p.get_filename() for p in opened(letter).iter_attachments()]


def with_people(**parts: tuple[Person, ...]) -> Desk:
    return make_desk(replace(make_scene(), parties=Parties({**PEOPLE.people, **parts})))


def test_everybody_in_the_part_gets_a_letter_of_their_own() -> None:
    second = person("Sue Service", "sm")
    desk = with_people(sm=(*PEOPLE.of("sm"), second))
    letters = compose(Wish("OUT-47", "sm", "TC-02", "1"), desk)
    assert [x.to for x in letters] == ["sam.service@northmoor.example", second.address]
    for letter in letters:
        assert opened(letter)["To"].addresses[0].addr_spec == letter.to and opened(letter)["Cc"] is None
    assert len({x.message_id for x in letters}) == len({x.key for x in letters}) == 2


def test_a_part_nobody_plays_gets_nothing() -> None:
    assert compose(Wish("OUT-25", "iro", "T-21.iro", "1"), with_people(iro=())) == ()


def test_a_wish_for_one_address_tells_that_person_alone() -> None:
    second = person("Sue Service", "sm")
    desk = with_people(sm=(*PEOPLE.of("sm"), second))
    assert one(Wish("OUT-47", "sm", "TC-02", "1", second.address), desk).to == second.address


def test_a_second_address_is_used_as_given() -> None:
    letter = one(Wish("OUT-35", "auditor", "T-43.again", "1", "ASHA@northmoor.example"))
    assert letter.to == "asha@northmoor.example" and letter.state is LetterState.READY
    assert opened(letter)["To"].addresses[0].display_name == AUDITOR.name


def test_the_same_wish_is_the_same_letter_to_the_byte() -> None:
    assert one(HOLIDAY) == one(HOLIDAY)


def test_a_letter_made_at_another_time_keeps_its_identity() -> None:
    """A restored backup makes its letters again: they must be recognised among those already sent."""
    later = one(HOLIDAY, make_desk(now=NOW.replace(hour=15)))
    assert (later.key, later.message_id) == (one(HOLIDAY).key, one(HOLIDAY).message_id)


@pytest.mark.parametrize("change", [{"round": "2"}, {"transition": "T-38"}, {"address": "asha@northmoor.example"},
                                    {"role": "tm"}, {"audit": "2606-002L"}])
def test_another_transition_round_recipient_or_audit_is_another_letter(change: dict[str, str]) -> None:
    other = one(replace(HOLIDAY, **change))  # type: ignore[arg-type]
    assert other.key != one(HOLIDAY).key and other.message_id != one(HOLIDAY).message_id


def test_a_person_with_two_parts_hears_of_both() -> None:
    both = with_people(hos=(TM,))
    first = one(Wish("OUT-23", "tm", "T-21", "1"), both)
    second = one(Wish("OUT-24", "hos", "T-21", "1", facts={"why": "the grade"}), both)
    assert first.to == second.to and first.key != second.key


def test_two_answers_to_two_mails_are_two_letters() -> None:
    wish = Wish("OUT-88", "writer", "answer", facts={"words": "No"}, in_reply_to="<1@client.example>")
    assert one(wish).key != one(replace(wish, in_reply_to="<2@client.example>")).key


def test_answers_leave_at_once_and_reminders_in_the_morning() -> None:
    assert one(HOLIDAY).leave_at == NOW
    assert one(Wish("OUT-11", "auditor", "T-07", "1")).leave_at == MORNING


def test_a_safety_letter_leaves_at_once_whatever_its_row_says() -> None:
    scene = make_scene(profile={"letters": {"OUT-47": {"leave": "morning"}}})
    letter = one(Wish("OUT-47", "tm", "TC-02", "1"), make_desk(scene))
    assert letter.safety and letter.leave_at == NOW


def test_the_letter_knows_what_the_queue_must_know() -> None:
    letter = one(Wish("OUT-12", "auditor", "T-08", "1", in_reply_to="<1@client.example>"))
    assert (letter.code, letter.audit, letter.role, letter.to) == ("OUT-12", REF, "auditor", AUDITOR.address)
    assert (letter.private, letter.safety, letter.in_reply_to) == ("P1", False, "<1@client.example>")
    assert letter.subject == opened(letter)["Subject"] and letter.made_at == NOW


# --- the firewall and the pilot ---

def test_a_letter_to_somebody_else_is_held_with_the_reason() -> None:
    letter = one(Wish("OUT-35", "auditor", "T-37", "1", "else@northmoor.example"))
    assert letter.state is LetterState.HELD and "plays no part as auditor" in letter.reason


def test_a_refused_safety_letter_is_held_and_qa_is_told_at_once() -> None:
    outside = replace(TM, address="tom@elsewhere.example")
    held, alarm = compose(Wish("OUT-47", "tm", "TC-02", "1"), with_people(tm=(outside,)))
    assert held.state is LetterState.HELD and "outside the allowed domains" in held.reason
    assert (alarm.code, alarm.role, alarm.state, alarm.leave_at) == ("OUT-90", "qa", LetterState.READY, NOW)
    text = part_of(alarm, "plain")
    assert "OUT-47" in text and "tom@elsewhere.example" in text and held.reason in text


def test_any_other_refused_letter_is_only_held() -> None:
    outside = replace(AUDITOR, address="asha@elsewhere.example")
    assert len(compose(HOLIDAY, with_people(auditor=(outside,)))) == 1


def test_a_pilot_holds_every_letter_even_safety() -> None:
    for wish in (HOLIDAY, Wish("OUT-47", "tm", "TC-02", "1")):
        letter = one(wish, make_desk(pilot=True))
        assert (letter.state, letter.reason) == (LetterState.HELD, PILOT)


def test_qa_hears_of_mail_that_belongs_to_no_audit() -> None:
    desk = make_desk(scene=None, parties=Parties({"qa": PEOPLE.of("qa")}), framework=make_scene().framework)
    letter = one(Wish("OUT-91", "qa", "CHK-072", "held-3", facts={"from_address": "x@elsewhere.example", "id": 3}),
                 replace(desk, scene=None))
    assert letter.state is LetterState.READY and letter.audit == "" and "AUDIT" not in letter.subject


def test_a_code_without_a_row_is_our_fault() -> None:
    with pytest.raises(Broken, match="OUT-00"):
        compose(Wish("OUT-00", "qa", "TS-01"), make_desk())


# --- what a letter is told ---

def council_text(tmp_path: Path, code: str, body: str) -> tuple[Path, ...]:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / f"{code}.md").write_text(f"Subject: Words\n\n{body}\n", encoding="utf-8")
    return (tmp_path, *FOLDERS)


@pytest.mark.parametrize("code, role, fact", [
    ("OUT-33", "writer", "case_number"), ("OUT-33", "writer", "practitioner_name"), ("OUT-33", "writer", "grade"),
    ("OUT-11", "auditor", "grade"), ("OUT-09", "auditor", "case_number"), ("OUT-09", "auditor", "category")])
def test_a_councils_own_text_cannot_print_what_its_privacy_forbids(tmp_path: Path, code: str, role: str,
                                                                   fact: str) -> None:
    desk = make_desk(folders=council_text(tmp_path, code, "{{ " + fact + " }}"))
    with pytest.raises(PermanentError, match=fact):
        compose(Wish(code, role, "T-00", "1"), desk)


def test_the_practitioner_learns_the_case_number_only_where_the_profile_says_so() -> None:
    wish = Wish("OUT-05", "practitioner", "T-61", "1")
    assert "4410072" in part_of(one(wish), "plain")
    quiet = make_scene(profile={"allocation": {"tell_practitioner": "ref"}})
    assert "4410072" not in part_of(one(wish, make_desk(quiet)), "plain")


def test_what_an_auditor_wrote_is_shown_and_inert() -> None:
    typed = "**bold** <script>x</script> {{ 7*7 }} [a](http://evil.example)"
    letter = one(Wish("OUT-14", "qa", "T-11", "1", facts={"note": typed, "qa_due_at": MORNING}))
    assert typed in part_of(letter, "plain")
    assert "<script" not in part_of(letter, "html") and "href" not in part_of(letter, "html")
    assert "&lt;script&gt;" in part_of(letter, "html")


def test_twenty_points_of_hostile_words_cannot_break_a_letter() -> None:
    points = tuple(replace(p, number=n, words="| # </td> ``` " + p.words) for n, p in enumerate(POINTS * 5, 1))
    page = part_of(one(Wish("OUT-13", "auditor", "T-09", "1", facts={"points": points, "limit_at": MORNING})), "html")
    assert page.count("<li") == 20 and "<code" not in page and page.count("</td>") == 1


# --- documents ---

def filled() -> bytes:
    return word.fill_form(make_scene(), FORM, FOLDERS, SECRET).data


def ask_to_annotate(original: Document | None) -> Letter:
    wish = Wish("OUT-13", "auditor", "T-09", "1", facts={"points": POINTS, "limit_at": MORNING}, documents=("annotated",))
    return one(wish, make_desk(make_scene(points=POINTS), original=original))


def test_the_auditors_own_document_comes_back_with_our_comments() -> None:
    letter = ask_to_annotate(Document("Their name.docx", "", filled()))
    assert names(letter) == [f"audit-{REF}-with-comments.docx"]
    assert "Your own document is attached, with a comment at each place." in part_of(letter, "plain")


@pytest.mark.parametrize("original", [Document("x.docx", "", b"not a zip"), Document("x.pdf", "", b"%PDF-1.7"), None])
def test_where_comments_cannot_be_put_the_letter_goes_without_and_says_so(original: Document | None) -> None:
    letter = ask_to_annotate(original)
    assert names(letter) == [] and "e could not put comments into it." in part_of(letter, "plain")


@pytest.mark.parametrize("theirs, ours", [
    ("Jodie Smith audit.docx", f"returned-{REF}.docx"), ("a.PDF", f"returned-{REF}.pdf"), ("x.exe", f"returned-{REF}.bin"),
    ("..\\..\\x.docx", f"returned-{REF}.docx"), ("noending", f"returned-{REF}.bin"), ("a\r\nb.odt", f"returned-{REF}.odt")])
def test_a_returned_document_is_passed_on_under_a_name_of_ours(theirs: str, ours: str) -> None:
    desk = make_desk(original=Document(theirs, "text/html", b"anything"))
    letter = one(Wish("OUT-14", "qa", "T-11", "1", documents=("original",)), desk)
    assert names(letter) == [ours] and b"Jodie" not in letter.raw
    (part,) = opened(letter).iter_attachments()
    assert part.get_payload(decode=True) == b"anything" and part.get_content_maintype() == "application"


def criteria_of(by_service: dict[str, str], *files: str) -> tuple[list[str | None], str]:
    scene = make_scene(profile={"grades": {"criteria_by_service": by_service}})
    desk = make_desk(scene, criteria=tuple(Document(f, "application/pdf", b"x") for f in files))
    letter = one(Wish("OUT-22", "auditor", "T-20", "1", documents=("DOC-37",)), desk)
    return names(letter), part_of(letter, "plain")


def test_the_grading_criteria_of_the_service_are_enclosed() -> None:
    files = ("all.pdf", "Assessment criteria.pdf")
    found, text = criteria_of({"*": "all.pdf", "Assessment": "Assessment criteria.pdf"}, *files)
    assert found == ["Assessment criteria.pdf"] and "grading criteria are attached" in text
    assert criteria_of({"*": "all.pdf", "Permanence": "Assessment criteria.pdf"}, *files)[0] == ["all.pdf"]


def test_without_criteria_the_letter_does_not_promise_them() -> None:
    for rules in ({}, {"*": "lost.pdf"}):
        found, text = criteria_of(rules, "all.pdf")
        assert found == [] and "criteria" not in text


def test_a_councils_own_name_for_its_criteria_is_made_safe() -> None:
    assert criteria_of({"*": "Crit\u00e8res & règles.pdf"}, "Crit\u00e8res & règles.pdf")[0] == ["Crit-res - r-gles.pdf"]


def test_the_allocation_encloses_the_form() -> None:
    letter = one(Wish("OUT-04", "auditor", "T-02", "1", documents=("DOC-02", "DOC-37")))
    (name,) = names(letter)
    assert name is not None and REF in name and name.endswith(".docx")


def test_an_invitation_is_made_for_one_person() -> None:
    wish = Wish("OUT-09", "practitioner", "T-05", "1", facts={"meeting_at": MORNING}, documents=("DOC-05",))
    calendar = next(p for p in opened(one(wish)).walk() if p.get_content_type() == "text/calendar").get_content()
    calendar = calendar.replace("\r\n ", "")
    assert "pat.practitioner@northmoor.example" in calendar and AUDITOR.address not in calendar


def test_the_manager_gets_report_and_list_and_the_case_note_is_printed() -> None:
    assert names(one(Wish("OUT-23", "tm", "T-21", "1", documents=("DOC-06", "DOC-38")))) == [
        f"audit-report-{REF}.pdf", f"actions-{REF}.xlsx"]
    letter = one(Wish("OUT-16", "auditor", "T-13", "1", documents=("DOC-06", "DOC-07")))
    assert "Title: June Audit\nType: Quality Assurance\n" in part_of(letter, "plain")


@pytest.mark.parametrize("code, change", [("DOC-99", {}), ("DOC-06", {"submission": None}), ("DOC-05", {})])
def test_a_document_that_cannot_be_made_is_our_fault(code: str, change: dict[str, Submission | None]) -> None:
    scene: Any = replace(make_scene(meeting_at=None), **change)
    with pytest.raises(Broken):
        compose(Wish("OUT-09", "auditor", "T-05", "1", facts={"meeting_at": None}, documents=(code,)), make_desk(scene))


def test_no_name_of_a_person_is_a_file_name() -> None:
    wish = Wish("OUT-16", "auditor", "T-13", "1", documents=("DOC-06", "DOC-07", "DOC-38", "DOC-02", "original"))
    people = {w.lower() for group in PEOPLE.people.values() for p in group for w in p.name.split()} - {"manager", "officer"}
    for name in names(one(wish)):
        assert name is not None and not people & set(name.lower().replace("-", " ").replace(".", " ").split())


def test_the_sender_is_the_councils_mailbox() -> None:
    sender = opened(one(HOLIDAY))["From"].addresses[0]
    assert (sender.display_name, sender.addr_spec) == (f"{COUNCIL.name} {COUNCIL.qa_name}", "audits@northmoor.example")


# --- what else the same mail led to ---

def test_other_answers_to_the_same_mail_stand_before_the_footer() -> None:
    letter = one(HOLIDAY, make_desk(more=("Second answer.\n\nIts <b>second</b> paragraph.",)))
    text, page = part_of(letter, "plain"), part_of(letter, "html")
    places = [text.index(w) for w in ("Please stop work", "Also in your email", "Its <b>second</b>", "Questions? Ring")]
    assert places == sorted(places)
    assert page.index("&lt;b&gt;second") < page.index("Questions? Ring") and "<b>" not in page


def test_a_letter_opened_again_gives_its_words_and_its_documents_back() -> None:
    letter = one(Wish("OUT-23", "tm", "T-21", "1", documents=("DOC-06", "DOC-38")))
    text, documents = open_letter(letter.raw)
    assert text.startswith("The audit of your team's work") and "Questions?" not in text
    assert [d.name for d in documents] == names(letter) and documents[0].data.startswith(b"%PDF")
    again = one(HOLIDAY, make_desk(more=(text,), enclosures=documents))
    assert names(again) == names(letter) and text in part_of(again, "plain")
