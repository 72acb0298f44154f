"""Days and hours: bank holidays, reminders, outages, summer time, the same mail on the same clock."""

from datetime import UTC, date, datetime, timedelta

import pytest

from mailflow.model import Flag, LetterState, State
from mailflow.process.calendar import local
from mailflow.steps.month.opening import open_month
from mailflow.steps.release import release_held
from tests.stories.conftest import Found
from tests.stories.telling import accept_and_issue, codes, decide, happened, latest, letter_count, say, told
from tests.world import LONDON, QA, TMS, World, auditor, moment

BEA = auditor(0)
MAY = '[profile.calendar.months]\n"05" = {type = "audit"}'


def every_day(world: World, first: date, last: date, hours: tuple[str, ...] = ("09:05", "17:30")) -> None:
    """The daemon looks a few times on each day, weekends and holidays too."""
    day = first
    while day <= last:
        for hour in hours:
            world.run(f"{day} {hour}")
        day += timedelta(days=1)


def left_on(world: World, code: str = "") -> list[date]:
    """The London days on which letters left."""
    return [local(x.sent_at).date() for x in world.letters(code) if x.sent_at]


def test_nothing_leaves_on_bank_holidays_and_the_due_day_has_its_reminder(northmoor: Found) -> None:
    """SCN-01. May 2026: allocated on Friday the 1st, due on Friday the 29th. Nothing leaves on Mondays the 4th and the 25th nor
    at weekends; on the 29th the auditor hears that it is due today, once."""
    world = northmoor(month="2026-05", profile=MAY)
    ref = world.refs[0]
    assert world.audit(ref).due_on == date(2026, 5, 29) and set(left_on(world)) == {date(2026, 5, 1)}
    say(world, BEA, "ACK", ref, at="2026-05-01 11:00")
    every_day(world, date(2026, 5, 2), date(2026, 6, 2))
    days = left_on(world)
    assert not {date(2026, 5, 4), date(2026, 5, 25)} & set(days)
    assert all(day.weekday() < 5 for day in days)
    assert left_on(world, "OUT-11") == [date(2026, 5, 29)]
    assert left_on(world, "OUT-10") == [date(2026, 5, 11), date(2026, 5, 21), date(2026, 5, 27)]
    assert left_on(world, "OUT-15") == [date(2026, 6, 1), date(2026, 6, 2)]


def test_an_allocation_nobody_acknowledges_is_nudged_once_and_then_told(northmoor: Found) -> None:
    """Two working days without a word: a nudge. Two more: QA hears of it, and the nudges end."""
    world = northmoor()
    ref = world.refs[0]
    every_day(world, date(2026, 9, 2), date(2026, 9, 11))
    assert world.audit(ref).has(Flag.ACK_MISSED) and world.audit(ref).state is State.ALLOCATED
    assert left_on(world, "OUT-08") == [date(2026, 9, 4), date(2026, 9, 9)]
    assert told(world, "OUT-89", ref) == [QA]
    say(world, BEA, "ACK", ref, at="2026-09-11 18:00")
    assert not world.audit(ref).has(Flag.ACK_MISSED)


def test_only_the_debtor_is_chased(northmoor: Found) -> None:
    """Once the form is with QA, no reminder for the auditor; once it is back, none for QA."""
    world = northmoor()
    ref = world.refs[0]
    world.return_form(ref)
    world.run("2026-09-09 10:00")
    before = letter_count(world)
    every_day(world, date(2026, 9, 10), date(2026, 10, 2))
    new = letter_count(world) - before
    assert {code for code, _, _ in new} == {"OUT-19", "OUT-75"} and all(to != BEA for _, to, _ in new)


def test_after_a_week_of_outage_only_the_latest_reminder_goes(northmoor: Found) -> None:
    """The server is down from Monday to the next Tuesday: of two missed reminders one goes, the gap stands in the journal,
    and the mail that came in meanwhile is handled first."""
    world = northmoor(auditors=2)
    quiet = next(r for r in world.refs if world.audit(r).auditor == BEA)
    busy = next(r for r in world.refs if r != quiet)
    for ref in world.refs:
        say(world, world.audit(ref).auditor, "ACK", ref, at="2026-09-01 11:00")
    every_day(world, date(2026, 9, 2), date(2026, 9, 18))
    before = letter_count(world)
    world.return_form(busy)
    world.run("2026-09-29 09:20")
    new = letter_count(world) - before
    assert new["OUT-10", BEA, quiet] == 1 and world.audit(busy).state is State.UNDER_QA
    assert not [x for x in new if x[1] == world.audit(busy).auditor and x[0] == "OUT-10"]
    assert "T-52" in happened(world, quiet) and "T-52" in [e.kind for e in world.house.store.load_journal() if not e.audit]
    world.run("2026-09-29 17:00")
    assert letter_count(world) - before == new


def test_reminders_missed_by_some_hours_do_not_come_in_pairs_the_next_morning(northmoor: Found) -> None:
    """Down over the morning of Monday 28 September (two days before the due day) and back at 3pm: what was missed leaves with
    Tuesday's mail at most once, says the right number of days, and never comes beside a later one of its kind."""
    world = northmoor()
    ref = world.refs[0]
    say(world, BEA, "ACK", ref, at="2026-09-01 11:00")
    every_day(world, date(2026, 9, 2), date(2026, 9, 25))
    world.run("2026-09-28 15:00")
    before = len(world.sent(to=BEA))
    world.run("2026-09-29 09:05")
    letters = world.sent(to=BEA)[before:]
    assert [x.code for x in letters] in ([], ["OUT-10"])
    assert all("2 days" not in x.text + x.subject and "two days" not in x.text for x in letters)


@pytest.mark.parametrize("back, leaves", [("2026-09-05 03:00", "2026-09-07 09:05"), ("2026-09-03 22:00", "2026-09-04 09:05"),
                                          ("2026-09-03 14:00", "2026-09-03 14:00")])
def test_letters_that_missed_their_morning_leave_in_working_hours(northmoor: Found, back: str, leaves: str) -> None:
    """The allocations were made on Tuesday night and the server is down until Saturday night: they leave on Monday morning.
    Back on a working afternoon, they leave at once."""
    world = northmoor(opened=False)
    world.now = moment("2026-09-01 18:00")
    open_month(world.house, "2026-09", world.now, seed="northmoor")
    world.run(back)
    assert bool(world.sent("OUT-04")) is (back == leaves)
    world.run(leaves)
    assert len(world.sent("OUT-04")) == 1 and world.sent("OUT-05") and world.sent("OUT-06")


def test_the_worklist_comes_once_a_morning_also_after_an_outage(northmoor: Found) -> None:
    """QA has one list a working day; a day on which the server came back in the afternoon leaves no second, stale list for the
    next morning."""
    world = northmoor()
    ref = world.refs[0]
    world.return_form(ref)
    world.run("2026-09-14 10:00")
    world.run("2026-09-16 15:00")
    world.run("2026-09-17 09:05")
    assert left_on(world, "OUT-75").count(date(2026, 9, 17)) == 1
    every_day(world, date(2026, 9, 18), date(2026, 9, 25), ("09:00", "09:30", "12:00"))
    days = left_on(world, "OUT-75")
    assert len(days) == len(set(days)) and all(d.weekday() < 5 for d in days)


def test_a_form_that_lay_in_the_mailbox_before_the_day_ended_is_on_time(northmoor: Found) -> None:
    """The true receipt time counts, not the hour at which mailflow looked: the council's server took the form at 6pm on the
    due day, the daemon was down until the next morning."""
    world = northmoor()
    ref = world.refs[0]
    raw, _ = world.make_mail(BEA, "Here is my audit.", answers=world.carrier(ref), documents=[("Audit.docx", world.filled(ref))])
    stamp = b"Received: from out.northmoor.example by mx.northmoor.example; Wed, 30 Sep 2026 18:00:00 +0100\r\n"
    world.drop(stamp + raw)
    world.run("2026-10-01 09:05")
    assert world.audit(ref).state is State.UNDER_QA and not world.audit(ref).has(Flag.LATE)


@pytest.mark.parametrize("arrives, late", [("2026-09-30 23:59", False), ("2026-10-01 00:00", True)])
def test_the_due_day_ends_at_midnight(northmoor: Found, arrives: str, late: bool) -> None:
    """11:59pm on the due day is on time, the next minute is not."""
    world = northmoor()
    ref = world.refs[0]
    world.run("2026-09-30 09:05")
    world.return_form(ref, {"late.reason": "It took longer than I thought, I am sorry"} if late else None)
    world.run(arrives)
    assert world.audit(ref).has(Flag.LATE) is late


def test_summer_time_ends_and_every_morning_has_its_mail_once(northmoor: Found) -> None:
    """SCN-30. The clocks go back on Sunday 25 October 2026: letters leave at 9am London time before and after."""
    world = northmoor()
    ref = world.refs[0]
    world.return_form(ref)
    world.run("2026-10-15 10:00")
    for day in range(21, 31):
        for hour in (7, 8, 9, 10):
            world.run(datetime(2026, 10, day, hour, 2, tzinfo=UTC))
    times = [x.sent_at.astimezone(LONDON) for x in world.letters("OUT-75") if x.sent_at and x.sent_at.month == 10]
    assert [t.day for t in times if t.day >= 21] == [21, 22, 23, 26, 27, 28, 29, 30]
    assert {t.hour for t in times if t.day >= 21} == {9}


def test_a_tick_made_twice_changes_nothing(northmoor: Found) -> None:
    """Every pass of a month is made twice on the same clock: nobody gets anything for the second time."""
    world = northmoor()
    ref = world.refs[0]
    world.return_form(ref, {"review.post": ""})
    for day in ("2026-09-14", "2026-09-16", "2026-09-17", "2026-09-30", "2026-10-01", "2026-10-02"):
        world.run(f"{day} 09:05")
        before, journal = letter_count(world), world.house.store.head()
        again = world.run()
        assert again.sent == again.decided == again.received == 0
        assert letter_count(world) == before and world.house.store.head() == journal


# --- the same mail on the same clock ---


def life(world: World) -> dict[str, bytes]:
    """A little month with two auditors; every mail that came in, by the moment mailflow looked."""
    mails: dict[str, bytes] = {}

    def arrives(at: str, who: str, text: str, code: str, ref: str, form: bytes | None = None) -> None:
        world.now = moment(at)
        raw, _ = world.make_mail(who, text, answers=latest(world, ref, who, code),
                                 documents=[("Audit.docx", form)] if form else ())
        mails[at] = raw
        world.drop(raw)
        world.run()

    one, two = world.refs
    first, second = (world.audit(r).auditor for r in (one, two))
    arrives("2026-09-01 11:00", first, "ACK", "OUT-04", one)
    arrives("2026-09-02 10:00", first, "BOOKED 09/09/2026 14:00", "OUT-04", one)
    arrives("2026-09-14 15:00", first, "Here it is.", "OUT-04", one, world.filled(one))
    arrives("2026-09-14 16:00", second, "Here it is.", "OUT-04", two, world.filled(two, {"review.post": ""}))
    arrives("2026-09-15 10:00", QA, "ACCEPT", "OUT-14", one)
    arrives("2026-09-15 10:30", second, "CONCERN 01632 960 777", "OUT-04", two)
    arrives("2026-09-15 10:40", TMS["Harbour"] if TMS["Harbour"] in told(world, "OUT-47", two) else TMS["Meadow"], "ACKCONCERN",
            "OUT-47", two)
    arrives("2026-09-16 12:00", first, "UPLOADED 16/09/2026 11:00", "OUT-16", one)
    arrives("2026-09-16 15:00", second, "Amended.", "OUT-13", two, world.filled(two, later="Amended."))
    return mails


def test_the_kept_mail_on_the_same_clock_gives_the_same_audits_and_letters(northmoor: Found) -> None:
    """SCN-29. A month's mail is played again into an empty store with the same secret, in a pilot, so that nothing is sent:
    the audits stand as they stood and the letters are the same, to the last Message-ID and byte."""
    first = northmoor(auditors=2)
    mails = life(first)
    again = northmoor(auditors=2, opened=False)
    again.house.pilot = True
    secret = first.house.store.find_meta("secret")
    again.house.store._db.execute("update meta set value = ? where key = 'secret'", [secret])
    again.now = moment("2026-09-01 08:30")
    open_month(again.house, "2026-09", again.now, seed="northmoor")
    again.run("2026-09-01 09:05")
    for at, raw in mails.items():
        again.now = moment(at)
        again.drop(raw)
        again.run()
    assert [(a.ref, a.state, a.flags, a.submission, a.concern.state, a.points) for a in again.house.store.find_audits()] == \
        [(a.ref, a.state, a.flags, a.submission, a.concern.state, a.points) for a in first.house.store.find_audits()]
    mine = {x.message_id: x for x in again.letters() if x.code != "OUT-75"}
    theirs = {x.message_id: x for x in first.letters() if x.code != "OUT-75"}
    assert {i: (x.code, x.to, x.subject) for i, x in mine.items()} == {i: (x.code, x.to, x.subject) for i, x in theirs.items()}
    assert again.in_folder("sent") == [] and {x.state for x in mine.values()} <= {LetterState.HELD, LetterState.CANCELLED}
    differ = [x.code for i, x in mine.items() if x.raw != theirs[i].raw]
    assert differ == []


def test_a_pilot_is_a_whole_life_in_which_a_person_lets_every_letter_go(northmoor: Found) -> None:
    """`pilot = true`: each letter waits until it is released; replies to released letters are handled as always; what is
    not released never leaves, and at the end the report has gone."""
    world = northmoor(opened=False)
    world.house.pilot = True
    world.now = moment("2026-09-01 08:30")
    open_month(world.house, "2026-09", world.now, seed="northmoor")
    world.run("2026-09-01 09:05")
    ref = world.refs[0]
    assert world.in_folder("sent") == [] and {x.state for x in world.letters()} == {LetterState.HELD}
    release_held(world.house, f"L{world.letters('OUT-04')[0].id}", "", world.now)
    world.run("2026-09-01 10:00")
    assert [x.code for x in world.sent()] == ["OUT-04"]
    world.return_form(ref)
    world.run("2026-09-14 15:00")
    assert world.audit(ref).state is State.UNDER_QA and len(world.sent()) == 1
    release_held(world.house, "all-letters", "", world.now)
    world.run("2026-09-14 15:10")
    decide(world, ref, "ACCEPT")
    world.wait(minutes=16)
    assert world.audit(ref).state is State.ISSUED and world.sent("OUT-23") == []
    release_held(world.house, "all-letters", "", world.now)
    world.wait(minutes=1)
    assert len(world.sent("OUT-23")) == 2 and len(world.sent("OUT-16")) == 1


def test_a_released_letter_of_yesterday_whose_reason_is_gone_stays(northmoor: Found) -> None:
    """A held reminder is cancelled when the form comes; releasing everything does not send it."""
    world = northmoor()
    ref = world.refs[0]
    say(world, BEA, "ACK", ref, at="2026-09-01 11:00")
    world.house.pilot = True
    world.run("2026-09-08 09:05")
    assert [x.state for x in world.letters("OUT-10")] == [LetterState.HELD]
    world.house.pilot = False
    world.return_form(ref)
    world.run("2026-09-08 15:00")
    release_held(world.house, "all-letters", "", world.now)
    world.run("2026-09-09 09:05")
    assert world.sent("OUT-10") == [] and world.letters("OUT-10")[0].state is LetterState.CANCELLED


def test_the_daemon_is_stopped_in_the_middle_of_a_month_and_goes_on(northmoor: Found) -> None:
    """Closed after every pass and opened again: the month ends as it would have."""
    world = northmoor()
    ref = world.refs[0]
    world.reopen()
    world.return_form(ref, {"review.post": ""})
    world.run("2026-09-14 15:00")
    world.reopen()
    world.return_form(ref, later="Amended.")
    world.run("2026-09-15 15:00")
    world.reopen()
    accept_and_issue(world, ref)
    world.reopen()
    assert codes(say(world, BEA, "UPLOADED 15/09/2026 15:10", ref, code="OUT-16", at="2026-09-16 10:00")) == ["OUT-26"]


def test_a_letter_that_did_not_leave_never_has_a_time_at_which_it_left(northmoor: Found) -> None:
    """Held at the door, put off to the next morning, cancelled: only what was sent says when."""
    world = northmoor(opened=False)
    world.now = moment("2026-09-01 18:00")
    open_month(world.house, "2026-09", world.now, seed="northmoor")
    world.run("2026-09-05 03:00")
    assert {x.state for x in world.letters("OUT-04")} == {LetterState.DEFERRED}
    assert [x for x in world.letters() if x.sent_at and x.state is not LetterState.SENT] == []
