"""A council's list of thousands of rows: the values alone, behind the same guard as a form but with room for a whole county.

No grid is made: nobody looks for answers here, a room that knows the list's columns reads on.
"""

from parsers import sniff
from parsers.compound import open_compound
from parsers.guard import LIMITS, Limits, damaged, open_package, too_large
from parsers.workbook.book import open_book, repack
from parsers.workbook.document import no_workbook
from parsers.workbook.guard import WorkbookLimits, check_area
from parsers.workbook.ole import pack_stream
from parsers.workbook.records import walk_book
from parsers.workbook.values import Sheet, read_values

_MIB = 1024 * 1024
# The largest councils have some 10,000 open cases; a list of children in care has 34 columns.
LIST_LIMITS = WorkbookLimits(sheets=60, rows=150_000, columns=500, area=6_000_000, filled=3_000_000, strings=48 * _MIB,
                             text=256 * _MIB)
_PARTS = Limits(part=200 * _MIB, member=200 * _MIB, total=400 * _MIB)


def read_tables(data: bytes) -> list[Sheet]:
    """Every worksheet of an .xlsx or .xls, hidden ones too: names as people see them, values as they were last shown.

    A cell that shows a fault (#N/A) is empty. An old workbook has the caps of a form. Raises UnreadableError.
    """
    if data.startswith(b"PK"):
        package = open_package(data, _PARTS)
        if "xl/workbook.xml" not in package.members and package.verdict().kind is not sniff.Kind.XLSX:
            raise no_workbook()
        book = open_book(package, LIST_LIMITS)
        return [sheet._replace(name=page.name) for page, sheet in zip(book.pages, read_values(repack(book)), strict=True)]
    if len(data) > LIMITS.whole:
        raise too_large(f"{len(data) // _MIB} MB")
    if sniff.sniff(data).kind is not sniff.Kind.XLS:
        raise no_workbook()
    return _read_old(data)


def _read_old(data: bytes) -> list[Sheet]:
    file = open_compound(data)
    name = "Workbook" if "Workbook" in file.named else "Book"
    stream = file.read_named(name)
    book = walk_book(stream)
    check_area([leaf.extent() for leaf in book.leaves])
    sheets = read_values(pack_stream(name, book.settled(stream)))
    if len(sheets) != len(book.leaves):
        raise damaged("its sheets can't be told apart")
    return sheets
