"""Which profile files make up a framework, and the one table they merge to, each value with the file it came from.

A framework stands over the one it extends, down to ``base``. Each may have a folder in the council's own templates and one
among those that came with mailflow; the council's lies on top. Tables merge, lists replace (domain 2.6).
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

from mailflow.errors import ConfigError

BASE, PROFILE = "base", "profile.toml"
_NAME = re.compile(r"[a-z0-9][a-z0-9.-]*")


@dataclass
class Layers:
    """``merged`` is the profile as one table; ``origin`` maps a dotted key to the file that said it last.

    ``chain`` are the names of the frameworks, nearest first, ending with base.
    """

    chain: tuple[str, ...] = ()
    merged: dict[str, Any] = field(default_factory=dict)
    origin: dict[str, str] = field(default_factory=dict)

    def where(self, key: str) -> str:
        """"file: key", the file being the one that said the key or the table it stands in."""
        probe = key
        while probe and probe not in self.origin:
            probe = probe.rpartition(".")[0]
        return f"{self.origin.get(probe) or source_of(self.chain[0])}: {key}"


def templates_root() -> Path:
    """The templates that came with mailflow: inside the wheel, or beside the packages in a checkout."""
    inside = Path(str(files("mailflow"))) / "_templates"
    return inside if inside.is_dir() else Path(str(files("mailflow"))).parent / "templates"


def read_layers(name: str, roots: tuple[Path, ...], overrides: dict[str, Any], overrides_from: str) -> Layers:
    """Every profile of the framework merged, and ``overrides`` over them. Raises ConfigError."""
    chain = find_chain(name, roots)
    layers = Layers(chain)
    for folder in reversed(_folders(chain, roots)):
        path = folder / PROFILE
        if path.is_file():
            _merge(layers, layers.merged, _read(path), source_of(folder.name, folder))
    _merge(layers, layers.merged, overrides, overrides_from)
    return layers


def framework_folders(name: str, root: Path | tuple[Path, ...] | None = None) -> tuple[Path, ...]:
    """The folders a framework's texts are looked for in, nearest first, ending with base's.

    Raises ConfigError where there is no framework of that name.
    """
    roots = as_roots(root)
    return _folders(find_chain(name, roots), roots)


def find_chain(name: str, roots: tuple[Path, ...]) -> tuple[str, ...]:
    """The framework and what it extends, nearest first. Raises ConfigError for a name without a profile, or a circle."""
    chain: list[str] = []
    while name:
        if name in chain:
            raise ConfigError(f"the framework {name!r} extends itself: {' → '.join([*chain, name])}")
        found = [p for root in roots if _NAME.fullmatch(name) and (p := root / name / PROFILE).is_file()]
        if not found:
            raise ConfigError(f"there is no framework named {name!r}; the frameworks are: {', '.join(list_frameworks(roots))}")
        chain.append(name)
        said = next((e for p in found if (e := _read(p).get("framework", {}).get("extends"))), "")
        name = "" if name == BASE else str(said or BASE)
    return tuple(chain)


def list_frameworks(roots: tuple[Path, ...]) -> tuple[str, ...]:
    """The names of every framework below these templates folders, base first, then by name."""
    found = {p.parent.name for root in roots for p in root.glob(f"*/{PROFILE}")} - {BASE}
    return (BASE, *sorted(found))


def as_roots(root: Path | tuple[Path, ...] | None) -> tuple[Path, ...]:
    if root is None:
        return (templates_root(),)
    return root if isinstance(root, tuple) else (root,)


def source_of(name: str, folder: Path | None = None) -> str:
    """How a profile file is named to people."""
    is_shipped = folder is None or folder.parent == templates_root()
    return f"templates/{name}/{PROFILE}" if is_shipped else str(folder / PROFILE)  # type: ignore[operator]  # None is shipped


def flatten(plain: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """(dotted key, value) of every value that is no table; conditions and lists of tables are values."""
    for key, value in plain.items():
        if isinstance(value, dict) and value and key != "when":
            yield from flatten(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def _folders(chain: tuple[str, ...], roots: tuple[Path, ...]) -> tuple[Path, ...]:
    found = tuple(root / name for name in chain for root in roots if (root / name).is_dir())
    return found or tuple(root / name for name in chain for root in roots)


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as e:
        raise ConfigError(f"{path}: {e}") from e


def _merge(layers: Layers, into: dict[str, Any], plain: dict[str, Any], source: str, prefix: str = "") -> None:
    for key, value in plain.items():
        name = f"{prefix}{key}"
        layers.origin[name] = source
        if name == "calendar" and isinstance(value, dict) and value.get("replace_months"):
            into.get("calendar", {}).pop("months", None)
        if isinstance(value, dict) and isinstance(into.get(key), dict) and key != "when":
            _merge(layers, into[key], value, source, name + ".")
        else:
            into[key] = _copied(value)
            if isinstance(value, dict):
                layers.origin.update({f"{name}.{k}": source for k, _ in flatten(value)})


def _copied(value: Any) -> Any:
    return {k: _copied(v) for k, v in value.items()} if isinstance(value, dict) else value
