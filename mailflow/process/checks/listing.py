"""The checks as a list for people: what each is called, how heavy it is under a framework, why, and in which words."""

from collections.abc import Mapping
from dataclasses import dataclass

from mailflow.framework import Framework
from mailflow.model import Severity
from mailflow.process.checks.kinds import FIXED, STEERED, severity_of
from mailflow.process.checks.order import CHECKS, MODERATION

# What is checked in the case note we make ourselves: (check, severity, rule).
CASENOTE = (("CHK-118", Severity.BLOCK, "F1-REC-01"), ("CHK-119", Severity.BLOCK, "F1-REC-01"))


@dataclass(frozen=True)
class Listed:
    """One check. ``severity`` is the framework's, ``also`` what it may be instead by what is found; ``key`` the profile's key
    that decides it, "" where only ``[checks.severity]`` does; ``fixed`` that nothing may; ``words`` are key → text."""

    id: str
    severity: Severity
    also: tuple[Severity, ...]
    of: str
    rule: str
    key: str
    fixed: bool
    words: dict[str, str]


def list_checks(framework: Framework, words: Mapping[str, str]) -> tuple[Listed, ...]:
    """Every check there is, by its number. ``words`` come from :func:`mailflow.framework.words.load_words`."""
    rows = [(c.id, c.severity, c.also, "form", c.source) for c in CHECKS]
    rows += [(c.id, c.severity, c.also, "moderation", c.source) for c in MODERATION if c.id not in {x.id for x in CHECKS}]
    rows += [(check, severity, (), "case note", rule) for check, severity, rule in CASENOTE]
    found = []
    for check, severity, also, of, rule in rows:
        now = severity_of(check, severity, framework) if of != "case note" else severity
        chosen = check not in FIXED and check in framework.checks.severity
        key = f"checks.severity.{check}" if chosen else STEERED[check].key if check in STEERED else ""
        texts = {k: text for k, text in words.items() if k.partition(".")[0] == check}
        others = () if chosen or now == Severity.OFF else tuple(s for s in also if s != now)
        fixed = check in FIXED or of == "case note"
        found.append(Listed(check, now, others, of, rule, key, fixed, texts))
    return tuple(sorted(found, key=lambda c: c.id))
