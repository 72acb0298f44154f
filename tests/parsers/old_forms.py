"""Grids made alike, so that one document in several formats can be held against itself."""

from collections import defaultdict
from pathlib import Path

from parsers.grid import Grid, Row
from parsers.guard import open_package
from parsers.old_word.document import read_old_word
from parsers.opendocument.document import read_text_document
from parsers.word.document import read_word
from tests.parsers.pages import ROOT

OLD = ROOT / "tests/corpus/forms/old"
# (whether in a table, its cells as (column, text)).
Line = tuple[bool, tuple[tuple[int, str], ...]]


def read_any(data: bytes, suffix: str) -> Grid:
    if suffix in ("doc", "rtf"):
        return read_old_word(data)
    return read_text_document(open_package(data)) if suffix == "odt" else read_word(open_package(data))


def read_sample(name: str) -> Grid:
    path = OLD / name
    return read_any(path.read_bytes(), path.suffix[1:])


def squeeze(text: str) -> str:
    return " ".join(text.replace("\u2011", "-").split())


def lines(grid: Grid) -> list[Line]:
    """Every row that says something. Columns are counted along the table: a writer may drop those nobody uses."""
    ranks = _ranks(grid.rows)
    return [
        (bool(row.table), tuple((ranks[row.table][cell.column], squeeze(cell.text)) for cell in row.cells))
        for row in grid.rows if row.table or row.cells[0].text
    ]


def _ranks(rows: tuple[Row, ...]) -> dict[int, dict[int, int]]:
    columns: dict[int, set[int]] = defaultdict(set)
    for row in rows:
        columns[row.table] |= {cell.column for cell in row.cells}
    return {table: {column: rank for rank, column in enumerate(sorted(used))} for table, used in columns.items()}


def texts(grid: Grid) -> list[list[str]]:
    return [[squeeze(cell.text) for cell in row.cells] for row in grid.rows]


def find_soffice() -> str | None:
    import shutil

    return shutil.which("soffice")


def sample_folder() -> Path:
    return ROOT.parent / "shared" / "forms"
