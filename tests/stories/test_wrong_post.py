"""Mail that is not what it should be: another child's form, strangers, forgeries, machines, bounces."""

from dataclasses import replace
from email.message import EmailMessage

import pytest

from mailflow.model import Flag, LetterState, Person, State
from mailflow.steps.imports import save_people
from mailflow.steps.release import release_held
from tests.stories.conftest import Found
from tests.stories.telling import code_in, codes, confirm, decide, happened, latest, say, told
from tests.world import MAILBOX, QA, TMS, World, auditor, make_cases, make_people

BEA, KWAME, TM = auditor(0), auditor(1), TMS["Harbour"]
DOMAIN = "northmoor.example"
TWO_EACH = {"profile": "[profile.selection]\nper_auditor = 2", "cases": make_cases(2),
            "people": [p for p in make_people(2) if "practitioner" in p.roles]}


def ref_of(world: World, who: str) -> str:
    return next(r for r in world.refs if world.audit(r).auditor == who)


# --- forms for another audit ---


def test_a_colleagues_form_by_mistake_is_held_and_nobody_is_told_of_the_other_audit(northmoor: Found) -> None:
    """Bea attaches Kwame's form to her reply. Nothing is filed in either audit; QA is told; Bea is not told anything about
    an audit that is not hers. The right form the next day is filed."""
    world = northmoor(auditors=2)
    mine, other = ref_of(world, BEA), ref_of(world, KWAME)
    mail = world.write(BEA, "My audit.", answers=world.carrier(mine), documents=[("Audit.docx", world.filled(other))])
    world.run("2026-09-14 10:00")
    assert world.inbound(mail).disposition == "hold" and codes(world.answers_to(mail)) == ["OUT-89"]
    assert told(world, "OUT-29", mine) == told(world, "OUT-29", other) == []
    assert {world.audit(r).submission for r in world.refs} == {0} and len(world.in_folder("held")) == 1
    world.return_form(mine, text="Sorry, this is the right one.")
    world.run("2026-09-15 09:20")
    assert world.audit(mine).state is State.UNDER_QA and world.audit(other).state is State.ALLOCATED


def test_a_form_of_the_other_audit_of_the_same_auditor_is_filed_when_they_say_yes(northmoor: Found) -> None:
    """SCN-24. Bea has two audits and sends the form of one in the thread of the other: nothing is filed, the answer names
    both references and no case, and YES with the reference files it there. A second YES does nothing."""
    world = northmoor(**TWO_EACH)
    first, second = world.refs
    mail = world.write(BEA, "My audit.", answers=world.carrier(first), documents=[("Audit.docx", world.filled(second))])
    world.run("2026-09-14 10:00")
    assert {world.audit(r).submission for r in world.refs} == {0}
    assert codes(world.answers_to(mail)) == ["OUT-29"]
    asked = world.sent("OUT-29", to=BEA)[-1]
    assert first in asked.text and second in asked.text
    for case in world.house.store.load_cases():
        assert case.number not in asked.text
    world.write(BEA, f"YES {second}", answers=asked)
    world.run("2026-09-14 11:00")
    assert world.audit(second).state is State.UNDER_QA and world.audit(first).submission == 0
    again = world.write(BEA, f"YES {first}", answers=asked)
    world.run("2026-09-14 12:00")
    assert world.audit(first).submission == 0 and codes(world.answers_to(again)) == ["OUT-88"]


def test_two_forms_in_one_mail_are_two_returns_and_one_letter_to_the_sender(northmoor: Found) -> None:
    """Bea returns both of her audits in one new mail, one complete, one with a gap: both are filed, each is decided on its
    own, and one letter names both."""
    world = northmoor(**TWO_EACH)
    good, bad = world.refs
    mail = world.write(BEA, "Both of my audits.", subject="My audits", documents=[
        ("one.docx", world.filled(good)), ("two.docx", world.filled(bad, {"review.post": ""}))])
    world.run("2026-09-14 10:00")
    assert world.audit(good).state is State.UNDER_QA and world.audit(bad).state is State.REVISION
    letters = [x for x in world.answers_to(mail) if x.to == BEA]
    assert len(letters) == 1
    answer = next(x for x in world.sent(to=BEA) if x.message_id == letters[0].message_id)
    assert good in answer.text + answer.subject and bad in answer.text + answer.subject
    assert world.audit(bad).points[0].words in " ".join(answer.text.split()) and answer.forms
    assert told(world, "OUT-14", good) == told(world, "OUT-14", bad) == [QA]


def test_two_incomplete_forms_in_one_mail_come_back_in_one_letter_with_both_documents(northmoor: Found) -> None:
    """Both have gaps: the points of both and both documents with comments are in the one letter, and each can be amended."""
    world = northmoor(**TWO_EACH)
    one, two = world.refs
    mail = world.write(BEA, "Both of my audits.", subject="My audits", documents=[
        ("one.docx", world.filled(one, {"review.post": ""})), ("two.docx", world.filled(two, {"voice.evidence": ""}))])
    world.run("2026-09-14 10:00")
    assert {world.audit(r).state for r in world.refs} == {State.REVISION}
    letters = [x for x in world.answers_to(mail) if x.to == BEA]
    assert len(letters) == 1
    answer = next(x for x in world.sent(to=BEA) if x.message_id == letters[0].message_id)
    text = " ".join(answer.text.split())
    assert all(p.words in text for r in world.refs for p in world.audit(r).points) and len(answer.forms) == 2


def test_both_forms_in_a_reply_to_one_of_the_letters_are_both_filed_or_clearly_answered(northmoor: Found) -> None:
    """Bea answers the letter about one audit and attaches the forms of both. The first is filed; the second is filed too, or
    the answer she gets names it: it is never dropped in silence."""
    world = northmoor(**TWO_EACH)
    first, second = world.refs
    mail = world.write(BEA, "Both of my audits.", answers=world.carrier(first), documents=[
        ("one.docx", world.filled(first)), ("two.docx", world.filled(second))])
    world.run("2026-09-14 10:00")
    assert world.audit(first).state is State.UNDER_QA
    answers = [x for x in world.sent(to=BEA) if x.message_id in {y.message_id for y in world.answers_to(mail)}]
    assert len(answers) == 1
    assert world.audit(second).state is State.UNDER_QA or second in answers[0].text


def test_a_held_form_is_filed_by_the_quality_team(northmoor: Found) -> None:
    """The practitioner forwards the auditor's form. It is held; QA replies FILE with the reference to the notice, and the
    auditor has the receipt. FILE by somebody else, or for an audit that does not exist, does nothing."""
    world = northmoor()
    ref = world.refs[0]
    worker = world.house.get_case(world.audit(ref)).practitioner
    mail = world.return_form(ref, sender=worker, text="Bea asked me to send this.")
    world.run("2026-09-14 10:00")
    assert world.inbound(mail).disposition in ("hold", "reply") and world.audit(ref).submission == 0
    notice = world.sent("OUT-89", to=QA)[-1]
    for by, text in ((worker, f"FILE {ref}"), (QA, "FILE 2609-099X"), (QA, "FILE")):
        asked = world.write(by, text, answers=notice)
        world.run()
        assert world.audit(ref).submission == 0 and codes(world.answers_to(asked), by) in (["OUT-88"], ["OUT-33"]), text
    world.write(QA, f"FILE {ref}", answers=notice)
    world.run("2026-09-14 11:00")
    assert world.audit(ref).state is State.UNDER_QA and told(world, "OUT-12", ref) == [BEA]
    assert world.in_folder("held") == [] or len(world.in_folder("filed")) >= 1


@pytest.mark.parametrize("name, raw, words", [
    ("photo.jpg", b"\xff\xd8\xff\xe0" + b"\0" * 30000, "cannot read this kind"), ("form.docx", b"", "is empty"),
    ("form.docx", b"PK\x03\x04 broken", "is damaged"), ("form.zip", b"Rar!\x1a\x07\x00" + b"\0" * 100, "this kind of document"),
    ("form.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 4000, "this kind of document"),
])
def test_a_document_that_cannot_be_read_gets_one_clear_answer(northmoor: Found, name: str, raw: bytes, words: str) -> None:
    """The answer names the reason and the way out; nothing is filed, the auditor still owes the form. (The file's own name
    is not repeated: it may hold a child's.)"""
    world = northmoor()
    ref = world.refs[0]
    mail = world.write(BEA, "Please find my completed audit form attached.", answers=world.carrier(ref), documents=[(name, raw)])
    world.run("2026-09-14 10:00")
    assert codes(world.answers_to(mail), BEA) == ["OUT-31"]
    answer = latest(world, ref, BEA, "OUT-31").text
    assert words in answer and "What to do." in answer and name not in answer
    assert world.audit(ref).submission == 0 and world.audit(ref).state is State.UNDERWAY


def test_a_promised_form_that_is_not_attached_is_asked_for_and_the_second_time_quality_hears_too(northmoor: Found) -> None:
    """"Attached is my audit" with nothing attached: one answer says so. After the second, QA is told as well."""
    world = northmoor()
    ref = world.refs[0]
    first = say(world, BEA, "Please find attached my completed audit form.", ref, at="2026-09-14 10:00")
    assert codes(first) == ["OUT-31"]
    second = say(world, BEA, "Please find attached the completed audit form, this time really.", ref, code="OUT-31",
                 at="2026-09-14 11:00")
    assert codes(second, BEA) == ["OUT-31"] and codes(second, QA) == ["OUT-89"]


# --- who is it? ---


def test_a_stranger_is_not_answered_and_learns_nothing(northmoor: Found) -> None:
    """SCN-28. Somebody outside asks about a case by its number: held, QA told, no letter to them, not even that the case is
    known."""
    world = northmoor()
    number = world.house.store.load_cases()[0].number
    mail = world.write("x@press.example", f"What is happening with case {number} and audit {world.refs[0]}?", subject="A question")
    world.run("2026-09-14 10:00")
    assert world.inbound(mail).disposition == "hold" and codes(world.answers_to(mail)) == ["OUT-32"]
    assert [x for x in world.letters() if not x.to.endswith(f"@{DOMAIN}")] == []
    assert world.inbound(mail).audit == ""


def test_a_stranger_with_a_completed_form_is_held_with_it(northmoor: Found) -> None:
    """The auditor sends the form from home: held, and QA is told that a form is in it. QA can file it."""
    world = northmoor()
    ref = world.refs[0]
    mail = world.return_form(ref, sender="bea.at.home@post.example", text="From my own account.")
    world.run("2026-09-14 10:00")
    assert world.inbound(mail).disposition == "hold" and world.audit(ref).submission == 0
    notice = world.sent("OUT-32", to=QA)[-1]
    assert "form" in notice.text
    world.write(QA, f"FILE {ref}", answers=notice)
    world.run("2026-09-14 11:00")
    assert world.audit(ref).state is State.UNDER_QA and not [x for x in world.letters() if x.to.endswith("post.example")]


def test_a_forged_decision_is_not_carried_out(northmoor: Found) -> None:
    """The council's server vouches for senders (require_auth). ACCEPT in QA's name without its word, or with somebody
    else's, is held; with it, it counts."""
    world = northmoor(profile='[profile.inbound]\nrequire_auth = "dmarc_pass"\nauth_source = "mx.northmoor.example"')
    ref = world.refs[0]
    vouched = {"Authentication-Results": f"mx.{DOMAIN}; dmarc=pass header.from={DOMAIN}"}
    letter = world.carrier(ref)
    world.write(BEA, "My audit.", answers=letter, documents=[("Audit.docx", world.filled(ref))], headers=vouched)
    world.run("2026-09-15 15:00")
    summary = latest(world, ref, QA, "OUT-14")
    for number, headers in enumerate(({}, {"Authentication-Results": f"mx.elsewhere.example; dmarc=pass header.from={DOMAIN}"},
                                      {"Authentication-Results": f"mx.{DOMAIN}; dmarc=fail header.from={DOMAIN}"})):
        forged = world.write(QA, "ACCEPT", answers=summary, headers=headers)
        world.run(f"2026-09-15 16:0{number}")
        assert world.inbound(forged).disposition == "hold" and codes(world.answers_to(forged)) == ["OUT-32"]
        assert world.audit(ref).state is State.UNDER_QA
    world.write(QA, "ACCEPT", answers=summary, headers=vouched)
    world.run("2026-09-15 16:30")
    assert world.audit(ref).state is State.ACCEPTED


def test_mail_in_the_name_of_the_shared_mailbox_is_never_a_decision(northmoor: Found) -> None:
    """QA commands count only from a personal address."""
    world = northmoor()
    ref = world.refs[0]
    world.return_form(ref)
    world.run("2026-09-15 15:00")
    mail = world.write(MAILBOX, "ACCEPT", answers=latest(world, ref, QA, "OUT-14"))
    world.run("2026-09-15 16:00")
    assert world.inbound(mail).disposition == "ignore" and world.audit(ref).state is State.UNDER_QA
    assert world.answers_to(mail) == []


def test_one_message_id_with_two_contents_is_for_a_person(northmoor: Found) -> None:
    """A second message that claims to be the first, with other words in it, is held and told to QA."""
    world = northmoor()
    ref = world.refs[0]
    world.write(BEA, "ACK", answers=world.carrier(ref), message_id="<same@northmoor.example>")
    world.run("2026-09-02 10:00")
    world.write(BEA, "CANNOT", answers=world.carrier(ref), message_id="<same@northmoor.example>")
    world.run("2026-09-02 11:00")
    rows = world.house.store.load_inbound()
    assert [i.disposition for i in rows] == ["accept", "hold"] and "T-39.cannot" not in happened(world, ref)
    assert len(world.sent("OUT-89", to=QA)) == 1


# --- machines ---


def away(world: World, ref: str, text: str, **headers: str) -> str:
    letter = world.carrier(ref)
    return world.write(BEA, text, answers=letter, subject=f"Automatic reply: {letter.subject}",
                       headers={"Auto-Submitted": "auto-replied", **headers})


def test_an_absence_that_covers_the_due_day_is_told_to_quality(northmoor: Found) -> None:
    """SCN-22. An out-of-office reply says until when; it is kept as an absence, QA hears of it once with what can be done,
    nobody answers the machine, and no word in it is a command."""
    world = northmoor()
    ref = world.refs[0]
    mail = away(world, ref, "ACK\nI am on leave and back on Monday 5 October 2026.")
    world.run("2026-09-01 09:30")
    assert world.audit(ref).state is State.ALLOCATED
    assert codes(world.answers_to(mail)) == ["OUT-89"] and world.sent("OUT-89")[0].to == QA
    assert "REASSIGN" in world.sent("OUT-89")[0].text
    person = next(p for p in world.house.people if p.address == BEA)
    assert [a.source for a in person.absences] == ["automatic reply"]
    for n in range(3):
        world.now = world.now.replace(minute=40 + n)
        away(world, ref, "ACK\nI am on leave and back on Monday 5 October 2026.")
        world.run()
    assert len(world.sent("OUT-89")) == 1 and world.sent("OUT-33") == world.sent("OUT-88") == []


def test_an_absence_that_ends_before_the_due_day_is_only_noted(northmoor: Found) -> None:
    """Back in time: nobody need be told."""
    world = northmoor()
    mail = away(world, world.refs[0], "I am on leave and back on Monday 14 September 2026.")
    world.run("2026-09-01 09:30")
    assert world.answers_to(mail) == [] and world.inbound(mail).disposition == "ignore"
    assert next(p for p in world.house.people if p.address == BEA).absences


@pytest.mark.parametrize("headers", [{"Auto-Submitted": "auto-generated"}, {"Precedence": "bulk"}, {"X-Autoreply": "yes"}])
def test_a_form_in_an_automatic_mail_is_kept_for_a_person(northmoor: Found, headers: dict[str, str]) -> None:
    """A completed form is never dropped, whatever the headers say; no machine is answered."""
    world = northmoor()
    ref = world.refs[0]
    mail = world.write(BEA, "Here.", answers=world.carrier(ref), documents=[("Audit.docx", world.filled(ref))], headers=headers)
    world.run("2026-09-14 10:00")
    assert world.inbound(mail).disposition == "hold" and codes(world.answers_to(mail)) == ["OUT-89"]
    assert world.audit(ref).submission == 0


def test_an_allocation_that_bounces_is_sent_to_the_second_address(northmoor: Found) -> None:
    """The auditor's mailbox is gone. QA is told the same day; the allocation with its form goes to the second address of the
    directory, once; the audit does not count as acknowledged. A reply from there counts as the auditor's."""
    bea = next(p for p in make_people(1) if p.address == BEA)
    second = f"b.lindqvist@{DOMAIN}"
    world = northmoor(people=[replace(bea, second_address=second)])
    ref = world.refs[0]
    world.bounce(latest(world, ref, BEA, "OUT-04"))
    world.run("2026-09-01 09:20")
    assert world.audit(ref).has(Flag.BOUNCED) and world.audit(ref).state is State.ALLOCATED
    assert told(world, "OUT-90", ref) == [QA] and told(world, "OUT-04", ref) == sorted([BEA, second])
    again = latest(world, ref, second, "OUT-04")
    assert again.forms
    world.bounce(latest(world, ref, BEA, "OUT-04"))
    world.run("2026-09-01 09:40")
    assert len(world.sent("OUT-04")) == 2
    mail = world.write(second, "My audit.", answers=again, documents=[("Audit.docx", world.filled(ref, form=again.forms[0]))])
    world.run("2026-09-14 10:00")
    assert world.inbound(mail).disposition == "accept" and world.audit(ref).state is State.UNDER_QA


def test_a_letter_about_several_audits_that_bounces_is_written_once_more_to_the_second_address(northmoor: Found) -> None:
    """T-43: a team manager's mailbox is gone. QA hears of it; the same three cases are told to the directory's second address,
    once, less the one that is withdrawn meanwhile; a passing trouble is left to the mail server."""
    tm, second = TMS["Harbour"], f"h.second@{DOMAIN}"
    people = [replace(p, second_address=second) if p.address == tm else p for p in make_people(6) if p.address == tm]
    world = northmoor(auditors=6, people=people)
    (letter,) = world.sent("OUT-06", to=tm)
    world.bounce(letter, status="4.4.1")
    world.run("2026-09-01 09:20")
    assert world.sent("OUT-90") == [] and len(world.letters("OUT-06")) == 2
    theirs = [r for r in world.refs if world.house.get_case(world.audit(r)).tm == tm]
    world.write(QA, "WITHDRAW the case was closed", subject=f"[AUDIT {theirs[0]}] withdraw")
    world.run("2026-09-01 09:40")
    confirm(world, theirs[0])
    world.bounce(letter)
    world.run("2026-09-01 10:00")
    assert [x.to for x in world.sent("OUT-90")] == [QA] and world.audit(theirs[0]).state is State.WITHDRAWN
    world.run("2026-09-02 09:05")
    (again,) = world.sent("OUT-06", to=second)
    told_of = [r for r in theirs if world.house.get_case(world.audit(r)).number in again.text]
    assert told_of == theirs[1:]
    world.bounce(letter)
    world.run("2026-09-03 09:05")
    assert len(world.sent("OUT-06", to=second)) == 1 and len(world.sent("OUT-06", to=tm)) == 1


def test_a_bounce_that_carries_our_own_form_is_no_return(northmoor: Found) -> None:
    """A mail server sends the whole allocation back, form and all: it is a bounce, never a blank audit."""
    world = northmoor()
    ref = world.refs[0]
    mail = world.bounce(latest(world, ref, BEA, "OUT-04"), enclose=True)
    world.run("2026-09-01 09:20")
    assert world.inbound(mail).disposition == "ignore" and world.audit(ref).submission == 0
    assert told(world, "OUT-90", ref) == [QA]


def test_a_passing_trouble_of_a_mail_server_is_left_to_the_mail_server(northmoor: Found) -> None:
    """Status 4.x.x: it tries again by itself; nobody is told."""
    world = northmoor()
    ref = world.refs[0]
    world.bounce(latest(world, ref, BEA, "OUT-04"), status="4.2.2")
    world.run("2026-09-01 09:20")
    assert world.sent("OUT-90") == [] and not world.audit(ref).has(Flag.BOUNCED)


# --- the last door ---


def test_a_letter_to_an_address_outside_the_council_is_held_and_shown(northmoor: Found) -> None:
    """QA gives an audit to an agency worker whose address is outside the allowed domains. Nothing leaves for it; the letter
    is held with its reason, stands on QA's next worklist, and can't be released before the directory says "external"."""
    agency = Person("ana.agency@agency.example", "Ana Agency", ("auditor",), "Agency")
    world = northmoor()
    ref = world.refs[0]
    save_people(world.house, (*world.house.people, agency))
    say(world, BEA, "CANNOT I am ill", ref, at="2026-09-02 10:00")
    say(world, QA, f"REASSIGN {agency.address}", ref, code="OUT-89", at="2026-09-02 11:00")
    held = [x for x in world.letters(to=agency.address)]
    assert [(x.code, x.state) for x in held] == [("OUT-36", LetterState.HELD)] and "domain" in held[0].reason
    assert world.sent(to=agency.address) == []
    world.run("2026-09-03 09:05")
    assert "OUT-36" in world.sent("OUT-75", to=QA)[-1].text
    assert "stays held" in release_held(world.house, f"L{held[0].id}", "", world.now)[0]
    save_people(world.house, tuple(p if p.address != agency.address else replace(p, external=True) for p in world.house.people))
    release_held(world.house, f"L{held[0].id}", "", world.now)
    world.run("2026-09-03 10:00")
    assert [x.code for x in world.sent(to=agency.address)] == ["OUT-36"]


def test_somebody_who_has_left_is_not_written_to_any_more(northmoor: Found) -> None:
    """Between the letter's making in the evening and its leaving in the morning the directory changed: the letter is looked
    at once more at the door, and stays."""
    from mailflow.steps.month.opening import open_month
    from tests.world import moment, practitioner

    world = northmoor(opened=False)
    world.now = moment("2026-09-01 08:30")
    open_month(world.house, "2026-09", world.now, seed="northmoor")
    gone = practitioner(0)
    save_people(world.house, tuple(p for p in world.house.people if p.address != gone))
    world.run("2026-09-01 09:05")
    assert world.sent(to=gone) == [] and world.letters(to=gone)[0].state is LetterState.HELD
    assert world.sent("OUT-04") and world.sent("OUT-06")


def test_words_from_outside_are_printed_and_never_obeyed(northmoor: Found) -> None:
    """Markup, template signs and header tricks in a subject, a file name and a note come through as plain words."""
    world = northmoor()
    ref = world.refs[0]
    nasty = "{{ 7*7 }} <b>bold</b> [link](http://evil.example) {% raise %}"
    mail = world.write(BEA, nasty, answers=world.carrier(ref), subject=f"[AUDIT {ref}] {nasty}")
    world.run("2026-09-02 10:00")
    assert codes(world.answers_to(mail)) == ["OUT-89"]
    text = world.sent("OUT-89", to=QA)[-1].text
    assert "{{ 7*7 }}" in text and "<b>bold</b>" in text and "49" not in text.replace("2609", "")


def test_a_reply_that_is_only_html_is_understood(northmoor: Found) -> None:
    """ACCEPT from a mail program that writes HTML alone."""
    world = northmoor()
    ref = world.refs[0]
    world.return_form(ref)
    world.run("2026-09-15 15:00")
    summary = latest(world, ref, QA, "OUT-14")
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = f"Priya Nair <{QA}>", MAILBOX, f"RE: {summary.subject}"
    message["Message-ID"], message["In-Reply-To"] = "<html@northmoor.example>", summary.message_id
    message.set_content("<html><body><p>ACCEPT</p><p>Priya</p><blockquote>RETURN everything</blockquote></body></html>", subtype="html")
    world.drop(message.as_bytes())
    world.run("2026-09-15 16:00")
    assert world.audit(ref).state is State.ACCEPTED


def test_a_code_in_the_name_of_another_officer_does_nothing(northmoor: Found) -> None:
    """The one-time code counts only from the person who was sent it."""
    from tests.world import QA_MANAGER

    world = northmoor()
    ref = world.refs[0]
    world.return_form(ref)
    world.run("2026-09-15 15:00")
    decide(world, ref, "NOTACCEPTED the record was closed", at="2026-09-15 16:00")
    letter = latest(world, ref, QA, "OUT-79")
    mail = world.write(QA_MANAGER, code_in(letter), answers=letter)
    world.run("2026-09-15 16:10")
    assert world.audit(ref).state is State.UNDER_QA and codes(world.answers_to(mail)) == ["OUT-88"]
