"""An Annex A workbook by mail (IN-20): found among a mail's documents, and taken in with what the council's own sheet adds."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from mailflow.directory import BadRow, SheetChange, compare_extract, read_sheet_bytes
from mailflow.errors import PermanentError
from mailflow.model import Case, Person
from mailflow.steps.house import House
from mailflow.steps.imports import about_extract, read_extract
from mailflow.store import StoredReading

if TYPE_CHECKING:
    from mailflow.directory.annex_a_join import Join
    from mailflow.directory.annex_a_sheets import Table

_WORKBOOKS = (b"PK", b"\xd0\xcf\x11\xe0")
# What a sheet beside an extract must have to say anything of a case, or of a worker.
_JOINED = (("case number",), ("worker", "worker email"))


class Lists(NamedTuple):
    """What an extract comes to: ``why`` it is not taken in, "" when it is."""

    change: SheetChange
    cases: tuple[Case, ...] = ()
    about: Mapping[str, Any] | None = None
    why: str = ""


@dataclass(frozen=True)
class Extract:
    """The first workbook of Annex A lists in a mail; ``beside`` are the mail's other documents, ``said`` what its writer wrote."""

    name: str
    tables: "list[Table]"
    today: date
    beside: tuple[StoredReading, ...]
    said: str = ""

    def take(self, house: House, people: tuple[Person, ...]) -> Lists:
        """What it comes to. ``people``: the directory as it will be."""
        from mailflow.directory.annex_a_sheets import find_day_said, find_extract_day

        join, bad = self._join(house, people)
        taken_on = find_extract_day(self.tables) or find_day_said(self.said)
        try:
            found = read_extract(house, self.tables, self.name, self.today, taken_on, join, people)
        except PermanentError as e:
            return Lists(SheetChange("cases", 0), why=str(e).removesuffix("."))
        found = replace(found, bad=(*(replace(b, sheet="beside the lists") for b in bad), *found.bad))
        return Lists(compare_extract(house.store.load_cases(), found), found.cases, about_extract(found))

    def _join(self, house: House, people: Iterable[Person]) -> "tuple[Join, tuple[BadRow, ...]]":
        from mailflow.directory.annex_a_join import JOIN_COLUMNS, Join, parse_join

        values = house.policy.framework.allocation.qa_contacts_family_values
        for stored in self.beside:
            raw = house.store.blob(stored.sha)
            for required in _JOINED:
                try:
                    sheet = read_sheet_bytes(raw, stored.name, JOIN_COLUMNS, required)
                except PermanentError:
                    continue  # no sheet of that kind; another may be
                return parse_join(sheet, values, frozenset(p.address for p in people))
        return Join(), ()


def find_extract(house: House, documents: tuple[StoredReading, ...], now: datetime, said: str = "") -> Extract | None:
    """None where no document is an Annex A workbook."""
    for stored in documents:
        tables = _tables(house.store.blob(stored.sha))
        if tables:
            beside = tuple(d for d in documents if d is not stored)
            return Extract(stored.name, tables, house.policy.calendar.local_day(now), beside, said)
    return None


def _tables(raw: bytes) -> "list[Table]":
    from mailflow.directory.annex_a_sheets import looks_like_annex_a
    from parsers.workbook.tables import read_tables

    if not raw.startswith(_WORKBOOKS):
        return []
    try:
        tables: list[Table] = [*read_tables(raw)]
    except PermanentError:
        return []  # no workbook we can read; what it is instead is answered as any other document
    try:
        return tables if looks_like_annex_a(tables) else []
    except PermanentError:
        return tables  # lists that contradict themselves: taking them in says how
