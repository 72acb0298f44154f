"""Tables people may add rows to: whatever rows stand there, in page order, columns by tag or by the table's head."""

import re
from collections.abc import Iterator

from mailflow.form.definition import FormField, FormTable
from mailflow.model import Answer, FoundBy
from parsers.grid import Row
from parsers.locate.answers import make_answer
from parsers.locate.page import Page

# What a row is numbered with where the form prints numbers; a workbook gives them as plain text too.
_ROW_NUMBER = re.compile(r"\s*(?:no\.?\s*)?([1-9]\d{0,2})\s*[.):]?\s*", re.IGNORECASE)
Rows = dict[str, tuple[dict[str, Answer], ...]]


def read_tables(page: Page, rows: Rows, missing: list[str], prompts_left: list[str]) -> None:
    """Fills ``rows``: table id → rows, each column id ("due") → Answer. Wholly blank rows are left out."""
    for table in page.wording.form.tables:
        numbers = _row_numbers(page, table)
        if not numbers and not any(t is table for t, _ in page.headers.values()):
            missing += [c.id for c in table.columns]
        found = []
        taken: set[int] = {c.number for cells in page.table_cells.values() for c in cells if c.table is table}
        used: set[int] = set()
        for r in numbers:
            number = _number(page, r, table, used, taken)
            answers, prompts = _read_row(page, r, table, number)
            if any(a.text for a in answers.values()):
                found.append(answers)
                prompts_left += prompts
        rows[table.id] = tuple(found)


def _row_numbers(page: Page, table: FormTable) -> list[int]:
    """The rows that belong to a table: those with its tags, and those under its head in the same Word table."""
    found = [r for r, cells in page.table_cells.items() if cells[0].table is table]
    tagged = set(found)
    for head, (of, _) in page.headers.items():
        if of is not table:
            continue
        for r in rows_under(page, head):
            if r not in tagged and _is_data(page, r, page.rows[r]):
                found.append(r)
    return sorted(found)


def rows_under(page: Page, head: int) -> Iterator[int]:
    """The rows below a head in its Word table, and in the one behind it that goes on without a head of its own."""
    tables = [page.rows[head].table]
    for r in range(head + 1, len(page.rows)):
        row = page.rows[r]
        if not row.table and not row.cells[0].text:
            continue
        if row.table != tables[-1]:
            if len(tables) == 2 or not _goes_on(page, head, r):
                return
            tables.append(row.table)
            page.continued[row.table] = head
        if r in page.headers or _is_next_section(page, head, r):
            return
        yield r


def _goes_on(page: Page, head: int, first: int) -> bool:
    """Whether the Word table that begins at a row has the columns of the head above and nothing of ours in it."""
    columns, word_table = [c.column for c in page.rows[head].cells], page.rows[first].table
    if not word_table:
        return False
    rows = [r for r in range(first, len(page.rows)) if page.rows[r].table == word_table]
    return all([c.column for c in page.rows[r].cells] == columns and len(page.heads.get(r, ())) < 2 and r not in page.headers
               and r not in page.headings and not any((r, c) in page.label_spots for c in range(len(columns))) for r in rows)


def _is_next_section(page: Page, head: int, r: int) -> bool:
    """A form in one big table has its headings in rows; an action of the same words has all the table's cells beside it."""
    if r not in page.headings:
        return False
    cells = page.rows[r].cells
    return len(cells) == 1 or (len(cells) < len(page.rows[head].cells) and sum(bool(c.text) for c in cells) == 1)


def _is_data(page: Page, r: int, row: Row) -> bool:
    if page.held_by_answer(r) or r in page.headings:
        return False
    return not any((r, c) in page.label_spots or (r, c) in page.claimed for c in range(len(row.cells)))


def _number(page: Page, r: int, table: FormTable, used: set[int], taken: set[int]) -> int:
    """The number a row was printed with; a row that was added (or copied, tags and all) gets the next free one."""
    printed = next((c.number for c in page.table_cells.get(r, ()) if c.table is table and c.number not in used), None)
    in_front = _printed_number(page, r, table, used)
    if printed is None and r not in page.table_cells:
        printed = in_front
    number = printed if printed is not None else 1
    while printed is None and (number in used or number in taken):
        number += 1
    used.add(number)
    return number


def _printed_number(page: Page, r: int, table: FormTable, used: set[int]) -> int | None:
    """The number in front of a row's answers ("3."), in a cell that is none of the table's columns."""
    columns = _columns_of(page, r, table)
    for c, cell in enumerate(page.rows[r].cells):
        found = _ROW_NUMBER.fullmatch(cell.text) if c not in columns else None
        if found:
            page.claimed[r, c] = f"{table.id}.{found[1]}"
            return int(found[1]) if int(found[1]) not in used else None
    return None


def _read_row(page: Page, r: int, table: FormTable, number: int) -> tuple[dict[str, Answer], list[str]]:
    columns = _columns_of(page, r, table)
    found: dict[str, Answer] = {}
    prompts: list[str] = []
    for column in table.columns:
        name = column.id.rpartition(".")[2]
        cells = [c for c, n in columns.items() if n == name]
        field_id = f"{table.id}.{number}.{name}"
        if cells:
            found[name], only_prompt = _read_cell(page, (r, cells[0]), column, field_id)
            if only_prompt:
                prompts.append(field_id)
    return found, prompts


def _read_cell(page: Page, spot: tuple[int, int], column: FormField, field_id: str) -> tuple[Answer, bool]:
    cell = page.cell(spot)
    page.claimed[spot] = field_id
    tagged = [c for c in cell.controls if c.tag.startswith("mf:")]
    found_by = FoundBy.TAG if tagged else FoundBy.POSITION
    control = tagged[0] if tagged else next(iter(cell.controls), None)
    return make_answer(
        column, field_id, cell.text, page.place(spot), page.wording, found_by=found_by, sure=100 if tagged else 85,
        control=control,
    )


def _columns_of(page: Page, r: int, table: FormTable) -> dict[int, str]:
    """Cell → column id: by the cell's own tag, else by the head above (its grid column), else as other rows have it."""
    row = page.rows[r]
    found = {c.cell: c.column for c in page.table_cells.get(r, ()) if c.table is table}
    if len(found) == len(table.columns):
        return found
    above = _head_above(page, r, table)
    for c, cell in enumerate(row.cells):
        name = above.get(cell.column)
        if c not in found and name and name not in found.values():
            found[c] = name
    return found


def _head_above(page: Page, r: int, table: FormTable) -> dict[int, str]:
    """Grid column → column id, from the nearest head above in the same Word table, else from a tagged row near by."""
    for n in range(r, -1, -1):
        head = page.headers.get(n)
        here = page.rows[n].table == page.rows[r].table or page.continued.get(page.rows[r].table) == n
        if head is not None and head[0] is table and here:
            return {column: name for _, column, name in head[1]}
    for n, cells in page.table_cells.items():
        if page.rows[n].table == page.rows[r].table:
            return {page.cell((n, c.cell)).column: c.column for c in cells if c.table is table}
    return {}
