"""The answers of a question that is answered in columns: which cell of its row stands under which heading."""

from mailflow.form.definition import FormField
from parsers.grid import Cell
from parsers.page import Page, Spot


def match_columns(page: Page, spot: Spot, fields: list[FormField]) -> dict[str, tuple[Spot, int]]:
    """Field id → (its cell, how sure 0-100), for the fields of the item whose label stands at ``spot``.

    Where the row has as many places as the section has columns, or the item has answers, their order tells; else the
    headings above do. A field without a cell is left out.
    """
    places = _places(page, spot)
    of_item = [f.column for f in page.wording.items[fields[0].item]]
    of_section = page.wording.columns_of[fields[0].section]
    for columns in (of_section, of_item):
        if len(places) == len(columns):
            found = dict(zip(columns, places, strict=True))
            return {f.id: (found[f.column], 90) for f in fields if f.column in found}
    return _by_headings(page, places, spot, fields) or {f.id: (p, 60) for f, p in zip(fields, places, strict=False)}


def _places(page: Page, spot: Spot) -> list[Spot]:
    """Cells to the right of a label that may hold an answer, up to the next label."""
    r, c = spot
    found: list[Spot] = []
    for n in range(c + 1, len(page.rows[r].cells)):
        if (r, n) in page.label_spots:
            break
        if page.is_free((r, n)) and not page.cell((r, n)).merged:
            found.append((r, n))
    return found


def _by_headings(page: Page, places: list[Spot], spot: Spot, fields: list[FormField]) -> dict[str, tuple[Spot, int]]:
    heads = {heading: column for column, heading in _heads_above(page, spot)}
    found: dict[str, tuple[Spot, int]] = {}
    for f in fields:
        column = heads.get(f.column)
        under = [p for p in places if column is not None and page.cell(p).column == column]
        over = [p for p in places if column is not None and _covers(page, p, column)]
        if under or over:
            found[f.id] = ((under or over)[0], 85)
    return found


def _covers(page: Page, place: Spot, column: int) -> bool:
    """Whether a cell begins before a grid column and goes on past it."""
    r, c = place
    after: Cell | None = page.rows[r].cells[c + 1] if c + 1 < len(page.rows[r].cells) else None
    return page.cell(place).column <= column and (after is None or column < after.column)


def _heads_above(page: Page, spot: Spot) -> list[tuple[int, str]]:
    """The nearest headings above in the same table."""
    table = page.rows[spot[0]].table
    for r in range(spot[0], -1, -1):
        if page.rows[r].table != table:
            return []
        if r in page.heads:
            return page.heads[r]
    return []
