"""What QA is shown of a return (OUT-14): findings, differences, grades, and whatever stood outside the answers."""

from typing import Any

from mailflow.grading import grade_table, is_graded
from mailflow.model import Finding, Submission
from mailflow.process.returns.differences import find_differences
from mailflow.scene import Scene

# A letter that lists more than this is not read; `mailflow diff` shows them all.
MOST_CHANGES = 40


def summarise(scene: Scene, submission: Submission, findings: tuple[Finding, ...], previous: Submission | None,
              mail_text: str) -> dict[str, Any]:
    """The facts of OUT-14; the caller says whether it was sent back, and until when QA decides."""
    reading, form = submission.reading, scene.form.for_category(scene.case.category)
    changed = find_differences(scene.form, previous.reading, reading) if previous else None
    return {
        "findings": findings,
        "since": previous.number if previous else 0,
        "changes": changed.items[:MOST_CHANGES] if changed else (),
        "more_changes": max(0, len(changed.items) - MOST_CHANGES) if changed else 0,
        "unchanged": changed.unchanged if changed else 0,
        "grades": grade_table(scene.framework, form, reading) if is_graded(scene.framework, scene.audit.type) else (),
        "leftovers": tuple(leftover.text for leftover in reading.leftovers),
        "tracked_changes": reading.tracked_changes,
        "comments": reading.comments,
        "oddities": reading.oddities,
        "family": (),
        "sent_back": False,
        "why_qa_decides": "",
        "note": mail_text.strip(),
        "qa_due_at": None,
    }
