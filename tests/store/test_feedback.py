"""The family's views: a row for each source and origin, kept whole; a submission's findings may change beside it."""

import sqlite3
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from mailflow.errors import Broken
from mailflow.model import Attempt, Feedback, Finding, Route, Severity
from mailflow.store import Store
from mailflow.store.door import NAME

TRY = Attempt(date(2026, 6, 10), "10:00", "phone", "No answer")


def views(ref: str, source: str = "parent", origin: str = "apart", **more: Any) -> Feedback:
    return Feedback(ref, source, origin, attempts=(TRY, Attempt(None)), **more)


def test_views_come_back_as_they_were_kept(store: Store, make: Any) -> None:
    audit = make.audit()
    kept = views(audit.ref, route=Route.POST, who="Mother", given_on=date(2026, 6, 11), answers=(("Respect?", "Yes"), ("Why?", "é")),
                 score=0, score_said="0", asked_first=False, posted_on=date(2026, 6, 12), due_back_on=date(2026, 7, 10),
                 received_at=make.now, by=audit.auditor)
    with store.tx():
        store.add_audit(audit)
        store.save_feedback(kept)
    assert store.load_feedback(audit.ref) == (kept,) and store.load_feedback("2606-009Z") == ()


def test_a_row_takes_the_place_of_what_was_known_by_the_same_origin_only(store: Store, make: Any) -> None:
    audit = make.audit()
    first = views(audit.ref)
    with store.tx():
        store.add_audit(audit)
        for row in (first, views(audit.ref, origin="form"), views(audit.ref, "child"), replace(first, declined=True)):
            store.save_feedback(row)
    assert [(f.source, f.origin, f.declined) for f in store.load_feedback(audit.ref)] == [
        ("child", "apart", False), ("parent", "apart", True), ("parent", "form", False)]


def test_the_state_stands_beside_for_counting(store: Store, folder: Path, make: Any) -> None:
    audit = make.audit()
    with store.tx():
        store.add_audit(audit)
        store.save_feedback(views(audit.ref))
        store.save_feedback(replace(views(audit.ref), posted=True))
    beside = sqlite3.connect(folder / NAME)
    assert beside.execute("select source, state from feedback").fetchall() == [("parent", "posted")]
    beside.close()


def test_views_of_no_audit_are_our_bug(store: Store) -> None:
    with pytest.raises(Broken), store.tx():
        store.save_feedback(views("2606-009Z"))


def test_findings_of_a_submission_may_change_and_nothing_else_of_it(store: Store, make: Any) -> None:
    audit = make.audit()
    sent = replace(make.submission(audit.ref), findings=(Finding("CHK-010", Severity.BLOCK, "Not the feedback form."),))
    with store.tx():
        store.add_audit(audit)
        store.add_submission(sent)
        store.save_findings(audit.ref, 1, ())
    assert store.load_submissions(audit.ref) == (replace(sent, findings=()),)
    assert store.find_duplicate(audit.ref, sent.sha, "") is not None
    with pytest.raises(Broken, match="no submission 2"), store.tx():
        store.save_findings(audit.ref, 2, ())
