"""Whole lives of one audit, made of anything people, mail servers and clocks may do in any order (house rule 7).

What must hold after every single step: no illegal state, every change journalled as a chain, no letter's key used for
two different things, only who owes the next step chased, one letter at most to whoever wrote, nobody outside the
audit's people written to, no clock left running that nobody needs.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from mailflow.model import Bounce, ConcernState, Flag, Letter, Outcome, Person, Role, State, Timer
from mailflow.process.deadlines import decide_timers
from mailflow.process.mailevents import decide_away, decide_bounce
from mailflow.process.plan import after_clearing
from mailflow.process.returns.decide import decide_duplicate, decide_return, decide_unusable, may_take
from mailflow.process.states import ENDED
from mailflow.scene import Scene
from tests.process.builders import (
    AUDITOR,
    LONDON,
    OTHER,
    PARTS,
    QA,
    QA2,
    TM,
    WORKER,
    allocated,
    at,
    block,
    reading,
    say,
    submission,
    then,
    warning,
)

# A QA officer who audits too: a small council, where one person plays two parts.
BOTH = replace(OTHER, roles=("auditor", "qa"))
CHASED = {
    "OUT-08": (State.ALLOCATED,), "OUT-10": (State.ALLOCATED, State.UNDERWAY), "OUT-11": (State.ALLOCATED, State.UNDERWAY),
    "OUT-15": (State.ALLOCATED, State.UNDERWAY), "OUT-20": (State.REVISION,), "OUT-21": (State.REVISION,),
    "OUT-19": (State.UNDER_QA,), "OUT-27": (State.ISSUED,),
}
SAFETY = ("OUT-46", "OUT-47", "OUT-48", "OUT-49", "OUT-50")
ENTERING = ("ACCEPT", "UNDO", "RETURN the dates", "DISCUSS the grade", "OVERRIDE CHK-013 sealed", "HOLD", "RELEASE",
            "EXTEND 10/07/2026", "EXTEND 14/08/2026", f"REASSIGN {OTHER.address}", f"REASSIGN {AUDITOR.address}",
            "CLOSE seen, note 12", "NO CONCERN", "LEFT he left", "UPLOADED 30/06/2026 09:00", "RETURN")
DECISIONS = ("ACCEPT", "ACCEPT", "UNDO", "RETURN the dates", "DISCUSS the grade", "OVERRIDE CHK-013 sealed",
             "OVERRIDE CHK-021 graded by phone")
AUDITORS = ("ACK", "BOOKED 17/06/2026 14:30", "CANNOT no time", "EXTEND 03/07/2026 more", "CONFLICT I know them",
            "CONCERN 01632 960222", "NO CONCERN", "UPLOADED 30/06/2026 09:00", "UPLOADED 01/07/2026 09:00", "ACCEPT")
MANAGERS = ("ACKCONCERN", "CONCERN 01632 960333", f"REASSIGN {OTHER.address}", "ACK")
FINDINGS = (block(), block("CHK-021", "The overall grade is missing."), warning(),
            replace(warning("CHK-072"), detail="not safe to go home"))


class Life(RuleBasedStateMachine):
    """One audit, its timers as the store would keep them, and every letter ever wished for."""

    now: Scene
    timers: tuple[Timer, ...]

    @initialize(small=st.booleans())
    def begin(self, small: bool) -> None:
        before, out = allocated()
        if small:
            parts = dict(PARTS) | {"qa": (BOTH, QA), "auditor": (AUDITOR,)}
            before = replace(before, parties=replace(before.parties, people=parts))
        self.mails = 0
        self.letters: dict[tuple[str, str, str, str], Any] = {}
        self.timers = ()
        self.issued_grade = ""
        self.now = before
        self._take(out, chased=False)

    def _take(self, out: Outcome, *, chased: bool, writer: str = "", submitted: Any = None) -> None:
        before = self.now
        self._chain(before, out)
        self.timers = after_clearing(self.timers, out)
        self.now = then(before, out, before.now, submitted)
        for wish in out.wishes:
            self._letter(wish)
            if chased and wish.code in CHASED:
                assert before.audit.state in CHASED[wish.code], f"{wish.code} in {before.audit.state}"
        if chased and before.audit.has(Flag.ON_HOLD):
            assert all(w.code in SAFETY for w in out.wishes), "on hold only safety letters go"
        if writer:
            mine = [w.code for w in out.wishes if w.address == writer]
            assert len(mine) <= 1, f"one mail in, {mine} out"
        assert out.audit.submission - before.audit.submission in (0, 1)

    def _chain(self, before: Scene, out: Outcome) -> None:
        """Replaying the journal's entries gives the state (invariant 2)."""
        state, concern = str(before.audit.state), str(before.audit.concern.state)
        for entry in out.entries:
            if entry.kind.startswith("TC-"):
                assert entry.data["from"] == concern
                concern = entry.data["to"]
            elif "from" in entry.data:
                assert entry.data["from"] == state
                state = entry.data["to"]
        assert (state, concern) == (str(out.audit.state), str(out.audit.concern.state))

    def _letter(self, wish: Any) -> None:
        assert wish.audit == self.now.audit.ref
        key = (wish.transition, wish.code, wish.address, wish.round)
        assert wish.round, wish
        said = (wish.documents, wish.facts)
        assert self.letters.setdefault(key, said) == said, f"{key} used for two different letters"
        if wish.role not in (Role.WRITER,) and "second" not in wish.address:
            people = {p.address for p in self.now.parties.of(wish.role)}
            assert wish.address in people, f"{wish.code} to {wish.address} who is no {wish.role}"

    def _mail(self) -> str:
        self.mails += 1
        return f"<mail-{self.mails}@northmoor.example>"

    def _say(self, who: Person, words: str, confirmed: bool) -> None:
        _, out = say(self.now, who, words, confirmed=confirmed, mail=self._mail())
        self._take(out, chased=False, writer=who.address)

    @rule(words=st.sampled_from(ENTERING), who=st.sampled_from((QA, QA2, BOTH)), confirmed=st.booleans())
    def qa_writes(self, words: str, who: Person, confirmed: bool) -> None:
        self._say(who, words, confirmed)

    @precondition(lambda self: self.now.audit.state in (State.UNDER_QA, State.REVISION, State.ACCEPTED))
    @rule(words=st.sampled_from(DECISIONS), who=st.sampled_from((QA, QA2)))
    def qa_decides(self, words: str, who: Person) -> None:
        self._say(who, words, True)

    @precondition(lambda self: self.now.audit.has(Flag.ON_HOLD))
    @rule()
    def qa_releases(self) -> None:
        self._say(QA, "RELEASE", False)

    @rule(words=st.sampled_from(("NOTACCEPTED", "WITHDRAW the family asked")), dice=st.integers(0, 7))
    def qa_ends_it(self, words: str, dice: int) -> None:
        self._say(QA, words, dice == 7)

    @precondition(lambda self: self.now.audit.state is State.ISSUED)
    @rule()
    def the_upload_is_confirmed(self) -> None:
        self._say(AUDITOR, f"UPLOADED {self.now.now.astimezone(LONDON):%d/%m/%Y %H:%M}", False)

    @precondition(lambda self: self.now.audit.concern.state is not ConcernState.NONE)
    @rule(words=st.sampled_from(("NO CONCERN", "CLOSE seen, note 12", "ACKCONCERN")))
    def the_concern_is_looked_after(self, words: str) -> None:
        self._say(TM if words == "ACKCONCERN" else QA, words, False)

    @rule(words=st.sampled_from(AUDITORS), who=st.sampled_from((AUDITOR, OTHER)))
    def an_auditor_writes(self, words: str, who: Person) -> None:
        self._say(who, words, False)

    @rule(words=st.sampled_from(MANAGERS), who=st.sampled_from((TM, WORKER)))
    def a_party_writes(self, words: str, who: Person) -> None:
        self._say(who, words, False)

    @precondition(lambda self: not may_take(self.now.audit))
    @rule(findings=st.lists(st.sampled_from(FINDINGS), unique=True, max_size=3), concern=st.sampled_from(("no", "yes")),
          grade=st.sampled_from(("good", "inadequate")))
    def a_form_comes(self, findings: list[Any], concern: str, grade: str) -> None:
        sender = self.now.audit.auditor
        sent = submission(self.now.audit.submission + 1, self.now.now, findings=tuple(findings), sender=sender,
                          of=reading(grade, concern=concern, told="Tess, 01632 960555", text=f"Form {self.mails}."))
        mail = self._mail()
        out = decide_return(self.now, sent, sent.findings, self.now.submission, "", mail)
        self._take(out, chased=False, writer=sender if sender not in (BOTH.address,) else "", submitted=sent)
        assert out.audit.state in (State.UNDER_QA, State.REVISION)
        if not findings and self.now.audit.state is State.REVISION:
            raise AssertionError("nothing blocks, and yet it went back")

    @precondition(lambda self: self.now.submission is not None)
    @rule()
    def the_same_form_comes_again(self) -> None:
        assert self.now.submission is not None
        before = self.now.audit
        self._take(decide_duplicate(self.now, self.now.submission, self._mail()), chased=False)
        assert self.now.audit == before

    @rule()
    def something_unreadable_comes(self) -> None:
        out = decide_unusable(self.now, "damaged", ("x.docx",), self._mail(), self.now.audit.auditor,
                              frozenset({"auditor"}))
        self._take(out, chased=False, writer=self.now.audit.auditor)

    @rule(permanent=st.booleans(), code=st.sampled_from(("OUT-04", "OUT-13", "OUT-47", "OUT-23", "OUT-90")))
    def a_letter_bounces(self, permanent: bool, code: str) -> None:
        role, address = ("tm", TM.address) if code in ("OUT-47", "OUT-23") else ("auditor", self.now.audit.auditor)
        letter = Letter(f"key-{code}-{self._mail()}", code, self.now.audit.ref, role, address, "", "", b"", self.now.now,
                        safety=code == "OUT-47")
        out = decide_bounce(self.now, letter, Bounce(address, permanent), "x@second.northmoor.example")
        self._take(out, chased=False)

    @rule(days=st.integers(0, 40))
    def somebody_is_away(self, days: int) -> None:
        self._take(decide_away(self.now, self.now.now.date() + timedelta(days=days)), chased=False)

    @rule(minutes=st.sampled_from((1, 16, 45, 60 * 7, 60 * 24, 60 * 24 * 3, 60 * 24 * 9, 60 * 24 * 30)))
    def time_passes(self, minutes: int) -> None:
        """The clock is looked at once afterwards, as after an outage of any length."""
        self.now = replace(self.now, now=self.now.now + timedelta(minutes=minutes))
        self._tick()

    def _tick(self) -> None:
        for _ in range(3):
            due = tuple(t for t in self.timers if t.due_at <= self.now.now)
            if not due:
                return
            reminders = [t for t in due if t.name.startswith("reminder:") or t.name == "due"]
            out = decide_timers(self.now, due)
            sent = [w for w in out.wishes if w.code in ("OUT-10", "OUT-11")]
            assert len({w.code + w.round for w in sent}) <= 1, f"{len(reminders)} reminders were due, only one may go"
            self._take(out, chased=True)
        assert not [t for t in self.timers if t.due_at <= self.now.now], "a clock that never comes to rest"

    @invariant()
    def ended_audits_run_no_clocks(self) -> None:
        if hasattr(self, "now") and self.now.audit.state in ENDED:
            running = [t.name for t in self.timers if t.name not in ("concern:ack", "suspect")]
            assert not running, running

    @invariant()
    def the_one_who_owes_has_a_clock(self) -> None:
        """Nothing waits for ever: each state that waits for somebody has a deadline, or has had it."""
        if not hasattr(self, "now"):
            return
        audit, names = self.now.audit, {t.name for t in self.timers}
        if audit.state is State.UNDER_QA:
            assert "qa" in names or audit.has(Flag.QA_OVERDUE), "nobody would notice that QA owes a decision"
        if audit.state is State.REVISION:
            assert "hard" in names, "a revision without a limit"
        if audit.state is State.ACCEPTED:
            assert "issue" in names, "accepted, and never issued"
        if audit.concern.state is ConcernState.TOLD:
            assert "concern:ack" in names, "a concern nobody climbs the ladder for"
        if audit.concern.state is ConcernState.SUSPECTED:
            assert "suspect" in names

    @invariant()
    def flags_and_fields_agree(self) -> None:
        if not hasattr(self, "now"):
            return
        audit = self.now.audit
        open_concern = audit.concern.state in (ConcernState.SUSPECTED, ConcernState.TOLD, ConcernState.ACKED)
        assert audit.has(Flag.CONCERN_OPEN) == open_concern and audit.concern.state is not ConcernState.RAISED
        assert (audit.hard_at is not None) == (audit.state is State.REVISION)
        assert (audit.qa_due_at is not None) or audit.state is not State.UNDER_QA
        assert (audit.issue_at is not None) == (audit.state is State.ACCEPTED)
        assert bool(audit.points) <= (audit.state in (State.REVISION, State.NOT_ACCEPTED, State.WITHDRAWN))
        assert audit.auto_returns <= 2 and audit.qa_returns <= 3
        if audit.issued_at is not None:
            self.issued_grade = self.issued_grade or audit.grade
            assert audit.grade == self.issued_grade, "an issued grade is never overwritten (invariant 8)"


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=120, stateful_step_count=40, deadline=None,
                             suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])


def test_a_quiet_life_from_draw_to_follow_up() -> None:
    """The normal path in one piece: every step answered, nothing left running at the end."""
    from tests.process.builders import issued

    now, _ = issued()
    after, out = say(now, AUDITOR, "UPLOADED 19/06/2026 14:30", at("2026-06-19", "15:00"))
    assert after.audit.state is State.FOLLOW_UP and not after_clearing((Timer("upload:1", at("2026-06-23")),), out)
