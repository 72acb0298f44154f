"""What the bytes are → the reader for them → a Grid. A new kind of document is one more line in ``_READERS``."""

from collections.abc import Callable

from mailflow.errors import UnreadableError
from parsers.grid import Grid
from parsers.guard import Package, open_package
from parsers.sniff import Kind, sniff


def open_grid(data: bytes, *, careful: bool = False) -> Grid:
    """The document as a grid, whatever its name says. ``careful`` also tells merged cells and lists of choices, which
    only a blank's compiler asks for. Raises UnreadableError with the reason and one plain sentence.
    """
    verdict = sniff(data)
    package = None
    if not verdict.reason and verdict.kind in (Kind.DOCX, Kind.ODF):
        # Only the directory inside tells a Word document from a workbook, and only opening it checks it.
        package = open_package(data)
        verdict = package.verdict()
    if verdict.reason:
        raise UnreadableError(verdict.reason, verdict.words)
    if package is not None:
        return _PACKAGES[verdict.kind](package, careful)
    return _FILES[verdict.kind](data, careful)


# Foreign libraries are loaded when the first document of their kind comes: most inboxes see Word forms alone.

def _word(package: Package, careful: bool) -> Grid:
    from parsers.word.document import read_word

    return read_word(package, careful=careful)


def _workbook(package: Package, careful: bool) -> Grid:
    from parsers.workbook.document import read_package

    return read_package(package, careful=careful)


def _old_workbook(data: bytes, careful: bool) -> Grid:
    from parsers.workbook.document import read_workbook

    return read_workbook(data, careful=careful)


def _text_document(package: Package, careful: bool) -> Grid:
    from parsers.opendocument.document import read_text_document

    return read_text_document(package)


def _flat_text_document(data: bytes, careful: bool) -> Grid:
    from parsers.opendocument.document import read_flat_document

    return read_flat_document(data)


def _old_word(data: bytes, careful: bool) -> Grid:
    from parsers.old_word.document import read_old_word

    return read_old_word(data)


def _web_page(data: bytes, careful: bool) -> Grid:
    from parsers.web.page import read_web_page

    return read_web_page(data)


def _pdf(data: bytes, careful: bool) -> Grid:
    from parsers.pdf.document import read_pdf

    return read_pdf(data)


_PACKAGES: dict[Kind, Callable[[Package, bool], Grid]] = {
    Kind.DOCX: _word, Kind.XLSX: _workbook, Kind.ODS: _workbook, Kind.ODF: _text_document,
}
_FILES: dict[Kind, Callable[[bytes, bool], Grid]] = {
    Kind.XLS: _old_workbook, Kind.DOC: _old_word, Kind.RTF: _old_word, Kind.HTML: _web_page, Kind.FODT: _flat_text_document,
    Kind.PDF: _pdf,
}
