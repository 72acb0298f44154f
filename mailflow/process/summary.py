"""What QA is shown of a return (OUT-14): findings, differences, grades, and whatever stood outside the answers."""

from typing import Any

from mailflow.model import Finding, Submission
from mailflow.process.answers import differences, grade_rows
from mailflow.scene import Scene


def summarise(scene: Scene, submission: Submission, findings: tuple[Finding, ...], previous: Submission | None,
              mail_text: str) -> dict[str, Any]:
    """The facts of OUT-14; the caller says whether it was sent back, and until when QA decides."""
    reading = submission.reading
    return {
        "findings": findings,
        "changes": differences(scene.form, previous.reading, reading) if previous else (),
        "grades": grade_rows(scene.form, reading),
        "leftovers": tuple(leftover.text for leftover in reading.leftovers),
        "tracked_changes": reading.tracked_changes,
        "comments": reading.comments,
        "oddities": reading.oddities,
        "sent_back": False,
        "why_qa_decides": "",
        "note": mail_text.strip(),
        "qa_due_at": None,
    }
