"""CHK-052, 056, 062 … 070: scores beside grades, beside one another, and beside what else the form says.

Which question is which a form says in ``asks``; a form that says nothing is asked nothing here.
"""

import re
from collections.abc import Iterator
from statistics import mean

from mailflow.form.definition import FormField, Kind, Part
from mailflow.form.grades import by_practitioner, rows_of
from mailflow.process.checks.completeness import plan_fields
from mailflow.process.checks.items import items, mean_rank, numbered, pairs, question, questions, rank_of
from mailflow.process.checks.look import Look, Problem, is_na
from mailflow.process.checks.seen import WHOLE, Item
from mailflow.process.checks.text import clip, count_words, has_reason, listed, phrases, unquoted

_DISCUSSED_WORDS = 8
_LOW, _HIGH = 2, 4
# Oversight and supervision may lie so far apart.
_APART = 2


def chk_052(look: Look) -> Iterator[Problem]:
    """Practitioner and auditor two bands apart or more, and nothing about a discussion. One finding a form."""
    far = [(theirs, ours) for theirs, ours in pairs(look) if _bands_apart(look, theirs, ours) >= 2]
    talk = look.joined((*look.by_part(Part.CONVERSATION), *look.asking("discussion")))
    if not far or count_words(talk) >= _DISCUSSED_WORDS:
        return
    fields = tuple(f.id for pair in far for f in pair)
    if len(far) > 1:
        names = list(dict.fromkeys(_place(look, ours) for _, ours in far))
        yield Problem(fields, {"questions": clip(listed(names, 5), 12, 100)}, wording="some", section=WHOLE)
    else:
        theirs, ours = far[0]
        values = {"question": _place(look, ours), "theirs": _said(look, theirs), "ours": _said(look, ours)}
        yield Problem(fields, values)


def _bands_apart(look: Look, theirs: FormField, ours: FormField) -> int:
    one, two = rank_of(look, theirs), rank_of(look, ours)
    return abs(one - two) if one and two else 0


def _said(look: Look, f: FormField) -> str:
    band = look.band(f) if f.kind is not Kind.SCORE else None
    return band.printed if band else look.answer(f.id).value or ""


def _place(look: Look, f: FormField) -> str:
    return question(look, f) if numbered(f) else look.heading(f.section)


def chk_056(look: Look) -> Iterator[Problem]:
    """A section's grade within one band of the mean of its scores, where ``grades.item_scale`` has means compared."""
    if look.scene.framework.grades.item_scale == "none":
        return
    for area, row in ((a, row) for a in look.domains for row in rows_of(a)):
        scores = _numbers(look, tuple(f for f in area.by_part(Part.SCORE) if not by_practitioner(f)))
        grade = look.row_grade(row)
        if len(scores) > 1 and grade and abs(mean_rank(look, mean(scores)) - look.rank(grade)) > 1:
            values = {"section": clip(row.title), "mean": f"{mean(scores):.1f}", "grade": look.say(grade)}
            yield Problem(tuple(f.id for f in row.own), values)


def chk_062(look: Look) -> Iterator[Problem]:
    """Good or better overall, though thresholds or the level of service were not right (the form's ``right`` choice)."""
    for f in look.asking("thresholds", "level"):
        a = look.answer(f.id)
        wrong = f.right and a.value and not is_na(a) and a.value.casefold() != f.right.casefold()
        if look.rank(look.grade) >= 3 and wrong:
            yield Problem((f.id,), {"grade": look.say(look.grade), "found": clip(a.text, 4, 40), "label": look.label(f)})


def chk_063(look: Look) -> Iterator[Problem]:
    """Visits, or being seen alone, at 1 or 2 beside Good or better: asked as a question of safety."""
    low = tuple(f for f in look.asking("visits", "seen_alone") if 0 < _number(look, f) <= _LOW)
    if low and look.rank(look.grade) >= 3:
        yield Problem(tuple(f.id for f in low), {"questions": questions(look, low)})


def chk_064(look: Look) -> Iterator[Problem]:
    """The view of recording as a whole against the questions about story and summary."""
    whole = [f for f in look.asking("recording") if not by_practitioner(f)]
    parts = look.asking("story", "summary")
    one, others = _numbers(look, tuple(whole)), _numbers(look, parts)
    if len(others) < 2 or not one:
        return
    reverse = one[0] >= _HIGH and max(others) <= _LOW
    if (one[0] <= _LOW and min(others) >= _HIGH) or reverse:
        fields = tuple(f for f in (*whole, *parts) if f.kind is Kind.SCORE)
        yield Problem(tuple(f.id for f in fields), {"questions": questions(look, fields)})


def chk_065(look: Look) -> Iterator[Problem]:
    """Management oversight and supervision not more than two apart (the mean of the questions of each)."""
    fields = look.asking("oversight", "supervision")
    one = _numbers(look, tuple(f for f in fields if f.asks == "oversight"))
    two = _numbers(look, tuple(f for f in fields if f.asks == "supervision"))
    if one and two and abs(mean(one) - mean(two)) > _APART:
        values = {"oversight": f"{mean(one):g}", "supervision": f"{mean(two):.2g}"}
        yield Problem(tuple(f.id for f in fields if f.kind is Kind.SCORE), values)


def _number(look: Look, f: FormField) -> float:
    """The score given, 0 where there is none (no scale that these checks read begins below 1)."""
    value = look.answer(f.id).value or ""
    return float(value) if f.kind is Kind.SCORE and f.scale == (1, 5) and value[:1].isdigit() else 0.0


def _numbers(look: Look, fields: tuple[FormField, ...]) -> list[float]:
    return [n for f in fields if (n := _number(look, f))]


def chk_066(look: Look) -> Iterator[Problem]:
    """A question whose ``when`` holds for this case is left out, without a reason. What is not known (the age) asks nothing."""
    for item in items(look):
        left_out = [f for f in item.scores if look.must_answer(f) and (look.is_blank(f) or is_na(look.answer(f.id)))]
        if left_out and not any(has_reason(look.text(f.id)) for f in (*item.scores, *item.notes)):
            values = {"question": question(look, left_out[0]), "category": clip(look.scene.case.category, 3)}
            yield Problem(tuple(f.id for f in left_out), values)


def chk_067(look: Look) -> Iterator[Problem]:
    """Not every score the same, where there are ``checks.min_same_scores`` or more (SCN-21)."""
    given = [f for item in items(look) for f in item.scores if (v := look.answer(f.id).value) and v[0].isdigit()]
    values = {look.answer(f.id).value or "" for f in given}
    if len(given) >= look.rules.min_same_scores and len(values) == 1:
        yield Problem(tuple(f.id for f in given), {"score": values.pop()}, section=WHOLE)


def chk_068(look: Look) -> Iterator[Problem]:
    """The best score beside words such as "no evidence", the worst beside praise. Once a form; a denied phrase ("no
    evidence of drift") is no contradiction."""
    odd: list[tuple[FormField, str, str]] = []
    for item in items(look):
        for f in item.notes:
            found = _contradiction(look, item, look.text(f.id))
            odd += [(f, *found)] if found else []
    if len(odd) == 1:
        f, score, words = odd[0]
        yield Problem((f.id,), {"question": question(look, f), "score": score, "words": words})
    elif odd:
        fields = tuple(f for f, _, _ in odd)
        yield Problem(tuple(f.id for f in fields), {"questions": questions(look, fields)}, wording="some", section=WHOLE)


def _contradiction(look: Look, item: Item, text: str) -> tuple[str, str] | None:
    """(the score, the words against it), None where they agree. A question with parts is judged where all agree."""
    values = {v for f in item.scores if (v := look.answer(f.id).value) and v[0].isdigit()}
    scale = item.scores[0].scale
    if len(values) != 1 or not scale:
        return None
    value = values.pop()
    words = {scale[1]: look.rules.negative_words, scale[0]: look.rules.positive_words}.get(int(float(value)))
    for hit in phrases(words).finditer(unquoted(text)) if words else ():
        after = text[hit.end():]
        denied = re.search(r"\b(?:not|no|never|nothing|without)\s+(?:\w+\s+)?$", unquoted(text)[:hit.start()], re.IGNORECASE)
        if not denied and not re.match(r"\s+(?:of|that)\b", after):
            return value, hit.group()
    return None


def chk_069(look: Look) -> Iterator[Problem]:
    """A low score from the family has its reason written down, and an action or an improvement answers it.

    On a form of their own the family's words stand beside their score; there the answer to it, in that form or in the plan, is
    what can be missing.
    """
    for f in look.asking("family_score"):
        value = look.answer(f.id).value or ""
        if not value[:1].isdigit() or float(value) > look.rules.low_family_score:
            continue
        why = _beside(f, look.asking("family_why"))
        if not look.joined(why) or not look.has_plan:
            yield Problem((f.id, *(w.id for w in why)), {"score": value})
    low = [f.score for f in look.scene.feedback
           if f.origin == "apart" and not f.reply and f.score is not None and f.score <= look.rules.low_family_score]
    if low and not look.has_plan:
        yield Problem(plan_fields(look), {"score": str(min(low))})


def _beside(f: FormField, others: tuple[FormField, ...]) -> tuple[FormField, ...]:
    """Those in the same column where there are columns ("parent1"), else all of them."""
    same = tuple(w for w in others if w.column and w.id.rpartition(".")[2] == f.id.rpartition(".")[2])
    return same or tuple(w for w in others if not w.column)


def chk_070(look: Look) -> Iterator[Problem]:
    """A document said to be a good example is named."""
    for f in look.asking("example"):
        if f.kind is not Kind.CHOICE or not (look.answer(f.id).value or "").startswith("yes"):
            continue
        notes = tuple(n for n in look.asking("example") if n.item == f.item and n.kind is not Kind.CHOICE)
        if not phrases(look.rules.pointer_words).search(look.joined(notes)):
            yield Problem((f.id, *(n.id for n in notes)))
