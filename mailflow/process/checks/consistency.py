"""CHK-053 … 071: do the answers agree with one another? A block here needs a contradiction nobody can explain away."""

import re
from collections.abc import Iterator
from statistics import median

from mailflow.form.definition import FormField, FormSection, Part
from mailflow.model import Severity
from mailflow.process.checks.completeness import is_graded, plan_fields
from mailflow.process.checks.evidence import pointers
from mailflow.process.checks.grades import RANKS, by_practitioner, grade_words
from mailflow.process.checks.integrity import plan_is_due
from mailflow.process.checks.items import items, lowest, questions
from mailflow.process.checks.look import Look, Problem
from mailflow.process.checks.text import count_words

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
    low = [s for s in look.domains if look.domain_grade(s) == "inadequate"]
    why = look.by_part(Part.EVIDENCE, domains=False)
    short = count_words(look.joined(why)) < look.scene.framework.checks.min_explanation_words
    if RANKS.get(look.grade, 0) >= 3 and short:
        for s in low:
            fields = (*_grade_ids(s), *(f.id for f in why))
            yield Problem(fields=fields, section=s.id, values={"section": look.heading(s), "grade": grade_words(look.grade)})


def chk_054(look: Look) -> Iterator[Problem]:
    """Overall not above every section."""
    ranks = _section_ranks(look)
    if ranks and RANKS.get(look.grade, 0) > max(ranks):
        yield Problem(fields=_overall_ids(look))


def chk_055(look: Look) -> Iterator[Problem]:
    """Overall within one band of the middle section grade."""
    ranks, rank = _section_ranks(look), RANKS.get(look.grade, 0)
    if ranks and rank and abs(rank - median(ranks)) > 1:
        yield Problem(fields=_overall_ids(look), values={"n": f"{abs(rank - median(ranks)):g}"})


def chk_057(look: Look) -> Iterator[Problem]:
    """A low section has an action or a written improvement. Which action belongs to which section no rule can tell, so
    only an empty plan blocks; where CHK-029 asks for the plan already, this stays silent. A section with a box of its own
    for improvements is asked to use it (F2-GRD-02)."""
    silent = look.has_plan or plan_is_due(look)
    for s in look.domains:
        grade, own = look.domain_grade(s), s.by_part(Part.IMPROVEMENTS)
        low = RANKS.get(grade, 9) <= look.scene.framework.grades.improvement_max_rank
        if low and own and not look.joined(own):
            yield Problem(tuple(f.id for f in own), {"section": look.heading(s)}, "own", None if not silent else Severity.WARN)
        elif low and not silent:
            yield Problem(fields=(*_grade_ids(s), *plan_fields(look)), section=s.id,
                          values={"section": look.heading(s), "grade": grade_words(grade)})
    low_items = [item for item in items(look) if item.scores[0].scale == (1, 5) and (lowest(look, item) or 9) <= _LOW]
    scored = tuple(f for item in low_items for f in item.scores)
    if scored and not silent:
        yield Problem((*(f.id for f in scored), *plan_fields(look)), {"questions": questions(look, scored)}, wording="scores")


def chk_058(look: Look) -> Iterator[Problem]:
    """Inadequate names a safety concern or something absent from the record, in the reasons or in any Inadequate section."""
    why = look.by_part(Part.EVIDENCE, domains=False)
    low = tuple(f for s in look.domains if look.domain_grade(s) == "inadequate" for f in s.by_part(Part.EVIDENCE))
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
    given = [f.id for f in look.by_part(Part.GRADE) if look.answer(f.id).value in RANKS]
    if given and not is_graded(look):
        yield Problem(fields=tuple(given))


def _section_ranks(look: Look) -> list[int]:
    return [RANKS[g] for g in (look.domain_grade(s) for s in look.domains) if g in RANKS]


def _changed(look: Look) -> tuple[str, ...]:
    """Ids of the later grades that differ from the earlier one of the same section."""
    found = []
    for s in look.form.sections:
        fields = s.by_part(Part.GRADE)
        before = {look.answer(f.id).value for f in fields if f.stage == "pre"} & set(RANKS)
        found += [f.id for f in fields if f.stage != "pre" and before and look.answer(f.id).value in set(RANKS) - before]
    return tuple(found)


def _overall_ids(look: Look) -> tuple[str, ...]:
    return tuple(f.id for f in look.by_part(Part.GRADE, domains=False) if f.stage != "pre")


def _grade_ids(section: FormSection) -> tuple[str, ...]:
    """Where the section's grade stands: its grade fields, else its one score."""
    fields: tuple[FormField, ...] = section.by_part(Part.GRADE) or section.by_part(Part.SCORE)
    return tuple(f.id for f in fields if f.stage != "pre" and not by_practitioner(f))
