"""The only door to calamine: the values of a workbook that the guard has looked at."""

from io import BytesIO
from typing import NamedTuple

import python_calamine as calamine

from mailflow.model import Unreadable
from parsers.guard import damaged, refuse
from parsers.workbook.formats import Value

Span = tuple[tuple[int, int], tuple[int, int]]


class Sheet(NamedTuple):
    """One worksheet. ``values`` begin at the place ``first``; rows and columns from 0, as are the ``merged`` ranges."""

    name: str
    visible: bool
    first: tuple[int, int]
    values: list[list[Value]]
    merged: list[Span]


def read_values(data: bytes) -> list[Sheet]:
    """Every worksheet in the workbook's order, hidden ones too. Raises UnreadableError."""
    try:
        return _read(data)
    except calamine.PasswordError as e:
        raise refuse(Unreadable.ENCRYPTED, "This document is protected with a password.") from e
    except (calamine.CalamineError, ValueError, OverflowError, OSError) as e:
        raise damaged("its sheets can't be read") from e
    except BaseException as e:
        # A panic inside the library is no Exception, and its class is nowhere to be imported from.
        if type(e).__name__ == "PanicException":
            raise damaged("its sheets can't be read") from e
        raise


def _read(data: bytes) -> list[Sheet]:
    with calamine.CalamineWorkbook.from_filelike(BytesIO(data)) as book:
        return [
            _sheet(book.get_sheet_by_index(at), about.visible == calamine.SheetVisibleEnum.Visible)
            for at, about in enumerate(book.sheets_metadata) if about.typ == calamine.SheetTypeEnum.WorkSheet
        ]


def _sheet(sheet: calamine.CalamineSheet, visible: bool) -> Sheet:
    first = sheet.start
    # An empty sheet has no start and no values.
    return Sheet(sheet.name, visible, first or (0, 0), sheet.to_python() if first else [], sheet.merged_cell_ranges or [])
