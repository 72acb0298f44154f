"""Shared strings: one long text that every cell points at would be copied for each of them."""

import re
from collections.abc import Sequence
from itertools import pairwise

from parsers.guard import too_large
from parsers.workbook.guard import WORKBOOK_LIMITS, WorkbookLimits, check_plain

_END = re.compile(rb"</(?:[^\s<>/:]+:)?si\s*>|<(?:[^\s<>/:]+:)?si\s*/>")
_NUMBER = re.compile(rb"<(?:[^\s<>/:]+:)?v[^<>]*>\s*([0-9]{1,7})\s*<")
_VALUE = re.compile(rb"<(?:[^\s<>/:]+:)?(?:v|is)[\s>]")
_LEAST_VALUE = 10  # bytes of the shortest cell with a value, and fewer than that


def check_filled(sheets: Sequence[bytes], limits: WorkbookLimits = WORKBOOK_LIMITS) -> None:
    """Raises UnreadableError where more cells hold something than in any form."""
    if sum(map(len, sheets)) < limits.filled * _LEAST_VALUE:
        return
    filled = sum(1 for part in sheets for _ in _VALUE.finditer(part))
    if filled > limits.filled:
        raise too_large(f"{filled} cells hold something")


def check_strings(strings: bytes, sheets: Sequence[bytes], limits: WorkbookLimits = WORKBOOK_LIMITS) -> None:
    """Raises UnreadableError where the strings, copied for each cell that uses them, are more text than in any form.

    Any whole number in a sheet may be a string's number; most workbooks are so small that nobody need look.
    """
    check_plain(strings)
    if len(strings) > limits.strings:
        raise too_large("it holds more text than any form")
    if len(strings) * sum(map(len, sheets)) < limits.text * _LEAST_VALUE:
        return
    ends = [0, *(m.end() for m in _END.finditer(strings))]
    sizes = [end - start for start, end in pairwise(ends)]
    # A cell with a value has at least one end tag; in a long list of short texts that is all there is to know.
    if max(sizes, default=0) * sum(part.count(b"</") for part in sheets) <= limits.text:
        return
    copied = sum(sizes[n] for part in sheets for m in _NUMBER.finditer(part) if (n := int(m[1])) < len(sizes))
    if copied > limits.text:
        raise too_large("it holds more text than any form")
