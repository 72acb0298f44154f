"""Crash at a chosen line: the tracer, the copies of the folders before each stage, and what counts as a lasting state.

Every line of ``mailflow/steps`` and ``mailflow/store`` that the life of ``life.py`` comes to is crashed at: once the
first time it is reached and once the last time. A crash is a ``BaseException`` nobody may catch. What lasts is then
looked at; recovery (the same deed again, then the ordinary passes) is played once for each lasting state that differs,
for two crashes that leave the same bytes behind have the same future.
"""

import hashlib
import shutil
import sqlite3
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import mailflow.steps
import mailflow.store
from parsers.sandbox import Pool
from tests.crash.life import PROFILE, STAGES, Stage, check_life, found_state, play, prepare, settle
from tests.world import load_world_policy, make_council

# File, line, and the function's code (a line can belong to a comprehension of its own).
Line = tuple[str, int, CodeType]
_WATCHED = tuple(str(Path(p.__file__ or "").parent) for p in (mailflow.steps, mailflow.store))
# Chance values, and the journal's digests over them: two lasting states that differ in nothing else are the same.
_CHANCE = {"journal_link": ("at", "prev", "mac"), "journal_body": ("salt",), "journal_head": ("mac",),
           "one_time_code": ("code_hash",), "letter_body": ("raw",), "_sqlite_migrations": ("applied_at",),
           "meta": ("value",), "blob": ("data",)}


class Crash(BaseException):
    """The machine stops here."""


@contextmanager
def watching(seen: Callable[[Line], None]) -> Iterator[None]:
    """Call ``seen`` with every line of the watched rooms just before it is executed."""
    def local(frame: FrameType, event: str, _: Any) -> Any:
        if event == "line":
            seen((frame.f_code.co_filename, frame.f_lineno, frame.f_code))
        return local

    with _tracing(lambda frame, event, _: local if frame.f_code.co_filename.startswith(_WATCHED) else None):
        yield


@contextmanager
def _tracing(enter: Callable[[FrameType, str, Any], Any]) -> Iterator[None]:
    sys.settrace(enter)
    try:
        yield
    finally:
        sys.settrace(None)


@contextmanager
def crashing_at(line: Line, hit: int) -> Iterator[None]:
    """Raise Crash when the line is reached for the n-th time (from 1)."""
    count, (_, number, code) = 0, line

    def local(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal count
        if event == "line" and frame.f_lineno == number:
            count += 1
            if count == hit:
                raise Crash
        return local

    # Only the one function is watched line by line: everything else goes nearly as fast as ever.
    with _tracing(lambda frame, event, _: local if frame.f_code is code else None):
        yield


@dataclass
class Told:
    """The life as it goes without a crash: copies before each stage, states after it, and the lines it came to."""

    folder: Path
    pool: Pool
    hits: dict[str, Counter[Line]] = field(default_factory=dict)
    ends: dict[str, dict[str, Any]] = field(default_factory=dict)
    recovered: dict[str, set[str]] = field(default_factory=dict)

    def copy(self, stage: Stage) -> Path:
        """The folders as they were before the stage, to be spoilt."""
        spoilt = self.folder / "spoilt"
        shutil.rmtree(spoilt, ignore_errors=True)
        shutil.copytree(self.folder / f"before {stage.name}", spoilt, copy_function=copy_or_link)
        return spoilt

    def points(self, stage: Stage, when: str) -> list[tuple[Line, int]]:
        """The lines whose "first" or "last" time is in this stage, each with how often it is reached until then."""
        order = [s.name for s in STAGES]
        found = []
        for line, count in self.hits[stage.name].items():
            homes = [n for n in order if line in self.hits[n]]
            if when == "first" and homes[0] == stage.name:
                found.append((line, 1))
            elif when == "last" and homes[-1] == stage.name and line[0].startswith(_WATCHED[0]) and (count, len(homes)) != (1, 1):
                found.append((line, count))
        return found


def copy_or_link(source: str, target: str) -> None:
    """Mail is moved and never changed, so another name for it will do; everything else is copied."""
    if source.endswith(".eml"):
        Path(target).hardlink_to(source)
    else:
        shutil.copy2(source, target)


def tell(folder: Path) -> Told:
    """Live it once, with a copy before each stage."""
    root = folder / "told"
    make_council(root, PROFILE)
    policy = load_world_policy(root)
    told = Told(folder, Pool(policy.forms, expected=policy.form.id))
    for stage in STAGES:
        prepare(root, stage, told.pool) if stage is not STAGES[0] else None
        shutil.copytree(root, folder / f"before {stage.name}", copy_function=copy_or_link)
        hits: Counter[Line] = Counter()
        with watching(lambda line, hits=hits: hits.update((line,))):  # type: ignore[misc]
            play(root, stage, told.pool)
        settle(root, stage, told.pool)
        check_life(root)
        told.hits[stage.name], told.ends[stage.name], told.recovered[stage.name] = hits, found_state(root), set()
    return told


def crash_and_recover(told: Told, stage: Stage, line: Line, hit: int) -> list[str]:
    """What is wrong after a crash at that line and a new start; nothing is asked of a state that was recovered before."""
    root = told.copy(stage)
    with suppress(Crash), crashing_at(line, hit):
        play(root, stage, told.pool)
        return [f"{_short(line)} was not reached {hit} times in {stage.name}"]
    lasting = digest(root)
    if lasting in told.recovered[stage.name]:
        return []
    told.recovered[stage.name].add(lasting)
    twice = [*play(root, stage, told.pool), *settle(root, stage, told.pool)]
    wrong = differences(told.ends[stage.name], found_state(root))
    wrong += ["a letter was handed over twice"] if twice else []
    return [f"{stage.name}, {_short(line)}, time {hit}: {w}" for w in wrong]


def differences(expected: dict[str, Any], found: dict[str, Any]) -> list[str]:
    """One line for each part of the state that is not as it would have been."""
    wrong = []
    for key, value in expected.items():
        if found[key] != value:
            more, fewer = _apart(value, found[key])
            wrong.append(f"{key}: too much {more!r:.600}; missing {fewer!r:.600}")
    return wrong


def _apart(expected: Any, found: Any) -> tuple[Any, Any]:
    if isinstance(expected, Counter):
        return found - expected, expected - found
    if isinstance(expected, list):
        return [x for x in found if x not in expected], [x for x in expected if x not in found]
    return found, expected


def digest(root: Path) -> str:
    """What lasts, as one value: every row but chance, and every name in the mailbox."""
    told = hashlib.sha256()
    path = root / "state" / "mailflow.db"
    if path.exists():
        db = sqlite3.connect(path)
        for (table,) in db.execute("select name from sqlite_master where type = 'table' order by name").fetchall():
            chance = _CHANCE.get(table, ())
            columns = [c for (c,) in db.execute("select name from pragma_table_info(?)", (table,)) if c not in chance]
            told.update(repr((table, db.execute(f"select {', '.join(columns)} from {table}").fetchall())).encode())
        db.close()
    names = sorted(str(p.relative_to(root)) for p in (root / "mail").rglob("*.eml")) if (root / "mail").exists() else []
    told.update(repr(names).encode())
    return told.hexdigest()


def _short(line: Line) -> str:
    return f"{'/'.join(Path(line[0]).parts[-2:])}:{line[1]}"


def lines_of(room: str) -> set[tuple[str, int]]:
    """Every line with code inside a function of ``mailflow/steps`` or ``mailflow/store``."""
    found: set[tuple[str, int]] = set()
    for path in sorted((Path(mailflow.steps.__file__ or "").parent.parent / room).rglob("*.py")):
        waiting = [c for c in compile(path.read_text(encoding="utf-8"), str(path), "exec").co_consts if isinstance(c, CodeType)]
        while waiting:
            code = waiting.pop()
            waiting += [c for c in code.co_consts if isinstance(c, CodeType)]
            if not code.co_flags & 0x02:  # a class body has no fast locals
                continue
            numbers = {number for _, _, number in code.co_lines() if number and number != code.co_firstlineno}
            found |= {(str(path), number) for number in numbers}
    return found
