"""The action list (DOC-38): what was agreed, by whom, by when, how urgent; one case only."""

from datetime import date

from mailflow.model import Action, Document
from mailflow.scene import Scene
from outbox import words
from outbox.pages.answers import agreed
from outbox.sheets.workbook import make_workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_HEADINGS = (("Reference", 14), ("Case number", 16), ("Number", 9), ("Action", 70), ("Owner", 26), ("Due", 20),
             ("Priority", 14))


def compose_actions(scene: Scene, actions: tuple[Action, ...] = ()) -> Document:
    """One action a row; a sheet with headings alone where there are none. ``actions`` with their days worked out; without
    them as the current form has them."""
    rows = [(scene.audit.ref, scene.case.number, str(a.number), a.text, a.owner or "Not given", _due(a),
             a.priority or "Not used") for a in agreed(scene, actions)]
    data = make_workbook("Actions", _HEADINGS, rows, scene.now, scene.framework.send.marking)
    return Document(f"actions-{scene.audit.ref}.xlsx", XLSX, data)


def _due(action: Action) -> str | date:
    """A settled day as a date that can be sorted by; with a time where it counts in hours, else as it was written."""
    said = words.by_when(action)
    try:
        day = date.fromisoformat(action.due)
    except ValueError:
        return said
    return day if said == words.dotted(day) else said
