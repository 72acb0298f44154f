"""CHK-108 … 112: an amended form beside the one that was sent back. And CHK-120: a late return says why."""

import re
from collections.abc import Iterator

from mailflow.form.actions import row_number
from mailflow.form.definition import Part
from mailflow.grading import overall_grade
from mailflow.model import Point, Reading, Severity
from mailflow.process.calendar import make_calendar
from mailflow.process.checks.look import Look, Problem
from mailflow.process.checks.text import clip, count_words, listed

# A reply of so many words beside the form is taken to say why a point was left.
_EXPLAINS = 20
_LATE_WORDS = re.compile(r"\b(late|delay\w*|sorry|apolog\w*|because|due to|sick|leave|extension|overdue)\b", re.IGNORECASE)


def chk_108(look: Look) -> Iterator[Problem]:
    """Something is different from the version that was returned."""
    if look.previous and not _changed_fields(look.previous.reading, look.reading):
        yield Problem()


def chk_109(look: Look) -> Iterator[Problem]:
    """Each point's answers changed, unless the mail says something about it."""
    if not look.previous or count_words(look.mail_text) >= _EXPLAINS:
        return
    changed = _changed_fields(look.previous.reading, look.reading)
    for point in look.scene.audit.points if changed else ():
        if point.fields and not _touched(point, changed) and not _mentioned(point, look.mail_text):
            yield Problem(fields=point.fields, values={"n": str(point.number)}, section=point.section)


def chk_110(look: Look) -> Iterator[Problem]:
    """The overall grade changed: the reasons, the conversation or the mail changed with it."""
    if not look.previous:
        return
    before, after = overall_grade(look.scene.framework, look.form, look.previous.reading), look.grade
    changed = _changed_fields(look.previous.reading, look.reading)
    reasons = look.by_part(Part.EVIDENCE, domains=False) + look.by_part(Part.CONVERSATION)
    said = any(f.id in changed for f in reasons) or count_words(look.mail_text) >= _EXPLAINS
    if before and after and before != after and not said:
        fields = tuple(f.id for f in look.by_part(Part.GRADE, domains=False) if f.id in changed)
        yield Problem(fields=fields, values={"before": look.say(before), "after": look.say(after)})


def chk_111(look: Look) -> Iterator[Problem]:
    """Answers changed that no point asked for: QA is shown them."""
    if not look.previous:
        return
    asked = {f for p in look.scene.audit.points for f in p.fields}
    others = [f for f in _changed_fields(look.previous.reading, look.reading) if not _covered(f, asked)]
    if others and asked:
        names = [_place(look, f) for f in others]
        yield Problem(fields=tuple(others), severity=Severity.INFO,
                      values={"fields": clip(listed(list(dict.fromkeys(names)), 3), 20, 160)})


def chk_112(look: Look) -> Iterator[Problem]:
    """More answers agree with an earlier version, against the returned one, than the other way round.

    The passport carries no submission number, so this is read from the answers themselves.
    """
    if not look.previous:
        return
    now, latest = _texts(look.reading), _texts(look.previous.reading)
    for older in (s for s in look.earlier if s.number < look.previous.number):
        then = _texts(older.reading)
        differ = [k for k in now if then.get(k, "") != latest.get(k, "")]
        old = [k for k in differ if now[k] == then.get(k, "")]
        if old and len(old) > sum(now[k] == latest.get(k, "") for k in differ):
            yield Problem(fields=tuple(old))
            return


def chk_120(look: Look) -> Iterator[Problem]:
    """A late first return says why, in its own box or in the mail."""
    rules, audit = look.scene.framework, look.scene.audit
    late = look.submission.late or not make_calendar(rules).on_time(look.received_at, audit.due_on)
    reason = look.find_named(Part.OTHER, "reason")
    told = look.text(reason.id) if reason else ""
    if late and not look.previous and not told and not _LATE_WORDS.search(look.mail_text):
        yield Problem(fields=(reason.id,) if reason else ())


def _texts(reading: Reading) -> dict[str, str]:
    """Field id → answer, spaces and line breaks made one; table cells as "actions.2.due", by the row as printed."""
    found = {key: a.text for key, a in reading.answers.items()}
    for table, rows in reading.rows.items():
        for place, row in enumerate(rows, 1):
            n = row_number(row, place)
            found |= {f"{table}.{n}.{column}": a.text for column, a in row.items()}
    return {key: " ".join(text.split()) for key, text in found.items()}


def _changed_fields(before: Reading, after: Reading) -> list[str]:
    old, new = _texts(before), _texts(after)
    return [k for k in dict.fromkeys([*new, *old]) if old.get(k, "") != new.get(k, "")]


def _touched(point: Point, changed: list[str]) -> bool:
    """Any of the point's answers, or any row of the table it speaks of: rows move when one is added above."""
    return any(_covered(c, set(point.fields)) for c in changed)


def _covered(field_id: str, asked: set[str]) -> bool:
    table = field_id.split(".")[0] if field_id.count(".") == 2 else ""
    return field_id in asked or (bool(table) and any(a == table or a.startswith(table + ".") for a in asked))


def _mentioned(point: Point, mail_text: str) -> bool:
    return bool(re.search(rf"\b(?:point|no\.?|number)\s*{point.number}\b|^\s*{point.number}[.):]\s", mail_text,
                          re.IGNORECASE | re.MULTILINE))


def _place(look: Look, field_id: str) -> str:
    f = look.form.find_field(field_id)
    return look.title(f.section) if f else field_id
