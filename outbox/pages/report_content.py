"""What the audit report prints (DOC-06), as plain JSON values for its layout: texts are lists of lines, tables lists of rows.

It asks by part, never by field id, so that any form's answers find their place: written evidence as text, questions that
stand in columns as a table, grades in the framework's own words.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from mailflow.form.definition import FormDefinition, FormField, FormSection, Kind, Part
from mailflow.form.grades import GradeRow, by_practitioner, rows_of
from mailflow.framework.durations import say_duration
from mailflow.grading import NOT_GIVEN, grade_table, is_graded, say_cell
from mailflow.model import Action, Reading, Submission
from mailflow.scene import Scene
from outbox import words
from outbox.facts import grade_of
from outbox.pages.answers import agreed

_CONVERSATION = "The conversation with the practitioner"
# What a letter says in a word.
_HEADS = {"Before": "Before the conversation", "After": "After the conversation"}
_NOTHING = ("Not answered.",)
# Parts that have a place of their own in the report, or none.
_ELSEWHERE = frozenset((Part.HEADER, Part.CONCERN, Part.GRADE, Part.STRENGTHS, Part.IMPROVEMENTS, Part.THEMES))
# Parts that make a section worth printing even where nothing was written in it.
_ALWAYS = frozenset((Part.EVIDENCE, Part.CONVERSATION))


def gather(scene: Scene, submission: Submission, actions: tuple[Action, ...] = ()) -> dict[str, Any]:
    """``actions`` with owners and days worked out; without them as the form has them."""
    form, reading = scene.form.for_category(scene.case.category), submission.reading
    graded = is_graded(scene.framework, scene.audit.type)
    issued = words.local(scene.audit.accepted_at or submission.received_at)
    opening = [s for s in form.sections if not s.domain and s.by_part(Part.GRADE)]
    return {
        "title": "Audit report", "council": scene.council.name, "ref": scene.audit.ref,
        "marking": scene.framework.send.marking, "date": [issued.year, issued.month, issued.day],
        "about": _about(scene, submission), "graded": graded, "overall": grade_of(scene) or NOT_GIVEN,
        "concern": _concern(scene, submission),
        "grades": _grades(scene, form, reading) if graded else [],
        "opening": [_section(scene, s, reading) for s in opening],
        "strengths": [{"title": s.title, "lines": lines} for s in form.sections
                      if (lines := _lines(reading.answer(f.id) for f in s.by_part(Part.STRENGTHS)))],
        "domains": [_section(scene, s, reading) for s in form.sections if s.domain],
        "others": _others(scene, form, reading),
        "improvements": [{"title": s.title if s.domain else "", "lines": lines} for s in form.sections
                         for f in s.by_part(Part.IMPROVEMENTS) if (lines := _lines([reading.answer(f.id)]))],
        **_plan(scene, agreed(scene, actions)), "note": "",
    }


def _about(scene: Scene, submission: Submission) -> list[list[str]]:
    people = {role: scene.parties.first(role) for role in ("practitioner", "auditor", "tm")}
    names = {role: person.name if person else "Not in the directory" for role, person in people.items()}
    return [
        ["Reference", scene.audit.ref], ["Case number", scene.case.number],
        ["Cycle", words.month_of(scene.audit.cycle)], *_kind(scene), ["Category", scene.case.category],
        ["Team", scene.case.team], ["Practitioner", names["practitioner"]],
        ["Team manager", names["tm"]], ["Auditor", names["auditor"]],
        ["Form received", words.day(submission.received_at)],
        ["Accepted", words.day(scene.audit.accepted_at) if scene.audit.accepted_at else "Not yet"],
    ]


def _kind(scene: Scene) -> list[list[str]]:
    """Said where it is not an ordinary audit."""
    if scene.audit.level:
        return [["Kind", f"Re-audit {scene.audit.level}"]]
    return [["Kind", f"{scene.audit.type.replace('_', ' ').capitalize()} audit"]] if scene.audit.type != "audit" else []


def _grades(scene: Scene, form: FormDefinition, reading: Reading) -> list[list[str]]:
    heads, *rows = grade_table(scene.framework, form, reading) or ((),)
    return [[_HEADS.get(head, head) for head in heads], *map(list, rows)] if rows else []


def _concern(scene: Scene, submission: Submission) -> bool:
    """Was a concern raised? That it was, never what it was."""
    boxes = [submission.reading.answers.get(f.id) for s in scene.form.sections for f in s.by_part(Part.CONCERN)]
    return any(a is not None and a.value == "yes" for a in boxes)


def _section(scene: Scene, section: FormSection, reading: Reading) -> dict[str, Any]:
    """One section: its grade, its written answers, and its questions in columns as a table. A required one left blank says
    so; others that are blank are left out."""
    asked = [f for f in section.fields if f.part not in _ELSEWHERE and not f.prefilled]
    in_columns = [f for f in asked if f.column and not _is_written(asked, f)]
    alone = [f for f in asked if f not in in_columns and not _is_beside_grade(section, f)]
    rows = rows_of(section) if is_graded(scene.framework, scene.audit.type) else ()
    blocks = [_block(scene, f, alone, rows, reading) for f in alone]
    # The form speaks to the auditor ("your conversation"); the report speaks to the others.
    title = _CONVERSATION if section.by_part(Part.CONVERSATION) and len(alone) == 1 else section.title
    return {"title": title, "blocks": [b for b in blocks if b["lines"]], "questions": _table(in_columns, reading),
            "grades": f"Grade: {_last(scene, rows[0], reading)}" if len(rows) == 1 and section.domain else ""}


def _is_written(asked: Sequence[FormField], f: FormField) -> bool:
    """Evidence in a column of its own is text and not a cell: it would not fit."""
    return f.part is Part.EVIDENCE and all(x.part is Part.EVIDENCE for x in asked if x.item == f.item)


def _is_beside_grade(section: FormSection, f: FormField) -> bool:
    """A number that is a grade, or stands beside the words of one, is printed with the grade."""
    alone = f.kind is Kind.SCORE and f.part is Part.SCORE and not f.column
    return alone and (bool(section.by_part(Part.GRADE)) or any(f in row.fields for row in rows_of(section)))


def _block(scene: Scene, f: FormField, alone: Sequence[FormField], rows: Sequence[GradeRow],
           reading: Reading) -> dict[str, Any]:
    lines = _lines([_said(f, reading)]) or (list(_NOTHING) if f.required else [])
    own = next((r for r in rows if len(rows) > 1 and any(x.item == f.item for x in r.fields)), None)
    label = f.label if len(alone) > 1 or own else ""
    return {"label": f"{label}: {_last(scene, own, reading)}" if own else label, "lines": lines}


def _last(scene: Scene, row: GradeRow, reading: Reading) -> str:
    said = [say_cell(scene.framework, scene.form, row, f, reading) for f in reversed(row.last)]
    return next((s for s in said if s != NOT_GIVEN), NOT_GIVEN)


def _said(f: FormField, reading: Reading) -> str:
    """An answer as people read it: what was chosen in the form's own words, a day day first."""
    answer = reading.answers.get(f.id)
    if answer is None:
        return ""
    if f.kind is Kind.DATE and answer.value:
        return words.due(answer.value)
    if f.kind is Kind.CHOICE and answer.value:
        return next((c for c in f.choices if c.casefold() == answer.value), answer.text)
    return answer.text


def _table(fields: Sequence[FormField], reading: Reading) -> list[list[str]]:
    """Questions down, columns across, headings first; empty where nothing stands in any of them."""
    columns = list(dict.fromkeys(f.column for f in fields))
    # What somebody wrote needs the room, so it stands last.
    columns.sort(key=lambda c: all(f.kind is Kind.NOTES for f in fields if f.column == c))
    items = dict.fromkeys(f.item for f in fields)
    rows, any_said = [], False
    for item in items:
        here = {f.column: f for f in fields if f.item == item}
        cells = [_said(here[c], reading).strip() if c in here else "" for c in columns]
        first = next(iter(here.values()))
        any_said = any_said or any(cells)
        if any(cells) or any(f.required for f in here.values()):
            rows.append([f"{first.number}. {first.label}" if _is_number(first.number) else first.label, *(c or "–" for c in cells)])
    return [["Question", *columns], *rows] if any_said else []


def _is_number(number: str) -> bool:
    return number.lstrip("Qq").isdigit()


def _others(scene: Scene, form: FormDefinition, reading: Reading) -> list[dict[str, Any]]:
    """What stands outside the judged sections: the conversation, what the family said; and the themes under a heading."""
    kept = [s for s in form.sections if not s.domain and not s.by_part(Part.GRADE) and _is_worth_printing(s, reading)]
    made = [part for s in kept if (part := _section(scene, s, reading))["blocks"] or part["questions"]]
    themes = [{"label": "", "lines": lines} for s in form.sections for f in s.by_part(Part.THEMES)
              if (lines := _lines([reading.answer(f.id)]))]
    if themes:
        made.append({"title": "Themes", "blocks": themes, "questions": [], "grades": ""})
    return made


def _is_worth_printing(section: FormSection, reading: Reading) -> bool:
    """Was anything written or scored in it? A line alone (why a form is late) is not the team's."""
    fields = [f for f in section.fields if f.part not in _ELSEWHERE]
    return any(f.part in _ALWAYS for f in fields) or any(
        reading.answer(f.id).strip() for f in fields if f.kind in (Kind.NOTES, Kind.SCORE) or by_practitioner(f))


def _plan(scene: Scene, actions: Sequence[Action]) -> dict[str, Any]:
    priority = any(a.priority for a in actions)
    heads = ["No.", "Action", "By whom"] + ["Priority"] * priority + ["By when"]
    rows = [[str(a.number), a.text, a.owner or "Not given"] + [a.priority or "None"] * priority
            + [words.by_when(a).replace("not given", "Not given")] for a in actions]
    abc = scene.framework.actions.abc if priority and scene.framework.actions.priority == "abc" else {}
    return {"priority": priority, "action_heads": heads, "actions": rows,
            "letters": "; ".join(f"{letter}: within {say_duration(time)}" for letter, time in abc.items())}


def _lines(texts: Iterable[str]) -> list[str]:
    return [line.strip() for text in texts for line in text.split("\n") if line.strip()]
