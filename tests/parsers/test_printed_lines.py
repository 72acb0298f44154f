"""Print breaks every label and answer into lines where its column ends: all invented councils' forms are read all the same."""

import textwrap
from collections import Counter

import pytest

from mailflow.form.load import read_form
from parsers.compile import compile_blank
from parsers.formats import open_grid
from parsers.grid import Cell, Grid, Row
from parsers.read import read_grid
from tests.parsers.councils import COUNCILS, Way, make
from tests.parsers.test_samples import squeeze

_WIDTH = 20


def _broken(text: str) -> str:
    lines = [textwrap.wrap(part, _WIDTH, break_long_words=False, break_on_hyphens=False) for part in text.split("\n")]
    return "\n".join(line for found in lines for line in found)


def _printed(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """The rows as a printed page gives them: no controls, and in tables every text broken into short lines."""
    return tuple(
        row._replace(tags=(), cells=tuple(_cell(cell, bool(row.table)) for cell in row.cells)) for row in rows
    )


def _cell(cell: Cell, is_narrow: bool) -> Cell:
    text, own = (_broken(t) if is_narrow else t for t in (cell.text, cell.own))
    return cell._replace(text=text, own=own, outside=own, controls=(), marks=(), inner=_printed(cell.inner))


@pytest.mark.parametrize("name", [name for name in COUNCILS if not name.startswith("book")])
def test_lines_that_print_broke_change_no_answer(name: str) -> None:
    form = read_form(compile_blank(make(name, Way.BLANK).bytes(), "form.docx").plain, "form")
    pen = make(name, Way.NORMAL)
    reading = read_grid(Grid(_printed(open_grid(pen.bytes()).rows)), (form,))
    found = Counter(squeeze(a.text) for a in reading.answers.values() if a.text)
    found += Counter(squeeze(a.text) for rows in reading.rows.values() for row in rows for a in row.values() if a.text)
    wanted = Counter(squeeze(said[2]) for said in pen.truth if said[2])
    wanted += Counter(squeeze(words) for row in pen.rows for words in row.values() if words)
    assert found == wanted
