"""The forms that can be read: every ``form.toml`` and ``forms/*.toml`` in the templates folders, by id and edition."""

from pathlib import Path

from mailflow.errors import ConfigError
from mailflow.form.definition import FormDefinition
from mailflow.form.load import load_form

# Below a templates folder: its own form and forms, and those of each framework in it.
_PLACES = ("form.toml", "forms/*.toml", "*/form.toml", "*/forms/*.toml")


def list_forms(*roots: Path) -> tuple[FormDefinition, ...]:
    """Every form below these templates folders, by id and edition, sorted.

    Of two with the same id and edition the one of the earlier folder counts. Raises ConfigError, every problem at once;
    two such in one folder are a problem, as nobody could say which is meant.
    """
    found: dict[tuple[str, str], FormDefinition] = {}
    problems: list[str] = []
    for root in roots:
        here: dict[tuple[str, str], Path] = {}
        for path in sorted({p for place in _PLACES for p in root.glob(place)}):
            try:
                form = _load(path)
            except ConfigError as e:
                problems += e.problems
                continue
            key = (form.id, form.edition)
            if key in here:
                problems.append(f"{path}: form {form.id} edition {form.edition} stands in {here[key]} as well")
            here[key] = path
            found.setdefault(key, form)
    if problems:
        raise ConfigError(problems)
    return tuple(found[key] for key in sorted(found))


def get_forms(name: str, *roots: Path) -> tuple[FormDefinition, ...]:
    """The form of that id, at every edition there is; or the one in that file, where ``name`` is a path to a form.toml.

    Raises ConfigError naming the forms there are.
    """
    if name.endswith(".toml"):
        return (_load(Path(name)),)
    forms = list_forms(*roots)
    named = tuple(f for f in forms if f.id == name)
    if not named:
        known = ", ".join(dict.fromkeys(f.id for f in forms)) or "none"
        raise ConfigError(f"there is no form {name!r}; the forms are: {known}. A path to a form.toml will do too")
    return named


def _load(path: Path) -> FormDefinition:
    try:
        return load_form(path)
    except (KeyError, TypeError, ValueError, AttributeError) as e:
        # Any file may be named on the command line: a table where a list belongs is the writer's slip, not ours.
        raise ConfigError(f"{path}: this is no form.toml ({type(e).__name__}: {e})") from e
