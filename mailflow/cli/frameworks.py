"""frameworks list · show · diff · check."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mailflow.cli.words import JsonOption, print_json, print_table
from mailflow.errors import ConfigError

if TYPE_CHECKING:
    from mailflow.framework.layers import Layers

frameworks = typer.Typer(name="frameworks", help="The councils' ways of auditing, as data.", no_args_is_help=True)
NameArgument = Annotated[str, typer.Argument(help="A framework's name, or the path of a folder with a profile.toml.")]
# A framework that came with mailflow names no domain: that is each council's own to say.
_ANY_DOMAIN = {"send": {"allowed_domains": ["council.example"]}}
_FROM = "your mailflow.toml has to say it"


@frameworks.command("list")
def list_all(as_json: JsonOption = False) -> None:
    """Every framework that came with mailflow."""
    from mailflow.framework import templates_root
    from mailflow.framework.layers import list_frameworks, read_layers

    rows = []
    for name in list_frameworks((templates_root(),)):
        layers = read_layers(name, (templates_root(),), {}, _FROM)
        said = layers.merged
        rows.append((name, said["form"]["id"], said["form"]["carrier"], len(said["calendar"]["months"]),
                     " → ".join(layers.chain[1:]) or "–", said["framework"]["title"]))
    headings = ("name", "form", "carrier", "cycles", "over", "title")
    if as_json:
        print_json([dict(zip(headings, row, strict=True)) for row in rows])
    else:
        print_table("Frameworks", headings, rows, "")


@frameworks.command()
def show(name: NameArgument, as_json: JsonOption = False) -> None:
    """Every value of a framework's policy as it works, and which file says so."""
    from mailflow.framework.layers import flatten
    from mailflow.framework.schema import AWAITING

    layers = _layers(name)
    rows = [(key, value, layers.where(key).rpartition(": ")[0]) for key, value in flatten(layers.merged)]
    if as_json:
        print_json([{"key": key, "value": value, "from": source} for key, value, source in rows])
        return
    print_table(f"{layers.merged['framework']['title']} ({layers.chain[0]})", ("key", "value", "from"),
                [(key, _shown(value), _short(source)) for key, value, source in rows], "")
    typer.echo(f"Nothing acts on these tables yet: {', '.join(AWAITING)}.")


@frameworks.command()
def diff(first: NameArgument, second: NameArgument, as_json: JsonOption = False) -> None:
    """Where two frameworks differ. Exit 1 when they do."""
    from mailflow.framework.layers import flatten

    one, two = _layers(first), _layers(second)
    left, right = dict(flatten(one.merged)), dict(flatten(two.merged))
    rows = [(key, left.get(key), right.get(key)) for key in dict.fromkeys([*left, *right])
            if left.get(key) != right.get(key) and key not in ("framework.extends",)]
    if as_json:
        print_json([{"key": key, one.chain[0]: a, two.chain[0]: b} for key, a, b in rows])
    else:
        print_table(f"{one.chain[0]} and {two.chain[0]}", ("key", one.chain[0], two.chain[0]),
                    [(key, _shown(a), _shown(b)) for key, a, b in rows], "They say the same.")
    if rows:
        raise typer.Exit(1)


@frameworks.command()
def check(path: NameArgument) -> None:
    """A council's own framework: its profile, form, letters and checks' words; every problem at once."""
    from mailflow.framework import framework_folders, load_framework
    from mailflow.framework.words import load_words
    from mailflow.steps.house import find_forms, find_wrong_letters

    name, roots = _place(path)
    problems: list[str] = []
    folders = framework_folders(name, roots)
    for ask in (lambda: load_framework(name, _ANY_DOMAIN, roots), lambda: load_words(folders)):
        try:
            ask()
        except ConfigError as e:
            problems += e.problems
    if not problems:
        rules = load_framework(name, _ANY_DOMAIN, roots)
        problems += find_wrong_letters(rules, folders)
        form = find_forms(rules, folders, roots)[0]
        typer.echo(f"{name}: over {' → '.join(_layers(path).chain[1:]) or 'nothing'}; form {form.id} edition {form.edition}, "
                   f"{len(form.fields)} questions, {rules.form.carrier}; {len(rules.calendar.months)} cycles a year.")
    if problems:
        raise ConfigError(list(dict.fromkeys(problems)))
    typer.echo("All well. Name it in mailflow.toml: framework, and templates for the folder it stands in.")


def _place(name: str) -> tuple[str, tuple[Path, ...]]:
    """(the framework's name, the templates folders it is looked for in)."""
    from mailflow.framework import templates_root

    folder = Path(name)
    if folder.name == "profile.toml":
        folder = folder.parent
    if "/" in name or "\\" in name or folder.is_dir():
        folder = folder.resolve()
        return folder.name, (folder.parent, templates_root())
    return name, (templates_root(),)


def _layers(name: str) -> "Layers":
    from mailflow.framework.layers import read_layers

    return read_layers(*_place(name), {}, _FROM)


def _short(source: str) -> str:
    """The framework's name alone for a file that came with mailflow, as a terminal is narrow."""
    return source.removeprefix("templates/").removesuffix("/profile.toml") if source.startswith("templates/") else source


def _shown(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(_shown(v) for v in value) or "none"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k} = {_shown(v)}" for k, v in value.items()) + "}" if value else "none"
    return str(value) or "–"
