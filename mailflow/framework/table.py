"""The profile's keys as a Markdown table, made from the schema and base: `python -m mailflow.framework.table`."""

import dataclasses
import tomllib
import typing
from pathlib import Path
from typing import Any

from mailflow.framework.layers import templates_root
from mailflow.framework.load import CHOICES
from mailflow.framework.schema import Framework

START, END = "<!-- keys -->\n", "<!-- end of keys -->"
_KINDS = {str: "text", int: "whole number", bool: "true or false", float: "number"}


def table() -> str:
    """One row a key: its kind or choices, and what base says."""
    base = tomllib.loads((templates_root() / "base" / "profile.toml").read_text(encoding="utf-8"))
    rows = ["| key | kind | in base |", "|---|---|---|"]
    hints = typing.get_type_hints(Framework)
    for field in dataclasses.fields(Framework):
        name = "return" if field.name == "back" else field.name
        rows += _rows(name, hints[field.name], base.get(name, {}))
    return "\n".join(rows) + "\n"


def _rows(name: str, kind: Any, value: Any) -> list[str]:
    if dataclasses.is_dataclass(kind):
        hints = typing.get_type_hints(kind)
        return [row for f in dataclasses.fields(kind) for row in _rows(f"{name}.{f.name}", hints[f.name], value.get(f.name))]
    return [f"| `{name}` | {_kind(name, kind)} | {_shown(value)} |"]


def _kind(name: str, kind: Any) -> str:
    if name in CHOICES:
        return " · ".join(CHOICES[name])
    origin, args = typing.get_origin(kind), typing.get_args(kind)
    if origin is tuple:
        return "list of tables" if dataclasses.is_dataclass(args[0]) else f"list of {_kind('', args[0])}s"
    if origin is dict:
        return "a table a name" if dataclasses.is_dataclass(args[1]) else f"name → {_kind('', args[1])}"
    return _KINDS.get(kind, getattr(kind, "__name__", "").lower())


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return f"{len(value)} rows" if value else "empty"
    if isinstance(value, list):
        if value and isinstance(value[0], dict):
            return f"{len(value)} rules"
        return f"{len(value)} entries" if len(value) > 5 else (", ".join(f"`{v}`" for v in value) or "empty")
    if value is None or value == "":
        return "empty"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def renew(page: str) -> str:
    """The page with the table between its two marks renewed."""
    head, _, rest = page.partition(START)
    return head + START + "\n" + table() + "\n" + END + rest.partition(END)[2]


if __name__ == "__main__":
    readme = Path("templates/README.md")
    readme.write_text(renew(readme.read_text(encoding="utf-8")), encoding="utf-8")
