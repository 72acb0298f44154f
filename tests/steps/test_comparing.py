"""What the checks are told of other audits, out of a real store: the same words elsewhere, and the audit before."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from mailflow.model import Answer, Audit, Reading, State, Status, Submission
from mailflow.process.checks import Elsewhere
from mailflow.steps.mail.comparing import find_elsewhere, find_parent
from mailflow.store import Store
from mailflow.store.audits import MOST_ALIKE

TEXT = ("Visits took place every ten working days and each note says who was in the house, what he had eaten and whether he had slept. "
        "In March he asked for the dog to come too, and from then on the dog is in every note, with its name and its moods.")
OWN, OTHER = "ruth.addo@northmoor.example", "sam.hill@northmoor.example"


def an_audit(ref: str, case: str, auditor: str = OWN, **more: object) -> Audit:
    return replace(Audit(ref, ref[:4], case, auditor, State.UNDER_QA, due_on=date(2026, 6, 30), opens_on=date(2026, 6, 1)), **more)  # type: ignore[arg-type]


def reading(text: str) -> Reading:
    return Reading(Status.READABLE, "base-10", "1", answers={"voice.evidence": Answer("voice.evidence", text)})


def keep(store: Store, audit: Audit, text: str = TEXT, number: int = 1) -> None:
    with store.tx():
        if store.find_audit(audit.ref) is None:
            store.add_audit(replace(audit, submission=number))
        at = datetime(2026, 6, 20, 10, tzinfo=UTC)
        store.add_submission(Submission(audit.ref, number, at, "<m@x>", audit.auditor, "form.docx", f"sha{number}", reading(text)))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "state", "audits@northmoor.example") as opened:
        yield opened


def test_the_same_words_in_another_case_are_found_and_whose_they_are(store: Store) -> None:
    keep(store, an_audit("2605-001A", "C1"))
    keep(store, an_audit("2605-002B", "C2", OTHER))
    keep(store, an_audit("2605-003C", "C3"), "Another text altogether, about another child in another place, which has nothing of the first in it at all.")
    found = find_elsewhere(store, an_audit("2606-009K", "C9"), reading(TEXT))
    assert found == (Elsewhere("2605-001A", (TEXT,), own=True), Elsewhere("2605-002B", (TEXT,), own=False))


def test_another_audit_of_the_same_case_and_the_audit_itself_may_say_the_same(store: Store) -> None:
    keep(store, an_audit("2605-001A", "C9"))
    keep(store, an_audit("2606-009K", "C9"))
    keep(store, an_audit("2606-009K", "C9"), TEXT + " He slept well.", number=2)
    assert find_elsewhere(store, an_audit("2606-009K", "C9"), reading(TEXT)) == ()


def test_a_turn_of_phrase_that_everybody_uses_is_not_kept_for_ever(store: Store) -> None:
    """The look-up stays small however many audits say it: no run of words is kept for more than fifty of them."""
    for n in range(MOST_ALIKE + 10):
        keep(store, an_audit(f"2605-{n:03}A", f"C{n}"))
    most = store._read("select count(*) from passage group by digest order by 1 desc limit 1")
    assert most == [(MOST_ALIKE,)]
    assert len(find_elsewhere(store, an_audit("2606-009K", "C999"), reading(TEXT))) == 3


def test_a_re_audit_repeats_the_latest_audit_a_level_below(store: Store) -> None:
    keep(store, an_audit("2601-001A", "C1"), "The first.")
    keep(store, an_audit("2603-002B", "C1"), "The second, at the same level.")
    keep(store, an_audit("2604-003C", "C1", level=1), "A re-audit.")
    keep(store, an_audit("2604-004D", "C2"), "Another case.")
    first, second = an_audit("2605-005E", "C1", level=1), an_audit("2606-006F", "C1", level=2)
    found = [find_parent(store, a) for a in (first, second)]
    assert [s.reading.answer("voice.evidence") for s in found if s] == ["The second, at the same level.", "A re-audit."]
    assert find_parent(store, an_audit("2606-007G", "C1")) is None and find_parent(store, an_audit("2606-008H", "C7", level=1)) is None
