"""One audit from the allocation to the child's record, and the ways in which even a good form can come back."""

import pytest

from mailflow.demo.post import Received
from mailflow.model import Flag, State
from tests.stories.conftest import Found
from tests.stories.telling import accept_and_issue, codes, decide, happened, latest, say, told
from tests.world import IRO, QA, QA_MANAGER, TMS, auditor, practitioner

BEA, BEA_WORKER, TM = auditor(0), practitioner(0), TMS["Harbour"]
NO_ACTIONS: list[dict[str, str]] = []


def test_a_case_is_allocated_audited_accepted_issued_and_recorded(northmoor: Found) -> None:
    """The auditor is sent a form made for the case; practitioner and team manager are told. The completed form gets a
    receipt, and QA gets one summary. After ACCEPT nothing leaves for fifteen minutes; then the report goes to the
    auditor, the team manager, the practitioner and the reviewing officer. The upload is confirmed, and the audit stays
    open for the action that was agreed."""
    world = northmoor()
    ref = world.refs[0]
    assert told(world, "OUT-04", ref) == [BEA] and told(world, "OUT-05", ref) == [BEA_WORKER] and told(world, "OUT-06", ref) == [TM]
    assert say(world, BEA, "ACK", ref, at="2026-09-01 11:00") == []
    assert world.audit(ref).state is State.UNDERWAY
    assert codes(say(world, BEA, "BOOKED 09/09/2026 14:00", ref, at="2026-09-02 10:00")) == ["OUT-09", "OUT-09"]
    assert told(world, "OUT-09", ref) == sorted([BEA, BEA_WORKER])
    world.return_form(ref)
    world.run("2026-09-15 15:00")
    assert world.audit(ref).state is State.UNDER_QA
    assert told(world, "OUT-12", ref) == [BEA] and told(world, "OUT-14", ref) == [QA]
    decide(world, ref, "ACCEPT", at="2026-09-16 10:00")
    world.wait(minutes=14)
    assert world.audit(ref).state is State.ACCEPTED
    assert world.sent("OUT-16") == world.sent("OUT-23") == []
    world.wait(minutes=2)
    assert world.audit(ref).state is State.ISSUED
    assert told(world, "OUT-16", ref) == [BEA]
    assert told(world, "OUT-23", ref) == sorted([TM, BEA_WORKER]) and told(world, "OUT-25", ref) == [IRO]
    say(world, BEA, "UPLOADED 17/09/2026 11:30", ref, code="OUT-16", at="2026-09-17 12:00")
    assert told(world, "OUT-26", ref) == [BEA]
    assert world.audit(ref).state is State.FOLLOW_UP and world.audit(ref).grade == "good"
    wanted = ["T-01", "T-02", "T-03", "T-05", "T-08", "T-11", "T-13", "T-21", "T-22", "T-25"]
    assert [kind for kind in happened(world, ref) if kind in wanted] == wanted


def test_an_audit_without_actions_is_recorded_when_the_upload_is_confirmed(northmoor: Found) -> None:
    """A good audit with nothing to be done ends with the upload. An upload in the future is not believed."""
    world = northmoor()
    ref = world.refs[0]
    world.return_form(ref, rows=NO_ACTIONS)
    world.run("2026-09-15 15:00")
    accept_and_issue(world, ref)
    assert codes(say(world, BEA, "UPLOADED 17/09/2026 11:30", ref, code="OUT-16", at="2026-09-16 12:00")) == ["OUT-88"]
    assert world.audit(ref).state is State.ISSUED
    say(world, BEA, "UPLOADED 17/09/2026 11:30", ref, code="OUT-16", at="2026-09-17 12:00")
    assert world.audit(ref).state is State.RECORDED


def test_the_team_manager_gets_the_report_and_the_action_list_and_the_auditor_the_case_note(northmoor: Found) -> None:
    """Report as PDF to everybody who is told; the list of actions to the team manager alone; the case-note text to the
    auditor. No document carries a name in its own name."""
    world = northmoor()
    ref = world.refs[0]
    world.return_form(ref, style="plain")
    world.run("2026-09-15 15:00")
    accept_and_issue(world, ref)
    enclosed = {(x.code, x.to): enclosures(world, x) for x in world.sent(audit=ref)}
    assert [n.rpartition(".")[2] for n in enclosed["OUT-23", TM]] == ["pdf", "xlsx"]
    assert [n.rpartition(".")[2] for n in enclosed["OUT-23", BEA_WORKER]] == ["pdf"]
    assert sorted(n.rpartition(".")[2] for n in enclosed["OUT-16", BEA]) == ["pdf", "txt"]
    people = [p.name.split()[-1].lower() for p in world.house.people]
    for names in enclosed.values():
        assert all(part not in name.lower() for name in names for part in people), names


def enclosures(world: object, letter: Received) -> list[str]:
    from email import message_from_bytes, policy
    from email.message import EmailMessage

    from mailflow.mailbox.folder import sent_name
    from tests.world import World

    assert isinstance(world, World)
    raw = (world.root / "mail" / "sent" / sent_name(letter.message_id)).read_bytes()
    message = message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return [str(part.get_filename()) for part in message.iter_attachments()]


def test_an_inadequate_audit_reaches_the_head_of_service_on_the_day_it_is_issued(northmoor: Found) -> None:
    """The profile's rule for Inadequate: the head of service has the report too, and the discussion is due in five
    working days."""
    from tests.world import HOS

    world = northmoor()
    ref = world.refs[0]
    why = ("The child was not seen alone for four months and the plan was not reviewed. Two strategy discussions were missed "
           "and nobody explained why, so we can't say that the child was safe in that time.")
    grades = {f"{d}.{stage}": "Inadequate" for d in ("voice", "planning", "review", "oversight", "impact", "overall")
              for stage in ("pre", "post")}
    world.return_form(ref, {**grades, "overall.summary": why}, style="plain")
    world.run("2026-09-15 15:00")
    assert world.audit(ref).state is State.UNDER_QA, [p.words for p in world.audit(ref).points]
    accept_and_issue(world, ref)
    assert world.audit(ref).grade == "inadequate" and told(world, "OUT-24", ref) == [HOS]
    assert "22 September 2026" in latest(world, ref, HOS, "OUT-24").text


def test_an_acceptance_can_be_taken_back_within_fifteen_minutes(northmoor: Found) -> None:
    """UNDO after five minutes: nothing was issued, nobody outside QA has heard a word, and QA decides again."""
    world = northmoor()
    ref = world.refs[0]
    world.return_form(ref)
    world.run("2026-09-15 15:00")
    decide(world, ref, "ACCEPT", at="2026-09-16 10:00")
    decide(world, ref, "UNDO", at="2026-09-16 10:05")
    assert world.audit(ref).state is State.UNDER_QA
    world.wait(hours=1)
    assert world.audit(ref).state is State.UNDER_QA
    assert not [x for x in world.sent(audit=ref) if x.code in ("OUT-16", "OUT-23", "OUT-24", "OUT-25")]
    accept_and_issue(world, ref)
    assert told(world, "OUT-16", ref) == [BEA]


def test_after_fifteen_minutes_undo_comes_too_late_and_says_so(northmoor: Found) -> None:
    """The report has gone to the managers; the officer is told that it was issued, and nothing changes."""
    world = northmoor()
    ref = world.refs[0]
    world.return_form(ref)
    world.run("2026-09-15 15:00")
    decide(world, ref, "ACCEPT", at="2026-09-16 10:00")
    world.run("2026-09-16 10:16")
    answers = decide(world, ref, "UNDO", at="2026-09-16 10:20")
    assert codes(answers) == ["OUT-88"] and "issued" in latest(world, ref, QA, "OUT-88").text
    assert world.audit(ref).state is State.ISSUED


def test_undo_that_arrives_in_time_counts_although_the_daemon_looks_later(northmoor: Found) -> None:
    """ACCEPT at 10:00; UNDO lies in the inbox when the pass of 10:16 begins: mail is read before clocks are."""
    world = northmoor()
    ref = world.refs[0]
    world.return_form(ref)
    world.run("2026-09-15 15:00")
    decide(world, ref, "ACCEPT", at="2026-09-16 10:00")
    world.write(QA, "UNDO", answers=latest(world, ref, QA, "OUT-14"))
    world.run("2026-09-16 10:16")
    assert world.audit(ref).state is State.UNDER_QA and world.sent("OUT-23") == []


def test_the_first_decision_wins_and_a_later_one_is_told_whose_it_was(northmoor: Found) -> None:
    """Officer and manager decide differently about one return in the same minute. One decision is carried out."""
    world = northmoor()
    ref = world.refs[0]
    world.return_form(ref)
    world.run("2026-09-15 15:00")
    summary = latest(world, ref, QA, "OUT-14")
    world.write(QA, "ACCEPT", answers=summary)
    later = world.write(QA_MANAGER, "RETURN\nPlease say more about the father.", answers=summary, subject=f"Re: {summary.subject}")
    world.run("2026-09-16 10:00")
    assert world.audit(ref).state is State.ACCEPTED
    assert codes(world.answers_to(later)) == ["OUT-88"]
    words = latest(world, ref, QA_MANAGER, "OUT-88").text
    assert "Priya Nair" in words and "ACCEPT" in words
    world.wait(minutes=16)
    assert world.audit(ref).state is State.ISSUED and world.sent("OUT-17") == []


def test_a_late_form_is_taken_and_marked_late(northmoor: Found) -> None:
    """Due on 30 September; reminders, the due day, overdue, and then the form comes with its reason. The receipt says it is
    late; nobody is chased any more."""
    world = northmoor()
    ref = world.refs[0]
    for at in ("2026-09-30 09:05", "2026-10-01 09:05", "2026-10-02 09:05"):
        world.run(at)
    assert world.audit(ref).has(Flag.OVERDUE) and BEA in told(world, "OUT-15", ref)
    world.return_form(ref, {"late.reason": "Two weeks of leave at the start of the month"})
    world.run("2026-10-05 11:00")
    audit = world.audit(ref)
    assert audit.state is State.UNDER_QA and audit.has(Flag.LATE) and not audit.has(Flag.OVERDUE)
    assert "late" in latest(world, ref, BEA, "OUT-12").text.lower()
    before = len(world.sent("OUT-15"))
    world.run("2026-10-06 09:05")
    assert len(world.sent("OUT-15")) == before


def test_a_form_sent_again_before_a_decision_takes_the_place_of_the_first(northmoor: Found) -> None:
    """Both are kept; QA hears what changed; the decision is about the later one."""
    world = northmoor()
    ref = world.refs[0]
    world.return_form(ref)
    world.run("2026-09-15 15:00")
    world.return_form(ref, later="The aunt now has a key role as well.", text="A slightly fuller one.")
    world.run("2026-09-15 16:00")
    assert [s.number for s in world.house.store.load_submissions(ref)] == [1, 2]
    assert world.audit(ref).submission == 2 and len(world.sent("OUT-12")) == len(world.sent("OUT-14")) == 2
    assert "The aunt now has a key role as well." in latest(world, ref, QA, "OUT-14").text
    accept_and_issue(world, ref)
    assert "T-35" in happened(world, ref)


@pytest.mark.parametrize("together", [True, False], ids=["in one pass", "a day later"])
def test_a_mail_delivered_twice_is_one_return_with_one_receipt(northmoor: Found, together: bool) -> None:
    """SCN-23. A mail server delivers the same message again; nothing is different for it."""
    world = northmoor()
    ref = world.refs[0]
    letter = world.carrier(ref)
    raw, _ = world.make_mail(BEA, "Here is my audit.", answers=letter, documents=[("Audit.docx", world.filled(ref))])
    world.drop(raw)
    if together:
        world.drop(b"Received: from mx2.northmoor.example by mx.northmoor.example; Tue, 15 Sep 2026 15:01:00 +0100\r\n" + raw)
    world.run("2026-09-15 15:00")
    if not together:
        world.drop(raw)
    world.run("2026-09-16 15:00")
    assert len(world.house.store.load_submissions(ref)) == 1
    assert told(world, "OUT-12", ref) == [BEA] and told(world, "OUT-14", ref) == [QA]
    assert world.in_folder("inbox") == []


def test_the_same_form_in_another_mail_gets_one_line_and_no_second_summary(northmoor: Found) -> None:
    """The auditor is not sure and sends it again a day later: "we had it already", and QA has no second task."""
    world = northmoor()
    ref = world.refs[0]
    world.return_form(ref)
    world.run("2026-09-15 15:00")
    world.return_form(ref, text="In case you did not get it.")
    world.run("2026-09-16 15:00")
    assert len(world.house.store.load_submissions(ref)) == 1
    assert len(world.sent("OUT-12")) == 2 and len(world.sent("OUT-14")) == 1
    assert "already" in latest(world, ref, BEA, "OUT-12").text and "15 September 2026" in latest(world, ref, BEA, "OUT-12").text


def test_a_form_after_acceptance_waits_for_a_person_and_changes_nothing(northmoor: Found) -> None:
    """An issued report is never changed by a mail alone."""
    world = northmoor()
    ref = world.refs[0]
    world.return_form(ref)
    world.run("2026-09-15 15:00")
    accept_and_issue(world, ref)
    before = world.audit(ref)
    mail = world.return_form(ref, later="One more thought.")
    world.run("2026-09-18 15:00")
    assert world.inbound(mail).disposition == "hold" and codes(world.answers_to(mail)) == ["OUT-89"]
    after = world.audit(ref)
    assert (after.state, after.submission, after.grade) == (before.state, before.submission, before.grade) == (State.ISSUED, 1, "good")
    assert len(world.house.store.load_submissions(ref)) == 1


def test_thanks_need_no_answer(northmoor: Found) -> None:
    """Courtesy is read as a sign of life from the auditor, and answered by nobody."""
    world = northmoor()
    ref = world.refs[0]
    assert say(world, BEA, "Thank you.", ref, at="2026-09-02 10:00") == []
    assert world.audit(ref).state is State.UNDERWAY


def test_somebody_asks_why_they_had_a_letter_and_is_told_what_led_to_it(northmoor: Found) -> None:
    """WHY by the auditor on a request for changes names the rule and the time; WHY by a colleague names nothing."""
    world = northmoor(auditors=2)
    ref = world.refs[0]
    mine = world.audit(ref).auditor
    other = next(a for a in (auditor(0), auditor(1)) if a != mine)
    world.return_form(ref, {"review.post": ""})
    world.run("2026-09-15 15:00")
    request = latest(world, ref, mine, "OUT-13")
    asked = world.write(mine, "WHY", answers=request)
    curious = world.write(other, "WHY", answers=request)
    world.run("2026-09-15 16:00")
    assert codes(world.answers_to(asked)) == ["OUT-87"] and codes(world.answers_to(curious)) == ["OUT-88"]
    words = latest(world, ref, mine, "OUT-87").text
    assert "T-09" in words and "15 September 2026" in words
    assert "T-09" not in next(x for x in world.sent("OUT-88") if x.to == other).text
