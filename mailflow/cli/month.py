"""open MONTH."""

from typing import Annotated

import typer

from mailflow.cli.words import (
    DEFAULT_CONFIG,
    AtOption,
    ConfigOption,
    JsonOption,
    locked_house,
    moment,
    print_json,
    print_table,
    progress,
)


def register(app: typer.Typer) -> None:
    app.command("open")(open_one)


def open_one(
    month: Annotated[str, typer.Argument(help="The month, e.g. 2026-11.")], config: ConfigOption = DEFAULT_CONFIG,
    seed: Annotated[str, typer.Option(help="A seed of your own for the draw; else one is made and kept.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the draw; write and send nothing.")] = False,
    as_json: JsonOption = False, at: AtOption = "",
) -> None:
    """Draw the month's cases, allocate them, and queue the letters with their forms.

    Opened ahead of its time, a month's letters wait for its first working morning.
    """
    from dataclasses import asdict

    from mailflow.steps.month.opening import open_month, opening_moment

    with locked_house(config) as house, progress("allocating") as step:
        done = open_month(house, month, opening_moment(house, month, moment(at)) if not at else moment(at), seed=seed,
                          dry=dry_run, progress=step)
    if as_json:
        print_json({**asdict(done), "opens_on": done.opens_on.isoformat(), "due_on": done.due_on.isoformat()})
        return
    print_table(f"Cycle {done.cycle}: {done.opens_on:%d/%m/%Y} to {done.due_on:%d/%m/%Y}",
                ("reference", "case", "auditor"), done.allocated, "No case could be drawn.")
    if done.carried:
        typer.echo(f"Carried over: {', '.join(done.carried)}.")
    for who, why in done.unserved:
        typer.echo(f"No case for {who}: {why}.")
    for ref in done.waiting:
        typer.echo(f"{ref} is not given out yet: `mailflow why {ref}` says why.")
    left_out = len(done.exclusions)
    typer.echo(f"{left_out} {'case was' if left_out == 1 else 'cases were'} left out of the draw.")
    typer.echo(f"Seed {done.seed}: the same seed and the same sheets draw the same cases.")
    typer.echo("Nothing was written or sent." if dry_run else "The letters leave with the next pass of the daemon.")
