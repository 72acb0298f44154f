"""CHK-086 … 092: is there enough in the answers, and is it about this case? Counts and comparisons only, no reading of minds.

A form has many answers, so each kind of remark is made once: for the whole form, or where it blocks once a section.
"""

from collections.abc import Iterator
from itertools import combinations

from mailflow.form.definition import FormField, FormSection, Part
from mailflow.form.passages import runs_of, words_of
from mailflow.model import Severity
from mailflow.process.checks.items import items, numbered, question, questions
from mailflow.process.checks.look import Look, Problem, is_na
from mailflow.process.checks.seen import WHOLE, Item
from mailflow.process.checks.text import clip, count_words, days_in, listed, looks_like_a_date, phrases, says_not_applicable

_JUDGED = (Part.EVIDENCE, Part.NOTES, Part.STRENGTHS, Part.CONVERSATION)
# Shorter answers are alike by chance ("Good work."), and shorter questions stand in many an answer.
_LEAST_ALIKE, _LEAST_QUESTION, _LEAST_OWN = 6, 4, 5
_GUIDE_RUN = 5


def noted(look: Look, *parts: Part) -> tuple[FormField, ...]:
    """The written notes of those parts, of sections and questions that apply."""
    return tuple(f for f in look.noted if f.part in (parts or _JUDGED))


def _left(look: Look, item: Item) -> bool:
    return all(is_na(look.answer(f.id)) for f in item.scores)


def place(look: Look, f: FormField) -> str:
    """Where an answer stands, for a letter: its number, or the section it is the evidence of."""
    return question(look, f) if numbered(f) or f.part not in (Part.EVIDENCE, Part.NOTES) else _section(look, f)


def _section(look: Look, f: FormField) -> str:
    area = next((s for s in look.areas if any(x.id == f.id for x in s.fields)), None)
    return look.heading(area or f.section)


def chk_086(look: Look) -> Iterator[Problem]:
    """Notes of at least ``checks.min_words_*``. Far fewer (``block_share``) block, section by section; the rest is one remark."""
    rules = look.rules
    short: list[tuple[str, tuple[str, ...]]] = []
    for s in look.domains:
        fields = s.by_part(Part.EVIDENCE)
        text, ids = look.joined(fields), tuple(f.id for f in fields)
        count = count_words(look.joined((*fields, *s.by_part(Part.STRENGTHS))))
        if not text or says_not_applicable(text) or _vague(look, fields):
            continue
        if count < rules.block_share * rules.min_words_section:
            yield Problem(ids, {"section": look.heading(s), "n": str(count)}, severity=Severity.BLOCK, section=s.id)
        elif count < rules.min_words_section:
            short.append((look.heading(s), ids))
    for f, least in _single_notes(look):
        count = count_words(look.text(f.id))
        if count < rules.block_share * least and f.required:
            yield Problem((f.id,), {"section": look.heading(f.section), "n": str(count)}, severity=Severity.BLOCK)
        elif count < least:
            short.append((look.heading(f.section), (f.id,)))
    if short:
        values = {"n": str(len(short)), "sections": clip(listed([name for name, _ in short], 1), 10, 80)}
        yield Problem(tuple(i for _, ids in short for i in ids), values, "some", Severity.WARN, section=WHOLE)
    yield from _short_items(look)


def _single_notes(look: Look) -> Iterator[tuple[FormField, int]]:
    """Boxes outside the judged sections with the words each should have: reasons, and a box for good practice."""
    judged = {f.id for s in look.areas for f in s.fields}
    for f in noted(look, Part.EVIDENCE, Part.STRENGTHS):
        if f.id not in judged and not _vague(look, (f,)):
            yield f, look.rules.min_words_strengths if f.part is Part.STRENGTHS else look.rules.min_words_item


def _short_items(look: Look) -> Iterator[Problem]:
    least = look.rules.min_words_item
    counts = {f: n for f in noted(look, Part.NOTES) if (n := count_words(look.text(f.id))) < least and not _vague(look, (f,))}
    mild = [f for f, n in counts.items() if n >= look.rules.block_share * least]
    for s in look.form.sections if len(mild) < len(counts) else ():
        severe = tuple(f for f in counts if f.section == s.id and f not in mild)
        if severe:
            values = {"section": look.heading(s), "questions": questions(look, severe)}
            yield Problem(tuple(f.id for f in severe), values, wording="items", severity=Severity.BLOCK)
    if mild:
        values = {"questions": questions(look, tuple(mild))}
        yield Problem(tuple(f.id for f in mild), values, "questions", Severity.WARN, section=WHOLE)


def chk_087(look: Look) -> Iterator[Problem]:
    """An answer that is nothing but "yes", "as above", a tick or a number (``checks.vague_answers``), once a section."""
    vague = [f for f in noted_or_na(look) if _vague(look, (f,))]
    for s in look.form.sections:
        here = tuple(f for f in vague if f.section == s.id)
        if here:
            found = ", ".join(dict.fromkeys(clip(look.text(f.id), 4, 30) for f in here[:2]))
            values = {"section": look.heading(s), "questions": questions(look, here), "found": found}
            yield Problem(tuple(f.id for f in here), values)


def noted_or_na(look: Look) -> tuple[FormField, ...]:
    """What :func:`noted` gives, and "n/a" beside a score that was given all the same."""
    scored = [item for item in items(look) if not _left(look, item) and any(look.text(f.id) for f in item.scores)]
    given = {f.id for item in scored for f in item.notes}
    beside = tuple(f for f in look.typed_fields if f.id in given and says_not_applicable(look.text(f.id)))
    return (*noted(look, Part.EVIDENCE, Part.NOTES, Part.CONVERSATION), *beside)


def _vague(look: Look, fields: tuple[FormField, ...]) -> bool:
    bare = look.joined(fields).strip().strip(".!,:;-– ").casefold()
    return bool(bare) and (bare in {v.casefold() for v in look.rules.vague_answers} or not any(c.isalpha() for c in bare))


def chk_088(look: Look) -> Iterator[Problem]:
    """The same text in two answers, or ``checks.same_share`` of their eight-word runs; the first two are named."""
    fields = noted(look)
    alike = [(a, b) for a, b in _candidates(look, fields) if _same(look, a, b)]
    if alike:
        ids = tuple(dict.fromkeys(f.id for pair in alike for f in pair))
        names = [_full_place(look, f) for f in alike[0]]
        yield Problem(ids, {"a": names[0], "b": names[1]}, detail=f"{len(ids)} answers")


def _candidates(look: Look, fields: tuple[FormField, ...]) -> list[tuple[FormField, FormField]]:
    """Pairs that share a run of words, or that are too short for one and the same."""
    alike: dict[int | str, list[FormField]] = {}
    for f in fields:
        for key in look.runs.get(f.id) or (" ".join(words_of(look.text(f.id))),):
            alike.setdefault(key, []).append(f)
    found = [pair for group in alike.values() if len(group) > 1 for pair in combinations(group, 2)]
    return list({(a.id, b.id): (a, b) for a, b in found}.values())


def _full_place(look: Look, f: FormField) -> str:
    return question(look, f) if numbered(f) else clip(_section(look, f), 4, 40)


def _same(look: Look, a: FormField, b: FormField) -> bool:
    one, two = look.runs.get(a.id), look.runs.get(b.id)
    if one and two:
        shared = len(one & two)
        return bool(shared) and shared >= look.rules.same_share * len(one | two)
    left = words_of(look.text(a.id))
    return len(left) >= _LEAST_ALIKE and left == words_of(look.text(b.id))


def chk_089(look: Look) -> Iterator[Problem]:
    """Answers that stand in another case's audit too: ``checks.other_audit_share`` of their runs, in
    ``checks.other_audit_words`` words or more. The other audit is named to the one who wrote both."""
    for other in look.elsewhere:
        theirs = frozenset[int]().union(*(runs_of(t) for t in other.texts))
        alike = [f for f in noted(look) if (mine := look.runs.get(f.id))
                 and len(mine & theirs) >= look.rules.other_audit_share * len(mine)]
        if sum(count_words(look.text(f.id)) for f in alike) >= look.rules.other_audit_words:
            values = {"section": _section(look, alike[0])} | ({"ref": other.ref} if other.own else {})
            yield Problem(tuple(f.id for f in alike), values, wording="own" if other.own else "")
            return


def chk_090(look: Look) -> Iterator[Problem]:
    """The answer is the question over again, with hardly a word of its own. Once a form."""
    copied = tuple(f for f in noted(look) if _repeats(look, f))
    if copied:
        yield Problem(tuple(f.id for f in copied), {"question": place(look, copied[0])})


def _repeats(look: Look, f: FormField) -> bool:
    section: FormSection = look.form.section(f.section)
    answer = " ".join(words_of(look.text(f.id)))
    rest = answer
    for asked in (f.label, *f.hint.split("\n"), section.guidance, *section.lines):
        bare = words_of(asked)
        if len(bare) >= _LEAST_QUESTION:
            rest = rest.replace(" ".join(bare), " ")
    return rest != answer and len(rest.split()) < _LEAST_OWN


def chk_091(look: Look) -> Iterator[Problem]:
    """The answer is taken from the grading guide (``grades.descriptors``): ``checks.descriptor_share`` of its runs."""
    guide = frozenset[int]().union(*(runs_of(t, _GUIDE_RUN) for t in look.scene.framework.grades.descriptors.values()))
    if not guide:
        return
    copied = [f for f in noted(look) if (mine := runs_of(look.text(f.id), _GUIDE_RUN))
              and len(mine & guide) >= look.rules.descriptor_share * len(mine)]
    if copied:
        yield Problem(tuple(f.id for f in copied), {"section": _section(look, copied[0])})


def pointers(look: Look, text: str) -> set[str]:
    """What in a text says where it was found: dates, quotations, kinds of document or entry (``checks.pointer_words``)."""
    named = {hit.group().casefold() for hit in phrases(look.rules.pointer_words).finditer(text)}
    return named | {str(d) for d in days_in(text)} | set(_quotes(text))


def _points(look: Look, text: str) -> bool:
    """Is there any pointer at all? The cheapest question first."""
    return bool(phrases(look.rules.pointer_words).search(text)) or looks_like_a_date(text) or bool(pointers(look, text))


def _quotes(text: str) -> Iterator[str]:
    for opening, closing in (('"', '"'), ("“", "”"), ("‘", "’")):
        _, _, rest = text.partition(opening)
        inside = rest.partition(closing)[0] if rest else ""
        if len(inside) > 2:
            yield inside


def chk_092(look: Look) -> Iterator[Problem]:
    """A score that is high or low says where in the record it was found. Once a form."""
    written = {f.id for f in look.noted}
    bare = [n for item in items(look) if _marked(look, item) for n in _notes_of(look, item)
            if n.id in written and not _vague(look, (n,)) and not _points(look, look.text(n.id))]
    if bare:
        names = [place(look, f) for f in bare]
        yield Problem(tuple(f.id for f in bare), {"questions": clip(listed(list(dict.fromkeys(names)), 5), 12, 100)}, section=WHOLE)


def _notes_of(look: Look, item: Item) -> tuple[FormField, ...]:
    """The notes of a question, or the evidence of the section it scores."""
    area = None if item.notes else next((s for s in look.domains if s.id == item.section), None)
    return item.notes or (area.by_part(Part.EVIDENCE) if area else ())


def _marked(look: Look, item: Item) -> bool:
    """Is a score outside the middle of its scale (3 of 1-5, 4-6 of 0-10)?"""
    for f in item.scores:
        value = look.answer(f.id).value or ""
        if value[:1].isdigit() and f.scale and abs(2 * float(value) - sum(f.scale)) > (f.scale[1] - f.scale[0]) / 4:
            return True
    return False
