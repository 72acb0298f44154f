"""The answers of a question that is answered in columns: which cells of its row stand under which heading."""

from mailflow.form.definition import FormField
from parsers.grid import Cell
from parsers.locate.page import Page, Spot
from parsers.locate.text import flat

# What people put under a heading to say "this one".
_CROSSES = frozenset(("x", "xx", "✓", "✔", "√", "☒", "☑", "✗", "✘", "/", "*", "•", "yes", "y", "1", "tick", "ticked"))
_EMPTY = frozenset(("", "☐", "□", "▢", "-", "–", "—"))
# Field id → (its cells, how sure 0-100).
Places = dict[str, tuple[list[Spot], int]]


def match_columns(page: Page, spot: Spot, fields: list[FormField]) -> Places:
    """The cells of each field of the item whose label stands at ``spot``; a field without any is left out.

    Where the row has as many places as the section has columns, or the item has answers, their order tells; else the
    headings above do.
    """
    own = {f.id for f in page.wording.items[fields[0].item]}
    if page.rows[spot[0]].sheet and (found := _by_headings(page, _places(page, spot, own), spot, fields)):
        # A worksheet's row ends with its last answer, so counting says nothing there.
        return found
    of_section = page.wording.columns_of[fields[0].section]
    if _are_turned_round(page, spot, of_section) and (found := _by_headings(page, _places(page, spot, own), spot, fields)):
        return found
    r, c = spot
    cells = page.rows[r].cells
    if not c and len(cells) == 1 + len(of_section) and not any([cell.merged for cell in cells]):
        # The row as it was printed; nearly all are.
        return {f.id: ([(r, 1 + of_section.index(h)) for h in f.headings], 90) for f in fields}
    of_item = tuple(heading for f in page.wording.items[fields[0].item] for heading in f.headings)
    places = _places(page, spot, own)
    # Somebody's answer may be words of ours; where it is as many places with it, it is one of them.
    all_places = _places(page, spot, own, even_ours=True)
    for columns in (of_section, of_item):
        some = next((some for some in (places, all_places) if len(some) == len(columns)), None)
        if some is not None:
            at = dict(zip(columns, some, strict=True))
            return {f.id: ([at[h] for h in f.headings if h in at], 90) for f in fields if f.headings[0] in at}
    return _by_headings(page, places, spot, fields) or {
        f.id: ([p], 60) for f, p in zip(fields, places, strict=False) if not f.marks}


def read_marks(page: Page, field: FormField, spots: list[Spot]) -> str:
    """The headings over the crosses; text somebody wrote instead of a cross is kept behind its heading."""
    said = []
    for heading, spot in zip(field.marks, spots, strict=False):
        text = page.cell(spot).text.strip()
        if text.casefold() in _EMPTY or text in page.wording.prompts:
            continue
        is_cross = text.casefold() in _CROSSES or flat(text) == flat(heading)
        said.append(heading if is_cross else f"{heading}: {text}")
    return " / ".join(said)


def _places(page: Page, spot: Spot, own: set[str], *, even_ours: bool = False) -> list[Spot]:
    """Cells to the right of a label that hold an answer of its question already or may hold one, up to the next label."""
    r, c = spot
    found: list[Spot] = []
    for n in range(c + 1, len(page.rows[r].cells)):
        if (r, n) in page.label_spots:
            break
        claim = page.claimed.get((r, n))
        is_free = claim is None if even_ours else page.is_free((r, n))
        if (is_free or claim in own) and not page.cell((r, n)).merged:
            found.append((r, n))
    return found


def _by_headings(page: Page, places: list[Spot], spot: Spot, fields: list[FormField]) -> Places:
    heads = {heading: column for column, headings in _heads_above(page, spot) for heading in headings}
    found: Places = {}
    for f in fields:
        under = [_under(page, places, heads.get(heading)) for heading in f.headings]
        spots = [place for place in under if place is not None]
        if spots and (len(spots) == len(f.headings) or (page.rows[spot[0]].sheet and under[:len(spots)] == spots)):
            found[f.id] = (spots, 85)
    return found


def _under(page: Page, places: list[Spot], column: int | None) -> Spot | None:
    """The place that begins at a grid column, else the one that covers it."""
    if column is None:
        return None
    exact = [p for p in places if page.cell(p).column == column]
    return next(iter(exact or [p for p in places if _covers(page, p, column)]), None)


def _covers(page: Page, place: Spot, column: int) -> bool:
    """Whether a cell begins before a grid column and goes on past it. On a worksheet every column has its own cell."""
    r, c = place
    if page.rows[r].sheet:
        return False
    after: Cell | None = page.rows[r].cells[c + 1] if c + 1 < len(page.rows[r].cells) else None
    return page.cell(place).column <= column and (after is None or column < after.column)


def _are_turned_round(page: Page, spot: Spot, of_section: tuple[str, ...]) -> bool:
    """Whether the headings above are all the section's, each once, in another order than the form's."""
    named = [[h for h in headings if h in of_section] for _, headings in sorted(_heads_above(page, spot))]
    order = [headings[0] for headings in named if len(headings) == 1]
    return len(order) == len(named) and order != list(of_section) and sorted(order) == sorted(of_section)


def _heads_above(page: Page, spot: Spot) -> list[tuple[int, tuple[str, ...]]]:
    """The nearest headings above in the same table."""
    table = page.rows[spot[0]].table
    for r in range(spot[0], -1, -1):
        if page.rows[r].table != table:
            return []
        if r in page.heads:
            return page.heads[r]
    return []
