"""The case note is checked when it is made (CHK-118, CHK-119); what is wrong with it goes to the QA team, never further."""

from mailflow.model import Entry, Wish
from mailflow.process.checks import check_casenote
from mailflow.scene import Scene
from mailflow.steps.house import House
from outbox.pages.casenote import case_note_lines, find_told


def wishes_about_casenote(house: House, scene: Scene, wishes: tuple[Wish, ...]) -> tuple[tuple[Wish, ...], tuple[Entry, ...]]:
    """QA is told of a case note that breaks its own rules; nothing when none is made or all is well."""
    if not any("DOC-07" in w.documents for w in wishes):
        return (), ()
    told = find_told(scene)
    lines = dict(case_note_lines(scene, told, scene.now))
    findings = check_casenote(lines["Title"], lines["Time"], lines["Date"], told, house.policy.words)
    if not findings:
        return (), ()
    reasons = tuple(f.words for f in findings)
    wish = Wish("OUT-89", "qa", "CHK-118", scene.audit.ref, audit=scene.audit.ref, facts={
        "from_address": "", "subject": "", "reasons": reasons, "kind": "automatic", "id": "", "note": ""})
    return (wish,), (Entry("CHK-118", data={"reasons": list(reasons)}),)
