"""What is fuzzed: sniff, guard and the Word reader, both ways of reading."""

import contextlib

from mailflow.errors import UnreadableError
from parsers.guard import open_package
from parsers.sniff import Kind, sniff
from parsers.word.document import read_word


def read_once(data: bytes) -> None:
    """Raises whatever a reader must not raise; a refusal and too little memory are answers."""
    with contextlib.suppress(UnreadableError, MemoryError):
        sniff(data)
        package = open_package(data)
        if package.verdict().kind is not Kind.DOCX:
            return
        quick, careful = read_word(package), read_word(package, careful=True)
        assert quick.around == careful.around and quick.remarks == careful.remarks
