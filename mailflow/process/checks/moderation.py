"""CHK-113 … 115: a moderation form. ``look.scene.form`` is the moderation's own, ``look.moderator`` whoever sent it."""

from collections.abc import Iterator

from mailflow.form.definition import FormField, Part
from mailflow.form.grades import by_practitioner
from mailflow.process.checks.look import Look, Problem
from mailflow.process.checks.text import count_words


def chk_113(look: Look) -> Iterator[Problem]:
    """The moderator is neither auditor nor cover of this audit, nor the line manager of its practitioner."""
    moderator, audit = look.moderator, look.scene.audit
    if moderator is None:
        return
    practitioners = look.scene.parties.of("practitioner")
    barred = {audit.auditor, *audit.cover, *audit.former_auditors, *(p.manager for p in practitioners)}
    barred |= {p.address for p in look.scene.parties.of("tm")} if practitioners else set()
    if {moderator.address.lower(), moderator.second_address.lower()} - {""} & {b.lower() for b in barred if b}:
        yield Problem(detail=moderator.address)


def chk_114(look: Look) -> Iterator[Problem]:
    """Agree or differ is chosen; who differs gives a grade and says why."""
    for f in look.asking("agree"):
        answer = look.answer(f.id)
        if not answer.value:
            yield Problem((f.id,))
        elif f.right and answer.value.casefold() != f.right.casefold():
            wanting = (*_no_grade(look), *_no_reason(look))
            if wanting:
                yield Problem(tuple(x.id for x in wanting), wording="differ")


def _no_grade(look: Look) -> tuple[FormField, ...]:
    fields = tuple(f for f in look.by_part(Part.GRADE) if not by_practitioner(f))
    given = any(look.band(f) for f in fields)
    return () if given else fields


def _no_reason(look: Look) -> tuple[FormField, ...]:
    fields = look.by_part(Part.CONVERSATION) or look.by_part(Part.EVIDENCE)
    return () if count_words(look.joined(fields)) else fields


def chk_115(look: Look) -> Iterator[Problem]:
    """The score of the audit itself is there (F4-MOD-01)."""
    blank = tuple(f for f in look.asking("audit_quality") if not (look.answer(f.id).value or "")[:1].isdigit())
    if blank:
        yield Problem(tuple(f.id for f in blank))
