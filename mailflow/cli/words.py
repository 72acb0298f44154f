"""What commands share: the settings option, tables or JSON, one progress bar."""

import json
import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from mailflow.errors import ConfigError, PermanentError

if TYPE_CHECKING:
    from mailflow.config import Settings
    from mailflow.steps.house import House, Policy
    from mailflow.store import Store

LONDON = ZoneInfo("Europe/London")
ConfigOption = Annotated[Path, typer.Option("--config", help="Your mailflow.toml.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print plain JSON, for other programs.")]
AtOption = Annotated[str, typer.Option("--at", help="Pretend it is this moment, e.g. 2026-09-01T09:00 (London).")]
DEFAULT_CONFIG = Path("mailflow.toml")


def find_settings(config: Path) -> "Settings":
    """mailflow.toml, or the one of the demo's folder when a folder is named."""
    from mailflow.config import load_settings

    return load_settings((config / "mailflow.toml" if config.is_dir() else config).resolve())


def find_policy(config: Path) -> "Policy":
    """Settings, framework and forms. Raises ConfigError with every problem of all of them."""
    from mailflow.steps.house import load_policy

    try:
        settings = find_settings(config)
    except ConfigError as e:
        raise ConfigError([*e.problems, *_policy_problems(config)]) from e
    return load_policy(settings)


def _policy_problems(config: Path) -> list[str]:
    """What is wrong with the policy where the settings beside it are wrong as well, as far as it can be read."""
    import tomllib

    from mailflow.framework import load_framework

    path = (config / "mailflow.toml" if config.is_dir() else config).resolve()
    try:
        plain = tomllib.loads(path.read_text(encoding="utf-8"))
        name, profile = plain.get("framework"), plain.get("profile", {})
        if isinstance(name, str) and isinstance(profile, dict) and not plain.get("templates"):
            load_framework(name, profile, None, f"{path.name} [profile]")
    except ConfigError as e:
        return e.problems
    except (OSError, ValueError):
        return []  # what can't be read at all has been said already
    return []


def look_store(settings: "Settings") -> "Store":
    """The store for looking only; works beside a running daemon."""
    from mailflow.store import Store

    if not settings.state.is_dir():
        raise ConfigError(f"{settings.state} is not there yet; `mailflow people import` makes it")
    return Store.read_only(settings.state, settings.mailbox.address)


@contextmanager
def locked_house(config: Path, **kinds: Any) -> Iterator["House"]:
    """The open house under its lock: one writer at a time."""
    from mailflow.steps.house import open_house
    from mailflow.store.lock import lock

    policy = find_policy(config)
    policy.settings.state.mkdir(mode=0o700, parents=True, exist_ok=True)
    with lock(policy.settings.state), open_house(policy, **kinds) as house:
        yield house


def moment(text: str) -> datetime:
    """--at → an aware UTC time; "" is now. A time without a zone is London's."""
    if not text:
        return datetime.now(UTC)
    try:
        at = datetime.fromisoformat(text)
    except ValueError as e:
        raise PermanentError(f"{text!r} is not a moment; write 2026-09-01T09:00") from e
    if at.tzinfo is None:
        at = at.replace(tzinfo=LONDON)
    return at.astimezone(UTC)


def shown(at: datetime | None) -> str:
    return at.astimezone(LONDON).strftime("%d/%m/%Y %H:%M") if at else ""


def print_json(value: Any) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=1))


def print_table(title: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], empty: str) -> None:
    """A table, or one sentence when there is nothing in it. Texts from outside are printed as they are, never as markup."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console()
    if not rows:
        console.print(empty, markup=False)
        return
    table = Table(title=title, box=box.SIMPLE_HEAD, title_justify="left")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(Text(printable(str(v))) for v in row))
    console.print(table)


def printable(text: str) -> str:
    """Control characters (an escape sequence in a subject) never reach the terminal."""
    return "".join(c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}" for c in text)


@contextmanager
def progress(words: str, after: float = 1.0) -> Iterator[Any]:
    """One bar on standard error, with the time left, once this takes longer than ``after`` seconds: ``step(done, total)``."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    # Standard output is left alone: where it is piped to a file, the bar must not draw its lines to the screen instead.
    bar = Progress(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
                   console=console, transient=True, redirect_stdout=False, redirect_stderr=False)
    task = bar.add_task(words, total=None)
    appear = threading.Timer(after, bar.start)
    appear.daemon = True
    if console.is_terminal:
        appear.start()
    try:
        yield lambda done, total: bar.update(task, completed=done, total=total)
    finally:
        appear.cancel()
        if appear.ident is not None:
            appear.join()
        if bar.live.is_started:
            bar.stop()


def set_up_logging(verbose: bool) -> None:
    """Lines for the operator on standard error; text from outside stands quoted in them."""
    logging.basicConfig(level=logging.INFO if verbose else logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
