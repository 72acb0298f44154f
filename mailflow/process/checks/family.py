"""A form's answers → what each source said, by the ``feedback`` keys of its questions and never by a form's name.

Every part is a row of :data:`TAKE`. Blank boxes and "Not applicable" say nothing.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from mailflow.form.definition import FormDefinition, FormField, FormTable
from mailflow.form.family import split_feedback
from mailflow.model import Answer, Attempt, Feedback, Reading, Route
from mailflow.model.feedback import SOURCES
from mailflow.process.checks.text import days_in, says_not_applicable

_POST = re.compile(r"\b(post(ed)?|letter|freepost)\b", re.IGNORECASE)
_IN_PERSON = re.compile(r"\b(visit(ed)?|in person|face to face|met|meeting)\b", re.IGNORECASE)
_PHONE = re.compile(r"\b(phone[ds]?|telephone[ds]?|rang|ring|call(ed)?|mobile|text(ed)?)\b", re.IGNORECASE)
MOST_SCORE = 10
_BLANK = Answer("", "")


@dataclass(frozen=True)
class Said:
    """One answer of one source. ``shared`` where the same box speaks for more than one."""

    field: FormField
    text: str
    value: str
    shared: bool = False

    @property
    def day(self) -> date | None:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", self.value):
            return date.fromisoformat(self.value)
        found = days_in(self.text)
        return found[-1] if found else None

    @property
    def is_yes(self) -> bool:
        return self.value == "yes" or bool(re.match(r"\W*y(es)?\b", self.text, re.IGNORECASE))

    @property
    def is_no(self) -> bool:
        return self.value == "no" or bool(re.match(r"\W*no?\b", self.text, re.IGNORECASE))


def read_feedback(form: FormDefinition, reading: Reading, ref: str, origin: str, by: str = "",
                  at: datetime | None = None, whose: str = "") -> tuple[Feedback, ...]:
    """Each source the form has questions for, whether anything was answered or not; in the form's order.

    A form that asks whose views it holds, and is not told, holds those of ``whose``; of nobody where that is "".
    """
    chosen = find_source(form, reading) or whose
    found: dict[str, Feedback] = {}
    for source, part, said in _answers(form, reading, chosen):
        so_far = found.get(source) or Feedback(ref, source, origin, by=by, received_at=at)
        found[source] = TAKE[part](so_far, said)
    for table, source in _tables(form, chosen):
        so_far = found.get(source) or Feedback(ref, source, origin, by=by, received_at=at)
        found[source] = replace(so_far, attempts=(*so_far.attempts, *_rows(table, reading)))
    together = _without_shared_reasons(form, reading, found)
    return tuple(_finished(f) for f in together.values())


def find_source(form: FormDefinition, reading: Reading) -> str:
    """Whose views a form of one source holds, by what was chosen in it; "" where it does not ask or nobody says."""
    for f in form.fields:
        if ("", "source") in map(split_feedback, f.feedback):
            value = (reading.answers.get(f.id, _BLANK).value or reading.answer(f.id)).casefold().strip()
            return next((s for c, s in zip(f.choices, f.sources, strict=True) if c.casefold() == value), "")
    return ""


def fields_for(form: FormDefinition, source: str, part: str = "") -> tuple[FormField, ...]:
    """The questions that speak of one source, or of one part of its views."""
    return tuple(f for f in form.fields if any(
        s == source and part in ("", p) for s, p in map(split_feedback, f.feedback)))


def _answers(form: FormDefinition, reading: Reading, chosen: str) -> Iterator[tuple[str, str, Said]]:
    for f in form.fields:
        targets = [split_feedback(x) for x in f.feedback]
        for source, part in targets:
            if part != "source" and (source or chosen):
                a = reading.answers.get(f.id, _BLANK)
                blank = says_not_applicable(a.text) and part != "asked"
                text, value = ("", "") if blank else (a.text.strip(), a.value or "")
                yield source or chosen, part, Said(f, text, value, len(targets) > 1)


def _tables(form: FormDefinition, chosen: str) -> Iterator[tuple[FormTable, str]]:
    for table in form.tables:
        for said in table.feedback:
            source = split_feedback(said)[0] or chosen
            if source:
                yield table, source


def _rows(table: FormTable, reading: Reading) -> Iterator[Attempt]:
    """The rows with anything in them. ``outcome`` is asked only where the table has such a column."""
    columns = {c.id.rpartition(".")[2]: c for c in table.columns}
    for row in reading.rows.get(table.id, ()):
        cells = {name: row.get(name) or row.get(c.id) or _BLANK for name, c in columns.items()}
        if any(a.text.strip() for a in cells.values()):
            on = cells.get("on", _BLANK)
            outcome = cells["outcome"].text.strip() if "outcome" in cells else None
            yield Attempt(Said(columns.get("on", table.columns[0]), on.text, on.value or "").day,
                          cells.get("at", _BLANK).text.strip(), cells.get("how", _BLANK).text.strip(), outcome)


def _who(f: Feedback, said: Said) -> Feedback:
    return replace(f, who=said.text or f.who or "")


def _on(f: Feedback, said: Said) -> Feedback:
    return replace(f, given_on=said.day or f.given_on)


def _attempt(f: Feedback, said: Said) -> Feedback:
    return replace(f, attempts=(*f.attempts, Attempt(said.day))) if said.text else f


def _posted(f: Feedback, said: Said) -> Feedback:
    return replace(f, posted=f.posted or said.is_yes or said.day is not None, posted_on=said.day or f.posted_on)


def _declined(f: Feedback, said: Said) -> Feedback:
    return replace(f, declined=f.declined or said.is_yes)


def _reason(f: Feedback, said: Said) -> Feedback:
    return replace(f, reason=said.text or f.reason)


def _asked_first(f: Feedback, said: Said) -> Feedback:
    return replace(f, asked_first=bool(f.asked_first) or said.is_yes)


def _answer(f: Feedback, said: Said) -> Feedback:
    return replace(f, answers=(*f.answers, (said.field.label, said.text))) if said.text else f


def _score(f: Feedback, said: Said) -> Feedback:
    if not said.text:
        return f
    whole = int(said.value) if said.value.isdigit() and int(said.value) <= MOST_SCORE else None
    return replace(f, score=whole, score_said=said.text)


def _reply(f: Feedback, said: Said) -> Feedback:
    return replace(f, reply=said.text or f.reply)


def _asked(f: Feedback, said: Said) -> Feedback:
    """"Not applicable" is a reason in itself; "No" turns what stands beside it into one (``said`` comes after it)."""
    if says_not_applicable(said.text):
        return replace(f, reason=said.text)
    return replace(f, reason=_NOT_ASKED) if said.is_no else f


def _words(f: Feedback, said: Said) -> Feedback:
    """What they said, or, where they were not asked, why."""
    if f.reason == _NOT_ASKED:
        return replace(f, reason=said.text)
    if f.reason:
        return replace(f, reason=said.text or f.reason)
    return _answer(f, said)


# Stands for the reason between a "No" and the box beside it; never kept.
_NOT_ASKED = "\0"
TAKE: dict[str, Callable[[Feedback, Said], Feedback]] = {
    "who": _who, "on": _on, "attempt": _attempt, "attempts": lambda f, said: f, "posted": _posted, "declined": _declined,
    "reason": _reason, "asked_first": _asked_first, "answer": _answer, "score": _score, "reply": _reply,
    "asked": _asked, "said": _words,
}


def _without_shared_reasons(form: FormDefinition, reading: Reading, found: dict[str, Feedback]) -> dict[str, Feedback]:
    """One box that says why "somebody" was not asked is no contradiction for those who did answer (CHK-080)."""
    shared: dict[str, list[str]] = defaultdict(list)
    for f in form.fields:
        for source, part in map(split_feedback, f.feedback):
            if part == "reason" and len(f.feedback) > 1 and source in found:
                shared[f.id].append(source)
    for sources in shared.values():
        if not all(found[s].is_answered for s in sources):
            found |= {s: replace(found[s], reason="") for s in sources if found[s].is_answered}
    return found


def _finished(f: Feedback) -> Feedback:
    """The route in a word, and the day of the last try where views were given and nobody says when."""
    f = replace(f, reason="" if f.reason == _NOT_ASKED else f.reason)
    given = f.given_on or (f.attempts[-1].on if f.is_answered and f.attempts else None)
    return replace(f, given_on=given, route=_route(f))


def _route(f: Feedback) -> Route:
    how = " ".join(a.how for a in f.attempts)
    if f.posted or f.posted_on or _POST.search(how):
        return Route.POST
    if _IN_PERSON.search(how):
        return Route.IN_PERSON
    return Route.PHONE if _PHONE.search(how) or f.attempts else Route.UNSAID


def source_words(source: str) -> str:
    return SOURCES.get(source, source)
