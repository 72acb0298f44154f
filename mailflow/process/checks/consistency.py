"""CHK-053 … 071: do the answers agree with one another? A block here needs a contradiction nobody can explain away."""

import re
from collections.abc import Iterator
from statistics import median

from mailflow.form.definition import Part
from mailflow.form.grades import GradeRow, grade_rows, rows_of
from mailflow.model import Severity
from mailflow.process.checks.completeness import plan_fields
from mailflow.process.checks.evidence import pointers
from mailflow.process.checks.grades import is_low
from mailflow.process.checks.integrity import plan_is_due
from mailflow.process.checks.items import items, lowest, questions
from mailflow.process.checks.look import Look, Problem
from mailflow.process.checks.text import clip, count_words

# F1-GRD-01: Inadequate means a safety concern, or no record of the work. The list is wide because it may block.
_SAFETY_OR_GAP = re.compile(
    r"\b(un)?safe(ty|guard\w*|ly)?\b|\brisk\w*|\bharm\w*|\bdanger\w*|\bprotect\w*|\bneglect\w*|\babus\w*|\binjur\w*|\bhurt\w*"
    r"|\bvulnerab\w*|\bexploit\w*|\bviolen\w*|\bunseen\b|\bmissing\b|\babsen(t|ce)\b|\black\w*|\bgaps?\b|\bblank\b|\bempty\b"
    r"|\boverdue\b|\bout of date\b|\blate\b|\bdelay\w*|\bdrift\w*|\bunexplained\b|\bunrecorded\b|\bwithout\b|\bnothing\b|\bnone\b"
    r"|\bno\b|\bnot\b|\bnever\b|\bnor\b|n['’]t\b|\bcannot\b|\bfail\w*|\bminimum\b", re.IGNORECASE)
_ENOUGH_POINTERS = 3
_NOTE_WORDS = 8
# A score of 1-5 as low as this asks for an action.
_LOW = 2


def chk_053(look: Look) -> Iterator[Problem]:
    """Overall Good or better beside an Inadequate section: the overall reasons explain (``checks.min_explanation_words``)."""
    low = [row for row in look.rows if look.rank(look.row_grade(row)) == 1]
    why = look.by_part(Part.EVIDENCE, domains=False)
    short = count_words(look.joined(why)) < look.scene.framework.checks.min_explanation_words
    if look.rank(look.grade) >= 3 and short:
        for row in low:
            fields = (*_grade_ids(row), *(f.id for f in why))
            yield Problem(fields=fields, section=row.section, values={
                "section": clip(row.title), "grade": look.say(look.grade), "low": look.say(look.row_grade(row))})


def chk_054(look: Look) -> Iterator[Problem]:
    """Overall not above every section."""
    ranks = _section_ranks(look)
    if ranks and look.rank(look.grade) > max(ranks):
        yield Problem(fields=_overall_ids(look))


def chk_055(look: Look) -> Iterator[Problem]:
    """Overall within one band of the middle section grade."""
    ranks, rank = _section_ranks(look), look.rank(look.grade)
    if ranks and rank and abs(rank - median(ranks)) > 1:
        yield Problem(fields=_overall_ids(look), values={"n": f"{abs(rank - median(ranks)):g}"})


def chk_057(look: Look) -> Iterator[Problem]:
    """A low section has an action or a written improvement. Which action belongs to which section no rule can tell, so
    only an empty plan blocks; where CHK-029 asks for the plan already, this stays silent. A section with a box of its own
    for improvements is asked to use it (F2-GRD-02)."""
    silent = look.has_plan or plan_is_due(look)
    for area, row in ((a, row) for a in look.domains for row in rows_of(a) if is_low(look, look.row_grade(row))):
        own = area.by_part(Part.IMPROVEMENTS)
        if own and not look.joined(own):
            yield Problem(tuple(f.id for f in own), {"section": clip(row.title)}, "own", Severity.WARN if silent else None)
        elif not silent:
            yield Problem(fields=(*_grade_ids(row), *plan_fields(look)), section=row.section,
                          values={"section": clip(row.title), "grade": look.say(look.row_grade(row))})
    low_items = [item for item in items(look) if item.scores[0].scale == (1, 5) and (lowest(look, item) or 9) <= _LOW]
    scored = tuple(f for item in low_items for f in item.scores)
    if scored and not silent:
        yield Problem((*(f.id for f in scored), *plan_fields(look)), {"questions": questions(look, scored)}, wording="scores")


def chk_058(look: Look) -> Iterator[Problem]:
    """Inadequate names a safety concern or something absent from the record, in the reasons or in any Inadequate section."""
    why = look.by_part(Part.EVIDENCE, domains=False)
    poor = [s for s in look.domains if any(look.rank(look.row_grade(row)) == 1 for row in rows_of(s))]
    low = tuple(f for s in poor for f in s.by_part(Part.EVIDENCE))
    text = look.joined(why + low + look.by_part(Part.CONVERSATION))
    if look.grade == "inadequate" and text and not _SAFETY_OR_GAP.search(text):
        yield Problem(fields=tuple(f.id for f in why))


def chk_059(look: Look) -> Iterator[Problem]:
    """Outstanding rests on three pieces of evidence: a date, a quotation, a document, a kind of entry."""
    text = look.joined(look.by_part(Part.EVIDENCE))
    if look.grade == "outstanding" and len(pointers(look, text)) < _ENOUGH_POINTERS:
        yield Problem(fields=tuple(f.id for f in look.by_part(Part.EVIDENCE, domains=False)))


def chk_060(look: Look) -> Iterator[Problem]:
    """A grade that changed after the conversation has a note of what the conversation added."""
    notes = look.by_part(Part.CONVERSATION)
    if notes and _changed(look) and count_words(look.joined(notes)) < _NOTE_WORDS:
        yield Problem(fields=(*(f.id for f in notes), *_changed(look)))


def chk_061(look: Look) -> Iterator[Problem]:
    """A meeting, no grade changed, and hardly a note of it."""
    notes = look.by_part(Part.CONVERSATION)
    thin = count_words(look.joined(notes)) < _NOTE_WORDS
    if notes and look.header_day("met") and look.grade and thin and not _changed(look):
        yield Problem(fields=tuple(f.id for f in notes))


def chk_071(look: Look) -> Iterator[Problem]:
    """No grade on a kind of audit that has none (no grade on one that has is CHK-020 and 021)."""
    given = [f.id for row in grade_rows(look.form) for f in row.fields if look.band(f)]
    if given and not look.is_graded:
        yield Problem(fields=tuple(given))


def _section_ranks(look: Look) -> list[int]:
    return [rank for row in look.rows if (rank := look.rank(look.row_grade(row)))]


def _changed(look: Look) -> tuple[str, ...]:
    """Ids of the later grades that differ from the earlier one of the same section."""
    found = []
    for row in grade_rows(look.form):
        before = {look.answer(f.id).value for f in row.own if f.stage == "pre" and look.band(f)}
        found += [f.id for f in row.last if before and look.band(f) and look.answer(f.id).value not in before]
    return tuple(found)


def _overall_ids(look: Look) -> tuple[str, ...]:
    return tuple(f.id for f in look.by_part(Part.GRADE, domains=False) if f.stage != "pre")


def _grade_ids(row: GradeRow) -> tuple[str, ...]:
    return tuple(f.id for f in row.last)
