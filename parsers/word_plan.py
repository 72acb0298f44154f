"""How an ordinary row reads, known by the letters of its pieces; kept, since a form has only a dozen different rows."""

import re
from functools import lru_cache
from typing import NamedTuple

from parsers import word_names as is_

# One paragraph, at most one bookmark and one control, and the text last.
_ORDINARY = re.compile(r"N?P?(?P<mark>M?)(?:(?P<control>S)(?P<tag>G?)(?P<more>[HID]*))?(?P<text>T*)")


class Plan(NamedTuple):
    """Where the parts of an ordinary holder stand among its pieces; -1 for what it has not."""

    mark: int
    control: int
    tag: int
    described: range
    first_text: int
    after_text: int
    spans: bool


@lru_cache(maxsize=2048)
def make_plan(letters: str, at: int = 0) -> Plan | None:
    """The plan for these letters, counted from ``at``; None for a holder that is not ordinary."""
    found = _ORDINARY.fullmatch(letters)
    if found is None:
        return None
    described = range(at + found.start("more"), at + found.end("more")) if found["more"] else range(0)
    return Plan(
        mark=at + found.start("mark") if found["mark"] else -1, control=at + found.start("control") if found["control"] else -1,
        tag=at + found.start("tag") if found["tag"] else -1, described=described,
        first_text=at + found.start("text"), after_text=at + found.end("text"), spans=letters.startswith(is_.SPAN),
    )


@lru_cache(maxsize=2048)
def row_plan(letters: str) -> tuple[Plan, ...] | None:
    """The plans of a row of ordinary cells, counted from the row's first piece. A form has a dozen different rows."""
    before, *cells = letters.split(is_.CELL)
    plans: list[Plan] = []
    at = 1
    for own in cells:
        plan = make_plan(own, at)
        # A control or bookmark at the very end may belong to the next cell: only looking can tell.
        if plan is None or plan.spans or own[-1:] not in (is_.TEXT, is_.PARA, ""):
            return None
        plans.append(plan)
        at += len(own) + 1
    return tuple(plans) if not before and plans else None
