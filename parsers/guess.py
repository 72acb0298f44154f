"""Labels that could not be looked up: shared by several sections, edited, or gone. Only met in forms that were altered."""

from difflib import SequenceMatcher

from mailflow.form.definition import FormField
from mailflow.model import FoundBy
from parsers.page import Label, Page, Spot, flat_label
from parsers.wording import flat

# Two labels of one form may differ in one word, so a guess must be close, and clearly closer than the next.
_CLOSE, _CLEARLY = 0.8, 0.06
# Comparing letter by letter is slow, and no form has more texts than this in cells of their own.
_MOST_TEXTS = 1000


def guess_labels(page: Page, located: frozenset[str]) -> None:
    """Adds labels to the page for questions in neither ``located`` nor the page's labels, surest way first."""
    _settle_shared(page, located)
    _find_behind_text(page, located)
    _find_edited(page, located)
    _find_by_position(page, located)


def _open_fields(page: Page, located: frozenset[str]) -> list[FormField]:
    return [f for f in page.wording.fields if f.id not in located and f.id not in page.labels]


def _add(page: Page, f: FormField, spot: Spot, found_by: FoundBy, sure: int) -> None:
    page.labels[f.id] = Label(spot, found_by, sure)
    page.label_spots[spot] = f.id


def _window(page: Page, row: int) -> tuple[int, int]:
    """Places in form order of the last question located above a row and the first one below."""
    order = page.wording.order
    spots = {i: label.spot[0] for i, label in page.labels.items()}
    spots |= {page.wording.tags[tag].id: t[0].spot[0] for tag, t in page.tagged.items()}
    above = [order[i] for i, r in spots.items() if r < row]
    below = [order[i] for i, r in spots.items() if r > row]
    return max(above, default=-1), min(below, default=len(order))


def _settle_shared(page: Page, located: frozenset[str]) -> None:
    """A shared label without its section's heading: the questions on either side say which section it is."""
    for spot, candidates in page.unsettled:
        low, high = _window(page, spot[0])
        fits = [f for f in candidates if f.id not in page.labels and low < page.wording.order[f.id] < high]
        if fits:
            _add(page, fits[0], spot, FoundBy.LABEL, 80 if len(fits) == 1 else 55)


def _free_texts(page: Page) -> list[tuple[Spot, str]]:
    """Short texts in cells nobody claimed, with the first cells of rows first."""
    found = []
    for r, row in enumerate(page.rows):
        for c, cell in enumerate(row.cells):
            if cell.text and page.is_free((r, c)) and not page.held_by_answer(r):
                found.append(((r, c), cell.text))
    return found


def _find_behind_text(page: Page, located: frozenset[str]) -> None:
    """A label with its answer in one line or cell: "Team: Safeguarding 2"."""
    wanted = {f.id for f in _open_fields(page, located)}
    for spot, text in _free_texts(page) if wanted else ():
        head = flat(text.split("\n")[0].partition(":")[0])
        candidates = tuple(f for f in page.wording.labels.get(head, ()) if f.id in wanted)
        section = page.sections.get(spot[0])
        fits = [f for f in candidates if f.section == section] or (list(candidates) if len(candidates) == 1 else [])
        if len(fits) == 1 and fits[0].id not in page.labels:
            _add(page, fits[0], spot, FoundBy.LABEL, 80)


def _find_edited(page: Page, located: frozenset[str]) -> None:
    """A label somebody changed a little: the closest one of its section, when it is clearly the closest."""
    wanted = [(f, set(flat(f.label).split())) for f in _open_fields(page, located)]
    for spot, text in _free_texts(page)[:_MOST_TEXTS] if wanted else ():
        section = page.sections.get(spot[0])
        plain = flat_label(text.split("\n")[0])
        words = set(plain.split())
        here = [f for f, label in wanted if 2 * len(words & label) >= len(label)
                and f.id not in page.labels and (section is None or f.section == section)]
        scores = sorted(((_likeness(plain, flat(f.label)), n) for n, f in enumerate(here)), reverse=True)
        if scores and scores[0][0] >= _CLOSE and (len(scores) == 1 or scores[0][0] - scores[1][0] >= _CLEARLY):
            _add(page, here[scores[0][1]], spot, FoundBy.LABEL, 70)


def _likeness(a: str, b: str) -> float:
    if not a or not b or max(len(a), len(b)) > 2 * min(len(a), len(b)):
        return 0.0
    return SequenceMatcher(None, a, b, autojunk=False).ratio()


def _find_by_position(page: Page, located: frozenset[str]) -> None:
    """Questions whose labels are gone, between two located ones: as many free rows as questions, in order."""
    fields = page.wording.fields
    spots = {i: label.spot for i, label in page.labels.items()}
    spots |= {page.wording.tags[tag].id: t[0].spot for tag, t in page.tagged.items()}
    n = 0
    while n < len(fields):
        if fields[n].id in spots or fields[n].id in located:
            n += 1
            continue
        end = n
        while end < len(fields) and fields[end].id not in spots and fields[end].section == fields[n].section:
            end += 1
        _fill_gap(page, list(fields[n:end]), spots.get(fields[n - 1].id) if n else None,
                  spots.get(fields[end].id) if end < len(fields) else None)
        n = end


def _fill_gap(page: Page, gone: list[FormField], before: Spot | None, after: Spot | None) -> None:
    """The rows of one table between two located questions; of two cells the first is the label that was retyped."""
    anchor = before or after
    if anchor is None or not page.rows[anchor[0]].table:
        return
    table = page.rows[anchor[0]].table
    rows = [r for r, row in enumerate(page.rows) if row.table == table and len(row.cells) > 1
            and (before is None or r > before[0]) and (after is None or page.rows[after[0]].table != table or r < after[0])]
    rows = [r for r in rows if page.is_free((r, 0)) and page.is_free((r, 1)) and r not in page.table_cells]
    if len(rows) == len(gone):
        for f, r in zip(gone, rows, strict=True):
            _add(page, f, (r, 0), FoundBy.POSITION, 65)
