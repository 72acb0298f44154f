"""draw verify FILE: do a draw again from its sampling record alone, without a store or settings (DOC-01)."""

from itertools import islice
from pathlib import Path
from typing import Annotated

import typer

from mailflow.cli.words import JsonOption, print_json, printable
from mailflow.errors import PermanentError

draw_app = typer.Typer(help="The monthly draw of cases.", no_args_is_help=True)
MOST_BYTES = 60 * 1024 * 1024
MOST_CHANGES = 10


def register(app: typer.Typer) -> None:
    app.add_typer(draw_app, name="draw")


@draw_app.callback()
def about() -> None:
    """Look at draws."""


@draw_app.command()
def verify(sheet: Annotated[Path, typer.Argument(help="A sampling record, sampling-YYMM.xlsx.", exists=True, dir_okay=False)],
           as_json: JsonOption = False) -> None:
    """Draw again from the sheet alone and compare. Fails (1) with the first differences when it is not the same draw."""
    from mailflow.process.draw.selection import draw_again
    from outbox.sheets.sampling_read import find_changes, read_record
    from parsers.workbook.tables import read_tables

    if sheet.stat().st_size > MOST_BYTES:
        raise PermanentError(f"{sheet.name} is far larger than any sampling record")
    try:
        tables = read_tables(sheet.read_bytes())
        record = draw_again(read_record(tables))
    except PermanentError as e:
        raise PermanentError(f"{sheet.name}: {e}") from e
    changes = list(islice(find_changes(tables, record), MOST_CHANGES))
    if as_json:
        print_json({"same": not changes, "cases": len(record.pairs), "frame": len(record.frame), "digest": record.digest,
                    "frame_digest": record.frame_digest, "changes": changes})
    elif changes:
        typer.echo(f"{sheet.name} is not what its frame, rules and seed draw. The first differences:")
        for change in changes:
            typer.echo(f"  {printable(change)}")
    else:
        typer.echo(f"Drawn again from {len(record.frame)} cases: the same {len(record.pairs)} cases to the same auditors.")
        typer.echo(f"Digest of the frame: {record.frame_digest}. Compare it with the one the journal kept (TS-03).")
    if changes:
        raise typer.Exit(1)
