"""How an ordinary row reads, known by the letters of its pieces; kept, since a form has only a dozen different rows."""

import re
from functools import lru_cache
from typing import NamedTuple

from parsers.word import names as is_

# One paragraph, at most one bookmark and one control, and the text last.
_ORDINARY = re.compile(r"N?P?(?P<mark>M?)(?:(?P<control>S)(?P<tag>G?)(?P<more>[HID]*))?(?P<text>T*)")
_WRAP = re.compile(r"S(?P<tag>G?)(?P<more>[HID]*)")
# A control after all else most likely stands round the next cell; who follows the plan must look.
_WRAP_OF_NEXT = re.compile(r"(?<=[TPN])SG?[HID]*$|^SG?[HID]*$")


class Plan(NamedTuple):
    """Where the parts of an ordinary holder stand among its pieces; -1 for what it has not."""

    mark: int
    control: int
    tag: int
    described: range
    first_text: int
    after_text: int
    spans: bool
    # Where the cell itself stands, and whether its control stands round it.
    cell: int
    wraps: bool = False


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
        cell=at - 1,
    )


@lru_cache(maxsize=2048)
def row_plan(letters: str) -> tuple[Plan, ...] | None:
    """The plans of a row of ordinary cells, counted from the row's first piece. A form has a dozen different rows."""
    outer, *cells = letters.split(is_.CELL)
    plans: list[Plan] = []
    at = len(outer) + 1
    for own in cells:
        found = _WRAP_OF_NEXT.search(own)
        ahead = found[0] if found else ""
        core = own[:len(own) - len(ahead)]
        plan = make_plan(core, at) if _ends_plainly(core) else None
        if plan is not None and outer:
            plan = _wrapped(plan, outer)
        if plan is None:
            return None
        plans.append(plan)
        outer = ahead
        at += len(own) + 1
    return tuple(plans) if not outer and plans else None


def _wrapped(plan: Plan, outer: str) -> Plan | None:
    """The plan of a cell that stands in a control; None where it holds another one."""
    found = _WRAP.fullmatch(outer)
    if found is None or plan.control >= 0:
        return None
    at = plan.cell - len(outer)
    described = range(at + found.start("more"), at + found.end("more")) if found["more"] else range(0)
    return plan._replace(control=at, tag=at + 1 if found["tag"] else -1, described=described, wraps=True)


def _ends_plainly(own: str) -> bool:
    """A control or bookmark at the very end may belong to what comes next: only looking can tell."""
    return own[-1:] in (is_.TEXT, is_.PARA, is_.SPAN, "")
