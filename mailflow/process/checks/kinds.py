"""What a row of the tables of checks is, and the severity a framework gives it."""

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from mailflow.framework import Framework
from mailflow.framework.schema_people import Auditing
from mailflow.framework.sense import FIXED
from mailflow.model import Finding, Severity
from mailflow.process.checks.look import Look, Problem
from mailflow.process.checks.seen import WHOLE

__all__ = ["FIXED", "STEERED", "B", "Check", "I", "Steer", "W", "run_table", "severity_of"]

B, W, I = Severity.BLOCK, Severity.WARN, Severity.INFO  # noqa: E741  (the domain's own letters)


class Check(NamedTuple):
    """One row: the check, its severity where the profile says nothing, what asks it, and the rule it comes from.

    ``also`` are the severities it may give instead, by what it finds ("0 actions blocks, 11 warn").
    """

    id: str
    severity: Severity
    ask: Callable[[Look], Iterator[Problem]]
    source: str
    also: tuple[Severity, ...] = ()


class Steer(NamedTuple):
    """A key of the profile that decides a check's severity (B* in the domain)."""

    key: str
    severity: Callable[[Framework], Severity]


def _views(framework: Framework) -> Severity:
    return W if framework.feedback.blocks_acceptance == "none" else B


def _assessment(rules: Auditing) -> Severity:
    if rules.self_assessment == "off":
        return Severity.OFF
    return B if rules.self_assessment_blocks else W


STEERED: Mapping[str, Steer] = {
    **{check: Steer("feedback.blocks_acceptance", _views) for check in ("CHK-010", "CHK-075", "CHK-076")},
    "CHK-016": Steer("grades.integer_only", lambda fw: B if fw.grades.integer_only else W),
    "CHK-026": Steer("audit.collaborative", lambda fw: B if fw.audit.collaborative else Severity.OFF),
    "CHK-027": Steer("audit.self_assessment_blocks", lambda fw: _assessment(fw.audit)),
    "CHK-056": Steer("grades.item_scale", lambda fw: W if fw.grades.item_scale != "none" else Severity.OFF),
    "CHK-091": Steer("grades.descriptors", lambda fw: W if fw.grades.descriptors else Severity.OFF),
    "CHK-102": Steer("identity.mode", lambda fw: B if fw.identity.mode != "full_name" else Severity.OFF),
}


def severity_of(check_id: str, severity: Severity, framework: Framework) -> Severity:
    """The severity under that framework: what ``[checks.severity]`` says, else the key that steers it, else the table's."""
    chosen = None if check_id in FIXED else framework.checks.severity.get(check_id)
    steer = STEERED.get(check_id)
    return chosen or (steer.severity(framework) if steer else severity)


def run_table(look: Look, table: tuple[Check, ...], words: Mapping[str, str],
              stoppers: frozenset[str] = frozenset(), always: frozenset[str] = frozenset(),
              again: frozenset[str] | None = None) -> tuple[Finding, ...]:
    """Every check in order. After a block of one of the ``stoppers`` only the ``always`` are asked, up to the first other.

    Where only some are asked ``again``, the others keep what the submission's findings say.
    """
    found: list[Finding] = []
    for check in table:
        stopped = any(f.check in stoppers and f.severity == Severity.BLOCK for f in found)
        if stopped and check.id not in always:
            break
        if again is not None and check.id not in again:
            found += [f for f in look.submission.findings if f.check == check.id]
            continue
        severity = severity_of(check.id, check.severity, look.scene.framework)
        if severity != Severity.OFF:
            found += [_finding(look, check, severity, p, words) for p in check.ask(look)]
    return tuple(found)


def _finding(look: Look, check: Check, severity: Severity, p: Problem, words: Mapping[str, str]) -> Finding:
    """What ``[checks.severity]`` says comes first, then the problem's own, then the table's or the steering key's."""
    key = f"{check.id}.{p.wording}" if p.wording else check.id
    first = look.form.find_field(p.fields[0]) if p.fields else None
    section = "" if p.section == WHOLE else p.section or (first.section if first else "")
    chosen = check.id not in FIXED and check.id in look.scene.framework.checks.severity
    return Finding(check.id, severity if chosen else p.severity or severity, words[key].format(**p.values), p.fields,
                   look.title(section) if section in {s.id for s in look.form.sections} else section, p.detail)
