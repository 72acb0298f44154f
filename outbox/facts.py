"""What a letter may print: the common facts from the scene, and what each code may leave out.

Facts a letter's privacy does not allow (P0: no case data; P0 and P1: no grade) are not handed to it at all, so that a
council's own text cannot print them by mistake: it would not render.
"""

from typing import Any

from mailflow.grading import is_graded, overall_grade, say_overall
from mailflow.model import Flag, Parties, Person
from mailflow.scene import Scene
from outbox import words
from outbox.desk import Desk

# Facts each code may go without. Everything else a text prints must be given, or the letter is not written.
DEFAULTS: dict[str, dict[str, Any]] = {
    "OUT-04": {"ack_at": None},
    "OUT-05": {"added": 0, "assess": False},
    "OUT-06": {"added": 0},
    "OUT-07": {"added": 0},
    "OUT-08": {"miss": 1},
    "OUT-10": {"number": 1, "days_left": None, "extended": False},
    "OUT-12": {"views": False, "duplicate_of_at": None, "superseded": False, "on_time": True},
    "OUT-13": {"more": 0, "limit_at": None, "on_time": True},
    "OUT-14": {"findings": (), "since": 0, "changes": (), "more_changes": 0, "unchanged": 0, "grades": (), "leftovers": (),
               "tracked_changes": 0, "comments": 0, "family": (), "views": False,
               "oddities": (), "sent_back": False, "why_qa_decides": "", "note": ""},
    "OUT-15": {"days": 1, "to_hos": False},
    "OUT-16": {"confirm_at": None},
    "OUT-17": {"by_name": "", "more": 0},
    "OUT-18": {"by_name": "", "more": 0},
    "OUT-19": {"waiting_since_at": None},
    "OUT-20": {"points": (), "more": 0, "extended": False},
    "OUT-21": {"reasons": (), "next_month": ""},
    "OUT-22": {"ack_at": None},
    "OUT-23": {"grades": (), "strengths": (), "actions": (), "followup_by_on": None, "smart": False},
    "OUT-24": {"followup_by_on": None},
    "OUT-27": {"times": 1},
    "OUT-29": {"refs": (), "owns_both": False, "other_ref": ""},
    "OUT-30": {"other": False, "carried": 0, "left": (), "limit_at": None, "more": 0},
    "OUT-31": {"names": ()},
    "OUT-32": {"subject": "", "what": "", "id": ""},
    "OUT-33": {"words": ()},
    "OUT-36": {"ack_at": None, "old_name": "", "new_name": "", "passed_on": False},
    "OUT-46": {"suspected": False, "points": (), "more": 0, "limit_at": None, "on_time": True, "instead_of": "",
               "duplicate_of_at": None, "words": "", "other": False, "carried": 0, "left": ()},
    "OUT-47": {"phone": "", "suspected": False, "source": ""},
    "OUT-48": {"acked_at": None},
    "OUT-49": {"phone": "", "minutes": 60},
    "OUT-50": {"outcome": "", "note_ref": ""},
    "OUT-76": {"within": "24 hours"},
    "OUT-75": {name: () for name in
               ("to_check", "overdue", "revisions", "held", "letters_held", "unknown", "notes", "concerns", "families")},
    "OUT-77": {"whose": "the family", "source": ""},
    "OUT-80": {"meeting_at": None},
    "OUT-81": {"meeting_at": None},
    "OUT-82": {"reason": "", "team": "", "category": "", "month": ""},
    "OUT-87": {"entries": (), "sent_at": None},
    "OUT-88": {"done": False, "todo": ""},
    "OUT-89": {"reasons": (), "subject": "", "kind": "return", "from_address": "", "note": "", "id": ""},
    "OUT-90": {"permanent": True, "letter_code": "", "reason": ""},
    "OUT-91": {"id": ""},
    "OUT-94": {"unknown": (), "may_confirm": False, "code": ""},
    "OUT-97": {"late": False},
    "OUT-99": {"until_on": None, "own_service": ""},
    "OUT-98": {"reason": "", "days": 0},
}
# What every letter may print, and every letter about an audit besides (``gather`` and ``common`` give them).
COMMON = frozenset({
    "council", "recipient", "role", "now", "safety_note", "ack_wd", "confirm_wd", "has_audit", "uploader", "ack_minutes",
    "suspect_minutes", "ref", "case_number", "category", "team", "service", "month", "due_on", "lookback_from_on",
    "lookback_to_on", "form_title", "qa_contacts_family", "late", "state", "soft_at", "hard_at", "qa_due_at", "issue_at",
    "grade", "graded", "submission", "received_at", "case_shown", "auditor_name", "tm_name", "tm_phone", "practitioner_name",
    "theme", "feedback_from", "cases", "teams", "assess_wd",
})
# What a letter of that privacy may not be told (HR-01, domain 3.1).
_CASE = ("case_number", "category", "team", "service", "practitioner_name", "lookback_from_on", "lookback_to_on",
         "qa_contacts_family")
HIDDEN = {"P0": (*_CASE, "grade"), "P1": ("grade",)}


def gather(code: str, given: dict[str, Any], desk: Desk, recipient: Person, role: str) -> dict[str, Any]:
    """The facts for one letter to one person: common ones, the code's own, without what its privacy forbids."""
    rule = desk.framework.letters[code]
    facts: dict[str, Any] = {
        "council": desk.council, "recipient": recipient, "role": str(role), "now": desk.now,
        "safety_note": desk.framework.safety.note, "ack_wd": desk.framework.allocation.ack_wd,
        "confirm_wd": desk.framework.record.confirm_wd, "has_audit": desk.scene is not None,
        "uploader": desk.framework.record.uploader, "ack_minutes": desk.framework.safety.ack_minutes,
        "suspect_minutes": desk.framework.safety.suspect_minutes,
    }
    if desk.scene:
        facts |= common(desk.scene)
    if desk.about:
        facts |= _about(desk.about, rule.private)
    facts |= DEFAULTS.get(code, {}) | given
    for name in HIDDEN.get(rule.private, ()):
        if name not in given:
            facts.pop(name, None)
    return facts


def _about(scenes: tuple[Scene, ...], private: str) -> dict[str, Any]:
    """What a letter about a cycle prints: the recipient's own cases and nobody else's (G-58)."""
    first, bare = scenes[0], private == "P0"
    return {
        "month": words.month_of(first.audit.cycle), "due_on": max(s.audit.due_on for s in scenes),
        "case_shown": first.framework.allocation.tell_practitioner == "case",
        "assess_wd": first.framework.audit.self_assessment_wd,
        "cases": tuple(_case_row(s, bare) for s in scenes),
        "teams": tuple(dict.fromkeys(s.case.team for s in scenes if not bare)),
    }


def _case_row(scene: Scene, bare: bool) -> dict[str, Any]:
    names = _names(scene.parties)
    return {"ref": scene.audit.ref, "number": "" if bare else scene.case.number,
            "practitioner": "" if bare else names["practitioner_name"], "auditor": names["auditor_name"],
            "due_on": scene.audit.due_on}


def common(scene: Scene) -> dict[str, Any]:
    """The facts every letter about an audit may print."""
    audit, case = scene.audit, scene.case
    started = words.local(audit.allocated_at or scene.now).date()
    return {
        "ref": audit.ref, "case_number": case.number, "category": case.category, "team": case.team,
        "service": case.service, "month": words.month_of(audit.cycle), "due_on": audit.due_on,
        "lookback_from_on": audit.lookback_from_on or started, "lookback_to_on": started,
        "theme": scene.theme, "form_title": scene.form.title,
        "qa_contacts_family": case.qa_contacts_family, "late": audit.has(Flag.LATE),
        "state": str(audit.state), "soft_at": audit.soft_at, "hard_at": audit.hard_at, "qa_due_at": audit.qa_due_at,
        "issue_at": audit.issue_at, "grade": grade_of(scene),
        "graded": is_graded(scene.framework, scene.audit.type), "submission": audit.submission,
        "received_at": audit.received_at, "case_shown": scene.framework.allocation.tell_practitioner == "case",
        "feedback_from": tuple(_SOURCES.get(s, s) for s in scene.framework.feedback.sources),
        **_names(scene.parties),
    }


# Whose views are asked for, in words (``feedback.sources``).
_SOURCES = {"parent": "parents", "carer": "carers", "child": "child or young person", "iro": "reviewing officer or chair"}


def _names(parties: Parties) -> dict[str, Any]:
    auditor, tm, practitioner = (parties.first(r) for r in ("auditor", "tm", "practitioner"))
    return {
        "auditor_name": auditor.name if auditor else "", "tm_name": tm.name if tm else "",
        "tm_phone": tm.phone if tm else "", "practitioner_name": practitioner.name if practitioner else "",
    }


def grade_of(scene: Scene) -> str:
    """The overall grade in the framework's words ("Good (7 of 10)"): the accepted one, else what the current submission
    says; "" where there is none, and for a kind of audit that has no grades."""
    reading = scene.submission.reading if scene.submission else None
    return say_overall(scene.framework, scene.form, reading, current_grade(scene))


def current_grade(scene: Scene) -> str:
    """The same by its name ("requires_improvement")."""
    if not is_graded(scene.framework, scene.audit.type):
        return ""
    if scene.audit.grade or scene.submission is None:
        return scene.audit.grade
    return overall_grade(scene.framework, scene.form, scene.submission.reading)
