"""One audit of Northmoor Council with everybody in it, a good form come back, and realistic facts for every letter."""

import email
import email.policy
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from typing import Any

from mailflow.config import Council
from mailflow.form.definition import Kind, Part
from mailflow.form.load import load_form
from mailflow.framework import framework_folders, load_framework, templates_root
from mailflow.model import (
    Action,
    Answer,
    Audit,
    Case,
    Difference,
    Document,
    Finding,
    Letter,
    Parties,
    Person,
    Point,
    Reading,
    Severity,
    State,
    Status,
    Submission,
    Turn,
    Wish,
)
from mailflow.scene import Scene
from outbox.compose import compose
from outbox.desk import Desk

SECRET = b"the installation's secret"
FOLDERS = framework_folders("framework-2023")
FORM = load_form(templates_root() / "base" / "form.toml")
FEEDBACK = load_form(templates_root() / "base" / "forms" / "feedback.toml")
COUNCIL = Council("Northmoor Council", "Quality Assurance team", "01632 960000", "ring 01632 960999", "Northmoor Council")
NOW = datetime(2026, 6, 24, 13, 30, tzinfo=UTC)
MORNING = datetime(2026, 6, 25, 8, 0, tzinfo=UTC)
REF = "2606-001K"
DAY = timedelta(days=1)


def person(name: str, *roles: str, **more: Any) -> Person:
    return Person(name.lower().replace(" ", ".") + "@northmoor.example", name, roles, **more)


AUDITOR = person("Asha Auditor", "auditor", phone="01632 960101", second_address="asha@northmoor.example")
PRACTITIONER = person("Pat Practitioner", "practitioner")
TM = person("Tom Manager", "tm", phone="01632 960102")
QA = person("Quinn Officer", "qa")
PEOPLE = Parties({
    "auditor": (AUDITOR,), "practitioner": (PRACTITIONER,), "tm": (TM,), "sm": (person("Sam Service", "sm"),),
    "hos": (person("Hana Head", "hos"),), "iro": (person("Ira Reviewer", "iro"),), "psw": (person("Paz Social", "psw"),),
    "ad": (person("Ada Director", "ad"),), "director": (person("Dee Director", "director"),), "qa": (QA,),
    "qa_manager": (person("Mo Manager", "qa_manager"),), "former_auditor": (person("Fern Former", "auditor"),),
    "line_manager": (person("Lin Manager", "tm"),), "own_hos": (person("Hal Head", "hos"),),
})
WRITER = AUDITOR


def make_reading(**texts: str) -> Reading:
    """A good form: every question answered; ``texts`` replace answers (dots in ids are double underscores)."""
    answers = {}
    for n, f in enumerate(FORM.fields):
        text, value = _typical(f.kind, f.part, n)
        answers[f.id] = Answer(f.id, text, value=value)
    answers |= {"overall.post": Answer("overall.post", "Good", value="good"),
                "concern.now": Answer("concern.now", "No", value="no"),
                "concern.told": Answer("concern.told", ""), "concern.when": Answer("concern.when", ""),
                "late.reason": Answer("late.reason", "")}
    for key, text in texts.items():
        field = key.replace("__", ".")
        answers[field] = Answer(field, text, value=None)
    return Reading(Status.READABLE, "base-10", "1", answers=answers, rows={"actions": (
        action("Update the chronology with the events of March and April", "Pat Practitioner", "2026-07-17"),
        action("Agree with the school how absences are reported", "Team manager", "2026-07-31"))})


def action(text: str, owner: str, due: str) -> dict[str, Answer]:
    return {f"actions.{name}": Answer(f"actions.{name}", value, value=value)
            for name, value in (("text", text), ("owner", owner), ("due", due))}


def _typical(kind: Kind, part: Part, n: int) -> tuple[str, str | None]:
    if kind is Kind.GRADE:
        value = "requires_improvement" if n % 9 == 0 else "good"
        return value, value
    if kind is Kind.DATE:
        return "10/06/2026", "2026-06-10"
    if part is Part.EVIDENCE:
        return ("The visits of 4 March and 2 April 2026 are recorded within two days. The child's words are quoted and the "
                "plan changed after them.\nThe supervision note of 9 April says why."), None
    if part is Part.STRENGTHS:
        return "Visits are purposeful, and the worker knows what matters to this child.", None
    return "The practitioner explained the gap in May, which the record did not show.", None


def make_submission(reading: Reading | None = None) -> Submission:
    return Submission(REF, 1, datetime(2026, 6, 24, 13, 25, tzinfo=UTC), "<return@client.example>", AUDITOR.address,
                      "form.docx", "0" * 64, reading or make_reading())


def make_scene(marking: str = "", reading: Reading | None = None, profile: dict[str, Any] | None = None,
               **changes: Any) -> Scene:
    framework = load_framework("framework-2023", {
        "send": {"allowed_domains": ["northmoor.example"], "marking": marking}, **(profile or {})})
    audit = Audit(
        ref=REF, cycle="2606", case_number="4410072", auditor=AUDITOR.address, state=State.UNDER_QA,
        due_on=date(2026, 6, 30), opens_on=date(2026, 6, 1), lookback_from_on=date(2025, 12, 1),
        allocated_at=datetime(2026, 6, 1, 8, 0, tzinfo=UTC), form="base-10", edition="1", submission=1,
        received_at=datetime(2026, 6, 24, 13, 25, tzinfo=UTC), meeting_at=datetime(2026, 6, 17, 13, 30, tzinfo=UTC),
        qa_due_at=datetime(2026, 6, 25, 22, 59, tzinfo=UTC), soft_at=datetime(2026, 6, 26, 22, 59, tzinfo=UTC),
        hard_at=datetime(2026, 6, 30, 22, 59, tzinfo=UTC))
    return Scene(replace(audit, **changes), Case("4410072", "CP", "Assessment Team 2", PRACTITIONER.address, "Assessment"),
                 PEOPLE, framework, FORM, COUNCIL, NOW, make_submission(reading))


def make_desk(scene: Scene | None = None, **changes: Any) -> Desk:
    scene = scene or make_scene()
    desk = Desk(scene.framework, COUNCIL, "audits@northmoor.example", SECRET, FOLDERS, NOW, MORNING, scene=scene,
                writer=WRITER, feedback_form=FEEDBACK, original=Document("Their name for it.docx", "application/msword", b"not a Word document"))
    return replace(desk, **changes)


POINTS = tuple(Point(n, words, check, (field,), section) for n, (words, check, field, section) in enumerate((
    ("Please say what you saw, and what it shows", "CHK-011", "voice.evidence", "The child's voice and daily life"),
    ("Please choose a grade after the conversation", "CHK-013", "voice.post", "The child's voice and daily life"),
    ("Please give a date; \"ongoing\" is not one", "CHK-044", "actions.2.due", "Improvement plan"),
    ("Please name one person or role", "CHK-045", "actions.2.owner", "Improvement plan")), 1))
FINDINGS = (
    Finding("CHK-086", Severity.WARN, "Two answers are nearly the same", ("planning.evidence",), "Planning"),
    Finding("CHK-111", Severity.INFO, "Other answers also changed."),
)
GRADES = (("Area", "Before", "After"),
          *((s.title, "Requires improvement" if n == 3 else "Good", "Good") for n, s in enumerate(FORM.domains)))
URGENT = Action(1, "Ring the mother and agree where the child sleeps tonight", "Tom Manager (team manager)", "2026-06-25", "A", NOW + DAY)
ACTIONS = (URGENT, Action(2, "Update the chronology", "Pat", "2026-07-17"), Action(3, "Ring the school", "TM", "soon", "D"))
LIMIT = datetime(2026, 6, 30, 22, 59, tzinfo=UTC)
SOFT = datetime(2026, 6, 26, 22, 59, tzinfo=UTC)
MEETING = datetime(2026, 6, 17, 13, 30, tzinfo=UTC)
EARLIER = datetime(2026, 6, 20, 9, 5, tzinfo=UTC)

CHANGES = (
    Difference(Turn.ANSWER, "Planning: Grade after the conversation", "Good", "RI"),
    Difference(Turn.WORDS, "Planning: What was done well", "every plan", "the plan of June … and July", 2, 6),
    Difference(Turn.ROW_ADDED, "Actions, row 2", after="Ring the school; Team manager; 15/07/2026"),
    Difference(Turn.ROW_REMOVED, "Actions, row 3", before="Write to the father; Social worker"),
    Difference(Turn.ANSWER, "Actions, row 1: By when", "", "15/07/2026"),
)
LEFT = (("What the family said: Notes of the visit", "Both parents were seen on 3 June, and the grandmother the day after."),
        ("About this audit: Child's name", ""))

# (code, part played, facts, documents): every letter in every shape it has.
SAMPLE: dict[str, Any] = {
    "cycle": "2606", "month": "June 2026", "opens": date(2026, 6, 1), "begun": False, "due": date(2026, 6, 30),
    "kind": "case-file audits", "count": 12, "services": (("Safeguarding", 8), ("SEND", 4)), "left_out": (),
    "left_out_count": 0, "away": (), "seed": "a91f", "theme": "", "said": "", "carried": 0, "approval": True,
}
REPORT: dict[str, Any] = {
    "month": "June 2026", "heads": (("Allocated", "12"), ("Accepted", "10"), ("Not accepted", "2")), "below": 0, "theme": "",
    "outages": 0,
}
SHAPES: tuple[tuple[str, str, dict[str, Any], tuple[str, ...]], ...] = (
    ("OUT-04", "auditor", {}, ("DOC-02",)), ("OUT-04", "auditor", {}, ("DOC-02", "DOC-03")),
    ("OUT-04", "auditor", {}, ("DOC-02", "DOC-03", "DOC-04")), ("OUT-04", "auditor", {}, ("DOC-02", "DOC-04")),
    ("OUT-05", "practitioner", {}, ()), ("OUT-06", "tm", {}, ()),
    ("OUT-05", "practitioner", {"assess": True}, ()), ("OUT-05", "practitioner", {"added": 2}, ()),
    ("OUT-06", "tm", {"added": 1}, ()), ("OUT-07", "sm", {}, ()), ("OUT-07", "iro", {"added": 1}, ()),
    ("OUT-08", "auditor", {"miss": 1}, ()), ("OUT-08", "auditor", {"miss": 2}, ()),
    ("OUT-09", "auditor", {"meeting_at": MEETING}, ("DOC-05",)),
    ("OUT-09", "practitioner", {"meeting_at": MEETING}, ("DOC-05",)),
    ("OUT-10", "auditor", {"number": 2, "days_left": 4}, ()),
    ("OUT-10", "auditor", {"number": 0, "days_left": 9, "extended": True}, ()), ("OUT-11", "auditor", {}, ()),
    ("OUT-12", "auditor", {"on_time": True, "duplicate_of_at": None, "superseded": True, "qa_due_at": LIMIT}, ()),
    ("OUT-12", "auditor", {"on_time": False, "duplicate_of_at": EARLIER, "superseded": False, "qa_due_at": None}, ()),
    ("OUT-12", "auditor", {"on_time": True, "views": True, "qa_due_at": LIMIT}, ()),
    ("OUT-13", "auditor", {"points": POINTS, "more": 3, "on_time": True, "limit_at": LIMIT, "soft_at": SOFT},
     ("annotated",)),
    ("OUT-14", "qa", {"findings": FINDINGS, "since": 1, "changes": CHANGES[:1], "unchanged": 1,
                      "grades": GRADES[:3], "leftovers": ("a line outside",), "tracked_changes": 2, "comments": 1,
                      "oddities": ("macros",), "sent_back": False, "why_qa_decides": "two automatic returns are used up",
                      "note": "Sorry this took so long.", "qa_due_at": LIMIT}, ("original",)),
    ("OUT-14", "qa", {"since": 1, "changes": CHANGES, "more_changes": 2, "unchanged": 40, "qa_due_at": LIMIT}, ("original",)),
    ("OUT-14", "qa", {"views": True, "family": ("Parent: views given, 8 out of 10", "Carer: said no"), "qa_due_at": LIMIT},
     ("original",)),
    ("OUT-14", "qa", {"findings": (Finding("CHK-011", Severity.BLOCK, "Evidence is missing"),), "sent_back": True},
     ("original",)),
    ("OUT-15", "auditor", {"days": 1, "to_hos": False}, ()), ("OUT-15", "hos", {"days": 2, "to_hos": True}, ()),
    ("OUT-16", "auditor", {}, ("DOC-06", "DOC-07")),
    ("OUT-17", "auditor", {"points": POINTS, "by_name": "Quinn Officer", "soft_at": SOFT, "hard_at": LIMIT}, ()),
    ("OUT-18", "auditor", {"points": POINTS[:1], "by_name": "Quinn Officer", "soft_at": SOFT, "hard_at": LIMIT}, ()),
    ("OUT-19", "qa_manager", {"waiting_since_at": EARLIER}, ()),
    ("OUT-20", "auditor", {"points": POINTS[:2]}, ()), ("OUT-20", "auditor", {"points": (), "extended": True}, ()),
    ("OUT-21", "auditor", {"reasons": ("No amended form came by Tuesday 30 June 2026",), "next_month": "July 2026"}, ()),
    ("OUT-21", "hos", {"reasons": ("No amended form came by Tuesday 30 June 2026",), "next_month": "July 2026"}, ()),
    ("OUT-22", "auditor", {}, ()),
    ("OUT-23", "tm", {"grades": GRADES, "strengths": (("Planning", "Plans say who does what"),), "smart": True,
                      "actions": ACTIONS,
                      "followup_by_on": date(2026, 7, 8)}, ("DOC-06", "DOC-38")),
    ("OUT-23", "practitioner", {"grades": GRADES, "followup_by_on": None}, ("DOC-06",)),
    ("OUT-24", "hos", {"why": "the overall grade is Inadequate", "followup_by_on": date(2026, 7, 1)}, ("DOC-06",)),
    ("OUT-24", "qa", {"why": "the overall grade is Inadequate"}, ()), ("OUT-25", "iro", {}, ()),
    ("OUT-26", "auditor", {"uploaded_at": EARLIER}, ()), ("OUT-27", "auditor", {"times": 1}, ("DOC-07",)),
    ("OUT-27", "qa", {"times": 2}, ("DOC-07",)),
    ("OUT-29", "auditor", {"refs": (REF, "2606-018D"), "owns_both": True, "other_ref": "2606-018D"}, ()),
    ("OUT-30", "auditor", {"other": False, "carried": 31, "left": LEFT, "more": 4, "limit_at": LIMIT}, ("DOC-02",)),
    ("OUT-30", "auditor", {"other": True, "carried": 1}, ("DOC-02",)), ("OUT-30", "auditor", {"other": True}, ("DOC-02",)),
    *(("OUT-31", "writer", {"reason": reason, "names": ("form.docx",)}, ()) for reason in (
        "encrypted", "damaged", "empty", "too_large", "hostile", "timeout", "unknown_format", "unsupported", "no_text",
        "no_attachment", "drive_link", "body_only", "wrong_form", "wrong_role", "too_big", "unknown_form", "another")),
    ("OUT-32", "qa", {"from_address": "someone@elsewhere.example", "subject": "About my child", "what": "", "id": 7}, ()),
    ("OUT-33", "writer", {"words": ("ACK", "CANNOT and the reason", "CONCERN and a phone number")}, ()),
    ("OUT-33", "writer", {"words": ()}, ()),
    ("OUT-35", "auditor", {}, ()), ("OUT-35", "qa", {}, ()),
    ("OUT-36", "former_auditor", {"old_name": "Fern Former", "new_name": "Asha Auditor", "part": "old"}, ()),
    ("OUT-36", "auditor", {"old_name": "Fern Former", "new_name": "Asha Auditor", "part": "new"}, ()),
    ("OUT-36", "tm", {"old_name": "Fern Former", "new_name": "Asha Auditor", "part": "told"}, ()),
    ("OUT-46", "auditor", {"suspected": False, "instead_of": "OUT-13", "points": POINTS, "limit_at": LIMIT},
     ("annotated",)),
    ("OUT-46", "auditor", {"suspected": True, "instead_of": "OUT-12"}, ()),
    ("OUT-46", "auditor", {"suspected": False, "instead_of": "OUT-12", "duplicate_of_at": EARLIER}, ()),
    ("OUT-46", "auditor", {"suspected": False, "instead_of": "OUT-30", "other": True, "carried": 12, "left": LEFT, "limit_at": LIMIT},
     ("DOC-02",)),
    *(("OUT-46", "auditor", {"suspected": True, "instead_of": code, "words": "The audit is on hold"}, ())
      for code in ("OUT-29", "OUT-31", "OUT-33", "OUT-88")),
    ("OUT-47", "tm", {"phone": "01632 960101", "suspected": False, "source": "form, page one"}, ()),
    ("OUT-47", "qa", {"phone": "", "suspected": True, "source": "words in the form or the mail"}, ()),
    ("OUT-47", "qa", {"phone": "01632 960101", "suspected": False, "source": "form, page one"}, ()),
    ("OUT-48", "auditor", {"by_name": "Tom Manager", "acked_at": EARLIER}, ()),
    ("OUT-48", "qa", {"by_name": "Tom Manager", "acked_at": EARLIER}, ()),
    ("OUT-49", "hos", {"phone": "01632 960101", "minutes": 60}, ()),
    ("OUT-50", "auditor", {"outcome": "Strategy discussion held", "note_ref": "CN-4471"}, ()),
    ("OUT-75", "qa", {"to_check": ((REF, "form 1, to decide by Thursday 25 June 2026"),), "overdue": (),
                      "held": (("message 7", "the sender is not in the directory"),),
                      "concerns": ((REF, "concern raised"),), "journal_head": "118:0f3a9c"}, ()),
    ("OUT-77", "qa", {"source": "parent", "whose": "a parent", "due_back_on": date(2026, 7, 22)}, ("DOC-27", "DOC-03")),
    ("OUT-78", "qa", {}, ("DOC-03",)),
    ("OUT-76", "tm", {"actions": (URGENT,), "from_at": NOW, "within": "24 hours"}, ()),
    ("OUT-76", "tm", {"actions": (URGENT, replace(URGENT, number=2, owner="")), "from_at": NOW, "within": "24 hours"}, ()),
    ("OUT-79", "writer", {"code": "482913", "word": "WITHDRAW", "effect": "the audit will be withdrawn",
                          "expires_at": EARLIER}, ()),
    ("OUT-80", "practitioner", {"by_on": date(2026, 6, 16)}, ()),
    ("OUT-80", "practitioner", {"by_on": date(2026, 6, 16), "meeting_at": MEETING}, ()),
    ("OUT-81", "practitioner", {}, ()), ("OUT-81", "auditor", {"meeting_at": MEETING}, ()),
    ("OUT-82", "hos", {"part": "asked", "by_name": "Asha Auditor", "case_number": "4410089", "category": "CP", "team": "North",
                       "month": "June 2026", "due_on": date(2026, 6, 30), "reason": "I want to learn from a good outcome"},
     ("DOC-36",)),
    ("OUT-82", "auditor", {"part": "refused", "by_name": "Hana Head", "case_number": "4410089", "reason": "the draw is enough"}, ()),
    ("OUT-85", "auditor", {"who": ("Vera Vane",)}, ()), ("OUT-85", "auditor", {"who": ("Vera Vane", "Will Fern")}, ()),
    ("OUT-87", "writer", {"code_of_letter": "OUT-10", "sent_at": EARLIER, "entries": ((EARLIER, "T-06: OUT-10"),)}, ()),
    ("OUT-87", "writer", {"code_of_letter": "OUT-10", "sent_at": EARLIER, "entries": ()}, ()),
    ("OUT-88", "writer", {"done": True, "words": "Accepted"}, ()),
    ("OUT-88", "writer", {"done": False, "words": "The audit is on hold"}, ()),
    *(("OUT-89", "qa", {"from_address": AUDITOR.address, "subject": "hello", "reasons": ("it names more than one audit",),
                        "kind": kind, "id": 9, "note": "Can somebody ring me?"}, ())
      for kind in ("return", "note", "automatic", "")),
    ("OUT-90", "qa", {"address": AUDITOR.address, "letter_code": "OUT-04", "reason": "status 5.1.1", "permanent": True}, ()),
    ("OUT-90", "qa", {"address": REF, "letter_code": "", "reason": "deadline soft: odd", "permanent": False}, ()),
    ("OUT-91", "qa", {"from_address": "someone@elsewhere.example", "id": 12}, ()),
    ("OUT-01", "qa", SAMPLE, ()),
    ("OUT-01", "qa", {**SAMPLE, "said": "2606-003A is now case 4100017 instead of 4100034.", "begun": True, "carried": 2,
                      "theme": "Neglect", "away": ("a.marsh@northmoor.example",), "left_out": (("restricted", 3),),
                      "left_out_count": 3}, ()),
    ("OUT-01", "qa", {**SAMPLE, "approval": False}, ()),
    ("OUT-02", "qa", {"cycle": "2606", "month": "June 2026", "opens": date(2026, 6, 1), "until": date(2026, 6, 12),
                      "problems": (("there is no case to draw from", "run `mailflow cases import`"),)}, ()),
    ("OUT-03", "auditor", {"month": "June 2026"}, ()),
    ("OUT-69", "qa", REPORT, ()),
    ("OUT-69", "hos", {**REPORT, "below": 5, "theme": "Neglect", "outages": 1}, ()),
    ("OUT-72", "hos", {"month": "June 2026", "count": 1, "service": "Safeguarding",
                       "rows": (("Asha Auditor", "not returned", 12),)}, ()),
    ("OUT-93", "tm", {"items": (("Observe your practitioners", date(2026, 6, 12), date(2026, 6, 12)),)}, ()),
    ("OUT-93", "tm", {"items": (("Observe your practitioners", date(2026, 6, 12), date(2026, 6, 12)),
                                ("Practice Week", date(2026, 6, 8), date(2026, 6, 12)))}, ()),
    ("OUT-92", "qa", {"cycle": "2606", "allocated": 12, "left_out": 31, "seed": "a91f", "due": date(2026, 6, 30),
                      "unserved": (("Asha Auditor", "no case outside their own team"),)}, ()),
    ("OUT-98", "line_manager", {"part": "asked", "by_name": "Asha Auditor", "until_on": date(2026, 7, 3), "days": 3,
                                "reason": "the record is in two parts", "limit_on": date(2026, 6, 30)}, ()),
    ("OUT-98", "qa_manager", {"part": "asked", "by_name": "Asha Auditor", "until_on": date(2026, 7, 24), "days": 18,
                              "limit_on": date(2026, 6, 30)}, ()),
    ("OUT-98", "auditor", {"part": "refused", "by_name": "Mo Manager", "until_on": date(2026, 7, 3),
                           "reason": "please hand it on", "limit_on": date(2026, 6, 30)}, ()),
    ("OUT-94", "writer", {"kind": "people", "taken": True, "why": "", "total": 41, "lines": (("Added", 5, "Ida Moor"),),
                          "added": ((5, "Ida Moor (ida.moor@northmoor.example)"),), "added_count": 1, "gone": (), "gone_count": 0,
                          "changed": tuple((n, f"Person {n} (p{n}@northmoor.example): team, manager email") for n in range(6, 12)),
                          "changed_count": 9, "bad": ((14, "'boss' is not a role we know"),), "bad_count": 1,
                          "unknown": ("Shoe size",)}, ("differences",)),
    ("OUT-94", "writer", {"kind": "cases", "taken": True, "why": "", "total": 2, "lines": (), "added": (), "added_count": 0,
                          "gone": (), "gone_count": 0, "changed": (), "changed_count": 0, "bad": ((3, "the team is missing"),),
                          "bad_count": 1}, ()),
    ("OUT-94", "writer", {"kind": "cases", "taken": True, "why": "", "total": 2, "lines": (("Added", 0, "case 4100017"),),
                          "added": ((0, "case 4100017"),), "added_count": 1, "gone": (), "gone_count": 0, "changed": (),
                          "changed_count": 0, "bad": (), "bad_count": 0,
                          "gaps": ((5, "sheet List 7: no worker is given"),), "gaps_count": 1,
                          "notes": ("The extract is of 01/06/2026; 2 rows were read.",)}, ("differences",)),
    ("OUT-94", "writer", {"kind": "people", "taken": False, "why": "30 of the 41 people of today are not in it", "total": 11,
                          "lines": (), "added": (), "added_count": 0, "changed": (), "changed_count": 0, "gone": ((0, "Ida Moor"),),
                          "gone_count": 30, "bad": (), "bad_count": 0, "may_confirm": True, "code": "482913"}, ()),
    ("OUT-99", "auditor", {"part": "absent", "by_on": date(2026, 6, 2), "scope": "service", "own_service": "Assessment"}, ()),
    ("OUT-99", "own_hos", {"part": "absent", "by_on": date(2026, 6, 2), "scope": "any"}, ()),
    ("OUT-99", "own_hos", {"part": "away", "by_on": date(2026, 6, 26), "until_on": date(2026, 7, 3), "scope": "any"}, ()),
    ("OUT-99", "own_hos", {"part": "cannot", "by_on": date(2026, 6, 26), "scope": "any"}, ()),
    ("OUT-36", "auditor", {"old_name": "Fern Former", "new_name": "Asha Auditor", "part": "new", "passed_on": True}, ()),
    ("OUT-97", "auditor", {}, ("original",)), ("OUT-97", "auditor", {"late": True}, ()),
)
# Letters about no audit in particular: no scene, and no reference in the subject.
LOOSE = ("OUT-01", "OUT-02", "OUT-03", "OUT-32", "OUT-69", "OUT-72", "OUT-75", "OUT-82", "OUT-91", "OUT-92", "OUT-93")


def compose_shape(code: str, role: str, facts: dict[str, Any], documents: tuple[str, ...] = (), marking: str = "",
                  writer: Person = WRITER, **desk: Any) -> Letter:
    """The one letter of a shape, to the first person in that part."""
    made = make_desk(make_scene(marking), writer=writer, **desk)
    if code in LOOSE:
        people = {"qa": (QA,)} | {role: made.people.of(role) for role in ("auditor", "hos", "tm")}
        made = replace(made, scene=None, parties=Parties(people))
    (letter,) = compose(Wish(code, role, "T-00", "1", facts=facts, documents=documents), made)
    return letter


def opened(letter: Letter) -> EmailMessage:
    message = email.message_from_bytes(letter.raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def part_of(letter: Letter, kind: str) -> str:
    """The letter's "plain" or "html" part."""
    body = opened(letter).get_body((kind,))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")
