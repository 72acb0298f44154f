"""Our Word reader beside what others would use, in one run: python-docx's cell walk, docx2python, markitdown.

The form is an invented one as large as the largest real one: 54 questions with three answers each, cells over several
grid columns, plain text typed into the cells, since the peers lose what stands in controls and would be spared the work.
Ours opens the zip behind the guard and gives the whole grid; each peer does what its own guide says. Medians of turns
taken in one process, the best of three goes; ratios only. ``pip install 'mailflow[benchmark]'`` brings the peers.
"""

import gc
import io
import logging
import warnings
from collections.abc import Callable

import docx
import pytest

from parsers.guard import open_package
from parsers.word.document import read_word
from tests.benchmarks.test_parsers_read import limit, medians
from tests.parsers.pages import SHAPES, Shape, cell, make_docx, para, row, table

Way = Callable[[bytes], object]
# What Word writes into every paragraph and run.
WORDS_P = '<w:p w:rsidR="00A12B34" w:rsidRDefault="00A12B34"><w:pPr><w:spacing w:after="0"/><w:jc w:val="left"/></w:pPr>'
WORDS_R = '<w:r w:rsidRPr="00E15A77"><w:rPr><w:rFonts w:ascii="Arial" w:hAnsi="Arial" w:cs="Arial"/><w:sz w:val="20"/></w:rPr>'
INSTALL = "pip install 'mailflow[benchmark]'"


def form(n: int, shape: Shape) -> bytes:
    """The form with other words for each ``n``; ``shape`` is how an answer's cell is made."""
    def answer(tag: str, text: str, span: int) -> str:
        return shape(tag, text, "").replace("<w:tcPr>", f'<w:tcPr><w:gridSpan w:val="{span}"/>', 1)

    rows = [row(
        cell(para(f"Q{q}. Is there evidence that the plan was made with the child and the family, and reviewed since?"), 5),
        answer(f"q{q}.notes", " ".join(f"visit {n}{q}{m} seen alone," for m in range(15)) + " as the plan says.", 5),
        answer(f"q{q}.grade", "Requires improvement", 2), answer(f"q{q}.day", f"{1 + q % 28}/06/2026", 3),
    ) for q in range(54)]
    body = "".join(para(f"Part {t + 1}", "Heading1") + table(*rows[6 * t:6 * t + 6]) for t in range(9))
    return make_docx(body.replace("<w:p>", WORDS_P).replace("<w:r>", WORDS_R))


@pytest.fixture(scope="module")
def documents() -> list[bytes]:
    made = [form(n, SHAPES["typed"]) for n in range(6)]
    package = open_package(made[0])
    assert len(package.read("word/document.xml")) > 100_000
    assert sum(len(r.cells) for r in read_word(package).rows) == 54 * 4 + 9
    gc.collect()
    return made


def ours(data: bytes) -> object:
    return read_word(open_package(data))


def best(documents: list[bytes], slow: Way, fast: Way, rounds: int) -> float:
    """How many times longer ``slow`` takes. Of three goes the highest: what else the machine does hurts the short one most."""
    goes = [medians(documents, {"slow": slow, "fast": fast}, rounds) for _ in range(3)]
    return max(took["slow"] / took["fast"] for took in goes)


def by_python_docx(data: bytes) -> object:
    return [[cell.text for cell in row.cells] for table in docx.Document(io.BytesIO(data)).tables for row in table.rows]


def test_reading_costs_no_more_than_two_and_a_half_times_the_bare_parse() -> None:
    """With all 162 answers in controls round their cells, as Word makes them."""
    made = [form(n, SHAPES["in_cell"]) for n in range(6)]
    assert sum(len(c.controls) for r in read_word(open_package(made[0])).rows for c in r.cells) == 162
    ratio = 1 / best(made, limit, ours, 60)
    print(f"\nguard and whole grid: {ratio:.2f} x zipfile + fromstring")
    assert ratio <= 2.5


def test_five_times_faster_than_a_walk_over_row_cells(documents: list[bytes]) -> None:
    ratio = best(documents, by_python_docx, ours, 20)
    print(f"\npython-docx row.cells: {ratio:.1f} x ours")
    assert ratio >= 5


def test_thirty_times_faster_than_docx2python(documents: list[bytes]) -> None:
    peer = pytest.importorskip("docx2python", reason=INSTALL)

    def theirs(data: bytes) -> object:
        with peer.docx2python(io.BytesIO(data)) as whole:
            return whole.body

    ratio = best(documents, theirs, ours, 6)
    print(f"\ndocx2python: {ratio:.0f} x ours")
    assert ratio >= 30


def test_eighty_times_faster_than_markitdown(documents: list[bytes]) -> None:
    peer = pytest.importorskip("markitdown", reason=INSTALL)
    logging.disable(logging.WARNING)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        reader = peer.MarkItDown(enable_plugins=False)
        kind = peer.StreamInfo(extension=".docx")
        ratio = best(documents, lambda data: reader.convert_stream(io.BytesIO(data), stream_info=kind), ours, 6)
    logging.disable(logging.NOTSET)
    print(f"\nmarkitdown: {ratio:.0f} x ours")
    assert ratio >= 80
