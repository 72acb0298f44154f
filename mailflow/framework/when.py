"""Conditions as tables: ``when = {grade = "inadequate"}``. Keys are ANDed, a list means any of, rules are ORed.

The keys are a closed set; there is no language to learn and nothing to execute.
"""

from dataclasses import dataclass, fields
from typing import Any


@dataclass(frozen=True)
class When:
    """A condition on one audit; an empty one always holds. Texts are compared as written in the profile."""

    grade: tuple[str, ...] = ()
    level: tuple[int, ...] = ()
    type: tuple[str, ...] = ()
    service: tuple[str, ...] = ()
    category: tuple[str, ...] = ()
    level_at_least: int | None = None
    level_at_most: int | None = None
    grade_rank_at_least: int | None = None
    grade_rank_at_most: int | None = None
    needs_second_reaudit: bool | None = None
    outcomes_not_achieved: bool | None = None


@dataclass(frozen=True)
class Facts:
    """What a condition may ask about. ``grade_rank`` is 1 (inadequate) to 4, 0 where there is no grade."""

    grade: str = ""
    grade_rank: int = 0
    level: int = 0
    type: str = "audit"
    service: str = ""
    category: str = ""
    needs_second_reaudit: bool = False
    outcomes_not_achieved: bool = False


def holds(when: When, facts: Facts) -> bool:
    """Does every key of the condition hold?"""
    for name in ("grade", "level", "type", "service", "category"):
        wanted = getattr(when, name)
        if wanted and getattr(facts, name) not in wanted:
            return False
    for name in ("needs_second_reaudit", "outcomes_not_achieved"):
        wanted = getattr(when, name)
        if wanted is not None and wanted != getattr(facts, name):
            return False
    return _in_bounds(facts.level, when.level_at_least, when.level_at_most) and (
        (when.grade_rank_at_least is None and when.grade_rank_at_most is None)
        or (facts.grade_rank > 0 and _in_bounds(facts.grade_rank, when.grade_rank_at_least, when.grade_rank_at_most))
    )


def _in_bounds(value: int, low: int | None, high: int | None) -> bool:
    return (low is None or value >= low) and (high is None or value <= high)


def parse_when(plain: Any, where: str) -> tuple[When, list[str]]:
    """A table from the profile → a condition, and a sentence for each thing wrong with it."""
    if not isinstance(plain, dict):
        return When(), [f"{where}: a condition is a table, such as {{grade = \"inadequate\"}}"]
    known = {f.name: f for f in fields(When)}
    problems = [f"{where}.{key}: not a condition; choose from {', '.join(known)}" for key in plain if key not in known]
    values: dict[str, Any] = {}
    for key, value in plain.items():
        if key in ("grade", "level", "type", "service", "category"):
            kind: type = int if key == "level" else str
            items = value if isinstance(value, list) else [value]
            if not items or not all(type(i) is kind for i in items):
                problems.append(f"{where}.{key}: give {'a number' if kind is int else 'a text'}, or a list of them")
            values[key] = tuple(items)
        elif key in known:
            plain_kind: type = bool if key in ("needs_second_reaudit", "outcomes_not_achieved") else int
            if type(value) is not plain_kind:
                problems.append(f"{where}.{key}: give {'true or false' if plain_kind is bool else 'a number'}")
            values[key] = value
    return (When() if problems else When(**values)), problems
