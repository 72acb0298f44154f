"""Workbooks made to do harm are refused by rule before the library that reads values sees them."""

import random
import struct
import subprocess
import sys

import pytest

from mailflow.errors import UnreadableError
from parsers.compound import open_compound
from parsers.workbook.document import read_workbook
from parsers.workbook.guard import measure_sheet
from parsers.workbook.ole import pack_stream
from tests.parsers.pages import ROOT
from tests.parsers.test_workbook import CORPUS, texts
from tests.parsers.workbooks import book, ods, record, relations, sheet, text_cell, xls

pytestmark = pytest.mark.filterwarnings("ignore:Duplicate name")
ONE = sheet(f'<row r="1">{text_cell("A1", "x")}</row>')
TABLE_ROW = '<table:table-row {}><table:table-cell {}><text:p>x</text:p></table:table-cell></table:table-row>'


def far(reference: str = 'r="XFD1048576"', row: str = 'r="1048576"', name: str = "c") -> bytes:
    return book(sheet(f'<row r="1">{text_cell("A1", "x")}</row><row {row}><{name} {reference}><v>1</v></{name}></row>'))


def spread(rows: int, columns: int) -> bytes:
    """A cell in the last row and one in the last column, no more."""
    return book(sheet("<row/>" * (rows - 1) + "<row>" + "<c><v>1</v></c>" * columns + "</row>"))


def number(row: int, column: int) -> bytes:
    return record(0x203, struct.pack("<HHHd", row, column, 0, 7.0))


def dimensions(rows: int, columns: int) -> bytes:
    return record(0x200, struct.pack("<IIHHH", 0, rows, 0, columns, 0))


HOSTILE = {
    "far cell": (lambda: far(), "too_large"),
    "far cell in small letters": (lambda: far('r="xfd1048576"'), "too_large"),
    "far cell in single quotes": (lambda: far("r='XFD1048576'"), "too_large"),
    "far cell with a space": (lambda: far('r ="XFD1048576"'), "too_large"),
    "far cell behind a lying attribute": (lambda: far('x="/>" r="XFD1048576"'), "too_large"),
    "far cell with a tab": (lambda: far('\tr="XFD1048576"'), "too_large"),
    "far cell written with an entity": (lambda: far('r="XFD104857&#54;"'), "too_large"),
    "far cell of a prefix": (
        lambda: book(sheet('<q:row xmlns:q="u" r="1048576"><q:c r="XFD1048576"><v>1</v></q:c></q:row>')), "too_large"),
    "far row, cells that don't say": (lambda: far(""), "too_large"),
    "too many columns": (lambda: spread(1, 501), "too_large"),
    "too large a rectangle": (lambda: spread(19_000, 400), "too_large"),
    "entity": (lambda: book('<!DOCTYPE w [<!ENTITY e "x">]>' + ONE), "hostile"),
    "entity in the strings": (lambda: book(ONE, more={"xl/sharedStrings.xml": "<!DOCTYPE s [<!ENTITY e 'x'>]><sst/>"}), "hostile"),
    "entity behind a long comment": (lambda: book(f"<!--{'x' * 9000}--><!DOCTYPE w>" + ONE), "hostile"),
    "entity in the workbook part": (lambda: book(ONE, more={"xl/workbook.xml": "<!DOCTYPE w><workbook/>"}), "hostile"),
    "strings that unpack to far more": (
        lambda: book(ONE, more={"xl/sharedStrings.xml": b"<sst>" + b" " * 50_000_000 + b"</sst>"}), "hostile"),
    "one long string for many cells": (lambda: _shared(100_000, 2_000), "too_large"),
    "more filled cells than any form": (lambda: book(*[sheet(("<row>" + "<c><v>1</v></c>" * 100 + "</row>") * 1_100)] * 3), "too_large"),
    "more strings than any form": (lambda: book(ONE, more={"xl/sharedStrings.xml": _noise(18_000_000)}), "too_large"),
    "sheet that unpacks to far more": (lambda: book(b"<worksheet>" + b" " * 50_000_000), "hostile"),
    "member twice": (lambda: book(ONE, twice=True), "hostile"),
    "sheet in another alphabet": (lambda: book(ONE.encode("utf-16")), "damaged"),
    "sheet that is missing": (lambda: book(ONE, more={"xl/worksheets/sheet1.xml": ""}), "damaged"),
    "sheet cut off": (lambda: book(ONE[:-60]), "damaged"),
    "binary workbook": (lambda: book(ONE, more={"_rels/.rels": _main("xl/workbook.bin")}), "unsupported"),
    "no workbook": (lambda: b"Minutes of a meeting", "unknown_format"),
    "ods rows": (lambda: ods(TABLE_ROW.format('table:number-rows-repeated="1048576"', "")), "too_large"),
    "ods columns": (lambda: ods(TABLE_ROW.format("", 'table:number-columns-repeated="16384"')), "too_large"),
    "ods rectangle": (
        lambda: ods(TABLE_ROW.format('table:number-rows-repeated="19000"', 'table:number-columns-repeated="400"')), "too_large"),
    "ods text many times": (
        lambda: ods(TABLE_ROW.replace("x<", "x" * 10_000 + "<").format('table:number-rows-repeated="9000"', "")), "too_large"),
    "ods number beyond numbers": (lambda: ods(TABLE_ROW.format("", f'table:number-columns-repeated="{"9" * 5000}"')), "too_large"),
    "ods protected": (lambda: ods("", {"META-INF/manifest.xml": "<m><encryption-data/></m>"}), "encrypted"),
    "xls far cell": (lambda: xls(number(0, 0), number(65_535, 65_535)), "too_large"),
    "xls far error": (lambda: xls(record(0x205, struct.pack("<HHHBB", 60_000, 0, 0, 42, 1))), "too_large"),
    "xls protected": (lambda: _protected(), "encrypted"),
    "xls cut off": (lambda: pack_stream("Workbook", _stream()[:900]), "damaged"),
    "xls that runs in a circle": (lambda: _circle(), "damaged"),
    "xlsx protected": (lambda: pack_stream("EncryptedPackage", bytes(5000)), "encrypted"),
}


def _stream() -> bytes:
    return open_compound((CORPUS / "tool.xls").read_bytes()).read_named("Workbook")


def _shared(letters: int, cells: int) -> bytes:
    strings = f"<sst><si/><si><t>{'x' * letters}</t></si></sst>"
    data = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>1</v></c></row>' for n in range(1, cells + 1))
    return book(sheet(data), more={"xl/sharedStrings.xml": strings})


def _noise(size: int) -> bytes:
    """Text that does not pack well, so that no other rule speaks first."""
    return b"<sst><si><t>" + random.Random(1).randbytes(size // 2).hex().encode() + b"</t></si></sst>"


def _main(target: str) -> str:
    return relations(("a", "officeDocument", target))


def _protected() -> bytes:
    """The invented tool with the record that says the rest is in cipher."""
    stream = _stream()
    begin = 4 + struct.unpack_from("<H", stream, 2)[0]
    return pack_stream("Workbook", stream[:begin] + record(0x2F, bytes(6)) + stream[begin:])


def _circle() -> bytes:
    """A stream whose second sector is followed by its first."""
    whole = pack_stream("Workbook", bytes(9000))
    table = len(whole) - 4096
    return whole[:table + 8] + struct.pack("<I", 1) + whole[table + 12:]


@pytest.mark.parametrize("name", HOSTILE)
def test_each_trick_is_a_declared_refusal(name: str) -> None:
    make, reason = HOSTILE[name]
    with pytest.raises(UnreadableError) as refused:
        read_workbook(make())
    assert refused.value.reason == reason, str(refused.value)


def test_the_far_cell_would_really_have_ended_the_process() -> None:
    """So the guard is no ornament; in a child, since nothing in Python can catch it."""
    code = "import io, sys, python_calamine as c\nc.load_workbook(io.BytesIO(sys.stdin.buffer.read())).get_sheet_by_index(0)"
    ended = subprocess.run([sys.executable, "-c", code], input=far(), capture_output=True, cwd=ROOT, timeout=60)
    assert ended.returncode < 0


def test_lying_dimensions_cost_nothing() -> None:
    """Both kinds of workbook may say they reach the end of the sheet; what is there is read."""
    lying = sheet(f'<row r="1">{text_cell("A1", "x")}</row>', before='<dimension ref="A1:XFD1048576"/>')
    assert texts(read_workbook(book(lying))) == [["x"]]
    assert texts(read_workbook(xls(dimensions(65_536, 65_535), number(2, 1)))) == [["7"]]


def test_a_merged_range_over_everything_costs_nothing() -> None:
    merged = '<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    grid = read_workbook(book(sheet(f'<row r="1">{text_cell("A1", "x")}{text_cell("C1", "y")}</row>', after=merged)))
    assert [(c.text, c.merged) for c in grid.rows[0].cells] == [("x", False), ("", True), ("y", True)]


def test_a_rule_over_everything_costs_nothing() -> None:
    rule = '<dataValidations><dataValidation type="list" sqref="A1:XFD1048576"><formula1>"A,B"</formula1></dataValidation></dataValidations>'
    grid = read_workbook(book(sheet(f'<row r="1">{text_cell("A1", "x")}</row>', after=rule)), careful=True)
    assert len(grid.rows) == 1 and len(grid.rows[0].cells) == 500


def test_a_long_string_used_by_a_few_cells_is_read() -> None:
    assert [len(row[0]) for row in texts(read_workbook(_shared(30_000, 40)))] == [30_000] * 40


def test_references_are_never_undercounted() -> None:
    """Text that looks like cells can make a sheet seem larger, never smaller."""
    comment = "<!--" + '<c r="A1"/>' * 9 + "-->"
    assert measure_sheet(sheet(f'{comment}<row r="3"><c><v>1</v></c><c r="D3"><v>1</v></c></row>').encode()).columns >= 4
    assert measure_sheet(sheet('<row r="3"><c r="D3"><v>1</v></c></row>').encode()) == (3, 4)
