"""CHK-027: the practitioner's self-assessment, where the framework asks for one (F2-AUD-02)."""

from collections.abc import Iterator

from mailflow.model import Severity
from mailflow.process.checks.integrity import practitioner_left
from mailflow.process.checks.look import LONDON, Look, Problem


def chk_027(look: Look) -> Iterator[Problem]:
    """It came before the meeting. None at all blocks where ``audit.self_assessment_blocks``; a late one only warns."""
    rules, audit = look.scene.framework.audit, look.scene.audit
    if rules.self_assessment == "off" or practitioner_left(look):
        return
    if audit.assessed_at is None:
        yield Problem()
        return
    booked = audit.meeting_at.astimezone(LONDON).date() if audit.meeting_at else None
    met = look.header_day("met") or booked
    if met and audit.assessed_at.astimezone(LONDON).date() > met:
        yield Problem(wording="late", severity=Severity.WARN)
