"""The action list (DOC-38): what was agreed, by whom, by when, how urgent; one case only."""

from datetime import date

from mailflow.model import Document
from mailflow.scene import Scene
from outbox import words
from outbox.answers import find_actions
from outbox.workbook import make_workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_HEADINGS = (("Reference", 14), ("Case number", 16), ("Number", 9), ("Action", 70), ("Owner", 26), ("Due", 16),
             ("Priority", 14))


def compose_actions(scene: Scene) -> Document:
    """The actions of the current submission, one a row; a sheet with headings alone where there are none."""
    found = find_actions(scene.form, scene.submission.reading) if scene.submission else ()
    rows = [(scene.audit.ref, scene.case.number, str(n), a.text, a.owner or "Not given", _due(a.due),
             a.priority or "Not used") for n, a in enumerate(found, 1)]
    data = make_workbook("Actions", _HEADINGS, rows, scene.now, scene.framework.send.marking)
    return Document(f"actions-{scene.audit.ref}.xlsx", XLSX, data)


def _due(text: str) -> str | date:
    """A settled day as a date, anything else as it was written."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return words.due(text)
