"""`mailflow forms`: the forms there are, their blanks, and whether a restyled blank may be used."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mailflow.cli.words import JsonOption, print_json, print_table, printable
from mailflow.errors import PermanentError

if TYPE_CHECKING:
    from mailflow.form.definition import FormDefinition

# sysexits.h: the input was wrong in some way.
_BAD_DATA = 65

forms = typer.Typer(name="forms", no_args_is_help=True,
                    help="The forms mailflow ships, and your own: blanks to restyle, and checks.")


@forms.command(name="list")
def list_them(as_json: JsonOption = False) -> None:
    """Every form there is, with its edition and title."""
    from mailflow.form.shelf import list_forms
    from mailflow.framework import templates_root

    found = [{"id": f.id, "edition": f.edition, "title": f.title, "kind": _kind_of(f), "questions": len({x.item for x in f.fields})}
             for f in list_forms(templates_root())]
    if as_json:
        print_json(found)
        return
    print_table("Forms", ("id", "edition", "title", "blank", "questions"), [tuple(f.values()) for f in found], "There is no form.")


@forms.command()
def blank(name: Annotated[str, typer.Argument(help="A form's id, or a path to a form.toml.")],
          out: Annotated[Path, typer.Option("--out", help="The file to write; .docx or .xlsx.", dir_okay=False)]) -> None:
    """Write a form's blank, to be restyled in Word or Excel."""
    form = _find_form(name)
    if out.suffix.lower() == ".xlsx":
        from outbox.blank.workbook import build_workbook

        data = build_workbook(form)
    elif out.suffix.lower() == ".docx":
        from outbox.blank.word_form import build_template

        data = build_template(form)
    else:
        raise PermanentError(f"{out.name}: write a name that ends in .docx or .xlsx; {form.id} is meant for {_kind_of(form)}")
    try:
        out.write_bytes(data)
    except OSError as e:
        raise PermanentError(f"{out}: {e.strerror or e}") from e
    typer.echo(f"{out}: {form.title}, form {form.id}, edition {form.edition}. Restyle it, then: mailflow forms check {out} "
               f"--form {name}")


@forms.command()
def check(file: Annotated[Path, typer.Argument(help="A restyled blank.", exists=True, dir_okay=False)],
          name: Annotated[str, typer.Option("--form", help="The form's id, or a path to its form.toml.")],
          as_json: JsonOption = False) -> None:
    """May this restyled blank be used? Fails (65) when something that sending or reading needs is gone, and says what."""
    from mailflow.cli.checking import check_blank

    form = _find_form(name)
    faults = check_blank(file.read_bytes(), file.name, form)
    bad = [f for f in faults if f.stops]
    if as_json:
        print_json({"file": str(file), "form": form.id, "accepted": not bad,
                    "faults": [{"place": f.place, "words": f.words, "stops": f.stops} for f in faults]})
    else:
        for f in faults:
            typer.echo(printable(("" if f.stops else "Note: ") + (f"{f.place}: " if f.place else "") + f.words))
        typer.echo(f"{file.name} may be used as {form.id}." if not bad else
                   f"{file.name} can't be used as {form.id} yet: {len(bad)} thing{'s' * (len(bad) > 1)} to put right.")
    if bad:
        raise typer.Exit(_BAD_DATA)


@forms.command(name="compile")
def compile_them(
    blank: Annotated[Path, typer.Argument(help="Your own blank form: Word, Excel or a PDF form.", exists=True, dir_okay=False)],
    out: Annotated[Path, typer.Option("--out", help="The folder to write to.", file_okay=False)],
    stamp: Annotated[bool, typer.Option("--stamp", help="Also write a copy of a Word blank marked for sending.")] = False,
) -> None:
    """Make the form.toml that reads your own form's returns, with a doctor's report on the blank."""
    from mailflow.cli.compiling import compile_form

    compile_form(blank, out, stamp=stamp)


def _find_form(name: str) -> "FormDefinition":
    """The newest edition of the form with that id. Raises ConfigError naming the forms there are."""
    from mailflow.form.shelf import get_forms
    from mailflow.framework import templates_root

    return get_forms(name, templates_root())[-1]


def _kind_of(form: "FormDefinition") -> str:
    """A form with sheets is a workbook."""
    return "xlsx" if any(s.sheet for s in form.sections) else "docx"
