"""Any run of months at a council: draws, returns good and bad, absences, reassignments, holds, outages, in any order.

Everything goes the whole way, mail in and mail out, with the real store. After every pass: each state is what the journal's
moves lead to, no letter left twice, whoever is chased owes something now, and no debt that is over stands unreminded.
``MAILFLOW_YEARS`` asks for more runs than CI makes.
"""

import os
import shutil
import tempfile
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from mailflow.errors import PermanentError
from mailflow.model import Audit, Flag, State
from mailflow.process.calendar import local
from mailflow.process.states import WITH_AUDITOR
from tests.stories.telling import confirm, in_order, open_next
from tests.world import HOS, QA, World, auditor, build_world

# Letters that chase, and the states in which their reader owes what they ask for.
CHASING = {
    "OUT-08": (State.ALLOCATED,), "OUT-10": WITH_AUDITOR, "OUT-11": WITH_AUDITOR, "OUT-15": WITH_AUDITOR,
    "OUT-20": (State.REVISION,), "OUT-19": (State.UNDER_QA,), "OUT-27": (State.ISSUED,),
}
MONTHS = ("2026-09", "2026-11", "2027-01", "2027-02")
SAYINGS = ("ACK", "BOOKED 16/09/2026 14:00", "CANNOT on leave", "CONFLICT I know the family", "EXTEND 25/09/2026 more time",
           "Thank you", "LEFT moved to another council", "UPLOADED 01/10/2026 10:00")
ORDERS = ("ACCEPT", "ACCEPT", "RETURN Please add dates to the plan", "DISCUSS the grade", "HOLD", "RELEASE", "UNDO")


# Months are drawn by themselves too, and wait for the QA team's answer.
BY_ITSELF = '[profile.calendar]\nstarts = "by_itself"\n[profile.selection]\nexclude_audited_within_months = 0\n'


class Year(RuleBasedStateMachine):
    world: World

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="mailflow-year-"))
        self.world = build_world(self.folder, auditors=3, categories=("CP", "LAC", "CL"), profile=BY_ITSELF)
        self.opened, self.seen = 1, 0
        self._check()

    def teardown(self) -> None:
        if hasattr(self, "world"):
            in_order(self.world)
            self.world.close()
            shutil.rmtree(self.folder)

    def _audits(self, *states: State) -> list[Audit]:
        return [self.world.audit(r) for r in self.world.refs if not states or self.world.audit(r).state in states]

    def _pick(self, number: int, *states: State) -> Audit | None:
        found = self._audits(*states)
        return found[number % len(found)] if found else None

    def _reply(self, by: str, ref: str, text: str, code: str = "") -> None:
        letters = self.world.sent(code, to=by, audit=ref)
        if letters:
            self.world.write(by, text, answers=letters[-1])
            self._pass()

    def _pass(self) -> None:
        before = {a.ref: a for a in self._audits()}
        self.world.run()
        self._check(before)

    @rule(hours=st.sampled_from((1, 5, 19, 24, 24, 49, 24 * 4, 24 * 12)))
    def time_passes(self, hours: int) -> None:
        self.world.now += timedelta(hours=hours)
        self._pass()

    @rule(number=st.integers(0, 20), how=st.sampled_from(("sharp", "plain", "no grade", "blank", "same")))
    def an_auditor_returns_a_form(self, number: int, how: str) -> None:
        audit = self._pick(number, *WITH_AUDITOR, State.REVISION, State.UNDER_QA)
        if audit is None:
            return
        changes = {"no grade": {"voice.post": ""}, "blank": {"overall.summary": "", "overall.post": ""}}.get(how, {})
        self.world.return_form(audit.ref, changes, style="plain" if how == "plain" else "sharp",
                               later="" if how == "same" else f"Seen again on day {self.world.now:%j at %H}.")
        self._pass()

    @rule(number=st.integers(0, 20), text=st.sampled_from(SAYINGS))
    def an_auditor_writes(self, number: int, text: str) -> None:
        if audit := self._pick(number):
            self._reply(audit.auditor, audit.ref, text)

    @rule(number=st.integers(0, 20))
    def an_auditor_is_away(self, number: int) -> None:
        audit = self._pick(number, *WITH_AUDITOR)
        if audit is not None:
            self.world.write(audit.auditor, "I am away until 30 October 2026.", subject="Automatic reply: Audit", headers=AWAY_HEADERS)
            self._pass()

    @rule(number=st.integers(0, 20), text=st.sampled_from(ORDERS))
    def qa_writes(self, number: int, text: str) -> None:
        wanted = (State.UNDER_QA, State.ACCEPTED) if text in ("ACCEPT", "UNDO") or text.startswith(("RETURN", "DISCUSS")) else ()
        if audit := self._pick(number, *wanted):
            self._reply(QA, audit.ref, text)

    @rule(number=st.integers(0, 20), whom=st.integers(0, 2))
    def qa_gives_it_to_somebody_else(self, number: int, whom: int) -> None:
        if audit := self._pick(number, State.SELECTED, *WITH_AUDITOR, State.REVISION):
            self._reply(QA, audit.ref, f"REASSIGN {auditor(whom)}")

    @rule(number=st.integers(0, 20), text=st.sampled_from(("WITHDRAW the case has closed", "NOTACCEPTED")))
    def qa_ends_it(self, number: int, text: str) -> None:
        audit = self._pick(number, *WITH_AUDITOR, State.UNDER_QA, State.REVISION)
        if audit is None or not self.world.sent(to=QA, audit=audit.ref):
            return
        self._reply(QA, audit.ref, text)
        if self.world.sent("OUT-79", to=QA, audit=audit.ref):
            confirm(self.world, audit.ref)
            self._check()

    @rule(number=st.integers(0, 3), word=st.sampled_from(("ACCEPT", "ACCEPT", "SWAP", "DROP", "CANCEL", "THEME Neglect")))
    def qa_answers_a_sample(self, number: int, word: str) -> None:
        """To the newest sample that was sent, whatever has become of it since."""
        samples = self.world.sent("OUT-01", to=QA)
        if not samples:
            return
        about = samples[-1].subject.partition("[AUDIT CYCLE ")[2][:4]
        cycle = self.world.house.store.find_cycle(about)
        if word in ("SWAP", "DROP") and cycle is not None and cycle.proposals:
            word = f"{word} {cycle.proposals[number % len(cycle.proposals)].ref}"
        self.world.write(QA, word, answers=samples[-1])
        self._pass()

    @precondition(lambda self: self.opened < len(MONTHS))
    @rule()
    def the_next_month_opens(self) -> None:
        calendar = self.world.house.policy.calendar
        year, month = (int(part) for part in MONTHS[self.opened].split("-"))
        first = calendar.morning_of(calendar.first_working_day(year, month)) + timedelta(minutes=5)
        self.world.now = max(self.world.now, first)
        with suppress(PermanentError):  # cancelled, or drawn by itself and over already
            open_next(self.world, MONTHS[self.opened], f"{local(self.world.now):%Y-%m-%d %H:%M}")
        self.opened += 1
        self._check()

    # --- what holds after every pass ---

    def _check(self, before: dict[str, Audit] | None = None) -> None:
        sent = self.world.sent()
        doubles = [m for m, n in Counter(x.message_id for x in sent).items() if n > 1]
        assert not doubles, f"left twice: {doubles}"
        for audit in self._audits():
            self._check_journal(audit)
            self._check_reminded(audit)
        for letter in sent[self.seen:]:
            if letter.code in CHASING and before is not None:
                self._check_chased(letter, before)
        self.seen = len(sent)

    def _check_journal(self, audit: Audit) -> None:
        state = State.SELECTED.value
        for entry in self.world.house.store.load_journal(audit.ref):
            if "from" in entry.data and not entry.kind.startswith("TC-"):
                assert entry.data["from"] == state, f"{audit.ref}: {entry.kind} from {entry.data['from']} while {state}"
                state = entry.data["to"]
        assert state == audit.state.value, f"{audit.ref}: the journal leads to {state}, the audit is {audit.state}"

    def _check_chased(self, letter: Any, before: dict[str, Audit]) -> None:
        """Whoever is chased owes it now: the audit was so before the pass or is so after it, and it is theirs."""
        after, was = self.world.audit(letter.audit), before.get(letter.audit)
        states = CHASING[letter.code]
        assert after.state in states or (was is not None and was.state in states), f"{letter.code} while {after.state}"
        assert not after.has(Flag.ON_HOLD), f"{letter.code} about an audit on hold"
        if letter.code in ("OUT-08", "OUT-10", "OUT-11", "OUT-20"):
            assert letter.to == after.auditor, f"{letter.code} to {letter.to}, who does not owe it"
        if letter.code == "OUT-15":
            assert letter.to in (after.auditor, HOS)

    def _check_reminded(self, audit: Audit) -> None:
        """A debt whose day is over has been told to somebody."""
        if audit.has(Flag.ON_HOLD):
            return
        now, store = self.world.now, self.world.house.store
        if audit.state in WITH_AUDITOR and local(now).date() > audit.due_on:
            # Whoever was given it when its day was over already has the next working day.
            soon = [t for t in store.load_timers(audit.ref) if t.name == "overdue" and t.due_at < now + timedelta(days=7)]
            told = audit.has(Flag.OVERDUE) and store.load_letters(audit=audit.ref, codes=("OUT-15",))
            assert soon or told, f"{audit.ref} is overdue, unsaid"
        if audit.state is State.REVISION:
            assert audit.hard_at is not None and audit.hard_at + timedelta(minutes=1) >= now, f"{audit.ref}: a limit has passed"
        if audit.state is State.UNDER_QA and audit.qa_due_at is not None and now > audit.qa_due_at + timedelta(minutes=1):
            assert audit.has(Flag.QA_OVERDUE), f"{audit.ref}: QA owes a decision, unsaid"


AWAY_HEADERS = {"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All"}
TestAnyYear = Year.TestCase
TestAnyYear.settings = settings(
    max_examples=int(os.environ.get("MAILFLOW_YEARS", "10")), stateful_step_count=25, deadline=None,
    derandomize="MAILFLOW_YEARS" not in os.environ, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
