"""CHK-041 … 051: the actions. Rows that only say "none" are no actions.

Where the form has a column of letters (A, B, C) a letter says when, and no date is asked for. Their clock starts at the
issue, which comes after these checks, so CHK-047 allows ``checks.letter_slack_days`` for it.
"""

import re
from collections.abc import Iterator
from datetime import date
from difflib import SequenceMatcher
from itertools import combinations

from mailflow.framework.durations import read_duration
from mailflow.model import Severity
from mailflow.process.checks.completeness import plan_fields
from mailflow.process.checks.look import LONDON, Action, Look, Problem
from mailflow.process.checks.text import clip, count_words, looks_like_a_date, uk_day

_SAME = 0.85
_SHORT = 6
_HOURS = 24


def chk_041(look: Look) -> Iterator[Problem]:
    """Every action has an owner: the one named, or the part the profile names."""
    for a in look.actions:
        if not a.owner and not look.scene.framework.actions.default_owner:
            yield Problem(fields=(a.ids.get("owner", a.ids["text"]),), values={"n": str(a.n)})


def chk_042(look: Look) -> Iterator[Problem]:
    """Every action says when, by a date or by a letter where the form has letters."""
    for a in look.actions:
        letter = a.priority.text.strip() if a.priority else ""
        if not a.due.text.strip() and not letter:
            where = a.ids["priority" if a.priority else "due"]
            yield Problem(fields=(where,), values={"n": str(a.n)}, wording="letter" if a.priority else "")


def chk_043(look: Look) -> Iterator[Problem]:
    """The letter is one of those the form lists."""
    for a in look.actions:
        if a.priority and a.priority.text.strip() and (a.priority.value is None or len(a.priority.value) != 1):
            yield Problem(fields=(a.ids["priority"],), values={"n": str(a.n), "found": clip(a.priority.text, 4, 40)})


def chk_044(look: Look) -> Iterator[Problem]:
    """When is a date, not "ASAP" or "ongoing". A date beside the words ("ASAP, by 12 June 2026") will do."""
    for a in look.actions:
        said = a.due.text.strip()
        if said and a.due_on is None and not looks_like_a_date(said):
            yield Problem(fields=(a.ids["due"],), values={"n": str(a.n), "found": clip(said)})


def chk_045(look: Look) -> Iterator[Problem]:
    """Not due before the audit ended, which is the meeting; due between the meeting and the first return only warns:
    it may have been done meanwhile, and an amended form comes later still."""
    ended = look.header_day("met") or look.header_day("started")
    first = look.earlier[0] if look.earlier else look.previous
    returned = first.received_at.astimezone(LONDON).date() if first else look.received_on
    for a in look.actions:
        if a.due_on and ended and a.due_on < ended <= look.received_on:
            yield Problem(fields=(a.ids["due"],), values={"n": str(a.n)})
        elif a.due_on and a.due_on < returned:
            yield Problem(fields=(a.ids["due"],), wording="returned", severity=Severity.WARN, values={"n": str(a.n)})


def chk_046(look: Look) -> Iterator[Problem]:
    """Due within ``checks.far_action_months``."""
    for a in look.actions:
        months = _months(look.received_on, a.due_on) if a.due_on else 0
        if months > look.scene.framework.checks.far_action_months:
            yield Problem(fields=(a.ids["due"],), values={"n": str(a.n), "months": str(months)})


def _months(start: date, end: date) -> int:
    """Months begun between two days: 1 January to 2 July is 7."""
    return (end.year - start.year) * 12 + end.month - start.month + (end.day > start.day)


def chk_047(look: Look) -> Iterator[Problem]:
    """A date beside a letter lies within the letter's days, counted from the return."""
    for a in look.actions:
        days, ahead = _days_of(look, a), (a.due_on - look.received_on).days if a.due_on else 0
        if a.priority and a.due_on and days is not None and ahead > days + look.rules.letter_slack_days:
            values = {"n": str(a.n), "letter": (a.priority.value or "").upper(), "day": uk_day(a.due_on)}
            yield Problem((a.ids["due"], a.ids["priority"]), values)


def _days_of(look: Look, action: Action) -> int | None:
    """A letter's days: the profile's where its letters count (``actions.priority``), else the form's ``due_days``."""
    rules, letter = look.scene.framework.actions, (action.priority.value or "").upper() if action.priority else ""
    if rules.priority != "abc" or letter not in rules.abc:
        return action.days
    count, unit = read_duration(rules.abc[letter])
    return count if unit == "d" else -(-count // _HOURS)


def chk_048(look: Look) -> Iterator[Problem]:
    """One person or role, not "all" or "the team"."""
    vague = {_bare(w) for w in look.scene.framework.checks.vague_owners}
    for a in look.actions:
        if a.owner and _bare(a.owner) in vague:
            yield Problem(fields=(a.ids["owner"],), values={"n": str(a.n)})


def chk_049(look: Look) -> Iterator[Problem]:
    """Six words or more say what will change. Whether it opens with a verb and names an outcome is for people to see."""
    for a in look.actions:
        if a.text and count_words(a.text) < _SHORT:
            yield Problem(fields=(a.ids["text"],), values={"n": str(a.n)})


def chk_050(look: Look) -> Iterator[Problem]:
    """No two actions alike."""
    for a, b in combinations([x for x in look.actions if x.text], 2):
        match = SequenceMatcher(None, _bare(a.text), _bare(b.text), autojunk=False)
        # The quick ratios are never below the true one, and cost a tenth of it.
        if match.real_quick_ratio() >= _SAME and match.quick_ratio() >= _SAME and match.ratio() >= _SAME:
            yield Problem(fields=(a.ids["text"], b.ids["text"]), values={"a": str(a.n), "b": str(b.n)})


def chk_051(look: Look) -> Iterator[Problem]:
    """Inadequate has at least one action (an empty plan is CHK-029's); more than ``checks.max_actions`` warns."""
    count = len(look.actions)
    if look.rank(look.grade) == 1 and not count and look.has_plan and look.form.tables:
        yield Problem(fields=plan_fields(look), wording="none", severity=Severity.BLOCK,
                      values={"grade": look.say(look.grade)})
    elif count > look.scene.framework.checks.max_actions:
        yield Problem(fields=(look.actions[-1].ids["text"],), values={"n": str(count)})


def _bare(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))
