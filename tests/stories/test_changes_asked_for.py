"""A form that is not good enough goes back, once, twice, and then a person decides; and what happens when nobody does."""

from datetime import date

import pytest

from mailflow.model import State
from mailflow.process.calendar import local
from parsers.read import read_document
from tests.stories.conftest import Found
from tests.stories.telling import (
    accept_and_issue,
    code_in,
    codes,
    comments_by_place,
    confirm,
    decide,
    happened,
    latest,
    open_next,
    say,
    told,
)
from tests.world import HOS, QA, QA_MANAGER, auditor, make_cases, make_people

BEA = auditor(0)
FORGOT = {"review.post": "", "family.evidence": ""}
ASAP = [{"text": "Bring the chronology up to date and have it checked", "owner": "Social worker", "due": "ASAP"}]


def limits(world: object, ref: str) -> tuple[date, date]:
    """(soft, hard) limit of the present request for changes, as London days."""
    from tests.world import World

    assert isinstance(world, World)
    audit = world.audit(ref)
    assert audit.soft_at and audit.hard_at
    return local(audit.soft_at).date(), local(audit.hard_at).date()


def test_an_incomplete_form_comes_back_with_comments_at_the_very_places(northmoor: Found) -> None:
    """A grade and some evidence are missing and a date says ASAP. Within one pass the auditor has their own document back,
    with a comment at each of the three places, and the same points in the mail. QA is told. What the auditor had written
    is still all there."""
    world = northmoor()
    ref = world.refs[0]
    returned = world.filled(ref, FORGOT, style="plain", rows=ASAP)
    world.write(BEA, "Here is my audit.", answers=world.carrier(ref), documents=[("Audit.docx", returned)])
    world.run("2026-09-14 16:00")
    assert world.audit(ref).state is State.REVISION and world.sent("OUT-12") == []
    request = latest(world, ref, BEA, "OUT-13")
    assert told(world, "OUT-14", ref) == [QA] and "asked" in latest(world, ref, QA, "OUT-14").text
    points = world.audit(ref).points
    assert {f for p in points for f in p.fields} == {"review.post", "family.evidence", "actions.1.due"}
    assert all(p.words in " ".join(request.text.split()) for p in points)
    comments = comments_by_place(request.forms[0])
    assert len(comments) == 3
    where = {said: place for said, place in comments}
    for point in points:
        place = next(place for said, place in where.items() if point.words in said)
        assert ASAP[0]["text"] in place if "actions.1.due" in point.fields else True
    form = world.house.policy.form
    before, after = (read_document(d, "Audit.docx", (form,)) for d in (returned, request.forms[0]))
    assert {f: a.text for f, a in before.answers.items()} == {f: a.text for f, a in after.answers.items()}
    assert before.content_digest == after.content_digest and after.leftovers == ()


def test_the_amended_document_is_accepted(northmoor: Found) -> None:
    """The auditor amends the very document that came back, comments and all; QA sees what changed and accepts."""
    world = northmoor()
    ref = world.refs[0]
    world.return_form(ref, FORGOT, style="plain", rows=ASAP)
    world.run("2026-09-14 16:00")
    annotated = latest(world, ref, BEA, "OUT-13").forms[0]
    world.return_form(ref, style="plain", form=annotated, text="Amended as you asked.")
    world.run("2026-09-15 16:00")
    assert world.audit(ref).state is State.UNDER_QA and world.audit(ref).points == ()
    assert told(world, "OUT-12", ref) == [BEA]
    summary = latest(world, ref, QA, "OUT-14").text
    assert "What changed since form 1" in summary and "Requires improvement" in summary
    assert 'Grade after the conversation: was blank, now "Requires improvement"' in " ".join(summary.split())
    assert "words added: \"Mother and older sister are involved." in " ".join(summary.split())
    assert "Actions, row 1" in summary and '"ASAP' in summary and "Unchanged: " in summary
    reading = world.house.store.load_submissions(ref)[1].reading
    assert reading.leftovers == () and all(reading.answer(f) for f in FORGOT)
    accept_and_issue(world, ref)
    wanted = ["T-08", "T-09", "T-17", "T-11", "T-13", "T-21"]
    assert [kind for kind in happened(world, ref) if kind in wanted] == wanted


def test_the_same_document_sent_back_unchanged_is_not_an_amended_form(northmoor: Found) -> None:
    """The auditor saves the annotated document and returns it as it is: the points stand, and the mail says that nothing
    has changed."""
    world = northmoor()
    ref = world.refs[0]
    world.return_form(ref, FORGOT)
    world.run("2026-09-14 16:00")
    mail = world.write(BEA, "Done.", answers=world.carrier(ref), documents=[("Audit.docx", world.form_of(ref))])
    world.run("2026-09-15 16:00")
    assert world.audit(ref).state is State.REVISION
    assert codes(world.answers_to(mail), BEA) in (["OUT-12"], ["OUT-13"])


def test_after_two_automatic_returns_a_person_decides(northmoor: Found) -> None:
    """The third form has the same gap. It goes to QA with the reason why they decide; ACCEPT is refused while the block
    stands, and RETURN with their own words sends it back once more."""
    world = northmoor()
    ref = world.refs[0]
    for number, at in enumerate(("2026-09-14 16:00", "2026-09-15 16:00", "2026-09-16 16:00"), 1):
        world.return_form(ref, {"review.post": ""}, later=f"Version {number}.")
        world.run(at)
        assert world.audit(ref).state is (State.UNDER_QA if number == 3 else State.REVISION)
    assert len(world.sent("OUT-13")) == 2 and len(world.sent("OUT-12")) == 1
    assert "two automatic returns" in latest(world, ref, QA, "OUT-14").text
    assert codes(decide(world, ref, "ACCEPT", at="2026-09-17 10:00")) == ["OUT-88"]
    assert world.audit(ref).state is State.UNDER_QA and "CHK-" in latest(world, ref, QA, "OUT-88").text
    decide(world, ref, "RETURN\n1. Please ring me about the grade for reviews.", at="2026-09-17 10:10")
    assert world.audit(ref).state is State.REVISION
    request = latest(world, ref, BEA, "OUT-17")
    assert "Please ring me about the grade for reviews." in request.text and request.forms


def test_a_block_is_set_aside_while_the_form_is_back_with_the_auditor(northmoor: Found) -> None:
    """QA knows why the grade is missing. OVERRIDE is echoed with a code; nothing happens before the code comes back from
    the same person, a wrong code does nothing, and then the auditor need not send anything and QA decides."""
    world = northmoor()
    ref = world.refs[0]
    world.return_form(ref, {"review.post": ""})
    world.run("2026-09-14 16:00")
    check = world.audit(ref).points[0].check
    assert codes(decide(world, ref, f"OVERRIDE {check} the review is next week", at="2026-09-14 16:20")) == ["OUT-79"]
    assert world.audit(ref).state is State.REVISION and world.audit(ref).overrides == ()
    code = code_in(latest(world, ref, QA, "OUT-79"))
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    assert codes(say(world, QA, wrong, ref, code="OUT-79")) == ["OUT-88"]
    assert codes(say(world, BEA, code, ref)) != ["OUT-79"] and world.audit(ref).overrides == ()
    confirm(world, ref)
    audit = world.audit(ref)
    assert audit.state is State.UNDER_QA and [o.check for o in audit.overrides] == [check]
    assert told(world, "OUT-12", ref) == [BEA]
    assert codes(confirm(world, ref)) == ["OUT-88"], "a code works once"
    accept_and_issue(world, ref)


def test_a_code_that_comes_back_after_a_day_does_nothing(northmoor: Found) -> None:
    """A high-effect command is forgotten after 24 hours."""
    world = northmoor()
    ref = world.refs[0]
    world.return_form(ref, {"review.post": ""})
    world.run("2026-09-14 16:00")
    decide(world, ref, f"OVERRIDE {world.audit(ref).points[0].check} agreed by phone", at="2026-09-14 16:20")
    world.wait(hours=25)
    assert codes(confirm(world, ref)) == ["OUT-88"] and world.audit(ref).overrides == ()
    assert "expired" in world.sent("OUT-88", to=QA)[-1].text


def test_the_officers_own_points_reach_the_auditor_with_the_form(northmoor: Found) -> None:
    """RETURN without points asks for them; with two points the auditor has both, numbered, and the form to amend."""
    world = northmoor()
    ref = world.refs[0]
    world.return_form(ref)
    world.run("2026-09-15 15:00")
    assert codes(decide(world, ref, "RETURN")) == ["OUT-88"] and world.audit(ref).state is State.UNDER_QA
    decide(world, ref, "RETURN\n1. Please say how the father's views were sought.\n2. Please explain the grade for planning.")
    request = latest(world, ref, BEA, "OUT-17")
    for words in ("how the father's views were sought", "explain the grade for planning", "Priya Nair"):
        assert words in " ".join(request.text.split())
    world.return_form(ref, later="The father was rung twice.")
    world.run("2026-09-17 15:00")
    assert world.audit(ref).state is State.UNDER_QA and len(world.sent("OUT-14")) == 2
    accept_and_issue(world, ref)


def test_a_conversation_is_offered_with_a_day_more(northmoor: Found) -> None:
    """DISCUSS: the auditor is offered a talk and has three and four working days instead of two and three; never less than
    the due day leaves."""
    world = northmoor()
    ref = world.refs[0]
    world.return_form(ref)
    world.run("2026-09-28 10:00")
    decide(world, ref, "DISCUSS\nI would like to understand the grade for planning.", at="2026-09-28 11:00")
    assert told(world, "OUT-18", ref) == [BEA]
    assert limits(world, ref) == (date(2026, 10, 1), date(2026, 10, 2))


@pytest.mark.parametrize("word, soft, hard", [("RETURN", date(2026, 4, 7), date(2026, 4, 8)),
                                              ("DISCUSS", date(2026, 4, 8), date(2026, 4, 9))])
def test_limits_step_over_easter(northmoor: Found, word: str, soft: date, hard: date) -> None:
    """SCN-03. QA returns a form on Wednesday 1 April 2026 at 11am: Good Friday, the weekend and Easter Monday don't count.
    (The form is of February's cycle and came late, so that the due day does not move the limits.)"""
    world = northmoor(month="2026-02")
    ref = world.refs[0]
    world.return_form(ref, {"late.reason": "Illness in the last week of the month"})
    world.run("2026-03-09 10:00")
    decide(world, ref, f"{word}\nPlease say more about the plan.", at="2026-04-01 11:00")
    assert limits(world, ref) == (soft, hard)


def test_the_team_is_reminded_of_a_return_by_the_next_working_day(northmoor: Found) -> None:
    """SCN-02. A form that comes on Thursday 2 April 2026 at 4:59pm is to be decided by 11:59pm on Tuesday 7 April; one that
    comes at 5pm by Wednesday."""
    for number, (at, due) in enumerate((("2026-04-02 16:59", "2026-04-07 23:59"), ("2026-04-02 17:00", "2026-04-08 23:59"))):
        world = northmoor(month="2026-04")
        ref = world.refs[0]
        world.return_form(ref, {"header.started": "01/04/2026", "header.met": "02/04/2026"})
        world.run(at)
        due_at = world.audit(ref).qa_due_at
        assert due_at and f"{local(due_at):%Y-%m-%d %H:%M}" == due, number


def test_nobody_decides_and_the_quality_manager_is_told(northmoor: Found) -> None:
    """qa.on_timeout = alert: at the end of the window the QA manager hears of it next morning, once; the form stays."""
    world = northmoor()
    ref = world.refs[0]
    world.return_form(ref)
    world.run("2026-09-15 15:00")
    for at in ("2026-09-16 17:00", "2026-09-17 09:05", "2026-09-17 15:00", "2026-09-18 09:05"):
        world.run(at)
    assert told(world, "OUT-19", ref) == [QA_MANAGER] and world.audit(ref).state is State.UNDER_QA
    assert world.sent("OUT-17") == []
    decide(world, ref, "ACCEPT", by=QA, at="2026-09-18 10:00")
    assert world.audit(ref).state is State.ACCEPTED


def test_nobody_decides_and_the_warnings_go_to_the_auditor(northmoor: Found) -> None:
    """qa.on_timeout = send_points: what QA was warned of goes to the auditor as points, and the QA manager is not told. A
    form without a single warning waits for QA all the same. (Both are written from one short text, which this council allows.)"""
    world = northmoor(auditors=2, profile='[profile.qa]\non_timeout = "send_points"\n'
                                          '[profile.checks.severity]\n"CHK-086" = "off"\n"CHK-089" = "off"')
    warned, clean = world.refs
    world.return_form(warned, rows=[{"text": "Write the chronology up to date", "owner": "Everyone", "due": "13/11/2026"}])
    world.return_form(clean)
    world.run("2026-09-15 15:00")
    assert {world.audit(r).state for r in (warned, clean)} == {State.UNDER_QA}
    warnings = [f for f in world.house.store.load_submissions(warned)[0].findings if f.severity.value == "warn"]
    assert warnings
    world.run("2026-09-17 09:05")
    assert world.audit(warned).state is State.REVISION
    request = latest(world, warned, world.audit(warned).auditor, "OUT-17")
    assert all(" ".join(f.words.split()) in " ".join(request.text.split()) for f in warnings)
    assert world.audit(clean).state is State.UNDER_QA and told(world, "OUT-19", clean) == [QA_MANAGER]
    assert world.sent("OUT-19", audit=warned) == []


def test_an_audit_that_is_never_amended_comes_back_in_the_next_open_month(northmoor: Found) -> None:
    """SCN-04. July's form went back and no amended one came: reminder, limit, not accepted; auditor and head of service
    hear why and that it is due in September, because August is closed. In September the auditor has it again, and a new
    case of its own beside it."""
    more = [p for p in make_people(3) if "practitioner" in p.roles]
    world = northmoor(month="2026-07", people=more, cases=make_cases(3)[1:], profile='[profile.selection]\nper_auditor = 1')
    ref = world.refs[0]
    world.return_form(ref, FORGOT)
    world.run("2026-07-28 10:00")
    soft, hard = limits(world, ref)
    assert (soft, hard) == (date(2026, 7, 30), date(2026, 7, 31))
    world.run("2026-07-31 09:05")
    assert told(world, "OUT-20", ref) == [BEA] and world.audit(ref).state is State.REVISION
    world.run("2026-08-03 09:05")
    assert world.audit(ref).state is State.NOT_ACCEPTED
    assert told(world, "OUT-21", ref) == sorted([BEA, HOS])
    assert "September 2026" in latest(world, ref, BEA, "OUT-21").text
    from mailflow.errors import PermanentError
    from mailflow.steps.month.opening import open_month

    with pytest.raises(PermanentError, match="closed"):
        open_month(world.house, "2026-08", world.now)
    open_next(world, "2026-09", "2026-09-01 08:30")
    world.run("2026-09-01 09:05")
    carried = next(a for a in world.house.store.find_audits(cycle="2609") if a.carried_from == ref)
    fresh = next(a for a in world.house.store.find_audits(cycle="2609") if not a.carried_from)
    assert carried.state is fresh.state is State.ALLOCATED and carried.auditor == fresh.auditor == BEA
    assert carried.case_number == world.audit(ref).case_number != fresh.case_number
    assert told(world, "OUT-22", carried.ref) == [BEA] and told(world, "OUT-04", fresh.ref) == [BEA]
    assert world.audit(ref).carried_to == carried.ref
    # The letter promised it: the answers of the form that was not accepted stand in the new one, ready to be amended.
    again = world.house.pool.read(latest(world, carried.ref, BEA, "OUT-22").forms[0], "again.docx")
    before = world.house.store.load_submissions(ref)[-1].reading
    assert again.answer("voice.evidence") == before.answer("voice.evidence") != "" and again.rows == before.rows
    assert again.printed_ref == carried.ref
    world.return_form(carried.ref)
    world.run("2026-09-10 10:00")
    assert world.audit(carried.ref).state is State.UNDER_QA


def test_the_old_form_of_a_carried_audit_is_filed_when_its_auditor_says_so(northmoor: Found) -> None:
    """The auditor fills in July's form in September. Nothing is filed by itself: the answer names both audits, and YES with
    the new reference files it there."""
    world = northmoor(month="2026-07")
    ref = world.refs[0]
    old = world.filled(ref)
    world.return_form(ref, FORGOT)
    world.run("2026-07-28 10:00")
    world.run("2026-08-03 09:05")
    open_next(world, "2026-09", "2026-09-01 08:30")
    world.run("2026-09-01 09:05")
    new = world.audit(ref).carried_to
    mail = world.write(BEA, "Here it is at last.", subject="Audit", documents=[("Audit.docx", old)])
    world.run("2026-09-10 10:00")
    assert codes(world.answers_to(mail)) == ["OUT-29"] and all(a.submission <= 1 for a in world.house.store.find_audits())
    words = world.sent("OUT-29", to=BEA)[-1]
    assert ref in words.text and new in words.text
    world.write(BEA, f"YES {new}", answers=words)
    world.run("2026-09-10 11:00")
    assert world.audit(new).state is State.UNDER_QA and world.audit(ref).state is State.NOT_ACCEPTED
