"""programme YEAR."""

from pathlib import Path
from typing import Annotated

import typer

from mailflow.cli.words import DEFAULT_CONFIG, AtOption, ConfigOption, find_policy, moment
from mailflow.errors import PermanentError


def register(app: typer.Typer) -> None:
    app.command()(programme)


def programme(
    year: Annotated[int, typer.Argument(help="The year, e.g. 2027.", min=2000, max=2099)],
    out: Annotated[Path, typer.Option("--out", help="The folder to write to.")] = Path(),
    config: ConfigOption = DEFAULT_CONFIG, at: AtOption = "",
) -> None:
    """The year's cycles, due days, moderation months and activities: a calendar (.ics) and a sheet (.xlsx)."""
    from mailflow.process.cycle.programme import find_events
    from outbox.sheets.programme import compose_calendar, compose_programme_sheet

    policy, now = find_policy(config), moment(at)
    events = find_events(policy.framework, year)
    domain = policy.settings.mailbox.address.rpartition("@")[2]
    made = (compose_calendar(events, year, policy.settings.council.name, domain, now),
            compose_programme_sheet(events, year, now, policy.framework.send.marking))
    try:
        out.mkdir(parents=True, exist_ok=True)
        for document in made:
            (out / document.name).write_bytes(document.data)
            typer.echo(f"made {out / document.name}")
    except OSError as e:
        raise PermanentError(f"{out} cannot be written to: {e.strerror}") from e
