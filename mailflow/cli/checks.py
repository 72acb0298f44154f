"""checks: every check of a returned form, as this framework weighs it. Made from the tables the daemon runs."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mailflow.cli.words import DEFAULT_CONFIG, ConfigOption, JsonOption, find_policy, print_json, print_table

if TYPE_CHECKING:
    from mailflow.framework import Framework

FrameworkOption = Annotated[str, typer.Option("--framework", help="A framework by name; else your mailflow.toml's, else base.")]
# A framework by itself has no domains yet; letters are no part of this list.
_ANY_DOMAIN = {"send": {"allowed_domains": ["council.example"]}}


def register(app: typer.Typer) -> None:
    app.command()(checks)


def checks(framework: FrameworkOption = "", config: ConfigOption = DEFAULT_CONFIG, as_json: JsonOption = False) -> None:
    """Every check: its severity in this framework, the rule it rests on, the words the auditor is told."""
    from mailflow.process.checks import list_checks

    rules, words = _find_framework(framework, config)
    rows = list_checks(rules, words)
    if as_json:
        print_json({"framework": rules.id, "checks": [
            {"id": r.id, "severity": r.severity, "also": r.also, "of": r.of, "rule": r.rule, "key": r.key, "fixed": r.fixed,
             "words": r.words} for r in rows]})
        return
    print_table(f"Checks of {rules.id}", ("check", "severity", "rule", "words"), [
        (r.id, " or ".join((r.severity, *r.also)), r.rule, next(iter(r.words.values()))) for r in rows], "There are no checks.")
    keys = "; ".join(f"{r.id} {r.key}" for r in rows if r.key)
    typer.echo(f"Decided by the profile: {keys}. Never weaker: {', '.join(r.id for r in rows if r.fixed)}.")
    typer.echo("Another severity: [profile.checks.severity] in mailflow.toml, \"CHK-086\" = block, warn, info or off.")


def _find_framework(name: str, config: Path) -> tuple["Framework", dict[str, str]]:
    """The framework with its words: the one named, else the settings', else base. Raises ConfigError."""
    from mailflow.framework import framework_folders, load_framework
    from mailflow.framework.words import load_words

    path = config / "mailflow.toml" if config.is_dir() else config
    if not name and (path.is_file() or config != DEFAULT_CONFIG):
        policy = find_policy(config)
        return policy.framework, policy.words
    name = name or "base"
    return load_framework(name, _ANY_DOMAIN), dict(load_words(framework_folders(name)))
