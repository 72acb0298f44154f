"""Thirty ordinary returns of thirty different hands, sent by real mail programs over real servers: who needs a person?"""

import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from mailflow.config import load_settings
from mailflow.daemon import run_once
from mailflow.demo.pen import Shape, fill_in
from mailflow.model import Disposition, State
from mailflow.steps.house import load_policy, open_house
from mailflow.steps.imports import save_cases, save_people
from mailflow.steps.month.opening import open_month
from tests.servers import PASSWORD, Dovecot, Smtp
from tests.stories.clients import RealPost, write_settings
from tests.world import make_cases, make_people, moment

GOOD = Path(__file__).parents[1] / "corpus" / "forms" / "good"
ADDRESS = "audits-thirty@northmoor.example"
JUNE = '[profile.calendar.months]\n"06" = {type = "audit"}\n'
SHAPES: tuple[Shape, ...] = ("controls", "typed", "plain")


def forms() -> list[dict[str, Any]]:
    return [tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(GOOD.glob("*.toml"))]


def test_at_least_ninety_five_in_a_hundred_need_no_person_before_the_decision(
    dovecot: Dovecot, smtp: Smtp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every auditor fills in the form they were sent, in one of three ways (in the boxes, over them, pasted without any), and
    answers with swaks or s-nail. All but one in twenty lie with QA in the same pass, with one receipt each and nothing lost."""
    monkeypatch.setenv("NORTHMOOR_PASSWORD", PASSWORD)
    good = forms()
    policy = load_policy(load_settings(write_settings(tmp_path, dovecot, smtp, ADDRESS, JUNE).resolve()))
    cases = make_cases(len(good), [form["category"] for form in good])
    by_case = {case.number: form for case, form in zip(cases, good, strict=True)}
    auditors = [p.address for p in make_people(len(good)) if "auditor" in p.roles]
    post = RealPost(dovecot, smtp, ADDRESS, tmp_path, frozenset(auditors[::2]))
    with open_house(policy) as house:
        save_people(house, make_people(len(good)))
        save_cases(house, cases)
        open_month(house, "2026-06", moment("2026-06-01 08:30"), seed="thirty")
        run_once(house, moment("2026-06-01 09:05"))
        letters = [letter for letter in post.fresh() if letter.code == "OUT-04"]
        assert len(letters) == len(good)
        for number, letter in enumerate(letters):
            form = by_case[house.store.get_audit(letter.audit).case_number]
            document = fill_in(letter.forms[0], form["answers"], {"actions": form.get("actions", [])}, SHAPES[number % 3])
            post.write(letter.to, datetime(2026, 6, 26, 14, 5, tzinfo=UTC), "Please find my audit attached.",
                       subject=f"Re: {letter.subject}", answers=letter, form=document, name=f"Audit {letter.audit}.docx")
        run_once(house, moment("2026-06-26 15:10"))
        rows = house.store.load_inbound()
        assert len(rows) == len(good) and {r.disposition for r in rows} <= {Disposition.ACCEPT, Disposition.HOLD, Disposition.REPLY}
        alone = [a for a in house.store.find_audits() if a.state is State.UNDER_QA and a.submission == 1]
        asked = {a.case_number: [p.words for p in a.points] for a in house.store.find_audits() if a not in alone}
        assert len(alone) >= 0.95 * len(good), (asked, [(r.disposition, r.reason) for r in rows if r.disposition != "accept"])
        for row in rows:
            assert [x.to for x in house.store.letters_of(row.id)].count(row.sender) == 1
        answers = {s.ref: s.reading for a in alone for s in house.store.load_submissions(a.ref)}
        for audit in alone:
            typed = by_case[audit.case_number]["answers"]
            blank = [f for f, text in typed.items() if text.strip() and not answers[audit.ref].answer(f)]
            assert blank == [], (audit.ref, "answers that were typed were read as blank", blank)
        assert {r.leftovers for r in answers.values()} == {()}
    assert min(post.used.values()) >= len(good) // 2
