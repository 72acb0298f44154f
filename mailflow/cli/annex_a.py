"""`mailflow cases import` for an Annex A workbook: what was taken, and what was not, by sheet and row."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from mailflow.cli.words import LONDON, locked_house, print_table
from mailflow.errors import PermanentError

if TYPE_CHECKING:
    from mailflow.directory import BadRow
    from mailflow.directory.annex_a import AnnexCases
    from mailflow.directory.annex_a_join import Join
    from mailflow.steps.house import House
    from parsers.workbook.values import Sheet

MOST_BYTES = 60 * 1024 * 1024
_WORKBOOKS = (b"PK", b"\xd0\xcf\x11\xe0")


def find_tables(path: Path, *, sure: bool) -> "list[Sheet]":
    """The sheets of an Annex A workbook; [] for a council's own sheet. ``sure`` when the person said which it is."""
    from mailflow.directory.annex_a_sheets import looks_like_annex_a
    from parsers.workbook.tables import read_tables

    with path.open("rb") as file:
        is_workbook = file.read(4).startswith(_WORKBOOKS)
    if not is_workbook or path.stat().st_size > MOST_BYTES:
        if sure:
            raise PermanentError(f"{path.name} is not an Annex A workbook; that is an .xlsx or .xls of at most 60 MB")
        return []
    try:
        tables = read_tables(path.read_bytes())
    except PermanentError as e:
        if sure:
            raise PermanentError(f"{path.name}: {e}") from e
        return []
    return tables if sure or looks_like_annex_a(tables) else []


def import_workbook(path: Path, tables: "list[Sheet]", config: Path, extract_date: str, join: Path | None) -> None:
    """Fails (1) when a row of either sheet could not be used."""
    from mailflow.steps.imports import import_annex_a

    extract_on = _day(extract_date)
    today = datetime.now(UTC).astimezone(LONDON).date()
    with locked_house(config) as house:
        joined, bad = _read_join(join, house)
        found = import_annex_a(house, [*tables], path.name, today, extract_on, joined)
    _tell(path, found)
    rows = [("joined sheet", row) for row in bad] + [(row.sheet, row) for row in found.bad]
    print_table("Rows that were not taken", ("sheet", "why", "rows"), _grouped(rows), "Every row could be read.")
    gaps = [(row.sheet, row) for row in found.gaps]
    if gaps:
        print_table("Rows that lack something", ("sheet", "why", "rows"), _grouped(gaps), "")
    if rows:
        raise typer.Exit(1)


def _tell(path: Path, found: "AnnexCases") -> None:
    typer.echo(f"{len(found.cases)} cases taken in from {found.rows} rows; the extract is of {found.extract_on:%d/%m/%Y}.")
    if found.closed:
        typer.echo(f"{found.closed} rows are of cases that are over.")
    if found.ineligible:
        typer.echo(f"{found.ineligible} cases can't be drawn: no worker or team is known for them.")
    for number in found.absent:
        typer.echo(f"List {number} is not in {path.name}, so none of its cases can be drawn.")
    typer.echo("Only numbers, lists, categories, start dates, teams, workers and age bands were kept. Delete the workbook "
               "when you need it no more.")


def _read_join(path: Path | None, house: "House") -> "tuple[Join, tuple[BadRow, ...]]":
    from mailflow.directory import read_sheet
    from mailflow.directory.annex_a_join import JOIN_COLUMNS, Join, parse_join

    if path is None:
        return Join(), ()
    sheet = read_sheet(path, JOIN_COLUMNS, ())
    values = house.policy.framework.allocation.qa_contacts_family_values
    return parse_join(sheet, values, frozenset(p.address for p in house.people))


def _day(text: str) -> date | None:
    from mailflow.directory.annex_a_sheets import parse_day

    try:
        return parse_day(text) if text else None
    except ValueError as e:
        raise PermanentError(f"{text!r} is not a date; write 17/06/2026") from e


def _grouped(rows: "Iterable[tuple[str, BadRow]]") -> list[tuple[str, str, str]]:
    """One line a sheet and reason: a workbook with a wrong column has thousands of rows of one kind."""
    found: dict[tuple[str, str], list[int]] = {}
    for sheet, row in rows:
        found.setdefault((sheet, row.why), []).append(row.number)
    return [(sheet, why, _spans(numbers)) for (sheet, why), numbers in found.items()]


def _spans(numbers: list[int], most: int = 30) -> str:
    """[2, 3, 4, 9] → "2 to 4, 9"."""
    spans: list[list[int]] = []
    for number in sorted(numbers):
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    shown = ", ".join(f"{a} to {b}" if b > a else str(a) for a, b in spans[:most])
    return shown + (f" and {sum(b - a + 1 for a, b in spans[most:])} more" if len(spans) > most else "")
