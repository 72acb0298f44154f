"""Sizes and words: files that can be read at a sitting, functions that fit a screen, one word a thing."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = ("mailflow", "parsers", "outbox")
MAX_FILE, MAX_FUNCTION, MOST_FUNCTIONS = 300, 45, 25

# house rules, section 5: the words that are not ours. A name may hold one only where the list below says why.
BANNED = ("ticket", "record", "file", "client", "batch", "run", "config", "ruleset", "template", "result", "parse", "response",
          "upload", "error", "issue", "version", "review", "approval", "notification", "email", "log", "quarantine")
ALLOWED = {
    "ConfigError", "MailflowError", "TemporaryError", "PermanentError", "UnreadableError",  # errors.py's own
    "SamplingRecord",  # the document's own name (domain 3.3, DOC-01)
    "RecordRules", "IssueRule", "IssueRules",  # the profile's [record] and [issue] tables (domain 2.6)
}


def sources() -> Iterator[tuple[Path, ast.Module]]:
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            yield path, ast.parse(path.read_text(encoding="utf-8"))


def test_files_are_short() -> None:
    long = [f"{p.relative_to(ROOT)}: {n}" for p, _ in sources()
            if (n := len(p.read_text(encoding="utf-8").splitlines())) > MAX_FILE]
    assert not long, long


def test_functions_are_short() -> None:
    sizes = [(f"{p.relative_to(ROOT)}:{f.lineno} {f.name}", (f.end_lineno or 0) - f.lineno + 1)
             for p, tree in sources() for f in ast.walk(tree) if isinstance(f, ast.FunctionDef | ast.AsyncFunctionDef)]
    long = [f"{name}: {size}" for name, size in sizes if size > MAX_FUNCTION]
    assert not long, long
    short = sum(size <= MOST_FUNCTIONS for _, size in sizes)
    assert short >= 0.9 * len(sizes), f"{short} of {len(sizes)} functions have {MOST_FUNCTIONS} lines or fewer"


def test_classes_use_our_words() -> None:
    wrong = []
    for path, tree in sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef) and node.name not in ALLOWED:
                words = [w.lower() for w in re.findall(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+", node.name)]
                wrong += [f"{path.relative_to(ROOT)}: {node.name} ({w})" for w in words if w in BANNED]
    assert not wrong, wrong


def test_tables_and_columns_use_our_words(tmp_path: Path) -> None:
    from mailflow.store import Store

    with Store.open(tmp_path / "state", "audits@northmoor.example") as store:
        names = store.schema_names()
    assert len(names) > 20
    wrong = [n for n in names if set(n.split("_")) & set(BANNED)]
    assert not wrong, wrong


def test_only_the_corridor_catches_everything() -> None:
    found = []
    for path, tree in sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.ExceptHandler) and (node.type is None or (
                    isinstance(node.type, ast.Name) and node.type.id == "Exception")):
                found.append(str(path.relative_to(ROOT)))
    assert found == ["mailflow/steps/guard.py"], found


def test_no_import_circle_and_nothing_unfinished() -> None:
    marks = ("TODO", "FIXME", "XXX", "NotImplementedError")
    left = [f"{p.relative_to(ROOT)}: {m}" for p, _ in sources() for m in marks if m in p.read_text(encoding="utf-8")]
    assert not left, left
