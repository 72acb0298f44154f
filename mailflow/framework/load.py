"""templates/<framework>/profile.toml → a frozen Framework, every problem listed at once with file and key.

Tables merge, lists replace (domain 2.6). The last layer is the council's own: ``[profile]`` in mailflow.toml.
"""

import dataclasses
import re
import tomllib
import types
import typing
from enum import Enum
from importlib.resources import files
from pathlib import Path
from typing import Any

from mailflow.errors import ConfigError
from mailflow.framework.schema import Framework
from mailflow.framework.when import When, parse_when

# Key → the closed set of values it may take.
CHOICES: dict[str, tuple[str, ...]] = {
    "framework.record_system": ("generic", "liquidlogic", "mosaic"),
    "identity.mode": ("id_only", "initials", "initials_dob_year", "full_name"),
    "calendar.division": ("england-and-wales", "scotland", "northern-ireland"),
    "calendar.draw": ("first_working_day", "last_working_day_previous_month"),
    "calendar.due": ("last_working_day",),
    "selection.own_team": ("bar", "allow"),
    "selection.source": ("sheet", "annex_a"),
    "selection.method": ("random", "nominated"),
    "selection.self_select": ("never", "hos_approval"),
    "selection.replace_withdrawn_until": ("never", "mid_cycle"),
    "allocation.tell_practitioner": ("none", "ref", "case"),
    "allocation.tell_when": ("opening", "selection"),
    "audit.self_assessment": ("off", "before_meeting"),
    "absence.scope": ("service", "any"),
    "form.carrier": ("docx", "xlsx"),
    "grades.scale": ("ofsted4",),
    "grades.section_scale": ("ofsted4", "sos10", "resp5", "none"),
    "return.late": ("accept_until_close", "reject"),
    "qa.on_timeout": ("alert", "send_points"),
    "issue.sender": ("system", "auditor"),
    "inbound.require_auth": ("off", "dmarc_pass", "spf_or_dkim"),
}
_LEAVE = ("at_once", "morning")
_PRIVATE = ("P0", "P1", "P2", "P3")
_REMINDER = re.compile(r"^(start\+|due-)\d+wd$")


def templates_root() -> Path:
    """The templates that came with mailflow: inside the wheel, or beside the packages in a checkout."""
    inside = Path(str(files("mailflow"))) / "_templates"
    return inside if inside.is_dir() else Path(str(files("mailflow"))).parent / "templates"


def framework_folders(name: str, root: Path | None = None) -> tuple[Path, ...]:
    """The folders a framework's texts are looked for in, nearest first (its own, then base)."""
    root = root or templates_root()
    return (root / name, root / "base") if name != "base" else (root / "base",)


def load_framework(name: str, overrides: dict[str, Any] | None = None, root: Path | None = None,
                   overrides_from: str = "mailflow.toml [profile]") -> Framework:
    """Read base, the framework over it, and the council's overrides over both. Raises ConfigError."""
    root = root or templates_root()
    problems: list[str] = []
    merged: dict[str, Any] = {}
    origin: dict[str, str] = {}
    layers = [root / "base" / "profile.toml"] + ([root / name / "profile.toml"] if name != "base" else [])
    for path in layers:
        if not re.fullmatch(r"[a-z0-9][a-z0-9.-]*", name) or not path.is_file():
            raise ConfigError(f"there is no framework named {name!r} ({path} is not a file)")
        try:
            plain = tomllib.loads(path.read_text(encoding="utf-8"))
        except tomllib.TOMLDecodeError as e:
            raise ConfigError(f"{path}: {e}") from e
        _merge(merged, plain, origin, f"templates/{path.parent.name}/profile.toml")
    _merge(merged, overrides or {}, origin, overrides_from)
    where = _Where(origin, layers[-1])
    framework = _build(Framework, merged, "", where, problems)
    if not problems:
        problems += _sense(framework, merged, where, framework_folders(name, root))
    if problems:
        raise ConfigError(problems)
    return typing.cast(Framework, framework)


class _Where:
    """Names the file a key came from."""

    def __init__(self, origin: dict[str, str], last: Path) -> None:
        self._origin, self._last = origin, last

    def __call__(self, key: str) -> str:
        probe = key
        while probe and probe not in self._origin:
            probe = probe.rpartition(".")[0]
        return f"{self._origin.get(probe, f'templates/{self._last.parent.name}/profile.toml')}: {key}"


def _merge(into: dict[str, Any], plain: dict[str, Any], origin: dict[str, str], source: str, prefix: str = "") -> None:
    for key, value in plain.items():
        name = f"{prefix}{key}"
        origin[name] = source
        if name == "calendar" and value.get("replace_months"):
            into.get("calendar", {}).pop("months", None)
        if isinstance(value, dict) and isinstance(into.get(key), dict) and key != "when":
            _merge(into[key], value, origin, source, name + ".")
        else:
            into[key] = _copied(value)
            if isinstance(value, dict):
                origin.update({f"{name}.{k}": source for k in value})


def _copied(value: Any) -> Any:
    return {k: _copied(v) for k, v in value.items()} if isinstance(value, dict) else value


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
    bad += [f"{where('calendar.months.' + m)}: months are \"01\" to \"12\"" for m in fw.calendar.months
            if not re.fullmatch(r"0[1-9]|1[0-2]", m)]
    bad += [f"{where('allocation.reminders')}: {r!r} is not like start+5wd or due-2wd"
            for r in fw.allocation.reminders if not _REMINDER.match(r)]
    bad += [f"{where('calendar.months.' + m)}: there is no [types.{month.type}]"
            for m, month in fw.calendar.months.items() if month.type not in fw.types]
    for check in ("CHK-002", "CHK-004", "CHK-072", "CHK-104"):
        if check in merged.get("checks", {}).get("severity", {}):
            bad.append(f"{where('checks.severity.' + check)}: this check's severity may not be changed")
    for code, rule in fw.letters.items():
        if rule.leave not in _LEAVE or rule.private not in _PRIVATE or not rule.to:
            bad.append(f"{where('letters.' + code)}: needs to, private (P0-P3) and leave (at_once or morning)")
        if not any((folder / "letters" / f"{code}.md").is_file() for folder in folders):
            bad.append(f"{where('letters.' + code)}: the text letters/{code}.md is missing")
    if not any((folder / "form.toml").is_file() for folder in folders):
        bad.append(f"{where('form.id')}: no form.toml")
    return bad
