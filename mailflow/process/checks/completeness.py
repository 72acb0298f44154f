"""CHK-011 … 031: is everything there? A section marked "Not applicable" counts as answered, grades and all.

Each blank is told once: a header line by CHK-011, a grade by CHK-020 … 022, the meeting by CHK-026, anything else by
CHK-013, or by CHK-014 where the box still shows our prompt; notes beside a score are CHK-017's, a practitioner's own
score CHK-023's. What could not be located at all is CHK-006's.
"""

import re
from collections.abc import Iterator

from mailflow.form.actions import name_of
from mailflow.form.definition import FormField, FormSection, Kind, Part
from mailflow.form.grades import grade_rows, overall_row
from mailflow.model import Severity
from mailflow.process.checks.feedback import is_family_score, is_spoken_for
from mailflow.process.checks.grades import by_practitioner, offered, target
from mailflow.process.checks.integrity import plan_is_due, practitioner_left
from mailflow.process.checks.items import domain_scores, items, lowest, pairs, question, questions, unexplained, without_notes
from mailflow.process.checks.look import Look, Problem, is_na
from mailflow.process.checks.text import clip, count_words, has_reason, listed

_NO_MEETING = re.compile(
    r"\b(unable|could not|couldn'?t|not able|not possible|did not (?:meet|take place|happen)|didn'?t|not met|no longer"
    r"|has left|left (?:the|in|on|her|his|their|our)|sick|absent|long.term leave|maternity|instead of|declined|cancelled)\b",
    re.IGNORECASE)
# Fewer words than this for each line of enquiry, and QA is asked to look whether all are covered.
_WORDS_A_LINE = 12
# A score as low as this needs its reasons.
_LOW = 2


def chk_011(look: Look) -> Iterator[Problem]:
    """Header complete. What we printed ourselves and is gone again is no reason to send a form back."""
    header = [f for f in look.by_part(Part.HEADER) if f.required and look.is_blank(f) and name_of(f) != "met"]
    for printed in (False, True):
        blank = [f for f in header if f.prefilled == printed]
        if blank:
            names = clip(listed([look.label(f) for f in blank]), 15, 200)
            yield Problem(tuple(f.id for f in blank), {"fields": names}, wording="printed" if printed else "",
                          severity=Severity.WARN if printed else None)


def chk_012(look: Look) -> Iterator[Problem]:
    """Category in ``form.categories``; the one we printed is taken as it is."""
    f = look.find_named(Part.HEADER, "category")
    known = look.scene.framework.form.categories
    found = look.text(f.id) if f else ""
    if f and found and found.casefold() not in {c.casefold() for c in (*known, look.scene.case.category)}:
        yield Problem(fields=(f.id,), values={"found": clip(found), "list": clip(listed(list(known), 12), 12, 120)})


def chk_013(look: Look) -> Iterator[Problem]:
    """Every applicable question answered; an action row that says who or when also says what."""
    blank = tuple(_unanswered(look))
    for f in blank:
        if f.kind == Kind.CHOICE:
            choices = {"choices": clip(" or ".join(f.choices), 6)}
            yield Problem((f.id,), _names(look, f) | choices, wording="choice", severity=_weight(f))
        elif f.part != Part.SCORE and f.id not in look.reading.prompts_left:
            yield Problem((f.id,), _names(look, f), severity=_weight(f))
    yield from _unscored(look, [f for f in blank if f.part == Part.SCORE and f.kind != Kind.CHOICE])
    for a in look.actions:
        if not a.text:
            yield Problem(fields=(a.ids["text"],), wording="action", values={"n": str(a.n)})


def _unscored(look: Look, blank: list[FormField]) -> Iterator[Problem]:
    """Blank scores, once a section; those that only warn apart."""
    for s in look.form.sections:
        for lenient in (False, True):
            scores = tuple(f for f in blank if f.section == s.id and f.lenient == lenient)
            if scores:
                values = {"section": look.heading(s), "questions": questions(look, scores)}
                yield Problem(tuple(f.id for f in scores), values, wording="scores", severity=_weight(scores[0]))


def _weight(f: FormField) -> Severity | None:
    """The blank of a ``lenient`` question only warns (SCN-20)."""
    return Severity.WARN if f.lenient else None


def chk_014(look: Look) -> Iterator[Problem]:
    """Our prompt left in an answer. Beside a real answer it only warns: reading takes it out and nothing is lost."""
    for f in _unanswered(look):
        if f.kind != Kind.CHOICE and f.part != Part.SCORE and f.id in look.reading.prompts_left:
            yield Problem(fields=(f.id,), values=_names(look, f))
    for f in look.typed_fields:
        if look.text(f.id) and look.answer(f.id).had_prompt:
            yield Problem(fields=(f.id,), wording="beside", severity=Severity.WARN, values=_names(look, f))


def _unanswered(look: Look) -> Iterator[FormField]:
    """Blank required fields that no other check speaks for, in page order."""
    beside_scores = {f.id for item in items(look) for f in item.notes}
    for f in look.typed_fields:
        told_elsewhere = f.part in (Part.HEADER, Part.GRADE) or f.id in beside_scores or by_practitioner(f)
        told_elsewhere = told_elsewhere or is_spoken_for(look, f)
        idle = f.id in look.unused or (f.when is not None and not look.must_answer(f))
        if f.required and not told_elsewhere and not idle and look.is_blank(f):
            yield f


def _names(look: Look, f: FormField) -> dict[str, str]:
    return {"section": look.heading(f.section), "label": look.label(f)}


def chk_015(look: Look) -> Iterator[Problem]:
    """Every score is a number on its scale. Text that may mean one of several is shown with what it may mean."""
    for f in look.typed_fields:
        a = look.answer(f.id)
        if f.kind == Kind.SCORE and not is_family_score(f) and a.trouble in ("out_of_scale", "unknown_score", "between_scores"):
            values = {"question": question(look, f), "found": clip(a.text, 4, 40)}
            if a.candidates:
                yield Problem((f.id,), values | {"candidates": " or ".join(a.candidates[:6])}, wording="which")
            elif f.scale:
                yield Problem((f.id,), values | {"min": str(f.scale[0]), "max": str(f.scale[-1])})
            else:
                yield Problem((f.id,), values, wording="number")


def chk_016(look: Look) -> Iterator[Problem]:
    """Whole numbers; ``grades.integer_only`` is what makes it block."""
    for f in look.typed_fields:
        a = look.answer(f.id)
        if a.trouble == "not_whole" and not is_family_score(f):
            yield Problem((f.id,), {"question": question(look, f), "found": clip(a.text, 4, 40)})


def chk_017(look: Look) -> Iterator[Problem]:
    """Notes beside a score. A score of 2 or less without any blocks; the others are one warning a section."""
    bare = [(item, score) for item in items(look) if without_notes(look, item) and (score := lowest(look, item)) is not None]
    for item, score in bare:
        if score <= _LOW:
            yield Problem(tuple(f.id for f in item.notes), {"question": question(look, item.notes[0]), "score": str(score)},
                          severity=Severity.BLOCK)
    for s in look.form.sections:
        notes = tuple(item.notes[0] for item, score in bare if score > _LOW and item.section == s.id)
        if notes:
            values = {"section": look.heading(s), "questions": questions(look, notes)}
            yield Problem(tuple(f.id for f in notes), values, wording="some")


def chk_018(look: Look) -> Iterator[Problem]:
    """A section the category calls for, or a question that always applies, is marked not applicable without a reason
    (three words or more)."""
    category = clip(look.scene.case.category, 3)
    for s in look.areas:
        fields = s.by_part(Part.EVIDENCE) or s.by_part(Part.NOTES) or s.by_part(Part.GRADE)
        if not look.applies(s):
            if not any(has_reason(look.text(f.id)) for f in (*fields, *s.by_part(Part.SCORE))):
                yield Problem(fields=tuple(f.id for f in fields), values={"section": look.heading(s), "category": category})
        elif scores := tuple(f for item in unexplained(look, s) for f in item.scores):
            yield Problem(tuple(f.id for f in scores), {"questions": questions(look, scores), "category": category}, "items")


def chk_019(look: Look) -> Iterator[Problem]:
    """Every grade given is a grade word or a synonym (domain 2.3); nothing is guessed, and what it may mean is named."""
    for f in look.by_part(Part.GRADE):
        a = look.answer(f.id)
        # Of a score CHK-015 and 016 speak.
        if f.kind != Kind.SCORE and a.text.strip() and look.band(f) is None and not is_na(a):
            meant = " or ".join(look.say(c) for c in a.candidates)
            values = {"found": clip(a.text, 4, 40), "section": clip(look.title(f.section), 4), "grades": offered(look, f)}
            yield Problem((f.id,), values | ({"candidates": meant} if meant else {}), wording="which" if meant else "")


def chk_020(look: Look) -> Iterator[Problem]:
    """A section that applies has a grade, unless this kind of audit has none. In a section whose scores are all blank
    CHK-013 has said so."""
    for row in look.rows:
        wanted = _stages(look, row.own)
        scores = look.form.section(row.section).by_part(Part.SCORE)
        begun = not scores or (not set(wanted) <= set(scores) and any(look.text(f.id) for f in scores))
        if wanted and begun and look.is_graded and all(look.is_blank(f) for f in wanted):
            yield Problem(fields=tuple(f.id for f in wanted), values={"section": clip(row.title)})


def chk_021(look: Look) -> Iterator[Problem]:
    """The overall grade is there, unless this kind of audit has none."""
    row = overall_row(look.form)
    wanted = _stages(look, row.own) if row else ()
    if wanted and look.is_graded and all(look.is_blank(f) for f in wanted):
        yield Problem(fields=tuple(f.id for f in wanted))


def chk_022(look: Look) -> Iterator[Problem]:
    """Where both stages are asked for, neither is missing; where every stage is, CHK-020 and 021 have said so."""
    if not look.is_graded:
        return
    for row in (*look.rows, *(r for r in grade_rows(look.form) if not r.domain)):
        wanted = _stages(look, row.own)
        blank = [f for f in wanted if look.is_blank(f)]
        if blank and len(blank) < len(wanted):
            stage = "before" if blank[0].stage == "pre" else "after"
            yield Problem(fields=tuple(f.id for f in blank), values={"section": clip(row.title), "stage": stage})


def _stages(look: Look, fields: tuple[FormField, ...]) -> tuple[FormField, ...]:
    """The grade fields this framework asks for: "final" is the last stage a form has."""
    asked = set(look.scene.framework.audit.grading_stages)
    return tuple(f for f in fields if f.stage in asked or ("final" in asked and f.stage != "pre"))


def chk_023(look: Look) -> Iterator[Problem]:
    """Where the auditor gave a score or grade that the practitioner gives too, theirs is there."""
    blank = tuple(theirs for theirs, ours in pairs(look)
                  if look.is_blank(theirs) and look.text(ours.id) and not is_na(look.answer(ours.id)))
    if blank:
        yield Problem(tuple(f.id for f in blank), {"questions": questions(look, blank)})


def chk_024(look: Look) -> Iterator[Problem]:
    """No more than ``form.max_na`` of the scored questions, or in a form without them of the sections, are not applicable."""
    scores = domain_scores(look)
    unused = tuple(f for f in scores if f.id in look.unused or is_na(look.answer(f.id)))
    total, count = (len(scores), len(unused)) if scores else (len(look.areas), len(look.areas) - len(look.domains))
    if total and count / total > look.scene.framework.form.max_na:
        unused = unused or tuple(f for f in look.by_part(Part.EVIDENCE) if f.id in look.unused)
        yield Problem(tuple(f.id for f in unused), {"share": str(round(100 * count / total))}, "items" if scores else "")


def chk_025(look: Look) -> Iterator[Problem]:
    """Some good practice is described, whatever the grade (F1-AUD-03)."""
    strengths = [f for f in look.by_part(Part.STRENGTHS) if f.id not in look.reading.missing]
    if strengths and not look.joined(tuple(strengths)):
        yield Problem(fields=(strengths[0].id,))


def chk_026(look: Look) -> Iterator[Problem]:
    """The meeting's date, or why there was none: said in the box itself, or in the notes of the conversation."""
    f = look.find_named(Part.HEADER, "met")
    if not f or practitioner_left(look):
        return
    said = look.text(f.id) if no_meeting_reason(look.text(f.id)) else ""
    if not said and not look.is_blank(f):
        return
    if said or _NO_MEETING.search(look.joined(look.by_part(Part.CONVERSATION))):
        yield Problem(fields=(f.id,), wording="reason", severity=Severity.WARN, detail=said)
    else:
        yield Problem(fields=(f.id,))


def no_meeting_reason(text: str) -> bool:
    """Words where a date is asked for: "Practitioner on long-term leave"."""
    return count_words(text) >= 3 and not re.search(r"\d", text)


def chk_028(look: Look) -> Iterator[Problem]:
    """Second re-audit: the notes of the conversation speak of the manager too (F1-REA-02)."""
    notes = look.by_part(Part.CONVERSATION)
    text = look.joined(notes).casefold()
    managers = {w for p in look.scene.parties.of("tm") for w in p.name.casefold().split()} | {"manager", "tm"}
    if look.scene.audit.level >= 2 and text and not managers & set(re.findall(r"[\w'’-]+", text)):
        yield Problem(fields=tuple(f.id for f in notes))


def chk_029(look: Look) -> Iterator[Problem]:
    """A plan where the overall rank is at most ``grades.improvement_max_rank``, and for every ungraded audit."""
    if plan_is_due(look) and not look.has_plan:
        yield Problem(fields=plan_fields(look), values={"target": target(look)})


def plan_fields(look: Look) -> tuple[str, ...]:
    """Where a plan would stand: the written improvements, else the first cell of the action table."""
    written = tuple(f.id for f in look.by_part(Part.IMPROVEMENTS))
    return written or tuple(f"{t.id}.1.{t.columns[0].id.rpartition('.')[2]}" for t in look.form.tables[:1])


def chk_030(look: Look) -> Iterator[Problem]:
    """Themes the service should learn from."""
    themes = look.by_part(Part.THEMES)
    blank = tuple(f.id for f in themes if look.is_blank(f))
    if blank and not look.joined(themes):
        yield Problem(fields=blank)


def chk_031(look: Look) -> Iterator[Problem]:
    """Lines of enquiry: no word rule can tell whether one was addressed, so this never blocks. QA is shown the
    sections too short to have covered all their lines."""
    for s in look.domains:
        count = count_words(look.joined(s.by_part(Part.EVIDENCE)))
        if 0 < count < _WORDS_A_LINE * len(s.lines):
            yield Problem(fields=_evidence(s), severity=Severity.INFO,
                          values={"section": look.heading(s), "n": str(len(s.lines)), "count": str(count)})


def _evidence(section: FormSection) -> tuple[str, ...]:
    return tuple(f.id for f in section.by_part(Part.EVIDENCE))
