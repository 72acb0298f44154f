"""The family's views beside the audit: both items, red cases, two tries and the post (SCN-12, SCN-13; T-63, T-64, IN-03)."""

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest
from docx import Document

from mailflow.demo.pen import fill_in
from mailflow.demo.post import Received
from mailflow.model import Case, ConcernState, FeedbackState, State
from mailflow.model.feedback import combined
from mailflow.process.checks import FAMILY
from tests.parsers.pages import Look, make_form, typed
from tests.stories.conftest import Found
from tests.stories.old_forms import form_named
from tests.stories.telling import accept_and_issue, codes, decide, happened, latest, told
from tests.world import QA, TMS, World, auditor, make_cases, practitioner

BEA = auditor(0)
# The one-page process's policy on the Word form of the ten domains.
BOTH_ITEMS = """
[profile.feedback]
sources = ["parent"]
ask_worker_first = true
[profile.return]
items = ["form", "feedback"]
"""
HEARD = {"header.who": "Parent", "header.relation": "Mother", "header.asked_first": "Yes", "outcome.on": "10/09/2026",
         "views.respect": "Yes, she always knocks and waits.", "views.score": "8", "concern.now": "No"}
NOBODY_IN = ({"on": "08/09/2026", "at": "10:00", "how": "Phone", "outcome": "No answer"},
             {"on": "10/09/2026", "at": "16:30", "how": "Phone", "outcome": "Number not in use"})
TRIED = {"header.who": "Parent", "header.asked_first": "Yes", "concern.now": "No"}


def feedback_form(world: World, ref: str, answers: Mapping[str, str], tries: Sequence[Mapping[str, str]] = (), *,
                  of: Received | None = None) -> tuple[str, bytes]:
    """The feedback form that came with the allocation (or with ``of``), filled in."""
    blank = of.forms[0] if of else latest(world, ref, world.audit(ref).auditor, "OUT-04").forms[1]
    return f"Feedback {ref}.docx", fill_in(blank, answers, {"attempts": tries} if tries else None)


def send_feedback(world: World, ref: str, answers: Mapping[str, str] = HEARD, tries: Sequence[Mapping[str, str]] = (), *,
                  at: str, sender: str = "", letter: Received | None = None) -> str:
    mail = world.write(sender or world.audit(ref).auditor, "The family's views.", answers=letter or world.carrier(ref),
                       documents=[feedback_form(world, ref, answers, tries)])
    world.run(at)
    return mail


def views_of(world: World, ref: str) -> dict[str, FeedbackState]:
    return {source: f.state for source, f in combined(world.house.store.load_feedback(ref)).items()}


def red() -> list[Case]:
    return [replace(c, qa_contacts_family=True) for c in make_cases(1)]


def test_an_audit_without_the_feedback_form_is_kept_and_only_the_form_is_asked_for(northmoor: Found) -> None:
    """SCN-13. Bea sends her audit and forgets the feedback form. The audit is kept as it is; the one point is the missing form.
    She sends it alone two days later, and the audit goes on to the QA team by itself: nothing of the audit is sent again."""
    world = northmoor(profile=BOTH_ITEMS)
    ref = world.refs[0]
    assert len(latest(world, ref, BEA, "OUT-04").forms) == 3 and "fill in the feedback form" in latest(world, ref, BEA, "OUT-04").text
    assert views_of(world, ref) == {"parent": FeedbackState.WANTED}
    world.return_form(ref)
    world.run("2026-09-14 10:00")
    assert world.audit(ref).state is State.REVISION and world.audit(ref).submission == 1
    assert [p.check for p in world.audit(ref).points] == ["CHK-010"]
    asked = latest(world, ref, BEA, "OUT-13").text
    assert "not the feedback form" in asked and "until this point is put right" in asked

    mail = send_feedback(world, ref, at="2026-09-16 09:30", letter=latest(world, ref, BEA, "OUT-13"))
    audit = world.audit(ref)
    assert (audit.state, audit.submission, audit.points) == (State.UNDER_QA, 1, ())
    assert codes(world.answers_to(mail), BEA) == ["OUT-12"] and "nothing is missing" in latest(world, ref, BEA, "OUT-12").text
    shown = latest(world, ref, QA, "OUT-14")
    assert "views have come" in shown.text and "Parent: views given, 8 out of 10" in shown.text and "0 blocks" in shown.subject
    assert views_of(world, ref) == {"parent": FeedbackState.RECEIVED} and told(world, "OUT-30", ref) == []
    world.run("2026-09-17 09:05")
    world.run("2026-09-18 09:05")
    assert told(world, "OUT-20", ref) == [] and told(world, "OUT-21", ref) == []
    accept_and_issue(world, ref)
    assert [k for k in happened(world, ref) if k in ("T-08", "T-09", "IN-03", "T-11", "T-13", "T-21")] == [
        "T-08", "T-09", "IN-03", "T-11", "T-13", "T-21"]


def test_both_items_in_one_mail_are_one_return(northmoor: Found) -> None:
    """Bea attaches both forms. Nothing is missing, she has one receipt, and the feedback form is no second submission."""
    world = northmoor(profile=BOTH_ITEMS)
    ref = world.refs[0]
    mail = world.write(BEA, "Both forms.", answers=world.carrier(ref), documents=[
        (f"Audit {ref}.docx", world.filled(ref)), feedback_form(world, ref, HEARD)])
    world.run("2026-09-14 10:00")
    assert world.audit(ref).state is State.UNDER_QA and world.audit(ref).submission == 1
    assert codes(world.answers_to(mail)) == ["OUT-12", "OUT-14"]
    assert views_of(world, ref) == {"parent": FeedbackState.RECEIVED}
    assert "IN-03" in happened(world, ref)


@pytest.mark.parametrize("saved_anew", [b"", b"\0"])
def test_the_same_audit_form_again_with_the_feedback_form_is_no_amended_form(northmoor: Found, saved_anew: bytes) -> None:
    """Asked for the feedback form alone, Bea sends both once more, the audit as it was or saved again. Nobody tells her that
    nothing was amended."""
    world = northmoor(profile=BOTH_ITEMS)
    ref = world.refs[0]
    same = world.filled(ref)
    world.write(BEA, "My audit.", answers=world.carrier(ref), documents=[(f"Audit {ref}.docx", same)])
    world.run("2026-09-14 10:00")
    mail = world.write(BEA, "Both.", answers=latest(world, ref, BEA, "OUT-13"), documents=[
        (f"Audit {ref}.docx", same + saved_anew), feedback_form(world, ref, HEARD)])
    world.run("2026-09-15 10:00")
    assert world.audit(ref).state is State.UNDER_QA and world.audit(ref).submission == 1
    assert codes(world.answers_to(mail), BEA) == ["OUT-12"] and "nothing is missing" in latest(world, ref, BEA, "OUT-12").text


def test_a_red_case_is_the_qa_team_s_to_ring_whatever_the_auditor_did(northmoor: Found) -> None:
    """SCN-12. The QA team is asked to ring the family the morning the month opens. Bea rings all the same and sends a feedback
    form: it is kept, she is told not to, and it blocks nothing. The QA team's own form is filed beside it."""
    world = northmoor(profile=BOTH_ITEMS, cases=red())
    ref = world.refs[0]
    assert told(world, "OUT-78", ref) == [QA] and len(latest(world, ref, BEA, "OUT-04").forms) == 1
    request = latest(world, ref, QA, "OUT-78")
    assert "Wednesday 30 September 2026" in request.text and "please do not" in latest(world, ref, BEA, "OUT-04").text
    hers = feedback_form(world, ref, HEARD, of=request)
    mail = world.write(BEA, "Both forms.", answers=world.carrier(ref), documents=[
        (f"Audit {ref}.docx", world.filled(ref)), hers])
    world.run("2026-09-14 10:00")
    assert world.audit(ref).state is State.UNDER_QA and codes(world.answers_to(mail), BEA) == ["OUT-12"]
    shown = latest(world, ref, QA, "OUT-14").text
    assert "CHK-078" in shown and "Please do not ring them" in shown and "CHK-010" not in shown

    own = world.write(QA, "We rang.", answers=request, documents=[feedback_form(
        world, ref, HEARD | {"views.score": "3"}, of=request)])
    world.run("2026-09-15 11:00")
    assert codes(world.answers_to(own)) in (["OUT-14"], ["OUT-88"]) and world.inbound(own).disposition == "accept"
    assert combined(world.house.store.load_feedback(ref))["parent"].score == 3
    accept_and_issue(world, ref)


def test_a_red_case_without_any_views_goes_on(northmoor: Found) -> None:
    """G-84: nobody chases the auditor for what the QA team owes."""
    world = northmoor(profile=BOTH_ITEMS, cases=red())
    ref = world.refs[0]
    world.return_form(ref)
    world.run("2026-09-14 10:00")
    assert world.audit(ref).state is State.UNDER_QA
    assert "ring the family by Wednesday 30 September 2026" in latest(world, "", QA, "OUT-75").text
    assert not FAMILY & {p for p in latest(world, ref, QA, "OUT-14").text.replace(",", " ").replace(":", " ").split()}


def test_two_tries_in_vain_and_the_qa_team_posts_a_form(northmoor: Found) -> None:
    """T-64, G-03. Bea rang twice. The QA team has the pack to post the same day, the audit waits for nobody, and the reply that
    comes after the report has gone out is filed; one that comes after the window waits for a person."""
    world = northmoor(profile=BOTH_ITEMS)
    ref = world.refs[0]
    mail = world.write(BEA, "Both forms.", answers=world.carrier(ref), documents=[
        (f"Audit {ref}.docx", world.filled(ref)), feedback_form(world, ref, TRIED, NOBODY_IN)])
    world.run("2026-09-14 10:00")
    assert world.audit(ref).state is State.UNDER_QA and codes(world.answers_to(mail), BEA) == ["OUT-12"]
    posting = latest(world, ref, QA, "OUT-77")
    assert "Monday 12 October 2026" in posting.text and len(posting.forms) == 2
    assert views_of(world, ref) == {"parent": FeedbackState.POSTED}
    assert "Parent: form posted, due back by Monday 12 October 2026" in latest(world, ref, QA, "OUT-14").text
    accept_and_issue(world, ref)

    typed_in = fill_in(posting.forms[1], HEARD | {"outcome.on": "01/10/2026"})
    reply = world.write(QA, "Their reply came.", answers=posting, documents=[("Feedback.docx", typed_in)])
    world.run("2026-10-05 10:00")
    assert views_of(world, ref) == {"parent": FeedbackState.RECEIVED} and codes(world.answers_to(reply)) == ["OUT-88"]
    assert "filed the views of a parent" in latest(world, ref, QA, "OUT-88").text and world.audit(ref).state is State.ISSUED

    late = world.write(QA, "And another.", answers=posting, documents=[("Feedback.docx", fill_in(posting.forms[1], HEARD))])
    world.run("2026-10-13 10:00")
    assert world.inbound(late).disposition == "hold" and "20 working days" in world.inbound(late).reason
    assert told(world, "OUT-77", ref) == [QA], "posted once"


def test_the_postal_pack_says_nothing_of_the_case(northmoor: Found) -> None:
    """DOC-27: a letter, the questions, the label. No case number, no names, nothing of what the record says."""
    world = northmoor(profile=BOTH_ITEMS)
    ref = world.refs[0]
    send_feedback(world, ref, TRIED, NOBODY_IN, at="2026-09-14 10:00")
    pack = latest(world, ref, QA, "OUT-77").forms[0]
    page = Document(io.BytesIO(pack))
    text = "\n".join(p.text for p in page.paragraphs)
    audit = world.audit(ref)
    assert text.count(f"Reference: {ref}") == 2 and "Monday 12 October 2026" in text and "Northmoor Council" in text
    assert "Do we treat you with respect?" in text and "0     1     2" in text and "ring 999" in text
    assert not [w for w in (audit.case_number, BEA, practitioner(0), "Bea", "Harbour", "concern for a child", "Case number") if w in text]
    width = page.sections[0].page_width
    assert width is not None and round(width.cm) == 21 and page.core_properties.title == "Your views about our work with you"


def test_one_try_is_not_enough(northmoor: Found) -> None:
    """The second try is asked for; when it is logged on another form, both count."""
    world = northmoor(profile=BOTH_ITEMS)
    ref = world.refs[0]
    world.write(BEA, "Both forms.", answers=world.carrier(ref), documents=[
        (f"Audit {ref}.docx", world.filled(ref)), feedback_form(world, ref, TRIED, NOBODY_IN[:1])])
    world.run("2026-09-14 10:00")
    assert [p.check for p in world.audit(ref).points] == ["CHK-075"] and told(world, "OUT-77", ref) == []
    send_feedback(world, ref, TRIED, NOBODY_IN[1:], at="2026-09-15 10:00")
    assert world.audit(ref).state is State.UNDER_QA and told(world, "OUT-77", ref) == [QA]


def test_a_feedback_form_that_names_no_audit_is_placed_by_its_letter_or_asked_for(northmoor: Found) -> None:
    """Typed into a form kept from somewhere: in reply to our letter the thread says which audit; with nothing at all Bea is asked,
    and her answer to that brings it home. A stranger to the audit is not believed."""
    world = northmoor(profile=BOTH_ITEMS)
    ref = world.refs[0]
    name, bare = "Feedback.docx", make_form(HEARD, Look(shape=typed, marks=False), form_named(world, "feedback", "1"))
    lost = world.write(BEA, "Feedback.", subject="Feedback", documents=[(name, bare)])
    world.run("2026-09-14 10:00")
    assert codes(world.answers_to(lost)) == ["OUT-88"] and "which audit" in latest(world, "", BEA, "OUT-88").text
    assert views_of(world, ref) == {"parent": FeedbackState.WANTED}
    other = world.write(practitioner(0), "Feedback.", answers=world.carrier(ref), documents=[(name, bare)])
    world.run("2026-09-14 11:00")
    assert world.inbound(other).disposition == "hold" and views_of(world, ref) == {"parent": FeedbackState.WANTED}
    found = world.write(BEA, "Feedback.", answers=world.carrier(ref), documents=[(name, bare)])
    world.run("2026-09-14 12:00")
    assert world.inbound(found).disposition == "accept" and views_of(world, ref) == {"parent": FeedbackState.RECEIVED}
    assert world.audit(ref).submission == 0 and world.audit(ref).state is State.UNDERWAY


def test_the_qa_team_files_a_held_feedback_form(northmoor: Found) -> None:
    """FILE and the reference, as for any return."""
    world = northmoor(profile=BOTH_ITEMS)
    ref = world.refs[0]
    name, filled = feedback_form(world, ref, HEARD)
    held = world.write(practitioner(0), "Their views.", answers=world.carrier(ref), documents=[(name, filled)])
    world.run("2026-09-14 10:00")
    assert world.inbound(held).disposition == "hold"
    world.write(QA, f"FILE {ref}", answers=latest(world, "", QA, "OUT-89"))
    world.run("2026-09-14 11:00")
    assert views_of(world, ref) == {"parent": FeedbackState.RECEIVED} and world.inbound(held).disposition == "accept"


def test_a_decision_and_a_feedback_form_in_one_mail_are_both_done(northmoor: Found) -> None:
    """Priya accepts, with the reply to a posted form typed into the form she was sent. A blank one is only sent along, and
    while the audit is on hold the views wait with everything else."""
    world = northmoor(profile=BOTH_ITEMS)
    ref = world.refs[0]
    world.write(BEA, "Both forms.", answers=world.carrier(ref), documents=[
        (f"Audit {ref}.docx", world.filled(ref)), feedback_form(world, ref, TRIED, NOBODY_IN)])
    world.run("2026-09-14 10:00")
    posting = latest(world, ref, QA, "OUT-77")
    for said, answers, became in (("HOLD", {}, "accept"), ("RELEASE", HEARD, "hold")):
        mail = world.write(QA, said, answers=latest(world, ref, QA, "OUT-14"), documents=[
            ("Feedback.docx", fill_in(posting.forms[1], answers))])
        world.run("2026-09-14 10:30")
        assert len(world.answers_to(mail)) == 1 and world.inbound(mail).disposition == became
        assert views_of(world, ref) == {"parent": FeedbackState.POSTED}
    mail = world.write(QA, "ACCEPT", answers=latest(world, ref, QA, "OUT-14"), documents=[
        ("Feedback.docx", fill_in(posting.forms[1], HEARD))])
    world.run("2026-09-14 11:00")
    assert world.audit(ref).state is State.ACCEPTED and views_of(world, ref) == {"parent": FeedbackState.RECEIVED}
    assert codes(world.answers_to(mail)) == ["OUT-88"]


def test_views_of_nobody_in_particular_wait_for_a_person(northmoor: Found) -> None:
    """Two sources are wanted, and the form does not say whose views it holds: beside the audit or alone, QA looks."""
    world = northmoor(profile=BOTH_ITEMS.replace('["parent"]', '["parent", "child"]'))
    ref = world.refs[0]
    nobody = {k: v for k, v in HEARD.items() if k != "header.who"}
    alone = send_feedback(world, ref, nobody, at="2026-09-14 10:00")
    assert world.inbound(alone).disposition == "hold" and "whose views" in world.inbound(alone).reason
    world.write(BEA, "Both forms.", answers=world.carrier(ref), documents=[
        (f"Audit {ref}.docx", world.filled(ref)), feedback_form(world, ref, nobody)])
    world.run("2026-09-14 11:00")
    assert world.audit(ref).submission == 1 and "whose views" in latest(world, "", QA, "OUT-89").text


def test_a_carer_will_do_where_the_profile_says_so(northmoor: Found) -> None:
    """F0-FBK-01: parents or carers. Where nobody says so, a carer's views are not a parent's."""
    for either, state in (("[]", State.REVISION), ('["parent", "carer"]', State.UNDER_QA)):
        world = northmoor(profile=BOTH_ITEMS.replace("ask_worker", f"either = {either}\nask_worker"))
        ref = world.refs[0]
        world.write(BEA, "Both forms.", answers=world.carrier(ref), documents=[
            (f"Audit {ref}.docx", world.filled(ref)), feedback_form(world, ref, HEARD | {"header.who": "Carer"})])
        world.run("2026-09-14 10:00")
        assert world.audit(ref).state is state, either


def test_a_blank_feedback_form_is_nothing(northmoor: Found) -> None:
    """Beside the audit it counts as missing; by itself Bea is told."""
    world = northmoor(profile=BOTH_ITEMS)
    ref = world.refs[0]
    mail = world.write(BEA, "Both forms.", answers=world.carrier(ref), documents=[
        (f"Audit {ref}.docx", world.filled(ref)), feedback_form(world, ref, {"header.who": "Parent"})])
    world.run("2026-09-14 10:00")
    assert [p.check for p in world.audit(ref).points] == ["CHK-010"] and codes(world.answers_to(mail), BEA) == ["OUT-13"]
    again = send_feedback(world, ref, {"header.who": "Parent"}, at="2026-09-15 10:00")
    assert codes(world.answers_to(again)) == ["OUT-88"] and "blank" in latest(world, ref, BEA, "OUT-88").text
    assert world.audit(ref).state is State.REVISION


def test_a_concern_on_a_feedback_form_reaches_the_managers_at_once(northmoor: Found) -> None:
    """What a parent said on the phone worries Bea: she ticks the box of the feedback form, and sends both forms together."""
    world = northmoor(profile=BOTH_ITEMS)
    ref = world.refs[0]
    mail = world.write(BEA, "Both forms.", answers=world.carrier(ref), documents=[
        (f"Audit {ref}.docx", world.filled(ref)),
        feedback_form(world, ref, HEARD | {"concern.now": "Yes", "concern.told": "01632 960 777"})])
    world.run("2026-09-14 10:00")
    assert world.audit(ref).concern.state is ConcernState.TOLD and {TMS["Harbour"], QA} <= set(told(world, "OUT-47", ref))
    assert codes(world.answers_to(mail), BEA) == ["OUT-46"] and world.audit(ref).submission == 1


def test_concern_written_above_a_feedback_form_is_a_concern(northmoor: Found) -> None:
    """IN-07: the word counts above any form."""
    world = northmoor(profile=BOTH_ITEMS)
    ref = world.refs[0]
    mail = world.write(BEA, "CONCERN 01632 960 777", answers=world.carrier(ref), documents=[feedback_form(world, ref, HEARD)])
    world.run("2026-09-10 10:00")
    assert world.audit(ref).concern.state is ConcernState.TOLD and codes(world.answers_to(mail), BEA) == ["OUT-46"]
    assert views_of(world, ref) == {"parent": FeedbackState.RECEIVED}


def test_the_same_mail_twice_files_it_once(northmoor: Found) -> None:
    world = northmoor(profile=BOTH_ITEMS)
    ref = world.refs[0]
    raw, _ = world.make_mail(BEA, "Views.", answers=world.carrier(ref), documents=[feedback_form(world, ref, TRIED, NOBODY_IN)])
    world.drop(raw)
    world.run("2026-09-14 10:00")
    world.drop(raw)
    world.run("2026-09-14 11:00")
    assert happened(world, ref).count("IN-03") == 1 and told(world, "OUT-77", ref) == [QA]


def test_where_nobody_asks_for_views_a_feedback_form_is_still_no_wrong_form(northmoor: Found) -> None:
    """The framework of 2023 asks no family (G-79). A feedback form that comes all the same is kept beside the audit."""
    asks = northmoor(profile=BOTH_ITEMS)
    _, blank = feedback_form(asks, asks.refs[0], {})
    world = northmoor()
    ref = world.refs[0]
    assert len(latest(world, ref, BEA, "OUT-04").forms) == 1 and views_of(world, ref) == {}
    filled = fill_in(_without_passport(blank), HEARD | {"header.reference": ref})
    world.write(BEA, "Views.", answers=world.carrier(ref), documents=[("Feedback.docx", filled)])
    world.run("2026-09-14 10:00")
    assert views_of(world, ref) == {"parent": FeedbackState.RECEIVED} and told(world, "OUT-30", ref) == []
    world.return_form(ref)
    world.run("2026-09-15 10:00")
    assert world.audit(ref).state is State.UNDER_QA
    decide(world, ref, "ACCEPT")


def _without_passport(document: bytes) -> bytes:
    """The same document without what it carries about itself: pasted into a new one."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(document)) as package, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as fresh:
        for item in package.infolist():
            data = re.sub(rb"mailflow-form:1;[^<\"]*", b"", package.read(item))
            fresh.writestr(item.filename, data)
    return out.getvalue()
