"""Scenes for tests: Northmoor Council, one invented case, everybody's part played. Others may use it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from mailflow.config import Council
from mailflow.form.definition import FormDefinition, Kind, Part
from mailflow.form.load import load_form
from mailflow.framework import Framework, framework_folders, load_framework
from mailflow.intake.commands import parse_command
from mailflow.model import (
    Answer,
    Audit,
    Case,
    Finding,
    Leftover,
    Outcome,
    Parties,
    Person,
    Reading,
    Role,
    Severity,
    State,
    Status,
    Submission,
    Timer,
    Wish,
)
from mailflow.process.commands.table import decide_command
from mailflow.process.deadlines import decide_timers
from mailflow.process.opening import decide_allocation
from mailflow.process.returns.decide import decide_return
from mailflow.scene import Scene

LONDON = ZoneInfo("Europe/London")
COUNCIL = Council("Northmoor Council", "Quality Assurance team", "01632 960100", "01632 960199", "Northmoor Council")
FORM_FOLDER = Path(__file__).parents[2] / "templates" / "base"


def at(day: str, clock: str = "10:00") -> datetime:
    """at("2026-06-01", "09:00"): London wall time."""
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=LONDON)


@cache
def framework(name: str = "framework-2023", **changes: str) -> Framework:
    """The real profile; letters are allowed to northmoor.example only."""
    return load_framework(name, {"send": {"allowed_domains": ["northmoor.example"]}})


def with_rules(base: Framework, **tables: Mapping[str, Any]) -> Framework:
    """with_rules(framework(), revision={"auto_returns": 0}): the profile with some keys changed."""
    return replace(base, **{name: replace(getattr(base, name), **changes) for name, changes in tables.items()})


@cache
def form() -> FormDefinition:
    return load_form(framework_folders("base")[0] / "form.toml")


def person(name: str, *roles: str, **more: Any) -> Person:
    address = f"{name.lower().replace(' ', '.')}@northmoor.example"
    return Person(address, name, roles, **{"phone": "01632 960111", **more})


AUDITOR = person("Ada Lowe", "auditor", team="South", service="Safeguarding")
OTHER = person("Ben Marsh", "auditor", team="West", service="Safeguarding")
TM = person("Tess Moor", "tm", team="North", service="Safeguarding")
WORKER = person("Will Fern", "practitioner", team="North", manager="tess.moor@northmoor.example")
SM = person("Sam Hill", "sm", service="Safeguarding")
HOS = person("Hana Birch", "hos", service="Safeguarding")
AD = person("Amir Dale", "ad")
IRO = person("Iris Rowe", "iro")
QA = person("Quinn Ash", "qa")
QA2 = person("Rae Elm", "qa")
QA_MANAGER = person("Mo Heath", "qa_manager")
PEOPLE = (AUDITOR, OTHER, TM, WORKER, SM, HOS, AD, IRO, QA, QA2, QA_MANAGER)
PARTS: dict[str, tuple[Person, ...]] = {
    "auditor": (AUDITOR,), "tm": (TM,), "practitioner": (WORKER,), "sm": (SM,), "hos": (HOS,), "ad": (AD,),
    "iro": (IRO,), "qa": (QA, QA2), "qa_manager": (QA_MANAGER,),
}
CASE = Case("N-40117", "CIN", "North", WORKER.address, "Safeguarding", TM.address, IRO.address)
REF = "2606-001C"


def find_person(address: str) -> Person | None:
    return next((p for p in PEOPLE if p.address == address.lower()), None)


def audit(state: State = State.SELECTED, **more: Any) -> Audit:
    """June 2026: opens Monday 1, due Tuesday 30."""
    return Audit(**{
        "ref": REF, "cycle": "2606", "case_number": CASE.number, "auditor": AUDITOR.address, "state": state,
        "due_on": date(2026, 6, 30), "opens_on": date(2026, 6, 1), **more})


def scene(now: datetime, of: Audit | None = None, *, submission: Submission | None = None,
          rules: Framework | None = None, parts: Mapping[str, tuple[Person, ...]] | None = None,
          case: Case = CASE) -> Scene:
    return Scene(of or audit(), case, Parties(dict(PARTS if parts is None else parts)), rules or framework(), form(),
                 COUNCIL, now, submission)


def then(before: Scene, out: Outcome, now: datetime, submission: Submission | None = None) -> Scene:
    """The scene after an outcome: its audit, and whoever plays the auditor's part by now."""
    parts = dict(before.parties.people)
    who = find_person(out.audit.auditor)
    parts[Role.AUDITOR.value] = (who,) if who else ()
    former = tuple(p for a in out.audit.former_auditors if (p := find_person(a)))
    parts[Role.FORMER_AUDITOR.value] = former
    return replace(before, audit=out.audit, now=now, parties=Parties(parts),
                   submission=submission or before.submission)


def reading(grade: str = "good", *, actions: int = 1, concern: str = "no", told: str = "", text: str = "Seen on 3 June.",
            leftovers: tuple[str, ...] = ()) -> Reading:
    """A form filled in everywhere, the same grade throughout."""
    answers = {}
    for f in form().fields:
        value = {Kind.GRADE: grade, Kind.DATE: "2026-06-10", Kind.CHOICE: concern}.get(f.kind)
        words = value or (told if f.part is Part.CONCERN else text)
        answers[f.id] = Answer(f.id, words, value=value or words or None)
    rows = tuple(
        {c: Answer(f"actions.{n}.{c}", w, value=w) for c, w in
         (("text", f"Update the plan {n}"), ("owner", "Team manager"), ("due", "2026-07-15"))}
        for n in range(1, actions + 1))
    return Reading(Status.READABLE, "base-10", "1", answers=answers, rows={"actions": rows},
                   leftovers=tuple(Leftover(t) for t in leftovers))


def submission(number: int = 1, received_at: datetime | None = None, *, findings: tuple[Finding, ...] = (),
               of: Reading | None = None, sender: str = AUDITOR.address, late: bool = False) -> Submission:
    return Submission(REF, number, received_at or at("2026-06-20"), f"<m{number}@northmoor.example>", sender,
                      "form.docx", f"sha{number}", of or reading(), findings, late)


def block(check: str = "CHK-013", words: str = "2 questions have no answer.") -> Finding:
    return Finding(check, Severity.BLOCK, words, ("voice.evidence",), "The child's voice and daily life")


def warning(check: str = "CHK-030") -> Finding:
    return Finding(check, Severity.WARN, "Please add any themes the service should learn from.", ("overall.themes",))


def letters(out: Outcome, code: str = "") -> tuple[Wish, ...]:
    return tuple(w for w in out.wishes if not code or w.code == code)


def codes(out: Outcome) -> list[str]:
    return sorted(w.code for w in out.wishes)


def to(out: Outcome, code: str) -> list[str]:
    """Who gets it, by address."""
    return sorted(w.address for w in out.wishes if w.code == code)


def one(out: Outcome, code: str) -> Wish:
    found = letters(out, code)
    assert len(found) == 1, f"{code}: {found}"
    return found[0]


def timers(out: Outcome) -> dict[str, datetime]:
    return {t.name: t.due_at for t in out.set_timers}


def kinds(out: Outcome) -> list[str]:
    return [e.kind for e in out.entries]


def allocated(now: datetime | None = None, **more: Any) -> tuple[Scene, Outcome]:
    """An audit allocated on Monday 1 June 2026 at 9am."""
    before = scene(now or at("2026-06-01", "09:00"), audit(**more))
    return before, decide_allocation(before)


def returned(when: datetime | None = None, findings: tuple[Finding, ...] = (), *, rules: Framework | None = None,
             of: Reading | None = None, text: str = "", **more: Any) -> tuple[Scene, Outcome]:
    """The first form of an audit that was allocated on 1 June: (the scene with that submission, the outcome)."""
    now = when or at("2026-06-18", "11:00")
    before, out = allocated(**more)
    before = replace(then(before, out, now), framework=rules or before.framework)
    sent = submission(1, now, findings=findings, of=of)
    out = decide_return(before, sent, findings, None, text, "<mail-1@northmoor.example>")
    return then(before, out, now, sent), out


def again(before: Scene, when: datetime, findings: tuple[Finding, ...] = (), *, of: Reading | None = None,
          text: str = "") -> tuple[Scene, Outcome]:
    """The next form for an audit that has one."""
    now = replace(before, now=when)
    sent = submission(before.audit.submission + 1, when, findings=findings, of=of)
    out = decide_return(now, sent, findings, before.submission, text, f"<mail-{sent.number}@northmoor.example>")
    return then(now, out, when, sent), out


def say(before: Scene, who: Person, words: str, when: datetime | None = None, *, confirmed: bool = False,
        about: int | None = None, mail: str = "") -> tuple[Scene, Outcome]:
    """Somebody's command as the corridor would hand it in: (the scene after it, the outcome)."""
    now = replace(before, now=when or before.now)
    command = parse_command(words)
    assert command is not None, words
    out = decide_command(now, who, now.parties.roles_of(who.address), command, confirmed=confirmed,
                         find_person=find_person, in_reply_to=mail or f"<{words[:12]}@northmoor.example>",
                         mail_text=words, about=about)
    return then(now, out, now.now), out


def tick(before: Scene, *names: str, when: datetime | None = None) -> tuple[Scene, Outcome]:
    """The named timers come due."""
    now = replace(before, now=when or before.now)
    out = decide_timers(now, tuple(Timer(n, now.now - timedelta(minutes=len(names) - i)) for i, n in enumerate(names)))
    return then(now, out, now.now), out


def accepted(**more: Any) -> Scene:
    """A good form of 18 June, accepted the same day at noon."""
    before, _ = returned(**more)
    return say(before, QA, "ACCEPT", at("2026-06-18", "12:00"))[0]


def issued(**more: Any) -> tuple[Scene, Outcome]:
    return tick(accepted(**more), "issue", when=at("2026-06-18", "12:15"))
