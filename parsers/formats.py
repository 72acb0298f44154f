"""What the bytes are → the reader for them → a Grid. A new kind of document is one more line in ``_READERS``."""

from collections.abc import Callable

from mailflow.errors import UnreadableError
from parsers.grid import Grid
from parsers.guard import open_package
from parsers.sniff import Kind, Verdict, sniff


def open_grid(data: bytes, *, careful: bool = False) -> Grid:
    """The document as a grid, whatever its name says. ``careful`` also tells merged cells and lists of choices, which
    only a blank's compiler asks for. Raises UnreadableError with the reason and one plain sentence.
    """
    verdict = sniff(data)
    if not verdict.reason and verdict.kind is Kind.DOCX:
        # Only the directory inside tells a Word document from a workbook, and only opening it checks it.
        package = open_package(data)
        verdict = package.verdict()
        if verdict.kind is Kind.DOCX:
            from parsers.word import read_word

            return read_word(package)
    reader = _READERS.get(verdict.kind)
    if verdict.reason or reader is None:
        raise _refusal(verdict)
    return reader(data, careful)


def _refusal(verdict: Verdict) -> UnreadableError:
    return UnreadableError(verdict.reason, verdict.words)


# Foreign libraries are loaded when the first document of their kind comes: most inboxes see Word forms alone.
_READERS: dict[Kind, Callable[[bytes, bool], Grid]] = {}
