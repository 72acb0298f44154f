"""`mailflow read FILE|FOLDER`: the command, its forms, and where its lines go. No library of documents is loaded before it runs."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import closing, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mailflow.cli.words import JsonOption, find_settings, print_json, progress
from mailflow.errors import ConfigError

if TYPE_CHECKING:
    from mailflow.cli.reading.gather import Found
    from mailflow.cli.reading.kept import Kept, Line
    from mailflow.form.definition import FormDefinition

Forms = tuple["FormDefinition", ...]
CANNOT_BE_USED = 65


def register(app: typer.Typer) -> None:
    app.command()(read)


def read(where: Annotated[Path, typer.Argument(help="A returned form, or a folder of them.", exists=True, metavar="FILE|FOLDER")],
         form: Annotated[str, typer.Option("--form", help="Its id, or a form.toml. Without it, every form is tried.")] = "",
         config: Annotated[Path | None, typer.Option("--config", help="Your mailflow.toml, for forms of your own.")] = None,
         as_json: JsonOption = False,
         out: Annotated[Path | None, typer.Option("--out", dir_okay=False, help="Add a JSON line a document to this file; "
                                                  "run again, documents already in it are not read again.")] = None) -> None:
    """Read one document, or every document in a folder: each answer, and any text that went into none.

    Fails with 1 when something needs a person, and with 65 when the one document can't be used.
    """
    forms = choose_forms(form, config)
    if where.is_file():
        read_one(where, forms, as_json, out)
    else:
        read_folder(where, forms, as_json, out)


def choose_forms(name: str, config: Path | None) -> Forms:
    """The forms to read by: a council's own before those that came with mailflow. Raises ConfigError."""
    from mailflow.form.shelf import get_forms, list_forms
    from mailflow.framework import templates_root

    own = find_settings(config).templates if config is not None else None
    roots = (own, templates_root()) if own is not None else (templates_root(),)
    forms = get_forms(name, *roots) if name else list_forms(*roots)
    if not forms:
        raise ConfigError("there is no form to read by")
    return forms


def read_one(where: Path, forms: Forms, as_json: bool, out: Path | None) -> None:
    from mailflow.cli.reading.facts import Teller
    from mailflow.cli.reading.facts import as_json as told
    from mailflow.cli.reading.gather import find_documents
    from mailflow.cli.reading.kept import Kept
    from mailflow.cli.reading.show import show_reading
    from mailflow.model import Status

    with Kept(out) if out else nullcontext() as kept, progress(f"reading {where.name}"):
        [line] = read_lines(find_documents(where).found, forms)
        if kept is not None:
            kept.add(line)
    facts = json.loads(line.text)
    if as_json:
        typer.echo(told(facts, indent=1))
    else:
        show_reading(facts, Teller(forms).find_form(facts["form"], facts["edition"]))
    if line.status != Status.READABLE or line.person:
        raise typer.Exit(1 if line.status == Status.READABLE else CANNOT_BE_USED)


def read_folder(where: Path, forms: Forms, as_json: bool, out: Path | None) -> None:
    """JSON lines as they are done, to standard output or to ``out``; then, for people or beside ``out``, the sum of it all."""
    from mailflow.cli.reading.gather import find_documents
    from mailflow.cli.reading.kept import Kept
    from mailflow.cli.reading.show import Summary, show_summary

    summary, streamed = Summary(), as_json and out is None
    with Kept(out) if out else nullcontext() as kept:
        gathered = find_documents(where, out)
        if gathered.links:
            typer.echo(f"Not followed, as they lead out of the folder: {', '.join(gathered.links)}", err=True)
        for line in _with_bar(read_lines(gathered.found, forms, kept), len(gathered.found), streamed):
            summary.add(line)
            if streamed:
                typer.echo(line.text)
            elif kept is not None and not line.kept:
                kept.add(line)
    if not as_json:
        show_summary(summary)
    elif not streamed:
        print_json(summary.as_plain())
    if summary.persons:
        raise typer.Exit(1)


def read_lines(found: "tuple[Found, ...]", forms: Forms, kept: "Kept | None" = None,
               size: int = os.cpu_count() or 1) -> "Iterator[Line]":
    """A line for each document, in their order, read by ``size`` children fed by as many threads."""
    from mailflow.cli.reading.many import Bench, in_order
    from parsers.sandbox import Pool

    size = max(1, min(size, len(found)))
    with closing(Pool(forms, size)) as pool, closing(in_order(Bench(pool, forms, kept).read, found, size)) as lines:
        yield from lines


def _with_bar(lines: "Iterator[Line]", total: int, streamed: bool) -> "Iterator[Line]":
    """The same lines, with a bar meanwhile; none where the lines themselves run down the same screen."""
    if streamed and sys.stdout.isatty():
        yield from lines
        return
    with progress("reading") as step:
        step(0, total)
        for n, line in enumerate(lines, 1):
            yield line
            step(n, total)
