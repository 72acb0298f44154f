"""CHK-116 and 117: a re-audit beside the audit it repeats (F1-REA-01). ``look.parent`` is that audit's last return."""

import re
from collections.abc import Iterator
from dataclasses import replace

from mailflow.form.definition import Part
from mailflow.form.passages import words_of
from mailflow.process.checks.look import Action, Look, Problem
from mailflow.process.checks.text import clip, phrases

# Words this short say little about which action is meant, and so large a share of the others must be found again.
_SHORT, _SHARE = 3, 0.5
_EXPLAINING = (Part.EVIDENCE, Part.CONVERSATION, Part.NOTES)


def chk_116(look: Look) -> Iterator[Problem]:
    """Each action of the last audit is answered: in a paragraph or a row that names it, by its number ("Action 2") or by
    half its words, with a word such as done, partly or not (``checks.done_words``)."""
    if look.parent is None or look.scene.audit.level < 1:
        return
    paragraphs = [p for w in look.writings for p in re.split(r"\n+", w.text) if phrases(look.rules.done_words).search(p)]
    open_ones = [a for a in replace(look, submission=look.parent, parent=None).actions if not _answered(a, paragraphs)]
    for a in open_ones:
        yield Problem(_where(look), {"n": str(a.n), "action": clip(a.text, 7, 60)})


def _answered(action: Action, paragraphs: list[str]) -> bool:
    wanted = {w for w in words_of(action.text) if len(w) > _SHORT}
    named = re.compile(rf"\b(?:action|no\.?|number)\s*{action.n}\b|^\s*{action.n}[.):]", re.IGNORECASE)
    return any(named.search(p) or len(wanted & set(words_of(p))) >= max(1, _SHARE * len(wanted)) for p in paragraphs)


def _where(look: Look) -> tuple[str, ...]:
    """Where the answer would stand: a question of its own, the notes of the conversation, else the overall reasons."""
    fields = look.asking("earlier") or look.by_part(Part.CONVERSATION) or look.by_part(Part.EVIDENCE, domains=False)
    return tuple(f.id for f in fields[:1])


def chk_117(look: Look) -> Iterator[Problem]:
    """A lower grade than last time, and no word that compares (``checks.comparison_words``) in the reasons."""
    if look.parent is None or look.scene.audit.level < 1:
        return
    before = replace(look, submission=look.parent, parent=None).grade
    why = tuple(f for part in _EXPLAINING for f in look.by_part(part, domains=False))
    worse = 0 < look.rank(look.grade) < look.rank(before)
    if worse and not phrases(look.rules.comparison_words).search(look.joined(why)):
        fields = tuple(f.id for f in look.by_part(Part.GRADE, domains=False) if f.stage != "pre")
        yield Problem((*fields, *(f.id for f in why)), {"before": look.say(before), "after": look.say(look.grade)})
