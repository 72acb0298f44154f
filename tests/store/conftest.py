"""A real store on a real disk, and ready-made values of Northmoor Council."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from mailflow.model import Audit, Letter, Reading, State, Status, Submission
from mailflow.model.ref import make_ref
from mailflow.store import Store

MAILBOX = "audits@northmoor.example"
NOW = datetime(2026, 6, 17, 9, 0, tzinfo=UTC)


class Make:
    """Values with everything that does not matter filled in."""

    now = NOW
    mailbox = MAILBOX

    @staticmethod
    def audit(number: int = 1, **changes: Any) -> Audit:
        plain: dict[str, Any] = {
            "ref": make_ref("2606", number), "cycle": "2606", "case_number": f"C{number}",
            "auditor": "a.marsh@northmoor.example", "state": State.ALLOCATED, "due_on": date(2026, 6, 30),
            "opens_on": date(2026, 6, 1),
        }
        return Audit(**{**plain, **changes})

    @staticmethod
    def letter(number: int = 1, **changes: Any) -> Letter:
        plain: dict[str, Any] = {
            "key": f"2606-001A·T-02·a.marsh·{number}", "code": "OUT-04", "audit": "2606-001A", "role": "auditor",
            "to": "a.marsh@northmoor.example", "subject": "[AUDIT 2606-001A] Your audit", "raw": b"Subject: x\r\n\r\nHello",
            "message_id": f"<{number}@northmoor.example>", "leave_at": NOW,
        }
        return Letter(**{**plain, **changes})

    @staticmethod
    def submission(ref: str, number: int = 1, sha: str = "aa", content: str = "cc") -> Submission:
        reading = Reading(Status.READABLE, form="base", edition="10", content_digest=content)
        return Submission(ref, number, NOW, "<1@x>", "a.marsh@northmoor.example", "audit.docx", sha, reading)


@pytest.fixture(scope="session")
def make() -> type[Make]:
    return Make


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "state"


@pytest.fixture
def store(folder: Path) -> Iterator[Store]:
    with Store.open(folder, MAILBOX) as opened:
        yield opened
