"""One sheet of a workbook or a csv file → rows of texts, headers matched without case, spaces and punctuation.

Text from outside is data: formulas are never calculated, only what the file says was last shown is read.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from mailflow.errors import PermanentError

# A council's directory or case list is a few thousand rows; more than this is not a sheet somebody meant to send.
MAX_BYTES = 20 * 1024 * 1024
MAX_INFLATED = 200 * 1024 * 1024
MAX_ROWS = 200_000
MAX_COLUMNS = 200


@dataclass(frozen=True)
class BadRow:
    """A row that was not taken: ``number`` is the row as the sheet shows it, ``why`` a sentence."""

    number: int
    why: str
    # Which sheet of a workbook of several, "" where there is only one.
    sheet: str = ""


@dataclass(frozen=True)
class Sheet:
    """``columns`` are our names for the headers that were recognised; each row is (its number, name → text)."""

    columns: tuple[str, ...]
    rows: tuple[tuple[int, dict[str, str]], ...]
    # Headers nobody asked for; they are dropped at import (ANX-13) and named once.
    unknown: tuple[str, ...] = ()


def squeeze(text: str) -> str:
    """A header without case, spaces and punctuation."""
    return re.sub(r"[^a-z0-9]", "", text.lower())


def read_sheet(path: Path, columns: Sequence[str], required: Iterable[str]) -> Sheet:
    """Read the first sheet of an .xlsx, or a .csv. Raises PermanentError with a sentence a person can act on."""
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise PermanentError(f"{path.name} has {size // 1_000_000} MB; a sheet has at most 20")
        raw = path.read_bytes()
    except OSError as e:
        raise PermanentError(f"{path} could not be read: {e.strerror}") from e
    return read_sheet_bytes(raw, path.name, columns, required)


def read_sheet_bytes(raw: bytes, name: str, columns: Sequence[str], required: Iterable[str]) -> Sheet:
    """The same of bytes, such as a document of a mail; ``name`` is what complaints call it."""
    if raw.startswith(b"PK"):
        lines = _read_workbook(raw, name)
    elif raw.startswith(b"\xd0\xcf\x11\xe0"):
        raise PermanentError(f"{name} is an old or encrypted workbook; save it as .xlsx or .csv")
    else:
        lines = _read_csv(raw, name)
    return _to_sheet(lines, columns, set(required), name)


def _read_workbook(raw: bytes, name: str) -> list[tuple[int, list[str]]]:
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as pack:
            if sum(i.file_size for i in pack.infolist()) > MAX_INFLATED:
                raise PermanentError(f"{name} unpacks to far more than a sheet should")
        book = openpyxl.load_workbook(io.BytesIO(raw), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        rows = sheet.iter_rows(max_row=MAX_ROWS, max_col=MAX_COLUMNS, values_only=True)
        return [(n, [_as_text(v) for v in row]) for n, row in enumerate(rows, 1)]
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, IndexError, EOFError, OSError) as e:
        raise PermanentError(f"{name} is not a workbook we can read ({type(e).__name__})") from e


def _as_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).replace("\u00a0", " ").strip()


def _read_csv(raw: bytes, name: str) -> list[tuple[int, list[str]]]:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = raw.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise PermanentError(f"{name} is not text we can read; save it as csv in UTF-8")
    if "\x00" in text:
        raise PermanentError(f"{name} is not a csv file or a workbook")
    first = text.split("\n", 1)[0]
    separator = ";" if first.count(";") > first.count(",") else ("\t" if "\t" in first and "," not in first else ",")
    try:
        rows = list(csv.reader(io.StringIO(text), delimiter=separator))
    except csv.Error as e:
        raise PermanentError(f"{name} is not a csv file we can read ({e})") from e
    return [(n, [_as_text(v) for v in row]) for n, row in enumerate(rows[:MAX_ROWS], 1)]


def _to_sheet(lines: list[tuple[int, list[str]]], columns: Sequence[str], required: set[str], name: str) -> Sheet:
    wanted = {squeeze(c): c for c in columns}
    # A title may stand above the headers: the header row is the first that names two of our columns.
    at = next((n for n, (_, cells) in enumerate(lines[:20]) if sum(squeeze(c) in wanted for c in cells) >= 2), None)
    if at is None:
        raise PermanentError(f"{name} has no row with our headers; it needs {', '.join(sorted(required) or columns)}")
    found = [wanted.get(squeeze(c), "") for c in lines[at][1]]
    missing = sorted(required - set(found))
    if missing:
        raise PermanentError(f"{name} lacks the column{'s' if len(missing) > 1 else ''} {', '.join(missing)}")
    doubled = sorted({f for f in found if f and found.count(f) > 1})
    if doubled:
        raise PermanentError(f"{name} has the column {doubled[0]} twice")
    unknown = tuple(c for c, f in zip(lines[at][1], found, strict=True) if c and not f)
    rows = []
    for number, cells in lines[at + 1:]:
        values = {f: v for f, v in zip(found, cells, strict=False) if f}
        if any(values.values()):
            rows.append((number, values))
    return Sheet(tuple(f for f in found if f), tuple(rows), unknown)
