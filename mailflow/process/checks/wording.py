"""CHK-093 … 101: what the words of an answer say and leave unsaid. Word lists are the profile's (``[checks]``)."""

import re
from collections.abc import Iterator

from mailflow.form.definition import Part
from mailflow.process.checks.evidence import noted, place
from mailflow.process.checks.look import Look, Problem
from mailflow.process.checks.text import clip, count_words, listed, phrases, unquoted

# Too few words to ask more of than to write more (CHK-086).
_ENOUGH = 6
_LONG_TEXT = 40
_SENTENCE_END = re.compile(r"[.!?:;]+[\"”’)]*\s|\w[^\w.!?:;\n]*\n")
_ABBREVIATION = re.compile(r"(?<![\w&.-])[A-Z][A-Z&]{2,5}(?![\w&-])")
_EXPLAINED = re.compile(r"\(([A-Z][A-Z&]{1,5})s?\)|([A-Z][A-Z&]{1,5})s? \(")
_CUT = re.compile(r"(?:…|\.\.\.)\W*$|\w-$|\b(?:the|an|and|or|because|but|my|our|your)$")
_SEXES = {"boy": re.compile(r"\b(?:(?:the|this|a) (?:little |young |teenage )?boy|(?:the|this) young man)\b", re.IGNORECASE),
          "girl": re.compile(r"\b(?:(?:the|this|a) (?:little |young |teenage )?girl|(?:the|this) young woman)\b", re.IGNORECASE)}
_SEVERAL = re.compile(r"\b(?:siblings?|brothers?|sisters?|twins?|cousins?|friends?|peers?|both children|other child\w*|"
                      r"half-\w+|step\w+|boyfriend|girlfriend|partner)\b", re.IGNORECASE)
_AGE = re.compile(r"\b(?:aged|age) (\d{1,2})\b(?! (?:months|weeks|days))|\b(\d{1,2})[- ]years?[- ]old\b", re.IGNORECASE)
_OF_A_CHILD = re.compile(r"boy|girl|young|age|year", re.IGNORECASE)
_WHOLE_LIFE = range(26)


def chk_093(look: Look) -> Iterator[Problem]:
    """The answer about impact says what became different, not only what was done (``checks.impact_words``)."""
    yield from _lacking(look, "impact", look.rules.impact_words)


def chk_094(look: Look) -> Iterator[Problem]:
    """The answer about the child's voice has what the child said, drew, did or wanted (``checks.voice_words``)."""
    yield from _lacking(look, "voice", look.rules.voice_words)


def _lacking(look: Look, asks: str, words: tuple[str, ...]) -> Iterator[Problem]:
    fields = tuple(f for f in noted(look, Part.EVIDENCE, Part.NOTES) if f.asks == asks)
    text = look.joined(fields)
    if count_words(text) >= _ENOUGH and not phrases(words).search(text) and not re.search(r"[\"“‘]\w", text):
        yield Problem(tuple(f.id for f in fields))


def chk_095(look: Look) -> Iterator[Problem]:
    """Where the two met, the notes of the conversation have the worker in them (``checks.reflection_words``)."""
    notes = noted(look, Part.CONVERSATION)
    text = look.joined(notes)
    if look.header_day("met") and count_words(text) >= _ENOUGH and not phrases(look.rules.reflection_words).search(text):
        yield Problem(tuple(f.id for f in notes))


def chk_096(look: Look) -> Iterator[Problem]:
    """Unfinished text: ``checks.unfinished_words``, dots at the end, a sentence that breaks off. Once a section."""
    told: set[str] = set()
    for f in noted(look, Part.EVIDENCE, Part.NOTES, Part.STRENGTHS, Part.CONVERSATION, Part.IMPROVEMENTS, Part.THEMES):
        text = unquoted(look.text(f.id)).strip()
        mark = phrases(look.rules.unfinished_words).search(text) or (_CUT.search(text) if count_words(text) > 1 else None)
        if mark and place(look, f) not in told:
            told.add(place(look, f))
            yield Problem((f.id,), {"section": place(look, f), "found": clip(mark.group().strip() or "…", 3, 20)})


def chk_097(look: Look) -> Iterator[Problem]:
    """Capitals that are neither known (``checks.known_abbreviations``) nor explained in brackets. For QA, once a form."""
    texts = [look.text(f.id) for f in noted(look)]
    known = {k.upper() for k in look.rules.known_abbreviations}
    known |= {g for t in texts for hit in _EXPLAINED.finditer(t) for g in hit.groups() if g}
    lines = [line for t in texts for line in t.splitlines() if not line.isupper()]
    found = dict.fromkeys(hit.group() for line in lines for hit in _ABBREVIATION.finditer(line))
    strange = [a for a in found if a not in known and not re.fullmatch(r"[IVX]+", a)]
    if strange:
        yield Problem(values={"found": clip(listed(strange, 4), 8, 60)})


def chk_098(look: Look) -> Iterator[Problem]:
    """Sentences longer than ``checks.max_sentence_words`` on average, or a text in capitals. For QA, once a form."""
    fields = tuple(f for f in noted(look) if _is_hard(look.text(f.id), look.rules.max_sentence_words))
    if fields:
        yield Problem(tuple(f.id for f in fields), {"section": place(look, fields[0])})


def _is_hard(text: str, most: int) -> bool:
    words = len(text.split())
    shouted = words >= _ENOUGH and text.isupper()
    return shouted or (words >= _LONG_TEXT and words > most * len(_SENTENCE_END.findall(text + "\n")))


def chk_099(look: Look) -> Iterator[Problem]:
    """Words that put the blame on the child or the family (``checks.blame_words``), each once. Quotations may stand."""
    found: dict[str, list[str]] = {}
    for w in look.writings:
        for hit in phrases(look.rules.blame_words).finditer(unquoted(w.text)):
            found.setdefault(" ".join(hit.group().casefold().split()), []).append(w.field)
    if found:
        fields = tuple(dict.fromkeys(f for places in found.values() for f in places if f))
        yield Problem(fields, {"found": clip(listed(list(found), 2), 9, 60)})


def chk_100(look: Look) -> Iterator[Problem]:
    """Perhaps another child: "the boy" and "the girl" in one answer with no brother, sister or friend in it, one sex in
    some answers and the other elsewhere, or two ages more than a year apart. Numbers of other cases are CHK-104's."""
    fields = tuple(f for f in noted(look) if _OF_A_CHILD.search(look.text(f.id)) and not _SEVERAL.search(look.text(f.id)))
    by_sex = {sex: [f for f in fields if pattern.search(look.text(f.id))] for sex, pattern in _SEXES.items()}
    if all(by_sex.values()):
        odd = min(by_sex.values(), key=len)
        yield Problem(tuple(f.id for f in odd), {"section": place(look, odd[0])})
        return
    ages = [(f, int(next(filter(None, hit.groups())))) for f in fields for hit in _AGE.finditer(look.text(f.id))]
    ages = [(f, age) for f, age in ages if age in _WHOLE_LIFE]
    known = look.age_months
    first = known // 12 if known is not None else (ages[0][1] if ages else 0)
    far = [f for f, age in ages if abs(age - first) > 1]
    if far:
        yield Problem((far[0].id,), {"section": place(look, far[0])})


def chk_101(look: Look) -> Iterator[Problem]:
    """A first return edited for less than ``checks.min_edit_minutes``, where the document says how long. Nought says nothing:
    many programs keep no count."""
    minutes = look.reading.edit_minutes
    if minutes and not look.previous and minutes < look.rules.min_edit_minutes:
        yield Problem(values={"n": str(minutes)})
