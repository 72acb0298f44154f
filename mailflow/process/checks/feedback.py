"""CHK-010, 039, 075 … 085: the views of family and others (domain 4.7), on the form itself or on a feedback form of its own.

Where the QA team asks the family (a red case), no check chases the auditor for it (G-84). Those marked B* in the domain
block unless ``feedback.blocks_acceptance`` is "none" (``kinds.STEERED``).
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from mailflow.form.definition import FormField
from mailflow.form.family import split_feedback
from mailflow.model import Feedback, FeedbackState, Severity
from mailflow.model.feedback import combined
from mailflow.process.checks.family import fields_for, read_feedback, source_words
from mailflow.process.checks.family_rules import (
    comes_apart,
    is_enough,
    is_tried_out,
    of_source,
    owed_by_qa,
)
from mailflow.process.checks.look import Look, Problem
from mailflow.process.checks.text import clip, listed, uk_day

# Heading of what is said about views that stand in no field of the audit form.
TITLE = "The family's views"
_TIME = re.compile(r"(?<!\d)(\d{1,2})(?:[:.h](\d\d))?\s*([ap])?\.?m?\b", re.IGNORECASE)
_HOUR = 60
_NOT_ASKED = (FeedbackState.DECLINED, FeedbackState.NOT_POSSIBLE, FeedbackState.POSTED)


def views(look: Look) -> dict[str, Feedback]:
    """Source → what is known: the form under the eyes of the checks, and every feedback form that came."""
    part = read_feedback(look.form, look.reading, look.submission.ref, "form", look.submission.sender)
    return combined((*part, *(f for f in look.scene.feedback if f.origin != "form")))


def chk_010(look: Look) -> Iterator[Problem]:
    """Both items came back: the audit, and something about the family's views (F0-RET-01, SCN-13)."""
    if _nothing_came(look):
        yield _problem(look, _wanted(look)[:1])


def chk_039(look: Look) -> Iterator[Problem]:
    """Views given on or after the meeting; on its very day where ``same_day_as_meeting``, unless QA or the post asked."""
    met, rules = look.header_day("met"), look.scene.framework.feedback
    for f in views(look).values():
        if not (met and f.given_on and f.is_answered):
            continue
        same_day = rules.same_day_as_meeting and not f.posted_on and not f.posted and not owed_by_qa(look.scene)
        if f.given_on < met or (same_day and f.given_on != met):
            yield _problem(look, [f.source], {"day": uk_day(f.given_on)}, part="on", wording="before" if f.given_on < met else "")


def chk_075(look: Look) -> Iterator[Problem]:
    """Enough tries with day and outcome, or views, or a reason. One point, whoever is meant."""
    rules = look.scene.framework.feedback
    if owed_by_qa(look.scene) or _nothing_came(look):
        return
    known = views(look)
    short = [s for s in _wanted(look) if _can_log(look, s) and not any(
        is_enough(f, look.scene.framework) or _is_for_chk_076(look, f) for f in of_source(known, s, look.scene.framework))]
    tried_out = [s for s in short if any(is_tried_out(f, look.scene.framework) for f in of_source(known, s, look.scene.framework))]
    if short:
        yield _problem(look, short, {"n": str(rules.attempts)}, part="attempt", wording="reply" if tried_out == short else "")


def chk_076(look: Look) -> Iterator[Problem]:
    """Tried in vain and no form posted, where the auditor sees to that; the QA team is asked by itself (T-64)."""
    for f in views(look).values():
        if _is_for_chk_076(look, f):
            yield _problem(look, [f.source], part="posted")


def chk_077(look: Look) -> Iterator[Problem]:
    """Two tries within the same hour are one."""
    for f in views(look).values():
        times = sorted((a.on, m) for a in f.attempts if a.on and (m := minutes_of(a.at)) is not None)
        gaps = [b[1] - a[1] for a, b in pairwise(times) if a[0] == b[0]]
        if gaps and min(gaps) <= _HOUR:
            gap = min(gaps)
            yield _problem(look, [f.source], {"gap": f"{gap} minute{'' if gap == 1 else 's'}" if gap else "no time"},
                           part="attempt")


def chk_078(look: Look) -> Iterator[Problem]:
    """A red case is the QA team's to ring, and the auditor has (SCN-12)."""
    if not owed_by_qa(look.scene):
        return
    auditor = look.scene.audit.auditor
    part = read_feedback(look.form, look.reading, look.submission.ref, "form")
    theirs = (*part, *(f for f in look.scene.feedback if f.origin != "form" and f.by == auditor))
    rang = [f.source for f in combined(theirs).values() if f.attempts or f.is_answered or f.declined]
    if rang:
        yield _problem(look, rang)


def chk_079(look: Look) -> Iterator[Problem]:
    """The practitioner was asked first, where the profile wants it and a form asks; a reason says it as well (F0-FBK-02)."""
    asks = [f for f in views(look).values() if f.asked_first is not None]
    rang = [f for f in asks if (f.attempts or f.is_answered) and not f.asked_first and not f.reason]
    if look.scene.framework.feedback.ask_worker_first and rang and not owed_by_qa(look.scene):
        yield _problem(look, [rang[0].source], part="asked_first")


def chk_080(look: Look) -> Iterator[Problem]:
    """Answers, or a reason why there are none: each source by itself (Q45, G-85)."""
    for f in views(look).values():
        if f.is_answered and f.reason:
            yield _problem(look, [f.source], part="reason", weight=_lenient(look, f))


def chk_081(look: Look) -> Iterator[Problem]:
    """Who answered, where a form asks for it (Q43)."""
    for f in views(look).values():
        if f.is_answered and f.who is not None and not f.who.strip():
            yield _problem(look, [f.source], part="who")


def chk_082(look: Look) -> Iterator[Problem]:
    """How it was to work with us: a whole number from 0 to 10 (Q48)."""
    for f in views(look).values():
        if f.score_said and f.score is None:
            yield _problem(look, [f.source], {"found": clip(f.score_said, 4, 40)}, part="score", weight=_lenient(look, f))


def chk_083(look: Look) -> Iterator[Problem]:
    """Everybody in ``feedback.sources`` has views, a reason or at least a try; what CHK-010, 013 and 075 say is not said twice."""
    if owed_by_qa(look.scene) or _nothing_came(look):
        return
    known, told = views(look), {p for problem in chk_075(look) for p in problem.detail.split(", ")}
    silent = [s for s in _wanted(look) if s not in told and not _is_asked_one_by_one(look, s)
              and all(f.state is FeedbackState.WANTED for f in of_source(known, s, look.scene.framework))]
    if silent:
        yield _problem(look, silent, {"sources": clip(listed([source_words(s) for s in silent]), 12, 120)})


def chk_084(look: Look) -> Iterator[Problem]:
    """Somebody who said no has no answers."""
    for f in views(look).values():
        if f.declined and f.is_answered:
            yield _problem(look, [f.source], part="declined")


def chk_085(look: Look) -> Iterator[Problem]:
    """Two parents seldom say the same in the same words."""
    known = views(look)
    if "parent" in known and "parent2" in known:
        first, second = (_words_of(known[s]) for s in ("parent", "parent2"))
        if first and first == second:
            yield _problem(look, ["parent2"], part="answer")


def is_spoken_for(look: Look, f: FormField) -> bool:
    """A blank question about somebody's views that is not asked for by itself: the QA team asks them, CHK-010 says that
    nothing came, they could not be asked, or they were not wanted and nothing was said of them (G-84, G-85)."""
    sources = {s for s, _ in map(split_feedback, f.feedback)}
    if not sources or owed_by_qa(look.scene) or _nothing_came(look):
        return bool(sources)
    known = views(look)
    return all(known[s].state in _NOT_ASKED or (s not in _wanted(look) and known[s].state is FeedbackState.WANTED)
               for s in sources if s in known)


def is_family_score(f: FormField) -> bool:
    """A score that CHK-082 speaks for."""
    return any(part == "score" for _, part in map(split_feedback, f.feedback))


def _wanted(look: Look) -> tuple[str, ...]:
    return look.scene.framework.feedback.sources


def _lenient(look: Look, found: Feedback) -> Severity | None:
    """A slip on the QA team's own form is no reason to send the audit back to its auditor (G-84)."""
    return Severity.WARN if owed_by_qa(look.scene) and found.origin == "apart" else None


def _nothing_came(look: Look) -> bool:
    """A feedback form is one of the items, the auditor owes it, and nobody's views, tries or reasons are here."""
    if not comes_apart(look.scene.framework) or owed_by_qa(look.scene):
        return False
    return all(f.state is FeedbackState.WANTED for f in views(look).values())


def _can_log(look: Look, source: str) -> bool:
    """Is there a place for tries: a feedback form, or the form's own?"""
    return comes_apart(look.scene.framework) or bool(fields_for(look.form, source, "attempt"))


def _is_for_chk_076(look: Look, found: Feedback) -> bool:
    rules = look.scene.framework.feedback
    return (rules.post_after_attempts and rules.post_by == "auditor" and found.source in rules.post_to
            and is_tried_out(found, look.scene.framework) and not owed_by_qa(look.scene))


def _is_asked_one_by_one(look: Look, source: str) -> bool:
    """The form's own questions for that source are required, so CHK-013 has asked for each."""
    return any(f.required for f in fields_for(look.form, source))


def _words_of(found: Feedback) -> tuple[str, ...]:
    return tuple(" ".join(re.findall(r"\w+", words.casefold())) for _, words in found.answers)


def _problem(look: Look, sources: tuple[str, ...] | list[str], values: dict[str, str] | None = None, *, part: str = "",
             wording: str = "", weight: Severity | None = None) -> Problem:
    """A problem at the form's own questions for those sources, or under a heading of its own where it has none."""
    fields = [f for s in sources for f in fields_for(look.form, s, part) or fields_for(look.form, s)[:1]]
    kept = tuple(f.id for f in fields if f.id not in look.reading.missing)
    return Problem(kept, values or {}, wording, weight, ", ".join(sources), "" if kept else TITLE)


def minutes_of(text: str) -> int | None:
    """"10:05", "10.30am", "2pm" → minutes after midnight; None where no time can be read."""
    found = _TIME.search(text)
    if found is None or (found[2] is None and found[3] is None):
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    if found[3]:
        hour = hour % 12 + (12 if found[3].lower() == "p" else 0)
    return hour * 60 + minute if hour < 24 and minute < 60 else None
