"""Rows of the Annex A lists → one child each (ANX-02…04, ANX-08, ANX-09a). Only what the draw needs leaves this file.

Lists are read in the order of :data:`LISTS`, so the first row that has a child decides category, team and worker; a
later one fills what is missing there. The start is the earliest of all open rows; a care leaver's is that of their care,
which may be over (ANX-06).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from mailflow.directory.annex_a_sheets import LISTS, Found, is_missing, parse_day
from mailflow.directory.sheets import BadRow
from mailflow.directory.values import one_line, parse_number

# List 6 says in what way a child is in need; a looked-after child who is missing on list 8 is one all the same (ANX-03).
_STATUS = {"a": "LAC", "b": "CP", "e": ""}
_STATUS_WORDS = (("lookedafter", "a"), ("childprotection", "b"), ("closed", "e"))
_CARE, _LEAVERS, _NEED = 8, 9, 6
_BANDS = ((5, "0 to 4"), (10, "5 to 9"), (16, "10 to 15"), (18, "16 to 17"))
SPECIAL = ("gender", "ethnicity", "disability")


@dataclass(slots=True)
class Child:
    """What is kept of a child's rows. ``place`` is the (list, row) that decided."""

    category: str
    team: str
    worker: str
    place: tuple[int, int]
    start: date | None = None
    lists: tuple[int, ...] = ()
    age_band: str = ""
    special: tuple[str, ...] = ()


@dataclass
class Merged:
    """``closed`` counts rows of cases that are over; ``gaps`` are rows that were taken and lack something."""

    children: dict[str, Child] = field(default_factory=dict)
    bad: list[BadRow] = field(default_factory=list)
    gaps: list[BadRow] = field(default_factory=list)
    closed: int = 0
    rows: int = 0
    # When a child who is cared for no longer came into care: what a care leaver's case is counted from.
    cared: dict[str, date] = field(default_factory=dict)


def merge_lists(found: Mapping[int, Found], extract_on: date, keep: tuple[str, ...]) -> Merged:
    """``keep`` names those of SPECIAL that ``selection.stratify_by`` asks for; the others never leave the row (ANX-14)."""
    merged = Merged()
    for about in LISTS:
        if about.number in found:
            _Reader(found[about.number], extract_on, keep, merged).read()
    return merged


class _Reader:
    """One list. What stands in many rows is settled once, since these few lines are done for every row of a county."""

    def __init__(self, found: Found, extract_on: date, keep: tuple[str, ...], merged: Merged) -> None:
        self._about, self._table, self._head = found.about, found.table, found.head
        self._today, self._merged = extract_on, merged
        columns = found.columns
        self._number, self._team, self._worker = columns["number"][0], columns["team"], columns["worker"]
        self._begun, self._ended = (next(iter(columns[name]), None) for name in ("start", "closed"))
        self._status, self._birth, self._age = columns["status"], columns["birth"], columns["age"]
        self._special = tuple(columns[name] for name in keep)
        self._lists = (found.about.number,)
        self._texts: dict[Any, str] = {}
        self._births: dict[Any, str] = {}
        self._ages: dict[Any, str] = {}
        self._needs: dict[Any, str] = {}

    def read(self) -> None:
        first = self._table.first[0] + 1
        for at, row in enumerate(self._table.values[self._head + 1:], first + self._head + 1):
            try:
                self._take(row, at)
            except ValueError as e:
                # Rows that only look empty stand below many a sheet.
                if any(str(value).strip() for value in row if value is not None):
                    self._merged.bad.append(BadRow(at, str(e), self._table.name))

    def _take(self, row: Any, at: int) -> None:
        merged, list_, texts = self._merged, self._about.number, self._texts
        number = _number(row[self._number])
        start = self._start(row, at) if self._begun is not None else None
        category = self._need(row, self._about.category) if list_ == _NEED else self._about.category
        if not category or (self._ended is not None and row[self._ended] != "" and _is_day(row[self._ended])):
            merged.rows += 1
            merged.closed += 1
            if list_ == _CARE and start:
                merged.cared[number] = min(start, merged.cared.get(number, start))
            return
        merged.rows += 1
        if list_ == _LEAVERS:
            start = merged.cared.get(number)
        team = texts.get(row[self._team[0]]) or self._first(row, self._team)
        worker = texts.get(row[self._worker[0]]) or self._first(row, self._worker)
        child = merged.children.get(number)
        if child is None:
            special = tuple([self._first(row, places) for places in self._special]) if self._special else ()
            merged.children[number] = Child(category, team, worker, (list_, at), start, self._lists, self._band(row), special)
            return
        child.team, child.worker = child.team or team, child.worker or worker
        child.age_band = child.age_band or self._band(row)
        child.lists = child.lists if list_ in child.lists else (*child.lists, list_)
        child.special = tuple(old or self._first(row, places) for old, places in
                              zip(child.special, self._special, strict=True))
        if start and (child.start is None or start < child.start):
            child.start = start

    def _start(self, row: Any, at: int) -> date | None:
        value = row[self._begun]
        if type(value) is date:
            return value
        try:
            return parse_day(value)
        except ValueError:
            self._merged.gaps.append(BadRow(at, "the start is not a date; it counts as not known", self._table.name))
            return None

    def _need(self, row: Any, category: str) -> str:
        """The category list 6 gives in its case status, "" for a closed episode. Codes, names and both (ANX-04)."""
        cell = row[self._status[0]] if self._status else ""
        if cell not in self._needs:
            self._needs[cell] = self._settle_need(cell.strip().lower() if isinstance(cell, str) else "", category)
        return self._needs[cell]

    def _settle_need(self, text: str, category: str) -> str:
        plain = "".join(c for c in text if c.isalnum())
        code = next((code for word, code in _STATUS_WORDS if word in plain), "")
        return _STATUS.get(code or (plain[:1] if text[1:2] in ("", ")", ".", " ", "-", ":") else ""), category)

    def _first(self, row: Any, places: Iterable[int]) -> str:
        for place in places:
            value = row[place]
            settled = self._texts.get(value)
            if settled is None:
                text = value if isinstance(value, str) else str(value)
                settled = self._texts[value] = "" if is_missing(text) else one_line(text)
            if settled:
                return settled
        return ""

    def _band(self, row: Any) -> str:
        """The age band on the day of the extract: from the date of birth, else from the age, which may be a decimal."""
        for places, kept, way in ((self._birth, self._births, _years_since), (self._age, self._ages, _years_of)):
            for place in places:
                band = kept.get(row[place])
                if band is None:
                    band = kept[row[place]] = _band_of(row[place], way, self._today)
                if band:
                    return band
        return ""


def _is_day(value: Any) -> bool:
    """Whether a closing day is given. One that can't be read raises ValueError: the case may be over."""
    try:
        return value is not None and parse_day(value) is not None
    except ValueError:
        raise ValueError("the closing date is not a date, so the case may be over") from None


def _years_since(value: Any, today: date) -> int:
    born = parse_day(value)
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day)) if born else -1


def _years_of(value: Any, today: date) -> int:
    del today
    return int(float(value))


def _band_of(value: Any, way: Callable[[Any, date], int], today: date) -> str:
    try:
        years = way(value, today)
    except (ValueError, TypeError, OverflowError):
        return ""
    return next((words for below, words in _BANDS if years < below), "18 and over") if years >= 0 else ""


def _number(cell: Any) -> str:
    """A child's number; a number cell is one too. The text itself is never in the words: it may be a name (ANX-08)."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    text = cell.replace("\u00a0", " ").strip() if isinstance(cell, str) else str(cell)
    try:
        return parse_number(text)
    except ValueError:
        raise ValueError("the child's unique id is missing" if is_missing(text) else
                         "the child's unique id is not a case number") from None
