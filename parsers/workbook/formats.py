"""Number formats: what stands in a cell is 0.78, what the person typed and sees is 78%."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple

from lxml import etree

from parsers.guard import parse_xml

# What a cell can hold, as the library tells it.
Value = int | float | str | bool | date | datetime | time | timedelta
# Formats that have a number and no code in the file; only those that change what is seen.
_BUILT_IN = {1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%"}
# Zeros that pad, thousands, decimals, per cent. Anything else is shown as a plain number.
_SIMPLE = re.compile(r"(#,##)?(0+)(?:\.(0+))?(%?)")
# Room left for a sign or a bracket, a character repeated to the edge, a character taken as it is.
_FILLING = re.compile(r"[_*].|\\")
_SMALL = 64 * 1024
_DIGITS = 15  # significant digits a spreadsheet keeps


class Shown(NamedTuple):
    """How a number is shown: ``pad`` digits before the point, ``decimals`` after it."""

    pad: int
    decimals: int
    thousands: bool
    percent: bool


def parse_format(code: str) -> Shown | None:
    """A format code's meaning; None for one that shows a plain number, a date, or something we don't follow."""
    found = _SIMPLE.fullmatch(_FILLING.sub("", code.split(";")[0]).strip())
    if found is None:
        return None
    return Shown(len(found[2]), len(found[3] or ""), bool(found[1]), bool(found[4]))


def built_in(number: int) -> Shown | None:
    return parse_format(_BUILT_IN[number]) if number in _BUILT_IN else None


def find_formats(styles: bytes) -> Mapping[bytes, Shown]:
    """Style number as it stands in a cell (b"7") → how numbers are shown, for the styles where it matters."""
    # The forms of one council have one style table, so small ones are kept.
    return _keep_formats(styles) if len(styles) <= _SMALL else _read_formats(styles)


def _read_formats(styles: bytes) -> Mapping[bytes, Shown]:
    if not styles:
        return {}
    root = parse_xml(styles)
    codes = {
        e.get("numFmtId"): parse_format(e.get("formatCode") or "") for e in root.iter("{*}numFmt")
        if _local(e.getparent()) == "numFmts"
    }
    formats: dict[bytes, Shown] = {}
    for number, xf in enumerate(root.iterfind("{*}cellXfs/{*}xf")):
        name = xf.get("numFmtId") or ""
        shown = codes[name] if name in codes else built_in(int(name)) if name.isdecimal() and len(name) < 6 else None
        if shown:
            formats[str(number).encode()] = shown
    return formats


_keep_formats = lru_cache(maxsize=64)(_read_formats)


def _local(element: etree._Element | None) -> str:
    return etree.QName(element).localname if element is not None else ""


def show_number(value: float, shown: Shown) -> str:
    scaled = value * 100 if shown.percent else value
    digits = f"{abs(scaled):{',' if shown.thousands else ''}.{shown.decimals}f}"
    if not shown.thousands:
        whole, point, rest = digits.partition(".")
        digits = whole.zfill(shown.pad) + point + rest
    sign = "-" if scaled < 0 and digits.strip("0.,") else ""
    return sign + digits + ("%" if shown.percent else "")


def show_value(value: Value) -> str:
    """A value without a format as a spreadsheet shows it; days and times in the ISO way."""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.{_DIGITS}g}".upper()
    if isinstance(value, str):
        return value.replace("\r\n", "\n").replace("\r", "\n").strip()
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, datetime):
        return f"{value.date().isoformat()} {_clock(value.time())}" if value.time() != time() else value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return _clock(value) if isinstance(value, time) else _duration(value)


def day_of(value: Value) -> str:
    """The ISO day of a date or a date with a time; "" for anything else."""
    return value.isoformat()[:10] if isinstance(value, date) else ""


def _clock(value: time) -> str:
    return value.isoformat("seconds" if value.second else "minutes")


def _duration(value: timedelta) -> str:
    minutes, seconds = divmod(round(value.total_seconds()), 60)
    text = f"{minutes // 60}:{minutes % 60:02}"
    return f"{text}:{seconds:02}" if seconds else text
