"""Typing a command: in this process through ``main()`` (quick), or in a process of its own as from a shell."""

import contextlib
import io
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Done:
    """What a command left behind: exit code, standard output, standard error."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    def well(self) -> "Done":
        """The command did what it was asked; fails with all it said."""
        assert self.code == 0, f"exit {self.code}\n{self.out}\n{self.err}"
        return self


def mailflow(*words: object, folder: Path) -> Done:
    """``mailflow <words>``, typed in ``folder``."""
    from mailflow.cli import main

    out, err = io.StringIO(), io.StringIO()
    argv, columns = sys.argv, os.environ.get("COLUMNS")
    sys.argv, os.environ["COLUMNS"] = ["mailflow", *map(str, words)], "200"
    try:
        with contextlib.chdir(folder), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = _leave(main)
    finally:
        sys.argv = argv
        os.environ.pop("COLUMNS")
        if columns is not None:
            os.environ["COLUMNS"] = columns
    return Done(code, out.getvalue(), err.getvalue())


def _leave(main: Any) -> int:
    try:
        main()
    except SystemExit as e:
        return e.code if isinstance(e.code, int) else (0 if e.code is None else 1)
    return 0


def shell(*words: object, folder: Path, env: dict[str, str] | None = None) -> Done:
    """The same in a process of its own."""
    done = subprocess.run(command(*words), cwd=folder, env=environment(env), capture_output=True, text=True, check=False,
                          timeout=120)
    return Done(done.returncode, done.stdout, done.stderr)


def command(*words: object) -> list[str]:
    return [sys.executable, "-c", "from mailflow.cli import main; main()", *map(str, words)]


def environment(more: dict[str, str] | None = None) -> dict[str, str]:
    """The caller's environment, with this checkout in front of anything installed."""
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))
    return {**os.environ, "PYTHONPATH": path, **(more or {})}


def copy_of(council: Path, target: Path) -> Path:
    """A council's folder for one test alone; every path in its mailflow.toml is relative, so it works where it stands."""
    shutil.copytree(council, target)
    return target


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below ``folder`` and its bytes, by name; the database as the rows in it."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.name.endswith(("-wal", "-shm")) and path.name != "mailflow.lock":
            found[str(path.relative_to(folder))] = rows(path) if path.name == "mailflow.db" else path.read_bytes()
    return found


def rows(database: Path) -> bytes:
    """All rows of a store, table by table, whatever its pages look like."""
    from mailflow.store.door import sqlite3

    with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as db:
        tables = [name for (name,) in db.execute("select name from sqlite_master where type = 'table' order by name")]
        return "\n".join(f"{name} {row}" for name in tables for row in db.execute(f"select * from {name} order by 1, 2")).encode()
