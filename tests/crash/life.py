"""A small whole life in stages, each of which can be begun again from a copy of the folders: what the crash suites share.

A stage is: mail arrives (``prepare``), then mailflow does something (``deed``), then a few ordinary passes later the
same morning. Three audits: A is sent back, amended, accepted, issued and put on the record; B raises a concern; C's
practitioner has lost their mailbox, its auditor is away, sends the wrong form, and is withdrawn with a one-time code.
On the way there are strangers, notes, thanks, a mail delivered twice, commands that can't be carried out, and a mail
server that refuses, defers and does not answer. Then September closes and is reported, and October is drawn by itself,
changed by the QA team and accepted.
"""

import io
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from mailflow.directory import CASE_COLUMNS
from mailflow.errors import PermanentError, TemporaryError
from mailflow.mailbox import Sent
from mailflow.mailbox.folder import FolderMailbox, sent_name
from mailflow.model import Command, CycleState, LetterState
from mailflow.model.codec import to_plain
from mailflow.process.cycle.cycles import make_cycle
from mailflow.process.cycle.orders import Ask, decide_order
from mailflow.process.cycle.sample import Frame
from mailflow.steps.house import House, open_house
from mailflow.steps.imports import save_cases, save_people
from mailflow.steps.look import status_facts
from mailflow.steps.month.cycles import cancel_month, keep_ordered
from mailflow.steps.month.opening import open_month
from mailflow.steps.release import release_held
from mailflow.store import Store, lock
from parsers.sandbox import Pool
from tests.directory.annex_books import make_book, sheet_rows
from tests.packing import Part, make_tnef, pictures
from tests.parsers.pages import Look, make_form, typed
from tests.stories.test_sheets_by_mail import case_row, csv_of, people_sheet
from tests.world import HOS, MAILBOX, QA, World, case_number, load_world_policy, make_cases, make_people, moment, practitioner

# Minutes after a stage's deed at which ordinary passes follow: a letter in doubt waits five.
AFTER = (6, 13)

# The daemon draws by itself, and the council's year holds one thing for team managers.
PROFILE = """[profile.calendar]
starts = "by_itself"
[[profile.programme.activities]]
id = "observe"
title = "Observe your practitioners"
roles = ["tm"]
every = "month"
day = "3wd"
remind_wd = 2
"""


class WatchedMailbox(FolderMailbox):
    """The folder mailbox, noting what is handed over twice, and failing where a stage's plan says so.

    ``trouble``: letter code → "refuse", "defer", "silent" (it went, no answer came) or "lost" (it did not go, no answer
    came). A code is struck off once it has happened, except "refuse".
    """

    def __init__(self, path: Path, trouble: dict[str, str] | None = None) -> None:
        super().__init__(path, MAILBOX)
        # Message-IDs of letters handed over although they stood among the sent ones.
        self.twice: list[str] = []
        self._sent = path / "sent"
        self._trouble = trouble if trouble is not None else {}

    def send(self, raw: bytes, recipient: str, message_id: str) -> Sent:
        found = re.search(rb"^X-Mailflow-Letter: (\S+)", raw, re.MULTILINE)
        code = found[1].decode() if found else ""
        what = self._trouble.get(code, "")
        if what == "refuse":
            raise PermanentError("550 no thank you")
        self._trouble.pop(code, None)
        if what == "defer":
            raise TemporaryError("451 later")
        if what == "lost":
            return Sent.UNKNOWN
        if (self._sent / sent_name(message_id)).exists():
            self.twice.append(message_id)
        done = super().send(raw, recipient, message_id)
        return Sent.UNKNOWN if what == "silent" else done


@dataclass(frozen=True)
class Stage:
    """``at`` is the deed's moment in London; ``trouble`` is the mailbox's plan for it (see WatchedMailbox)."""

    name: str
    at: str
    prepare: Callable[[World], None]
    deed: Callable[[World], None]
    trouble: tuple[tuple[str, str], ...] = ()
    after: tuple[int, ...] = AFTER


def _nothing(world: World) -> None:
    """No mail comes."""


def _pass(world: World) -> None:
    world.run()


def _two_passes(world: World) -> None:
    """The second finds out what became of letters about which no answer came."""
    world.run()
    world.wait(minutes=1)


def _begin(world: World) -> None:
    """The sheets are taken in, the month opened, twice as people do, and the letters leave at nine."""
    house = world.house
    save_people(house, make_people(3))
    save_cases(house, make_cases(3))
    open_month(house, "2026-09", world.now, seed="northmoor")
    open_month(house, "2026-09", world.now)
    world.run(world.now + timedelta(minutes=40))


def _first_day(world: World) -> None:
    a, b, c = world.refs
    to_a, to_b, to_c = (world.carrier(r) for r in (a, b, c))
    more = [p for p in make_people(4) if p.address == practitioner(3)]
    world.write(to_a.to, "ACK", answers=to_a)
    world.write(to_b.to, "Thank you.", answers=to_b)
    world.write(to_c.to, "I am away and back on 14 September 2026.", answers=to_c, subject="Automatic reply: audit",
                headers={"Auto-Submitted": "auto-replied"})
    world.bounce(world.sent("OUT-05", audit=c)[0])
    world.write("someone@elsewhere.example", "Hello, is this the audit team?", subject="A question")
    raw, _ = world.make_mail(to_a.to, "BOOKED 09/09/2026 14:00", answers=to_a)
    world.drop(raw)
    world.drop(raw)
    world.write(to_a.to, "BOOKED 10/09/2026 14:00", answers=to_a, message_id="<the-same@northmoor.example>")
    world.write(to_a.to, "BOOKED 11/09/2026 14:00", answers=to_a, message_id="<the-same@northmoor.example>")
    world.bounce(replace(to_c, to="nobody@northmoor.example"), about="<unknown@northmoor.example>")
    world.write(MAILBOX, "Our own words.", subject="A copy of ours")
    world.write("someone@elsewhere.example", "She is not safe tonight.", subject="A child")
    world.write(to_b.to, "FROBNICATE", answers=to_b)
    world.write(to_b.to, "I shall be a little late because of a court day.", answers=to_b)
    world.write(QA, "Our new sheets.", subject="Sheets", documents=[
        ("people.xlsx", people_sheet([*make_people(3), more[0]], ["x@northmoor.example", "Xena", "boss"])),
        ("cases.csv", csv_of(CASE_COLUMNS, [case_row(c) for c in make_cases(4)]))])
    world.write(QA, "The lists, which this council does not draw from.", subject="Lists", documents=[
        ("annex.xlsx", make_book({"List 7": sheet_rows(7, {"id": 4200001})})),
        ("worker.csv", csv_of(("worker", "worker email"), [["Will Fern", practitioner(0)]]))])
    world.write(to_a.to, f"SELFSELECT {case_number(3)} it went so well", subject="A case of mine")
    world.write(to_b.to, f"SELFSELECT {world.audit(c).case_number} it went so well", subject="A case of mine")


def _returns(world: World) -> None:
    a, b, c = world.refs
    world.write(HOS, "REFUSE the draw is enough this month", answers=world.sent("OUT-82")[0])
    world.return_form(a, {"review.post": "", "family.evidence": ""}, style="plain")
    world.return_form(b, {"concern.now": "Yes", "concern.told": "I ring the team manager now, 01632 960 131",
                          "concern.when": "Today"}, style="plain")
    world.return_form(c, form=world.form_of(a))
    world.write(world.audit(c).auditor, "Please find my completed form attached.", answers=world.carrier(c))
    filled = world.filled(c)
    world.write(world.audit(c).auditor, "On leave. Form attached.", answers=world.carrier(c), subject="Automatic reply: audit",
                documents=[(f"Audit {c}.docx", filled)], headers={"Auto-Submitted": "auto-replied"})
    world.write(world.audit(c).auditor, "Two documents.", answers=world.carrier(c),
                documents=[("empty.docx", b""), ("page.docx", b"not a document")])
    # The form of another kind, with a case number and nothing else of ours, packed in a zip that holds one more zip.
    packed = _zipped({"form.docx": _other_form(world, c), "more.zip": _zipped({"photo.jpg": b"\xff\xd8\xff"})})
    world.write(world.audit(c).auditor, "Is this the one?", answers=world.carrier(c), documents=[("audit.zip", packed)])


def _other_form(world: World, ref: str) -> bytes:
    """A form of ours that this audit is not made on, filled in by somebody."""
    form = next(f for f in world.house.policy.forms if f.id == "sefton")
    values = {f.id: "Seen alone on 3 September." for f in form.fields if f.kind == "notes" and not f.column}
    values |= {f.id: world.audit(ref).case_number for f in form.fields if f.id.endswith("case_number")}
    return make_form(values, Look(shape=typed, marks=False), form)


def _views(world: World, ref: str) -> bytes:
    """A feedback form kept from another council, filled in for this audit."""
    form = next(f for f in world.house.policy.forms if f.id == "feedback")
    said = {"header.reference": ref, "header.who": "Parent", "views.respect": "Yes, always.", "views.score": "7"}
    return make_form(said, Look(shape=typed, marks=False), form)


def _zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        for name, data in members.items():
            z.writestr(name, data)
    return out.getvalue()


def _amended(world: World) -> None:
    a, b, c = world.refs
    back = world.carrier(a)
    amended = world.filled(a, style="plain", later="The father's view was added.")
    # The same form saved twice is one return with a copy; what Outlook packs round the second makes no difference.
    packed = make_tnef((Part("2.docx", amended + b"\0"), *pictures(2)))
    world.write(back.to, "Amended as you asked.", answers=back, documents=[("1.docx", amended), ("winmail.dat", packed)])
    alarm = world.sent("OUT-47", audit=b, to=world.house.get_case(world.audit(b)).tm)[0]
    world.write(alarm.to, "ACKCONCERN", answers=alarm)
    held = [x for x in world.sent("OUT-89", to=QA) if "automatic" in x.text.lower()] or world.sent("OUT-89", to=QA)
    world.write(QA, f"FILE {c}", answers=held[-1])
    world.write(world.audit(b).auditor, "What the mother said.", answers=world.carrier(b),
                documents=[("views.docx", _views(world, b))])
    world.write(world.audit(b).auditor, "And what the father said.", subject="Views", documents=[("views.docx", _views(world, ""))])
    world.write(QA, "FILE 2609-999Z", answers=held[-1])
    world.write(world.audit(a).auditor, "WHY", answers=world.sent("OUT-13", audit=a)[0])


def _decisions(world: World) -> None:
    a, b, c = world.refs
    kept = world.house.store.load_submissions(a)[-1]
    world.write(world.audit(a).auditor, "Once more, to be sure.", answers=world.carrier(a),
                documents=[("again.docx", world.house.store.blob(kept.sha))])
    world.write(QA, "ACCEPT", answers=world.sent("OUT-14", audit=a)[-1], documents=[("views.docx", _views(world, a))])
    world.write(QA, "CLOSE The child was seen today and is safe. Note CN-0918.", answers=world.sent("OUT-48", audit=b)[0])
    world.write(QA, "WITHDRAW The case moved to another council.", answers=world.sent("OUT-14", audit=c)[-1])
    world.write(world.audit(a).auditor, "WHY")


def _code(world: World) -> None:
    letter = world.sent("OUT-79")[0]
    code = re.search(r"\b\d{6}\b", letter.text)
    assert code is not None
    world.write(QA, f"CONFIRM {code[0]}", answers=letter)
    world.write(QA, "CONFIRM 000000", answers=letter)


def _upload(world: World) -> None:
    a, b, _ = world.refs
    world.write(world.audit(a).auditor, "UPLOADED 18/09/2026 11:30", answers=world.sent("OUT-16", audit=a)[0])
    world.write(world.house.get_case(world.audit(b)).practitioner, "The child is in immediate danger.",
                answers=world.sent("OUT-05", audit=b)[0])
    world.write(QA, "RETURN\n1. Please say how the father's views were sought.", answers=world.sent("OUT-14", audit=b)[-1])


def _released(world: World) -> None:
    """A person at the command line looks, lets go on what is held, and makes a backup."""
    house = world.house
    with Store.read_only(world.root / "state", MAILBOX) as beside:
        status_facts(beside, world.now)
    for stranger in house.store.load_inbound("hold"):
        if stranger.sender.endswith("elsewhere.example") and house.store.find_meta(f"file:{stranger.id}") is None:
            release_held(house, f"M{stranger.id}", world.refs[1], world.now)
    release_held(house, "all-letters", "", world.now)
    house.store.backup(world.root / "backup.db")
    world.run()


def _open_first(world: World) -> None:
    """Folders, database and secret are made: all before this deed. A start that has nothing to do follows."""
    world.run()


def _plan_october(world: World) -> None:
    """At the terminal: October has a theme (and the seed its draw is to have), November is called off."""
    house = world.house
    if house.store.find_cycle("2610") is None:
        october = make_cycle(house.policy.framework, 2026, 10, "northmoor")
        ask = Ask(october, Command("THEME", "Neglect"), QA, None, world.now, lambda: Frame((), (), {}, ()),
                  house.policy.framework)
        keep_ordered(house, decide_order(ask), QA, world.now)
    november = house.store.find_cycle("2611") or make_cycle(house.policy.framework, 2026, 11, "northmoor")
    if november.state is not CycleState.CANCELLED:
        cancel_month(house, november, world.now, QA)
    world.run()


def _more_cases(world: World) -> None:
    save_cases(world.house, make_cases(8)[3:])
    world.run()


def _october_decided(world: World) -> None:
    """SWAP and DROP change the sample, a reply to the first one comes too late, then it is accepted; CANCEL is refused."""
    cycle = world.house.store.find_cycle("2610")
    assert cycle is not None
    asked, subject = world.sent("OUT-01")[0], "Re: [AUDIT CYCLE 2610] Sample"
    world.write(QA, f"SWAP {cycle.proposals[0].case_number}", answers=asked)
    world.write(QA, f"DROP {cycle.proposals[1].ref}", subject=subject)
    world.write(QA, "ACCEPT", answers=asked)
    world.write(QA, "THEME Neglect and thresholds", subject=subject)
    world.write(QA, "ACCEPT", subject=subject)
    world.write(QA, "CANCEL", subject=subject)
    world.write(QA, "CANCEL", subject="[AUDIT CYCLE 2701] Sample")


STAGES = (
    Stage("first start", "2026-09-01 08:00", _nothing, _open_first, after=()),
    Stage("begin", "2026-09-01 08:30", _nothing, _begin),
    Stage("first day", "2026-09-01 12:00", _first_day, _pass),
    Stage("returns", "2026-09-16 15:00", _returns, _pass, (("OUT-75", "silent"), ("OUT-32", "silent"))),
    Stage("amended", "2026-09-17 10:00", _amended, _two_passes, (("OUT-48", "lost"), ("OUT-88", "silent"))),
    Stage("decisions", "2026-09-17 14:00", _decisions, _pass),
    Stage("code", "2026-09-17 14:20", _code, _pass, (("OUT-25", "defer"), ("OUT-23", "refuse")), (1, 6, 13, 40)),
    Stage("upload", "2026-09-18 12:00", _upload, _pass, (("OUT-26", "refuse"),)),
    Stage("release", "2026-09-18 15:00", _nothing, _released),
    Stage("days later", "2026-09-29 11:00", _nothing, _pass),
    Stage("october planned", "2026-09-29 15:00", _nothing, _plan_october),
    # The first of the month: September closes, and of October nothing can be drawn; what the year holds is told.
    Stage("october", "2026-10-01 09:10", _nothing, _pass),
    Stage("more cases", "2026-10-02 10:00", _nothing, _more_cases),
    Stage("october decided", "2026-10-02 11:00", _october_decided, _pass),
    Stage("september reported", "2026-10-15 09:10", _nothing, _pass),
)


@contextmanager
def at_work(root: Path, at: str | datetime, pool: Pool | None, mailbox: FolderMailbox | None = None) -> Iterator[World]:
    """The house opened on the folders as they are, with a reading child that outlives it."""
    policy = replace(load_world_policy(root))  # with nothing worked out yet, as after a start
    with lock(policy.settings.state), open_house(policy, mailbox=mailbox or WatchedMailbox(root / "mail")) as house:
        house._pool = pool
        try:
            yield World(root, house, moment(at))
        finally:
            house._pool = None if pool is not None else house._pool


def play(root: Path, stage: Stage, pool: Pool | None) -> list[str]:
    """The stage's deed and nothing after it; the Message-IDs of letters handed over twice."""
    mailbox = WatchedMailbox(root / "mail", dict(stage.trouble))
    with at_work(root, stage.at, pool, mailbox) as world:
        stage.deed(world)
    return mailbox.twice


def settle(root: Path, stage: Stage, pool: Pool | None) -> list[str]:
    """The ordinary passes after a deed; the mail server answers again, and refuses what it refused."""
    mailbox = WatchedMailbox(root / "mail", {code: what for code, what in stage.trouble if what == "refuse"})
    with at_work(root, stage.at, pool, mailbox) as world:
        start = world.now + (timedelta(minutes=40) if stage.name == "begin" else timedelta())
        for minutes in stage.after:
            world.run(start + timedelta(minutes=minutes))
    return mailbox.twice


def prepare(root: Path, stage: Stage, pool: Pool | None) -> None:
    """The stage's mail arrives; the house is only looked at."""
    with at_work(root, stage.at, pool) as world:
        stage.prepare(world)


def found_state(root: Path) -> dict[str, Any]:
    """All that matters of a state, comparable: what is left out is only when letters left and how often it was tried."""
    with at_work(root, "2026-09-30 12:00", None) as world:
        store = world.house.store
        letters = store.load_letters(whole=False)
        return {
            "journal holds": store.verify().holds,
            "audits": [to_plain(a) for a in store.find_audits()],
            "letters": sorted((x.key, x.code, x.to, x.state.value) for x in letters),
            "submissions": [(s.ref, s.number, s.message_id, s.sha) for r in world.refs for s in store.load_submissions(r)],
            "feedback": [to_plain(f) for r in world.refs for f in store.load_feedback(r)],
            "inbound": [(i.message_id, i.state, i.disposition, i.reason, i.audit, i.settled, i.place)
                        for i in store.load_inbound()],
            "timers": [(r, t.name, t.due_at) for r in world.refs for t in store.load_timers(r)],
            "people": store.load_people(), "cycles": [(c.id, c.state.value, c.sample, c.theme) for c in store.load_cycles()],
            "journal": _journal(world.house),
            "folders": {f: [p.name for p in world.in_folder(f)] for f in ("inbox", "filed", "held", "sent")},
        }


def _journal(house: House) -> Counter[str]:
    """What was done, how often. A letter's way out may be longer after a crash (looked for, deferred): its end is not.

    Sheets are left out: a person takes them in again.
    """
    told: Counter[str] = Counter()
    for entry in house.store.load_journal():
        if entry.kind in ("letter deferred", "letter unknown", "IN-20", "IN-21"):
            continue
        data = {k: v for k, v in entry.data.items() if k not in ("why", "seed")}
        told[f"{entry.kind} {entry.audit} {entry.by} {sorted(data.items(), key=repr)!r}"] += 1
    return told


def check_life(root: Path) -> None:
    """Rules that hold at any moment between two stages, whatever happened before."""
    with at_work(root, "2026-09-30 12:00", None) as world:
        store = world.house.store
        assert store.verify().holds
        letters = store.load_letters(whole=False)
        assert {sent_name(x.message_id) for x in letters if x.state is LetterState.SENT} == {
            p.name for p in world.in_folder("sent")}
        assert not [x for x in letters if x.state in (LetterState.SENDING, LetterState.UNKNOWN)]
        assert all(i.state == "done" and i.settled for i in store.load_inbound())
        assert not world.in_folder("inbox")
