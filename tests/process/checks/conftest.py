"""One return to check, made from a good form with something changed."""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from mailflow.config import Council
from mailflow.form.definition import FormDefinition, Part
from mailflow.form.load import load_form
from mailflow.framework import framework_folders, load_framework, templates_root
from mailflow.framework.words import load_words
from mailflow.model import Answer, Audit, Case, Finding, Leftover, Parties, Person, Reading, Severity, State, Status, Submission
from mailflow.process.checks import check_form
from mailflow.scene import Scene
from parsers.settle.normalise import judge

GOOD = Path(__file__).parents[2] / "corpus" / "forms" / "good"
FORM: FormDefinition = load_form(templates_root() / "base" / "form.toml")
FRAMEWORK = load_framework("framework-2023", {"send": {"allowed_domains": ["northmoor.example"]}})
WORDS = load_words(framework_folders("framework-2023"))
RECEIVED = datetime(2026, 6, 26, 14, 5, tzinfo=UTC)
COUNCIL = Council("Northmoor Council", "Quality Assurance team", "01632 960111", "01632 960999", "Northmoor Council")


@dataclass
class Return:
    """A return that can be changed before it is checked: field id → text, rows as dicts of text."""

    answers: dict[str, str]
    rows: list[dict[str, str]]
    category: str = "CP"
    reading: dict[str, Any] = field(default_factory=dict)
    audit: dict[str, Any] = field(default_factory=dict)
    profile: dict[str, Any] = field(default_factory=dict)
    name: str = "2606-018D audit.docx"
    mail_text: str = "Please find my audit attached."
    received_at: datetime = RECEIVED
    previous: Submission | None = None
    number: int = 1
    more: dict[str, Any] = field(default_factory=dict)
    form: FormDefinition = FORM
    framework: str = "framework-2023"

    def scene(self) -> Scene:
        people = {
            "auditor": Person("ruth.addo@northmoor.example", "Ruth Addo", team="Family Help East"),
            "practitioner": Person("dev.marsh@northmoor.example", "Dev Marsh", team="Safeguarding West"),
            "tm": Person("ines.holt@northmoor.example", "Ines Holt", team="Safeguarding West", phone="01632 960123"),
        }
        audit = Audit("2606-018D", "2606", "4102738", people["auditor"].address, State.UNDERWAY, due_on=date(2026, 6, 30),
                      opens_on=date(2026, 6, 1), form="base-10", edition="1", lookback_from_on=date(2025, 12, 1),
                      allocated_at=datetime(2026, 6, 1, 8, tzinfo=UTC))
        case = Case("4102738", self.category, "Safeguarding West", people["practitioner"].address, service="Safeguarding")
        changes = {"send": {"allowed_domains": ["northmoor.example"]}} | self.profile
        plain = not self.profile and self.framework == "framework-2023"
        framework = FRAMEWORK if plain else load_framework(self.framework, changes)
        return Scene(replace(audit, **self.audit), case, Parties({role: (p,) for role, p in people.items()}), framework,
                     self.form, COUNCIL, self.received_at)

    def submission(self) -> Submission:
        header = {"header.reference": "2606-018D", "header.case_number": "4102738", "header.category": self.category,
                  "header.team": "Safeguarding West", "header.practitioner": "Dev Marsh", "header.auditor": "Ruth Addo",
                  "header.period": "1 December 2025 to 1 June 2026", "header.due": "Tuesday 30 June 2026"}
        known = {f.id for f in self.form.fields}
        texts = dict.fromkeys(known, "") | {k: v for k, v in header.items() if k in known} | self.answers
        answers = {key: _answer(self.form, key, text) for key, text in texts.items()}
        columns = [c.id.rpartition(".")[2] for t in self.form.tables for c in t.columns]
        rows = tuple({c: _answer(self.form, f"actions.{n}.{c}", row.get(c, "")) for c in columns}
                     for n, row in enumerate(self.rows, 1) if any(row.values()))
        plain = {"status": Status.READABLE, "form": self.form.id, "edition": self.form.edition, "answers": answers, "rows": {"actions": rows}}
        reading = Reading(**(plain | self.reading))
        return Submission("2606-018D", self.number, self.received_at, "<m@northmoor.example>", "ruth.addo@northmoor.example",
                          self.name, "ab", reading)

    def check(self) -> tuple[Finding, ...]:
        return check_form(self.scene(), self.submission(), self.previous, self.mail_text, self.received_at, WORDS, **self.more)

    def find(self, check: str) -> list[Finding]:
        return [f for f in self.check() if f.check == check]

    def amended(self) -> "Return":
        """The same form sent once more, as the answer to a revision request."""
        return replace(self, answers=dict(self.answers), rows=[dict(r) for r in self.rows], previous=self.submission(), number=2)


def _answer(form: FormDefinition, field_id: str, text: str) -> Answer:
    found = form.find_field(field_id)
    assert found is not None, field_id
    settled = judge(found, text)
    return Answer(field_id, text, value=settled.value, trouble=settled.trouble, candidates=settled.candidates)


def load_good(number: int) -> Return:
    plain = tomllib.loads((GOOD / f"{number:02d}.toml").read_text(encoding="utf-8"))
    rows = [{k: str(v) for k, v in row.items()} for row in plain.get("actions", [])]
    return Return(dict(plain["answers"]), rows, plain["category"])


WOKINGHAM = load_form(templates_root() / "wokingham-3.2" / "form.toml")
_ENDINGS = ("names the day and the person", "was checked with the school", "gives a reason for it", "is in the worker's own words",
            "fits what mum told the worker", "came within a week", "leaves one gap in March", "was read back to him")


def wokingham() -> Return:
    """A scored form of forty-two questions with nothing wrong in it: notes of their own, scores from 3 to 5."""
    answers = {"reference": "2606-018D", "case_number": "4102738", "child_name": "J.", "practitioners": "Dev Marsh",
               "team": "Safeguarding West", "category": "CP", "auditor": "Ruth Addo", "audit_start": "3 June 2026",
               "meeting_date": "17 June 2026", "concern.now": "No", "q39.response": "Yes", "q40.response": "2 Appropriate",
               "commentary.practitioner": "We went through every answer together and I agree with what it says of the plan."}
    for n, f in enumerate(WOKINGHAM.fields):
        if f.part is Part.SCORE and not f.id.startswith("moderation"):
            answers[f.id] = str(4 + n % 3 // 2 - (n % 7 == 0))
        elif f.part is Part.GRADE:
            answers[f.id] = "Good"
        elif f.part is Part.NOTES:
            about = " ".join(f.label.rstrip("?").split()[:6])
            answers[f.id] = (f"Entry {n} of the case notes ({about}) {_ENDINGS[n % 8]}; the minutes of {1 + n % 28} May "
                             f"say in point {n} what was changed.")
        elif f.id.startswith(("q43", "q46", "q47")):
            answers[f.id] = f"Mother said ({n}) that she was listened to."
        elif f.id.startswith("q48."):
            answers[f.id] = "8"
        elif f.id.startswith("q44"):
            answers[f.id] = "18 June 2026"
    rows = [{"action": "Write the safety goal again with what mum will see change.", "by_who": "Dev Marsh", "by_when": "17 July 2026"}]
    return Return(answers, rows, form=WOKINGHAM, framework="wokingham-3.2")


@pytest.fixture
def good() -> Callable[[int], Return]:
    """good(7) is the seventh good form, ready to be changed and checked."""
    return load_good


@pytest.fixture
def blocks() -> Callable[[tuple[Finding, ...]], list[Finding]]:
    return lambda findings: [f for f in findings if f.severity == Severity.BLOCK]


@pytest.fixture
def leftover() -> Callable[[str], Leftover]:
    return Leftover
