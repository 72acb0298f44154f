"""A sampling record's sheets → the record, and what differs from the one that should be there (DOC-01)."""

import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any, Protocol

from mailflow.errors import PermanentError
from mailflow.model.sampling import AuditorRow, FrameRow, SamplingRecord
from outbox.sheets import sampling
from outbox.sheets.leaves import YES

_HEADINGS = {heading: name for name, (heading, _) in sampling.FRAME.items()}
_DAYS = {name for name in FrameRow._fields if name.endswith("_on")}


class Table(Protocol):
    """One worksheet: ``values`` begin at the place ``first``, rows and columns from 0."""

    @property
    def name(self) -> str: ...
    @property
    def first(self) -> tuple[int, int]: ...
    @property
    def values(self) -> Sequence[Sequence[Any]]: ...


Lines = list[list[Any]]


def read_record(tables: Sequence[Table]) -> SamplingRecord:
    """Raises PermanentError, naming sheet and row, for a workbook that is no sampling record or can't be read as one."""
    sheets = read_sheets(tables)
    lacking = [name for name in ("Summary", "Rules", "Frame", "Auditors", "Excluded", "Drawn") if not sheets.get(name)]
    if lacking:
        raise PermanentError(f"it is not a sampling record: no sheet {', '.join(lacking)}")
    says = {_text(row[0]): row[1] for row in sheets["Summary"][1:] if len(row) > 1}
    says = {key: says.get(key, "") for key in (
        sampling.FRAMEWORK, sampling.CYCLE, sampling.TYPE, sampling.THEME, sampling.OPENS, sampling.SEED,
        sampling.FRAME_DIGEST, sampling.DIGEST)}
    opens = _day(says[sampling.OPENS], "Summary", sampling.OPENS)
    if opens is None:
        raise PermanentError("Summary: the opening day is missing")
    auditors = _rows(sheets["Auditors"], len(sampling.AUDITORS))
    return SamplingRecord(
        _text(says[sampling.FRAMEWORK]), _text(says[sampling.CYCLE]), _text(says[sampling.TYPE]), _text(says[sampling.THEME]),
        opens, _text(says[sampling.SEED]), tuple((_text(r[0]), _rule(_text(r[1]), n)) for n, r in _rows(sheets["Rules"], 2)),
        tuple(_frame(sheets["Frame"])), tuple(_auditor(row) for _, row in auditors),
        _pairs(sheets["Drawn"]), _pairs(sheets["Excluded"]),
        tuple((_text(row[0]), _text(row[5])) for _, row in auditors if _text(row[5])),
        _text(says[sampling.FRAME_DIGEST]), _text(says[sampling.DIGEST]))


def read_sheets(tables: Sequence[Table]) -> dict[str, Lines]:
    """Name → its rows from the first of the sheet, without blank ones at the end."""
    found: dict[str, Lines] = {}
    for table in tables:
        top, left = table.first
        rows: Lines = [[]] * top + [[""] * left + list(row) for row in table.values]
        while rows and not any(_text(cell) for cell in rows[-1]):
            rows.pop()
        found[table.name] = rows
    return found


def find_changes(tables: Sequence[Table], record: SamplingRecord) -> Iterator[str]:
    """Every cell in which the workbook is not this record, by sheet and row; the first say where to look."""
    there = read_sheets(tables)
    for leaf in sampling.record_leaves(record):
        rows = there.get(leaf.name, [])
        wanted = [[heading for heading, _ in leaf.headings], *leaf.rows]
        if len(rows) != len(wanted):
            yield f"{leaf.name}: {len(rows)} rows stand there, the draw gives {len(wanted)}"
        for number, (row, should) in enumerate(zip(rows, wanted, strict=False), 1):
            is_, be = [_text(cell) for cell in row], [_text(cell) for cell in should]
            if is_ + [""] * (len(be) - len(is_)) != be + [""] * (len(is_) - len(be)):
                yield f"{leaf.name}, row {number}: the sheet says {_shown(is_)}, the draw gives {_shown(be)}"
    yield from (f"the sheet {name} does not belong to a sampling record" for name in there
                if name not in {leaf.name for leaf in sampling.record_leaves(record)} and there[name])


def _shown(cells: list[str]) -> str:
    return " | ".join(cell or "–" for cell in cells).strip()[:200] or "nothing"


def _rows(lines: Lines, width: int) -> list[tuple[int, list[Any]]]:
    return [(n, row + [""] * (width - len(row))) for n, row in enumerate(lines[1:], 2)]


def _rule(value: str, number: int) -> str:
    try:
        json.loads(value)
    except (ValueError, RecursionError) as e:
        raise PermanentError(f"Rules, row {number}: the value can't be read") from e
    return value


def _frame(lines: Lines) -> Iterator[FrameRow]:
    names = [_HEADINGS.get(_text(cell), "") for cell in lines[0]]
    if not set(list(sampling.FRAME)[:sampling.ALWAYS]) <= set(names) or len(set(names)) != len(names):
        raise PermanentError("Frame: the headings are not those of a sampling record")
    blank: dict[str, Any] = {name: None if name in _DAYS else "" for name in FrameRow._fields}
    for number, row in enumerate(lines[1:], 2):
        values = dict(blank)
        for name, cell in zip(names, row, strict=False):
            values[name] = _day(cell, "Frame", str(number)) if name in _DAYS else _text(cell)
        values["restricted"] = values["restricted"] == YES
        yield FrameRow(**values)


def _auditor(row: list[Any]) -> AuditorRow:
    roles = tuple(role for role in _text(row[1]).split(", ") if role)
    return AuditorRow(_text(row[0]), roles, _text(row[2]), _text(row[3]) == YES)


def _pairs(lines: Lines) -> tuple[tuple[str, str], ...]:
    return tuple((_text(row[0]), _text(row[1])) for _, row in _rows(lines, 2))


def _text(cell: Any) -> str:
    """A cell as text, whichever way a program that saved the workbook again has kept it."""
    if cell is None or cell is False:
        return ""
    if cell is True:
        return YES
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def _day(cell: Any, sheet: str, row: str) -> date | None:
    text = _text(cell)
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as e:
        raise PermanentError(f"{sheet}, row {row}: {text[:40]!r} is not a date") from e
