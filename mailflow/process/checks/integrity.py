"""CHK-001 … 009: is this our form, for this audit, and whole? And CHK-106: what its name gives away."""

import re
from collections.abc import Iterator
from datetime import date

from mailflow.form.definition import Part
from mailflow.model import Flag, Severity, Status
from mailflow.model.ref import find_refs
from mailflow.process.checks.items import overall_score_rank
from mailflow.process.checks.look import Look, Problem
from mailflow.process.checks.names import full_names
from mailflow.process.checks.text import clip, days_in, listed
from mailflow.process.returns.editions import is_accepted


def chk_001(look: Look) -> Iterator[Problem]:
    """Readable, and at least one question of a form located."""
    if look.reading.status != Status.READABLE or not look.reading.answers:
        yield Problem(detail=look.reading.reason)


def chk_002(look: Look) -> Iterator[Problem]:
    """The reference in the form is this audit's, or that of the audit it was carried over from (T-20)."""
    r, audit = look.reading, look.scene.audit
    field = look.find_named(Part.HEADER, "reference")
    named = find_refs(" ".join((r.passport.ref if r.passport else "", r.printed_ref, look.text(field.id) if field else "")))
    others = [ref for ref in named if ref not in (audit.ref, audit.carried_from)]
    if others:
        yield Problem(fields=(field.id,) if field else (), values={"ref": others[0]})


def chk_003(look: Look) -> Iterator[Problem]:
    """The right kind of form at an accepted edition. A form that says nothing is not judged."""
    r, wanted = look.reading, look.scene.form
    if is_accepted(look.scene, r):
        return
    if r.form != wanted.id:
        yield Problem(wording="form", detail=r.form)
    else:
        yield Problem(values={"edition": clip(r.edition), "wanted": wanted.edition})


def chk_004(look: Look) -> Iterator[Problem]:
    """The case number in the form is this case's; more beside it ("and sibling") does no harm."""
    field = look.find_named(Part.HEADER, "case_number")
    found = _bare(look.text(field.id)) if field else ""
    if field and found and _bare(look.scene.case.number) not in found:
        yield Problem(fields=(field.id,))


def _bare(number: str) -> str:
    """A number as compared: no spaces or punctuation, no leading noughts, capitals."""
    return re.sub(r"[^0-9A-Z]", "", number.upper()).lstrip("0")


def chk_005(look: Look) -> Iterator[Problem]:
    """The auditor named in the form is the allocated one or named cover; a shared surname or address part will do."""
    field = look.find_named(Part.HEADER, "auditor")
    audit, parties = look.scene.audit, look.scene.parties
    ours = [p.name for p in parties.of("auditor")]
    known = {_name_part(w) for name in ours for w in name.split()}
    known |= {_name_part(w) for a in (audit.auditor, *audit.cover) for w in re.split(r"[@._-]", a.partition("@")[0])}
    found = look.text(field.id) if field else ""
    if field and found and ours and not {_name_part(w) for w in found.split()} & known:
        yield Problem(fields=(field.id,), values={"found": clip(found), "wanted": ours[0]})


def _name_part(word: str) -> str:
    return re.sub(r"\W", "", word).casefold()


def chk_006(look: Look) -> Iterator[Problem]:
    """Every question located. Only one that must be answered sends the form back: people delete what they don't need."""
    for f in look.typed_fields:
        if f.id in look.reading.missing:
            yield _not_found(look, (f.id,), look.label(f), f.section, f.required and not f.lenient and f.id not in look.unused)
    for table in look.form.tables:
        gone = tuple(c.id for c in table.columns if c.id in look.reading.missing)
        if gone:
            yield _not_found(look, gone, clip(table.label, 8), table.section, plan_is_due(look))


def _not_found(look: Look, fields: tuple[str, ...], label: str, section: str, must: bool) -> Problem:
    return Problem(fields, {"label": label, "section": look.heading(section)}, wording="" if must else "optional",
                   severity=None if must else Severity.WARN, section=section)


def plan_is_due(look: Look) -> bool:
    """Is the overall rank, by grade or by score, at most ``grades.improvement_max_rank``, or the audit of a kind that has
    no grade (CHK-029, F2-GRD-02)?"""
    ranks = [r for r in (look.rank(look.grade), overall_score_rank(look)) if r]
    return not look.is_graded or (bool(ranks) and min(ranks) <= look.scene.framework.grades.improvement_max_rank)


def chk_007(look: Look) -> Iterator[Problem]:
    """Macros, links, embedded objects: never opened. An answer that hangs on one is blank, and blocks as blank."""
    if look.reading.oddities:
        yield Problem(values={"what": clip(listed(list(look.reading.oddities), 3), 7, 80)})


def chk_008(look: Look) -> Iterator[Problem]:
    """Tracked changes or comments. In an amended form our own comments, one a point, are expected."""
    r = look.reading
    ours = max(len(look.scene.audit.points), 1) if look.previous else 0
    comments = max(0, r.comments - ours)
    if r.tracked_changes or comments:
        yield Problem(values={"changes": str(r.tracked_changes), "comments": str(comments)})


def chk_009(look: Look) -> Iterator[Problem]:
    """Something was typed somewhere."""
    typed = look.actions or look.writings or any(look.text(f.id) for f in look.typed_fields)
    if look.reading.answers and not typed:
        yield Problem()


def chk_106(look: Look) -> Iterator[Problem]:
    """A name or a date of birth in the document's name or the subject.

    No child's name is held, so only what can be nothing else blocks: "DOB" with a date, or "child's name". Two
    capitalised words that are nobody's we know are asked about.
    """
    name = re.sub(r"\.\w{2,5}$", "", look.submission.name)
    for text, wording in ((name, ""), (look.subject, "subject")):
        if _BORN.search(text) or _CHILDS_NAME.search(text):
            yield Problem(wording=wording, severity=None if not wording else Severity.WARN)
            return
    maybe = full_names(re.sub(r"[_.+-]", " ", name), look) + full_names(look.subject, look)
    old = [d for d in days_in(name) if _birth_like(d, look.received_on)]
    if maybe or old:
        yield Problem(wording="maybe", severity=Severity.WARN,
                      values={"names": clip(listed(maybe + [d.strftime("%d/%m/%Y") for d in old], 3), 8)})


_BORN = re.compile(r"(?i)(?:\b|_)(?:d\.?o\.?b\.?|born|date of birth)(?:\b|_)\D{0,5}\d")
_CHILDS_NAME = re.compile(r"(?i)\b(?:child|young person|baby)(?:'|’)?s?[ _]name\b")


def _birth_like(day: date, today: date) -> bool:
    return 2 <= today.year - day.year <= 25


def practitioner_left(look: Look) -> bool:
    """T-44: the practitioner has gone, so that the meeting may be missing."""
    return look.scene.audit.has(Flag.PRACTITIONER_LEFT)
