"""The case-note block (DOC-07, domain 3.3): what the uploader copies into the council's own system, field by field."""

from datetime import datetime

from mailflow.framework import holds
from mailflow.grading import is_graded, when_facts
from mailflow.model import Action, Document, Flag, Role
from mailflow.scene import Scene
from outbox import words
from outbox.facts import current_grade, grade_of
from outbox.pages.answers import agreed


def compose_casenote(scene: Scene, told: tuple[str, ...], at: datetime, actions: tuple[Action, ...] = ()) -> Document:
    """The block as a text document. ``told`` are the people the record's alert goes to; ``at`` is when it is made.

    ``actions`` with their days worked out; without them they are told as the form has them.
    """
    lines = [f"{label}: {value}" for label, value in case_note_lines(scene, told, at, actions)]
    text = "\n".join(lines) + "\n"
    return Document(f"case-note-{scene.audit.ref}.txt", "text/plain", text.encode())


def case_note_lines(scene: Scene, told: tuple[str, ...], at: datetime,
                    actions: tuple[Action, ...] = ()) -> tuple[tuple[str, str], ...]:
    """(label, value) of each field; date dd/mm/yyyy, time on the 24-hour clock (CHK-118, CHK-119)."""
    rules, there = scene.framework.record, words.local(at)
    return (
        ("Title", make_title(scene)),
        ("Type", rules.note_type),
        ("Date", words.dotted(at)),
        ("Time", f"{there.hour:02d}:{there.minute:02d}"),
        ("Significant event", "Yes" if rules.significant_event else "No"),
        ("Text", _text(scene, told, actions)),
        ("Alert", "; ".join(told) or "nobody"),
        *((("Tag", "; ".join(tagged)),) if (tagged := find_tagged(scene)) else ()),
    )


def make_title(scene: Scene) -> str:
    """The profile's title with its places filled, at most ``record.title_max`` characters, cut at a word.

    Only month, type and reference can stand in it, so no name ever does. The places are replaced as text: a profile's
    braces are not a language.
    """
    rules = scene.framework.record
    month = words.month_of(scene.audit.cycle).split(" ")[0]
    title = rules.title
    for place, value in (("{month}", month), ("{type}", scene.audit.type), ("{ref}", scene.audit.ref)):
        title = title.replace(place, value)
    title = " ".join(title.split())
    if len(title) <= rules.title_max:
        return title
    return title[:rules.title_max + 1].rpartition(" ")[0] or title[:rules.title_max]


def _text(scene: Scene, told: tuple[str, ...], actions: tuple[Action, ...]) -> str:
    month = words.month_of(scene.audit.cycle)
    parts = [f"This case was audited in the {month} {_kind(scene)} cycle."]
    if is_graded(scene.framework, scene.audit.type):
        parts.append(f"Overall grade: {grade_of(scene) or 'not given'}.")
    listed = _actions(actions or agreed(scene)) if scene.framework.record.include_actions else ""
    parts.append("The report is stored with the documents; its improvement plan lists the actions" + listed + ".")
    parts.append(f"Told: {', '.join(told) or 'nobody'}.")
    return " ".join(parts)


def _kind(scene: Scene) -> str:
    return f"re-audit {scene.audit.level}" if scene.audit.level else scene.audit.type


def _actions(rows: tuple[Action, ...]) -> str:
    # An owner or a day may be several lines; in the note each is on one, so that none can look like a field of its own.
    listed = "; ".join(f"{n}. {words.short(row.text, 200)} ({words.short(row.owner, 80) or 'no owner'}, "
                       f"{words.short(words.by_when(row), 80)})" for n, row in enumerate(rows, 1))
    return f": {listed}" if listed else ""


def find_tagged(scene: Scene) -> tuple[str, ...]:
    """Whom the uploader tags in the council's own system (``record.tag``, F3-REC-01): "Name (part)", each person once."""
    people = {p.address: f"{p.name} ({words.ROLES.get(role, role)})"
              for role in reversed(scene.framework.record.tag) for p in scene.parties.of(role)}
    return tuple(reversed(people.values()))


def find_told(scene: Scene) -> tuple[str, ...]:
    """Who is told of this audit by the profile's issue rules: "Name (part)", each person once."""
    facts = when_facts(scene.framework, scene.audit, scene.case, current_grade(scene))
    roles = [role for rule in scene.framework.issue.rules if holds(rule.when, facts) for role in rule.to]
    if scene.audit.has(Flag.PRACTITIONER_LEFT):
        # As decide_issue: nobody is told in a part nobody plays any more.
        roles = [role for role in roles if role != Role.PRACTITIONER]
    people = {p.address: f"{p.name} ({words.ROLES.get(role, role)})"
              for role in reversed(dict.fromkeys(roles)) for p in scene.parties.of(role)}
    return tuple(reversed(people.values()))
