"""The merged profile → a frozen Framework, every problem listed at once with file and key (see ``layers`` for the files).

The last layer is the council's own: ``[profile]`` in mailflow.toml.
"""

import dataclasses
import re
import types
import typing
from collections.abc import Callable
from enum import Enum
from pathlib import Path
from typing import Any

from mailflow.errors import ConfigError
from mailflow.framework.layers import as_roots, framework_folders, read_layers
from mailflow.framework.schema import Framework
from mailflow.framework.sense import faults
from mailflow.framework.when import When, parse_when

# Key → the closed set of values it may take.
CHOICES: dict[str, tuple[str, ...]] = {
    "framework.record_system": ("generic", "liquidlogic", "mosaic"),
    "identity.mode": ("id_only", "initials", "initials_dob_year", "full_name"),
    "calendar.division": ("england-and-wales", "scotland", "northern-ireland"),
    "calendar.draw": ("first_working_day", "last_working_day_previous_month"),
    "calendar.due": ("last_working_day",),
    "calendar.starts": ("by_itself", "by_hand"),
    "selection.approval": ("qa", "none"),
    "selection.own_team": ("bar", "allow"),
    "selection.source": ("sheet", "annex_a"),
    "selection.method": ("random", "nominated", "themed"),
    "selection.self_select": ("never", "hos_approval"),
    "selection.replace_withdrawn_until": ("never", "mid_cycle"),
    "allocation.tell_practitioner": ("none", "ref", "case"),
    "allocation.tell_when": ("opening", "selection"),
    "audit.self_assessment": ("off", "before_meeting"),
    "absence.scope": ("service", "any"),
    "form.carrier": ("docx", "xlsx"),
    "feedback.post_by": ("qa", "auditor"),
    "feedback.blocks_acceptance": ("none", "attempt", "reply"),
    "actions.priority": ("none", "abc"),
    "actions.urgent_alert_on": ("acceptance", "receipt"),
    "grades.item_scale": ("none", "resp5"),
    "return.late": ("accept_until_close", "reject"),
    "qa.on_timeout": ("alert", "send_points"),
    "issue.sender": ("system", "auditor"),
    "issue.inadequate_notice": ("same_working_day", "with_report"),
    "followup.proof": ("tm_reply", "tm_reply+qa_check"),
    "reaudit.mode": ("all", "sample"),
    "moderation.when": ("after_acceptance", "month_table", "panel"),
    "moderation.on_disagree": ("moderator_decides", "meet_tm_agree_grade"),
    "moderation.grade_effect": ("keep_both",),
    "moderation.audit_quality_scale": ("none", "audit5"),
    "learning.feedback_sessions": ("off", "monthly"),
    "learning.make_a_difference": ("off", "moderated_good"),
    "inbound.require_auth": ("off", "dmarc_pass", "spf_or_dkim"),
}
_LEAVE = ("at_once", "morning")
_Where = Callable[[str], str]
_PRIVATE = ("P0", "P1", "P2", "P3")
_REMINDER = re.compile(r"^(start\+|due-)\d+wd$")


def load_framework(name: str, overrides: dict[str, Any] | None = None, root: Path | tuple[Path, ...] | None = None,
                   overrides_from: str = "mailflow.toml [profile]") -> Framework:
    """The framework over all it extends, and the council's overrides over that. Raises ConfigError, every problem at once.

    ``root`` are the templates folders, nearest first; without it, those that came with mailflow.
    """
    roots = as_roots(root)
    layers = read_layers(name, roots, overrides or {}, overrides_from)
    problems: list[str] = []
    framework = _build(Framework, layers.merged, "", layers.where, problems)
    if not problems:
        problems += _sense(framework, layers.merged, layers.where, framework_folders(name, roots))
    if problems:
        raise ConfigError(problems)
    return typing.cast(Framework, framework)


def _build(kind: Any, plain: Any, key: str, where: _Where, problems: list[str]) -> Any:
    if kind is When:
        when, wrong = parse_when(plain, where(key))
        problems += wrong
        return when
    if dataclasses.is_dataclass(kind):
        return _build_table(kind, plain, key, where, problems)
    origin, args = typing.get_origin(kind), typing.get_args(kind)
    if origin is tuple:
        if not isinstance(plain, list):
            problems.append(f"{where(key)}: give a list")
            return ()
        return tuple(_build(args[0], v, f"{key}.{n}", where, problems) for n, v in enumerate(plain, 1))
    if origin is dict:
        if not isinstance(plain, dict):
            problems.append(f"{where(key)}: give a table")
            return {}
        return {k: _build(args[1], v, f"{key}.{k}", where, problems) for k, v in plain.items()}
    if origin in (typing.Union, types.UnionType):
        return _build(args[0], plain, key, where, problems)
    return _scalar(kind, plain, key, where, problems)


def _scalar(kind: Any, plain: Any, key: str, where: _Where, problems: list[str]) -> Any:
    if isinstance(kind, type) and issubclass(kind, Enum):
        if plain in [m.value for m in kind]:
            return kind(plain)
        problems.append(f"{where(key)}: {plain!r} is not one of {', '.join(str(m.value) for m in kind)}")
        return next(iter(kind))
    if kind is float and type(plain) is int:
        return float(plain)
    if type(plain) is not kind:
        problems.append(f"{where(key)}: expected {_WORDS[kind]}, found {plain!r}")
    elif key in CHOICES and plain not in CHOICES[key]:
        problems.append(f"{where(key)}: {plain!r} is not one of {', '.join(CHOICES[key])}")
    elif kind is int and plain < 0:
        problems.append(f"{where(key)}: {plain} is below zero")
    return plain


_WORDS = {int: "a whole number", str: "a text", bool: "true or false", float: "a number"}
_RENAMED = {"back": "return"}


def _build_table(kind: Any, plain: Any, key: str, where: _Where, problems: list[str]) -> Any:
    dotted = f"{key}." if key else ""
    if not isinstance(plain, dict):
        problems.append(f"{where(key)}: give a table")
        return None
    hints = typing.get_type_hints(kind)
    known = {_RENAMED.get(f.name, f.name): f for f in dataclasses.fields(kind)}
    problems += [f"{where(dotted + k)}: unknown key" for k in plain if k not in known]
    values = {}
    for name, f in known.items():
        if name in plain:
            values[f.name] = _build(hints[f.name], plain[name], dotted + name, where, problems)
        elif f.default is dataclasses.MISSING and f.default_factory is dataclasses.MISSING:
            problems.append(f"{where(dotted + name)}: missing")
            values[f.name] = None
    return kind(**values)


def _sense(fw: Framework, merged: dict[str, Any], where: _Where, folders: tuple[Path, ...]) -> list[str]:
    """What each value alone cannot show: windows that make no sense, letters without a text, an empty domain list."""
    bad: list[str] = []
    if not fw.send.allowed_domains:
        bad.append(f"{where('send.allowed_domains')}: empty; name the domains letters may go to")
    bad += [f"{where('send.allowed_domains')}: {d!r} is not a domain" for d in fw.send.allowed_domains
            if not re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", d)]
    if not fw.safety.enabled:
        bad.append(f"{where('safety.enabled')}: the safety path may not be switched off")
    if not 0 <= fw.send.hour <= 23:
        bad.append(f"{where('send.hour')}: {fw.send.hour} is not an hour of the day")
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", fw.office.close):
        bad.append(f"{where('office.close')}: {fw.office.close!r} is not a time such as 17:00")
    for soft, hard in (("soft_wd", "hard_wd"), ("discussion_soft_wd", "discussion_hard_wd")):
        if getattr(fw.revision, soft) > getattr(fw.revision, hard):
            bad.append(f"{where('revision.' + soft)}: the reminder would come after the limit ({hard})")
    if fw.revision.hard_wd < 1 or fw.revision.max_rounds < 1:
        bad.append(f"{where('revision.hard_wd')}: leave at least one working day and one round")
    if fw.qa.target_wd < 1:
        bad.append(f"{where('qa.target_wd')}: leave the QA team at least one working day")
    bad += [f"{where(key)}: {words}" for key, words in faults(fw, merged)]
    bad += [f"{where('allocation.reminders')}: {r!r} is not like start+5wd or due-2wd"
            for r in fw.allocation.reminders if not _REMINDER.match(r)]
    for code, rule in fw.letters.items():
        if rule.leave not in _LEAVE or rule.private not in _PRIVATE or not rule.to:
            bad.append(f"{where('letters.' + code)}: needs to, private (P0-P3) and leave (at_once or morning)")
        if not any((folder / "letters" / f"{code}.md").is_file() for folder in folders):
            bad.append(f"{where('letters.' + code)}: the text letters/{code}.md is missing")
    if not any((folder / "form.toml").is_file() for folder in folders):
        bad.append(f"{where('form.id')}: no form.toml")
    return bad
