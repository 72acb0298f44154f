"""Which sheet of a workbook is which Annex A list, and which column is which (ANX-05…09, ANX-12).

Councils name their sheets and headers in many ways, so both are compared without case, spaces and punctuation.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from mailflow.directory.sheets import squeeze
from mailflow.errors import PermanentError


class Table(Protocol):
    """One worksheet as it was read: ``values`` begin at the place ``first`` (row, column), both counted from 0."""

    @property
    def name(self) -> str: ...
    @property
    def first(self) -> tuple[int, int]: ...
    @property
    def values(self) -> Sequence[Sequence[Any]]: ...


@dataclass(frozen=True)
class Listed:
    """How one list is known and read. ``closed`` is the column whose day says that the case is over."""

    number: int
    category: str
    names: tuple[str, ...]
    # Headers no other list has: what a sheet is known by when its name says nothing.
    only: tuple[str, ...]
    start: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()


# In the order in which one child's rows are merged: the first that has the child decides (ANX-02).
LISTS: tuple[Listed, ...] = (
    Listed(8, "LAC", ("childrenincare", "childrenlookedafter", "lookedafterchildren", "lookedafter", "lac", "cla", "cic"),
           ("datestartedtobelookedafter", "datestartedlookedafter", "datestartedlac", "dateenteredcare"),
           ("datestartedtobelookedafter", "datestartedlookedafter", "datestartedlac", "dateenteredcare"),
           ("dateceasedtobelookedafter", "dateceasedlookedafter", "dateceasedlac", "dateleftcare")),
    Listed(7, "CP", ("childprotection", "childprotectionplans", "childprotectionplan", "cpp", "cp"),
           ("childprotectionplanstartdate", "cppstartdate", "cpplanstartdate"),
           ("childprotectionplanstartdate", "cppstartdate", "cpplanstartdate"),
           ("childprotectionplanenddate", "cppenddate", "cpplanenddate")),
    Listed(9, "CL", ("leavingcare", "leavingcareservices", "careleavers", "careexperienced", "careexperiencedyoungadults"),
           ("laintouch", "eligibilitycategory", "suitabilityofaccommodation")),
    Listed(6, "CIN", ("childreninneed", "childreninneedcin", "cin"), ("cinstartdate", "childinneedstartdate"),
           ("cinstartdate", "childinneedstartdate"), ("cinclosuredate", "cinenddate", "childinneedclosuredate")),
)
# Our word for a column → its headers, the best first.
COLUMNS: dict[str, tuple[str, ...]] = {
    "number": ("childuniqueid", "childid", "uniqueid", "uniquechildid", "childuniqueidentifier", "personid", "clientid",
               "casenumber", "mosaicid", "lcsid"),
    "team": ("allocatedteam", "team", "allocatedteamname"),
    "worker": ("allocatedworker", "allocatedsocialworker", "allocatedworkername", "worker", "socialworker",
               "allocatedpersonaladviser", "personaladviser", "personaladvisor"),
    "birth": ("dateofbirth", "dob"), "age": ("ageofchildyears", "age", "ageyears"),
    "status": ("casestatus",), "gender": ("gender", "sex"), "ethnicity": ("ethnicity",),
    "disability": ("doesthechildhaveadisability", "hasdisability", "disability", "disabled"),
}
_NUMBERED = re.compile(r"(?:ilacs|annexa)?(?:list|l)?0*([1-9]|1[01])(?!\d)(?:[a-z][a-z0-9]*)?")
_SEND = ("ehcp", "ehcplan", "educationhealthandcare", "educationhealthcare", "sensupport", "specialeducationalneed")
_EXTRACT = re.compile(r"\b(extract(ed|ion)?|snapshot|as at|data as|run date|date run)\b", re.IGNORECASE)
_DAY = re.compile(r"\b(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\b")
_ISO_DAY = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})")
_HEAD_ROWS = 20


@dataclass(frozen=True)
class Found:
    """One list where it stands: the header is row ``head`` of the table's values; columns are places in a row."""

    about: Listed
    table: Table
    head: int
    columns: dict[str, tuple[int, ...]]


def find_lists(tables: Iterable[Table], wanted: Sequence[int], name: str) -> dict[int, Found]:
    """List number → where it is, for those that are wanted and there. Raises PermanentError for another workbook."""
    found: dict[int, Found] = {}
    tables = tuple(tables)
    for table in tables:
        about, head, headers = _recognise(table)
        if about is None and number_of(table.name) in wanted and any(any(row) for row in table.values):
            raise PermanentError(f"{name}: the sheet {table.name!r} has no row of headers with {_SHOWN['childuniqueid']}")
        if about is None or about.number not in wanted:
            continue
        if about.number in found:
            raise PermanentError(f"{name}: the sheets {found[about.number].table.name!r} and {table.name!r} are both list "
                                 f"{about.number}; leave one")
        found[about.number] = Found(about, table, head, _columns(about, headers, table.name, name))
    if not found:
        raise PermanentError(_nothing(tables, wanted, name))
    return found


def _recognise(table: Table) -> tuple[Listed | None, int, list[str]]:
    """The list a sheet is, the row of its headers, and these. Headers have the last word, for rows are read by them."""
    by_name = number_of(table.name)
    for at, row in enumerate(table.values[:_HEAD_ROWS]):
        headers = _headers(row)
        if not _is_head(headers):
            continue
        by_headers = next((a for a in LISTS if set(headers) & set(a.only)), None)
        if by_headers and by_name and by_headers.number != by_name:
            raise PermanentError(f"the sheet {table.name!r} is named as list {by_name} and has the columns of list "
                                 f"{by_headers.number}")
        return by_headers or next((a for a in LISTS if a.number == by_name), None), at, headers
    return None, 0, []


def number_of(name: str) -> int:
    """"List 6", "6", "List_6", "6. Children in need", "Children in Need" → 6; 0 where a sheet's name says nothing."""
    plain = squeeze(name)
    numbered = _NUMBERED.fullmatch(plain)
    if numbered:
        return int(numbered[1])
    return next((about.number for about in LISTS if plain in about.names), 0)


def _columns(about: Listed, headers: list[str], sheet: str, name: str) -> dict[str, tuple[int, ...]]:
    asked = {**COLUMNS, "start": about.start, "closed": about.closed}
    places = {word: tuple(headers.index(h) for h in spellings if h in headers) for word, spellings in asked.items()}
    needed = ["number", "team", "worker", *(("start", "closed") if about.start else ())]
    missing = [(asked[word][0]) for word in needed if not places[word]]
    if missing:
        raise PermanentError(f"{name}: the sheet {sheet!r} (list {about.number}) lacks {_count_words(missing)}")
    return places


_SHOWN = {
    "childuniqueid": "Child Unique ID", "allocatedteam": "Allocated Team", "allocatedworker": "Allocated Worker",
    "cinstartdate": "CIN Start Date", "cinclosuredate": "CIN Closure Date",
    "childprotectionplanstartdate": "Child Protection Plan Start Date",
    "childprotectionplanenddate": "Child Protection Plan End Date",
    "datestartedtobelookedafter": "Date Started to be Looked After",
    "dateceasedtobelookedafter": "Date Ceased to be Looked After",
}


def _count_words(missing: list[str]) -> str:
    words = ", ".join(_SHOWN[m] for m in missing)
    return f"the column{'s' if len(missing) > 1 else ''} {words}"


def _nothing(tables: tuple[Table, ...], wanted: Sequence[int], name: str) -> str:
    texts = [squeeze(t.name) for t in tables]
    texts += [squeeze(v) for t in tables for row in t.values[:_HEAD_ROWS] for v in row if isinstance(v, str)]
    if any(word in text for text in texts for word in _SEND):
        return (f"{name} is the Annex A of a SEND inspection (children with an education, health and care plan). Audits are "
                "drawn from the Annex A of children's social care; nothing was taken")
    lists = ", ".join(map(str, wanted))
    sheets = ", ".join(repr(t.name[:40]) for t in tables[:15]) or "none"
    return f"{name} has none of the Annex A lists {lists}, neither by name nor by headers; its sheets are {sheets}"


def looks_like_annex_a(tables: Iterable[Table]) -> bool:
    """Whether some sheet is one of the lists by its headers, or two are named as lists; a council's own sheet is neither."""
    tables = tuple(tables)
    named = sum(squeeze(t.name).startswith("list") and number_of(t.name) > 0 for t in tables)
    return named > 1 or any(_recognise(table)[0] is not None for table in tables)


def find_extract_day(tables: Iterable[Table]) -> date | None:
    """The day a title says the data were taken: "Extract date 20/11/2026", also with the day in the cell beside it.

    Only rows above a list's headers are asked: below them stands what people wrote of children.
    """
    for table in tables:
        for row in table.values[:_head_of(table)]:
            for at, cell in enumerate(row):
                if isinstance(cell, str) and len(cell) < 200 and _EXTRACT.search(cell):
                    beside = [value for value in row[at + 1:at + 3] if isinstance(value, str | date)]
                    day = _plain_day(cell, loose=True) or next(filter(None, map(_plain_day, beside)), None)
                    if day:
                        return day
    return None


def find_day_said(text: str) -> date | None:
    """The day a mail says its extract was taken: "Extract date 20/11/2026" on a line; None where none or several say so."""
    lines = [line for line in text.splitlines() if _EXTRACT.search(line)]
    days = {day for line in lines if (day := _plain_day(line, loose=True))}
    return days.pop() if len(days) == 1 else None


def _head_of(table: Table) -> int:
    """How many rows stand above the headers; of a sheet without any, its first rows."""
    rows = table.values[:_HEAD_ROWS]
    return next((at for at, row in enumerate(rows) if _is_head(_headers(row))), _HEAD_ROWS)


def _headers(row: Sequence[Any]) -> list[str]:
    return [squeeze(value) if isinstance(value, str) else "" for value in row]


def _is_head(headers: list[str]) -> bool:
    return bool(set(headers) & set(COLUMNS["number"])) and sum(map(bool, headers)) >= 4


def _plain_day(value: Any, loose: bool = False) -> date | None:
    try:
        return parse_day(value, loose)
    except ValueError:
        return None


def parse_day(value: Any, loose: bool = False) -> date | None:
    """A cell → a day; None where it is empty. Dates, dd/mm/yyyy, yyyy-mm-dd, and the serial of a cell without a format.

    ``loose`` looks for the day inside a longer text. Raises ValueError for anything else.
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        if 18_264 <= value < 73_051:  # 1950 to 2099
            return date.fromordinal(int(value) + 693_594)
        raise ValueError("not a date")
    if not isinstance(value, str):
        raise ValueError("not a date")
    text = value.replace("\u00a0", " ").strip()
    if is_missing(text):
        return None
    for pattern, order in ((_DAY, (3, 2, 1)), (_ISO_DAY, (1, 2, 3))):
        found = pattern.search(text) if loose else pattern.match(text)
        if found:
            year, month, day = (int(found[n]) for n in order)
            return date(year, month, day)
    if loose:
        return None
    raise ValueError("not a date")


_MISSING = frozenset({"", "na", "null", "none", "nan", "ref", "value", "name", "div0", "num", "unallocated", "notallocated",
                      "unassigned", "unknown", "notknown", "tbc", "nil", "blank"})


def is_missing(text: str) -> bool:
    """What stands in a cell that holds nothing: "", "#N/A", "n/a", "-", "unallocated"."""
    plain = squeeze(text)
    return plain in _MISSING if plain else not any(c.isalnum() for c in text)
