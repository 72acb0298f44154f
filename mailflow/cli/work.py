"""run · once · rehearse · release · backup."""

from pathlib import Path
from typing import Annotated

import typer

from mailflow.cli.words import (
    DEFAULT_CONFIG,
    AtOption,
    ConfigOption,
    JsonOption,
    find_policy,
    locked_house,
    moment,
    print_json,
    print_table,
    progress,
    set_up_logging,
)
from mailflow.errors import PermanentError


def register(app: typer.Typer) -> None:
    for command in (run, once, rehearse, release, backup):
        app.command()(command)


def run(config: ConfigOption = DEFAULT_CONFIG,
        verbose: Annotated[bool, typer.Option("--verbose", help="Say what each pass did.")] = False) -> None:
    """The daemon: look at the mailbox, do what is due, send what is ready; until it is stopped."""
    from mailflow.daemon import run_forever

    set_up_logging(verbose)
    with locked_house(config) as house:
        run_forever(house)


def once(config: ConfigOption = DEFAULT_CONFIG, at: AtOption = "", as_json: JsonOption = False,
         dry_run: Annotated[bool, typer.Option("--dry-run", help="Work on a copy; write and send nothing.")] = False) -> None:
    """One pass of the daemon."""
    from dataclasses import asdict

    from mailflow.daemon import run_once

    set_up_logging(False)
    if dry_run:
        _dry_once(config, at, as_json)
        return
    with locked_house(config) as house:
        done = run_once(house, moment(at))
    if as_json:
        print_json(asdict(done))
    else:
        typer.echo(f"{done.received} received, {done.decided} decided, {done.reminded} audits reminded, "
                   f"{done.sent} letters sent.")


def _dry_once(config: Path, at: str, as_json: bool) -> None:
    from mailflow.rehearsal import dry_pass

    letters, messages = dry_pass(find_policy(config), moment(at))
    if as_json:
        print_json({"letters": letters, "messages": messages})
        return
    print_table("Messages, and what would become of them", ("from", "disposition", "reason", "audit"),
                [(m["from"], m["disposition"], m["reason"], m["audit"]) for m in messages], "No new message.")
    print_table("Letters that would leave", ("code", "to", "audit", "subject"),
                [(x["code"], x["to"], x["audit"], x["subject"]) for x in letters], "No letter would leave.")
    typer.echo("Nothing was written, moved or sent.")


def rehearse(
    start: Annotated[str, typer.Option("--from", help="First day, e.g. 2026-09-01.")],
    end: Annotated[str, typer.Option("--to", help="Last day.")],
    config: ConfigOption = DEFAULT_CONFIG, as_json: JsonOption = False,
    keep: Annotated[Path | None, typer.Option(help="Keep the scratch folder here.")] = None,
) -> None:
    """The same daemon on a chosen clock, on a copy of the store; lists the letters that would leave. Sends nothing."""
    from mailflow.rehearsal import rehearse_days

    policy = find_policy(config)
    first, last = moment(f"{start}T00:00"), moment(f"{end}T23:59")
    if last < first:
        raise PermanentError("--to is before --from")
    with progress("rehearsing") as step:
        letters = rehearse_days(policy, first, last, keep, step)
    if as_json:
        print_json(letters)
    else:
        print_table("Letters that would leave", ("when", "code", "to", "audit", "subject"),
                    [(x["sent_at"], x["code"], x["to"], x["audit"], x["subject"]) for x in letters],
                    "No letter would leave in that time.")


def release(
    what: Annotated[str, typer.Argument(help="L12 (a letter), M7 (a message), or all-letters.")],
    config: ConfigOption = DEFAULT_CONFIG, at: AtOption = "",
    audit: Annotated[str, typer.Option(help="For a message: the audit it belongs to.")] = "",
) -> None:
    """Let a held letter or message go on."""
    from mailflow.steps.release import release_held

    with locked_house(config) as house:
        for line in release_held(house, what, audit.strip().upper(), moment(at)):
            typer.echo(line)


def backup(target: Annotated[Path, typer.Argument(help="The copy's name.")], config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Make a verified copy of the store; works beside a running daemon."""
    from mailflow.cli.words import find_settings, look_store

    settings = find_settings(config)
    with look_store(settings) as store:
        store.backup(target)
    typer.echo(f"{target}: copied and verified. Keep it as safe as the store itself.")


