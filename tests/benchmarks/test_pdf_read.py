"""What reading a printed PDF costs, beside the PDF library's plain text of the same file (documents facts, section 4).

The limit: pypdfium2 opening the document and giving each page's text, columns not told apart. Ours: the guard, lines,
words with their places, cells, pages put together. Twelve differently filled forms take turns; ratios of medians,
interleaved in one process, the lowest of a few tries; no times are asserted.
"""

import gc
from pathlib import Path

import pypdfium2
import pytest
import typst

from parsers.pdf.document import list_form_fields, read_pdf
from tests.benchmarks.test_parsers_read import medians
from tests.parsers.pdfs import Paper, table

_PAGE = """#set page(footer: context [Page #counter(page).display() of #counter(page).final().first()])
#set text(size: 9pt)
= Case audit {n}
{tables}
"""
_TABLE = """== Section {m}
#table(columns: (40%, 45%, 15%), table.header([*Question*], [*Notes*], [*Grade*]), {rows})
"""
_ROW = "[Question {k} of section {m}: is the record clear and up to date?], [{notes}], [Good],"


def make_documents(folder: Path) -> list[bytes]:
    """Some six pages each: eight tables of eight questions with 30 words in each answer, other words each time."""
    documents = []
    for n in range(12):
        tables = ""
        for m in range(8):
            notes = [" ".join(f"visit {n}{m}{k}{w} seen alone," for w in range(6)) for k in range(8)]
            rows = "".join(_ROW.format(k=k, m=m, notes=words) for k, words in enumerate(notes))
            tables += _TABLE.format(m=m, rows=rows)
        (folder / "form.typ").write_text(_PAGE.format(n=n, tables=tables), encoding="utf-8")
        documents.append(typst.compile(str(folder / "form.typ")))
    return documents


def plain(data: bytes) -> None:
    document = pypdfium2.PdfDocument(data)
    for page in document:
        text = page.get_textpage()
        text.get_text_range()
        text.close()
        page.close()
    document.close()


def ours(data: bytes) -> None:
    assert len(read_pdf(data).rows) >= 80


def test_a_printed_form_costs_no_more_than_three_times_its_plain_text(tmp_path: Path) -> None:
    documents = make_documents(tmp_path)
    gc.collect()
    found = []
    for _ in range(5):
        took = medians(documents, {"plain": plain, "ours": ours}, 36)
        found.append(took["ours"] / took["plain"])
    print(f"\nprinted form to grid, guard included: {min(found):.2f} x plain text ({1000 * took['plain']:.1f} ms)")
    assert min(found) <= 3


def test_a_fillable_form_costs_no_more_than_twice_what_its_fields_take_pypdf() -> None:
    """The peer reads values only; ours has the page's text and each value's place as well."""
    from io import BytesIO

    pypdf = pytest.importorskip("pypdf")
    paper = Paper()
    for _ in range(3):
        page = paper.page(table([[f"Question {n}", ""] for n in range(30)], [50, 250, 550], 800, 24))
        for n in range(30):
            paper.box(page, f"p{len(paper.pdf.pages)}.q{n}", [252, 778 - 24 * n, 540, 798 - 24 * n], V=f"Answer number {n}")
    data = paper.data()
    assert len(list_form_fields(data)) == 90
    ways = {"peer": lambda d: pypdf.PdfReader(BytesIO(d)).get_fields(), "ours": read_pdf}
    took = medians([data], ways, 20)
    print(f"\nfillable form to grid: {took['ours'] / took['peer']:.2f} x the fields alone with pypdf ({1000 * took['peer']:.1f} ms)")
    assert took["ours"] <= 2 * took["peer"]
