"""Workbooks (xlsx, xlsm, xls, ods) → Grid: every sheet people see is a table. Formulas are never worked out."""

from mailflow.model import Unreadable
from parsers import sniff
from parsers.grid import Grid
from parsers.guard import LIMITS, Package, open_package, refuse, too_large
from parsers.workbook.ods import read_ods
from parsers.workbook.xls import read_xls
from parsers.workbook.xlsx import read_xlsx

_ZIP = b"PK"


def read_workbook(data: bytes, *, careful: bool = False) -> Grid:
    """The workbook as a grid. ``careful`` also looks up the lists of choices, which only the form compiler needs.

    Raises UnreadableError for what is no workbook, is protected, damaged, hostile or too large.
    """
    if data.startswith(_ZIP):
        return read_package(open_package(data), careful=careful)
    if len(data) > LIMITS.whole:
        raise too_large(f"{len(data) // (1024 * 1024)} MB")
    verdict = sniff.sniff(data)
    if verdict.kind is sniff.Kind.XLS:
        return read_xls(data)
    if verdict.kind is sniff.Kind.ENCRYPTED:
        raise refuse(Unreadable.ENCRYPTED, verdict.words)
    raise no_workbook()


def read_package(package: Package, *, careful: bool = False) -> Grid:
    """The same for a zip whose directory has been checked already."""
    if "content.xml" in package.members:
        return read_ods(package, careful=careful)
    if "xl/workbook.xml" in package.members or package.verdict().kind is sniff.Kind.XLSX:
        return read_xlsx(package, careful=careful)
    raise no_workbook()


def no_workbook() -> Exception:
    return refuse(Unreadable.UNKNOWN_FORMAT, "This document is not a workbook we know.")
