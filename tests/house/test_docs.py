"""Docs made from code are fresh, and the map names every room."""

from pathlib import Path

from mailflow.framework.table import renew
from mailflow.model import State
from mailflow.process.states import TRANSITIONS

ROOT = Path(__file__).parents[2]


def test_the_table_of_keys_is_fresh() -> None:
    page = (ROOT / "templates" / "README.md").read_text(encoding="utf-8")
    assert renew(page) == page, "run `python -m mailflow.framework.table`"


def test_the_map_names_every_room() -> None:
    page = (ROOT / "mailflow" / "README.md").read_text(encoding="utf-8")
    rooms = [p.name for p in (ROOT / "mailflow").iterdir() if p.is_dir() and (p / "__init__.py").is_file()]
    missing = [r for r in rooms if f"`{r}/`" not in page and f"{r}/" not in page]
    assert not missing, missing


def test_every_dependency_has_its_reason() -> None:
    import tomllib

    page = (ROOT / "mailflow" / "README.md").read_text(encoding="utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = [d.split(">")[0].split(";")[0].strip() for d in project["dependencies"]]
    assert not [n for n in names if n not in page]


def test_the_readme_names_every_command() -> None:
    from mailflow.cli.app import app

    page = (ROOT / "README.md").read_text(encoding="utf-8")
    names = [c.name or c.callback.__name__ for c in app.registered_commands if c.callback]
    assert not [n for n in names if f"`{n.replace('_', '-')}" not in page and f"mailflow {n}" not in page]


def test_the_state_drawing_is_fresh_and_names_every_state() -> None:
    from mailflow.process.drawing import START, drawing, renew_drawing

    page = (ROOT / "mailflow" / "README.md").read_text(encoding="utf-8")
    assert START in page and renew_drawing(page) == page, "run `python -m mailflow.process.drawing`"
    assert all(s.value in drawing() for s in State if any(t.to is s for t in TRANSITIONS))
