"""The command line: one Typer app, and the one place where exceptions become words and exit codes."""

import sys

import typer

from mailflow import __version__
from mailflow.cli import checks, cycle, draw, inspect, month, programme, setup, work
from mailflow.cli.forms import forms
from mailflow.cli.frameworks import frameworks
from mailflow.cli.reading import command as reading
from mailflow.errors import Brake, Broken, ConfigError, MailflowError, PermanentError, TemporaryError

EXIT_CODES = ((ConfigError, 2), (Brake, 3), (PermanentError, 65), (TemporaryError, 75), (Broken, 70))

app = typer.Typer(name="mailflow", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
                  help="Case-file audits for children's social care, there and back, by email.")
setup.register(app)
month.register(app)
draw.register(app)
cycle.register(app)
programme.register(app)
work.register(app)
inspect.register(app)
reading.register(app)
checks.register(app)
app.add_typer(forms)
app.add_typer(frameworks)


def _say_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"mailflow {__version__}")
        raise typer.Exit


@app.callback()
def common(
    version: bool = typer.Option(False, "--version", help="Say which mailflow this is.", callback=_say_version,
                                 is_eager=True),
) -> None:
    """Every command takes --config; without it, mailflow.toml of this folder is read."""


def main() -> None:
    """Run a command; a user's mistake ends as a sentence and an exit code, never as a traceback."""
    try:
        app()
    except MailflowError as e:
        problems = e.problems if isinstance(e, ConfigError) else [str(e)]
        for problem in problems:
            print(f"mailflow: {problem}", file=sys.stderr)
        sys.exit(next((code for kind, code in EXIT_CODES if isinstance(e, kind)), 70))
    except BrokenPipeError:
        # The reader of our output (head, less) went away; nothing to say to it.
        sys.stderr.close()
        sys.exit(0)
